"""Versions that are somebody's scan, voice or capture: the entries that hold their digests, names and places, and the key of these."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from edgecode.errors import RefusedError
from edgecode.events.kinds import DatasetKnown, ModelKnown, SequenceSeen, StepPerformed, VersionSeen
from edgecode.events.person_kinds import ErasureFact
from edgecode.events.registry import Recorded
from edgecode.index.keys import key_of, record_of
from edgecode.index.rows import data, number
from edgecode.index.store import IndexStore
from edgecode.ledger.store import StoredEntry
from edgecode.people.sealing import resealed
from edgecode.production.captures import captures, keys_at_append
from edgecode.production.log.reading import indexes_of_events
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId

_LEAVES = 2_000
_MANY_REFS = 200
"""A step's leaf names this many records at most, so what a longer one is about is read from its fact."""

_SIGHTINGS = (VersionSeen, SequenceSeen, ModelKnown, DatasetKnown)
_OF_SIGHTINGS = ("bytes", "place", "recipe")


def with_twins(store: IndexStore, versions: Collection[RecordId]) -> list[tuple[RecordId, ...]]:
    """These versions in groups of one content each, with every other version of the same content: their digests are the same.

    Files that are frames of one of them by their bytes are among them, in groups of their own: the sequence holds their digests.
    """
    groups: dict[object, set[RecordId]] = {}
    frames = [
        record_of(data(row[0]))
        for version in versions
        for found in store.rows("version_id", key_of(version))
        for row in store.rows("versions_of_frames", number(found[0]))
    ]
    for version in dict.fromkeys([*versions, *frames]):
        found = store.rows("version_id", key_of(version))
        content = store.rows("version_state", number(found[0][0]))[0][1] if found else None
        if content is None:
            groups[version] = {version}
            continue
        rows = store.rows("versions_of_content", content)
        groups.setdefault(content, {version}).update(record_of(data(row[0])) for row in rows)
    return sorted(tuple(sorted(group)) for group in groups.values())


def entries_about(record: Record, versions: Collection[RecordId]) -> Iterator[tuple[Recorded, tuple[str, ...]]]:
    """Every entry that holds digests, names or places of *versions*, with the sections that do; reads all leaves of the log."""
    wanted = [f'"{version}"'.encode() for version in versions]
    for first in range(0, record.log.size if wanted else 0, _LEAVES):
        for place, leaf in enumerate(record.ledger.leaves(first, first + _LEAVES), first):
            if any(one in leaf for one in wanted) or leaf.count(b'","') >= _MANY_REFS - 1:
                for entry in record.recorded(place, place + 1):
                    sections = _holding(entry, set(versions))
                    if sections:
                        yield entry, sections


def erased_versions(record: Record, fact: ErasureFact) -> list[RecordId]:
    """The versions whose digests, places or names *fact* erases, as far as their entries are in the log."""
    events = [gone.event for gone in fact.erased if set(_OF_SIGHTINGS) & set(gone.sections)]
    return [
        entry.event.fact.version
        for index in sorted(indexes_of_events(record.ledger, events).values())
        for entry in record.recorded(index, index + 1)
        if isinstance(entry.event, _SIGHTINGS)
    ]


def seal_late(record: Record, first: int) -> None:
    """Seal with people's keys what entries from *first* on say of their scans, voices and captures: who put them into the inbox does not
    know whose they are."""
    own = captures(record.index)
    if own is None:
        return
    for entry in record.recorded(first):
        if isinstance(entry.event, _SIGHTINGS):
            # What an erasure stands against was refused before; one that was overtaken here is no reason to leave the rest.
            with suppress(RefusedError):
                (key,) = keys_at_append(record.index, own, [entry.event])
                if key and not record.keys.is_destroyed(key):
                    seal_with_person(record, [entry.event.fact.version], ref=key.removeprefix("s:"))


def seal_with_person(record: Record, versions: Collection[RecordId], *, ref: str) -> None:
    """Seal digests, names and places of these versions, and of others with the same content, with the person's own key.

    What lay there before is overwritten where the store can; copies of the store made before this still hold it.
    """
    key_id = f"s:{ref}"
    everything = [version for group in with_twins(record.index, versions) for version in group]
    waiting = []
    for entry, names in entries_about(record, everything):
        if isinstance(entry.event, StepPerformed):
            continue  # a step's names and claims are of other versions as well
        (stored,) = record.ledger.entries(entry.index, entry.index + 1)
        waiting += [(entry, stored, name) for name in names]
    sealed = [
        (
            entry.index,
            resealed(
                entry.leaf,
                section,
                key_id=key_id,
                keys=record.keys,
                entry=entry.index,
                randomness=record.world.randomness,
            ),
        )
        for entry, stored, name in waiting
        for section in stored.sections
        if section.name == name and not section.key_id.startswith("s:")
    ]
    if sealed:
        record.ledger.reseal(sealed)


def stored_names(stored: StoredEntry) -> set[str]:
    """The sections of an entry that are still there."""
    return {section.name for section in stored.sections}


def _holding(entry: Recorded, versions: set[RecordId]) -> tuple[str, ...]:
    event, committed = entry.event, entry.leaf.commitments
    if isinstance(event, VersionSeen | SequenceSeen | ModelKnown | DatasetKnown):
        is_theirs = event.fact.version in versions
        return tuple(name for name in _OF_SIGHTINGS if is_theirs and name in committed)
    if isinstance(event, StepPerformed):
        claimed = event.bytes is not None and versions & (event.bytes.claimed.keys() | event.bytes.aliases.keys())
        named = event.place is not None and versions & event.place.names.keys()
        return tuple(name for name, is_in in (("bytes", claimed), ("place", named)) if is_in)
    return ()
