"""An index in memory, fed with events as production would project them: the fast way from events to a register."""

from collections.abc import Sequence
from hashlib import sha256

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.codec import Leaf
from edgecode.events.kinds import Event, ProductionFact, ProductionOpened
from edgecode.events.registry import Recorded
from edgecode.index.projector import project
from edgecode.terms.identity import RecordId, record_id

NOW = 1_795_435_200_000
"""Noon (UTC) of 23 November 2026, in milliseconds since 1970."""

TODAY = "2026-11-23"


class Ids:
    """Record ids in a row, the same in every run."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self) -> RecordId:
        self._next += 1
        return record_id(NOW, sha256(str(self._next).encode()).digest()[:10])


def index_of(events: Sequence[Event], ids: Ids) -> SqliteIndex:
    """An index that holds *events* behind the opening of a production."""
    store = SqliteIndex(":memory:")
    opened = ProductionOpened(ProductionFact(ids(), "Facts", "0"))
    recorded = [
        Recorded(number, Leaf(ids(), NOW, event.TYPE, "k:00000000", (), _sections(event)), event)
        for number, event in enumerate([opened, *events])
    ]
    project(store, recorded, size=len(recorded), root=bytes(32))
    return store


def _sections(event: Event) -> dict[str, str]:
    return {name: "" for name in event.__struct_fields__ if getattr(event, name) is not None}
