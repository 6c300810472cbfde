"""Sets of whole frames as spans: half open, in order, apart from each other. Pure arithmetic."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

FrameSpans: TypeAlias = tuple[tuple[int, int], ...]
"""Frames *first* up to, not including, *end*; spans in order that neither touch nor overlap."""

_ONE = re.compile(r"(-?\d{1,12})(?:\s*(?:-|–|to|\.\.)\s*(-?\d{1,12}))?")


def spans(pairs: Iterable[Sequence[int]]) -> FrameSpans:
    """Any (first, end) pairs as spans; empty ones are nothing."""
    found: list[tuple[int, int]] = []
    for first, end in sorted((pair[0], pair[1]) for pair in pairs if pair[0] < pair[1]):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return tuple(found)


def shared(one: FrameSpans, other: FrameSpans) -> FrameSpans:
    """The frames that are in both."""
    return spans((max(a, c), min(b, d)) for a, b in one for c, d in other)


def lacking(one: FrameSpans, other: FrameSpans) -> FrameSpans:
    """The frames of *one* that are not in *other*."""
    left: list[tuple[int, int]] = []
    for first, end in one:
        at = first
        for low, high in other:
            if low < end and high > at:
                left.append((at, min(low, end)))
                at = max(at, high)
        left.append((at, end))
    return spans(left)


def count(one: FrameSpans) -> int:
    """How many frames there are."""
    return sum(end - first for first, end in one)


def said_spans(one: FrameSpans) -> str:
    """As people write them, both ends included: ``1001-1048, 1060``."""
    return ", ".join(str(first) if end - first == 1 else f"{first}-{end - 1}" for first, end in one)


def read_spans(written: str) -> FrameSpans | None:
    """What `said_spans` writes, and what people write instead of it; None for anything else."""
    pairs: list[tuple[int, int]] = []
    for part in filter(None, (one.strip() for one in re.split(r"[,;\n]", written))):
        match = _ONE.fullmatch(part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            return None
        pairs.append((first, last + 1))
    return spans(pairs)
