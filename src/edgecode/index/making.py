"""What accounts need to know of every version behind the asked ones: gathered once each, a frontier of ids at a time.

One statement for each generation of ancestors instead of one recursive statement: each version is read once, whatever the
number of ways that lead to it (docs/decisions/0007-index.md has the measurements).
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from struct import unpack
from typing import Literal, NamedTuple, TypeAlias, cast

import msgspec
from msgspec import Struct

from edgecode.events.kinds import FrameMap
from edgecode.index.alignment import NO_FRAMES, Extent, Frames
from edgecode.index.circles import circles
from edgecode.index.rows import ids_text, number, text
from edgecode.index.steps import ASIDE, CLOSER, LOOSE
from edgecode.index.store import IndexStore
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
    bytes | None,
    int,
]
"""A row of the query ``making``: version, first, end, clock, holes, rate, seen, content, others, step, account, followed, look, aside,
what else speaks of its bytes."""

SAME, FRAME_OF, FRAMES, ANSWERED = 1, 2, 4, 8
"""What else speaks of a version's bytes: versions of the same content, sequences, files that are frames of it, answers."""

_ROLES = tuple(InputRole)
_FOLLOWED = frozenset(role for role in InputRole if role.carries_origin)
_KINDS = {kind.value: kind for kind in StepKind}
_frame_maps = msgspec.json.Decoder(tuple[FrameMap, ...]).decode


class StepDetail(Struct, frozen=True):
    """A step as its account needs it: what it adds itself, its followed inputs with roles and frame maps, the frames it covers.

    *ai*: what it says itself. *aside*: control and tool inputs. *has_models*: it names weights or training material.
    """

    kind: StepKind
    account: Account
    covers: tuple[tuple[int, int], ...] | None
    origins: str
    ai: AiUse | None
    inputs: tuple[tuple[int, InputRole, tuple[FrameMap, ...]], ...]
    aside: tuple[int, ...] = ()
    has_models: bool = False


