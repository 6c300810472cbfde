"""A check for a terminal: findings by rule and person with their first places, the packs, what was not checked, and the word."""

from collections import Counter
from collections.abc import Iterator, Sequence
from shlex import quote

from edgecode.answers.check.answer import Check, CheckedPack, CheckFinding, Instance
from edgecode.answers.check.finding_groups import Group, answer_words, each_alone, grouped
from edgecode.answers.layout.columns import aligned, counted, cut_to, flowed, form, printable, width, wrapped
from edgecode.answers.paper_notes.cut import released_text
from edgecode.answers.paper_notes.narrowed_uses import narrowed_text
from edgecode.answers.paper_notes.profile_changes import change_text
from edgecode.checks.findings import WHOM
from edgecode.checks.signers import said_of_a_use

_INDENT = "      "
_SHOWN = 5
"""Places, and different reasons, of a group that are printed."""


def check_text(answer: Check, *, columns: int | None, everything: bool = False) -> str:
    """The check; with *everything* every finding by itself with all its places, also those that hold nothing or wait for the profile."""
    shown, waiting, left = list[CheckFinding](), list[CheckFinding](), list[CheckFinding]()
    for one in answer.findings:
        where = shown if everything else waiting if _waits(one) else left if one.held == "open" else shown
        where.append(one)
    counts = answer.counts
    head = (
        f"{counted(counts.uses, 'use')} judged for {answer.gate} on {answer.today}, as of entry {answer.ledger.size:,}: "
        f"{counts.blocker:,} Blocker, {counts.issue:,} Issue, {counts.fyi:,} FYI; "
        f"{f'{counts.holding:,}' if counts.holding else 'none'} {form(max(counts.holding, 1), 'holds', 'hold')} {answer.gate}"
    )
    lines = [printable(f"CHECK   {answer.cut}   {answer.production}"), *wrapped(head, columns), ""]
    lines += findings_text(shown, columns=columns, cut="" if everything else answer.cut)
    lines += [line for text in _not_shown(answer.gate, waiting, left) for line in wrapped(text, columns)]
    if answer.not_asked:
        text = f"{counted(len(answer.not_asked), 'use')} not asked about AI: {answer.not_asked_why}"
        lines += wrapped(text, columns)
    lines += [line for text in _not_checked(answer) for line in wrapped(text, columns)]
    lines += [*released_text(answer.released, columns=columns), ""] if answer.released else []
    lines += [line for one in answer.narrowed for line in wrapped(printable(narrowed_text(one)), columns)]
    lines += [line for one in answer.profile_changes for line in wrapped(change_text(one), columns)]
    return "\n".join([*lines, "", *_packs(answer, columns), *_hooks(answer), "", answer.word]) + "\n"


def _not_shown(gate: str, waiting: Sequence[CheckFinding], left: Sequence[CheckFinding]) -> Iterator[str]:
    """How many findings are not printed, and why: the profile decides on them, or they hold nothing at this gate."""
    if waiting:
        them = form(len(waiting), "it", "them")
        yield f"{counted(len(waiting), 'finding')} more cannot be judged before the profile is complete: --all lists {them}"
    later = Counter(one.later for one in left if one.later)
    if later:
        when = ", ".join(f"{number:,} {behind}" for behind, number in sorted(later.items(), reverse=True))
        many = later.total()
        nothing = (
            f"{form(many, 'holds', 'hold')} nothing at {gate} and will hold later as {form(many, 'it is', 'they are')}"
        )
        yield f"{counted(many, 'finding')} {nothing} ({when}): --all lists {form(many, 'it', 'them')}"
    rest = len(left) - later.total()
    if rest:
        yield f"{counted(rest, 'finding')} more {form(rest, 'holds', 'hold')} nothing: --all lists {form(rest, 'it', 'them')}"


def _not_checked(answer: Check) -> Iterator[str]:
    """What no rule looked at, though it is on screen or on record."""
    if answer.not_on_record:
        rest = "rests on an agreement that is" if len(answer.not_on_record) == 1 else "rest on agreements that are"
        yield f"{counted(len(answer.not_on_record), 'filmed performance')} {rest} not on record: not checked"
    if answer.unread_terms:
        named = ", ".join(f"{one.term} of {counted(one.count, one.of)}" for one in answer.unread_terms)
        yield f"on record and read by no rule, not checked: {named}"


def _waits(one: CheckFinding) -> bool:
    """Whether it is the profile that leaves it open."""
    return (
        one.verdict == "unknown"
        and any(name.startswith("production.") for name in one.missing)
        and one.pack != "edgecode"
    )


def findings_text(shown: Sequence[CheckFinding], *, columns: int | None, cut: str = "") -> list[str]:
    """Findings in the order given. *cut*: its name, to print those of one rule and person together and to say how to see all of them;
    without it each is printed by itself with every place."""
    if not shown:
        return ["(no findings that hold)", ""]
    groups = grouped(shown) if cut else each_alone(shown)
    lines = [line for group in groups for line in (*_group(group, columns, cut), "")]
    return [*lines, *_about_whom(groups, columns)]


