"""Consents and licenses in a production's record: writing them down under labels, and amending them."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.deciding import role_deciding
from edgecode.checks.desk_rows import Whom
from edgecode.checks.lifecycle import refuse_move, revoked_acts, stand_of
from edgecode.checks.register import Agreement, AgreementVersion, Register
from edgecode.checks.rules.territories import is_territory
from edgecode.checks.signatures import refuse_signers
from edgecode.errors import InputError, RefusedError, UsageError
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementMoved,
    AgreementMoveFact,
    AgreementRecorded,
    AgreementTerms,
    MoveTerms,
)
from edgecode.index.persons import PersonRow, person_called, persons
from edgecode.ingest.agreement_form import FieldProblem, Written, terms_of
from edgecode.production.desk.about import version_of_desk
from edgecode.production.documents import Evidence, PaperFile
from edgecode.production.persons.noting import append_judged, require_day, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, DocumentKind

Kind = Literal["consent", "license"]
_LETTER: Mapping[Kind, str] = {"consent": "C", "license": "L"}
_EVIDENCE: Mapping[Kind, DocumentKind] = {"consent": "contract", "license": "license"}


class AgreementDraft(Struct, frozen=True):
    """An agreement as somebody says it: *written* by the names of its fields, *covers* as people name versions, *person* by alias.

    *label* "": the next. *representation*: the record of who signs for the person, "" the person; *beside*: of those who sign with them.
    *documents*: ids, or files read. *by*: the member who answers for its having been signed, by alias; needed, with a document, for what is
    to cure a loss on record.
    """

    kind: Kind
    written: Mapping[str, Written]
    person: str = ""
    label: str = ""
    kept: Literal["here", "elsewhere"] = "here"
    representation: RecordId = ""
    covers: tuple[str, ...] = ()
    documents: tuple[str | PaperFile, ...] = ()
    beside: tuple[RecordId, ...] = ()
    by: str = ""


class Amendment(Struct, frozen=True):
    """What an amendment changes: fields that are *written* anew, fields that are *unsaid*; *covers* None leaves them as they were, and
    *representation* None leaves who signed, *beside* with them. *by*: as of a draft."""

    written: Mapping[str, Written]
    unsaid: tuple[str, ...] = ()
    covers: tuple[str, ...] | None = None
    representation: RecordId | None = None
    documents: tuple[str | PaperFile, ...] = ()
    beside: tuple[RecordId, ...] = ()
    by: str = ""


class Recorded(Struct, frozen=True):
    """An agreement that was written down."""

    label: str
    agreement: RecordId


def record_agreement(record: Record, draft: AgreementDraft) -> Recorded:
    """Write an agreement down; it is a draft until it is granted.

    Raises InputError ``agreement.field``, ``agreement.label``, ``agreement.no_person`` and ``agreement.representation``, RefusedError
    ``agreement.label_taken`` and ``desk.may_not_decide``, NotFoundError ``member.unknown``, ``person.unknown`` and ``version.unknown``.
    """
    evidence, found = Evidence(record), list[Recorded]()

    def judged() -> list[Event]:
        evidence.anew()
        register = Register.read(record.index, origin=record.log.origin)
        label = draft.label or Labels(register, draft.kind).next()
        events, agreement = agreement_events(record, register, draft, label=label, evidence=evidence)
        found[:] = [Recorded(label, agreement)]
        return events

    append_judged(record, judged)
    return found[0]


class Labels:
    """Labels for new agreements of one kind: none is ever given twice, not even when the agreement that had it was erased."""

    def __init__(self, register: Register, kind: Kind) -> None:
        here = [one for one in register.agreements.values() if one.kind == kind]
        self._taken = {one.label for one in here}
        self._kind = kind
        self._last = len(here)

    def next(self) -> str:
        """The next label that nothing has and nothing had."""
        while True:
            self._last += 1
            label = f"{_LETTER[self._kind]}-{self._last:02d}"
            if label not in self._taken:
                self._taken.add(label)
                return label

    def take(self, label: str) -> None:
        """Give a label that somebody chose. Raises InputError ``agreement.label``, RefusedError ``agreement.label_taken``."""
        if not re.fullmatch(rf"{_LETTER[self._kind]}-[0-9]{{2,6}}", label):
            raise InputError(
                "agreement.label",
                f"a label of a {self._kind} is {_LETTER[self._kind]}- and a number, because it is printed on every paper",
                f"As in: --label {_LETTER[self._kind]}-07, or leave it out",
            )
        if label in self._taken:
            raise RefusedError(
                "agreement.label_taken", f"{label} is given already", "Leave it out, or amend that agreement"
            )
        self._taken.add(label)


def agreement_events(
    record: Record, register: Register, draft: AgreementDraft, *, label: str, evidence: Evidence
) -> tuple[list[Event], RecordId]:
    """The events that write *draft* down under *label*, and the id that it gets. Raises as `record_agreement` does."""
    if draft.label:
        Labels(register, draft.kind).take(draft.label)
    person = _grantor(record, draft)
    identity = record.world.new_id()
    terms, problems = terms_of(draft.written, agreement=identity, kind=draft.kind)
    refuse_problems([*problems, *territory_problems(terms)])
    for one in (draft.representation, *draft.beside) if draft.representation else ():
        refuse_representation(register, one, person)
    terms = replace(terms, label=label, representation=draft.representation, signed_beside=draft.beside)
    covers = tuple(dict.fromkeys(version_of_desk(record.index, one) for one in draft.covers))
    papers, documents = evidence.events(draft.documents, kind=_EVIDENCE[draft.kind], person=person)
    by = answering_for(register, draft.by)
    fact = AgreementFact(identity, draft.kind, draft.kept, covers, documents, by=by)
    section = PersonSection(person.ref, person.alias) if person is not None else None
    return [*papers, AgreementRecorded(fact, terms, section)], identity


def as_written(record: Record, kind: Kind, recorded: AgreementRecorded) -> Agreement:
    """An agreement as the register would hold it, so that what happens to it is judged before it is recorded."""
    fact, section = recorded.fact, recorded.person
    person = person_called(record.index, section.alias) if section is not None else None
    whom = Whom(person.id, person.alias, stated=True) if person is not None else Whom()
    size, now = record.log.size, record.world.milliseconds()
    papers = (fact.covers, fact.documents, fact.by)
    version = AgreementVersion("", fact.agreement, size, now, fact.kept, recorded.terms, *papers)
    return Agreement(fact.agreement, kind, whom, (version,))


def _grantor(record: Record, draft: AgreementDraft) -> PersonRow | None:
    if draft.person:
        return person_called(record.index, draft.person)
    if draft.kind == "consent":
        raise InputError("agreement.no_person", "a consent is one person's", "Name them: --person P-07")
    return None


def refuse_problems(problems: Sequence[FieldProblem]) -> None:
    """Raises InputError ``agreement.field`` for the first of *problems*; it does not repeat what was written."""
    if problems:
        first, others = problems[0], len(problems) - 1
        more = f" ({others} more cannot be read)" if others else ""
        raise InputError(
            "agreement.field",
            f"{first.field}: expected {first.expected}{more}",
            "docs/how-to/record-consents-and-licenses.md lists the fields",
        )


def territory_problems(terms: AgreementTerms) -> list[FieldProblem]:
    """That a territory of a scope is none that rules know: a typing error would leave its country out unseen."""
    known = all(one == ALL or is_territory(one) for one in terms.scope.territories or ())
    return [] if known else [FieldProblem("territories", "codes of countries (ISO 3166) such as DE, US-CA or EU")]


def refuse_representation(register: Register, representation: RecordId, person: PersonRow | None) -> None:
    """Raises InputError ``agreement.representation`` unless it is one of this person's, or of an heir of theirs, that is not ended."""
    known = register.representations.get(representation)
    mine = [
        one for one in register.representations.values() if person is not None and one.principal.person == person.id
    ]
    whose = {one.agent.person for one in mine} | ({person.id} if person is not None else set())
    if known is None or known.ended or known.principal.person is None or known.principal.person not in whose:
        raise InputError(
            "agreement.representation",
            "nobody may sign for this person under that record",
            "List who may: edgecode person show ALIAS",
        )


