"""Which human acts are on record for what a model made in a cut, as the contract direction/1. Says what was done, never by whom or when.

Nothing here ranks, times or counts anybody: the answer holds no author, not even an opaque one, and no time. What is not on record may have
happened all the same. Explained in docs/how-to/record-performers-and-direction.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.chain import Chains, LineageStep, VersionRef
from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.accounts import MEDIA, Medium, version_frames
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.matchback.answer import origin_text
from edgecode.index.directed import Review, Take
from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import Account, ai_of, is_generated, letter_of
from edgecode.terms.steps import StepKind

SCHEMA = "edgecode.direction/1"
ActKind = Literal["circled", "noted", "approved", "rejected", "kept", "requested", "chosen", "painted"]
"""*circled*: a take behind it was chosen on set. *noted*: somebody wrote about it. *approved*, *rejected*, *kept*, *requested*: what a
review came to. *chosen*: of several generations of one prompt this one reached the cut. *painted*: somebody worked by hand over what a
model made."""

BY_HAND = (StepKind.PAINT, StepKind.DRAW, StepKind.MODEL, StepKind.ANIMATE, StepKind.TYPE, StepKind.COMPOSE)
"""Kinds of step that add a person's own work (class H) to what they are given."""

_GENERATES = (StepKind.GENERATE.value, StepKind.GENERATIVE_EDIT.value)


class Act(Struct, frozen=True, omit_defaults=True):
    """One act. *record*: the take, review or step; *version*: what it was about, on screen or behind it. *step*: the kind of hand work.

    *kept* of *made*: of a prompt's generations how many are in this cut, and how many were made. *words*: only with ``--reveal``.
    """

    act: ActKind
    record: RecordId
    version: RecordId
    grade: str
    step: str = ""
    kept: int = 0
    made: int = 0
    words: tuple[str, ...] = ()


class DirectedRange(Struct, frozen=True):
    """Frames *first* up to *end* of the cut in which a clip shows something that a model made, wholly or in part, with every act on record.

    No acts: none is on record, which does not say that there was none.
    """

    first: int
    end: int
    in_tc: str
    medium: Medium
    clip: str
    track: str
    origin: str
    version: VersionRef | None
    acts: tuple[Act, ...]


class Direction(Struct, frozen=True, tag_field="schema", tag=SCHEMA):
    """The answer. *generated*: frames of picture or sound that a model had a hand in, once each; *directed*: those in which everything of
    that kind has an act on record that is no rejection; *unknown*: frames of which nobody knows whether a model had a hand in them.
    *about_cut*: what was said of the cut itself.
    """

    production: str
    cut: str
    rate: str
    frames: int
    generated: int
    directed: int
    unknown: int
    ranges: tuple[DirectedRange, ...]
    about_cut: tuple[Act, ...]
    ledger: LedgerPoint


class OnRecord(Struct, frozen=True):
    """What answers are made of: takes and reviews in force, *words* by take or review, *siblings*: by generating step the contents that all
    steps of its prompt made; a step whose prompt nobody can read is not among them."""

    takes: Sequence[Take]
    reviews: Sequence[Review]
    words: Mapping[RecordId, tuple[str, ...]]
    siblings: Mapping[RecordId, frozenset[int]]


class _Stretch(Struct, frozen=True):
    """One clip over frames with one account."""

    first: int
    end: int
    clip: int
    account: Account
    medium: Medium


def direction_of(
    view: CutView, chains: Chains, record: OnRecord, *, production: str, ledger: LedgerPoint, reveal: bool = False
) -> Direction:
    """The human acts on record for every range of a cut that a model had a hand in."""
    return _Directed(view, chains, record, reveal=reveal).answer(production, ledger)


