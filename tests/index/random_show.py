"""Random lineages with everything that makes lineage hard, and a second, plain way to say what each frame is made of.

The plain way knows no spans, no SQL and no order: for one version and one frame it asks what explains the version and walks. It is
written from docs/decisions/0007-index.md, not from the code that it checks.
"""

from dataclasses import dataclass, field
from random import Random

from edgecode.events.kinds import Event, FrameMap, SequenceSeen, StepInput, StepPerformed, VersionSeen
from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import (
    NEEDS_INPUTS,
    classes_of,
    contents_of,
    is_generated,
    origin,
    step_account,
    unaccounted,
    used,
    weakest_grade,
    without,
    without_grades,
)
from edgecode.terms.steps import InputRole, StepKind
from index.small_show import Show, digest

KINDS = tuple(StepKind)
FOLLOWED = (InputRole.PICTURE, InputRole.SOUND, InputRole.REFERENCE)
ASIDE = (InputRole.CONTROL, InputRole.TOOL)
WHOLE = None
OUTSIDE, DANGLING, OPEN = (
    unaccounted(one) for one in (Reason.RANGE_OUTSIDE, Reason.DANGLING_PARENT, Reason.VENDOR_OPEN)
)
NO_STEP, AMBIGUOUS = unaccounted(Reason.NO_STEP), unaccounted(Reason.AMBIGUOUS)

COVERS = ((), ((1, 4), (5, 6)), ((1, 4), (5, 6)), ((4, 5),), ((0, 2), (4, 9)))
"""Frames that a vendor's return covers."""
ASIDE_OF_COVERS = 1 << 60
"""Marks, while a frame is worked out, that a return does not cover it."""


class RandomShow(Show):
    """A show that remembers what its sequences hold, so that later steps can claim single frames of them."""

    def __init__(self) -> None:
        super().__init__()
        self.contents: list[str] = []
        self.performed: list[RecordId] = []


def random_show(steps: int, seed: int, *, circles: bool = True) -> Show:
    """A show of so many steps: makers recorded late, several outputs, copies, placeholders, claims, maps, holes, answers, circles."""
    rnd, show = Random(seed), RandomShow()
    versions: list[RecordId] = []
    for number in range(steps):
        if number % 50 == 0:
            # A new sequence of shots: nothing older is used directly, so that closures stay as large as a shot's.
            del versions[: -rnd.choice((0, 1, 3))]
        outputs = [_output(rnd, show, versions, number) for _ in range(rnd.choice((1, 1, 1, 2, 3)))]
        pool = versions[-60:]
        inputs = [_input(rnd, show, rnd.choice(pool)) for _ in range(rnd.randint(0, 3)) if pool]
        if rnd.random() < 0.02:
            inputs.append(StepInput(show.new(), rnd.choice(FOLLOWED)))
        _step(rnd, show, outputs, inputs)
        versions += outputs
        if circles and versions and rnd.random() < 0.05:
            _step(rnd, show, [rnd.choice(versions[-30:])], [_input(rnd, show, rnd.choice(versions[-30:]))])
        if rnd.random() < 0.03:
            show.withdraw_step(rnd.choice(show.performed[-60:]))
        if rnd.random() < 0.05:
            answer = show.answer(
                rnd.choice((StepKind.CAMERA, StepKind.PAINT, StepKind.COMP)), rnd.sample(versions[-40:], 1)
            )
            if rnd.random() < 0.3:
                show.withdraw(answer)
    show.events = _shuffled_a_little(rnd, show.events)
    return show


def _output(rnd: Random, show: "RandomShow", versions: list[RecordId], number: int) -> RecordId:
    if rnd.random() < 0.1:
        return show.new()
    content = f"c{number}" if rnd.random() < 0.7 else f"c{rnd.randrange(max(0, number - 40), number + 1)}"
    if rnd.random() < 0.5:
        first = rnd.choice((1, 1, 1, 3, 5))
        last = first + rnd.choice((4, 5, 5, 7))
        missing = ((first + 2, first + 2),) if rnd.random() < 0.2 else ()
        show.contents.append(f"{content}-{first}-{last}-{missing}")
        return show.sequence(f"s{number}.", ".exr", first, last, missing=missing, content=show.contents[-1])
    if rnd.random() < 0.5:
        frames = rnd.choice((5, 6, 6, 8))
        return show.video(
            f"v{number}.mov", frames, rate=rnd.choice(("24/1", "24/1", "25/1")), content=f"{content}-{frames}"
        )
    return show.file(f"f{number}.png", content=content)


