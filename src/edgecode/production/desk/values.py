"""Values of small records as people type them, each held against what it is: names that exist, whole numbers, days, currencies."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from edgecode.checks.rules.catalogue import near_names
from edgecode.errors import InputError
from edgecode.production.persons.noting import require_day

_WORDS = ("from", "place", "reference", "text", "to", "form")
_PAID = (
    "amount",
    "contributions",
    "currency",
    "paid_at",
    "payroll_ref",
    "quantity",
    "quantity_basis",
    "rate",
    "rate_card",
    "unit",
)
_WHOLE, _FRACTION, _CURRENCY = (
    re.compile(form) for form in (r"[0-9]{1,15}", r"[0-9]{1,9}(/[1-9][0-9]{0,8})?", r"[A-Z]{3}")
)
LONGEST = 2_000


def known_values(family: str) -> tuple[str, ...]:
    """Names of values that a record of this family may have (consent.md 3.15)."""
    return tuple(sorted((*_WORDS, *(_PAID if family == "payment" else ()))))


def paper_values(family: str, written: Mapping[str, str]) -> dict[str, str]:
    """The same values, checked. Money is in minor units with its currency beside it, a quantity whole, a rate whole or a fraction.

    Raises InputError ``desk.wrong_value``, which repeats no value.
    """
    for name, value in written.items():
        if name not in known_values(family):
            near = near_names(name, known_values(family)) if name.isascii() and name.replace("_", "").isalnum() else ""
            raise InputError(
                "desk.wrong_value",
                f"such a record has no value of that name{near}",
                f"It may have: {', '.join(known_values(family))}",
            )
        meant = _MEANT.get(name)
        if meant is not None and not meant[0](value):
            raise InputError(
                "desk.wrong_value",
                f"{name} is {meant[1]}",
                "As in: --value quantity=3 --value amount=90000 --value currency=EUR",
            )
        if not value or len(value) > LONGEST or not value.isprintable():
            raise InputError(
                "desk.wrong_value", f"{name} is empty, too long or not one line of text", "Give it, or leave it out"
            )
    if "amount" in written and "currency" not in written:
        raise InputError(
            "desk.wrong_value", "an amount has a currency beside it", "As in: --value amount=90000 --value currency=EUR"
        )
    return dict(written)


def _matches(form: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: form.fullmatch(value) is not None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_MEANT: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "amount": (_matches(_WHOLE), "a whole number of minor units, cents for euros, its currency apart"),
    "contributions": (_matches(_WHOLE), "a whole number of minor units, cents for euros"),
    "currency": (_matches(_CURRENCY), "a code of three capitals (ISO 4217)"),
    "paid_at": (_is_day, "a day, 2026-11-23"),
    "quantity": (_matches(_WHOLE), "a whole number"),
    "rate": (_matches(_FRACTION), "a whole number of minor units, or a fraction of the scale as 15/2"),
}


def require_days(at: str, until: str, *others: str, on: str) -> None:
    """Days of a record: *at* not ahead of the day *on*, *until* not before it.

    One day ahead is allowed, because it is tomorrow somewhere. Raises UsageError ``person.date`` and InputError ``desk.days``.
    """
    for day in (at, until, *others):
        require_day(day, empty=True)
    if at and date.fromisoformat(at) > date.fromisoformat(on) + timedelta(days=1):
        raise InputError(
            "desk.days",
            "its day lies ahead, and nothing has happened yet",
            "Record it when it has; --due says until when it is expected",
        )
    if until and until < (at or on):
        raise InputError("desk.days", "its last day is over before it begins", "Give --until after --at")
