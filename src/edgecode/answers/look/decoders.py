"""Decodes just enough of OpenEXR and DPX for a thumbnail: one part, scan lines, half or float; ten-bit RGB.

Sources: OpenEXR file layout (openexr.com), SMPTE ST 268. Only the lines that a thumbnail needs are unpacked, and arithmetic is
done on whole rows in C (Pillow, zlib, bytes.translate), since there is no numpy in the base install.
"""

import struct
import sys
import zlib
from array import array
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from msgspec import Struct
from PIL import Image

_MAX_ATTRIBUTES = 1000
_MAX_BLOCK_BYTES = 32 * 1024 * 1024
_BYTES_OF = {0: 4, 1: 2, 2: 4}
_LINES_OF = {0: 1, 1: 1, 2: 1, 3: 16}
"""Lines in a block by compression: NONE, RLE, ZIPS, ZIP. Others (PIZ, DWA, …) are not read here."""


class UnreadableError(Exception):
    """The picture cannot be decoded here; the page shows a tile instead."""


class TooLargeError(UnreadableError):
    """The header promises more pixels than we decode."""


class _Channel(Struct, frozen=True):
    name: str
    type: int
    offset: int


class _Layout(Struct, frozen=True):
    width: int
    height: int
    top: int
    compression: int
    stride: int
    channels: tuple[_Channel, ...]
    table: int

    @property
    def lines(self) -> int:
        return _LINES_OF[self.compression]


