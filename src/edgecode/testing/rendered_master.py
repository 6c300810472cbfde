"""A master for tests: the picture of a cut rendered from its own sources, as a video file with timecode or as a folder of frames."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image

from edgecode.answers.cuts.view import CutView
from edgecode.answers.look.thumbnails import picture_of
from edgecode.index.catalogue import VersionRow, version_rows
from edgecode.production import Production

Change = Callable[[int, Image.Image], Image.Image]
"""What becomes of a frame of the cut, by its number, before it is encoded."""

_GREY = (96, 96, 96)


def rendered_frames(
    production: Production, view: CutView, *, size: tuple[int, int] = (192, 108)
) -> Iterator[Image.Image]:
    """Every frame of the cut's picture; what has no source that can be read is grey, what lies over one another is mixed evenly."""
    shown = [match.version for match in view.matches if match.version is not None]
    rows = version_rows(production.index, shown)
    roots = {root.id: root.path for root in production.media_roots()}
    for run in view.runs("picture"):
        for at in range(run.first, run.end):
            image = Image.new("RGB", size)
            for place, one in enumerate(run.contributors):
                layer = _source(view, one.clip, at, rows, roots) or Image.new("RGB", size, _GREY)
                image = Image.blend(image, layer.resize(size), 1.0 if not place else 0.5)
            yield image


def render_master(
    production: Production,
    view: CutView,
    path: Path,
    *,
    change: Change | None = None,
    size: tuple[int, int] = (192, 108),
    codec: str = "libx264",
    start: str = "",
    options: dict[str, str] | None = None,
    rate: Fraction | None = None,
    pixels: str = "yuv420p",
) -> Path:
    """Write the cut's picture to *path*. *start*: its timecode label, "" for the cut's own, ``none`` for no timecode."""
    import av

    frames: Any = av.VideoFrame
    label = "" if start == "none" else start or view.clock.label(0)
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream(codec, rate=rate or view.clock.rate.fraction)
        video.width, video.height, video.pix_fmt = *size, pixels
        video.options = options or {}
        if label:
            video.metadata["timecode"] = label
        for at, image in enumerate(rendered_frames(production, view)):
            changed = change(at, image) if change is not None else image
            picture = frames.from_image(changed.convert("RGB").resize(size))
            container.mux(video.encode(picture))
        container.mux(video.encode())
    return path


def render_folder(
    production: Production, view: CutView, folder: Path, *, change: Change | None = None, first: int = 86_400
) -> Path:
    """Write the cut's picture as PNG frames that are numbered from *first*."""
    folder.mkdir(parents=True)
    for at, image in enumerate(rendered_frames(production, view)):
        (change(at, image) if change is not None else image).save(
            folder / f"master.{first + at:07d}.png", compress_level=1
        )
    return folder


def _source(
    view: CutView, clip: int, at: int, rows: dict[int, VersionRow], roots: dict[str, Path]
) -> Image.Image | None:
    match = view.match_of.get(clip)
    if match is None or match.version is None:
        return None
    row, number = rows[match.version], None
    if match.first is not None and match.scale is not None:
        number = (match.first + (at - view.clips[clip].record_in) * match.scale).__floor__()
    for place in row.places:
        if place.root not in roots:
            continue
        path = roots[place.root] / place.relative.decode()
        if row.numbered and number is not None:
            path = path.with_name(path.name.replace("*", f"{number:04d}"))
        image = picture_of(path) if path.is_file() else None
        if image is not None:
            return image
    return None
