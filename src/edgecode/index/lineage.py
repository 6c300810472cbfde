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
from edgecode.index.rows import ids_text, number, text
from edgecode.index.steps import MOVES_TIME, ROLES
from edgecode.index.store import IndexStore
from edgecode.terms.steps import InputRole, StepKind

_FRAME_BY_FRAME = (InputRole.PICTURE, InputRole.SOUND, InputRole.CONTROL)
Ranges: TypeAlias = tuple[tuple[int, int], ...]
Relation = Literal["asked", "input", "same-content", "frame-of", "member"]


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
    return _Behind(store, version).rows()


def matchback(store: IndexStore, version: int, *, first: int, end: int) -> list[LineageRow]:
    """The same for frames *first* up to *end* of the version: only what these frames need, and which frames of it.

    Without a frame map the rules of `index.alignment` hold. It may name too much for a frame, never too little.
    """
    return _Behind(store, version).rows_for_frames(first, end)


def lacking(store: IndexStore, version: int, *, first: int, end: int) -> dict[int, Ranges]:
    """Which versions leave frames *first* up to *end* of a version `range-outside`, and by which frames that they do not have."""
    return {row.version: row.outside for row in matchback(store, version, first=first, end=end) if row.outside}


def impact(store: IndexStore, version: int) -> set[int]:
    """Every version that was made from this one, itself not included."""
    return {number(row[0]) for row in store.rows("impact", version)} - {version}


class _Use(Struct, frozen=True):
    """One input of one step."""

    step: int
    version: int
    role: InputRole
    maps: str | None


class _Behind:
    """The subgraph behind one version: the recursive statement, then one statement for each kind of edge."""

    def __init__(self, store: IndexStore, version: int) -> None:
        self._store, self._start = store, version
        self._steps_of: dict[int, list[int]] = {}
        for row in store.rows("closure", version):
            made = self._steps_of.setdefault(number(row[0]), [])
            if row[1] is not None:
                made.append(number(row[1]))
        listed = ids_text(self._steps_of)
        self._extents = {number(row[0]): row for row in store.rows("extents", listed)}
        self._used: dict[int, list[_Use]] = {}
        steps = ids_text(sorted({step for made in self._steps_of.values() for step in made}))
        for step, source, role, _, maps in store.rows("inputs_of_steps", steps):
            use = _Use(number(step), number(source), ROLES[number(role)], maps if isinstance(maps, str) else None)
            self._used.setdefault(use.step, []).append(use)
        self._members: dict[int, list[int]] = {}
        for row in store.rows("members_of", listed):
            self._members.setdefault(number(row[0]), []).append(number(row[1]))
        self._twins: dict[int, list[int]] = {}
        for row in store.rows("twins", listed):
            if row[2] is not None or row[4]:
                self._twins.setdefault(number(row[0]), []).append(number(row[1]))
        self._holders: dict[int, list[tuple[int, int]]] = {}
        for row in store.rows("frame_copies", listed):
            self._holders.setdefault(number(row[0]), []).append((number(row[1]), number(row[2])))
        self._kinds: dict[int, StepKind] = {}
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
        """Each version once, by the fewest steps: content and frames are other names, not steps, and stay at their depth."""
        found = {self._start: LineageRow(0, self._start, self._own(self._start))}
        level, depth = [self._start], 0
        while level:
            deeper: list[LineageRow] = []
            for version in level:
                for one in steps_down(found[version]):
                    if one.relation in ("input", "member"):
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
        holes = self._extents[version][6]
        return msgspec.json.decode(holes, type=list[tuple[int, int]]) if isinstance(holes, str) else []

    def _shown(self, version: int, asked: dict[int, Ranges]) -> Ranges:
        return asked[version] if self._extent(version).first is not None else ()

    def _own(self, version: int) -> int | None:
        return cast("int | None", self._extents[version][1])

    def _extent(self, version: int) -> Extent:
        _, _, first, end, clock, rate, _ = self._extents[version]
        return Extent(cast("int | None", first), cast("int | None", end), number(clock), text(rate))

    def _kind(self, step: int) -> StepKind:
        if not self._kinds:
            for row in self._store.rows("making_of_steps", ids_text(self._used)):
                self._kinds[number(row[0])] = StepKind(text(row[1]))
        return self._kinds[step]

    def _uses(self, version: int) -> list[_Use]:
        return [use for step in self._steps_of.get(version, []) for use in self._used.get(step, [])]

    def _next(self, row: LineageRow) -> list[LineageRow]:
        """Steps down from a version; depths are the walk's."""
        version = row.version
        return [self._row(use, version) for use in self._uses(version)] + self._other_names(version)

    def _row(self, use: _Use, through: int) -> LineageRow:
        return LineageRow(0, use.version, self._own(use.version), "input", use.role, use.step, through)

    def _other_names(self, version: int) -> list[LineageRow]:
        """The same bytes as another version or as a frame of one, and the members of a set."""
        found = [
            LineageRow(0, twin, self._own(twin), "same-content", None, None, version)
            for twin in self._twins.get(version, [])
        ]
        found += [
            LineageRow(0, holder, self._own(holder), "frame-of", None, None, version, ((frame, frame + 1),))
            for holder, frame in self._holders.get(version, [])
        ]
        return found + [
            LineageRow(0, member, self._own(member), "member", None, None, version)
            for member in self._members.get(version, [])
        ]

    def _needs(self, version: int, asked: Ranges) -> list[tuple[LineageRow, list[tuple[int, int]]]]:
        found: list[tuple[LineageRow, list[tuple[int, int]]]] = []
        output = self._extent(version)
        for use in self._uses(version):
            source = self._extent(use.version)
            maps = msgspec.json.decode(use.maps, type=tuple[FrameMap, ...]) if use.maps is not None else ()
            keeps_time = self._kind(use.step) not in MOVES_TIME and use.role in _FRAME_BY_FRAME
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
