"""The pictures of a cut's sources as grids, each from a file whose bytes are the recorded ones; and those of a folder of frames."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import file_digest
from pathlib import Path

from msgspec import Struct
from PIL import Image

from edgecode.answers.delivering.likeness import TALL, WIDE
from edgecode.answers.delivering.plan import SourceFrame
from edgecode.answers.look.thumbnails import picture_of
from edgecode.drivers.video import read_video, video_kind
from edgecode.errors import InputError, NotFoundError
from edgecode.index.catalogue import VersionRow
from edgecode.index.frames import frame_digests
from edgecode.index.store import IndexStore

_NEARLY = Fraction(1, 50)
"""How far two shapes of picture may differ and still count as one."""


class SourcePictures(Struct, frozen=True):
    """*grids*: of every picture that could be read. *lost*: by version, why its source is no evidence here."""

    grids: Mapping[SourceFrame, Sequence[bytes]]
    lost: Mapping[int, str]


def source_pictures(
    store: IndexStore,
    versions: Mapping[int, VersionRow],
    wanted: Iterable[SourceFrame],
    *,
    roots: Mapping[str, Path],
    shape: Fraction,
) -> SourcePictures:
    """The pictures of *wanted*. *shape*: width to height of the master, into which they are set as it may have been done."""
    by_version: dict[int, list[SourceFrame]] = {}
    for source in wanted:
        by_version.setdefault(source.version, []).append(source)
    grids: dict[SourceFrame, Sequence[bytes]] = {}
    lost: dict[int, str] = {}
    for version, sources in by_version.items():
        reading = _Reading(store, versions[version], roots, shape)
        grids |= reading.grids(sources)
        if reading.lost:
            lost[version] = reading.lost
    return SourcePictures(grids, lost)


class _Reading:
    """One version's files. *lost* afterwards: the first reason for which one of them is no evidence."""

    def __init__(self, store: IndexStore, row: VersionRow, roots: Mapping[str, Path], shape: Fraction) -> None:
        self._row, self._roots, self._shape = row, roots, shape
        self._digests = dict(frame_digests(store, row.content)) if row.numbered and row.content is not None else {}
        self.lost = ""

    def grids(self, sources: Sequence[SourceFrame]) -> dict[SourceFrame, Sequence[bytes]]:
        """The pictures that can be read from the recorded bytes."""
        if self._row.numbered:
            found = {source: self._frame(source) for source in sources}
            return {source: grids for source, grids in found.items() if grids}
        path = self._whole()
        if path is None:
            return {}
        if self._row.first is None:
            grids = self._picture(path)
            return dict.fromkeys(sources, grids) if grids else {}
        return self._video(path, sources)

    def _frame(self, source: SourceFrame) -> Sequence[bytes]:
        digest = self._digests.get(source.number or 0)
        found = [_frame_path(pattern, source.number or 0) for pattern in self._places()]
        places = [path for path in found if path is not None]
        if digest is None or not places:
            self._lose("its frames are not here" if digest else "the bytes of its frames were not recorded")
            return ()
        for path in places:
            if _sha256(path) == digest:
                return self._picture(path)
        self._lose("its bytes are no longer the recorded ones")
        return ()

    def _whole(self) -> Path | None:
        places = [path for path in self._places() if path.is_file()]
        if not self._row.sha256 or not places:
            self._lose(
                "its file is not here" if self._row.sha256 else "its bytes were not recorded, or are somebody's own"
            )
            return None
        for path in places:
            if _sha256(path).hex() == self._row.sha256:
                return path
        self._lose("its bytes are no longer the recorded ones")
        return None

    def _video(self, path: Path, sources: Sequence[SourceFrame]) -> dict[SourceFrame, Sequence[bytes]]:
        first = self._row.first or 0
        places = {source: (source.number or 0) - first for source in sources}
        try:
            facts, grids = read_video(path, places.values(), wide=WIDE, tall=TALL)
        except (InputError, NotFoundError) as error:
            self._lose(f"it cannot be decoded here ({error.code})")
            return {}
        if not facts.height or abs(Fraction(facts.width, facts.height) - self._shape) > self._shape * _NEARLY:
            self._lose("its shape is not that of the master")
            return {}
        return {source: (grids[at],) for source, at in places.items() if at in grids}

    def _picture(self, path: Path) -> Sequence[bytes]:
        image = picture_of(path)
        if image is None:
            self._lose("it cannot be decoded here")
            return ()
        return grids_of(image, self._shape)

    def _places(self) -> list[Path]:
        return [
            self._roots[place.root] / place.relative.decode("utf-8", "surrogateescape")
            for place in self._row.places
            if place.root in self._roots
        ]

    def _lose(self, why: str) -> None:
        self.lost = self.lost or why


def grid_of(image: Image.Image) -> bytes:
    """A picture as a grid of brightness."""
    return image.convert("L").resize((WIDE, TALL), Image.Resampling.BOX).tobytes()


def grids_of(image: Image.Image, shape: Fraction) -> Sequence[bytes]:
    """A picture as it may stand in a frame of *shape*: as it is, and where the shapes differ also filling the frame, and with bars."""
    width, height = image.size
    own = Fraction(width, height)
    if abs(own - shape) <= shape * _NEARLY:
        return (grid_of(image),)
    if own > shape:
        inner, outer = (max(1, int(height * shape)), height), (width, max(1, int(width / shape)))
    else:
        inner, outer = (width, max(1, int(width / shape))), (max(1, int(height * shape)), height)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    barred = Image.new("L", outer)
    barred.paste(image.convert("L"), ((outer[0] - width) // 2, (outer[1] - height) // 2))
    filled = image.crop((left, top, left + inner[0], top + inner[1]))
    return grid_of(image), grid_of(filled), grid_of(barred)


def folder_frames(folder: Path) -> list[Path]:
    """The frames of a delivered folder in the order of their numbers. Raises InputError ``master.folder``."""
    numbered: dict[int, Path] = {}
    for path in folder.iterdir():
        digits = "".join(c if c.isascii() and c.isdigit() else " " for c in path.stem).split()
        if path.is_file() and digits and path.suffix.lower() in FRAME_ENDINGS:
            if int(digits[-1]) in numbered:
                raise InputError(
                    "master.folder", f"{folder.name} holds two frames of one number", "Give a folder of one master"
                )
            numbered[int(digits[-1])] = path
    if not numbered:
        raise InputError(
            "master.folder", f"{folder.name} holds no numbered frames", "Give a folder of EXR, DPX, PNG or TIFF frames"
        )
    if max(numbered) - min(numbered) + 1 != len(numbered):
        raise InputError(
            "master.folder", f"{folder.name} lacks frames between its first and its last", "Deliver every frame"
        )
    return [numbered[number] for number in sorted(numbered)]


FRAME_ENDINGS = (".exr", ".dpx", ".png", ".tif", ".tiff", ".jpg", ".jpeg")


def _frame_path(pattern: Path, number: int) -> Path | None:
    """The member of a sequence with that number; the padding is whatever the names have."""
    before, star, after = pattern.name.partition("*")
    if not star:
        return None
    for padding in range(1, 10):
        path = pattern.with_name(f"{before}{number:0{padding}d}{after}")
        if path.is_file():
            return path
    return None


def _sha256(path: Path) -> bytes:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").digest()


def is_video(path: Path) -> bool:
    """Whether a file begins like a video that is read."""
    with path.open("rb") as stream:
        return bool(video_kind(stream.read(16)))
