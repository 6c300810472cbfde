"""Takes what readers found into the record in batches: events are made, noted, recorded, and counted for the report."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from edgecode.events.kinds import Event, ModelKnown, SequenceSeen, StepPerformed, VersionSeen
from edgecode.ingest.known import Known, KnownSoFar
from edgecode.ingest.making import NewId, said_of_graph
from edgecode.ingest.register import events_for
from edgecode.ingest.seen import FileSeen, SequenceFound, Sighting
from edgecode.terms.cuts import Diagnostic

Record = Callable[[Sequence[Event]], object]
"""Records events durably and brings what is known up to date before it returns."""


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

    def finished(self) -> Intake:
        """The report."""
        return Intake(**self.counts, diagnostics=tuple(self.diagnostics))


def take_in(
    items: Iterable[FileSeen | SequenceFound | Sighting | Diagnostic],
    *,
    known: Callable[[], Known],
    record: Record,
    new_id: NewId,
    batch: int = 1_000,
    sighted: Callable[[Sighting], object] = lambda sighting: None,
    reading: Callable[[], object] = lambda: None,
) -> Intake:
    """Record what a scan finds. *known* answers from the record as it stands; *reading* is told once, when the first content
    was read. Whatever was recorded stays recorded when *items* ends early."""
    tally, waiting, so_far, began = Tally(), list[Event](), KnownSoFar(known()), False
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
            events = events_for(item, known=so_far, new_id=new_id)
            tally.asset(item, events)
            tally.events(events, so_far)
            so_far.note(events)
            waiting += events
            if len(waiting) >= batch:
                record(waiting)
                waiting, so_far = [], KnownSoFar(known())
    finally:
        if waiting:
            record(waiting)
    if not began:
        reading()
    return tally.finished()
