"""EDL files into cuts: one list is one cut with a track for each channel it names.

The cut starts at the earliest record in of any event; black at the head is only there when an event says so (``BL``). A stretch
between two events that no event covers is a gap. Effects are not visible in this format.
"""

from fractions import Fraction
from hashlib import sha256

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.editorial.edl_channels import channels_of, numbers_widely
from edgecode.ingest.editorial.edl_lines import EdlText, parse_edl
from edgecode.ingest.editorial.edl_notes import notes_of
from edgecode.ingest.editorial.edl_place import Placer
from edgecode.ingest.editorial.edl_rate import Solved, plain_cuts_at, solve_rate
from edgecode.ingest.editorial.limits import refuse_large_file
from edgecode.terms.cuts import Clip, CutReading, Diagnostic, EffectsVisible, Track
from edgecode.terms.timebase import Rate

FORMAT = "edl"
READER = "edgecode.edl/1"

_WITNESSES = 2
"""Plain cuts that cannot be of a rate that somebody gave, until their word is refused: one may be an odd event."""


def read_edl(data: bytes, *, name: str, rate: Rate | None = None) -> CutReading:
    """The cut of one EDL. *rate* settles and overrules what the list can tell; without it an undecided list keeps its labels.

    Raises InputError: ``cut.too_large``, ``cut.none`` (no event), ``rate.conflict`` (the list cannot be of *rate*: its labels are
    too high, or every plain cut that tells rates apart says another one).
    """
    refuse_large_file(data, name)
    edl = parse_edl(data)
    if not edl.events and not edl.lost:
        raise InputError(
            "cut.none",
            f"{name} holds no event of an edit decision list",
            "Export the list again as CMX 3600",
        )
    solved = solve_rate(edl.events)
    diagnostics = list(edl.problems)
    settled = rate or solved.rate
    digest = sha256(data).hexdigest()
    title = edl.title or name
    if settled is None:
        return _unsettled(edl, solved, diagnostics, title=title, digest=digest)
    diagnostics += _solved(solved) if rate is None else _given(edl, solved, rate, name=name)
    placer = Placer(edl, settled, name=name)
    placer.place()
    return _reading(placer, diagnostics, title=title, digest=digest)


def _solved(solved: Solved) -> list[Diagnostic]:
    """From what the rate was told."""
    assert solved.rate is not None
    counted = f"{solved.equal} of {solved.voters} plain cuts fit {solved.nominal} labels a second and no other count"
    twin = Rate.of(f"{solved.rate.nominal * 1000}/1001")
    near = solved.rate.denominator == 1 and solved.rate.nominal in (24, 30, 48, 60)
    also = f"; {twin.spoken} has the same labels" if near else ""
    return [Diagnostic("rate.solved", counted + also)]


def _given(edl: EdlText, solved: Solved, given: Rate, *, name: str) -> list[Diagnostic]:
    """What is to be said of a rate that somebody gave. Raises InputError ``rate.conflict`` when the list cannot be of that rate."""
    if solved.least > given.nominal:
        raise InputError(
            "rate.conflict",
            f"{name} holds frame numbers up to {solved.least - 1} in its timecodes, which {given.spoken} frames a second has not",
            f"Give the rate of the cut, {solved.nominal or 'at least ' + str(solved.least)} frames a second",
        )
    if solved.nominal is None or solved.nominal == given.nominal:
        return []
    against = solved.equal - plain_cuts_at(edl.events, given)
    if solved.equal == solved.voters and against >= _WITNESSES:
        # Every plain cut fits the other rate. Those that fit this one as well cannot tell the two apart.
        raise InputError(
            "rate.conflict",
            f"all {solved.voters} plain cuts of {name} fit {solved.nominal} labels a second, and {against} of them cannot be"
            f" at {given.spoken}",
            f"Give the rate of the cut, {solved.nominal} labels a second, or export the list again",
        )
    text = f"{solved.equal} of {solved.voters} plain cuts fit {solved.nominal} labels a second, not {given.spoken}"
    return [Diagnostic("rate.conflict", text, effect="approximate")]


