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
from edgecode.ingest.editorial.limits import MAX_FRAMES, MAX_NESTING, refuse_many_uses
from edgecode.ingest.editorial.otio_clip import clip_of
from edgecode.ingest.editorial.otio_effects import effects_of
from edgecode.ingest.editorial.otio_frame import Frame, Slot
from edgecode.ingest.editorial.otio_json import JsonObject, list_of, object_of, schema_of, schema_written, text_of
from edgecode.ingest.editorial.otio_lengths import Lengths
from edgecode.terms.cuts import Clip, Diagnostic, Effect, Track, TrackKind, Transition
from edgecode.terms.effects import transition_seen

_KINDS: dict[str, TrackKind] = {"Video": "picture", "Audio": "sound"}
_NO_USE = ("Gap", "Transition")


class Walk:
    """Collects the tracks, clips and transitions of one cut. *name* is the file's, for refusals."""

    def __init__(self, clock: Clock, *, name: str) -> None:
        self.clock = clock
        self.name = name
        self.tracks: list[Track] = []
        self.extents: list[Exact] = []
        """Where each track ends, in frames of the cut."""
        self.clips: list[Clip] = []
        self.transitions: list[Transition] = []
        self.diagnostics: list[Diagnostic] = []
        self._lengths = Lengths(clock)

    def walk(self, stack: JsonObject, *, start: Exact | None) -> Exact:
        """Walk the outermost stack; *start* is the record timecode of the cut's first frame where the file says it.

        Returns the start that was taken: where no file says it, the earliest that negative starts of tracks hide.
        """
        layers = [object_of(child) for child in list_of(stack.get("children"))]
        hidden = [-first for layer in layers if (first := self._first(layer)) < 0]
        origin = start if start is not None else min(hidden, default=0)
        effects = effects_of(stack, "tracks")
        self.diagnostics += effects.problems
        trim = self.clock.span(stack.get("source_range"))
        first = max(trim[0], 0) if trim is not None else 0
        end = MAX_FRAMES if trim is None else first + trim[1]
        for index, layer in enumerate(layers):
            shift = max(-self._first(layer) - origin, 0) if self._first(layer) < 0 else 0
            self._outermost(layer, index, shift - first, end - first, effects.inherited("track"))
        return origin

    def _outermost(self, layer: JsonObject, index: int, base: Exact, end: Exact, effects: tuple[Effect, ...]) -> None:
        kind = _track_kind(layer, "picture")
        self.tracks.append(Track(text_of(layer.get("name")), kind, layer.get("enabled") is not False))
        where = f"tracks/{index}"
        length = self._lengths.of(layer)
        self.extents.append(0 if length is None else max(min(base + length, end), 0))
        if length is None:
            self._without_length(layer, where)
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

    def _hold(self, clips: int, transitions: int, moment: Exact, slot: Slot) -> None:
        """A frozen composition shows the frame at *moment* of its own clock for as long as it is seen."""
        low, high = Fraction(slot.low), Fraction(slot.high)
        held = [clip for clip in self.clips[clips:] if clip.record_in <= moment < clip.record_out]
        del self.clips[clips:], self.transitions[transitions:]
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
        for index, each in enumerate(list_of(stack.get("children"))):
            layer = object_of(each)
            length = self._lengths.of(layer)
            inner = frame._replace(path=(*frame.path, index), where=f"{frame.where}/{index}")
            if length is None:
                self._without_length(layer, inner.where)
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
        children = [object_of(child) for child in list_of(track.get("children"))]
        end = self._lengths.along(children)
        position: Exact = 0
        place = -1  # among the items that show something: gaps and transitions do not count in a path
        for index, child in enumerate(children):
            schema = schema_of(child)
            place += schema not in _NO_USE
            if schema == "Transition":
                self._transition(child, position, end, frame)
                continue
            length = self._lengths.of(child)
            if length is None:
                self._without_length(child, f"{frame.where}/{index}")
                continue
            if schema != "Gap":
                slot = self._slot(children, index, position, length, end, frame)
                if slot.low < slot.high:
                    self._item(child, place, frame._replace(where=f"{frame.where}/{index}"), slot)
            position += length

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

    def _offset(self, transition: JsonObject, key: str) -> Exact:
        return max(self.clock.frames(transition.get(key)) or 0, 0)

    def _transition(self, transition: JsonObject, position: Exact, end: Exact, frame: Frame) -> None:
        first = position - self._offset(transition, "in_offset")
        last = position + self._offset(transition, "out_offset")
        low, high = frame.window(max(first, 0), min(last, end))
        if low >= high:
            return
        kind, name = text_of(transition.get("transition_type")), text_of(transition.get("name"))
        seen = transition_seen(kind, name)
        effects = effects_of(transition, frame.where).effects
        if any(effect.seen == "generative" for effect in effects):
            seen = "generative"
        self.transitions.append(Transition(name, kind, frame.path[0], Fraction(low), Fraction(high), seen))

    def _item(self, item: JsonObject, index: int, frame: Frame, slot: Slot) -> None:
        schema = schema_of(item)
        if schema == "Stack":
            self._composition(item, frame._replace(path=(*frame.path, index)), slot, named=True)
        elif schema == "Track":
            kind = _track_kind(item, frame.kind)
            self._composition(item, frame._replace(path=(*frame.path, index, 0), kind=kind), slot, named=True)
        elif schema not in _NO_USE:
            if schema != "Clip":
                text = f"an item of schema {schema_written(item)[:60] or 'none'}: kept as an opaque clip"
                self._problem("schema.unknown", text, frame.where, "approximate")
            effects = effects_of(item, frame.where)
            clip, problems = clip_of(item, frame, slot, effects, self.clock)
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
            return
        if schema == "Gap":
            self._problem("gap.no_duration", "a gap has no length: taken as none", where, "approximate")
        elif schema:
            self._problem("clip.no_duration", "an item has no length and cannot be placed", where, "row-missing")
        else:
            self._problem("schema.unknown", "a child that is no OTIO object", where, "row-missing")


def _track_kind(track: JsonObject, otherwise: TrackKind) -> TrackKind:
    """Picture or sound as the track says; other for any other word; *otherwise* where it says nothing."""
    written = text_of(track.get("kind"))
    return _KINDS.get(written, "other") if written else otherwise
