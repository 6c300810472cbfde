"""Kinds of events about rights: agreements and what happens to them, people's sessions and replicas, uses, decisions of the desk.

Contract terms stand in `terms` (a key per agreement) and `recipe` (the production's key), whom it is about in `person`; `fact` holds
record ids, times, our own words and digests only. Rules of change are those of `events.kinds` (docs/decisions/0015-rights-kinds.md).
Days are ``YYYY-MM-DD`` (UTC), half-open frame ranges count the version's own frames.
"""

from typing import ClassVar, Literal

from edgecode.events.desk_kinds import (
    ApprovalGiven,
    AttestationMade,
    CutMoved,
    CutMoveFact,
    DeterminationFact,
    DeterminationMade,
    DisclosureMade,
    FindingAnswered,
    FindingAnswerFact,
    GateAsked,
    GateFact,
    HookFact,
    HookFinding,
    HookRan,
    HookSection,
    NoticeGiven,
    PackDecided,
    PackDecisionFact,
    PackDecisionSection,
    PackRun,
    Paper,
    PaperEndFact,
    PaperFact,
    PaperSection,
    PaperWithdrawn,
    PaymentRecorded,
    UseDeclared,
    UseFact,
    UseSection,
    decision_statement,
)
from edgecode.events.kinds import Event, PlaceSection, Section, TextSection, sorted_refs
from edgecode.events.person_kinds import PersonSection
from edgecode.events.profile_kinds import ProductionProfiled, ProfileFact, ProfileSection, profile_statement
from edgecode.terms.identity import RecordId, Sha256
from edgecode.terms.rights import (
    Act,
    AgreementMove,
    Capacity,
    Decision,
    DocumentKind,
    Field,
    Form,
    LegalGround,
    ModelKind,
    ReplicaMedium,
    ReplicaMove,
    ReplicaType,
    Role,
    Scope,
    SessionKind,
    SurvivesDeath,
    Terms,
)

# Given on, so that whoever wants a kind about rights finds it here.
# fmt: off
__all__ = [
    "ApprovalGiven",
    "AttestationMade",
    "CutMoveFact",
    "CutMoved",
    "DeterminationFact",
    "DeterminationMade",
    "DisclosureMade",
    "FindingAnswerFact",
    "FindingAnswered",
    "GateAsked",
    "GateFact",
    "HookFact",
    "HookFinding",
    "HookRan",
    "HookSection",
    "NoticeGiven",
    "PackDecided",
    "PackDecisionFact",
    "PackDecisionSection",
    "PackRun",
    "Paper",
    "PaperEndFact",
    "PaperFact",
    "PaperSection",
    "PaperWithdrawn",
    "PaymentRecorded",
    "ProductionProfiled",
    "ProfileFact",
    "ProfileSection",
    "UseDeclared",
    "UseFact",
    "UseSection",
    "decision_statement",
    "profile_statement",
]
# fmt: on

# ---------------------------------------------------------------------------------------------------- the production and its people


class MemberFact(Section, frozen=True):
    """*key*: their Ed25519 public key in hexadecimal, "" while they sign nothing. *retired*: from here on they decide nothing. *by*: the
    member who gave them a role that decides; "" where nobody had it yet, and of entries of before."""

    member: RecordId
    roles: tuple[Role, ...]
    key: str = ""
    retired: bool = False
    by: RecordId = ""


class MemberNamed(Event, frozen=True):
    """Somebody works in the production in these roles; who it is stands in `person`. The latest of a member counts."""

    TYPE: ClassVar[str] = "member.named/1"
    fact: MemberFact
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.member, self.fact.by)


class MakingFact(Section, frozen=True):
    making: RecordId
    member: RecordId
    versions: tuple[RecordId, ...]


class MakerNamed(Event, frozen=True):
    """A member made these versions, so they may not clear a finding on them. Nothing counts or times what they make."""

    TYPE: ClassVar[str] = "maker.named/1"
    fact: MakingFact

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.making, self.fact.member, *self.fact.versions)[:200]


class RepresentationFact(Section, frozen=True):
    """*side*: whose `person` section it is; two events with one *representation* name both."""

    representation: RecordId
    side: Literal["principal", "agent"]
    ended: bool = False


