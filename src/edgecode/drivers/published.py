"""Publishing a log as static files (c2sp.org/tlog-tiles), and reading such a folder again. The checkpoint is written last."""

import os
from collections.abc import Iterable
from pathlib import Path

from edgecode.drivers.private_files import flush_folder
from edgecode.errors import DivergedError, EdgecodeError, RefusedError, UnavailableError
from edgecode.ledger.export import CHECKPOINT_PATH, bundles_of, encode_bundle, tiles_of
from edgecode.ledger.log import Log
from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.notes import Checkpoint, Note, open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.tiles import TileName, tile_path


def publish(log: Log, folder: Path) -> Checkpoint:
    """Write what of *log* is not in *folder* yet, under its latest signed head; leaves only, no sections. Returns that head.

    Full tiles and bundles under the head that is there are kept: they never change. Every file is complete and on disk under its
    name before the checkpoint names it. Raises RefusedError ``publish.other_log``, DivergedError ``ledger.rolled_back``,
    UnavailableError ``publish.unwritten``.
    """
    note = log.checkpoint()
    head = Checkpoint.parse(Note.parse(note).text)
    try:
        kept = _published_size(folder, log, head)
        for name in (*tiles_of(head.size), *bundles_of(head.size)):
            path = folder / tile_path(name)
            if _covers(name, kept) and path.exists():
                continue
            content = _content(log, name, head.size)
            if not _holds(path, content):
                write_durably(path, content)
        write_durably(folder / CHECKPOINT_PATH, note)
    except OSError as error:
        raise UnavailableError(
            "publish.unwritten", f"the log cannot be published: {type(error).__name__}", "Check the folder and the disk"
        ) from error
    return head


def _covers(name: TileName, size: int) -> bool:
    """Whether a tree of *size* entries has all of this tile, and it is a full one."""
    level = 0 if name.level == "entries" else name.level
    return name.width == TILE_HASHES and (name.number + 1) << 8 * (level + 1) <= size


def _holds(path: Path, content: bytes) -> bool:
    """Whether the file is there with this content. What an earlier, other publication left is not kept."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False


def _content(log: Log, name: TileName, size: int) -> bytes:
    if name.level == "entries":
        first = name.number << 8
        return encode_bundle([entry.leaf for entry in log.entries(first, first + name.width)])
    return log.tile(name.level, name.number, size)


def _published_size(folder: Path, log: Log, head: Checkpoint) -> int:
    """How many entries the folder holds of this log; 0 for a new one."""
    path = folder / CHECKPOINT_PATH
    if not path.exists():
        return 0
    try:
        there = open_checkpoint(path.read_bytes(), Policy.of_keys(log.key)).checkpoint
    except EdgecodeError as error:
        raise RefusedError(
            "publish.other_log", f"{folder.name} holds another log than this one", "Publish to a folder of its own"
        ) from error
    if there.size > head.size or log.root_at(there.size) != there.root:
        raise DivergedError(
            "ledger.rolled_back",
            f"{there.size} entries of this log were published, and the ledger with {head.size} does not continue them",
            "Bring back the newest copy of ledger.db, or keep both as evidence",
        )
    return there.size


def write_durably(path: Path, data: bytes) -> None:
    """Put *data* under *path*, whole or not at all: a temporary file beside it, flushed, renamed, and the folder flushed."""
    for folder in _missing(path.parent):
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    flush_folder(path.parent)


def _missing(folder: Path) -> Iterable[Path]:
    found: list[Path] = []
    while not folder.exists():
        found.append(folder)
        folder = folder.parent
    return reversed(found)
