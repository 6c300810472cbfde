"""Where a clip's source range lies in a version's own frame numbers: the source clock is timecode, a range, frame numbers or zero.

A timecode counts labels, so 24 and 23.976 run alike here, and 25 against 24 follows seconds. The clocks are tried in this order and
the first in which the whole range lies inside the recorded frames is taken:

1. the name of an image sequence says which frame number lies at the start of the available range;
2. source timecode, where the version's header has one;
3. the available range that the cut gives for the media: its start is the version's first frame;
4. frame numbers of a sequence;
5. frames counted from zero.

When none holds the whole range: timecode if the header has one, else the available range, else a clock that holds some of it. Then
the frames outside are `range-outside`. When nothing fits at all, the alignment is unknown and the whole version counts.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from edgecode.index.catalogue import VersionRow
from edgecode.terms.cuts import Clip
from edgecode.terms.timebase import Rate


class Placing(Struct, frozen=True):
    """*first*: the version's frame seen at the clip's record in; *scale*: version frames a frame of the cut; None: not known."""

    first: Fraction | None
    scale: Fraction | None
    why: str


class _Clock(Struct, frozen=True):
    """Version frame *base* lies at *origin* of the source clock. *is_sure*: the media itself or the cut says so, it is no guess."""

    name: str
    origin: Fraction
    base: Fraction
    is_sure: bool


def placed(clip: Clip, version: VersionRow) -> Placing:
    """Where the clip's frames lie in *version*."""
    if version.first is None or version.end is None:
        return Placing(None, None, "the version has no frame numbers")
    if clip.source_in is None or clip.source_scale is None:
        return Placing(None, None, "the cut does not say which source frames it shows, so all of them count")
    pace = _pace(clip.source_rate, _rate(version))
    scale = clip.source_scale * pace
    found = [
        (clock, clock.base + (clip.source_in - clock.origin) * pace)
        for clock in _clocks(clip, version, clip.source_rate)
    ]
    for clock, first in found:
        if _inside(first, scale, clip, version, slack=pace != 1) == "all":
            return Placing(first, scale, f"aligned by {clock.name}")
    for clock, first in found:
        if clock.is_sure or _inside(first, scale, clip, version, slack=True) == "some":
            return Placing(first, scale, f"aligned by {clock.name}; it shows frames that were not recorded")
    return Placing(None, None, "the source clock cannot be told, so all frames of the version count")


def timecode_start(version: VersionRow, rate: Rate | None) -> Fraction | None:
    """The version's start timecode in frames of a clip's *rate*; None when the header has none."""
    if version.media is None or version.media.start is None:
        return None
    own = _rate(version)
    start = Fraction(version.media.start)
    if rate is None or own is None or own.nominal == rate.nominal:
        return start
    return start / own.nominal * rate.nominal


def _clocks(clip: Clip, version: VersionRow, rate: Rate | None) -> Iterator[_Clock]:
    first = Fraction(version.first or 0)
    available = clip.media.available_first
    is_numbered = version.sequence_root is not None
    if is_numbered and clip.media.kind == "sequence" and available is not None:
        yield _Clock("frame number", available, Fraction(clip.media.sequence_first), is_sure=True)
    start = timecode_start(version, rate)
    if start is not None:
        yield _Clock("source timecode", start, first, is_sure=True)
    if available is not None:
        yield _Clock("available range", available, first, is_sure=True)
    if is_numbered:
        yield _Clock("frame number", first, first, is_sure=False)
    yield _Clock("frames from zero", Fraction(0), first, is_sure=False)


def _rate(version: VersionRow) -> Rate | None:
    return Rate.of(version.media.rate) if version.media is not None and version.media.rate else None


def _pace(clip: Rate | None, version: Rate | None) -> Fraction:
    """Version frames a source frame of the clip."""
    if clip is None or version is None or clip.nominal == version.nominal:
        return Fraction(1)
    return version.fraction / clip.fraction


def _inside(first: Fraction, scale: Fraction, clip: Clip, version: VersionRow, *, slack: bool) -> str:
    """How much of the range that is shown lies in recorded frames: all, some or none. *slack*: rounding may cost a frame."""
    low, high = shown(first, scale, clip.frames)
    spare = 1 if slack else 0
    start, end = version.first or 0, version.end or 0
    if low >= start - spare and high <= end + spare:
        return "all"
    return "some" if low < end and high > start else "none"


def shown(first: Fraction, scale: Fraction, frames: Fraction) -> tuple[int, int]:
    """Whole version frames that *frames* of the cut touch from *first* on, half open."""
    last = first + max(frames - 1, Fraction(0)) * scale
    if scale == 0:
        return floor(first), floor(first) + 1
    if scale > 0:
        return floor(first), max(ceil(first + frames * scale), floor(first) + 1)
    return floor(last), floor(first) + 1
