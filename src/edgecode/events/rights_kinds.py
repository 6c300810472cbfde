"""Kinds of events about rights: agreements and what happens to them, people's sessions and replicas, uses, decisions of the desk.

Contract terms stand in `terms` (a key per agreement) and `recipe` (the production's key), whom it is about in `person`; `fact` holds
record ids, times, our own words and digests only. Rules of change are those of `events.kinds` (docs/decisions/0015-rights-kinds.md).
Days are ``YYYY-MM-DD`` (UTC), half-open frame ranges count the version's own frames.
"""

from typing import ClassVar, Literal

from edgecode.events.kinds import Event, PlaceSection, Section, TextSection, sorted_refs
from edgecode.events.person_kinds import PersonSection
from edgecode.terms.identity import RecordId, Sha256
from edgecode.terms.rights import (
    Act,
    AgreementMove,
    Capacity,
    CutState,
    Decision,
    DocumentKind,
    FactValue,
    Field,
    Form,
    Gate,
    LegalGround,
    ReplicaMedium,
    ReplicaMove,
    ReplicaType,
    Role,
    Scope,
    SessionKind,
    SurvivesDeath,
    Terms,
)

# ---------------------------------------------------------------------------------------------------- the production and its people


class ProfileFact(Section, frozen=True):
    profile: RecordId


class ProfileSection(Section, frozen=True):
    """*values*: facts of the catalogue whose world is ``profile``, by name; None takes one back. What is not named stays as it was."""

    values: dict[str, FactValue | None] = {}


class ProductionProfiled(Event, frozen=True):
    """What kind of production it is, where it is released, whose agreements and policies bind it."""

    TYPE: ClassVar[str] = "production.profiled/1"
    fact: ProfileFact
    recipe: ProfileSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.profile)


class MemberFact(Section, frozen=True):
    """*key*: their Ed25519 public key in hexadecimal, "" while they sign nothing. *retired*: from here on they decide nothing."""

    member: RecordId
    roles: tuple[Role, ...]
    key: str = ""
    retired: bool = False


