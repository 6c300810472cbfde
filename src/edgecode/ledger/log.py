"""Appending to the record: commit, then sign what is durable, then acknowledge; and proofs of what was acknowledged."""

import threading
from binascii import unhexlify
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from edgecode.errors import DivergedError, InvalidError, NotFoundError, UnavailableError
from edgecode.events.codec import leaf_id
from edgecode.events.sealed import SealedEvent
from edgecode.ledger import merkle, notes
from edgecode.ledger.growth import Growth, integrate, push, root_of
from edgecode.ledger.notes import Checkpoint, VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.reader import Reader
from edgecode.ledger.store import (
    Batch,
    CommitUnknownError,
    Head,
    LogStore,
    MovedError,
    Signer,
    StoredEntry,
    TakenIdError,
    moved_away,
)

_READ_ENTRIES = 512
_BEFORE_ID = b'"id":"'


class Receipt(NamedTuple):
    """What was acknowledged: *size* entries under *root*, signed as *checkpoint*. *indexes*: where each given event stands.

    *first* is the index of the first given event. An event that was in the log before keeps its old index.
    """

    first: int
    size: int
    root: bytes
    checkpoint: bytes
    indexes: Sequence[int]


class Sealed(NamedTuple):
    """A signed head of the log."""

    size: int
    root: bytes
    note: bytes


class KeysChangedError(UnavailableError):
    """Another process changed the log's keys while this one had it open: its signature would not be the one that counts."""

    def __init__(self) -> None:
        super().__init__(
            "key.changed",
            "the log's signing key was changed while this had the log open; nothing was recorded",
            "Run it again: it opens the log with the new key",
        )


