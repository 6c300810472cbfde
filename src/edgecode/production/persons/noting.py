"""Persons in a production's record: noting them, where they are seen or heard, holds, approvers. Names go into sealed sections only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from unicodedata import normalize

from edgecode.answers.naming import version_meant
from edgecode.checks.register import Register
from edgecode.drivers.key_files import actor_id
from edgecode.errors import InputError, NotFoundError, RefusedError, UsageError
from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import Event, TextSection
from edgecode.events.person_kinds import (
    ApproverFact,
    ApproverNamed,
    DepictionEndFact,
    DepictionFact,
    DepictionWithdrawn,
    HoldEndFact,
    HoldFact,
    HoldLifted,
    HoldPlaced,
    HoldReason,
    NoteFact,
    PersonalClass,
    PersonDepicted,
    PersonNoted,
    PersonSection,
)
from edgecode.index.catalogue import VersionRow
from edgecode.index.persons import (
    HoldRow,
    PersonRow,
    approvers,
    depictions_of,
    entries_of,
    holds,
    next_alias,
    person_called,
    persons,
)
from edgecode.index.store import IndexStore
from edgecode.people.register import Person, read_person, refuse_bare_hash, refuse_control_characters
from edgecode.people.retention import may_keep
from edgecode.production.log.approvals import is_signing_key
from edgecode.production.persons.biometric import seal_with_person
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId, is_record_id

How = str
"""``depicted``, ``heard``, ``performed`` or ``likeness-source``."""


def add_person(record: Record, *, identity: Mapping[str, str], contact: Mapping[str, str]) -> str:
    """Note a new person under a fresh random ref; returns the alias, ``P-01``. Raises RefusedError ``person.bare_hash``, InputError
    ``person.control``."""
    refuse_bare_hash("identity", [*identity.values(), *contact.values()])
    refuse_control_characters(identity.values())
    ref = f"p-{record.world.randomness(16).hex()}"

    def noted() -> list[Event]:
        alias = next_alias(record.index)
        events: list[Event] = [_noted(record, ref, alias, "identity", identity)]
        return [*events, _noted(record, ref, alias, "contact", contact)] if contact else events

    (first, *_) = append_judged(record, noted)
    return _alias_given(record, first)


def rename_person(record: Record, called: str) -> str:
    """Give a person a fresh alias; returns it. *called*: their alias, or the record id of a note, depiction or hold of theirs, which tells
    persons apart who share an alias. Papers that were printed before say the old one.

    Raises NotFoundError ``person.unknown``, InputError ``person.ambiguous``.
    """

    def renamed() -> list[Event]:
        person = _person_meant(record.index, called)
        return [_noted(record, person.ref, next_alias(record.index), "other", {})]

    (index,) = append_judged(record, renamed)
    return _alias_given(record, index)


def append_judged(record: Record, judged: Callable[[], Sequence[Event]]) -> list[int]:
    """`Record.append_judged`: nobody is promised a hold on what was erased meanwhile. Returns the indexes."""
    return record.append_judged(judged)


def note_person(
    record: Record, alias: str, holds: PersonalClass, values: Mapping[str, str], *, replaces: RecordId = ""
) -> RecordId:
    """Write something down about a person; returns the note's id. *replaces*: an earlier note that this one corrects.

    Raises NotFoundError ``person.unknown`` and ``person.no_note``, RefusedError ``person.bare_hash``, InputError ``person.control``.
    """
    refuse_bare_hash(holds, values.values())
    if holds == "identity":
        refuse_control_characters(values.values())
    noted: list[PersonNoted] = []

    def judged() -> list[PersonNoted]:
        person = person_called(record.index, alias)
        if replaces and not any(
            entry.what == "note" and entry.about == replaces for entry in entries_of(record.index, person.id)
        ):
            raise NotFoundError(
                "person.no_note", f"{alias} has no note with this id", "List them: edgecode person show ALIAS"
            )
        noted[:] = [_noted(record, person.ref, person.alias, holds, values, replaces=replaces)]
        return noted

    append_judged(record, judged)
    return noted[0].fact.note


def depict(
    record: Record,
    alias: str,
    version: str,
    *,
    how: How,
    first: int | None = None,
    end: int | None = None,
    biometric: bool = False,
) -> RecordId:
    """Note that a person is seen or heard in a version (a file, record id, digest, edge code or name); returns the depiction's id.

    *biometric*: the version itself is their scan, voice or capture: its digests and places are sealed with their key from here on. The same
    again is not noted again. Raises NotFoundError ``person.unknown`` and ``version.unknown``, UsageError ``person.frames``.
    """
    if (first is None) != (end is None) or (first is not None and end is not None and end <= first):
        raise UsageError("person.frames", "these frames hold nothing", "Give --in and --out, the frame after the last")
    identity = record.world.new_id()
    declared: list[PersonDepicted] = []
    there: list[RecordId] = []

    def judged() -> list[PersonDepicted]:
        person = person_called(record.index, alias)
        shown = version_meant(record.index, version, reveal=True)
        _require_inside(shown, first, end)
        fact = DepictionFact(identity, shown.key, how, first, end, biometric)  # type: ignore[arg-type]
        declared[:] = [PersonDepicted(fact, PersonSection(person.ref, person.alias))]
        said = (shown.key, how, first, end, biometric)
        there[:] = [
            one.depiction
            for one in depictions_of(record.index, person.id)
            if not one.withdrawn and (one.version, one.how, one.first, one.end, one.biometric) == said
        ]
        return [] if there else declared

    append_judged(record, judged)
    if biometric and declared[0].person is not None:
        seal_with_person(record, [declared[0].fact.version], ref=declared[0].person.subject)
    return there[0] if there else identity


def _require_inside(shown: VersionRow, first: int | None, end: int | None) -> None:
    """Raises UsageError ``person.frames`` for frames of which the version has none: nobody would be seen there."""
    if first is None or end is None or shown.first is None or shown.end is None:
        return
    if first < shown.first or shown.end < end:
        raise UsageError(
            "person.frames",
            f"these frames are not all in it: it has frames {shown.first} to {shown.end - 1}",
            f"Give --in {shown.first} or later and --out, the frame after the last, {shown.end} or earlier",
        )


def declare_takes(record: Record, alias: str, versions: Sequence[str]) -> list[RecordId]:
    """Declare more versions a person's own, as the first that was declared so; returns the depictions. Raises like `depict`."""
    person = person_called(record.index, alias)
    declared = (one.how for one in depictions_of(record.index, person.id) if one.biometric and not one.withdrawn)
    how = next(declared, "likeness-source")
    return [depict(record, alias, version, how=how, biometric=True) for version in versions]


