"""The strip: a whole cut in one line of letters, one for each stretch of frames, so that a gap is seen before it is read."""

from collections import Counter
from collections.abc import Iterable, Sequence

from edgecode.answers.cuts.accounts import Run
from edgecode.answers.layout.columns import flowed
from edgecode.terms.origins import letter_of

BLOCK = "█"
"""What stands for unaccounted frames."""

COLOURS = {"C": "34", "P": "36", "H": "37", "G": "35", "M": "33", "A": "32", "U": "1;31"}
"""ANSI colours by origin letter (ECMA-48 SGR): the red one is the one that matters."""

LEGEND = (
    ("C", "camera"),
    ("P", "performance capture"),
    ("H", "made by people"),
    ("G", "generated"),
    ("M", "mixed"),
    ("A", "archive"),
    ("U", "unaccounted"),
)


def strip(runs: Sequence[Run], columns: int) -> str:
    """At most *columns* letters for the frames of *runs*: U wherever one frame is unaccounted, else what most frames are."""
    frames = runs[-1].end if runs else 0
    columns = min(columns, frames)
    if not columns:
        return ""
    shares: list[Counter[str]] = [Counter() for _ in range(columns)]
    for run in runs:
        letter = letter_of(run.account)
        for column in range(run.first * columns // frames, (run.end - 1) * columns // frames + 1):
            low, high = -(-column * frames // columns), -(-(column + 1) * frames // columns)
            shares[column][letter] += min(high, run.end) - max(low, run.first)
    return "".join("U" if share["U"] else max(share, key=lambda letter: share[letter]) for share in shares)


def drawn(letters: str, *, colour: bool) -> str:
    """A strip for a terminal: unaccounted frames as a solid block, ANSI colours only when asked for."""
    if not colour:
        return letters.replace("U", BLOCK)
    return "".join(f"\x1b[{COLOURS[letter]}m{chunk.replace('U', BLOCK)}\x1b[0m" for letter, chunk in _chunks(letters))


def legend(letters: Iterable[str], *, colour: bool, columns: int | None = None) -> list[str]:
    """What the letters of a strip mean, only those that occur, in lines of at most *columns*."""
    present = set(letters)
    shown = [(letter, f"{drawn(letter, colour=False)} {meaning}") for letter, meaning in LEGEND if letter in present]
    lines = flowed((text for _, text in shown), columns)
    if colour:
        for letter, text in shown:
            lines = [line.replace(text, drawn(letter, colour=True) + text[1:]) for line in lines]
    return lines


def _chunks(letters: str) -> Iterable[tuple[str, str]]:
    start = 0
    for at in range(1, len(letters) + 1):
        if at == len(letters) or letters[at] != letters[start]:
            yield letters[start], letters[start:at]
            start = at
