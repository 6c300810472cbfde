"""Words of xmeml that every part of its reader uses: numbers, rates, switches, and a track's item with its place."""

import re
from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element

from edgecode.errors import InputError
from edgecode.ingest.editorial.xml_tree import text_at
from edgecode.terms.timebase import Rate

_NUMBER = re.compile(r"[-+]?\d{1,18}(?:\.\d{1,12})?")


def number(element: Element, path: str) -> Fraction | None:
    """A number as written (``12``, ``0.0``); None for anything else."""
    text = (element.findtext(path) or "").strip()
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def rate_of(element: Element) -> Rate | None:
    """The rate that an element says: a timebase, and ``ntsc`` for the thousandth less. None where it says none."""
    timebase = number(element, "rate/timebase")
    if timebase is None or not 0 < timebase < 10_000:
        return None
    ntsc = text_at(element, "rate/ntsc").upper() == "TRUE"
    try:
        return Rate.of(timebase * 1000 / 1001 if ntsc else timebase)
    except InputError:
        return None


def is_on(element: Element) -> bool:
    """Whether a clip or track is switched on; what says nothing is."""
    return text_at(element, "enabled").upper() != "FALSE"


class Piece(NamedTuple):
    """An item of a track, the *place*-th on it, seen over [first, end) in frames of its sequence; up to *body_end* it stands alone.

    *lead*: how many frames before its own written start it begins, because a transition shows it from there.
    """

    item: Element
    place: int
    first: Fraction
    end: Fraction
    body_end: Fraction
    lead: Fraction = Fraction(0)

    @property
    def is_transition(self) -> bool:
        """Whether it mixes its neighbours and shows nothing of its own."""
        return self.item.tag == "transitionitem"
