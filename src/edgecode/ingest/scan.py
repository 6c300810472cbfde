"""Scans media roots: headers first, then what a cut uses, then the rest; yields what it finds and writes nothing into the trees."""

import os
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec.structs import replace

from edgecode import __version__
from edgecode.ingest.assets import Asset, below, said_by_headers, said_of_ignored, sighting_of
from edgecode.ingest.credential_marks import carried, sidecars_of
from edgecode.ingest.file_reading import (
    FileReading,
    Trust,
    changed_unseen,
    entry_of,
    inspect_into,
    read_into,
    recalled,
    without_generation,
)
from edgecode.ingest.gone import said_of_empty, said_of_gone
from edgecode.ingest.inspection import Inspector, inspector
from edgecode.ingest.joined_generation import FrameRecords
from edgecode.ingest.progress import Meter, Phase, Progress
from edgecode.ingest.seen import CarriedCredential, FileSeen, Seen, SequenceFound, Sighting
from edgecode.ingest.sequences import NameSequence, group, spoken
from edgecode.ingest.stat_cache import CachedFile, StatCache
from edgecode.ingest.walk import FoundFile, FoundFolder, MediaRoot, walk
from edgecode.ingest.wanted import Wanted
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import Sha256, sequence_root
from edgecode.terms.places import Place, readable
from edgecode.terms.steps import Generation

_CACHE_BATCH = 512
_SECONDS_BETWEEN_BATCHES = 1.0
_SECONDS_BETWEEN_FIGURES = 0.25
_MOST_THREADS = 32
_WAITING_PER_THREAD = 4

Item = Seen | Sighting | Diagnostic
_Result = TypeVar("_Result")


@dataclass(slots=True)
class ScanOptions:
    """How to scan; every default suits a workstation.

    *threads*: readers (0: one per core). *sightings*: also yield a Sighting of every asset while headers are read, before
    anything is hashed. *settled*: whether what a content (SHA-256 or sequence root) says itself of its making is recorded already,
    so that it need not be read again. *contradicted*: whether the record says another content of a place; what the cache alone says against
    the record is read again before it is said. *stop*: asked between files and blocks, also in reader threads; True ends the scan early
    and keeps what is done.
    """

    threads: int = 0
    sightings: bool = False
    settled: Callable[[Sha256], bool] = lambda digest: False
    contradicted: Callable[[Place, Sha256], bool] = lambda place, digest: False
    progress: Callable[[Progress], None] = lambda progress: None
    stop: Callable[[], bool] = lambda: False
    trust: Trust = field(default_factory=lambda: Trust(random.random))
    inspect: Inspector = field(default_factory=inspector)
    seconds: Callable[[], float] = time.monotonic
    now_ns: Callable[[], int] = time.time_ns
    readers: str = __version__


class _Stopped(Exception):
    """The caller asked to stop."""


def scan(
    roots: Sequence[MediaRoot], *, cache: StatCache, wanted: Wanted | None = None, options: ScanOptions | None = None
) -> Iterator[Item]:
    """Every media file below *roots*, sequences as one, with problems as Diagnostics in between; goes on after every bad file.

    An unchanged file is neither hashed nor parsed again. Killed and started again, it goes on where the cache ends. Raises
    NotFoundError ``root.not_found``. Call from one thread: the cache, *settled* and *progress* are used in that thread only.
    """
    return _Scan(cache, options or ScanOptions()).run(roots, wanted)


def scan_files(found: FoundFolder, *, cache: StatCache, options: ScanOptions | None = None) -> Iterator[Item]:
    """The given files of one folder alone, grouped and read as `scan` would."""
    return _Scan(cache, options or ScanOptions()).run_files(found)


def threads_by_default() -> int:
    """One reader per core: hashing is what takes the time, and it runs outside the interpreter's lock."""
    return min(os.cpu_count() or 1, _MOST_THREADS)


