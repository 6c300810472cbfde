"""ISO base media files: MP4, MOV, M4A, HEIC, AVIF (ISO/IEC 14496-12, QuickTime File Format): boxes, tracks, timecode, pictures."""

from collections.abc import Iterator
from fractions import Fraction
from struct import unpack, unpack_from
from typing import NamedTuple

from edgecode.errors import InputError
from edgecode.events.file_facts import FileFacts
from edgecode.events.kinds import MediaClass
from edgecode.ingest.media.timecode import label_of, rate_text
from edgecode.ingest.media.window import Window, device, malformed, number, program, technical, truncated
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate

_BOXES_AT_MOST = 20_000
_STILL_BRANDS = frozenset((b"avif", b"heic", b"heix", b"mif1", b"heim", b"heis"))
_SMALL_VALUE = 4096


class Box(NamedTuple):
    """One box: its four-byte kind, where its content starts, where it ends."""

    kind: bytes
    at: int
    end: int


class Track(NamedTuple):
    """What one track says: *samples* counted at *units* a second over *duration* units; *extra*: timecode frame, reel."""

    handler: bytes
    codec: str
    width: int
    height: int
    channels: int
    sample_rate: int
    units: int
    duration: int
    samples: int
    timecode: tuple[int, bool, Fraction] | None
    reel: str


def boxes(window: Window, at: int, end: int) -> Iterator[Box]:
    """The boxes between two positions: 64-bit sizes, 0 = to the end. A size that cannot be ends the walk with InputError."""
    for _ in range(_BOXES_AT_MOST):
        if at + 8 > end:
            return
        head = window.read(at, 16)
        if len(head) < 8:
            return
        size, kind = unpack(">I4s", head[:8])
        start = at + 8
        if size == 1:
            if len(head) < 16:
                raise truncated("boxes")
            size, start = unpack(">Q", head[8:])[0], at + 16
        elif size == 0:
            size = end - at
        if size < start - at:
            raise malformed("a box is smaller than its own head")
        if at + size > end:
            yield Box(kind, start, end)
            raise truncated("boxes")
        yield Box(kind, start, at + size)
        at += size
    raise malformed(f"it has more than {_BOXES_AT_MOST} boxes on one level")


def inside(window: Window, box: Box, kind: bytes) -> Box | None:
    """The first box of *kind* inside *box*."""
    return next((child for child in boxes(window, box.at, box.end) if child.kind == kind), None)


def meta_boxes(window: Window, meta: Box) -> Iterator[Box]:
    """The boxes inside a ``meta`` box, which is a full box in MP4 and a plain one in QuickTime."""
    plain = window.read(meta.at + 4, 4) in (b"hdlr", b"keys", b"ilst", b"mhdr")
    return boxes(window, meta.at if plain else meta.at + 4, meta.end)


def tags(window: Window, meta: Box, *, value_bytes: int) -> Iterator[tuple[str, bytes]]:
    """(key, value) of a ``meta`` box's item list: named keys of ``mdta``, or four-character iTunes names, free-form included."""
    keys: list[str] = []
    for box in meta_boxes(window, meta):
        if box.kind == b"keys":
            keys = list(_key_names(window.read(box.at, min(box.end - box.at, 1 << 20))))
        elif box.kind == b"ilst":
            for item in boxes(window, box.at, box.end):
                index = int.from_bytes(item.kind, "big")
                name = keys[index - 1] if 0 < index <= len(keys) else item.kind.decode("latin-1")
                for part in boxes(window, item.at, item.end):
                    if part.kind == b"name" and item.kind == b"----":
                        name = window.read(part.at + 4, min(part.end - part.at - 4, 200)).decode("utf-8", "replace")
                    elif part.kind == b"data" and 8 <= part.end - part.at <= value_bytes + 8:
                        yield name, window.read(part.at + 8, part.end - part.at - 8)