class MemberNamed(Event, frozen=True):
    """Somebody works in the production in these roles; who it is stands in `person`. The latest of a member counts."""

    TYPE: ClassVar[str] = "member.named/1"
    fact: MemberFact
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.member)


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

    *covers*: of a license, the versions, datasets and models that it is for. *supersedes*: the version before an amendment.
    """

    agreement: RecordId
    kind: Literal["consent", "license"]
    kept: Literal["here", "elsewhere"] = "here"
    covers: tuple[RecordId, ...] = ()
    documents: tuple[RecordId, ...] = ()
    supersedes: RecordId = ""


class AgreementTerms(Section, frozen=True):
    """What was agreed, sealed with the agreement's own key. *label*: what the production calls it (``C-07``, ``L-14``).

    Of a consent: *acts*, *form*, *description*, *ground*, *survives_death*, *representation* (who signed for the person; "": the person).
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
    """*effective*: the day from which it counts, which may lie ahead. *acts*: of a partial revocation the acts taken back; () all."""

    agreement: RecordId
    move: AgreementMove
    effective: str
    why: Literal["", "strike", "legal_hold", "non_payment", "dispute", "gdpr", "notice", "breach", "minor_of_age"] = ""
    acts: tuple[Act, ...] = ()
    documents: tuple[RecordId, ...] = ()


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
    """*as_of*: the moment that the answer is about, milliseconds since 1970. *about*: the agreement, a declared use, or a version."""

    standing: RecordId
    about: RecordId
    as_of: int


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

    *undisclosed*: the maker will not say what it was trained on, which differs from nobody having asked.
    """

    description: RecordId
    version: RecordId
    parents: tuple[RecordId, ...] | None = None
    trained_on: tuple[RecordId, ...] | None = None
    undisclosed: bool = False
    one_person: bool | None = None
    placed_on_market: str = ""


class ModelTerms(Section, frozen=True):
    """*allowed_works*: production ids, ``*``. *marking*: what the maker puts into outputs."""

    vendor: str = ""
    allowed_works: tuple[str, ...] | None = None
    fields: tuple[Field, ...] | None = None
    restricts_av: bool | None = None
    marking: tuple[str, ...] | None = None
    certifications: tuple[str, ...] = ()


class ModelDescribed(Event, frozen=True):
    """What is known of a model beyond its bytes. `person`: whose likeness it was built for."""

    TYPE: ClassVar[str] = "model.described/1"
    fact: ModelDescription
    recipe: ModelTerms | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        named = (*(self.fact.parents or ()), *(self.fact.trained_on or ()))
        return sorted_refs(self.fact.description, self.fact.version, *named)[:200]


Basis = Literal["licensed", "owned", "public_domain", "commissioned", "reserved", "unknown"]


class DatasetItem(Section, frozen=True):
    """One item or range of a dataset. *release*: the consent or license of it, *basis*: on which ground it is there."""

    item: str
    basis: Basis
    release: RecordId = ""
    version: RecordId = ""
    likeness: bool | None = None


class DatasetDescription(Section, frozen=True):
    """*version*: the dataset. None: nobody said."""

    description: RecordId
    version: RecordId
    third_party: bool | None = None
    likeness: bool | None = None
    minors: bool | None = None
    reserved: bool | None = None
    complete: bool = False


class DatasetRights(Section, frozen=True):
    """*items*: down to the release of each. *reservations*: scheme, value and day of every signal seen. *collected*: how, D&TA words."""

    items: tuple[DatasetItem, ...] = ()
    reservations: tuple[tuple[str, str, str], ...] = ()
    collected: str = ""
    card: dict[str, str] = {}


class DatasetDescribed(Event, frozen=True):
    """What is known of the rights in a dataset; the latest description of a dataset counts."""

    TYPE: ClassVar[str] = "dataset.described/1"
    fact: DatasetDescription
    recipe: DatasetRights | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.description, self.fact.version)


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


# ---------------------------------------------------------------------------------------------------- uses and small records


class UseFact(Section, frozen=True):
    """*versions*: what shows or sounds; () and *cut* "": of the whole production (a script, an advert, a transfer).

    *first*, *end*: frames of the one version, None: all. *track*: None.
    """

    use: RecordId
    versions: tuple[RecordId, ...] = ()
    cut: RecordId = ""
    first: int | None = None
    end: int | None = None


class UseSection(Section, frozen=True):
    """*values*: facts of the catalogue whose world is ``derived``, by name, as somebody states them; what is left out is not known.

    *scope*: what the use needs where it differs from the production: roles, scenes, languages, territories, media, as in `Scope`.
    *quantities*: lines, words, days and others that no machine counts.
    """

    values: dict[str, FactValue] = {}
    scope: Scope = Scope()
    quantities: dict[str, int] = {}


class UseDeclared(Event, frozen=True):
    """Somebody says that a likeness, a work, a dataset or a model is used so. A use is never edited: another supersedes it."""

    TYPE: ClassVar[str] = "use.declared/1"
    fact: UseFact
    recipe: UseSection | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.use, self.fact.cut, *self.fact.versions)[:200]


class PaperFact(Section, frozen=True):
    """A small record. *kind*: its word in the catalogue of facts (``scan_48h``, ``netflix_written``, ``cue_sheet`` …).

    *about*: cuts, versions, declared uses, agreements, sessions, replicas, datasets, models; () the whole production. *uses*: keys of
    derived uses. *at*, *until*, *due*: days. *by*: the member who says so. *documents*: the evidence.
    """

    paper: RecordId
    kind: str
    about: tuple[RecordId, ...] = ()
    uses: tuple[str, ...] = ()
    at: str = ""
    until: str = ""
    due: str = ""
    by: RecordId = ""
    documents: tuple[RecordId, ...] = ()


class PaperSection(Section, frozen=True):
    """Words and numbers of a small record: to or from whom, form, place, conditions, quantity, amount, currency, reference."""

    values: dict[str, str] = {}


class Paper(Event, frozen=True):
    """What the six small records share; of itself no kind of event. `person`: about one person only."""

    fact: PaperFact
    recipe: PaperSection | None = None
    text: TextSection | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.paper, self.fact.by, *self.fact.about, *self.fact.documents)[:200]


class NoticeGiven(Paper, frozen=True):
    """Somebody was told of something."""

    TYPE: ClassVar[str] = "notice.given/1"


class ApprovalGiven(Paper, frozen=True):
    """Somebody who may approve did: it satisfies a rule that asks for it."""

    TYPE: ClassVar[str] = "approval.given/1"


class DisclosureMade(Paper, frozen=True):
    """Something was disclosed to an audience, an office, a festival."""

    TYPE: ClassVar[str] = "disclosure.made/1"


class AttestationMade(Paper, frozen=True):
    """Somebody attests that something is so."""

    TYPE: ClassVar[str] = "attestation.made/1"


class PaymentRecorded(Paper, frozen=True):
    """Something was paid or scheduled: units and a proposed amount, never a residual total."""

    TYPE: ClassVar[str] = "payment.recorded/1"


class DeterminationFact(Section, frozen=True):
    """*question*: a fact of the catalogue (``use.deepfake``) or the word behind ``determination.``. *answer*: the fact's value as text,
    ``yes``, ``no``. *clause*: the agreement whose revocation clause it cites. *rule*: pack, version and rule that asked."""

    determination: RecordId
    question: str
    answer: str
    by: RecordId = ""
    role: Role | Literal[""] = ""
    about: tuple[RecordId, ...] = ()
    uses: tuple[str, ...] = ()
    at: str = ""
    until: str = ""
    rule: str = ""
    clause: RecordId = ""
    documents: tuple[RecordId, ...] = ()


class DeterminationMade(Event, frozen=True):
    """A named human judged what no machine can. The reason is in `text`."""

    TYPE: ClassVar[str] = "determination.made/1"
    fact: DeterminationFact
    text: TextSection | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        named = (*self.fact.about, *self.fact.documents)
        return sorted_refs(self.fact.determination, self.fact.by, self.fact.clause, *named)[:200]


class PaperEndFact(Section, frozen=True):
    """*record*: whatever of the desk was noted in error: a small record, use, session, replica, document or answer."""

    record: RecordId


class PaperWithdrawn(Event, frozen=True):
    """A record of the desk was taken back."""

    TYPE: ClassVar[str] = "paper.withdrawn/1"
    fact: PaperEndFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.record)


class CutMoveFact(Section, frozen=True):
    """*territories* and *media* of a release are in `recipe`."""

    cut: RecordId
    state: CutState
    on: str
    undone: bool = False


class CutMoved(Event, frozen=True):
    """A cut was locked, delivered or released; *undone*: unlocked again."""

    TYPE: ClassVar[str] = "cut.moved/1"
    fact: CutMoveFact
    recipe: PaperSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.cut)


# ---------------------------------------------------------------------------------------------------- the desk


class PackDecisionFact(Section, frozen=True):
    """*pack*, *version*, *digest*: which. *decision*: ``on``, ``off``, ``adopted`` (its capped rules bite in full), ``cap_kept`` (they are
    left softened, knowingly), ``parameters``. *signature*: Ed25519 in base64 by the member's key over `decision_statement`."""

    decision: RecordId
    pack: str
    version: str
    digest: Sha256
    choice: Literal["on", "off", "adopted", "cap_kept", "parameters"]
    by: RecordId = ""
    at: str = ""
    signature: str = ""