class _Scan:
    def __init__(self, cache: StatCache, options: ScanOptions) -> None:
        self.cache = cache
        self.options = options
        self.meter = Meter()
        self.threads = options.threads or threads_by_default()
        self.unsaved: dict[str, list[tuple[bytes, CachedFile]]] = {}
        self.saved_at = self.figures_at = options.seconds()
        self.in_flight = 0
        self.sidecars: dict[tuple[str, str], frozenset[str]] = {}

    def run(self, roots: Sequence[MediaRoot], wanted: Wanted | None) -> Iterator[Item]:
        assets: list[Asset] = []
        pool = ThreadPoolExecutor(self.threads, thread_name_prefix="scan")
        try:
            yield from self._look(roots, assets)
            yield from self._headers(assets, pool)
            yield from self._digests(assets, wanted, pool)
            self._phase("done")
        except _Stopped:
            return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self._save()

    def run_files(self, found: FoundFolder) -> Iterator[Item]:
        assets: list[Asset] = []
        with ThreadPoolExecutor(self.threads, thread_name_prefix="scan") as pool:
            try:
                yield from found.diagnostics
                yield from self._assets_of(found, assets)
                yield from self._headers(assets, pool)
                yield from self._digests(assets, None, pool)
            except _Stopped:
                return
            finally:
                self._save()

    # ------------------------------------------------------------------------------------------ looking

    def _look(self, roots: Sequence[MediaRoot], assets: list[Asset]) -> Iterator[Diagnostic]:
        """Walk every root and group its names."""
        ignored: Counter[str] = Counter()
        for root in roots:
            paths: list[bytes] = []
            is_whole = True
            for folder in walk(root):
                self._breathe()
                is_whole &= folder.is_whole
                ignored.update(folder.ignored)
                yield from folder.diagnostics
                yield from self._assets_of(folder, assets)
                paths += (_bytes(file.relative) for file in folder.files)
            if is_whole and (paths or not self.cache.count(root.id)):
                yield from said_of_gone(self.cache.keep_only(root.id, paths))
            elif is_whole:
                yield said_of_empty(root, self.cache.count(root.id))
        yield from said_of_ignored(ignored)

    def _assets_of(self, folder: FoundFolder, assets: list[Asset]) -> Iterator[Diagnostic]:
        files = {file.name: file for file in folder.files if file.mark.size}
        if folder.sidecars:
            self.sidecars[folder.root.id, folder.folder] = folder.sidecars
        for file in folder.files:
            if not file.mark.size:
                name = readable(file.relative)
                yield Diagnostic("file.empty", f"{name} has no bytes", path=name, effect="row-missing")
        grouping = group(files)
        where = readable(folder.folder)
        start = f"in {where}: " if where else ""
        yield from (replace(said, text=f"{start}{said.text}", path=where or ".") for said in grouping.diagnostics)
        assets += (Asset([self._recalled(files[name]) for name in each.names], each) for each in grouping.sequences)
        assets += (Asset([self._recalled(files[name])]) for name in grouping.singles)
        self.meter.files += len(files)

    def _recalled(self, file: FoundFile) -> FileReading:
        entry = self.cache.known(file.root.id, _bytes(file.relative))
        reading = recalled(file, entry, trust=self.options.trust, readers=self.options.readers)
        if reading.needs_reading:
            self.meter.bytes += file.mark.size
        return reading

    # ------------------------------------------------------------------------------------------ headers

    def _headers(self, assets: list[Asset], pool: ThreadPoolExecutor) -> Iterator[Item]:
        """The header of every asset's first file that the cache does not know, and the sightings."""
        self._phase("headers")
        waiting: deque[tuple[Asset, Future[None] | None]] = deque()
        for asset in assets:
            is_known = asset.lead.inspection is not None
            waiting.append((asset, None if is_known else pool.submit(self._inspect, asset.lead)))
            if len(waiting) > _WAITING_PER_THREAD * self.threads:
                yield from self._inspected(*waiting.popleft())
        while waiting:
            yield from self._inspected(*waiting.popleft())

    def _inspect(self, reading: FileReading) -> None:
        """In a reader thread."""
        inspect_into(reading, self.options.inspect, self.options.now_ns)

    def _inspected(self, asset: Asset, work: Future[None] | None) -> Iterator[Sighting]:
        if work is not None:
            self._wait(work)
            if asset.lead.needs_reading:
                self._keep(asset.lead)
        if self.options.sightings:
            yield sighting_of(asset)
        without_generation(asset.lead)

    # ------------------------------------------------------------------------------------------ digests

    def _digests(self, assets: list[Asset], wanted: Wanted | None, pool: ThreadPoolExecutor) -> Iterator[Item]:
        self.meter.begin_reading(self.options.seconds())
        is_first = [wanted is not None and wanted.matches(asset.place, asset.facts) for asset in assets]
        first = [asset for asset, chosen in zip(assets, is_first, strict=True) if chosen]
        rest = [asset for asset, chosen in zip(assets, is_first, strict=True) if not chosen]
        yield from self._read_all("wanted", first, pool)
        yield from self._read_all("rest", rest, pool)

    def _read_all(self, phase: Phase, assets: list[Asset], pool: ThreadPoolExecutor) -> Iterator[Item]:
        """Assets in order; enough files are in flight to keep every thread busy, and no more."""
        self._phase(phase)
        waiting: deque[Asset] = deque()
        for asset in assets:
            asset.work = [pool.submit(self._read, part) if part.needs_reading else None for part in asset.parts]
            self.in_flight += sum(work is not None for work in asset.work)
            waiting.append(asset)
            while waiting and (self.in_flight > _WAITING_PER_THREAD * self.threads or not any(waiting[0].work)):
                yield from self._finished(waiting.popleft())
        while waiting:
            yield from self._finished(waiting.popleft())

    def _read(self, reading: FileReading) -> Diagnostic | None:
        """In a reader thread."""
        return read_into(reading, self.options.inspect, self._advance, self.options.now_ns)

    def _advance(self, count: int) -> None:
        if self.options.stop():
            raise _Stopped
        self.meter.read(count)

    def _finished(self, asset: Asset) -> Iterator[Item]:
        """Everything there is to say of one asset, once all of its files are read."""
        if not any(asset.work):
            yield from self._read_what_contradicts(asset)
        records = FrameRecords()
        recorded: list[tuple[int, FileReading]] = []
        numbers = asset.sequence.frames if asset.sequence is not None else [0] * len(asset.parts)
        for number, part, work in zip(numbers, asset.parts, asset.work, strict=True):
            if work is not None:
                yield from self._taken(part, self._wait(work))
                self.in_flight -= 1
            self.meter.files_done += 1
            if asset.sequence is None or part.found is None:
                continue
            if part.makes and work is None:
                recorded.append((number, part))
            else:
                records.add(part.inspection.generation if part.inspection else None, number)
                without_generation(part)
        self._breathe()
        read = [part for part in asset.parts if part.found is not None]
        if asset.sequence is not None and len(read) >= 2:
            yield from self._sequence(asset, asset.sequence, records, recorded)
        else:
            yield from (item for part in read for item in self._file(part))
        asset.parts, asset.work = [], []

    def _read_what_contradicts(self, asset: Asset) -> Iterator[Diagnostic]:
        """Nobody read these files now: the cache says that they are unchanged, and holds digests. Where the record says something else
        of this place, one of the two is wrong, and only the bytes can tell which."""
        contents = [part.found.sha256 for part in asset.parts if part.found is not None]
        if len(contents) < len(asset.parts):
            return
        numbers = asset.sequence.frames if asset.sequence is not None else ()
        digest = sequence_root(list(zip(numbers, contents, strict=True))) if numbers else contents[0].hex()
        if self.options.contradicted(asset.place, digest):
            for part in asset.parts:
                part.found = None
                self.meter.bytes += part.file.mark.size
                yield from self._taken(part, self._read(part))

    def _taken(self, part: FileReading, problem: Diagnostic | None) -> Iterator[Diagnostic]:
        """One file came back from its reader: keep it, or say why there is nothing."""
        if problem is not None:
            yield problem
            return
        self._keep(part)
        unseen = changed_unseen(part)
        if unseen is not None:
            yield unseen

    def _file(self, part: FileReading) -> Iterator[Item]:
        if part.found is None:
            return
        asset = Asset([part])
        yield from said_by_headers(asset.place.text, [part])
        generation = part.inspection.generation if part.inspection else None
        if part.makes and generation is None and not self.options.settled(part.found.sha256.hex()):
            generation = self.options.inspect(part.file.path).generation
        yield FileSeen(asset.place, part.found, asset.facts, generation, self._credentials(part))

    def _credentials(self, part: FileReading, frame: int = 0) -> tuple[CarriedCredential, ...]:
        """Every C2PA manifest that a file comes with, the one inside first; a remote one only where there is no other."""
        found = part.inspection.carried if part.inspection is not None else None
        if found is None:
            found = carried(part.file.path)
        beside = sidecars_of(part.file.name, self.sidecars.get((part.file.root.id, part.file.folder), frozenset()))
        sources = [(replace(found, where="beside"), below(part.file, name)) for name in beside]
        if found.where == "inside" or (found.where and not sources):
            sources.insert(0, (found, ""))
        return tuple(CarriedCredential(part.file.root.id, part.file.relative, one, at, frame) for one, at in sources)

    def _sequence(
        self, asset: Asset, sequence: NameSequence, records: FrameRecords, recorded: list[tuple[int, FileReading]]
    ) -> Iterator[Item]:
        """The frames that could be read as one asset. *recorded*: unchanged frames whose record of making is not in memory."""
        together = list(zip(sequence.frames, asset.parts, strict=True))
        lost = tuple((number, number) for number, part in together if part.found is None)
        if lost:
            yield Diagnostic("sequence.frames_unread", f"{sequence.label}: frames {spoken(lost)} could not be read")
        frames = tuple((number, part.found.sha256, part.found.size) for number, part in together if part.found)
        read = [part for part in asset.parts if part.found]
        kept = replace(sequence, frames=tuple(number for number, _, _ in frames))
        yield from said_by_headers(sequence.label, read)
        root = sequence_root([(number, content) for number, content, _ in frames])
        generation, said = self._joined(kept, root, records, recorded)
        yield from said
        before = below(asset.lead.file, sequence.before)
        facts = Asset(read, kept).facts
        credentials = (one for number, part in together if part.found for one in self._credentials(part, number))
        yield SequenceFound(
            asset.place,
            before,
            kept.after,
            kept.padding,
            frames,
            root,
            facts,
            kept.missing,
            generation,
            records.frames if generation is not None else (),
            tuple(credentials),
        )

    def _joined(
        self, sequence: NameSequence, root: Sha256, records: FrameRecords, recorded: list[tuple[int, FileReading]]
    ) -> tuple[Generation | None, list[Diagnostic]]:
        if recorded and self.options.settled(root):
            return None, []
        for number, part in recorded:
            records.add(self.options.inspect(part.file.path).generation, number)
            self._breathe()
        return records.joined(sequence.label)

    # ------------------------------------------------------------------------------------------ housekeeping

    def _wait(self, work: Future[_Result]) -> _Result:
        while True:
            try:
                return work.result(_SECONDS_BETWEEN_FIGURES)
            except NotYet:
                self._breathe()

    def _breathe(self) -> None:
        """Between two pieces of work: stop if asked, tell how far we are, save what was read."""
        if self.options.stop():
            raise _Stopped
        now = self.options.seconds()
        if now - self.figures_at >= _SECONDS_BETWEEN_FIGURES:
            self.figures_at = now
            self.options.progress(self.meter.progress(now))
        if now - self.saved_at >= _SECONDS_BETWEEN_BATCHES:
            self._save()

    def _phase(self, phase: Phase) -> None:
        self.meter.phase = phase
        self.options.progress(self.meter.progress(self.options.seconds()))

    def _keep(self, reading: FileReading) -> None:
        waiting = self.unsaved.setdefault(reading.file.root.id, [])
        waiting.append((_bytes(reading.file.relative), entry_of(reading, readers=self.options.readers)))
        if len(waiting) >= _CACHE_BATCH:
            self._save()

    def _save(self) -> None:
        for root, entries in self.unsaved.items():
            self.cache.remember(root, entries)
        self.unsaved = {}
        self.saved_at = self.options.seconds()


def _bytes(relative: str) -> bytes:
    """A relative path as the file system's own bytes."""
    return relative.encode("utf-8", "surrogateescape")
