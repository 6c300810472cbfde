"""The same for people: a cut's tracks as a list of clips with record and source timecode, then what was wrong with the file."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from edgecode.answers.layout.columns import counted, printable
from edgecode.terms.cuts import Clip, CutReading, Diagnostic, EffectsVisible
from edgecode.terms.timebase import exact_number, label_of_frame


def cut_inspection_text(readings: Sequence[CutReading]) -> str:
    """Lines for a terminal, without colour; ends in a newline."""
    lines: list[str] = []
    for reading in readings:
        lines += _heading(reading)
        for index, track in enumerate(reading.tracks):
            clips = [clip for clip in reading.clips if clip.path[0] == index]
            off = "" if track.enabled else " (off)"
            lines.append(
                f"  track {index} {track.name or track.kind} ({track.kind}){off}, {counted(len(clips), 'clip')}"
            )
            lines += [_clip_line(clip, reading) for clip in clips]
            lines += [
                f"    {_at(mix.record_in, reading)} - {_at(mix.record_out, reading)}  ({mix.name or mix.kind})"
                for mix in reading.transitions
                if mix.track == index
            ]
        lines += [f"    {event:>6}  {' '.join(labels)}  {name}" for _, event, name, _, *labels in reading.labels]
    problems = dict.fromkeys(problem for reading in readings for problem in reading.diagnostics)
    lines += [_problem_line(problem) for problem in problems]
    # Names in a cut are anybody's: one that holds a newline or an escape sequence must not write rows of its own.
    return "\n".join(map(printable, lines)) + "\n"


def _heading(reading: CutReading) -> list[str]:
    if reading.rate is None:
        return [f"{reading.name}: {reading.format}, rate unknown (give it with --rate), timecodes as read"]
    start = label_of_frame(reading.start, reading.rate, drop_frame=reading.drop_frame)
    head = f"{reading.name}: {reading.format}, {reading.rate.spoken} frames a second, from {start}, {counted(reading.frames, 'frame')}"
    if reading.effects_visible is EffectsVisible.NO:
        return [head, f"  effects are not visible in this format: {counted(reading.frames, 'frame')}"]
    return [head]


def _at(moment: Fraction, reading: CutReading) -> str:
    """Record timecode of a moment of the cut; a moment within a frame says so."""
    assert reading.rate is not None
    whole = floor(moment)
    label = label_of_frame(reading.start + whole, reading.rate, drop_frame=reading.drop_frame)
    return label if moment == whole else f"{label}+{exact_number(moment - whole)}"


def _clip_line(clip: Clip, reading: CutReading) -> str:
    notes: list[str] = [clip.kind] if clip.kind not in ("picture", "sound") else []
    if not clip.enabled:
        notes.append("off")
    if clip.source_scale is None:
        notes.append("source range uncertain")
    elif clip.source_scale != 1:
        notes.append(f"speed {float(clip.source_scale):.4g}")
    if len(clip.path) > 1:
        notes.append(f"in {' > '.join(clip.nest) or 'a nested cut'}")
    notes += [f"{effect.name}: {effect.seen}" for effect in clip.effects]
    source = "unknown" if clip.source_in is None else str(exact_number(clip.source_in))
    reel = f"  reel {clip.media.reel}" if clip.media.reel else ""
    told = f"  [{'; '.join(notes)}]" if notes else ""
    return (
        f"    {_at(clip.record_in, reading)} - {_at(clip.record_out, reading)}  from {source}  {clip.name}{reel}{told}"
    )


def _problem_line(problem: Diagnostic) -> str:
    place = f"line {problem.line}: " if problem.line else f"{problem.path}: " if problem.path else ""
    weight = "" if problem.effect == "none" else f" ({problem.effect})"
    return f"  {problem.code}{weight}: {place}{problem.text}"
