"""Finds the version of a file that a record names by path: under one of the media roots, read when it is not known."""

import posixpath
import re
from collections.abc import Collection, Sequence
from functools import partial
from typing import Protocol

import msgspec
from msgspec import Struct

from edgecode.events.kinds import Event
from edgecode.ingest.digests import Mark
from edgecode.ingest.known import Known, contradicted
from edgecode.ingest.making import NewId
from edgecode.ingest.register import copy_for, making_for, part_for, version_for
from edgecode.ingest.scan import ScanOptions, scan_files
from edgecode.ingest.seen import FileSeen, SequenceFound
from edgecode.ingest.sequence_tokens import SequencePath, read_token
from edgecode.ingest.sequences import taken_apart
from edgecode.ingest.stat_cache import StatCache
from edgecode.ingest.walk import FoundFile, FoundFolder, MediaRoot
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId
from edgecode.terms.places import readable

_DRIVE = re.compile(r"[A-Za-z]:[\\/]|[\\/]{2}[^\\/]")


class Looked(Struct, frozen=True):
    """What a path led to: its version and content (None and "": nothing could be read), events to record first, problems."""

    version: RecordId | None
    digest: str = ""
    events: tuple[Event, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class Lookup(Protocol):
    """Finds versions by path."""

    def __call__(self, path: str, *, frames: Sequence[int] | None, apart_from: Collection[RecordId] = ()) -> Looked:
        """*path* is absolute, of any system; a sequence by its token. *frames*: only these of the sequence. *apart_from*: versions that
        the answer must not be, since nothing is made from itself: a copy of one of them is a version of its own."""


class MediaLookup:
    """Looks under media roots and reads what it finds. Events it returns must be noted in *known* before the next look."""

    def __init__(
        self,
        roots: Sequence[MediaRoot],
        *,
        cache: StatCache,
        known: Known,
        new_id: NewId,
        options: ScanOptions | None = None,
    ) -> None:
        self._roots = roots
        self._cache = cache
        self._known = known
        self._new_id = new_id
        self._options = options or ScanOptions()
        self._options.contradicted = partial(contradicted, known)

    def __call__(self, path: str, *, frames: Sequence[int] | None, apart_from: Collection[RecordId] = ()) -> Looked:
        """See `Lookup`."""
        found = located(path, self._roots)
        if found is None:
            return _nothing("record.outside_roots", path, "lies under no media root of this production")
        root, relative = found
        try:
            found_here = self._folder(root, relative, frames)
        except OSError as error:
            return _nothing("record.file_unreadable", path, f"cannot be read ({error.strerror or 'unknown'})")
        except ValueError:  # A null byte, which no file system takes.
            return _nothing("record.file_unreadable", path, "is called as no file can be")
        if found_here is None:
            what = "is the name of a file, and the pattern of a sequence that is there too: which of them is meant is not known"
            return _nothing("record.file_unclear", path, what)
        folder, part = found_here
        said: list[Diagnostic] = []
        seen: FileSeen | SequenceFound | None = None
        for item in scan_files(folder, cache=self._cache, options=self._options):
            if isinstance(item, Diagnostic):
                said.append(item)
            elif isinstance(item, (FileSeen, SequenceFound)):
                seen = item
        if seen is None:
            missing = _nothing("record.file_missing", path, "is not there")
            return msgspec.structs.replace(missing, diagnostics=(*said, *missing.diagnostics))
        version, events = self._registered(seen, part=part)
        if version in apart_from:
            version, events = copy_for(seen, new_id=self._new_id)
        return Looked(version, seen.digest, tuple(events), tuple(said))

    def _registered(self, seen: FileSeen | SequenceFound, *, part: bool) -> tuple[RecordId, list[Event]]:
        known, new_id = self._known, self._new_id
        if part and isinstance(seen, SequenceFound):
            version, events = part_for(seen, known=known, new_id=new_id)
        else:
            version, events = version_for(seen, known=known, new_id=new_id)
        return version, events + making_for(seen, version, known=known, new_id=new_id)

    def _folder(self, root: MediaRoot, relative: str, frames: Sequence[int] | None) -> tuple[FoundFolder, bool] | None:
        """The named files as one folder's listing, and whether they are only a part of a sequence; None where the name is both a
        file's and a sequence's. Raises OSError."""
        folder, _, name = relative.rpartition("/")
        token = read_token(name)
        inside = _names_in(root, folder) if token is not None else []
        members = {parts: one for one in inside if token is not None and (parts := _frame_of(one, token)) is not None}
        if token is None or (name in inside and not members):
            status = (root.path / relative).stat()
            return FoundFolder(root, folder, (FoundFile(root, folder, name, Mark.of(status)),)), False
        if name in inside and frames is None:
            return None
        chosen = _chosen(token, frames)
        names = [name for frame, name in sorted(members.items()) if chosen is None or frame in chosen]
        files = tuple(FoundFile(root, folder, name, Mark.of((root.path / folder / name).stat())) for name in names)
        return FoundFolder(root, folder, files), len(names) < len(members)


def located(path: str, roots: Sequence[MediaRoot]) -> tuple[MediaRoot, str] | None:
    """The media root that holds *path* (POSIX, ``Z:\\…`` or ``\\\\server\\…``, under the root's own path or an alias) and the
    path below it with forward slashes; None when it lies outside of every root."""
    best: tuple[int, MediaRoot, str] | None = None
    plain = _normal(path)
    for root in roots:
        for name in (str(root.path), *root.aliases):
            prefix = _normal(name).rstrip("/")
            # Windows does not tell upper from lower case in drive and share names.
            is_windows = _DRIVE.match(name) is not None
            holds = plain.lower().startswith(f"{prefix.lower()}/") if is_windows else plain.startswith(f"{prefix}/")
            if holds and (best is None or len(prefix) > best[0]):
                best = len(prefix), root, plain[len(prefix) + 1 :]
    return None if best is None or not best[2] else (best[1], best[2])


def is_absolute(path: str) -> bool:
    """Whether *path* starts at a root of any system."""
    return path.startswith("/") or _DRIVE.match(path) is not None


def _normal(path: str) -> str:
    if _DRIVE.match(path):
        path = path.replace("\\", "/")
    return posixpath.normpath(path)


def _names_in(root: MediaRoot, folder: str) -> list[str]:
    return [entry.name for entry in (root.path / folder).iterdir()]


def _frame_of(name: str, token: SequencePath) -> int | None:
    parts = taken_apart(name)
    if parts is None or (parts.before, parts.after) != (token.before, token.after):
        return None
    return parts.frame if token.name(parts.frame) == name else None


def _chosen(token: SequencePath, frames: Sequence[int] | None) -> range | frozenset[int] | None:
    if frames is not None:
        return frozenset(frames)
    return None if token.first is None or token.last is None else range(token.first, token.last + 1)


def _nothing(code: str, path: str, what: str) -> Looked:
    # The name alone: where somebody keeps their files is nobody's business in a log that is passed on.
    name = readable(re.split(r"[\\/]", path)[-1])
    return Looked(None, diagnostics=(Diagnostic(code, f"{name} {what}", path=name),))
