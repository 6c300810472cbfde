"""Ordering the erasure of people whom the record cannot name any more: their entries are in a former ledger alone, or their key is gone.

The order is approved like any other, and carried out with `again.erase_again`: no plan of today is there to compare it with.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from msgspec import Struct

from edgecode.drivers.left_behind import left_ledger
from edgecode.errors import EdgecodeError, NotFoundError, RefusedError, UnavailableError
from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import SequenceSeen, VersionSeen
from edgecode.events.person_kinds import ErasedSections, ErasureFact, PersonDepicted, PersonSection
from edgecode.events.registry import read_event
from edgecode.index.persons import depictions_unread, persons
from edgecode.index.projector import unread
from edgecode.ledger.store import StoredEntry
from edgecode.people.sealing import open_sections
from edgecode.production.erasing.ordering import MAY_ASK, Order, Plan, Request
from edgecode.production.log.former import former_ledgers
from edgecode.production.log.reading import Erasures, indexes_of_events
from edgecode.production.persons.noting import require_day
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId


class LostPerson(Struct, frozen=True):
    """Somebody of whom something lies here that the present log does not lead to. *alias* "": nobody can tell whose it is, since the key
    is gone. *keys*: their ids. *entries*: how many entries are about them; *erased*: those that the present log has, or
    that the keys do not seal. What the keys seal in former ledgers goes with them."""

    alias: str
    keys: tuple[str, ...]
    erased: tuple[ErasedSections, ...]
    entries: int


def lost_people(record: Record) -> list[LostPerson]:
    """Everybody whose key is here and who is not in the present log, and everything in the present log that cannot be opened any more
    although no erasure covers it. Former ledgers are read through when there is such a key."""
    own = {f"s:{person.ref}" for person in persons(record.index)}
    # What a hold kept at an erasure is under a key that is named after that.
    lost = {key for key in record.keys.key_ids() if key.startswith("s:") and not key.startswith("s:e-")} - own
    found = list(_in_former_ledgers(record, lost)) if lost else []
    if not sum(unread(record.index).values()) + depictions_unread(record.index):
        return found
    unreadable = _unreadable(record)
    return found + ([unreadable] if unreadable.erased else [])


def plan_lost(record: Record, alias: str, request: Request) -> Plan:
    """An order over what lies here of a lost person: of an *alias* in a former ledger, or "" for all that nobody can open any more.

    Raises NotFoundError ``person.unknown``, RefusedError ``erasure.unverified``.
    """
    require_day(request.requested)
    if request.verified not in MAY_ASK[request.requester]:
        raise RefusedError(
            "erasure.unverified",
            f"a right to ask as {request.requester} is not shown by {request.verified}",
            f"It is shown by: {', '.join(sorted(MAY_ASK[request.requester]))}",
        )
    one = next((person for person in lost_people(record) if person.alias == alias), None)
    if one is None:
        raise NotFoundError(
            "person.unknown", "nobody of that alias is lost in a former ledger", "List them: edgecode person list"
        )
    fact = ErasureFact(
        record.world.new_id(),
        request.requested,
        request.requester,
        request.verified,
        request.ground,
        "whole",
        request.record_copy,
        one.erased,
        tuple(sorted(sha256(key.encode()).hexdigest() for key in one.keys)),
    )
    return Plan(Order(fact), {"lost": sum(len(gone.sections) for gone in one.erased)}, (), ())


def _in_former_ledgers(record: Record, lost: Iterable[str]) -> Iterator[LostPerson]:
    wanted = set(lost)
    sections: dict[str, dict[RecordId, set[str]]] = {key: {} for key in wanted}
    aliases: dict[str, str] = {}
    captures: dict[RecordId, str] = {}
    agreements: dict[str, str] = {}
    in_plain: set[RecordId] = set()
    for entry in _former_entries(record):
        for section in entry.sections:
            if section.key_id not in wanted:
                continue
            event, identity = _read(record, entry)
            if not identity:
                continue  # altered: what is sealed with the key goes with it all the same
            sections[section.key_id].setdefault(identity, set()).add(section.name)
            if isinstance(event, PersonDepicted) and event.fact.biometric:
                captures[event.fact.version] = section.key_id
            agreements |= {one.key_id: section.key_id for one in entry.sections if one.key_id.startswith("a:")}
            person = getattr(event, "person", None)
            if isinstance(person, PersonSection) and person.alias:
                aliases[section.key_id] = person.alias
    for entry in _former_entries(record) if captures else ():
        event, identity = _read(record, entry)
        if isinstance(event, VersionSeen | SequenceSeen) and event.fact.version in captures:
            key = captures[event.fact.version]
            names = {section.name for section in entry.sections} & {"bytes", "place"}
            if any(section.key_id != key for section in entry.sections if section.name in names):
                in_plain.add(identity)
            sections[captures[event.fact.version]].setdefault(identity, set()).update(names)
    for entry in _former_entries(record) if agreements else ():
        for one in (one for one in entry.sections if one.key_id in agreements):
            _, identity = _read(record, entry)
            if identity:
                sections[agreements[one.key_id]].setdefault(identity, set()).add(one.name)
    there = indexes_of_events(record.ledger, {event for events in sections.values() for event in events})
    for key, events in sections.items():
        if events:
            gone = sorted(event for event in events if event in there or event in in_plain)
            named = tuple(ErasedSections(event, tuple(sorted(events[event]))) for event in gone)
            theirs = (
                one for one, whose in agreements.items() if whose == key and not record.ledger.sections_under(one)
            )
            yield LostPerson(aliases.get(key, ""), (key, *sorted(theirs)), named, len(events))


def _former_entries(record: Record) -> Iterator[StoredEntry]:
    for path in former_ledgers(record.folder, record.settings):
        try:
            with left_ledger(path, read_only=True) as ledger:
                yield from ledger.entries(0, ledger.entry_end())
        except UnavailableError as error:
            record.notices.append(error.sentence)


def _read(record: Record, entry: StoredEntry) -> tuple[object, RecordId]:
    """An entry's event and its id; None where it cannot be opened, "" where its leaf cannot be read."""
    identity = ""
    try:
        leaf = parse_leaf(entry.leaf)
        identity = leaf.id
        sections = open_sections(leaf, entry.sections, keys=record.keys, entry=entry.index)
        return read_event(leaf.type, sections), identity
    except EdgecodeError:
        return None, identity


def _unreadable(record: Record) -> LostPerson:
    """Sections in the present log whose key was destroyed, and that no erasure covers."""
    covered = Erasures(record.ledger).sections
    keys: set[str] = set()
    found = []
    for entry in record.ledger.entries(0, record.log.size):
        sealed = {one.name: one.key_id for one in entry.sections if one.key_id}
        gone = {name: key for name, key in sealed.items() if record.keys.is_destroyed(key)}
        if gone:
            event = parse_leaf(entry.leaf).id
            names = tuple(sorted(name for name in gone if (event, name) not in covered))
            keys |= {gone[name] for name in names}
            found += [ErasedSections(event, names)] if names else []
    return LostPerson("", tuple(sorted(keys)), tuple(found), len(found))
