"""Which statements went to a payee, and which lines of them are queried or disputed and not answered."""

from typing import cast

from edgecode.events.paper_kinds import ContestFact, StatementContested, StatementFact, StatementIssued
from edgecode.index.rights import rights
from edgecode.index.store import IndexStore
from edgecode.production.statements.payees import Payee
from edgecode.terms.identity import RecordId


def issued_to(store: IndexStore, payee: Payee) -> list[StatementFact]:
    """The statements that went to *payee*, in the order of the log."""
    found = []
    for kept in rights(store, StatementIssued):
        fact = cast(StatementIssued, kept.event).fact
        if payee.row is not None:
            is_theirs = kept.person == payee.row.id
        else:
            wordings = {one.agreement for one in payee.agreement.versions} if payee.agreement is not None else set()
            is_theirs = not kept.of_person and bool(wordings & set(fact.agreements))
        if is_theirs:
            found.append(fact)
    return found


def contests_of(store: IndexStore, statement: RecordId) -> list[ContestFact]:
    """What was said of a statement, in the order of the log."""
    facts = [cast(StatementContested, kept.event).fact for kept in rights(store, StatementContested)]
    return [fact for fact in facts if fact.statement == statement]


def unanswered(store: IndexStore, statement: RecordId) -> list[ContestFact]:
    """The queries and disputes that were neither answered nor taken back."""
    said = contests_of(store, statement)
    settled = {fact.of for fact in said if fact.of}
    return [fact for fact in said if not fact.of and fact.contest not in settled]


def open_contests(store: IndexStore, payee: Payee) -> list[str]:
    """Every open contest of the payee's statements as a line."""
    words = {"query": "queried", "dispute": "disputed"}
    return [
        f"Statement {issued.number}, {f'line {fact.line}' if fact.line else 'the whole'}: {words[fact.move]} on {fact.at}, "
        f"an answer {'was asked for by ' + fact.due if fact.due else 'has no day'}."
        for issued in issued_to(store, payee)
        for fact in unanswered(store, issued.statement)
    ]
