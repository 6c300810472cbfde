"""Text hidden in the lowest bits of PNG pixels ("stealth pnginfo", NovelAI): read without decoding more columns than it fills.

The text runs down the first column, then the second. A pixel needs only its left and upper neighbours to be unfiltered
(PNG 3, 9.2), so the first columns can be decoded alone. Eight-bit RGB or RGBA without interlacing is read; nothing else carries it.
"""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from struct import unpack

from edgecode.ingest.generation.records import TEXT_BYTES_AT_MOST
from edgecode.ingest.media.png import Chunk
from edgecode.ingest.media.window import Window

_ALPHA, _COLOR = (b"stealth_pnginfo", b"stealth_pngcomp"), (b"stealth_rgbinfo", b"stealth_rgbcomp")
_MARK_BYTES = 15
_PIXELS_AT_MOST = 100_000_000
_TEXT_PIXELS_AT_MOST = 8_000_000
_BLOCK = 1 << 16


def hidden_text(window: Window, pixels: Sequence[Chunk]) -> bytes:
    """The hidden text, or nothing. Costs the inflating of a few rows for a picture that hides none."""
    head = window.read(16, 13)
    if len(head) < 13 or not pixels:
        return b""
    width, height, bits, color, _, _, interlace = unpack(">IIBBBBB", head)
    channels = {2: 3, 6: 4}.get(color)
    if bits != 8 or interlace or channels is None or not 0 < width * height <= _PIXELS_AT_MOST:
        return b""
    picture = _Columns(window, pixels, width=width, height=height, channels=channels)
    for marks, in_alpha in ((_ALPHA, True), (_COLOR, False)):
        if in_alpha and channels != 4:
            continue
        start = picture.hidden(_MARK_BYTES + 4, in_alpha=in_alpha)
        if start[:_MARK_BYTES] not in marks:
            continue
        size = int.from_bytes(start[_MARK_BYTES:], "big") // 8
        body = picture.hidden(_MARK_BYTES + 4 + size, in_alpha=in_alpha)[_MARK_BYTES + 4 :] if size else b""
        return _opened(body, size=size, packed=start[:_MARK_BYTES] == marks[1])
    return b""


def _opened(body: bytes, *, size: int, packed: bool) -> bytes:
    if len(body) != size:
        return b""
    if not packed:
        return body
    try:
        engine = zlib.decompressobj(wbits=31)
        text = engine.decompress(body, TEXT_BYTES_AT_MOST)
    except (zlib.error, gzip.BadGzipFile):
        return b""
    return b"" if engine.unconsumed_tail else text


class _Columns:
    """The first columns of a picture, unfiltered as far as asked."""

    def __init__(self, window: Window, pixels: Sequence[Chunk], *, width: int, height: int, channels: int) -> None:
        self.window, self.pixels = window, pixels
        self.width, self.height, self.channels = width, height, channels

    def hidden(self, count: int, *, in_alpha: bool) -> bytes:
        """*count* bytes from the lowest bits, down the columns; fewer when the picture has fewer bits or is damaged."""
        per_pixel = 1 if in_alpha else 3
        wanted = -(-count * 8 // per_pixel)
        rows = min(self.height, wanted)
        columns = -(-wanted // self.height)
        if columns > self.width or wanted > _TEXT_PIXELS_AT_MOST:
            return b""
        table = list(self._unfiltered(rows, columns))
        if len(table) < rows:
            return b""
        picked = (3,) if in_alpha else (0, 1, 2)
        bits = bytearray()
        for column in range(columns):
            at = column * self.channels
            for row in table:
                bits.extend(row[at + channel] & 1 for channel in picked)
        value = int("".join("1" if bit else "0" for bit in bits[: count * 8]) or "0", 2)
        return value.to_bytes(count, "big")

    def _unfiltered(self, rows: int, columns: int) -> Iterator[bytes]:
        above = bytes(columns * self.channels)
        for filter_kind, line in self._lines(rows, columns * self.channels):
            above = _unfilter(filter_kind, line, above, self.channels)
            yield above

    def _lines(self, rows: int, kept: int) -> Iterator[tuple[int, bytes]]:
        """(filter, the first *kept* bytes) of each row; ends early where the pixels are cut short or damaged."""
        engine, held, stride = zlib.decompressobj(), bytearray(), 1 + self.width * self.channels
        given = 0
        for piece in self._compressed():
            try:
                held += engine.decompress(piece, stride * 64)
                while True:
                    at = 0
                    while at + stride <= len(held) and given < rows:
                        yield held[at], bytes(held[at + 1 : at + 1 + kept])
                        at, given = at + stride, given + 1
                    del held[:at]
                    if given >= rows or not engine.unconsumed_tail:
                        break
                    held += engine.decompress(engine.unconsumed_tail, stride * 64)
            except zlib.error:
                return
            if given >= rows:
                return

    def _compressed(self) -> Iterator[bytes]:
        for chunk in self.pixels:
            for at in range(chunk.at, chunk.at + chunk.size, _BLOCK):
                yield self.window.read(at, min(_BLOCK, chunk.at + chunk.size - at))


def _unfilter(kind: int, line: bytes, above: bytes, step: int) -> bytes:
    """One row's start in the clear (PNG 3, 9.2); *step* is bytes a pixel."""
    if kind == 0:
        return line
    out = bytearray(line)
    for i, value in enumerate(line):
        left = out[i - step] if i >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[i]
        elif kind == 3:
            guess = (left + above[i]) // 2
        else:
            guess = _paeth(left, above[i], above[i - step] if i >= step else 0)
        out[i] = (value + guess) & 255
    return bytes(out)


def _paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    near, over, cross = abs(estimate - left), abs(estimate - up), abs(estimate - corner)
    if near <= over and near <= cross:
        return left
    return up if over <= cross else corner
