"""The scan's memory on SQLite (`ingest.stat_cache.StatCache`): what files were when last read. A broken one is thrown away."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import apsw

from edgecode.drivers.damaged import is_damaged, throw_away
from edgecode.drivers.patience import TURN_MILLISECONDS
from edgecode.drivers.sqlite import connect, queries
from edgecode.drivers.sqlite_erasing import empty_the_log
from edgecode.errors import UnavailableError
from edgecode.ingest.digests import Mark
from edgecode.ingest.stat_cache import CachedFile

_VERSION = 1
_SIGNED_END = 1 << 63
_FORGOTTEN, _FINISHED = 1, 2

_Row = tuple[int, bytes, int, int, int, int, bytes | None, bytes | None, bytes, str, int]


class ScanCache:
    """Keeps entries in one SQLite file. Use from one thread. Survives a killed process; a power cut may cost the last seconds."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._queries = queries("scan_cache")

    @classmethod
    def open(cls, path: str | Path) -> "ScanCache":
        """The cache at *path* (``:memory:`` for none). A damaged file or one of another release is replaced by an empty one.

        Raises UnavailableError where no file can be made.
        """
        try:
            return cls._ready(path)
        except (apsw.NotADBError, apsw.CorruptError, UnavailableError) as error:
            if not is_damaged(path, error):
                raise
        except apsw.Error as error:
            raise _failed(error) from error
        throw_away(path)
        return cls._ready(path)

    @classmethod
    def _ready(cls, path: str | Path) -> "ScanCache":
        connection = connect(path, durable=False)
        try:
            if connection.pragma("user_version") != _VERSION:
                cls._lay_out(connection)
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    @staticmethod
    def _lay_out(connection: apsw.Connection) -> None:
        with _writing(connection):
            # Another process may have done it while this one waited for its turn.
            found = cast(int, connection.pragma("user_version"))
            if found not in (0, _VERSION):
                connection.execute("drop table if exists file")
            connection.execute(queries("scan_cache")["schema"])
            connection.pragma("user_version", _VERSION)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def known(self, root: str, path: bytes) -> CachedFile | None:
        """The last entry, or None."""
        with _said():
            row = self._connection.execute(self._queries["entry"], (root, path)).fetchone()
        return None if row is None else _entry(cast(_Row, row))

    def remember(self, root: str, entries: Iterable[tuple[bytes, CachedFile]]) -> None:
        """Keep all of them or none, in one transaction."""
        with _said(), _writing(self._connection):
            self._connection.executemany(
                self._queries["remember"], (_row(root, path, entry) for path, entry in entries)
            )

    def count(self, root: str) -> int:
        """How many paths of the root are remembered."""
        with _said():
            ((count,),) = self._connection.execute(self._queries["count"], (root,)).fetchall()
        return cast(int, count)

    def keep_only(self, root: str, paths: Iterable[bytes]) -> list[bytes]:
        """Forget every other path of the root, and return these in order."""
        kept = set(paths)
        with _said():
            found = cast("Iterable[tuple[bytes]]", self._connection.execute(self._queries["paths"], (root,)))
            gone = sorted(path for (path,) in found if path not in kept)
        if gone:
            with _said(), _writing(self._connection):
                self._connection.executemany(self._queries["forget"], ((root, path) for path in gone))
        return gone

    def forget_forever(self, *, places: Iterable[tuple[str, bytes]], digests: Iterable[bytes]) -> None:
        """Forget files by place (root, path) and by SHA-256, and leave nothing of them in the file or its write-ahead log.

        Raises UnavailableError ``ledger.residue`` while somebody else reads the file.
        """
        with _said():
            with _writing(self._connection):
                self._connection.executemany(self._queries["forget"], places)
                self._connection.executemany(self._queries["forget_digest"], ((digest,) for digest in digests))
            self._connection.execute("vacuum")
        empty_the_log(self._connection, busy_milliseconds=TURN_MILLISECONDS, what="remembered files are")

    def forget_unknown(self, is_known: Callable[[bytes], bool]) -> None:
        """Forget every file whose SHA-256 (32 bytes) is not known any more, and those of which only the header was read, as
        `forget_forever` does. They are read again at the next scan."""
        with _said():
            rows = self._connection.execute(self._queries["digests"]).fetchall()
            digests = [digest for (digest,) in cast("list[tuple[bytes]]", rows) if not is_known(digest)]
            with self._connection:
                self._connection.execute(self._queries["forget_unread"])
        self.forget_forever(places=(), digests=digests)

    def has_forgotten(self, erasure: bytes) -> bool:
        """Whether nothing is remembered of the files that an erasure (its 16 bytes) covers."""
        return self._state(erasure) >= _FORGOTTEN

    def is_finished(self, erasure: bytes) -> bool:
        """Whether the erasure was carried out in everything that lies beside this memory, too."""
        return self._state(erasure) >= _FINISHED

    def note_forgotten(self, erasure: bytes) -> None:
        """Remember that; see `has_forgotten`."""
        self._note(erasure, _FORGOTTEN)

    def note_finished(self, erasure: bytes) -> None:
        """Remember that; see `is_finished`."""
        self._note(erasure, _FINISHED)

    def _state(self, erasure: bytes) -> int:
        with _said():
            row = self._connection.execute(self._queries["erasure"], (erasure,)).fetchone()
        return 0 if row is None else cast("tuple[int]", row)[0]

    def _note(self, erasure: bytes, state: int) -> None:
        with _said():
            self._connection.execute(self._queries["note_erasure"], (erasure, state))


