"""A rate card: typed units and their rates with effective days, clause and citation, as data (consent.md, section 9)."""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.terms.rights import Unit

Rounding = Literal["exact", "up", "down", "half_up"]
_CURRENCY = re.compile("[A-Z]{3}")


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """What one unit is worth: *amount* in minor units of *currency* times *numerator* / *denominator*.

    *agreement*: the label whose uses it pays, "" for each. *rounding*: of the quantity, as the clause has it. *since*, *until*: days on
    which it holds, both included, "" without an end on that side. *source*: whose words it is.
    """

    unit: Unit
    amount: int
    currency: str
    agreement: str = ""
    numerator: int = 1
    denominator: int = 1
    rounding: Rounding = "exact"
    clause: str = ""
    since: str = ""
    until: str = ""
    source: str = ""

    def holds(self, day: str) -> bool:
        """Whether it is in effect on *day*."""
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)


class RateCard(Struct, frozen=True, forbid_unknown_fields=True, rename={"rates": "rate"}):
    """*citation*: where its rates come from, which papers print."""

    title: str
    citation: str
    rates: tuple[Rate, ...]


def parse_rate_card(data: bytes, *, name: str) -> RateCard:
    """A rate card from TOML. Raises InputError ``statement.rate_card``."""
    try:
        card = msgspec.convert(tomllib.loads(data.decode()), RateCard)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise _malformed(name, str(error)) from error
    for number, rate in enumerate(card.rates, 1):
        wrong = _wrong(rate)
        if wrong:
            raise _malformed(name, f"rate {number}: {wrong}")
    for one, other in _clashing(card.rates):
        raise _malformed(name, f"rates {one} and {other} are for the same unit, agreement and days")
    return card


def _wrong(rate: Rate) -> str:
    if not _CURRENCY.fullmatch(rate.currency):
        return "a currency is three capital letters, such as EUR"
    if rate.amount < 0 or rate.numerator < 1 or rate.denominator < 1:
        return "amounts are not negative, and what they are multiplied with is above nothing"
    if not rate.clause.strip():
        return "it names no clause"
    for day in (rate.since, rate.until):
        if day and not _is_day(day):
            return "a day is written as 2026-11-23"
    return "its last day lies before its first" if rate.since and rate.until and rate.until < rate.since else ""


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _clashing(rates: Iterable[Rate]) -> list[tuple[int, int]]:
    numbered = list(enumerate(rates, 1))
    return [
        (place, other)
        for place, one in numbered
        for other, two in numbered[place:]
        if (one.unit, one.agreement) == (two.unit, two.agreement)
        and (not one.until or not two.since or two.since <= one.until)
        and (not two.until or not one.since or one.since <= two.until)
    ]


def _malformed(name: str, why: str) -> InputError:
    return InputError(
        "statement.rate_card",
        f"{name} is no rate card: {why}",
        "Write it as docs/how-to/state-what-was-used.md shows",
    )
