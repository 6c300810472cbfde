"""OpenEXR headers: single and multi-part, scanline, tiled, deep (openexr.com, "OpenEXR File Layout").

Layout: magic 20000630, version word (low byte 2; bit 9 tiled, 10 long names, 11 deep, 12 multi-part), then for each part
attributes ``name NUL type NUL size value`` up to an empty name; an empty header ends a multi-part list.
"""

import struct
from collections.abc import Iterator
from struct import unpack, unpack_from
from typing import NamedTuple

from edgecode.errors import InputError
from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.exr_chunks import SHAPE, TILED, unfinished
from edgecode.ingest.media.timecode import of_words, rate_text, start_of
from edgecode.ingest.media.window import Window, device, malformed, number, program, technical, truncated
from edgecode.terms.cuts import Diagnostic

MAGIC = b"\x76\x2f\x31\x01"
LONG_NAMES, DEEP, MULTI_PART = (1 << bit for bit in (10, 11, 12))

_PARTS_AT_MOST = 1024
_ATTRIBUTES_AT_MOST = 8192
_VALUE_BYTES = 65_536

COMPRESSIONS = ("none", "rle", "zips", "zip", "piz", "pxr24", "b44", "b44a", "dwaa", "dwab", "htj2k256", "htj2k32")

_KEPT = frozenset(
    [
        "adoptedNeutral",
        "aperture",
        "apexValue",
        "asaSpeed",
        "cameraCCTSetting",
        "cameraColorBalance",
        "cameraFirmwareVersion",
        "cameraIdentifier",
        "cameraLabel",
        "cameraMake",
        "cameraModel",
        "cameraSerialNumber",
        "cameraTintSetting",
        "cameraUuid",
        "capDate",
        "captureRate",
        "chromaticities",
        "colorInteropID",
        "effectiveFocalLength",
        "entrancePupilOffset",
        "envmap",
        "expTime",
        "focalLength",
        "focus",
        "framesPerSecond",
        "imageCounter",
        "imageRotation",
        "isoSpeed",
        "keyCode",
        "lensFirmwareVersion",
        "lensMake",
        "lensModel",
        "lensSerialNumber",
        "maxSamplesPerPixel",
        "multiView",
        "nominalFocalLength",
        "nuke/node_hash",
        "nuke/version",
        "originalDataWindow",
        "pinholeFocalLength",
        "pixelAspectRatio",
        "reelName",
        "renderingTransform",
        "screenWindowWidth",
        "sensorAcquisitionRectangle",
        "sensorCenterOffset",
        "sensorOverallDimensions",
        "sensorPhotositePitch",
        "shutterAngle",
        "tStop",
        "timecodeRate",
        "timeCode",
        "utcOffset",
        "version",
        "view",
        "whiteLuminance",
        "lookModTransform",
        "arnold/version",
        "renderman/version",
        "vrayInfo/vrayversion",
        "redshift/version",
        "houdini/version",
        "Software",
        "software",
        "Writer",
        "writer",
        "BlenderMultiChannel",
        "input/bitsperchannel",
        "input/frame_rate",
        "input/timecode",
        "input/width",
        "input/height",
        "oiio:ColorSpace",
        "edgecode:version",
        "edgecode:step",
    ]
)
_STRUCTURE = frozenset(
    [
        "channels",
        "chunkCount",
        "compression",
        "dataWindow",
        "displayWindow",
        "lineOrder",
        "multiView",
        "name",
        "pixelAspectRatio",
        "tiles",
        "type",
        "version",
        "view",
    ]
)
_PROGRAMS = {
    "nuke/version": "Nuke",
    "arnold/version": "Arnold",
    "renderman/version": "RenderMan",
    "vrayInfo/vrayversion": "V-Ray",
    "redshift/version": "Redshift",
    "houdini/version": "Houdini",
}


