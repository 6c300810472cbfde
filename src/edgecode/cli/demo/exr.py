"""Writes the demo's OpenEXR files: one part, half float RGB scan lines, NONE, ZIPS or ZIP. Source: OpenEXR file layout."""

import struct
import zlib
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageChops

Compression = Literal["none", "zips", "zip"]

_CODE = {"none": 0, "zips": 2, "zip": 3}
_LINES = {"none": 1, "zips": 1, "zip": 16}
_HALF = 1


def exr(image: Image.Image, *, compression: Compression, attributes: bytes = b"") -> bytes:
    """The EXR file of an sRGB *image*, its light made linear; *attributes* are header bytes from the functions below."""
    width, height = image.size
    rows = _scan_lines(image)
    size = width * 6
    header = _header(width, height, compression, attributes)
    lines = _LINES[compression]
    chunks = []
    for top in range(0, height, lines):
        raw = rows[top * size : (top + lines) * size]
        packed = raw if compression == "none" else _zipped(raw)
        # A block that does not shrink is stored as it is; readers tell by its length.
        body = packed if len(packed) < len(raw) else raw
        chunks.append(struct.pack("<ii", top, len(body)) + body)
    offset = len(header) + 8 * len(chunks)
    table = []
    for chunk in chunks:
        table.append(struct.pack("<Q", offset))
        offset += len(chunk)
    return b"".join((header, *table, *chunks))


def text_attribute(name: str, value: str) -> bytes:
    """A string attribute."""
    return _attribute(name, "string", value.encode())


def rational_attribute(name: str, numerator: int, denominator: int) -> bytes:
    """A rational attribute, such as framesPerSecond."""
    return _attribute(name, "rational", struct.pack("<iI", numerator, denominator))


def timecode_attribute(label: str) -> bytes:
    """The timeCode attribute for a non-drop label ``HH:MM:SS:FF``: binary-coded digits as in SMPTE ST 12-1, user bits zero."""
    hours, minutes, seconds, frames = (int(part, 16) for part in label.split(":"))
    return _attribute(
        "timeCode", "timecode", struct.pack("<II", hours << 24 | minutes << 16 | seconds << 8 | frames, 0)
    )


def _attribute(name: str, kind: str, value: bytes) -> bytes:
    return f"{name}\0{kind}\0".encode() + struct.pack("<i", len(value)) + value


def _header(width: int, height: int, compression: Compression, attributes: bytes) -> bytes:
    channels = b"".join(name + b"\0" + struct.pack("<iIii", _HALF, 0, 1, 1) for name in (b"B", b"G", b"R")) + b"\0"
    window = struct.pack("<iiii", 0, 0, width - 1, height - 1)
    return b"".join(
        (
            struct.pack("<II", 20000630, 2),
            attributes,
            _attribute("channels", "chlist", channels),
            _attribute("compression", "compression", bytes([_CODE[compression]])),
            _attribute("dataWindow", "box2i", window),
            _attribute("displayWindow", "box2i", window),
            _attribute("lineOrder", "lineOrder", b"\0"),
            _attribute("pixelAspectRatio", "float", struct.pack("<f", 1.0)),
            _attribute("screenWindowCenter", "v2f", struct.pack("<ff", 0.0, 0.0)),
            _attribute("screenWindowWidth", "float", struct.pack("<f", 1.0)),
            b"\0",
        )
    )


def _scan_lines(image: Image.Image) -> bytes:
    """Every line as blue, green, red halves, little endian, in file order."""
    low, high = _half_tables()
    width, height = image.size
    stride = width * 6
    rows = bytearray(stride * height)
    red, green, blue = image.split()
    for place, channel in enumerate((blue, green, red)):
        data = channel.tobytes()
        halves = bytearray(2 * len(data))
        halves[0::2] = data.translate(low)
        halves[1::2] = data.translate(high)
        for y in range(height):
            at = y * stride + place * width * 2
            rows[at : at + width * 2] = halves[y * width * 2 : (y + 1) * width * 2]
    return bytes(rows)


@lru_cache(maxsize=1)
def _half_tables() -> tuple[bytes, bytes]:
    """Low and high bytes of the linear half float of each sRGB byte (IEC 61966-2-1)."""
    halves = []
    for value in range(256):
        part = value / 255
        linear = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        halves.append(struct.pack("<e", linear))
    # Six bits of the fraction are plenty for pictures of eight bits, and the files stay half as large.
    return bytes(half[0] & 0xF0 for half in halves), bytes(half[1] for half in halves)


@lru_cache(maxsize=8)
def _bias(length: int) -> Image.Image:
    return Image.new("L", (length, 1), 128)


def _zipped(raw: bytes) -> bytes:
    """OpenEXR's zip: split even and odd bytes, difference of neighbors plus 128, deflate. Pillow does the arithmetic in C."""
    split = raw[0::2] + raw[1::2]
    here = Image.frombytes("L", (len(split), 1), split)
    before = Image.frombytes("L", (len(split), 1), b"\0" + split[:-1])
    difference = ImageChops.add_modulo(ImageChops.subtract_modulo(here, before), _bias(len(split))).tobytes()
    return zlib.compress(split[:1] + difference[1:], 1)
