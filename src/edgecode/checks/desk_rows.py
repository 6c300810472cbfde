"""The rows of the register: what each kind of the desk's events comes to, as values that rules, lists and papers read.

Ids of persons are dense ones of the index. Days are ``YYYY-MM-DD``, times milliseconds since 1970, "" and 0 where nobody said.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from edgecode.events.desk_kinds import ApprovalAnswer, ShownFrames
from edgecode.events.rights_kinds import (
    DatasetDescribed,
    DatasetItem,
    DeterminationMade,
    DocumentKept,
    FindingAnswered,
    MakerNamed,
    MemberNamed,
    ModelDescribed,
    ModelTerms,
    PackDecided,
    Paper,
    ReplicaRecorded,
    RepresentationSection,
    SessionRecorded,
    StandingStated,
    ToolTermsSection,
    ToolTermsSeen,
    UseDeclared,
)
from edgecode.index.rights import Kept
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import (
    CutState,
    DocumentKind,
    FactValue,
    ReplicaMedium,
    ReplicaMove,
    ReplicaType,
    Role,
    Scope,
    SessionKind,
)

PaperFamily = Literal["notice", "approval", "disclosure", "attest", "payment"]


class Whom(Struct, frozen=True):
    """Whom a record is about. *stated*: it names somebody; with *person* None they are erased, or nobody can tell who they are. *erased*:
    an erasure covers it."""

    person: int | None = None
    alias: str = ""
    stated: bool = False
    erased: bool = False

    @property
    def lost(self) -> bool:
        """It is about somebody who cannot be told any more."""
        return self.stated and self.person is None


ADULT = "adult"
"""Said instead of the last day of somebody's minority: they were of age when this production began."""


def is_older(before: str, after: str) -> bool:
    """Whether a word on ``minor_until`` makes somebody a minor for less long than the one before it had them; "" where nobody said."""
    return before not in ("", ADULT) and (after in ("", ADULT) or after < before)


def said_otherwise(known: Mapping[str, str], values: Mapping[str, str]) -> frozenset[str]:
    """The fields of a person that a later note may not change by itself: a minor is one for less long, who is protected by the GDPR is not,
    a guild is left out, or what was said of who somebody is and whether they live is said otherwise."""
    changed = {name for name in _SETTLED & values.keys() if known.get(name) and values[name] != known[name]}
    if known.get("gdpr_subject") == "yes" and values.get("gdpr_subject", "yes") != "yes":
        changed.add("gdpr_subject")
    if "minor_until" in values and is_older(known.get("minor_until", ""), values["minor_until"]):
        changed.add("minor_until")
    if "guilds" in values and set(known.get("guilds", "").split()) - set(values["guilds"].split()):
        changed.add("guilds")
    if changed & {"status", "deceased_on"}:
        # Whether somebody lives and the day on which they died are one statement.
        changed |= {"status", "deceased_on"} & values.keys()
    return frozenset(changed)


_SETTLED = frozenset({"kind", "status", "deceased_on", "domicile_at_death", "birth_year_bucket"})


class PersonInfo(Struct, frozen=True):
    """What rules may know of a person: *fields* are `terms.rights.PERSON_FIELDS`, the latest note of each counts."""

    id: int
    alias: str
    fields: Mapping[str, str] = {}

    @property
    def minor_until(self) -> str:
        """The last day of their minority; "" where nobody said, and of somebody who was of age when the production began."""
        said = self.fields.get("minor_until", "")
        return "" if said == ADULT else said

    @property
    def died(self) -> str:
        """The day of their death; "" where nobody said."""
        return self.fields.get("deceased_on", "")

    def was_minor(self, on: str) -> bool | None:
        """Whether they were a minor on a day of this production; None where nobody said until when they are one."""
        said = self.fields.get("minor_until", "")
        if not said:
            return None
        return said != ADULT and on <= said

    def was_dead(self, on: str) -> bool | None:
        """Whether they had died before a day; None of somebody who has died on a day that nobody said."""
        if self.died:
            return self.died < on
        return None if self.fields.get("status") == "deceased" else False


