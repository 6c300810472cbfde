"""Tells which files of a watched folder rest: nothing about them moved for a while, by a steady clock. Looks at marks alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from edgecode.ingest.digests import Mark
from edgecode.ingest.sequences import taken_apart
from edgecode.ingest.walk import FoundFile, FoundFolder

PAUSES = 4
"""A sequence rests when nothing came for so many times the longest pause between its latest frames."""
LATEST = 8
"""How many of a sequence's latest arrivals are looked at."""
ALONE = 10
"""A single numbered picture may be a sequence's first frame: it waits so many times as long."""

_WRITING = frozenset({"tmp", "partial", "crdownload", "download", "filepart", "incomplete", "writing", "lock"})

Key = tuple[str, str]
"""A media root's id, and a path below it."""


class Patience(Struct, frozen=True):
    """How long is long enough. *settle_seconds*: nothing moves; *sequence_seconds*: the most that a sequence waits for its next frame.
    *once*: nobody looks a third time, so what did not move between two looks rests."""

    settle_seconds: float = 2.0
    sequence_seconds: float = 600.0
    once: bool = False


class Look(Struct, frozen=True):
    """What one look found. *resting*: folders with the files that rest and were not taken, and nothing else; *moving*: how many files do
    not rest yet; *gone*: files that were there at the look before."""

    resting: tuple[FoundFolder, ...]
    moving: int
    gone: tuple[Key, ...]


@dataclass(slots=True)
class _Watched:
    """A file: how it is, since when, and as what it was taken. *came*: when it was seen to come or change, not when the watch began."""

    mark: Mark
    since: float
    came: float | None = None
    taken: Mark | None = None


@dataclass(slots=True)
class Settling:
    """Remembers every file of the watched folders from look to look; nothing else needs to be kept."""

    patience: Patience = field(default_factory=Patience)
    _files: dict[Key, _Watched] = field(default_factory=dict)
    _has_looked: bool = False

    def look(self, folders: Iterable[FoundFolder], *, now: float, ended: float | None = None) -> Look:
        """What rests among *folders*, a whole walk of everything that is watched, which began at *now* and ended at *ended* (seconds of a
        steady clock; None: at once). What has changed may have changed at its end, what has not was seen at its beginning."""
        there: set[Key] = set()
        unseen: list[tuple[str, str]] = []
        resting: list[FoundFolder] = []
        moving = 0
        for folder in folders:
            if not folder.is_whole:
                unseen.append((folder.root.id, folder.folder))
            files = {one.name: one for one in folder.files if not is_being_written(one.name)}
            for one in files.values():
                self._note(one, now if ended is None else ended)
                there.add(_key(one))
            chosen, unsettled = self._resting(files, now)
            moving += unsettled + len(folder.files) - len(files)
            if chosen:
                resting.append(replace(folder, files=tuple(chosen), diagnostics=(), ignored={}))
        gone = [key for key in self._files if key not in there and not _is_below(key, unseen)]
        for key in gone:
            del self._files[key]
        self._has_looked = True
        return Look(tuple(resting), moving, tuple(gone))

    def taken(self, files: Iterable[FoundFile]) -> None:
        """These were recorded as they were seen."""
        for one in files:
            if _key(one) in self._files:
                self._files[_key(one)].taken = one.mark

    def _note(self, file: FoundFile, now: float) -> None:
        known = self._files.get(_key(file))
        if known is None:
            self._files[_key(file)] = _Watched(file.mark, now, now if self._has_looked else None)
        elif known.mark != file.mark:
            known.mark, known.since, known.came = file.mark, now, now

    def _resting(self, files: dict[str, FoundFile], now: float) -> tuple[list[FoundFile], int]:
        """Files to take, and how many are not at rest. Names that differ in their number alone rest together: which of them are one
        sequence is told from all of them."""
        units: dict[tuple[str, ...], list[FoundFile]] = {}
        for name, one in files.items():
            parts = taken_apart(name)
            units.setdefault((name,) if parts is None else (parts.before, parts.after), []).append(one)
        found: list[FoundFile] = []
        moving = 0
        for unit, members in units.items():
            watched = [self._files[_key(one)] for one in members]
            if all(one.taken == one.mark for one in watched):
                continue
            if now - max(one.since for one in watched) >= self._quiet_seconds(watched, is_numbered=len(unit) > 1):
                found += members
            else:
                moving += len(members)
        return found, moving

    def _quiet_seconds(self, watched: Sequence[_Watched], *, is_numbered: bool) -> float:
        settle, most = self.patience.settle_seconds, self.patience.sequence_seconds
        if self.patience.once or not is_numbered:
            return settle
        if len(watched) == 1:
            return max(settle, min(ALONE * settle, most))
        latest = sorted({one.came for one in watched if one.came is not None})[-LATEST:]
        pauses = [after - before for before, after in pairwise(latest)]
        return max(settle, min(PAUSES * max(pauses, default=0.0), most))


def is_being_written(name: str) -> bool:
    """Whether a name is one that programs give a file until it is whole: hidden, or with a word for it."""
    return name.startswith((".", "~")) or name.endswith("~") or not _WRITING.isdisjoint(name.lower().split("."))


def _key(file: FoundFile) -> Key:
    return file.root.id, file.relative


def _is_below(key: Key, folders: Sequence[Key]) -> bool:
    root, path = key
    return any(root == other and (not folder or path.startswith(f"{folder}/")) for other, folder in folders)
