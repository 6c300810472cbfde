"""Kinds of events about papers that somebody outside relies on: statements and contests of them, decided credit lines, deliveries.

Docs/decisions/0025-paper-kinds.md. Days are ``YYYY-MM-DD`` (UTC); sizes and roots are of the ledger.
"""

from typing import ClassVar, Literal

from edgecode.events.kinds import Event, Section, TextSection, sorted_refs
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import DocumentBytes
from edgecode.terms.identity import RecordId, Sha256
from edgecode.terms.rights import Role

ContestMove = Literal["query", "dispute", "answered", "withdrawn"]
DeliveredAs = Literal["master", "sidecar", "paper", "pack"]


class StatementFact(Section, frozen=True):
    """*number*: of the payee's statements, from 1. *since*, *until*: the period, both days included, "" without an end on that side.
    *size*, *root*: what it was made of. *contest_by*: the last day for a contest that the statement names."""

    statement: RecordId
    number: int
    cuts: tuple[RecordId, ...]
    size: int
    root: Sha256
    agreements: tuple[RecordId, ...] = ()
    since: str = ""
    until: str = ""
    contest_by: str = ""
    by: RecordId = ""


class StatementIssued(Event, frozen=True):
    """A usage statement went to a payee. `bytes`: of its JSON, sealed with the payee's key; nobody's of a dataset or a model."""

    TYPE: ClassVar[str] = "statement.issued/1"
    fact: StatementFact
    bytes: DocumentBytes | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.statement, self.fact.by, *self.fact.cuts, *self.fact.agreements)[:200]


class ContestFact(Section, frozen=True):
    """*line*: as the statement numbers it, 0 for the whole of it. *of*: the contest that is answered or taken back, "" for a new one.
    *due*: the day by which an answer is asked for. *by*: the member who answers; "" of a contest, which is the payee's word."""

    contest: RecordId
    statement: RecordId
    move: ContestMove
    at: str
    line: int = 0
    of: RecordId = ""
    due: str = ""
    by: RecordId = ""
    documents: tuple[RecordId, ...] = ()


class StatementContested(Event, frozen=True):
    """The payee or who speaks for them queried or disputed a line, or that was answered or taken back. The reason is in `text`."""

    TYPE: ClassVar[str] = "statement.contested/1"
    fact: ContestFact
    text: TextSection | None = None
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        fact = self.fact
        return sorted_refs(fact.contest, fact.statement, fact.of, fact.by, *fact.documents)[:200]


class CreditFact(Section, frozen=True):
    """*line*: the key of the credit line. *choice*: whether it is set."""

    credit: RecordId
    cut: RecordId
    line: str
    choice: Literal["set", "omit"]
    by: RecordId
    role: Role
    at: str


class CreditDecided(Event, frozen=True):
    """A member decided whether an end-credit line is set. The reason is in `text`; the newest decision on a line counts."""

    TYPE: ClassVar[str] = "credit.decided/1"
    fact: CreditFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.credit, self.fact.cut, self.fact.by)


class DeliveryFact(Section, frozen=True):
    """*reel*: which reel of the cut it holds, "" for all of it. *compared*: of a master, how its pictures compared with the cut.
    *size*, *root*: the state of the log in which the gate cleared it."""

    delivery: RecordId
    cut: RecordId
    what: DeliveredAs
    size: int
    root: Sha256
    reel: str = ""
    compared: Literal["same", ""] = ""
    by: RecordId = ""


class DeliveryMade(Event, frozen=True):
    """A file was handed over as a master of a cut, or beside one. `bytes`: of the whole file."""

    TYPE: ClassVar[str] = "delivery.made/1"
    fact: DeliveryFact
    bytes: DocumentBytes | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.delivery, self.fact.cut, self.fact.by)


PAPER_KINDS: tuple[type[Event], ...] = (StatementIssued, StatementContested, CreditDecided, DeliveryMade)
"""Kept whole by the index beside those about rights, and sealed by the same rules."""
