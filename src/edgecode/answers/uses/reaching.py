"""Which frames of versions rest on something behind them: marks set on versions, carried upward through everything made from these.

The relation of frames is that of `index.lineage`, walked from the sources up instead of from the screen down, so that each version is
looked at once however many clips show it. Like there, what is not certain widens: a mark may reach a frame too many, never one too few.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar, cast

import msgspec
from msgspec import Struct

from edgecode.events.kinds import FrameMap
from edgecode.index.alignment import Extent, inside, reaching
from edgecode.index.lineage import Ranges, Subgraph, united
from edgecode.index.pieces import END, START
from edgecode.index.rows import number, text
from edgecode.index.steps import MOVES_TIME
from edgecode.terms.steps import InputRole

ALL: Ranges = ((START, END),)
"""Every frame."""

_FRAME_BY_FRAME = (InputRole.PICTURE, InputRole.SOUND, InputRole.CONTROL)
Way = Literal["input", "same-content", "frame-of", "same-frames", "member", "trained"]
_Mark = TypeVar("_Mark", bound=Hashable)
Marks: TypeAlias = dict[_Mark, Ranges]
_Groups: TypeAlias = dict[Ranges, int]
"""The marks of a version as bits, by the frames that they lie on; each mark in one group."""


class Edge(Struct, frozen=True, gc=False):
    """A version that another was made from. *way* ``trained``: by a description of a model. *frame*: of ``frame-of`` the one frame."""

    source: int
    way: Way
    step: int | None = None
    role: InputRole | None = None
    maps: tuple[FrameMap, ...] = ()
    frame: int | None = None


class Rules(Protocol[_Mark]):
    """What is marked, and what becomes of a mark on its way up."""

    def marks(self, version: int) -> bool:
        """Whether `own` may mark a version with anything."""
        ...

    def minds(self, mark: _Mark) -> bool:
        """Whether `own` looks at an incoming mark like this one."""
        ...

    def own(self, version: int, incoming: Mapping[_Mark, Ranges], *, by_frame: bool) -> Mapping[_Mark, Ranges]:
        """What a version is marked with itself; *incoming*: what reached it of that which it minds. It may grow, never shrink.

        *by_frame*: of each frame by itself; else of all of them together.
        """
        ...

    def alike(self, edge: Edge) -> Hashable:
        """What `passed` looks at in an edge: of edges that are alike in this it says the same."""
        ...

    def passed(self, mark: _Mark, edge: Edge) -> _Mark | None:
        """The mark after a step up; None: it ends here."""
        ...

    def speaks_of(self, version: int) -> bool:
        """Whether `seen_as` may make anything else of a mark at this version."""
        ...

    def seen_as(self, version: int, mark: _Mark, ranges: Ranges) -> Iterable[tuple[_Mark, Ranges]]:
        """What an arriving mark is at this version, where somebody said something about the version itself."""
        ...


class Network:
    """The lineage behind versions with the edges that descriptions of models and datasets add."""

    def __init__(self, graph: Subgraph, trained: Mapping[int, tuple[tuple[int, InputRole], ...]]) -> None:
        """*trained*: by model or dataset what it was made of, as somebody described it."""
        self._graph, self._trained = graph, trained
        self._below: dict[int, tuple[int, ...]] = {}
        self._extents: dict[int, Extent] = {}
        self._maps: dict[str, tuple[FrameMap, ...]] = {}
        self._carried: dict[object, Ranges] = {}
        self._numbers: dict[int, int] = {}
        self._available: dict[int, Ranges] = {}
        self._extent_numbers: dict[tuple[Extent, object], int] = {}

    def load(self, starts: Iterable[int]) -> None:
        """Read everything behind *starts*, through descriptions too."""
        wanted = set(starts)
        loaded: set[int] = set()
        while wanted:
            self._graph.load(wanted)
            loaded |= wanted
            met = [version for version in self._trained if version in self._graph.steps_of]
            described = (source for version in met for source, _ in self._trained[version])
            wanted = set(described) - loaded

    def extent(self, version: int) -> Extent:
        """The frames of a version."""
        found = self._extents.get(version)
        if found is None:
            _, _, first, end, clock, rate, _ = self._graph.extents[version]
            found = Extent(cast("int | None", first), cast("int | None", end), number(clock), text(rate))
            self._extents[version] = found
        return found

    def available(self, version: int) -> Ranges:
        """The frames that a version has: none beyond its ends and none in its holes; `ALL` of what has no frame numbers."""
        found = self._available.get(version)
        if found is None:
            extent, holes = self.extent(version), self._graph.extents[version][6]
            missing = msgspec.json.decode(holes, type=list[tuple[int, int]]) if isinstance(holes, str) else []
            found = self._available[version] = cut_out(((extent.low, extent.high),), missing)
        return found

    def edges(self, version: int) -> Iterable[Edge]:
        """What a version was made from, its other names, and what has frames in common with it."""
        graph = self._graph
        for step in self.steps(version):
            for use in graph.used.get(step, ()):
                yield Edge(use.version, "input", step, use.role, self._decoded(use.maps))
        for twin in graph.twins.get(version, ()):
            yield Edge(twin, "same-content")
        for holder, frame in graph.holders.get(version, ()):
            yield Edge(holder, "frame-of", frame=frame)
        for other, maps in graph.kin.get(version, {}).items():
            yield Edge(other, "same-frames", maps=maps)
        for member in graph.members.get(version, ()):
            yield Edge(member, "member")
        for source, role in self._trained.get(version, ()):
            if source in graph.extents:
                yield Edge(source, "trained", role=role)

    def steps(self, version: int) -> list[int]:
        """The steps that made it or claim to have."""
        return self._graph.steps_of.get(version, [])

    def uses_of(self, step: int) -> list[Edge]:
        """The inputs of a step."""
        return [Edge(use.version, "input", step, use.role) for use in self._graph.used.get(step, ())]

    def below(self, version: int) -> tuple[int, ...]:
        """What it was made from, without more, each once."""
        found = self._below.get(version)
        if found is None:
            found = self._below[version] = tuple(dict.fromkeys(edge.source for edge in self.edges(version)))
        return found

    def behind(self, starts: Iterable[int]) -> set[int]:
        """Everything behind versions, these included."""
        found = set(starts)
        waiting = list(found)
        known = self._below
        while waiting:
            version = waiting.pop()
            below = known[version] if version in known else self.below(version)
            new = [source for source in below if source not in found]
            found.update(new)
            waiting += new
        return found

    def _decoded(self, maps: str | None) -> tuple[FrameMap, ...]:
        if maps is None:
            return ()
        if maps not in self._maps:
            self._maps[maps] = msgspec.json.decode(maps, type=tuple[FrameMap, ...])
        return self._maps[maps]

    def carried(self, version: int, edge: Edge, ranges: Ranges) -> Ranges:
        """Frames of *version* that need any of *ranges* of the edge's source."""
        keeps_time = (
            edge.step is not None and edge.role in _FRAME_BY_FRAME and self._graph.kind(edge.step) not in MOVES_TIME
        )
        # Files of one length made of files of one length: most edges of a show ask the same.
        key = self._alike(version), self._alike(edge.source), edge.way, edge.maps, edge.frame, keeps_time, ranges
        found = self._carried.get(key)
        if found is None:
            found = self._carried[key] = self._turned(version, edge, ranges, keeps_time=keeps_time)
        return found

    def _alike(self, version: int) -> int:
        """A number that versions with the same frames and the same holes share."""
        found = self._numbers.get(version)
        if found is None:
            alike = self.extent(version), self._graph.extents[version][6]
            found = self._numbers[version] = self._extent_numbers.setdefault(alike, len(self._extent_numbers))
        return found

    def _turned(self, version: int, edge: Edge, ranges: Ranges, *, keeps_time: bool) -> Ranges:
        source = self.extent(edge.source)
        there = inside(ranges, source)
        if not there:
            return ()
        if edge.way == "input":
            found = reaching(self.extent(version), source, edge.maps, there, keeps_time=keeps_time)
            if found != [ALL[0]]:
                return united(found)
            # Where all of an input is needed, its holes are no frames that anything can have been made from (`index.alignment`).
            return ALL if shared(there, self.available(edge.source)) else ()
        if edge.way == "same-frames":
            return united(reaching(self.extent(version), source, edge.maps, there, keeps_time=False))
        if edge.frame is not None:
            return ALL if any(first <= edge.frame < end for first, end in there) else ()
        output = self.extent(version)
        is_alike = edge.way == "same-content" and (output.first, output.end) == (source.first, source.end)
        return tuple(there) if is_alike and source.first is not None else ALL


