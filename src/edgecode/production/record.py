"""The record of one production: opens its stores, appends events, projects them into the index and publishes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from edgecode import __version__
from edgecode.answers.coverage import LedgerPoint
from edgecode.answers.loading import production_title
from edgecode.drivers.key_files import create_key_file, signer_at
from edgecode.drivers.mounts import refuse_network_file_system
from edgecode.drivers.published import publish
from edgecode.drivers.scan_cache import ScanCache
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.drivers.world import World
from edgecode.errors import NotFoundError, RefusedError, UnavailableError, UsageError
from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import (
    Event,
    ProductionFact,
    ProductionOpened,
)
from edgecode.events.registry import Recorded, read_event
from edgecode.index.dump import dump
from edgecode.index.projector import Problem, problems, project, watermark
from edgecode.ledger.log import Log, Receipt
from edgecode.ledger.notes import Checkpoint
from edgecode.ledger.store import StoredEntry
from edgecode.people.sealing import open_sections, seal
from edgecode.settings import FILE_NAME, STATE_FOLDER, Settings, read_settings, write_settings

_BATCH = 2_000
"""Events appended in one transaction at most."""


class Record:
    """One production's stores, open. Use it as a context manager; one thread at a time."""

    def __init__(self, folder: Path, settings: Settings, *, world: World | None = None) -> None:
        """Open the stores that *settings* name. Raises what their rooms raise; see `create` for a new production."""
        self.folder = folder
        self.settings = settings
        self.world = world or World()
        state = folder / STATE_FOLDER
        refuse_network_file_system(state)
        self.signer = signer_at(settings.signer, folder=folder)
        self.ledger = SqliteLedger(sqlite_path(settings.ledger, folder))
        self.log = Log.open(self.ledger, self.signer)
        self.keys = SqliteKeys(state / "keys.db")
        self.index = SqliteIndex(state / "index.db")
        self.cache = ScanCache.open(state / "scan-cache.db")

    # ------------------------------------------------------------------------------------------ opening

    @classmethod
    def create(cls, folder: Path, *, title: str, domain: str = "log.invalid", world: World | None = None) -> Self:
        """Begin a production in *folder*: settings, keys, log and its first event. *domain* goes into the log's public name.

        Raises RefusedError ``production.exists`` and ``store.network_file_system``.
        """
        world = world or World()
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
        settings = Settings(world.new_id(), title, f"{domain}/edgecode/{world.randomness(10).hex()}")
        signer = create_key_file(state / "signing.key")
        ledger = SqliteLedger(sqlite_path(settings.ledger, folder))
        Log.create(ledger, signer, origin=settings.origin)
        ledger.close()
        write_settings(folder, settings)
        production = cls(folder, settings, world=world)
        production.append([ProductionOpened(ProductionFact(settings.production, title, f"edgecode {__version__}"))])
        return production

    @classmethod
    def open(cls, folder: Path, *, world: World | None = None) -> Self:
        """Open the production in *folder* and bring its index up to the ledger."""
        production = cls(folder, read_settings(folder), world=world)
        production.catch_up()
        return production

    def close(self) -> None:
        """Close every store; nothing is pending."""
        for store in (self.cache, self.index, self.keys, self.ledger):
            store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------ the record

    def append(self, events: Iterable[Event]) -> list[int]:
        """Seal and record *events* in order; when this returns they are durable, signed and in the index. Returns their indexes."""
        waiting, indexes = list(events), list[int]()
        for first in range(0, len(waiting), _BATCH):
            indexes += self._append(waiting[first : first + _BATCH]).indexes
        self.catch_up()
        return indexes

    def _append(self, events: Sequence[Event]) -> Receipt:
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
                )
                for event in events
            ]
        return self.log.append(sealed)

    def recorded(self, first: int = 0, end: int | None = None) -> Iterator[Recorded]:
        """Events of the log with every section opened that its key still opens."""
        for entry in self.log.entries(first, end):
            leaf = parse_leaf(entry.leaf)
            sections = open_sections(leaf, entry.sections, keys=self.keys)
            yield Recorded(entry.index, leaf, read_event(leaf.type, sections))

    def entry(self, index: int) -> tuple[StoredEntry, Mapping[str, bytes]]:
        """One entry as stored, and its sections that the keys here open. Raises NotFoundError ``ledger.no_entry``."""
        found = next(self.log.entries(index, index + 1), None)
        if found is None:
            raise NotFoundError(
                "ledger.no_entry", f"the log has no entry {index}", f"Give a number below {self.log.size}"
            )
        return found, open_sections(parse_leaf(found.leaf), found.sections, keys=self.keys)

    def catch_up(self) -> None:
        """Project what the log holds and the index does not. An index of another log or history is rebuilt."""
        size = self.log.refresh()
        stands, root = watermark(self.index)
        if stands > size or (stands and self.log.root_at(stands) != root):
            self.index.reset()
            stands = 0
        if stands < size:
            project(self.index, self.recorded(stands, size), size=size, root=self.log.root_at(size))
            self.index.settle()

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

    def publish(self) -> Checkpoint:
        """Write tiles and checkpoint for outsiders into `.edgecode/published`."""
        return publish(self.log, self.folder / STATE_FOLDER / "published")

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


def sqlite_path(url: str, folder: Path) -> Path:
    scheme, separator, rest = url.partition(":")
    if scheme != "sqlite" or not separator or not rest:
        raise UsageError(
            "store.scheme", f"a ledger of the kind {scheme}: is not known here", 'Write store.ledger = "sqlite:PATH"'
        )
    return folder / rest
