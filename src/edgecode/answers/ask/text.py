"""The answer to a question as lines for people: the word, why, who acts, what is missing, what comes nearest."""

from collections.abc import Iterable, Iterator, Mapping

from edgecode.answers.ask.answer import Ask, AskedAbout, AskedRule, MissingFact, NearestAgreement, WhoActs, Word
from edgecode.answers.layout.columns import counted, printable, wrapped
from edgecode.answers.paper_notes.cut import notes_text
from edgecode.checks.signers import said_of_a_use

_MEANING: Mapping[Word, str] = {
    "YES": "nothing speaks against it by the record and the rules in force",
    "SIGN": "somebody has to act first",
    "UNKNOWN": "something is not known, and unknown never passes",
    "NO": "a rule refuses it",
}
_SHOWN_MISSING, _SHOWN_PEOPLE = 3, 4


def ask_text(answer: Ask, *, columns: int | None = None, everything: bool = False) -> str:
    """The answer for a terminal, ending with a line end: the word, why, and what to do on one screen; *everything* by headings."""
    lines = [*_head(answer), *(_everything(answer) if everything else _screen(answer))]
    lines += notes_text(answer.notes)
    return "\n".join(part for line in lines for part in _fitted(printable(line), columns)) + "\n"


def _fitted(line: str, columns: int | None) -> list[str]:
    indent = len(line) - len(line.lstrip())
    if columns is None or len(line) <= columns or indent >= columns - 20:
        return [line]
    parts = wrapped(line.strip(), columns - indent - 2)
    return [" " * (indent + (2 if number else 0)) + part for number, part in enumerate(parts)]


def _head(answer: Ask) -> Iterator[str]:
    yield f"{answer.answer}: {_MEANING[answer.answer]}"
    yield f"asked: {_asked(answer.asked)}; as at the gate {answer.gate}, for {answer.asked.on}"


# ------------------------------------------------------------------------------------------ on one screen


def _screen(answer: Ask) -> Iterator[str]:
    yield ""
    yield from _why(answer)
    yield from _few_missing(answer)
    yield from _few_people(answer)
    yield ""
    yield _few_nearest(answer.nearest)
    if answer.not_checked:
        yield f"not checked: {counted(len(answer.not_checked), 'pack')} of rules"
    yield "every rule, everybody who acts, every fact and agreement: --all"


def _why(answer: Ask) -> Iterator[str]:
    """The reason in a sentence, what to do about it, and how much more there is."""
    holding = [one for one in answer.rules if one.held != "open"]
    if not holding:
        covering = [one.label for one in answer.nearest if one.covers == "yes"]
        yield f"why: {covering[0]} covers it, and no rule holds it" if covering else "why: no rule in force holds it"
        return
    # Of an UNKNOWN the facts below are the reason, and what is known to be lacking comes first.
    first = min(holding, key=lambda one: (one.held != "refused", one.verdict == "unknown"))
    if answer.answer != "UNKNOWN" or first.verdict != "unknown":
        yield f"why: {_sentence(first.description)} ({first.number or first.rule}, {first.pack})"
        yield from _to_do(first)
    else:
        facts = counted(len(answer.missing), "fact") + (" is" if len(answer.missing) == 1 else " are")
        yield f"why: {facts} not on record, and {counted(len(holding), 'rule')} cannot be judged without"
    others = [one for one in holding if one is not first]
    more = [(word, [one for one in others if one.held == word]) for word in ("refused", "held")]
    said = [f"{counted(len(found), 'other rule')} {_DOES[word][len(found) > 1]} it" for word, found in more if found]
    if said:
        yield f"and: {', '.join(said)}"


def _to_do(rule: AskedRule) -> Iterator[str]:
    """The cure, and where only a fact of the use is missing, how it is said."""
    yield f"do: {rule.fix}"
    sayable = said_of_a_use(rule.missing) if rule.verdict == "unknown" else []
    if sayable:
        said = " ".join(f"--fact {name}=…" for name in sayable)
        yield f"or: say what is not recorded of it, here or with edgecode desk use KIND --about WHAT: {said}"


_DOES = {"refused": ("refuses", "refuse"), "held": ("holds", "hold")}
_LONGEST = 240


def _sentence(text: str) -> str:
    """A reason, without what a long one says besides."""
    first, *rest = text.split("; ")
    for part in rest:
        if len(first) + len(part) > _LONGEST:
            return first + " …"
        first += "; " + part
    return first


def _few_missing(answer: Ask) -> Iterator[str]:
    shown = _SHOWN_MISSING if answer.answer == "UNKNOWN" else 0
    if answer.missing and not shown:
        yield f"not known besides: {counted(len(answer.missing), 'fact')}"
    elif answer.missing:
        yield ""
        yield "not known:"
        for one in answer.missing[:shown]:
            yield f"  {one.meaning} ({one.fact}): {one.how}"
        if len(answer.missing) > shown:
            yield f"  and {counted(len(answer.missing) - shown, 'other fact')}"


