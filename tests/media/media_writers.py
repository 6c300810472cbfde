"""Tiny writers of real containers: each makes the smallest file of its kind that says what a test wants said."""

import gzip
import json
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

Chunk = tuple[bytes, bytes]


# ------------------------------------------------------------------------------------------------------------------ PNG


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def png_text(key: str, text: str) -> Chunk:
    return b"tEXt", key.encode("latin-1") + b"\0" + text.encode("utf-8")


def png_packed_text(key: str, text: bytes) -> Chunk:
    return b"zTXt", key.encode("latin-1") + b"\0\0" + zlib.compress(text)


def png_international_text(key: str, text: str, *, packed: bool = False) -> Chunk:
    body = text.encode("utf-8")
    return b"iTXt", key.encode("latin-1") + b"\0" + bytes([packed, 0]) + b"\0\0" + (
        zlib.compress(body) if packed else body
    )


def png(
    *chunks: Chunk,
    width: int = 1,
    height: int = 1,
    color: int = 2,
    rows: Sequence[bytes] | None = None,
    after: Iterable[Chunk] = (),
) -> bytes:
    channels = {0: 1, 2: 3, 6: 4}[color]
    lines = rows if rows is not None else [bytes(1 + width * channels)] * height
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(b"".join(lines)))
    body = b"".join(png_chunk(*chunk) for chunk in chunks) + pixels + b"".join(png_chunk(*chunk) for chunk in after)
    return b"\x89PNG\r\n\x1a\n" + head + body + png_chunk(b"IEND", b"")


def animated_png(frames: int, *, numerator: int, denominator: int, comf: Mapping[str, str] = {}) -> bytes:
    control = (b"acTL", struct.pack(">II", frames, 0))
    frame = struct.pack(">IIIIHHBB", 1, 1, 0, 0, numerator, denominator, 0, 0)
    pixels = zlib.compress(bytes(4))
    after: list[Chunk] = []
    for number in range(1, frames):
        after += [
            (b"fcTL", struct.pack(">I", 2 * number - 1) + frame),
            (b"fdAT", struct.pack(">I", 2 * number) + pixels),
        ]
    after += [(b"comf", key.encode() + b"\0" + text.encode()) for key, text in comf.items()]
    return png(control, (b"fcTL", struct.pack(">I", 0) + frame), after=after)


def stealth_png(
    text: str, *, packed: bool, in_alpha: bool, width: int = 64, height: int = 64, filter_kind: int = 0
) -> bytes:
    """Text in the lowest bits, down the columns; every row filtered with *filter_kind*."""
    name = "png" if in_alpha else "rgb"
    mark = f"stealth_{name}{'comp' if packed else 'info'}".encode()
    body = gzip.compress(text.encode(), mtime=0) if packed else text.encode()
    data = mark + struct.pack(">I", 8 * len(body)) + body
    bits = [byte >> shift & 1 for byte in data for shift in range(7, -1, -1)]
    channels = 4 if in_alpha else 3
    table = [bytearray(bytes([200] * channels) * width) for _ in range(height)]
    places = [3] if in_alpha else [0, 1, 2]
    for index, bit in enumerate(bits):
        pixel, channel = divmod(index, len(places))
        column, row = divmod(pixel, height)
        at = column * channels + places[channel]
        table[row][at] = 254 | bit if in_alpha else 200 | bit
    return png(
        width=width, height=height, color=6 if in_alpha else 2, rows=list(_filtered(table, filter_kind, channels))
    )


