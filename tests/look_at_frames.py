"""Visibility worked out again, frame by frame and by other means than the sweep: the oracle for it.

Rules as in docs/reference/cut-formats.md. A frame is looked at in its middle, so cuts compared here have edges on frames, or
both sides are asked about the same moments.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from edgecode.index.sweep import SweptRange
from edgecode.terms.cuts import Clip, Track
from edgecode.terms.evidence import Visibility

Seen = frozenset[tuple[int, Visibility]]
_HALF = Fraction(1, 2)


def ranges_frame_by_frame(clips: Sequence[Clip], tracks: Sequence[Track], frames: int) -> list[Seen]:
    """What is seen in the middle of every frame."""
    touching: list[list[int]] = [[] for _ in range(frames)]
    for index, clip in enumerate(clips):
        for frame in range(max(floor(clip.record_in), 0), min(ceil(clip.record_out), frames)):
            touching[frame].append(index)
    return [_seen_at(near, clips, tracks, frame + _HALF) for frame, near in enumerate(touching)]


def spread_over_frames(swept: Sequence[SweptRange], frames: int) -> list[Seen]:
    """What the sweep says of the middle of every frame."""
    spread: list[Seen] = []
    at = 0
    for frame in range(frames):
        moment = frame + _HALF
        while at < len(swept) and swept[at].end <= moment:
            at += 1
        on = at < len(swept) and swept[at].start <= moment
        spread.append(frozenset(swept[at].seen) if on else frozenset())
    return spread


def _seen_at(near: list[int], clips: Sequence[Clip], tracks: Sequence[Track], moment: Fraction) -> Seen:
    live = [index for index in near if clips[index].record_in <= moment < clips[index].record_out]
    return frozenset((index, _visibility(index, live, clips, tracks)) for index in live)


def _visibility(index: int, live: list[int], clips: Sequence[Clip], tracks: Sequence[Track]) -> Visibility:
    clip = clips[index]
    if not _is_on(clip, tracks):
        return Visibility.HIDDEN
    if _is_sound(clip, tracks):
        return Visibility.CERTAIN if clip.placed == "exact" else Visibility.POSSIBLE
    if clip.placed != "exact" or _says_neither(clip, tracks):
        return Visibility.POSSIBLE
    others = [
        clips[other]
        for other in live
        if other != index
        and _is_on(clips[other], tracks)
        and not _is_sound(clips[other], tracks)
        and not _says_neither(clips[other], tracks)
    ]
    return Visibility.POSSIBLE if any(_disputes(other, clip) for other in others) else Visibility.CERTAIN


def _disputes(other: Clip, clip: Clip) -> bool:
    """Whether *other* may cover *clip*: it lies higher, or beside it on the same track."""
    for depth, (theirs, ours) in enumerate(zip(other.path, clip.path, strict=False)):
        if theirs != ours:
            return theirs > ours if depth % 2 == 0 else True
    return True


def _is_on(clip: Clip, tracks: Sequence[Track]) -> bool:
    return clip.enabled and tracks[clip.path[0]].enabled


def _is_sound(clip: Clip, tracks: Sequence[Track]) -> bool:
    return clip.kind == "sound" or tracks[clip.path[0]].kind == "sound"


def _says_neither(clip: Clip, tracks: Sequence[Track]) -> bool:
    return clip.kind == "other" or tracks[clip.path[0]].kind == "other"
