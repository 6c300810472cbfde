"""Clips of an FCPXML timeline that hold others: compound clips, multicams, synchronized clips, and the plain ``clip`` around a source.

A compound clip or multicam is a nested cut. A ``clip`` or ``sync-clip`` around one picture and its sounds is only a wrapping, and its
name is the clip's; one with more layers is a nested cut as well, or two of them in a dissolve could not be told apart.
"""

from fractions import Fraction
from typing import Protocol

from msgspec.structs import replace

from edgecode.ingest.editorial.fcpxml_document import Element, Weight
from edgecode.ingest.editorial.fcpxml_effects import Effects, effects_of
from edgecode.ingest.editorial.fcpxml_frame import Frame, Half, Slot
from edgecode.ingest.editorial.fcpxml_leaf import enabled_halves, is_conformed, split_window
from edgecode.ingest.editorial.fcpxml_media import Words, told_by, words_on
from edgecode.ingest.editorial.fcpxml_resources import STORY, Resources, lane_of
from edgecode.ingest.editorial.fcpxml_rows import Row, Scope
from edgecode.ingest.editorial.fcpxml_time import Retime, retime_of, seconds
from edgecode.terms.cuts import Media
from edgecode.terms.timebase import Rate

_PICTURE: frozenset[Half] = frozenset(("picture",))
_SOUND: frozenset[Half] = frozenset(("sound",))
_BLACK = Media(kind="generator", generator="black")


class Walker(Protocol):
    """What walks the timelines that a nest holds."""

    def spine(self, spine: Element, frame: Frame, begins: Fraction) -> None: ...

    def item(self, element: Element, frame: Frame, offset: Fraction) -> None: ...

    def opaque(self, element: Element, frame: Frame, slot: Slot) -> None: ...

    def say(self, code: str, text: str, element: Element, *, effect: Weight = "none") -> None: ...


class Nests:
    """Puts what containers hold into the timeline around them."""

    def __init__(self, walker: Walker, resources: Resources, cut_rate: Rate) -> None:
        self._walker = walker
        self._resources = resources
        self._cut_rate = cut_rate

    def put(self, element: Element, frame: Frame, slot: Slot) -> None:
        """What *element* holds, in *slot* of the timeline of *frame*; a split edit hears it in a window of its own."""
        if element.tag in ("ref-clip", "mc-clip") and self._resources.timeline_of(element) is None:
            text = "a compound clip or multicam refers to something that the file does not hold; it stays as an opaque clip"
            self._walker.say("ref.dangling", text, element, effect="approximate")
            if slot.low < slot.high:
                self._walker.opaque(element, frame, slot)
            return
        wants = frame.wants & enabled_halves(element)
        window = split_window(element, slot)
        if window is None:
            self._one(element, frame._replace(wants=wants), slot)
            return
        self._one(element, frame._replace(wants=wants & _PICTURE), slot)
        low, high = frame.window(*window)
        self._one(element, frame._replace(wants=wants & _SOUND), slot._replace(low=low, high=high))

    def _one(self, element: Element, frame: Frame, slot: Slot) -> None:
        if slot.low >= slot.high or not frame.wants:
            return
        retime, effects, words = retime_of(element), effects_of(element, self._resources), words_on(element)
        conformed, said = is_conformed(element, self._cut_rate)
        for problem in (*effects.problems, *words.problems, *(() if said is None else (said,))):
            self._walker.say(problem.code, problem.text, element, effect=problem.effect)
        scope = Scope()
        inner = frame.inside(slot, scope, retime)
        self._fill(element, inner._replace(unsure=frame.unsure or conformed), slot)
        if retime is not None and retime.slope is None:
            text = (
                "the speed of a clip that holds others changes on a curve: what it holds is seen at some time within it"
            )
            self._walker.say("retime.curve", text, element, effect="approximate")
            _spread(scope, slot)
        elif retime is not None and retime.slope == 0:
            _hold(scope, retime, slot, self._cut_rate)
        on = element.says("enabled") != "0"
        wraps = element.tag in ("clip", "sync-clip") and _is_wrapping(scope)
        for row in scope.rows:
            half: Half = "sound" if row.kind == "sound" else "picture"
            row.effects += effects.of(half) if wraps else effects.inherited(half)
            row.enabled = row.enabled and on and half not in effects.hides
        if "picture" in frame.wants:
            _cover(scope, effects, slot, enabled=on)
        if wraps:
            _name(scope, element, slot, words)
            frame.scope.take(scope, frame.lane)
            return
        if words.codes:
            text = "an edge code stands on a clip that holds others; what it holds is looked up by itself"
            self._walker.say("edge_code.on_nest", text, element)
        for row in scope.rows:
            row.nest = (element.says("name"), *row.nest)
        frame.scope.nest(scope, frame.lane)

    def _fill(self, element: Element, inner: Frame, slot: Slot) -> None:
        if element.tag in ("clip", "sync-clip"):
            for child in element.children:
                if child.tag in STORY and not lane_of(child):
                    self._walker.item(child, inner, seconds(child, "offset") or Fraction(0))
            return
        timeline = self._resources.timeline_of(element)
        if timeline is None:
            return
        begins = seconds(timeline, "tcStart") or Fraction(0)
        spine = timeline.first("spine")
        if timeline.tag == "multicam":
            self._angles(element, timeline, inner, begins)
        elif spine is not None:
            self._walker.spine(spine, inner, begins)

    def _angles(self, clip: Element, multicam: Element, inner: Frame, begins: Fraction) -> None:
        """The angles that the clip names, each with what it takes of them; without a name any of them may be the one."""
        angles = {angle.says("angleID"): angle for angle in multicam.all("mc-angle")}
        sources = clip.all("mc-source")
        if not sources:
            text = "a multicam clip does not say which angle it shows: all of them are possible"
            self._walker.say("angle.missing", text, clip, effect="approximate")
        for source in sources:
            if source.says("angleID") not in angles:
                text = "a multicam clip shows an angle that the file does not hold"
                self._walker.say("angle.missing", text, source, effect="row-missing")
        for source in sources:
            angle = angles.get(source.says("angleID"))
            if angle is not None and (wants := inner.wants & enabled_halves(source)):
                effects = effects_of(source, self._resources)
                self._angle(angle, inner._replace(wants=wants), begins, effects, sure=True)
        for layer, angle in enumerate(angles.values() if not sources else ()):
            self._angle(angle, inner._replace(lane=(layer,)), begins, Effects(), sure=False)

    def _angle(self, angle: Element, inner: Frame, begins: Fraction, effects: Effects, *, sure: bool) -> None:
        first = len(inner.scope.rows)
        self._walker.spine(angle, inner, begins)
        for row in inner.scope.rows[first:]:
            row.nest = (angle.says("name"), *row.nest)
            row.effects += effects.inherited("sound" if row.kind == "sound" else "picture")
            row.placed = row.placed if sure else "somewhere"


