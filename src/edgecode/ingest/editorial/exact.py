"""Numbers of the walk: integers as long as they are whole, fractions where they are not, floats never."""

from fractions import Fraction
from typing import TypeAlias

from edgecode.errors import InputError
from edgecode.ingest.editorial.limits import MAX_FRAMES
from edgecode.ingest.editorial.otio_json import object_of
from edgecode.terms.timebase import Rate

Exact: TypeAlias = int | Fraction
"""Frames of the cut (or a ratio), exact. Whole values are plain integers, which are many times faster than fractions."""


def simplest(value: Exact) -> Exact:
    """The same number, as an integer when it is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def divided(value: Exact, by: Exact) -> Exact:
    """``value / by``, exact."""
    return value if by == 1 else simplest(Fraction(value) / by)


def exact_scalar(value: object) -> Exact | None:
    """A factor as written (``2.0``, ``0.8545``), exact to a millionth; None for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        return None
    if isinstance(value, Fraction):  # what a reader of ours computed: exact already
        return simplest(value) if abs(value) < MAX_FRAMES else None
    if isinstance(value, int):
        return value if abs(value) < MAX_FRAMES else None
    if value.is_integer():
        return int(value) if abs(value) < MAX_FRAMES else None
    # Infinities and NaN have no ratio; is_integer is False for both.
    finite = abs(value) < MAX_FRAMES
    return simplest(Fraction(str(value)).limit_denominator(1_000_000)) if finite else None


def rate_written(value: object) -> Rate | None:
    """The rate of a RationalTime: known video rates snapped, sound and tick rates as they are; None for what is no rate."""
    number = exact_scalar(value)
    if number is None or number <= 0:
        return None
    if number < 10_000:
        try:
            return Rate.of(Fraction(number))
        except InputError:
            return None
    return Rate(Fraction(number).numerator, Fraction(number).denominator)


class Clock:
    """Converts RationalTimes of any rate into frames of the cut."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._ratios: dict[float | Fraction, Exact | None] = {}

    def frames(self, time: object) -> Exact | None:
        """Frames of the cut in a RationalTime; None when it is absent, not finite, or beyond any cut."""
        if not isinstance(time, dict):
            return None
        value, rate = time.get("value"), time.get("rate")
        if not isinstance(rate, (int, float, Fraction)):
            return None
        if type(value) is not int:
            exact = exact_scalar(value)
            if exact is None:
                return None
            value = exact
        ratio = self._ratios[rate] if rate in self._ratios else self._ratio(rate)
        if ratio is None:
            return None
        frames = value if ratio == 1 else simplest(value * ratio)
        return frames if -MAX_FRAMES < frames < MAX_FRAMES else None

    def _ratio(self, rate: float | Fraction) -> Exact | None:
        written = rate_written(rate)
        ratio = None if written is None else simplest(self.rate.fraction / written.fraction)
        self._ratios[rate] = ratio
        return ratio

    def span(self, time_range: object) -> tuple[Exact, Exact] | None:
        """Start and duration of a TimeRange in frames of the cut; None unless both are there and the duration is not negative."""
        written = object_of(time_range)
        if not written:
            return None
        start, duration = self.frames(written.get("start_time")), self.frames(written.get("duration"))
        if start is None or duration is None or duration < 0:
            return None
        return start, duration