class RepresentationSection(Section, frozen=True):
    """*share*: numerator and denominator of an heir's part. *agreement*: the key that seals this section, the representation's id.

    *negotiated*: they negotiated the grants of the person. *searched*: who looked for a representative and when, found none.
    """

    agreement: RecordId
    capacity: Capacity
    share: tuple[int, int] | None = None
    decision: Decision | None = None
    acts: tuple[Act, ...] | None = None
    since: str = ""
    until: str = ""
    negotiated: bool | None = None
    registered_claim: str = ""
    searched: str = ""
    documents: tuple[RecordId, ...] = ()


class RepresentationRecorded(Event, frozen=True):
    """One party may sign for another, in this capacity."""

    TYPE: ClassVar[str] = "representation.recorded/1"
    fact: RepresentationFact
    terms: RepresentationSection | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.representation)


class SessionFact(Section, frozen=True):
    """*versions*: what was captured. Times are milliseconds since 1970, 0 where nobody said."""

    session: RecordId
    kind: SessionKind
    versions: tuple[RecordId, ...] = ()
    requested: int = 0
    notice_given: int = 0
    engaged: int = 0
    started: int = 0
    ended: int = 0
    consent: RecordId = ""


class SessionRecorded(Event, frozen=True):
    """A person was scanned, captured, recorded or photographed. `person.values`: business_reason, work_day, pay_unit, guardian_present."""

    TYPE: ClassVar[str] = "session.recorded/1"
    fact: SessionFact
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.session, self.fact.consent, *self.fact.versions)[:200]


class ReplicaFact(Section, frozen=True):
    """*made_from*: sessions and versions, *versions*: the files that are the replica (scan, rig, model, voice). *synthetic* has nobody."""

    replica: RecordId
    kind: ReplicaType
    medium: ReplicaMedium
    made_from: tuple[RecordId, ...] = ()
    versions: tuple[RecordId, ...] = ()
    delete_by: str = ""


class ReplicaRecorded(Event, frozen=True):
    """A replica of a person exists. `person.values`: owner, custody, storage, and labels by regime (``label.sag-aftra`` …)."""

    TYPE: ClassVar[str] = "replica.recorded/1"
    fact: ReplicaFact
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.replica, *self.fact.made_from, *self.fact.versions)[:200]


class ReplicaMoveFact(Section, frozen=True):
    """*due*: the day an answer is due (a transfer asks for one within 21 days)."""

    replica: RecordId
    move: ReplicaMove
    on: str
    due: str = ""
    documents: tuple[RecordId, ...] = ()


class ReplicaMoved(Event, frozen=True):
    """A replica changed hands or custody, or was deleted. `text`: to whom, and what they committed to."""

    TYPE: ClassVar[str] = "replica.moved/1"
    fact: ReplicaMoveFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.replica, *self.fact.documents)


# ---------------------------------------------------------------------------------------------------- documents and agreements


class DocumentFact(Section, frozen=True):
    """*supersedes*: the version of the same document before this one, so that its versions hang together by their digests."""

    document: RecordId
    kind: DocumentKind
    supersedes: RecordId = ""


class DocumentBytes(Section, frozen=True):
    """*before*: SHA-256 of the version that this one supersedes, "" for the first."""

    sha256: Sha256
    size: int
    before: str = ""


class DocumentKept(Event, frozen=True):
    """A paper is evidence: its bytes are committed to, the file itself stays where it is. `person`: whose it is, if it is one person's."""

    TYPE: ClassVar[str] = "document.kept/1"
    fact: DocumentFact
    bytes: DocumentBytes | None = None
    place: PlaceSection | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.document, self.fact.supersedes)


class AgreementFact(Section, frozen=True):
    """*kept*: ``here``, so that this log knows everything that happens to it, or ``elsewhere``, so that its standing has to be asked for.

    *covers*: of a license, the versions, datasets and models that it is for. *supersedes*: the version before an amendment. *by*: the
    member who answers for its having been signed; what cures a loss on record needs one.
    """

    agreement: RecordId
    kind: Literal["consent", "license"]
    kept: Literal["here", "elsewhere"] = "here"
    covers: tuple[RecordId, ...] = ()
    documents: tuple[RecordId, ...] = ()
    supersedes: RecordId = ""
    by: RecordId = ""


