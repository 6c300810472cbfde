"""What a version was made from and what was made from it, exactly: an answer here is whole or it fails, it is never cut short.

The ancestors of a version are the inputs of the steps behind it, never the other outputs of these steps; downwards, every
output of a step derives from each of its inputs.
"""

from collections import deque
from collections.abc import Callable
from typing import Literal, TypeAlias, cast

from msgspec import Struct
from msgspec.structs import replace

from edgecode.index.alignment import Extent, needed
from edgecode.index.catalogue import StepRow, steps
from edgecode.index.rows import ids_text, number, text
from edgecode.index.steps import MOVES_TIME
from edgecode.index.store import IndexStore
from edgecode.terms.steps import InputRole

Ranges: TypeAlias = tuple[tuple[int, int], ...]
Relation = Literal["asked", "input", "same-content", "frame-of", "member"]


class LineageRow(Struct, frozen=True):
    """One version behind the asked one. *depth*: steps between them, the fewest. *step*: who made it, None when nobody knows.

    *relation* and *role*: how the version was reached, from *user* (the step that used it, or None for content and members).
    *through*: the version on the way down to the asked one. *frames*: frames of it that are needed, half open ranges; empty
    where all of it counts or no frames were asked for.
    """

    depth: int
    version: int
    step: int | None
    relation: Relation = "asked"
    role: InputRole | None = None
    user: int | None = None
    through: int | None = None
    frames: Ranges = ()


def closure(store: IndexStore, version: int) -> list[LineageRow]:
    """Everything *version* was made from, the version first, each version once, by depth and then in recorded order."""
    return _Behind(store, version).rows()


def matchback(store: IndexStore, version: int, *, first: int, end: int) -> list[LineageRow]:
    """The same for frames *first* up to *end* of the version: only what these frames need, and which frames of it.

    Without a frame map the rules of `index.alignment` hold. It may name too much for a frame, never too little.
    """
    return _Behind(store, version).rows_for_frames(first, end)


def impact(store: IndexStore, version: int) -> set[int]:
    """Every version that was made from this one, itself not included."""
    return {number(row[0]) for row in store.rows("impact", version)} - {version}


class _Behind:
    """The subgraph behind one version, read in three statements."""

    def __init__(self, store: IndexStore, version: int) -> None:
        self._start = version
        pairs = store.rows("closure", version)
        self.steps_of: dict[int, list[int]] = {}
        for row in pairs:
            made = self.steps_of.setdefault(number(row[0]), [])
            if row[1] is not None:
                made.append(number(row[1]))
        self.steps = steps(store, sorted({step for made in self.steps_of.values() for step in made}))
        listed = ids_text(self.steps_of)
        self.own = {number(row[0]): cast("int | None", row[1]) for row in store.rows("extents", listed)}
        self.extents = {
            number(row[0]): Extent(cast("int | None", row[2]), cast("int | None", row[3]), number(row[4]), text(row[5]))
            for row in store.rows("extents", listed)
        }
        self.members: dict[int, list[int]] = {}
        for row in store.rows("members_of", listed):
            self.members.setdefault(number(row[0]), []).append(number(row[1]))
        stepless = [one for one, step in self.own.items() if step is None]
        self.twins: dict[int, list[int]] = {}
        for row in store.rows("twins", ids_text(stepless)):
            if row[2] is not None:
                self.twins.setdefault(number(row[0]), []).append(number(row[1]))
        self.holders: dict[int, list[tuple[int, int]]] = {}
        for row in store.rows("frame_copies", ids_text(stepless)):
            self.holders.setdefault(number(row[0]), []).append((number(row[1]), number(row[2])))

    def rows(self) -> list[LineageRow]:
        """Everything behind the version."""
        return self._walked(self._next)

    def rows_for_frames(self, first: int, end: int) -> list[LineageRow]:
        """What some frames need, by ways that these frames take."""
        asked = self._asked(first, end)

        def steps_down(row: LineageRow) -> list[LineageRow]:
            return [one for one, _ in self._needs(row.version, asked[row.version])]

        rows = self._walked(steps_down)
        return [replace(row, frames=self._shown(row.version, asked)) for row in rows]

    def _walked(self, steps_down: Callable[[LineageRow], list[LineageRow]]) -> list[LineageRow]:
        found = {self._start: LineageRow(0, self._start, self.own.get(self._start))}
        queue = deque([self._start])
        while queue:
            current = found[queue.popleft()]
            for one in steps_down(current):
                is_step = one.relation in ("input", "member")
                row = replace(one, depth=current.depth + is_step)
                if row.version not in found:
                    found[row.version] = row
                    (queue.append if is_step else queue.appendleft)(row.version)
        return sorted(found.values(), key=lambda row: row.depth)

    def _asked(self, first: int, end: int) -> dict[int, Ranges]:
        """Which frames of every version are needed, widened until nothing changes; shifts in a circle end at a version's extent."""
        asked: dict[int, Ranges] = {self._start: ((first, end),)}
        queue = deque([self._start])
        while queue:
            current = queue.popleft()
            for row, ranges in self._needs(current, asked[current]):
                before = asked.get(row.version, ())
                after = _united([*before, *ranges])
                if after != before:
                    asked[row.version] = after
                    queue.append(row.version)
        return asked

    def _shown(self, version: int, asked: dict[int, Ranges]) -> Ranges:
        return asked[version] if self.extents[version].first is not None else ()

    def _next(self, row: LineageRow) -> list[LineageRow]:
        """Steps down from a version; depths are the walk's."""
        version = row.version
        found = [
            LineageRow(0, used.version, self.own.get(used.version), "input", used.role, step.id, version)
            for step in self._made_by(version)
            for used in step.inputs
        ]
        found += [
            LineageRow(0, twin, self.own.get(twin), "same-content", None, None, version)
            for twin in self.twins.get(version, [])
        ]
        found += [
            LineageRow(0, holder, self.own.get(holder), "frame-of", None, None, version, ((frame, frame + 1),))
            for holder, frame in self.holders.get(version, [])
        ]
        return found + [
            LineageRow(0, member, self.own.get(member), "member", None, None, version)
            for member in self.members.get(version, [])
        ]

    def _needs(self, version: int, asked: Ranges) -> list[tuple[LineageRow, list[tuple[int, int]]]]:
        found: list[tuple[LineageRow, list[tuple[int, int]]]] = []
        uses = {
            (step.id, used.version, used.role): (step, used) for step in self._made_by(version) for used in step.inputs
        }
        for row in self._next(LineageRow(0, version, None)):
            output, source = self.extents[version], self.extents[row.version]
            if row.relation != "input" or row.user is None or row.role is None:
                everything = [(source.low, source.high)]
                found.append((row, list(row.frames) or (list(asked) if row.relation == "same-content" else everything)))
                continue
            step, used = uses[row.user, row.version, row.role]
            keeps_time = step.kind not in MOVES_TIME and used.role in (
                InputRole.PICTURE,
                InputRole.SOUND,
                InputRole.CONTROL,
            )
            ranges = [
                one
                for first, end in asked
                for one in needed(output, source, used.frames, first, end, keeps_time=keeps_time)
            ]
            if ranges:
                found.append((row, ranges))
        return found

    def _made_by(self, version: int) -> list[StepRow]:
        return [self.steps[step] for step in self.steps_of.get(version, []) if step in self.steps]


def _united(ranges: list[tuple[int, int]]) -> Ranges:
    """Ranges in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for first, end in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return tuple(found)
