"""Answering findings: fix, cleared, waived, by a named member in a role, for exactly what the finding is about now."""

from collections.abc import Sequence

from edgecode.checks.findings import Action, Finding, by_name, last_day, no_document, refusal
from edgecode.checks.register import Member
from edgecode.errors import InputError, NotFoundError, RefusedError
from edgecode.events.kinds import Event, TextSection
from edgecode.events.rights_kinds import FindingAnswered, FindingAnswerFact
from edgecode.index.cuts import CutRow
from edgecode.production.checking import Checked, check
from edgecode.production.corridor import Production
from edgecode.production.persons import append_judged, require_day
from edgecode.terms.identity import RecordId, as_given
from edgecode.terms.rights import Role

_SHOWN = 12


def find(production: Production, name: str, *, cut: str = "") -> tuple[Checked, Finding]:
    """The finding of a name in *cut*, else in the newest cut in force that has it.

    Raises NotFoundError ``finding.unknown``, InputError ``finding.ambiguous``.
    """
    for row in _cuts(production, cut):
        checked = check(production, row)
        found = by_name(checked.findings, name)
        if len(found) > 1:
            raise InputError(
                "finding.ambiguous",
                f"{as_given(name)} names {len(found)} findings: {_named(found)}",
                "Give the one that you mean by its own name",
            )
        if found:
            return checked, found[0]
    raise NotFoundError(
        "finding.unknown",
        f"{as_given(name)} names no finding of a cut in force",
        "List them: edgecode finding list CUT",
    )


def _named(found: Sequence[Finding]) -> str:
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(one.name for one in found[:_SHOWN]) + more


def _cuts(production: Production, cut: str) -> list[CutRow]:
    if cut:
        return [production.cut(cut)]
    return [row for row in reversed(production.cuts()) if not row.superseded and row.rate is not None]


def answer_finding(
    production: Production,
    name: str,
    action: Action,
    *,
    by: str,
    reason: str,
    until: str = "",
    cut: str = "",
    role: str = "",
    documents: Sequence[RecordId] = (),
) -> RecordId:
    """Record what a member answers to a finding; returns the answer's id. *by*: their alias. *until*: the last day of a waiver.

    Raises NotFoundError ``finding.unknown`` and ``member.unknown``, InputError ``finding.ambiguous`` and ``finding.reason``, RefusedError
    ``finding.may_not``.
    """
    if not reason.strip():
        raise InputError("finding.reason", "an answer to a finding needs a reason", "Give --reason; it is kept sealed")
    require_day(until, empty=action != "waived")
    identity = production.world.new_id()

    def judged() -> list[Event]:
        checked, found = find(production, name, cut=cut)
        member = checked.register.member_called(by)
        day = checked.answer.today
        acting = _role(member, found, role, checked, action=action, at=day, until=until, documents=documents)
        fact = FindingAnswerFact(
            identity,
            found.key,
            found.verdict.pack,
            found.verdict.rule,
            action,
            member.id,
            acting,
            found.bound,
            day,
            last_day(found.waivable, action, at=day, until=until),
            checked.answer.cut_id,
            tuple(documents),
        )
        return [FindingAnswered(fact, TextSection((("reason", reason.strip()),)))]

    append_judged(production, judged)
    return identity


def _role(
    member: Member,
    found: Finding,
    wanted: str,
    checked: Checked,
    *,
    action: Action,
    at: str,
    until: str,
    documents: Sequence[RecordId],
) -> Role:
    """The role in which the member may answer so. Raises RefusedError ``finding.may_not``."""
    why = no_document(action, documents, checked.register)
    for role in [one for one in member.roles if not wanted or one == wanted] if not why else []:
        why = refusal(found, action, member, role, checked.register, at=at, until=until)
        if not why:
            return role
    why = why or f"{member.alias} does not act as {wanted}"
    raise RefusedError(
        "finding.may_not",
        f"{found.name} cannot be {_DONE[action]} so: {why}",
        found.card.fix or "Look at it: edgecode finding show",
    )


_DONE = {"fix": "answered", "cleared": "cleared", "waived": "waived"}
