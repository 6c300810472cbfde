"""OTIO files into cuts: which timelines a file holds, at which rate, from which timecode on, and how long."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor

from edgecode.errors import InputError
from edgecode.ingest.editorial.exact import Clock, rate_written
from edgecode.ingest.editorial.limits import refuse_large_file
from edgecode.ingest.editorial.otio_json import JsonObject, list_of, object_of, parse_otio, schema_of, text_of
from edgecode.ingest.editorial.otio_walk import Walk
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.timebase import KNOWN_RATES, Rate, day_length

FORMAT = "otio"
READER = "edgecode.otio/1"
_COLLECTION_DEPTH = 8
_ASKED_ITEMS = 2_000
"""How many items are asked for their rate where the timeline does not say one."""


def read_otio(data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
    """Every timeline of an OTIO file as a cut, in file order. *rate* overrules the file's own.

    Raises InputError: ``cut.too_large``, ``otio.malformed``, ``schema.too_deep``, ``cut.none`` (nothing in it is a cut).
    """
    refuse_large_file(data, name)
    root, problems = parse_otio(data, name=name)
    timelines = list(_timelines(root, 0))
    if not timelines:
        raise InputError(
            "cut.none",
            f"{name} is OTIO but holds no timeline",
            "Export the timeline itself, not a clip or a bin",
        )
    digest = sha256(data).hexdigest()
    return [_cut(timeline, problems, name=name, rate=rate, digest=digest) for timeline in timelines]


def _timelines(item: JsonObject, depth: int) -> Iterator[JsonObject]:
    """The timelines of a document; a bare stack or track counts as one."""
    schema = schema_of(item)
    if schema == "Timeline":
        yield item
    elif schema == "Stack":
        yield {"OTIO_SCHEMA": "Timeline.1", "name": item.get("name"), "tracks": item}
    elif schema == "Track":
        stack = {"OTIO_SCHEMA": "Stack.1", "children": [item]}
        yield {"OTIO_SCHEMA": "Timeline.1", "name": item.get("name"), "tracks": stack}
    elif schema == "SerializableCollection" and depth < _COLLECTION_DEPTH:
        for child in list_of(item.get("children")):
            if schema_of(child) in ("Timeline", "SerializableCollection"):
                yield from _timelines(object_of(child), depth + 1)


def _cut(timeline: JsonObject, problems: list[Diagnostic], *, name: str, rate: Rate | None, digest: str) -> CutReading:
    stack, unreadable = _stack(timeline)
    told = _rate(timeline, stack)
    title = text_of(timeline.get("name")) or name
    diagnostics = [*problems, *unreadable]
    if rate is not None and told is not None and rate != told:
        text = f"the file counts {told.spoken} frames a second and was read at {rate.spoken}"
        diagnostics.append(Diagnostic("rate.conflict", text, effect="approximate"))
    settled = rate or told
    if settled is None:
        text = "nothing in the file says how many frames a second it counts"
        diagnostics.append(Diagnostic("rate.unknown", text, effect="row-missing"))
        return _reading(title, None, 0, 0, Walk(Clock(Rate(24)), name=name), diagnostics, digest)
    walk = Walk(Clock(settled), name=name)
    start = walk.clock.frames(timeline.get("global_start_time"))
    first = walk.walk(stack, start=start)
    if first != floor(first):
        diagnostics.append(Diagnostic("start.off_grid", "the cut starts between two frames", effect="approximate"))
    on = [extent for extent, track in zip(walk.extents, walk.tracks, strict=True) if track.enabled]
    frames = ceil(max(on, default=0))
    if not walk.clips:
        diagnostics.append(Diagnostic("cut.empty", "the timeline shows no clip at all"))
    return _reading(title, settled, floor(first), frames, walk, diagnostics, digest)


def _stack(timeline: JsonObject) -> tuple[JsonObject, list[Diagnostic]]:
    """The timeline's stack of tracks, and what is to be said where it holds something else."""
    tracks = timeline.get("tracks")
    if schema_of(tracks) == "Track":
        return {"OTIO_SCHEMA": "Stack.1", "children": [tracks]}, []
    if tracks is None or isinstance(tracks, dict):
        return object_of(tracks), []
    text = "what the timeline holds as its tracks cannot be read"
    return {}, [Diagnostic("children.unreadable", text, path="tracks", effect="row-missing")]


def _reading(
    title: str, rate: Rate | None, start: int, frames: int, walk: Walk, diagnostics: list[Diagnostic], digest: str
) -> CutReading:
    return CutReading(
        name=title,
        format=FORMAT,
        reader=READER,
        rate=rate,
        drop_frame=rate is not None and _starts_on_a_drop_frame_hour(start, rate),
        start=start,
        frames=frames,
        tracks=tuple(walk.tracks),
        clips=tuple(walk.clips),
        transitions=tuple(walk.transitions),
        diagnostics=(*diagnostics, *walk.diagnostics),
        inputs=(digest,),
    )


def _starts_on_a_drop_frame_hour(start: int, rate: Rate) -> bool:
    """OTIO has no word for drop-frame; a start at a whole hour of drop-frame and of nothing else says it."""
    if rate.fraction not in (Fraction(30000, 1001), Fraction(60000, 1001)) or start <= 0:
        return False
    hour = day_length(rate, drop_frame=True) // 24
    return start % hour == 0 and start % (rate.nominal * 3600) != 0


def _rate(timeline: JsonObject, stack: JsonObject) -> Rate | None:
    """The cut's rate: of its start, else of most items of its picture tracks, else of any item, else of their media.

    Sample rates and ticks are no frame rates; one is taken only when the file knows nothing else.
    """
    start = object_of(timeline.get("global_start_time"))
    told = rate_written(start.get("rate")) if start else None
    if told is not None and told.fraction in KNOWN_RATES:
        return told
    counted = _counted(stack)
    for votes in counted:
        known = [(count, rate) for rate, count in votes.items() if rate.fraction in KNOWN_RATES]
        if known:
            return max(known, key=lambda each: each[0])[1]
    others = [rate for votes in counted for rate, _ in votes.most_common(1)]
    return told or next(iter(others), None)


def _counted(stack: JsonObject) -> tuple[Counter[Rate], Counter[Rate], Counter[Rate]]:
    """Rates of the items of picture tracks, of all items (nested ones too), and of their media, with how often each occurs."""
    picture: Counter[Rate] = Counter()
    every: Counter[Rate] = Counter()
    media: Counter[Rate] = Counter()
    waiting = [(object_of(child), True) for child in reversed(list_of(stack.get("children")))]
    asked = 0
    while waiting and asked < _ASKED_ITEMS:
        item, first_level = waiting.pop()
        asked += 1
        sound = text_of(item.get("kind")) not in ("", "Video")
        waiting.extend(
            (object_of(child), first_level and not sound) for child in reversed(list_of(item.get("children")))
        )
        own = rate_written(_range_rate(item.get("source_range")))
        if own is not None:
            every[own] += 1
            picture[own] += first_level
        references = [*object_of(item.get("media_references")).values(), item.get("media_reference")]
        for reference in references:
            available = rate_written(_range_rate(object_of(reference).get("available_range")))
            if available is not None:
                media[available] += 1
    return +picture, every, media


def _range_rate(time_range: object) -> object:
    return object_of(object_of(time_range).get("duration")).get("rate")
