"""Cuts of other formats said in OTIO's parts, so that one walk places them all (docs/decisions/0005).

A reader of a nested format says what its file says (tracks, items one after another, transitions, nested cuts, speeds) with these
parts, and `placed` walks them as it walks an OTIO document: visibility, trims and bent clocks are worked out in one place only.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil

from msgspec import Struct

from edgecode.ingest.editorial.exact import Clock, Exact, simplest
from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.otio_walk import Walk
from edgecode.ingest.editorial.texts import recordable
from edgecode.terms.cuts import CutReading, Diagnostic, TrackKind
from edgecode.terms.timebase import Rate

_KINDS = {"picture": "Video", "sound": "Audio", "other": "Other"}


class Shown(Struct, frozen=True):
    """What a clip shows, as `terms.cuts.Media` means it. *available*: first position and length on the media's clock, in frames at
    *rate*, where the file says them. *generator*: None for media; a kind of generator, which may be empty."""

    targets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    reel: str = ""
    umids: tuple[str, ...] = ()
    generator: str | None = None
    available: tuple[Fraction, Fraction] | None = None
    rate: Rate | None = None


class Opening(Struct, frozen=True):
    """How a cut begins: its *name*, its *rate*, the record timecode of its first frame in frames, and how its labels count."""

    name: str
    rate: Rate
    start: int = 0
    drop_frame: bool = False


def moment(value: Exact, rate: Rate) -> JsonObject:
    """A RationalTime: *value* frames at *rate*, exact; plain integers where they are whole, which the walk counts fastest."""
    counts = rate.numerator if rate.denominator == 1 else rate.fraction
    return {"OTIO_SCHEMA": "RationalTime.1", "value": simplest(value), "rate": counts}


def span(first: Exact, first_rate: Rate, length: Exact, length_rate: Rate) -> JsonObject:
    """A TimeRange whose start counts at the source's rate and whose length at the cut's."""
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": moment(first, first_rate),
        "duration": moment(length, length_rate),
    }


def clip(
    name: str,
    shown: Shown,
    source_range: JsonObject,
    *,
    enabled: bool = True,
    effects: Sequence[JsonObject] = (),
    event: str = "",
    comments: Iterable[str] = (),
    markers: Iterable[str] = (),
) -> JsonObject:
    """A use of a source. *comments* and *markers* are texts; an ``EDGECODE: …`` in them counts."""
    ours: JsonObject = {
        "targets": list(shown.targets[1:]),
        "names": list(shown.names),
        "reel": shown.reel,
        "umids": list(shown.umids),
        "event": event,
    }
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": recordable(name),
        "source_range": source_range,
        "enabled": enabled,
        "effects": list(effects),
        "markers": [{"OTIO_SCHEMA": "Marker.2", "comment": text} for text in markers],
        "media_references": {
            "DEFAULT_MEDIA": _reference(shown),
            **{
                f"other {n}": {"OTIO_SCHEMA": "ExternalReference.1", "target_url": o}
                for n, o in enumerate(shown.others)
            },
        },
        "active_media_reference_key": "DEFAULT_MEDIA",
        "metadata": {
            "edgecode": {key: value for key, value in ours.items() if value},
            "cmx_3600": {"comments": list(comments)},
        },
    }


def _reference(shown: Shown) -> JsonObject:
    available: JsonObject = {}
    if shown.available is not None and shown.rate is not None:
        available = {"available_range": span(shown.available[0], shown.rate, shown.available[1], shown.rate)}
    if shown.generator is not None:
        return {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": shown.generator} | available
    if not shown.targets:
        return {"OTIO_SCHEMA": "MissingReference.1"} | available
    return {"OTIO_SCHEMA": "ExternalReference.1", "target_url": shown.targets[0]} | available


def gap(length: Exact, rate: Rate) -> JsonObject:
    """Nothing, for *length* frames at *rate*."""
    return {"OTIO_SCHEMA": "Gap.1", "source_range": span(0, rate, length, rate)}


def mix(name: str, kind: str, length: Exact, rate: Rate) -> JsonObject:
    """A transition that begins where the item before it ends in these parts, and lasts *length*: both neighbours are seen over it."""
    return {
        "OTIO_SCHEMA": "Transition.1",
        "name": name,
        "transition_type": kind,
        "in_offset": moment(0, rate),
        "out_offset": moment(length, rate),
    }


def track(
    children: Sequence[JsonObject],
    *,
    kind: TrackKind,
    name: str = "",
    enabled: bool = True,
) -> JsonObject:
    """Items one after another."""
    return {
        "OTIO_SCHEMA": "Track.1",
        "name": recordable(name),
        "kind": _KINDS[kind],
        "enabled": enabled,
        "children": list(children),
    }


def nest(
    name: str,
    tracks: Sequence[JsonObject],
    source_range: JsonObject,
    *,
    enabled: bool = True,
    effects: Sequence[JsonObject] = (),
) -> JsonObject:
    """A cut within the cut, its lowest track first, trimmed to *source_range* of its own clock."""
    return {
        "OTIO_SCHEMA": "Stack.1",
        "name": recordable(name),
        "children": list(tracks),
        "source_range": source_range,
        "enabled": enabled,
        "effects": list(effects),
    }


def effect(name: str, kind: str, settings: JsonObject, *, enabled: bool = True) -> JsonObject:
    """Something done to picture or sound: *name* as a person reads it, *kind* as the program calls it."""
    return {
        "OTIO_SCHEMA": "Effect.1",
        "name": recordable(name),
        "effect_name": recordable(kind),
        "enabled": enabled,
        "metadata": {"settings": settings} if settings else {},
    }


def speed(scalar: Exact | None, name: str = "") -> JsonObject:
    """How fast an item runs: 0 a freeze, negative backwards, None a curve that nobody follows."""
    if scalar is None:
        return {"OTIO_SCHEMA": "TimeEffect.1", "name": name}
    if scalar == 0:
        return {"OTIO_SCHEMA": "FreezeFrame.1", "name": name}
    return {"OTIO_SCHEMA": "LinearTimeWarp.1", "name": name, "time_scalar": scalar}


def placed(
    tracks: Sequence[JsonObject],
    opening: Opening,
    problems: Sequence[Diagnostic],
    *,
    form: str,
    reader: str,
    digest: str,
    file_name: str,
) -> CutReading:
    """The cut of *tracks*, the lowest first. *problems*: what the reader had to say of the file.

    Raises InputError: ``schema.too_deep``, ``cut.too_many_clips``.
    """
    walk = Walk(Clock(opening.rate), name=file_name)
    walk.walk({"OTIO_SCHEMA": "Stack.1", "children": list(tracks)}, start=opening.start)
    on = [extent for extent, each in zip(walk.extents, walk.tracks, strict=True) if each.enabled]
    said = [*problems, *walk.diagnostics]
    if not walk.clips:
        said.append(Diagnostic("cut.empty", "the timeline shows no clip at all"))
    return CutReading(
        name=recordable(opening.name) or file_name,
        format=form,
        reader=reader,
        rate=opening.rate,
        drop_frame=opening.drop_frame,
        start=opening.start,
        frames=ceil(max(on, default=0)),
        tracks=tuple(walk.tracks),
        clips=tuple(walk.clips),
        transitions=tuple(walk.transitions),
        diagnostics=tuple(said),
        inputs=(digest,),
    )


def without_rate(opening: str, problems: Sequence[Diagnostic], *, form: str, reader: str, digest: str) -> CutReading:
    """The reading of a cut of which nobody knows the rate: no clip was placed."""
    text = "nothing in the file says how many frames a second it counts"
    return CutReading(
        name=recordable(opening),
        format=form,
        reader=reader,
        rate=None,
        drop_frame=False,
        start=0,
        frames=0,
        tracks=(),
        clips=(),
        diagnostics=(*problems, Diagnostic("rate.unknown", text, effect="row-missing")),
        inputs=(digest,),
    )
