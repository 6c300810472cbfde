"""The working of a statement: what was counted, at which rates, and the arithmetic, so that anybody can do it again without the record."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edgecode.answers.statement.rate_card import Rate, Rounding
from edgecode.terms.rights import Unit

_MINOR_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Digits after the point of currencies that have not two (ISO 4217, list one)."""
_COUNTED: Mapping[str, str] = {
    "seconds_on_screen": "frames of the cut, each counted once, over its rate",
    "footage_minutes": "frames of the cut, each counted once, over its rate, over 60",
    "uses": "lines of this statement under the agreement",
}


class UsedLine(Struct, frozen=True):
    """A stretch of a cut. *first*, *end*: frames of the cut, half open; *rate*: frames a second, ``num/den``.

    *agreement*: the label that it rests on, "" for none; *covered*: whether that gives it and stands. *use*: key of the use. *why*: what
    stands against it, "" for nothing.
    """

    line: int
    cut: str
    reel: str
    shot: str
    kind: str
    medium: Literal["picture", "sound"]
    first: int
    end: int
    rate: Annotated[str, Meta(pattern="^[1-9][0-9]{0,8}(/[1-9][0-9]{0,8})?$")]
    timecode_in: str
    timecode_out: str
    agreement: str
    covered: Literal["yes", "no", "unknown"]
    use: str
    model: str
    edge_code: str
    grade: str
    entry: str
    why: str = ""

    @property
    def frames(self) -> int:
        return self.end - self.first


class Said(Struct, frozen=True):
    """A quantity that people stated of a use (lines, words, days): the larger of what they said."""

    agreement: str
    use: str
    unit: str
    quantity: int


class UnknownFrames(Struct, frozen=True):
    """Frames of a cut of which nobody knows who is in them: *unaccounted* of its *frames* of picture, *sound_unaccounted* of its
    *sound_frames*. *people*: frames with somebody who cannot be told."""

    cut: str
    frames: int
    unaccounted: int
    sound_frames: int
    sound_unaccounted: int
    people: int


class Inputs(Struct, frozen=True, kw_only=True):
    """All that a statement is computed from. *size*, *root*: of the ledger of *origin*; *day*: the day that agreements and rates were
    asked about. *training*: trainings of models on the payee's material. *contests*: of earlier statements, not answered."""

    payee: str
    production: str
    origin: str
    size: int
    root: str
    day: str
    since: str
    until: str
    cuts: tuple[str, ...]
    lines: tuple[UsedLine, ...]
    said: tuple[Said, ...]
    unknown: tuple[UnknownFrames, ...]
    rates: tuple[Rate, ...]
    training: tuple[str, ...]
    contests: tuple[str, ...] = ()


class Money(Struct, frozen=True):
    """One row of arithmetic. *quantity*, *counted*: before and after the clause's rounding, exact, "" where nobody recorded it.
    *proposed*: minor units, None where it cannot be computed."""

    agreement: str
    unit: str
    quantity: str
    how: str
    counted: str
    rate: str
    clause: str
    arithmetic: str
    currency: str
    proposed: int | None


class Working(Struct, frozen=True, tag_field="schema", tag="edgecode.statement/1"):
    """What is handed to the payee beside the paper: the inputs, and what follows from them."""

    inputs: Inputs
    money: tuple[Money, ...]


def worked(inputs: Inputs) -> Working:
    """The arithmetic over *inputs*, which alone decide it."""
    return Working(inputs, tuple(_money(inputs)))


def frames_once(lines: Iterable[UsedLine]) -> int:
    """Frames of the cuts that the lines lie in, each counted once however many lines, in picture or sound, share it."""
    return sum(count for _, count in _frames_by_cut(lines))


def exact(number: Fraction) -> str:
    """A decimal where it ends, else the fraction."""
    left = number.denominator
    for prime in (2, 5):
        while left % prime == 0:
            left //= prime
    if left != 1:
        return f"{number.numerator}/{number.denominator}"
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    return _pointed(int(number * 10**digits), digits)


