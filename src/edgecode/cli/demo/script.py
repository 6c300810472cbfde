"""Makes the demo film: every file of it, always the same bytes for the same clock."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from edgecode.cli.demo import graphs
from edgecode.cli.demo.edl import edl
from edgecode.cli.demo.exr import Compression, exr, rational_attribute, text_attribute, timecode_attribute
from edgecode.cli.demo.film import FIRST_FILE_NUMBER, PLANTED, PULLED, RATE, SOURCES, Planted, Source
from edgecode.cli.demo.pictures import frame_of, jpeg, png
from edgecode.cli.demo.records import record_lines
from edgecode.cli.demo.sound import SAMPLES_A_FRAME, wave
from edgecode.cli.demo.timeline import NEXT_CUT_NAME, otio
from edgecode.cli.demo.weights import CHECKPOINT_BYTES, LORA_BYTES, VOICE_BYTES, VOICE_MODEL
from edgecode.terms.timebase import label_of_frame

MEDIA = "media"
"""The folder below the film's folder that holds its media. The cut names files by their whole path, as editing programs do."""


class Film(Struct, frozen=True):
    """Where the film was written. *next_cut*: the cut without the line. *lines*: the step/1 records to hand to ``edgecode record``;
    *planted*: its gaps."""

    folder: Path
    media: Path
    cut: Path
    next_cut: Path
    edit_list: Path
    steps: Path
    planted: tuple[Planted, ...]
    files: int

    @property
    def lines(self) -> list[str]:
        """The step/1 records, one JSON object each."""
        return self.steps.read_text("utf-8").splitlines()


def make_film(folder: Path, *, now: int) -> Film:
    """Write the whole film below *folder* (about 2,200 files, 70 MB). *now*: milliseconds since 1970, stamped on every file."""
    film = _laid_out(folder.resolve(), _FILES)
    media = film.media
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda source: _write(media, source, now), [one for one in SOURCES if one.on_disk]))
    for name, data in _WEIGHTS:
        _save(media / "models" / name, data, now)
    _save(film.cut, otio(media=media.as_posix()), now)
    _save(film.next_cut, otio(media=media.as_posix(), name=NEXT_CUT_NAME, uses=PULLED), now)
    _save(film.edit_list, edl(media=media.as_posix()), now)
    # Last, because it says that the rest is there.
    _save(film.steps, "".join(line + "\n" for line in record_lines(media, now=now)).encode(), now)
    return film


def written_film(folder: Path) -> Film | None:
    """The film that was made below *folder*; None when it is not there or was not finished."""
    film = _laid_out(folder.resolve(), _FILES)
    return film if film.steps.is_file() and film.next_cut.is_file() else None


def _laid_out(folder: Path, files: int) -> Film:
    cuts = folder / "cut"
    return Film(
        folder=folder,
        media=folder / MEDIA,
        cut=cuts / "last_verse_cut13.otio",
        next_cut=cuts / "last_verse_cut14.otio",
        edit_list=cuts / "last_verse_cut13_v1.edl",
        steps=folder / "records" / "steps.ndjson",
        planted=PLANTED,
        files=files,
    )


_WEIGHTS = ((graphs.CHECKPOINT, CHECKPOINT_BYTES), (graphs.LORA, LORA_BYTES), (VOICE_MODEL, VOICE_BYTES))
_FILES = len(_WEIGHTS) + 4 + sum(1 if one.form == "wav" else max(1, one.frames) for one in SOURCES if one.on_disk)


def _write(media: Path, source: Source, now: int) -> None:
    path = media / source.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if source.form == "wav":
        _save(path, _sound(source, now), now)
        return
    if not source.frames:
        _save(path, _ENCODERS[source.form](source, 0), now)
        return
    prefix, _, suffix = path.name.partition("#")
    for number in range(source.frames):
        _save(
            path.with_name(f"{prefix}{FIRST_FILE_NUMBER + number:04d}{suffix}"),
            _ENCODERS[source.form](source, number),
            now,
        )


def _save(path: Path, data: bytes, now: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(now * 1_000_000, now * 1_000_000))


def _sound(source: Source, now: int) -> bytes:
    date = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%d")
    return wave(
        source.picture,
        source.frames,
        first_sample=source.clock * SAMPLES_A_FRAME,
        described=source.name,
        reel=source.reel,
        date=date,
    )


def _attributes(source: Source, number: int) -> Iterator[bytes]:
    yield rational_attribute("framesPerSecond", RATE.numerator, RATE.denominator)
    if source.camera:
        yield text_attribute("cameraMake", source.camera.split()[0])
        yield text_attribute("cameraModel", source.camera.partition(" ")[2])
    if source.reel:
        yield text_attribute("reelName", source.reel)
    if source.start:
        yield timecode_attribute(label_of_frame(source.clock + number, RATE))
    if not source.camera:
        yield text_attribute("software", _SOFTWARE.get(source.path.partition("/")[0], "Plainframe 4.2"))


_SOFTWARE = {
    "archive": "Oldreel Transfer 3.1",
    "comp": "Layerhouse 15.1",
    "vendor": "Layerhouse 14.8",
    "renders": "Claykit 4.1",
}


def _exr_as(compression: Compression) -> Callable[[Source, int], bytes]:
    def encode(source: Source, number: int) -> bytes:
        image = frame_of(source.picture, number, source.frames)
        return exr(image, compression=compression, attributes=b"".join(_attributes(source, number)))

    return encode


def _comfyui(source: Source, number: int) -> bytes:
    graph = graphs.garden_graph(source.frames) if source.picture == "garden" else graphs.letter_graph()
    return png(frame_of(source.picture, number, source.frames), graphs.texts_of(graph))


_ENCODERS: dict[str, Callable[[Source, int], bytes]] = {
    "exr-zip": _exr_as("zip"),
    "exr-zips": _exr_as("zips"),
    "exr-none": _exr_as("none"),
    "png": lambda source, number: png(frame_of(source.picture, number, source.frames)),
    "jpeg": lambda source, number: jpeg(frame_of(source.picture, number, source.frames)),
    "comfyui": _comfyui,
}