def _is_wrapping(scope: Scope) -> bool:
    pictures = [row for row in scope.rows if row.kind != "sound"]
    return len(pictures) <= 1 and not scope.mixes and not any(row.path for row in scope.rows)


def _name(scope: Scope, element: Element, slot: Slot, words: Words) -> None:
    """A wrapping's name, notes, codes and side are those of what it wraps."""
    for row in scope.rows:
        row.name = element.says("name") or row.name
        row.side = row.side or slot.side
        row.comments = words.comments + row.comments
        row.media = told_by(row.media, words)


def _hold(scope: Scope, retime: Retime, slot: Slot, cut_rate: Rate) -> None:
    """A frozen container shows the frame at one moment of its content for as long as it is seen."""
    moment = retime.value
    held = [row for row in scope.rows if row.low <= moment < row.high]
    for row in held:
        if row.source_in is not None and row.source_scale is not None:
            row.source_in += (moment - row.low) * cut_rate.fraction * row.source_scale
            row.source_scale = Fraction(0)
        row.low, row.high = slot.low, slot.high
    scope.rows = held
    scope.mixes = [mix for mix in scope.mixes if mix.low <= moment < mix.high]
    for mix in scope.mixes:
        mix.low, mix.high = slot.low, slot.high


def _spread(scope: Scope, slot: Slot) -> None:
    for row in scope.rows:
        row.low, row.high, row.placed = slot.low, slot.high, "somewhere"
        row.source_in = row.source_scale = None
    for mix in scope.mixes:
        mix.low, mix.high = slot.low, slot.high


def _cover(scope: Scope, effects: Effects, slot: Slot, *, enabled: bool) -> None:
    """Where an effect that may make frames lies over nothing, it has a row of black of its own."""
    made = next((effect for effect in effects.picture if effect.seen != "plain"), None)
    if made is None:
        return
    handed = tuple(replace(effect, inherited="nest") for effect in effects.picture)
    at = slot.low
    shown = sorted((row.low, row.high) for row in scope.rows if row.kind != "sound" and row.enabled)
    for first, end in (*shown, (slot.high, slot.high)):
        if at < min(first, slot.high):
            scope.add(Row(made.name, "black", (), at, min(first, slot.high), _BLACK, enabled=enabled, effects=handed))
        at = max(at, end)
