"""What was taken back behind a cut: the step that alone explained a version, the replica or session that said whose it is.

Taking back is how errors are put right; it is also how somebody would make a person vanish. So what is shown keeps a question.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from msgspec import Struct

from edgecode.answers.on_screen import Stretch
from edgecode.checks.register import Register
from edgecode.checks.uses import Span
from edgecode.events.rights_kinds import ReplicaRecorded, SessionRecorded
from edgecode.index.keys import key_of
from edgecode.index.rights import rights
from edgecode.index.rows import first_number
from edgecode.index.store import IndexStore
from edgecode.index.withdrawn import made_by_nothing_else
from edgecode.terms.identity import RecordId

NOBODY_NAMED = -1
"""Whom a record of somebody was about who cannot be told."""


class TakenBack(Struct, frozen=True):
    """A version on screen that rests on something taken back. *is_step*: on a making that nothing took the place of; *persons*: dense ids
    of those whose replica or session it was, `NOBODY_NAMED` for one who cannot be told."""

    version: RecordId
    spans: tuple[Span, ...]
    is_step: bool
    persons: frozenset[int] = frozenset()


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


def spans_of(stretches: Sequence[Stretch], tracks: Mapping[int, int]) -> list[Span]:
    """Stretches as places of a finding. *tracks*: of each clip."""
    return [Span(one.first, one.end, one.clip, tracks[one.clip], one.medium, one.visibility) for one in stretches]
