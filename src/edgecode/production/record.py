"""The record of one production: opens its stores, appends events, projects them into the index and publishes them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.loading import production_title
from edgecode.drivers.high_water import HEADS, keep_high_water, last_noted, note_head
from edgecode.drivers.mounts import refuse_network_file_system
from edgecode.drivers.private_files import require_own_folder
from edgecode.drivers.scan_cache import ScanCache
from edgecode.drivers.world import World
from edgecode.errors import HeldError, InputError, InvalidError, NotFoundError, RefusedError, UnavailableError
from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import Event
from edgecode.events.registry import Recorded
from edgecode.index.dump import dump
from edgecode.index.projector import Problem, problems, watermark
from edgecode.ledger.log import Log, Receipt, verifier_key
from edgecode.ledger.notes import Checkpoint, VerifierKey
from edgecode.ledger.policy import Policy, is_domain
from edgecode.ledger.publishing import publish_on
from edgecode.ledger.store import PATIENCE, LogStore, MovedError, Signer, StoredEntry
from edgecode.people.sealing import open_sections, seal
from edgecode.people.store import KeyStore
from edgecode.production.captures import captures, is_about_media, keys_at_append
from edgecode.production.log.beginning import begin, first_event
from edgecode.production.log.history import (
    continues,
    high_water_places,
    known_heads,
    refuse_index_of_another,
    refuse_rolled_back,
    refuse_unfinished_recovery,
    rolled_back,
    trace_of_index,
    traces,
)
from edgecode.production.log.projecting import bring_up
from edgecode.production.log.public_keys import kept_keys, refuse_other_log, require_own
from edgecode.production.log.reading import Erasures, recorded
from edgecode.production.log.shelves import shelf_at
from edgecode.production.log.stores import MoveGuard, open_index, open_keys, open_ledger
from edgecode.settings import FILE_NAME, STATE_FOLDER, Settings, read_settings
from edgecode.terms.identity import RecordId

_LOG = logging.getLogger(__name__)
T = TypeVar("T")
TRIES = 200
_BATCH = 2_000
"""Events in one transaction, where nobody judged them together: others need not wait long for their turn."""
NO_DOMAIN = "log.invalid"
"""Begins the name of a log whose keeper gave no domain (RFC 2606)."""


class Record:
    """One production's stores, open. Use it as a context manager; one thread at a time."""

    def __init__(self, folder: Path, settings: Settings, *, world: World | None = None) -> None:
        """Open the stores that *settings* name. Raises what their rooms raise; see `create` for a new production."""
        self.folder = folder
        self.settings = settings
        self.world = world or World()
        state = folder / STATE_FOLDER
        refuse_network_file_system(state)
        require_own_folder(state)
        self._state = state
        refuse_unfinished_recovery(state)
        self.signer = self.world.open_signer(settings.signer, folder)
        before = settings.signer_before
        self.signers_before = [self.world.open_signer(before, folder)] if before else []
        with ExitStack() as opened:
            self.ledger = opened.enter_context(closing(open_ledger(settings, folder)))
            self._refuse_rolled_back()
            self.log = Log.open(self.ledger, self.signer, beside=self.signers_before, known=kept_keys(state))
            refuse_other_log(settings, [self.log.key])
            require_own(state, signing_keys(self.log.origin, self.signer, self.signers_before))
            self.keys = opened.enter_context(closing(open_keys(settings, folder)))
            refuse_keys_of_another_time(self.keys, settings.production)
            self.index = opened.enter_context(closing(open_index(settings, folder)))
            self.cache = opened.enter_context(closing(ScanCache.open(state / "scan-cache.db")))
            self._places = MoveGuard(folder, settings)
            self._stores = opened.pop_all()
        self._erased: tuple[int, Erasures] | None = None
        self._noted: int | None = None
        self.remembers_erased_files = True
        """Whether an erasure leaves a keyed mark of each file that it takes, so that a scan does not record it again."""
        self.notices: list[str] = []
        """Sentences for whoever opened it: what was put right, and what could not be."""
        self.is_behind = False
        """Whether the index lacks what this record appended last, because it could not be written then."""

    # ------------------------------------------------------------------------------------------ opening

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        title: str,
        domain: str = NO_DOMAIN,
        stores: Mapping[str, str] | None = None,
        world: World | None = None,
    ) -> Self:
        """Begin a production in *folder*, or go on beginning it: see `beginning.begin`. *domain* goes into the log's public name.

        *stores*: URLs of databases by ``ledger``, ``keys`` and ``index``, where they are not files in the folder. Raises RefusedError
        ``production.exists``, ``store.occupied``, ``index.not_ours`` and ``store.network_file_system``, InputError ``production.domain``.
        """
        world = world or World()
        if not is_domain(domain):
            raise InputError(
                "production.domain",
                "that is no plain domain: small letters, digits, hyphens and dots, without scheme, port and path",
                "As in: edgecode init --domain studio.example",
            )
        if (folder / FILE_NAME).exists():
            raise RefusedError(
                "production.exists", "there is a production in this folder already", "Use it, or choose another folder"
            )
        state = folder / STATE_FOLDER
        try:
            folder.mkdir(parents=True, exist_ok=True)
            refuse_network_file_system(folder)
            state.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise UnavailableError(
                "production.unwritable",
                f"{folder.name} cannot be written ({error.strerror})",
                "Choose a folder of your own",
            ) from error
        wanted = msgspec.structs.replace(
            Settings(world.new_id(), title, f"{domain}/edgecode/{world.randomness(10).hex()}"), **(stores or {})
        )
        settings = begin(folder, wanted, first_keys=_first_keys, world=world)
        production = cls(folder, settings, world=world)
        production.settle()
        return production

    @classmethod
    def open(cls, folder: Path, *, world: World | None = None) -> Self:
        """Open the production in *folder*, bring its index up to the ledger, and carry on with an erasure that was interrupted."""
        from edgecode.production.erasing.again import restore_lost
        from edgecode.production.erasing.destroying import finish_erasures

        production = cls(folder, read_settings(folder), world=world)
        try:
            if not production.log.size:
                # An earlier release was interrupted while it began this one, or its index could not be made then.
                with suppress(MovedError):
                    production.append([first_event(production.settings)], at=0)
            is_new = production.catch_up()
            # Somebody who is reading holds the overwriting up: work goes on, and a later opening finishes it.
            try:
                finish_erasures(production, index_is_new=is_new)
                restore_lost(production)
            except UnavailableError as error:
                production.notices.append(f"an erasure is not carried out to the end: {error.sentence}")
        except BaseException:
            production.close()
            raise
        return production

    def close(self) -> None:
        """Close every store; nothing is pending."""
        with self._stores:
            self._keep_high_water(self.log.checkpoint(), flush=True)

    def _refuse_rolled_back(self) -> None:
        """Before anything is signed. Raises DivergedError ``ledger.rolled_back`` and UnavailableError ``high_water.unread``."""
        origin = self.settings.origin
        own = signing_keys(origin, self.signer, self.signers_before)
        known = dict.fromkeys((*(key for key in kept_keys(self._state) if key.name == origin), *own))
        seen = traces(known_heads(self.folder, self.settings, self.ledger), Policy.of_keys(*known))
        refuse_rolled_back(self.ledger, list(seen))

    def _keep_high_water(self, note: bytes, *, flush: bool) -> None:
        for place in high_water_places(self.folder, self.settings):
            keep_high_water(place, note, flush=flush)
        heads = self._state / HEADS
        if self._noted is None:
            self._noted = last_noted(heads, self.log.origin)
        self._noted = note_head(heads, note, last=self._noted)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------ the record

    def append(self, events: Iterable[Event], *, at: int | None = None) -> list[int]:
        """Seal and record *events* in order; when this returns they are durable, signed and in the index. Returns their indexes.

        *at*: only when the log has so many entries, else MovedError; however many *events* are, all of them in one transaction then,
        because they were judged together. Without it a crash may leave the first of them, in steps of 2,000. An index that cannot be
        written now is no failure, or the same would be recorded again: `is_behind` and a warning say so, and the next opening brings it up.
        """
        waiting, indexes = list(events), list[int]()
        together = _BATCH if at is None else max(len(waiting), 1)
        if at is not None and not waiting and self.log.refresh() != at:
            raise MovedError
        for first in range(0, len(waiting), together):
            receipt = self._append(waiting[first : first + together], at=at)
            self._keep_high_water(receipt.checkpoint, flush=False)
            indexes += receipt.indexes
        self._bring_up_recorded()
        return indexes

    def append_judged(self, judged: Callable[[], Sequence[Event]]) -> list[int]:
        """Append what *judged* makes of the record as it is now, and nothing that it made of a record that others have changed since: it is
        asked again then, so it must tell nobody what it found before this returns. Returns the indexes.

        That nothing is to be recorded is a judgment too, and holds for the same state. Every id and version that is given out goes this
        road. Raises what *judged* raises, HeldError ``record.overtaken`` when others never stop recording.
        """

        def tried() -> list[int]:
            self.catch_up()
            size = self.log.size
            return self.append(judged(), at=size)

        return unmoved(self.ledger, tried)

    def _bring_up_recorded(self) -> None:
        """`catch_up` behind an append that is durable. A ledger that went back in time, or is altered, is said all the same."""
        try:
            with suppress(UnavailableError):
                self.is_behind = False
                self.catch_up()
                return
            # A connection that was lost meanwhile is opened again by whoever uses it next.
            self.catch_up()
        except UnavailableError as error:
            self.is_behind = True
            _LOG.warning("Recorded. The index could not be brought up and will be at the next opening: %s", error)

    def _append(self, events: Sequence[Event], *, at: int | None) -> Receipt:
        if at is not None:
            own, _ = self._whose(events)
            return self._seal_and_append(events, own, at=at)

        def tried() -> Receipt:
            own, size = self._whose(events)
            return self._seal_and_append(events, own, at=size)

        return unmoved(self.ledger, tried)

    def _whose(self, events: Sequence[Event]) -> tuple[list[str], int | None]:
        """The keys of people whose scans, voices and captures *events* are about, and the size of the log that this was judged at (None: it
        depends on none). Raises RefusedError ``erasure.comes_back``."""
        nobodys = [""] * len(events)
        # While the index can be neither brought up nor read, recording goes on: what is somebody's own goes with its entries all the same.
        with suppress(UnavailableError):
            if is_about_media(events):
                self.catch_up()
                size, own = self.log.size, captures(self.index)
                if own is not None:
                    keys = keys_at_append(self.index, own, events)
                    return ["" if key and self.keys.is_destroyed(key) else key for key in keys], size
        return nobodys, None

    def _seal_and_append(self, events: Sequence[Event], own: Sequence[str], *, at: int | None) -> Receipt:
        self._places.refuse_moved()
        with self.keys.together():
            sealed = [
                seal(
                    event,
                    id=self.world.new_id(),
                    ts=self.world.milliseconds(),
                    actor=self.signer.actor,
                    keys=self.keys,
                    production=self.settings.production,
                    randomness=self.world.randomness,
                    own=key,
                )
                for event, key in zip(events, own, strict=True)
            ]
        return self.log.append(sealed, at=at)

    def recorded(self, first: int = 0, end: int | None = None) -> Iterator[Recorded]:
        """Events of the log with every section opened and compared with its commitment. Raises like `open_sections`."""
        return recorded(self.log.entries(first, end), self.keys, erasures=self._erasures())

    def _erasures(self) -> Erasures:
        """What erasures cover, read through the log once for each size of it and only when something is missing."""
        if self._erased is None or self._erased[0] != self.log.size:
            self._erased = self.log.size, Erasures(self.ledger)
        return self._erased[1]

    def entry(self, index: int) -> tuple[StoredEntry, Mapping[str, bytes]]:
        """One entry as stored, and its sections that the keys here open. Raises NotFoundError ``ledger.no_entry``."""
        found = next(self.log.entries(index, index + 1), None)
        if found is None:
            raise NotFoundError(
                "ledger.no_entry", f"the log has no entry {index}", f"Give a number below {self.log.size}"
            )
        return found, open_sections(parse_leaf(found.leaf), found.sections, keys=self.keys, entry=index)

    def catch_up(self) -> bool:
        """Project what the log holds and the index does not; True when all of it was projected. An index of another production is
        rebuilt, where it is no schema that the other one uses.

        Raises RefusedError ``index.not_ours``, and DivergedError ``ledger.rolled_back`` when the index was made from entries that the
        ledger no longer holds.
        """
        # Read before the ledger's head: another process may be appending and projecting.
        seen, (stands, root) = trace_of_index(self.index, self.settings.production), watermark(self.index)
        size = self.log.refresh()
        if seen is not None and not continues(seen, size, self.log.root_at):
            raise rolled_back(seen, size)
        if stands and (seen is None or seen.root != root):
            refuse_index_of_another(self.index, self.settings.production)
            self.index.reset()
            stands = 0
        if stands >= size:
            return False

        def fresh(first: int) -> Iterator[Recorded]:
            return recorded(self.log.proven(first), self.keys, erasures=self._erasures())

        try:
            is_new = bring_up(self.index, fresh, stands=stands, size=size, root=self.log.root)
        except InvalidError as error:
            if error.code != "index.gap" or watermark(self.index)[0] >= stands:
                raise
            # Another process erased a person meanwhile, and with them the index.
            return self.catch_up()
        self.index.settle()
        return is_new

    def settle(self) -> None:
        """Remember the last signed head outside the database and bring the index up to the log, after something else appended."""
        self._keep_high_water(self.log.checkpoint(), flush=False)
        self._bring_up_recorded()

    def rebuild_index(self) -> None:
        """Throw the index away and make it again from the ledger."""
        self.index.reset()
        self.catch_up()

    def problems(self) -> list[Problem]:
        """Records that contradict others, in ledger order."""
        return problems(self.index)

    def index_dump(self) -> bytes:
        """The index in canonical form, by key."""
        return dump(self.index)

    def publish(self, to: str = "") -> tuple[Checkpoint, str]:
        """Write tiles and checkpoint for outsiders to *to*, a folder or ``s3://BUCKET/PREFIX`` ("": where the settings say); returns
        the head and the name of the place. Raises what `publish_on` raises."""
        with shelf_at(to or self.settings.publish_to, self.folder) as shelf:
            return publish_on(shelf, self.log, cosigned=self.ledger.cosigned()), shelf.name

    def title(self) -> str:
        """The production's title as recorded."""
        return production_title(self.index)

    def ledger_point(self) -> LedgerPoint:
        """The state of the record that answers are given from."""
        return LedgerPoint(self.log.origin, self.log.size, self.log.root.hex())

    def gone(self, index: int) -> Sequence[str]:
        """Names of sections that entry *index* committed to and that cannot be opened here."""
        stored, opened = self.entry(index)
        return [name for name in parse_leaf(stored.leaf).commitments if name not in opened]


