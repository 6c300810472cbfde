"""Exif and TIFF directories: tags as bytes with their place, and a few technical facts from them (TIFF 6.0, Exif 2.32)."""

import struct
from collections.abc import Callable, Iterator
from struct import unpack, unpack_from
from typing import NamedTuple

from edgecode.ingest.media.window import device, number, program, technical

_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_TYPE_CODE = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_DIRECTORIES_AT_MOST = 64
_TAGS_AT_MOST = 4096
_SUB_DIRECTORIES = (0x8769, 0x014A)

Reader = Callable[[int, int], bytes]
"""Reads (position, count) from the start of the TIFF structure; fewer bytes at its end."""


class Tag(NamedTuple):
    """One tag: *kind* is the TIFF type, *raw* its value's bytes (at most the cap given), *order* the byte order."""

    directory: int
    number: int
    kind: int
    items: int
    raw: bytes
    order: str

    @property
    def text(self) -> str:
        """The value as text up to its first NUL."""
        return self.raw.split(b"\0", 1)[0].decode("utf-8", "replace").strip()

    @property
    def numbers(self) -> tuple[float, ...]:
        """The value as numbers; rationals divided, empty when it is not numeric."""
        try:
            if self.kind in (5, 10):
                pair = "II" if self.kind == 5 else "ii"
                parts = [unpack_from(self.order + pair, self.raw, 8 * i) for i in range(len(self.raw) // 8)]
                return tuple(a / b if b else 0.0 for a, b in parts)
            code = _TYPE_CODE.get(self.kind)
            size = _TYPE_BYTES.get(self.kind, 1)
            return unpack(f"{self.order}{len(self.raw) // size}{code}", self.raw) if code else ()
        except struct.error:
            return ()


def tags(read: Reader, *, value_bytes: int) -> Iterator[Tag]:
    """Every tag of all directories (chained and sub-directories), values above *value_bytes* cut to nothing.

    Ends quietly where the structure breaks; directories are visited once each.
    """
    start = read(0, 16)
    order = {b"II": "<", b"MM": ">"}.get(start[:2])
    if order is None or len(start) < 8:
        return
    big = unpack_from(f"{order}H", start, 2)[0] == 43 and len(start) == 16
    waiting = [unpack_from(f"{order}Q", start, 8)[0] if big else unpack_from(f"{order}I", start, 4)[0]]
    seen: set[int] = set()
    while waiting and len(seen) < _DIRECTORIES_AT_MOST:
        at = waiting.pop(0)
        if at in seen or not at:
            continue
        index = len(seen)
        seen.add(at)
        for tag in _directory(read, at, order=order, big=big, index=index, value_bytes=value_bytes, further=waiting):
            if tag.number in _SUB_DIRECTORIES:
                waiting.extend(int(value) for value in tag.numbers[:16])
            yield tag


def _directory(
    read: Reader, at: int, *, order: str, big: bool, index: int, value_bytes: int, further: list[int]
) -> Iterator[Tag]:
    head, step, inline = (8, 20, 8) if big else (2, 12, 4)
    counted = read(at, head)
    if len(counted) < head:
        return
    count = unpack(f"{order}{'Q' if big else 'H'}", counted)[0]
    table = read(at + head, step * min(count, _TAGS_AT_MOST))
    for position in range(0, len(table) - step + 1, step):
        tag, kind = unpack_from(f"{order}HH", table, position)
        items = unpack_from(f"{order}{'Q' if big else 'I'}", table, position + 4)[0]
        size = items * _TYPE_BYTES.get(kind, 0)
        value = table[position + step - inline : position + step]
        if size > inline:
            where = unpack(f"{order}{'Q' if big else 'I'}", value)[0]
            value = read(where, size) if size <= value_bytes else b""
        yield Tag(index, tag, kind, items, value[:size], order)
    after = read(at + head + step * count, inline) if count <= _TAGS_AT_MOST else b""
    if len(after) == inline:
        further.append(unpack(f"{order}{'Q' if big else 'I'}", after)[0])


_NAMED = {
    0x829A: "exposure_time", 0x829D: "aperture", 0x8827: "iso", 0x9003: "captured", 0x920A: "focal_length",
    0xA434: "lens", 0x0112: "orientation", 0xA001: "color_space",
}  # fmt: skip


def camera_facts(found: list[Tag]) -> tuple[str, str, dict[str, str]]:
    """(camera, software, further technical attributes) from tags; text that a generator put into them is left out."""
    texts = {
        tag.number: technical(tag.text)
        for tag in found
        if tag.number in (0x010F, 0x0110, 0x0131) and _is_plain(tag.text)
    }
    header: dict[str, str] = {}
    for tag in found:
        if name := _NAMED.get(tag.number):
            values = tag.numbers
            written = technical(tag.text) if tag.kind == 2 else number(float(values[0])) if values else ""
            if written:
                header.setdefault(name, written)
    return device(texts.get(0x010F, ""), texts.get(0x0110, "")), program(texts.get(0x0131, "")), header


def _is_plain(text: str) -> bool:
    return len(text) <= 100 and "{" not in text and "\n" not in text