def _group(group: Group, columns: int | None, cut: str) -> Iterator[str]:
    """What it is, where it is first, why, and what to do."""
    one = group.first
    yield from _hanging(flowed(_head(group), columns - len(_INDENT) if columns else None))
    places = group.places
    shown = places[:_SHOWN] if cut else places
    yield from _rows(shown, columns)
    if len(places) > len(shown):
        see = f"edgecode finding list {quote(cut)} --rule {one.number or one.code}"
        yield from _indented(f"and {len(places) - len(shown):,} more places: {see}", columns)
    reasons = group.reasons
    for reason in reasons[: _SHOWN - 2] if cut else reasons:
        yield from _indented(f"{reason} [{one.pack}@{one.pack_version} {one.rule}]", columns)
    if cut and len(reasons) > _SHOWN - 2:
        yield from _indented(f"and {len(reasons) - _SHOWN + 2:,} other reasons of this rule", columns)
    if one.answer.why:
        yield from _indented(f"The answer counts no more: {one.answer.why}", columns)
    if one.fix:
        yield from _indented(one.fix, columns)
    if one.verdict == "unknown" and (sayable := said_of_a_use(one.missing)):
        said = " ".join(f"--fact {name}=…" for name in sayable[:_SHOWN])
        yield from _indented(
            f"Or say what is not recorded of it: edgecode desk use {one.kind} --about VERSION {said}", columns
        )


def _rows(places: Sequence[tuple[CheckFinding, Instance]], columns: int | None) -> list[str]:
    """A row for each place; the name of the clip gives way where the terminal is narrow."""
    rows = [
        (cut_to(place.reel or "-", 8), place.in_tc, place.out_tc, f"{place.frames:,}", place.clip or "-", found.finding)
        for found, place in places
    ]
    beside = sum(max((width(row[n]) for row in rows), default=0) + 2 for n in (0, 1, 2, 3, 5)) + len(_INDENT)
    room = max(8, columns - beside) if columns else 48
    cells = [tuple(cut_to(printable(cell), room) if n == 4 else cell for n, cell in enumerate(row)) for row in rows]
    return aligned(cells, right=(3,), indent=_INDENT)


def _head(group: Group) -> Iterator[str]:
    """The parts of a group's first line."""
    one = group.first
    yield f"{one.number or '-'}  {one.code}"
    yield one.severity
    if group.who:
        yield group.who
    yield one.verdict if one.answer.action is None else answer_words(one.answer)
    places = group.places
    if len(group.findings) == 1 and len(places) < 2:
        # The one row below says the rest.
        yield from () if places else (one.finding,)
        return
    yield counted(len(group.findings), "finding")
    if places:
        last = max((place for _, place in places), key=lambda place: place.out)
        yield counted(group.frames, "frame")
        yield f"{places[0][1].in_tc} to {last.out_tc}"


def _hanging(lines: Sequence[str]) -> Iterator[str]:
    for n, line in enumerate(lines):
        yield printable(_INDENT + line if n else line)


def _about_whom(groups: Sequence[Group], columns: int | None) -> Iterator[str]:
    """Why nobody can tell who somebody is, once for each reason that there is."""
    for state in dict.fromkeys(group.first.person_state for group in groups):
        if state in WHOM:
            yield from wrapped(WHOM[state], columns)
            yield ""


def _indented(text: str, columns: int | None) -> list[str]:
    return [_INDENT + line for line in wrapped(printable(text), columns - len(_INDENT) if columns else None)]


def finding_card(one: CheckFinding, *, columns: int | None) -> list[str]:
    """One finding in full."""
    lines = findings_text([one], columns=columns)
    may = ", ".join(one.waivable) if one.waivable else "nobody"
    facts = [f"Rests on: {one.citation}" if one.citation else "", f"May be waived by: {may}"]
    facts.append(f"Not known: {', '.join(one.missing)}" if one.missing else "")
    facts.append("Softened by the confidence cap of its pack" if one.capped else "")
    return [*lines[:-1], *(line for text in facts if text for line in wrapped(printable(text), columns))]


def _hooks(answer: Check) -> Iterator[str]:
    if answer.hooks:
        yield "Hooks of this gate:"
    for one in answer.hooks:
        said = counted(one.findings, "finding") + " added" if one.state == "done" else f"{one.state}, did not judge"
        yield printable(f"  {one.hook}: {said}")


def _packs(answer: Check, columns: int | None) -> Iterator[str]:
    yield "Packs that judged:"
    for one in answer.packs:
        if one.state == "on":
            cap = f"; softened rules: {one.cap}" if one.cap != "none" else ""
            yield from _item(
                f"{_named(one)}: {counted(one.findings, 'finding')}, {one.open:,} open ({one.why}{cap})", columns
            )
    yield "Not checked:"
    why: dict[str, list[str]] = {}
    for one in answer.packs:
        if one.state != "on":
            state = {"off": "off", "watch": "watched"}.get(one.state, "not checked")
            why.setdefault(f"{state}, {one.why}", []).append(_named(one))
    for reason, names in why.items():
        yield from _item(f"{reason}: {', '.join(names)}", columns)


def _named(one: CheckedPack) -> str:
    return f"{one.pack}@{one.version}"


def _item(text: str, columns: int | None) -> Iterator[str]:
    """An entry of a list: what does not fit into its line hangs below it."""
    for n, line in enumerate(wrapped(printable(text), columns - 4 if columns else None)):
        yield f"{'    ' if n else '  '}{line}"
