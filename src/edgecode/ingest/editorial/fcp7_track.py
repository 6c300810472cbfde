"""Where the items of an xmeml track lie: what -1 beside a transition means, and what overlaps without one."""

from collections.abc import Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from edgecode.errors import InputError
from edgecode.ingest.editorial.fcp7_words import Piece, number, rate_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate

_MOST_LANES = 64
"""No program writes two clips of a track over one another; a hostile file could ask for any number of lanes."""


def laid_out(items: Sequence[Element], place: str, rate: Rate) -> tuple[list[list[Piece]], list[Diagnostic]]:
    """The items of a track on as few lanes as hold them without an overlap that no transition makes; what has no place is said.

    Raises InputError ``cut.too_many_clips``.
    """
    problems: list[Diagnostic] = []
    lanes: list[list[Piece]] = []
    before: Piece | None = None
    for index, item in enumerate(items):
        where = f"{place}/{index}"
        if item.tag == "transitionitem":
            before = _transition(item, index, where, problems)
            if before is not None:
                _mixes(before, lanes)
            continue
        piece = _placed(items, index, where, rate, problems)
        if piece is not None:
            _join(piece, before, lanes)
        before = None
    return lanes, problems


def _transition(item: Element, index: int, where: str, problems: list[Diagnostic]) -> Piece | None:
    window = _window(item)
    if window is None:
        text = "a transition does not say how long it is: what it shows of its neighbours is not in the rows"
        problems.append(Diagnostic("transition.unreadable", text, path=where, effect="row-missing"))
        return None
    return Piece(item, index, window[0], window[1], window[0])


def _window(item: Element) -> tuple[Fraction, Fraction] | None:
    first, end = number(item, "start"), number(item, "end")
    return None if first is None or end is None or not 0 <= first < end else (first, end)


def _mixes(transition: Piece, lanes: list[list[Piece]]) -> None:
    """The item that a transition leads out of stands alone only up to it."""
    if not lanes:
        lanes.append([])
    lane = max(lanes, key=lambda each: each[-1].place if each else -1)
    if lane and not lane[-1].is_transition and lane[-1].end > transition.first >= lane[-1].first:
        lane[-1] = lane[-1]._replace(body_end=transition.first)
    lane.append(transition)


def _join(piece: Piece, before: Piece | None, lanes: list[list[Piece]]) -> None:
    if before is not None and before.first < piece.first <= before.end:
        piece = piece._replace(first=before.first, lead=piece.first - before.first)
    for lane in lanes:
        if not lane or lane[-1].body_end <= piece.first:
            lane.append(piece)
            return
    if len(lanes) >= _MOST_LANES:
        raise InputError(
            "cut.too_many_clips",
            f"more than {_MOST_LANES} clips of one track lie over one another",
            "Export the cut again from the editing program",
        )
    lanes.append([piece])


def _placed(items: Sequence[Element], index: int, where: str, rate: Rate, problems: list[Diagnostic]) -> Piece | None:
    """A clip's place. -1 is the edge of the transition beside it; without one, what its length says."""
    item = items[index]
    first, end = _edge(item, "start"), _edge(item, "end")
    before, after = _beside(items, index - 1), _beside(items, index + 1)
    first = before[0] if first is None and before else first
    end = after[1] if end is None and after else end
    if first is None or end is None:
        length = _length(item, rate)
        if length is None or (first is None and end is None):
            text = "nothing says where a clip lies"
            problems.append(Diagnostic("position.unreadable", text, path=where, effect="row-missing"))
            return None
        text = "a clip says only one of its edges and no transition the other: placed by its length"
        problems.append(Diagnostic("position.unsettled", text, path=where, effect="approximate"))
        first = end - length if first is None and end is not None else first
        end = first + length if end is None and first is not None else end
    if first is None or end is None or end <= first:
        text = "a clip ends before it starts, or lasts no time at all"
        problems.append(Diagnostic("record.empty", text, path=where, effect="row-missing"))
        return None
    if first < 0:
        text = "a clip starts before its sequence does; what lies before is not in the cut"
        problems.append(Diagnostic("position.unsettled", text, path=where, effect="approximate"))
        return Piece(item, index, Fraction(0), max(end, Fraction(0)), max(end, Fraction(0)), lead=first)
    return Piece(item, index, first, end, end)


def _edge(item: Element, name: str) -> Fraction | None:
    """A written edge; None for -1, which is written where a transition has it, and for what is no number."""
    value = number(item, name)
    return None if value is None or value == -1 else value


def _beside(items: Sequence[Element], index: int) -> tuple[Fraction, Fraction] | None:
    beside = 0 <= index < len(items) and items[index].tag == "transitionitem"
    return _window(items[index]) if beside else None


def _length(item: Element, rate: Rate) -> Fraction | None:
    """How long a clip is by its in and out, in frames of the sequence."""
    first, end = number(item, "in"), number(item, "out")
    if first is None or end is None or end <= first:
        return None
    own = rate_of(item) or rate
    return (end - first) * rate.fraction / own.fraction
