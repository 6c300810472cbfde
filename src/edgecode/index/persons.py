"""What events about persons change in the index, and what it knows of them: refs and aliases, never names. Reducers and questions.

A person's ref is read from the opened `person` section; where that was erased the event still stands, of nobody. The leaf's id and
time are needed as well, because an erasure names events by their ids and is dated by its own leaf.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import cast

import msgspec
from msgspec import Struct

from edgecode.errors import InputError, NotFoundError
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import (
    ApproverNamed,
    DepictionWithdrawn,
    ErasureFact,
    HoldLifted,
    HoldPlaced,
    HoldReason,
    PersonalClass,
    PersonDepicted,
    PersonErased,
    PersonNoted,
    PersonSection,
)
from edgecode.events.registry import Recorded
from edgecode.index.keys import key_of, record_of
from edgecode.index.rights import (
    class_of,
    erase_rights,
    keep_fields,
    keep_rights,
    leading_record,
    person_section,
    record_in,
)
from edgecode.index.rows import data, first_number, ids_text, number, text
from edgecode.index.store import IndexStore, Value
from edgecode.index.versions import settle_personal, version_of
from edgecode.terms.identity import RecordId

OF_DEPICTIONS: PersonalClass = "likeness"
OF_HOLDS: PersonalClass = "other"
"""The class under which a retention rule sees that somebody is depicted, and that a hold is of somebody."""
RIGHT, RIGHT_MOVE = "right", "right-move"
"""What an event of the desk is among those about a person: it names them, or is about a record that does."""


# ------------------------------------------------------------------------------------------ reducers


def note(store: IndexStore, entry: Recorded) -> None:
    """Something was written down about a person."""
    event = cast(PersonNoted, entry.event)
    replaces = key_of(event.fact.replaces) if event.fact.replaces else None
    person = _about_person(store, entry, "note", event.fact.holds, event.fact.note, event.person, replaces)
    keep_fields(store, entry, person)


def note_right(store: IndexStore, entry: Recorded) -> None:
    """Something that the desk keeps: an agreement, a session, a use, a decision, of a person or of nobody."""
    event = cast(Event, entry.event)
    person = None
    if "person" in entry.leaf.commitments:
        person = _about_person(store, entry, RIGHT, class_of(event), record_in(event), person_section(event))
    elif of := store.rows("person_of_about", key_of(leading_record(event))):
        # What happens to somebody's agreement is about them, is of its class, and is found, kept and erased with it.
        person = _about_record(store, entry, RIGHT_MOVE, cast(PersonalClass, of[0][1]), leading_record(event))
    keep_rights(store, entry, person)


def depict(store: IndexStore, entry: Recorded) -> None:
    """Somebody is seen or heard in a version. Where it is their own scan, voice or capture, the edge code that its digest gave is
    retired by this event."""
    event = cast(PersonDepicted, entry.event)
    fact = event.fact
    version = version_of(store, fact.version, entry.index)
    values = (version, fact.how, fact.first, fact.end, int(fact.biometric), entry.index)
    store.run("add_depiction", key_of(fact.depiction), *values)
    if fact.biometric:
        _settle_content(store, version)
    _about_person(store, entry, "depiction", OF_DEPICTIONS, fact.depiction, event.person)


def withdraw_depiction(store: IndexStore, entry: Recorded) -> None:
    """A depiction was noted in error."""
    fact = cast(DepictionWithdrawn, entry.event).fact
    store.run("withdraw_depiction", key_of(fact.depiction))
    for version, biometric, _ in store.rows("depiction", key_of(fact.depiction)):
        if biometric:
            _settle_content(store, number(version))
    _about_record(store, entry, "withdrawal", OF_DEPICTIONS, fact.depiction)


def place_hold(store: IndexStore, entry: Recorded) -> None:
    """Something about a person must stay."""
    event = cast(HoldPlaced, entry.event)
    fact = event.fact
    keeps = msgspec.json.encode(fact.keeps).decode()
    store.run("add_hold", key_of(fact.hold), fact.why, keeps, fact.until, entry.index)
    _about_person(store, entry, "hold", OF_HOLDS, fact.hold, event.person)


def lift_hold(store: IndexStore, entry: Recorded) -> None:
    """A hold ended."""
    fact = cast(HoldLifted, entry.event).fact
    store.run("lift_hold", key_of(fact.hold))
    _about_record(store, entry, "release", OF_HOLDS, fact.hold)


def name_approver(store: IndexStore, entry: Recorded) -> None:
    """Somebody may approve, or may no longer."""
    fact = cast(ApproverNamed, entry.event).fact
    store.run("set_approver", key_of(fact.approver), fact.key, int(fact.retired), entry.index)


def erase(store: IndexStore, entry: Recorded) -> None:
    """The named events are of nobody from here on, and what clips showed of erased versions stays as it was matched."""
    fact, day = cast(PersonErased, entry.event).fact, day_of(entry.leaf.ts)
    store.run("add_erasure", key_of(fact.erasure), fact.scope, fact.requested, day, entry.index)
    emptied: set[int] = set()
    for gone in fact.erased:
        erase_rights(store, gone)
        for person, what, _, about, _ in store.rows("person_entry", key_of(gone.event)):
            if what == "depiction" and "person" in gone.sections:
                store.run("erase_depiction", about, day)
            store.run("erase_person_entry", key_of(gone.event))
            emptied |= {person} if isinstance(person, int) else set()
    for left in sorted(emptied):
        if first_number(store.rows("entries_left", left)) == 0:
            store.run("drop_person", left)
        else:
            _call_again(store, left)
    _keep_conform(store, fact, entry.index)


PERSON_REDUCERS: Mapping[type, Callable[[IndexStore, Recorded], None]] = {
    PersonNoted: note,
    PersonDepicted: depict,
    DepictionWithdrawn: withdraw_depiction,
    HoldPlaced: place_hold,
    HoldLifted: lift_hold,
    ApproverNamed: name_approver,
    PersonErased: erase,
}
"""What each kind of event about persons changes."""


def _about_person(
    store: IndexStore,
    entry: Recorded,
    what: str,
    holds: PersonalClass,
    about: RecordId,
    section: PersonSection | None,
    replaces: bytes | None = None,
) -> int | None:
    person, alias = _person_in(store, section, entry.index), section.alias if section is not None else None
    store.run(
        "add_person_entry", key_of(entry.leaf.id), entry.index, person, what, holds, key_of(about), replaces, alias
    )
    return person


def _about_record(store: IndexStore, entry: Recorded, what: str, holds: PersonalClass, about: RecordId) -> int | None:
    """An event that leads to its person through the depiction, hold or record of the desk that it is about: whom the first event about
    that names, and nobody where that was erased."""
    person = next((row[0] for row in store.rows("person_of_about", key_of(about))), None)
    store.run("add_person_entry", key_of(entry.leaf.id), entry.index, person, what, holds, key_of(about), None, None)
    return person if isinstance(person, int) else None


def _person_in(store: IndexStore, section: PersonSection | None, log_index: int) -> int | None:
    if section is None:
        return None
    found = store.rows("person_of_ref", section.subject)
    if not found:
        return first_number(store.rows("add_person", section.subject, section.alias, log_index))
    if section.alias and section.alias != found[0][1]:
        store.run("set_alias", found[0][0], section.alias, log_index)
    return first_number(found)


def _call_again(store: IndexStore, person: int) -> None:
    """Call somebody as what is left of them does: an erasure may have taken the event that gave them their alias."""
    called: tuple[str, int] | None = None
    for alias, log_index in store.rows("aliases_left", person):
        if called is None or (text(alias) and text(alias) != called[0]):
            called = text(alias), number(log_index)
    if called is not None:
        store.run("set_alias", person, *called)


def _settle_content(store: IndexStore, version: int) -> None:
    content = store.rows("version_state", version)[0][1]
    if content is not None:
        settle_personal(store, number(content))


def _keep_conform(store: IndexStore, fact: ErasureFact, log_index: int) -> None:
    for group in fact.same:
        versions = [version_of(store, record, log_index) for record in group]
        contents = [store.rows("version_state", version)[0][1] for version in versions]
        # Dense ids grow with the log: the smallest is of the event that these bytes were first read in, which named them before.
        content = min((number(one) for one in contents if one is not None), default=None)
        for version in versions if content is not None else ():
            store.run("join_content", version, content)
        if content is not None:
            settle_personal(store, content)
    for kept in fact.matches:
        shown = version_of(store, kept.version, log_index) if kept.version else None
        candidates = ids_text(version_of(store, record, log_index) for record in kept.candidates)
        values = (shown, candidates, kept.method, kept.confidence, kept.reason, log_index)
        store.run("keep_match", key_of(kept.clip), *values)


# ------------------------------------------------------------------------------------------ questions


class PersonRow(Struct, frozen=True):
    """A person who is not erased. *id* is private to this index."""

    id: int
    ref: str
    alias: str


class EntryRow(Struct, frozen=True):
    """One event about a person. *event*: the leaf's id. *about*: the note, depiction, hold or record of the desk."""

    event: RecordId
    log_index: int
    what: str
    holds: PersonalClass
    about: RecordId
    replaces: RecordId = ""