def amend_agreement(
    record: Record, called: str, change: Amendment, *, kind: Kind, signed_on: str, on: str = "", note: str = ""
) -> Recorded:
    """Write an amended version down that both sides signed, and grant it from *on* ("": *signed_on*). It has the label of the one that it
    supersedes; what was used under that one stays so. One that is kept elsewhere is not granted here: its keeper says how it stands.

    Raises UsageError ``agreement.unsigned`` and ``person.date``, RefusedError ``agreement.lost``, what `record_agreement` and
    `Register.agreement_called` raise.
    """
    if not signed_on:
        raise UsageError(
            "agreement.unsigned", "an amendment is signed by both sides", "Say when: --signed-on 2026-11-23"
        )
    require_day(on, empty=True)
    evidence, found = Evidence(record), list[Recorded]()

    def judged() -> list[Event]:
        evidence.anew()
        register = Register.read(record.index, origin=record.log.origin)
        agreement = agreement_of(register, called, kind)
        before = agreement.latest
        _refuse_to_revive(agreement, change, on=today(record))
        identity = record.world.new_id()
        terms = _amended_terms(change, before, identity=identity, kind=agreement.kind, signed_on=signed_on)
        person = next((one for one in persons(record.index) if one.id == agreement.person), None)
        if change.representation is not None:
            for one in (change.representation, *change.beside) if change.representation else ():
                refuse_representation(register, one, person)
            terms = replace(terms, representation=change.representation, signed_beside=change.beside)
        covers = before.covers
        if change.covers is not None:
            covers = tuple(dict.fromkeys(version_of_desk(record.index, one) for one in change.covers))
        papers, documents = evidence.events(change.documents, kind=_EVIDENCE[agreement.kind], person=person)
        by = answering_for(register, change.by)
        fact = AgreementFact(identity, agreement.kind, before.kept, covers, documents, before.agreement, by)
        section = PersonSection(person.ref, person.alias) if person is not None else None
        if before.kept == "here":
            version = AgreementVersion("", identity, record.log.size, 0, before.kept, terms, covers, documents)
            # The new wording is judged alone: what became of the one before does not forbid that both sides sign another.
            alone = replace(agreement, versions=(version,), moves=())
            refuse_move(register, alone, "granted", on=on or signed_on)
            refuse_signers(register, alone)
            refuse_signed_ahead(alone, today(record))
        found[:] = [Recorded(agreement.label, identity)]
        events = [*papers, AgreementRecorded(fact, terms, section)]
        if before.kept == "elsewhere":
            return events
        said = MoveTerms(identity, note=note) if note else None
        return [*events, AgreementMoved(AgreementMoveFact(identity, "granted", on or signed_on), said)]

    append_judged(record, judged)
    return found[0]


