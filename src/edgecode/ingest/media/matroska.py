"""Matroska and WebM (RFC 9559): tracks, duration, start timecode and tags; clusters are stepped over, never read."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from struct import unpack
from typing import NamedTuple

from edgecode.errors import InputError
from edgecode.events.file_facts import FileFacts
from edgecode.events.kinds import MediaClass
from edgecode.ingest.media.timecode import rate_text, start_of
from edgecode.ingest.media.window import Window, malformed, number, program, technical, truncated
from edgecode.terms.cuts import Diagnostic

MAGIC = b"\x1a\x45\xdf\xa3"
_ELEMENTS_AT_MOST = 300_000
_SEGMENT, _CLUSTER, _INFO, _TRACKS, _ENTRY, _TAGS, _TAG, _SIMPLE = (
    0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B, 0xAE, 0x1254C367, 0x7373, 0x67C8,
)  # fmt: skip
_NAME, _STRING, _BINARY, _VIDEO, _AUDIO, _DOCTYPE, _HEAD = 0x45A3, 0x4487, 0x4485, 0xE0, 0xE1, 0x4282, 0x1A45DFA3
_OPENED = frozenset((_SEGMENT, _INFO, _TRACKS, _ENTRY, _TAGS, _TAG, _SIMPLE, _VIDEO, _AUDIO, _HEAD))
_LEVEL_ONE = frozenset((_INFO, _TRACKS, _TAGS, _CLUSTER, 0x114D9B74, 0x1C53BB6B, 0x1043A770, 0x1941A469))


class Element(NamedTuple):
    """One element: its id, where its content starts and ends, and how deep it lies; *opened* ones are walked into."""

    id: int
    at: int
    end: int
    depth: int


def elements(window: Window) -> Iterator[Element]:
    """Every element outside clusters, parents before children. A cluster of unknown size is stepped through child by child."""
    stack = [window.size]
    at, cut_short = 0, False
    for _ in range(_ELEMENTS_AT_MOST):
        while len(stack) > 1 and at >= stack[-1]:
            stack.pop()
        if at >= window.size:
            break
        identity, size, content = _head(window, at)
        unknown = size is None
        if identity in _LEVEL_ONE:  # a level-one id ends whatever of unknown size came before
            stack = stack[:2] if len(stack) > 2 else stack
        end = stack[-1] if size is None else min(content + size, window.size)
        cut_short = cut_short or (size is not None and content + size > window.size)
        yield Element(identity, content, end, len(stack) - 1)
        if identity in _OPENED:
            stack.append(end)
            at = content
        else:
            at = content if unknown else end
    else:
        raise malformed(f"it has more than {_ELEMENTS_AT_MOST} elements")
    if cut_short:
        raise truncated("elements")


def _head(window: Window, at: int) -> tuple[int, int | None, int]:
    data = window.read(at, 12)
    width = 9 - data[0].bit_length() if data and data[0] else 9
    if width > 4 or len(data) <= width:
        raise malformed("an element does not start where it should")
    size_width = 9 - data[width].bit_length()
    field = data[width : width + size_width]
    if size_width > 8 or len(field) < size_width:
        raise malformed("an element has no size")
    size = int.from_bytes(field, "big") & (1 << 7 * size_width) - 1
    return (
        int.from_bytes(data[:width], "big"),
        None if size == (1 << 7 * size_width) - 1 else size,
        at + width + size_width,
    )


def tags(window: Window, *, value_bytes: int) -> Iterator[tuple[str, bytes]]:
    """(name, value) of every simple tag, names as written (writers put them in capitals)."""
    name = ""
    for element in elements(window):
        size = element.end - element.at
        if element.id == _SIMPLE:
            name = ""
        elif element.id == _NAME and size <= 1000:
            name = window.read(element.at, size).decode("utf-8", "replace")
        elif element.id in (_STRING, _BINARY) and name and size <= value_bytes:
            yield name, window.read(element.at, size)


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What info, tracks and short tags say. Frames are duration times rate, rounded, where both are written."""
    found: dict[int, bytes] = {}
    tracks: list[dict[int, bytes]] = []
    named: dict[str, str] = {}
    name, diagnostics = "", []
    try:
        for element in elements(window):
            if element.id == _ENTRY:
                tracks.append({})
            elif element.id == _SIMPLE:
                name = ""
            elif element.id not in _OPENED and element.id != _CLUSTER and element.end - element.at <= 4096:
                value = window.read(element.at, element.end - element.at) if element.id in _READ else b""
                if element.id == _NAME:
                    name = value.decode("utf-8", "replace").upper()
                elif element.id == _STRING:
                    named.setdefault(name, technical(value))
                elif element.id in _TRACK_FIELDS and tracks:
                    tracks[-1].setdefault(element.id, value)
                else:
                    found.setdefault(element.id, value)
            elif element.id == _STRING and name:
                named.setdefault(name, "{")
    except InputError as problem:
        diagnostics.append(Diagnostic(problem.code, problem.sentence))
    if not tracks:
        raise malformed("it lists no tracks")
    return _facts(found, tracks, named), diagnostics


