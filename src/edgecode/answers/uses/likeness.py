"""What becomes of a likeness, of archive material and of a model's work on the way from its source to the screen.

A person filmed is a performance; a model that changed the picture makes it an alteration; a model that was fed with the person, or built of
them, makes what comes out a replica. Explained for people in docs/explanation/uses.md.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.answers.uses.reaching import ALL, Edge, Network, cut_out, shared
from edgecode.index.accounts import Piece
from edgecode.index.lineage import Ranges, united
from edgecode.index.persons import Seen
from edgecode.index.pieces import END, START
from edgecode.terms.evidence import AiUse
from edgecode.terms.origins import Account, ai_of, classes_of, is_generated, letter_of
from edgecode.terms.steps import InputRole, StepKind

Sort = Literal["person", "synthetic", "material", "generated", "assisted", "captured", "unclear", "model", "declared"]
"""*generated*: a model made it and nobody is known in it; *assisted*: a model changed a recorded picture in which nobody is known;
*captured*: a performance of nobody knows whom; *unclear*: nobody says whether a model had a hand in it."""

State = Literal["recorded", "altered", "replica", "unclear", "doubtful", "unstated", "none", ""]
"""Of persons and material: *unclear*: a step on the way does not say whether a model changed it; *doubtful*: somebody is noted in a version
that is partly recorded and partly made, and nobody says in which part. Of the three that know nobody: *unstated*, or *none*: somebody said
that nobody is in it."""

ERASED, UNKNOWN = "erased", "unknown"
"""Subjects of marks of persons who cannot be told."""

_NOBODYS = ("generated", "assisted", "captured")
_SHOWN = (InputRole.PICTURE, InputRole.SOUND, InputRole.REFERENCE)
_LEARNED = (InputRole.WEIGHTS, InputRole.TRAINING)
_CHANGED = (InputRole.PICTURE, InputRole.SOUND)
_MARKING = (StepKind.CAPTURE, StepKind.TRANSFER)


class Mark(Struct, frozen=True):
    """*subject*: a person's dense id (or `ERASED`, `UNKNOWN`), a version's dense id, or the record id of a replica or declared use."""

    sort: Sort
    subject: int | str
    state: State = ""


class Work(Struct, frozen=True):
    """One step as rights see it. *ai*: never less than its kind and models show. *made*: when, milliseconds since 1970, 0: unknown.
    *entered*: its entry in the log.

    *weights*: versions of the models that it lists; *nameless*: it used models of which nobody can tell which they are. One that it names
    without a digest is the only model of that name, where there is only one: what is known of it is somebody's word.
    """

    kind: StepKind
    ai: AiUse
    tool: str = ""
    made: int = 0
    weights: tuple[int, ...] = ()
    nameless: bool = False
    entered: int = 0


class Noted(Struct, frozen=True):
    """What the desk's records say of versions, by dense id.

    *marks*: with the frames that are meant. *nobody*: frames of which somebody said that nobody is in them.
    """

    marks: Mapping[int, Sequence[tuple[Mark, Ranges]]] = {}
    nobody: Mapping[int, Ranges] = {}


class LikenessRules:
    """The rules of `reaching.reached` for likeness, material and models."""

    def __init__(
        self,
        network: Network,
        *,
        works: Mapping[int, Work],
        seen: Iterable[Seen],
        noted: Noted,
        pieces: Mapping[int, Sequence[Piece]],
        answered: Mapping[int, Work],
    ) -> None:
        """*works*: by step. *pieces*: accounts of the versions that somebody is noted in or a model worked on. *answered*: by version
        that no step explains, how people say that it was made."""
        self._network, self._works, self._noted, self._pieces, self._answered = network, works, noted, pieces, answered
        self._seen: dict[int, list[Seen]] = {}
        for one in seen:
            self._seen.setdefault(one.version, []).append(one)
        self.owners: dict[tuple[Sort, int | str], set[int]] = {}
        """By sort and subject the versions that are marked themselves."""

    # ------------------------------------------------------------------------------------------ on the way

    def alike(self, edge: Edge) -> Hashable:
        """What `passed` looks at in an edge."""
        if edge.step is None:
            return edge.way, edge.role
        work = self._works.get(edge.step)
        is_moving = self._network.extent(edge.source).first is not None
        return edge.role, is_moving, None if work is None else work.ai, None if work is None else work.kind

    def passed(self, mark: Mark, edge: Edge) -> Mark | None:
        """The mark after a step up."""
        if edge.way in ("same-content", "frame-of", "same-frames", "member"):
            return None if edge.way == "member" and mark.sort in _NOBODYS else mark
        role = edge.role or InputRole.TRAINING
        if mark.sort in ("model", "declared"):
            return mark
        if mark.sort in (*_NOBODYS, "unclear"):
            return mark if role in _SHOWN else None
        if mark.sort == "material" and role not in (*_SHOWN, InputRole.CONTROL):
            return None
        state = self._after(mark, edge, role)
        return mark if state == mark.state else Mark(mark.sort, mark.subject, state)

    def _after(self, mark: Mark, edge: Edge, role: InputRole) -> State:
        if mark.sort == "person" and role in _LEARNED:
            return "replica"
        if mark.sort == "synthetic" or mark.state == "replica" or edge.step is None:
            return mark.state
        work = self._works.get(edge.step)
        if work is None:
            return mark.state
        if mark.sort == "material":
            return altered_by(mark.state, work.ai)
        return person_after(mark.state, work, role, is_moving=self._network.extent(edge.source).first is not None)

    def speaks_of(self, version: int) -> bool:
        """Whether somebody said who is in a version, or that nobody is."""
        return version in self._seen or version in self._noted.nobody

    def seen_as(self, version: int, mark: Mark, ranges: Ranges) -> Iterable[tuple[Mark, Ranges]]:
        """Where somebody said who is in a version, or that nobody is, what arrives as unstated is so no more."""
        if mark.sort not in _NOBODYS or mark.state != "unstated":
            return [(mark, ranges)]
        said = [*self._noted.nobody.get(version, ())]
        said += [span for one in self._seen.get(version, ()) for span in self._frames_of(one)]
        stated = shared(ranges, said)
        found = [(Mark(mark.sort, mark.subject, "none"), stated), (mark, cut_out(ranges, said))]
        return [(one, part) for one, part in found if part]

    # ------------------------------------------------------------------------------------------ at a version

    def marks(self, version: int) -> bool:
        """Whether `own` may mark a version: somebody spoke of it, or a step that made it does so."""
        if version in self._noted.marks or version in self._seen:
            return True
        return any(work.ai is not AiUse.NONE or work.kind in _MARKING for _, work in self._work(version))

    def minds(self, mark: Mark) -> bool:
        """Whether `own` looks at an incoming mark: where somebody is known, nothing is unstated."""
        return mark.sort in ("person", "synthetic")

    def own(self, version: int, incoming: Mapping[Mark, Ranges], *, by_frame: bool) -> Mapping[Mark, Ranges]:
        """What a version is marked with itself."""
        # What is made of all frames together is made of none that a version does not have; a clip that shows one of those says so.
        frames = ALL if by_frame else self._network.available(version)
        found: dict[Mark, Ranges] = {}
        for mark, ranges in self._noted.marks.get(version, ()):
            _join(found, mark, ranges)
        for one in self._seen.get(version, ()):
            there = [span for mark, part in incoming.items() if _is_of(mark, subject_of(one)) for span in part]
            noted = cut_out(self._frames_of(one), there)
            for state, part in self._noted_as(version, one, shared(noted, frames) or noted):
                _join(found, Mark("person", subject_of(one), state), part)
            self.owners.setdefault(("person", subject_of(one)), set()).add(version)
        for mark, ranges in self._by_steps(version, [*incoming.items(), *found.items()], frames):
            for stated, part in self.seen_as(version, mark, ranges):
                _join(found, stated, part)
        for mark in found:
            self.owners.setdefault((mark.sort, mark.subject), set()).add(version)
        return found

    def _frames_of(self, one: Seen) -> Ranges:
        if one.first is None or one.end is None or self._network.extent(one.version).first is None:
            return ALL
        return ((one.first, one.end),) if one.first < one.end else ()

    def _noted_as(self, version: int, one: Seen, ranges: Ranges) -> Iterable[tuple[State, Ranges]]:
        """How somebody is in a version, of whom nothing that it was made from tells."""
        if not ranges:
            return []
        if one.how == "likeness-source":
            return [("replica", ranges)]
        edits = any(work.ai is AiUse.GENERATIVE and self._is_fed(step) for step, work in self._work(version))
        pieces = self._pieces.get(version) or (Piece(None, None, 0),)
        return [(state_in(one.account, edits=edits), shared(ranges, [_span(one)])) for one in pieces]

    def _by_steps(
        self, version: int, marks: Sequence[tuple[Mark, Ranges]], frames: Ranges
    ) -> Iterable[tuple[Mark, Ranges]]:
        """What the steps that made a version mark its *frames* with, apart from those in which somebody is known."""
        work = [work for _, work in self._work(version)]
        persons = [(mark, part) for mark, part in marks if mark.sort in ("person", "synthetic")]
        changed = [span for mark, part in persons if mark.state != "recorded" for span in part]
        anybody = [span for _, part in persons for span in part]
        if any(one.ai is AiUse.GENERATIVE for one in work):
            yield Mark("generated", 0, "unstated"), cut_out(frames, changed)
        elif any(one.ai is AiUse.ASSISTIVE for one in work) and self._is_recorded(version):
            yield Mark("assisted", 0, "unstated"), cut_out(frames, anybody)
        if any(one.kind is StepKind.CAPTURE for one in work):
            yield Mark("captured", 0, "unstated"), cut_out(frames, anybody)
        if any(one.kind is StepKind.TRANSFER for one in work):
            yield Mark("material", version, "recorded"), frames
        if any(one.ai is AiUse.UNKNOWN for one in work):
            yield Mark("unclear", 0), frames

    def _work(self, version: int) -> list[tuple[int | None, Work]]:
        """How a version was made, by its steps and by what people answered."""
        steps = self._network.steps(version)
        found: list[tuple[int | None, Work]] = [(step, self._works[step]) for step in steps if step in self._works]
        return [*found, (None, self._answered[version])] if version in self._answered else found

    def _is_fed(self, step: int | None) -> bool:
        return step is not None and any(use.role in _CHANGED for use in self._network.uses_of(step))

    def _is_recorded(self, version: int) -> bool:
        """Whether anything in it may be a recording of people."""
        pieces, there = self._pieces.get(version, ()), self._network.available(version)
        accounts = [one.account for one in pieces if shared([_span(one)], there)]
        return not accounts or any(letter_of(a) == "U" or set(classes_of(a)) & set("CPA") for a in accounts)


def person_after(state: State, work: Work, role: InputRole, *, is_moving: bool) -> State:
    """How a person is in what a step made of a version that they are in so. *is_moving*: that version has frames.

    A model that is shown a still, a sound or a guide makes a replica of who is in it; one that works over a moving picture alters it.
    """
    if state == "replica" or role in _LEARNED:
        return "replica"
    if work.ai is AiUse.GENERATIVE:
        edits = role in _CHANGED and (is_moving or work.kind is not StepKind.GENERATE)
        return "altered" if edits else "replica"
    return altered_by(state, work.ai)


def altered_by(state: State, ai: AiUse) -> State:
    """What a model's part in a step makes of something recorded."""
    if ai in (AiUse.GENERATIVE, AiUse.ASSISTIVE):
        return "altered"
    return "unclear" if ai is AiUse.UNKNOWN and state == "recorded" else state


def state_in(account: Account, *, edits: bool) -> State:
    """How somebody is in frames of this account, if all that is noted is that they are in them. *edits*: a model changed a picture here."""
    classes = set(classes_of(account))
    recorded = classes & set("CPA")
    if letter_of(account) == "U" or not (recorded or "G" in classes):
        return "doubtful"
    if is_generated(account):
        return ("altered" if edits else "doubtful") if recorded else "replica"
    return {AiUse.ASSISTIVE: "altered", AiUse.UNKNOWN: "unclear"}.get(ai_of(account), "recorded")  # type: ignore[return-value]


def subject_of(one: Seen) -> int | str:
    """Who it is, for a mark."""
    if one.person is not None:
        return one.person
    return ERASED if one.erased is not None else UNKNOWN


def _span(one: Piece) -> tuple[int, int]:
    return (START if one.first is None else one.first, END if one.end is None else one.end)


def _is_of(mark: Mark, subject: int | str) -> bool:
    return mark.sort == "person" and mark.subject == subject


def _join(marks: dict[Mark, Ranges], mark: Mark, ranges: Ranges) -> None:
    if ranges:
        marks[mark] = united([*marks.get(mark, ()), *ranges])
