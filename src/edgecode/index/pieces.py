"""Accounts over frames: a version's account is one number where it is the same for all its frames, else spans. Pure arithmetic."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import TypeAlias

from edgecode.terms.evidence import Reason
from edgecode.terms.origins import Account, unaccounted

Span: TypeAlias = tuple[int, int, Account]
"""Frames from the first number up to, not including, the second, and what they are made of."""

Spread: TypeAlias = "Account | tuple[Span, ...]"
"""The account of a version inside its own extent: one for all its frames, or spans in frame order that fill the extent."""

START, END = -(1 << 62), 1 << 62
"""Stand for "no first frame" and "no end": no frame number of any file comes near."""

HOLE: Account = 1 << 41
"""Marks frames that a sequence does not have, while accounts are computed; never leaves the room."""

FOLLOWED: Account = 1 << 40
"""Marks frames that some followed input reaches, while accounts are computed; never leaves the room."""

SILENT: Account = 1 << 42
"""Marks frames outside of what a vendor's return covers, while accounts are computed; never leaves the room."""

OUTSIDE: Account = unaccounted(Reason.RANGE_OUTSIDE)

_FEW = 8
"""So many layers are looked through faster than sorted: nearly every version has fewer."""


def joined(first: int, end: int, layers: Sequence[Span]) -> tuple[Span, ...]:
    """Everything that lies over each frame of *first* … *end*, joined; neighbours with one account are one span."""
    edges = sorted({first, end, *(min(max(edge, first), end) for layer in layers for edge in layer[:2])})
    spans: list[Span] = []
    for low, high, over in lying_over(edges, layers):
        account = 0
        for bits in over:
            account |= bits
        if spans and spans[-1][2] == account:
            spans[-1] = (spans[-1][0], high, account)
        else:
            spans.append((low, high, account))
    return tuple(spans)


def lying_over(edges: Sequence[int], layers: Sequence[Span]) -> Iterator[tuple[int, int, Collection[Account]]]:
    """From each edge to the next the accounts of the layers that lie over all of it. *edges*: in order, each once; none lies inside a layer
    without being given, so that a layer lies over all of a part or over none of it."""
    if len(layers) <= _FEW:
        for low, high in pairwise(edges):
            yield low, high, [bits for start, stop, bits in layers if start <= low and high <= stop]
        return
    # A folder of thousands of stills has a layer for each: looking at all of them for every frame would take the square of their number.
    begins = sorted(range(len(layers)), key=lambda n: layers[n][0])
    open_: dict[int, Account] = {}
    ends: list[tuple[int, int]] = []
    waiting = 0
    for low, high in pairwise(edges):
        while waiting < len(begins) and layers[begins[waiting]][0] <= low:
            layer = begins[waiting]
            open_[layer] = layers[layer][2]
            heappush(ends, (layers[layer][1], layer))
            waiting += 1
        while ends and ends[0][0] <= low:
            del open_[heappop(ends)[1]]
        yield low, high, open_.values()


def settled(spans: Sequence[Span]) -> Spread:
    """Spans as the short form: one account where there is only one."""
    return spans[0][2] if len(spans) == 1 else tuple(spans)


def spans_of(spread: Spread, first: int, end: int) -> tuple[Span, ...]:
    """The long form over an extent."""
    return ((first, end, spread),) if isinstance(spread, int) else spread


def whole(spread: Spread) -> Account:
    """The union over all frames that exist: holes of a sequence are not frames that anything can have been made from."""
    if isinstance(spread, int):
        return spread
    account = 0
    for _, _, bits in spread:
        if not bits & HOLE:
            account |= bits
    return account


def reached(spans: Iterable[Span], first: int, end: int) -> Account:
    """The union over frames *first* … *end*; frames that no span holds are outside of what was recorded."""
    account, covered = 0, first
    for low, high, bits in spans:
        if high <= first or low >= end:
            continue
        if low > covered:
            account |= OUTSIDE
        account |= bits & ~HOLE
        covered = max(covered, high)
    return account if covered >= end else account | OUTSIDE
