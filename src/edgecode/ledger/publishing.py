"""Publishing a log as static files (c2sp.org/tlog-tiles): what goes where, in which order, and never backwards. No input or output.

`Shelf` is the place where strangers read them: a folder or a bucket. Its promises are written here, once.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from edgecode.errors import DivergedError, EdgecodeError, RefusedError, UnavailableError
from edgecode.ledger.export import CHECKPOINT_PATH, bundles_of, encode_bundle, tiles_of
from edgecode.ledger.log import Log
from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.notes import Checkpoint, Note, open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.tiles import TileName, tile_path

_ATTEMPTS = 10
_NEVER_CHANGES = "public, max-age=31536000, immut" + "able"
"""In pieces, because it is a word of RFC 8246 and none that we say of a record."""


class Headers(NamedTuple):
    """How a file is served (reference: c2sp.org/tlog-tiles, the table of resources)."""

    content_type: str
    cache_control: str


def headers_of(path: str) -> Headers:
    """A checkpoint changes within seconds; tiles and bundles never do, a partial one is another file."""
    if path == CHECKPOINT_PATH:
        return Headers("text/plain; charset=utf-8", "public, max-age=5")
    return Headers("application/octet-stream", _NEVER_CHANGES)


class Seen(NamedTuple):
    """The checkpoint that stands on a shelf, and what tells this very writing of it from every other one."""

    note: bytes
    version: str


class ShelfMovedError(UnavailableError):
    """The checkpoint on the shelf is another one than the one that was read: somebody else published."""

    def __init__(self) -> None:
        super().__init__("publish.moved", "somebody else is publishing this log to the same place", "Try again")


class Shelf(Protocol):
    """A place of static files. Errors are UnavailableError ``publish.unwritten``: nothing that failed is taken for done."""

    @property
    def name(self) -> str:
        """What people call it, without the names of folders above it."""

    def checkpoint(self) -> Seen | None:
        """The checkpoint that is there, read afresh; None when there is none."""

    def has(self, path: str) -> bool:
        """Whether a file is there, whatever its content; may be remembered from when the shelf was opened."""

    def put(self, path: str, data: bytes) -> None:
        """Put a file, whole or not at all. One with these bytes is left as it is, one with others is replaced."""

    def put_checkpoint(self, note: bytes, *, after: Seen | None) -> None:
        """Replace the checkpoint *after* (None: there is none) by *note*, once everything that was put before is safely there.

        Whole or not at all, and safely there when this returns. Raises ShelfMovedError when the one there is not *after*.
        """


def publish_on(shelf: Shelf, log: Log, *, cosigned: Sequence[tuple[int, bytes]] = ()) -> Checkpoint:
    """Put what of *log* is not on *shelf* yet, under its latest signed head; leaves only, no sections. Returns that head.

    *cosigned*: heads of it that witnesses have signed too, (size, note); the one of that size is published. Full tiles and bundles
    under the head that is there are kept: they never change. The checkpoint comes last. Raises RefusedError ``publish.other_log``,
    DivergedError ``ledger.rolled_back``, UnavailableError ``publish.unwritten`` and ``publish.moved``.
    """
    for _ in range(_ATTEMPTS):
        seen = shelf.checkpoint()
        there = None if seen is None else _of_this_log(seen, log, shelf.name)
        if there is not None and there.size > log.size:
            log.refresh()
        note = _fullest(log, cosigned)
        head = Checkpoint.parse(Note.parse(note).text)
        if there is not None:
            _refuse_other_history(there, head, log)
        for path, data in _missing(log, shelf, head.size, kept=there.size if there else 0):
            shelf.put(path, data)
        if seen is not None and there == head and _signatures(note) <= _signatures(seen.note):
            return head
        try:
            shelf.put_checkpoint(note, after=seen)
        except ShelfMovedError:
            continue
        return head
    raise ShelfMovedError


def _missing(log: Log, shelf: Shelf, size: int, *, kept: int) -> Iterator[tuple[str, bytes]]:
    """Full tiles, full bundles, then the partial ones: whoever reads in between finds what an older checkpoint names."""
    names = [*tiles_of(size), *bundles_of(size)]
    for name in sorted(names, key=lambda one: one.width < TILE_HASHES):
        path = tile_path(name)
        if not (_covers(name, kept) and shelf.has(path)):
            yield path, _content(log, name, size)


def _covers(name: TileName, size: int) -> bool:
    """Whether a tree of *size* entries has all of this tile, and it is a full one."""
    level = 0 if name.level == "entries" else name.level
    return name.width == TILE_HASHES and (name.number + 1) << 8 * (level + 1) <= size


def _content(log: Log, name: TileName, size: int) -> bytes:
    if name.level == "entries":
        first = name.number << 8
        return encode_bundle([entry.leaf for entry in log.entries(first, first + name.width)])
    return log.tile(name.level, name.number, size)


def _fullest(log: Log, cosigned: Iterable[tuple[int, bytes]]) -> bytes:
    """The latest signed head, with the cosignatures that are known for it."""
    own = log.checkpoint()
    text = Note.parse(own).text
    return next((note for size, note in cosigned if size == log.size and Note.parse(note).text == text), own)


def _signatures(note: bytes) -> set[tuple[str, bytes]]:
    return {(line.name, line.key_id) for line in Note.parse(note).signatures}


def _of_this_log(seen: Seen, log: Log, name: str) -> Checkpoint:
    try:
        return open_checkpoint(seen.note, Policy.of_keys(*log.keys)).checkpoint
    except EdgecodeError as error:
        raise RefusedError(
            "publish.other_log", f"{name} holds another log than this one", "Publish to a place of its own"
        ) from error


def _refuse_other_history(there: Checkpoint, head: Checkpoint, log: Log) -> None:
    if there.size > head.size or log.root_at(there.size) != there.root:
        raise DivergedError(
            "ledger.rolled_back",
            f"{there.size} entries of this log were published, and the ledger with {head.size} does not continue them",
            "Bring back the newest copy of the ledger. If it is lost: edgecode log recover (it shows first what would be kept)",
        )
