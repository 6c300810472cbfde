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


class _Timed(NamedTuple):
    line: EventLine
    motion: Motion | None
    times: Times | None


class Placer:
    """Places the events of one list at one rate; *name* is the file's, for refusals."""

    def __init__(self, edl: EdlText, rate: Rate, *, name: str) -> None:
        self.edl = edl
        self.rate = rate
        self.name = name
        self.clock = LabelClock(rate, edl.events)
        self.clips: list[Placed] = []
        self.events: list[int] = []
        """Of every clip, which event of the list it is of; several may have one number."""
        self.transitions: list[PlacedTransition] = []
        self.channels: set[Channel] = set()
        self.first: int | None = None
        self.drop_frame = 0
        """How many event lines count drop-frame on the record side."""

        self.diagnostics: list[Diagnostic] = self.clock.diagnostics
        self._wide = numbers_widely([line for event in edl.events for line in event.lines])
        self._tails: dict[Channel, _Tail] = {}
        self._waiting: tuple[str, ...] = ()
        self._left: set[Channel] = set()
        """Channels on which the line in hand has shown what its transition leaves."""

    def place(self) -> None:
        """Place every event, in the order of the list."""
        for place, event in enumerate(self.edl.events):
            notes = notes_of(event)
            self.diagnostics += notes.problems
            mixes = any(line.mixes for line in event.lines)
            count = len(self.clips)
            timed = [self._timed(event, line) for line in event.lines]
            behind = next((each.times for each in timed if each.line.is_background), None)
            for line, motion, times in timed:
                if times is None:
                    continue
                if line.mixes and behind is not None and line.kind.startswith("K") and not times.record:
                    # A key line without a length is on for as long as its background (GVG and CMX agree).
                    length = times.source or behind.record
                    times = times._replace(record_in=behind.record_in, record_out=behind.record_out, source=length)
                if times.record:
                    self.first = times.record_in if self.first is None else min(self.first, times.record_in)
                elif line.mixes or (not mixes and (times.source or 0) > 0):
                    text = f"event {line.number} is to be seen and has no length on the record side"
                    self.diagnostics.append(Diagnostic("record.empty", text, line=line.line, effect="row-missing"))
                incoming = line.mixes or not (mixes or line.is_background)
                self._line(event, line, times, motion, notes, incoming=incoming)
                self._partner(event, line, times, notes)
            # Notes of an event that shows nothing go to the next one that does: none is lost.
            own = tuple(comment.text for comment in (*event.before, *event.comments))
            self._waiting = () if len(self.clips) > count else self._waiting + own
            self.events += [place] * (len(self.clips) - count)
            refuse_many_uses(len(self.clips), self.name)

    def _timed(self, event: Event, line: EventLine) -> _Timed:
        """A line with its motion and its times; its channels are tracks of the cut even where it cannot be placed."""
        motion = _motion_of(event, line)
        times = self.clock.times(line, scale_known=motion is not None)
        if times is None:
            self.channels.update(channels_of(line, wide=self._wide))
        else:
            self.drop_frame += times.drop_frame
        return _Timed(line, motion, times)

    def _line(
        self, event: Event, line: EventLine, times: Times, motion: Motion | None, notes: Notes, *, incoming: bool
    ) -> None:
        side = notes.incoming if incoming else notes.outgoing
        frozen = any("FREEZE FRAME" in comment.text.upper() for comment in event.comments)
        scale = self._scale(line, times, motion, frozen=frozen)
        source = self._entry(times, motion)
        self._left.clear()
        for channel in channels_of(line, wide=self._wide):
            self.channels.add(channel)
            if line.mixes and times.record:
                self._mix(line, times, channel, notes)
            if times.record:
                clip = self._clip(line, channel, times.record_in, times.record_out, source, scale, side)
                own = tuple(comment.text for comment in (*event.before, *event.comments))
                comments = self._waiting + own if incoming or line.is_background else ()
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
        length = times.record if key or line.lengthless else min(line.frames, times.record)
        if not length:
            return
        if line.lengthless:
            text = f"event {line.number} does not say how long its transition is: taken as all of the event"
            self.diagnostics.append(Diagnostic("transition.no_length", text, line=line.line, effect="approximate"))
        first, end = times.record_in, times.record_in + length
        seen = transition_seen(line.kind, notes.transition) if notes.transition else transition_seen(line.kind)
        row = Transition(notes.transition or line.kind, line.kind, 0, Fraction(first), Fraction(end), seen)
        self.transitions.append(PlacedTransition(channel, row))
        tail = self._tails.get(channel)
        if key or tail is None or tail.record_out != first:
            return
        side = notes.outgoing if notes.outgoing.says_something else tail.notes
        clip = self._clip(tail.line, channel, first, end, tail.source, tail.scale, side)
        self.clips.append(Placed(channel, replace(clip, side="out")))
        self._left.add(channel)

    def _partner(self, event: Event, line: EventLine, times: Times, notes: Notes) -> None:
        """A clip that the event notes and has no row for: seen as long as it could be, and nobody knows from which frame on.

        The outgoing side of a dissolve that no line or event before it shows; what a key lies over, or the key itself, without
        a line of its own; a second clip beside a cut.
        """
        length = times.record
        if line.is_background and not any(each.mixes for each in event.lines):
            noted = notes.incoming
        elif line.kind.startswith("K") and not any(each.is_background for each in event.lines):
            noted = notes.outgoing
        elif line.kind[0] in "DW":
            length = length if line.lengthless else min(line.frames, length)
            noted = notes.outgoing
        else:
            noted = notes.partner
        if not noted.says_something or not length:
            return
        for channel in channels_of(line, wide=self._wide):
            first, end = times.record_in, times.record_in + length
            if channel in self._left:
                continue
            text = f"event {line.number} notes a clip that no line of it shows: it may be seen for {length} frames"
            self.diagnostics.append(Diagnostic("partner.without_row", text, line=line.line, effect="approximate"))
            clip = self._clip(_without_reel(line), channel, first, end, None, None, noted)
            self.clips.append(
                Placed(channel, replace(clip, source_label="", side="out" if line.kind[0] in "DW" else ""))
            )

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
            source_label="" if line.labels[0].isdecimal() else line.labels[0],
            effects=tuple(side.effects),
        )

    def _scale(self, line: EventLine, times: Times, motion: Motion | None, *, frozen: bool) -> Fraction | None:
        """Source frames per frame of the cut: as the motion line says, else as the two lengths do."""
        if motion is not None:
            return None if motion.speed is None else motion.speed / self.rate.nominal
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


def _without_reel(line: EventLine) -> EventLine:
    """The line for a clip that it only notes: its reel is another clip's."""
    return EventLine(line.number, "AX", line.channels, line.kind, 0, line.labels, line.line, line.drop)


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
