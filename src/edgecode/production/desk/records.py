"""Small records of the desk: what kind of production it is, notices, approvals, disclosures, attestations, payments, determinations."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.checks.deciding import COUNTED, NEEDS_ABOUT, NEEDS_CLAUSE, OPPOSITES, question_asked, role_deciding
from edgecode.checks.desk_rows import Member
from edgecode.checks.register import Agreement, Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.written_facts import read_fact, written_fact
from edgecode.errors import InputError, RefusedError, UsageError
from edgecode.events.desk_kinds import ApprovalAnswer, ShownFrames
from edgecode.events.kinds import Event, TextSection
from edgecode.events.rights_kinds import (
    ApprovalGiven,
    AttestationMade,
    DeterminationFact,
    DeterminationMade,
    DisclosureMade,
    NoticeGiven,
    Paper,
    PaperFact,
    PaperSection,
    PaymentRecorded,
)
from edgecode.production.desk.about import About, about_meant
from edgecode.production.desk.own_matters import require_others_matter
from edgecode.production.desk.profiling import describe_production as describe_production
from edgecode.production.desk.released_frames import frames_shown
from edgecode.production.desk.values import paper_values, require_days
from edgecode.production.documents import Evidence, PaperFile
from edgecode.production.persons.noting import append_judged, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId

Family = Literal["notice", "approval", "disclosure", "attest", "payment"]
_KINDS: Mapping[Family, type[Paper]] = {
    "notice": NoticeGiven,
    "approval": ApprovalGiven,
    "disclosure": DisclosureMade,
    "attest": AttestationMade,
    "payment": PaymentRecorded,
}
CLAUSE = "clause"
"""Under which name a small record keeps the id of the agreement whose clause it cites."""
CONDITIONS = "conditions"
"""Under which name an approval keeps its conditions, in words."""


class PaperDraft(Struct, frozen=True):
    """A small record as somebody says it. *kind*: its word. *about* and *by*: as people name them. *values*: by name; *at* "": today.

    *clause*: the agreement whose revocation clause it cites, as people name it. *documents*: ids, or files that were read. *answer*: of an
    approval ("": yes), *conditions*: in words, of a conditional one.
    """

    family: Family
    kind: str
    about: tuple[str, ...] = ()
    by: str = ""
    at: str = ""
    until: str = ""
    due: str = ""
    values: Mapping[str, str] = {}
    reason: str = ""
    clause: str = ""
    documents: tuple[str | PaperFile, ...] = ()
    answer: ApprovalAnswer = ""
    conditions: str = ""


class DeterminationDraft(Struct, frozen=True):
    """A judgment as somebody says it: *question* and *answer* in the words of the catalogue or of consent.md 3.14; else as `PaperDraft`."""

    question: str
    answer: str
    by: str
    reason: str
    about: tuple[str, ...] = ()
    role: str = ""
    at: str = ""
    until: str = ""
    rule: str = ""
    clause: str = ""
    documents: tuple[str | PaperFile, ...] = ()


def words_of(family: Family) -> tuple[str, ...]:
    """The kinds of small records that rules ask for, by the catalogue."""
    return tuple(sorted(fact.name.partition(".")[2] for fact in CATALOGUE.values() if fact.root == family))


def keep_paper(record: Record, draft: PaperDraft) -> RecordId:
    """Record a notice, an approval, a disclosure, an attestation or a payment; returns its id.

    Raises InputError ``desk.kind``, ``desk.wrong_value``, ``desk.days`` and ``desk.conditions``, RefusedError ``desk.may_not_decide``,
    ``desk.needs_legal``, ``desk.no_clause`` and ``desk.own_matter``, UsageError ``desk.by``, ``desk.reason``, ``desk.clause``,
    ``desk.about`` and ``person.date``, and what `about_meant` raises.
    """
    _require_kind(draft)
    _require_answer(draft)
    values = paper_values(draft.family, draft.values)
    require_days(draft.at, draft.until, draft.due, on=today(record))
    identity, decision = record.world.new_id(), f"{draft.family}.{draft.kind}"
    evidence = Evidence(record)

    def judged() -> list[Event]:
        evidence.anew()
        register = Register.read(record.index, origin=record.log.origin)
        about = about_meant(record.index, register, draft.about)
        member = _speaker(register, draft)
        clause = cited_clause(register, draft.clause) if draft.clause else None
        cited = (clause.latest.agreement,) if clause is not None else ()
        records = about.records
        if draft.family == "approval" and member is not None:
            require_others_matter(record, register, member, about, cited=cited)
        if decision in NEEDS_CLAUSE:
            require_citation(register, about, decision, cited=cited, reason=draft.reason)
            # Whoever reads the record finds the agreement among what it is about.
            records = tuple(dict.fromkeys((*records, *cited)))
        papers, documents = evidence.events(draft.documents, kind="letter", person=about.person)
        at = draft.at or today(record)
        by = member.id if member is not None else ""
        answer: ApprovalAnswer = (draft.answer or "yes") if draft.family == "approval" else ""
        shown = frames_shown(record, register, about, cited=cited) if decision in NEEDS_CLAUSE else ()
        what = (records, about.uses, at, draft.until, draft.due, by, documents, answer, shown)
        fact = PaperFact(identity, draft.kind, *what)
        told = {CONDITIONS: draft.conditions.strip()} if draft.conditions.strip() else {}
        said = {**values, **told, **({CLAUSE: cited[0]} if cited else {})}
        recipe = PaperSection(said) if said else None
        return [*papers, _KINDS[draft.family](fact, recipe, worded("reason", draft.reason), about.section)]

    append_judged(record, judged)
    return identity


def determine(record: Record, draft: DeterminationDraft) -> RecordId:
    """Record a named member's judgment with its reason; returns its id. The latest on the same question and subject counts.

    Raises InputError ``desk.question``, ``desk.days``, ``facts.value``, UsageError ``desk.by``, ``desk.reason`` and ``person.date``,
    RefusedError ``desk.may_not_decide``, ``desk.needs_legal``, ``desk.no_clause`` and ``desk.own_matter``, and what `require_citation` and
    `about_meant` raise.
    """
    asked = question_asked(draft.question)
    answer = read_answer(asked, draft.answer, opposite=draft.question in OPPOSITES)
    if not draft.by:
        raise UsageError("desk.by", "a determination is a named member's", "Name them: --by ALIAS")
    if not draft.reason.strip():
        raise UsageError("desk.reason", "a determination needs a reason; it is kept sealed", "Give it: --reason '…'")
    require_days(draft.at, draft.until, on=today(record))
    identity = record.world.new_id()
    evidence = Evidence(record)

    def judged() -> list[Event]:
        evidence.anew()
        register = Register.read(record.index, origin=record.log.origin)
        about = about_meant(record.index, register, draft.about)
        member = register.member_called(draft.by)
        role = role_deciding(member.roles, asked, wanted=draft.role)
        clause = cited_clause(register, draft.clause).latest.agreement if draft.clause else ""
        require_others_matter(record, register, member, about, cited=(clause,) if clause else ())
        shown: tuple[ShownFrames, ...] = ()
        if asked in NEEDS_CLAUSE:
            cited = (clause,) if clause else ()
            require_citation(register, about, asked, cited=cited, reason=draft.reason)
            shown = frames_shown(record, register, about, cited=cited)
        if asked in NEEDS_ABOUT:
            _require_shown(register, about, asked)
        papers, documents = evidence.events(draft.documents, kind="letter", person=about.person)
        fact = DeterminationFact(
            identity,
            asked.removeprefix("determination."),
            answer,
            member.id,
            role,
            about.records,
            about.uses,
            draft.at or today(record),
            draft.until,
            draft.rule,
            clause,
            documents,
            shown,
        )
        return [*papers, DeterminationMade(fact, worded("reason", draft.reason), about.section)]

    append_judged(record, judged)
    return identity


def read_answer(question: str, written: str, *, opposite: bool = False) -> str:
    """An answer as it is recorded, checked against the fact that it gives. *opposite*: its yes is the fact's no.

    Raises InputError ``facts.value``.
    """
    if question in COUNTED and re.fullmatch(r"[0-9]{1,9}", written):
        return written
    value = read_fact(question, written)
    return written_fact(not value if opposite and isinstance(value, bool) else value)


def cited_clause(register: Register, called: str) -> Agreement:
    """The agreement whose own revocation clause is cited. Raises RefusedError ``desk.no_clause`` where it has none to cite, and what
    `Register.agreement_called` raises."""
    agreement = register.agreement_called(called)
    terms = agreement.latest.terms
    if terms is None or not (terms.terms.revocation.clause or terms.terms.revocation.mode):
        raise RefusedError(
            "desk.no_clause",
            f"{agreement.label} has no revocation clause on record that could be cited",
            "Write it down as it was agreed: edgecode consent amend … --revocation … --revocation-clause …",
        )
    return agreement


def worded(name: str, text: str) -> TextSection | None:
    """What somebody said in words, for the sealed section; None when they said nothing."""
    return TextSection(((name, text),)) if text else None


def _speaker(register: Register, draft: PaperDraft) -> Member | None:
    """The member who says so. An approval is a deciding member's; others may be anybody's who works here, an attestation somebody's."""
    decision = f"{draft.family}.{draft.kind}"
    if draft.family in ("approval", "attest") and not draft.by:
        what = "an approval" if draft.family == "approval" else "an attestation"
        raise UsageError("desk.by", f"{what} is recorded by a named member", "Name them: --by ALIAS")
    if not draft.by:
        return None
    member = register.member_called(draft.by)
    if draft.family == "approval":
        role_deciding(member.roles, decision)
    return member


