"""An AAF composition said in parts: sequences, transitions, operation groups, nested compositions, selectors, scopes.

Source: AAF Object Specification 1.1. A transition overlaps its neighbours, so what follows it starts that much earlier; a scope
reference shows the track below and is a gap on its own track; a selector whose choice is empty is a clip that is switched off.
"""

from fractions import Fraction
from typing import Literal, NamedTuple

from edgecode.errors import InputError
from edgecode.ingest.editorial.aaf_effects import operation_of, spoken_name
from edgecode.ingest.editorial.aaf_objects import (
    UNREADABLE,
    class_of,
    members,
    mob_id_of,
    rate_of,
    text_of,
    value_of,
    whole,
)
from edgecode.ingest.editorial.aaf_sources import Mobs
from edgecode.ingest.editorial.exact import Exact
from edgecode.ingest.editorial.limits import MAX_NESTING, MAX_REPEATED_USES
from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.parts import Shown, clip, gap, mix, nest, span, track
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate

Kind = Literal["picture", "sound"]
_EMPTY = ("Filler", "ScopeReference")
_MIN_GROUP = 1


class Place(NamedTuple):
    """Where the walk is: the *rate* of the slot, the *kind* of its media, a path for diagnostics, the depth of nesting."""

    rate: Rate
    kind: Kind
    where: str
    depth: int = 0

    def inside(self, step: object) -> "Place":
        """One level further down."""
        return self._replace(where=f"{self.where}/{step}", depth=self.depth + 1)


