"""Times of FCPXML, exact: seconds as ``1001/24000s``, ``5s`` or ``0s``, and the maps that make a clip run at another speed."""

import re
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from edgecode.ingest.editorial.fcpxml_document import Element

_TIME = re.compile(r"\s*([-+]?\d{1,24})(?:\.(\d{1,24}))?(?:/(\d{1,24}))?\s*s?\s*", re.ASCII)
ONE = Fraction(1)
"""The speed of what is not retimed; compared by identity, since most clips are not and fractions are slow."""

FAR = Fraction(1 << 33)
"""No time lies further out, in seconds: 272 years."""


@lru_cache(maxsize=1 << 16)
def seconds_written(text: str) -> Fraction | None:
    """The seconds that *text* says; None when it says none, or more than any cut has."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    whole, decimals, under = match.groups()
    value = Fraction(f"{whole}.{decimals}" if decimals else whole)
    if under is not None:
        if int(under) == 0:
            return None
        value /= int(under)
    return value if abs(value) < FAR else None


def seconds(element: Element, attribute: str) -> Fraction | None:
    """An attribute's seconds; None where it is missing or says none."""
    written = element.attributes.get(attribute)
    return None if written is None else seconds_written(written)


class Retime(NamedTuple):
    """A time map: at *time* of the clip its original is at *value*; *slope*: original seconds per second of the clip.

    *slope* 0 is a freeze, negative plays backwards, None a curve: nobody can say from this file which moment is seen when.
    """

    time: Fraction
    value: Fraction
    slope: Fraction | None


def retime_of(element: Element) -> Retime | None:
    """What the element's ``timeMap`` does; None where it has none.

    DTD, timept: *time* is the new clip time, *value* the original one. Points on one straight line are one speed, whatever
    smoothing they ask for: there is no corner to smooth.
    """
    written = element.first("timeMap")
    if written is None:
        return None
    points = [(seconds(point, "time"), seconds(point, "value")) for point in written.all("timept")]
    told = [(time, value) for time, value in points if time is not None and value is not None]
    if len(told) < 2 or len(told) < len(points):
        first = told[0] if told else (Fraction(0), Fraction(0))
        return Retime(*first, None)
    (time, value), (end, last) = told[0], told[-1]
    if any(later[0] <= earlier[0] for earlier, later in pairwise(told)):
        return Retime(time, value, None)
    slope = (last - value) / (end - time)
    straight = all(one[1] - value == (one[0] - time) * slope for one in told)
    return Retime(time, value, slope if straight else None)
