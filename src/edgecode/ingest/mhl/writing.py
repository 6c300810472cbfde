"""Writes a generation: reads every file once for all its formats, holds it against what is known, and lists it in the chain.

Guidelines of 2023-03-29, 2.3: a format that is new is trustworthy only with one that is known, from one read.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from edgecode.errors import InputError, UnavailableError
from edgecode.ingest.mhl.formats import FileHashes, c4_of, hashes_of, named_hash, of_hashes, same_hash
from edgecode.ingest.mhl.history import CHAIN, FOLDER, History, history_of, nested_in
from edgecode.ingest.mhl.ignoring import Ignoring, with_patterns
from edgecode.ingest.mhl.manifest import (
    Action,
    ChainLink,
    Creator,
    FileEntry,
    FileHash,
    FolderEntry,
    Manifest,
    Process,
    Reference,
    earliest,
    read_chain,
    write_chain,
    write_manifest,
)
from edgecode.ingest.regular_files import regular_bytes
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable

Both = Mapping[str, tuple[str, str]]
"""By format: content and structure hash; for a file both are its hash."""
VersionOf = Callable[[Path, FileHashes], str]
"""The record id under which a production knows a file; "" for none."""


class Written(Struct, frozen=True):
    """A generation that was written. *path*: of its folder from the asked one. *failed*, *missing*: paths from the asked folder."""

    path: str
    name: str
    c4: str
    files: int
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    said: tuple[Diagnostic, ...] = ()


class Wanted(Struct, frozen=True):
    """How a generation is written. *formats*: of `FORMATS`. *ignore*: further patterns. *creator*: with the moment of the start (UTC)."""

    formats: tuple[str, ...]
    creator: Creator
    process: Process = "in-place"
    ignore: tuple[str, ...] = ()


def write_generation(folder: Path, wanted: Wanted, *, version_of: VersionOf = lambda path, hashes: "") -> list[Written]:
    """Append a generation to the history of *folder* and to every history below it, the lower ones first; begin one where there is none.

    Raises InputError ``mhl.chain_broken`` when the chain does not match, UnavailableError ``mhl.unwritable``, and what reading a file
    raises.
    """
    return _Writing(folder, wanted, version_of).written()


def write_packing_list(folder: Path, into: Path, wanted: Wanted) -> Written:
    """A packing list of what the history of *folder* and those below it know: the earliest hash of each format that did not fail
    (ASC MHL 1.0, 6.3.4), in a new folder ``collection_DATE`` of *into*. Reads no media. Raises UnavailableError ``mhl.unwritable``."""
    entries: dict[str, FileEntry] = {}
    for path in ("", *nested_in(folder)):
        history = _sound(history_of(folder / path, path=path))
        manifests = [one.manifest for one in history.generations]
        sizes = {one.path: one for each in manifests for one in each.files}
        for name, hashes in earliest(manifests).items():
            if name in sizes:
                at = f"{path}/{name}" if path else name
                listed = tuple(
                    FileHash(key, value, "original", wanted.creator.created) for key, value in hashes.items()
                )
                entries[at] = FileEntry(at, listed, sizes[name].size, sizes[name].modified)
    manifest = Manifest(
        wanted.creator, "flatten", tuple(entries[one] for one in sorted(entries)), ignore=with_patterns(())
    )
    moment = _moment(wanted.creator)
    collection = into / f"collection_{moment[:10]}"
    name = f"packinglist_{folder.name}_{moment}.mhl"
    data = write_manifest(manifest)
    links = history_links(collection / "ascmhl_collection.xml")
    _store(
        collection,
        {name: data, "ascmhl_collection.xml": write_chain([*links, ChainLink(len(links) + 1, name, c4_of(data))])},
    )
    return Written("", name, c4_of(data), len(entries))


def history_links(path: Path) -> list[ChainLink]:
    """What a chain or collection file lists; nothing when it is not there."""
    return read_chain(regular_bytes(path), name=path.name) if path.is_file() else []


class _Writing:
    def __init__(self, folder: Path, wanted: Wanted, version_of: VersionOf, *, path: str = "") -> None:
        self.folder, self.wanted, self.version_of, self.path = folder, wanted, version_of, path
        self.history = _sound(history_of(folder, path=path))
        self.known = earliest(one.manifest for one in self.history.generations)
        self.gone = {path: self.known[path] for path in self.history.missing if path in self.known}
        self.sizes = {one.path: one.size for each in self.history.generations for one in each.manifest.files}
        self.ignoring = Ignoring(with_patterns(self.history.ignore, wanted.ignore))
        self.nested = set(nested_in(folder))
        self.entries: list[FileEntry | FolderEntry] = []
        self.renamed: set[str] = set()
        self.failed: list[str] = []
        self.said: list[Diagnostic] = []
        self.below: list[Written] = []
        self.references: list[Reference] = []

    def written(self) -> list[Written]:
        both = self._folder("")
        number = max((one.number for one in self.history.generations), default=0) + 1
        ignore = with_patterns(self.history.ignore, self.wanted.ignore)
        root = FolderEntry("", *_split(both))
        manifest = Manifest(
            self.wanted.creator, self.wanted.process, tuple(self.entries), root, ignore, tuple(self.references)
        )
        data = write_manifest(manifest)
        name = f"{number:04d}_{self.folder.resolve().name}_{_moment(self.wanted.creator)}.mhl"
        link = ChainLink(len(self.history.links) + 1, name, c4_of(data))
        _store(self.folder / FOLDER, {name: data, CHAIN: write_chain([*self.history.links, link])})
        files = sum(1 for one in self.entries if isinstance(one, FileEntry))
        missing = tuple(self._from_top(one) for one in self.history.missing if one not in self.renamed)
        own = Written(self.path, name, link.c4, files, tuple(self.failed), missing, tuple(self.said))
        return [*self.below, own]

    def _folder(self, path: str) -> Both:
        children: list[tuple[str, Both]] = []
        for name, is_folder in self._listed(path):
            inside = f"{path}/{name}" if path else name
            if inside in self.nested:
                children.append((name, self._history_below(inside)))
            elif is_folder:
                both = self._folder(inside)
                self.entries.append(FolderEntry(inside, *_split(both), _modified(self.folder / inside)))
                children.append((name, both))
            else:
                children.append((name, self._file(inside)))
        return _of_children(children, self.wanted.formats)

    def _listed(self, path: str) -> list[tuple[str, bool]]:
        try:
            entries = sorted(os.scandir(self.folder / path), key=lambda one: one.name)
        except OSError as error:
            raise _cannot(path or self.folder.name, error) from error
        found = []
        for one in entries:
            inside = f"{path}/{one.name}" if path else one.name
            is_folder = one.is_dir(follow_symlinks=False)
            if self.ignoring.leaves_out(inside, is_folder=is_folder):
                continue
            if not is_folder and not one.is_file():
                text = f"{readable(self._from_top(inside))} is no file and no folder, and is not in the history"
                self.said.append(Diagnostic("mhl.not_a_file", text, effect="row-missing"))
                continue
            found.append((one.name, is_folder))
        return found

    def _history_below(self, path: str) -> Both:
        below = _Writing(self.folder / path, self.wanted, self.version_of, path=self._from_top(path))
        self.below += below.written()
        last = self.below[-1]
        self.references += [Reference(f"{path}/{FOLDER}/{last.name}", last.c4)]
        both = _of_children_again(below)
        self.entries.append(FolderEntry(path, *_split(both), _modified(self.folder / path)))
        return both

    def _file(self, path: str) -> Both:
        before = self.known.get(path, {})
        asked = dict.fromkeys(self.wanted.formats)
        if before and not before.keys() & asked.keys():
            # The one that is known tells whether the new one is of the same bytes.
            asked[next(iter(before))] = None
        sought = {name: None for known in self.gone.values() for name in list(known)[:1]} if not before else {}
        try:
            read = hashes_of(self.folder / path, asked | sought)
        except OSError as error:
            raise _cannot(path, error) from error
        previous = self._previous(read) if sought else ""
        if previous:
            self.renamed.add(previous)
            before = self.gone.pop(previous)
            if not before.keys() & asked.keys():
                asked[next(iter(before))] = None
        texts = {name: text for name, text in read.texts.items() if name in asked}
        action = _action(before, texts)
        if action == "failed":
            self.failed.append(self._from_top(path))
        date = self.wanted.creator.created
        hashes = tuple(
            FileHash(name, text, _of_format(name, text, before, action), date) for name, text in texts.items()
        )
        version = self.version_of(self.folder / path, read)
        modified = _iso(read.mark.mtime_ns)
        self.entries.append(FileEntry(path, hashes, read.size, modified, previous, sha256=read.sha256, version=version))
        return {name: (read.texts[name], read.texts[name]) for name in self.wanted.formats}

    def _previous(self, read: FileHashes) -> str:
        """What a file was called that is new here and has the bytes of exactly one that is not there any more; "" for none. Empty files are
        alike without being one another."""
        found = [
            path
            for path, known in self.gone.items()
            if read.size
            and self.sizes.get(path) in (None, read.size)
            and known.keys() & read.texts.keys()
            and _action(known, read.texts) == "verified"
        ]
        return found[0] if len(found) == 1 else ""

    def _from_top(self, path: str) -> str:
        return f"{self.path}/{path}" if self.path else path


def _of_children_again(below: _Writing) -> Both:
    """The root hashes of a history that was just written."""
    children: dict[str, list[tuple[str, Both]]] = {}
    for one in below.entries:
        folder, _, name = one.path.rpartition("/")
        both = (
            {key: (one.content[key], one.structure[key]) for key in one.content}
            if isinstance(one, FolderEntry)
            else {each.format: (each.value, each.value) for each in one.hashes}
        )
        children.setdefault(folder, []).append((name, both))
    return _of_children(children.get("", []), below.wanted.formats)


def _action(before: Mapping[str, str], now: Mapping[str, str]) -> Action:
    if not before:
        return "original"
    return (
        "verified" if all(same_hash(name, before[name], now[name]) for name in before.keys() & now.keys()) else "failed"
    )


def _of_format(name: str, text: str, before: Mapping[str, str], action: Action) -> Action:
    """Of a file that failed, a format that fits says so; one that is new beside it proves nothing and fails with it."""
    return "verified" if action == "failed" and name in before and same_hash(name, before[name], text) else action


def _of_children(children: Sequence[tuple[str, Both]], formats: Sequence[str]) -> Both:
    return {
        one: (
            of_hashes(one, [both[one][0] for _, both in children]),
            of_hashes(one, [named_hash(one, name, both[one][1]) for name, both in children]),
        )
        for one in formats
    }


def _split(both: Both) -> tuple[dict[str, str], dict[str, str]]:
    return {name: one for name, (one, _) in both.items()}, {name: other for name, (_, other) in both.items()}


def _sound(history: History) -> History:
    """Raises InputError ``mhl.chain_broken``: nothing is appended to a history that does not hold together."""
    broken = [one for one in history.problems if one.code in _BROKEN]
    if broken:
        raise InputError(
            "mhl.chain_broken",
            f"nothing was written, for the history is not whole: {broken[0].text}",
            "Bring the history back from another copy; edgecode mhl read names what the record knows of it",
        )
    return history


_BROKEN = frozenset(
    {
        "mhl.chain_absent",
        "mhl.chain_differs",
        "mhl.chain_missing",
        "mhl.chain_numbers",
        "mhl.generation_missing",
        "mhl.unreadable",
        "mhl.version",
    }
)


def _store(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files whole or not at all, in order: the chain last, so that it never lists what is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            new = folder / f"{name}.new"
            with new.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(folder / name)
    except OSError as error:
        raise UnavailableError(
            "mhl.unwritable",
            f"the history cannot be written ({error.strerror})",
            "Write it where there is a place for it, or on another copy",
        ) from error


def _modified(path: Path) -> str:
    return _iso(path.stat().st_mtime_ns)


def _iso(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).isoformat()


def _moment(creator: Creator) -> str:
    """As names of manifests have it: UTC, ``2026-03-01_120000Z`` (ASC MHL 1.0, 6.2.2)."""
    return datetime.fromisoformat(creator.created).astimezone(UTC).strftime("%Y-%m-%d_%H%M%SZ")


def _cannot(path: str, error: OSError) -> InputError:
    return InputError(
        "mhl.file_unreadable",
        f"nothing was written, for {readable(path)} cannot be read ({error.strerror})",
        "Make it readable, or leave it out with --ignore",
    )
