"""What a scan remembers of files so that an unchanged tree is not read again. A driver keeps it; it may be deleted at any time."""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from edgecode.ingest.digests import Mark


class CachedFile(Struct, frozen=True):
    """One file as last read: its mark then, when (nanoseconds since 1970), and its digests (None: only its header was read).

    *facts* is the header's FileFacts and diagnostics as JSON, b"" when it was not inspected; *readers* names the release whose
    readers made it. *makes*: the file carries a record of its generation. The record itself is never kept here: prompts live in sealed
    sections alone, or erasing one would leave a copy.
    """

    mark: Mark
    read_at_ns: int
    sha256: bytes | None = None
    xxh128: bytes | None = None
    facts: bytes = b""
    readers: str = ""
    makes: bool = False


class StatCache(Protocol):
    """Keeps a CachedFile per (media root id, relative path in the file system's own bytes)."""

    def known(self, root: str, path: bytes) -> CachedFile | None:
        """The last entry, or None."""

    def remember(self, root: str, entries: Iterable[tuple[bytes, CachedFile]]) -> None:
        """Keep all of them or none; replaces older entries. Survives a killed process, not necessarily a power cut."""

    def count(self, root: str) -> int:
        """How many paths of the root are remembered."""

    def keep_only(self, root: str, paths: Iterable[bytes]) -> list[bytes]:
        """Forget every other path of the root, files that a whole walk no longer found, and return these in order."""


class NothingCached:
    """A cache that knows nothing and keeps nothing, for reading without a production."""

    def known(self, root: str, path: bytes) -> CachedFile | None:
        """Nothing."""
        return None

    def remember(self, root: str, entries: Iterable[tuple[bytes, CachedFile]]) -> None:
        """Keeps nothing."""

    def count(self, root: str) -> int:
        """None."""
        return 0

    def keep_only(self, root: str, paths: Iterable[bytes]) -> list[bytes]:
        """Forgets nothing, for nothing is known."""
        return []
