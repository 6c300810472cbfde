"""Pulls the text records out of containers: PNG, APNG, WebP, JPEG, AVIF/HEIC, MP4/MOV, Matroska, safetensors, JSON files."""

import re
import zlib
from collections.abc import Callable, Iterator
from html import unescape
from struct import unpack_from

from edgecode.errors import InputError
from edgecode.ingest.generation.records import TEXT_BYTES_AT_MOST, Record
from edgecode.ingest.generation.stealth import hidden_text
from edgecode.ingest.media import exif, isobmff, jpeg, matroska, png, safetensors, tiff, webp
from edgecode.ingest.media.window import Window, malformed

READ_BYTES_AT_MOST = 2 * TEXT_BYTES_AT_MOST
"""The most that looking for records may read from one file."""

_EXIF_NAMES = {0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0131: "Software", 0x9C9C: "XPComment"}
_USER_COMMENT = 0x9286
_KEYED = re.compile(r"([A-Za-z_][\w.\- ]{0,60}):\s*([\[{\"].*)", re.DOTALL)
_XMP_TEXT = re.compile(r"<([\w:.\-]++)(?:\s[^<>]*+)?>([^<]++)</\1>|\s([\w:.\-]++)=(\"[^\"<]*+\"|'[^'<]*+')")
_XMP_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)

_TooLarge = InputError("generation.text_too_large", "it holds more than 64 MB of text, which was left unread")


