"""Reads what people wrote into the fields of an agreement, and writes it as they would: forms of one `AgreementTerms`.

A field that nobody wrote stays "not said". Lists are separated by semicolons; where there is none, codes by spaces or commas, and names of
works, roles, scenes and tools by commas, for spaces are part of them. No problem repeats what was written: it may be somebody's name.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from edgecode.events.rights_kinds import AgreementTerms
from edgecode.ingest.agreement_fields import FIELD_NAMED, FIELDS, QUANTITIES, AgreementField, matches
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, Compensation, Unit

Written = str | Sequence[str]
"""What stands in one field: a text, or several in a list."""

NOTHING = "none"
_YES, _NO = ("yes", "true"), ("no", "false")
_FACTOR = re.compile(r"[x×*](\d{1,6})/(\d{1,6})")


class FieldProblem(Struct, frozen=True):
    """A field that cannot be read. *expected*: what would be, never what was written."""

    field: str
    expected: str


class Misread(ValueError):
    """Something cannot be read; its one argument says what was expected."""


def terms_of(
    written: Mapping[str, Written],
    *,
    agreement: RecordId,
    kind: Literal["consent", "license"],
    before: AgreementTerms | None = None,
    unsaid: Sequence[str] = (),
) -> tuple[AgreementTerms, list[FieldProblem]]:
    """The terms that the fields say, over those of *before* (an agreement that is amended), and every field that cannot be read.

    *unsaid*: fields of *before* that are said no longer. Empty fields count as not written. Names that are no fields are problems too.
    """
    parts = _parts_of(before)
    problems: list[FieldProblem] = []
    for name in unsaid:
        if (field := FIELD_NAMED.get(name)) is None:
            problems.append(FieldProblem(name, "the name of a field"))
        else:
            parts[field.part].pop(field.key, None)
    for name, value in written.items():
        if not value:
            continue
        field = FIELD_NAMED.get(name)
        if field is None or not field.is_of(kind):
            problems.append(FieldProblem(name, f"nothing: a {kind} has no such field"))
            continue
        try:
            parts[field.part][field.key] = read_field(field, value)
        except Misread as misread:
            problems.append(FieldProblem(name, str(misread)))
    problems += _contradictions(parts, kind)
    return _joined(parts, agreement), problems


def read_field(field: AgreementField, written: Written) -> object:
    """The value of a field as msgspec makes one of it. Raises Misread."""
    if field.is_list:
        return _several(field, listed(field, written))
    if not isinstance(written, str):
        raise Misread("one value, not a list")
    text = written.strip()
    if field.reading == "text":
        return text
    if field.reading == "yes_no":
        return yes_or_no(text)
    if field.reading == "number":
        return whole(text)
    if field.reading == "word":
        return one_of(text, field.choices)
    return ALL if field.reading == "end" and text == ALL else day(text, end=field.reading == "end")


def listed(field: AgreementField, written: Written) -> list[str]:
    """The values of a field that takes several, each as it was written. Raises Misread."""
    if field.reading in ("words", "maxima") and isinstance(written, str):
        # Codes hold neither space nor comma, so that any mixture of separators reads the same.
        return re.split(r"[\s,;|]+", written.strip(" \t\n,;|")) if written.strip(" \t\n,;|") else []
    return words_in(written, phrases=field.reading in ("phrases", "pay"), names=field.reading == "names")


def words_in(written: Written, *, phrases: bool = False, names: bool = False) -> list[str]:
    """The words of a list. *phrases*: only semicolons separate them, because they hold spaces and commas; *names*: commas too, where there
    is no semicolon. Raises Misread."""
    if not isinstance(written, str):
        if any(re.search("[;|]", one) for one in written):
            raise Misread(
                "values without a semicolon in them, because a list is given already: semicolons separate its values"
            )
        return [one.strip() for one in written if one.strip()]
    separators = r"[;|\n]" if phrases or re.search("[;|]", written) else r"[,\n]" if names else r"[\s,]+"
    return [one.strip() for one in re.split(separators, written) if one.strip()]


def day(text: str, *, end: bool = False) -> str:
    """A day. Raises Misread."""
    expected = "a day such as 2027-03-31" + (", or * for without end" if end else "")
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_day = False
    if not is_day:
        raise Misread(expected)
    return text


def yes_or_no(text: str) -> bool:
    """``yes`` or ``no``. Raises Misread."""
    if text.casefold() not in (*_YES, *_NO):
        raise Misread("yes or no")
    return text.casefold() in _YES


def one_of(text: str, choices: Sequence[str]) -> str:
    """One of a few words. Raises Misread."""
    if text not in choices:
        raise Misread(f"one of: {', '.join(choices)}")
    return text


def _several(field: AgreementField, words: Sequence[str]) -> object:
    if list(words) == [NOTHING] and field.can_be_none:
        return {} if field.reading == "maxima" else ()
    if list(words) == [ALL] and field.can_be_all:
        return (ALL,)
    if field.reading == "maxima":
        return _counts(words)
    if field.reading == "pay":
        return tuple(msgspec.to_builtins(_compensation(word)) for word in words)
    if field.choices:
        return tuple(one_of(word, field.choices) for word in words)
    if field.shape is not None and not all(matches(field.shape, word) for word in words):
        raise Misread(field.shape.expected + (", or * alone" if field.can_be_all else ""))
    return tuple(words)


def _counts(words: Sequence[str]) -> dict[str, int]:
    """Maxima by name, each said once. Raises Misread."""
    counted = [quantity(word) for word in words]
    if len({name for name, _ in counted}) < len(counted):
        raise Misread("each maximum once: what is said twice may be meant either way")
    return dict(counted)


def quantity(word: str) -> tuple[str, int]:
    """``NAME=N``. Raises Misread."""
    name, separator, number = word.partition("=")
    if not separator or name not in QUANTITIES:
        raise Misread(f"names with a number, as in seconds=90 lines=20; the names are: {', '.join(QUANTITIES)}")
    return name, whole(number)


def whole(text: str) -> int:
    """A whole number below 10^15, so that it can be recorded. Raises Misread."""
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Misread("a whole number")
    return int(text)


def _compensation(phrase: str) -> Compensation:
    """``days 90000 EUR x15/2 residual floor=scale``: the unit, then what is known of its rate."""
    words = phrase.split()
    if not words or words[0] not in get_args(Unit):
        raise Misread(f"a unit first, one of: {', '.join(get_args(Unit))}")
    found: dict[str, object] = {"unit": words[0]}
    for word in words[1:]:
        name, separator, value = word.partition("=")
        if re.fullmatch(r"[0-9]{1,15}", word):
            found["amount"] = int(word)
        elif re.fullmatch(r"[A-Z]{3}", word):
            found["currency"] = word
        elif (factor := _FACTOR.fullmatch(word)) and int(factor[2]):
            found |= {"numerator": int(factor[1]), "denominator": int(factor[2])}
        elif word in ("residual", "no-residual"):
            found["residual"] = word == "residual"
        elif separator and name in ("floor", "contributions"):
            found[name] = value
        else:
            raise Misread("UNIT AMOUNT CURRENCY [xN/D] [residual] [floor=…] [contributions=…]")
    return msgspec.convert(found, Compensation)


def _contradictions(parts: Mapping[str, Mapping[str, object]], kind: str) -> list[FieldProblem]:
    scope, revocation = parts["scope"], parts["revocation"]
    since, until = str(scope.get("since", "")), str(scope.get("until", ""))
    found = []
    if since and until and until != ALL and until < since:
        found.append(FieldProblem("until", "a day that is not before its first day"))
    if revocation.get("mode") == "prospective_with_notice" and not revocation.get("notice_days"):
        found.append(FieldProblem("revocation_notice_days", "the days of notice that this way of taking it back has"))
    if revocation.get("models") == "delete_by" and not revocation.get("models_by"):
        found.append(FieldProblem("revocation_models_by", "the day by which models are deleted"))
    return found


def _parts_of(before: AgreementTerms | None) -> dict[str, dict[str, object]]:
    """The values of an agreement by part; those that say nothing are left out."""
    whole: dict[str, object] = msgspec.to_builtins(before) if before is not None else {}
    scope, terms = _fields(whole.pop("scope", {})), _fields(whole.pop("terms", {}))
    revocation = _fields(terms.pop("revocation", {}))
    return {"agreement": whole, "scope": scope, "terms": terms, "revocation": revocation}


def _fields(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _joined(parts: Mapping[str, dict[str, object]], agreement: RecordId) -> AgreementTerms:
    terms = parts["terms"] | {"revocation": parts["revocation"]}
    whole = parts["agreement"] | {"agreement": agreement, "scope": parts["scope"], "terms": terms}
    return msgspec.convert(whole, AgreementTerms)


_NOTHING_UNSAID = frozenset({"maxima", "conditions"})
"""Of which an agreement that says nothing has none: no maximum, and nothing to be met first."""


def written_fields(terms: AgreementTerms, *, only_said: bool = True) -> dict[str, str]:
    """What an agreement says by the names of its fields, as `terms_of` reads it again; what is not said is left out.

    *only_said* False: that it has no maximum or condition is there too, as ``none``, whether somebody said so or nobody spoke of one.
    """
    parts = _parts_of(terms)
    found = {}
    for field in FIELDS:
        if field.key in parts[field.part]:
            found[field.name] = _as_written(field, parts[field.part][field.key])
        elif field.name in _NOTHING_UNSAID and not only_said:
            found[field.name] = NOTHING
    return found


def _as_written(field: AgreementField, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " ".join(f"{name}={number}" for name, number in sorted(value.items())) or NOTHING
    if isinstance(value, list | tuple):
        if field.reading == "pay":
            return "; ".join(_pay_as_written(msgspec.convert(one, Compensation)) for one in value) or NOTHING
        words = [str(one) for one in value]
        if field.reading == "words":
            return " ".join(words) or NOTHING
        # One name that holds a comma is told from several by the semicolon behind it.
        alone = field.reading == "names" and len(words) == 1 and "," in words[0]
        return "; ".join(words) + ";" * alone or NOTHING
    return str(value)


def _pay_as_written(one: Compensation) -> str:
    factor = f"x{one.numerator}/{one.denominator}" if (one.numerator, one.denominator) != (1, 1) else ""
    residual = {True: "residual", False: "no-residual", None: ""}[one.residual]
    named = [f"{name}={value}" for name, value in (("floor", one.floor), ("contributions", one.contributions)) if value]
    amount = str(one.amount) if one.amount else ""
    return " ".join(word for word in (one.unit, amount, one.currency, factor, residual, *named) if word)