class Log:
    """One production's log. Threads may share it; processes may share its store. Open it with `Log.open` or `Log.create`."""

    def __init__(self, store: LogStore, signers: "Signers", *, sealed: Sealed) -> None:
        self._store = store
        self._signers = signers
        self._lock = threading.RLock()
        self._reader = Reader(store)
        self._sealed = sealed
        self.key = signers.key

    @classmethod
    def create(cls, store: LogStore, signer: Signer, *, origin: str) -> "Log":
        """Begin a log named *origin* (``<domain>/edgecode/<random>``: witnesses see it, so it holds no title), or open the one there."""
        verifier_key(origin, signer)
        store.create(origin)
        return cls.open(store, signer)

    @classmethod
    def open(
        cls, store: LogStore, signer: Signer, *, beside: Sequence[Signer] = (), known: Sequence[VerifierKey] = ()
    ) -> "Log":
        """Open a log; entries that were committed but not signed before a crash are signed from what is durable.

        *beside*: signers of keys that are not retired yet; every head carries their signatures too. *known*: public keys that signed for
        this log before. Raises NotFoundError ``ledger.absent``, InvalidError when the stored state does not fit its own tiles, its tail or
        its keys, DivergedError ``ledger.diverged`` when it does not continue the head that was signed last, and ``ledger.frozen``.
        """
        with store.reading():
            head = store.head()
            if head is None:
                raise NotFoundError("ledger.absent", "there is no log here yet", "Run: edgecode init")
            refuse_ended(store)
            signers = Signers.of(head.origin, signer, beside=beside, known=known)
            durable = Checkpoint(head.origin, head.size, root_of(head.stack))
            note = _checked(store, signers, head, durable)
        sealed = _sign(store, signers, durable) if note is None else Sealed(durable.size, durable.root, note)
        return cls(store, signers, sealed=sealed)

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Every key that signs or has signed for this log, as far as it was opened with them; the current one last."""
        return self._signers.known

    def sign_with(self, signer: Signer, *, beside: Sequence[Signer] = ()) -> None:
        """From the next head on, sign with these keys; see `open`."""
        with self._lock:
            self._signers = Signers.of(self.origin, signer, beside=beside, known=self.keys)
            self.key = self._signers.key

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.key.name

    @property
    def size(self) -> int:
        """How many entries the last signed head that this process knows covers."""
        return self._sealed.size

    @property
    def root(self) -> bytes:
        """The root of that head."""
        return self._sealed.root

    def checkpoint(self) -> bytes:
        """That head as a signed note."""
        return self._sealed.note

    def refresh(self) -> int:
        """Take in what other processes have appended; returns the size."""
        with self._lock:
            head = self._store.head()
            if head is not None and head.size > self._sealed.size:
                self._signers.refuse_strangers(self._store.checkpoint())
                self._seal(head.size, root_of(head.stack))
            return self._sealed.size

    def append(self, events: Sequence[SealedEvent], *, at: int | None = None, taken: Sequence[int] = ()) -> Receipt:
        """Append *events* in one transaction and acknowledge them: when this returns they are on disk and under a signed head.

        An event whose id and leaf are in the log already is not written again. Raises
        InputError ``ledger.duplicate_event`` for an id that another leaf has, UnavailableError when nothing can be acknowledged; of these
        KeysChangedError, and MovedError when the log does not have *at* entries. DivergedError ``ledger.frozen``.
        *taken*: tickets of the inbox that leave it in the same transaction, unless some event was in the log before.
        """
        batch = _batch(events)._replace(taken=taken)
        with self._lock:
            if not events:
                if self.refresh() != at and at is not None:
                    raise MovedError
                return self._receipt(range(0))
            try:
                growth = self._store.append(batch, lambda head: self._grown(head, batch, at))
                indexes: Sequence[int] = range(growth.size - len(events), growth.size)
                self._seal(growth.size, root_of(growth.stack))
            except (TakenIdError, CommitUnknownError) as error:
                indexes = self._resolved(events, error)
            return self._receipt(indexes)

    def entries(self, first: int = 0, end: int | None = None) -> Iterator[StoredEntry]:
        """Entries *first* up to, not including, *end* (None: the signed size)."""
        stop = self.size if end is None else min(end, self.size)
        for begin in range(first, stop, _READ_ENTRIES):
            # In chunks under the lock, so that no other thread's failed append can end a statement that is being read.
            with self._lock:
                chunk = list(self._store.entries(begin, min(begin + _READ_ENTRIES, stop)))
            yield from chunk

    def proven(self, first: int = 0) -> Iterator[StoredEntry]:
        """Every entry from *first* on, which together with the tiles before them must give the signed root.

        Raises InvalidError ``ledger.altered`` behind the last one when they do not: use nothing of it before the end is reached.
        """
        size, root = self.size, self.root
        with self._lock:
            stack = self._reader.stack(first)
        place = first
        for entry in self.entries(first, size):
            place += 1
            push(stack, place, merkle.leaf_hash(entry.leaf))
            yield entry
        if place != size or root_of(stack) != root:
            raise InvalidError(
                "ledger.altered",
                f"entries from {first} on are not those that were signed",
                "Bring back an unaltered copy of ledger.db; edgecode log verify lists everything that is wrong",
            )

    def root_at(self, size: int) -> bytes:
        """The root over the first *size* entries."""
        self._within(size)
        with self._lock:
            return self._reader.root(size)

    def proof(self, index: int, *, checkpoint: bytes | None = None) -> bytes:
        """A c2sp.org/tlog-proof@v1 file for entry *index* under *checkpoint*, a signed head of this log (None: the latest)."""
        note = self.checkpoint() if checkpoint is None else checkpoint
        size = Checkpoint.parse(notes.Note.parse(note).text).size
        self._within(size)
        if not 0 <= index < size:
            raise NotFoundError("ledger.no_entry", f"the log has no entry {index}", f"Give a number below {size}")
        with self._lock:
            return notes.Proof(index, tuple(self._reader.inclusion(index, size)), note).encode()

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the first *old* entries are the beginning of the first *new* (RFC 9162 2.1.4)."""
        self._within(new)
        with self._lock:
            return self._reader.consistency(old, new)

    def tile(self, level: int, number: int, size: int) -> bytes:
        """The hashes of a tile, full or partial, in the tree of *size* entries."""
        with self._lock:
            return b"".join(self._reader.hashes(level, number, size))

    def _within(self, size: int) -> None:
        if size > self.size:
            raise NotFoundError("ledger.no_entry", f"the log has {self.size} entries", "Give a smaller size")

    def _grown(self, head: Head, batch: Batch, at: int | None) -> Growth:
        # Inside the transaction of the append: whoever freezes or moves the log or changes its keys is before this or after it.
        refuse_ended(self._store)
        if head.size > self._sealed.size:
            self._signers.refuse_strangers(self._store.checkpoint())
        if at is not None and head.size != at:
            raise MovedError
        return integrate(head.size, head.stack, merkle.leaf_hashes(batch.leaves), self._earlier)

    def _earlier(self, level: int, first: int, end: int) -> list[bytes]:
        if level:
            return self._store.tile_roots(level - 1, first, end)
        return merkle.leaf_hashes(self._store.leaves(first, end))

    def _seal(self, size: int, root: bytes) -> None:
        self._sealed = _sign(self._store, self._signers, Checkpoint(self.origin, size, root))

    def _receipt(self, indexes: Sequence[int]) -> Receipt:
        sealed = self._sealed
        return Receipt(indexes[0] if indexes else sealed.size, sealed.size, sealed.root, sealed.note, indexes)

    def _resolved(self, events: Sequence[SealedEvent], error: TakenIdError | CommitUnknownError) -> Sequence[int]:
        """Where *events* stand after an append that was refused or of unknown outcome; what is not there yet is appended."""
        wanted: dict[bytes, SealedEvent] = {}
        for event in events:
            if wanted.setdefault(leaf_id(event.leaf), event).leaf != event.leaf:
                raise error
        there = self._store.indexes_of(list(wanted))
        for identity, index in there.items():
            if self._store.leaves(index, index + 1) != [wanted[identity].leaf]:
                raise error
        new = [event for identity, event in wanted.items() if identity not in there]
        if len(new) == len(events):
            raise error
        if new:
            first = self.append(new).indexes
            there |= dict(zip((leaf_id(event.leaf) for event in new), first, strict=True))
        self.refresh()
        return [there[leaf_id(event.leaf)] for event in events]


