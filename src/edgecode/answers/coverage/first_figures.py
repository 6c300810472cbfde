"""First figures of a scan: what names, timecodes and headers alone can match of a cut, before a single file was hashed."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec
from msgspec import Struct

from edgecode.answers.cuts.accounts import Match, medium_of, weakest_method
from edgecode.answers.cuts.loading import load_cut
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import counted
from edgecode.events.codec import Leaf
from edgecode.events.cut_facts import cut_added
from edgecode.events.kinds import Event, SequenceBytes, SequenceSeen, VersionBytes, VersionSeen
from edgecode.events.registry import Recorded
from edgecode.index.cuts import cuts
from edgecode.index.projector import project, watermark
from edgecode.index.store import IndexStore
from edgecode.ingest.known import NothingKnown
from edgecode.ingest.register import preview_of
from edgecode.ingest.seen import Sighting
from edgecode.terms.cuts import CutReading
from edgecode.terms.evidence import ConformMethod, Visibility
from edgecode.terms.identity import RecordId

NOWHERE = bytes(32)


class FirstFigures(Struct, frozen=True):
    """Frames of picture of all cuts by how they could be matched so far; black counts as matched by path."""

    assets: int
    clips: int
    frames: int
    by_id: int
    by_path: int
    by_name: int
    unmatched: int

    def sentence(self) -> str:
        """For people, while the rest is being read."""
        held = (
            counted(self.clips, "clip"),
            counted(self.frames, "frame"),
            counted(self.assets, "file or sequence", "files and sequences"),
        )
        matched = (
            f"{counted(self.by_path, 'frame')} matched by path",
            f"{self.by_id:,} by id",
            f"{self.by_name:,} by name or timecode",
            f"{self.unmatched:,} not matched yet",
        )
        return f"{', '.join(held)}: {', '.join(matched)}"


class Preview:
    """Gathers sightings in an index that is thrown away; nothing of it is ever recorded."""

    def __init__(
        self,
        readings: Sequence[CutReading],
        *,
        store: IndexStore,
        roots: Mapping[str, Sequence[str]],
        new_id: Callable[[], RecordId],
    ) -> None:
        self._store, self._roots, self._new_id = store, roots, new_id
        self._assets = 0
        self._events: list[Event] = [
            cut_added(reading, cut=new_id(), clip_ids=[new_id() for _ in reading.clips])
            for reading in readings
            if reading.rate is not None
        ]

    def add(self, sighting: Sighting) -> None:
        """One file or sequence whose header was read."""
        self._assets += 1
        bare = msgspec.structs.replace(sighting, generation=None)
        self._events += map(_as_read, preview_of(bare, known=NothingKnown(), new_id=self._new_id))

    def figures(self) -> FirstFigures:
        """What could be matched of all cuts together."""
        size, _ = watermark(self._store)
        leaf = Leaf(self._new_id(), 0, "preview/1", "k:00000000", (), {})
        recorded = [Recorded(size + place, leaf, event) for place, event in enumerate(self._events)]
        self._events = []
        project(self._store, recorded, size=size + len(recorded), root=NOWHERE)
        views = [load_cut(self._store, row, roots=self._roots) for row in cuts(self._store)]
        counts = dict.fromkeys(ConformMethod, 0)
        for view in views:
            for method, frames in _by_method(view).items():
                counts[method] += frames
        return FirstFigures(
            assets=self._assets,
            clips=sum(len(view.clips) for view in views),
            frames=sum(view.clock.frames for view in views),
            by_id=counts[ConformMethod.ID],
            by_path=counts[ConformMethod.CONTENT],
            by_name=counts[ConformMethod.INFERRED] + counts[ConformMethod.DECLARED],
            unmatched=counts[ConformMethod.NONE],
        )


def _as_read(event: Event) -> Event:
    """The event as if its bytes had been read: a stand-in digest, so that conform treats the file as present."""
    if isinstance(event, VersionSeen):
        return msgspec.structs.replace(event, bytes=VersionBytes(_stand_in(event.fact.version), 0))
    if isinstance(event, SequenceSeen):
        return msgspec.structs.replace(event, bytes=SequenceBytes(_stand_in(event.fact.version), 0, ()))
    return event


def _stand_in(version: RecordId) -> str:
    return sha256(version.encode()).hexdigest()


def _by_method(view: CutView) -> dict[ConformMethod, int]:
    """Frames of picture by the weakest match among what is seen; a frame with nothing on it is an edit decision."""
    matches = view.match_of
    counts = dict.fromkeys(ConformMethod, 0)
    covered = 0
    for swept in view.ranges:
        first, end = max(int(swept.start), 0), min(-int(-swept.end // 1), view.clock.frames)
        seen = [
            _method(matches.get(clip))
            for clip, visibility in swept.seen
            if visibility is not Visibility.HIDDEN and medium_of(view.clips[clip], view.tracks) == "picture"
        ]
        if seen and end > max(first, covered):
            counts[weakest_method(seen)] += end - max(first, covered)
            covered = end
    counts[ConformMethod.CONTENT] += view.clock.frames - sum(counts.values())
    return counts


def _method(match: Match | None) -> ConformMethod:
    if match is None or match.reason is not None:
        return ConformMethod.NONE
    return match.method
