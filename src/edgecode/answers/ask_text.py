"""The answer to a question as lines for people: the word, why, who acts, what is missing, what comes nearest."""

from collections.abc import Iterator, Mapping

from edgecode.answers.ask import Ask, AskedAbout, AskedRule, MissingFact, NearestAgreement, WhoActs, Word
from edgecode.answers.columns import counted, printable, wrapped

_MEANING: Mapping[Word, str] = {
    "YES": "nothing speaks against it by the record and the rules in force",
    "SIGN": "somebody has to act first",
    "UNKNOWN": "something is not known, and unknown never passes",
    "NO": "a rule refuses it",
}
_SHOWN_NEAREST = 3


def ask_text(answer: Ask, *, columns: int | None = None) -> str:
    """The answer for a terminal, ending with a line end."""
    lines = list(_lines(answer))
    return "\n".join(part for line in lines for part in _fitted(printable(line), columns)) + "\n"


def _fitted(line: str, columns: int | None) -> list[str]:
    indent = len(line) - len(line.lstrip())
    if columns is None or len(line) <= columns or indent >= columns - 20:
        return [line]
    parts = wrapped(line.strip(), columns - indent - 2)
    return [" " * (indent + (2 if number else 0)) + part for number, part in enumerate(parts)]


def _lines(answer: Ask) -> Iterator[str]:
    yield f"{answer.answer}: {_MEANING[answer.answer]}"
    yield f"asked: {_asked(answer.asked)}; as at the gate {answer.gate}, for {answer.asked.on}"
    holding = [one for one in answer.rules if one.held != "open"]
    if holding:
        yield ""
    for rule in holding:
        yield from _rule(rule)
    yield from _people(answer.who)
    yield from _missing(answer.missing)
    yield from _nearest(answer)
    noted = len(answer.rules) - len(holding)
    if noted:
        yield ""
        yield f"{counted(noted, 'rule')} noted something that holds nothing here: --json lists all"
    if answer.not_checked:
        yield ""
        yield f"not checked: {', '.join(answer.not_checked)}"


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
    yield f"{rule.held.upper()} {rule.number or rule.rule} {rule.title} ({rule.pack}{softened})"
    yield f"  {rule.description}"
    yield f"  do: {rule.fix}"


def _people(who: tuple[WhoActs, ...]) -> Iterator[str]:
    if who:
        yield ""
        yield "who has to act:"
    members: dict[tuple[str, tuple[str, ...]], list[WhoActs]] = {}
    for one in who:
        if one.part == "member":
            members.setdefault((one.how, one.roles), []).append(one)
            continue
        words = [one.part, one.who or ("(nobody on record)" if one.of else "")]
        words += [f"for {one.of}"] if one.of and one.of != one.who else []
        words += [f"share {one.share}"] if one.share else []
        words += [f"deciding {one.decision}"] if one.decision else []
        perhaps = "" if one.certain else "perhaps "
        yield f"  {perhaps}{' '.join(word for word in words if word)}: {one.how} [{', '.join(one.rules)}]"
    for (how, roles), able in members.items():
        names = " or ".join(one.who for one in able if one.who) or "a member"
        perhaps = "" if able[0].certain else "perhaps "
        yield f"  {perhaps}{names} in the role {' or '.join(roles)}: {how} [{', '.join(able[0].rules)}]"


def _missing(missing: tuple[MissingFact, ...]) -> Iterator[str]:
    if missing:
        yield ""
        yield "not known:"
    for one in missing:
        yield f"  {one.fact}: {one.meaning}; {' or '.join(one.by)}: {one.how}"


def _nearest(answer: Ask) -> Iterator[str]:
    yield ""
    if not answer.nearest:
        yield "nearest: no agreement on file"
    for one in answer.nearest[:_SHOWN_NEAREST]:
        yield from _agreement(one)
    more = len(answer.nearest) - _SHOWN_NEAREST
    if more > 0:
        yield f"and {counted(more, 'other agreement')}: --json lists all"


def _agreement(one: NearestAgreement) -> Iterator[str]:
    covers = {"yes": "covers it", "no": "does not cover it", "unknown": "may cover it"}[one.covers]
    acts = f", acts: {' '.join(one.acts)}" if one.acts else ""
    yield f"nearest {one.kind} {one.label} ({one.state or 'standing unknown'}{acts}): {covers}"
    for lack in one.lacks:
        yield f"  {lack}"
