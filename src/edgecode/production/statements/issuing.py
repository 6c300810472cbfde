"""Records that a statement went to its payee, and what they say of it (docs/decisions/0025-paper-kinds.md)."""

from hashlib import sha256

from msgspec import Struct

from edgecode.answers.statement.paper import working_bytes
from edgecode.checks.register import Register
from edgecode.errors import InputError, NotFoundError, UsageError
from edgecode.events.kinds import Event
from edgecode.events.paper_kinds import ContestFact, ContestMove, StatementContested, StatementFact, StatementIssued
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import DocumentBytes
from edgecode.production.corridor import Production
from edgecode.production.desk.records import worded
from edgecode.production.persons.noting import append_judged, require_day, today
from edgecode.production.statements.contests import issued_to, unanswered
from edgecode.production.statements.gathering import Stated
from edgecode.production.statements.payees import Payee, payee_called
from edgecode.terms.identity import RecordId


class Contested(Struct, frozen=True):
    """A contest as somebody says it. *statement*: ``P-07/1``. *line*: 0 for the whole. *by*: the member who answers."""

    statement: str
    move: ContestMove
    line: int = 0
    reason: str = ""
    due: str = ""
    by: str = ""


def issue(production: Production, stated: Stated, *, by: str, contest_by: str = "") -> str:
    """Record that the statement went out; returns what it is called, ``P-07/1``. The digest of its working is sealed with its payee's key.

    Raises NotFoundError ``member.unknown``, UsageError ``person.date``.
    """
    require_day(contest_by, empty=True)
    data = working_bytes(stated.working)
    identity, numbers = production.world.new_id(), list[int]()

    def judged() -> list[Event]:
        register = Register.read(production.index, origin=production.log.origin)
        member = register.member_called(by)
        numbers[:] = [len(issued_to(production.index, stated.payee)) + 1]
        inputs = stated.working.inputs
        fact = StatementFact(
            statement=identity,
            number=numbers[0],
            cuts=stated.cuts,
            size=inputs.size,
            root=inputs.root,
            agreements=stated.agreements or _of_license(stated.payee),
            since=inputs.since,
            until=inputs.until,
            contest_by=contest_by,
            by=member.id,
        )
        return [StatementIssued(fact, DocumentBytes(sha256(data).hexdigest(), len(data)), _section(stated.payee))]

    append_judged(production, judged)
    return f"{stated.payee.name}/{numbers[0]}"


def contest(production: Production, said: Contested) -> RecordId:
    """Record a query, a dispute, an answer to one or that it was taken back; returns its id.

    Raises NotFoundError ``statement.unknown``, ``statement.no_contest``, ``statement.payee`` and ``member.unknown``, UsageError
    ``statement.reason`` and ``person.date``, InputError ``statement.line``.
    """
    require_day(said.due, empty=True)
    if not said.reason.strip():
        raise UsageError("statement.reason", "a contest needs its reason; it is kept sealed", "Give it: --reason '…'")
    if said.line < 0:
        raise InputError("statement.line", "lines are numbered from 1", "Give the number that the statement prints")
    identity = production.world.new_id()
    called, _, number = said.statement.rpartition("/")

    def judged() -> list[Event]:
        register = Register.read(production.index, origin=production.log.origin)
        payee = payee_called(production, register, called)
        issued = next((one for one in issued_to(production.index, payee) if str(one.number) == number), None)
        if issued is None:
            raise NotFoundError(
                "statement.unknown", "no such statement was issued", "Name it as it was issued, such as P-07/1"
            )
        is_end = said.move in ("answered", "withdrawn")
        of = _open(production, issued.statement, said.line) if is_end else ""
        by = register.member_called(said.by).id if said.by or said.move == "answered" else ""
        fact = ContestFact(identity, issued.statement, said.move, today(production), said.line, of, said.due, by)
        return [StatementContested(fact, worded("reason", said.reason.strip()), _section(payee))]

    append_judged(production, judged)
    return identity


def _open(production: Production, statement: RecordId, line: int) -> RecordId:
    """The oldest open contest of a line."""
    for fact in unanswered(production.index, statement):
        if fact.line == line:
            return fact.contest
    raise NotFoundError(
        "statement.no_contest", "nothing is open about that line", "See what is open: edgecode statement PAYEE"
    )


def _section(payee: Payee) -> PersonSection | None:
    return PersonSection(payee.row.ref, payee.row.alias) if payee.row is not None else None


def _of_license(payee: Payee) -> tuple[RecordId, ...]:
    return (payee.agreement.versions[-1].agreement,) if payee.agreement is not None else ()
