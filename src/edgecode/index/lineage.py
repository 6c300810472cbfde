"""What a version was made from and what was made from it, exactly: an answer here is whole or it fails, it is never cut short.

The ancestors of a version are the inputs of the steps behind it, never the other outputs of these steps; downwards, every
output of a step derives from each of its inputs.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias, cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgecode.events.kinds import FrameMap
from edgecode.index.alignment import Extent, absent, inside, needed
from edgecode.index.alignment import lacking as lacking_frames
from edgecode.index.frames import shared_frames
from edgecode.index.pieces import END, START
from edgecode.index.rows import ids_text, number, text
from edgecode.index.steps import MOVES_TIME, ROLES
from edgecode.index.store import IndexStore, Row
from edgecode.terms.steps import InputRole, StepKind

_FRAME_BY_FRAME = (InputRole.PICTURE, InputRole.SOUND, InputRole.CONTROL)
Ranges: TypeAlias = tuple[tuple[int, int], ...]
Relation = Literal["asked", "input", "same-content", "frame-of", "same-frames", "member"]


class LineageRow(Struct, frozen=True):
    """One version behind the asked one. *depth*: steps between them, the fewest. *step*: who made it, None when nobody knows.

    *relation* and *role*: how the version was reached, from *user* (the step that used it, or None for content and members).
    *through*: the version on the way down to the asked one. *frames*: frames of it that are needed, half open ranges; empty
    where all of it counts or no frames were asked for. *outside*: frames that are needed and that it does not have, beyond its
    ends or in its holes: the account of what was made from it is `range-outside` because of these.
    """

    depth: int
    version: int
    step: int | None
    relation: Relation = "asked"
    role: InputRole | None = None
    user: int | None = None
    through: int | None = None
    frames: Ranges = ()
    outside: Ranges = ()


def closure(store: IndexStore, version: int) -> list[LineageRow]:
    """Everything *version* was made from, the version first, each version once, by depth and then in recorded order."""
    return Subgraph(store).closure(version)


def matchback(store: IndexStore, version: int, *, first: int, end: int) -> list[LineageRow]:
    """The same for frames *first* up to *end* of the version: only what these frames need, and which frames of it.

    Without a frame map the rules of `index.alignment` hold. It may name too much for a frame, never too little.
    """
    return Subgraph(store).matchback(version, first=first, end=end)


def lacking(store: IndexStore, version: int, *, first: int, end: int) -> dict[int, Ranges]:
    """Which versions leave frames *first* up to *end* of a version `range-outside`, and by which frames that they do not have."""
    return {row.version: row.outside for row in matchback(store, version, first=first, end=end) if row.outside}


def impact(store: IndexStore, version: int) -> set[int]:
    """Every version that was made from this one, itself not included."""
    return {number(row[0]) for row in store.rows("impact", version)} - {version}


class InputUse(Struct, frozen=True):
    """One input of one step."""

    step: int
    version: int
    role: InputRole
    maps: str | None


class Subgraph:
    """What lies behind versions, read once for all that are asked about: one recursive statement and one for each kind of edge."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store
        self._starts: set[int] = set()
        self.steps_of: dict[int, list[int]] = {}
        self.extents: dict[int, Row] = {}
        self.used: dict[int, list[InputUse]] = {}
        self.members: dict[int, list[int]] = {}
        self.twins: dict[int, list[int]] = {}
        self.holders: dict[int, list[tuple[int, int]]] = {}
        self.kin: dict[int, dict[int, tuple[FrameMap, ...]]] = {}
        """Versions of which some frames, or which as one frame, are by their bytes frames of a version, and which."""
        self._in_common: dict[tuple[int, int], tuple[FrameMap, ...]] = {}
        self._kinds: dict[int, StepKind] = {}

    def load(self, versions: Iterable[int]) -> None:
        """Read what is behind *versions*; what was read before is not read again."""
        starts = set(versions) - self._starts
        if not starts:
            return
        self._starts |= starts
        met: dict[int, list[int]] = {}
        for row in self._store.rows("closure_of", ids_text(sorted(starts))):
            made = met.setdefault(number(row[0]), [])
            if row[1] is not None:
                made.append(number(row[1]))
        # The steps that claim a version, its twins and its members do not depend on where one started from.
        new = {version: steps for version, steps in met.items() if version not in self.steps_of}
        self.steps_of |= new
        self._load_steps({step for steps in new.values() for step in steps} - self.used.keys())
        self._load_names(ids_text(new))

    def _load_steps(self, steps: set[int]) -> None:
        self.used |= {step: [] for step in steps}
        for step, source, role, _, maps in self._store.rows("inputs_of_steps", ids_text(sorted(steps))):
            use = InputUse(number(step), number(source), ROLES[number(role)], maps if isinstance(maps, str) else None)
            self.used[use.step].append(use)

    def _load_names(self, listed: str) -> None:
        self.extents |= {number(row[0]): row for row in self._store.rows("extents", listed)}
        for row in self._store.rows("members_of", listed):
            self.members.setdefault(number(row[0]), []).append(number(row[1]))
        for row in self._store.rows("twins", listed):
            if row[2] is not None or row[4]:
                self.twins.setdefault(number(row[0]), []).append(number(row[1]))
        for row in self._store.rows("frame_copies", listed):
            self.holders.setdefault(number(row[0]), []).append((number(row[1]), number(row[2])))
        for asked, content, other, its in self._store.rows("sequence_kin", listed):
            pair = number(content), number(its)
            if pair not in self._in_common:
                self._in_common[pair] = shared_frames(self._store, *pair)
            self.kin.setdefault(number(asked), {})[number(other)] = self._in_common[pair]
        for asked, file, frame in self._store.rows("frame_files", listed):
            files = self.kin.setdefault(number(asked), {})
            one = FrameMap("any", number(frame), number(frame) + 1, START, END)
            files[number(file)] = (*files.get(number(file), ()), one)

    def kind(self, step: int) -> StepKind:
        """What kind of making a step is."""
        if step not in self._kinds:
            for row in self._store.rows("making_of_steps", ids_text(sorted(self.used.keys() - self._kinds.keys()))):
                self._kinds[number(row[0])] = StepKind(text(row[1]))
        return self._kinds[step]

    def closure(self, version: int) -> list[LineageRow]:
        """See `closure`."""
        return self._behind(version).rows()

    def matchback(self, version: int, *, first: int, end: int) -> list[LineageRow]:
        """See `matchback`."""
        return self._behind(version).rows_for_frames(first, end)

    def _behind(self, version: int) -> "_Behind":
        self.load([version])
        return _Behind(self, version)


