"""Answering findings: fix, cleared, waived, by a named member in a role, for exactly what each finding is about now."""

from collections.abc import Sequence

from msgspec import Struct

from edgecode.checks.findings import Action, Finding, by_name, last_day, no_document, refusal
from edgecode.checks.register import Member
from edgecode.errors import InputError, NotFoundError, RefusedError
from edgecode.events.kinds import Event, TextSection
from edgecode.events.rights_kinds import FindingAnswered, FindingAnswerFact
from edgecode.index.cuts import CutRow
from edgecode.index.persons import persons
from edgecode.production.checking.cuts import Checked, check
from edgecode.production.corridor import Production
from edgecode.production.documents import Evidence, PaperFile
from edgecode.production.persons.noting import append_judged, require_day
from edgecode.terms.identity import RecordId, as_given
from edgecode.terms.rights import Role

_SHOWN = 12


def find(production: Production, name: str, *, cut: str = "") -> tuple[Checked, Finding]:
    """The finding of a name in *cut*, else in the newest cut in force that has it.

    Raises NotFoundError ``finding.unknown``, InputError ``finding.ambiguous``.
    """
    checked, found = find_every(production, name, cut=cut)
    if len(found) > 1:
        raise InputError(
            "finding.ambiguous",
            f"{as_given(name)} names {len(found)} findings: {_named(found)}",
            "Give the one that you mean by its own name; waive, finding fix and finding clear answer all of them with --every",
        )
    return checked, found[0]


def find_every(production: Production, name: str, *, cut: str = "") -> tuple[Checked, list[Finding]]:
    """Every finding of a name, number, code or rule in *cut*, else in the newest cut in force that has one; never empty.

    Raises NotFoundError ``finding.unknown``.
    """
    for row in _cuts(production, cut):
        checked = check(production, row)
        if found := by_name(checked.findings, name):
            return checked, found
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


class AnswerDraft(Struct, frozen=True):
    """What a member answers. *by*: their alias. *until*: the last day of a waiver. *role* "": the first of theirs that may.

    *documents*: ids of the desk's, or files that were read, which are kept with the answer.
    """

    action: Action
    by: str
    reason: str
    until: str = ""
    role: str = ""
    documents: tuple[str | PaperFile, ...] = ()


class AnsweredFindings(Struct, frozen=True):
    """What one answer to all findings of a name comes to. *answers*: what was recorded, one for each of *findings*; empty where it was only
    asked for. *refused*: why others may not be answered so. *before*: those that are waived or cleared already."""

    cut: str
    answers: tuple[RecordId, ...]
    findings: tuple[Finding, ...]
    refused: tuple[tuple[Finding, str], ...]
    before: tuple[Finding, ...]


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
    documents: Sequence[str | PaperFile] = (),
) -> RecordId:
    """Record what a member answers to one finding; returns the answer's id. The arguments are those of `AnswerDraft`.

    Raises NotFoundError ``finding.unknown`` and ``member.unknown``, InputError ``finding.ambiguous`` and ``finding.reason``, RefusedError
    ``finding.may_not``.
    """
    draft = AnswerDraft(action, by, reason, until, role, tuple(documents))
    _require_words(draft)
    identity = production.world.new_id()
    evidence = Evidence(production)

    def judged() -> list[Event]:
        evidence.anew()
        checked, found = find(production, name, cut=cut)
        member = checked.register.member_called(draft.by)
        acting, why = _role(member, found, draft, checked)
        if acting is None:
            raise _may_not(found, draft, why)
        return _events(production, checked, member, draft, [(identity, found, acting)], evidence)

    append_judged(production, judged)
    return identity


