"""Files that an erasure took from the record and that still lie on a disk: recognised without saying what they are, and held back.

Of each erased file stays an HMAC of its SHA-256 under a secret of the production, in the state folder alone. Whoever has the file and
keys.db can tell that it was erased; nobody can tell from the HMAC which file it was (docs/decisions/0013-erasure.md).
"""

import hmac
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from edgecode.drivers.published import write_durably
from edgecode.drivers.scan_cache import ScanCache
from edgecode.events.kinds import Event, SequenceSeen, VersionSeen
from edgecode.ingest.lookup import Looked, Lookup
from edgecode.ingest.seen import FileSeen, SequenceFound
from edgecode.people.store import KeyStore
from edgecode.settings import STATE_FOLDER
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId

FILE = "erased-files"
_SAYING = b"edgecode erased file v1\n"
_Item = TypeVar("_Item")


class ErasedFiles:
    """What is remembered of the files that erasures took. *secret*: 32 bytes of the production."""

    def __init__(self, folder: Path, secret: bytes, *, is_known: bool = True) -> None:
        self._path, self._secret = folder / STATE_FOLDER / FILE, secret
        self._marks = frozenset(_lines(self._path)) if is_known else frozenset[str]()

    def __bool__(self) -> bool:
        return bool(self._marks)

    def keep(self, digests: Iterable[bytes]) -> None:
        """Remember files by their SHA-256 (32 bytes each), on disk when this returns. Raises OSError."""
        marks = {self._mark(digest) for digest in digests} - self._marks
        if marks:
            self._marks |= marks
            write_durably(self._path, "".join(f"{mark}\n" for mark in sorted(self._marks)).encode())

    def holds(self, digests: Iterable[bytes]) -> bool:
        """Whether one of these was erased."""
        return bool(self._marks) and any(self._mark(digest) in self._marks for digest in digests)

    def _mark(self, digest: bytes) -> str:
        return hmac.digest(self._secret, _SAYING + digest, "sha256").hex()


def erased_files(folder: Path, keys: KeyStore, production: RecordId) -> ErasedFiles:
    """Those of a production. Without the key that recognises them (``i:``) none is."""
    secret = keys.key(f"i:{production}")
    return ErasedFiles(folder, secret or b"", is_known=secret is not None)


def without_erased(items: Iterable[_Item], erased: ErasedFiles, cache: ScanCache) -> Iterator[_Item | Diagnostic]:
    """What a scan finds but erased files, each of which is said, and of which the scan's memory keeps nothing."""
    places: list[tuple[str, bytes]] = []
    digests: list[bytes] = []
    try:
        for item in items:
            if not isinstance(item, FileSeen | SequenceFound) or not erased.holds(found := _digests_of(item)):
                yield item
                continue
            digests += found
            if isinstance(item, FileSeen):
                places.append((item.place.root, item.place.relative))
            yield _held_back(item.place.text)
    finally:
        if digests:
            cache.forget_forever(places=places, digests=digests)


class WithoutErased:
    """A lookup that knows nothing of erased files and says so."""

    def __init__(self, look: Lookup, erased: ErasedFiles) -> None:
        self._look, self._erased = look, erased

    def __call__(self, path: str, *, frames: Sequence[int] | None, apart_from: Collection[RecordId] = ()) -> Looked:
        """See `Lookup`."""
        looked = self._look(path, frames=frames, apart_from=apart_from)
        if not self._erased.holds(digest for event in looked.events for digest in _digests_in(event)):
            return looked
        return Looked(None, "", (), (*looked.diagnostics, _held_back(path)))


def _digests_of(item: FileSeen | SequenceFound) -> list[bytes]:
    return [item.digests.sha256] if isinstance(item, FileSeen) else [digest for _, digest, _ in item.frames]


def _digests_in(event: Event) -> list[bytes]:
    if isinstance(event, VersionSeen) and event.bytes is not None:
        return [bytes.fromhex(event.bytes.sha256)]
    if isinstance(event, SequenceSeen) and event.bytes is not None:
        return [bytes.fromhex(digest) for _, digest, _ in event.bytes.frames]
    return []


def _held_back(name: str) -> Diagnostic:
    what = f"{name} was erased from the record and is not recorded again: delete it, or scan with --erased-too"
    return Diagnostic("person.erased_file", what, effect="row-missing")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").split()
    except FileNotFoundError:
        return []