def withdraw_depiction(record: Record, depiction: RecordId, *, note: str = "") -> None:
    """Take a depiction back that was noted in error. Raises NotFoundError ``person.no_depiction``."""
    if not is_record_id(depiction) or not record.index.rows("depiction", bytes.fromhex(depiction.replace("-", ""))):
        raise NotFoundError(
            "person.no_depiction", "there is no depiction with this id", "List them: edgecode person show ALIAS"
        )
    text = TextSection((("note", note),)) if note else None
    record.append([DepictionWithdrawn(DepictionEndFact(depiction), text)])


def place_hold(
    record: Record, alias: str, why: HoldReason, keeps: Sequence[PersonalClass], *, until: str = "", note: str = ""
) -> RecordId:
    """Hold back classes of what is noted of a person from erasure. *until*: ``YYYY-MM-DD``; "": till it is lifted.

    Raises RefusedError ``hold.keeps_too_much`` for a class that a hold for this reason may not keep.
    """
    require_day(until, empty=True)
    too_much = sorted(set(keeps) - may_keep(why))
    if too_much or not keeps:
        raise RefusedError(
            "hold.keeps_too_much",
            f"a hold for {why} may not keep {', '.join(too_much) or 'nothing at all'}",
            f"It may keep: {', '.join(sorted(may_keep(why)))}",
        )
    identity = record.world.new_id()
    fact = HoldFact(identity, why, tuple(sorted(set(keeps))), until)
    text = TextSection((("note", note),)) if note else None

    def judged() -> list[Event]:
        person = person_called(record.index, alias)
        return [HoldPlaced(fact, PersonSection(person.ref, person.alias), text)]

    append_judged(record, judged)
    return identity


def lift_hold(record: Record, hold: RecordId, *, note: str = "") -> None:
    """End a hold. Raises NotFoundError ``hold.unknown``."""
    if not any(one.hold == hold and not one.lifted for one in holds(record.index)):
        raise NotFoundError("hold.unknown", "no hold in force has this id", "List them: edgecode person holds")
    text = TextSection((("note", note),)) if note else None
    record.append([HoldLifted(HoldEndFact(hold), text)])


def name_approver(record: Record, key: str) -> RecordId:
    """Let somebody approve erasures, by their Ed25519 public key (64 hexadecimal characters); returns their opaque id.

    Raises InputError ``approver.key``, RefusedError ``approver.known`` for a key that already counts.
    """
    key = key.strip().lower()
    if len(key) != 64 or any(character not in "0123456789abcdef" for character in key):
        raise InputError("approver.key", "this is no Ed25519 public key", "Give its 64 hexadecimal characters, or FILE")
    refuse_signing_key(record, key)
    identity = record.world.new_id()

    def judged() -> list[Event]:
        if any(public == key and counts for public, counts in approvers(record.index).values()):
            raise RefusedError("approver.known", "this key approves here already", "One person has one key")
        return [ApproverNamed(ApproverFact(identity, key))]

    append_judged(record, judged)
    return identity


