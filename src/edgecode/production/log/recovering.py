"""Going on after a log went back in time: a successor log that commits to the old one and holds its surviving entries byte for byte.

Nothing is signed in the old log again, whose two ends would be a fork; it is frozen, kept beside and never written over. The successor is
made whole in a new store before edgecode.toml names it; what is interrupted is run again (docs/decisions/0012-keys-and-recovery.md).
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from edgecode.drivers.high_water import HEADS, keep_high_water, noted_heads, tail_of
from edgecode.drivers.private_files import flush_folder
from edgecode.drivers.published import write_durably
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.drivers.world import World
from edgecode.errors import EdgecodeError, InvalidError, NotFoundError, RefusedError
from edgecode.events.record_kinds import LogRecovered, Recovery
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.evidence import Evidence
from edgecode.ledger.growth import push, root_of
from edgecode.ledger.log import Log, verifier_key
from edgecode.ledger.merkle import leaf_hash
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.reader import Reader
from edgecode.ledger.store import Head, LogStore, Signer, moved_away
from edgecode.people.sealing import seal
from edgecode.production.log.history import (
    RECOVERING,
    Trace,
    continues,
    evidence_of,
    high_water_places,
    known_heads,
    trace_of_index,
    traces,
)
from edgecode.production.log.public_keys import keep_keys, kept_keys
from edgecode.production.log.stores import (
    has_index,
    is_postgres,
    open_index,
    open_keys,
    open_ledger,
    refuse_occupied,
    sqlite_path,
)
from edgecode.settings import KEY_FILE, STATE_FOLDER, Settings, read_settings, write_settings

Why = Literal["rolled-back", "damaged", "lost"]
Force = Literal["", "damaged", "lost"]
_CHUNK = 2_000


class Plan(NamedTuple):
    """What a recovery would keep. *furthest*: the largest head of the old log that anything here shows; *stands*: entries in its store;
    *kept*: how many of them go on into the successor, under *root*; *seen*: what shows more, or another history, than the store."""

    origin: str
    why: Why
    furthest: Trace
    stands: int
    kept: int
    root: bytes
    seen: tuple[Trace, ...]
    waiting: int

    @property
    def lost(self) -> int:
        """How many entries were signed and are not in the store."""
        return max(self.furthest.size - self.kept, 0)


class Recovered(NamedTuple):
    """The successor: its *origin*, how many old entries it *kept*, and where the old ledger lies now ("" where it is no file of ours)."""

    origin: str
    kept: int
    old_ledger: str


class _Marker(msgspec.Struct, frozen=True):
    """What `.edgecode/recovering` says while a recovery is on its way."""

    old_origin: str
    old_ledger: str
    origin: str
    ledger: str
    key: str


def plan_recovery(folder: Path, *, force: Force = "") -> Plan:
    """What `recover` would do; changes nothing.

    *force*: recover a log that did not go back in time, because its ledger is damaged, or its newest entries are known to be lost. Raises
    RefusedError ``recover.not_needed``, InvalidError ``recover.damaged`` when entries are not what was signed.
    """
    settings = read_settings(folder)
    with closing(open_ledger(settings, folder, read_only=True)) as store:
        return _planned(folder, settings, store, force=force)


def recover(
    folder: Path,
    *,
    force: Force = "",
    to: str = "",
    signer: str = "",
    world: World | None = None,
) -> Recovered:
    """Begin the successor and switch to it. *to*: URL of its ledger (PostgreSQL needs a new database; "" for a new file beside the old
    one). *signer*: URI of a new key; "" for the one that signs now. Run again after an interruption. Raises like `plan_recovery`, and
    UsageError ``recover.no_place``.
    """
    world = world or World()
    settings, state = read_settings(folder), folder / STATE_FOLDER
    marker = _marker(state)
    if marker is not None and marker.origin == settings.origin:
        return _finished(folder, settings, marker)
    if marker is not None:
        _remove_unfinished(marker, folder)
    with closing(open_ledger(settings, folder)) as old:
        if (note := old.marks().moved) is not None:
            raise moved_away(note)
        plan = _planned(folder, settings, old, force=force)
        old.freeze(evidence_of(plan.furthest, plan.stands) if plan.seen else f"recovered: {plan.why}\n\n".encode())
        successor = _successor(settings, world, to=to, signer=signer)
        owner = world.open_signer(successor.signer, folder)
        if to:
            with closing(open_ledger(successor, folder, create=True)) as new:
                refuse_occupied(new)
        key = str(verifier_key(successor.origin, owner))
        marker = _Marker(settings.origin, settings.ledger, successor.origin, successor.ledger, key)
        _keep_marker(state, marker)
        with closing(open_ledger(successor, folder, create=True)) as new:
            _fill(new, old, plan, owner, folder=folder, settings=successor, world=world)
    write_settings(folder, successor)
    return _finished(folder, successor, marker)


def is_unfinished(folder: Path) -> bool:
    """Whether a recovery was interrupted; `recover` starts over or finishes it."""
    return _marker(folder / STATE_FOLDER) is not None


# ------------------------------------------------------------------------------------------ planning


def _planned(folder: Path, settings: Settings, store: LogStore, *, force: Force) -> Plan:
    keys = [key for key in kept_keys(folder / STATE_FOLDER) if key.name == settings.origin]
    with store.reading():
        head = store.head()
        if head is None:
            raise NotFoundError("ledger.absent", "there is no log here", "Bring back a copy of the ledger")
        signed = list(traces(_every_head(folder, settings, store), Policy.of_keys(*keys)))
        reader, whole = Reader(store), _is_whole(store, head)
        beyond = [trace for trace in signed if not whole or not continues(trace, head.size, reader.root)]
        frozen = store.frozen()
        earlier = traces(_earlier_heads(folder, store), Policy.of_keys(*keys))
        kept, root = _surviving(store, head, [*signed, *earlier])
        waiting = len(store.waiting(1_000_000))
    index = _index_trace(folder, settings)
    if index is not None and whole and not continues(index, head.size, Reader(store).root):
        beyond.append(index)
    if not beyond and frozen is None and not force:
        raise RefusedError(
            "recover.not_needed",
            "the ledger here goes on from everything that is known of it",
            "Nothing to do; where its newest entries are known to be lost: --force-lost lost",
        )
    if (kept < head.size or not whole) and force != "damaged":
        raise InvalidError(
            "recover.damaged",
            f"only the first {kept} of {head.size} entries are what was signed",
            "Bring back an unaltered copy of the ledger; where there is none: --force-lost damaged keeps those",
        )
    own = Trace("the ledger", kept, root)
    furthest = max((*beyond, own), key=lambda trace: trace.size)
    return Plan(settings.origin, force or "rolled-back", furthest, head.size, kept, root, tuple(beyond), waiting)


def _every_head(folder: Path, settings: Settings, store: LogStore) -> Iterator[tuple[str, bytes]]:
    """All signed heads of the log that lie anywhere here: beside the ledger, in it, and in what was kept as evidence."""
    yield from known_heads(folder, settings, store)
    if (note := store.checkpoint()) is not None:
        yield "the ledger's own checkpoint", note
    if (evidence := store.frozen()) is not None:
        yield "the evidence that froze the log", evidence.partition(b"\n\n")[2]
    for path in sorted((folder / STATE_FOLDER / "evidence").glob("*")):
        with suppress(OSError, EdgecodeError):
            found = Evidence.parse(path.read_bytes())
            yield path.name, found.smaller
            yield path.name, found.larger


def _earlier_heads(folder: Path, store: LogStore) -> Iterator[tuple[str, bytes]]:
    """Signed heads of smaller sizes, which say how far a damaged ledger is good."""
    yield from (("a cosigned head", note) for _, note in store.cosigned())
    yield from (("an earlier head", note) for note in noted_heads(folder / STATE_FOLDER / HEADS))


def _is_whole(store: LogStore, head: Head) -> bool:
    try:
        return Reader(store).root(head.size) == root_of(head.stack) and store.entry_end() == head.size
    except EdgecodeError:
        return False


def _surviving(store: LogStore, head: Head, signed: Iterable[Trace]) -> tuple[int, bytes]:
    """The most entries from the first on that give a root which was signed, or which the log's own state holds."""
    wanted = {(trace.size, trace.root) for trace in signed} | {(head.size, root_of(head.stack))}
    sizes = {size for size, _ in wanted}
    kept, stack = (0, root_of([])), list[bytes]()
    for size, entry in enumerate(store.entries(0, head.size), 1):
        if entry.index != size - 1:
            break
        push(stack, size, leaf_hash(entry.leaf))
        if size in sizes and (size, root_of(stack)) in wanted:
            kept = size, root_of(stack)
    return kept


