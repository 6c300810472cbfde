"""Whether the ledger that lies here still is the one that was signed, published and projected: promise 2, no fork after a rollback."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from edgecode.drivers.high_water import FILE_NAME as HIGH_WATER
from edgecode.drivers.high_water import high_water
from edgecode.errors import DivergedError, EdgecodeError, HeldError, RefusedError
from edgecode.index.keys import key_of
from edgecode.index.projector import watermark
from edgecode.index.store import FarIndexStore, IndexStore
from edgecode.ledger.export import CHECKPOINT_PATH
from edgecode.ledger.growth import root_of
from edgecode.ledger.notes import open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.reader import Reader
from edgecode.ledger.store import LogStore
from edgecode.production.log.shelves import published_folder
from edgecode.settings import STATE_FOLDER, Settings
from edgecode.terms.identity import RecordId

CODE = "ledger.rolled_back"
RECOVERING = "recovering"
"""A file in the state folder, there from the beginning of a recovery to its end."""


class Trace(NamedTuple):
    """A state of the log that somebody saw: *where* it is written, its size in entries, its root, and the signed *note* that shows it
    (empty for the index, which nobody signs)."""

    where: str
    size: int
    root: bytes
    note: bytes = b""


def high_water_places(folder: Path, settings: Settings) -> list[Path]:
    """The files that keep the last signed head: the one in the state folder, and the one that the settings name where it is another."""
    inside, named = folder / STATE_FOLDER / HIGH_WATER, folder / settings.high_water
    return [inside] if named == inside else [inside, named]


def signed_heads(folder: Path, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """The signed heads of the log that lie beside the ledger, with the names of their files. Raises UnavailableError
    ``high_water.unread``."""
    for place in high_water_places(folder, settings):
        kept = high_water(place)
        if kept is not None:
            yield place.name, kept
    published = published_folder(folder, settings.publish_to)
    if published is None:
        return
    try:
        yield f"{published.name}/{CHECKPOINT_PATH}", (published / CHECKPOINT_PATH).read_bytes()
    except OSError:
        return


def traces(heads: Iterable[tuple[str, bytes]], policy: Policy) -> Iterator[Trace]:
    """Those of *heads* that a key of this log has signed; anything else says nothing about this log."""
    for where, note in heads:
        try:
            head = open_checkpoint(note, policy).checkpoint
        except EdgecodeError:
            continue
        yield Trace(where, head.size, head.root, note)


def known_heads(folder: Path, settings: Settings, store: LogStore) -> list[tuple[str, bytes]]:
    """`signed_heads`, and the largest head in the store that witnesses have signed."""
    return [*signed_heads(folder, settings), *(("a cosigned head", note) for _, note in store.cosigned()[-1:])]


def refuse_rolled_back(store: LogStore, seen: Iterable[Trace]) -> None:
    """Freeze the log in *store* for good when it does not go on from a signed head in *seen*.

    Read *seen* before: another process may be appending. Raises DivergedError ``ledger.rolled_back``.
    """
    with store.reading():
        head = store.head()
        if head is None:
            return
        reader = Reader(store)
        if reader.root(head.size) != root_of(head.stack):
            return  # it is damaged, which opening it says; a rollback is another thing
        behind = next((trace for trace in seen if not continues(trace, head.size, reader.root)), None)
    if behind is not None:
        store.freeze(evidence_of(behind, head.size))
        raise rolled_back(behind, head.size)


def refuse_unfinished_recovery(state: Path) -> None:
    """Raises HeldError ``recover.unfinished`` while a recovery of the log is on its way."""
    if (state / RECOVERING).exists():
        raise HeldError(
            "recover.unfinished", "a recovery of this log was interrupted", "Finish it: edgecode log recover --yes"
        )


def evidence_of(trace: Trace, size: int) -> bytes:
    """What is remembered of it: a sentence, an empty line and the signed head."""
    said = (
        f"{trace.where} shows a signed head of {trace.size} entries that this ledger with {size} does not continue.\n\n"
    )
    return said.encode() + trace.note


def trace_of_index(index: IndexStore, production: RecordId) -> Trace | None:
    """What the index was made from; None for an empty one and for that of another production."""
    size, root = watermark(index)
    own = any(row[0] == key_of(production) for row in index.rows("production"))
    return Trace("index.db", size, root) if size and own else None


def refuse_index_of_another(index: IndexStore, production: RecordId) -> None:
    """Raises RefusedError ``index.not_ours`` when a schema on a server holds the index of another production: each of the two would
    throw away the other's again and again. A file in the production's own folder is simply made anew."""
    if isinstance(index, FarIndexStore) and index.rows("production") and trace_of_index(index, production) is None:
        raise RefusedError(
            "index.not_ours",
            "the schema of store.index holds the index of another production",
            'Name another one: store.index = "postgresql://…?edgecode_schema=NAME"',
        )


def continues(trace: Trace, size: int, root_at: Callable[[int], bytes]) -> bool:
    """Whether a ledger of *size* entries goes on from *trace*."""
    return trace.size <= size and root_at(trace.size) == trace.root


def rolled_back(trace: Trace, size: int) -> DivergedError:
    """What is said when it does not. Nothing is recorded or answered until a person has looked."""
    return DivergedError(
        CODE,
        f"{trace.where} has seen {trace.size} entries of this log, and the ledger with {size} does not continue them",
        "Bring back the newest copy of the ledger. If it is lost: edgecode log recover (it shows first what would be kept)",
    )
