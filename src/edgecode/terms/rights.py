"""Words of rights: parties, likeness, acts of consent, the scope and terms that consents and licenses share.

Every value here is data that somebody wrote down; none claims that a law or a contract is met. A field that is None was not said: what
depends on it is unknown. ``("*",)`` says that everything is meant. (consent.md, section 3)
"""

from typing import Literal, TypeAlias

from msgspec import Struct

PartyKind = Literal["natural_person", "organization", "guild", "estate", "collecting_society"]
Capacity = Literal[
    "agent", "manager", "attorney", "guardian", "union", "executor", "heir", "rights_manager", "court_appointed"
]
Decision = Literal["unanimous", "majority", "any"]
"""How several representatives of one person decide."""

Modality = Literal["face", "full_body", "voice", "singing_voice", "gesture_motion", "signature_trait", "name"]
BiometricKind = Literal["none", "fingerprint", "palmprint", "iris", "face_template", "voiceprint"]
SessionKind = Literal["scan_photogrammetry", "lightstage", "mocap", "voice_recording", "on_set_photography", "archival"]
ReplicaType = Literal["employment_based", "background", "independently_created", "estate", "self_owned", "synthetic"]
ReplicaMedium = Literal["visual", "vocal", "both"]
ReplicaMove = Literal["custody", "transfer_requested", "transferred", "deleted"]

Act = Literal[
    "create",
    "use_this_work",
    "use_other_work",
    "alter",
    "dub",
    "train",
    "fine_tune",
    "transfer",
    "biometric_process",
    "retain",
    "promote",
]
"""What a person permits, each given and withdrawn on its own. A new word: docs/how-to/add-a-word.md says what has to learn it."""

Form = Literal[
    "clause_separately_signed", "clause_initialed", "separate_writing", "rider", "electronic_record", "oral_recorded"
]
LegalGround = Literal["contract", "cba", "art9_explicit", "statute"]
SurvivesDeath = Literal["yes", "no", "limited"]
Training = Literal["none", "this_production_only", "named_model", "general"]
Prohibited = Literal[
    "nudity", "simulated_sex", "violence", "drugs", "political", "endorsement", "religion", "defamatory", "other"
]
Field = Literal["film", "tv", "streaming", "advert", "trailer", "game", "music", "internal"]
"""Where something may be shown or heard: media of a release, and fields of use of a model's output."""

DocumentKind = Literal[
    "contract", "rider", "release_form", "license", "power_of_attorney", "court_order", "letter", "terms", "other"
]
Unit = Literal[
    "days",
    "lines",
    "words",
    "seconds_on_screen",
    "generations",
    "ads",
    "characters",
    "works_in_dataset",
    "model_version",
    "revenue",
    "uses",
    "footage_minutes",
]
Words: TypeAlias = tuple[str, ...] | None
"""None: not said. ``("*",)``: all of them."""

ALL = "*"


class Scope(Struct, frozen=True, omit_defaults=True):
    """What an agreement reaches. Days are ``YYYY-MM-DD``, both included; ``*`` for *until* says without end, "" says nothing.

    *works*: production ids, EIDR or ISAN. *languages*: BCP 47. *territories*: ISO 3166, ``EU``. *maxima*: largest number of seconds,
    frames, lines, words, generations, days, uses; what is not named has no maximum. *prohibited*: () says that nothing is.
    """

    works: Words = None
    roles: Words = None
    scenes: Words = None
    languages: Words = None
    territories: Words = None
    media: Words = None
    modalities: Words = None
    since: str = ""
    until: str = ""
    maxima: dict[str, int] = {}
    prohibited: Words = None
    tools: Words = None
    training: Training | None = None


class Compensation(Struct, frozen=True, omit_defaults=True):
    """A typed unit and its rate: *amount* in minor units of *currency*, times *numerator* / *denominator* (7.5 × scale is 15/2)."""

    unit: Unit
    amount: int = 0
    currency: str = ""
    numerator: int = 1
    denominator: int = 1
    floor: str = ""
    contributions: str = ""
    residual: bool | None = None


class Revocation(Struct, frozen=True, omit_defaults=True):
    """What taking an agreement back does. None: the agreement does not say, so a person has to decide. *clause*: its own words."""

    mode: Literal["none", "prospective", "prospective_with_notice", "withdraw_unreleased", "full_withdrawal"] | None = (
        None
    )
    notice_days: int = 0
    models: Literal["keep", "freeze", "delete_by"] | None = None
    models_by: str = ""
    source_scans: Literal["keep", "delete"] | None = None
    paid_fees: Literal["retained", "prorated"] | None = None
    released_copies: Literal["continue", "no_new_formats", "best_efforts_withdraw"] | None = None
    clause: str = ""


class Terms(Struct, frozen=True, omit_defaults=True):
    """On which terms. *conditions*: must be met before anything is granted (script approval, payment received …)."""

    conditions: tuple[str, ...] = ()
    approvals_per_use: bool | None = None
    compensation: tuple[Compensation, ...] = ()
    credit: str = ""
    audit_right: bool | None = None
    report_due: Literal["event", "monthly", "quarterly"] | None = None
    revocation: Revocation = Revocation()
    strike_clause: str = ""
    deletion: str = ""
    governing_law: str = ""


AgreementMove = Literal[
    "requested",
    "notified",
    "negotiating",
    "granted",
    "condition_met",
    "suspended",
    "resumed",
    "revoked",
    "exhausted",
    "terminated",
    "refused",
    "disputed",
    "dispute_ended",
]
"""What happens to a consent or a license (consent.md 4.2). Expiry is no event: it follows from the scope's last day."""

AgreementState = Literal[
    "draft",
    "requested",
    "notified",
    "negotiating",
    "granted_conditional",
    "active",
    "suspended",
    "revoked",
    "expired",
    "exhausted",
    "terminated",
    "refused",
    "superseded",
]
"""Where it stands. ``disputed`` is an overlay on any of these, never a state."""

Role = Literal[
    "artist", "supervisor", "clearance", "legal", "producer", "admin", "vendor", "representative", "guild", "auditor"
]
"""What somebody may do in a production (DESIGN section 4); ``legal`` decides what a rule leaves to counsel."""

ModelKind = Literal["base", "fine_tune", "lora", "voice_clone", "face_model"]
Gate = Literal["ingest", "publish", "deliver"]
Severity = Literal["info", "warn", "disclose", "approve", "block"]
CutState = Literal["locked", "delivered", "released"]
FactValue: TypeAlias = bool | int | str | tuple[str, ...]
"""A fact of the catalogue. That nobody has established it is no value: the fact is absent."""

SAID_BY = "said_by"
"""Beside `PERSON_FIELDS` in a note: the member whose word it is, by id."""

PERSON_FIELDS = frozenset(
    {
        "kind",
        "status",
        "deceased_on",
        "minor_until",
        "gdpr_subject",
        "domicile_at_death",
        "birth_year_bucket",
        "guilds",
        "member_of",
    }
)
"""What a note may say of a person that rules read; names and addresses are never among them.

*kind*: a `PartyKind`. *status*: ``living`` or ``deceased``. *deceased_on*, *minor_until*: days;
``adult`` instead of the latter of somebody who was of age when this production began. *gdpr_subject*: ``yes`` or ``no``.
*birth_year_bucket*: the years among which somebody was born, ``1990-1999``, where the day itself is nobody's business.
*guilds*: guilds whose agreement covers them, separated by spaces.
"""