def _input(rnd: Random, show: Show, version: RecordId) -> StepInput:
    role = rnd.choices(tuple(InputRole), (60, 5, 5, 10, 10, 5, 5))[0]
    maps = []
    while rnd.random() < 0.2:
        kind, low = rnd.choice(("same", "window", "any")), rnd.randint(-2, 3)
        first = rnd.randint(0, 6)
        high = 0 if kind == "same" else low + rnd.randint(0, 3)
        maps.append(FrameMap(kind, first, first + rnd.randint(1, 6), low, high))  # type: ignore[arg-type]
    return StepInput(version, role, tuple(maps))


def _step(rnd: Random, show: "RandomShow", outputs: list[RecordId], inputs: list[StepInput]) -> None:
    more: dict[str, object] = {}
    kind = rnd.choice(KINDS)
    if kind is StepKind.VENDOR and rnd.random() < 0.7:
        more = {"covers": COVERS[int(rnd.random() * len(COVERS))], "origins": rnd.choice(("", "C", "CG"))}
    status = rnd.choices(("done", "failed", "unknown"), (94, 3, 3))[0]
    ai = rnd.choice((None, None, None, *AiUse))
    claimed = {
        one.version: digest(f"c{rnd.randrange(1 + len(show.events) // 3)}") for one in inputs if rnd.random() < 0.1
    }
    if claimed and rnd.random() < 0.7:
        claimed = {
            version: digest((rnd.choice(show.contents), rnd.randint(1, 8))) for version in claimed if show.contents
        }
    step = show.step(
        kind, outputs, inputs, grade=rnd.choice(tuple(Grade)), ai=ai, status=status, claimed=claimed, **more
    )
    show.performed.append(step)


def _shuffled_a_little(rnd: Random, events: list[Event]) -> list[Event]:  # type: ignore[type-arg]
    """Most events stay near their place, some come much later: makers after users, files after the steps that made them."""
    keys = [place + (rnd.expovariate(1 / 400) if rnd.random() < 0.2 else 0) for place in range(len(events))]
    order = sorted(range(len(events)), key=keys.__getitem__)
    moved = [events[place] for place in order]
    # A withdrawal of an answer that is not given yet is a problem, not an undoing: keep these two in order.
    given = {event.fact.answer for event in moved if event.TYPE == "answer.given/1"}  # type: ignore[attr-defined]
    late = [event for event in moved if event.TYPE == "answer.withdrawn/1" and event.fact.answer in given]  # type: ignore[attr-defined]
    # The same for steps; most of these stay near their place, right after what they take back.
    kept: list[Event] = []
    performed, waiting = set(), {}
    for event in moved:
        if event.TYPE == "step.withdrawn/1" and event.fact.step not in performed:  # type: ignore[attr-defined]
            waiting[event.fact.step] = event  # type: ignore[attr-defined]
            continue
        kept.append(event)
        if event.TYPE == "step.performed/1":
            performed.add(event.fact.step)  # type: ignore[attr-defined]
            kept += [waiting.pop(event.fact.step)] if event.fact.step in waiting else []  # type: ignore[attr-defined]
    return [event for event in kept if event not in late] + late


@dataclass
class _Version:
    first: int | None = None
    end: int | None = None
    clock: int = 0
    rate: str = ""
    holes: frozenset[int] = frozenset()
    seen: bool = False
    content: str | None = None
    steps: list["_Step"] = field(default_factory=list)


@dataclass(eq=False)
class _Step:
    event: StepPerformed
    inputs: list[StepInput] = field(default_factory=list)
    is_lost: bool = False


