"""Looks records of the desk up in the log, where their sealed sections are, for people who may see what is in them."""

from collections.abc import Mapping

from edgecode.answers.desk.record import DeskRecordAnswer, entry_of, sealed_values
from edgecode.errors import NotFoundError
from edgecode.events.kinds import Event
from edgecode.events.rights_kinds import DatasetDescribed, ModelDescribed
from edgecode.index.catalogue import version
from edgecode.index.persons import day_of, persons
from edgecode.index.rights import Kept, record_in, rights, rights_about
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId, is_record_id


def desk_record(record: Record, identity: RecordId, *, reveal: bool) -> DeskRecordAnswer:
    """Every entry about one record of the desk. *identity*: as ``desk list`` prints it. *reveal*: what was said in words, values, fees,
    file names. Raises NotFoundError ``desk.unknown``, and what `Record.recorded` raises."""
    kept = _entries(record, identity)
    if not kept:
        raise NotFoundError("desk.unknown", "no record of the desk has this id", "List them: edgecode desk list")
    alias = {one.id: one.alias for one in persons(record.index)}
    entries = tuple(
        entry_of(
            _event(record, one) if reveal else one.event,
            index=one.log_index,
            recorded=day_of(one.ts),
            alias=alias.get(one.person) if one.person is not None else None,
            reveal=reveal,
        )
        for one in kept
    )
    return DeskRecordAnswer(identity, entries, _name(record, identity) if reveal else None)


def revealed_values(record: Record) -> Mapping[RecordId, dict[str, str]]:
    """What the newest entry of each record of the desk says in its sealed sections, by the id that ``desk list`` prints."""
    found: dict[RecordId, dict[str, str]] = {}
    for one in rights(record.index):
        event = one.event
        identity = event.fact.version if isinstance(event, ModelDescribed | DatasetDescribed) else record_in(event)
        name = _name(record, identity)
        found[identity] = {**({"name": name} if name else {}), **sealed_values(_event(record, one))}
    return found


def _entries(record: Record, identity: RecordId) -> list[Kept]:
    if not is_record_id(identity):
        return []
    described = [
        one
        for one in rights(record.index, ModelDescribed, DatasetDescribed)
        if isinstance(one.event, ModelDescribed | DatasetDescribed) and one.event.fact.version == identity
    ]
    return sorted([*rights_about(record.index, identity), *described], key=lambda one: one.log_index)


def _event(record: Record, kept: Kept) -> Event:
    """The event with its sections as they can be opened now."""
    (found,) = record.recorded(kept.log_index, kept.log_index + 1)
    return found.event if isinstance(found.event, Event) else kept.event


def _name(record: Record, identity: RecordId) -> str | None:
    row = version(record.index, identity) if is_record_id(identity) else None
    return row.name if row is not None else None
