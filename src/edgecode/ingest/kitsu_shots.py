"""Shots of a Kitsu beside the clips of a cut: which clip shows which shot, and whether it uses the frames that Kitsu expects. Pure.

Kitsu's ``frame_in`` and ``frame_out`` are both inside the shot; ours are half open.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from edgecode.ingest.kitsu import Shot
from edgecode.terms.cuts import Clip

_WORDS = re.compile(r"[^a-z0-9]+")


class ShotDifference(Struct, frozen=True):
    """A shot whose use in the cut is not what Kitsu expects, or of which that cannot be told. *clips*: numbers of the clips that show it.

    *expected*, *found*: frames of the source, first and last, both inside; None: nobody says, or it cannot be computed.
    """

    shot: Shot
    clips: tuple[int, ...]
    expected: tuple[int, int] | None
    found: tuple[int, int] | None
    what: str


def frames_expected(shot: Shot) -> tuple[int, int] | None:
    """The first and last frame of a shot, as Kitsu has them; None where they are not filled in, or contradict each other."""
    first, last = (_whole((shot.data or {}).get(word)) for word in ("frame_in", "frame_out"))
    return (first, last) if first is not None and last is not None and first <= last else None


def clips_of_shots(shots: Sequence[Shot], clips: Sequence[Clip]) -> dict[str, tuple[int, ...]]:
    """Which clips show which shot, by id: those whose name, or whose file's, holds the shot's name as a word of its own.

    Of two shots of one name the sequence's name has to be there too. A clip that names several shots shows the one whose name is longest;
    where that is not one, it shows none of them for sure and is left out.
    """
    names = defaultdict(list)
    for shot in shots:
        names[_words(shot.name)].append(shot)
    found: dict[str, list[int]] = {shot.id: [] for shot in shots}
    for number, clip in enumerate(clips):
        said = [_words(one) for one in (clip.name, *clip.nest, *map(_base, clip.media.targets), *clip.media.names)]
        meant = [
            shot
            for words, called in names.items()
            if words
            for shot in called
            if _says(said, words, shot, alone=len(called) == 1)
        ]
        longest = max((len(_words(shot.name)) for shot in meant), default=0)
        best = [shot for shot in meant if len(_words(shot.name)) == longest]
        if len(best) == 1:
            found[best[0].id].append(number)
    return {identity: tuple(numbers) for identity, numbers in found.items()}


def differences(
    shots: Sequence[Shot], clips: Sequence[Clip], shown: Mapping[str, tuple[int, ...]]
) -> list[ShotDifference]:
    """Every shot that differs, in Kitsu's order. *shown*: as `clips_of_shots` gives it. Several clips of one shot are one range."""
    return [one for shot in shots if (one := _difference(shot, clips, shown.get(shot.id, ()))) is not None]


def frames_used(clips: Iterable[Clip]) -> tuple[int, int] | None:
    """The first and last source frame that clips show together; None where one of them cannot be computed."""
    edges: list[tuple[Fraction, Fraction]] = []
    for clip in clips:
        if clip.source_in is None or clip.source_scale is None or clip.source_out is None:
            return None
        if clip.source_scale < 0:
            edges.append((clip.source_out + 1, clip.source_in + 1))
        else:
            edges.append((clip.source_in, max(clip.source_out, clip.source_in + 1)))
    if not edges:
        return None
    return floor(min(low for low, _ in edges)), ceil(max(high for _, high in edges)) - 1


def _difference(shot: Shot, clips: Sequence[Clip], numbers: tuple[int, ...]) -> ShotDifference | None:
    expected = frames_expected(shot)
    if not numbers:
        return ShotDifference(shot, numbers, expected, None, "no clip of the cut shows it")
    found = frames_used(clips[number] for number in numbers)
    if expected is None:
        return ShotDifference(shot, numbers, None, found, "Kitsu says no first and last frame")
    if found is None:
        return ShotDifference(shot, numbers, expected, None, "which frames the cut uses cannot be computed")
    if found == expected:
        return None
    return ShotDifference(shot, numbers, expected, found, _told(expected, found))


def _told(expected: tuple[int, int], found: tuple[int, int]) -> str:
    if found[1] < expected[0] or expected[1] < found[0]:
        same = found[1] - found[0] == expected[1] - expected[0]
        return f"other frame numbers, {'the same length' if same else _length(expected, found)}"
    head, tail = expected[0] - found[0], found[1] - expected[1]
    said = [
        f"{_count(abs(change))} {'more' if change > 0 else 'fewer'} at the {end}"
        for change, end in ((head, "head"), (tail, "tail"))
        if change
    ]
    return ", ".join(said)


def _length(expected: tuple[int, int], found: tuple[int, int]) -> str:
    change = (found[1] - found[0]) - (expected[1] - expected[0])
    return f"{_count(abs(change))} {'more' if change > 0 else 'fewer'}"


def _count(frames: int) -> str:
    return f"{frames} frame" if frames == 1 else f"{frames} frames"


def _says(said: Sequence[tuple[str, ...]], words: tuple[str, ...], shot: Shot, *, alone: bool) -> bool:
    sequence = _words(shot.sequence_name or "")
    if not any(_within(words, one) for one in said):
        return False
    return alone or (bool(sequence) and any(_within(sequence, one) for one in said))


def _within(words: tuple[str, ...], said: tuple[str, ...]) -> bool:
    return any(said[first : first + len(words)] == words for first in range(len(said) - len(words) + 1))


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in _WORDS.split(name.casefold()) if word)


def _base(target: str) -> str:
    return re.split(r"[\\/]", target)[-1]


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip(), re.ASCII) else None
