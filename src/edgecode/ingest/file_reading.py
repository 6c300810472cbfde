"""One file of a scan: whether the cache still speaks for it, and reading it when it does not."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.digests import RACY_NANOSECONDS, ChangedWhileRead, Digests, digests
from edgecode.ingest.inspection import Inspection, Inspector, packed, unpacked
from edgecode.ingest.stat_cache import CachedFile
from edgecode.ingest.walk import FoundFile
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable

ONE_IN = 100
"""Of files whose marks cannot be trusted, one in this many is read again although nothing seems to have moved."""


class Trust(Struct, frozen=True):
    """How far unchanged marks are trusted. *verify*: not at all, every byte is read again and compared.

    *chance* gives a number from 0 up to 1, for roots with weak marks.
    """

    chance: Callable[[], float]
    verify: bool = False

    def reads_again(self, file: FoundFile) -> bool:
        """Whether to read a file that looks unchanged."""
        return self.verify or (file.root.weak_marks and self.chance() * ONE_IN < 1)


@dataclass(slots=True)
class FileReading:
    """What is known of one file so far. *expected*: the digest it had when it looked the same, to compare with.

    *began_ns*: the time before it was last read, since 1970; a change after that must show in its mark. *makes*: it carries a
    record of its generation, whether or not that is in memory.
    """

    file: FoundFile
    cached: CachedFile | None = None
    inspection: Inspection | None = None
    found: Digests | None = None
    expected: bytes | None = None
    makes: bool = False
    began_ns: int = 0

    @property
    def needs_reading(self) -> bool:
        """Whether its bytes still have to be hashed."""
        return self.found is None


def recalled(file: FoundFile, entry: CachedFile | None, *, trust: Trust, readers: str) -> FileReading:
    """The state of *file* before any reading: what a cache entry still says of it."""
    reading = FileReading(file)
    if entry is None or not _still_true(file, entry):
        return reading
    reading.cached = entry
    if entry.readers == readers and entry.facts:
        reading.inspection = unpacked(entry.facts)
        reading.makes = entry.makes
    if entry.sha256 is None or entry.xxh128 is None:
        return reading
    if trust.reads_again(file):
        reading.expected = entry.sha256
    else:
        reading.found = Digests(entry.sha256, entry.xxh128, file.mark.size, file.mark)
    return reading


def _still_true(file: FoundFile, entry: CachedFile) -> bool:
    if not file.mark.is_same_file(entry.mark, weak=file.root.weak_marks):
        return False
    if file.root.weak_marks:
        return entry.read_at_ns - entry.mark.mtime_ns > RACY_NANOSECONDS
    return entry.mark.is_settled(entry.read_at_ns)


def inspect_into(reading: FileReading, inspect: Inspector, now_ns: Callable[[], int]) -> None:
    """Read the header and the record of generation."""
    reading.began_ns = now_ns()
    reading.inspection = inspect(reading.file.path)
    reading.makes = reading.inspection.generation is not None


def without_generation(reading: FileReading) -> None:
    """Let go of the record of generation (it can be long, and there can be thousands); *makes* still says that there is one."""
    if reading.inspection is not None and reading.inspection.generation is not None:
        reading.inspection = replace(reading.inspection, generation=None)


def read_into(
    reading: FileReading, inspect: Inspector, advance: Callable[[int], None], now_ns: Callable[[], int]
) -> Diagnostic | None:
    """Hash the file, and inspect it unless that was done in the same state. A Diagnostic says why there is no digest."""
    name = readable(reading.file.relative)
    began_ns = now_ns()
    try:
        reading.found = digests(reading.file.path, advance)
    except ChangedWhileRead:
        return Diagnostic(
            "file.changed_while_read", f"{name} changed while it was read", path=name, effect="row-missing"
        )
    except OSError as error:
        text = f"{name} cannot be read ({error.strerror or type(error).__name__})"
        return Diagnostic("file.unreadable", text, path=name, effect="row-missing")
    except InputError as error:
        return Diagnostic(error.code, f"{name} is no regular file", path=name, effect="row-missing")
    if reading.inspection is None or reading.makes or reading.found.mark != reading.file.mark:
        inspect_into(reading, inspect, now_ns)
    reading.began_ns = began_ns
    return None


def changed_unseen(reading: FileReading) -> Diagnostic | None:
    """Said when a file's bytes differ although its size and times say that nothing happened."""
    if reading.found is None or reading.expected is None or reading.expected == reading.found.sha256:
        return None
    name = readable(reading.file.relative)
    text = f"{name} holds other bytes than when it was last read, although its size and times did not move"
    return Diagnostic("file.changed_unseen", text, path=name)


def entry_of(reading: FileReading, *, readers: str) -> CachedFile:
    """What the cache shall keep."""
    found = reading.found
    return CachedFile(
        mark=reading.file.mark if found is None else found.mark,
        read_at_ns=reading.began_ns,
        sha256=None if found is None else found.sha256,
        xxh128=None if found is None else found.xxh128,
        facts=b"" if reading.inspection is None else packed(reading.inspection),
        readers=readers if reading.inspection is not None else "",
        makes=reading.makes,
    )
