"""A disk that loses power: records every write and flush of SQLite below it, and builds what may lie there after a cut.

The model is that of ALICE (Pillai et al., OSDI 2014): what a file was given since its last flush survives not at all, whole, in any
part and any order, or torn at 512-byte sectors; a new file may be absent until its first flush, a deleted one may be back until its
folder is flushed. Not modelled: folders beyond that, and the shared-memory file of WAL, which a Python VFS cannot offer, so that
connections lock exclusively here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

import apsw

from edgecode.drivers import sqlite_erasing

SECTOR_BYTES = 512
NAME = "edgecode-crash-disk"


class Act(NamedTuple):
    """One thing that happened, in order: open, write, cut (to *offset* bytes), flush or delete of a file, or "told": a fact."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes = b""
    fact: object = None


class RecordingDisk(apsw.VFS):
    """The usual VFS of the system, with a list of what happened on it."""

    def __init__(self) -> None:
        self.below = apsw.vfs_names()[0]
        super().__init__(NAME, self.below, makedefault=True)
        self.acts: list[Act] = []

    def tell(self, fact: object) -> None:
        """Write down that something was begun or acknowledged at this moment."""
        self.acts.append(Act("told", fact=fact))

    def flush(self, path: str) -> None:
        """A flush that the program does itself, past SQLite."""
        if Path(path).exists():
            self.acts.append(Act("flush", Path(path).name))

    def xOpen(self, name: object, flags: list[int]) -> "_RecordedFile":
        return _RecordedFile(self.below, self.acts, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        self.acts.append(Act("delete", Path(name).name, int(sync)))
        super().xDelete(name, sync)


class _RecordedFile(apsw.VFSFile):
    def __init__(self, below: str, acts: list[Act], name: object, flags: list[int]) -> None:
        plain = name.filename() if isinstance(name, apsw.URIFilename) else str(name or "temporary")
        self.acts, self.file = acts, Path(plain).name
        super().__init__(below, name, flags)
        acts.append(Act("open", self.file))

    def xWrite(self, data: bytes, offset: int) -> None:
        self.acts.append(Act("write", self.file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self.acts.append(Act("cut", self.file, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        # Nothing is lost on the disk below in this process, so its own flush would only cost time.
        self.acts.append(Act("flush", self.file))


@contextmanager
def recording(*, synchronous: str = "", own_flushes: bool = True, wal_pages: int = 30) -> Iterator[RecordingDisk]:
    """Within it every new SQLite connection writes to a recording disk.

    *synchronous*: set so, and kept so whatever the program asks (a control that must fail); "" leaves it to the program.
    *own_flushes*: whether the flushes happen that the program does past SQLite; False is a control.
    *wal_pages*: the write-ahead log is put into the database that often, so that a short workload sees it happen.
    """
    forced = {"wal_autocheckpoint", "locking_mode", *(["synchronous"] if synchronous else [])}

    def on_connection(connection: apsw.Connection) -> None:
        connection.pragma("locking_mode", "exclusive")
        connection.pragma("wal_autocheckpoint", wal_pages)
        if synchronous:
            connection.pragma("synchronous", synchronous)
        connection.authorizer = _ignoring(forced)

    disk = RecordingDisk()
    flush, sqlite_erasing.flush_file = sqlite_erasing.flush_file, disk.flush if own_flushes else lambda path: None
    apsw.connection_hooks.append(on_connection)
    try:
        yield disk
    finally:
        apsw.connection_hooks.remove(on_connection)
        sqlite_erasing.flush_file = flush
        disk.unregister()


def _ignoring(pragmas: set[str]) -> Callable[..., int]:
    def judge(operation: int, first: str | None, second: str | None, *_: object) -> int:
        ignored = operation == apsw.SQLITE_PRAGMA and first in pragmas and second is not None
        return apsw.SQLITE_IGNORE if ignored else apsw.SQLITE_OK

    return judge


@dataclass
class _File:
    flushed: bytearray = field(default_factory=bytearray)
    pending: list[Act] = field(default_factory=list)
    is_named: bool = False
    before: "bytes | None" = None  # what an older, deleted file of this name held, while its folder is not flushed

    def flush(self) -> None:
        for act in self.pending:
            _apply(self.flushed, act)
        self.pending.clear()

    def survivor(self, random: Random) -> bytes | None:
        """What may be there after a power cut now; None: no such file."""
        if not self.is_named and random.random() < 0.3:
            return self.before
        content, mode = bytearray(self.flushed), random.choice(("nothing", "all", "some", "torn"))
        for act in self.pending if mode != "nothing" else ():
            if mode != "all" and random.random() < 0.5:
                continue
            if mode == "torn" and act.kind == "write":
                for begin in range(0, len(act.data), SECTOR_BYTES):
                    if random.random() < 0.5:
                        part = act.data[begin : begin + SECTOR_BYTES]
                        _apply(content, act._replace(offset=act.offset + begin, data=part))
            else:
                _apply(content, act)
        return bytes(content)


def _apply(content: bytearray, act: Act) -> None:
    if act.kind == "cut":
        del content[act.offset :]
        return
    if len(content) < act.offset:
        content.extend(bytes(act.offset - len(content)))
    content[act.offset : act.offset + len(act.data)] = act.data


@dataclass
class Platter:
    """What a disk holds while recorded acts are played to it."""

    files: dict[str, _File] = field(default_factory=dict)
    deleted: dict[str, bytes] = field(default_factory=dict)

    def play(self, act: Act) -> None:
        """Let one act happen."""
        if act.kind == "open":
            self.files.setdefault(act.file, _File(before=self.deleted.pop(act.file, None)))
        elif act.kind in ("write", "cut"):
            self.files[act.file].pending.append(act)
        elif act.kind == "flush":
            self.files[act.file].flush()
            # os_unix.c, unixSync: the first flush of a new journal or log flushes the names in its folder too.
            if act.file.endswith(("-journal", "-wal")) and not self.files[act.file].is_named:
                self.deleted.clear()
                for file in self.files.values():
                    file.is_named, file.before = True, None
        elif act.kind == "delete" and act.file in self.files:
            gone = self.files.pop(act.file)
            if not act.offset:
                self.deleted[act.file] = bytes(gone.flushed)

    def after_a_cut(self, random: Random) -> dict[str, bytes]:
        """The files that may be found when power comes back."""
        found = {name: file.survivor(random) for name, file in self.files.items()}
        found |= {name: content for name, content in self.deleted.items() if random.random() < 0.5}
        return {name: content for name, content in found.items() if content is not None}


def crash_states(acts: list[Act], *, states: int, random: Random) -> Iterator[tuple[int, dict[str, bytes]]]:
    """About *states* possible disks after a power cut, spread over all moments: (number of acts before it, files by name)."""
    platter, share, owed = Platter(), states / max(len(acts), 1), 0.0
    for done, act in enumerate(acts, 1):
        platter.play(act)
        owed += share
        while owed >= 1:
            owed -= 1
            yield done, platter.after_a_cut(random)
