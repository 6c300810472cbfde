"""EDL events in their places: every event becomes clips on its channels, transitions show both sides, motion lines bend time."""

from fractions import Fraction
from typing import Literal, NamedTuple

from msgspec.structs import replace

from edgecode.ingest.editorial.edl_channels import Channel, channels_of, numbers_widely
from edgecode.ingest.editorial.edl_clock import LabelClock, Times
from edgecode.ingest.editorial.edl_lines import EdlText, Event, EventLine, Motion
from edgecode.ingest.editorial.edl_media import kind_of, media_of
from edgecode.ingest.editorial.edl_notes import Notes, SideNotes, notes_of
from edgecode.ingest.editorial.limits import refuse_many_uses
from edgecode.terms.cuts import Clip, Diagnostic, Transition
from edgecode.terms.effects import transition_seen
from edgecode.terms.timebase import Rate


class Placed(NamedTuple):
    """A clip on its channel, before tracks are numbered and the cut's start is known."""

    channel: Channel
    clip: Clip


class PlacedTransition(NamedTuple):
    """A transition on its channel, before tracks are numbered."""

    channel: Channel
    transition: Transition


class _Tail(NamedTuple):
    """How a channel's last source goes on: what the outgoing side of the next transition shows."""

    line: EventLine
    record_out: int
    source: Fraction | None
    scale: Fraction | None
    notes: SideNotes


