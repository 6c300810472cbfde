"""Scanning with other machines: chunks are given out, parts taken into the scan's memory; what is recorded is a plain scan's work."""

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Protocol

import msgspec
from msgspec import Struct

from edgecode import __version__
from edgecode.drivers.private_files import flush_folder
from edgecode.errors import (
    EdgecodeError,
    HeldError,
    InputError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UsageError,
)
from edgecode.ingest.chunk_planning import ChunkSizes, Planned, planned
from edgecode.ingest.chunk_reading import part_of_chunk
from edgecode.ingest.chunk_taking import entries_of, refuse_other_bytes, said_of_unread
from edgecode.ingest.chunks import Chunk, Part, Sign, digest_of, printed_chunk, read_chunk_file, read_part
from edgecode.ingest.inspection import inspector
from edgecode.ingest.regular_files import regular_bytes
from edgecode.ingest.walk import MediaRoot
from edgecode.production.corridor import Production
from edgecode.settings import STATE_FOLDER
from edgecode.terms.cuts import Diagnostic

COMMANDS = "commands.txt"
"""In the folder of chunks: a command for each, one a line."""
JOBS_FOLDER = "farm"
"""Below the state folder: for each job the digests of the manifests that were given out."""
ON_A_CLUSTER = ChunkSizes(bytes=2 << 30, files=256)
"""Smaller chunks than on a render farm, where every job's start costs seconds."""
SAMPLE = 1
"""Files of each part that are read again, if nobody says otherwise."""


class Terms(Struct, frozen=True):
    """On which terms parts are taken. *sample*: files of each that are read again; *signed_by*: keys (hexadecimal), one of which must have
    signed each; () asks for none."""

    sample: int = SAMPLE
    signed_by: tuple[str, ...] = ()
    chance: random.Random = msgspec.field(default_factory=random.SystemRandom)
    now_ns: Callable[[], int] = time.time_ns


class Job(Struct, frozen=True):
    """What the production keeps of a job: the SHA-256 of each manifest by its number, from 1."""

    manifests: tuple[str, ...]


class Taken(Struct, frozen=True):
    """What a farm brought. *roots*: ids of the media roots that it read; *parts*, *files*: how many of both; *again*: files read again as a
    sample."""

    roots: tuple[str, ...]
    parts: int
    files: int
    again: int
    said: tuple[Diagnostic, ...] = ()


class Farm(Protocol):
    """Other machines that read chunks (`drivers.dask_farm`)."""

    def parts_of(self, manifests: Mapping[int, bytes]) -> Iterator[tuple[int, bytes | EdgecodeError]]:
        """(number, part or why there is none) of each chunk, in any order."""
        ...


# ---------------------------------------------------------------------------------------------- giving out


def emit_chunks(
    production: Production, folders: Sequence[Path], into: Path, *, sizes: ChunkSizes | None = None
) -> Planned:
    """Write a manifest for each chunk of what has to be read below *folders* (none: every known root) to the new or empty folder *into*,
    and the list of commands. Raises RefusedError ``chunks.folder_used`` and ``chunks.in_media``, UnavailableError ``chunks.unwritten``.
    """
    into = into.resolve()
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise RefusedError(
            "chunks.folder_used", f"{into.name} is no empty folder", "Give a folder of its own to every job"
        )
    roots = _roots(production, folders)
    if any(into.is_relative_to(root.path.resolve()) for root in roots):
        raise RefusedError(
            "chunks.in_media",
            "that folder lies inside the media, where a scan writes nothing",
            "Give one outside of it",
        )
    plan = _planned(production, roots, sizes)
    files = [printed_chunk(chunk) for chunk in plan.chunks]
    if not files:
        return plan
    try:
        _keep_job(production, plan.chunks[0].job, files)
        for chunk, data in zip(plan.chunks, files, strict=True):
            written_whole(into / chunk_name(chunk.number, chunk.of), data)
        written_whole(into / COMMANDS, "".join(f"{line}\n" for line in commands(into, len(files))).encode())
    except OSError as error:
        raise UnavailableError(
            "chunks.unwritten", f"the chunks cannot be written ({error.strerror})", "Make room, or give another folder"
        ) from error
    return plan


def commands(folder: Path, count: int) -> list[str]:
    """The command of each chunk in *folder*: one line of a shell, of a render farm's job, of ``cuecmd``'s file."""
    return [
        f"edgecode scan --chunk {quote(str(folder / chunk_name(number, count)))}"
        f" --out {quote(str(folder / part_name(number, count)))}"
        for number in range(1, count + 1)
    ]


def chunk_name(number: int, of: int) -> str:
    """The file of a manifest."""
    return f"chunk-{number:0{max(4, len(str(of)))}d}.json"


def part_name(number: int, of: int) -> str:
    """The file of a part."""
    return f"part-{number:0{max(4, len(str(of)))}d}.jsonl"