def unmoved(ledger: LogStore, tried: Callable[[], T]) -> T:
    """What *tried* gives once nobody recorded in between. Who was overtaken a few times keeps a turn of its own until it is done: others
    that judge quickly would go on being quicker. Raises what *tried* raises, HeldError ``record.overtaken``."""
    for _ in range(PATIENCE):
        with suppress(MovedError), ledger.turn(own=False):
            return tried()
    with ledger.turn(own=True):
        for _ in range(TRIES):
            with suppress(MovedError):
                return tried()
    raise HeldError(
        "record.overtaken",
        f"others recorded in between {TRIES} times, so this was not recorded",
        "Do it again when fewer are recording",
    )


def signing_keys(origin: str, signer: Signer, before: Sequence[Signer]) -> tuple[VerifierKey, ...]:
    """The public keys under which heads of the log are signed now, the current one last."""
    return tuple(verifier_key(origin, one) for one in (*before, signer))


def refuse_keys_of_another_time(keys: KeyStore, production: RecordId) -> None:
    """Raises UnavailableError ``keys.incomplete`` when a key is missing that was made with the production."""
    for key_id in _first_keys(production):
        if keys.key(key_id) is None and not keys.is_destroyed(key_id):
            raise UnavailableError(
                "keys.incomplete",
                "keys.db lacks a key that was made with the production, so it is not its keys.db",
                "Bring back the copy that was kept with this production",
            )


def _first_keys(production: RecordId) -> tuple[str, str]:
    """The keys that are made with a production: of its places and recipes, and of the ids of recorded lines."""
    return f"p:{production}", f"i:{production}"
