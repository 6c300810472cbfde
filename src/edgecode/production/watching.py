"""Watches folders: looks again and again, and records what rests; what moved while it was read is not recorded."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edgecode.errors import NotFoundError
from edgecode.index.memory import Memory
from edgecode.ingest.digests import Mark
from edgecode.ingest.intake import Intake
from edgecode.ingest.known import contradicted
from edgecode.ingest.scan import Item, ScanOptions, scan_files
from edgecode.ingest.seen import FileSeen, SequenceFound
from edgecode.ingest.sequences import frame_name
from edgecode.ingest.settling import Look, Patience, Settling
from edgecode.ingest.walk import FoundFile, FoundFolder, MediaRoot, walk
from edgecode.production.corridor import Production
from edgecode.production.spools.taking import joined
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import readable


class Place(Struct, frozen=True):
    """A folder that is watched: *start* below the media root ("": all of it)."""

    root: MediaRoot
    start: str = ""


class Seen(Struct, frozen=True):
    """One look at every folder. *said*: what could not be looked at, each once."""

    look: Look
    said: tuple[Diagnostic, ...]


def places_of(production: Production, folders: Sequence[Path]) -> list[Place]:
    """The folders as parts of media roots, which are recorded where they are new. Raises NotFoundError ``root.not_found``."""
    found = []
    for folder in folders:
        root = production.add_root(folder)
        inside = folder.resolve().relative_to(root.path.resolve()).as_posix()
        found.append(Place(root, "" if inside == "." else inside))
    return found


class Watch:
    """Looks at folders. Everything it remembers may be lost: begun again, it hands out everything once more, and the record knows it."""

    def __init__(self, places: Sequence[Place], patience: Patience) -> None:
        self._places = places
        self._settling = Settling(patience)
        self._said: set[tuple[str, str]] = set()

    def look(self, seconds: Callable[[], float]) -> Seen:
        """Look once at every folder, by a steady clock. A folder that is not there (a drive that is away) is said, and its files are not
        taken for gone."""
        said: list[Diagnostic] = []
        began = seconds()
        folders = list(self._folders(said))
        look = self._settling.look(folders, now=began, ended=seconds())
        fresh = [item for item in said if (item.code, item.path) not in self._said]
        self._said |= {(item.code, item.path) for item in fresh}
        return Seen(look, tuple(fresh))

    def taken(self, files: Sequence[FoundFile]) -> None:
        """These are recorded."""
        self._settling.taken(files)

    def _folders(self, said: list[Diagnostic]) -> Iterator[FoundFolder]:
        seen: set[tuple[str, str]] = set()
        for place in self._places:
            try:
                for folder in walk(place.root, start=place.start):
                    said += folder.diagnostics
                    if (folder.root.id, folder.folder) not in seen:
                        seen.add((folder.root.id, folder.folder))
                        yield folder
            except NotFoundError:
                text = f"a folder of media root {place.root.id} is not there now; it is watched on"
                said.append(Diagnostic("watch.absent", text, path=f"{place.root.id}/{place.start}"))
                yield FoundFolder(place.root, place.start, (), is_whole=False)


def take_resting(
    production: Production, resting: Sequence[FoundFolder], *, options: ScanOptions
) -> tuple[Intake, list[FoundFile]]:
    """Read and record the files of *resting*; what was brought, and the files that need not be looked at again. A file that moved while it
    was read is left for a later look (``watch.moved``). When *options* stops it, what was read is recorded."""
    memory = Memory(production.index)
    options.settled = lambda digest: _is_made(memory, digest)
    options.contradicted = partial(contradicted, memory)
    intakes: list[Intake] = []
    done: list[FoundFile] = []
    for folder in resting:
        moved: set[str] = set()
        found = scan_files(folder, cache=production.cache, options=options)
        intakes.append(production.take_found(_still(found, folder, moved, memory)))
        if not options.stop():
            done += [one for one in folder.files if one.relative not in moved]
    return joined(intakes), done


def _still(found: Iterator[Item], folder: FoundFolder, moved: set[str], memory: Memory) -> Iterator[Item]:
    """What was found, without what has moved since it was seen to rest; *moved*: is given the files."""
    marks = {one.relative: one for one in folder.files}
    for item in found:
        if not isinstance(item, FileSeen | SequenceFound):
            yield item
            continue
        files = [marks[name] for name in _names(item)]
        if not all(map(_is_unmoved, files)):
            moved |= {one.relative for one in files}
            name = item.place.text
            yield Diagnostic("watch.moved", f"{name} moved while it was read; it is looked at again", path=name)
            continue
        yield _with_word_only(item, memory)


def _names(item: FileSeen | SequenceFound) -> list[str]:
    if isinstance(item, FileSeen):
        return [item.place.relative.decode("utf-8", "surrogateescape")]
    return [frame_name(item.before, item.after, frame, padding=item.padding) for frame, _, _ in item.frames]


def _is_unmoved(file: FoundFile) -> bool:
    try:
        return Mark.of(file.path.stat()) == file.mark
    except OSError:
        return False


def _with_word_only(item: FileSeen | SequenceFound, memory: Memory) -> FileSeen | SequenceFound:
    """What the file says itself of its making counts as somebody's word, and not at all where a step made that content already."""
    if item.generation is None:
        return item
    if _is_made(memory, item.digest):
        return replace(item, generation=None)
    return replace(item, generation=replace(item.generation, declared=True))


def _is_made(memory: Memory, digest: str) -> bool:
    return any(memory.producer_known(version) for version in memory.version_of_content(digest))


def said_of_gone(look: Look) -> list[str]:
    """The names of files that went away, for a listing."""
    return [readable(path) for _, path in look.gone]