def decode_exr(data: bytes, *, max_pixels: int, fit: tuple[int, int]) -> Image.Image:
    """An RGB picture of about twice *fit* or smaller, exposed so that its bright parts show, in sRGB. Raises UnreadableError."""
    layout = _layout(data, max_pixels)
    picked = [_picked(layout.channels, names) for names in (("R", "Y"), ("G", "Y"), ("B", "Y"))]
    step_y = max(1, layout.height // (fit[1] * 2))
    step_x = max(1, layout.width // (fit[0] * 2))
    wide = len(range(0, layout.width, step_x))
    planes = [bytearray(), bytearray(), bytearray()]
    tall = 0
    for row in _rows(data, layout, step_y):
        tall += 1
        for plane, channel in zip(planes, picked, strict=True):
            plane += _top_bytes(row, channel, layout.width, step_x)
    images = [Image.frombytes("I;16", (wide, tall), bytes(plane)) for plane in planes]
    return Image.merge("RGB", [_shown(image, _exposure(planes)) for image in images])


def _layout(data: bytes, max_pixels: int) -> _Layout:
    flags = struct.unpack_from("<I", data, 4)[0]
    if flags & 0x1A00:
        raise UnreadableError("tiled, deep and multi-part files are not decoded here")
    attributes, table = _attributes(data)
    try:
        left, top, right, bottom = struct.unpack("<iiii", attributes["dataWindow"])
        compression = attributes["compression"][0]
        channels, stride = _channels(attributes["channels"], right - left + 1)
    except (KeyError, IndexError) as error:
        raise UnreadableError("the header lacks what it must have") from error
    width, height = right - left + 1, bottom - top + 1
    if width <= 0 or height <= 0 or compression not in _LINES_OF:
        raise UnreadableError("not a size or compression that is decoded here")
    if width * height > max_pixels or stride * _LINES_OF[compression] > _MAX_BLOCK_BYTES:
        raise TooLargeError("more pixels than a thumbnail is worth")
    return _Layout(width, height, top, compression, stride, channels, table)


def _attributes(data: bytes) -> tuple[dict[str, bytes], int]:
    found: dict[str, bytes] = {}
    at = 8
    for _ in range(_MAX_ATTRIBUTES):
        end = data.index(b"\0", at, at + 256)
        if end == at:
            return found, end + 1
        name = data[at:end].decode("latin-1")
        end = data.index(b"\0", end + 1, end + 257)
        size = struct.unpack_from("<I", data, end + 1)[0]
        at = end + 5 + size
        if at > len(data):
            break
        found[name] = data[end + 5 : at]
    raise UnreadableError("the header has no end")


def _channels(listed: bytes, width: int) -> tuple[tuple[_Channel, ...], int]:
    found, at, offset = [], 0, 0
    while at < len(listed) and listed[at]:
        end = listed.index(b"\0", at)
        kind, _, across, down = struct.unpack_from("<iIii", listed, end + 1)
        if kind not in _BYTES_OF or (across, down) != (1, 1):
            raise UnreadableError("subsampled channels are not decoded here")
        found.append(_Channel(listed[at:end].decode("latin-1"), kind, offset))
        offset += _BYTES_OF[kind] * width
        at = end + 17
    return tuple(found), offset


def _picked(channels: tuple[_Channel, ...], names: tuple[str, ...]) -> _Channel:
    for name in names:
        for channel in channels:
            if channel.name == name and channel.type in (1, 2):
                return channel
    raise UnreadableError("no channel of that color in half or float")


def _rows(data: bytes, layout: _Layout, step: int) -> Iterator[bytes]:
    """Every *step*-th line, top down; a block is unpacked once."""
    blocks = -(-layout.height // layout.lines)
    offsets = struct.unpack_from(f"<{blocks}Q", data, layout.table)
    last, unpacked = -1, b""
    for y in range(0, layout.height, step):
        block, line = divmod(y, layout.lines)
        if block != last:
            last, unpacked = block, _block(data, offsets[block], layout, block)
        yield unpacked[line * layout.stride : (line + 1) * layout.stride]


def _block(data: bytes, offset: int, layout: _Layout, block: int) -> bytes:
    top, size = struct.unpack_from("<ii", data, offset)
    raw_size = layout.stride * min(layout.lines, layout.height - block * layout.lines)
    packed = data[offset + 8 : offset + 8 + size]
    if size < 0 or len(packed) != size or top != layout.top + block * layout.lines:
        raise UnreadableError("a block is cut off or out of place")
    if layout.compression == 0 or size == raw_size:
        return packed
    if layout.compression == 1:
        return _unzigzag(_run_lengths(packed, raw_size))
    inflater = zlib.decompressobj()
    try:
        return _unzigzag(inflater.decompress(packed, raw_size))
    except zlib.error as error:
        raise UnreadableError("a block does not unpack") from error


def _run_lengths(packed: bytes, raw_size: int) -> bytes:
    out, at = bytearray(), 0
    while at < len(packed) and len(out) < raw_size:
        count = packed[at] - 256 if packed[at] > 127 else packed[at]
        if count < 0:
            out += packed[at + 1 : at + 1 - count]
            at += 1 - count
        else:
            out += packed[at + 1 : at + 2] * (count + 1)
            at += 2
    return bytes(out[:raw_size])


_PLUS_128 = bytes((value + 128) & 0xFF for value in range(256))


def _unzigzag(coded: bytes) -> bytes:
    """Undo OpenEXR's predictor (running sum of differences minus 128) and its split into even and odd bytes."""
    # The low byte of a plain running sum is the sum modulo 256, and 128 taken off n times is 0 or 128 by turns.
    sums = array("Q", accumulate(coded)).tobytes()
    summed = bytearray(sums[0::8] if sys.byteorder == "little" else sums[7::8])
    summed[1::2] = summed[1::2].translate(_PLUS_128)
    half = (len(summed) + 1) // 2
    out = bytearray(len(summed))
    out[0::2] = summed[:half]
    out[1::2] = summed[half:]
    return bytes(out)


def _top_bytes(row: bytes, channel: _Channel, width: int, step: int) -> bytes:
    """Every *step*-th value of a channel as half float bytes, little endian; floats are brought to half first."""
    size = _BYTES_OF[channel.type]
    part = row[channel.offset : channel.offset + width * size]
    if len(part) != width * size:
        raise UnreadableError("a line is short")
    if channel.type == 2:
        values = struct.unpack(f"<{width}f", part)[::step]
        return struct.pack(
            f"<{len(values)}e", *(min(65504.0, max(0.0, value)) if value == value else 0.0 for value in values)
        )
    out = bytearray(2 * len(range(0, width, step)))
    out[0::2] = part[0 :: 2 * step]
    out[1::2] = part[1 :: 2 * step]
    return bytes(out)


def _exposure(planes: list[bytearray]) -> int:
    """Stops of light to add, -6 to 6, so that the brightest hundredth of a sample reaches white; 0 for ordinary pictures."""
    bright = sorted(
        struct.unpack_from("<e", plane, at)[0] for plane in planes for at in range(0, len(plane) - 1, 2 * 97)
    )
    usable = [value for value in bright if 0 < value < 65504]
    if not usable:
        return 0
    top = usable[int(len(usable) * 0.99)]
    stops = 0
    while top > 4 and stops > -6:
        top, stops = top / 2, stops - 1
    while top < 0.12 and stops < 6:
        top, stops = top * 2, stops + 1
    return stops


@lru_cache(maxsize=16)
def _tone(stops: int) -> list[int]:
    """sRGB bytes for every half float's bit pattern after *stops* of exposure (IEC 61966-2-1); negative and NaN are black."""
    table = bytearray(65536)
    gain = 2.0**stops
    for bits in range(0x7C01):
        linear = min(1.0, struct.unpack("<e", struct.pack("<H", bits))[0] * gain)
        value = linear * 12.92 if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
        table[bits] = round(value * 255)
    return list(table)


def _shown(image: Image.Image, stops: int) -> Image.Image:
    return image.convert("I").point(_tone(stops), "L")


def decode_dpx(data: bytes, *, max_pixels: int, fit: tuple[int, int]) -> Image.Image:
    """An RGB picture of ten-bit filled DPX (packing method A), about twice *fit* or smaller. Raises UnreadableError."""
    order = ">" if data[:4] == b"SDPX" else "<"
    start = struct.unpack_from(order + "I", data, 4)[0]
    width, height = struct.unpack_from(order + "II", data, 772)
    descriptor, transfer, bits = data[800], data[801], data[803]
    packing, encoding = struct.unpack_from(order + "HH", data, 804)
    if (descriptor, bits, packing, encoding) != (50, 10, 1, 0) or not width or not height:
        raise UnreadableError("only ten-bit filled RGB is decoded here")
    if width * height > max_pixels:
        raise TooLargeError("more pixels than a thumbnail is worth")
    if start + width * height * 4 > len(data):
        raise UnreadableError("the picture is cut off")
    step_x, step_y = max(1, width // (fit[0] * 2)), max(1, height // (fit[1] * 2))
    tone = _film_tone() if transfer == 3 else bytes(code >> 2 for code in range(1024))
    out = bytearray()
    columns = range(0, width, step_x)
    for y in range(0, height, step_y):
        words = struct.unpack_from(f"{order}{width}I", data, start + y * width * 4)
        for x in columns:
            word = words[x]
            out += bytes((tone[word >> 22], tone[word >> 12 & 1023], tone[word >> 2 & 1023]))
    return Image.frombytes("RGB", (len(columns), len(range(0, height, step_y))), bytes(out))


@lru_cache(maxsize=1)
def _film_tone() -> bytes:
    """Printing density to sRGB, simply: reference black 95 and white 685, 0.002 density a code, film gamma 0.6 (Cineon)."""
    black = 10 ** ((95 - 685) * 0.002 / 0.6)
    table = bytearray()
    for code in range(1024):
        linear = min(1.0, max(0.0, (10 ** ((code - 685) * 0.002 / 0.6) - black) / (1 - black)))
        table.append(round((linear * 12.92 if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055) * 255))
    return bytes(table)
