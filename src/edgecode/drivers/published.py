"""Publishing a log as static files (c2sp.org/tlog-tiles), and reading such a folder again. The checkpoint is written last."""

import os
from collections.abc import Iterable
from pathlib import Path

from edgecode.drivers.private_files import flush_folder
from edgecode.errors import RefusedError, UnavailableError
from edgecode.ledger.export import CHECKPOINT_PATH, bundles_of, encode_bundle, tiles_of
from edgecode.ledger.log import Log
from edgecode.ledger.notes import Checkpoint, Note
from edgecode.ledger.tiles import TileName, tile_path


def publish(log: Log, folder: Path) -> Checkpoint:
    """Write what of *log* is not in *folder* yet, under its latest signed head; leaves only, no sections. Returns that head.

    Full tiles and bundles that are there are kept: they never change. Every file is complete and on disk under its name before the
    checkpoint names it. Raises RefusedError ``publish.other_log``, UnavailableError ``publish.unwritten``.
    """
    note = log.checkpoint()
    head = Checkpoint.parse(Note.parse(note).text)
    _refuse_another_log(folder, head)
    try:
        for name in (*tiles_of(head.size), *bundles_of(head.size)):
            path = folder / tile_path(name)
            if not path.exists():
                write_durably(path, _content(log, name, head.size))
        write_durably(folder / CHECKPOINT_PATH, note)
    except OSError as error:
        raise UnavailableError(
            "publish.unwritten", f"the log cannot be published: {type(error).__name__}", "Check the folder and the disk"
        ) from error
    return head


def _content(log: Log, name: TileName, size: int) -> bytes:
    if name.level == "entries":
        first = name.number << 8
        return encode_bundle([entry.leaf for entry in log.entries(first, first + name.width)])
    return log.tile(name.level, name.number, size)


def _refuse_another_log(folder: Path, head: Checkpoint) -> None:
    path = folder / CHECKPOINT_PATH
    if not path.exists():
        return
    there = Checkpoint.parse(Note.parse(path.read_bytes()).text)
    if there.origin != head.origin or there.size > head.size:
        raise RefusedError(
            "publish.other_log",
            f"{folder.name} holds another log, or a later state of this one",
            "Publish to a folder of its own",
        )


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
