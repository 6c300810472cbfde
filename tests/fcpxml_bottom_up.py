"""A second reading of FCPXML positions, built the other way round: from every source upwards to the cut, with the standard library.

The reader under test goes down from the storyline and hands clocks and windows on. Here every element that shows a source climbs its
parents; each step restates its own range on the timeline one level up and cuts it down where a container does. Where the climb ends
in a compound clip or multicam, it goes on from every clip that uses it. Curves and freezes are left out: neither has one range.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

_SOURCES = ("asset-clip", "video", "audio", "title", "caption", "live-drawing")
_STORY = (*_SOURCES, "clip", "sync-clip", "ref-clip", "mc-clip", "gap", "audition", "spine")


class Seen(NamedTuple):
    """A use: [start, end) in seconds from the start of the cut; *source*: source seconds at the start, *speed*: a second of the cut."""

    sound: bool
    start: Fraction
    end: Fraction
    enabled: bool
    source: Fraction
    speed: Fraction


class _Climb(NamedTuple):
    """[a, b) on the timeline around a node; ``x = (t - shift) / scale`` leads back to the source's own clip time."""

    a: Fraction
    b: Fraction
    scale: Fraction
    shift: Fraction
    enabled: bool


class BottomUp:
    """All uses of one project."""

    def __init__(self, data: bytes) -> None:
        self.root = ElementTree.fromstring(data)
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        self.resources = {each.get("id"): each for each in self.root.iterfind("./resources/*")}

    def projects(self) -> list[ElementTree.Element]:
        return [each for each in self.root.iter("project") if each.find("sequence") is not None]

    def seen(self, project: ElementTree.Element) -> list[Seen]:
        """The project's uses in no order."""
        sequence = project.find("sequence")
        assert sequence is not None, "a project without a sequence"
        start = self._time(sequence, "tcStart") or Fraction(0)
        return [
            Seen(sound, top.a - start, top.b - start, top.enabled, *self._source(element, top))
            for element in self.root.iter()
            if element.tag in _SOURCES
            for sound in self._halves(element)
            for climb in self._range(element, sound)
            for whole in self._up(element, climb, sound, project)
            if (top := whole._replace(a=max(whole.a, start))).a < top.b
        ]

    # --------------------------------------------------------------------------------- what an element says of itself

    def _time(self, element: ElementTree.Element, key: str) -> Fraction | None:
        written = element.get(key)
        return None if written is None else Fraction(written.removesuffix("s"))

    def _length(self, element: ElementTree.Element) -> Fraction:
        own = self._time(element, "duration")
        if own is not None:
            return own
        if element.tag == "audition":
            return self._length(next(child for child in element if child.tag in _STORY))
        if element.tag == "spine":
            return sum((self._length(child) for child in element if child.tag in _STORY), Fraction(0))
        resource = self.resources.get(element.get("ref"))
        assert resource is not None, "an element without a length"
        inner = resource.find("sequence")
        return self._time(resource if inner is None else inner, "duration") or Fraction(0)

    def _origin(self, element: ElementTree.Element) -> Fraction:
        own = self._time(element, "start")
        if own is None and element.tag in ("ref-clip", "mc-clip"):
            media = self.resources[element.get("ref")]
            inner = media.find("sequence") if media.find("sequence") is not None else media.find("multicam")
            own = None if inner is None else self._time(inner, "tcStart")
        return own or Fraction(0)

    def _place(self, element: ElementTree.Element) -> Fraction:
        """Its offset on the timeline around it; in a storyline without one, after all that stands before it."""
        own = self._time(element, "offset")
        if own is not None:
            return own
        parent = self.parents[element]
        if parent.tag == "audition":
            return self._place(parent)
        if parent.tag not in ("spine", "mc-angle"):
            return Fraction(0)
        before = [child for child in parent if child.tag in _STORY]
        index = before.index(element)
        if index:
            return self._place(before[index - 1]) + self._length(before[index - 1])
        around = self.parents[parent]
        return self._time(around, "tcStart") or Fraction(0) if around.tag in ("sequence", "multicam") else Fraction(0)

    def _mixed(self, element: ElementTree.Element) -> tuple[Fraction, Fraction]:
        """Where it is seen on the timeline around it, transitions beside it included."""
        first = self._place(element)
        end = first + self._length(element)
        node = self.parents[element] if self.parents[element].tag == "audition" else element
        siblings = [child for child in self.parents[node] if child.tag in _STORY or child.tag == "transition"]
        index = siblings.index(node)
        if self.parents[node].tag in ("spine", "mc-angle"):
            if index and siblings[index - 1].tag == "transition":
                first = min(first, self._time(siblings[index - 1], "offset") or Fraction(0))
            if index + 1 < len(siblings) and siblings[index + 1].tag == "transition":
                after = siblings[index + 1]
                end = max(end, (self._time(after, "offset") or Fraction(0)) + (self._time(after, "duration") or 0))
        return first, end

    def _heard(self, element: ElementTree.Element) -> tuple[Fraction, Fraction] | None:
        begin, length = self._time(element, "audioStart"), self._time(element, "audioDuration")
        if begin is None and length is None:
            return None
        first = self._place(element) + ((self._origin(element) if begin is None else begin) - self._origin(element))
        return first, first + (self._length(element) if length is None else length)

    def _halves(self, element: ElementTree.Element) -> Iterator[bool]:
        resource = self.resources.get(element.get("ref"))
        pictures = element.tag != "audio" and element.get("srcEnable", "all") in ("all", "video")
        sounds = element.tag in ("audio", "asset-clip") and element.get("srcEnable", "all") in ("all", "audio")
        if resource is not None and resource.tag == "asset" and (resource.get("hasVideo") or resource.get("hasAudio")):
            pictures = pictures and resource.get("hasVideo") == "1"
            sounds = sounds and resource.get("hasAudio") == "1"
        yield from ([False] if pictures else []) + ([True] if sounds else [])

    def _speed(self, element: ElementTree.Element) -> tuple[Fraction, Fraction]:
        """Original time = slope × clip time + rest."""
        points = element.findall("timeMap/timept")
        if not points:
            return Fraction(1), Fraction(0)
        (t0, v0), (t1, v1) = ((self._time(p, "time"), self._time(p, "value")) for p in (points[0], points[-1]))
        assert t0 is not None and t1 is not None and v0 is not None and v1 is not None, "a point without a time"
        slope = (v1 - v0) / (t1 - t0)
        return slope, v0 - slope * t0

    # ---------------------------------------------------------------------------------------------------- the climb

    def _range(self, element: ElementTree.Element, sound: bool) -> Iterator[_Climb]:
        first, end = (self._heard(element) if sound else None) or self._mixed(element)
        yield _Climb(first, end, Fraction(1), Fraction(0), element.get("enabled") != "0")

    def _source(self, element: ElementTree.Element, top: _Climb) -> tuple[Fraction, Fraction]:
        """Source seconds at the edge that is seen first, and source seconds a second of the cut."""
        around = (top.a - top.shift) / top.scale
        slope, rest = self._speed(element)
        return slope * (around - self._place(element) + self._origin(element)) + rest, slope / top.scale

    def _up(
        self, node: ElementTree.Element, climb: _Climb, sound: bool, project: ElementTree.Element
    ) -> Iterator[_Climb]:
        """*climb*, on the timeline around *node*, restated in seconds of the project's sequence."""
        parent = self.parents[node]
        lane = int(node.get("lane") or 0)
        if parent.tag == "audition":
            if next(child for child in parent if child.tag in _STORY) is node:
                yield from self._up(parent, climb, sound, project)
        elif parent.tag == "spine":
            yield from self._out_of_spine(parent, climb, sound, project)
        elif parent.tag == "mc-angle":
            yield from self._out_of_media(self.parents[self.parents[parent]], climb, sound, project, parent)
        elif parent.tag in ("clip", "sync-clip") and not lane:
            yield from self._out_of(parent, climb, sound, project)
        elif parent.tag in _STORY:
            yield from self._up(parent, _moved(climb, Fraction(1), self._beside(parent)), sound, project)

    def _beside(self, host: ElementTree.Element) -> Fraction:
        return self._place(host) - self._origin(host)

    def _out_of_spine(
        self, spine: ElementTree.Element, climb: _Climb, sound: bool, project: ElementTree.Element
    ) -> Iterator[_Climb]:
        around = self.parents[spine]
        if around.tag != "sequence":
            yield from self._up(spine, _moved(climb, Fraction(1), self._place(spine)), sound, project)
        elif self.parents[around] is project:
            yield climb
        elif self.parents[around].tag == "media":
            yield from self._out_of_media(self.parents[around], climb, sound, project, None)

    def _out_of_media(
        self,
        media: ElementTree.Element,
        climb: _Climb,
        sound: bool,
        project: ElementTree.Element,
        angle: ElementTree.Element | None,
    ) -> Iterator[_Climb]:
        for user in self.root.iter("mc-clip" if angle is not None else "ref-clip"):
            if user.get("ref") != media.get("id") or not self._takes(user.get("srcEnable"), sound):
                continue
            for pick in [user] if angle is None else user.findall("mc-source"):
                named = angle is None or pick.get("angleID") == angle.get("angleID")
                if named and self._takes(pick.get("srcEnable"), sound):
                    yield from self._out_of(user, climb, sound, project)

    def _takes(self, enabled: str | None, sound: bool) -> bool:
        return enabled in (None, "all", "audio" if sound else "video")

    def _out_of(
        self, container: ElementTree.Element, climb: _Climb, sound: bool, project: ElementTree.Element
    ) -> Iterator[_Climb]:
        """Out of what a container holds: unspeed, move, cut down to what is seen or heard of it."""
        slope, rest = self._speed(container)
        spread = _moved(climb, 1 / slope, -rest / slope)
        moved = _moved(spread, Fraction(1), self._beside(container))
        first, end = (self._heard(container) if sound else None) or self._mixed(container)
        on = moved.enabled and container.get("enabled") != "0"
        cut = moved._replace(a=max(moved.a, first), b=min(moved.b, end), enabled=on)
        if cut.a < cut.b:
            yield from self._up(container, cut, sound, project)


def _moved(climb: _Climb, scale: Fraction, shift: Fraction) -> _Climb:
    one, other = climb.a * scale + shift, climb.b * scale + shift
    return climb._replace(
        a=min(one, other), b=max(one, other), scale=climb.scale * scale, shift=climb.shift * scale + shift
    )