def _few_people(answer: Ask) -> Iterator[str]:
    """Whoever signs by name; of members and of whoever keeps the record only how much."""
    certain = [one for one in answer.who if one.certain] or list(answer.who)
    if not certain:
        return
    yield ""
    yield "who has to act:"
    signing = [one for one in certain if one.part not in ("member", "production")]
    for one in signing[:_SHOWN_PEOPLE]:
        yield f"  {_whom(one)}: {one.how}"
    if len(signing) > _SHOWN_PEOPLE:
        yield f"  and {counted(len(signing) - _SHOWN_PEOPLE, 'other')}"
    deciding: dict[tuple[str, ...], list[WhoActs]] = {}
    for one in certain:
        if one.part == "member":
            deciding.setdefault(one.roles, []).append(one)
    for roles, able in deciding.items():
        names = " or ".join(dict.fromkeys(one.who for one in able if one.who)) or "a member"
        yield f"  {names} in the role {' or '.join(roles)}: {_what([one.how for one in able], 'decide')}"
    keeping = [one.how for one in certain if one.part == "production"]
    if keeping:
        yield f"  the production: {_what(keeping, 'record')}"


def _what(how: list[str], verb: str) -> str:
    things = list(dict.fromkeys(how))
    return things[0] if len(things) == 1 else f"{verb} {counted(len(things), 'thing')}"


def _few_nearest(nearest: tuple[NearestAgreement, ...]) -> str:
    if not nearest:
        return "nearest: no agreement on file"
    first = nearest[0]
    lacks = f": {_sentence('; '.join(first.lacks))}" if first.lacks else ""
    return f"nearest {first.kind} {first.label} ({first.state or 'standing unknown'}): {_COVERS[first.covers]}{lacks}"


# ------------------------------------------------------------------------------------------ everything


def _everything(answer: Ask) -> Iterator[str]:
    parts: tuple[tuple[str, Iterable[str]], ...] = (
        ("RULES THAT REFUSE OR HOLD IT", (line for one in answer.rules if one.held != "open" for line in _rule(one))),
        ("WHO HAS TO ACT", _people(answer.who)),
        ("NOT KNOWN", _missing(answer.missing)),
        ("AGREEMENTS, THE NEAREST FIRST", _nearest(answer.nearest)),
        (
            "RULES THAT NOTE SOMETHING AND HOLD NOTHING",
            (line for one in answer.rules if one.held == "open" for line in _rule(one)),
        ),
        ("PACKS THAT WERE NOT CHECKED", [", ".join(answer.not_checked)] if answer.not_checked else []),
    )
    for heading, lines in parts:
        listed = list(lines)
        if listed:
            yield ""
            yield heading
            yield from listed


def _asked(asked: AskedAbout) -> str:
    words = [f"{asked.act} ({asked.kind})"]
    words += [asked.person] if asked.person else []
    for name in ("modalities", "media", "languages", "territories", "scenes", "roles", "tools"):
        said = getattr(asked, name)
        words += [f"{name} {' '.join(said) or 'none'}"] if said is not None else []
    words += [f"training {asked.training}"] if asked.training else []
    words += [f"{count} {name}" for name, count in sorted(asked.quantities.items())]
    words += [
        f"{name} {getattr(asked, name)}" for name in ("model", "dataset", "replica", "cut") if getattr(asked, name)
    ]
    words += [f"of {one}" for one in asked.material]
    return ", ".join([*words, *asked.said])


def _rule(rule: AskedRule) -> Iterator[str]:
    softened = ", softened by its confidence cap" if rule.capped else ""
    yield f"  {rule.held.upper()} {rule.number or rule.rule} {rule.title} ({rule.pack}{softened})"
    yield f"    {rule.description}"
    yield from (f"    {line}" for line in _to_do(rule))


def _people(who: tuple[WhoActs, ...]) -> Iterator[str]:
    members: dict[tuple[str, tuple[str, ...]], list[WhoActs]] = {}
    for one in who:
        if one.part == "member":
            members.setdefault((one.how, one.roles), []).append(one)
            continue
        yield f"  {'' if one.certain else 'perhaps '}{_whom(one)}: {one.how} [{', '.join(one.rules)}]"
    for (how, roles), able in members.items():
        names = " or ".join(one.who for one in able if one.who) or "a member"
        perhaps = "" if able[0].certain else "perhaps "
        yield f"  {perhaps}{names} in the role {' or '.join(roles)}: {how} [{', '.join(able[0].rules)}]"


def _whom(one: WhoActs) -> str:
    words = [one.part, one.who or ("(nobody on record)" if one.of else "")]
    words += [f"for {one.of}"] if one.of and one.of != one.who else []
    words += [f"share {one.share}"] if one.share else []
    words += [f"deciding {one.decision}"] if one.decision else []
    return " ".join(word for word in words if word)


def _missing(missing: tuple[MissingFact, ...]) -> Iterator[str]:
    for one in missing:
        yield f"  {one.fact}: {one.meaning}; {' or '.join(one.by)}: {one.how}"


def _nearest(nearest: tuple[NearestAgreement, ...]) -> Iterator[str]:
    if not nearest:
        yield "  no agreement on file"
    for one in nearest:
        acts = f", acts: {' '.join(one.acts)}" if one.acts else ""
        yield f"  {one.kind} {one.label} ({one.state or 'standing unknown'}{acts}): {_COVERS[one.covers]}"
        yield from (f"    {lack}" for lack in one.lacks)


_COVERS = {"yes": "covers it", "no": "does not cover it", "unknown": "may cover it"}