class Composition:
    """Says compositions in parts; nested ones may be shown any number of times, so uses are counted. *name*: of the file."""

    def __init__(self, mobs: Mobs, *, name: str) -> None:
        self.mobs = mobs
        self.name = name
        self.problems: list[Diagnostic] = []
        self._uses = 0
        self._open: list[str] = []

    def tracks(self, slot: object, kind: Kind, rate: Rate, where: str, *, number: int) -> list[JsonObject]:
        """The tracks of a slot of the outermost composition: several where it holds a scope of layers."""
        segment = value_of(slot, "Segment")
        place = Place(rate, kind, where)
        name = text_of(slot, "SlotName") or f"{'V' if kind == 'picture' else 'A'}{number}"
        if class_of(segment) != "NestedScope":
            return [track(self._children(segment, place), kind=kind, name=name)]
        layers = list(members(segment, "Slots"))
        named = [name] if len(layers) == 1 else [f"{name}.{n}" for n in range(1, len(layers) + 1)]
        return [
            track(self._children(layer, place.inside(n)), kind=kind, name=named[n]) for n, layer in enumerate(layers)
        ]

    # ------------------------------------------------------------------------------------------------ items in a row

    def _children(self, segment: object, place: Place) -> list[JsonObject]:
        """What a segment shows along a track; a sequence is its components, anything else is the one item."""
        if class_of(segment) != "Sequence":
            return [self._item(segment, place, _length(segment))]
        parts = list(members(segment, "Components"))
        children: list[JsonObject] = []
        for index, part in enumerate(parts):
            at = place.inside(index)
            if class_of(part) == "Transition":
                children.append(self._transition(part, at))
                continue
            after = parts[index + 1] if index + 1 < len(parts) else None
            overlap = _length(after) if class_of(after) == "Transition" else 0
            children.append(self._item(part, at, max(_length(part) - overlap, 0)))
        return children

    def _transition(self, part: object, place: Place) -> JsonObject:
        definition = value_of(value_of(part, "OperationGroup"), "Operation")
        name = spoken_name(definition)
        return mix(name, name, _length(part), place.rate)

    def _item(self, part: object, place: Place, length: int) -> JsonObject:
        """One component, seen alone for *length* edit units. What cannot be read is an opaque clip, and is said."""
        if place.depth > MAX_NESTING * 4:
            raise InputError(
                "schema.too_deep",
                f"{self.name} nests more than {MAX_NESTING} cuts inside one another",
                "Flatten the innermost cuts before exporting",
            )
        try:
            return self._component(part, place, length)
        except UNREADABLE as error:
            return self._opaque(part, place, length, f"a component cannot be read ({type(error).__name__})")

    def _component(self, part: object, place: Place, length: int) -> JsonObject:
        kind = class_of(part)
        if part is None or kind in _EMPTY:
            return gap(length, place.rate)
        if kind == "SourceClip":
            return self._source_clip(part, place, length)
        if kind == "OperationGroup":
            return self._operation(part, place, length)
        if kind == "Selector":
            return self._selector(part, place, length)
        if kind == "EssenceGroup":
            return self._item(next(members(part, "Choices"), None), place.inside("choice"), length)
        if kind in ("Sequence", "NestedScope"):
            layers = [part] if kind == "Sequence" else list(members(part, "Slots"))
            return nest("", self._layers(layers, place), span(0, place.rate, length, place.rate))
        if kind == "Pulldown":
            text = "a pulldown between two rates: which source frames are shown is approximate"
            self._say("rate.pulldown", text, place, "approximate")
            return self._item(value_of(part, "InputSegment"), place.inside("input"), length)
        return self._opaque(part, place, length, f"a component of class {kind[:60]}")

    def _layers(self, parts: list[object], place: Place) -> list[JsonObject]:
        return [track(self._children(part, place.inside(n)), kind=place.kind) for n, part in enumerate(parts)]

    def _opaque(self, part: object, place: Place, length: int, text: str) -> JsonObject:
        if length <= 0:
            self._say("clip.no_duration", f"{text} and has no length: it is not in the rows", place, "row-missing")
            return gap(0, place.rate)
        self._say("aaf.unreadable", f"{text}; kept as a clip of an unknown source", place, "approximate")
        return clip(text_of(part, "Name"), Shown(), span(0, place.rate, length, place.rate), effects=[_CURVE])

    # ------------------------------------------------------------------------------------------------ what is shown

    def _source_clip(self, part: object, place: Place, length: int) -> JsonObject:
        self._count()
        mob = self.mobs.referred(part)
        if class_of(mob) == "CompositionMob":
            return self._nested(part, mob, place, length)
        source = self.mobs.source(part, place.rate, sound=place.kind == "sound", where=place.where)
        self.problems += source.problems
        shown = source.shown
        return clip(
            text_of(mob, "Name") or next(iter(shown.names), ""),
            shown,
            span(source.first, shown.rate or place.rate, length, place.rate),
            comments=source.comments,
        )

    def _nested(self, part: object, mob: object, place: Place, length: int) -> JsonObject:
        """A composition within the composition: the one slot of it that the clip asks for."""
        number = whole(part, "SourceMobSlotID")
        slot = next((each for each in members(mob, "Slots") if whole(each, "SlotID") == number), None)
        own = rate_of(slot)
        key = mob_id_of(mob)
        if slot is None or own is None or key in self._open:
            text = "a clip shows a composition that lacks the track it asks for, or itself: it has no row"
            self._say("ref.dangling", text, place, "row-missing")
            return gap(length, place.rate)
        self._open.append(key)
        inner = Place(own, place.kind, f"{place.where}/{number}", place.depth + 1)
        segment = value_of(slot, "Segment")
        layers = list(members(segment, "Slots")) if class_of(segment) == "NestedScope" else [segment]
        tracks = self._layers(layers, inner)
        self._open.pop()
        first = whole(part, "StartTime") or 0
        return nest(text_of(mob, "Name"), tracks, span(first, place.rate, length, place.rate))

    def _operation(self, part: object, place: Place, length: int) -> JsonObject:
        """An effect over one source, or over several that it puts together."""
        made = operation_of(part, _length(part))
        inputs = list(members(part, "InputSegments"))
        if not inputs:
            self._count()
            shown = Shown(generator=made.name)
            return clip(made.name, shown, span(0, place.rate, length, place.rate), effects=made.effects)
        alone = _only(inputs[0]) if len(inputs) == 1 else None
        if alone is not None:
            return self._on_one(alone, made.effects, made.warp and (made.warp.scale, made.warp.offset), place, length)
        first: Exact = made.warp.offset if made.warp else 0
        layers = self._layers(inputs, place)
        return nest(
            made.name,
            layers,
            _warped(span(first, place.rate, length, place.rate), made.warp and made.warp.scale),
            effects=made.effects,
        )

    def _on_one(
        self,
        part: object,
        effects: list[JsonObject],
        warp: tuple[Exact | None, Exact] | None,
        place: Place,
        length: int,
    ) -> JsonObject:
        """A single clip carries its effects itself; a time warp moves the frame it starts from."""
        item = self._item(part, place.inside("input"), length)
        if item["OTIO_SCHEMA"] == "Gap.1":
            return item
        if warp is not None:
            item["source_range"] = _warped(_moved(item["source_range"], warp[1], place.rate), warp[0])
        own = item.get("effects")
        item["effects"] = [*(own if isinstance(own, list) else []), *effects]
        return item

    def _selector(self, part: object, place: Place, length: int) -> JsonObject:
        """What is selected; where that is nothing, its one alternative is what was switched off."""
        selected = value_of(part, "Selected")
        others = list(members(part, "Alternates"))
        if class_of(selected) not in _EMPTY and selected is not None:
            if others:
                text = "a clip has alternatives in the file that the cut does not show"
                self._say("audition.alternate", text, place, "none")
            return self._item(selected, place.inside("selected"), length)
        if not others:
            return gap(length, place.rate)
        item = self._item(others[0], place.inside("alternate"), length)
        item["enabled"] = False
        return item

    def _count(self) -> None:
        self._uses += 1
        if self._uses > MAX_REPEATED_USES:
            raise InputError(
                "cut.too_many_clips",
                f"{self.name} shows more than {MAX_REPEATED_USES} clips",
                "Export the reels one by one",
            )

    def _say(self, code: str, text: str, place: Place, effect: Literal["none", "approximate", "row-missing"]) -> None:
        self.problems.append(Diagnostic(code, text, path=place.where, effect=effect))


