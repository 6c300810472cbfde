"""What an FCPXML document refers to by id: formats and their rates, assets, effects, compound clips and multicams; how long they are."""

import re
from fractions import Fraction

from edgecode.errors import InputError
from edgecode.ingest.editorial.fcpxml_document import Element
from edgecode.ingest.editorial.fcpxml_time import seconds
from edgecode.ingest.editorial.limits import MAX_NESTING, MAX_REPEATED_USES, refuse_many_uses
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate

LEAVES = frozenset(("asset-clip", "video", "audio", "title", "caption", "live-drawing"))
CONTAINERS = frozenset(("clip", "sync-clip", "ref-clip", "mc-clip"))
STORY = LEAVES | CONTAINERS | {"gap", "audition", "spine"}
"""Elements that have a place on a timeline (DTD: clip_item and anchor_item)."""

_NAMED_RATE = re.compile(r"FFVideoFormat.*?([pi])(2398|24|25|2997|30|50|5994|60)(?:_.*)?", re.ASCII)
_NAMED = {"2398": "24000/1001", "2997": "30000/1001", "5994": "60000/1001"}


class Resources:
    """The children of ``resources`` by id. *problems*: ids that stand twice."""

    def __init__(self, root: Element) -> None:
        self.problems: list[Diagnostic] = []
        self._by_id: dict[str, Element] = {}
        self._uses: dict[int, int] = {}
        self._lengths: dict[int, Fraction | None] = {}
        self._depth = 0
        written = root.first("resources")
        for each in written.children if written is not None else ():
            key = each.says("id")
            if key and key in self._by_id:
                text = "two resources have one id, so that programs may read the file differently; the first was taken"
                self.problems.append(Diagnostic("resource.twice", text, each.line, each.where, effect="row-missing"))
            self._by_id.setdefault(key, each)

    def of(self, element: Element, attribute: str = "ref") -> Element | None:
        """What the element refers to; None where nothing of that id is there."""
        return self._by_id.get(element.attributes.get(attribute, ""))

    def timeline_of(self, element: Element) -> Element | None:
        """The ``sequence`` or ``multicam`` that a ref-clip or mc-clip shows; None where the file does not hold it."""
        media = self.of(element)
        if media is None or media.tag != "media":
            return None
        order = ("multicam", "sequence") if element.tag == "mc-clip" else ("sequence", "multicam")
        return media.first(order[0]) or media.first(order[1])

    def rate_of(self, element: Element) -> Rate | None:
        """The frame rate of an element's format: as written, else as Apple's name of the format says; None where neither does."""
        written = self.of(element, "format")
        if written is None:
            return None
        frame = seconds(written, "frameDuration")
        if frame is not None and frame > 0:
            try:
                return Rate.of(1 / frame)
            except InputError:
                return None
        match = _NAMED_RATE.fullmatch(written.says("name"))
        if match is None:
            return None
        rate = Rate.of(_NAMED.get(match[2], match[2]))
        # An interlaced format is called after its fields: 1080i5994 has 29.97 frames a second.
        fields = match[1] == "i" and rate.nominal >= 50
        return Rate.of(rate.fraction / 2) if fields else rate

    def length(self, element: Element) -> Fraction | None:
        """How long an element is on the timeline around it, in seconds; None when nothing in the file says it.

        Its own duration, else that of what it refers to (DTD: an asset-clip's is the asset's), else of what it holds.
        """
        own = seconds(element, "duration")
        if own is not None:
            return own if own >= 0 else None
        key = id(element)
        if key not in self._lengths and self._depth < MAX_NESTING:
            self._lengths[key] = None  # what holds itself has no length
            self._depth += 1
            self._lengths[key] = self._unsaid_length(element)
            self._depth -= 1
        return self._lengths.get(key)

    def _unsaid_length(self, element: Element) -> Fraction | None:
        tag = element.tag
        if tag == "audition":
            pick = next((child for child in element.children if child.tag in STORY), None)
            return None if pick is None else self.length(pick)
        if tag in ("asset-clip", "video", "audio"):
            asset = self.of(element)
            return None if asset is None else seconds(asset, "duration")
        if tag in ("ref-clip", "mc-clip"):
            timeline = self.timeline_of(element)
            return None if timeline is None else self.length(timeline)
        if tag == "multicam":
            return max(
                (end for angle in element.all("mc-angle") if (end := self.length(angle)) is not None), default=None
            )
        if tag == "sequence":
            spine = element.first("spine")
            return None if spine is None else self.length(spine)
        if tag in ("spine", "mc-angle", "clip", "sync-clip"):
            return self._held(element)
        return None

    def _held(self, element: Element) -> Fraction | None:
        """From the beginning of what an element holds to its end."""
        around = seconds(element.parent, "tcStart") if element.parent is not None else None
        start = seconds(element, "start")
        first = reach = start if start is not None else around or Fraction(0)
        for child in element.children:
            if child.tag not in STORY or lane_of(child):
                continue
            offset, length = seconds(child, "offset"), self.length(child)
            reach = max(reach, (reach if offset is None else offset) + (length or 0))
        return reach - first if reach > first else None

    def refuse_endless(self, sequence: Element, name: str) -> None:
        """Raises InputError: ``schema.too_deep`` for cuts nested too deep or in themselves, ``cut.too_many_clips`` for too many.

        Counted before anything is walked: ten compound clips of ten compound clips of ten … are a small file.
        """
        own = sum(each.tag in STORY for each in sequence.within())
        refuse_many_uses(own, name)
        if self._count(sequence, name, 0) - own > MAX_REPEATED_USES:
            raise InputError(
                "cut.too_many_clips",
                f"{name} shows more than {MAX_REPEATED_USES} clips inside compound clips and multicams",
                "Export the reels one by one, or flatten the compound clips that are used most",
            )

    def _count(self, timeline: Element, name: str, depth: int) -> int:
        if depth > MAX_NESTING:
            raise InputError(
                "schema.too_deep",
                f"{name} nests more than {MAX_NESTING} clips inside one another, or a compound clip in itself",
                "Flatten the innermost compound clips before exporting",
            )
        key = id(timeline)
        if key not in self._uses:
            count = 0
            for each in timeline.within():
                count += each.tag in STORY
                inner = self.timeline_of(each) if each.tag in ("ref-clip", "mc-clip") else None
                count += 0 if inner is None else self._count(inner, name, depth + 1)
            self._uses[key] = count
        return self._uses[key]


def lane_of(element: Element) -> int | None:
    """The lane that an element says, 0 where it says none; None for one that is no number."""
    written = element.says("lane").strip() or "0"
    return int(written) if re.fullmatch(r"[-+]?\d{1,9}", written, re.ASCII) else None
