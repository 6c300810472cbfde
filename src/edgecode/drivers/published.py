"""A folder as a shelf of static files: temporary file, flush, rename, flush of the folder. What it promises: `ledger.publishing.Shelf`."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from edgecode.drivers.private_files import flush_folder
from edgecode.errors import UnavailableError
from edgecode.ledger.export import CHECKPOINT_PATH
from edgecode.ledger.log import Log
from edgecode.ledger.notes import Checkpoint
from edgecode.ledger.publishing import Seen, ShelfMovedError, publish_on

_FOLDERS_CAN_BE_FLUSHED = os.name == "posix"


class FolderShelf:
    """Use it as a context manager. Folders stay open from before they are written to until they are flushed: an error of the disk in
    between is told to whoever holds the folder open, and to nobody who opens it later (tessera, storage/posix/file_ops.go)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[Path, int] = {}
        self._unflushed: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        while self._open:
            os.close(self._open.popitem()[1])

    @property
    def name(self) -> str:
        return self._folder.name

    def checkpoint(self) -> Seen | None:
        with _said():
            try:
                note = (self._folder / CHECKPOINT_PATH).read_bytes()
            except FileNotFoundError:
                return None
        return Seen(note, sha256(note).hexdigest())

    def has(self, path: str) -> bool:
        return (self._folder / path).exists()

    def put(self, path: str, data: bytes) -> None:
        with _said():
            target = self._folder / path
            if not _holds(target, data):
                self._write(target, data)
            # Also for what is there already: whoever wrote it may have ended before its names were on disk.
            self._name_durably(target)

    def put_checkpoint(self, note: bytes, *, after: Seen | None) -> None:
        with _said():
            self._flush()
            self._hold(self._folder)
            with self._alone():
                if self.checkpoint() != after:
                    raise ShelfMovedError
                self._write(self._folder / CHECKPOINT_PATH, note)
                self._flush()

    def _write(self, path: Path, data: bytes) -> None:
        self._hold(path.parent)
        _write_beside(path, data)
        self._unflushed.add(path.parent)

    def _name_durably(self, path: Path) -> None:
        """See that the names of *path* and of the folders to it are flushed before the checkpoint speaks of them."""
        for folder in path.parents:
            self._hold(folder)
            self._unflushed.add(folder)
            if folder == self._folder:
                return

    def _hold(self, folder: Path) -> None:
        """Make *folder* and those above it, and keep open what has to be flushed."""
        if folder in self._open:
            return
        if not folder.exists():
            self._hold(folder.parent)
            folder.mkdir(exist_ok=True)
            self._unflushed.add(folder.parent)
        if _FOLDERS_CAN_BE_FLUSHED:
            self._open[folder] = os.open(folder, os.O_RDONLY)

    def _flush(self) -> None:
        for folder in sorted(self._unflushed):
            if folder in self._open:
                os.fsync(self._open[folder])
        self._unflushed.clear()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Within it no other process replaces the checkpoint here; where folders cannot be locked this is not held."""
        try:
            import fcntl
        except ImportError:
            yield
            return
        descriptor = self._open[self._folder]
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def publish(log: Log, folder: Path) -> Checkpoint:
    """`publish_on` a folder."""
    with FolderShelf(folder) as shelf:
        return publish_on(shelf, log)


def write_durably(path: Path, data: bytes) -> None:
    """Put *data* under *path*, whole or not at all: a temporary file beside it, flushed, renamed, and the folder flushed."""
    for folder in _missing(path.parent):
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)
    _write_beside(path, data)
    flush_folder(path.parent)


def _write_beside(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _holds(path: Path, content: bytes) -> bool:
    """Whether the file is there with this content. What an earlier, other publication left is not kept."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError):
        return False


def _missing(folder: Path) -> Iterable[Path]:
    found: list[Path] = []
    while not folder.exists():
        found.append(folder)
        folder = folder.parent
    return reversed(found)


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            "publish.unwritten",
            f"the log cannot be published: {error.strerror or type(error).__name__}",
            "Check the folder and the disk, then publish again",
        ) from error