def _index_trace(folder: Path, settings: Settings) -> Trace | None:
    if not has_index(settings, folder):
        return None
    try:
        with closing(open_index(settings, folder, read_only=True)) as index:
            return trace_of_index(index, settings.production) if index.is_of_this_release else None
    except EdgecodeError:
        return None


# ------------------------------------------------------------------------------------------ the successor


def _successor(settings: Settings, world: World, *, to: str, signer: str) -> Settings:
    origin = f"{settings.origin.rpartition('/')[0]}/{world.randomness(10).hex()}"
    tail = tail_of(origin)
    if not to and is_postgres(settings.ledger, "ledger"):
        raise RefusedError(
            "recover.no_place",
            "the successor of a log in PostgreSQL needs a database of its own",
            "Make an empty one and give it: --to postgresql://…",
        )
    place = Path(settings.ledger.partition(":")[2])
    published = settings.publish_to.rstrip("/") or f"{STATE_FOLDER}/published"
    return msgspec.structs.replace(
        settings,
        origin=origin,
        ledger=to or f"sqlite:{place.with_name(f'ledger.{tail}.db')}",
        signer=signer or settings.signer,
        signer_before="",
        # What outsiders read of the old log stays where it is.
        publish_to=f"{published.removesuffix(f'/{tail_of(settings.origin)}')}/{tail}",
    )