class Member(Struct, frozen=True):
    """Somebody with roles in the production. *key*: Ed25519 public key in hexadecimal, "" for none. *by*: the member who gave them these
    roles, "" for the first of a role. *ts*: when that was written down."""

    id: RecordId
    alias: str
    roles: tuple[Role, ...]
    key: str = ""
    retired: bool = False
    person: int | None = None
    log_index: int = 0
    ts: int = 0
    by: RecordId = ""

    @classmethod
    def of(cls, row: Kept, event: MemberNamed, whom: Whom) -> "Member":
        """The same as a row."""
        fact = event.fact
        said = (fact.key, fact.retired, whom.person, row.log_index, row.ts, fact.by)
        return cls(fact.member, whom.alias, fact.roles, *said)


class Making(Struct, frozen=True):
    """A member made versions, so they may not clear a finding on them."""

    id: RecordId
    member: RecordId
    versions: tuple[RecordId, ...]

    @classmethod
    def of(cls, event: MakerNamed) -> "Making":
        """The same as a row."""
        return cls(event.fact.making, event.fact.member, event.fact.versions)


class Representation(Struct, frozen=True):
    """One party may sign for another. *section* None: erased, or neither side said in which capacity.

    *ended_on*, *ended_at*: the day and the entry in which somebody first wrote down that it had ended.
    """

    id: RecordId
    principal: Whom = Whom()
    agent: Whom = Whom()
    section: RepresentationSection | None = None
    ended: bool = False
    ended_on: str = ""
    ended_at: int = 0

    def ended_before(self, log_index: int) -> bool:
        """Whether its end was written down before an entry."""
        return self.ended and self.ended_at < log_index


class Session(Struct, frozen=True):
    """A capture session and when it was asked for, announced and held."""

    id: RecordId
    kind: SessionKind
    whom: Whom
    versions: tuple[RecordId, ...] = ()
    requested: int = 0
    notice_given: int = 0
    engaged: int = 0
    started: int = 0
    ended: int = 0
    consent: RecordId = ""

    @classmethod
    def of(cls, event: SessionRecorded, whom: Whom) -> "Session":
        """The same as a row."""
        fact = event.fact
        times = (fact.requested, fact.notice_given, fact.engaged, fact.started, fact.ended)
        return cls(fact.session, fact.kind, whom, fact.versions, *times, fact.consent)


class ReplicaMoveRow(Struct, frozen=True):
    """What became of a replica on a day."""

    move: ReplicaMove
    on: str
    due: str = ""
    documents: tuple[RecordId, ...] = ()


class Replica(Struct, frozen=True):
    """A replica and, in ledger order, what became of it."""

    id: RecordId
    kind: ReplicaType
    medium: ReplicaMedium
    whom: Whom
    made_from: tuple[RecordId, ...] = ()
    versions: tuple[RecordId, ...] = ()
    delete_by: str = ""
    moves: tuple[ReplicaMoveRow, ...] = ()

    @classmethod
    def of(cls, event: ReplicaRecorded, whom: Whom, moves: tuple[ReplicaMoveRow, ...]) -> "Replica":
        """The same as a row."""
        fact = event.fact
        return cls(fact.replica, fact.kind, fact.medium, whom, fact.made_from, fact.versions, fact.delete_by, moves)


class DocumentRow(Struct, frozen=True):
    """A paper kept as evidence. *sha256* "": erased."""

    id: RecordId
    kind: DocumentKind
    whom: Whom
    sha256: str = ""
    size: int = 0
    before: str = ""
    supersedes: RecordId = ""
    log_index: int = 0

    @classmethod
    def of(cls, event: DocumentKept, whom: Whom, log_index: int = 0) -> "DocumentRow":
        """The same as a row."""
        fact, content = event.fact, event.bytes
        if content is None:
            return cls(fact.document, fact.kind, whom, supersedes=fact.supersedes, log_index=log_index)
        said = (content.sha256, content.size, content.before, fact.supersedes, log_index)
        return cls(fact.document, fact.kind, whom, *said)


class Standing(Struct, frozen=True):
    """What whoever keeps an agreement said of it. *as_of*: the moment that it is about. *values* of an erased answer are empty. *by*: who
    answers for it."""

    id: RecordId
    about: RecordId
    as_of: int
    log_index: int
    values: Mapping[str, bool] = {}
    by: RecordId = ""
    documents: tuple[RecordId, ...] = ()

    @classmethod
    def of(cls, row: Kept, event: StandingStated) -> "Standing":
        """The same as a row."""
        values = event.terms.values if event.terms is not None else {}
        fact = event.fact
        return cls(fact.standing, fact.about, fact.as_of, row.log_index, values, fact.by, fact.documents)