def _filtered(table: list[bytearray], kind: int, step: int) -> Iterable[bytes]:
    above = bytearray(len(table[0]))
    for row in table:
        out = bytearray()
        for i, value in enumerate(row):
            left = row[i - step] if i >= step else 0
            corner = above[i - step] if i >= step else 0
            estimate = left + above[i] - corner
            paeth = min((left, above[i], corner), key=lambda near, e=estimate: abs(e - near))
            out.append(value - (0, left, above[i], (left + above[i]) // 2, paeth)[kind] & 255)
        yield bytes([kind]) + bytes(out)
        above = row


# ------------------------------------------------------------------------------------------------- Exif, JPEG, WebP, TIFF


def exif(tags: Mapping[int, bytes], *, order: str = "<", user_comment: bytes = b"") -> bytes:
    """A TIFF structure with text tags in the first directory, and a user comment in the Exif directory."""
    entries = [(tag, 2, value + b"\0") for tag, value in sorted(tags.items())]
    size = 2 + 12 * (len(entries) + bool(user_comment)) + 4
    data, at = b"", 8 + size
    table = struct.pack(f"{order}H", len(entries) + bool(user_comment))
    for tag, kind, value in entries:
        table += struct.pack(f"{order}HHI", tag, kind, len(value))
        table += value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(f"{order}I", at + len(data))
        data += value if len(value) > 4 else b""
    if user_comment:
        table += struct.pack(f"{order}HHII", 0x8769, 4, 1, at + len(data))
        inner = at + len(data) + 18
        data += struct.pack(f"{order}HHHII", 1, 0x9286, 7, len(user_comment), inner) + bytes(4) + user_comment
    return (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8) + table + bytes(4) + data


def jpeg(*segments: tuple[int, bytes], width: int = 2, height: int = 3) -> bytes:
    frame = (0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    body = b"".join(
        bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data for marker, data in (*segments, frame)
    )
    return b"\xff\xd8" + body + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\0" + b"\xff\xd9"


def exif_segment(structure: bytes) -> tuple[int, bytes]:
    return 0xE1, b"Exif\0\0" + structure


def xmp_segment(packet: str) -> tuple[int, bytes]:
    return 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()


def webp(*chunks: Chunk, width: int = 4, height: int = 5, frames: int = 0, milliseconds: int = 40) -> bytes:
    canvas = struct.pack("<I", 0) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    frame = (b"ANMF", bytes(12) + milliseconds.to_bytes(3, "little") + b"\0")
    body = b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)
        for kind, data in ((b"VP8X", canvas), *[frame] * frames, *chunks)
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def tiff(*, width: int, height: int, more: Sequence[tuple[int, int, int, bytes]] = (), order: str = "<") -> bytes:
    """*more*: (tag, type, count, value bytes)."""
    entries = [(256, 4, 1, struct.pack(f"{order}I", width)), (257, 4, 1, struct.pack(f"{order}I", height)), *more]
    table, data, at = struct.pack(f"{order}H", len(entries)), b"", 8 + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in sorted(entries):
        table += struct.pack(f"{order}HHI", tag, kind, count)
        table += value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(f"{order}I", at + len(data))
        data += value if len(value) > 4 else b""
    return (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8) + table + bytes(4) + data


# -------------------------------------------------------------------------------------------------------------- EXR, DPX


def exr_attribute(name: str, kind: str, value: bytes) -> bytes:
    return name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<i", len(value)) + value


def exr(
    *more: bytes, width: int = 4, height: int = 2, flags: int = 0, finished: bool = True, pixels: bytes = b"\1\2\3\4"
) -> bytes:
    """An uncompressed scanline EXR of one channel, one chunk a row."""
    window = struct.pack("<4i", 0, 0, width - 1, height - 1)
    head = struct.pack("<II", 20000630, 2 | flags) + b"".join(
        (
            exr_attribute("channels", "chlist", b"Y\0" + struct.pack("<iB3xii", 1, 0, 1, 1) + b"\0"),
            exr_attribute("compression", "compression", b"\0"),
            exr_attribute("dataWindow", "box2i", window),
            exr_attribute("displayWindow", "box2i", window),
            exr_attribute("lineOrder", "lineOrder", b"\0"),
            exr_attribute("pixelAspectRatio", "float", struct.pack("<f", 1)),
            *more,
            b"\0",
        )
    )
    first = len(head) + 8 * height
    chunks = [struct.pack("<ii", row, len(pixels)) + pixels for row in range(height)]
    table = [first + row * len(chunks[0]) for row in range(height)] if finished else [0] * height
    return head + struct.pack(f"<{height}Q", *table) + b"".join(chunks)


def dpx(
    *,
    order: str = ">",
    width: int = 1920,
    height: int = 1080,
    timecode: int = 0xFFFFFFFF,
    rate: float = 0.0,
    device: bytes = b"",
) -> bytes:
    data = bytearray(2048 + 64)
    data[0:4] = b"SDPX" if order == ">" else b"XPDS"
    struct.pack_into(f"{order}I", data, 4, 2048)
    data[8:12] = b"V2.0"
    data[160:166] = b"Nuke15"
    data[36:60] = b"/home/someone/secret.dpx"
    data[460:480] = b"Copyright J. Somebody"[:20]
    struct.pack_into(f"{order}HII", data, 770, 1, width, height)
    data[800:804] = bytes([50, 3, 3, 10])
    data[1556 : 1556 + len(device)] = device
    struct.pack_into(f"{order}I", data, 1920, timecode)
    struct.pack_into(f"{order}f", data, 1940, rate)
    return bytes(data)


# ------------------------------------------------------------------------------------------------------ boxes, elements


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _track(handler: bytes, entry: bytes, *, units: int, frames: int, step: int, offset: int = 0) -> bytes:
    table = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry), box(b"stts", struct.pack(">IIII", 0, 1, frames, step)),
                box(b"stco", struct.pack(">III", 0, 1, offset)))  # fmt: skip
    header = box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, units, frames * step), bytes(4))
    return box(b"trak", box(b"mdia", header, box(b"hdlr", bytes(8), handler, bytes(13)), box(b"minf", table)))