@contextmanager
def _said() -> Iterator[None]:
    """A disk that is full or gone, said in words."""
    try:
        yield
    except apsw.Error as error:
        raise _failed(error) from error


@contextmanager
def _writing(connection: apsw.Connection) -> Iterator[None]:
    """A transaction that waits for its turn at its beginning: one that reads first and then writes would be refused without a wait."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    finally:
        if connection.in_transaction:
            connection.execute("rollback")


def _failed(error: apsw.Error) -> UnavailableError:
    if isinstance(error, apsw.BusyError):
        return UnavailableError(
            "scan_cache.busy",
            f"other edgecode commands have been using the scan's memory for {TURN_MILLISECONDS // 1000} seconds",
            "Wait until they are done, then run this again; .edgecode/scan-cache.db may also be deleted, files are read again then",
        )
    return UnavailableError(
        "scan_cache.storage_failed",
        f"the scan's memory cannot be used: {type(error).__name__}",
        "Make room on the disk and scan again; .edgecode/scan-cache.db may be deleted, files are read again then",
    )


def _row(root: str, path: bytes, entry: CachedFile) -> tuple[str | bytes | int | None, ...]:
    mark = entry.mark
    # Inode and device numbers of network shares and Windows use all 64 bits (ReFS: 128), more than SQLite's signed integers hold.
    inode = mark.inode.to_bytes(16, "big")
    device = mark.device - 2 * _SIGNED_END if mark.device >= _SIGNED_END else mark.device
    times = (mark.mtime_ns, mark.ctime_ns, entry.read_at_ns)
    return (
        root,
        path,
        device,
        inode,
        mark.size,
        *times,
        entry.sha256,
        entry.xxh128,
        entry.facts,
        entry.readers,
        int(entry.makes),
    )


def _entry(row: _Row) -> CachedFile:
    device, inode, size, mtime_ns, ctime_ns, read_at_ns, sha256, xxh128, facts, readers, makes = row
    device = device + 2 * _SIGNED_END if device < 0 else device
    mark = Mark(device, int.from_bytes(inode, "big"), size, mtime_ns, ctime_ns)
    return CachedFile(mark, read_at_ns, sha256, xxh128, facts, readers, bool(makes))
