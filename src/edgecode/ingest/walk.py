"""Finds the media files below a media root without writing, without following linked folders, without ending at a bad one."""

import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from edgecode.errors import NotFoundError
from edgecode.ingest.credential_marks import SIDECAR
from edgecode.ingest.digests import Mark
from edgecode.ingest.media_kinds import media_class_of, suffix_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


SKIPPED_FOLDERS = _names(
    ".edgecode ascmhl .git .svn .hg .snapshot .snapshots .zfs .Trash .Trashes .Spotlight-V100 .fseventsd"
    " .TemporaryItems .DocumentRevisions-V100 @eaDir #recycle $RECYCLE.BIN __MACOSX lost+found"
)
"""Our own records, checksum manifests, version control, snapshots that hold everything again, and what desktops leave."""

SKIPPED_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_APPLE_DOUBLE = "._"


class MediaRoot(Struct, frozen=True):
    """One tree of media. *id* is its name in places, *path* where it is mounted here, *aliases* its other names (``Z:\\show``).

    *weak_marks*: its inodes or ctimes cannot be trusted (some shares): size and mtime decide, and one file in a hundred is read
    again at every scan.
    """

    id: str
    path: Path
    aliases: tuple[str, ...] = ()
    weak_marks: bool = False


class FoundFile(Struct, frozen=True):
    """A media file: *folder* and *name* as the file system gave them (undecodable bytes as surrogates), relative to the root."""

    root: MediaRoot
    folder: str
    name: str
    mark: Mark

    @property
    def relative(self) -> str:
        """The path below the root with forward slashes."""
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def path(self) -> Path:
        """Where it can be opened."""
        return self.root.path / self.relative


class FoundFolder(Struct, frozen=True):
    """One folder's media files in name order, and what could not be used. *is_whole* is False when it could not be listed."""

    root: MediaRoot
    folder: str
    files: tuple[FoundFile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    ignored: dict[str, int] = {}
    is_whole: bool = True
    sidecars: frozenset[str] = frozenset()
    """Names of its files with C2PA manifests of others (``.c2pa``)."""


Kind = Literal["folder", "file", "skipped"]


def walk(root: MediaRoot, *, start: str = "") -> Iterator[FoundFolder]:
    """Every folder below *root* (from the folder *start* in it on), parents first, names in byte order. Links to files are read as the
    file they point to; linked folders are never followed (``scan.folder_link``), so no loop can form.

    Raises NotFoundError ``root.not_found`` when the root is no folder.
    """
    if not (root.path / start).is_dir():
        raise NotFoundError(
            "root.not_found", f"media root {root.id} is no folder here", "Mount it, or set its path in edgecode.toml"
        )
    entered: set[tuple[int, int]] = set()
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        found, below = _listed(root, folder, entered)
        waiting += reversed(below)
        yield found


def _listed(root: MediaRoot, folder: str, entered: set[tuple[int, int]]) -> tuple[FoundFolder, list[str]]:
    try:
        status = (root.path / folder).stat()
        if (status.st_dev, status.st_ino) in entered:
            return _not_whole(root, folder, "scan.folder_twice", "is mounted a second time; it was read once"), []
        entered.add((status.st_dev, status.st_ino))
        with os.scandir(root.path / folder) as listing:
            entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        return _not_whole(root, folder, "scan.folder_unreadable", f"cannot be listed ({_why(error)})"), []
    files: list[FoundFile] = []
    below: list[str] = []
    ignored: Counter[str] = Counter()
    said: list[Diagnostic] = []
    sidecars: set[str] = set()
    for entry in entries:
        relative = f"{folder}/{entry.name}" if folder else entry.name
        try:
            kind = _kind_of(entry, relative, said)
            if kind == "folder":
                below.append(relative)
            elif kind == "file" and entry.name.endswith(SIDECAR):
                sidecars.add(entry.name)
            elif kind == "file" and media_class_of(entry.name) is None:
                ignored[suffix_of(readable(entry.name))] += 1
            elif kind == "file":
                files.append(FoundFile(root, folder, entry.name, Mark.of(entry.stat())))
        except OSError as error:
            said.append(_about(relative, "scan.file_unreadable", f"cannot be looked at ({_why(error)})"))
    return FoundFolder(root, folder, tuple(files), tuple(said), dict(ignored), sidecars=frozenset(sidecars)), below


def _kind_of(entry: os.DirEntry[str], relative: str, said: list[Diagnostic]) -> Kind:
    """What an entry is for the scan; says what is left out. Raises OSError."""
    if entry.is_symlink():
        return _kind_of_link(entry, relative, said)
    if entry.is_dir(follow_symlinks=False):
        return "skipped" if entry.name in SKIPPED_FOLDERS else "folder"
    if entry.name in SKIPPED_FILES or entry.name.startswith(_APPLE_DOUBLE):
        return "skipped"
    if not entry.is_file(follow_symlinks=False):
        said.append(_about(relative, "scan.not_a_file", "is a pipe, socket or device", effect="none"))
        return "skipped"
    return "file"


def _kind_of_link(entry: os.DirEntry[str], relative: str, said: list[Diagnostic]) -> Kind:
    """A link's target decides; a loop or a missing target is said, a folder is not entered."""
    try:
        mode = entry.stat().st_mode
    except FileNotFoundError:
        said.append(_about(relative, "scan.link_broken", "is a link to nothing"))
        return "skipped"
    except OSError as error:
        said.append(_about(relative, "scan.link_loop", f"is a link that cannot be followed ({_why(error)})"))
        return "skipped"
    if stat.S_ISDIR(mode):
        said.append(_about(relative, "scan.folder_link", "is a link to a folder and was not followed", effect="none"))
        return "skipped"
    return "file" if stat.S_ISREG(mode) else "skipped"


def _not_whole(root: MediaRoot, folder: str, code: str, what: str) -> FoundFolder:
    said = (_about(folder or ".", code, what),)
    return FoundFolder(root, folder, (), said, is_whole=False)


def _about(
    relative: str, code: str, what: str, *, effect: Literal["none", "row-missing"] = "row-missing"
) -> Diagnostic:
    name = readable(relative)
    return Diagnostic(code, f"{name} {what}", path=name, effect=effect)


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
