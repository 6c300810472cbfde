"""RationalTimes and TimeRanges as we write them: no value is rounded."""

from fractions import Fraction

from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.terms.timebase import Rate


def rational_time(value: Fraction | int, rate: Rate) -> JsonObject:
    """A RationalTime: a whole or short decimal value at *rate*, else a whole value at as many times the rate as it needs."""
    number: float = value.numerator if value.denominator == 1 else float(value)
    written = rate.numerator if rate.denominator == 1 else rate.numerator / rate.denominator
    if value.denominator != 1 and Fraction(str(number)).limit_denominator(1_000_000) != value:
        number, written = value.numerator, float(rate.fraction * value.denominator)
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": written, "value": number}


def time_range(start: Fraction | int, duration: Fraction | int, rate: Rate, *, length_rate: Rate) -> JsonObject:
    """A TimeRange whose start counts at *rate* and whose duration counts at *length_rate*."""
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": rational_time(start, rate),
        "duration": rational_time(duration, length_rate),
    }
