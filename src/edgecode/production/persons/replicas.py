"""Capture sessions and replicas of persons in the record: when somebody was captured, what was made of it, and where it went."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from msgspec import Struct

from edgecode.answers.naming import version_meant
from edgecode.checks.register import Register, Replica
from edgecode.errors import InputError, NotFoundError, RefusedError, UsageError
from edgecode.events.kinds import Event, TextSection
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    ReplicaFact,
    ReplicaMoved,
    ReplicaMoveFact,
    ReplicaRecorded,
    SessionFact,
    SessionRecorded,
)
from edgecode.index.persons import PersonRow, person_called, persons
from edgecode.index.store import IndexStore
from edgecode.production.documents import Evidence, PaperFile
from edgecode.production.persons.noting import append_judged, require_day, today
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId, is_record_id
from edgecode.terms.rights import BiometricKind, ReplicaMedium, ReplicaMove, ReplicaType, SessionKind

SESSION_KINDS: tuple[SessionKind, ...] = get_args(SessionKind)
REPLICA_KINDS: tuple[ReplicaType, ...] = get_args(ReplicaType)
MEDIUMS: tuple[ReplicaMedium, ...] = get_args(ReplicaMedium)
MOVES: tuple[ReplicaMove, ...] = get_args(ReplicaMove)
ANSWER_DAYS = 21
"""Within how many days a request to transfer a replica is answered where nobody names another day (consent.md 3.6)."""
_ORDER = ("requested", "notice", "engaged", "started", "ended")


class SessionDraft(Struct, frozen=True):
    """A session as somebody says it. *versions*: as people name them. *times*: ISO 8601 with a zone, by ``requested``, ``notice``,
    ``engaged``, ``started``, ``ended``. *values*: business_reason, work_day, pay_unit, guardian_present,
    biometric_kind. *consent*: label or id."""

    kind: SessionKind
    versions: tuple[str, ...] = ()
    times: Mapping[str, str] = {}
    consent: str = ""
    values: Mapping[str, str] = {}


class ReplicaDraft(Struct, frozen=True):
    """A replica as somebody says it. *made_from*: sessions by id, versions as people name them. *values*: owner, custody, storage,
    ``label.REGIME``."""

    kind: ReplicaType
    medium: ReplicaMedium
    made_from: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    delete_by: str = ""
    values: Mapping[str, str] = {}


def keep_session(record: Record, alias: str, draft: SessionDraft) -> RecordId:
    """Record that a person was scanned, captured, recorded or photographed; returns the session's id.

    Raises NotFoundError ``person.unknown``, ``version.unknown`` and ``agreement.unknown``, UsageError ``session.time``, InputError
    ``session.biometric``, RefusedError ``session.times`` and ``session.consent``.
    """
    kind = draft.values.get("biometric_kind", "none")
    if kind not in get_args(BiometricKind):
        raise InputError(
            "session.biometric", "that is no kind of biometric data", f"One of: {', '.join(get_args(BiometricKind))}"
        )
    times = {name: time_of(written) for name, written in draft.times.items() if written}
    _refuse_order(times)
    identity = record.world.new_id()

    def judged() -> list[Event]:
        person = person_called(record.index, alias)
        consent = _consent_of(record.index, person, draft.consent) if draft.consent else ""
        versions = _versions(record.index, draft.versions)
        requested, notice, engaged, started, ended = (times.get(name, 0) for name in _ORDER)
        fact = SessionFact(identity, draft.kind, versions, requested, notice, engaged, started, ended, consent)
        return [SessionRecorded(fact, PersonSection(person.ref, person.alias, dict(draft.values)))]

    append_judged(record, judged)
    return identity


def keep_replica(record: Record, alias: str, draft: ReplicaDraft) -> RecordId:
    """Record that a replica exists; returns its id. *alias* "": of nobody, which only a synthetic one is.

    Raises NotFoundError ``person.unknown`` and ``version.unknown``, InputError ``replica.source``, UsageError ``person.date``,
    RefusedError ``replica.whose``.
    """
    if (draft.kind == "synthetic") == bool(alias):
        raise RefusedError(
            "replica.whose",
            "a synthetic performer is nobody's replica, and every other replica is somebody's",
            "Give the alias, or --kind synthetic without one",
        )
    require_day(draft.delete_by, empty=True)
    identity = record.world.new_id()

    def judged() -> list[Event]:
        person = person_called(record.index, alias) if alias else None
        made_from = _made_from(record.index, person, draft.made_from)
        versions = _versions(record.index, draft.versions)
        fact = ReplicaFact(identity, draft.kind, draft.medium, made_from, versions, draft.delete_by)
        section = PersonSection(person.ref, person.alias, dict(draft.values)) if person is not None else None
        return [ReplicaRecorded(fact, section)]

    append_judged(record, judged)
    return identity


def move_replica(
    record: Record,
    replica: RecordId,
    move: ReplicaMove,
    *,
    on: str = "",
    due: str = "",
    words: Mapping[str, str] | None = None,
    documents: Sequence[str | PaperFile] = (),
) -> None:
    """Record that a replica changed hands or custody, or was deleted. *on* "": today. *words*: to whom, what they committed to; sealed.

    *due* "": of a request 21 days on. Raises NotFoundError ``replica.unknown``, UsageError ``person.date``, RefusedError
    ``replica.deleted``, ``replica.no_request`` and ``replica.ahead``.
    """
    require_day(on, empty=True)
    require_day(due, empty=True)
    day = on or today(record)
    if day > today(record):
        raise RefusedError(
            "replica.ahead", "what happens to a replica is recorded once it happened", "Give today or a day before"
        )
    if move == "transfer_requested" and not due:
        due = (date.fromisoformat(day) + timedelta(days=ANSWER_DAYS)).isoformat()
    evidence = Evidence(record)

    def judged() -> list[Event]:
        evidence.anew()
        known = Register.read(record.index, origin=record.log.origin).replicas.get(replica)
        if known is None:
            raise NotFoundError("replica.unknown", "there is no replica with this id", "edgecode person show ALIAS")
        if any(one.move == "deleted" for one in known.moves):
            raise RefusedError(
                "replica.deleted",
                "this replica was deleted, so nothing more happens to it",
                "If that was noted in error: edgecode desk withdraw REPLICA, then record it again",
            )
        if move == "transferred" and not _is_asked_for(known, day):
            raise RefusedError(
                "replica.no_request",
                "nobody is on record as having asked for this transfer",
                "Record that first: edgecode person replica-move REPLICA transfer_requested --on DAY",
            )
        whose = next((row for row in persons(record.index) if row.id == known.whom.person), None)
        papers, ids = evidence.events(documents, kind="letter", person=whose)
        text = TextSection(tuple((words or {}).items())) if words else None
        return [*papers, ReplicaMoved(ReplicaMoveFact(replica, move, day, due, ids), text)]

    append_judged(record, judged)


def _is_asked_for(replica: Replica, day: str) -> bool:
    """Whether a transfer was asked for by a day and has not taken place."""
    asked = [one for one in replica.moves if one.move == "transfer_requested" and one.on <= day]
    return len(asked) > sum(one.move == "transferred" for one in replica.moves)


def time_of(written: str) -> int:
    """Milliseconds since 1970 of an ISO 8601 time with its zone. Raises UsageError ``session.time``."""
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(
            "session.time", "a time of a session is no ISO time with its zone", "As in: 2026-05-04T09:30+02:00, or …Z"
        )
    return int((found.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def _refuse_order(times: Mapping[str, int]) -> None:
    """A session begins before it ends, and whoever was asked or told was so before it ended."""
    ended, started = times.get("ended", 0), times.get("started", 0)
    late = [name for name in _ORDER[:-1] if ended and times.get(name, 0) > ended]
    if late:
        raise RefusedError(
            "session.times", f"{late[0]} lies after the session ended", "Check its times and their zones"
        )
    if started and times.get("requested", 0) > started:
        raise RefusedError(
            "session.times", "requested lies after the session started", "Check its times and their zones"
        )


def _consent_of(store: IndexStore, person: PersonRow, called: str) -> RecordId:
    agreement = Register.read(store).agreement_called(called)
    if agreement.kind != "consent" or agreement.person != person.id:
        raise RefusedError(
            "session.consent",
            f"{agreement.label} is no consent of {person.alias}",
            f"Name a consent of {person.alias}, or leave it out",
        )
    return agreement.latest.agreement


def _versions(store: IndexStore, written: Sequence[str]) -> tuple[RecordId, ...]:
    return tuple(dict.fromkeys(version_meant(store, one, reveal=True).key for one in written))


def _made_from(store: IndexStore, person: PersonRow | None, written: Sequence[str]) -> tuple[RecordId, ...]:
    sessions = Register.read(store).sessions
    found: list[RecordId] = []
    for one in written:
        session = sessions.get(one) if is_record_id(one) else None
        if session is None:
            found.append(version_meant(store, one, reveal=True).key)
            continue
        if person is not None and session.whom.person != person.id:
            raise InputError(
                "replica.source",
                f"a session that it was made from is not {person.alias}'s",
                "edgecode person show ALIAS",
            )
        found.append(one)
    return tuple(dict.fromkeys(found))
