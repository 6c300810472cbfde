"""TIFF and BigTIFF, DNG and CinemaDNG included: size, camera, CinemaDNG's timecode, rate and reel (TIFF 6.0, CinemaDNG 1.1)."""

from fractions import Fraction
from struct import unpack

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.exif import Tag, camera_facts, tags
from edgecode.ingest.media.timecode import rate_text, start_of
from edgecode.ingest.media.window import Window, malformed, technical
from edgecode.terms.cuts import Diagnostic

MAGICS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _DNG_VERSION = 0x0100, 0x0101, 0x0102, 0x0103, 0xC612
_PIXELS = ((0x0111, 0x0117), (0x0144, 0x0145))
"""Where strips and tiles begin, and how many bytes each has."""
_TIMECODES, _FRAME_RATE, _REEL = 0xC763, 0xC764, 0xC789
_VALUE_BYTES = 4096


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What the directories say; the size is the largest picture of the file (a DNG's first one is its thumbnail)."""
    found = list(tags(window.read, value_bytes=_VALUE_BYTES))
    width, height = _largest(found)
    if not width or not height:
        raise malformed("its directories hold no picture with a size")
    first = {tag.number: tag for tag in reversed(found)}
    camera, software, header = camera_facts(found)
    for name, wanted in (("bits", _BITS), ("compression", _COMPRESSION)):
        if wanted in first and first[wanted].numbers:
            header[name] = str(int(first[wanted].numbers[0]))
    rate = _rate(first.get(_FRAME_RATE))
    label, drop = _label(first.get(_TIMECODES))
    start, drop = start_of(label, rate, drop_frame=drop)
    return FileFacts(
        media_class="still",
        media_type="image/x-adobe-dng" if _DNG_VERSION in first else "image/tiff",
        width=width,
        height=height,
        rate=rate,
        frames=1,
        start_label=label,
        start=start,
        drop_frame=drop,
        reel=technical(first[_REEL].text) if _REEL in first else "",
        camera=camera,
        software=software,
        header_key=camera or software,
        header=header,
    ), _cut_short(found, window.size)


def _cut_short(found: list[Tag], size: int) -> list[Diagnostic]:
    """Said where strips or tiles lie beyond the end of the file; a list of them that is longer than what is read of a tag says nothing."""
    by_place = {(tag.directory, tag.number): tag.numbers for tag in found}
    for directory in {tag.directory for tag in found}:
        for starts, counts in _PIXELS:
            pairs = zip(by_place.get((directory, starts), ()), by_place.get((directory, counts), ()), strict=False)
            if any(first + count > size for first, count in pairs):
                return [Diagnostic("media.truncated", "the file ends inside its pixels", effect="approximate")]
    return []


def _largest(found: list[Tag]) -> tuple[int, int]:
    sizes: dict[int, dict[int, int]] = {}
    for tag in found:
        if tag.number in (_WIDTH, _HEIGHT) and tag.numbers:
            sizes.setdefault(tag.directory, {})[tag.number] = max(0, int(tag.numbers[0]))
    pictures = [(size.get(_WIDTH, 0), size.get(_HEIGHT, 0)) for size in sizes.values()]
    return max(pictures, key=lambda size: size[0] * size[1], default=(0, 0))


def _rate(tag: Tag | None) -> str:
    if tag is None or len(tag.raw) < 8:
        return ""
    top, bottom = unpack(f"{tag.order}ii", tag.raw[:8])
    return rate_text(Fraction(top, bottom)) if bottom else ""


def _label(tag: Tag | None) -> tuple[str, bool]:
    """The first SMPTE 331M timecode: binary-coded frames, seconds, minutes, hours; bit 6 of the frames is drop-frame."""
    if tag is None or len(tag.raw) < 4:
        return "", False
    masked = [byte & mask for byte, mask in zip(tag.raw[:4], (0x3F, 0x7F, 0x7F, 0x3F), strict=True)]
    frames, seconds, minutes, hours = ((value >> 4) * 10 + (value & 15) for value in masked)
    drop = bool(tag.raw[0] & 0x40)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{';' if drop else ':'}{frames:02d}", drop