class Attribute(NamedTuple):
    """One attribute of a part: *at* is where its value starts in the file, *size* its length in bytes."""

    name: str
    kind: str
    at: int
    size: int


def attributes(window: Window) -> tuple[int, list[list[Attribute]], int]:
    """(version word, the attributes of every part, where the offset tables start). Raises InputError ``media.*``."""
    start = window.exactly(0, 8, "first eight bytes")
    word: int = unpack("<I", start[4:])[0]
    if start[:4] != MAGIC or word & 0xFF != 2:
        raise malformed("it is not an OpenEXR 2 file")
    parts: list[list[Attribute]] = []
    at, left = 8, _ATTRIBUTES_AT_MOST
    while True:
        part, at = _part(window, at, left=left, longest=255 if word & LONG_NAMES else 31)
        if word & MULTI_PART and not part:
            break
        parts.append(part)
        left -= len(part)
        if not word & MULTI_PART:
            break
        if len(parts) > _PARTS_AT_MOST:
            raise malformed(f"it claims more than {_PARTS_AT_MOST} parts")
    return word, parts, at


def _part(window: Window, at: int, *, left: int, longest: int) -> tuple[list[Attribute], int]:
    found: list[Attribute] = []
    while True:
        data = window.read(at, 2 * longest + 6)
        if not data:
            raise truncated("attribute list")
        if not data[0]:
            return found, at + 1
        name_end = data.find(b"\0", 0, longest + 1)
        kind_end = data.find(b"\0", name_end + 1, name_end + longest + 2)
        if name_end < 0 or kind_end < 0:
            raise (
                truncated("attribute list")
                if at + len(data) >= window.size
                else malformed("an attribute name does not end")
            )
        if kind_end + 5 > len(data):
            raise truncated("attribute list")
        size: int = unpack_from("<i", data, kind_end + 1)[0]
        value = at + kind_end + 5
        name = data[:name_end].decode("utf-8", "replace")
        if size < 0 or value + size > window.size:
            raise malformed(f"an attribute claims {size & 0xFFFFFFFF} bytes, more than the file holds")
        found.append(Attribute(name, data[name_end + 1 : kind_end].decode("latin-1"), value, size))
        if len(found) > left:
            raise malformed(f"it claims more than {_ATTRIBUTES_AT_MOST} attributes")
        at = value + size


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What the headers of an EXR say. The size is the display window of the first part; the data window is in *header*."""
    word, parts, tables = attributes(window)
    if not parts:
        raise malformed("it holds no part")
    header: dict[str, str] = {}
    values: dict[str, object] = {}
    for attribute in parts[0]:
        if attribute.name not in _KEPT and attribute.name not in _STRUCTURE:
            continue
        value = _value(attribute, window)
        values[attribute.name] = value
        if attribute.name in _KEPT and (written := _written(value)):
            header[attribute.name] = written
    header |= _shape(values, word, parts)
    display = values.get("displayWindow", values.get("dataWindow"))
    if not isinstance(display, tuple) or len(display) != 4:
        raise malformed("it has no display window and no data window")
    shapes = [{one.name: _shape_bytes(one, window) for one in part if one.name in SHAPE} for part in parts]
    return _facts(display, values, header), unfinished(window, shapes, word, tables)


def _shape_bytes(attribute: Attribute, window: Window) -> bytes:
    return window.exactly(attribute.at, min(attribute.size, _VALUE_BYTES), "attribute list")


def _facts(display: tuple[float, ...], values: dict[str, object], header: dict[str, str]) -> FileFacts:
    label, drop = "", False
    if isinstance(word := values.get("timeCode"), int):
        label, drop = of_words(word)
    rate = _rate(header.get("framesPerSecond") or header.get("captureRate") or header.get("input/frame_rate") or "")
    if not label and header.get("input/timecode"):
        label, drop = header["input/timecode"], ";" in header["input/timecode"]
    start, drop = start_of(label, rate, drop_frame=drop)
    camera = device(header.get("cameraMake", ""), header.get("cameraModel", ""))
    software = _software(header)
    return FileFacts(
        media_class="still",
        media_type="image/x-exr",
        width=max(0, int(display[2] - display[0] + 1)),
        height=max(0, int(display[3] - display[1] + 1)),
        rate=rate,
        frames=1,
        start_label=label,
        start=start,
        drop_frame=drop,
        reel=header.get("reelName", ""),
        camera=camera,
        software=software,
        header_key=camera or software,
        header=header,
    )


def _software(header: dict[str, str]) -> str:
    for name, spoken in _PROGRAMS.items():
        if version := header.get(name):
            return version if version.lower().startswith(spoken.lower()) else f"{spoken} {version}"
    for name in ("software", "Software", "writer", "Writer"):
        if text := header.pop(name, ""):
            return program(text)
    return "Blender" if "BlenderMultiChannel" in header else ""


def _rate(written: str) -> str:
    return rate_text(written) if written else ""


def _shape(values: dict[str, object], word: int, parts: list[list[Attribute]]) -> dict[str, str]:
    shape = {
        "parts": str(len(parts)),
        "kind": str(values.get("type") or ("tiledimage" if word & TILED else "scanlineimage")),
    }
    if isinstance(code := values.get("compression"), int):
        shape["compression"] = COMPRESSIONS[code] if code < len(COMPRESSIONS) else str(code)
    for name in ("dataWindow", "channels", "tiles"):
        if written := _written(values.get(name)):
            shape[name] = written
    return shape


def _value(attribute: Attribute, window: Window) -> object:
    """The value as text, integer or tuple; bytes for kinds that are not read, None for one too large or malformed."""
    if attribute.size > _VALUE_BYTES:
        return None
    raw = window.exactly(attribute.at, attribute.size, "attribute list")
    try:
        return _decoded(attribute.kind, raw)
    except (struct.error, ValueError, IndexError, InputError):
        return None


def _decoded(kind: str, raw: bytes) -> object:
    match kind:
        case "string":
            return raw.decode("utf-8", "replace")
        case "int":
            return unpack("<i", raw)[0]
        case "float":
            return float(unpack("<f", raw)[0])
        case "double":
            return float(unpack("<d", raw)[0])
        case "rational":
            top, bottom = unpack("<iI", raw)
            return f"{top}/{bottom}"
        case "box2i" | "v2i" | "v3i":
            return tuple(unpack(f"<{len(raw) // 4}i", raw))
        case "v2f" | "v3f" | "box2f" | "chromaticities" | "m33f" | "m44f":
            return tuple(unpack(f"<{len(raw) // 4}f", raw))
        case "timecode":
            return unpack("<II", raw)[0]
        case "keycode":
            return "-".join(str(part) for part in unpack("<7i", raw))
        case "compression" | "lineOrder" | "envmap" | "deepImageState":
            return raw[0]
        case "chlist":
            return " ".join(_channels(raw))
        case "tiledesc":
            return tuple(unpack("<IIB", raw))
        case "stringvector":
            return " ".join(_strings(raw))
    return raw


def _channels(raw: bytes) -> Iterator[str]:
    at = 0
    while at < len(raw) and raw[at]:
        end = raw.index(b"\0", at)
        kind = unpack_from("<i", raw, end + 1)[0]
        yield f"{raw[at:end].decode('utf-8', 'replace')}:{('uint', 'half', 'float')[kind] if 0 <= kind < 3 else kind}"
        at = end + 17


def _strings(raw: bytes) -> Iterator[str]:
    at = 0
    while at + 4 <= len(raw):
        size = unpack_from("<i", raw, at)[0]
        if size < 0:
            return
        yield raw[at + 4 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size


def _written(value: object) -> str:
    if isinstance(value, str):
        return technical(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return " ".join(number(part) if isinstance(part, float) else str(part) for part in value)
    return ""