def _key_names(data: bytes) -> Iterator[str]:
    at = 8
    while at + 8 <= len(data):
        size = unpack_from(">I", data, at)[0]
        if size < 8:
            return
        yield data[at + 8 : at + size].decode("utf-8", "replace")
        at += size


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What the movie header, its tracks and its keys say; a picture file is read through its item properties."""
    brands = _brands(window)
    diagnostics: list[Diagnostic] = []
    top: dict[bytes, Box] = {}
    try:
        for box in boxes(window, 0, window.size):
            top.setdefault(box.kind, box)
    except InputError as problem:
        diagnostics.append(Diagnostic(problem.code, problem.sentence))
    if b"moov" not in top:
        if brands & _STILL_BRANDS and b"meta" in top:
            return _picture(window, top[b"meta"], brands), diagnostics
        raise (
            malformed("it holds no movie header")
            if not diagnostics
            else truncated("movie data before any movie header")
        )
    facts = _movie(window, top[b"moov"], brands)
    return facts, diagnostics


def _brands(window: Window) -> set[bytes]:
    size = min(unpack(">I", window.exactly(0, 4, "first box"))[0], 4096)
    data = window.read(8, max(0, size - 8))
    return {data[i : i + 4] for i in range(0, len(data) - 3, 4)} - {data[4:8]}


def _movie(window: Window, moov: Box, brands: set[bytes]) -> FileFacts:
    tracks: list[Track] = []
    named: dict[str, str] = {}
    for box in boxes(window, moov.at, moov.end):
        if box.kind == b"trak" and len(tracks) < 256:
            tracks.append(_track(window, box))
        elif box.kind == b"meta":
            named |= {key: technical(value) for key, value in tags(window, box, value_bytes=_SMALL_VALUE)}
        elif box.kind == b"udta":
            named |= _user_data(window, box)
    picture = next((track for track in tracks if track.handler == b"vide"), None)
    sound = next((track for track in tracks if track.handler == b"soun"), None)
    clock = next((track for track in tracks if track.handler == b"tmcd" and track.timecode), None)
    rate = _rate(picture) if picture else ""
    label, start, drop = _start(clock, rate)
    header = _attributes(tracks, named, picture or sound)
    camera = device(named.get("com.apple.quicktime.make", ""), named.get("com.apple.quicktime.model", ""))
    software = _software(named)
    media_class: MediaClass = "video" if picture else "audio" if sound else "other"
    return FileFacts(
        media_class=media_class,
        media_type=_media_type(brands, media_class),
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        rate=rate,
        frames=picture.samples if picture else 0,
        start_label=label,
        start=start,
        drop_frame=drop,
        reel=clock.reel if clock else technical(named.get("com.apple.proapps.reel", "") or named.get("reel_name", "")),
        camera=camera,
        software=software,
        sample_rate=sound.sample_rate if sound else 0,
        samples=_sound_samples(sound),
        channels=sound.channels if sound else 0,
        header_key=camera or software,
        header=header,
    )


def _software(named: dict[str, str]) -> str:
    if {"prompt", "workflow"} & named.keys() and named.get("prompt", "{").startswith("{"):
        return "ComfyUI"
    if "invokeai_metadata" in named:
        return "InvokeAI"
    return program(named.get("com.apple.quicktime.software") or named.get("\xa9swr") or named.get("\xa9too") or "")


def _attributes(tracks: list[Track], named: dict[str, str], first: Track | None) -> dict[str, str]:
    header = {"tracks": str(len(tracks))}
    for kind, name in ((b"vide", "picture_codec"), (b"soun", "sound_codec")):
        if codecs := " ".join(dict.fromkeys(track.codec for track in tracks if track.handler == kind and track.codec)):
            header[name] = technical(codecs)
    if first and first.units and first.duration:
        header["duration_seconds"] = number(first.duration / first.units)
    for key in ("com.apple.quicktime.creationdate", "com.apple.proapps.scene", "com.apple.proapps.shot"):
        if value := named.get(key):
            header[key] = value
    return header


def _sound_samples(sound: Track | None) -> int:
    if sound is None or not sound.units or not sound.sample_rate:
        return 0
    return round(Fraction(sound.duration * sound.sample_rate, sound.units))


def _media_type(brands: set[bytes], media_class: MediaClass) -> str:
    kind = "quicktime" if b"qt  " in brands else "mp4"
    return f"audio/{'mp4' if kind == 'mp4' else kind}" if media_class == "audio" else f"video/{kind}"


def _rate(track: Track) -> str:
    if not track.units or not track.duration or not track.samples:
        return ""
    return rate_text(Fraction(track.samples * track.units, track.duration))


def _start(clock: Track | None, rate: str) -> tuple[str, int | None, bool]:
    """(label, frame at the picture's rate, drop-frame). The counter runs at its own rate; the picture's may be a multiple."""
    if clock is None or clock.timecode is None:
        return "", None, False
    counted, drop, own = clock.timecode
    own_rate = rate_text(own)
    if not own_rate:
        return "", None, drop
    label = label_of(counted, own_rate, drop_frame=drop)
    if not rate:
        return label, None, drop
    scaled = Fraction(counted * Rate.of(rate).nominal, Rate.of(own_rate).nominal)
    return label, int(scaled) if scaled.denominator == 1 else None, drop


def _track(window: Window, trak: Box) -> Track:
    width = height = channels = sample_rate = units = duration = samples = 0
    handler, codec, reel = b"", "", ""
    timecode: tuple[int, bool, Fraction] | None = None
    mdia = inside(window, trak, b"mdia")
    for box in boxes(window, mdia.at, mdia.end) if mdia else ():
        data = window.read(box.at, min(box.end - box.at, 64))
        if box.kind == b"mdhd" and len(data) >= 20:
            long = data[0] == 1 and len(data) >= 32
            units, duration = unpack_from(">IQ", data, 20) if long else unpack_from(">II", data, 12)
        elif box.kind == b"hdlr" and len(data) >= 12:
            handler = data[8:12]
        elif box.kind == b"minf" and (stbl := inside(window, box, b"stbl")):
            table = {child.kind: child for child in boxes(window, stbl.at, stbl.end)}
            samples, summed = _counted(window, table)
            duration = summed or duration
            entry = window.read(table[b"stsd"].at + 8, 300) if b"stsd" in table else b""
            codec = entry[4:8].decode("latin-1").strip()
            if handler == b"vide" and len(entry) >= 36:
                width, height = unpack_from(">HH", entry, 32)
            elif handler == b"soun" and len(entry) >= 36:
                channels, sample_rate = unpack_from(">H", entry, 24)[0], unpack_from(">I", entry, 32)[0] >> 16
                sample_rate = sample_rate or units
            elif handler == b"tmcd" and len(entry) >= 34:
                timecode, reel = _timecode(window, table, entry)
    return Track(handler, codec, width, height, channels, sample_rate, units, duration, samples, timecode, reel)


def _counted(window: Window, table: dict[bytes, Box]) -> tuple[int, int]:
    """(samples, their summed duration) from the sample-to-time table; the count alone when the table is very long."""
    if b"stts" not in table:
        return 0, 0
    box = table[b"stts"]
    entries = min(unpack(">I", window.exactly(box.at + 4, 4, "sample table"))[0], (box.end - box.at - 8) // 8, 65_536)
    data = window.read(box.at + 8, 8 * entries)
    pairs = [unpack_from(">II", data, 8 * i) for i in range(len(data) // 8)]
    return sum(count for count, _ in pairs), sum(count * delta for count, delta in pairs)


def _timecode(window: Window, table: dict[bytes, Box], entry: bytes) -> tuple[tuple[int, bool, Fraction] | None, str]:
    """The frame counter that the timecode track's first sample holds, its flags and rate, and the source reel in its name box."""
    flags, units, frame_units = unpack_from(">III", entry, 20)
    reel = ""
    size = unpack(">I", entry[:4])[0]
    at = 36 if entry[40:44] == b"name" else 34 if entry[38:42] == b"name" else 0
    if at and at + 12 <= size:
        length = unpack_from(">H", entry, at + 8)[0]
        reel = technical(entry[at + 12 : at + 12 + length])
    where = next((table[kind] for kind in (b"stco", b"co64") if kind in table), None)
    if where is None or not frame_units:
        return None, reel
    wide = where.kind == b"co64"
    position = window.read(where.at + 8, 8 if wide else 4)
    if len(position) < (8 if wide else 4):
        return None, reel
    sample = window.read(int.from_bytes(position, "big"), 4)
    if len(sample) < 4:
        return None, reel
    return (int.from_bytes(sample, "big", signed=True), bool(flags & 1), Fraction(units, frame_units)), reel


def _user_data(window: Window, udta: Box) -> dict[str, str]:
    """iTunes-style tags inside ``udta/meta`` and QuickTime international text (``©swr``, ``©mak``, ``©mod``)."""
    found: dict[str, str] = {}
    for box in boxes(window, udta.at, udta.end):
        if box.kind == b"meta":
            found |= {key: technical(value) for key, value in tags(window, box, value_bytes=_SMALL_VALUE)}
        elif box.kind[:1] == b"\xa9" and box.end - box.at > 4:
            found[box.kind.decode("latin-1")] = technical(window.read(box.at + 4, min(box.end - box.at - 4, 200)))
    renamed = {"\xa9mak": "com.apple.quicktime.make", "\xa9mod": "com.apple.quicktime.model"}
    return {renamed.get(key, key): value for key, value in found.items()}


def _picture(window: Window, meta: Box, brands: set[bytes]) -> FileFacts:
    """HEIC and AVIF stills: the largest ``ispe`` of the item properties."""
    sizes = [(0, 0)]
    for box in meta_boxes(window, meta):
        if box.kind == b"iprp" and (ipco := inside(window, box, b"ipco")):
            for item in boxes(window, ipco.at, ipco.end):
                data = window.read(item.at, 12)
                if item.kind == b"ispe" and len(data) == 12:
                    sizes.append(unpack_from(">II", data, 4))
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return FileFacts(
        media_class="still",
        media_type="image/avif" if b"avif" in brands else "image/heic",
        width=width,
        height=height,
        frames=1,
    )