class UndoneSubgraph(Subgraph):
    """The same as if no step had been taken back: beside what stands, what was once said of how versions were made."""

    def load(self, versions: Iterable[int]) -> None:
        """See `Subgraph.load`."""
        wanted = set(versions)
        while wanted:
            known = set(self.steps_of)
            super().load(wanted)
            met = self.steps_of.keys() - known
            made: dict[int, list[int]] = {}
            for version, step in self._store.rows("withdrawn_steps", ids_text(sorted(met))):
                made.setdefault(number(step), []).append(number(version))
            self.used |= {step: [] for step in made if step not in self.used}
            for step, versions_of in made.items():
                for version in versions_of:
                    self.steps_of[version] = [*self.steps_of[version], step]
            wanted = set()
            for step, source, role, maps in self._store.rows("withdrawn_inputs", ids_text(sorted(made))):
                use = InputUse(
                    number(step), number(source), ROLES[number(role)], maps if isinstance(maps, str) else None
                )
                if use not in self.used[use.step]:
                    self.used[use.step].append(use)
                wanted |= {use.version} - self.steps_of.keys()


def has_withdrawn(store: IndexStore, versions: Iterable[int]) -> bool:
    """Whether any step that had made one of *versions* was taken back."""
    return bool(store.rows("withdrawn_steps", ids_text(versions)))