class _Sum:
    """Counts the bytes of text taken from one file; more than 64 MB is refused."""

    def __init__(self) -> None:
        self.left = TEXT_BYTES_AT_MOST

    def take(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise _TooLarge
        return data

    def inflate(self, data: bytes) -> bytes:
        """Decompressed text; stops at the first byte above what is left, so that a bomb costs 64 MB and no more."""
        engine = zlib.decompressobj()
        try:
            text = engine.decompress(data, self.left + 1)
        except zlib.error:
            raise InputError("generation.text_unreadable", "a compressed text is damaged and was left unread") from None
        return self.take(text)


def records(window: Window) -> Iterator[Record]:
    """Every text record of the file, in file order. Raises InputError (``media.*``, ``generation.*``) where the file breaks;
    what came before stands."""
    reader = _reader(window)
    if reader is not None:
        yield from reader(window, _Sum())


def _reader(window: Window) -> Callable[[Window, _Sum], Iterator[Record]] | None:
    head = window.head
    if head.startswith(png.MAGIC):
        return _png
    if head.startswith(jpeg.MAGIC):
        return _jpeg
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp
    if head[:4] in tiff.MAGICS:
        return _tiff
    if head.startswith(matroska.MAGIC):
        return _matroska
    if head[4:8] in (b"ftyp", b"moov", b"wide", b"mdat", b"free", b"skip"):
        return _isobmff
    if safetensors.looks_like(head, window.size):
        return _safetensors
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_file
    return None


def _png(window: Window, taken: _Sum) -> Iterator[Record]:
    found = False
    pixels: list[png.Chunk] = []
    problem: InputError | None = None
    try:
        for chunk in png.chunks(window):
            if chunk.kind == b"IDAT":
                pixels.append(chunk)
            elif chunk.kind in (b"tEXt", b"comf", b"zTXt", b"iTXt", b"eXIf"):
                for record in _png_texts(window, chunk, taken):
                    found = found or record.key not in _NOT_GENERATIVE
                    yield record
    except InputError as ended:
        problem = ended
    if not found and (text := hidden_text(window, pixels)):
        yield Record.of("stealth", taken.take(text))
    if problem is not None:
        raise problem


_NOT_GENERATIVE = frozenset(
    ("date:create", "date:modify", "date:timestamp", "Software", "Creation Time", "Author", "Copyright")
)


def _png_texts(window: Window, chunk: png.Chunk, taken: _Sum) -> Iterator[Record]:
    data = window.exactly(chunk.at, chunk.size, "chunks")
    if chunk.kind == b"eXIf":
        yield from _exif_records(data, taken)
        return
    name, separator, rest = data.partition(b"\0")
    key = name.decode("latin-1")
    if not separator:
        return
    if chunk.kind == b"zTXt":
        rest = taken.inflate(rest[1:])
    elif chunk.kind == b"iTXt":
        packed = rest[:1] == b"\1"
        parts = rest[2:].split(b"\0", 2)
        if len(parts) < 3:
            return
        rest = taken.inflate(parts[2]) if packed else taken.take(parts[2])
    else:
        taken.take(rest)
    if key == "XML:com.adobe.xmp":
        yield from _xmp_records(rest)
    else:
        yield Record.of(key, rest)


def _jpeg(window: Window, taken: _Sum) -> Iterator[Record]:
    for segment in jpeg.segments(window):
        if segment.marker not in (0xE1, 0xFE):
            continue
        data = taken.take(window.exactly(segment.at, segment.size, "segments"))
        if segment.marker == 0xFE:
            yield Record.of("comment", data)
        elif data.startswith(jpeg.EXIF):
            yield from _exif_records(data, taken)
        elif data.startswith(jpeg.XMP):
            yield from _xmp_records(data[len(jpeg.XMP) :])


def _webp(window: Window, taken: _Sum) -> Iterator[Record]:
    for chunk in webp.chunks(window):
        if chunk.kind in (b"EXIF", b"XMP "):
            data = taken.take(window.read(chunk.at, min(chunk.size, TEXT_BYTES_AT_MOST + 1)))
            yield from _exif_records(data, taken) if chunk.kind == b"EXIF" else _xmp_records(data)


def _tiff(window: Window, taken: _Sum) -> Iterator[Record]:
    for tag in exif.tags(window.read, value_bytes=TEXT_BYTES_AT_MOST):
        yield from _tag_records(tag, taken)
        if tag.number == 0x02BC:
            yield from _xmp_records(taken.take(tag.raw))


def _exif_records(data: bytes, taken: _Sum) -> Iterator[Record]:
    for tag in webp.exif_tags(data, value_bytes=TEXT_BYTES_AT_MOST):
        yield from _tag_records(tag, taken)


def _tag_records(tag: exif.Tag, taken: _Sum) -> Iterator[Record]:
    """ComfyUI writes ``prompt:{…}`` into any text tag; the A1111 family writes the user comment."""
    if tag.number == _USER_COMMENT:
        text = _user_comment(tag.raw, big=tag.order == ">")
        yield Record("UserComment", taken.take(text.encode("utf-8", "replace")), text)
    elif tag.kind == 2 or tag.number in _EXIF_NAMES:
        raw = tag.raw.rstrip(b"\0")
        if tag.number == 0x9C9C:
            raw = raw.decode("utf-16-le", "replace").rstrip("\0").encode("utf-8", "replace")
        whole = Record.of(_EXIF_NAMES.get(tag.number, f"exif:{tag.number:04x}"), taken.take(raw))
        keyed = _KEYED.match(whole.text)
        yield Record.of(keyed[1].strip().lower(), raw[raw.index(b":") + 1 :].strip()) if keyed else whole


def _user_comment(raw: bytes, *, big: bool) -> str:
    """Exif 2.32, 4.6.5: eight bytes name the code. Writers disagree on the byte order of UNICODE, so the likelier one is taken."""
    code, body = raw[:8], raw[8:]
    if code.startswith(b"UNICODE"):
        orders = ("utf-16-be", "utf-16-le") if big else ("utf-16-le", "utf-16-be")
        sample = body[:4096]
        guess = min(orders, key=lambda order: sum(ord(c) > 0x2FF for c in sample.decode(order, "replace")))
        return body.decode(guess, "replace").strip("\0\ufeff ")
    if code.startswith((b"ASCII", b"JIS\0", b"\0\0\0\0")):
        return Record.of("", body.strip(b"\0 ")).text
    return Record.of("", raw.strip(b"\0 ")).text


def _xmp_records(data: bytes) -> Iterator[Record]:
    """Texts of an XMP packet that hold JSON or an infotext. The packet is never parsed as XML, so no entity can expand."""
    text = data.decode("utf-8", "replace")
    for match in _XMP_TEXT.finditer(text):
        name, value = (match[1], match[2]) if match[1] else (match[3], match[4][1:-1])
        if "{" in value or "[" in value or "Steps: " in value:
            yield from _xmp_value(name, unescape(value).strip())
    for match in _XMP_CDATA.finditer(text):
        yield from _xmp_value("xmp", match[1].strip())


def _xmp_value(name: str, value: str) -> Iterator[Record]:
    keyed = _KEYED.match(value)
    if keyed:
        yield Record.of(keyed[1].strip().lower(), keyed[2].encode("utf-8", "replace"))
    elif value:
        plain = {"usercomment": "UserComment", "li": "UserComment", "parameters": "parameters"}
        local = name.rsplit(":", 1)[-1]
        yield Record.of(plain.get(local.lower(), local), value.encode("utf-8", "replace"))


def _isobmff(window: Window, taken: _Sum) -> Iterator[Record]:
    waiting = [isobmff.Box(b"file", 0, window.size)]
    problem: InputError | None = None
    while waiting:
        outer = waiting.pop(0)
        try:
            for box in isobmff.boxes(window, outer.at, outer.end):
                if box.kind in (b"moov", b"udta", b"trak"):
                    waiting.append(box)
                elif box.kind == b"meta":
                    for key, value in isobmff.tags(window, box, value_bytes=TEXT_BYTES_AT_MOST):
                        yield Record.of(key, taken.take(value))
                    yield from _items(window, box, taken)
                elif box.kind == b"uuid" and window.read(box.at, 16) == _XMP_UUID:
                    yield from _xmp_records(
                        taken.take(window.read(box.at + 16, min(box.end - box.at - 16, TEXT_BYTES_AT_MOST)))
                    )
        except InputError as ended:
            problem = problem or ended
    if problem is not None:
        raise problem


_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def _items(window: Window, meta: isobmff.Box, taken: _Sum) -> Iterator[Record]:
    """Exif and XMP items of a HEIC or AVIF still (ISO/IEC 14496-12, 8.11): item information, then item locations in the file."""
    boxes = {box.kind: box for box in isobmff.meta_boxes(window, meta)}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    kinds = dict(_item_kinds(window, boxes[b"iinf"]))
    located = window.read(boxes[b"iloc"].at, min(boxes[b"iloc"].end - boxes[b"iloc"].at, 1 << 20))
    for item, at, size in _item_places(located):
        if kinds.get(item) == b"mime":
            yield from _xmp_records(taken.take(window.read(at, min(size, TEXT_BYTES_AT_MOST))))
        elif kinds.get(item) == b"Exif" and size > 4:
            data = taken.take(window.read(at, min(size, TEXT_BYTES_AT_MOST)))
            yield from _exif_records(data[4 + int.from_bytes(data[:4], "big") :], taken)


def _item_kinds(window: Window, iinf: isobmff.Box) -> Iterator[tuple[int, bytes]]:
    wide = window.read(iinf.at, 1) != b"\0"
    for box in isobmff.boxes(window, iinf.at + (8 if wide else 6), iinf.end):
        data = window.read(box.at, 16)
        if box.kind == b"infe" and len(data) >= 12 and data[0] in (2, 3):
            at = 4 + (2 if data[0] == 2 else 4)
            yield int.from_bytes(data[4:at], "big"), data[at + 2 : at + 6]


def _item_places(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(item, position, bytes) of items stored in one piece at a place in the file."""
    version = data[0]
    offset_size, length_size, base_size, index_size = data[4] >> 4, data[4] & 15, data[5] >> 4, data[5] & 15
    id_size = 4 if version == 2 else 2
    at = 6 + id_size
    for _ in range(int.from_bytes(data[6:at], "big")):
        item = int.from_bytes(data[at : at + id_size], "big")
        at += id_size
        method = unpack_from(">H", data, at)[0] & 15 if version else 0
        at += (2 if version else 0) + 2
        base = int.from_bytes(data[at : at + base_size], "big")
        extents = unpack_from(">H", data, at + base_size)[0]
        at += base_size + 2
        for _ in range(extents):
            at += index_size if version else 0
            place = base + int.from_bytes(data[at : at + offset_size], "big")
            size = int.from_bytes(data[at + offset_size : at + offset_size + length_size], "big")
            at += offset_size + length_size
            if at > len(data):
                return
            if method == 0 and extents == 1:
                yield item, place, size


def _matroska(window: Window, taken: _Sum) -> Iterator[Record]:
    for name, value in matroska.tags(window, value_bytes=TEXT_BYTES_AT_MOST):
        yield Record.of(name.lower(), taken.take(value.rstrip(b"\0")))


def _safetensors(window: Window, taken: _Sum) -> Iterator[Record]:
    texts, _ = safetensors.metadata(window)
    for key, text in texts.items():
        # A model's own header (training notes, modelspec) says how the weights came about, which is not a picture's recipe.
        if key in ("prompt", "workflow") and text.lstrip()[:1] == "{":
            yield Record.of(key, taken.take(text.encode("utf-8", "replace")))


def _json_file(window: Window, taken: _Sum) -> Iterator[Record]:
    if window.size > TEXT_BYTES_AT_MOST:
        raise malformed("it is a JSON file above 64 MB, which was left unread")
    yield Record.of("file", taken.take(window.read(0, window.size)).removeprefix(b"\xef\xbb\xbf"))
