"""The cut of the demo film as an OpenTimelineIO file: V1 with a nested montage and two dissolves, V2, A1 and A2."""

import json
from collections.abc import Iterable

from edgecode.cli.demo.film import (
    DISSOLVES,
    FIRST_FILE_NUMBER,
    RATE,
    START,
    TITLE,
    USES,
    Dissolve,
    Source,
    Use,
    source_named,
)

Item = dict[str, object]

CUT_NAME = f"{TITLE}, picture cut 13"
NEXT_CUT_NAME = f"{TITLE}, picture cut 14"


def otio(*, media: str, name: str = CUT_NAME, uses: tuple[Use, ...] = USES) -> bytes:
    """The timeline as JSON. *media* is how the editing room names the media folder, without a slash at its end."""
    tracks = [
        _track(track, kind, [use for use in uses if use.track == track], media)
        for track, kind in (("V1", "Video"), ("V2", "Video"), ("A1", "Audio"), ("A2", "Audio"))
    ]
    timeline: Item = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": name,
        "global_start_time": _time(START),
        "metadata": {},
        "tracks": _composition("Stack.1", "tracks", tracks),
    }
    return json.dumps(timeline, indent=1).encode() + b"\n"


def _track(name: str, kind: str, uses: list[Use], media: str) -> Item:
    return _composition("Track.1", name, _children(uses, 0, media, dissolves=DISSOLVES if name == "V1" else ())) | {
        "kind": kind
    }


def _children(uses: Iterable[Use], at: int, media: str, *, dissolves: Iterable[Dissolve] = ()) -> list[Item]:
    """Clips with gaps between them from record frame *at*; uses of one nested cut become one stack."""
    edits = {dissolve.at: dissolve for dissolve in dissolves}
    children: list[Item] = []
    nested: list[Use] = []
    for use in [*uses, None]:
        if nested and (use is None or use.nest != nested[0].nest):
            children.append(_nested(nested, media))
            at, nested = nested[-1].end, []
        if use is None:
            break
        if use.nest:
            nested.append(use)
            continue
        if use.first > at:
            children.append(_gap(use.first - at))
        if use.first in edits:
            children.append(_transition(edits[use.first]))
        children.append(_gap(use.frames) if use.name == "black" else _clip(use, media))
        at = use.end
    return children


def _nested(uses: list[Use], media: str) -> Item:
    plain = [_clip(use, media) for use in uses]
    track = _composition("Track.1", "V1", plain) | {"kind": "Video"}
    return _composition("Stack.1", uses[0].nest, [track])


def _composition(schema: str, name: str, children: list[Item]) -> Item:
    return {
        "OTIO_SCHEMA": schema, "name": name, "source_range": None, "effects": [], "markers": [], "enabled": True,
        "metadata": {}, "children": children,
    }  # fmt: skip


def _gap(frames: int) -> Item:
    return {
        "OTIO_SCHEMA": "Gap.1", "name": "", "source_range": _range(0, frames), "effects": [], "markers": [],
        "enabled": True, "metadata": {},
    }  # fmt: skip


def _transition(dissolve: Dissolve) -> Item:
    return {
        "OTIO_SCHEMA": "Transition.1", "name": "Dissolve", "transition_type": "SMPTE_Dissolve",
        "in_offset": _time(dissolve.before), "out_offset": _time(dissolve.after), "metadata": {},
    }  # fmt: skip


def _clip(use: Use, media: str) -> Item:
    source = source_named(use.source) if use.source else None
    effects: list[Item] = []
    if use.scale != 1:
        speed = use.scale.numerator / use.scale.denominator
        effects.append(
            {"OTIO_SCHEMA": "LinearTimeWarp.1", "name": "Speed", "effect_name": "LinearTimeWarp", "time_scalar": speed}
        )
    clock = source.clock if source else 0
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": use.name,
        "source_range": _range(clock + use.offset, use.frames),
        "effects": effects,
        "markers": [],
        "enabled": use.enabled,
        "metadata": {"cmx_3600": {"reel": source.reel}} if source and source.reel else {},
        "media_references": {"DEFAULT_MEDIA": _reference(use, source, media)},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def _reference(use: Use, source: Source | None, media: str) -> Item:
    if use.words:
        return {
            "OTIO_SCHEMA": "GeneratorReference.1", "name": use.name, "available_range": None, "metadata": {},
            "generator_kind": "Title", "parameters": {"text": use.words},
        }  # fmt: skip
    if source is None:
        return _external(use.elsewhere, _range(0, use.frames))
    if use.by_reel:
        return {"OTIO_SCHEMA": "MissingReference.1", "name": "", "available_range": None, "metadata": {}}
    url = f"{media}/{source.path}"
    if not source.frames:
        return _external(url, _range(0, 1))
    available = _range(source.clock, use.claimed or source.frames)
    if "#" not in url:
        return _external(url, available)
    folder, _, name = url.rpartition("/")
    prefix, _, suffix = name.partition("#")
    return {
        "OTIO_SCHEMA": "ImageSequenceReference.1", "name": source.name, "available_range": available, "metadata": {},
        "target_url_base": folder + "/", "name_prefix": prefix, "name_suffix": suffix, "start_frame": FIRST_FILE_NUMBER,
        "frame_step": 1, "rate": float(RATE.nominal), "frame_zero_padding": 4, "missing_frame_policy": "error",
    }  # fmt: skip


def _external(url: str, available: Item) -> Item:
    return {
        "OTIO_SCHEMA": "ExternalReference.1",
        "name": "",
        "available_range": available,
        "metadata": {},
        "target_url": url,
    }


def _range(first: int, frames: int) -> Item:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(first), "duration": _time(frames)}


def _time(frames: int) -> Item:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(RATE.nominal), "value": float(frames)}
