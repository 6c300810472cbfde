"""Whether the ledger that lies here still is the one that was signed, published and projected: promise 2, no fork after a rollback."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from edgecode.drivers.high_water import FILE_NAME as HIGH_WATER
from edgecode.drivers.high_water import high_water
from edgecode.errors import DivergedError, EdgecodeError
from edgecode.index.keys import key_of
from edgecode.index.projector import watermark
from edgecode.index.store import IndexStore
from edgecode.ledger.export import CHECKPOINT_PATH
from edgecode.ledger.notes import open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.settings import PUBLISHED_FOLDER
from edgecode.terms.identity import RecordId

CODE = "ledger.rolled_back"


class Trace(NamedTuple):
    """A state of the log that somebody saw: *where* it is written, its size in entries and its root."""

    where: str
    size: int
    root: bytes


def signed_heads(state: Path) -> Iterator[tuple[str, bytes]]:
    """The signed heads of the log that lie in a production's folder beside the ledger, with the names of their files."""
    kept = high_water(state)
    if kept is not None:
        yield HIGH_WATER, kept
    published = state / PUBLISHED_FOLDER / CHECKPOINT_PATH
    try:
        yield f"{PUBLISHED_FOLDER}/{CHECKPOINT_PATH}", published.read_bytes()
    except OSError:
        return


def traces(state: Path, policy: Policy) -> Iterator[Trace]:
    """Those of `signed_heads` that a key of this log has signed; anything else says nothing about this log."""
    for where, note in signed_heads(state):
        try:
            head = open_checkpoint(note, policy).checkpoint
        except EdgecodeError:
            continue
        yield Trace(where, head.size, head.root)


def trace_of_index(index: IndexStore, production: RecordId) -> Trace | None:
    """What the index was made from; None for an empty one and for that of another production."""
    size, root = watermark(index)
    own = any(row[0] == key_of(production) for row in index.rows("production"))
    return Trace("index.db", size, root) if size and own else None


def continues(trace: Trace, size: int, root_at: Callable[[int], bytes]) -> bool:
    """Whether a ledger of *size* entries goes on from *trace*."""
    return trace.size <= size and root_at(trace.size) == trace.root


def rolled_back(trace: Trace, size: int) -> DivergedError:
    """What is said when it does not. Nothing is recorded or answered until a person has looked."""
    return DivergedError(
        CODE,
        f"{trace.where} has seen {trace.size} entries of this log, and the ledger with {size} does not continue them",
        "Bring back the newest copy of ledger.db. If it is lost, keep this folder as evidence and begin a new production",
    )