_TRACK_FIELDS = {
    0x83: "type",
    0x86: "codec",
    0x23E383: "frame",
    0xB0: "width",
    0xBA: "height",
    0xB5: "rate",
    0x9F: "channels",
}
_INFO_FIELDS = {0x2AD7B1: "scale", 0x4489: "duration", 0x4D80: "muxer", 0x5741: "writer", _DOCTYPE: "doctype"}
_READ = frozenset((*_TRACK_FIELDS, *_INFO_FIELDS, _NAME, _STRING))


def _facts(found: dict[int, bytes], tracks: list[dict[int, bytes]], named: dict[str, str]) -> FileFacts:
    picture = next((track for track in tracks if _whole(track.get(0x83)) == 1), None)
    sound = next((track for track in tracks if _whole(track.get(0x83)) == 2), None)
    seconds = _decimal(found.get(0x4489)) * (_whole(found.get(0x2AD7B1)) or 1_000_000) / 1e9
    frame_nanoseconds = _whole(picture.get(0x23E383)) if picture else 0
    rate = rate_text(Fraction(10**9, frame_nanoseconds)) if frame_nanoseconds else ""
    label = named.get("TIMECODE", "")
    start, drop = start_of(label, rate)
    software = _software(named, found)
    sample_rate = round(_decimal(sound.get(0xB5))) if sound else 0
    media_class: MediaClass = "video" if picture else "audio" if sound else "other"
    doctype = "webm" if found.get(_DOCTYPE, b"").startswith(b"webm") else "x-matroska"
    header = {"tracks": str(len(tracks)), "duration_seconds": number(seconds) if seconds > 0 else ""}
    header["picture_codec"] = technical(picture.get(0x86, b"")) if picture else ""
    header["sound_codec"] = technical(sound.get(0x86, b"")) if sound else ""
    return FileFacts(
        media_class=media_class,
        media_type=f"{'audio' if media_class == 'audio' else 'video'}/{doctype}",
        width=_whole(picture.get(0xB0)) if picture else 0,
        height=_whole(picture.get(0xBA)) if picture else 0,
        rate=rate,
        frames=round(seconds * 1e9 / frame_nanoseconds) if frame_nanoseconds and 0 < seconds < 1e7 else 0,
        start_label=label if start is not None or not rate else "",
        start=start,
        drop_frame=drop,
        reel=named.get("REEL_NAME", ""),
        software=software,
        sample_rate=sample_rate if 0 <= sample_rate < 1 << 31 else 0,
        samples=round(seconds * sample_rate) if sound and 0 < seconds < 1e7 and 0 < sample_rate < 1 << 31 else 0,
        channels=(_whole(sound.get(0x9F)) or 1) if sound else 0,
        header_key=software,
        header={key: value for key, value in header.items() if value},
    )


def _software(named: dict[str, str], found: dict[int, bytes]) -> str:
    if named.get("PROMPT", "").startswith("{") or named.get("WORKFLOW", "").startswith("{"):
        return "ComfyUI"
    return program(found.get(0x5741, b"") or found.get(0x4D80, b""))


def _whole(data: bytes | None) -> int:
    return int.from_bytes(data, "big") if data and len(data) <= 8 else 0


def _decimal(data: bytes | None) -> float:
    try:
        value: float = unpack({4: ">f", 8: ">d"}[len(data or b"")], data or b"")[0]
    except (KeyError, struct.error):
        return 0.0
    return value if value == value and 0 <= value < 1e18 else 0.0
