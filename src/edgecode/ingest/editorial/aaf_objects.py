"""Asking the objects of an AAF file for what they may not say: every answer is a plain value or None, never an exception."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol

from edgecode.errors import InputError
from edgecode.ingest.editorial.texts import recordable
from edgecode.terms.timebase import Rate

UNREADABLE = (
    AttributeError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AssertionError,
    NotImplementedError,
    OSError,
    ZeroDivisionError,
)
"""What the library raises at objects that are incomplete or broken; each costs one object, never the file."""


class AafObject(Protocol):
    """An object of the library: a mob, a slot, a component, a descriptor."""

    def getvalue(self, key: str, default: object = None) -> object: ...


def value_of(item: object, key: str) -> object:
    """The value of a property; None where there is none or it cannot be read."""
    if item is None or not hasattr(item, "getvalue"):
        return None
    try:
        found: object = item.getvalue(key, None)
    except UNREADABLE:
        return None
    return found


def text_of(item: object, key: str) -> str:
    """A property that is text; "" for anything else."""
    found = value_of(item, key)
    return recordable(found).strip() if isinstance(found, str) else ""


def whole(item: object, key: str) -> int | None:
    """A property that is a whole number."""
    found = value_of(item, key)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def ratio_of(written: object) -> Fraction | None:
    """A number of the library (an integer, a float, a rational, text like ``4/3``), exact to a millionth."""
    try:
        return Fraction(str(written)).limit_denominator(1_000_000)
    except (ValueError, ZeroDivisionError):
        return None


def rate_of(slot: object) -> Rate | None:
    """A slot's edit rate; sample rates stay as they are. None where it has none."""
    written = ratio_of(value_of(slot, "EditRate"))
    if written is None or written <= 0:
        return None
    try:
        return Rate.of(written) if written < 10_000 else Rate(written.numerator, written.denominator)
    except InputError:
        return None


def members(item: object, key: str) -> Iterator[object]:
    """The objects of a list property, as far as they can be read."""
    found = value_of(item, key)
    if found is None:
        return
    try:
        walking = iter(found)  # type: ignore[call-overload]
    except TypeError:
        return
    while True:
        try:
            yield next(walking)
        except StopIteration:
            return
        except UNREADABLE:
            return


def class_of(item: object) -> str:
    """The name of an object's class in the AAF model (``SourceClip``)."""
    return type(item).__name__


def media_kind(component: object) -> str:
    """``picture``, ``sound``, or another kind in lower case; "" where it cannot be told."""
    try:
        kind = getattr(component, "media_kind", None)
    except UNREADABLE:
        return ""
    return str(kind or "").lower()


def mob_id_of(mob: object, key: str = "MobID") -> str:
    """A mob's UMID as a URN; "" for none and for the null id."""
    found = value_of(mob, key)
    text = str(found) if found is not None else ""
    return text if text.startswith("urn:smpte:umid:") and set(text[15:]) - set("0.") else ""
