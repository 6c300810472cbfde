"""What was taken back behind a cut: the step that alone explained a version, the replica or session that said whose it is.

Taking back is how errors are put right; it is also how somebody would make a person vanish. So what is shown keeps a question.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, cast

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.cuts.view import CutView
from edgecode.answers.uses.likeness import Mark, State
from edgecode.answers.uses.places import joined
from edgecode.answers.uses.reaching import cut_out
from edgecode.checks.register import Register
from edgecode.checks.uses import Span
from edgecode.events.rights_kinds import ReplicaRecorded, SessionRecorded
from edgecode.index.keys import key_of
from edgecode.index.rights import rights
from edgecode.index.rows import first_number
from edgecode.index.store import IndexStore
from edgecode.index.withdrawn import made_by_nothing_else
from edgecode.terms.evidence import ConformMethod, Reason
from edgecode.terms.identity import RecordId

NOBODY_NAMED = -1
"""Whom a record of somebody was about who cannot be told."""


ByHand = Literal["", "said", "picked"]


class TakenBack(Struct, frozen=True):
    """A version on screen that rests on something taken back. *is_step*: on a making that nothing took the place of; *persons*: dense ids
    of those whose replica or session it was, `NOBODY_NAMED` for one who cannot be told. *left_out*: of those whom a step led to that was
    taken back, and to whom what was recorded since leads no more; *softened*: or whom it says a model had no hand in any more. *by_hand*:
    no step was taken back, but somebody ``said`` that clips show this version, which by the cut or by what was said before show another, or
    ``picked`` it where the cut leaves several open."""

    version: RecordId
    spans: tuple[Span, ...]
    is_step: bool
    persons: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()
    softened: frozenset[int] = frozenset()
    by_hand: ByHand = ""


class Losses:
    """What was taken back among versions, by dense id."""

    def __init__(self, store: IndexStore, register: Register, versions: Iterable[int]) -> None:
        self._steps = made_by_nothing_else(store, versions)
        self._persons = _records(store, register) if register.withdrawn else {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was."""
        return not self._steps and not self._persons

    def behind(self, version: RecordId, versions: set[int], spans: tuple[Span, ...]) -> list[TakenBack]:
        """What a version on screen rests on. *versions*: everything behind it, itself too."""
        persons = frozenset(one for each in versions & self._persons.keys() for one in self._persons[each])
        is_step = bool(versions & self._steps)
        return [TakenBack(version, spans, is_step, persons)] if is_step or persons else []


PlacedMarks = Mapping[Mark, Sequence[Span]]


def lost_marks(before: PlacedMarks, now: PlacedMarks) -> dict[Mark, list[Span]]:
    """Where somebody would be on screen, or a model would have had a hand in them, if no step had been taken back."""
    found: dict[Mark, list[Span]] = {}
    for mark, spans in before.items():
        if mark.sort != "person":
            continue
        still = [
            span
            for other, there in now.items()
            if (other.sort, other.subject) == ("person", mark.subject) and other.state in _AT_LEAST[mark.state]
            for span in there
        ]
        for span in spans:
            taken = [(one.first, one.end) for one in still if (one.clip, one.medium) == (span.clip, span.medium)]
            left = cut_out(((span.first, span.end),), taken)
            if left:
                found.setdefault(mark, []).extend(replace(span, first=first, end=end) for first, end in left)
    return found


_AT_LEAST: Mapping[State, tuple[State, ...]] = {
    "recorded": ("recorded", "unclear", "doubtful", "altered", "replica"),
    "unclear": ("unclear", "doubtful", "altered", "replica"),
    "doubtful": ("doubtful", "altered", "replica"),
    "altered": ("altered", "replica"),
    "replica": ("replica",),
}
"""What says no less of somebody than each state."""


def less_said(version: RecordId, lost: PlacedMarks, now: PlacedMarks, *, by_hand: ByHand = "") -> TakenBack:
    """A version on screen of which less is said of somebody than before. *lost*: where, by `lost_marks`. *now*: what is said still."""
    still = {mark.subject for mark in now if mark.sort == "person"}
    return TakenBack(
        version,
        joined(span for spans in lost.values() for span in spans),
        is_step=False,
        left_out=frozenset(whom(mark) for mark in lost if mark.subject not in still),
        softened=frozenset(whom(mark) for mark in lost if mark.state != "recorded"),
        by_hand=by_hand,
    )


def all_marks(shown: Iterable[PlacedMarks]) -> dict[Mark, list[Span]]:
    """The marks of several versions as one."""
    found: dict[Mark, list[Span]] = {}
    for marks in shown:
        for mark, spans in marks.items():
            found.setdefault(mark, []).extend(spans)
    return found


def in_clips(marks: PlacedMarks, clips: Collection[int]) -> dict[Mark, list[Span]]:
    """What of them lies in these clips."""
    here = {mark: [span for span in spans if span.clip in clips] for mark, spans in marks.items()}
    return {mark: spans for mark, spans in here.items() if spans}


def matched(view: CutView, others: Mapping[int, tuple[int, ...]]) -> CutView:
    """The cut as if these clips showed any of these versions."""
    matches = [
        replace(match, method=ConformMethod.NONE, version=None, candidates=others[match.clip], reason=Reason.AMBIGUOUS)
        if match.clip in others
        else match
        for match in view.matches
    ]
    return dataclasses.replace(view, matches=matches)


def whom(mark: Mark) -> int:
    """The dense id of whom a mark is about, `NOBODY_NAMED` for one who cannot be told."""
    return mark.subject if isinstance(mark.subject, int) else NOBODY_NAMED


def _records(store: IndexStore, register: Register) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = {}
    for kept in rights(store, ReplicaRecorded, SessionRecorded):
        fact = cast("ReplicaRecorded | SessionRecorded", kept.event).fact
        record, made_from = getattr(fact, "replica", "") or getattr(fact, "session", ""), getattr(fact, "made_from", ())
        if record in register.withdrawn and kept.of_person:
            for version in (*fact.versions, *made_from):
                if rows := store.rows("version_id", key_of(version)):
                    found.setdefault(first_number(rows), set()).add(_whom(kept.person))
    return found


def _whom(person: int | None) -> int:
    return person if person is not None else NOBODY_NAMED
