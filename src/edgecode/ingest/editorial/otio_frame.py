"""Where a composition's own clock lies on the cut's clock: one straight line and a window, at any depth of nesting."""

from typing import Literal, NamedTuple

from edgecode.ingest.editorial.exact import Exact, divided
from edgecode.ingest.editorial.limits import MAX_FRAMES
from edgecode.terms.cuts import Effect, TrackKind


class Slot(NamedTuple):
    """An item on a track: local start and duration, what of it is seen (in frames of the cut), and its transition side."""

    start: Exact
    duration: Exact
    low: Exact
    high: Exact
    side: Literal["", "in", "out"] = ""


class Frame(NamedTuple):
    """Where a composition lies: its local time ``t`` is frame ``base + t * pace`` of the cut, seen within [low, high).

    *pace* is frames of the cut per local frame, negative when it plays backwards. *path*, *nest*, *effects*, *kind*, *enabled*:
    what its clips inherit. *where*: its place in the document, for diagnostics. *depth*: nested cuts around it.
    """

    base: Exact
    pace: Exact
    low: Exact
    high: Exact
    path: tuple[int, ...]
    kind: TrackKind
    enabled: bool = True
    nest: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    where: str = "tracks"
    depth: int = 0

    def window(self, first: Exact, end: Exact) -> tuple[Exact, Exact]:
        """Local [first, end) in frames of the cut, cut down to what is seen; empty when the first is not below the second."""
        a, b = self.base + first * self.pace, self.base + end * self.pace
        if self.pace < 0:
            a, b = b, a
        return max(a, self.low), min(b, self.high)

    def inside(self, slot: Slot, *, first: Exact, scale: Exact | None) -> "Frame":
        """The clock of a composition in *slot* that is trimmed to start at *first* and runs at *scale*.

        A freeze (0) and a curve (None) get a free clock of their own: what they hold is settled once their content is known.
        """
        if not scale:
            return self._replace(base=0, pace=1, low=-MAX_FRAMES, high=MAX_FRAMES)
        # Local time u of the content lies at start + (u - anchor) / scale of the parent; backwards it is anchored at its end.
        anchor = first if scale > 0 else first + slot.duration * -scale
        pace = divided(self.pace, scale)
        base = self.base + slot.start * self.pace - anchor * pace
        return self._replace(base=base, pace=pace, low=slot.low, high=slot.high)