class DepictionRow(Struct, frozen=True):
    """Where a person is seen or heard. *first*, *end*: frames of the version, half open; None: all."""

    depiction: RecordId
    version: RecordId
    how: str
    first: int | None
    end: int | None
    biometric: bool
    withdrawn: bool


class HoldRow(Struct, frozen=True):
    """A hold. *alias* None: its person is erased. *until* "": as long as it is not lifted."""

    hold: RecordId
    why: HoldReason
    keeps: tuple[PersonalClass, ...]
    until: str
    lifted: bool
    alias: str | None
    person: int | None

    def in_force(self, today: str) -> bool:
        """Whether it holds on *today* (``YYYY-MM-DD``), its last day included."""
        return not self.lifted and (not self.until or today <= self.until)


class Seen(Struct, frozen=True):
    """Somebody in a version. *alias* None: erased on the day *erased*; where that is None too, nobody can tell who it is. *person*: dense
    id, None without an alias."""

    version: int
    how: str
    first: int | None
    end: int | None
    alias: str | None
    erased: str | None
    person: int | None = None


class ErasureRow(Struct, frozen=True):
    """An erasure that was ordered. *settled*: everything that it names was found destroyed here."""

    erasure: RecordId
    scope: str
    requested: str
    executed: str
    settled: bool
    log_index: int


