"""Stores that a recovery or a move left beside the present ones: opened although they may be damaged, with one error for all that fails."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import apsw

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import EdgecodeError, UnavailableError
from edgecode.ledger.store import LogStore
from edgecode.people.store import KeyStore


@contextmanager
def left_ledger(path: Path, *, read_only: bool = False) -> Iterator[LogStore]:
    """The ledger in a file. Raises UnavailableError ``store.unreached`` for whatever fails on it, damage too."""
    with _reached(path), closing(SqliteLedger(path, read_only=read_only)) as ledger:
        yield ledger


@contextmanager
def left_keys(path: Path, *, read_only: bool = False) -> Iterator[KeyStore]:
    """The keys in a file. Raises as `left_ledger` does."""
    with _reached(path), closing(SqliteKeys(path, read_only=read_only)) as keys:
        yield keys


def empty_left_index(path: Path) -> None:
    """Leave nothing in an index that nobody uses any more; it could be made again. Raises as `left_ledger` does."""
    with _reached(path), closing(SqliteIndex(path)) as index:
        index.forget_forever()


def sections_under_hashes(ledger: LogStore, hashes: frozenset[str]) -> Sequence[tuple[int, str]]:
    """(entry, section) of what is sealed under keys whose ids have these SHA-256 (hexadecimal). Reads the whole ledger."""
    known: dict[str, bool] = {}
    found = []
    for entry in ledger.entries(0, ledger.entry_end()):
        for section in entry.sections:
            key_id = section.key_id
            if key_id and key_id not in known:
                known[key_id] = sha256(key_id.encode()).hexdigest() in hashes
            if key_id and known[key_id]:
                found.append((entry.index, section.name))
    return found


@contextmanager
def _reached(path: Path) -> Iterator[None]:
    try:
        yield
    except (apsw.Error, EdgecodeError, OSError, ValueError) as error:
        raise UnavailableError(
            "store.unreached",
            f"{path.name} cannot be read or written: it is damaged, or somebody holds it",
            "Bring back a good copy of it, or delete it, when it is not needed as evidence",
        ) from error
