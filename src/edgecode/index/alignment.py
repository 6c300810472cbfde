"""Which frames of an input a frame of the output needs, and so what the input's account adds to it.

With a frame map the map says it. Without one (FORMATS: "the same frame between sequences and videos"):

- a still, a sound, a model, or a version whose frames nobody counted is needed whole;
- so is a *reference*, and every input of a step that moves time or whose sides run at different rates;
- two sequences share frame numbers; where these overlap, output frame n needs input frame n, and a needed frame that was not
  recorded is `range-outside`; where they do not overlap but both are equally long, they are aligned at their first frames;
- a video counts from its start: equally long sides are aligned at their first frames; otherwise the whole input is needed, and
  output frames beyond the length of an input video are `range-outside` as well.

Everything that is not certain widens: the answer may name too much for a frame, never too little.
"""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from edgecode.events.kinds import FrameMap
from edgecode.index.pieces import END, FOLLOWED, HOLE, OUTSIDE, START, Span, Spread, reached, spans_of, whole
from edgecode.terms.origins import Account

NUMBERED, COUNTED = 1, 2


Frames: TypeAlias = tuple[int | None, int | None, int]
"""First frame, end and clock of a version: the short form of an Extent, for looking at very many."""

NO_FRAMES: Frames = (None, None, 0)


def leaves_open(output: Frames, source: Frames) -> bool:
    """Whether an input without a frame map may not reach all frames of its output: one clock, and the input holds fewer."""
    if output[2] != source[2] or output[0] is None or output[1] is None or source[0] is None or source[1] is None:
        return False
    return source[0] > output[0] or source[1] < output[1]


class Extent(Struct, frozen=True):
    """Frames *first* up to *end* of a version; both None when it has none. *clock*: numbers in names (1) or counted (2)."""

    first: int | None
    end: int | None
    clock: int = 0
    rate: str = ""

    @property
    def low(self) -> int:
        """The first frame, or the start of all numbers."""
        return START if self.first is None else self.first

    @property
    def high(self) -> int:
        """The end, or the end of all numbers."""
        return END if self.end is None else self.end


def offset(output: Extent, source: Extent, *, keeps_time: bool) -> int | None:
    """Output frame minus input frame where these are the same picture; None where the whole input must be taken as needed."""
    if not keeps_time or output.first is None or source.first is None or _rates_differ(output, source):
        return None
    if output.clock == source.clock == NUMBERED and _share_numbers(output, source):
        return 0
    return output.low - source.low if _are_equally_long(output, source) else None


def carried(output: Extent, source: Extent, spread: Spread, *, keeps_time: bool) -> list[Span]:
    """What an input without a frame map adds to its output's frames."""
    moved_by = offset(output, source, keeps_time=keeps_time)
    if moved_by is not None:
        return _moved(spread, source, moved_by, output)
    layers = [(output.low, output.high, whole(spread) | FOLLOWED)]
    if keeps_time and _share_numbers(output, source) and not _rates_differ(output, source):
        # Two videos of unequal length: nobody knows which part of the longer one it is, but a shorter one cannot fill the rest.
        layers += [span for span in _moved(FOLLOWED, source, 0, output) if span[2] & OUTSIDE]
    return layers


def mapped(output: Extent, source: Extent, spread: Spread, maps: Sequence[FrameMap]) -> list[Span]:
    """What an input with frame maps adds: nothing to output frames that no map names."""
    spans: list[Span] = []
    for one in maps:
        spans += _through(one, source, spread)
    if output.first is None:
        account = 0
        for _, _, bits in spans:
            account |= bits
        return [(output.low, output.high, account)] if spans else []
    return _over(output, spans)


def _share_numbers(output: Extent, source: Extent) -> bool:
    if output.clock != source.clock or output.first is None or source.first is None:
        return False
    return source.low < output.high and output.low < source.high


def _are_equally_long(output: Extent, source: Extent) -> bool:
    return output.high - output.low == source.high - source.low


def _rates_differ(output: Extent, source: Extent) -> bool:
    return bool(output.rate and source.rate and output.rate != source.rate)


def _moved(spread: Spread, source: Extent, offset: int, output: Extent) -> list[Span]:
    """The input's spans *offset* frames later, and the output frames that they leave open."""
    low, high = source.low + offset, source.high + offset
    if isinstance(spread, int) and low <= output.low and output.high <= high:
        return [(output.low, output.high, spread | FOLLOWED)]
    found = [
        (first + offset, end + offset, bits & ~HOLE | FOLLOWED)
        for first, end, bits in spans_of(spread, source.low, source.high)
    ]
    outside = OUTSIDE | FOLLOWED
    found += [(START, low, outside), (high, END, outside)]
    return _over(output, found)


