"""One walk over an OTIO document: every use of a source, with its exact place in the cut and in the source.

Rules (docs/reference/cut-formats.md): items of a track follow one another, layers of a stack start together; transitions take no
time and show both neighbours over the whole overlap; a source range trims, and a negative start of a track is no trim but the
record timecode that conversions from EDL hide there; time effects bend the clock of what they are on.
"""

from fractions import Fraction
from typing import Literal

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.editorial.exact import Clock, Exact
from edgecode.ingest.editorial.limits import MAX_FRAMES, MAX_NESTING, refuse_fine, refuse_many_uses
from edgecode.ingest.editorial.otio_clip import claims_media, clip_of
from edgecode.ingest.editorial.otio_effects import OURS, effects_of, seen_of
from edgecode.ingest.editorial.otio_empty import BLACK, over_nothing, shows_more
from edgecode.ingest.editorial.otio_frame import Frame, Slot
from edgecode.ingest.editorial.otio_json import JsonObject, list_of, object_of, schema_of, schema_written, text_of
from edgecode.ingest.editorial.otio_lengths import Lengths
from edgecode.terms.cuts import Clip, Diagnostic, Effect, Track, TrackKind, Transition
from edgecode.terms.effects import transition_seen, worse

_KINDS: dict[str, TrackKind] = {"Video": "picture", "Audio": "sound"}
_NO_USE = ("Gap", "Transition")
_OFFSETS = ("in_offset", "out_offset")


