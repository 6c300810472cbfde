"""What stands above the sheets of a cut: first figures, the strip, and how to check it."""

from edgecode.answers.coverage.strip import LEGEND
from edgecode.answers.cuts.accounts import Medium
from edgecode.answers.cuts.figures import Sums, sums
from edgecode.answers.layout.columns import counted, share
from edgecode.answers.papers.known import Known
from edgecode.answers.report.paper import Figure, Figures, Strip, StripSpan
from edgecode.terms.origins import letter_of
from edgecode.terms.timebase import FrameRange

VERIFY = (
    "Every line ends with its edge code, the grade of its evidence and its entry in the ledger. To check one: edgecode matchback CODE, or "
    "without edgecode: ask for the evidence pack and open its verify.html."
)


def figures_of(known: Known, *, within: FrameRange | None = None, medium: Medium = "picture") -> Sums:
    """The sums of a cut or of a reel of it, as coverage counts them."""
    return sums(known.view.runs(medium), waived=known.waived, within=within)


def heading(known: Known, *, within: FrameRange | None = None, more: tuple[Figure, ...] = ()) -> Figures:
    """Frames, those that a model had a hand in, those that nobody can account for; then *more*."""
    found = figures_of(known, within=within)
    generated = found.ai["generative"]
    waived = f", {found.waived:,} of them waived" if found.waived else ""
    return Figures(
        (
            Figure(f"{found.frames:,}", "frames of picture"),
            Figure(
                f"{generated:,}", f"frames that a generative model had a hand in ({share(generated, found.frames)})"
            ),
            Figure(f"{found.ai['unknown']:,}", "frames of which nobody knows whether a model had a hand in them"),
            Figure(f"{found.unaccounted:,}", f"frames unaccounted{waived}"),
            *more,
        )
    )


def strip_of(known: Known) -> Strip:
    """The whole picture of the cut by origin."""
    spans: list[StripSpan] = []
    for run in known.view.runs():
        letter = letter_of(run.account)
        if spans and spans[-1].letter == letter and spans[-1].end == run.first:
            spans[-1] = StripSpan(letter, spans[-1].first, run.end)
        else:
            spans.append(StripSpan(letter, run.first, run.end))
    by_origin = figures_of(known).by_origin
    said = ", ".join(f"{meaning} {by_origin[letter]:,}" for letter, meaning in LEGEND if by_origin[letter])
    return Strip(tuple(spans), f"The cut from its first frame to its last, by origin: {said or 'no frames'}")


def unaccounted_line(known: Known, *, within: FrameRange | None = None, medium: Medium = "picture") -> str:
    """``Unaccounted picture: 84 of 2,160 frames. Waived: none.``; zero is said."""
    found = figures_of(known, within=within, medium=medium)
    waived = counted(found.waived, "frame") if found.waived else "none"
    return f"Unaccounted {medium}: {found.unaccounted:,} of {counted(found.frames, 'frame')}. Waived: {waived}."