class Reached(Generic[_Mark]):
    """Which marks reach which versions, and in which of their frames."""

    def __init__(self, network: Network, order: Sequence[int], *, is_circular: bool) -> None:
        """*order*: sources first, as far as there are no circles."""
        self._network, self._order, self._is_circular = network, order, is_circular
        self.names: list[_Mark] = []
        self._bits: dict[_Mark, int] = {}
        self.groups: dict[int, _Groups] = {}

    def of(self, version: int, among: int = -1) -> Marks[_Mark]:
        """The marks of a version. *among*: of these bits alone."""
        return {
            mark: ranges
            for ranges, bits in self.groups.get(version, {}).items()
            for mark in self.marks_in(bits & among)
        }

    def marks_in(self, bits: int) -> Iterable[_Mark]:
        """The marks that some bits stand for."""
        return (self.names[one.bit_length() - 1] for one in single(bits))

    def bit(self, mark: _Mark) -> int:
        """The bit that stands for a mark."""
        found = self._bits.get(mark)
        if found is None:
            found = self._bits[mark] = 1 << len(self.names)
            self.names.append(mark)
        return found

    def settled(self, once: Callable[[Iterable[int]], set[int]]) -> None:
        """Look at every version once, at those in circles until nothing changes. *once*: looks at versions; those that grew."""
        changed = once(self._order)
        # Equal bytes lead in circles: marks only grow, so that they come to rest.
        while self._is_circular and changed:
            changed = once([one for one in self._order if not changed.isdisjoint(self._network.below(one))])

    def gathered(self, own: Mapping[int, int]) -> dict[int, int]:
        """For each version the bits of *own* of everything behind it, itself too; versions without any are left out."""
        found: dict[int, int] = {}

        def once(order: Iterable[int]) -> set[int]:
            grew: set[int] = set()
            for version in order:
                before = found.get(version, 0)
                bits = before | own.get(version, 0)
                for source in self._network.below(version):
                    bits |= found.get(source, 0)
                if bits != before:
                    found[version] = bits
                    grew.add(version)
            return grew

        self.settled(once)
        return found

    def bits_of(self, version: int) -> int:
        """The marks of a version, whichever frames they lie on."""
        found = 0
        for bits in self.groups.get(version, {}).values():
            found |= bits
        return found


