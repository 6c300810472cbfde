"""A reading as an OTIO file: the printer beside the reader. Clips keep their places, sources, effects, ids and comments.

What a reading holds comes back from the file, with these exceptions: clips of one track that overlap without a transition get a
track of their own above it, what a curve placed `somewhere` is written as a clip over the whole stretch, and nested cuts are
as long as what they show.
"""

import json
from collections.abc import Iterable
from fractions import Fraction

from edgecode.errors import InputError
from edgecode.ingest.editorial.otio_effects import OURS
from edgecode.ingest.editorial.otio_json import JsonObject, list_of, object_of
from edgecode.ingest.editorial.otio_layout import Lane, Node, lanes_of
from edgecode.ingest.editorial.otio_moments import rational_time, time_range
from edgecode.ingest.editorial.otio_references import more_of, references_written
from edgecode.terms.cuts import Clip, CutReading, Effect, Transition
from edgecode.terms.effects import transition_seen
from edgecode.terms.timebase import Rate

_KINDS = {"picture": "Video", "sound": "Audio", "other": "Other"}


def otio_bytes(reading: CutReading) -> bytes:
    """The reading as an OTIO file in UTF-8, by the schemas of OTIO 0.17 (Timeline.1, Clip.2).

    Raises InputError ``rate.unknown`` for a reading without a rate, which has no clips to write.
    """
    if reading.rate is None:
        raise InputError("rate.unknown", f"the rate of {reading.name} is not settled", "Give the rate of the cut")
    timeline = _Writer(reading, reading.rate).timeline()
    return json.dumps(timeline, indent=1, ensure_ascii=False).encode()