def _over(output: Extent, spans: list[Span]) -> list[Span]:
    """Spans as far as they lie over frames that the output has."""
    clipped = ((max(low, output.low), min(high, output.high), bits) for low, high, bits in spans)
    return [span for span in clipped if span[0] < span[1]]


def _through(one: FrameMap, source: Extent, spread: Spread) -> list[Span]:
    if source.first is None:
        return [(one.first, one.end, whole(spread) | FOLLOWED)]
    spans = spans_of(spread, source.low, source.high)
    if one.kind == "any":
        return [(one.first, one.end, _any(spans, one.low, one.high + 1) | FOLLOWED)]
    high = one.low if one.kind == "same" else one.high
    edges = [(START, source.low, OUTSIDE), *spans, (source.high, END, OUTSIDE)]
    # Output frame f needs input frames f + low … f + high: it meets a span from a to b when a - high <= f < b - low.
    found = [(max(a - high, one.first), min(b - one.low, one.end), bits & ~HOLE) for a, b, bits in edges]
    return [(first, end, bits | FOLLOWED) for first, end, bits in found if first < end]


def _any(spans: Sequence[Span], first: int, end: int) -> Account:
    return reached(spans, first, end) if first < end else 0


def needed(
    output: Extent, source: Extent, maps: Sequence[FrameMap], first: int, end: int, *, keeps_time: bool
) -> list[tuple[int, int]]:
    """Input frames that output frames *first* up to *end* need, as half open ranges; the input's own extent where all are needed.

    Frames that the input does not have are among them: see `inside`.
    """
    everything = [(source.low, source.high)]
    if source.first is None:
        return everything if not maps or any(one.first < end and first < one.end for one in maps) else []
    if not maps:
        moved_by = offset(output, source, keeps_time=keeps_time)
        return everything if moved_by is None else [(first - moved_by, end - moved_by)]
    ranges = []
    for one in maps:
        low, high = max(first, one.first), min(end, one.end)
        if low < high:
            last = one.low if one.kind == "same" else one.high
            ranges.append((one.low, last + 1) if one.kind == "any" else (low + one.low, high + last))
    return [(low, high) for low, high in ranges if low < high]


def reaching(
    output: Extent,
    source: Extent,
    maps: Sequence[FrameMap],
    ranges: Sequence[tuple[int, int]],
    *,
    keeps_time: bool,
) -> list[tuple[int, int]]:
    """Output frames that need any of *ranges* (frames that the input has): `needed` turned round. They may lie beyond the output's ends."""
    everything = [(START, END)]
    if not ranges:
        return []
    if source.first is None:
        return [(one.first, one.end) for one in maps] if maps else everything
    if not maps:
        moved_by = offset(output, source, keeps_time=keeps_time)
        return everything if moved_by is None else [(low + moved_by, high + moved_by) for low, high in ranges]
    found = []
    for one in maps:
        if one.kind == "any":
            found += [(one.first, one.end)] if any(one.low < b and a <= one.high for a, b in ranges) else []
            continue
        last = one.low if one.kind == "same" else one.high
        found += [(max(one.first, a - last), min(one.end, b - one.low)) for a, b in ranges]
    return [(low, high) for low, high in found if low < high]


def inside(ranges: Sequence[tuple[int, int]], source: Extent) -> list[tuple[int, int]]:
    """The part of *ranges* from the first to the last frame of a version."""
    return [
        (max(low, source.low), min(high, source.high))
        for low, high in ranges
        if low < source.high and high > source.low
    ]


def lacking(
    output: Extent,
    source: Extent,
    holes: Sequence[tuple[int, int]],
    maps: Sequence[FrameMap],
    first: int,
    end: int,
    *,
    keeps_time: bool,
) -> list[tuple[int, int]]:
    """Input frames that output frames *first* up to *end* need and the input does not have: why these are `range-outside`.

    *holes*: of the input. Where all of an input is needed, its holes are no frames that anything can have been made from.
    """
    if source.first is None:
        return []
    if maps or offset(output, source, keeps_time=keeps_time) is not None:
        return absent(needed(output, source, maps, first, end, keeps_time=keeps_time), source, holes)
    if keeps_time and _share_numbers(output, source) and not _rates_differ(output, source):
        return absent([(first, end)], source, ())
    return []


def absent(
    ranges: Sequence[tuple[int, int]], source: Extent, holes: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The part of *ranges* that lies beyond the ends of a version or in its holes."""
    missing = [(START, source.low), *holes, (source.high, END)]
    return [(max(a, low), min(b, high)) for a, b in ranges for low, high in missing if a < high and low < b]