def reached(network: Network, starts: Iterable[int], rules: Rules[_Mark], *, by_frame: bool = True) -> Reached[_Mark]:
    """For each version behind *starts* the marks that reach it and in which of its frames.

    *by_frame* False: without a look at frames, for what has none or is placed nobody knows how.
    """
    order, is_circular = _upward(network, starts)
    found: Reached[_Mark] = Reached(network, order, is_circular=is_circular)
    found.settled(_Walk(network, rules, found, by_frame=by_frame).once)
    return found


class _Passage(Struct):
    """What edges that are alike do to marks, as far as it was asked. *known*: bits that were; *stays*: those that pass as they are."""

    known: int = 0
    stays: int = 0
    turned: dict[int, int] = {}


class _Walk(Generic[_Mark]):
    """One walk upward."""

    def __init__(self, network: Network, rules: Rules[_Mark], found: Reached[_Mark], *, by_frame: bool) -> None:
        self._network, self._rules, self._by_frame = network, rules, by_frame
        self.reached = found
        self._passages: dict[Hashable, _Passage] = {}
        self._minded, self._asked = 0, 0

    def once(self, order: Iterable[int]) -> set[int]:
        """Look at versions, sources first; those to which anything was added."""
        grew: set[int] = set()
        groups = self.reached.groups
        for version in order:
            before = groups.get(version, {})
            after = self._groups_of(version, before)
            if after != before:
                groups[version] = after
                grew.add(version)
        return grew

    def _groups_of(self, version: int, before: _Groups) -> _Groups:
        parts = list(before.items())
        is_spoken_of, known = self._rules.speaks_of(version), self.reached.groups
        for edge in self._network.edges(version):
            below = known.get(edge.source)
            # Most marks of a version lie on the same frames of it.
            for ranges, bits in below.items() if below else ():
                frames = self._network.carried(version, edge, ranges) if self._by_frame else ALL
                if not frames or not (above := self._passed(bits, edge)):
                    continue
                if is_spoken_of:
                    parts += [
                        (part, self.reached.bit(one))
                        for mark in self.reached.marks_in(above)
                        for one, part in self._rules.seen_as(version, mark, frames)
                    ]
                else:
                    parts.append((frames, above))
        found = _grouped(parts)
        if not self._rules.marks(version):
            return found
        own = self._rules.own(version, self._incoming(found), by_frame=self._by_frame).items()
        return _grouped(
            [
                *found.items(),
                *((ranges if self._by_frame else ALL, self.reached.bit(mark)) for mark, ranges in own),
            ]
        )

    def _passed(self, bits: int, edge: Edge) -> int:
        """The marks after a step up."""
        alike = self._rules.alike(edge)
        passage = self._passages.get(alike)
        if passage is None:
            passage = self._passages[alike] = _Passage(turned={})
        if unknown := bits & ~passage.known:
            for mark in list(self.reached.marks_in(unknown)):
                bit, up = self.reached.bit(mark), self._rules.passed(mark, edge)
                if up == mark:
                    passage.stays |= bit
                elif up is not None:
                    passage.turned[bit] = self.reached.bit(up)
            passage.known |= unknown
        found = bits & passage.stays
        if found != bits:
            for bit, up_bit in passage.turned.items():
                if bits & bit:
                    found |= up_bit
        return found

    def _incoming(self, groups: _Groups) -> Marks[_Mark]:
        """What `own` looks at."""
        for mark in self.reached.names[self._asked :]:
            if self._rules.minds(mark):
                self._minded |= self.reached.bit(mark)
        self._asked = len(self.reached.names)
        return {mark: ranges for ranges, bits in groups.items() for mark in self.reached.marks_in(bits & self._minded)}


