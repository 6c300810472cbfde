"""JPEG segments (ITU-T T.81, JFIF, Exif, XMP): size, camera; the walk that the readers of generator texts share."""

from collections.abc import Iterator
from struct import unpack, unpack_from
from typing import NamedTuple

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.exif import camera_facts, tags
from edgecode.ingest.media.window import Window, malformed, truncated
from edgecode.terms.cuts import Diagnostic

MAGIC = b"\xff\xd8\xff"
EXIF = b"Exif\0\0"
XMP = b"http://ns.adobe.com/xap/1.0/\0"
_SEGMENTS_AT_MOST = 10_000
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Segment(NamedTuple):
    """One marker segment before the scan: *at* and *size* of its data."""

    marker: int
    at: int
    size: int


def segments(window: Window) -> Iterator[Segment]:
    """The segments up to the first scan. Raises InputError ``media.truncated`` where the file ends first."""
    at = 2
    for _ in range(_SEGMENTS_AT_MOST):
        head = window.read(at, 4)
        if len(head) < 4:
            raise truncated("segments")
        if head[0] != 0xFF:
            raise malformed("a segment does not start with a marker")
        marker = head[1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in (0xDA, 0xD9):
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
            continue
        size = unpack(">H", head[2:])[0]
        if size < 2 or at + 2 + size > window.size:
            raise truncated("segments")
        yield Segment(marker, at + 4, size - 2)
        at += 2 + size
    raise malformed(f"it has more than {_SEGMENTS_AT_MOST} segments")


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What a JPEG says before its scan."""
    width = height = 0
    camera = software = ""
    header: dict[str, str] = {}
    for segment in segments(window):
        if segment.marker in _FRAME_MARKERS and segment.size >= 6:
            bits, height, width, components = unpack_from(">BHHB", window.read(segment.at, 6))
            header |= {"bits": str(bits), "components": str(components)}
            break
        if segment.marker == 0xE1 and not camera:
            data = window.read(segment.at, segment.size)
            if data.startswith(EXIF):
                found = list(tags(lambda at, count, data=data: data[6 + at : 6 + at + count], value_bytes=4096))  # type: ignore[misc]
                camera, software, further = camera_facts(found)
                header |= further
    if not width or not height:
        raise malformed("it has no frame header with a size")
    return FileFacts(
        media_class="still",
        media_type="image/jpeg",
        width=width,
        height=height,
        frames=1,
        camera=camera,
        software=software,
        header_key=camera or software,
        header=header,
    ), []