class _Behind:
    """A walk from one version over what lies behind it."""

    def __init__(self, graph: Subgraph, version: int) -> None:
        self._graph, self._start = graph, version
        self._outside: dict[int, Ranges] = {}

    def rows(self) -> list[LineageRow]:
        """Everything behind the version."""
        return self._walked(self._next)

    def rows_for_frames(self, first: int, end: int) -> list[LineageRow]:
        """What some frames need, by ways that these frames take."""
        asked = self._asked(first, end)

        def steps_down(row: LineageRow) -> list[LineageRow]:
            return [one for one, _ in self._needs(row.version, asked[row.version])]

        rows = self._walked(steps_down)
        return [
            replace(row, frames=self._shown(row.version, asked), outside=self._outside.get(row.version, ()))
            for row in rows
        ]

    def _walked(self, steps_down: Callable[[LineageRow], list[LineageRow]]) -> list[LineageRow]:
        """Each version once, by the fewest steps: the same content, and what it is a frame of, are other names and stay at their depth."""
        found = {self._start: LineageRow(0, self._start, self._own(self._start))}
        level, depth = [self._start], 0
        while level:
            deeper: list[LineageRow] = []
            for version in level:
                for one in steps_down(found[version]):
                    if one.relation in ("input", "member", "same-frames"):
                        deeper.append(one)
                    elif one.version not in found:
                        found[one.version] = replace(one, depth=depth)
                        level.append(one.version)
            level, depth = [], depth + 1
            for one in deeper:
                if one.version not in found:
                    found[one.version] = replace(one, depth=depth)
                    level.append(one.version)
        return list(found.values())

    def _asked(self, first: int, end: int) -> dict[int, Ranges]:
        """Which frames of every version are needed, widened until nothing changes; shifts in a circle end at a version's extent."""
        asked: dict[int, Ranges] = {self._start: ((first, end),)}
        self._note_own_outside(first, end)
        queue = deque([self._start])
        while queue:
            current = queue.popleft()
            for row, ranges in self._needs(current, asked[current]):
                before = asked.setdefault(row.version, ())
                after = united([*before, *inside(ranges, self._extent(row.version))])
                if after != before:
                    asked[row.version] = after
                    queue.append(row.version)
        return asked

    def _note_own_outside(self, first: int, end: int) -> None:
        source = self._extent(self._start)
        if source.first is not None:
            self._note_outside(self._start, absent([(first, end)], source, self._holes(self._start)))

    def _note_outside(self, version: int, ranges: Sequence[tuple[int, int]]) -> None:
        if ranges:
            self._outside[version] = united([*self._outside.get(version, ()), *ranges])

    def _holes(self, version: int) -> list[tuple[int, int]]:
        holes = self._graph.extents[version][6]
        return msgspec.json.decode(holes, type=list[tuple[int, int]]) if isinstance(holes, str) else []

    def _shown(self, version: int, asked: dict[int, Ranges]) -> Ranges:
        return asked[version] if self._extent(version).first is not None else ()

    def _own(self, version: int) -> int | None:
        return cast("int | None", self._graph.extents[version][1])

    def _extent(self, version: int) -> Extent:
        _, _, first, end, clock, rate, _ = self._graph.extents[version]
        return Extent(cast("int | None", first), cast("int | None", end), number(clock), text(rate))

    def _uses(self, version: int) -> list[InputUse]:
        return [use for step in self._graph.steps_of.get(version, []) for use in self._graph.used.get(step, [])]

    def _next(self, row: LineageRow) -> list[LineageRow]:
        """Steps down from a version; depths are the walk's."""
        version = row.version
        return [self._row(use, version) for use in self._uses(version)] + self._other_names(version)

    def _row(self, use: InputUse, through: int) -> LineageRow:
        return LineageRow(0, use.version, self._own(use.version), "input", use.role, use.step, through)

    def _other_names(self, version: int) -> list[LineageRow]:
        """The same bytes as another version or as a frame of one, frames in common with one, and the members of a set."""
        found = [
            LineageRow(0, twin, self._own(twin), "same-content", None, None, version)
            for twin in self._graph.twins.get(version, [])
        ]
        found += [
            LineageRow(0, holder, self._own(holder), "frame-of", None, None, version, ((frame, frame + 1),))
            for holder, frame in self._graph.holders.get(version, [])
        ]
        found += [
            LineageRow(0, other, self._own(other), "same-frames", None, None, version)
            for other in self._graph.kin.get(version, ())
        ]
        return found + [
            LineageRow(0, member, self._own(member), "member", None, None, version)
            for member in self._graph.members.get(version, [])
        ]

    def _needs(self, version: int, asked: Ranges) -> list[tuple[LineageRow, list[tuple[int, int]]]]:
        found: list[tuple[LineageRow, list[tuple[int, int]]]] = []
        output = self._extent(version)
        for use in self._uses(version):
            source = self._extent(use.version)
            maps = msgspec.json.decode(use.maps, type=tuple[FrameMap, ...]) if use.maps is not None else ()
            keeps_time = self._graph.kind(use.step) not in MOVES_TIME and use.role in _FRAME_BY_FRAME
            ranges = [
                one for first, end in asked for one in needed(output, source, maps, first, end, keeps_time=keeps_time)
            ]
            if ranges:
                found.append((self._row(use, version), ranges))
            if use.role.carries_origin:
                lacks = [
                    one
                    for first, end in asked
                    for one in lacking_frames(
                        output, source, self._holes(use.version), maps, first, end, keeps_time=keeps_time
                    )
                ]
                self._note_outside(use.version, lacks)
        for row in self._other_names(version) if asked else ():
            if row.relation == "same-frames":
                maps, source = self._graph.kin[version][row.version], self._extent(row.version)
                ranges = [one for span in asked for one in needed(output, source, maps, *span, keeps_time=False)]
                found += [(row, ranges)] if ranges else []
                continue
            source = self._extent(row.version)
            is_alike = row.relation == "same-content" and (output.first, output.end) == (source.first, source.end)
            found.append((row, list(row.frames or (asked if is_alike else ((source.low, source.high),)))))
        return found


def united(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for first, end in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return tuple(found)
