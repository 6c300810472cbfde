"""What an erasure of digests and names would change in the accounts of cuts, and what must be kept so that it changes nothing.

Nothing is guessed: the index is made once more in memory as it will be without the erased sections, and every clip of every cut
is matched in both.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing

import msgspec

from edgecode.answers.coverage.answer import Coverage, coverage_of
from edgecode.answers.cuts.loading import load_cut
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.codec import Leaf
from edgecode.events.person_kinds import ErasureFact, KeptMatch, PersonErased
from edgecode.events.registry import Recorded
from edgecode.index.catalogue import version_rows
from edgecode.index.conform import Match, conform
from edgecode.index.cuts import CutRow, clips, cuts
from edgecode.index.persons import erase
from edgecode.index.projector import project
from edgecode.index.roots import root_names
from edgecode.index.store import IndexStore
from edgecode.ledger.store import StoredEntry
from edgecode.production.log.reading import Covered, Erasures, indexes_of_events, recorded
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId


def with_kept_conform(record: Record, fact: ErasureFact) -> tuple[ErasureFact, list[str]]:
    """*fact* with the matches that it would change otherwise, and the names of cuts whose coverage changes all the same."""
    before = _accounts(record, record.index)
    with closing(SqliteIndex(":memory:")) as shadow:
        _project_without(record, shadow, fact)
        kept = tuple(_changed(record, shadow))
        whole = msgspec.structs.replace(fact, matches=kept)
        with shadow.transaction():
            erase(shadow, _entry(record.log.size, whole))
        after = _accounts(record, shadow)
    return whole, [name for (name, one), (_, other) in zip(before, after, strict=True) if one != other]


def _project_without(record: Record, shadow: SqliteIndex, fact: ErasureFact) -> None:
    gone = frozenset((one.event, name) for one in fact.erased for name in one.sections)
    indexes = indexes_of_events(record.ledger, [one.event for one in fact.erased])
    places = {(indexes[one.event], name) for one in fact.erased if one.event in indexes for name in one.sections}
    size = record.log.size
    earlier = Erasures(record.ledger)

    def entries() -> Iterator[Recorded]:
        left = _without(record.log.entries(0, size), places)
        yield from recorded(left, record.keys, erasures=Covered(earlier.sections | gone, earlier.unapproved))
        yield _entry(size, fact)

    project(shadow, entries(), size=size + 1, root=b"")


def _without(entries: Iterator[StoredEntry], places: Collection[tuple[int, str]]) -> Iterator[StoredEntry]:
    for entry in entries:
        left = tuple(one for one in entry.sections if (entry.index, one.name) not in places)
        yield StoredEntry(entry.index, entry.leaf, left)


def _entry(index: int, fact: ErasureFact) -> Recorded:
    """The erasure as if it were recorded now; who asks only compares accounts, so its leaf says nothing."""
    return Recorded(index, Leaf(fact.erasure, 0, PersonErased.TYPE, "k:00000000", (), {}), PersonErased(fact))


def _changed(record: Record, shadow: IndexStore) -> Iterator[KeptMatch]:
    roots = root_names(record.index)
    for here, there in zip(cuts(record.index), cuts(shadow), strict=True):
        listed = clips(record.index, here)
        found = conform(record.index, here, listed, roots=roots)
        again = conform(shadow, there, clips(shadow, there), roots=roots)
        for row, one, other in zip(listed, found, again, strict=True):
            kept = _kept(record.index, row.key, one)
            if kept != _kept(shadow, row.key, other):
                yield kept


def _kept(store: IndexStore, clip: RecordId, match: Match) -> KeptMatch:
    named = [*match.candidates, *([match.version] if match.version is not None else [])]
    keys = {number: row.key for number, row in version_rows(store, named, places=False).items()}
    return KeptMatch(
        clip,
        match.method.value,
        match.confidence,
        keys[match.version] if match.version is not None else "",
        tuple(keys[one] for one in match.candidates),
        match.reason.value if match.reason is not None else "",
    )


def _accounts(record: Record, store: IndexStore) -> Sequence[tuple[str, Coverage | None]]:
    roots, point = root_names(record.index), record.ledger_point()

    def of(cut: CutRow) -> Coverage | None:
        if cut.rate is None:
            return None
        return coverage_of(load_cut(store, cut, roots=roots), production=record.title(), ledger=point)

    return [(cut.name, of(cut)) for cut in cuts(store)]
