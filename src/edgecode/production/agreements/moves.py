"""What happens to consents and licenses, and what the keeper of one that is kept elsewhere says of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.deciding import role_deciding
from edgecode.checks.lifecycle import disputed, refuse_move, state_of
from edgecode.checks.register import Agreement, Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.written_facts import read_fact
from edgecode.checks.shown_by_paper import ended_unshown
from edgecode.checks.signatures import refuse_signers, signatures_missing
from edgecode.errors import InputError, RefusedError, UsageError
from edgecode.events.kinds import Event
from edgecode.events.rights_kinds import (
    AgreementMoved,
    AgreementMoveFact,
    AgreementRecorded,
    MoveTerms,
    StandingFact,
    StandingSection,
    StandingStated,
)
from edgecode.index.persons import persons
from edgecode.production.agreements.recording import (
    AgreementDraft,
    Kind,
    Labels,
    Recorded,
    agreement_events,
    agreement_of,
    answering_for,
    as_written,
    refuse_signed_ahead,
)
from edgecode.production.desk.about import about_meant
from edgecode.production.documents import Evidence, PaperFile
from edgecode.production.persons.noting import append_judged, require_day, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Act, AgreementMove

_ROOTS = ("consent", "license", "representation")

_LACKING = frozenset(
    {"agreement.unsigned", "agreement.vague", "agreement.form", "agreement.minor", "agreement.deceased"}
)
Why = Literal["", "strike", "legal_hold", "non_payment", "dispute", "gdpr", "notice", "breach", "minor_of_age"]
"""Why something happened to an agreement, as far as a rule asks."""


class MoveDraft(Struct, frozen=True):
    """What happened to an agreement. *on* "": today, of a grant the day of the signature; it may lie ahead.

    *condition*: its words, or its number in the agreement from 1. *approver*: who said that it is met. *by*: of a grant, the member who
    answers for the signature, and of the end of a dispute or a suspension the one who answers for that.
    """

    move: AgreementMove
    on: str = ""
    why: Why = ""
    acts: tuple[Act, ...] = ()
    condition: str = ""
    approver: str = ""
    note: str = ""
    documents: tuple[str | PaperFile, ...] = ()
    by: str = ""


class Moved(Struct, frozen=True):
    """How an agreement stands before and after something happened to it, ", disputed" beside it. *on*: the day from which that counts.

    *again*: just this was recorded before, so it was not recorded again.
    """

    agreement: Agreement
    before: str
    after: str
    on: str
    again: bool = False


def record_granted(record: Record, draft: AgreementDraft) -> Recorded:
    """Write an agreement down and grant it from its signature, both or neither. Raises as `record_agreement` and `move_agreement` do."""
    evidence, found = Evidence(record), list[Recorded]()

    def judged() -> list[Event]:
        evidence.anew()
        register = Register.read(record.index, origin=record.log.origin)
        label = draft.label or Labels(register, draft.kind).next()
        events, identity = agreement_events(record, register, draft, label=label, evidence=evidence)
        written = events[-1]
        assert isinstance(written, AgreementRecorded)
        agreement = as_written(record, draft.kind, written)
        granted = MoveDraft("granted", _usual_day(agreement, "granted") or today(record))
        found[:] = [Recorded(label, identity)]
        return [*events, *move_events(record, register, agreement, granted, evidence=evidence)]

    try:
        append_judged(record, judged)
    except RefusedError as error:
        if error.code in _LACKING:
            # Nothing is recorded, so nothing can be amended.
            raise RefusedError(
                error.code, error.sentence, "Say it here; or leave --grant out, which records a draft"
            ) from error
        raise
    return found[0]


def signatures_awaited(record: Record, called: str, kind: Kind) -> tuple[str, ...]:
    """Who still has to sign the wording that was recorded last before it counts: aliases, and shares that nobody here holds."""
    register = Register.read(record.index, origin=record.log.origin)
    agreement = agreement_of(register, called, kind)
    return signatures_missing(register, agreement, agreement.latest, on=today(record))


def move_agreement(record: Record, called: str, draft: MoveDraft, *, kind: Kind) -> Moved:
    """Record that something happened to an agreement. A revocation is always accepted, whatever the agreement says.

    Raises what `checks.lifecycle.refuse_move` and `agreement_of` raise, UsageError ``agreement.acts``, ``agreement.approver``,
    ``agreement.which`` and ``person.date``.
    """
    require_day(draft.on, empty=True)
    evidence, found = Evidence(record), list[Agreement]()
    days: list[str] = []

    def judged() -> list[Event]:
        evidence.anew()
        register = Register.read(record.index, origin=record.log.origin)
        agreement = agreement_of(register, called, kind)
        day = draft.on or _usual_day(agreement, draft.move) or today(record)
        found[:], days[:] = [agreement], [day]
        if _is_there(agreement, replace(draft, on=day)):
            return []
        return move_events(record, register, agreement, replace(draft, on=day), evidence=evidence)

    indexes = append_judged(record, judged)
    (before,), (day,) = found, days
    after = Register.read(record.index, origin=record.log.origin).agreements[before.id]
    return Moved(after, _said(before, day), _said(after, day), day, again=not indexes)


def _said(agreement: Agreement, day: str) -> str:
    return state_of(agreement, day) + (", disputed" if disputed(agreement, day) else "")


def _is_there(agreement: Agreement, draft: MoveDraft) -> bool:
    """Whether a revocation is recorded already, of the same day, acts and ground, and nothing new comes with this one."""
    if draft.move != "revoked" or draft.documents or draft.note:
        return False
    behind = [one for one in agreement.moves if one.log_index > agreement.latest.log_index]
    return any(
        (one.move, one.effective, one.why, set(one.acts)) == (draft.move, draft.on, draft.why, set(draft.acts))
        for one in behind
    )


def _usual_day(agreement: Agreement, move: AgreementMove) -> str:
    """From when a move counts where nobody says: a grant from its signature; "": from today."""
    terms = agreement.latest.terms
    return terms.signed_on if move == "granted" and terms is not None else ""


def move_events(
    record: Record, register: Register, agreement: Agreement, draft: MoveDraft, *, evidence: Evidence
) -> list[Event]:
    """The events that record a move of *agreement* on the day ``draft.on``. Raises as `move_agreement` does."""
    condition = _condition(agreement, draft) if draft.move == "condition_met" else ""
    if draft.acts and draft.move != "revoked":
        raise UsageError("agreement.acts", "only a revocation takes back single acts", "Leave --acts out")
    # What was ended by typing alone may be ended again, by somebody who answers for it and with a paper.
    again = {"dispute_ended": "disputed", "resumed": "suspended"}.get(draft.move)
    if again not in ended_unshown(register, agreement, draft.on):
        refuse_move(register, agreement, draft.move, on=draft.on, why=draft.why, condition=condition)
    if draft.move == "granted":
        refuse_signers(register, agreement)
        refuse_signed_ahead(agreement, today(record))
    person = next((one for one in persons(record.index) if one.id == agreement.person), None)
    papers, documents = evidence.events(draft.documents, kind="letter", person=person)
    identity = agreement.latest.agreement
    by = answering_for(register, draft.by)
    fact = AgreementMoveFact(identity, draft.move, draft.on, draft.why, draft.acts, documents, by)
    said = MoveTerms(identity, condition, draft.approver, draft.note)
    return [*papers, AgreementMoved(fact, said if condition or draft.approver or draft.note else None)]


def _condition(agreement: Agreement, draft: MoveDraft) -> str:
    terms = agreement.latest.terms
    conditions = terms.terms.conditions if terms is not None else ()
    if not draft.approver:
        raise UsageError("agreement.approver", "a condition is met when somebody said so", "Name them: --approver WHO")
    if not draft.condition:
        raise UsageError("agreement.which", "one condition is met at a time", "Give it in its words, or by its number")
    number = int(draft.condition) if re.fullmatch(r"[0-9]{1,4}", draft.condition) else 0
    return conditions[number - 1] if 1 <= number <= len(conditions) else draft.condition


def acts_beside(moved: Moved, acts: Sequence[Act]) -> list[Act]:
    """Acts of a revocation that the agreement does not permit, so that taking them back changes nothing."""
    terms = moved.agreement.latest.terms
    return [act for act in acts if terms is not None and act not in terms.acts]


def state_standing(
    record: Record,
    called: str,
    written: Mapping[str, str],
    *,
    as_of: str = "",
    by: str = "",
    documents: Sequence[str | PaperFile] = (),
) -> RecordId:
    """Record what whoever keeps an agreement says of it: facts that begin with consent, license or representation, ``yes`` or ``no``.

    *called*: an agreement, a declared use or a version. *as_of*: the moment it is about, ISO 8601 (UTC where it names no zone); "": now.
    *by*: the member who answers for it, *documents*: the papers that show it; what was said against a use before ends with both alone.
    Raises InputError ``agreement.standing``, ``facts.unknown`` and ``facts.value``, RefusedError ``agreement.kept_here`` and
    ``agreement.ahead``, UsageError ``agreement.moment``, NotFoundError ``member.unknown``, RefusedError ``desk.may_not_decide``, and what
    `about_meant` raises.
    """
    values = {name: _standing_value(name, text) for name, text in written.items()}
    if not values:
        raise UsageError("agreement.standing", "this says nothing", "As in: consent.revoked=no consent.expired=no")
    now = record.world.milliseconds()
    moment = _moment(as_of) if as_of else now
    if moment > now:
        raise RefusedError("agreement.ahead", "a standing is about a moment that has been", "Give a moment before now")
    identity, evidence = record.world.new_id(), Evidence(record)

    def judged() -> list[Event]:
        evidence.anew()
        register = Register.read(record.index, origin=record.log.origin)
        about = about_meant(record.index, register, [called]).records
        if len(about) != 1:
            raise InputError(
                "agreement.standing", "a standing is of an agreement, a declared use or a version", "Name one"
            )
        agreement = next((one for one in register.agreements.values() if about[0] in _ids(one)), None)
        if agreement is not None and agreement.kept == "here":
            raise RefusedError(
                "agreement.kept_here",
                f"{agreement.label} is kept here, so this log knows what happened to it",
                "Record what happened: edgecode consent revoke, suspend, terminate …",
            )
        section = StandingSection(agreement.id if agreement is not None else identity, values)
        member = register.member_called(by) if by else None
        if member is not None:
            role_deciding(member.roles, "what a keeper answered")
        papers, kept = evidence.events(documents, kind="letter", person=None)
        fact = StandingFact(identity, about[0], moment, member.id if member is not None else "", kept)
        return [*papers, StandingStated(fact, section)]

    append_judged(record, judged)
    return identity


def _ids(agreement: Agreement) -> set[RecordId]:
    return {agreement.id, *(version.agreement for version in agreement.versions)}


def _standing_value(name: str, written: str) -> bool:
    value = read_fact(name, written)
    if CATALOGUE[name].root not in _ROOTS or not isinstance(value, bool):
        raise InputError(
            "agreement.standing",
            f"{name} is nothing that an agreement's keeper says",
            "Give facts that begin with consent, license or representation, as yes or no",
        )
    return value


def _moment(written: str) -> int:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise UsageError(
            "agreement.moment", "that is no moment", "Write it as 2026-11-23T10:00 (UTC) or with its zone"
        ) from error
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)