class ModelInfo(Struct, frozen=True):
    """What is known of a model; None: nobody said."""

    version: RecordId
    parents: tuple[RecordId, ...] | None = None
    trained_on: tuple[RecordId, ...] | None = None
    undisclosed: bool = False
    one_person: bool | None = None
    placed_on_market: str = ""
    terms: ModelTerms | None = None
    whom: Whom = Whom()
    also_of: tuple[Whom, ...] = ()

    @classmethod
    def of(cls, event: ModelDescribed, whom: Whom) -> "ModelInfo":
        """The same as a row."""
        fact = event.fact
        known = (fact.parents, fact.trained_on, fact.undisclosed, fact.one_person, fact.placed_on_market)
        return cls(fact.version, *known, event.recipe, whom)


class DatasetInfo(Struct, frozen=True):
    """What is known of the rights in a dataset; None: nobody said. *items* None: the list is erased."""

    version: RecordId
    third_party: bool | None = None
    likeness: bool | None = None
    minors: bool | None = None
    reserved: bool | None = None
    complete: bool = False
    items: tuple[DatasetItem, ...] | None = ()
    reservations: tuple[tuple[str, str, str], ...] = ()
    card: Mapping[str, str] = {}

    @classmethod
    def of(cls, event: DatasetDescribed) -> "DatasetInfo":
        """The same as a row."""
        fact, rights = event.fact, event.recipe
        known = (fact.third_party, fact.likeness, fact.minors, fact.reserved, fact.complete)
        if rights is None:
            return cls(fact.version, *known, items=None)
        return cls(fact.version, *known, rights.items, rights.reservations, rights.card)


class ToolTerms(Struct, frozen=True):
    """Terms of a tool as somebody read them. *section* None: erased."""

    snapshot: RecordId
    seen: str
    log_index: int
    section: ToolTermsSection | None = None
    supersedes: RecordId = ""

    @classmethod
    def of(cls, row: Kept, event: ToolTermsSeen) -> "ToolTerms":
        """The same as a row."""
        return cls(event.fact.snapshot, event.fact.seen, row.log_index, event.recipe, event.fact.supersedes)

    @property
    def tool(self) -> str:
        """What the tool is called; "" when erased."""
        return self.section.tool if self.section is not None else ""

    @property
    def plan(self) -> str:
        """Under which plan; "" when it says none."""
        return self.section.plan if self.section is not None else ""


class DeclaredUse(Struct, frozen=True):
    """A use as somebody stated it. *erased*: what they said of it is gone, so that nothing of it is known."""

    id: RecordId
    whom: Whom
    log_index: int
    ts: int
    versions: tuple[RecordId, ...] = ()
    cut: RecordId = ""
    first: int | None = None
    end: int | None = None
    values: Mapping[str, FactValue] = {}
    scope: Scope = Scope()
    quantities: Mapping[str, int] = {}
    erased: bool = False
    by: RecordId = ""
    role: Role | Literal[""] = ""

    @classmethod
    def of(cls, row: Kept, event: UseDeclared, whom: Whom) -> "DeclaredUse":
        """The same as a row."""
        fact, said = event.fact, event.recipe
        where = (fact.versions, fact.cut, fact.first, fact.end)
        if said is None:
            return cls(fact.use, whom, row.log_index, row.ts, *where, erased=True)
        told = (said.values, said.scope, said.quantities)
        return cls(fact.use, whom, row.log_index, row.ts, *where, *told, by=fact.by, role=fact.role)


