"""Checks what a reader of another package gave before anything is made of it: kinds, bounds of numbers, text that can be written."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeVar

import msgspec

from edgecode.ingest.editorial.limits import MAX_FRAMES
from edgecode.terms.cuts import CutReading

_Given = TypeVar("_Given", bound=msgspec.Struct)
_AS_THEY_ARE = (bytes, bytearray, memoryview)
"""Kinds that msgspec would else write as text, and take for text then."""
_WHOLE = 1 << 53
"""Whole numbers in the record stay below it (RFC 8785)."""


def as_promised(given: object, kind: type[_Given]) -> _Given:
    """The same value, every part of it of the kind that *kind* names. Raises ValueError, TypeError and what msgspec raises."""
    if not isinstance(given, kind):
        raise TypeError("of another kind")
    plain = msgspec.to_builtins(given, builtin_types=_AS_THEY_ARE, enc_hook=_written)
    if any(isinstance(one, int) and abs(one) >= _WHOLE for one in _parts(plain)):
        raise ValueError("a number out of bounds")
    msgspec.json.encode(plain)
    return msgspec.convert(plain, kind, dec_hook=_read)


def cut_as_promised(given: object) -> CutReading:
    """A cut whose clips and transitions lie on its tracks and within its length. Raises like `as_promised`."""
    cut = as_promised(given, CutReading)
    if not (0 <= cut.frames <= MAX_FRAMES and abs(cut.start) <= MAX_FRAMES):
        raise ValueError("a length out of bounds")
    ranges: list[tuple[int, Fraction, Fraction]] = [
        (clip.path[0] if clip.path else -1, clip.record_in, clip.record_out) for clip in cut.clips
    ]
    ranges += [(mix.track, mix.record_in, mix.record_out) for mix in cut.transitions]
    if not all(0 <= track < len(cut.tracks) and 0 <= first < end <= cut.frames for track, first, end in ranges):
        raise ValueError("a clip outside of the cut")
    sources = (number for clip in cut.clips for number in (clip.source_in, clip.source_scale) if number is not None)
    if any(not -MAX_FRAMES <= number <= MAX_FRAMES for number in sources):
        raise ValueError("a source out of bounds")
    return cut


def _parts(plain: object) -> Iterator[object]:
    waiting = [plain]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one


def _written(value: object) -> object:
    if type(value) is not Fraction:
        raise TypeError("of another kind")
    return str(value)


def _read(kind: type, value: object) -> object:
    if kind is not Fraction or type(value) not in {str, int}:
        raise TypeError("of another kind")
    return Fraction(str(value))