def persons(store: IndexStore) -> list[PersonRow]:
    """Everybody who is not erased, in the order they were noted."""
    return [PersonRow(number(key), text(ref), text(alias)) for key, ref, alias in store.rows("persons")]


def person_called(store: IndexStore, alias: str) -> PersonRow:
    """The person of an alias. Raises NotFoundError ``person.unknown``, InputError ``person.ambiguous``."""
    found = store.rows("persons_called", alias)
    if not found:
        raise NotFoundError(
            "person.unknown", "nobody here has that alias, or they were erased", "List them: edgecode person list"
        )
    if len(found) > 1:
        first = [next(iter(entries_of(store, number(key))), None) for key, _, _ in found]
        notes = ", ".join(entry.about for entry in first if entry is not None)
        raise InputError(
            "person.ambiguous",
            f"{len(found)} persons have that alias; they were noted first with {notes}",
            "Give one of them another: edgecode person rename ID, one of these",
        )
    return PersonRow(number(found[0][0]), text(found[0][1]), text(found[0][2]))


def entries_of(store: IndexStore, person: int) -> list[EntryRow]:
    """Every event about one person, in ledger order."""
    rows = store.rows("person_entries", person)
    return [
        EntryRow(
            record_of(data(event)),
            number(index),
            text(what),
            cast(PersonalClass, text(holds)),
            record_of(data(about)),
            _record(replaces),
        )
        for event, index, what, holds, about, replaces in rows
    ]


