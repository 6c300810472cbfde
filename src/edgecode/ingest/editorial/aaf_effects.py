"""Operation groups of an AAF composition: what they are called, and what they do to time.

Source: AAF Edit Protocol (SpeedRatio is output length by input length); Avid's time warps hold an offset curve
(``PARAM_SPEED_OFFSET_MAP_U``: source frames against record frames) that is right where their SpeedRatio is not.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from edgecode.ingest.editorial.aaf_objects import UNREADABLE, class_of, members, ratio_of, text_of, value_of
from edgecode.ingest.editorial.exact import Exact, simplest
from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.parts import effect, speed

_KNOWN = {
    "9d2ea890-0968-11d3-8a38-0050040ef7d2": "Video Speed Control",
    "9d2ea891-0968-11d3-8a38-0050040ef7d2": "Video Repeat",
    "9d2ea893-0968-11d3-8a38-0050040ef7d2": "Audio Pan",
    "9d2ea894-0968-11d3-8a38-0050040ef7d2": "Audio Gain",
    "0c3bea40-fc05-11d2-8a29-0050040ef7d2": "Video Dissolve",
    "0c3bea41-fc05-11d2-8a29-0050040ef7d2": "Audio Dissolve",
    "0c3bea44-fc05-11d2-8a29-0050040ef7d2": "SMPTE Wipe",
}
"""Operations of the standard itself, which some programs leave without a name."""

_SPEEDS = ("video speed control", "motion control", "timewarp", "video repeat", "video freeze", "audio warp")
_OFFSETS = ("PARAM_SPEED_OFFSET_MAP_U", "PARAM_OFFSET_MAP_U")
_RATIOS = ("SpeedRatio", "Speed Ratio")
_SHOWN_TEXT = 200


class Warp(NamedTuple):
    """A time warp: source per record frame (0 a freeze, None a curve), and the source offset of its first frame."""

    scale: Exact | None
    offset: Exact


class Operation(NamedTuple):
    """One operation: *effects* for the parts, and its *warp* where it bends time."""

    name: str
    effects: list[JsonObject]
    warp: Warp | None


def operation_of(group: object, length: int) -> Operation:
    """What an operation group does for *length* edit units."""
    definition = value_of(group, "Operation")
    name = operation_name(definition)
    settings = _settings(group)
    warps = bool(value_of(definition, "IsTimeWarp")) or name.lower() in _SPEEDS
    if not warps:
        spoken = _spoken(name)
        return Operation(name, [effect(spoken, spoken, {"Operation": name} | settings)], None)
    warp = _warp(group, length)
    # A time effect is followed where it is a line; beside that it adds nothing of its own.
    return Operation(name, [speed(warp.scale, "Time Warp")], warp)


def operation_name(definition: object) -> str:
    """What an operation is called; the standard's own name where the file gives none."""
    try:
        known = _KNOWN.get(str(getattr(definition, "auid", "")), "")
    except UNREADABLE:
        known = ""
    return text_of(definition, "Name") or known


def spoken_name(definition: object) -> str:
    """An operation's name as words: ``VideoDissolve_2`` is a video dissolve."""
    return _spoken(operation_name(definition))


def _spoken(name: str) -> str:
    words = re.sub(r"_\d+$", "", name)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words)
    return re.sub(r"^(?:Mono|Stereo) ", "", words)


def _parameters(group: object) -> Iterator[tuple[str, object]]:
    for parameter in members(group, "Parameters"):
        try:
            name = str(getattr(parameter, "name", "") or "")
        except UNREADABLE:
            name = ""
        yield name, parameter


def _settings(group: object) -> JsonObject:
    """Parameters as text, those that are one value."""
    found: JsonObject = {}
    for name, parameter in _parameters(group):
        if name and class_of(parameter) == "ConstantValue":
            found[name] = str(value_of(parameter, "Value"))[:_SHOWN_TEXT]
    return found


def _warp(group: object, length: int) -> Warp:
    told = dict(_parameters(group))
    for name in _OFFSETS:
        points = _points(told.get(name))
        if len(points) >= 2:
            return _line(points)
    for name in _RATIOS:
        ratio = ratio_of(value_of(told.get(name), "Value")) if name in told else None
        if ratio is not None and ratio != 0:
            # Avid writes a freeze as one source frame over the whole length.
            freeze = ratio == length and length > 1
            return Warp(0 if freeze else simplest(1 / ratio), 0)
    return Warp(None, 0)


def _points(parameter: object) -> list[tuple[Fraction, Fraction]]:
    found: list[tuple[Fraction, Fraction]] = []
    for point in members(parameter, "PointList"):
        try:
            time, value = ratio_of(getattr(point, "time", None)), ratio_of(getattr(point, "value", None))
        except UNREADABLE:
            continue
        if time is not None and value is not None:
            found.append((time, value))
    return sorted(found)


def _line(points: list[tuple[Fraction, Fraction]]) -> Warp:
    """The line through all points; a curve has none."""
    (t0, v0), (t1, v1) = points[0], points[-1]
    if t1 == t0:
        return Warp(None, 0)
    slope = (v1 - v0) / (t1 - t0)
    near = all(abs(v0 + (time - t0) * slope - value) <= Fraction(1, 100) for time, value in points)
    return Warp(simplest(slope), simplest(v0 - t0 * slope)) if near else Warp(None, 0)