class _Writer:
    def __init__(self, reading: CutReading, rate: Rate) -> None:
        self.reading = reading
        self.rate = rate

    def timeline(self) -> JsonObject:
        start = rational_time(self.reading.start, self.rate)
        stack = _composition("Stack", "tracks", self._tracks())
        return {"OTIO_SCHEMA": "Timeline.1", "name": self.reading.name, "global_start_time": start, "tracks": stack}

    def _tracks(self) -> list[JsonObject]:
        tracks: list[JsonObject] = []
        longest = Fraction(0)
        for index, track in enumerate(self.reading.tracks):
            clips = [clip for clip in self.reading.clips if clip.path[0] == index]
            mixes = [mix for mix in self.reading.transitions if mix.track == index]
            for lane in lanes_of(clips, mixes, depth=1):
                children = self._children(lane, Fraction(0))
                on = max((node.end for node in lane.nodes if _is_on(node)), default=Fraction(0))
                longest = max(longest, on if track.enabled else longest)
                written = _composition("Track", track.name, children)
                tracks.append(written | {"kind": _KINDS[track.kind], "enabled": track.enabled})
        if longest < self.reading.frames:
            self._fill(tracks, longest)
        return tracks

    def _fill(self, tracks: list[JsonObject], longest: Fraction) -> None:
        """A last gap that makes the cut as long as it was."""
        on = next((track for track in tracks if track["enabled"] and _ends_on(track)), None)
        if on is None or not isinstance(children := on["children"], list):
            return
        length = sum((_length(child) for child in children), Fraction(0))
        children.append(self._gap(self.reading.frames - length))

    def _children(self, lane: Lane, origin: Fraction) -> list[JsonObject]:
        """The items of one lane with gaps between them; *origin* is where its clock starts on the record side."""
        children: list[JsonObject] = []
        position = origin
        for node in lane.nodes:
            if node.before is not None:
                before = node.before
                if before.edit > position:
                    children.append(self._gap(before.edit - position))
                    position = before.edit
                children.append(self._transition(before.row, before.edit))
            if node.clips:
                if node.start > position:
                    children.append(self._gap(node.start - position))
                children.append(self._item(node))
                position = node.end
        return children

    def _gap(self, length: Fraction) -> JsonObject:
        return _item("Gap.1", "", time_range(0, length, self.rate, length_rate=self.rate))

    def _transition(self, row: Transition, edit: Fraction) -> JsonObject:
        return {
            "OTIO_SCHEMA": "Transition.1",
            "name": row.name,
            "transition_type": row.kind,
            "in_offset": rational_time(edit - row.record_in, self.rate),
            "out_offset": rational_time(row.record_out - edit, self.rate),
            "metadata": {} if transition_seen(row.kind, row.name) == row.seen else {OURS: {"seen": row.seen}},
        }

    def _item(self, node: Node) -> JsonObject:
        if node.clip is not None:
            return self._clip(node.clip, node)
        # The inner clock starts where the nest is first seen; its range starts at the edit, so a dissolve finds its handle.
        layers = []
        for layer in range(node.layers):
            inside = [clip for clip in node.clips if clip.path[node.depth + 1] == layer]
            for lane in lanes_of(inside, self.reading.transitions, depth=node.depth + 2):
                kind = "Audio" if inside and all(clip.kind == "sound" for clip in inside) else "Video"
                layers.append(_composition("Track", "", self._children(lane, node.low)) | {"kind": kind})
        name = node.clips[0].nest[node.depth // 2] if len(node.clips[0].nest) > node.depth // 2 else ""
        span = time_range(node.start - node.low, node.end - node.start, self.rate, length_rate=self.rate)
        return _composition("Stack", name, layers) | {"source_range": span}

    def _clip(self, clip: Clip, node: Node) -> JsonObject:
        rate = clip.source_rate or self.rate
        span = time_range(_source_start(clip, node), node.end - node.start, rate, length_rate=self.rate)
        written = _item("Clip.2", clip.name, span) | references_written(clip.media, rate)
        return written | {
            "enabled": clip.enabled,
            "metadata": _metadata(clip),
            "effects": _effects(clip, rate.fraction / self.rate.fraction),
        }


def _is_on(node: Node) -> bool:
    return any(clip.enabled for clip in node.clips)


def _ends_on(track: JsonObject) -> bool:
    """Whether a gap at the end of a written track makes it longer: nothing that is off lies before it."""
    last = list_of(track.get("children"))[-1:]
    return all(object_of(each).get("enabled") is not False for each in last)


def _source_start(clip: Clip, node: Node) -> Fraction:
    """Where the source range starts, from the frame seen at record in: the inverse of reading (otio_clip)."""
    if clip.source_in is None or clip.source_scale is None:
        return Fraction(0)
    scale = clip.source_scale
    played = (clip.record_in - node.start) * scale
    if scale >= 0:
        return clip.source_in - played
    return clip.source_in - scale - (node.end - node.start) * -scale - played


def _effects(clip: Clip, per_frame: Fraction) -> list[JsonObject]:
    """The clip's effects as written; a speed that no effect of it explains gets a time warp."""
    written = [_effect(effect) for effect in clip.effects]
    bends = any(
        "time_scalar" in each or str(each["OTIO_SCHEMA"]).startswith(("FreezeFrame", "TimeEffect")) for each in written
    )
    if bends or clip.source_scale == per_frame:
        return written
    if clip.source_scale is None:
        return [*written, {"OTIO_SCHEMA": "TimeEffect.1", "name": "", "effect_name": "", "metadata": {}}]
    scalar = float(clip.source_scale / per_frame)
    warp = {"OTIO_SCHEMA": "LinearTimeWarp.1", "name": "", "effect_name": "", "metadata": {}, "time_scalar": scalar}
    return [*written, warp]


def _effect(effect: Effect) -> JsonObject:
    parameters = json.loads(effect.parameters) if effect.parameters else {}
    schema = effect.schema if "." in effect.schema else "Effect.1"
    written: JsonObject = {
        "OTIO_SCHEMA": schema,
        "name": "",
        "effect_name": effect.name,
        "enabled": effect.enabled,
        "metadata": {},
        **(parameters if isinstance(parameters, dict) else {}),
    }
    kept: JsonObject = {"inherited": effect.inherited} if effect.inherited else {}
    # Names that are not written again may be what made it so.
    kept |= {"seen": effect.seen} if effect.seen != "plain" else {}
    if kept:
        written["metadata"] = object_of(written["metadata"]) | {OURS: kept}
    return written


def _metadata(clip: Clip) -> JsonObject:
    media = clip.media
    ours: JsonObject = {
        "reel": media.reel,
        "reel_full": media.reel_full,
        "reel_is_truncated": media.reel_is_truncated,
        "codes": list(media.codes),
        "umids": list(media.umids),
        "event": clip.event,
        "source_label": clip.source_label,
    } | more_of(media)
    kept = {key: value for key, value in ours.items() if value}
    metadata: JsonObject = {OURS: kept} if kept else {}
    return metadata | ({"cmx_3600": {"comments": list(clip.comments)}} if clip.comments else {})


def _item(schema: str, name: str, span: JsonObject | None) -> JsonObject:
    return {
        "OTIO_SCHEMA": schema,
        "name": name,
        "source_range": span,
        "effects": [],
        "markers": [],
        "enabled": True,
        "metadata": {},
    }


def _composition(schema: str, name: str, children: Iterable[JsonObject]) -> JsonObject:
    return _item(f"{schema}.1", name, None) | {"children": list(children)}


def _length(item: JsonObject) -> Fraction:
    """The length of an item we wrote, in frames of the cut."""
    span = item.get("source_range")
    duration = span["duration"] if isinstance(span, dict) else None
    return Fraction(str(duration["value"])) if isinstance(duration, dict) else Fraction(0)
