"""Histories of copies (ASC MHL) in the record: what a folder's generations say, held against what was read here and recorded before.

Nothing is read of the media unless it is asked for: what a scan knows of a file (xxh128) is compared, the rest stays a claim.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgecode import __version__
from edgecode.errors import EdgecodeError, InputError, RefusedError
from edgecode.events.door_kinds import HistoryFact, HistoryNames, HistoryRead
from edgecode.events.kinds import HashesSection, TextSection
from edgecode.index.catalogue import versions_of_content
from edgecode.index.rights import rights
from edgecode.ingest.digests import Mark
from edgecode.ingest.intake import Intake
from edgecode.ingest.lookup import located
from edgecode.ingest.mhl.formats import FileHashes, hashes_of, same_hash
from edgecode.ingest.mhl.history import FOLDER, Generation, History, read_histories
from edgecode.ingest.mhl.manifest import Author, Creator, FileEntry
from edgecode.ingest.mhl.writing import Wanted, Written, write_generation, write_packing_list
from edgecode.ingest.records import step_id
from edgecode.ingest.sequences import group
from edgecode.ingest.stat_cache import CachedFile
from edgecode.ingest.step_record import SCHEMA, RecordedFile, RecordedTool, StepRecord
from edgecode.ingest.storable import storable
from edgecode.production.corridor import Production
from edgecode.production.lines import line_secret
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId
from edgecode.terms.places import Place, readable
from edgecode.terms.steps import StepKind

SOURCE = "record"
HOSTNAME = "withheld"
"""Stands where the format wants a host's name: these are often called after people."""


class GenerationRead(Struct, frozen=True):
    """What the record has of a generation now. *history*: path of its folder from the asked one."""

    history: str
    name: str
    fact: HistoryFact
    is_new: bool


class CopiesRead(Struct, frozen=True):
    """What came of reading histories. *intake*: the steps; *generations*: parents before those below them, oldest first."""

    generations: tuple[GenerationRead, ...]
    intake: Intake


class Asked(Struct, frozen=True):
    """How a generation is written: *formats* in any order; *ignore*: further patterns; *author*: only where somebody asked for it."""

    formats: tuple[str, ...] = ("xxh128",)
    ignore: tuple[str, ...] = ()
    author: Author | None = None
    transfer: bool = False


def read_copies(production: Production, folder: Path, *, verify: bool = False) -> CopiesRead:
    """Record every generation of every history in *folder*. One that was recorded before, and of which nothing more is known, is not
    recorded again. *verify*: read each file once and hold it against its hashes.

    Raises what `read_histories` raises.
    """
    production.record_roots()
    found: list[GenerationRead] = []
    said: list[Diagnostic] = []
    total = Intake()
    for history in read_histories(folder.resolve()):
        reading = _Reading(production, history, verify=verify)
        said += [replace(one, path=_at(history, one.path)) for one in history.problems]
        said += reading.against_the_record()
        for generation in history.generations:
            one, intake = reading.generation(generation)
            found.append(one)
            total = Intake(*(getattr(total, name) + getattr(intake, name) for name in Intake.__struct_fields__))
        said += reading.said
    return CopiesRead(tuple(found), replace(total, diagnostics=(*said, *total.diagnostics)))


def write_copies(
    production: Production, folder: Path, asked: Asked, *, into_media: bool = False
) -> tuple[list[Written], CopiesRead]:
    """Append a generation to the history of *folder* and record what was written.

    Raises RefusedError ``mhl.media_tree`` for a folder of a media root unless *into_media* says so, and what `write_generation` raises.
    """
    folder = folder.resolve()
    if not into_media and located(str(folder / FOLDER), production.media_roots()) is not None:
        raise RefusedError(
            "mhl.media_tree",
            f"{folder.name} is in a media root, where nothing is written unasked",
            "Add --into-media if the history belongs there, or write it on another copy",
        )
    written = write_generation(
        folder, _wanted(production, asked), version_of=lambda path, hashes: _version(production, hashes)
    )
    return written, read_copies(production, folder, verify=False)


