"""The comparison of a master with the cut as a paper."""

from collections.abc import Iterable, Sequence

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.view import CutView
from edgecode.answers.delivering.comparison import (
    NOT_COMPARED,
    Comparison,
    clip_words,
    difference_words,
    is_open,
)
from edgecode.answers.delivering.judging import Judged, Seen, slip_shown
from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, cell
from edgecode.answers.report.paper import Figure, Figures, Paper, Stamp, Table, Words

COLUMNS = (
    "No.", "Record in", "Record out", "Frames", "Clip", "Version", "Compared", "Least likeness", "Slip that would show", "Result",
    *LAST_COLUMNS,
)  # fmt: skip
LIMITS = (
    "Compared is the picture alone, at both ends of every clip and at frames between them; the sound is not compared.",
    "Not compared: titles, transitions, layers, effects and changed speeds; and no burn-in, grade, matte or retouch that leaves the "
    "picture recognizable, nor a change that lies between two compared frames.",
    "That two pictures are alike does not say that they are the same picture; that they differ does not say who changed what.",
)


def comparison_paper(
    comparison: Comparison, view: CutView, chains: Chains, names: dict[int, str], *, stamp: Stamp
) -> Paper:
    """The paper: the word and its figures, the file, every stretch of the cut, and what a comparison does not say."""
    rows = tuple(_row(one, number, view, chains, names) for number, one in enumerate(comparison.judged, 1))
    table = Table("Every stretch of the cut", COLUMNS, rows, numbers=("No.", "Frames", "Compared"))
    return Paper(
        kind="delivery-comparison",
        title=f"MASTER AND CUT  {view.name}",
        stamp=stamp,
        blocks=(
            _figures(comparison),
            Words("What the comparison says", tuple(verdict_lines(comparison, view, names))),
            Words("What was delivered", tuple(_masters(comparison))),
            table,
            Words("What it does not say", LIMITS),
        ),
    )


def verdict_lines(comparison: Comparison, view: CutView, names: dict[int, str]) -> Iterable[str]:
    """The outcome in sentences, the first difference before everything else."""
    if comparison.differences:
        first, *others = comparison.differences
        yield f"The master differs from the cut. First: {difference_words(view, names, first)}"
        for one in others[:_MOST]:
            yield f"Also: {difference_words(view, names, one)}"
        if len(others) > _MOST:
            yield f"And {counted(len(others) - _MOST, 'more stretch', 'more stretches')}; the table has them all."
    yield from comparison.facts
    if not comparison.pictures:
        yield f"{NOT_COMPARED}: no frame of a clip could be compared".capitalize()
    elif comparison.open_frames:
        yield f"Held: {counted(comparison.open_frames, 'frame')} should have been compared and could not be"
    elif comparison.outcome == "same":
        yield "Every compared frame shows what the cut says"
    yield from comparison.unsaid


_MOST = 8


def _figures(comparison: Comparison) -> Figures:
    points = [seen for one in comparison.judged for seen in one.seen if seen.expected.is_cut_point]
    same = sum(seen.word in ("same", "flat") for seen in points)
    compared = sum(one.compared for one in comparison.judged)
    words = {"same": "SAME", "differs": "DIFFERS", "held": "HELD"}
    return Figures((
        Figure(words[comparison.outcome], "what was compared, against the cut"),
        Figure(f"{same:,} of {len(points):,}", "ends of clips that show what the cut says"),
        Figure(f"{compared:,}", "frames compared"),
        Figure(f"{comparison.left_frames:,}", "frames in stretches that are not compared"),
    ))  # fmt: skip


def _masters(comparison: Comparison) -> Iterable[str]:
    for master in comparison.masters:
        said = (
            master.codec,
            f"{master.width} × {master.height}",
            f"{master.rate or NOT_RECORDED} frames a second",
            counted(master.frames, "frame"),
            f"start {master.start or NOT_RECORDED}",
            f"SHA-256 {master.sha256}",
        )
        yield f"{master.name}: {' · '.join(said)}"


def _row(one: Judged, number: int, view: CutView, chains: Chains, names: dict[int, str]) -> tuple[str, ...]:
    stretch = one.stretch
    least = min((seen.likeness for seen in one.seen if seen.likeness is not None), default=None)
    return (
        str(number),
        view.clock.label(stretch.first),
        view.clock.label(stretch.end),
        str(stretch.end - stretch.first),
        clip_words(view, stretch),
        names.get(stretch.version, NOT_RECORDED) if stretch.version is not None else "none",
        str(one.compared),
        f"{least}%" if least is not None else "not measured",
        _slip(one.seen),
        result_words(one),
        *_evidence(chains, stretch.version),
    )


def _slip(seen: Sequence[Seen]) -> str:
    if shows := slip_shown(seen):
        return counted(shows, "frame")
    return "none: the picture does not move enough" if any(one.likeness is not None for one in seen) else "none"


def result_words(one: Judged) -> str:
    """What a stretch says, in words."""
    first = one.first_difference
    if first is not None:
        return {"other": "another picture", "slipped": "slipped", "late": "the clip beside it", "absent": "missing"}[
            first.word
        ]
    if one.stretch.why:
        return f"{'open' if is_open(one) else 'not compared'}: {one.stretch.why}"
    if is_open(one):
        return f"open: {one.changed or 'its source cannot be read here'}"
    return "flat, nothing to compare" if all(seen.word == "flat" for seen in one.seen) else "same"


def _evidence(chains: Chains, version: int | None) -> tuple[str, str, str]:
    if version is None:
        return cell(None), "unaccounted", cell(None)
    step = chains.first_step(version)
    if step is None or step.step is None:
        return cell(chains.ref(version).edge_code), "unaccounted", cell(None)
    return cell(chains.ref(version).edge_code), step.grade or "unaccounted", cell(step.ledger)
