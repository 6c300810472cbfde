"""Copying a log and its keys from one store into another, whatever databases they are in, and proving that nothing changed on the way."""

from collections.abc import Callable, Iterator
from itertools import zip_longest

from msgspec import Struct

from edgecode.errors import HeldError, InvalidError, NotFoundError, RefusedError
from edgecode.events.codec import leaf_id
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.ledger.growth import Growth, integrate, root_of
from edgecode.ledger.merkle import leaf_hashes
from edgecode.ledger.notes import Checkpoint, Note
from edgecode.ledger.reader import Reader
from edgecode.ledger.store import Batch, Head, LogStore, StoredEntry
from edgecode.people.store import KeyStore

_BATCH_ENTRIES = 512
_BATCH_BYTES = 8 << 20
_RANDOM_SIZES = 32
_EVERYTHING = 1 << 31

Told = Callable[[int, int], object]
"""Is told how many entries are copied, and of how many."""


class CopiedLog(Struct, frozen=True):
    """A log that is in two stores. *sizes*: the sizes at which both have one root; *sections*: how many stood the comparison."""

    origin: str
    size: int
    root: bytes
    sizes: tuple[int, ...]
    sections: int
    cosigned: int
    waiting: int
    frozen: bool


class CopiedKeys(Struct, frozen=True):
    """How many keys, and how many that were destroyed, both stores know alike."""

    keys: int
    destroyed: int


def copy_log(source: LogStore, target: LogStore, *, random_below: Callable[[int], int], told: Told) -> CopiedLog:
    """Append everything in *source* to *target*, so that the tree is computed anew, and compare both.

    A target that holds the beginning of the same log is continued, so an interrupted copy may be run again. Nothing in *source* changes.
    Raises RefusedError ``store.occupied``, InvalidError ``store.copy_differs``, HeldError ``store.recorded_meanwhile``.
    """
    head = source.head()
    if head is None:
        raise NotFoundError("ledger.absent", "there is no log here yet", "Run: edgecode init")
    there = _begun(source, head, target)
    _follow_erasures(source, target, there.size)
    for first, batch in _batches(source, there.size, head.size):
        target.append(batch, lambda stands, first=first, batch=batch: _grown(target, stands, batch, at=first))  # type: ignore[misc]
        told(first + len(batch.leaves), head.size)
    _copy_heads(source, target)
    waiting = copy_inbox(source, target)
    sizes = _compared_sizes(source, head.size, random_below)
    sections = _compare(source, target, head, sizes)
    refuse_moved_on(source, head.size)
    return CopiedLog(
        head.origin,
        head.size,
        root_of(head.stack),
        tuple(sizes),
        sections,
        len(source.cosigned()),
        waiting,
        source.frozen() is not None,
    )


def copy_keys(source: KeyStore, target: KeyStore) -> CopiedKeys:
    """Copy every key, and the memory of every key that was destroyed, and compare. Keys of other productions in *target* stay.

    Raises RefusedError ``store.occupied`` when the target has another key of the same name.
    """
    keys, destroyed = source.key_ids(), source.destroyed_hashes()
    with target.together():
        for key_id in keys:
            if (key := source.key(key_id)) is not None:
                target.create(key_id, key)
    forgotten = set(target.destroyed_hashes())
    for key_hash in destroyed:
        if key_hash not in forgotten:
            target.forget_forever(key_hash)
    if any(target.key(key_id) != source.key(key_id) for key_id in keys):
        raise RefusedError(
            "store.occupied",
            "the database holds another key under a name that this production uses, or remembers one as destroyed",
            "Give the URL of a database without keys of this production",
        )
    return CopiedKeys(len(keys), len(destroyed))


def refuse_moved_on(source: LogStore, size: int) -> None:
    """Raises HeldError ``store.recorded_meanwhile`` when the log has grown beyond *size*."""
    head = source.head()
    if head is None or head.size != size:
        raise HeldError(
            "store.recorded_meanwhile",
            f"somebody recorded while {size:,} entries were copied",
            "Stop whoever records, then run the same command again: it goes on where it ended",
        )


# ------------------------------------------------------------------------------------------ entries


def _begun(source: LogStore, head: Head, target: LogStore) -> Head:
    there = target.head()
    if there is None:
        target.create(head.origin)
        return Head(head.origin, 0, [])
    is_beginning = there.origin == head.origin and there.size <= head.size
    if not is_beginning or (there.size and Reader(source).root(there.size) != root_of(there.stack)):
        raise RefusedError(
            "store.occupied",
            "the database to copy to holds another log, or entries that this log does not have",
            "Give the URL of a database without a log",
        )
    return there


def _batches(source: LogStore, first: int, end: int) -> Iterator[tuple[int, Batch]]:
    """What is in the source, in order, so many entries and bytes at a time: (index of the first entry, batch)."""
    waiting: list[StoredEntry] = []
    size = 0
    for place, entry in enumerate(source.entries(first, end), first):
        if entry.index != place:
            raise _differs(f"entry {place}", "is missing in the place that is copied from")
        waiting.append(entry)
        size += len(entry.leaf) + sum(len(section.data) for section in entry.sections)
        if len(waiting) == _BATCH_ENTRIES or size >= _BATCH_BYTES:
            yield waiting[0].index, _batch(waiting)
            waiting, size = [], 0
    if waiting:
        yield waiting[0].index, _batch(waiting)


def _batch(entries: list[StoredEntry]) -> Batch:
    leaves = [entry.leaf for entry in entries]
    sections = [(place, section) for place, entry in enumerate(entries) for section in entry.sections]
    return Batch(leaves, [leaf_id(leaf) for leaf in leaves], sections)


