"""Small pictures of media files for the look page: a JPEG of a middle frame, or a PNG of a sound's wave; None where nobody can tell.

Everything read here comes from strangers: sizes are taken from headers and bounded before a pixel is decoded.
"""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from edgecode.answers.look.decoders import TooLargeError, UnreadableError, decode_dpx, decode_exr
from edgecode.answers.look.video import frame_from_video

SIZE = (320, 180)
"""The box in pixels that a picture is fitted into."""

_BOXES = ((SIZE, 6_000), ((208, 117), 3_000), ((160, 90), 0))
"""Boxes with the least that a picture must be allowed to weigh to be tried at that size; on a page of thousands it may weigh little."""

MAX_BYTES = 12_288
MAX_PIXELS = 100_000_000
MAX_FILE_BYTES = 256 * 1024 * 1024
_WAVE_COLUMNS = 320
_BROKEN = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, MemoryError,
    RecursionError, struct.error, zlib.error, Image.DecompressionBombError, UnreadableError,
)  # fmt: skip
"""What readers of pictures raise for files that are broken or made to break them; each means that there is no picture."""

_PLAIN = {"PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP"}
_VIDEO = {".mov", ".mp4", ".m4v", ".mxf", ".mkv", ".webm", ".avi"}


def thumbnail(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes | None:
    """JPEG (PNG for sound) bytes of at most about *max_bytes* for one file; for a sequence give its middle frame's path.

    None for what cannot be read, is too large (over 100 million pixels or 256 MB), or is of no known kind. Never raises for a bad file.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
        if path.suffix.lower() in _VIDEO:
            return _from_video(path, max_bytes)
        if path.stat().st_size > MAX_FILE_BYTES and head[:4] != b"RIFF":
            return None
        if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
            return _wave(path)
        return small_jpeg(_picture(path, head), max_bytes=max_bytes)
    except _BROKEN:
        return None


def picture_of(path: Path) -> Image.Image | None:
    """One frame of a picture file as RGB, at about the size of a thumbnail or whole; None as for `thumbnail`."""
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
        return None if path.stat().st_size > MAX_FILE_BYTES else _picture(path, head)
    except _BROKEN:
        return None


def _picture(path: Path, head: bytes) -> Image.Image:
    if head[:4] == b"\x76\x2f\x31\x01":
        return decode_exr(path.read_bytes(), max_pixels=MAX_PIXELS, fit=SIZE)
    if head[:4] in (b"SDPX", b"XPDS"):
        return decode_dpx(path.read_bytes(), max_pixels=MAX_PIXELS, fit=SIZE)
    with Image.open(path, formats=sorted(_PLAIN)) as image:
        if image.width * image.height > MAX_PIXELS:
            raise TooLargeError
        image.draft("RGB", (SIZE[0] * 2, SIZE[1] * 2))
        upright = ImageOps.exif_transpose(image)
        return _flat(upright)


def _flat(image: Image.Image) -> Image.Image:
    """RGB over black, sixteen-bit grays brought down."""
    if image.mode in ("I", "I;16", "I;16B", "I;16L", "F"):
        high = image.convert("F").getextrema()[1]
        top = float(high) if isinstance(high, (int, float)) and high > 0 else 1.0
        return image.convert("F").point(lambda value: value * (255.0 / top)).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        ground = Image.new("RGB", clear.size)
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    return image.convert("RGB")


def small_jpeg(image: Image.Image, *, max_bytes: int = MAX_BYTES) -> bytes:
    """*image* fitted into the box as a JPEG; quality, then size falls until it weighs at most *max_bytes* or is the least there is."""
    image = image.convert("RGB")
    for box in (box for box, least in _BOXES if max_bytes >= least):
        image.thumbnail(box, Image.Resampling.LANCZOS)
        for quality in (70, 60, 50, 40, 30):
            out = BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= max_bytes:
                return out.getvalue()
    return out.getvalue()


def _from_video(path: Path, max_bytes: int) -> bytes | None:
    data = frame_from_video(path)
    if data is None:
        return None
    with Image.open(BytesIO(data), formats=["JPEG"]) as image:
        return small_jpeg(image, max_bytes=max_bytes)


def _wave(path: Path) -> bytes | None:
    """The loudness of a PCM sound as a picture; None for other encodings."""
    with path.open("rb") as stream:
        found = _pcm(stream.read(1 << 20), path.stat().st_size)
        if found is None:
            return None
        start, length, channels, width = found
        peaks = []
        for column in range(_WAVE_COLUMNS):
            # A window of at most 2,400 samples a column keeps an hour of sound as cheap as a second.
            at = start + length * column // _WAVE_COLUMNS // (channels * width) * (channels * width)
            stream.seek(at)
            peaks.append(_peak(stream.read(min(2400 * channels * width, length // _WAVE_COLUMNS + 1)), channels, width))
    return _drawn(peaks)


def _pcm(head: bytes, size: int) -> tuple[int, int, int, int] | None:
    """Where the samples start, how many bytes they are, channels, bytes a sample: from the chunks of a RIFF file."""
    at, form = 12, None
    while at + 8 <= len(head):
        name, length = head[at : at + 4], struct.unpack_from("<I", head, at + 4)[0]
        if name == b"fmt " and length >= 16:
            code, channels, _, _, _, bits = struct.unpack_from("<HHIIHH", head, at + 8)
            form = (code, channels, bits)
        if name == b"data" and form:
            code, channels, bits = form
            if code not in (1, 0xFFFE) or bits not in (16, 24) or not 0 < channels <= 64:
                return None
            whole = min(length, size - at - 8)
            return (at + 8, whole, channels, bits // 8) if whole > 0 else None
        at += 8 + length + length % 2
    return None


def _peak(data: bytes, channels: int, width: int) -> float:
    """The loudest sample of the first channel, 0 to 1; the top two bytes of each sample are enough."""
    stride = channels * width
    tops = data[width - 1 :: stride]
    return max(tops.translate(_LOUDNESS), default=0) / 128


_LOUDNESS = bytes(min(value, 256 - value) for value in range(256))


def _drawn(peaks: list[float]) -> bytes:
    image = Image.new("RGB", SIZE, (20, 24, 30))
    pen = ImageDraw.Draw(image)
    middle = SIZE[1] // 2
    for x, peak in enumerate(peaks):
        tall = max(1, round(peak * (middle - 8)))
        pen.line((x, middle - tall, x, middle + tall), fill=(126, 196, 214) if x % 2 else (94, 160, 184))
    out = BytesIO()
    image.quantize(8).save(out, "PNG", optimize=True)
    return out.getvalue()
