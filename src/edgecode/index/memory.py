"""What is recorded already: the questions that ingest asks before it records something, answered from the index."""

from collections.abc import Mapping
from typing import TypeAlias

from edgecode.errors import InputError
from edgecode.index.catalogue import (
    VersionRow,
    resolve_edge_code,
    twins,
    version,
    version_at,
    version_rows,
    versions_of_content,
)
from edgecode.index.keys import key_of
from edgecode.index.rows import number, text
from edgecode.index.store import IndexStore
from edgecode.index.withdrawn import is_withdrawn, making_withdrawn
from edgecode.terms.identity import RecordId, read_edge_code
from edgecode.terms.places import Place

KnownFrames: TypeAlias = tuple[int, int, tuple[tuple[int, int], ...]]
"""First frame, end and holes, all half open."""


class Memory:
    """Answers from one index, which must stand at the ledger's size."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store

    def version_of_content(self, digest: str) -> list[RecordId]:
        """Every version that was seen with this content, oldest first."""
        return [row.key for row in versions_of_content(self._store, digest)]

    def version_at(self, place: Place) -> RecordId | None:
        """The version seen last at this place."""
        row = version_at(self._store, place.root, place.path)
        return row.key if row is not None else None

    def producer_known(self, version: RecordId) -> bool:
        """Whether a recorded step says how this version, or another of the same content, was made."""
        row = self._row(version)
        if row is None:
            return False
        return row.step is not None or any(twin.step is not None for twin in twins(self._store, row))

    def places_of(self, version: RecordId) -> list[Place]:
        """Where it was seen, current places first."""
        row = self._row(version)
        return list(row.places) if row is not None else []

    def model(self, name: str, hashes: Mapping[str, str]) -> RecordId | None:
        """A known file of weights with one of these digests; without any, one of this name alone."""
        for algorithm, value in hashes.items():
            found = self._store.rows("models_of_hash", algorithm, value.lower())
            if found:
                return self._key(number(found[0][0]))
        found = [] if hashes else self._store.rows("models_named", name)
        return self._key(number(found[0][0])) if found else None

    def step_known(self, step: RecordId) -> bool:
        """Whether this step is recorded."""
        return bool(self._store.rows("step_id", key_of(step)))

    def step_line(self, step: RecordId) -> str:
        """What marks the line that recorded this step; "" where none did."""
        found = self._store.rows("step_line", key_of(step))
        return text(found[0][0]) if found else ""

    def makings_of(self, digest: str) -> set[tuple[str, str]]:
        """(source, recipe) of every step that made this content and that its own file told; the recipe as JSON text, "" for none."""
        return {
            (text(source), text(recipe)) for source, recipe in self._store.rows("makings_of", bytes.fromhex(digest))
        }

    def is_withdrawn(self, step: RecordId) -> bool:
        """Whether this step was recorded and taken back."""
        return is_withdrawn(self._store, step)

    def making_withdrawn(self, version: RecordId, source: str) -> bool:
        """Whether a step of this source that had made the version, or another of its content, was taken back."""
        return making_withdrawn(self._store, version, source)

    def frames_of(self, version: RecordId) -> KnownFrames | None:
        """The frames that it was seen to have: first, end (half open) and holes (half open); None when it has none."""
        row = self._row(version)
        if row is None or row.first is None or row.end is None:
            return None
        return row.first, row.end, row.holes

    def version_of_code(self, written: str) -> list[RecordId]:
        """Every version that this edge code may mean; none for what is no edge code."""
        try:
            code = read_edge_code(written)
        except InputError:
            return []
        return [row.key for row in resolve_edge_code(self._store, code, retired=True)]

    def is_version(self, version: RecordId) -> bool:
        """Whether this record is a version that was seen or referred to."""
        return bool(self._store.rows("version_id", key_of(version)))

    def _row(self, key: RecordId) -> VersionRow | None:
        return version(self._store, key)

    def _key(self, identity: int) -> RecordId:
        return version_rows(self._store, [identity], places=False)[identity].key