def person_of_event(store: IndexStore, event: RecordId) -> int | None:
    """Whom an event is about; None when it is about nobody, or they are erased."""
    found = store.rows("person_entry", key_of(event))
    return found[0][0] if found and isinstance(found[0][0], int) else None


def depictions_of(store: IndexStore, person: int) -> list[DepictionRow]:
    """Where one person is seen or heard, withdrawn ones too."""
    return [
        DepictionRow(
            record_of(data(key)),
            record_of(data(version)),
            text(how),
            cast("int | None", first),
            cast("int | None", end),
            biometric == 1,
            withdrawn == 1,
        )
        for key, version, how, first, end, biometric, withdrawn in store.rows("depictions_of_person", person)
    ]


def seen_in(store: IndexStore, versions: Iterable[int]) -> list[Seen]:
    """Who is seen or heard in these versions (dense ids), erased ones too."""
    return [
        Seen(
            number(version),
            text(how),
            cast("int | None", first),
            cast("int | None", end),
            cast("str | None", alias),
            cast("str | None", erased),
            cast("int | None", person),
        )
        for version, how, first, end, alias, erased, person in store.rows("depictions", ids_text(versions))
    ]


def depictions_unread(store: IndexStore) -> int:
    """How many depictions are of somebody whom nobody can tell although no erasure covers them."""
    return first_number(store.rows("depictions_unread"))


def persons_in(store: IndexStore, versions: Iterable[RecordId]) -> list[PersonRow]:
    """Everybody who is seen or heard in any of these versions and is not erased."""
    numbers = [number(row[0]) for version in versions for row in store.rows("version_id", key_of(version))]
    there = {person for (person,) in store.rows("persons_in", ids_text(numbers))}
    return [person for person in persons(store) if person.id in there]


def holds(store: IndexStore) -> list[HoldRow]:
    """Every hold that was ever placed, oldest first."""
    return [
        HoldRow(
            record_of(data(key)),
            cast(HoldReason, text(why)),
            msgspec.json.decode(text(keeps), type=tuple[PersonalClass, ...]),
            text(until),
            lifted == 1,
            cast("str | None", alias),
            cast("int | None", person),
        )
        for key, why, keeps, until, lifted, alias, person in store.rows("holds")
    ]


def approvers(store: IndexStore) -> dict[RecordId, tuple[str, bool]]:
    """Every approver: public key in hexadecimal, and whether its approvals still count."""
    return {record_of(data(key)): (text(public), retired != 1) for key, public, retired, _ in store.rows("approvers")}


def approver_entries(store: IndexStore) -> list[tuple[RecordId, int]]:
    """Every approver with the entry that says the latest of them."""
    return [(record_of(data(key)), number(index)) for key, _, _, index in store.rows("approvers")]


def erasures(store: IndexStore) -> list[ErasureRow]:
    """Every erasure, oldest first."""
    return [
        ErasureRow(record_of(data(key)), text(scope), text(asked), text(done), settled == 1, number(index))
        for key, scope, asked, done, settled, index in store.rows("erasures")
    ]


def erased_counts(store: IndexStore) -> dict[str, int]:
    """Events about persons who were erased, by class."""
    return {text(holds): number(count) for holds, count in store.rows("erased_counts")}


def unsettled_erasures(store: IndexStore) -> list[int]:
    """The entries of erasures of which nobody has seen yet that all they name is destroyed here."""
    return [number(index) for (index,) in store.rows("unsettled_erasures")]


def next_alias(store: IndexStore) -> str:
    """An alias that nobody has and nobody had."""
    taken = {person.alias for person in persons(store)}
    count = first_number(store.rows("identities_noted")) + 1
    while (alias := f"P-{count:02d}") in taken:
        count += 1
    return alias


def day_of(milliseconds: int) -> str:
    """The day (UTC) of a leaf's time, ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d")


def _record(key: Value) -> RecordId:
    return record_of(key) if isinstance(key, bytes) else ""
