"""Which frames of versions rest on something behind them: marks set on versions, carried upward through everything made from these.

The relation of frames is that of `index.lineage`, walked from the sources up instead of from the screen down, so that each version is
looked at once however many clips show it. Like there, what is not certain widens: a mark may reach a frame too many, never one too few.
"""

from collections.abc import Iterable, Mapping, Set
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
Way = Literal["input", "same-content", "frame-of", "member", "trained"]
_Mark = TypeVar("_Mark")
Marks: TypeAlias = dict[_Mark, Ranges]


class Edge(Struct, frozen=True):
    """A version that another was made from. *way* ``trained``: by a description of a model. *frame*: of ``frame-of`` the one frame."""

    source: int
    way: Way
    step: int | None = None
    role: InputRole | None = None
    maps: tuple[FrameMap, ...] = ()
    frame: int | None = None


class Rules(Protocol[_Mark]):
    """What is marked, and what becomes of a mark on its way up."""

    def own(self, version: int, incoming: Mapping[_Mark, Ranges]) -> Mapping[_Mark, Ranges]:
        """What a version is marked with itself; *incoming*: what reached it from what it was made from. It may grow, never shrink."""
        ...

    def leaves(self, edge: Edge) -> bool:
        """Whether every mark passes as it is: a quick way for `passed`."""
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
        self._edges: dict[int, tuple[Edge, ...]] = {}
        self._extents: dict[int, Extent] = {}
        self._maps: dict[str, tuple[FrameMap, ...]] = {}
        self._carried: dict[object, Ranges] = {}
        self._numbers: dict[int, int] = {}
        self._extent_numbers: dict[Extent, int] = {}

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

    def edges(self, version: int) -> tuple[Edge, ...]:
        """What a version was made from, and its other names."""
        found = self._edges.get(version)
        if found is None:
            found = self._edges[version] = tuple(self._read_edges(version))
        return found

    def steps(self, version: int) -> list[int]:
        """The steps that made it or claim to have."""
        return self._graph.steps_of.get(version, [])

    def uses_of(self, step: int) -> list[Edge]:
        """The inputs of a step."""
        return [Edge(use.version, "input", step, use.role) for use in self._graph.used.get(step, ())]

    def below(self, version: int) -> list[int]:
        """What it was made from, without more."""
        return [edge.source for edge in self.edges(version)]

    def behind(self, starts: Iterable[int]) -> set[int]:
        """Everything behind versions, these included."""
        found = set(starts)
        waiting = list(found)
        while waiting:
            for edge in self.edges(waiting.pop()):
                if edge.source not in found:
                    found.add(edge.source)
                    waiting.append(edge.source)
        return found

    def _read_edges(self, version: int) -> Iterable[Edge]:
        graph = self._graph
        for step in self.steps(version):
            for use in graph.used.get(step, ()):
                yield Edge(use.version, "input", step, use.role, self._decoded(use.maps))
        for twin in graph.twins.get(version, ()):
            yield Edge(twin, "same-content")
        for holder, frame in graph.holders.get(version, ()):
            yield Edge(holder, "frame-of", frame=frame)
        for member in graph.members.get(version, ()):
            yield Edge(member, "member")
        for source, role in self._trained.get(version, ()):
            if source in graph.extents:
                yield Edge(source, "trained", role=role)

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
        """A number that versions with the same frames share."""
        found = self._numbers.get(version)
        if found is None:
            found = self._numbers[version] = self._extent_numbers.setdefault(
                self.extent(version), len(self._extent_numbers)
            )
        return found

    def _turned(self, version: int, edge: Edge, ranges: Ranges, *, keeps_time: bool) -> Ranges:
        source = self.extent(edge.source)
        there = inside(ranges, source)
        if not there:
            return ()
        if edge.way == "input":
            found = reaching(self.extent(version), source, edge.maps, there, keeps_time=keeps_time)
            return ALL if found == [ALL[0]] else united(found)
        if edge.frame is not None:
            return ALL if any(first <= edge.frame < end for first, end in there) else ()
        output = self.extent(version)
        is_alike = edge.way == "same-content" and (output.first, output.end) == (source.first, source.end)
        return tuple(there) if is_alike and source.first is not None else ALL


def reached(
    network: Network, starts: Iterable[int], rules: Rules[_Mark], *, by_frame: bool = True
) -> dict[int, Marks[_Mark]]:
    """For each version behind *starts* the marks that reach it and in which of its frames.

    *by_frame* False: without a look at frames, for what has none or is placed nobody knows how.
    """
    walk = _Walk(network, rules, by_frame=by_frame)
    order, is_circular = _upward(network, starts)
    # Equal bytes lead in circles: marks only grow, so that they come to rest.
    while walk.once(order) and is_circular:
        pass
    return walk.marks


class _Walk(Generic[_Mark]):
    """One walk upward."""

    def __init__(self, network: Network, rules: Rules[_Mark], *, by_frame: bool) -> None:
        self._network, self._rules, self._by_frame = network, rules, by_frame
        self.marks: dict[int, Marks[_Mark]] = {}
        self._grouped: dict[int, tuple[Marks[_Mark], dict[Ranges, set[_Mark]]]] = {}

    def once(self, order: Iterable[int]) -> bool:
        """Look at every version, sources first; whether anything was added."""
        grew = False
        for version in order:
            before = self.marks.get(version)
            after = self._marks_of(version, before or {})
            if after != before:
                self.marks[version] = after
                grew = grew or before is not None or bool(after)
        return grew

    def _marks_of(self, version: int, before: Marks[_Mark]) -> Marks[_Mark]:
        found = dict(before)
        is_spoken_of = self._rules.speaks_of(version)
        for edge in self._network.edges(version):
            leaves = self._rules.leaves(edge)
            # Most marks of a version lie on the same frames of it.
            for ranges, below in self._groups(edge.source).items():
                frames = self._network.carried(version, edge, ranges) if self._by_frame else ALL
                if not frames:
                    continue
                above = (
                    below if leaves else {up for mark in below if (up := self._rules.passed(mark, edge)) is not None}
                )
                if is_spoken_of:
                    for mark in above:
                        for one, part in self._rules.seen_as(version, mark, frames):
                            _add(found, one, part)
                else:
                    _add_all(found, above, frames)
        for mark, ranges in self._rules.own(version, found).items():
            _add(found, mark, ranges if self._by_frame else ALL)
        return found

    def _groups(self, version: int) -> Mapping[Ranges, Set[_Mark]]:
        """The marks of a version by the frames that they lie on."""
        marks = self.marks.get(version)
        if marks is None:
            return {}
        kept = self._grouped.get(version)
        if kept is None or kept[0] is not marks:
            groups: dict[Ranges, set[_Mark]] = {}
            for mark, ranges in marks.items():
                groups.setdefault(ranges, set()).add(mark)
            kept = self._grouped[version] = marks, groups
        return kept[1]


def _add_all(marks: Marks[_Mark], more: Set[_Mark], ranges: Ranges) -> None:
    known = marks.keys() & more
    for mark in known:
        _add(marks, mark, ranges)
    marks.update(dict.fromkeys(more - known, ranges) if known else dict.fromkeys(more, ranges))


def _add(marks: Marks[_Mark], mark: _Mark, ranges: Ranges) -> None:
    known = marks.get(mark)
    if known is None:
        marks[mark] = ranges
    elif known != ranges and known != ALL:
        marks[mark] = ALL if ranges == ALL else united([*known, *ranges])


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
