"""What is recorded later of somebody's scan, voice or capture: sealed with their key, and not recorded at all once it was erased."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from edgecode.errors import RefusedError
from edgecode.events.kinds import DatasetKnown, Event, ModelKnown, SequenceSeen, StepPerformed, VersionSeen
from edgecode.events.registry import Opaque
from edgecode.index.frames import frames_with
from edgecode.index.keys import key_of, record_of
from edgecode.index.rows import data, number, text
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId

ERASED = ""
"""Whose it is when nobody is left whose it is."""

_SIGHTINGS = (VersionSeen, SequenceSeen, ModelKnown, DatasetKnown)


class Captures(NamedTuple):
    """Refs of the people whose own a version or content is, by record id, by SHA-256 and by dense id; `ERASED` where they were erased."""

    versions: Mapping[RecordId, str]
    digests: Mapping[bytes, str]
    contents: Mapping[int, str]


def captures(store: IndexStore) -> Captures | None:
    """What is somebody's own as the index stands; None when nothing is.

    Others with the same bytes are among it, and files that are frames.
    """
    rows = store.rows("declared")
    if not rows:
        return None
    found = Captures({}, {}, {})
    for key, version, content, digest, ref in rows:
        whose = text(ref) if ref is not None else ERASED
        same = [record_of(data(key)), *_same_bytes(store, number(version), content)]
        for one in same:
            # Somebody who is still here keeps what an erased one was seen in as well.
            found.versions[one] = found.versions.get(one) or whose  # type: ignore[index]
        if content is not None:
            found.contents[number(content)] = found.contents.get(number(content)) or whose  # type: ignore[index]
            found.digests[data(digest)] = found.digests.get(data(digest)) or whose  # type: ignore[index]
    return found


def keys_at_append(store: IndexStore, own: Captures, events: Sequence[Event | Opaque]) -> list[str]:
    """For each event the id of the person's key that its digests, places and names are sealed with; "" for the keys of every day.

    Raises RefusedError ``erasure.comes_back`` for an event that would bring back what was erased.
    """
    frames = frames_with(
        store, [digest for event in events if isinstance(event, VersionSeen) for digest in _digests(event)]
    )
    found = []
    for event in events:
        whose = _whose(own, event, frames)
        if whose == ERASED:
            raise RefusedError(
                "erasure.comes_back",
                "this says digests, names or places of a version that were erased with the person it was of",
                "Read the files again: what still lies there is a new version; then delete it, as the order said",
            )
        found.append(f"s:{whose}" if whose is not None else "")
    return found


def named_in(event: Event | Opaque) -> set[RecordId]:
    """The versions whose digests, places or names an event says."""
    if isinstance(event, StepPerformed):
        claimed = (*event.bytes.claimed, *event.bytes.aliases) if event.bytes is not None else ()
        return {*claimed, *(event.place.names if event.place is not None else ())}
    return {event.fact.version} if isinstance(event, _SIGHTINGS) else set()


def is_about_media(events: Iterable[Event]) -> bool:
    """Whether any of *events* could say digests, places or names of a version."""
    return any(isinstance(event, (*_SIGHTINGS, StepPerformed)) for event in events)


def _whose(own: Captures, event: Event | Opaque, frames: Mapping[bytes, Sequence[tuple[int, int]]]) -> str | None:
    """None: nobody's, or the event says nothing that leads to it."""
    if isinstance(event, StepPerformed):
        return ERASED if any(own.versions.get(one) == ERASED for one in named_in(event)) else None
    if not isinstance(event, _SIGHTINGS) or all(
        getattr(event, name, None) is None for name in ("bytes", "place", "recipe")
    ):
        return None
    if event.fact.version in own.versions:
        return own.versions[event.fact.version]
    for digest in _digests(event):
        holders = [own.contents[content] for content, _ in frames.get(digest, ()) if content in own.contents]
        whose = own.digests.get(digest) or next(filter(None, holders), None)
        if whose:
            return whose
    return None


def _digests(event: Event | Opaque) -> Iterable[bytes]:
    named = getattr(event, "bytes", None)
    if named is None:
        return []
    if isinstance(event, VersionSeen):
        return [bytes.fromhex(named.sha256)]
    if isinstance(event, SequenceSeen):
        return [bytes.fromhex(named.sequence_root)]
    if isinstance(event, ModelKnown | DatasetKnown):
        hashes = [known.get("sha256", "") for known in (named.computed, named.claimed)]
        return [bytes.fromhex(one) for one in hashes if len(one) == 64]
    return []


def _same_bytes(store: IndexStore, version: int, content: object) -> list[RecordId]:
    if content is None:
        return []
    rows = [*store.rows("versions_of_content", content), *store.rows("versions_of_frames", version)]  # type: ignore[arg-type]
    return [record_of(data(row[0])) for row in rows]


def takes_beside(store: IndexStore, versions: Iterable[RecordId]) -> list[RecordId]:
    """Other versions with bytes that were seen at the places of these, or that they supersede or are superseded by, however far on."""
    given = list(versions)
    found, asked = set(given), list(given)
    while asked:
        for row in store.rows("version_id", key_of(asked.pop())):
            near = {record_of(data(one[0])) for one in store.rows("takes_beside", number(row[0]))} - found
            found |= near
            asked += near
    return sorted(found - set(given))