_FEW = 32


def _grouped(parts: Sequence[tuple[Ranges, int]]) -> _Groups:
    """Marks by frames, each mark once, on all frames of all parts that it is in."""
    merged: _Groups = {}
    for ranges, bits in parts:
        merged[ranges] = merged.get(ranges, 0) | bits
    if len(merged) < 2:
        return merged
    once = twice = 0
    for bits in merged.values():
        twice |= once & bits
        once |= bits
    if not twice:
        return merged
    found = {ranges: left for ranges, bits in merged.items() if (left := bits & ~twice)}
    several = [(ranges, both) for ranges, bits in merged.items() if (both := bits & twice)]
    # Marks that are in the same parts stay together. Of a thousand stills each is a part, and one mark may be in all of them.
    together = {0: twice}
    if len(several) <= _FEW:
        for place, (_, bits) in enumerate(several):
            split: dict[int, int] = {}
            for where, which in together.items():
                parts_of = ((where | 1 << place, which & bits), (where, which & ~bits))
                split |= {key: part for key, part in parts_of if part}
            together = split
        shares = [
            ([ranges for place, (ranges, _) in enumerate(several) if where >> place & 1], which)
            for where, which in together.items()
        ]
    else:
        shares = [([ranges for ranges, bits in several if bits & bit], bit) for bit in single(twice)]
    for listed, which in shares:
        ranges = ALL if ALL in listed else united(span for one in listed for span in one)
        found[ranges] = found.get(ranges, 0) | which
    return found


def single(bits: int) -> Iterable[int]:
    """Each bit by itself."""
    while bits:
        lowest = bits & -bits
        yield lowest
        bits ^= lowest


def _upward(network: Network, starts: Iterable[int]) -> tuple[list[int], bool]:
    """Versions behind *starts*, each after everything it was made from as far as there are no circles, and whether there are."""
    order: list[int] = []
    state: dict[int, bool] = {}
    is_circular = False
    for start in starts:
        stack = [start]
        while stack:
            version = stack[-1]
            if version in state:
                stack.pop()
                if not state[version]:
                    state[version] = True
                    order.append(version)
                continue
            state[version] = False
            for below in network.below(version):
                if below not in state:
                    stack.append(below)
                elif not state[below]:
                    is_circular = True
    return order, is_circular


def cut_out(ranges: Ranges, taken: Iterable[tuple[int, int]]) -> Ranges:
    """*ranges* without the frames of *taken*."""
    left = list(ranges)
    for first, end in taken:
        parts = ((a, b, first, end) for a, b in left)
        left = [part for a, b, c, d in parts for part in ((a, min(b, c)), (max(a, d), b)) if part[0] < part[1]]
    return united(left)


def shared(ranges: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> Ranges:
    """Frames that lie in both."""
    listed = list(others)
    return united((max(a, c), min(b, d)) for a, b in ranges for c, d in listed if a < d and c < b)