class Record(NamedTuple):
    """A step that speaks of a version's bytes. *producer*: the version that it made; *explains*: it is done and no import.

    *relation*: ``same``: the producer is the version or has the same content; ``frame-of``: the version is *frame* of the producer;
    ``frame``: the producer is *frame* of the version.
    """

    step: int
    explains: bool
    producer: int
    relation: Literal["same", "frame-of", "frame"] = "same"
    frame: int = 0


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
        self.aside: dict[int, tuple[int, ...]] = {}
        self._others: dict[int, list[tuple[int, int]]] = {}
        self._twins: dict[int, tuple[int, ...]] = {}
        self._frames: dict[int, tuple[tuple[int, int], ...]] = {}
        self._answers: dict[int, tuple[StepKind, AiUse | None]] = {}
        self._stand_ins: dict[int, tuple[int, ...]] = {}
        self._files: dict[int, tuple[tuple[int, int], ...]] = {}
        self._circles: dict[int, frozenset[int]] = {}
        self._spoken: set[int] = set()
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
        """Other versions of the same content that have a step."""
        return tuple(twin for twin in self._twins.get(version, ()) if self.nodes[twin][9] is not None)

    def frames_of(self, version: int) -> tuple[tuple[int, int], ...]:
        """(version, frame) of the sequences that hold these very bytes as a frame."""
        return self._frames.get(version, ())

    def answer(self, version: int) -> tuple[StepKind, AiUse | None] | None:
        """The making that the latest answer in force declares: of the version, for one that was never seen of its content, or of a
        sequence that holds it as a frame."""
        holders = (holder for holder, _ in self.frames_of(version))
        for one in (version, *self._stand_ins.get(version, ()), *holders):
            if one in self._answers:
                return self._answers[one]
        return None

    def answers(self, version: int) -> list[tuple[StepKind, AiUse | None]]:
        """Every making that answers in force declare of these bytes, under whatever name."""
        return [self._answers[one] for one in self._other_names(version) if one in self._answers]

    def _other_names(self, version: int) -> Iterator[int]:
        yield version
        yield from self._twins.get(version, ())
        yield from (holder for holder, _ in self.frames_of(version))

    def records(self, version: int) -> list[Record]:
        """Every step that speaks of the version's bytes, by step: of itself, of its content, of frames that are the same bytes."""
        found = {
            Record(step, explains, maker)
            for maker in (version, *self._twins.get(version, ()))
            for step, explains in self._steps_of(maker)
        }
        found |= {
            Record(step, explains, holder, "frame-of", frame)
            for holder, frame in self.frames_of(version)
            for step, explains in self._steps_of(holder)
        }
        found |= {
            Record(step, explains, file, "frame", frame)
            for file, frame in self._files.get(version, ())
            for step, explains in self._steps_of(file)
        }
        return sorted(found)

    def _steps_of(self, version: int) -> Iterator[tuple[int, bool]]:
        step = self.nodes[version][9]
        if step is not None:
            yield step, True
        yield from ((step, rank > 0) for step, rank in self._others.get(version, ()))

    def is_explained(self, version: int) -> bool:
        """Whether a recorded step accounts for the version, and not for some of its frames alone; a vendor's return always does."""
        for record in self.records(version):
            detail = self.detail(record.step)
            if (
                record.explains
                and record.relation != "frame"
                and not (detail.covers and detail.kind is not StepKind.VENDOR)
            ):
                return True
        return False

    def is_spoken_of(self, version: int) -> bool:
        """Whether anything but one step of its own may speak of the version's bytes."""
        node = self.nodes[version]
        return bool(node[8] or node[14])

    def circle(self, version: int) -> frozenset[int]:
        """The versions that rest on each other with this one by what is known of equal bytes; empty for nearly all."""
        return self._circles.get(version, frozenset())

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
        if not self.is_spoken_of(version):
            return [*self.followed.get(version, ()), *self.aside.get(version, ())]
        details = [self.detail(record.step) for record in self.records(version)]
        return [source for one in details for source in (*(used for used, _, _ in one.inputs), *one.aside)]

    def read_details(self, steps: Sequence[int]) -> None:
        """Read several steps at once."""
        listed = ids_text(steps)
        inputs: dict[int, list[tuple[int, InputRole, tuple[FrameMap, ...]]]] = {step: [] for step in steps}
        used = cast("list[tuple[int, int, int, str | None]]", self._store.rows("inputs_for_accounts", listed))
        for step, source, role, maps in used:
            inputs[step].append((source, _ROLES[role], _frame_maps(maps) if maps is not None else ()))
        rows = cast(
            "list[tuple[int, str, int, str | None, str, str | None]]", self._store.rows("making_of_steps", listed)
        )
        for step, kind, account, covers, origins, ai in rows:
            pairs = msgspec.json.decode(covers, type=tuple[tuple[int, int], ...]) if covers is not None else None
            everything = inputs[step]
            self._details[step] = StepDetail(
                _KINDS[kind],
                account,
                pairs,
                origins,
                AiUse(ai) if ai is not None else None,
                tuple(one for one in everything if one[1] in _FOLLOWED),
                tuple(source for source, role, _ in everything if role in ASIDE),
                any(role in (InputRole.WEIGHTS, InputRole.TRAINING) for _, role, _ in everything),
            )

    def read(self, frontier: Iterable[int]) -> set[int]:
        """Read these versions and what explains them; returns the versions that are needed next."""
        wanted: set[int] = set()
        contested, shared, answered, slow = [], [], [], []
        for row in cast("list[Node]", self._store.rows("making", ids_text(frontier))):
            version, first, end, clock, holes, _, _, _, others, step, account, packed, look, aside, spoken = row
            self.nodes[version] = row
            extent = (first, end, clock)
            self.frames[version] = self._alike.setdefault(extent, extent)
            if others:
                contested.append(version)
            if spoken:
                shared.append(version)
            if step is None or packed is None or account is None:
                answered.append(version)
                continue
            inputs = unpack(f"<{len(packed) // 4}i", packed)
            self.followed[version] = inputs
            wanted.update(inputs)
            if aside:
                wanted.update(self._set_aside(version, aside))
            if look == CLOSER:
                slow.append(step)
            elif not others and not spoken and holes is None:
                self.plain[version] = account
                if look == LOOSE:
                    self.loose.add(version)
        self._spoken.update(contested, shared)
        self.read_details(slow)
        wanted |= self._read_others(contested)
        wanted |= self._read_equals(shared)
        self._read_answers([*answered, *shared])
        return wanted - self.nodes.keys()

    def find_circles(self) -> None:
        """Where equal bytes close a circle (a file and its own copy), the accounts of its members must be found together."""
        steps = {record.step for version in self._spoken for record in self.records(version)}
        self.read_details(sorted(steps - self._details.keys()))
        for members in circles([*self._twins, *self._frames, *self._files], self.needs):
            for version in members:
                self._circles[version] = members
        for version in {*self._twins, *self._frames, *self._files} - self._circles.keys():
            if version in self.needs(version):
                self._circles[version] = frozenset({version})
        for version in self._circles:
            self.plain.pop(version, None)

    def _set_aside(self, version: int, packed: bytes) -> tuple[int, ...]:
        self.aside[version] = unpack(f"<{len(packed) // 4}i", packed)
        return self.aside[version]

    def _read_others(self, versions: list[int]) -> set[int]:
        if not versions:
            return set()
        for version, step, rank in self._store.rows("other_producers", ids_text(versions)):
            self._others.setdefault(number(version), []).append((number(step), number(rank)))
        steps = sorted({step for version in versions for step, _ in self._others.get(version, [])})
        self.read_details(steps)
        return {source for step in steps for source in self._inputs(step)}

    def _inputs(self, step: int) -> list[int]:
        detail = self._details[step]
        return [*(source for source, _, _ in detail.inputs), *detail.aside]

    def _read_equals(self, versions: list[int]) -> set[int]:
        """Other names of the same bytes: whatever is recorded of them speaks of these versions as well."""
        found: set[int] = set()
        listed = {flag: ids_text(v for v in versions if self.nodes[v][14] & flag) for flag in (SAME, FRAME_OF, FRAMES)}
        for asked, twin, _, seen, _ in self._store.rows("twins", listed[SAME]):
            version = number(asked)
            self._twins[version] = (*self._twins.get(version, ()), number(twin))
            if self.nodes[version][6] == 0 and seen:
                self._stand_ins[version] = (*self._stand_ins.get(version, ()), number(twin))
            found.add(number(twin))
        for known, query, flag in ((self._frames, "frame_copies", FRAME_OF), (self._files, "framed_files", FRAMES)):
            for asked, other, frame in self._store.rows(query, listed[flag]):
                known[number(asked)] = (*known.get(number(asked), ()), (number(other), number(frame)))
                found.add(number(other))
        return found

    def _read_answers(self, versions: list[int]) -> None:
        named = {one for version in versions for one in self._other_names(version)}
        for version, kind, ai, _ in self._store.rows("answered_versions", ids_text(named)) if named else ():
            self._answers[number(version)] = (StepKind(text(kind)), AiUse(text(ai)) if ai is not None else None)


def gather(store: IndexStore, versions: Sequence[int]) -> Making:
    """Everything behind *versions* that coverage follows, read once."""
    made = Making(store)
    frontier = set(versions)
    with only_growing():
        while frontier:
            frontier = made.read(frontier)
    made.find_circles()
    return made


@contextmanager
def only_growing() -> Iterator[None]:
    """While a hundred thousand rows are kept and none is let go, looking for garbage costs a third of the time and finds none."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()
