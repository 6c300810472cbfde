"""What the record says of rights: every event of the desk in ledger order, with the person it is about. A reducer and questions.

The catalogue keeps these events whole, except words (`text`) and refs, because they are few and every rule reads them another way;
`checks.register` makes of them what stands. An erased section leaves its event without it.
"""

import re
from typing import cast

import msgspec
from msgspec import Struct

from edgecode.events.kinds import Event
from edgecode.events.person_kinds import ErasedSections, PersonalClass, PersonNoted, PersonSection
from edgecode.events.registry import KINDS, Recorded
from edgecode.events.rights_kinds import StandingStated
from edgecode.index.keys import key_of, record_of
from edgecode.index.rows import data, number, text
from edgecode.index.store import IndexStore, Value
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import PERSON_FIELDS, SAID_BY

CLASSES: dict[str, PersonalClass] = {
    "member.named/1": "identity",
    "session.recorded/1": "session",
    "replica.recorded/1": "likeness",
    "model.described/1": "likeness",
    "payment.recorded/1": "claim",
    "statement.issued/1": "claim",
    "statement.contested/1": "claim",
    "use.declared/1": "other",
    "determination.made/1": "other",
    "notice.given/1": "other",
    "disclosure.made/1": "other",
    "attestation.made/1": "other",
    "take.noted/1": "session",
}
"""The class of personal data under which a retention rule sees each kind; all others are of agreements. What happens to a record later is
of the class of that record, or an erasure could leave the one without the other."""
_NOT_KEPT = ("text", "person")
_RECORD = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Kept(Struct, frozen=True):
    """One event of the desk. *person*: dense id of whom it is about, None for nobody and for somebody erased.

    *of_person*: it names somebody, who may be erased; *erased*: an erasure covers it, so that nobody has to look for a key. *ts*:
    milliseconds since 1970 as the recorder claims. *event* lacks `text` and `person`, and what was erased of it.
    """

    id: RecordId
    log_index: int
    ts: int
    actor: str
    event: Event
    person: int | None = None
    of_person: bool = False
    erased: bool = False


class PersonField(Struct, frozen=True):
    """What a note says of a person that rules ask for (`PERSON_FIELDS`), never a name."""

    person: int
    log_index: int
    values: dict[str, str]


def keep_rights(store: IndexStore, entry: Recorded, person: int | None) -> None:
    """Keep an event of the desk. *person*: dense id of whom its `person` section names."""
    event = cast(Event, entry.event)
    body = {name: part for name in event.__struct_fields__ if (part := getattr(event, name)) is not None}
    kept = {name: part for name, part in body.items() if name not in _NOT_KEPT}
    is_of_person = "person" in entry.leaf.commitments
    values = (
        entry.leaf.ts,
        entry.leaf.actor,
        event.TYPE,
        key_of(record_in(event)),
        person,
        int(is_of_person),
        _json(kept),
    )
    store.run("add_right", key_of(entry.leaf.id), entry.index, *values)


def keep_fields(store: IndexStore, entry: Recorded, person: int | None) -> None:
    """Keep what a note says of a person that rules ask for."""
    event = cast(PersonNoted, entry.event)
    section = event.person
    values = section.values if section else {}
    known = {name: value for name, value in values.items() if name in PERSON_FIELDS}
    if known and SAID_BY in values:
        known[SAID_BY] = values[SAID_BY]
    if known and person is not None:
        note = key_of(event.fact.note)
        store.run("add_person_fields", key_of(entry.leaf.id), note, person, entry.index, _json(known))


def erase_rights(store: IndexStore, gone: ErasedSections) -> None:
    """Leave of an event what its erasure leaves."""
    store.run("erase_person_fields", key_of(gone.event))
    for (body,) in store.rows("right_body", key_of(gone.event)):
        left = {
            name: part
            for name, part in msgspec.json.decode(text(body), type=dict[str, msgspec.Raw]).items()
            if name not in gone.sections
        }
        store.run("erase_right", key_of(gone.event), _json(left))


def rights(store: IndexStore, *kinds: type[Event]) -> list[Kept]:
    """Every event of these kinds (none: of all kinds of the desk) in ledger order, withdrawn ones too."""
    if not kinds:
        return [_kept(row) for row in store.rows("rights")]
    found = [_kept(row) for kind in dict.fromkeys(kinds) for row in store.rows("rights_of", kind.TYPE)]
    return sorted(found, key=lambda kept: kept.log_index)


def records_named(store: IndexStore) -> set[RecordId]:
    """Every record id in any event of the desk, in force or not."""
    return {record for (body,) in store.rows("right_bodies") for record in _RECORD.findall(text(body))}


def rights_about(store: IndexStore, record: RecordId) -> list[Kept]:
    """Every event of the desk whose own record this is: an agreement, a replica, a cut …, in ledger order."""
    return [_kept(row) for row in store.rows("rights_about", key_of(record))]


def person_fields(store: IndexStore) -> list[PersonField]:
    """What notes in force say of persons, in ledger order: later ones win."""
    return [
        PersonField(number(person), number(index), msgspec.json.decode(text(values), type=dict[str, str]))
        for person, index, values in store.rows("person_fields")
    ]


def _kept(row: tuple[Value, ...]) -> Kept:
    key, index, ts, actor, type_, person, of_person, body = row
    event = msgspec.json.decode(text(body), type=KINDS[text(type_)])
    whom = person if isinstance(person, int) else None
    names = number(of_person)
    return Kept(record_of(data(key)), number(index), number(ts), text(actor), event, whom, names > 0, names == 2)


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


def person_section(event: Event) -> PersonSection | None:
    """The section that names whom an event of the desk is about."""
    found = getattr(event, "person", None)
    return found if isinstance(found, PersonSection) else None


def class_of(event: Event) -> PersonalClass:
    """The class of personal data of an event of the desk."""
    return CLASSES.get(event.TYPE, "agreement")


def record_in(event: Event) -> RecordId:
    """The record that an event of the desk is about: an agreement, a session, a finding's answer … What its fact names first."""
    return _named_first(event)


def leading_record(event: Event) -> RecordId:
    """The record through which an event that names nobody leads to a person: of an answer about an agreement, the agreement."""
    return event.fact.about if isinstance(event, StandingStated) else _named_first(event)


def _named_first(event: Event) -> RecordId:
    fact = event.fact  # type: ignore[attr-defined]
    return cast(RecordId, getattr(fact, fact.__struct_fields__[0]))