def written_whole(path: Path, data: bytes) -> None:
    """Put *data* under *path*, whole or not at all, by a temporary name that no other machine uses. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.new")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def _keep_job(production: Production, job: str, manifests: Iterable[bytes]) -> None:
    kept = Job(tuple(map(digest_of, manifests)))
    written_whole(production.folder / STATE_FOLDER / JOBS_FOLDER / f"{job}.json", msgspec.json.encode(kept))


def _roots(production: Production, folders: Sequence[Path]) -> list[MediaRoot]:
    """The media roots that hold *folders*, or every one that is mounted here. Raises UsageError ``scan.nothing``."""
    named = {root.id: root for root in map(production.add_root, folders)}
    production.record_roots()
    mounted = {root.id: root for root in production.media_roots()}
    roots = [mounted.get(one, root) for one, root in (named or mounted).items()]
    if not roots:
        raise UsageError("scan.nothing", "there is no folder to scan yet", "Name one: edgecode scan FOLDER")
    return roots


def _planned(production: Production, roots: Sequence[MediaRoot], sizes: ChunkSizes | None) -> Planned:
    job = production.world.randomness(16).hex()
    return planned(roots, cache=production.cache, job=job, readers=__version__, sizes=sizes)


# ---------------------------------------------------------------------------------------------- working


def work_on_chunk(
    manifest: Path, out: Path, *, media: Path | None = None, threads: int = 1, key: str = "", sign: Sign | None = None
) -> Part:
    """Read the chunk of *manifest* and write its part to *out*; needs no production. A whole part of it that is there already stays, where
    the asked key signed it.

    Raises NotFoundError ``chunk.absent``, UnavailableError ``chunk.unwritten``, and what `part_of_chunk` raises.
    """
    data = _bytes_of(manifest)
    chunk = read_chunk_file(data)
    try:
        return read_part(
            regular_bytes(out, links=False), data, chunk, readers=__version__, signed_by=(key,) if key else ()
        )
    except (OSError, InputError, RefusedError):
        written = part_of_chunk(data, media=media, threads=threads, key=key, sign=sign)
    try:
        written_whole(out, written)
    except OSError as error:
        raise UnavailableError(
            "chunk.unwritten", f"{out.name} cannot be written ({error.strerror})", "Make room, or give another place"
        ) from error
    return read_part(written, data, chunk, readers=__version__)


def _bytes_of(manifest: Path) -> bytes:
    try:
        return regular_bytes(manifest, links=False)
    except OSError as error:
        raise NotFoundError(
            "chunk.absent", f"{manifest.name} cannot be read ({error.strerror})", "Give the path of a chunk's manifest"
        ) from error


# ---------------------------------------------------------------------------------------------- taking in


def take_parts(production: Production, folder: Path, *, terms: Terms | None = None) -> Taken:
    """Take every part in *folder* into the scan's memory; a scan records it then. A part that is refused, or not there, is named.

    Raises NotFoundError ``chunks.absent``, RefusedError ``chunks.foreign`` (nothing is taken then), and, with the good parts taken,
    RefusedError ``parts.refused`` or HeldError ``parts.missing``.
    """
    given = _given_out(production, folder)
    desk = _Desk(production, terms or Terms())
    missing, refused = list[int](), list[tuple[int, EdgecodeError]]()
    for data, chunk in given:
        try:
            written = regular_bytes(folder / part_name(chunk.number, chunk.of), links=False)
        except OSError:
            missing.append(chunk.number)
            continue
        except InputError as error:
            refused.append((chunk.number, error))
            continue
        try:
            desk.take(written, data, chunk)
        except RefusedError as error:
            refused.append((chunk.number, error))
    of = given[0][1].of
    if refused:
        raise _parts_refused(refused, missing, of)
    if missing:
        raise _parts_missing(missing, of)
    return desk.taken()


def read_on(
    production: Production,
    farm: Farm,
    folders: Sequence[Path] = (),
    *,
    terms: Terms | None = None,
    sizes: ChunkSizes = ON_A_CLUSTER,
    told: Callable[[int, int], object] = lambda done, of: None,
) -> Taken:
    """Let *farm* read what has to be read below *folders* (none: every known root) and take it into the scan's memory, part by part: a run
    that ends early goes on there. *told* hears of chunks that are done, and how many there are.

    Raises what the farm raises, what a worker said (a wrong mount first of all), and RefusedError ``parts.refused``.
    """
    roots = _roots(production, folders)
    plan = _planned(production, roots, sizes)
    manifests = {chunk.number: printed_chunk(chunk) for chunk in plan.chunks}
    chunks = {chunk.number: chunk for chunk in plan.chunks}
    desk = _Desk(production, terms or Terms())
    refused: list[tuple[int, EdgecodeError]] = []
    outcomes = farm.parts_of(manifests) if manifests else iter(())
    for done, (number, outcome) in enumerate(outcomes, start=1):
        if isinstance(outcome, EdgecodeError):
            raise outcome
        try:
            desk.take(outcome, manifests[number], chunks[number])
        except RefusedError as error:
            refused.append((number, error))
        told(done, len(manifests))
    if refused:
        raise _parts_refused(refused, [], len(manifests))
    taken = desk.taken()
    return msgspec.structs.replace(taken, roots=tuple(root.id for root in roots))


class _Desk:
    """Takes parts in, one by one."""

    def __init__(self, production: Production, terms: Terms) -> None:
        self._cache, self._terms, self._inspect = production.cache, terms, inspector()
        self._roots = {root.id: root.path for root in production.media_roots()}
        self._parts: list[Part] = []
        self._seen: dict[str, None] = {}
        self._files = self._again = 0

    def take(self, data: bytes, manifest: bytes, chunk: Chunk) -> None:
        """Judge one part and keep what it says. Raises RefusedError, as `read_part` and `refuse_other_bytes` do."""
        terms, folder = self._terms, self._roots.get(chunk.root)
        if folder is None:
            raise NotFoundError(
                "root.not_found",
                f"media root {chunk.root} is no folder here",
                "Mount it, or set its path in edgecode.toml",
            )
        part = read_part(data, manifest, chunk, readers=__version__, signed_by=terms.signed_by)
        self._again += refuse_other_bytes(part, folder, sample=terms.sample, chance=terms.chance, inspect=self._inspect)
        entries = entries_of(part, folder, now_ns=terms.now_ns())
        self._cache.remember(chunk.root, entries)
        self._files += len(entries)
        self._seen[chunk.root] = None
        # Only what could not be read is still asked for.
        self._parts.append(msgspec.structs.replace(part, files=tuple(one for one in part.files if one.problem)))

    def taken(self) -> Taken:
        """The report."""
        said = tuple(said_of_unread(self._parts))
        return Taken(tuple(self._seen), len(self._parts), self._files, self._again, said)


def _given_out(production: Production, folder: Path) -> list[tuple[bytes, Chunk]]:
    """Every manifest of the one job in *folder*, as this production gave it out, in order."""
    found: dict[int, tuple[bytes, Chunk]] = {}
    for path in sorted(folder.glob("chunk-*.json")):
        data = _bytes_of(path)
        try:
            chunk = read_chunk_file(data)
        except InputError as error:
            raise _foreign(path.name) from error
        found[chunk.number] = data, chunk
    if not found:
        raise NotFoundError(
            "chunks.absent", "there are no chunks in that folder", "Give the folder of edgecode scan --emit-chunks"
        )
    (first, *_) = found.values()
    job = _job(production, first[1].job)
    for number, digest in enumerate(job.manifests, start=1):
        if number not in found or digest_of(found[number][0]) != digest:
            raise _foreign(chunk_name(number, len(job.manifests)))
    if len(found) != len(job.manifests):
        raise _foreign(chunk_name(max(found), first[1].of))
    return [found[number] for number in sorted(found)]


def _job(production: Production, job: str) -> Job:
    path = production.folder / STATE_FOLDER / JOBS_FOLDER / f"{job}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Job)
    except (OSError, msgspec.DecodeError) as error:
        raise RefusedError(
            "chunks.foreign",
            "these chunks are of a job that this production did not give out",
            "Merge them where edgecode scan --emit-chunks was run",
        ) from error


def _foreign(name: str) -> RefusedError:
    return RefusedError(
        "chunks.foreign",
        f"{name} is not there as this production gave it out, so no part in the folder proves what was read",
        "Bring the folder back as it was, or give the chunks out again",
    )


def _parts_refused(refused: Sequence[tuple[int, EdgecodeError]], missing: Sequence[int], of: int) -> RefusedError:
    each = "; ".join(f"{part_name(number, of)}: {error.sentence} [{error.code}]" for number, error in refused[:8])
    more = f"; and {len(refused) - 8} more" if len(refused) > 8 else ""
    absent = f". {len(missing)} more are missing" if missing else ""
    return RefusedError(
        "parts.refused",
        f"{len(refused)} of {of} parts are refused, and nothing was recorded: {each}{more}{absent}",
        f"Delete them and run their lines of {COMMANDS} again, where you trust the machine",
    )


def _parts_missing(missing: Sequence[int], of: int) -> HeldError:
    shown = ", ".join(chunk_name(number, of) for number in missing[:12])
    more = f" and {len(missing) - 12} more" if len(missing) > 12 else ""
    return HeldError(
        "parts.missing",
        f"{len(missing)} of {of} chunks are still missing, and nothing was recorded: {shown}{more}",
        f"Run their lines of {COMMANDS}, then merge again",
    )
