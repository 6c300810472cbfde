"""What is in a cut file, as inspect/1 says it (FORMATS, "Contracts of the command line"): read, shown, nothing stored."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from edgecode.answers.paper_notes.cut import CutNotes
from edgecode.terms.cuts import Clip, CutReading, Diagnostic, Transition
from edgecode.terms.timebase import exact_number

SCHEMA: Literal["edgecode.inspect/1"] = "edgecode.inspect/1"

Position = int | str
"""A frame as an integer, or ``"num/den"`` off the frame grid; in a cut of unknown rate the timecode label as read."""


class InspectedEffect(Struct, frozen=True):
    """An effect by the name that the program gives it, and what we make of it: plain, generative or unknown."""

    name: str
    schema: str
    seen: str
    enabled: bool


class InspectedClip(Struct, frozen=True):
    """One use of a source. *path*: tracks, items and layers of nested cuts (terms.cuts.Clip). *source*: None when not computable.

    *media*: the first path or URL as written, a generator's kind, or None when the file names nothing.
    """

    name: str
    path: tuple[int, ...]
    record: tuple[Position, Position]
    source: tuple[Position, Position] | None
    reel: str
    media: str | None
    enabled: bool
    effects: tuple[InspectedEffect, ...]


class InspectedTransition(Struct, frozen=True):
    """A transition: where both sides are seen, in frames of the cut."""

    name: str
    kind: str
    record: tuple[Position, Position]
    seen: str


class InspectedTrack(Struct, frozen=True):
    """A track, bottom first: picture, sound or other. *effects*: those of the track or the whole cut, on top of its clips' own."""

    name: str
    kind: str
    enabled: bool
    effects: tuple[InspectedEffect, ...]
    clips: tuple[InspectedClip, ...]
    transitions: tuple[InspectedTransition, ...]


class InspectedCut(Struct, frozen=True):
    """A cut: *rate* ``"num/den"``, *start* the record timecode of its first frame in frames; all None when the rate is unknown."""

    name: str
    rate: str | None
    start: int | None
    frames: int | None
    tracks: tuple[InspectedTrack, ...]


class InspectedProblem(Struct, frozen=True):
    """A problem of the file. *line* is None where the format has none; then *text* starts with the place."""

    code: str
    line: int | None
    text: str


class CutInspection(Struct, frozen=True, tag_field="kind", tag="cut"):
    """The whole answer of ``inspect`` for a cut file; ``kind`` tells it from those for media and sequences (`inspection.media`). *notes*:
    of a cut in the record (``cut show``), absent for a file."""

    cuts: tuple[InspectedCut, ...]
    diagnostics: tuple[InspectedProblem, ...]
    schema: Literal["edgecode.inspect/1"] = SCHEMA
    notes: CutNotes | UnsetType = UNSET


def cut_inspection(readings: Sequence[CutReading], notes: CutNotes | None = None) -> CutInspection:
    """What the readings of one file hold, in the form of inspect/1. *notes*: of a cut in the record."""
    problems = dict.fromkeys(problem for reading in readings for problem in reading.diagnostics)
    said = UNSET if notes is None else notes
    return CutInspection(tuple(map(_cut, readings)), tuple(map(inspected_problem, problems)), notes=said)


def _cut(reading: CutReading) -> InspectedCut:
    clips: list[list[InspectedClip]] = [[] for _ in reading.tracks]
    for clip in reading.clips:
        clips[clip.path[0]].append(_clip(clip))
    for index, _event, name, reel, *labels in reading.labels:
        source, record = (labels[0], labels[1]), (labels[2], labels[3])
        clips[int(index)].append(InspectedClip(name, (int(index),), record, source, reel, None, True, ()))
    mixes: list[list[InspectedTransition]] = [[] for _ in reading.tracks]
    for transition in reading.transitions:
        mixes[transition.track].append(_transition(transition))
    over = {clip.path[0]: _effects(clip, of_track=True) for clip in reversed(reading.clips)}
    known = reading.rate is not None
    return InspectedCut(
        name=reading.name,
        rate=str(reading.rate) if known else None,
        start=reading.start if known else None,
        frames=reading.frames if known else None,
        tracks=tuple(
            InspectedTrack(track.name, track.kind, track.enabled, over.get(index, ()), tuple(own), tuple(mixed))
            for index, (track, own, mixed) in enumerate(zip(reading.tracks, clips, mixes, strict=True))
        ),
    )


def _clip(clip: Clip) -> InspectedClip:
    source_out = clip.source_out
    source = None if clip.source_in is None or source_out is None else _span(clip.source_in, source_out)
    return InspectedClip(
        name=clip.name,
        path=clip.path,
        record=_span(clip.record_in, clip.record_out),
        source=source,
        reel=clip.media.reel,
        media=next(iter(clip.media.targets), clip.media.generator) or None,
        enabled=clip.enabled,
        effects=_effects(clip, of_track=False),
    )


def _effects(clip: Clip, *, of_track: bool) -> tuple[InspectedEffect, ...]:
    """The clip's own effects and those of nested cuts around it, or those of its outermost track."""
    return tuple(
        InspectedEffect(each.name, each.schema, each.seen, each.enabled)
        for each in clip.effects
        if (each.inherited == "track") == of_track
    )


def _span(first: Fraction, end: Fraction) -> tuple[Position, Position]:
    return exact_number(first), exact_number(end)


def _transition(transition: Transition) -> InspectedTransition:
    record = _span(transition.record_in, transition.record_out)
    return InspectedTransition(transition.name, transition.kind, record, transition.seen)


def inspected_problem(problem: Diagnostic) -> InspectedProblem:
    """A problem as JSON answers give it."""
    text = f"{problem.path}: {problem.text}" if problem.path else problem.text
    return InspectedProblem(problem.code, problem.line or None, text)
