"""What a fact is, and which values it may have: types, words, days; no value is ever converted into another type."""

import re
from datetime import date
from typing import Literal

from msgspec import Struct

from edgecode.checks.rules.territories import is_territory
from edgecode.errors import InputError
from edgecode.terms.rights import FactValue

World = Literal["record", "status", "classification", "profile", "derived"]
FactType = Literal["bool", "int", "string", "date", "enum", "strings", "territories"]
"""Dates are ``YYYY-MM-DD``. *strings* and *territories* are tuples of words."""


class Fact(Struct, frozen=True):
    """*name*: ``root.field``. *choices*: of an enum its words, of strings the words they may hold; () leaves strings open.

    *least*, *most*: of an int, both included; None: without end."""

    name: str
    type: FactType
    world: World
    meaning: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def root(self) -> str:
        """What stands before the dot."""
        return self.name.partition(".")[0]


def checked_as(fact: Fact, value: object) -> FactValue:
    """*value* as a value of *fact*. Raises InputError ``facts.value``, which does not repeat the value."""
    if fact.type in ("strings", "territories") and isinstance(value, list):
        value = tuple(value)
    if not fits(fact, value):
        raise InputError(
            "facts.value", f"{fact.name} must be {wanted(fact)}", "docs/reference/packs.md lists the facts"
        )
    return value  # type: ignore[return-value]


def fits(fact: Fact, value: object) -> bool:
    """Whether *value* is one of *fact*'s, without any conversion: 1 is no bool, and True no int."""
    kind = type(value)
    if fact.type == "bool":
        return kind is bool
    if fact.type == "int":
        return kind is int and _is_within(fact, value)  # type: ignore[arg-type]
    if fact.type in ("strings", "territories"):
        return kind is tuple and all(type(word) is str and is_word(fact, word) for word in value)  # type: ignore[attr-defined]
    return kind is str and is_word(fact, value)  # type: ignore[arg-type]


def _is_within(fact: Fact, value: int) -> bool:
    return (fact.least is None or fact.least <= value) and (fact.most is None or value <= fact.most)


def is_word(fact: Fact, word: str) -> bool:
    """Whether *word* may be the text of *fact*, or one of its words."""
    if fact.type == "territories":
        return is_territory(word)
    if fact.type == "date":
        return is_day(word)
    return word in fact.choices if fact.choices else True


def wanted(fact: Fact) -> str:
    """What a value of *fact* has to be, in words."""
    return {
        "bool": "true or false",
        "int": "a whole number" + (f" from {fact.least} to {fact.most}" if fact.most is not None else ""),
        "string": "a text",
        "date": "a day, YYYY-MM-DD",
        "enum": f"one of {', '.join(fact.choices)}",
        "strings": "a list of " + (f"words out of {', '.join(fact.choices)}" if fact.choices else "texts"),
        "territories": "a list of territories (ISO 3166: DE, US-CA; EU)",
    }[fact.type]


def is_day(written: str) -> bool:
    """Whether it is a day of the calendar, ``YYYY-MM-DD``."""
    if _DAY.fullmatch(written) is None:
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
