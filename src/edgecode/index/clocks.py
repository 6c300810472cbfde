"""Where a clip's source range lies in a version's own frame numbers: the source clock is timecode, a range, frame numbers or zero.

A timecode counts labels, so 24 and 23.976 run alike here, and 25 against 24 follows seconds. The clocks are tried in this order and
the first in which the whole range lies inside the recorded frames is taken:

1. the name of an image sequence says which frame number lies at the start of the available range;
2. source timecode, where the version's header has one;
3. the available range that the cut gives for the media: its start is the version's first frame;
4. frame numbers of a sequence;
5. frames counted from zero.

When none holds the whole range: timecode if the header has one, else the available range, else a clock that holds some of it. Then
the frames outside are `range-outside`. When nothing fits at all, the alignment is unknown and the whole version counts; but what a
clip shows beyond the length of the version is `range-outside` in any case, and so is all of it where the cut counts in frame numbers
and no number fits, or where nobody knows how long a video is. Timecode that the files do not carry (a rendered sequence cut by the
timecode of its movie) is no number: which frames are shown is unknown, so all of them count. A sound is as long as its samples.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from edgecode.events.file_facts import FileFacts
from edgecode.index.catalogue import VersionRow
from edgecode.terms.cuts import Clip
from edgecode.terms.timebase import Rate


class Placing(Struct, frozen=True):
    """*first*: the version's frame seen at the clip's record in; *scale*: version frames a frame of the cut; None: not known.

    *outside*: the frame of the cut from which on the clip shows what the version cannot have; None: nowhere beside *first* and *scale*.
    """

    first: Fraction | None
    scale: Fraction | None
    why: str
    outside: Fraction | None = None


class _Clock(Struct, frozen=True):
    """Version frame *base* lies at *origin* of the source clock. *is_sure*: the media itself or the cut says so, it is no guess."""

    name: str
    origin: Fraction
    base: Fraction
    is_sure: bool


def placed(clip: Clip, version: VersionRow) -> Placing:
    """Where the clip's frames lie in *version*."""
    if version.first is None or version.end is None:
        return _without_frames(clip, version)
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
    if version.numbered and not _is_timecode(clip):
        return Placing(None, None, "no frame number that it shows was recorded", clip.record_in)
    why = "the source clock cannot be told, so all frames of the version count"
    return _cut_short(clip, why, Fraction(version.count or 0), abs(scale))


def _is_timecode(clip: Clip) -> bool:
    """Whether a clip's source range can only be timecode: an EDL's always is, and frame numbers do not begin at an hour."""
    if clip.source_label or clip.source_in is None or clip.source_rate is None:
        return bool(clip.source_label)
    return clip.source_in >= 3600 * clip.source_rate.nominal


def _without_frames(clip: Clip, version: VersionRow) -> Placing:
    """A still is seen for as long as the cut likes; a sound ends with its samples; a video of unknown length proves no frame."""
    media = version.media
    if media is None or media.media_class not in ("audio", "video", "sequence"):
        return Placing(None, None, "the version has no frame numbers")
    if media.media_class == "audio":
        return _sound(clip, media)
    if _lies_in_available(clip):
        return Placing(None, None, "only the cut says how long the version is")
    return Placing(None, None, "nobody knows how many frames the version has", clip.record_in)


def _sound(clip: Clip, media: FileFacts) -> Placing:
    why = "a sound has no frame numbers, so all of it counts"
    if not media.samples or not media.sample_rate or clip.source_scale is None or clip.source_rate is None:
        return Placing(None, None, why)
    length = Fraction(media.samples, media.sample_rate) * clip.source_rate.fraction
    available = clip.media.available_first
    if available is not None and clip.source_in is not None and clip.source_scale > 0:
        # The cut says where the media begins: what lies before the clip is no longer there to be heard.
        length = max(length - max(clip.source_in - available, Fraction(0)), Fraction(0))
    return _cut_short(clip, why, length, abs(clip.source_scale))


def _cut_short(clip: Clip, why: str, length: Fraction, scale: Fraction) -> Placing:
    """*length* in frames of what *scale* counts, a frame of the cut. Rounding may cost a frame."""
    if scale == 0 or clip.frames * scale <= length + 1:
        return Placing(None, None, why)
    return Placing(None, None, f"{why}; it is shorter than the clip", clip.record_in + length / scale)


def _lies_in_available(clip: Clip) -> bool:
    low, high = clip.media.available_first, clip.media.available_end
    if low is None or high is None or clip.source_in is None or clip.source_scale is None:
        return False
    first, end = shown(clip.source_in, clip.source_scale, clip.frames)
    return low - 1 <= first and end <= high + 1


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
    is_numbered = version.numbered
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