class Walk:
    """Collects the tracks, clips and transitions of one cut. *name* is the file's, for refusals."""

    def __init__(self, clock: Clock, *, name: str) -> None:
        self.clock = clock
        self.name = name
        self.tracks: list[Track] = []
        self.extents: list[Exact] = []
        """Where what is on ends on each track, in frames of the cut."""
        self.clips: list[Clip] = []
        self.transitions: list[Transition] = []
        self.diagnostics: list[Diagnostic] = []
        self._lengths = Lengths(clock)

    def walk(self, stack: JsonObject, *, start: Exact | None) -> Exact:
        """Walk the outermost stack; *start* is the record timecode of the cut's first frame where the file says it.

        Returns the start that was taken: where no file says it, the earliest that negative starts of tracks hide.
        """
        effects = effects_of(stack, "tracks")
        if effects.scale != 1:
            # Time effects bend a nested cut, so the whole of it becomes one: the track around it has nothing of its own.
            return self.walk({"children": [{"OTIO_SCHEMA": "Track.1", "children": [stack]}]}, start=start)
        layers = self._children(stack, "tracks")
        hidden = [-first for layer in layers if (first := self._first(layer)) < 0]
        origin = start if start is not None else min(hidden, default=0)
        self.diagnostics += effects.problems
        trim = self.clock.span(stack.get("source_range"))
        first = max(trim[0], 0) if trim is not None else 0
        end = MAX_FRAMES if trim is None else first + trim[1]
        for index, layer in enumerate(layers):
            shift = max(-self._first(layer) - origin, 0) if self._first(layer) < 0 else 0
            self._outermost(layer, index, shift - first, end - first, effects.inherited("track"))
        if self.tracks:
            picture = next((index for index, track in enumerate(self.tracks) if track.kind == "picture"), 0)
            whole = Frame(0, 1, 0, end - first, (picture,), self.tracks[picture].kind)
            on = [extent for extent, track in zip(self.extents, self.tracks, strict=True) if track.enabled]
            self._cover(0, effects.inherited("track"), whole, 0, min(max(on, default=0), end - first))
        return origin

    def _children(self, item: JsonObject, where: str) -> list[JsonObject]:
        """The item's children; an empty object for each that is none."""
        written = item.get("children")
        if written is not None and not isinstance(written, list):
            self._problem("children.unreadable", "what an item holds cannot be read", where, "row-missing")
        return [object_of(child) for child in list_of(written)]

    def _length(self, item: JsonObject, where: str) -> Exact | None:
        """The item's length; what the file does not say of it itself is said."""
        length = self._lengths.of(item)
        if length is None:
            self._without_length(item, where)
        elif not self._lengths.says_it(item):
            text = "the range of an item cannot be read: placed with what else is known of its length"
            self._problem("range.unreadable", text, where, "row-missing")
        return length

    def _cover(self, clips: int, effects: tuple[Effect, ...], frame: Frame, low: Exact, high: Exact) -> None:
        """Where an effect that may make frames lies over nothing, it has a row of its own."""
        if frame.kind == "sound" and self.tracks[frame.path[0]].kind != "sound":
            return  # silence under a picture track's nested cut: no picture comes of it
        self.clips += over_nothing(self.clips[clips:], effects, frame, low, high)

    def _outermost(self, layer: JsonObject, index: int, base: Exact, end: Exact, effects: tuple[Effect, ...]) -> None:
        kind = _track_kind(layer, "picture") if schema_of(layer) == "Track" else "picture"
        self.tracks.append(Track(text_of(layer.get("name")), kind, layer.get("enabled") is not False))
        where = f"tracks/{index}"
        length = self._length(layer, where)
        self.extents.append(0 if length is None else max(min(base + self._lengths.shown(layer), end), 0))
        if length is None:
            return
        frame = Frame(base, 1, 0, end, (index,), kind, effects=effects, where=where)
        low, high = frame.window(0, length)
        slot = Slot(0, length, low, high)
        if schema_of(layer) == "Track":
            if self._first(layer) < 0:
                text = "a track starts before zero: taken as the record timecode that a conversion from EDL hides there"
                self._problem("track.negative_start", text, where, "none")
            self._composition(layer, frame, slot, named=False)
        elif low < high:
            self._item(layer, 0, frame, slot)

    def _first(self, layer: JsonObject) -> Exact:
        """Where a track's source range starts; 0 for anything else."""
        span = self.clock.span(layer.get("source_range")) if schema_of(layer) == "Track" else None
        return 0 if span is None else span[0]

    # ------------------------------------------------------------------------------------------------ compositions

    def _composition(self, item: JsonObject, frame: Frame, slot: Slot, *, named: bool) -> None:
        """A stack or track in its slot. *named*: it is a nested cut of its own, not a layer of the stack around it."""
        if frame.depth > MAX_NESTING:
            raise InputError(
                "schema.too_deep",
                f"{self.name} nests more than {MAX_NESTING} cuts inside one another",
                "Flatten the innermost cuts before exporting",
            )
        effects = effects_of(item, frame.where)
        self.diagnostics += effects.problems
        span = self.clock.span(item.get("source_range"))
        first = span[0] if span is not None else 0
        if first < 0 and not frame.depth and not named:
            first = 0  # the outermost tracks are already placed by it
        passed = effects.inherited("nest" if named or frame.depth else "track")
        inside = frame.inside(slot, first=first, scale=effects.scale)._replace(effects=passed + frame.effects)
        if named:
            nest = (*frame.nest, text_of(item.get("name")))
            on = frame.enabled and item.get("enabled") is not False
            inside = inside._replace(nest=nest, enabled=on, depth=frame.depth + 1)
        clips, transitions = len(self.clips), len(self.transitions)
        if schema_of(item) == "Track":
            self._track(item, inside)
        else:
            self._stack(item, inside)
        if effects.scale == 0:
            self._hold(clips, transitions, first, slot)
        elif effects.scale is None:
            self._spread(clips, transitions, slot)
        path = (*frame.path, 0) if len(frame.path) % 2 == 0 else frame.path
        self._cover(clips, passed, inside._replace(path=path, effects=frame.effects), slot.low, slot.high)

    def _hold(self, clips: int, transitions: int, moment: Exact, slot: Slot) -> None:
        """A frozen composition shows the frame at *moment* of its own clock for as long as it is seen."""
        low, high = Fraction(slot.low), Fraction(slot.high)
        held = [clip for clip in self.clips[clips:] if clip.record_in <= moment < clip.record_out]
        mixes = [each for each in self.transitions[transitions:] if each.record_in <= moment < each.record_out]
        del self.clips[clips:], self.transitions[transitions:]
        self.transitions += [replace(each, record_in=low, record_out=high) for each in mixes]
        for clip in held:
            source, scale = clip.source_in, clip.source_scale
            if source is not None and scale is not None:
                source, scale = source + (moment - clip.record_in) * scale, Fraction(0)
            self.clips.append(replace(clip, record_in=low, record_out=high, source_in=source, source_scale=scale))

    def _spread(self, clips: int, transitions: int, slot: Slot) -> None:
        """What a curve retimes is seen at some time while the composition is; nobody can say when from this file."""
        low, high = Fraction(slot.low), Fraction(slot.high)
        self.clips[clips:] = [
            replace(clip, record_in=low, record_out=high, source_in=None, source_scale=None, placed="somewhere")
            for clip in self.clips[clips:]
        ]
        self.transitions[transitions:] = [
            replace(each, record_in=low, record_out=high) for each in self.transitions[transitions:]
        ]

    def _stack(self, stack: JsonObject, frame: Frame) -> None:
        for index, layer in enumerate(self._children(stack, frame.where)):
            inner = frame._replace(path=(*frame.path, index), where=f"{frame.where}/{index}")
            length = self._length(layer, inner.where)
            if length is None:
                continue
            low, high = inner.window(0, length)
            if low >= high:
                continue
            slot = Slot(0, length, low, high)
            if schema_of(layer) == "Track":
                on = inner.enabled and layer.get("enabled") is not False
                inner = inner._replace(kind=_track_kind(layer, inner.kind), enabled=on)
                self._composition(layer, inner, slot, named=False)
            else:
                self._item(layer, 0, inner, slot)

    # ------------------------------------------------------------------------------------------------ one track

    def _track(self, track: JsonObject, frame: Frame) -> None:
        children = self._children(track, frame.where)
        end = self._lengths.along(children)
        position: Exact = 0
        place = -1  # among the items that show something: gaps and transitions do not count in a path
        for index, child in enumerate(children):
            schema = schema_of(child)
            place += schema not in _NO_USE
            if schema == "Transition":
                self._transition(child, position, end, frame._replace(where=f"{frame.where}/{index}"))
                continue
            length = self._length(child, f"{frame.where}/{index}")
            if length is None:
                continue
            if schema != "Gap" or self._is_more(child):
                slot = self._slot(children, index, position, length, end, frame)
                if slot.low < slot.high:
                    self._item(child, place, frame._replace(where=f"{frame.where}/{index}"), slot)
            position += length
            refuse_fine(position, self.name)

    def _slot(
        self, children: list[JsonObject], index: int, position: Exact, length: Exact, end: Exact, frame: Frame
    ) -> Slot:
        """An item's place with its share of the transitions beside it."""
        first, last, side = position, position + length, ""
        if index and schema_of(children[index - 1]) == "Transition":
            first, side = first - self._offset(children[index - 1], "in_offset"), "in"
        if index + 1 < len(children) and schema_of(children[index + 1]) == "Transition":
            last, side = last + self._offset(children[index + 1], "out_offset"), side or "out"
        low, high = frame.window(max(first, 0), min(last, end))
        return Slot(position, length, low, high, "in" if side == "in" else "out" if side else "")

    def _is_more(self, gap: JsonObject) -> bool:
        return shows_more(gap) or claims_media(gap, self.clock)

    def _offset(self, transition: JsonObject, key: str) -> Exact:
        return max(self.clock.frames(transition.get(key)) or 0, 0)

    def _transition(self, transition: JsonObject, position: Exact, end: Exact, frame: Frame) -> None:
        first = position - self._offset(transition, "in_offset")
        last = position + self._offset(transition, "out_offset")
        low, high = frame.window(max(first, 0), min(last, end))
        told = [self.clock.frames(each) for key in _OFFSETS if (each := transition.get(key)) is not None]
        if any(offset is None or offset < 0 for offset in told):
            text = "a transition does not say how long it is: what it shows of its neighbours is not in the rows"
            self._problem("transition.unreadable", text, frame.where, "row-missing")
        if low >= high:
            return
        kind, name = text_of(transition.get("transition_type")), text_of(transition.get("name"))
        # A schema of another name never comes here: what has its offsets and is no Transition cannot be placed.
        seen = worse(transition_seen(kind, name), seen_of(object_of(object_of(transition.get("metadata")).get(OURS))))
        effects = effects_of(transition, frame.where)
        self.diagnostics += effects.problems
        for effect in effects.effects:
            seen = worse(seen, effect.seen)
        self.transitions.append(Transition(name, kind, frame.path[0], Fraction(low), Fraction(high), seen))

    def _item(self, item: JsonObject, index: int, frame: Frame, slot: Slot) -> None:
        schema = schema_of(item)
        if schema == "Stack":
            self._composition(item, frame._replace(path=(*frame.path, index)), slot, named=True)
        elif schema == "Track":
            kind = _track_kind(item, frame.kind)
            self._composition(item, frame._replace(path=(*frame.path, index, 0), kind=kind), slot, named=True)
        elif schema not in _NO_USE or (schema == "Gap" and self._is_more(item)):
            if schema == "Gap":
                text = "a gap that names media or holds an effect: kept as an opaque clip"
                self._problem("gap.shows", text, frame.where, "approximate")
            elif schema != "Clip":
                text = f"an item of schema {schema_written(item)[:60] or 'none'}: kept as an opaque clip"
                self._problem("schema.unknown", text, frame.where, "approximate")
            effects = effects_of(item, frame.where)
            clip, problems = clip_of(item, frame, slot, effects, self.clock)
            if schema == "Gap" and not claims_media(item, self.clock):
                clip = replace(clip, kind="black", media=BLACK, source_in=None)
            self.clips.append(clip)
            self.diagnostics += effects.problems + problems
            refuse_many_uses(len(self.clips), self.name)

    # ------------------------------------------------------------------------------------------------ problems

    def _problem(self, code: str, text: str, where: str, effect: Literal["none", "approximate", "row-missing"]) -> None:
        self.diagnostics.append(Diagnostic(code, text, path=where, effect=effect))

    def _without_length(self, item: JsonObject, where: str) -> None:
        """An item that cannot be placed: neither a range nor media says how long it is."""
        schema = schema_of(item)
        if schema == "Transition":
            text = "a transition that lies on no track joins nothing"
            self._problem("transition.unreadable", text, where, "row-missing")
        elif schema == "Gap":
            self._problem("gap.no_duration", "a gap has no length: taken as none", where, "row-missing")
        elif schema:
            self._problem("clip.no_duration", "an item has no length and cannot be placed", where, "row-missing")
        else:
            self._problem("schema.unknown", "a child that is no OTIO object", where, "row-missing")


def _track_kind(track: JsonObject, otherwise: TrackKind) -> TrackKind:
    """Picture or sound as the track says; other for any other word; *otherwise* where it says nothing."""
    written = text_of(track.get("kind"))
    return _KINDS.get(written, "other") if written else otherwise
