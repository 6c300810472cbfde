"""How many frames a second an EDL counts. The file does not say; plain cuts can tell, and nothing is ever assumed.

A plain cut shows as many source frames as record frames. Counted at a wrong rate, a cut whose source and record cross a
different number of seconds has unequal lengths. The one rate at which most plain cuts are equal is the list's; several, or
none, and it stays unknown (pipeline page, section 5.2).
"""

import re
from typing import NamedTuple

from edgecode.errors import InputError
from edgecode.ingest.editorial.edl_lines import Event, EventLine
from edgecode.terms.timebase import Rate, day_length, frame_of_label, label_says_drop_frame

_NOMINALS = (24, 25, 30, 48, 50, 60, 72, 90, 96, 100, 120)
PULLED_DOWN = (30, 60, 120)
"""Labels a second that drop-frame exists for."""

_MOST_VOTERS = 2_000


class Solved(NamedTuple):
    """*nominal*: labels a second, None when the list cannot tell. *least*: one more than the highest frame field in it.

    *drop_frame*: the list counts drop-frame. *equal*, *voters*: how many plain cuts agree, of how many.
    """

    nominal: int | None
    least: int
    drop_frame: bool
    equal: int
    voters: int

    @property
    def rate(self) -> Rate | None:
        """The rate; drop-frame only exists beside 29.97 and its multiples, other labels count whole frames a second."""
        if self.nominal is None:
            return None
        if self.drop_frame and self.nominal in PULLED_DOWN:
            return Rate.of(f"{self.nominal * 1000}/1001")
        return Rate(self.nominal)


def drops_of(labels: tuple[str, ...], mode: bool | None) -> tuple[bool, ...]:
    """For each label of an event whether it counts drop-frame: separators win, and where none says so the frame count mode."""
    said = tuple(map(label_says_drop_frame, labels))
    return said if any(said) else (bool(mode),) * len(labels)


def frame_at(label: str, rate: Rate, *, drop_frame: bool) -> int:
    """The frame that a label names: of a timecode, or the number itself. Raises InputError as `frame_of_label` does."""
    return int(label) if label.isdecimal() else frame_of_label(label, rate, drop_frame=drop_frame)


def solve_rate(events: list[Event]) -> Solved:
    """Solve the rate from the plain cuts that have a length."""
    lines = [line for event in events for line in event.lines]
    fields = sorted(_frame_field(label) for line in lines for label in line.labels if not label.isdecimal())
    plain = _plain_cuts(events)
    drop_frame = sum(any(drops_of(line.labels, line.drop)) for line in lines) * 2 > len(lines)
    # One garbled label must not outlaw every rate: a field that hardly any label of a long list reaches is no bound.
    least = (fields[-1 - len(fields) // 200] if fields else 0) + 1
    votes = {nominal: _equal_cuts(plain, nominal) for nominal in _NOMINALS if nominal >= least}
    most = max(votes.values(), default=0)
    winners = [nominal for nominal, count in votes.items() if count == most]
    decided = len(winners) == 1 and most * 2 > len(plain)
    if not decided and drop_frame and _only_drop_frame(lines) and 25 < least <= 30:
        winners, decided = [30], True
    return Solved(winners[0] if decided else None, least, drop_frame, most, len(plain))


def plain_cuts_at(events: list[Event], rate: Rate) -> int:
    """How many of the plain cuts that `solve_rate` asks have equally long sides at *rate*."""
    return _equal_cuts(_plain_cuts(events), rate.nominal)


def _plain_cuts(events: list[Event]) -> list[EventLine]:
    return [
        line
        for event in events
        for line in event.lines
        if not event.motions and line.kind == "C" and line.labels[2] != line.labels[3]
    ][:_MOST_VOTERS]


def _only_drop_frame(lines: list[EventLine]) -> bool:
    """Whether separators say drop-frame: then frame fields from 25 to 29 are 29.97 and nothing else."""
    return any(label_says_drop_frame(label) for line in lines for label in line.labels)


def _frame_field(label: str) -> int:
    return int(re.split(r"[:;.,]", label)[3])


def _equal_cuts(lines: list[EventLine], nominal: int) -> int:
    """How many cuts have equally long source and record at *nominal* labels a second."""
    rate = Rate(nominal)
    equal = 0
    for line in lines:
        drops = drops_of(line.labels, line.drop) if nominal in PULLED_DOWN else (False,) * 4
        try:
            a, b, c, d = (
                frame_at(label, rate, drop_frame=drop) for label, drop in zip(line.labels, drops, strict=True)
            )
        except InputError:
            continue
        equal += (b - a - (d - c)) % day_length(rate, drop_frame=drops[2]) == 0
    return equal