def _amended_terms(
    change: Amendment, before: AgreementVersion, *, identity: RecordId, kind: Kind, signed_on: str
) -> AgreementTerms:
    """What was agreed before, with what is said otherwise. Raises RefusedError ``agreement.erased``, and as `refuse_problems` does."""
    if before.terms is None:
        raise RefusedError(
            "agreement.erased", "the terms of that agreement are erased", "Record a new one: edgecode consent record"
        )
    written = {**change.written, "signed_on": signed_on}
    terms, problems = terms_of(written, agreement=identity, kind=kind, before=before.terms, unsaid=change.unsaid)
    refuse_problems([*problems, *territory_problems(terms)])
    return terms


def answering_for(register: Register, alias: str) -> RecordId:
    """The member who answers for a signature; "" for nobody. Raises NotFoundError ``member.unknown``, RefusedError
    ``desk.may_not_decide``."""
    if not alias:
        return ""
    member = register.member_called(alias)
    role_deciding(member.roles, "that an agreement was signed")
    return member.id


def _refuse_to_revive(agreement: Agreement, change: Amendment, *, on: str) -> None:
    """Raises RefusedError ``agreement.lost`` for new words of what was taken back that no paper shows and no member answers for."""
    ended = stand_of(agreement, on).state
    is_lost = ended in ("revoked", "terminated") or bool(revoked_acts(agreement, on))
    if agreement.kind == "consent" and is_lost and not (change.by and change.documents):
        raise RefusedError(
            "agreement.lost",
            f"{agreement.label} was taken back, and nothing shows that both sides signed new words",
            "Give the paper and who answers for it: --document FILE --by ALIAS; or record a new consent: edgecode consent record",
        )


def refuse_signed_ahead(agreement: Agreement, today: str) -> None:
    """Raises RefusedError ``agreement.unsigned`` for a wording that is to be signed on a day to come, so that nobody has signed it yet."""
    terms = agreement.latest.terms
    if terms is not None and terms.signed_on > today:
        raise RefusedError(
            "agreement.unsigned",
            f"{agreement.label} is signed on {terms.signed_on}, which lies ahead",
            "Grant it once it is signed",
        )


def signed_day(record: Record, called: str, kind: Kind) -> str:
    """The day on which the wording recorded last was signed; "" while nobody said. Raises what `agreement_of` raises."""
    terms = agreement_of(Register.read(record.index, origin=record.log.origin), called, kind).latest.terms
    return terms.signed_on if terms is not None else ""


def agreement_of(register: Register, called: str, kind: Kind) -> Agreement:
    """The agreement of this kind that people call so. Raises InputError ``agreement.kind``, and what `Register.agreement_called` raises."""
    agreement = register.agreement_called(called)
    if agreement.kind != kind:
        raise InputError(
            "agreement.kind", f"{agreement.label} is a {agreement.kind}", f"Use: edgecode {agreement.kind} …"
        )
    return agreement
