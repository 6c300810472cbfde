"""Everything the index knows about one cut, gathered once, so that every answer about it starts from the same facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from edgecode.answers.cuts.accounts import Medium, Run, Told, account_frames, medium_of
from edgecode.answers.cuts.timecodes import CutClock
from edgecode.index.accounts import Piece
from edgecode.index.conform import Match
from edgecode.index.sweep import SweptRange
from edgecode.terms.cuts import Clip, Track, Transition
from edgecode.terms.identity import RecordId
from edgecode.terms.timebase import FrameRange


@dataclass(frozen=True, eq=False)
class CutView:
    """A cut with its matches and the accounts of its versions. *keys*: the record ids of *clips*, in the same order.

    A view never changes, so what follows from it is computed once.
    """

    cut: RecordId
    name: str
    clock: CutClock
    effects_visible: bool
    tracks: tuple[Track, ...]
    clips: tuple[Clip, ...]
    keys: tuple[RecordId, ...]
    ranges: Sequence[SweptRange]
    matches: Sequence[Match]
    pieces: Mapping[int, Sequence[Piece]]
    transitions: tuple[Transition, ...] = ()
    told: Told = field(default_factory=Told)
    otherwise: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """By clip that shows what somebody said it shows: the versions that it would show by what the cut says, or by what was said before."""
    passed_over: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """By clip for which somebody picked one of several versions that the cut leaves open: the others."""
    unread: int = 0
    """Entries of the record that this release cannot read: what they say is missing from every answer."""

    def runs(self, medium: Medium = "picture") -> list[Run]:
        """The accounts of every frame of the picture or of the sound. Sound that the cut does not carry has no frames."""
        return self._heard if medium == "sound" else self._seen

    @cached_property
    def _seen(self) -> list[Run]:
        return self._accounted("picture", self.clock.frames)

    @cached_property
    def _heard(self) -> list[Run]:
        return self._accounted("sound", self.clock.frames if self.carries_sound else 0)

    def _accounted(self, medium: Medium, frames: int) -> list[Run]:
        return account_frames(
            self.clips,
            self.ranges,
            self.matches,
            self.pieces,
            frames=frames,
            effects_visible=self.effects_visible,
            tracks=self.tracks,
            transitions=self.transitions,
            medium=medium,
            told=self.told,
        )

    @property
    def carries_sound(self) -> bool:
        """Whether the cut has sound at all; a picture list says nothing about the mix, so its sound is not counted as silence."""
        return any(track.kind == "sound" for track in self.tracks) or any(
            medium_of(clip, self.tracks) == "sound" for clip in self.clips
        )

    @cached_property
    def match_of(self) -> dict[int, Match]:
        """The matches by number of their clip."""
        return {match.clip: match for match in self.matches}

    @cached_property
    def reels(self) -> list[tuple[str, FrameRange]]:
        """Reels of the cut in order, which partition it: the input files when they follow one another, else the whole cut as 1."""
        if not self.clock.frames:
            return []
        spans: dict[int, tuple[int, int]] = {}
        for clip in self.clips:
            if not clip.path or clip.path[0] >= len(self.tracks):
                continue
            source = self.tracks[clip.path[0]].source
            low, high = spans.get(source, (self.clock.frames, 0))
            spans[source] = min(low, int(clip.record_in)), max(high, -int(-clip.record_out // 1))
        ordered = sorted(spans.values())
        follow = all(one[1] <= other[0] for one, other in pairwise(ordered))
        starts = [0, *(low for low, _ in ordered[1:])] if follow and ordered else [0]
        ends = [*starts[1:], self.clock.frames]
        whole = [FrameRange(low, high) for low, high in zip(starts, ends, strict=True) if low < high]
        return [(str(number), span) for number, span in enumerate(whole, 1)]
