"""One walk over an FCPXML timeline: every use of a source with its exact place, by the rules that the DTD's own comments give.

* *offset* is the place on the timeline around an element, *start* the origin of the element's own timeline.
* A spine is serial; what has no offset follows what stands before it.
* What has a lane is connected: it keeps its own length and is cut down only by the compound clips around it.
* Neighbours of a transition do not overlap in the file; both are seen from its offset to its end.
* The first child of an audition is in the cut, the others are not.
"""

from fractions import Fraction

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.editorial.fcpxml_document import Element, Weight
from edgecode.ingest.editorial.fcpxml_effects import transition_of
from edgecode.ingest.editorial.fcpxml_frame import Frame, Half, Slot
from edgecode.ingest.editorial.fcpxml_leaf import Leaves, split_window
from edgecode.ingest.editorial.fcpxml_nests import Nests
from edgecode.ingest.editorial.fcpxml_resources import CONTAINERS, LEAVES, STORY, Resources, lane_of
from edgecode.ingest.editorial.fcpxml_rows import Mix, Scope
from edgecode.ingest.editorial.fcpxml_time import FAR, ONE, seconds
from edgecode.ingest.editorial.limits import MAX_NESTING
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate

_NO_STORY = frozenset(
    (
        *("note", "conform-rate", "timeMap", "marker", "chapter-marker", "hidden-clip-marker", "metadata"),
        *("audio-channel-source", "audio-role-source", "sync-source", "mc-source", "param", "text", "text-style-def"),
        *("object-tracker", "tracking-shape", "title-style", "transition"),
    )
)
_TIMES = ("offset", "start", "duration", "audioStart", "audioDuration")


