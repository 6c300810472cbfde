"""Reads the files of a chunk on a machine that has the media and nothing else, and says what became of each."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from edgecode import __version__
from edgecode.errors import UnavailableError
from edgecode.ingest.chunks import (
    Chunk,
    ChunkFile,
    PartFile,
    Problem,
    Sign,
    printed_part,
    read_chunk_file,
    relative_of,
)
from edgecode.ingest.digests import ChangedWhileRead, Mark, NotARegularFile, digests
from edgecode.ingest.inspection import Inspector, inspector, packed


def part_of_chunk(
    manifest: bytes,
    *,
    media: Path | None = None,
    threads: int = 1,
    key: str = "",
    sign: Sign | None = None,
    inspect: Inspector | None = None,
    now_ns: Callable[[], int] = time.time_ns,
    readers: str = __version__,
) -> bytes:
    """Read every file of the chunk with the bytes *manifest*; returns the bytes of its part. *media*: where the tree is mounted here, if
    none of the manifest's names is right.

    Raises InputError ``chunk.malformed``, UnavailableError ``chunk.mount_absent`` and ``chunk.mount_other``; of single files nothing.
    """
    chunk = read_chunk_file(manifest)
    read = partial(read_listed, mounted(chunk, media), inspect=inspect or inspector(), now_ns=now_ns)
    with ThreadPoolExecutor(max(threads, 1), thread_name_prefix="chunk") as pool:
        files = list(pool.map(read, chunk.files))
    return printed_part(manifest, files, readers=readers, key=key, sign=sign)


def mounted(chunk: Chunk, media: Path | None = None) -> Path:
    """Where the chunk's tree is here. Raises UnavailableError ``chunk.mount_absent`` and ``chunk.mount_other``."""
    places = [media] if media is not None else [Path(name) for name in chunk.names]
    there = [place for place in places if place.is_dir()]
    if not there:
        raise UnavailableError(
            "chunk.mount_absent",
            f"this machine does not see the media root {chunk.root}: none of its {len(places)} names is a folder here",
            "Mount it as on the machine that planned the scan, or say where it is: --media FOLDER",
        )
    for place in there:
        if any(os.path.lexists(place / relative_of(mark)) for mark in chunk.landmarks):
            return place
    raise UnavailableError(
        "chunk.mount_other",
        f"what this machine sees as media root {chunk.root} holds nothing of what was listed: it is empty or another tree",
        "Mount the right tree, or say where it is: --media FOLDER",
    )


def read_listed(folder: Path, file: ChunkFile, *, inspect: Inspector, now_ns: Callable[[], int]) -> PartFile:
    """One file, if it is what was listed from before the first byte until after the last. A worker's clock says when."""
    path = folder / file.relative
    as_listed = file.size, int(file.mtime_ns)
    began = now_ns()
    try:
        if _state(path) != as_listed:
            return _failed(file, "changed")
        found = digests(path)
        seen = inspect(path)
        if (found.mark.size, found.mark.mtime_ns) != as_listed or Mark.of(path.stat()) != found.mark:
            return _failed(file, "changed")
    except (FileNotFoundError, NotADirectoryError):
        return _failed(file, "missing")
    except ChangedWhileRead:
        return _failed(file, "changed")
    except NotARegularFile:
        return _failed(file, "not-a-file")
    except OSError:
        return _failed(file, "unreadable")
    return PartFile(
        file.path,
        sha256=found.sha256.hex(),
        xxh128=found.xxh128.hex(),
        size=found.size,
        mtime_ns=file.mtime_ns,
        read_at_ns=str(began),
        makes=seen.generation is not None,
        header=packed(seen).decode(),
    )


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _failed(file: ChunkFile, problem: Problem) -> PartFile:
    return PartFile(file.path, problem=problem)
