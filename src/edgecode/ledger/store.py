"""What the record asks of a place that stores it. Drivers implement `LogStore`; the promises are written here, once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from msgspec import Struct

from edgecode.errors import EdgecodeError, InputError, NotFoundError, UnavailableError
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.ledger.growth import Growth


class StoredEntry(Struct, frozen=True):
    """One entry of the log with what lies beside it; erased sections are absent."""

    index: int
    leaf: bytes
    sections: tuple[SealedSection, ...]


class Head(NamedTuple):
    """The durable state of a log: its origin, its size in entries and its compact range."""

    origin: str
    size: int
    stack: list[bytes]


class Marks(NamedTuple):
    """What a log bears that ends recording in it. *frozen*: the evidence of `LogStore.freeze`; *moved*: the note of `LogStore.retire`."""

    frozen: bytes | None
    moved: bytes | None


class Batch(NamedTuple):
    """Entries to append: leaves, their 16-byte event ids, and (place in the batch, section) for what lies beside them.

    *taken*: tickets of the inbox that these entries come from; they leave it in the same transaction.
    """

    leaves: Sequence[bytes]
    ids: Sequence[bytes]
    sections: Sequence[tuple[int, SealedSection]]
    taken: Sequence[int] = ()


class TakenIdError(InputError):
    """Some event id of the batch is in the log already; nothing was written."""

    def __init__(self) -> None:
        super().__init__("ledger.duplicate_event", "an event with this id is in the log already", "Record it once")


class CommitUnknownError(UnavailableError):
    """The commit failed in a way that leaves open whether it happened; read again to know."""

    def __init__(self, what: str) -> None:
        super().__init__("ledger.commit_unknown", f"the record could not be told to be written: {what}", "Try again")


class MovedError(UnavailableError):
    """The log or the inbox is not as it was when something was judged that shall be written; nothing was written."""

    def __init__(self) -> None:
        super().__init__("ledger.moved", "somebody else recorded in between; nothing was written", "Try again")


PATIENCE = 3
"""So often may others be quicker before somebody who records takes a turn of its own (`LogStore.turn`)."""


class Stand(NamedTuple):
    """How far log and inbox are: entries in the log, and the last ticket that is in the inbox (0: none)."""

    size: int
    ticket: int


class LogStore(Protocol):
    """One log's entries, sections, full tiles and head. Errors are UnavailableError unless said otherwise."""

    def create(self, origin: str) -> None:
        """Begin an empty log named *origin*; one that is there is kept as it is. Durable."""

    def head(self) -> Head | None:
        """The durable head, read afresh and never from memory, since other processes may append; None before `create`."""

    def append(self, batch: Batch, grow: Callable[[Head], Growth]) -> Growth:
        """Write a batch behind the last entry, all of it or nothing, on disk when this returns.

        In one exclusive transaction: reads the head, asks *grow* for the tree with the batch (which may read this store), writes entries,
        sections, event ids, full tiles and the new head. Raises TakenIdError, CommitUnknownError.
        """

    def entries(self, first: int, end: int) -> Iterator[StoredEntry]:
        """The stored entries with *first* <= index < *end* in order, sealed or not, with gaps where rows are gone."""

    def leaves(self, first: int, end: int) -> list[bytes]:
        """The same without sections."""

    def entry_end(self) -> int:
        """One more than the highest stored index; equals the head's size unless somebody else wrote here."""

    def indexes_of(self, ids: Sequence[bytes]) -> dict[bytes, int]:
        """Which of these event ids are in the log, and where."""

    def event_ids(self, after: bytes, limit: int) -> list[tuple[bytes, int]]:
        """The table that `indexes_of` reads, (id, index) in the order of the ids, from the first id above *after*: *limit* at most."""

    def stray_sections(self, limit: int) -> list[tuple[int, str]]:
        """(index, section name) of what lies beside no entry, in order: *limit* at most. Somebody else wrote here."""

    def tile(self, level: int, number: int) -> bytes | None:
        """The 256 hashes of a full tile; None when it is not there."""

    def tile_roots(self, level: int, first: int, end: int) -> list[bytes]:
        """The roots of the full tiles of a level, *first* <= number < *end*."""

    def keep_checkpoint(self, size: int, note: bytes) -> None:
        """Store the signed head, unless one of a larger size is stored. May be lost in a power cut: it can be signed again."""

    def checkpoint(self) -> bytes | None:
        """The stored signed head of the largest size."""

    # ------------------------------------------------------------------------------------------ heads that others signed too

    def keep_cosigned(self, size: int, note: bytes) -> None:
        """Store a signed head with the cosignatures of witnesses under it, on disk when this returns; replaces the one of this size."""

    def cosigned(self) -> list[tuple[int, bytes]]:
        """Every stored head with cosignatures, (size, note), the largest last."""

    def freeze(self, evidence: bytes) -> None:
        """Remember for good that this log went back in time or was forked; *evidence* is text for people. Later calls keep the first."""

    def frozen(self) -> bytes | None:
        """The evidence of `freeze`; None when nothing froze this log."""

    def retire(self, note: bytes, refuse: Callable[[Head], object]) -> None:
        """Remember that recording goes on in another place, on disk when this returns. *note*: text for people, ``moved to …``; it replaces
        an earlier one. In one exclusive transaction with *refuse*, which sees the durable head and raises when it is not the one that
        was taken along. `append` itself goes on working, for copies that come back: `ledger.log.Log` refuses."""

    def reinstate(self, head: Head) -> bool:
        """Forget the note of `retire` when the log stands at *head*, durable when this returns; False, and nothing, when it does not."""

    def marks(self) -> Marks:
        """What ends recording here, in one question."""

    # ------------------------------------------------------------------------------------------ sections that go or change hands

    def erase_forever(self, sections: Sequence[tuple[int, str]]) -> None:
        """Remove these (index, section name) rows with their salts, overwriting them where the store can; absent ones are passed over.

        When this returns no file that the store itself keeps for reading (database, write-ahead log) holds their bytes, or the store's
        `remains` says where they may.
        """

    def reseal(self, sections: Sequence[tuple[int, SealedSection]]) -> None:
        """Replace sections that are there by the same plain bytes and salt under another key, all or nothing, with the promise of
        `erase_forever` for the old bytes. Raises NotFoundError ``ledger.no_section``."""

    def sections_under(self, key_id: str) -> list[tuple[int, str]]:
        """The (index, section name) of all that is sealed with a key, in order."""

    def remains(self) -> list[str]:
        """Sentences on where erased bytes may still lie in what the database keeps by itself (dead rows, write-ahead archives,
        replicas, backups); empty when nowhere."""

    # ------------------------------------------------------------------------------------------ the inbox

    def accept(self, events: Sequence[SealedEvent], *, at: Stand | None = None) -> list[int]:
        """Put events into the inbox, durable when this returns; a ticket for each. They are accepted, not yet sealed into the log.

        *at*: only when log and inbox stand there, else MovedError; who is asked with *at* is alone with all others who are, and with
        `append`."""

    def stand(self) -> Stand:
        """How far log and inbox are, read afresh."""

    def waiting(self, limit: int) -> list[tuple[int, SealedEvent]]:
        """The first *limit* events of the inbox with their tickets, in the order they came, without those that were refused."""

    def take(self, tickets: Sequence[int]) -> None:
        """Take events out of the inbox that are in the log already; others leave it by `Batch.taken`. Durable."""

    def refuse(self, tickets: Sequence[int]) -> None:
        """Set events of the inbox aside that can never be sealed into the log: they are kept for people to look at. Durable."""

    def refused(self) -> list[tuple[int, SealedEvent]]:
        """The events that were set aside, with their tickets, in the order they came."""

    def sequencing(self) -> AbstractContextManager[bool]:
        """Within it, True: no other process drains this log's inbox; False: another one does."""

    def turn(self, *, own: bool) -> AbstractContextManager[None]:
        """For a try to record what was judged by the log's size. With *own*, nobody else who asks begins a try until it ends; without, it
        begins when no one has such a turn. Waits for half a minute at most and goes on then: a courtesy to whoever is overtaken again and
        again, and nothing that the log depends on."""

    def wait_for_work(self, seconds: float) -> None:
        """Return when something may be waiting in the inbox, after *seconds* at the latest."""

    def reading(self) -> AbstractContextManager[None]:
        """Within it, all reads see one state of the log."""


