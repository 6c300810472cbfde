"""Clips of one track laid out for writing: items in order, transitions at their edit points, overlaps on lanes of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from edgecode.terms.cuts import Clip, Transition


class Mix(NamedTuple):
    """A transition before an item, and the edit point it lies around."""

    row: Transition
    edit: Fraction


@dataclass(slots=True)
class Node:
    """An item of a track: one *clip*, or the *clips* of a nested cut with *layers* layers; no clips: a fade into a gap.

    It is seen over [low, high); [start, end) is its place along the track, without what transitions show of it beyond.
    """

    clips: list[Clip]
    depth: int
    low: Fraction
    high: Fraction
    start: Fraction
    end: Fraction
    before: Mix | None = None

    @property
    def clip(self) -> Clip | None:
        """The one clip of a plain item."""
        return self.clips[0] if len(self.clips) == 1 and len(self.clips[0].path) == self.depth else None

    @property
    def layers(self) -> int:
        """How many layers the nested cut has."""
        return max(clip.path[self.depth + 1] for clip in self.clips) + 1


@dataclass(slots=True)
class Lane:
    """Items that follow one another."""

    nodes: list[Node] = field(default_factory=list)

    @property
    def end(self) -> Fraction:
        """Where the last item ends."""
        return max((node.end for node in self.nodes), default=Fraction(0))


def lanes_of(clips: Sequence[Clip], mixes: Iterable[Transition], *, depth: int) -> list[Lane]:
    """One lane, and more where items overlap that no transition joins. *depth*: length of the paths of plain clips here."""
    rows = {(mix.record_in, mix.record_out): mix for mix in mixes}
    lanes = [Lane()]
    for node in sorted(_nodes(clips, depth), key=lambda each: (each.low, each.high, each.depth)):
        lane = next((lane for lane in lanes if _follows(node, lane, rows, depth)), None)
        if lane is None:
            lane = Lane()
            lanes.append(lane)
        _join(node, lane, rows)
    if depth == 1:
        _fades(lanes[0], rows)
    return lanes


def _nodes(clips: Sequence[Clip], depth: int) -> list[Node]:
    groups: dict[object, list[Clip]] = {}
    for index, clip in enumerate(clips):
        key = ("clip", index) if len(clip.path) == depth else ("nest", clip.path[depth])
        groups.setdefault(key, []).append(clip)
    nodes = []
    for members in groups.values():
        low, high = min(clip.record_in for clip in members), max(clip.record_out for clip in members)
        nodes.append(Node(members, depth, low, high, low, high))
    return nodes


_Rows = dict[tuple[Fraction, Fraction], Transition]


def _follows(node: Node, lane: Lane, rows: _Rows, depth: int) -> bool:
    if not lane.nodes:
        return True
    last = lane.nodes[-1]
    if last.high <= node.low:
        return True
    return last.high <= node.high and ((node.low, last.high) in rows or depth > 1)


def _join(node: Node, lane: Lane, rows: _Rows) -> None:
    """Append; an overlap with the item before is a transition whose edit point is taken where the new item is first seen."""
    if lane.nodes and lane.nodes[-1].high > node.low:
        last = lane.nodes[-1]
        row = rows.pop((node.low, last.high), None)
        if row is None:
            row = Transition("", "SMPTE_Dissolve", 0, node.low, last.high)
        last.end = node.low
        node.before = Mix(row, node.low)
    lane.nodes.append(node)


def _fades(lane: Lane, rows: _Rows) -> None:
    """Transitions with nothing on one side: a fade in starts its item, a fade out ends it."""
    for (first, end), row in sorted(rows.items(), key=lambda each: each[0]):
        into = next((node for node in lane.nodes if node.low == first and node.before is None), None)
        if into is not None:
            into.before = Mix(row, first)
            continue
        place = next((i for i, node in enumerate(lane.nodes) if node.high == end and node.end == end), None)
        after = lane.nodes[place + 1] if place is not None and place + 1 < len(lane.nodes) else None
        if place is not None and (after is None or after.low > end):
            depth = lane.nodes[place].depth
            lane.nodes.insert(place + 1, Node([], depth, end, end, end, end, Mix(row, end)))