class AgreementTerms(Section, frozen=True):
    """What was agreed, sealed with the agreement's own key. *label*: what the production calls it (``C-07``, ``L-14``).

    Of a consent: *acts*, *form*, *description*, *ground*, *survives_death*, *representation* (who signed for the person; "": the person),
    *signed_beside* (who signed with them, as heirs do), *known_at_consent* (what was known of the use then, by word).
    Of a license: *licensor*, *fields* (media of outputs), *allows_ai*, *training* in the scope, *model_version_bound*, *warranties*.
    """

    agreement: RecordId
    label: str = ""
    acts: tuple[Act, ...] = ()
    form: Form | None = None
    description: str = ""
    grantee: str = ""
    representation: RecordId = ""
    notice_on: str = ""
    signed_on: str = ""
    ground: LegalGround | None = None
    survives_death: SurvivesDeath | None = None
    script_version: str = ""
    licensor: str = ""
    exclusive: bool | None = None
    sublicense: bool | None = None
    model_version_bound: bool | None = None
    fields: tuple[Field, ...] | None = None
    allows_ai: bool | None = None
    attribution: str = ""
    warranties: str = ""
    indemnity: bool | None = None
    opt_out_signals: tuple[str, ...] | None = None
    scope: Scope = Scope()
    terms: Terms = Terms()
    signed_beside: tuple[RecordId, ...] = ()
    known_at_consent: tuple[str, ...] | None = None

    @property
    def signers(self) -> tuple[RecordId, ...]:
        """Every representation by which it was signed; () when the person signed."""
        return (self.representation, *self.signed_beside) if self.representation else ()


class AgreementRecorded(Event, frozen=True):
    """A consent (of `person`) or a license was written down, or amended. What happened to it is said by `agreement.moved`."""

    TYPE: ClassVar[str] = "agreement.recorded/1"
    fact: AgreementFact
    terms: AgreementTerms | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        named = (*self.fact.covers, *self.fact.documents)
        return sorted_refs(self.fact.agreement, self.fact.supersedes, *named)[:200]


class AgreementMoveFact(Section, frozen=True):
    """*effective*: the day from which it counts, which may lie ahead. *acts*: of a partial revocation the acts taken back; () all. *by*:
    of a grant, the member who answers for it."""

    agreement: RecordId
    move: AgreementMove
    effective: str
    why: Literal["", "strike", "legal_hold", "non_payment", "dispute", "gdpr", "notice", "breach", "minor_of_age"] = ""
    acts: tuple[Act, ...] = ()
    documents: tuple[RecordId, ...] = ()
    by: RecordId = ""


class MoveTerms(Section, frozen=True):
    """*condition*: which condition was met, in the agreement's words; *approver*: who said so."""

    agreement: RecordId
    condition: str = ""
    approver: str = ""
    note: str = ""


class AgreementMoved(Event, frozen=True):
    """Something happened to an agreement. Recording a revocation is always accepted, whatever the agreement says."""

    TYPE: ClassVar[str] = "agreement.moved/1"
    fact: AgreementMoveFact
    terms: MoveTerms | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.agreement, *self.fact.documents)


class StandingFact(Section, frozen=True):
    """*as_of*: the moment that the answer is about, milliseconds since 1970. *about*: the agreement, a declared use, or a version.
    *by*: the member who answers for it ("" for nobody), *documents*: the papers that show it; without both it ends nothing said before."""

    standing: RecordId
    about: RecordId
    as_of: int
    by: RecordId = ""
    documents: tuple[RecordId, ...] = ()


class StandingSection(Section, frozen=True):
    """What whoever keeps an agreement says of it: facts of the catalogue that begin with consent, license or representation, by name."""

    agreement: RecordId
    values: dict[str, bool] = {}


class StandingStated(Event, frozen=True):
    """An agreement that is kept elsewhere was asked for; what the answer leaves out is not known."""

    TYPE: ClassVar[str] = "standing.stated/1"
    fact: StandingFact
    terms: StandingSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.standing, self.fact.about)


# ---------------------------------------------------------------------------------------------------- models, data, tools


class ModelDescription(Section, frozen=True):
    """*version*: the file of weights. *trained_on*: datasets and versions; None: nobody said, () nothing. *parents*: models it was made of.

    *undisclosed*: the maker will not say what it was trained on, which differs from nobody having asked. *by*: the member who answers for
    it ("" for nobody), *documents*: the papers that show it; without both, nothing that was said before and holds a use back is taken back.
    """

    description: RecordId
    version: RecordId
    parents: tuple[RecordId, ...] | None = None
    trained_on: tuple[RecordId, ...] | None = None
    undisclosed: bool = False
    one_person: bool | None = None
    placed_on_market: str = ""
    by: RecordId = ""
    documents: tuple[RecordId, ...] = ()


