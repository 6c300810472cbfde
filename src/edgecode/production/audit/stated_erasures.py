"""Whether what the log says of erasures could be carried out: two people approved, no hold was in force, and the clock ran forwards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from edgecode.errors import EdgecodeError
from edgecode.events.codec import commitment_holds, parse_leaf
from edgecode.events.kept_kinds import KEPT_KINDS
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import HoldLifted, HoldPlaced, PersonDepicted, PersonNoted
from edgecode.events.registry import Opaque, read_event
from edgecode.index.rights import class_of
from edgecode.ledger.store import LogStore
from edgecode.ledger.verify import Finding
from edgecode.people.retention import may_keep
from edgecode.production.log.reading import Erasures, StatedErasure, indexes_of_events
from edgecode.terms.identity import RecordId

MOST_BACK_MILLISECONDS = 86_400_000
"""How far the clock may fall back between two entries before it is said: one day."""

_CHUNK = 2_000
_TS = b'"ts":'
_LIFTED = f'"type":"{HoldLifted.TYPE}"'.encode()


def stated_findings(ledger: LogStore, erasures: Erasures) -> Iterator[Finding]:
    """Erasures that two people did not approve, and those that took what a hold kept on the day of their own entry."""
    for one in erasures.stated:
        thing = f"entry {one.entry}"
        if not one.approved:
            what = "an erasure that two people who could did not approve; it erases nothing, and somebody with the log's key recorded it"
            yield Finding("erasure.unapproved", thing, what)
        elif held := _taken_from_holds(ledger, one):
            what = f"the erasure took what {len(held)} hold{'s' * (len(held) > 1)} kept on the day of its entry, that was not lifted"
            yield Finding("erasure.held", thing, what)


def clock_findings(ledger: LogStore) -> Iterator[tuple[int, str]]:
    """(entry, sentence) where an entry is dated more than a day before an earlier one: a clock was put back, or had been put forward.

    What came through the inbox keeps the time of the machine that saw it. Reads every leaf once, about 1 µs each.
    """
    newest, at = 0, 0
    for first in range(0, ledger.entry_end(), _CHUNK):
        for place, leaf in enumerate(ledger.leaves(first, first + _CHUNK), first):
            ts = _time_in(leaf)
            if ts is None or b'"actor":"k:0000000000000000"' in leaf[:40]:
                continue
            if newest - ts > MOST_BACK_MILLISECONDS:
                yield place, f"dated {_day(ts)}, behind entry {at} of {_day(newest)}: a clock was wrong there or here"
                newest = ts
            if ts > newest:
                newest, at = ts, place


def _taken_from_holds(ledger: LogStore, erasure: StatedErasure) -> list[RecordId]:
    """Holds in force on the day of the erasure of whose person it took what they kept."""
    day = _day(erasure.ts)
    indexes = indexes_of_events(ledger, [gone.event for gone in erasure.event.fact.erased])
    holds: dict[RecordId, HoldPlaced] = {}
    taken: set[str] = set()
    for gone in erasure.event.fact.erased:
        event = _fact_of(ledger, indexes[gone.event]) if gone.event in indexes and "person" in gone.sections else None
        if isinstance(event, HoldPlaced) and (not event.fact.until or event.fact.until >= day):
            holds[event.fact.hold] = event
        if isinstance(event, PersonNoted):
            taken.add(event.fact.holds)
        if isinstance(event, PersonDepicted):
            taken.add("likeness")
        if isinstance(event, KEPT_KINDS):
            taken.add(class_of(event))
    keeping = {hold for hold, event in holds.items() if taken & set(event.fact.keeps) & may_keep(event.fact.why)}
    return sorted(keeping - _lifted(ledger, erasure.entry) if keeping else keeping)


def _lifted(ledger: LogStore, end: int) -> set[RecordId]:
    found = set()
    for first in range(0, end, _CHUNK):
        for entry in ledger.entries(first, min(first + _CHUNK, end)):
            event = _fact_of(ledger, entry.index) if _LIFTED in entry.leaf else None
            if isinstance(event, HoldLifted):
                found.add(event.fact.hold)
    return found


def _fact_of(ledger: LogStore, index: int) -> Event | Opaque | None:
    """The event as far as its `fact` says, which is open to everybody; None for what nobody committed to."""
    for entry in ledger.entries(index, index + 1):
        try:
            leaf = parse_leaf(entry.leaf)
            for section in entry.sections:
                committed = leaf.commitments.get("fact", "")
                if section.name == "fact" and commitment_holds(section.salt, section.data, committed):
                    return read_event(leaf.type, {"fact": section.data})
        except EdgecodeError:
            return None
    return None


def _time_in(leaf: bytes) -> int | None:
    place = leaf.find(_TS)
    end = leaf.find(b",", place)
    digits = leaf[place + len(_TS) : end]
    return int(digits) if place >= 0 and digits.isdigit() else None


def _day(milliseconds: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).strftime("%Y-%m-%d")