def _grown(store: LogStore, head: Head, batch: Batch, *, at: int) -> Growth:
    if head.size != at:
        raise HeldError(
            "store.recorded_meanwhile", "another copy is being made to the same place", "Wait until it ends"
        )

    def earlier(level: int, first: int, end: int) -> list[bytes]:
        return store.tile_roots(level - 1, first, end) if level else leaf_hashes(store.leaves(first, end))

    return integrate(head.size, head.stack, leaf_hashes(batch.leaves), earlier)


def _follow_erasures(source: LogStore, target: LogStore, end: int) -> None:
    """What was erased or sealed anew since an earlier copy goes from that copy too."""
    gone: list[tuple[int, str]] = []
    sealed_anew: list[tuple[int, SealedSection]] = []
    for entry, copy in zip(source.entries(0, end), target.entries(0, end), strict=False):
        stands = {section.name: section for section in entry.sections}
        gone += [(copy.index, section.name) for section in copy.sections if section.name not in stands]
        sealed_anew += [
            (copy.index, stands[section.name])
            for section in copy.sections
            if stands.get(section.name, section) != section
        ]
    if gone:
        target.erase_forever(gone)
    if sealed_anew:
        target.reseal(sealed_anew)


# ------------------------------------------------------------------------------------------ what lies beside the entries


def _copy_heads(source: LogStore, target: LogStore) -> None:
    for size, note in source.cosigned():
        target.keep_cosigned(size, note)
    signed = source.checkpoint()
    if signed is not None:
        target.keep_checkpoint(_size_of(signed), signed)
    evidence = source.frozen()
    if evidence is not None:
        target.freeze(evidence)


def _size_of(note: bytes) -> int:
    return Checkpoint.parse(Note.parse(note).text).size


def copy_inbox(source: LogStore, target: LogStore) -> int:
    """Put into the inbox of *target* what is in that of *source* and not there yet. Returns how many events wait."""
    refused = [event for _, event in source.refused()]
    waiting = [event for _, event in source.waiting(_EVERYTHING)]
    there = {event.leaf for _, event in (*target.waiting(_EVERYTHING), *target.refused())}
    target.refuse(target.accept(_new(refused, there)))
    target.accept(_new(waiting, there))
    return len(waiting)


def _new(events: list[SealedEvent], there: set[bytes]) -> list[SealedEvent]:
    return [event for event in events if event.leaf not in there]


# ------------------------------------------------------------------------------------------ the proof


def _compared_sizes(source: LogStore, size: int, random_below: Callable[[int], int]) -> list[int]:
    """Every size that somebody signed, the end, and some that nobody can foresee."""
    signed = [at for at, _ in source.cosigned()]
    note = source.checkpoint()
    if note is not None:
        signed.append(_size_of(note))
    by_chance = [1 + random_below(size) for _ in range(_RANDOM_SIZES if size else 0)]
    return sorted({at for at in (*signed, *by_chance, size) if 0 < at <= size})


def _compare(source: LogStore, target: LogStore, head: Head, sizes: list[int]) -> int:
    """Raises InvalidError ``store.copy_differs`` unless both say the same, entry by entry. Returns the number of sections."""
    copied = target.head()
    if copied is None or (copied.origin, copied.size, copied.stack) != (head.origin, head.size, head.stack):
        raise _differs(
            "the tree",
            "computed from the entries is not the one that is signed; edgecode log verify lists what is wrong",
        )
    one, other = Reader(source), Reader(target)
    for size in sizes:
        if one.root(size) != other.root(size):
            raise _differs(f"the root at {size} entries", "is another one")
    for level, number in _full_tiles(head.size):
        if source.tile(level, number) != target.tile(level, number):
            raise _differs(f"tile {level}/{number}", "is another one")
    sections = 0
    for entry, copy in zip_longest(source.entries(0, head.size), target.entries(0, head.size)):
        if entry is None or copy is None or _in_order(entry) != _in_order(copy):
            index = entry.index if entry is not None else copy.index
            raise _differs(f"entry {index}", "or a section beside it is not the same")
        sections += len(entry.sections)
    _compare_heads(source, target)
    return sections


def _compare_heads(source: LogStore, target: LogStore) -> None:
    # A head that a later copy of the same log was signed under may be there beside; one that is here must be there.
    if not dict(source.cosigned()).items() <= dict(target.cosigned()).items():
        raise _differs("a cosigned head", "did not arrive")
    if source.frozen() != target.frozen():
        raise _differs("the mark that the log went back in time", "is not the same")
    signed, there = source.checkpoint(), target.checkpoint()
    if (signed and _size_of(signed)) != (there and _size_of(there)):
        raise _differs("the signed head", "is another one")


def _full_tiles(size: int) -> Iterator[tuple[int, int]]:
    level, count = 0, size >> 8
    while count:
        for number in range(count):
            yield level, number
        level, count = level + 1, count >> 8


def _in_order(entry: StoredEntry) -> tuple[int, bytes, list[tuple[str, bytes, str, bytes]]]:
    return entry.index, entry.leaf, sorted((s.name, s.salt, s.key_id, s.data) for s in entry.sections)


def _differs(what: str, how: str) -> InvalidError:
    return InvalidError(
        "store.copy_differs",
        f"{what} {how}: the copy is not used, and edgecode.toml is as it was",
        "Copy to an empty database; if it happens again, keep both as evidence",
    )