def _reading(placer: Placer, diagnostics: list[Diagnostic], *, title: str, digest: str) -> CutReading:
    start = placer.first or 0
    channels = sorted(placer.channels)
    track_of = {channel: index for index, channel in enumerate(channels)}
    clips = tuple(
        replace(
            placed.clip,
            path=(track_of[placed.channel],),
            record_in=placed.clip.record_in - start,
            record_out=placed.clip.record_out - start,
        )
        for placed in placer.clips
    )
    transitions = tuple(
        replace(
            placed.transition,
            track=track_of[placed.channel],
            record_in=placed.transition.record_in - start,
            record_out=placed.transition.record_out - start,
        )
        for placed in placer.transitions
    )
    lines = sum(len(event.lines) for event in placer.edl.events)
    return CutReading(
        name=title,
        format=FORMAT,
        reader=READER,
        rate=placer.rate,
        drop_frame=placer.drop_frame * 2 > lines,
        start=start,
        frames=int(max((clip.record_out for clip in clips), default=Fraction(0))),
        tracks=tuple(Track(channel.name, channel.kind) for channel in channels),
        clips=clips,
        transitions=transitions,
        diagnostics=(*diagnostics, *placer.diagnostics, *_overlaps(clips, placer.events)),
        effects_visible=EffectsVisible.NO,
        inputs=(digest,),
    )


def _overlaps(clips: tuple[Clip, ...], events: list[int]) -> list[Diagnostic]:
    """Two events on one track at one time, other than by a transition: both rows stay, and both are only possible there. *events*: which
    one of the list each clip is of; two lists that were run together have two of one number."""
    found: list[Diagnostic] = []
    tracks: dict[int, list[tuple[Clip, int]]] = {}
    for clip, event in zip(clips, events, strict=True):
        if clip.side != "out":
            tracks.setdefault(clip.path[0], []).append((clip, event))
    for members in tracks.values():
        members.sort(key=lambda one: (one[0].record_in, one[0].record_out))
        reach = Fraction(0)
        before, number = -1, ""
        for clip, event in members:
            if clip.record_in < reach and event != before:
                other = "another event" if clip.event == number else "event"
                text = f"event {clip.event} lies over {other} {number} on the same track"
                found.append(Diagnostic("record.overlap", text))
            if clip.record_out > reach:
                reach, before, number = clip.record_out, event, clip.event
    return found


def _unsettled(edl: EdlText, solved: Solved, diagnostics: list[Diagnostic], *, title: str, digest: str) -> CutReading:
    """A list whose rate nobody knows: its tracks and labels as read, and no clip."""
    lines = [line for event in edl.events for line in event.lines]
    wide = numbers_widely(lines)
    channels = sorted({channel for line in lines for channel in channels_of(line, wide=wide)})
    labels: list[tuple[str, ...]] = []
    for event in edl.events:
        notes = notes_of(event)
        diagnostics += notes.problems
        mixes = any(line.mixes for line in event.lines)
        for line in event.lines:
            side = notes.incoming if line.mixes or not mixes else notes.outgoing
            clip_name = next(iter(side.names), line.reel)
            for channel in channels_of(line, wide=wide):
                index = str(channels.index(channel))
                labels.append((index, line.number, clip_name, line.reel, *line.labels))
    text = (
        f"{solved.voters} plain cuts do not settle how many frames a second the list counts (at least {solved.least})"
    )
    diagnostics.append(Diagnostic("rate.unknown", text, effect="row-missing"))
    return CutReading(
        name=title,
        format=FORMAT,
        reader=READER,
        rate=None,
        drop_frame=False,
        start=0,
        frames=0,
        tracks=tuple(Track(channel.name, channel.kind) for channel in channels),
        clips=(),
        diagnostics=tuple(diagnostics),
        effects_visible=EffectsVisible.NO,
        labels=tuple(labels),
        inputs=(digest,),
    )
