"""The sweep: which clips are on screen (or in the mix) in every range of a cut, and how surely. Pure; nothing is rounded.

All starts and ends are put on one integer clock, sorted, and a range is emitted wherever the set of live clips changes. Rules
(docs/explanation, visibility): *certain* is the topmost picture clip that is alone on its track there, and every sound that is
on; *possible* is on but under something (nobody knows its opacity), one of two on a track (a dissolve, a key, an overlap), on a
channel that says neither picture nor sound, or somewhere within a curve; *hidden* is switched off: listed, never counted.
"""

from bisect import insort
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from edgecode.terms.cuts import Clip, Track
from edgecode.terms.evidence import Visibility

_SOUND = "sound"
_NEITHER = "other"


class SweptRange(NamedTuple):
    """[start, end) in frames of the cut, and every clip live there: (index in the clips, visibility), bottom first.

    A stretch in which no clip is live has no range at all: it is a gap.
    """

    start: Fraction
    end: Fraction
    seen: tuple[tuple[int, Visibility], ...]


def ranges(clips: Sequence[Clip], tracks: Sequence[Track]) -> list[SweptRange]:
    """The cut's ranges in order, none empty, none overlapping; two neighbours never show the same clips the same way.

    *clips* and *tracks* are those of one reading: a clip's ``path[0]`` is the index of its track. Clips of no length are left out.
    """
    layers = _Layers(clips, tracks)
    clock, edges = _edges(clips)
    live: list[tuple[tuple[int, ...], int]] = []
    found: list[SweptRange] = []
    last = 0
    for tick, opens, index in edges:
        if tick > last and live:
            found.append(SweptRange(_moment(last, clock), _moment(tick, clock), layers.judged(live)))
        last = tick
        entry = (clips[index].path, index)
        if opens:
            insort(live, entry)
        else:
            live.remove(entry)
    return found


def _edges(clips: Sequence[Clip]) -> tuple[int, list[tuple[int, int, int]]]:
    """Ticks a frame, and (tick, 1 for a start, clip) of every edge; ends come before starts at one tick."""
    clock = lcm(*{edge.denominator for clip in clips for edge in (clip.record_in, clip.record_out)})
    edges: list[tuple[int, int, int]] = []
    for index, clip in enumerate(clips):
        first, end = clip.record_in, clip.record_out
        if first < end:
            edges.append((first.numerator * (clock // first.denominator), 1, index))
            edges.append((end.numerator * (clock // end.denominator), 0, index))
    edges.sort()
    return clock, edges


def _moment(tick: int, clock: int) -> Fraction:
    return Fraction(tick) if clock == 1 else Fraction(tick, clock)


class _Layers:
    """Judges the clips that are live together; what never changes about a clip is worked out once."""

    def __init__(self, clips: Sequence[Clip], tracks: Sequence[Track]) -> None:
        self.paths = [clip.path for clip in clips]
        self.kinds = [tracks[clip.path[0]].kind for clip in clips]
        self.on = [clip.enabled and tracks[clip.path[0]].enabled for clip in clips]
        self.loose = [clip.placed != "exact" for clip in clips]
        # A sound clip on a picture track (an exploded nest) is judged as sound, and so is any clip of a sound track.
        self.sounds = [kind == _SOUND or clip.kind == _SOUND for clip, kind in zip(clips, self.kinds, strict=True)]
        self.neither = [clip.kind == _NEITHER or kind == _NEITHER for clip, kind in zip(clips, self.kinds, strict=True)]

    def judged(self, live: list[tuple[tuple[int, ...], int]]) -> tuple[tuple[int, Visibility], ...]:
        """(clip, visibility) of the live clips, in their order."""
        pictures = [index for _, index in live if self.on[index] and not self.sounds[index] and not self.neither[index]]
        top = self.topmost(pictures)
        return tuple((index, self._visibility(index, top)) for _, index in live)

    def _visibility(self, index: int, top: int | None) -> Visibility:
        if not self.on[index]:
            return Visibility.HIDDEN
        if index == top or (self.sounds[index] and not self.loose[index]):
            return Visibility.CERTAIN
        return Visibility.POSSIBLE

    def topmost(self, pictures: list[int]) -> int | None:
        """The one clip that nothing covers or shares its track with; None when the highest track holds several.

        Goes down through nested cuts: the highest track, then the only item on it, then the highest layer of that item.
        """
        group, depth = pictures, 0
        while group:
            highest = max(self.paths[index][depth : depth + 1] for index in group)
            group = [index for index in group if self.paths[index][depth : depth + 1] == highest]
            if len(group) == 1:
                return None if self.loose[group[0]] else group[0]
            items = {self.paths[index][depth + 1 : depth + 2] for index in group}
            if len(items) > 1 or () in items:
                return None
            depth += 2
        return None
