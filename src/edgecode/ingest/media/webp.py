"""WebP containers (RFC 9649): size, animation; the walk that the readers of generator texts share."""

from collections.abc import Iterator
from fractions import Fraction
from struct import unpack
from typing import NamedTuple

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.exif import Tag, camera_facts, tags
from edgecode.ingest.media.timecode import rate_text
from edgecode.ingest.media.window import Window, malformed
from edgecode.terms.cuts import Diagnostic

_CHUNKS_AT_MOST = 200_000
_EXIF_BYTES = 4096


class Chunk(NamedTuple):
    """One RIFF chunk: *at* and *size* of its data; *whole* is false where the file ends inside it."""

    kind: bytes
    at: int
    size: int
    whole: bool


def chunks(window: Window) -> Iterator[Chunk]:
    """The chunks in file order; the sizes in the RIFF head are not believed, the end of the file is."""
    at = 12
    for _ in range(_CHUNKS_AT_MOST):
        head = window.read(at, 8)
        if len(head) < 8:
            return
        kind, size = unpack("<4sI", head)
        whole = at + 8 + size <= window.size
        yield Chunk(kind, at + 8, min(size, window.size - at - 8), whole)
        if not whole:
            return
        at += 8 + size + (size & 1)


def exif_tags(data: bytes, *, value_bytes: int) -> list[Tag]:
    """The tags of an EXIF chunk, with or without the JPEG prefix that some writers put first."""
    body = data[6:] if data.startswith(b"Exif\0\0") else data
    return list(tags(lambda at, count: body[at : at + count], value_bytes=value_bytes))


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """Size from the canvas or the bitstream, frames and rate of an animation, camera from its EXIF chunk."""
    width = height = frames = 0
    durations: set[int] = set()
    camera = software = ""
    header: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for chunk in chunks(window):
        if not chunk.whole:
            diagnostics.append(Diagnostic("media.truncated", "the file ends inside its chunks"))
        head = window.read(chunk.at, min(chunk.size, 30))
        if chunk.kind == b"VP8X" and len(head) >= 10:
            width, height = (int.from_bytes(head[i : i + 3], "little") + 1 for i in (4, 7))
        elif chunk.kind == b"ANMF" and len(head) >= 16:
            frames += 1
            durations.add(int.from_bytes(head[12:15], "little"))
        elif chunk.kind in (b"VP8 ", b"VP8L") and not width:
            width, height = _bitstream_size(chunk.kind, head)
        elif chunk.kind == b"EXIF" and chunk.size <= 1 << 20:
            camera, software, header = camera_facts(
                exif_tags(window.read(chunk.at, chunk.size), value_bytes=_EXIF_BYTES)
            )
            if _names_comfyui(window.read(chunk.at, min(chunk.size, 4096))):
                camera, software = "", "ComfyUI"
    if not width or not height:
        raise malformed("it has no picture with a size")
    moving = frames > 1
    return FileFacts(
        media_class="video" if moving else "still",
        media_type="image/webp",
        width=width,
        height=height,
        rate=rate_text(Fraction(1000, durations.pop()))
        if moving and len(durations) == 1 and 0 not in durations
        else "",
        frames=max(1, frames),
        camera=camera,
        software=software,
        header_key=camera or software,
        header=header,
    ), diagnostics


def _names_comfyui(data: bytes) -> bool:
    return b"prompt:{" in data.replace(b" ", b"") or b"workflow:{" in data.replace(b" ", b"")


def _bitstream_size(kind: bytes, head: bytes) -> tuple[int, int]:
    if kind == b"VP8 " and len(head) >= 10 and head[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    if kind == b"VP8L" and len(head) >= 5 and head[0] == 0x2F:
        packed = int.from_bytes(head[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    return 0, 0
