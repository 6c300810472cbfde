"""The impact of a revocation for people: sums, then each place with its effect; the same as a sheet for CSV."""

from collections.abc import Iterator, Mapping

from edgecode.answers.agreements.impact import Impact, ImpactLine
from edgecode.answers.layout.columns import counted, printable
from edgecode.answers.layout.sheets import Sheet, cell
from edgecode.answers.paper_notes.releases import note_text
from edgecode.checks.withdrawals import BUCKET_WORDS, Bucket, Effect

COLUMNS = (
    "No.",
    "Cut",
    "Reel",
    "Track",
    "Clip",
    "Record in",
    "Record out",
    "Frames",
    "Version",
    "Use",
    "Person",
    "Bucket",
    "Effect",
    "By",
    "Instead",
    "Next step",
)


_TRAINED: Mapping[Bucket, str] = {
    "trained": "trained under it",
    "made_since": "trained on that day or later",
    "made_unknown": "of which nobody knows when they were trained",
}


def summary(answer: Impact) -> Iterator[str]:
    """The sums in lines, every bucket, zero printed as zero."""
    what = f"{answer.label} taken back" + (f" for {', '.join(answer.acts)}" if answer.acts else "")
    if answer.supposed:
        yield f"if {what} from {answer.on} (nothing is recorded):"
    else:
        yield f"{what} from {answer.on}:"
    for one in answer.sums:
        uses = f"{counted(one.uses, 'use')} in {counted(one.cuts, 'cut')}, {counted(one.frames, 'frame')}"
        yield f"  {BUCKET_WORDS[one.bucket]}: {uses}"
    cuts = len({one.cut_id for one in answer.uses if one.cut_id})
    yield f"  together: {counted(answer.frames, 'frame')} of {counted(cuts, 'cut')}, each counted once"
    for bucket, words in _TRAINED.items():
        models = [one.name for one in answer.models if one.bucket == bucket]
        if models or bucket == "trained":
            yield f"  {counted(len(models), 'model')} {words}" + _named(models)
    released = sum(one.released is not None for one in answer.uses)
    if released:
        yield f"  {counted(released, 'use')} released by legal, citing its clause"
    covered = sum(bool(one.instead) for one in answer.uses)
    if covered:
        yield f"  {counted(covered, 'use')} covered by another agreement, so that nothing is to be done there"


def impact_sheet(answer: Impact) -> Sheet:
    """Every place as a row; a use that lies in no cut has one row without a place."""
    rows = [row for one in answer.uses for row in _rows(one)]
    numbered = tuple((str(number), *row) for number, row in enumerate(rows, 1))
    steps = dict.fromkeys((one.effect, one.next_step) for one in answer.uses if not one.instead)
    foot = [f"{effect}: {step}" for effect, step in steps]
    foot += [f"model {printable(one.name)}: {one.effect}{f' by {one.by}' if one.by else ''}" for one in answer.models]
    foot += [f"replicas on record, to look at: {', '.join(answer.replicas)}"] if answer.replicas else []
    foot += [f"the clause: {printable(answer.clause)}"] if answer.clause is not None else []
    title = (
        f"{'WHAT IF' if answer.supposed else 'IMPACT'}  {answer.label}   {answer.person or 'nobody'}   from {answer.on}"
    )
    return Sheet(title, COLUMNS, numbered, head=tuple(summary(answer)), foot=tuple(foot))


def _rows(one: ImpactLine) -> Iterator[tuple[str, ...]]:
    said = (
        BUCKET_WORDS[one.bucket],
        _effect(one.effect, one.instead),
        one.by or "no day named",
        one.instead or "none",
        "Nothing: another agreement covers it." if one.instead else _next(one),
    )
    for place in one.places:
        where = (one.cut, place.reel, place.track or "all", place.clip or "the whole cut", place.in_tc, place.out_tc)
        yield (*where, str(place.frames), cell(one.name), one.kind, one.person or "none", *said)
    if not one.places:
        yield (*("no cut",) * 6, "0", cell(one.name), one.kind, one.person or "none", *said)


def _next(one: ImpactLine) -> str:
    return f"It is {note_text(one.released)}." if one.released is not None else one.next_step


def _effect(effect: Effect, instead: str) -> str:
    return "continue" if instead else effect


def _named(names: list[str]) -> str:
    return f": {printable(', '.join(names))}" if names else ""