_CURVE: JsonObject = {"OTIO_SCHEMA": "TimeEffect.1"}


def _length(part: object) -> int:
    return max(whole(part, "Length") or 0, 0)


def _only(part: object) -> object:
    """The one clip that a segment is, itself or as the only component of sequences; None for anything more."""
    for _ in range(MAX_NESTING):
        if class_of(part) in ("SourceClip", "OperationGroup", "Selector", "EssenceGroup", *_EMPTY):
            return part
        components = list(members(part, "Components")) if class_of(part) == "Sequence" else []
        if len(components) != _MIN_GROUP:
            return None
        part = components[0]
    return None


def _moved(source_range: object, by: Exact, rate: Rate) -> JsonObject:
    """A source range that starts *by* frames (at *rate*) later."""
    moved: JsonObject = dict(source_range) if isinstance(source_range, dict) else {}
    start = moved.get("start_time")
    if not by or not isinstance(start, dict):
        return moved
    per_second = start["rate"] / rate.fraction
    moved["start_time"] = start | {"value": Fraction(start["value"]) + by * per_second}
    return moved


def _warped(source_range: JsonObject, scale: Exact | None) -> JsonObject:
    """A range that plays backwards starts at its low end: the frame seen first is the last of it."""
    start, duration = source_range.get("start_time"), source_range.get("duration")
    if scale is None or scale >= 0 or not isinstance(start, dict) or not isinstance(duration, dict):
        return source_range
    played = (Fraction(duration["value"]) - 1) * -scale * start["rate"] / duration["rate"]
    return source_range | {"start_time": start | {"value": Fraction(start["value"]) - played}}
