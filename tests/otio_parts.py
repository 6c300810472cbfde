"""Small OTIO documents for tests, spelled as the format spells them. Times are frames at *rate*."""

import json

Part = dict[str, object]


def time(value: float, rate: float = 24) -> Part:
    return {"OTIO_SCHEMA": "RationalTime.1", "value": value, "rate": rate}


def span(start: float, duration: float, rate: float = 24) -> Part:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start, rate), "duration": time(duration, rate)}


def clip(name: str, start: float, duration: float, **more: object) -> Part:
    reference = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": f"plates/{name}.mov"}
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": name,
        "source_range": span(start, duration),
        "media_references": {"DEFAULT_MEDIA": reference},
        "active_media_reference_key": "DEFAULT_MEDIA",
    } | more


def gap(duration: float) -> Part:
    return {"OTIO_SCHEMA": "Gap.1", "source_range": span(0, duration)}


def dissolve(before: float, after: float) -> Part:
    return {
        "OTIO_SCHEMA": "Transition.1",
        "name": "Cross Dissolve",
        "transition_type": "SMPTE_Dissolve",
        "in_offset": time(before),
        "out_offset": time(after),
    }


def track(*children: Part, kind: str = "Video", **more: object) -> Part:
    return {"OTIO_SCHEMA": "Track.1", "name": kind, "kind": kind, "children": list(children)} | more


def stack(*children: Part, name: str = "nested", **more: object) -> Part:
    return {"OTIO_SCHEMA": "Stack.1", "name": name, "children": list(children)} | more


def warp(scalar: float) -> Part:
    return {"OTIO_SCHEMA": "LinearTimeWarp.1", "time_scalar": scalar}


FREEZE: Part = {"OTIO_SCHEMA": "FreezeFrame.1", "time_scalar": 0}


def timeline(*tracks: Part, start: float | None = None, name: str = "a cut") -> bytes:
    told = None if start is None else time(start)
    tracks_stack = stack(*tracks, name="tracks")
    document = {"OTIO_SCHEMA": "Timeline.1", "name": name, "global_start_time": told, "tracks": tracks_stack}
    return json.dumps(document).encode()