class Placer:
    """Places the events of one list at one rate; *name* is the file's, for refusals."""

    def __init__(self, edl: EdlText, rate: Rate, *, name: str) -> None:
        self.edl = edl
        self.rate = rate
        self.name = name
        self.clock = LabelClock(rate, edl.events)
        self.clips: list[Placed] = []
        self.transitions: list[PlacedTransition] = []
        self.channels: set[Channel] = set()
        self.first: int | None = None
        self.drop_frame = 0
        """How many event lines count drop-frame on the record side."""

        self.diagnostics: list[Diagnostic] = self.clock.diagnostics
        self._wide = numbers_widely([line for event in edl.events for line in event.lines])
        self._tails: dict[Channel, _Tail] = {}
        self._waiting: tuple[str, ...] = ()

    def place(self) -> None:
        """Place every event, in the order of the list."""
        for event in self.edl.events:
            notes = notes_of(event)
            self.diagnostics += notes.problems
            mixes = any(line.mixes for line in event.lines)
            count = len(self.clips)
            background: Times | None = None
            for line in event.lines:
                motion = _motion_of(event, line)
                times = self.clock.times(line, scale_known=motion is not None)
                if times is None:
                    continue
                self.first = times.record_in if self.first is None else min(self.first, times.record_in)
                self.drop_frame += times.drop_frame
                if line.kind == "KB":
                    background = times
                elif line.kind.startswith("K") and background is not None and not times.record:
                    # A key line without a length is on for as long as its background (GVG and CMX agree).
                    length = background.record
                    times = times._replace(
                        record_in=background.record_in, record_out=background.record_out, source=times.source or length
                    )
                self._line(event, line, times, motion, notes, incoming=line.mixes or not mixes)
            # Notes of an event that shows nothing go to the next one that does: none is lost.
            own = tuple(comment.text for comment in (*event.before, *event.comments))
            self._waiting = () if len(self.clips) > count else self._waiting + own
            refuse_many_uses(len(self.clips), self.name)

    def _line(
        self, event: Event, line: EventLine, times: Times, motion: Motion | None, notes: Notes, *, incoming: bool
    ) -> None:
        side = notes.incoming if incoming else notes.outgoing
        frozen = any("FREEZE FRAME" in comment.text.upper() for comment in event.comments)
        scale = self._scale(line, times, motion, frozen=frozen)
        source = self._entry(times, motion)
        for channel in channels_of(line, wide=self._wide):
            self.channels.add(channel)
            if line.mixes and times.record:
                self._mix(line, times, channel, notes)
            if times.record:
                clip = self._clip(line, channel, times.record_in, times.record_out, source, scale, side)
                own = tuple(comment.text for comment in (*event.before, *event.comments))
                comments = self._waiting + own if incoming else ()
                fades: Literal["", "in"] = "in" if line.mixes and line.frames else ""
                self.clips.append(Placed(channel, replace(clip, comments=comments, side=fades)))
            end = None if source is None or scale is None else source + times.record * scale
            if not self._goes_on(line, times, channel, end):
                self._tails[channel] = _Tail(line, times.record_out, end, scale, side)

    def _goes_on(self, line: EventLine, times: Times, channel: Channel, source: Fraction | None) -> bool:
        """Whether a line without length only repeats where the channel's last event got to; that knows parts of frames as well."""
        tail = self._tails.get(channel)
        if times.record or tail is None or tail.source is None or source is None:
            return False
        return tail.line.reel == line.reel and tail.record_out == times.record_in and 0 <= tail.source - source < 1

    def _mix(self, line: EventLine, times: Times, channel: Channel, notes: Notes) -> None:
        """The outgoing side of a dissolve or wipe, and the transition itself. A key has no outgoing side: it lies over its background."""
        key = line.kind.startswith("K")
        length = times.record if key else min(line.frames, times.record)
        if not length:
            return
        first, end = times.record_in, times.record_in + length
        seen = transition_seen(line.kind, notes.transition) if notes.transition else transition_seen(line.kind)
        row = Transition(notes.transition or line.kind, line.kind, 0, Fraction(first), Fraction(end), seen)
        self.transitions.append(PlacedTransition(channel, row))
        tail = self._tails.get(channel)
        if key or tail is None or tail.record_out != first:
            return
        side = notes.outgoing if notes.outgoing.names or notes.outgoing.targets else tail.notes
        clip = self._clip(tail.line, channel, first, end, tail.source, tail.scale, side)
        self.clips.append(Placed(channel, replace(clip, side="out")))

    def _clip(
        self,
        line: EventLine,
        channel: Channel,
        first: int,
        end: int,
        source: Fraction | None,
        scale: Fraction | None,
        side: SideNotes,
    ) -> Clip:
        reel = "" if line.reel.upper() in ("AX", "BL", "BLACK") else line.reel
        kind = kind_of(line, channel, side)
        name = next(iter(side.names), "") or ("BL" if kind == "black" else reel or f"event {line.number}")
        return Clip(
            name=name,
            kind=kind,
            path=(),
            record_in=Fraction(first),
            record_out=Fraction(end),
            media=media_of(line, side, self.edl.sources, kind),
            source_rate=self.rate,
            source_in=source,
            source_scale=scale if source is not None else None,
            event=line.number,
            source_label=line.labels[0],
            effects=tuple(side.effects),
        )

    def _scale(self, line: EventLine, times: Times, motion: Motion | None, *, frozen: bool) -> Fraction | None:
        """Source frames per frame of the cut: as the motion line says, else as the two lengths do."""
        if motion is not None:
            return motion.speed / self.rate.nominal
        if not times.record or times.source is None or times.source == times.record:
            return Fraction(1)
        if frozen:
            return Fraction(0)
        text = f"event {line.number} shows {times.record} frames of {times.source} source frames without a motion line"
        self.diagnostics.append(Diagnostic("length.mismatch", text, line=line.line, effect="approximate"))
        # No source frames at all (sound without timecode) is no freeze: nobody knows what part of the source it is.
        return Fraction(times.source, times.record) if times.source > 0 else None

    def _entry(self, times: Times, motion: Motion | None) -> Fraction | None:
        """The source frame seen first: where the motion line enters, else the event's source in."""
        entry = self.clock.entry(motion.entry) if motion is not None and motion.entry else None
        first = entry if entry is not None else times.source_in
        return None if first is None else Fraction(first)


def _motion_of(event: Event, line: EventLine) -> Motion | None:
    """The motion line that belongs to an event line: of its reel and entry, else of its reel, else the only one there is."""
    if not event.motions:
        return None
    same = [motion for motion in event.motions if _same_reel(motion, line)]
    exact = [motion for motion in same if motion.entry == line.labels[0]]
    if exact:
        return exact[0]
    last = line is event.lines[-1]
    if same:
        return same[-1] if last or len(same) > 1 else None
    stray = not any(_same_reel(motion, each) for motion in event.motions for each in event.lines)
    return event.motions[-1] if last and stray else None


def _same_reel(motion: Motion, line: EventLine) -> bool:
    """Motion lines may hold the reel cut short, or in full where the event has it cut short."""
    theirs, ours = motion.reel.upper(), line.reel.upper()
    return ours.startswith(theirs) or theirs.startswith(ours)