def pack_copies(production: Production, folder: Path, into: Path, asked: Asked) -> Written:
    """A packing list of *folder* in a new folder of *into*. Raises what `write_packing_list` raises."""
    read_histories(folder.resolve())
    return write_packing_list(folder.resolve(), into, replace(_wanted(production, asked), process="flatten"))


def _wanted(production: Production, asked: Asked) -> Wanted:
    now = datetime.fromtimestamp(production.world.milliseconds() // 1000, UTC).isoformat()
    authors = (asked.author,) if asked.author is not None else ()
    creator = Creator(now, HOSTNAME, "edgecode", __version__, authors)
    return Wanted(asked.formats, creator, "transfer" if asked.transfer else "in-place", asked.ignore)


def _version(production: Production, hashes: FileHashes) -> RecordId:
    found = versions_of_content(production.index, hashes.sha256)
    return found[0].key if len(found) == 1 and found[0].committed is None else ""


class _Look(Struct, frozen=True):
    """A file of a generation as it is now. *path*: absolute, "" where it is away or of no media root. *holds*: whether its bytes have the
    hashes that are claimed; None: nobody knows. *scanned*: its bytes were read before."""

    path: str = ""
    holds: bool | None = None
    scanned: bool = False


class _Reading:
    """One history on its way into the record."""

    def __init__(self, production: Production, history: History, *, verify: bool) -> None:
        self._production = production
        self._history = history
        self._roots = production.media_roots()
        self._before = _recorded_before(production, history)
        self._id = self._before[0].fact.history if self._before else production.world.new_id()
        self._missing = frozenset(history.missing)
        self._looks: dict[str, tuple[Mapping[str, str], str] | None] = {}
        self._formats: dict[str, dict[str, None]] = {}
        for entry in (entry for one in history.generations for entry in one.manifest.files if verify):
            self._formats.setdefault(entry.path, {}).update(dict.fromkeys(each.format for each in entry.hashes))
        self.said: list[Diagnostic] = []

    def against_the_record(self) -> list[Diagnostic]:
        """Manifests that are no longer those which the ledger saw, whatever the chain says: whoever can write the folder can make the chain
        fit, and nothing in the format notices."""
        now = {one.name: one.c4 for one in self._history.generations}
        found: dict[str, Diagnostic] = {}
        for event in self._before:
            name = event.place.values.get("manifest", "") if event.place is not None else ""
            seen = event.bytes.computed.get("c4", "") if event.bytes is not None else ""
            path = _at(self._history, name)
            if name in now and seen and not same_hash("c4", now[name], seen):
                if self._is_here(event):
                    text = f"{readable(path)} is not the manifest that the ledger saw, although its chain may say so"
                    found[name] = Diagnostic("mhl.not_as_recorded", text, path=path, effect="approximate")
                elif name not in found:
                    # One offload onto two drives gives both a generation of one name: a difference, and no proof of anything.
                    text = f"{readable(path)} differs from the manifest of that name in another copy"
                    found[name] = Diagnostic("mhl.copies_differ", text, path=path)
            elif name and name not in now and self._is_here(event):
                text = (
                    f"generation {event.fact.generation} ({readable(path)}) is in the ledger and gone from the folder"
                )
                found[name] = Diagnostic("mhl.generation_gone", text, path=path, effect="row-missing")
        return [found[name] for name in sorted(found)]

    def generation(self, one: Generation) -> tuple[GenerationRead, Intake]:
        """Record one generation and its step."""
        files = one.manifest.files
        looks = [self._look(each) for each in files]
        step = self._step(one, files, looks)
        failed = sum(each.is_failed or look.holds is False for each, look in zip(files, looks, strict=True))
        fact = HistoryFact(
            self._id,
            one.number,
            one.manifest.process,
            one.chain,
            len(files),
            failed,
            sum(1 for each in files if each.previous),
            sum(1 for each in files if each.path in self._missing),
            sum(1 for look in looks if look.holds),
            step_id(step, b"", line_secret(self._production.keys, self._production.settings.production))
            if step
            else "",
        )
        known = [event for event in self._before if _c4(event) == one.c4]
        if any(replace(event.fact, step="") == replace(fact, step="") and self._is_here(event) for event in known):
            latest = next(event for event in reversed(known) if replace(event.fact, step="") == replace(fact, step=""))
            return GenerationRead(self._history.path, one.name, latest.fact, False), Intake()
        intake = Intake()
        if step is not None:
            intake = self._production.record_lines([msgspec.json.encode(step)], source=SOURCE)
        self._production.append([self._event(one, fact)])
        return GenerationRead(self._history.path, one.name, fact, True), intake

    def _event(self, one: Generation, fact: HistoryFact) -> HistoryRead:
        place = self._place()
        values = {
            "manifest": one.name,
            "tool": " ".join(filter(None, (one.manifest.creator.tool, one.manifest.creator.tool_version))),
            "created": one.manifest.creator.created,
            **{f"renamed:{number}": f"{each.previous} -> {each.path}" for number, each in _renamed(one)},
        }
        words = _words(one.manifest.creator)
        hashes = {"c4": one.c4, **({"chain": self._history.chain_c4} if self._history.chain_c4 else {})}
        return HistoryRead(
            fact,
            HashesSection(hashes),
            storable(HistoryNames(place.root, place.path, values)),
            storable(TextSection(words)) if words else None,
        )

    def _step(self, one: Generation, files: Sequence[FileEntry], looks: Sequence[_Look]) -> StepRecord | None:
        """An import that brought the files in, each with the hashes that the generation claims for it."""
        outputs = tuple(_outputs(files, looks))
        if not outputs:
            return None
        mark = sha256(msgspec.json.encode(outputs)).hexdigest()[:16]
        creator = one.manifest.creator
        return StepRecord(
            SCHEMA,
            StepKind.IMPORT,
            outputs,
            id=f"mhl/{one.c4[:40]}/{mark}",
            tool=RecordedTool(creator.tool[:4096], creator.tool_version[:4096]) if creator.tool else None,
            grade="logged" if one.chain == "matches" else "declared",
            started=creator.created if _has_zone(creator.created) else 0,
            settings={"process": one.manifest.process},
        )

    def _look(self, one: FileEntry) -> _Look:
        claimed = {each.format: each.value for each in one.hashes if each.action != "failed"}
        path = self._history.folder / one.path
        if one.path not in self._looks:
            self._looks[one.path] = self._known(path, list(self._formats.get(one.path, ())))
        known = self._looks[one.path]
        found = located(str(path), self._roots)
        where = str(path) if found is not None and path.is_file() else ""
        if known is None:
            return _Look(where)
        texts, digest = known
        compared = [same_hash(name, texts[name], value) for name, value in claimed.items() if name in texts]
        if one.sha256 and digest:
            compared.append(one.sha256 == digest)
        scanned = bool(versions_of_content(self._production.index, digest)) or self._scan_of(path) is not None
        return _Look(where, all(compared) if compared else None, scanned)

    def _known(self, path: Path, formats: Sequence[str]) -> tuple[Mapping[str, str], str] | None:
        """The hashes of a file by a scan, or by reading it where that was asked for."""
        try:
            if formats:
                read = hashes_of(path, formats)
                return read.texts, read.sha256
            cached = self._scan_of(path)
            if cached is None or cached.sha256 is None or not cached.mark.is_same_file(Mark.of(path.stat())):
                return None
            texts = {"xxh128": cached.xxh128.hex()} if cached.xxh128 is not None else {}
            return texts, cached.sha256.hex()
        except (OSError, InputError) as error:
            if formats and path.exists():
                why = error.code if isinstance(error, EdgecodeError) else "cannot be read"
                text = f"{readable(path.name)} was not compared ({why})"
                self.said.append(
                    Diagnostic("mhl.file_unreadable", text, path=readable(path.name), effect="approximate")
                )
            return None

    def _scan_of(self, path: Path) -> CachedFile | None:
        """What a scan remembers of a file that it read."""
        found = located(str(path), self._roots)
        cached = self._production.cache.known(found[0].id, os.fsencode(found[1])) if found is not None else None
        return cached if cached is not None and cached.sha256 is not None else None

    def _place(self) -> Place:
        found = located(str(self._history.folder), self._roots)
        if found is not None:
            return Place.of(found[0].id, found[1])
        for root in self._roots:
            if root.path.resolve() == self._history.folder:
                return Place.of(root.id, ".")
        return Place.of("", str(self._history.folder))

    def _is_here(self, event: HistoryRead) -> bool:
        place, known = self._place(), event.place
        return known is not None and (known.root, known.path) == (place.root, place.path)


def _recorded_before(production: Production, history: History) -> list[HistoryRead]:
    """What the ledger has of this history, oldest first: found by the C4 or the name of any of its manifests, wherever a copy of it was
    read."""
    events = [one.event for one in rights(production.index, HistoryRead)]
    known = [one for one in events if isinstance(one, HistoryRead)]
    marks = {one.c4 for one in history.generations} | {one.name for one in history.generations}
    ids = [
        one.fact.history
        for one in known
        if _c4(one) in marks or (one.place and one.place.values.get("manifest") in marks)
    ]
    return [one for one in known if ids and one.fact.history == ids[0]]


def _outputs(files: Sequence[FileEntry], looks: Sequence[_Look]) -> Iterator[RecordedFile]:
    """Files that were read here by path, frames bare so that they become one sequence; others by name and claim, numbered ones as one."""
    here: dict[str, dict[str, tuple[FileEntry, _Look]]] = {}
    away: dict[str, dict[str, FileEntry]] = {}
    for one, look in zip(files, looks, strict=True):
        folder, _, name = one.path.rpartition("/")
        if one.is_failed or look.holds is False:
            continue
        if look.path and look.scanned:
            here.setdefault(folder, {})[name] = (one, look)
        else:
            away.setdefault(folder, {})[name] = one
    for named in here.values():
        frames = {name for sequence in group(named).sequences for name in sequence.names}
        for name, (one, look) in named.items():
            yield RecordedFile(look.path) if name in frames else RecordedFile(look.path, hashes=_claims(one))
    for folder, listed in away.items():
        sequences = group(listed).sequences
        for sequence in sequences:
            name = f"{sequence.before}[{sequence.frames[0]}-{sequence.frames[-1]}]{sequence.after}"
            yield RecordedFile(name=(f"{folder}/{name}" if folder else name)[:4096])
        frames = {name for sequence in sequences for name in sequence.names}
        for name, one in listed.items():
            if name not in frames:
                yield RecordedFile(name=one.path[:4096], hashes=_claims(one))


def _claims(one: FileEntry) -> dict[str, str]:
    return {each.format: each.value for each in one.hashes if each.action != "failed"}


def _renamed(one: Generation) -> list[tuple[int, FileEntry]]:
    return [(number, each) for number, each in enumerate(one.manifest.files, 1) if each.previous]


def _words(creator: Creator) -> tuple[tuple[str, str], ...]:
    """Who and where, as the manifest says: sealed words, never plain."""
    said = [("hostname", creator.hostname), ("location", creator.location), ("comment", creator.comment)]
    for one in creator.authors:
        said += [(f"author {key}", getattr(one, key)) for key in ("name", "email", "phone", "role")]
    return tuple((name, text) for name, text in said if text)


def _c4(event: HistoryRead) -> str:
    return event.bytes.computed.get("c4", "") if event.bytes is not None else ""


def _at(history: History, name: str) -> str:
    return "/".join(filter(None, (readable(history.path), FOLDER if name else "", name)))


def _has_zone(written: str) -> bool:
    try:
        return datetime.fromisoformat(written).tzinfo is not None
    except ValueError:
        return False
