"""Says which files of media roots still have to be read, and cuts them into chunks for other machines."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from edgecode.ingest.chunks import Chunk, ChunkFile, names_of
from edgecode.ingest.file_reading import Trust, recalled
from edgecode.ingest.stat_cache import StatCache
from edgecode.ingest.walk import FoundFile, MediaRoot, walk
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.places import escaped

_LANDMARKS = 8


class ChunkSizes(Struct, frozen=True):
    """How large a chunk may become, in bytes and files; a larger file is a chunk of its own."""

    bytes: int = 16 << 30
    files: int = 2_000


class Planned(Struct, frozen=True):
    """*chunks* in the order of the trees; *files* and *bytes* in them; *said*: what could not be listed."""

    chunks: tuple[Chunk, ...]
    files: int
    bytes: int
    said: tuple[Diagnostic, ...] = ()


def planned(
    roots: Sequence[MediaRoot], *, cache: StatCache, job: str, readers: str, sizes: ChunkSizes | None = None
) -> Planned:
    """Every file below *roots* that the cache cannot speak for, in chunks of one root each. *job*: 32 hexadecimal digits."""
    said: list[Diagnostic] = []
    trust = Trust(lambda: 1.0)
    cut: list[tuple[MediaRoot, tuple[str, ...], list[FoundFile]]] = []
    for root in roots:
        marks: list[str] = []
        waiting = _unread(root, cache, trust, readers, said, marks)
        cut += ((root, tuple(marks), files) for files in _pieces(waiting, sizes or ChunkSizes()))
    chunks = tuple(
        Chunk(job, number, len(cut), root.id, names_of(root), marks, tuple(map(_listed, files)))
        for number, (root, marks, files) in enumerate(cut, start=1)
    )
    every = [file for _, _, files in cut for file in files]
    return Planned(chunks, len(every), sum(file.mark.size for file in every), tuple(said))


def _unread(
    root: MediaRoot, cache: StatCache, trust: Trust, readers: str, said: list[Diagnostic], marks: list[str]
) -> Iterator[FoundFile]:
    """Files to read, folder by folder. *marks*: is given the entries at the top that hold media, with the first folder."""
    for folder in walk(root):
        said += folder.diagnostics
        for file in folder.files:
            top = escaped(file.relative.partition("/")[0])
            if len(marks) < _LANDMARKS and top not in marks:
                marks.append(top)
            entry = cache.known(root.id, file.relative.encode("utf-8", "surrogateescape"))
            if file.mark.size and recalled(file, entry, trust=trust, readers=readers).needs_reading:
                yield file


def _pieces(files: Iterable[FoundFile], sizes: ChunkSizes) -> Iterator[list[FoundFile]]:
    piece: list[FoundFile] = []
    total = 0
    for file in files:
        if piece and (len(piece) >= sizes.files or total + file.mark.size > sizes.bytes):
            yield piece
            piece, total = [], 0
        piece.append(file)
        total += file.mark.size
    if piece:
        yield piece


def _listed(file: FoundFile) -> ChunkFile:
    return ChunkFile(escaped(file.relative), file.mark.size, str(file.mark.mtime_ns))