class Walk:
    """Collects the rows and transitions of one sequence. *name* is the file's, for refusals."""

    def __init__(self, resources: Resources, cut_rate: Rate, *, name: str) -> None:
        self.scope = Scope()
        self.diagnostics: list[Diagnostic] = []
        self._name = name
        self._resources = resources
        self._start = Fraction(0)
        self._leaves = Leaves(resources, cut_rate, self.diagnostics)
        self._nests = Nests(self, resources, cut_rate)

    def walk(self, sequence: Element, start: Fraction) -> None:
        """Walk a sequence whose first frame lies at *start* of its own timeline."""
        self._start = start
        spine = sequence.first("spine")
        if spine is not None:
            frame = Frame(Fraction(0), ONE, start, FAR, self.scope)
            self.spine(spine, frame, start)

    def said(self) -> list[Diagnostic]:
        """What was found, each once: a compound clip is walked as often as it is used."""
        return list(dict.fromkeys(self.diagnostics))

    def say(self, code: str, text: str, element: Element, *, effect: Weight = "none") -> None:
        """Note a problem at *element*."""
        self.diagnostics.append(Diagnostic(code, text, element.line, element.where, effect=effect))

    # ------------------------------------------------------------------------------------------------ timelines

    def spine(self, spine: Element, frame: Frame, begins: Fraction) -> None:
        """The items of a spine or an angle, one after the other; the first lies at *begins* unless it says otherwise."""
        items = [child for child in spine.children if child.tag == "transition" or self._is_item(child)]
        cursor = begins
        for index, item in enumerate(items):
            if item.tag == "transition":
                self._transition(item, cursor, frame)
                continue
            offset = seconds(item, "offset")
            if offset is None:
                offset = cursor
                if index and not item.says("offset"):
                    text = "an item of a storyline does not say where it lies; it follows the one before"
                    self.say("offset.missing", text, item, effect="approximate")
            before = items[index - 1] if index and items[index - 1].tag == "transition" else None
            after = items[index + 1] if index + 1 < len(items) and items[index + 1].tag == "transition" else None
            self._placed(item, frame, offset, before, after)
            cursor = offset + (self._resources.length(item) or 0)

    def item(self, element: Element, frame: Frame, offset: Fraction) -> None:
        """One element at *offset* of the timeline of *frame*."""
        self._placed(element, frame, offset, None, None)

    def _is_item(self, child: Element) -> bool:
        """Whether a child has a place on the timeline; one of a kind that we do not know has, when it says a time."""
        if child.tag in STORY:
            return True
        if child.tag in _NO_STORY or child.tag.startswith(("adjust-", "filter-")):
            return False
        return "offset" in child.attributes or "duration" in child.attributes or "ref" in child.attributes

    def _transition(self, transition: Element, cursor: Fraction, frame: Frame) -> None:
        length, offset = seconds(transition, "duration"), seconds(transition, "offset")
        if length is None or length < 0:
            text = "a transition does not say how long it is: what it shows of its neighbours is not in the rows"
            self.say("transition.unreadable", text, transition, effect="row-missing")
            return
        if offset is None:
            text = "a transition does not say where it lies; it was put around the edit"
            self.say("offset.missing", text, transition, effect="approximate")
        low, high = frame.window(*_mixed(transition, cursor))
        if low >= high:
            return
        halves: tuple[Half, ...] = ("picture", "sound")
        for half in halves:
            other = "filter-video" if half == "sound" else "filter-audio"
            own = "filter-audio" if half == "sound" else "filter-video"
            silent = transition.first(own) is None and (half == "sound" or transition.first(other) is not None)
            if half in frame.wants and not silent:
                kind, seen = transition_of(transition, half, self._resources)
                name = transition.says("name")
                frame.scope.mixes.append(Mix(name, kind, half == "sound", frame.lane, low, high, seen))

    # ------------------------------------------------------------------------------------------------ one element

    def _placed(
        self, element: Element, frame: Frame, offset: Fraction, before: Element | None, after: Element | None
    ) -> None:
        if frame.depth > MAX_NESTING:
            raise InputError(
                "schema.too_deep",
                f"{self._name} nests more than {MAX_NESTING} clips inside one another",
                "Flatten the innermost compound clips before exporting",
            )
        self._doubt_times(element)
        frame = frame._replace(lane=(*frame.lane, lane)) if (lane := self._lane(element)) else frame
        if element.tag == "audition":
            self._audition(element, frame, offset, before, after)
        elif element.tag == "spine":
            self.spine(element, frame._replace(base=frame.at(offset), depth=frame.depth + 1), Fraction(0))
        else:
            slot = self._slot(element, frame, offset, before, after)
            self._show(element, frame, slot)
            self._connected(element, frame, slot)

    def _audition(
        self, audition: Element, frame: Frame, offset: Fraction, before: Element | None, after: Element | None
    ) -> None:
        picks = [child for child in audition.children if child.tag in STORY]
        for alternate in picks[1:]:
            self.say("audition.alternate", "a take of an audition that is not in the cut", alternate)
        if not picks:
            return
        first = len(frame.scope.rows)
        pick = picks[0]
        self._doubt_times(pick)
        slot = self._slot(pick, frame, offset, before, after)
        self._show(pick, frame, slot)
        others = self._leaves.others(picks[1:])
        for row in frame.scope.rows[first:] if others else ():
            row.media = replace(row.media, others=tuple(dict.fromkeys((*row.media.others, *others))))
        self._connected(pick, frame, slot)

    def _slot(
        self, element: Element, frame: Frame, offset: Fraction, before: Element | None, after: Element | None
    ) -> Slot:
        """The element's place with its share of the transitions beside it."""
        length = self._resources.length(element)
        if length is None:
            known = frame.high < FAR and frame.pace > 0
            effect: Weight = "approximate" if known else "row-missing"
            self.say("clip.no_duration", "a clip does not say how long it is", element, effect=effect)
            length = max((frame.high - frame.at(offset)) / frame.pace, Fraction(0)) if known else Fraction(0)
        first = seen = offset
        end = last = offset + length
        side = ""
        if before is not None and length:
            seen, side = min(seen, _mixed(before, first)[0]), "in"
        if after is not None and length:
            last, side = max(last, _mixed(after, end)[1]), side or "out"
        low, high = frame.window(seen, last)
        slot = Slot(first, end, self._origin(element), low, high, "in" if side == "in" else "out" if side else "")
        heard = split_window(element, slot)
        if length and frame.scope is self.scope and frame.at(min(seen, heard[0]) if heard else seen) < self._start:
            text = "a clip begins before the first frame of the cut; what lies before is not shown"
            self.say("clip.before_start", text, element, effect="approximate")
        return slot

    def _origin(self, element: Element) -> Fraction:
        """Where the element's own timeline starts: 0s, or a compound clip's timecode, where it does not say."""
        start = seconds(element, "start")
        if start is None and element.tag in ("ref-clip", "mc-clip"):
            timeline = self._resources.timeline_of(element)
            start = seconds(timeline, "tcStart") if timeline is not None else None
        return start or Fraction(0)

    def _show(self, element: Element, frame: Frame, slot: Slot) -> None:
        if element.tag in LEAVES:
            # A split edit may be heard where no picture of it is seen.
            for row in self._leaves.rows(element, frame, slot):
                frame.scope.add(row)
        elif element.tag in CONTAINERS:
            self._nests.put(element, frame, slot)
        elif element.tag != "gap":
            text = "an element that is not in the document types 1.8 to 1.14; it stays as an opaque clip"
            self.say("schema.unknown", text, element, effect="approximate")
            if slot.low < slot.high:
                self.opaque(element, frame, slot)

    def opaque(self, element: Element, frame: Frame, slot: Slot) -> None:
        """A row for what is seen there and cannot be read."""
        frame.scope.add(self._leaves.opaque(element, frame, slot))

    def _connected(self, host: Element, frame: Frame, slot: Slot) -> None:
        holds = host.tag in ("clip", "sync-clip")
        beside = frame.beside(slot)
        for child in host.children:
            if not self._is_item(child) or (holds and not lane_of(child) and child.tag in STORY):
                continue
            if not lane_of(child):
                text = "something lies on a clip without a lane; it was put beside the clip"
                self.say("lane.missing", text, child, effect="approximate")
            self._placed(child, beside, seconds(child, "offset") or Fraction(0), None, None)

    def _lane(self, element: Element) -> int:
        lane = lane_of(element)
        if lane is None:
            self.say("lane.missing", "a lane that is no number", element, effect="approximate")
        return lane or 0

    def _doubt_times(self, element: Element) -> None:
        """Say which times of an element are written and cannot be read: it lies where it would without them."""
        for attribute in _TIMES:
            if attribute in element.attributes and seconds(element, attribute) is None:
                text = f"the {attribute} of an element cannot be read; it was placed without"
                self.say("time.unreadable", text, element, effect="row-missing")


def _mixed(transition: Element, edit: Fraction) -> tuple[Fraction, Fraction]:
    """From where to where a transition mixes, on its timeline; around *edit* where it does not say."""
    length = max(seconds(transition, "duration") or Fraction(0), Fraction(0))
    offset = seconds(transition, "offset")
    first = edit - length / 2 if offset is None else offset
    return first, first + length