class Signer(Protocol):
    """Holds a private Ed25519 key and never shows it."""

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""

    @property
    def actor(self) -> str:
        """The key's id as leaves write it: ``k:`` and 16 hexadecimal digits."""

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature, 64 bytes. Raises UnavailableError when the key cannot be used now."""


def storage_failed(error: EdgecodeError | Exception) -> UnavailableError:
    """What callers see when the place that stores the log fails outright; no acknowledgment was given."""
    return UnavailableError(
        "ledger.storage_failed",
        f"the record could not be written: {type(error).__name__}",
        "Check the disk, then start edgecode again",
    )


def absent() -> UnavailableError:
    """What is said where something shall be written behind a log that nobody began."""
    return UnavailableError("ledger.absent", "there is no log here yet", "Create the production first")


def moved_away(note: bytes) -> UnavailableError:
    """What is said of a place that was retired. *note*: what `LogStore.retire` kept."""
    return UnavailableError(
        "store.moved",
        f"the record of this production was {note.decode(errors='replace')}; nothing is recorded here any more",
        "Write that place into [store] of this machine's edgecode.toml, or bring the file over from the machine that moved the record",
    )


def storage_unreadable(error: Exception) -> UnavailableError:
    """What callers see when what is stored cannot be read back: a damaged file, or a row that no edgecode wrote."""
    return UnavailableError(
        "ledger.unreadable",
        f"the record cannot be read: {type(error).__name__}",
        "Keep a copy of the database as it is, then bring back the newest good copy",
    )


def no_such_section(index: int, name: str) -> NotFoundError:
    """What `reseal` raises for a section that is not there, or is there under another salt."""
    return NotFoundError(
        "ledger.no_section",
        f"entry {index} has no section {name} under this salt",
        "Read the entry again; it may have been erased meanwhile",
    )