class PaperRow(Struct, frozen=True):
    """A small record. *family* and *kind* make the fact that it satisfies: ``notice.scan_48h``. *values* may hold fees: never print them
    without being asked to reveal."""

    id: RecordId
    family: PaperFamily
    kind: str
    whom: Whom
    log_index: int
    ts: int
    about: tuple[RecordId, ...] = ()
    uses: tuple[str, ...] = ()
    at: str = ""
    until: str = ""
    due: str = ""
    by: RecordId = ""
    documents: tuple[RecordId, ...] = ()
    values: Mapping[str, str] = {}
    answer: ApprovalAnswer = ""
    shown: tuple[ShownFrames, ...] = ()

    @classmethod
    def of(cls, row: Kept, event: Paper, family: PaperFamily, whom: Whom) -> "PaperRow":
        """The same as a row."""
        fact = event.fact
        said = event.recipe.values if event.recipe is not None else {}
        rest = (fact.about, fact.uses, fact.at, fact.until, fact.due, fact.by, fact.documents)
        return cls(fact.paper, family, fact.kind, whom, row.log_index, row.ts, *rest, said, fact.answer, fact.shown)

    @property
    def fact(self) -> str:
        """The fact of the catalogue that it makes true."""
        return f"{self.family}.{self.kind}"

    @property
    def is_given(self) -> bool:
        """Whether it says yes. Releases before answers were asked for took them, and conditions, among the free values."""
        if self.answer:
            return self.answer == "yes"
        said = self.values.get("answer", "yes").strip().casefold()
        return said in {"yes", "given", "approved"} and "conditions" not in self.values


class Determination(Struct, frozen=True):
    """A named human's judgment. *question*: a fact of the catalogue, or the word behind ``determination.``."""

    id: RecordId
    question: str
    answer: str
    whom: Whom
    log_index: int
    ts: int
    by: RecordId = ""
    role: Role | Literal[""] = ""
    about: tuple[RecordId, ...] = ()
    uses: tuple[str, ...] = ()
    at: str = ""
    until: str = ""
    rule: str = ""
    clause: RecordId = ""
    documents: tuple[RecordId, ...] = ()
    shown: tuple[ShownFrames, ...] = ()

    @classmethod
    def of(cls, row: Kept, event: DeterminationMade, whom: Whom) -> "Determination":
        """The same as a row."""
        fact = event.fact
        return cls(
            fact.determination,
            fact.question,
            fact.answer,
            whom,
            row.log_index,
            row.ts,
            by=fact.by,
            role=fact.role,
            about=fact.about,
            uses=fact.uses,
            at=fact.at,
            until=fact.until,
            rule=fact.rule,
            clause=fact.clause,
            documents=fact.documents,
            shown=fact.shown,
        )


class CutMove(Struct, frozen=True):
    """A cut was locked, delivered or released, or that was undone. *vouched*: a member answers for it who acted, when it was entered, in a
    role that may say so; a lock needs none."""

    state: CutState
    on: str
    log_index: int
    undone: bool = False
    values: Mapping[str, str] = {}
    vouched: bool = False
    ts: int = 0


class PackDecision(Struct, frozen=True):
    """What somebody decided on a pack of rules."""

    id: RecordId
    pack: str
    version: str
    digest: str
    choice: Literal["on", "off", "adopted", "cap_kept", "parameters"]
    log_index: int
    by: RecordId = ""
    at: str = ""
    signature: str = ""
    parameters: Mapping[str, FactValue] = {}

    @classmethod
    def of(cls, row: Kept, event: PackDecided) -> "PackDecision":
        """The same as a row."""
        fact = event.fact
        said = event.recipe.parameters if event.recipe is not None else {}
        which = (fact.decision, fact.pack, fact.version, fact.digest, fact.choice)
        return cls(*which, row.log_index, fact.by, fact.at, fact.signature, said)


class FindingAnswer(Struct, frozen=True):
    """What a named person answered to a finding."""

    id: RecordId
    finding: str
    pack: str
    rule: str
    action: Literal["fix", "cleared", "waived"]
    by: RecordId
    role: Role
    bound: str
    at: str
    log_index: int
    ts: int
    until: str = ""
    cut: RecordId = ""
    documents: tuple[RecordId, ...] = ()

    @classmethod
    def of(cls, row: Kept, event: FindingAnswered) -> "FindingAnswer":
        """The same as a row."""
        fact = event.fact
        what = (fact.answer, fact.finding, fact.pack, fact.rule, fact.action, fact.by, fact.role, fact.bound, fact.at)
        return cls(*what, row.log_index, row.ts, fact.until, fact.cut, fact.documents)
