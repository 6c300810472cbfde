"""Coverage as the tables of a paper: frames by origin, reel by reel, and every gap with the question that settles it."""

from edgecode.answers.coverage.answer import Coverage
from edgecode.answers.cuts.figures import Sums
from edgecode.answers.layout.sheets import Sheet
from edgecode.answers.report.paper import Table, Words

_ORIGINS = (
    ("Camera", "C"),
    ("Capture", "P"),
    ("Human", "H"),
    ("Generated", "G"),
    ("Mixed", "M"),
    ("Archive", "A"),
    ("Unaccounted", "U"),
)
_COUNTS = ("Frames", *(name for name, _ in _ORIGINS), "Waived")


def coverage_blocks(answer: Coverage, gaps: Sheet) -> tuple[Words | Table, ...]:
    """How well the frames are known, in figures that each sum to the cut; then *gaps*, the missing elements list."""
    rows = (
        *((f"reel {reel.reel}", *_counts(reel)) for reel in answer.reels),
        ("picture", *_counts(answer)),
        ("sound", *_counts(answer.audio)),
    )
    return (
        Table("Frames by origin", ("Part", *_COUNTS), rows, numbers=_COUNTS),
        Words(
            "How well it is known",
            (_classes("Picture by grade", answer.by_grade), _classes("Sound by grade", answer.audio.by_grade)),
        ),
        Table("Missing elements", gaps.columns, gaps.rows, numbers=("Frames",), lead=gaps.head, foot=gaps.foot),
    )


def _counts(found: Sums) -> tuple[str, ...]:
    return (
        str(found.frames),
        *(str(found.by_origin[letter]) for _, letter in _ORIGINS),
        str(found.waived),
    )


def _classes(title: str, frames: dict[str, int]) -> str:
    said = ", ".join(f"{name} {count:,}" for name, count in frames.items() if count)
    return f"{title}: {said or 'no frames'}."
