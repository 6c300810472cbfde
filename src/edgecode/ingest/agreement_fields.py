"""The fields of an agreement as people write them: one flat name each, for options, columns of a sheet and documents alike."""

import re
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from edgecode.terms.languages import LANGUAGE_TAG
from edgecode.terms.rights import (
    Act,
    Field,
    Form,
    LegalGround,
    Modality,
    Prohibited,
    Revocation,
    SurvivesDeath,
    Terms,
    Training,
)

Reading = Literal["text", "day", "end", "yes_no", "number", "word", "words", "names", "phrases", "maxima", "pay"]
"""*end*: a day or ``*``. *words*: codes, which spaces may separate. *names*: semicolons or commas do, for spaces are part of one.
*phrases*: only semicolons do. *maxima*: ``seconds=90 lines=20``. *pay*: a list of compensations."""

Part = Literal["agreement", "scope", "terms", "revocation"]
Whose = Literal["consent", "license", "both"]


QUANTITIES = (
    "seconds",
    "frames",
    "lines",
    "words",
    "generations",
    "days",
    "uses",
    "ads",
    "characters",
    "footage_minutes",
)
"""What a scope may have a largest number of, and a use a number. A word that no use counts would be a maximum that nothing meets."""


KNOWN = ("role", "scenes", "dialogue", "nudity", "length")
"""What may have been known of a use when somebody consented (consent.md 3.7)."""


class Shape(Struct, frozen=True):
    """What a word of an open list looks like, and how to say so."""

    pattern: str
    expected: str


LANGUAGE = Shape(LANGUAGE_TAG, "language tags (BCP 47) such as de or pt-BR")
TERRITORY = Shape(r"[A-Z]{2,4}(-[A-Z0-9]{1,3})?", "codes of countries (ISO 3166) such as DE, US-CA or EU")