def refuse_signing_key(record: Record, key: str) -> None:
    """Raises RefusedError ``approver.signing_key`` for a public key (hexadecimal) that signs this log, or did once."""
    if is_signing_key(key, signing_ids(record)):
        raise RefusedError(
            "approver.signing_key",
            "this key signs the log, so it is the machine's and no person's",
            "Make one of your own: edgecode person approver create FILE",
        )


def signing_ids(record: Record) -> frozenset[str]:
    """The ids (``k:…``) of every key that signs this log or did once."""
    return frozenset(actor_id(key.public) for key in record.log.keys)


def retire_approver(record: Record, approver: RecordId) -> None:
    """From here on the approvals of this id count no more. Raises NotFoundError ``approver.unknown``."""
    known = approvers(record.index).get(approver)
    if known is None:
        raise NotFoundError("approver.unknown", "there is no approver with this id", "edgecode person approver list")
    record.append([ApproverNamed(ApproverFact(approver, known[0], retired=True))])


def aliases_named(record: Record, name: str) -> list[str]:
    """The aliases of everybody here who is noted under *name*, whatever its case, its spaces and how its accents are composed."""
    return aliases_by_name(record).get(folded_name(name), [])


def aliases_by_name(record: Record) -> dict[str, list[str]]:
    """The aliases of everybody by the names they are noted under, as `folded_name` gives them; opens every person's record."""
    found: dict[str, list[str]] = {}
    for row in persons(record.index):
        for name in sorted({folded_name(note.values.get("name", "")) for note in _opened(record, row).notes} - {""}):
            found.setdefault(name, []).append(row.alias)
    return found


def names_by_alias(record: Record) -> dict[str, str]:
    """The name that is noted of everybody, by alias; who has none is left out. Opens every person's record."""
    found: dict[str, str] = {}
    for row in persons(record.index):
        for name in (note.values.get("name", "") for note in _opened(record, row).notes):
            if name:
                found[row.alias] = name
    return found


def folded_name(name: str) -> str:
    """A name without what differs between two ways of typing it: case, spaces, composed accents."""
    return " ".join(normalize("NFC", normalize("NFC", name).casefold()).split())


def person_of(record: Record, alias: str) -> Person:
    """Everything that the record holds of a person, opened. Raises NotFoundError ``person.unknown``."""
    return _opened(record, person_called(record.index, alias))


def _opened(record: Record, row: PersonRow) -> Person:
    indexes = [entry.log_index for entry in entries_of(record.index, row.id)]
    return read_person(row.ref, (event for index in indexes for event in record.recorded(index, index + 1)))


def holds_in_force(record: Record, person: PersonRow, *, today: str) -> list[HoldRow]:
    """The holds that limit an erasure of this person on *today*."""
    return [hold for hold in holds(record.index) if hold.person == person.id and hold.in_force(today)]


def biometric_versions(store: IndexStore, person: PersonRow) -> list[RecordId]:
    """Versions that are the person's scan, voice or capture themselves, by depictions in force."""
    return sorted({one.version for one in depictions_of(store, person.id) if one.biometric and not one.withdrawn})


def today(record: Record) -> str:
    """The day (UTC) by this production's clock, ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(record.world.milliseconds() / 1000, UTC).strftime("%Y-%m-%d")


def judged_at(record: Record, register: Register) -> int:
    """The moment at which the record is judged, milliseconds since 1970: now, and never before its newest entry, so that a clock that is
    behind brings no consent back."""
    newest = [parse_leaf(stored.leaf).ts for stored in record.log.entries(max(0, record.log.size - 1), None)]
    return max(record.world.milliseconds(), register.newest, *newest)


def require_day(written: str, *, empty: bool = False) -> None:
    """Raises UsageError ``person.date`` for what is no day; *empty*: nothing is one too."""
    if empty and not written:
        return
    try:
        is_day = date.fromisoformat(written).isoformat() == written
    except ValueError:
        is_day = False
    if not is_day:
        raise UsageError("person.date", "that is no date", "Write it as 2026-11-23")


def _noted(
    record: Record,
    ref: str,
    alias: str,
    holds: PersonalClass,
    values: Mapping[str, str],
    *,
    replaces: RecordId = "",
) -> PersonNoted:
    fact = NoteFact(record.world.new_id(), holds, replaces)
    return PersonNoted(fact, PersonSection(ref, alias, dict(values)))


def _person_meant(store: IndexStore, called: str) -> PersonRow:
    if not is_record_id(called):
        return person_called(store, called)
    found = store.rows("person_of_about", bytes.fromhex(called.replace("-", "")))
    person = next((one for one in persons(store) if found and one.id == found[0][0]), None)
    if person is None:
        raise NotFoundError("person.unknown", "nothing of a person here has this id", "List them: edgecode person list")
    return person


def _alias_given(record: Record, index: int) -> str:
    (entry,) = record.recorded(index, index + 1)
    assert isinstance(entry.event, PersonNoted) and entry.event.person is not None
    return entry.event.person.alias