def amount_text(minor: int, currency: str) -> str:
    """``520.00 EUR``."""
    return f"{_pointed(minor, _MINOR_DIGITS.get(currency, 2))} {currency}"


def _pointed(number: int, digits: int) -> str:
    if not digits:
        return str(number)
    whole, part = divmod(abs(number), 10**digits)
    return f"{'-' if number < 0 else ''}{whole}.{part:0{digits}d}"


def _money(inputs: Inputs) -> Iterable[Money]:
    for agreement in sorted({line.agreement for line in inputs.lines if line.agreement}):
        rates = [rate for rate in inputs.rates if rate.agreement in ("", agreement)]
        own = {rate.unit for rate in rates if rate.agreement}
        lines = [line for line in inputs.lines if line.agreement == agreement and line.covered == "yes"]
        said = [one for one in inputs.said if one.agreement == agreement]
        for rate in rates:
            if rate.agreement or rate.unit not in own:
                yield _row(agreement, rate, _quantity(rate.unit, lines, said))


def _quantity(unit: Unit, lines: Sequence[UsedLine], said: Sequence[Said]) -> Fraction | None:
    """How many units; None: a person has to say. Nothing used is zero of what is counted from the cut."""
    if unit == "uses":
        return Fraction(len(lines))
    if unit in _COUNTED:
        seconds = sum((Fraction(count) / Fraction(rate) for rate, count in _frames_by_cut(lines)), Fraction(0))
        return seconds if unit == "seconds_on_screen" else seconds / 60
    covered = {line.use for line in lines}
    stated = {one.use: one.quantity for one in said if one.unit == unit and one.use in covered}
    # A use of which nobody said how many would otherwise count as none.
    return Fraction(sum(stated.values())) if set(stated) == covered else None


def _row(agreement: str, rate: Rate, quantity: Fraction | None) -> Money:
    each = f"{amount_text(rate.amount, rate.currency)}"
    if (rate.numerator, rate.denominator) != (1, 1):
        each += f" × {rate.numerator}/{rate.denominator}"
    how = _COUNTED.get(rate.unit, "as a person stated it of each use")
    if quantity is None:
        why = "not recorded for each use: somebody has to state it"
        return Money(agreement, rate.unit, "", how, "", each, rate.clause, why, rate.currency, None)
    counted = rounded(quantity, rate.rounding)
    value = counted * rate.amount * Fraction(rate.numerator, rate.denominator)
    proposed = int(rounded(value, "half_up"))
    steps = f"{exact(quantity)} -> {exact(counted)} ({rate.rounding.replace('_', ' ')})"
    steps = steps if rate.rounding != "exact" else exact(counted)
    cents = "" if value.denominator == 1 else f"; {exact(value)} minor units, half up"
    return Money(
        agreement,
        rate.unit,
        exact(quantity),
        how,
        exact(counted),
        each,
        rate.clause,
        f"{steps} × {each} = {amount_text(proposed, rate.currency)}{cents}",
        rate.currency,
        proposed,
    )


def rounded(number: Fraction, rounding: Rounding) -> Fraction:
    """A number that is not negative, by a clause's rule."""
    if rounding == "exact":
        return number
    whole, part = divmod(number, 1)
    more = part > 0 if rounding == "up" else part >= Fraction(1, 2) if rounding == "half_up" else False
    return Fraction(whole + more)


def _frames_by_cut(lines: Iterable[UsedLine]) -> list[tuple[str, int]]:
    """For each cut its rate and how many frames the lines reach."""
    cuts: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for line in lines:
        cuts.setdefault((line.cut, line.rate), []).append((line.first, line.end))
    found = []
    for (_, rate), spans in sorted(cuts.items()):
        count, reached = 0, 0
        for first, end in sorted(spans):
            count += max(0, end - max(first, reached))
            reached = max(reached, end)
        found.append((rate, count))
    return found
