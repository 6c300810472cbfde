"""The end-credit lines of a cut, and decisions to leave one out or set it again."""

from collections.abc import Mapping
from typing import Literal, cast

from edgecode.answers.papers.credits import CreditLine, Omission, credit_lines, credit_sheet
from edgecode.answers.report.paper import Paper, Table
from edgecode.checks.deciding import role_deciding
from edgecode.checks.register import Register
from edgecode.errors import NotFoundError, UsageError
from edgecode.events.kinds import Event
from edgecode.events.paper_kinds import CreditDecided, CreditFact
from edgecode.index.rights import rights
from edgecode.production.corridor import Production
from edgecode.production.desk.records import worded
from edgecode.production.papering import stamp
from edgecode.production.papers.knowing import known_of
from edgecode.production.persons.noting import append_judged, today
from edgecode.terms.identity import RecordId


def end_credits(production: Production, cut: str, *, reveal: bool = False) -> Paper:
    """The end-credit lines as a paper. *reveal*: with the sealed words of agreements and decisions. Raises as `known_of` does."""
    known = known_of(production, cut, directed=False, reveal=reveal)
    decided = _decided(production, known.view.cut, known.register, reveal=reveal)
    sheet = credit_sheet(known, credit_lines(known), decided)
    table = Table("", sheet.columns, sheet.rows, foot=sheet.foot)
    return Paper(kind="credits", title=sheet.title, stamp=stamp(production, known.view.name), blocks=(table,))


def decide_credit(
    production: Production, cut: str, key: str, choice: Literal["set", "omit"], *, by: str, reason: str
) -> CreditLine:
    """Leave a line out, or set it again; returns the line. *key*: its first digits are enough where they name one line.

    Raises UsageError ``credits.reason``, NotFoundError ``credits.no_line`` and ``member.unknown``, RefusedError
    ``desk.may_not_decide``, and as `known_of` does.
    """
    if not reason.strip():
        raise UsageError(
            "credits.reason", "a decision on a credit needs a reason; it is kept sealed", "Give it: --reason '…'"
        )
    known = known_of(production, cut, directed=False)
    found = [line for line in credit_lines(known) if key and line.key.startswith(key)]
    if len(found) != 1:
        raise NotFoundError(
            "credits.no_line", "no line has that key, or several begin so", f"See the keys: edgecode credits {cut}"
        )
    identity = production.world.new_id()

    def judged() -> list[Event]:
        register = Register.read(production.index, origin=production.log.origin)
        member = register.member_called(by)
        role = role_deciding(member.roles, "an end credit")
        fact = CreditFact(identity, known.view.cut, found[0].key, choice, member.id, role, today(production))
        return [CreditDecided(fact, worded("reason", reason.strip()))]

    append_judged(production, judged)
    return found[0]


def _decided(production: Production, cut: RecordId, register: Register, *, reveal: bool) -> Mapping[str, Omission]:
    """The newest decision on each line of a cut, by its key."""
    found: dict[str, Omission] = {}
    for kept in rights(production.index, CreditDecided):
        fact = cast(CreditDecided, kept.event).fact
        if fact.cut != cut:
            continue
        member = register.members.get(fact.by)
        why = _reason(production, kept.log_index) if reveal else "the reason is sealed"
        found[fact.line] = Omission(fact.choice == "omit", member.alias if member else "somebody", fact.at, why)
    return found


def _reason(production: Production, entry: int) -> str:
    for recorded in production.recorded(entry, entry + 1):
        if isinstance(recorded.event, CreditDecided) and recorded.event.text is not None:
            return "; ".join(text for _, text in recorded.event.text.items)
    return "the reason cannot be read"
