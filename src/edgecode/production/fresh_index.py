"""An index made at this moment from the log alone, for answers that leave the house: what index.db says is nobody's evidence."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from edgecode.answers.packs.evidence_events import KINDS
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import InvalidError, RefusedError
from edgecode.events.registry import Opaque, Recorded
from edgecode.index.dump import dump
from edgecode.index.projector import project
from edgecode.index.store import IndexStore
from edgecode.production.record import Record

_DECIDES_NOTHING = {"text", "graph"}
_LISTED = 12


@contextmanager
def fresh_index(record: Record) -> Iterator[IndexStore]:
    """The whole log projected into memory, every section compared with what its entry commits to.

    Raises RefusedError ``pack.incomplete`` when an event that a cut's answer could rest on lacks a section that no erasure covers, and
    what `open_sections` raises.
    """
    lacking: list[int] = []
    size = record.log.size

    def read() -> Iterator[Recorded]:
        for entry in record.recorded(0, size):
            if isinstance(entry.event, Opaque) and _lacks(entry, entry.event):
                lacking.append(entry.index)
            yield entry

    with closing(SqliteIndex(":memory:")) as index:
        project(index, read(), size=size, root=record.log.root_at(size))
        if lacking:
            named = ", ".join(map(str, lacking[:_LISTED])) + (" and more" if len(lacking) > _LISTED else "")
            raise RefusedError(
                "pack.incomplete",
                f"what entries of the record said is gone and no erasure says so: {named}",
                "Bring ledger.db back from a copy; edgecode log verify names what is missing",
            )
        yield index


def refuse_altered_index(record: Record) -> None:
    """Refuse to answer from an index that does not say what the log says: a word for somebody else is not given on the word of a file
    that anybody could have edited.

    Raises InvalidError ``index.differs``, and what `fresh_index` raises.
    """
    with fresh_index(record) as again, record.index.transaction():
        if dump(record.index) != dump(again):
            raise InvalidError(
                "index.differs",
                "the index does not say what the log says, so nothing is cleared on its word",
                "Find out who changed it, then delete .edgecode/index.db; it is made again from the log",
            )


def _lacks(entry: Recorded, event: Opaque) -> bool:
    missing = entry.leaf.commitments.keys() - event.sections.keys() - _DECIDES_NOTHING
    return bool(missing) and entry.leaf.type.partition("/")[0] in KINDS
