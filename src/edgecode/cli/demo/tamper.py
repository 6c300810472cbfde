"""Flips one stored byte in a copy of a record, to show what verification says of it."""

import shutil
from pathlib import Path

from msgspec import Struct

from edgecode.errors import NotFoundError
from edgecode.events.codec import parse_leaf
from edgecode.production import Production
from edgecode.settings import FILE_NAME, STATE_FOLDER


class Flipped(Struct, frozen=True):
    """Where a byte was changed: the entry, its kind, and the copy of the production that holds it."""

    entry: int
    kind: str
    folder: Path


def flip_a_byte(production: Production, *, entry: int, copy: Path) -> Flipped:
    """Copy a production's record to *copy* (replaced if it exists) and change one character of that entry there.

    The production itself is not touched. It must have no writer while it is copied.
    """
    (stored,) = production.log.entries(entry, entry + 1)
    leaf = parse_leaf(stored.leaf)
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(production.folder / STATE_FOLDER, copy / STATE_FOLDER)
    shutil.copyfile(production.folder / FILE_NAME, copy / FILE_NAME)
    # A commitment is 64 hexadecimal characters that stand nowhere else, so the right byte is found without any SQL.
    wanted = leaf.commitments["fact"].encode()
    for path in sorted((copy / STATE_FOLDER).glob("ledger.db*")):
        data = bytearray(path.read_bytes())
        at = data.find(wanted)
        while at >= 0:
            data[at] = ord("0") if data[at] != ord("0") else ord("1")
            path.write_bytes(data)
            at = data.find(wanted, at + 1)
    if wanted in b"".join(path.read_bytes() for path in (copy / STATE_FOLDER).glob("ledger.db*")):
        raise NotFoundError("demo.entry", f"entry {entry} was not found in the copy", "Run the demo in a fresh folder")
    return Flipped(entry, leaf.type, copy)