class AgreementField(Struct, frozen=True, kw_only=True):
    """One field: *part* and *key* say where it stands in `AgreementTerms`. *choices*: the only words, () any of *shape*.

    *can_be_none*: ``none`` says that there is nothing. *can_be_all*: ``*`` says everything.
    """

    name: str
    reading: Reading
    part: Part
    key: str
    meaning: str
    whose: Whose = "both"
    choices: tuple[str, ...] = ()
    shape: Shape | None = None
    can_be_none: bool = False
    can_be_all: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it takes several values."""
        return self.reading in ("words", "names", "phrases", "maxima", "pay")

    def is_of(self, kind: Literal["consent", "license"]) -> bool:
        """Whether agreements of this kind have it."""
        return self.whose in ("both", kind)


def _agreement(
    name: str,
    reading: Reading,
    meaning: str,
    *,
    whose: Whose = "both",
    choices: tuple[str, ...] = (),
    none: bool = False,
) -> AgreementField:
    return AgreementField(
        name=name,
        reading=reading,
        part="agreement",
        key=name,
        meaning=meaning,
        whose=whose,
        choices=choices,
        can_be_none=none,
    )


def _consent(name: str, reading: Reading, meaning: str, choices: tuple[str, ...] = ()) -> AgreementField:
    return _agreement(name, reading, meaning, whose="consent", choices=choices)


def _license(name: str, reading: Reading, meaning: str, choices: tuple[str, ...] = ()) -> AgreementField:
    return _agreement(name, reading, meaning, whose="license", choices=choices, none=name == "opt_out_signals")


def _scope(name: str, reading: Reading, meaning: str, choices: tuple[str, ...] = ()) -> AgreementField:
    shape = {"languages": LANGUAGE, "territories": TERRITORY}.get(name)
    return AgreementField(
        name=name,
        reading=reading,
        part="scope",
        key=name,
        meaning=meaning,
        choices=choices,
        shape=shape,
        can_be_none=name in ("maxima", "prohibited", "tools"),
        can_be_all=reading in ("words", "names") and name != "prohibited",
    )


def _terms(name: str, reading: Reading, meaning: str, choices: tuple[str, ...] = ()) -> AgreementField:
    can_be_none = name in ("conditions", "compensation")
    return AgreementField(
        name=name, reading=reading, part="terms", key=name, meaning=meaning, choices=choices, can_be_none=can_be_none
    )


def _revocation(name: str, key: str, reading: Reading, meaning: str) -> AgreementField:
    choices = _words_of(Revocation, key) if reading == "word" else ()
    return AgreementField(name=name, reading=reading, part="revocation", key=key, meaning=meaning, choices=choices)


def _words_of(struct: type[Struct], name: str) -> tuple[str, ...]:
    """The words that a field of *struct* may be, from its type."""
    found = next(field.type for field in msgspec.structs.fields(struct) if field.name == name)
    return tuple(word for part in get_args(found) for word in get_args(part) if isinstance(word, str))


FIELDS: tuple[AgreementField, ...] = (
    _consent("acts", "words", "What is permitted, each on its own.", get_args(Act)),
    _consent("form", "word", "How it was given.", get_args(Form)),
    _consent("description", "text", "The intended use in the agreement's words; kept sealed."),
    _consent("grantee", "text", "To whom it is given."),
    _consent("notice_on", "day", "The day on which the intended use was described to them."),
    _agreement("signed_on", "day", "The day on which it was signed."),
    _consent("ground", "word", "On which legal ground.", get_args(LegalGround)),
    _consent("survives_death", "word", "Whether it outlives them.", get_args(SurvivesDeath)),
    _consent("script_version", "text", "The script that was known then."),
    _consent("known_at_consent", "words", "What of the use was known to them then.", KNOWN),
    _license("licensor", "text", "Who licenses it; kept sealed."),
    _license("exclusive", "yes_no", "Whether nobody else gets it."),
    _license("sublicense", "yes_no", "Whether it may be passed on."),
    _license("model_version_bound", "yes_no", "Whether it is for one version of a model only."),
    _license("fields", "words", "Where a model's outputs may be used.", get_args(Field)),
    _license("allows_ai", "yes_no", "Whether a model may alter it."),
    _license("attribution", "text", "How its maker is named."),
    _license("warranties", "text", "What the licensor warrants."),
    _license("indemnity", "yes_no", "Whether the licensor indemnifies."),
    _license("opt_out_signals", "names", "Reservations that were seen, or none."),
    _scope("works", "names", "Works it is for: production ids, EIDR or ISAN."),
    _scope("roles", "names", "Roles it is for."),
    _scope("scenes", "names", "Scenes it is for."),
    _scope("languages", "words", "Languages it is for (BCP 47)."),
    _scope("territories", "words", "Countries it is for (ISO 3166, EU)."),
    _scope("media", "words", "Where it may be shown or heard.", get_args(Field)),
    _scope("modalities", "words", "What of them it is for.", get_args(Modality)),
    _scope("since", "day", "Its first day."),
    _scope("until", "end", "Its last day, or * for without end."),
    _scope("maxima", "maxima", "The most of something, as in seconds=90 lines=20, or none."),
    _scope("prohibited", "words", "What it must not be used for, or none.", get_args(Prohibited)),
    _scope("tools", "names", "The only tools that it may be used with."),
    _scope("training", "word", "What may be trained on it.", get_args(Training)),
    _terms("conditions", "phrases", "What must be met first, separated by semicolons, or none."),
    _terms("approvals_per_use", "yes_no", "Whether each use has to be approved."),
    _terms("compensation", "pay", "UNIT AMOUNT CURRENCY [xN/D] [residual]: amounts in minor units; kept sealed."),
    _terms("credit", "text", "The credit that is due."),
    _terms("audit_right", "yes_no", "Whether they may look into the record of uses."),
    _terms("report_due", "word", "When uses are reported to them.", _words_of(Terms, "report_due")),
    _terms("strike_clause", "text", "What a strike does."),
    _terms("deletion", "text", "What is deleted, and when."),
    _terms("governing_law", "text", "Which law governs it."),
    _revocation("revocation", "mode", "word", "What taking it back does."),
    _revocation("revocation_notice_days", "notice_days", "number", "How many days ahead it has to be said."),
    _revocation("revocation_models", "models", "word", "What becomes of trained models."),
    _revocation("revocation_models_by", "models_by", "day", "The day by which models are deleted."),
    _revocation("revocation_scans", "source_scans", "word", "What becomes of source scans."),
    _revocation("revocation_fees", "paid_fees", "word", "What becomes of fees that were paid."),
    _revocation("revocation_released", "released_copies", "word", "What becomes of copies that are released."),
    _revocation("revocation_clause", "clause", "text", "The clause in its own words; kept sealed."),
)
FIELD_NAMED = {field.name: field for field in FIELDS}


def fields_of(kind: Literal["consent", "license"]) -> tuple[AgreementField, ...]:
    """The fields that agreements of this kind have, in the order in which people ask for them."""
    return tuple(field for field in FIELDS if field.is_of(kind))


def matches(shape: Shape, word: str) -> bool:
    """Whether a word looks as it should."""
    return re.fullmatch(shape.pattern, word) is not None
