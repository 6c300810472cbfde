"""A check for a terminal: a row for each place of each finding, what it says below, the packs, what was not checked, and the word."""

from collections.abc import Iterator, Sequence

from edgecode.answers.check import Check, CheckFinding, FindingAnswerLine
from edgecode.answers.columns import aligned, counted, printable, wrapped

_COLUMNS = ("No.", "Finding", "Code", "Severity", "Reel", "In", "Out", "Frames", "Shot", "Who", "Verdict", "Answer")
_INDENT = "      "


def check_text(answer: Check, *, columns: int | None, everything: bool = False) -> str:
    """The check; with *everything* also findings that hold nothing, and those that wait for the profile."""
    waiting = [] if everything else [one for one in answer.findings if _waits(one)]
    shown = [one for one in answer.findings if everything or (one.held != "open" and one not in waiting)]
    counts = answer.counts
    lines = [
        printable(f"CHECK   {answer.cut}   {answer.production}"),
        f"{counted(counts.uses, 'use')} judged for {answer.gate} on {answer.today}, as of entry {answer.ledger.size:,}: "
        f"{counts.blocker:,} Blocker, {counts.issue:,} Issue, {counts.fyi:,} FYI",
        "",
        *findings_text(shown, columns=columns),
    ]
    if waiting:
        lines += [
            f"{counted(len(waiting), 'finding')} more cannot be judged before the profile is complete: --all lists them"
        ]
    left = len(answer.findings) - len(shown) - len(waiting)
    if left:
        lines += [f"{counted(left, 'finding')} more that hold nothing here: --all lists them"]
    if answer.not_asked:
        lines += [f"{counted(len(answer.not_asked), 'use')} not asked about AI: {answer.not_asked_why}"]
    return "\n".join([*lines, "", *_packs(answer, columns), *_hooks(answer), "", answer.word]) + "\n"


def _waits(one: CheckFinding) -> bool:
    """Whether it is the profile that leaves it open."""
    return (
        one.verdict == "unknown"
        and any(name.startswith("production.") for name in one.missing)
        and one.pack != "edgecode"
    )


def findings_text(shown: Sequence[CheckFinding], *, columns: int | None) -> list[str]:
    """Findings in the order given, a row for each place, with the description and the fix below."""
    if not shown:
        return ["(no findings that hold)", ""]
    rows = [(one, row) for one in shown for row in finding_rows(one)]
    table = aligned([_COLUMNS, *(row for _, row in rows)], right=(7,), limit=32)
    lines = [table[0]]
    for n, (one, _) in enumerate(rows):
        lines.append(table[n + 1])
        if n + 1 == len(rows) or rows[n + 1][0] is not one:
            lines += [line for text in _words(one) for line in _indented(text, columns)]
    return [*lines, ""]


def _indented(text: str, columns: int | None) -> list[str]:
    return [_INDENT + line for line in wrapped(printable(text), columns - len(_INDENT) if columns else None)]


def _words(one: CheckFinding) -> Iterator[str]:
    rule = f"[{one.pack}@{one.pack_version} {one.rule}]"
    yield f"{one.description or one.title} {rule}"
    if one.answer.why:
        yield f"The answer counts no more: {one.answer.why}"
    if one.fix:
        yield one.fix


def finding_rows(one: CheckFinding) -> Iterator[tuple[str, ...]]:
    """A row for each place of a finding; one without a place has one row."""
    name = (one.number or "-", one.finding, one.code, one.severity)
    tail = (one.person or "-", one.verdict, answer_words(one.answer))
    if not one.spans:
        yield (*name, "-", "-", "-", "-", "-", *tail)
    for place in one.spans:
        where = (place.reel or "-", place.in_tc, place.out_tc, f"{place.frames:,}", place.clip or "-")
        yield (*name, *where, *tail)


def answer_words(answer: FindingAnswerLine) -> str:
    """What was answered, in words."""
    if answer.action is None:
        return "open"
    until = f" until {answer.until}" if answer.until else ""
    who = f"{answer.action} by {answer.by or 'somebody'} ({answer.role}){until}"
    return who if answer.state == answer.action else f"{answer.state}: {who}"


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
            text = f"  {one.pack}@{one.version}: {counted(one.findings, 'finding')}, {one.open:,} open ({one.why}{cap})"
            yield from wrapped(printable(text), columns, indent="    ")
    yield "Not checked:"
    for one in answer.packs:
        if one.state != "on":
            state = {"off": "off", "watch": "watched"}.get(one.state, "not checked")
            yield from wrapped(printable(f"  {one.pack}@{one.version}: {state}, {one.why}"), columns, indent="    ")
