"""What accounts need to know of every version behind the asked ones: gathered once each, a frontier of ids at a time.

One statement for each generation of ancestors instead of one recursive statement: each version is read once, whatever the
number of ways that lead to it (docs/decisions/0007-index.md has the measurements).
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from struct import unpack
from typing import TypeAlias, cast

import msgspec
from msgspec import Struct

from edgecode.events.kinds import FrameMap
from edgecode.index.alignment import NO_FRAMES, Extent, Frames
from edgecode.index.circles import circles
from edgecode.index.rows import ids_text, number, text
from edgecode.index.steps import CLOSER, LOOSE
from edgecode.index.store import IndexStore, Row
from edgecode.terms.evidence import AiUse
from edgecode.terms.origins import Account
from edgecode.terms.steps import InputRole, StepKind

Node: TypeAlias = tuple[
    int,
    int | None,
    int | None,
    int,
    str | None,
    str,
    int,
    int | None,
    int,
    int | None,
    int | None,
    bytes | None,
    int | None,
]
"""A row of the query ``making``: version, first, end, clock, holes, rate, seen, content, others, step, account, followed, look."""

_ROLES = tuple(InputRole)
_KINDS = {kind.value: kind for kind in StepKind}
_frame_maps = msgspec.json.Decoder(tuple[FrameMap, ...]).decode


class StepDetail(Struct, frozen=True):
    """A step as its account needs it: what it adds itself, its followed inputs with roles and frame maps, a vendor's words."""

    kind: StepKind
    account: Account
    covers: tuple[tuple[int, int], ...] | None
    origins: str
    inputs: tuple[tuple[int, InputRole, tuple[FrameMap, ...]], ...]


