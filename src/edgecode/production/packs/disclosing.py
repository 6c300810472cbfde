"""Opening what is sealed to one reader, as a pack: one section of one entry, or a person's own record; sealed where it is personal."""

from collections.abc import Callable

from edgecode.answers.packs.disclosure import (
    Disclosure,
    OwnDepiction,
    OwnHold,
    OwnNote,
    OwnRecord,
    OwnRight,
    disclosure_text,
    own_record_text,
)
from edgecode.errors import NotFoundError, RefusedError
from edgecode.events.codec import parse_leaf
from edgecode.events.kept_kinds import personal_sections
from edgecode.events.kinds import StepPerformed
from edgecode.events.record_kinds import DisclosureFact, SectionDisclosed
from edgecode.index.persons import entries_of, person_called, person_of_event
from edgecode.production.packs.making import make_pack
from edgecode.production.persons.biometric import entries_about
from edgecode.production.persons.noting import biometric_versions, person_of
from edgecode.production.record import Record

Seal = Callable[[bytes], bytes]
_OF_SOMEBODY = ("s:", "a:")
"""Begins the keys of what leaves here sealed only: a person's, and the terms of an agreement."""


def disclose(record: Record, entry: int, section: str, *, reader: str = "", seal: Seal | None = None) -> bytes:
    """Open one section of an entry to one reader; that it was opened is recorded first. Returns the pack, sealed where *seal* is given.

    *reader*: what the record says of the reader's key. Raises NotFoundError ``ledger.no_entry`` and ``disclosure.no_section``,
    RefusedError ``disclosure.unsealed``.
    """
    stored, opened = record.entry(entry)
    leaf = parse_leaf(stored.leaf)
    if section not in opened:
        raise NotFoundError(
            "disclosure.no_section",
            f"entry {entry} has no section {section} that can be opened here",
            "edgecode log show ENTRY lists what it has",
        )
    row = next(one for one in stored.sections if one.name == section)
    is_of_somebody = bool(row.key_id) and person_of_event(record.index, leaf.id) is not None
    if seal is None and (is_of_somebody or row.key_id.startswith(_OF_SOMEBODY)):
        raise _unsealed()
    identity = record.world.new_id()
    (index,) = record.append([SectionDisclosed(DisclosureFact(identity, leaf.id, section, reader))])
    given = Disclosure(identity, entry, leaf.id, leaf.type, section, reader, record.ledger_point())
    data = make_pack(
        record,
        kind="disclosure",
        about=identity,
        answer=given.encode(),
        text=disclosure_text(given),
        events={entry: (section,), index: ("fact",)},
    )
    return seal(data) if seal is not None else data


def own_record(record: Record, alias: str, *, seal: Seal) -> bytes:
    """Everything held of a person, opened, with proofs, sealed for that person: notes, texts, where they are seen, and what their
    scans are called. Raises NotFoundError ``person.unknown``."""
    row = person_called(record.index, alias)
    person = person_of(record, alias)
    events: dict[int, tuple[str, ...]] = {
        found.index: ("fact", *personal_sections(found.event))
        for entry in entries_of(record.index, row.id)
        for found in record.recorded(entry.log_index, entry.log_index + 1)
    }
    for entry, names in entries_about(record, biometric_versions(record.index, row)):
        if not isinstance(entry.event, StepPerformed):  # what a step calls its inputs is of other versions as well
            events.setdefault(entry.index, ("fact", *names))
    given = OwnRecord(
        person.alias,
        record.title(),
        tuple(
            OwnNote(note.entry, note.holds, note.values, corrected)
            for notes, corrected in ((person.notes, False), (person.corrected, True))
            for note in notes
        ),
        tuple(
            OwnDepiction(
                one.version,
                one.how,
                (one.first, one.end) if one.first is not None and one.end is not None else None,
                one.biometric,
            )
            for one in person.depictions
        ),
        tuple(OwnHold(one.why, tuple(one.keeps), one.until) for one in person.holds),
        tuple(sorted(events)),
        record.ledger_point(),
        tuple(OwnRight(one.entry, one.kind, one.record, one.values) for one in person.rights),
    )
    data = make_pack(
        record,
        kind="disclosure",
        about=record.world.new_id(),
        answer=given.encode(),
        text=own_record_text(given),
        events=dict(sorted(events.items())),
    )
    return seal(data)


def _unsealed() -> RefusedError:
    return RefusedError(
        "disclosure.unsealed",
        "what is recorded of a person, or agreed with somebody, leaves here sealed to its reader only",
        "Give --to READERKEY",
    )