class ModelTerms(Section, frozen=True):
    """*allowed_works*: production ids, ``*``. *marking*: what it puts into outputs. *kind*, *version*: as consent.md 3.12 has them."""

    vendor: str = ""
    allowed_works: tuple[str, ...] | None = None
    fields: tuple[Field, ...] | None = None
    restricts_av: bool | None = None
    marking: tuple[str, ...] | None = None
    certifications: tuple[str, ...] = ()
    kind: ModelKind | None = None
    version: str = ""
    detector_url: str = ""


class ModelDescribed(Event, frozen=True):
    """What is known of a model beyond its bytes. `person`: whose likeness it was built for."""

    TYPE: ClassVar[str] = "model.described/1"
    fact: ModelDescription
    recipe: ModelTerms | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        named = (*(self.fact.parents or ()), *(self.fact.trained_on or ()), *self.fact.documents)
        return sorted_refs(self.fact.description, self.fact.version, *named)[:200]


Basis = Literal["licensed", "owned", "public_domain", "commissioned", "reserved", "unknown"]


class DatasetItem(Section, frozen=True):
    """One item or range of a dataset. *release*: the consent or license of it, *license*: where it has both, *basis*: on which ground it is
    there, *holder*: who holds the rights in it."""

    item: str
    basis: Basis
    release: RecordId = ""
    version: RecordId = ""
    likeness: bool | None = None
    license: RecordId = ""
    holder: str = ""


class DatasetDescription(Section, frozen=True):
    """*version*: the dataset. None: nobody said. *by* and *documents* as in `ModelDescription`."""

    description: RecordId
    version: RecordId
    third_party: bool | None = None
    likeness: bool | None = None
    minors: bool | None = None
    reserved: bool | None = None
    complete: bool = False
    by: RecordId = ""
    documents: tuple[RecordId, ...] = ()


class DatasetRights(Section, frozen=True):
    """*items*: down to the release of each. *reservations*: scheme, value and day of every signal seen. *collected*: how, D&TA words."""

    items: tuple[DatasetItem, ...] = ()
    reservations: tuple[tuple[str, str, str], ...] = ()
    collected: str = ""
    card: dict[str, str] = {}


class DatasetDescribed(Event, frozen=True):
    """What is known of the rights in a dataset; the latest description counts, beside what earlier ones hold against a use."""

    TYPE: ClassVar[str] = "dataset.described/1"
    fact: DatasetDescription
    recipe: DatasetRights | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.description, self.fact.version, *self.fact.documents)


class ToolTermsFact(Section, frozen=True):
    snapshot: RecordId
    seen: str
    supersedes: RecordId = ""


class ToolTermsSection(Section, frozen=True):
    """Terms of service of one tool and plan, as somebody read them out of the snapshot; None: it does not say, or nobody read it."""

    tool: str
    plan: str = ""
    vendor: str = ""
    since: str = ""
    trains_on_inputs: bool | None = None
    retention_days: int | None = None
    enterprise: bool | None = None
    indemnity: bool | None = None
    covered_provider: bool | None = None
    restricts_av: bool | None = None
    fields: tuple[Field, ...] | None = None


class ToolTermsSeen(Event, frozen=True):
    """The terms of a tool were archived: the bytes of the page or paper, and what it says."""

    TYPE: ClassVar[str] = "tool-terms.seen/1"
    fact: ToolTermsFact
    bytes: DocumentBytes | None = None
    recipe: ToolTermsSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.snapshot, self.fact.supersedes)


RIGHTS_KINDS: tuple[type[Event], ...] = (
    ProductionProfiled,
    MemberNamed,
    MakerNamed,
    RepresentationRecorded,
    SessionRecorded,
    ReplicaRecorded,
    ReplicaMoved,
    DocumentKept,
    AgreementRecorded,
    AgreementMoved,
    StandingStated,
    ModelDescribed,
    DatasetDescribed,
    ToolTermsSeen,
    UseDeclared,
    NoticeGiven,
    ApprovalGiven,
    DisclosureMade,
    AttestationMade,
    PaymentRecorded,
    DeterminationMade,
    PaperWithdrawn,
    CutMoved,
    PackDecided,
    FindingAnswered,
    GateAsked,
    HookRan,
)