class Making:
    """Versions, their steps and what else explains them. *nodes* are rows of the query ``making``, by dense id.

    *plain*: what the step of a version adds, where nothing calls for a closer look; *loose*: those that need each input whole.
    *followed*: inputs of its step. *frames*: frame numbers of every version.
    """

    def __init__(self, store: IndexStore) -> None:
        self._store = store
        self.nodes: dict[int, Node] = {}
        self.plain: dict[int, Account] = {}
        self.loose: set[int] = set()
        self.frames: dict[int, Frames] = {}
        self._alike: dict[Frames, Frames] = {NO_FRAMES: NO_FRAMES}
        self.followed: dict[int, tuple[int, ...]] = {}
        self._others: dict[int, list[tuple[int, int]]] = {}
        self._twins: dict[int, tuple[int, ...]] = {}
        self._frames: dict[int, tuple[tuple[int, int], ...]] = {}
        self._answers: dict[int, tuple[StepKind, AiUse | None]] = {}
        self._stand_ins: dict[int, tuple[int, ...]] = {}
        self._details: dict[int, StepDetail] = {}

    def extent(self, version: int) -> Extent:
        """The frame numbers of a version."""
        node = self.nodes[version]
        return Extent(node[1], node[2], node[3], node[5])

    def holes(self, version: int) -> list[tuple[int, int]]:
        """Frames that a sequence lacks, as half open ranges."""
        holes = self.nodes[version][4]
        return msgspec.json.decode(holes, type=list[tuple[int, int]]) if holes is not None else []

    def step(self, version: int) -> int | None:
        """The step that stands as the maker."""
        return self.nodes[version][9]

    def others(self, version: int, *, explaining: bool = True) -> list[int]:
        """Further steps that claim to have made a version: those that explain it, or those that failed or brought it in."""
        return [step for step, rank in self._others.get(version, []) if (rank > 0) is explaining]

    def twins(self, version: int) -> tuple[int, ...]:
        """Versions of the same content with a step, for a version without one."""
        return self._twins.get(version, ())

    def frames_of(self, version: int) -> tuple[tuple[int, int], ...]:
        """(version, frame) of the sequences that hold these very bytes as a frame, for a version without a step."""
        return self._frames.get(version, ())

    def answer(self, version: int) -> tuple[StepKind, AiUse | None] | None:
        """The making that the latest answer in force declares, for a version without a step."""
        return self._answers.get(version)

    def was_seen(self, version: int) -> bool:
        """Whether the version's bytes were ever read, under this or another version's name."""
        return self.nodes[version][6] != 0 or bool(self._stand_ins.get(version) or self._frames.get(version))

    def detail(self, step: int) -> StepDetail:
        """A step's own account and inputs, read when first needed."""
        if step not in self._details:
            self.read_details([step])
        return self._details[step]

    def needs(self, version: int) -> list[int]:
        """Versions whose accounts this one's account is made of."""
        needed = list(self.followed.get(version, ()))
        for step, _ in self._others.get(version, ()):
            needed += [source for source, _, _ in self.detail(step).inputs]
        needed += self._twins.get(version, ())
        needed += [source for source, _ in self._frames.get(version, ())]
        return needed

    def read_details(self, steps: Sequence[int]) -> None:
        """Read several steps at once."""
        listed = ids_text(steps)
        inputs: dict[int, list[tuple[int, InputRole, tuple[FrameMap, ...]]]] = {step: [] for step in steps}
        used = cast("list[tuple[int, int, int, str | None]]", self._store.rows("followed_inputs", listed))
        for step, source, role, maps in used:
            inputs[step].append((source, _ROLES[role], _frame_maps(maps) if maps is not None else ()))
        rows = cast("list[tuple[int, str, int, str | None, str]]", self._store.rows("making_of_steps", listed))
        for step, kind, account, covers, origins in rows:
            pairs = msgspec.json.decode(covers, type=tuple[tuple[int, int], ...]) if covers is not None else None
            self._details[step] = StepDetail(_KINDS[kind], account, pairs, origins, tuple(inputs[step]))

    def read(self, frontier: Iterable[int]) -> set[int]:
        """Read these versions and what explains them; returns the versions that are needed next."""
        wanted: set[int] = set()
        stepless, contested, slow = [], [], []
        for row in cast("list[Node]", self._store.rows("making", ids_text(frontier))):
            version, first, end, clock, holes, _, _, _, others, step, account, packed, look = row
            self.nodes[version] = row
            extent = (first, end, clock)
            self.frames[version] = self._alike.setdefault(extent, extent)
            if others:
                contested.append(version)
            if step is None or packed is None or account is None:
                stepless.append(version)
                continue
            inputs = unpack(f"<{len(packed) // 4}i", packed)
            self.followed[version] = inputs
            wanted.update(inputs)
            if look == CLOSER:
                slow.append(step)
            elif not others and holes is None:
                self.plain[version] = account
                if look == LOOSE:
                    self.loose.add(version)
        self.read_details(slow)
        wanted |= self._read_others(contested)
        wanted |= self._read_explanations(stepless)
        return wanted - self.nodes.keys()

    def cut_circles(self) -> None:
        """Nothing explains itself: content that is explained only through its own offspring is not explained."""
        for members in circles([*self._twins, *self._frames], self.needs):
            for version in members:
                self._twins[version] = tuple(twin for twin in self.twins(version) if twin not in members)
                self._frames[version] = tuple(one for one in self.frames_of(version) if one[0] not in members)

    def _read_others(self, versions: list[int]) -> set[int]:
        if not versions:
            return set()
        for version, step, rank in self._store.rows("other_producers", ids_text(versions)):
            self._others.setdefault(number(version), []).append((number(step), number(rank)))
        steps = sorted({step for version in versions for step, _ in self._others.get(version, [])})
        self.read_details(steps)
        return {source for step in steps for source, _, _ in self._details[step].inputs}

    def _read_explanations(self, versions: list[int]) -> set[int]:
        if not versions:
            return set()
        alike: dict[int, list[Row]] = {}
        for row in self._store.rows("twins", ids_text(versions)):
            alike.setdefault(number(row[0]), []).append(row)
        for version, rows in alike.items():
            made = tuple(number(twin) for _, twin, step, _ in rows if step is not None)
            if made:
                self._twins[version] = made
            if self.nodes[version][6] == 0:
                self._stand_ins[version] = tuple(number(twin) for _, twin, _, seen in rows if seen)
        self._read_answers(versions)
        for asked, holder, frame in self._store.rows("frame_copies", ids_text(versions)):
            self._frames[number(asked)] = (*self.frames_of(number(asked)), (number(holder), number(frame)))
        needed = {twin for version in versions for twin in self.twins(version)}
        return needed | {holder for version in versions for holder, _ in self.frames_of(version)}

    def _read_answers(self, versions: list[int]) -> None:
        named = {version: (version, *self._stand_ins.get(version, ())) for version in versions}
        declared: dict[int, tuple[StepKind, AiUse | None]] = {}
        asked = ids_text({candidate for one in named.values() for candidate in one})
        for row_version, kind, ai, _ in self._store.rows("answered_versions", asked):
            declared[number(row_version)] = (StepKind(text(kind)), AiUse(text(ai)) if ai is not None else None)
        for version, candidates in named.items():
            said = [declared[candidate] for candidate in candidates if candidate in declared]
            if said:
                self._answers[version] = said[0]


def gather(store: IndexStore, versions: Sequence[int]) -> Making:
    """Everything behind *versions* that coverage follows, read once."""
    made = Making(store)
    frontier = set(versions)
    with _only_growing():
        while frontier:
            frontier = made.read(frontier)
    made.cut_circles()
    return made


@contextmanager
def _only_growing() -> Iterator[None]:
    """While a hundred thousand rows are kept and none is let go, looking for garbage costs a third of the time and finds none."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()