def answer_findings(
    production: Production, name: str, draft: AnswerDraft, *, cut: str = "", keep: bool
) -> AnsweredFindings:
    """Answer every finding of a name in one append that was judged by one check; each has an answer of its own, bound to what it is about.
    Those that are waived or cleared keep that, and those that the member may not answer stay open. *keep*: record it; without, say only
    what it would come to.

    Raises as `answer_finding` does, RefusedError ``finding.may_not`` where none of them may be answered so.
    """
    _require_words(draft)
    evidence = Evidence(production)
    said: list[AnsweredFindings] = []

    def judged() -> list[Event]:
        evidence.anew()
        checked, found = find_every(production, name, cut=cut)
        member = checked.register.member_called(draft.by)
        before = [one for one in found if one.answered.state in ("waived", "cleared")]
        acting = [(one, *_role(member, one, draft, checked)) for one in found if one not in before]
        refused = tuple((one, why) for one, role, why in acting if role is None)
        given = [(production.world.new_id(), one, role) for one, role, _ in acting if role is not None]
        if refused and not given:
            raise _may_not(refused[0][0], draft, refused[0][1], others=len(refused) - 1)
        answers = tuple(identity for identity, _, _ in given) if keep else ()
        which = tuple(one for _, one, _ in given)
        said[:] = [AnsweredFindings(checked.answer.cut, answers, which, refused, tuple(before))]
        return _events(production, checked, member, draft, given, evidence) if keep and given else []

    if keep:
        append_judged(production, judged)
    else:
        judged()
    return said[0]


def _require_words(draft: AnswerDraft) -> None:
    if not draft.reason.strip():
        raise InputError("finding.reason", "an answer to a finding needs a reason", "Give --reason; it is kept sealed")
    require_day(draft.until, empty=draft.action != "waived")


def _events(
    production: Production,
    checked: Checked,
    member: Member,
    draft: AnswerDraft,
    given: Sequence[tuple[RecordId, Finding, Role]],
    evidence: Evidence,
) -> list[Event]:
    """The papers that are not kept yet, and an answer for each finding. A paper about somebody's finding is sealed with their key."""
    rows = {one.id: one for one in persons(production.index)} if draft.documents else {}
    day = checked.answer.today
    events: list[Event] = []
    for identity, found, role in given:
        whose = rows.get(found.use.person) if found.use.person is not None else None
        papers, documents = evidence.events(draft.documents, kind="letter", person=whose)
        fact = FindingAnswerFact(
            identity,
            found.key,
            found.verdict.pack,
            found.verdict.rule,
            draft.action,
            member.id,
            role,
            found.bound,
            day,
            last_day(found.waivable, draft.action, at=day, until=draft.until),
            checked.answer.cut_id,
            documents,
        )
        events += [*papers, FindingAnswered(fact, TextSection((("reason", draft.reason.strip()),)))]
    return events


def _role(member: Member, found: Finding, draft: AnswerDraft, checked: Checked) -> tuple[Role | None, str]:
    """The role in which the member may answer so; None with the reason where there is none."""
    # A file is kept by the append that carries the answer, so only ids can name what is no document.
    ids = [one for one in draft.documents if isinstance(one, str)]
    is_on_file = len(ids) < len(draft.documents) and not ids
    why = "" if is_on_file else no_document(draft.action, ids, checked.register)
    day = checked.answer.today
    for role in [one for one in member.roles if draft.role in ("", one)] if not why else []:
        why = refusal(found, draft.action, member, role, checked.register, at=day, until=draft.until)
        if not why:
            return role, ""
    return None, why or (
        f"{member.alias} does not act as {draft.role}" if draft.role else f"{member.alias} has no role"
    )


def _may_not(found: Finding, draft: AnswerDraft, why: str, *, others: int = 0) -> RefusedError:
    of_others = f", nor {others} more of that name" if others else ""
    return RefusedError(
        "finding.may_not",
        f"{found.name} cannot be {_DONE[draft.action]} so{of_others}: {why}",
        found.card.fix or "Look at it: edgecode finding show",
    )


_DONE = {"fix": "answered", "cleared": "cleared", "waived": "waived"}
