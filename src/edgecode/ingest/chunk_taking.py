"""Takes what a part says into the scan's memory: a random sample is read again first, and what moved since is left to the scan."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from edgecode.errors import RefusedError
from edgecode.ingest.chunks import Part, PartFile, relative_of
from edgecode.ingest.digests import ChangedWhileRead, Mark, NotARegularFile, digests
from edgecode.ingest.inspection import Inspector, packed
from edgecode.ingest.stat_cache import CachedFile
from edgecode.terms.cuts import Diagnostic

Entry = tuple[bytes, CachedFile]
"""A path below the root in the file system's own bytes, and what the memory shall keep of it."""


def entries_of(part: Part, folder: Path, *, now_ns: int) -> list[Entry]:
    """What the memory may keep of *part* for a tree mounted at *folder*: files that are there with the size and mtime that were read.

    The mark is the one here, and the time of reading never later than now: whatever was touched since must be read again.
    """
    return [
        (
            relative_of(file.path).encode("utf-8", "surrogateescape"),
            CachedFile(
                mark=mark,
                read_at_ns=min(int(file.read_at_ns), now_ns),
                sha256=bytes.fromhex(file.sha256 or ""),
                xxh128=bytes.fromhex(file.xxh128 or ""),
                facts=file.header.encode(),
                readers=part.readers,
                makes=file.makes,
            ),
        )
        for file, mark in _still_there(part.files, folder)
    ]


def refuse_other_bytes(part: Part, folder: Path, *, sample: int, chance: random.Random, inspect: Inspector) -> int:
    """Read up to *sample* files of *part* again, chosen by *chance*; returns how many were. A file that moved since proves nothing, and
    another is taken for it. Raises RefusedError ``part.sample``."""
    there = [file for file, _ in _still_there(part.files, folder)]
    chance.shuffle(there)
    read = 0
    for file in there:
        if read >= sample:
            break
        held = _holds(file, folder / relative_of(file.path), inspect)
        if held is False:
            raise RefusedError(
                "part.sample",
                "the part says something else of a file than the file itself, read again here",
                "Use nothing of the machine that made it until you know why; then run its chunk's command again elsewhere",
            )
        read += held is True
    return read


def said_of_unread(parts: Sequence[Part]) -> list[Diagnostic]:
    """One sentence about the files that the farm did not read; the scan that follows reads them or says why not."""
    counts = Counter(file.problem for part in parts for file in part.files if file.problem is not None)
    if not counts:
        return []
    each = ", ".join(f"{count} {_WORDS[problem]}" for problem, count in sorted(counts.items()))
    return [
        Diagnostic("farm.unread", f"{counts.total()} files were not read by the farm and are looked at here: {each}")
    ]


_WORDS = {
    "changed": "changed since they were listed",
    "missing": "not there",
    "not-a-file": "no regular files",
    "unreadable": "refused by the system",
}


def _still_there(files: Sequence[PartFile], folder: Path) -> Iterator[tuple[PartFile, Mark]]:
    for file in files:
        if file.problem is not None:
            continue
        try:
            mark = Mark.of((folder / relative_of(file.path)).stat())
        except OSError:
            continue
        if (mark.size, mark.mtime_ns) == (file.size, int(file.mtime_ns)):
            yield file, mark


def _holds(file: PartFile, path: Path, inspect: Inspector) -> bool | None:
    """Whether the file is what the part says; None when it cannot be told, because it is gone or has just moved."""
    try:
        found, seen = digests(path), inspect(path)
        if (found.mark.size, found.mark.mtime_ns) != (file.size, int(file.mtime_ns)) or Mark.of(
            path.stat()
        ) != found.mark:
            return None
    except (OSError, ChangedWhileRead, NotARegularFile):
        return None
    said = (file.sha256, file.xxh128, file.header, file.makes)
    return said == (found.sha256.hex(), found.xxh128.hex(), packed(seen).decode(), seen.generation is not None)