class PlainWalk:
    """What versions are made of and from, by walking: the second opinion."""

    def __init__(self, events: list[Event]) -> None:
        self.versions: dict[RecordId, _Version] = {}
        self.answers: list[tuple[RecordId, StepKind, AiUse | None, set[RecordId]]] = []
        self.frames: dict[str, list[tuple[str, int]]] = {}
        self._memo: dict[tuple[RecordId, int | None], int] = {}
        self._whole: dict[RecordId, int] = {}
        self._settling: dict[RecordId, int] = {}
        self._settled: dict[frozenset[RecordId], dict[RecordId, int]] = {}
        self._reached: dict[RecordId, frozenset[RecordId]] = {}
        self.frames_by_root: dict[str, list[tuple[str, int]]] = {}
        for event in events:
            getattr(self, f"_{event.TYPE.split('/')[0].replace('.', '_')}")(event)
        self.by_content: dict[str, list[RecordId]] = {}
        for key, one in self.versions.items():
            if one.content is not None:
                self.by_content.setdefault(one.content, []).append(key)

    def _of(self, key: RecordId) -> _Version:
        return self.versions.setdefault(key, _Version())

    def _version_seen(self, event: VersionSeen) -> None:
        media, one = event.fact.media, self._of(event.fact.version)
        one.seen, one.rate = True, media.rate
        if event.bytes is not None:
            one.content = event.bytes.sha256
        if media.media_class == "video":
            one.first, one.end, one.clock = 0, media.frames, 2

    def _sequence_seen(self, event: SequenceSeen) -> None:
        one, fact = self._of(event.fact.version), event.fact
        assert event.bytes is not None
        one.seen, one.content, one.rate = True, event.bytes.sequence_root, fact.media.rate
        one.first, one.end, one.clock = fact.first, fact.last + 1, 1
        one.holes = frozenset(frame for low, high in fact.missing for frame in range(low, high + 1))
        for frame, sha256, _ in event.bytes.frames:
            self.frames.setdefault(sha256, []).append((event.bytes.sequence_root, frame))
            self.frames_by_root.setdefault(event.bytes.sequence_root, []).append((sha256, frame))

    def _step_performed(self, event: StepPerformed) -> None:
        fact, step = event.fact, _Step(event)
        for key in [*fact.outputs, *(one.version for one in fact.inputs)]:
            self._of(key)
        for one in fact.inputs:
            behind = self._recorded_behind(one.version)
            if behind & set(fact.outputs):
                step.is_lost |= one.role in FOLLOWED
            else:
                step.inputs.append(one)
        for key in dict.fromkeys(fact.outputs):
            self._of(key).steps.append(step)
        for key, sha256 in (event.bytes.claimed if event.bytes else {}).items():
            if self._of(key).content is None and not self._of(key).seen:
                self._of(key).content = sha256

    def _step_withdrawn(self, event: Event) -> None:
        for one in self.versions.values():
            one.steps = [step for step in one.steps if step.event.fact.step != event.fact.step]  # type: ignore[attr-defined]

    def _answer_given(self, event: Event) -> None:
        fact = event.fact  # type: ignore[attr-defined]
        self.answers.append((fact.answer, fact.claim.kind, fact.claim.ai, set(fact.versions)))
        for key in fact.versions:
            self._of(key)

    def _answer_withdrawn(self, event: Event) -> None:
        self.answers = [one for one in self.answers if one[0] != event.fact.answer]  # type: ignore[attr-defined]

    def _recorded_behind(self, start: RecordId) -> set[RecordId]:
        seen, stack = {start}, [start]
        while stack:
            for step in self._of(stack.pop()).steps:
                for one in step.inputs:
                    if one.version not in seen:
                        seen.add(one.version)
                        stack.append(one.version)
        return seen

    # ------------------------------------------------------------------------------------------------ lineage

    def maker(self, key: RecordId) -> _Step | None:
        """The step that stands as the maker."""
        best, rank = None, 0
        for step in self.versions[key].steps:
            if self._rank(step) > rank:
                best, rank = step, self._rank(step)
        return best

    def _rank(self, step: _Step) -> int:
        fact = step.event.fact
        return 0 if fact.status != "done" or fact.kind is StepKind.IMPORT else 1 + tuple(Grade).index(fact.grade)

    def twins(self, key: RecordId) -> list[RecordId]:
        content = self.versions[key].content
        return [one for one in self.by_content.get(content or "", []) if one != key and self.versions[one].steps]

    def holders(self, key: RecordId) -> list[tuple[RecordId, int]]:
        content = self.versions[key].content
        places = self.frames.get(content or "", [])
        return [
            (one, frame)
            for root, frame in dict.fromkeys(places)
            for one in self.by_content[root]
            if self.versions[one].seen
        ]

    def behind(self, start: RecordId) -> set[RecordId]:
        """Everything a version was made from, itself included."""
        seen, stack = {start}, [start]
        while stack:
            for one in self.next_behind(stack.pop()):
                if one not in seen:
                    seen.add(one)
                    stack.append(one)
        return seen

    def next_behind(self, key: RecordId) -> list[RecordId]:
        found = [one.version for step in self.versions[key].steps for one in step.inputs]
        return [*found, *self.twins(key), *(holder for holder, _ in self.holders(key))]

    # ------------------------------------------------------------------------------------------------ accounts

    def records(self, key: RecordId) -> list[tuple[RecordId, "_Step", str, int]]:
        """Every step that speaks of these bytes: (what it made, the step, how the bytes are the same, frame)."""
        found = [(one, step, "same", 0) for one in (key, *self.twins(key)) for step in self.versions[one].steps]
        for holder, number in self.holders(key):
            found += [(holder, step, "frame-of", number) for step in self.versions[holder].steps]
        found += [(file, step, "frame", n) for file, n in self.files(key) for step in self.versions[file].steps]
        return found

    def files(self, key: RecordId) -> list[tuple[RecordId, int]]:
        """Files whose bytes are frames of this sequence, with the frame."""
        root = self.versions[key].content
        return [
            (file, number)
            for sha256, number in self.frames_by_root.get(root or "", [])
            for file in self.by_content.get(sha256, [])
        ]

    def _needs(self, key: RecordId) -> set[RecordId]:
        return {
            one.version
            for _, step, _, _ in self.records(key)
            for one in step.inputs
            if one.role in FOLLOWED or one.role in ASIDE
        }

    def _reach(self, start: RecordId) -> frozenset[RecordId]:
        if start not in self._reached:
            seen: set[RecordId] = set()
            stack = [start]
            while stack:
                fresh = self._needs(stack.pop()) - seen
                seen |= fresh
                stack += fresh
            self._reached[start] = frozenset(seen)
        return self._reached[start]

    def circle(self, key: RecordId) -> frozenset[RecordId]:
        """Versions that rest on each other with this one, itself included; empty for nearly all."""
        if key not in self._reach(key):
            return frozenset()
        return frozenset(one for one in self._reach(key) if key in self._reach(one))

    def frames_of(self, key: RecordId) -> list[int | None]:
        one = self.versions[key]
        return [None] if one.first is None or one.end is None else list(range(one.first, one.end))

    def whole(self, key: RecordId) -> int:
        if key in self._settling:
            return self._settling[key]
        if key not in self._whole:
            account = 0
            for frame in self.frames_of(key):
                if frame not in self.versions[key].holes:
                    account |= self.account(key, frame)
            self._whole[key] = account
        return self._whole[key]

    def _union(self, key: RecordId, *, judged: bool = True) -> int:
        account = 0
        for frame in self.frames_of(key):
            if frame not in self.versions[key].holes:
                account |= self._made(key, frame, judged=judged)
        return account

    def account(self, key: RecordId, frame: int | None) -> int:
        """What one frame of a version is made of; None for a version without frames."""
        one = self.versions[key]
        has_frames = one.first is not None and one.end is not None
        if has_frames and (frame is None or frame not in self.frames_of(key)):
            return OUTSIDE
        if key in self._settling:
            return self._settling[key]
        if has_frames and frame in one.holes:
            return OUTSIDE
        if (key, frame) not in self._memo:
            self._memo[key, frame] = self._made_alone(key, frame)
        return self._memo[key, frame]

    def _made_alone(self, key: RecordId, frame: int | None) -> int:
        members = self.circle(key)
        if not members:
            return self._made(key, frame)
        if members not in self._settled:
            for one in {need for member in members for need in self._needs(member)} - members:
                for number in self.frames_of(one):
                    self.account(one, number)
            self._settled[members] = self._settle(members)
        before, self._settling = self._settling, self._settled[members]
        account = self._made(key, frame)
        self._settling = before
        return account

    def _settle(self, members: frozenset[RecordId]) -> dict[RecordId, int]:
        before, self._settling = self._settling, dict.fromkeys(members, 0)
        for judged in (False, True):
            while True:
                after = {one: self._settling[one] | self._union(one, judged=judged) for one in members}
                if after == self._settling:
                    break
                self._settling = after
        found, self._settling = self._settling, before
        return found

    def _made(self, key: RecordId, frame: int | None, *, judged: bool = True) -> int:
        said, passing, compared, failed, returned = [], [], [], [], list[int]()
        for producer, step, relation, number in self.records(key):
            if relation == "frame" and number != frame:
                continue
            explains = self._rank(step) > 0
            bits = self._record(key, producer, step, relation, number, frame, in_passing=not explains)
            if relation == "frame":
                bits = without_grades(bits) & ~ASIDE_OF_COVERS
            fact = step.event.fact
            if explains and relation != "frame" and fact.kind is StepKind.VENDOR:
                returned.append(bits)
                continue
            if explains and relation != "frame":
                said.append(bits)
            else:
                passing.append(bits)
            if explains or fact.origins or classes_of(step_account(fact.kind, grade=Grade.LOGGED, ai=fact.ai)):
                compared.append(bits)
            if not explains and relation == "same":
                bits = self._record(key, producer, step, relation, number, frame, in_passing=False)
                failed.append(bits & ~ASIDE_OF_COVERS)
        # A return says nothing of frames that it does not cover, as long as another one does.
        covering = [bits for bits in returned if not bits & ASIDE_OF_COVERS]
        said += covering or [bits & ~ASIDE_OF_COVERS for bits in returned]
        compared += covering or [bits & ~ASIDE_OF_COVERS for bits in returned]
        account = 0
        for bits in said:
            account |= bits
        if len(said) > 1 and len({without_grades(bits) for bits in said}) == 1:
            account = without_grades(said[0]) | max(weakest_grade(bits) for bits in said)
        if not said:
            answer = self._answer(key)
            account = answer or 0
            compared.append(account)
            if answer is None and judged:
                one = self.versions[key]
                account = NO_STEP if one.seen or self._stand_ins(key) or self.holders(key) else DANGLING
                for bits in failed:
                    account |= bits
        for bits in passing:
            account |= bits
        classes = {classes_of(bits) for bits in compared} - {""}
        return account | (AMBIGUOUS if judged and len(classes) > 1 else 0)

    def _stand_ins(self, key: RecordId) -> list[RecordId]:
        one = self.versions[key]
        return [] if one.seen else [v for v in self.by_content.get(one.content or "", []) if self.versions[v].seen]

    def _answer(self, key: RecordId) -> int | None:
        for candidate in (key, *self._stand_ins(key), *(holder for holder, _ in self.holders(key))):
            said = [(kind, ai) for _, kind, ai, versions in self.answers if candidate in versions]
            if said:
                kind, ai = said[-1]
                return step_account(kind, grade=Grade.DECLARED, ai=ai) | (DANGLING if kind in NEEDS_INPUTS else 0)
        return None

    def _record(
        self,
        key: RecordId,
        producer: RecordId,
        step: "_Step",
        relation: str,
        number: int,
        frame: int | None,
        *,
        in_passing: bool,
    ) -> int:
        one, other = self.versions[key], self.versions[producer]
        if relation == "frame-of":
            return self._by_step(producer, step, number, in_passing=in_passing)
        if relation == "same" and other.first is None:
            return self._by_step(key, step, frame, in_passing=in_passing, made=producer)
        if relation == "same" and (one.first, one.end) == (other.first, other.end):
            return self._by_step(producer, step, frame, in_passing=in_passing)
        account = 0
        for each in self.frames_of(producer):
            if each not in other.holes:
                account |= self._by_step(producer, step, each, in_passing=in_passing)
        return account & ~ASIDE_OF_COVERS

    def _by_step(
        self, key: RecordId, step: _Step, frame: int | None, *, in_passing: bool = False, made: RecordId = ""
    ) -> int:
        fact = step.event.fact
        has_models = any(one.role in (InputRole.WEIGHTS, InputRole.TRAINING) for one in fact.inputs)
        account = step_account(fact.kind, grade=fact.grade, ai=fact.ai, has_models=has_models)
        guessed = fact.ai is None and not has_models
        if in_passing:
            account = contents_of(step_account(fact.kind, grade=fact.grade, ai=fact.ai, has_models=has_models))
            if fact.kind is StepKind.IMPORT and fact.ai is None:
                account = without(account, AiUse.UNKNOWN)
            for letter in fact.origins:
                account |= origin(letter) | (used(AiUse.GENERATIVE) if letter == "G" else 0)  # type: ignore[arg-type]
        else:
            if fact.status != "done":
                account |= NO_STEP
            if step.is_lost or (fact.kind in NEEDS_INPUTS and not any(one.role in FOLLOWED for one in step.inputs)):
                account |= DANGLING
            content = self.versions[made or key].content
            sources = {self.versions[one.version].content for one in step.inputs if one.role in FOLLOWED}
            closed = fact.kind in (StepKind.VENDOR, StepKind.COMMAND, StepKind.IMPORT)
            if closed and guessed and content is not None and content in sources:
                account = without(account, AiUse.UNKNOWN)
        reached = False
        for used_ in self._merged(step):
            added, reaches = self._input(key, step, used_, frame)
            account |= added
            reached |= reaches
            if used_.role in ASIDE and is_generated(self.whole(used_.version)):
                account |= used(AiUse.UNKNOWN)
        if in_passing:
            return account
        if fact.kind is StepKind.VENDOR:
            return self._vendor(step, frame, account)
        return account | (DANGLING if fact.kind in NEEDS_INPUTS and not reached else 0)

    def _merged(self, step: _Step) -> list[StepInput]:
        """An input named twice in one role: maps add up, and none at all means all frames."""
        merged: dict[tuple[RecordId, InputRole], list[StepInput]] = {}
        for one in step.inputs:
            merged.setdefault((one.version, one.role), []).append(one)
        found = []
        for (key, role), several in merged.items():
            maps = () if any(not one.frames for one in several) else tuple(m for one in several for m in one.frames)
            found.append(StepInput(key, role, maps))
        return found

    def _vendor(self, step: _Step, frame: int | None, account: int) -> int:
        fact = step.event.fact
        has_inputs = any(one.role in FOLLOWED for one in step.inputs)
        if fact.covers is None:
            covered = bool(fact.origins) or has_inputs
        elif frame is None:
            covered = any(first <= 1 and end > 0 for first, end in fact.covers)
        else:
            covered = any(first <= frame < end for first, end in fact.covers)
        if covered:
            for letter in fact.origins:
                account |= origin(letter) | (used(AiUse.GENERATIVE) if "G" in fact.origins else 0)  # type: ignore[arg-type]
        return account | (0 if covered and classes_of(account) else OPEN) | (0 if covered else ASIDE_OF_COVERS)

    def _input(self, key: RecordId, step: _Step, one: StepInput, frame: int | None) -> tuple[int, bool]:
        """What one input adds to a frame, and whether it reaches it."""
        if one.role not in FOLLOWED:
            return 0, False
        merged = next(m for m in self._merged(step) if (m.version, m.role) == (one.version, one.role))
        needs = self._frames_needed(key, step, merged, frame)
        if needs is WHOLE:
            return self.whole(one.version), True
        account = 0
        for number in needs:
            account |= OUTSIDE if number == "outside" else self.account(one.version, number)  # type: ignore[arg-type]
        return account, bool(needs)

    def _frames_needed(self, key: RecordId, step: _Step, one: StepInput, frame: int | None) -> "list[int | str] | None":
        out, source = self.versions[key], self.versions[one.version]
        if one.frames:
            return self._by_maps(one, source, frame)
        moves = step.event.fact.kind in (StepKind.RETIME, StepKind.CONFORM, StepKind.GENERATE, StepKind.MIX)
        if moves or one.role is InputRole.REFERENCE or frame is None or out.first is None or source.first is None:
            return WHOLE
        if out.rate and source.rate and out.rate != source.rate:
            return WHOLE
        assert out.end is not None and source.end is not None
        overlap = out.clock == source.clock and out.first < source.end and source.first < out.end
        if out.clock == source.clock == 1 and overlap:
            return [frame]
        if out.end - out.first == source.end - source.first:
            return [frame - out.first + source.first]
        if overlap and not source.first <= frame < source.end:
            return [*(n for n in range(source.first, source.end) if n not in source.holes), "outside"]
        return WHOLE

    def _by_maps(self, one: StepInput, source: _Version, frame: int | None) -> "list[int | str] | None":
        found: list[int | str] = []
        for m in one.frames:
            for output in range(m.first, m.end) if frame is None else [frame] if m.first <= frame < m.end else []:
                if source.first is None:
                    return WHOLE
                found += {
                    "same": [output + m.low],
                    "window": range(output + m.low, output + m.high + 1),
                    "any": range(m.low, m.high + 1),
                }[m.kind]
        return found