def require_citation(
    register: Register, about: About, decision: str, *, cited: Sequence[RecordId], reason: str
) -> None:
    """Raises UsageError ``desk.clause``, ``desk.reason`` and ``desk.about`` unless a release cites a clause, with a reason, for something
    that is shown: a cut, versions or uses."""
    if not cited:
        raise UsageError(
            "desk.clause",
            f"{decision} cites the agreement's own revocation clause",
            "Name the agreement: --clause C-07",
        )
    if not reason.strip():
        raise UsageError("desk.reason", f"{decision} needs a reason; it is kept sealed", "Give it: --reason '…'")
    _require_shown(register, about, decision)


def _require_shown(register: Register, about: About, decision: str) -> None:
    """Raises UsageError ``desk.about`` unless something that is shown is named: a cut, versions or uses."""
    agreements = {version.agreement for one in register.agreements.values() for version in one.versions}
    if not about.uses and not set(about.records) - agreements:
        raise UsageError(
            "desk.about",
            f"{decision} is given for what is shown, not for a person or the whole production",
            "Name the cut, the versions or the uses: --about …",
        )


def _require_kind(draft: PaperDraft) -> None:
    if draft.kind not in words_of(draft.family):
        raise InputError(
            "desk.kind",
            f"no rule knows such a record among those of {draft.family}",
            f"Its kinds are: {', '.join(words_of(draft.family))}",
        )


def _require_answer(draft: PaperDraft) -> None:
    """Raises InputError ``desk.answer`` and ``desk.conditions``."""
    if draft.family != "approval":
        if draft.answer or draft.conditions:
            raise InputError("desk.answer", "only an approval is answered", "Leave --answer and --conditions out")
        return
    if (draft.answer == "conditional") != bool(draft.conditions.strip()):
        raise InputError(
            "desk.conditions",
            "a conditional approval says on which conditions, and no other has any",
            "As in: --answer conditional --conditions '…'; once they are met, record it again with --answer yes",
        )
