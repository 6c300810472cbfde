"""Where a timeline inside an FCPXML document lies in the cut: its own clock, the window it is seen through, what of it is wanted."""

from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from edgecode.ingest.editorial.fcpxml_rows import Lane, Scope
from edgecode.ingest.editorial.fcpxml_time import FAR, ONE, Retime

Half: TypeAlias = Literal["picture", "sound"]
BOTH: frozenset[Half] = frozenset(("picture", "sound"))


class Slot(NamedTuple):
    """An element's place on the timeline around it: [*first*, *end*) of that timeline is its own, where *start* of its own lies at *first*.

    *low*, *high*: what is seen of it, in seconds of the cut, transitions beside it included; *side*: of which it is a side.
    """

    first: Fraction
    end: Fraction
    start: Fraction
    low: Fraction
    high: Fraction
    side: Literal["", "in", "out"] = ""


class Frame(NamedTuple):
    """Local time ``t`` of a timeline is ``base + t * pace`` seconds of the cut, seen within [low, high).

    *pace* is negative when it plays backwards. *lane*: the way of lanes from the storyline of its scope. *wants*: which of
    picture and sound are used. *unsure*: the frame rate was conformed, so source ranges are not exact. *depth*: elements around.
    """

    base: Fraction
    pace: Fraction
    low: Fraction
    high: Fraction
    scope: Scope
    lane: Lane = ()
    wants: frozenset[Half] = BOTH
    unsure: bool = False
    depth: int = 0

    def at(self, local: Fraction) -> Fraction:
        """A local time in seconds of the cut."""
        return self.base + (local if self.pace is ONE else local * self.pace)

    def window(self, first: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
        """Local [first, end) in seconds of the cut, cut down to what is seen; empty when the first is not below the second."""
        one, other = self.at(first), self.at(end)
        if self.pace < 0:
            one, other = other, one
        return max(one, self.low), min(other, self.high)

    def beside(self, slot: Slot) -> "Frame":
        """The timeline of an element in *slot* as what is connected to it sees it: not cut down, not retimed."""
        return self._replace(base=self.at(slot.first - slot.start), depth=self.depth + 1)

    def inside(self, slot: Slot, scope: Scope, retime: Retime | None) -> "Frame":
        """The timeline of a container in *slot*, its rows going to *scope*.

        A freeze and a curve get a free clock: what they hold is settled once their content is known.
        """
        inner = self.beside(slot)._replace(low=slot.low, high=slot.high, scope=scope, lane=())
        if retime is None:
            return inner
        if not retime.slope:
            return inner._replace(base=Fraction(0), pace=ONE, low=-FAR, high=FAR)
        # Original time v is shown at clip time  time + (v - value) / slope.
        pace = inner.pace / retime.slope
        return inner._replace(base=inner.at(retime.time) - retime.value * pace, pace=pace)