def _fill(
    new: LogStore, old: LogStore, plan: Plan, signer: Signer, *, folder: Path, settings: Settings, world: World
) -> None:
    """The first event, then the old entries with their sections, then what waits in the inbox; compared at the end."""
    log = Log.create(new, signer, origin=settings.origin)
    with closing(open_keys(settings, folder)) as keys:
        event = LogRecovered(
            Recovery(
                plan.origin,
                plan.furthest.size,
                plan.furthest.root.hex(),
                plan.kept,
                plan.root.hex(),
                tuple(dict.fromkeys(trace.note.decode() for trace in plan.seen if trace.note)),
                plan.why,
            )
        )
        first = seal(
            event,
            id=world.new_id(),
            ts=world.milliseconds(),
            actor=signer.actor,
            keys=keys,
            production=settings.production,
            randomness=world.randomness,
        )
    log.append([first])
    entries = (SealedEvent(entry.leaf, entry.sections) for entry in old.entries(0, plan.kept))
    while batch := list(islice(entries, _CHUNK)):
        log.append(batch)
    _compare(new, plan)
    waiting = old.waiting(plan.waiting)
    if waiting:
        new.accept([event for _, event in waiting])


def _compare(new: LogStore, plan: Plan) -> None:
    """What was copied is read again: the entries behind the first must give the root that was promised in it."""
    stack, size = list[bytes](), 0
    for entry in new.entries(1, plan.kept + 1):
        size += 1
        push(stack, size, leaf_hash(entry.leaf))
    if size != plan.kept or root_of(stack) != plan.root or new.entry_end() != plan.kept + 1:
        raise InvalidError(
            "recover.differs", "the successor does not hold what it was given", "Check the disk, try again"
        )


# ------------------------------------------------------------------------------------------ switching


def _finished(folder: Path, settings: Settings, marker: _Marker) -> Recovered:
    """What follows the switch, in any number of attempts: keys, high-water, index, the old file's name."""
    state = folder / STATE_FOLDER
    with closing(open_ledger(settings, folder)) as ledger:
        head, note = ledger.head(), ledger.checkpoint()
    if head is None or note is None:
        raise NotFoundError("ledger.absent", "the successor's ledger is not there", "Bring it back")
    old_keys = [key for key in kept_keys(state) if key.name == marker.old_origin]
    if old_keys:
        keep_keys(state, old_keys, name=f"{KEY_FILE}.{tail_of(marker.old_origin)}")
    keep_keys(state, [VerifierKey.parse(marker.key)])
    for place in high_water_places(folder, settings):
        keep_high_water(place, note, flush=True)
    if has_index(settings, folder):
        with closing(open_index(settings, folder)) as index:
            # What was lost with the log's end stays nowhere else.
            index.forget_forever()
    kept = _put_aside(marker, folder)
    (state / RECOVERING).unlink(missing_ok=True)
    flush_folder(state)
    return Recovered(settings.origin, head.size - 1, kept)


def _put_aside(marker: _Marker, folder: Path) -> str:
    """Give the old ledger's file the name of its log, with nothing left in a write-ahead log beside it; returns that name."""
    if is_postgres(marker.old_ledger, "ledger"):
        return ""
    path = sqlite_path(marker.old_ledger, folder, "ledger")
    aside = path.with_name(f"ledger.{tail_of(marker.old_origin)}.db")
    if path.exists() and not aside.exists():
        SqliteLedger(path).close()
        for end in ("-wal", "-shm", ""):
            if (beside := path.with_name(path.name + end)).exists():
                beside.rename(aside.with_name(aside.name + end))
        flush_folder(path.parent)
    return aside.name


def _remove_unfinished(marker: _Marker, folder: Path) -> None:
    """Take away a successor that was not finished and that nobody else has seen; another log's file is left alone."""
    if is_postgres(marker.ledger, "ledger"):
        return
    path = sqlite_path(marker.ledger, folder, "ledger")
    if not path.exists():
        return
    with closing(SqliteLedger(path)) as ledger:
        head = ledger.head()
    if head is None or head.origin == marker.origin:
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _marker(state: Path) -> _Marker | None:
    try:
        return msgspec.json.decode((state / RECOVERING).read_bytes(), type=_Marker)
    except FileNotFoundError:
        return None


def _keep_marker(state: Path, marker: _Marker) -> None:
    write_durably(state / RECOVERING, msgspec.json.encode(marker))
