"""Takes what readers found into the record in batches: events are made, noted, recorded, and counted for the report."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from edgecode.events.kinds import Event, ModelKnown, SequenceSeen, StepPerformed, VersionSeen
from edgecode.ingest.known import Known, KnownSoFar
from edgecode.ingest.making import NewId, said_of_graph
from edgecode.ingest.register import events_for
from edgecode.ingest.seen import FileSeen, SequenceFound, Sighting
from edgecode.terms.cuts import Diagnostic

Record = Callable[[Callable[[], Sequence[Event]]], object]
"""Records the events that are made of what is known, durably, and brings that up to date before it returns; asks for them again when
somebody else recorded in between."""


class Intake(Struct, frozen=True):
    """What one scan or stream of records brought. *assets*: files and sequences looked at, *frames*: frames in sequences.

    *new*: versions recorded for the first time, *replaced*: versions that supersede others, *places*: further places of known
    ones, *steps*: acts of making, *models*: files of weights that were not known. *unchanged*: assets that told nothing new.
    *events*: how many events all that was written as.
    """

    assets: int = 0
    frames: int = 0
    unchanged: int = 0
    new: int = 0
    replaced: int = 0
    places: int = 0
    steps: int = 0
    models: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    events: int = 0


class Tally:
    """Counts events as they are made."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(
            ("assets", "frames", "unchanged", "new", "replaced", "places", "steps", "models", "events"), 0
        )
        self.diagnostics: list[Diagnostic] = []

    def asset(self, seen: FileSeen | SequenceFound, events: Sequence[Event]) -> None:
        """One file or sequence, and what it became."""
        self.counts["assets"] += 1
        self.counts["frames"] += len(seen.frames) if isinstance(seen, SequenceFound) else 0
        self.counts["unchanged"] += not events

    def events(self, events: Iterable[Event], known: Known) -> None:
        """Events about to be noted; *known* is what was known before them."""
        for event in events:
            self.counts["events"] += 1
            if isinstance(event, (VersionSeen, SequenceSeen)):
                if event.fact.supersedes:
                    self.counts["replaced"] += 1
                else:
                    self.counts["places" if known.is_version(event.fact.version) else "new"] += 1
            elif isinstance(event, StepPerformed):
                self.counts["steps"] += 1
                self.diagnostics += said_of_graph(event.graph)
            elif isinstance(event, ModelKnown):
                self.counts["models"] += 1

    def add(self, other: "Tally") -> None:
        """Both together."""
        for name, count in other.counts.items():
            self.counts[name] += count
        self.diagnostics += other.diagnostics

    def finished(self) -> Intake:
        """The report."""
        return Intake(**self.counts, diagnostics=tuple(self.diagnostics))


def take_in(
    items: Iterable[FileSeen | SequenceFound | Sighting | Diagnostic],
    *,
    known: Known,
    record: Record,
    new_id: NewId,
    batch: int = 1_000,
    sighted: Callable[[Sighting], object] = lambda sighting: None,
    reading: Callable[[], object] = lambda: None,
) -> Intake:
    """Record what a scan finds, *batch* things at a time. *known* answers from the record as it stands; *reading* is told once, when the
    first content was read. Whatever was recorded stays recorded when *items* ends early."""
    tally, waiting, began = Tally(), list[FileSeen | SequenceFound](), False
    try:
        for item in items:
            if isinstance(item, Diagnostic):
                tally.diagnostics.append(item)
                continue
            if isinstance(item, Sighting):
                sighted(item)
                continue
            if not began:
                began = True
                reading()
            waiting.append(item)
            if len(waiting) >= batch:
                taken, waiting = waiting, []
                tally.add(_recorded(taken, known=known, record=record, new_id=new_id))
    finally:
        if waiting:
            tally.add(_recorded(waiting, known=known, record=record, new_id=new_id))
    if not began:
        reading()
    return tally.finished()


def _recorded(items: Sequence[FileSeen | SequenceFound], *, known: Known, record: Record, new_id: NewId) -> Tally:
    """Record what *items* add to what is known when they are recorded, and count it."""
    tally = Tally()

    def judged() -> list[Event]:
        nonlocal tally
        tally, so_far, made = Tally(), KnownSoFar(known), list[Event]()
        for item in items:
            events = events_for(item, known=so_far, new_id=new_id)
            tally.asset(item, events)
            tally.events(events, so_far)
            so_far.note(events)
            made += events
        return made

    record(judged)
    return tally
