"""What people chose and said on the way: takes and reviews in force, out of the events that the index keeps whole. Questions only.

Nothing here is asked by who it was that reviewed, and nothing is counted or timed by person.
"""

from collections.abc import Mapping
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from edgecode.events.door_kinds import Circled, ReviewNoted, ReviewOutcome, ReviewSource, TakeNoted, TakeOf
from edgecode.events.rights_kinds import PaperWithdrawn
from edgecode.index.rights import rights
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId


class Take(Struct, frozen=True):
    """A take as everything that was noted of it says. *people*: dense ids with the session of each ("": nobody said). *lost*: it was of
    somebody who was erased, or who cannot be told here.

    *circled*: as somebody said last. *names*: what the slate and the sheet say; nothing where that was erased. *entries*: of the log.
    """

    id: RecordId
    of: TakeOf
    versions: tuple[RecordId, ...]
    circled: Circled
    people: Mapping[int, RecordId]
    sessions: tuple[RecordId, ...]
    lost: bool
    first: int | None
    end: int | None
    names: Mapping[str, str]
    entries: tuple[int, ...]


class Review(Struct, frozen=True):
    """Something that was said of versions, cuts or steps; the words are in the log's entry *log_index*."""

    id: RecordId
    about: tuple[RecordId, ...]
    outcome: ReviewOutcome
    source: ReviewSource
    first: int | None
    end: int | None
    mark: str
    log_index: int


def takes(store: IndexStore) -> dict[RecordId, Take]:
    """Takes that nobody took back, by id, in the order in which they were first noted."""
    ended = _withdrawn(store)
    found: dict[RecordId, Take] = {}
    for kept in rights(store, TakeNoted):
        event = cast(TakeNoted, kept.event)
        fact = event.fact
        if fact.take in ended:
            continue
        known = found.get(fact.take) or Take(
            fact.take, fact.of, (), "unsaid", {}, (), lost=False, first=None, end=None, names={}, entries=()
        )
        people = dict(known.people)
        if kept.person is not None:
            people[kept.person] = fact.session or people.get(kept.person, "")
        found[fact.take] = replace(
            known,
            versions=tuple(dict.fromkeys((*known.versions, *fact.versions))),
            circled=fact.circled if fact.circled != "unsaid" else known.circled,
            people=people,
            sessions=tuple(dict.fromkeys((*known.sessions, *([fact.session] if fact.session else [])))),
            lost=known.lost or (kept.of_person and kept.person is None),
            first=fact.first if fact.first is not None else known.first,
            end=fact.end if fact.end is not None else known.end,
            names={**known.names, **(event.place.values if event.place is not None else {})},
            entries=(*known.entries, kept.log_index),
        )
    return found


def reviews(store: IndexStore) -> list[Review]:
    """Reviews that nobody took back, in ledger order."""
    ended = _withdrawn(store)
    found = []
    for kept in rights(store, ReviewNoted):
        fact = cast(ReviewNoted, kept.event).fact
        if fact.review not in ended:
            found.append(
                Review(
                    fact.review, fact.about, fact.outcome, fact.source, fact.first, fact.end, fact.mark, kept.log_index
                )
            )
    return found


def _withdrawn(store: IndexStore) -> frozenset[RecordId]:
    return frozenset(cast(PaperWithdrawn, kept.event).fact.record for kept in rights(store, PaperWithdrawn))