class PackDecisionSection(Section, frozen=True):
    """*parameters*: overridden values of the pack, by name."""

    parameters: dict[str, FactValue] = {}


class PackDecided(Event, frozen=True):
    """Whether a pack of rules is run, and how. The latest decision on a pack counts; the reason is in `text`."""

    TYPE: ClassVar[str] = "pack.decided/1"
    fact: PackDecisionFact
    recipe: PackDecisionSection | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.decision, self.fact.by)


class FindingAnswerFact(Section, frozen=True):
    """*finding*: its key: of rule and subject, the same in every cut. *bound*: digest of what the answer was given for (cut range, version,
    scope, rule and pack); when that changes the finding is open again. *until*: the last day of a waiver."""

    answer: RecordId
    finding: str
    pack: str
    rule: str
    action: Literal["fix", "cleared", "waived"]
    by: RecordId
    role: Role
    bound: Sha256
    at: str
    until: str = ""
    cut: RecordId = ""
    documents: tuple[RecordId, ...] = ()


class FindingAnswered(Event, frozen=True):
    """A named person answered a finding; the finding stays. The reason is in `text`."""

    TYPE: ClassVar[str] = "finding.answered/1"
    fact: FindingAnswerFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.answer, self.fact.by, self.fact.cut, *self.fact.documents)


class PackRun(Section, frozen=True):
    """One pack in a gate: which, and how its findings came out."""

    pack: str
    version: str
    digest: Sha256
    findings: int
    open: int


class GateFact(Section, frozen=True):
    """*size*, *root*: the state of the log that was judged. *findings*: SHA-256 of the findings as canonical JSON.

    *not_checked*: packs that were not run. *engine*: name and version of what evaluated the expressions, *facts*: the vocabulary.
    """

    run: RecordId
    cut: RecordId
    gate: Gate
    word: Literal["CLEARED", "HELD", "REFUSED"]
    size: int
    root: Sha256
    findings: Sha256
    packs: tuple[PackRun, ...] = ()
    not_checked: tuple[str, ...] = ()
    engine: str = ""
    facts: str = ""


class GateAsked(Event, frozen=True):
    """A cut was held against the rules at a gate."""

    TYPE: ClassVar[str] = "gate.asked/1"
    fact: GateFact

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.run, self.fact.cut)


class HookFact(Section, frozen=True):
    """*about*: the event, finding key or gate run that it ran on. *milliseconds*: how long. *added*: findings that it added."""

    run: RecordId
    on: str
    about: str
    outcome: Literal["done", "failed", "timeout", "unreadable", "missing"]
    status: int = 0
    milliseconds: int = 0
    added: int = 0


class HookFinding(Section, frozen=True):
    """A finding that a gate's hook added: *subject*: a use's key, "" for the whole cut."""

    code: str
    severity: Literal["info", "warn", "disclose", "approve", "block"]
    why: str
    subject: str = ""


class HookSection(Section, frozen=True):
    """*hook*: its name in edgecode.toml. *findings*: what it added."""

    hook: str
    findings: tuple[HookFinding, ...] = ()


class HookRan(Event, frozen=True):
    """A hook of the compliance team ran."""

    TYPE: ClassVar[str] = "hook.ran/1"
    fact: HookFact
    recipe: HookSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.run)


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


def decision_statement(fact: PackDecisionFact, *, origin: str) -> bytes:
    """What a member signs when they decide on a pack: everything but the signature, for the log *origin*."""
    lines = (origin, fact.decision, fact.pack, fact.version, fact.digest, fact.choice, fact.by, fact.at)
    return ("edgecode pack decision v1\n" + "\n".join(lines) + "\n").encode()