class _Directed:
    def __init__(self, view: CutView, chains: Chains, record: OnRecord, *, reveal: bool) -> None:
        self._view, self._chains, self._record, self._reveal = view, chains, record, reveal
        self._takes: dict[RecordId, list[Take]] = {}
        for take in record.takes:
            for version in take.versions:
                self._takes.setdefault(version, []).append(take)
        self._reviews: dict[RecordId, list[Review]] = {}
        for review in record.reviews:
            for about in review.about:
                self._reviews.setdefault(about, []).append(review)
        self._chained: dict[tuple[int, tuple[int, int] | None], list[LineageStep]] = {}
        self._generated: dict[RecordId, bool] = {}
        self._in_cut: frozenset[int] | None = None

    def answer(self, production: str, ledger: LedgerPoint) -> Direction:
        view = self._view
        ranges = tuple(self._range(one) for one in _stretches(view))
        silent = [one for one in ranges if all(act.act == "rejected" for act in one.acts)]
        generated = _frames((one.first, one.end) for one in ranges)
        unknown = ((run.first, run.end) for medium in MEDIA for run in view.runs(medium) if _is_unknown(run.account))
        return Direction(
            production=production,
            cut=view.name,
            rate=str(view.clock.rate),
            frames=view.clock.frames,
            generated=generated,
            directed=generated - _frames((one.first, one.end) for one in silent),
            unknown=_frames(unknown),
            ranges=ranges,
            about_cut=tuple(self._of_reviews(view.cut, "")),
            ledger=ledger,
        )  # fmt: skip

    def _range(self, one: _Stretch) -> DirectedRange:
        view, clip = self._view, self._view.clips[one.clip]
        match = view.match_of.get(one.clip)
        version = match.version if match is not None else None
        shown = None
        if match is not None and version is not None and self._chains.row(version).first is not None:
            shown = version_frames(clip, match, Fraction(one.first), Fraction(one.end))
        acts = self._acts(version, shown) if version is not None else []
        return DirectedRange(
            first=one.first,
            end=one.end,
            in_tc=view.clock.label(one.first),
            medium=one.medium,
            clip=clip_name(clip),
            track=track_name(clip, view.tracks),
            origin=origin_text(one.account),
            version=self._chains.ref(version) if version is not None else None,
            acts=tuple(dict.fromkeys(acts)),
        )

    def _acts(self, version: int, shown: tuple[int, int] | None) -> Iterator[Act]:
        for row in self._chain(version, shown):
            yield from self._of_takes(row)
            yield from self._of_reviews(row.version.id, row.version.id, row.frames)
            if row.step is not None:
                yield from self._of_reviews(row.step, row.version.id)
                yield from self._chosen(row)
                yield from self._painted(row)

    def _of_takes(self, row: LineageStep) -> Iterator[Act]:
        for take in self._takes.get(row.version.id, ()):
            if not _meets(take.first, take.end, row.frames):
                continue
            if take.circled == "yes":
                yield Act("circled", take.id, row.version.id, Grade.DECLARED.value)
            if said := self._record.words.get(take.id):
                yield Act("noted", take.id, row.version.id, Grade.DECLARED.value, words=said if self._reveal else ())

    def _of_reviews(
        self, about: RecordId, version: RecordId, frames: tuple[tuple[int, int], ...] = ()
    ) -> Iterator[Act]:
        for review in self._reviews.get(about, ()):
            if _meets(review.first, review.end, frames):
                act: ActKind = "noted" if review.outcome == "note" else review.outcome
                grade = Grade.DECLARED if review.source in ("table", "person", "other") else Grade.LOGGED
                said = self._record.words.get(review.id, ()) if self._reveal else ()
                yield Act(act, review.id, version, grade.value, words=said)

    def _chosen(self, row: LineageStep) -> Iterator[Act]:
        made = self._record.siblings.get(row.step or "", frozenset()) if row.kind in _GENERATES else frozenset()
        if len(made) > 1 and row.step is not None:
            kept = len(made & self._contents_in_cut())
            yield Act("chosen", row.step, row.version.id, row.grade, kept=kept, made=len(made))

    def _painted(self, row: LineageStep) -> Iterator[Act]:
        kinds = [kind.value for kind in BY_HAND]
        if row.step is None or row.kind not in kinds or self._chains.names_a_model(row.step):
            # What a model did, or may have done, is nobody's hand, whatever kind of work it is called.
            return
        if any(self._is_generated(one) for one in row.inputs):
            yield Act("painted", row.step, row.version.id, row.grade, step=row.kind or "")

    def _is_generated(self, version: RecordId) -> bool:
        if version not in self._generated:
            dense = self._chains.dense(version)
            self._generated[version] = dense is not None and is_generated(self._chains.accounts([dense]).get(dense, 0))
        return self._generated[version]

    def _chain(self, version: int, shown: tuple[int, int] | None) -> list[LineageStep]:
        key = version, shown
        if key not in self._chained:
            self._chained[key] = self._chains.lineage(version, shown)
        return self._chained[key]

    def _contents_in_cut(self) -> frozenset[int]:
        """The contents behind everything that may be on screen in the cut."""
        if self._in_cut is None:
            shown = {match.version for match in self._view.matches if match.version is not None}
            behind = {row.version for version in shown for row in self._chains.behind(version, None)}
            found = (content_of(self._chains, version) for version in shown | behind)
            self._in_cut = frozenset(found)
        return self._in_cut


def content_of(chains: Chains, version: int) -> int:
    """A number that versions with the same bytes share; of one whose bytes nobody read, a number of its own."""
    content = chains.row(version).content
    return content if content is not None else -version


def _stretches(view: CutView) -> list[_Stretch]:
    """Every clip where a model is known to have had a hand in it, in the order of the cut; neighbors with one account are one."""
    found: list[_Stretch] = []
    open_: dict[tuple[int, Medium], int] = {}
    for medium in MEDIA:
        for run in view.runs(medium):
            for one in run.contributors:
                if not is_generated(one.account):
                    continue
                at = open_.get((one.clip, medium))
                if at is not None and found[at].end == run.first and found[at].account == one.account:
                    found[at] = replace(found[at], end=run.end)
                    continue
                open_[one.clip, medium] = len(found)
                found.append(_Stretch(run.first, run.end, one.clip, one.account, medium))
    return sorted(found, key=lambda one: (one.medium, one.first, one.clip))


def _is_unknown(account: Account) -> bool:
    """Whether nobody can tell if a model had a hand in it; what one is known to have made is no longer asked."""
    return not is_generated(account) and (letter_of(account) == "U" or ai_of(account) is AiUse.UNKNOWN)


def _meets(first: int | None, end: int | None, frames: Iterable[tuple[int, int]]) -> bool:
    """Whether frames that an act is about meet those that are needed; without frames it is about all of them."""
    needed = list(frames)
    if first is None or end is None or not needed:
        return True
    return any(low < end and first < high for low, high in needed)


def _frames(ranges: Iterable[tuple[int, int]]) -> int:
    """How many frames lie in any of *ranges*."""
    total, reached = 0, 0
    for first, end in sorted(ranges):
        total += max(0, end - max(first, reached))
        reached = max(reached, end)
    return total