def verifier_key(origin: str, signer: Signer) -> VerifierKey:
    """The public key that a log named *origin* is verified with."""
    return VerifierKey(origin, notes.ED25519, signer.public)


class Signers(NamedTuple):
    """Who signs the heads of one log: *every* key that is not retired; and the public keys *known* for it, the current one last."""

    key: VerifierKey
    every: tuple[tuple[VerifierKey, Signer], ...]
    known: tuple[VerifierKey, ...]

    @classmethod
    def of(cls, origin: str, signer: Signer, *, beside: Sequence[Signer], known: Iterable[VerifierKey]) -> "Signers":
        """*signer* is the current one, *beside* those that sign along."""
        every = {verifier_key(origin, one): one for one in (*beside, signer)}
        key = verifier_key(origin, signer)
        others = dict.fromkeys((*(one for one in known if one.name == origin), *every))
        return cls(key, tuple(every.items()), (*(one for one in others if one != key), key))

    def note(self, head: Checkpoint) -> bytes:
        """The signed head. Raises UnavailableError when any of the keys cannot be used: a head lacks no signature that it should have."""
        message = head.text.encode()
        lines = [notes.Signature(head.origin, key.id, signer.sign(message)) for key, signer in self.every]
        return notes.Note(head.text, tuple(lines)).encode()

    def all_signed(self, note: bytes) -> bool:
        """Whether all of them, and nobody else in the log's name, have signed *note*; their signatures are not judged here."""
        return _signed_by(note, self.key.name) == {key.id for key, _ in self.every}

    def refuse_strangers(self, note: bytes | None) -> None:
        """Raises KeysChangedError when a key that was not known when the log was opened has signed its last head."""
        if note is not None and not _signed_by(note, self.key.name) <= {key.id for key in self.known}:
            raise KeysChangedError


def _signed_by(note: bytes, origin: str) -> set[bytes]:
    return {line.key_id for line in notes.Note.parse(note).signatures if line.name == origin}


def refuse_ended(store: LogStore) -> None:
    """Raises DivergedError ``ledger.frozen`` when it was found before that this log went back in time or was forked, UnavailableError
    ``store.moved`` when recording goes on in another place."""
    marks = store.marks()
    if marks.moved is not None:
        raise moved_away(marks.moved)
    if marks.frozen is not None:
        raise DivergedError(
            "ledger.frozen",
            "this log was frozen: a signed head of it is known that it does not continue, so nothing is recorded in it or answered from it",
            "Run: edgecode log recover (it shows first what would be kept); or bring back the newest copy of the ledger",
        )


def _batch(events: Sequence[SealedEvent]) -> Batch:
    leaves = [event.leaf for event in events]
    sections = [(place, section) for place, event in enumerate(events) for section in event.sections]
    return Batch(leaves, _ids(leaves), sections)


def _ids(leaves: Sequence[bytes]) -> list[bytes]:
    """`leaf_id` of each, at half the cost for a large batch."""
    texts = [leaf[(place := leaf.find(_BEFORE_ID) + len(_BEFORE_ID)) : place + 36] for leaf in leaves]
    joined = unhexlify(b"".join(texts).replace(b"-", b""))
    return [joined[place : place + 16] for place in range(0, len(joined), 16)]


def _sign(store: LogStore, signers: "Signers", head: Checkpoint) -> Sealed:
    note = signers.note(head)
    store.keep_checkpoint(head.size, note)
    return Sealed(head.size, head.root, note)


def _checked(store: LogStore, signers: "Signers", head: Head, durable: Checkpoint) -> bytes | None:
    """The stored signature of *durable*, None when it is yet to be signed; checks that it fits its tiles and the head signed last."""
    reader = Reader(store)
    if len(head.stack) != head.size.bit_count() or reader.root(head.size) != durable.root:
        raise InvalidError("ledger.state", "the log's state does not fit its entries", "Run: edgecode log verify")
    if store.entry_end() != head.size:
        raise InvalidError("ledger.unsealed", "the log holds entries that it never took in", "Run: edgecode log verify")
    note = store.checkpoint()
    if note is None:
        return None
    signed = notes.open_checkpoint(note, Policy.of_keys(*signers.known)).checkpoint
    if signed.size > head.size or reader.root(signed.size) != signed.root:
        raise DivergedError(
            "ledger.diverged",
            f"the log does not continue the head that was signed at {signed.size} entries",
            "Do not record; bring back the latest copy, or keep this one as evidence",
        )
    return note if signed.size == head.size and signers.all_signed(note) else None
