"""What changed in the consents of a cut, as lines for people."""

from collections.abc import Iterator

from edgecode.answers.agreements.consent_changes import AgreementTurn, ConsentChanges, UseChange, UseStand, direction
from edgecode.answers.layout.columns import counted, printable
from edgecode.answers.paper_notes.cut import notes_text


def changes_text(answer: ConsentChanges) -> str:
    """The changes for a terminal, ending with a line end."""
    return "\n".join(map(printable, _lines(answer))) + "\n"


def _lines(answer: ConsentChanges) -> Iterator[str]:
    yield f"CONSENT CHANGES  {answer.cut}   after {answer.since}, up to {answer.until}   as at the gate {answer.gate}"
    yield ""
    for turn in answer.turns:
        yield _turn(turn)
    if not answer.turns:
        yield "0 things happened to agreements of what is in the cut"
    for change in answer.changes:
        yield ""
        yield from _use(change)
    notes = notes_text(answer.notes)
    yield from ["", *notes] if notes else []
    yield ""
    yield f"{counted(len(answer.changes), 'use')} changed, {counted(answer.unchanged, 'use')} stand as before"


def _turn(turn: AgreementTurn) -> str:
    moved = f"{turn.before} -> {turn.after}" if turn.before != turn.after else turn.after
    return f"{turn.day}  {turn.label}  {', '.join(turn.what) or 'changed'}: {moved}"


def _use(change: UseChange) -> Iterator[str]:
    where = (
        f"from {change.in_tc} to {change.out_tc}, " if change.in_tc else "" if change.kind == "cut" else "in no frame, "
    )
    who = "the whole cut" if change.kind == "cut" else f"{change.person or 'nobody named'}, {change.kind}"
    frames = "" if change.kind == "cut" else counted(change.frames, "frame")
    yield f"{who}, {where}{frames}".removesuffix(", ") + f": {direction(change)}"
    yield f"  then: {_stand(change.before)}"
    yield f"  now:  {_stand(change.after)}"
    for rule in change.rules:
        yield f"  {rule.rule}: {rule.before} -> {rule.after}"


def _stand(one: UseStand) -> str:
    relied = [f"{label} {state}, {_covers(state, covers)}" for label, state, covers in one.agreements]
    return f"{one.held}; {'; '.join(relied) or 'no agreement'}"


def _covers(state: str, covers: str) -> str:
    """Of what stands no more only that it covered the use when that was made."""
    stands = state in ("active", "granted_conditional", "unknown")
    return f"covers: {covers}" if stands or covers != "yes" else "covered it when it was made"