def movie(*, frames: int = 48, units: int = 24000, step: int = 1001, keys: Mapping[str, str] = {}, start: int | None = None,
          drop: bool = False, reel: str = "", brand: bytes = b"qt  ") -> bytes:  # fmt: skip
    """A movie without pictures: one picture track of *frames*, a timecode track when *start* is given, mdta keys."""
    file_type = box(b"ftyp", brand, bytes(4), brand)
    mdat = box(b"mdat", struct.pack(">i", start or 0))
    counter_at = len(file_type) + 8
    picture = box(b"avc1", bytes(24), struct.pack(">HH", 1920, 1080), bytes(50))
    tracks = [_track(b"vide", picture, units=units, frames=frames, step=step)]
    if start is not None:
        nominal = -(-units // step)
        name = box(b"name", struct.pack(">HH", len(reel), 0), reel.encode()) if reel else b""
        entry = box(b"tmcd", bytes(12), struct.pack(">IIIBx", int(drop), units, step, nominal), name)
        tracks.append(_track(b"tmcd", entry, units=units, frames=1, step=step, offset=counter_at))
    meta = box(b"meta", *_mdta(keys)) if keys else b""
    return file_type + mdat + box(b"moov", box(b"mvhd", bytes(100)), *tracks, meta)


def _mdta(keys: Mapping[str, str]) -> Iterable[bytes]:
    yield box(b"hdlr", bytes(8), b"mdta", bytes(13))
    yield box(b"keys", struct.pack(">II", 0, len(keys)), *(box(b"mdta", key.encode()) for key in keys))
    items = (
        box(struct.pack(">I", index), box(b"data", struct.pack(">II", 1, 0), value.encode()))
        for index, value in enumerate(keys.values(), 1)
    )
    yield box(b"ilst", *items)


def element(identity: int, content: bytes, *, unknown_size: bool = False) -> bytes:
    name = identity.to_bytes((identity.bit_length() + 7) // 8, "big")
    return name + (b"\x01" + b"\xff" * 7 if unknown_size else (1 << 56 | len(content)).to_bytes(8, "big")) + content


def matroska(
    *,
    tags: Mapping[str, str] = {},
    width: int = 640,
    height: int = 360,
    nanoseconds: int = 41_708_333,
    unknown: bool = False,
) -> bytes:
    """A WebM of one picture track; *unknown*: segment and cluster of unknown size, tags after them (as live writers do)."""

    def number(value: int) -> bytes:
        return value.to_bytes(4, "big")

    video = element(0xE0, element(0xB0, number(width)) + element(0xBA, number(height)))
    track = element(
        0xAE, element(0x83, b"\1") + element(0x86, b"V_VP9") + element(0x23E383, number(nanoseconds)) + video
    )
    info = element(0x1549A966, element(0x4489, struct.pack(">d", 2000.0)) + element(0x5741, b"Lavf61"))
    simple = b"".join(
        element(0x67C8, element(0x45A3, name.encode()) + element(0x4487, value.encode()))
        for name, value in tags.items()
    )
    tagged = element(0x1254C367, element(0x7373, simple))
    cluster = element(0x1F43B675, element(0xE7, b"\0") + element(0xA3, bytes(40)), unknown_size=unknown)
    body = info + element(0x1654AE6B, track) + cluster + tagged
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, body, unknown_size=unknown)


# ------------------------------------------------------------------------------------------------------------- the rest


def wave(
    *,
    channels: int = 2,
    rate: int = 48000,
    samples: int = 480,
    reference: int | None = None,
    ixml: str = "",
    large: bool = False,
) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)

    data = bytes(samples * channels * 2)
    body = chunk(b"fmt ", struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16))
    if reference is not None:
        bext = bytearray(602)
        bext[0:20] = b"a private description"[:20]
        bext[256:271] = b"Sound Dev: 688 "
        bext[320:338] = b"2024-05-0110:20:30"
        struct.pack_into("<Q", bext, 338, reference)
        body += chunk(b"bext", bytes(bext))
    body += chunk(b"iXML", ixml.encode()) if ixml else b""
    if large:
        sizes = chunk(b"ds64", struct.pack("<QQQI", 0, len(data), samples, 0))
        return b"RF64\xff\xff\xff\xffWAVE" + sizes + body + b"data\xff\xff\xff\xff" + data
    body += chunk(b"data", data)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def safetensors(metadata: Mapping[str, str], *, tensors: Sequence[str] = ("weight",)) -> bytes:
    header: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    header |= {name: {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]} for name in tensors}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(2)
