"""The frames of sequences by their own bytes: which sequence, and which frame of it, a single file is."""

from collections.abc import Iterable

import msgspec

from edgecode.index.rows import data, ids_text, number, text
from edgecode.index.store import IndexStore


def frames_with(store: IndexStore, digests: Iterable[bytes]) -> dict[bytes, list[tuple[int, int]]]:
    """For each SHA-256 that is a frame of known sequences: (content, frame number), by content; others are left out."""
    marks = {mark_of(digest): digest for digest in digests}
    found: dict[bytes, list[tuple[int, int]]] = {}
    for row in store.rows("sequences_marked", ids_text(marks)) if marks else []:
        mark, content = number(row[0]), number(row[1])
        frame = _frame(store, content, marks[mark])
        if frame is not None:
            found.setdefault(marks[mark], []).append((content, frame))
    return found


def mark_of(digest: bytes) -> int:
    """Where to look for a frame: the first 48 bits of its digest."""
    return int.from_bytes(digest[:6], "big")


def frame_digests(store: IndexStore, content: int) -> list[tuple[int, bytes]]:
    """Every frame of a sequence in order: its number and SHA-256; empty when they were never recorded."""
    rows = store.rows("sequence_frames", content)
    if not rows:
        return []
    numbers, digests = _numbers(text(rows[0][0])), data(rows[0][1])
    return [(frame, digests[32 * i : 32 * i + 32]) for i, frame in enumerate(numbers)]


def _frame(store: IndexStore, content: int, digest: bytes) -> int | None:
    ((numbers, digests),) = store.rows("sequence_frames", content)
    position = data(digests).find(digest)
    while position >= 0 and position % 32:
        position = data(digests).find(digest, position + 1)
    return None if position < 0 else _numbers(text(numbers))[position // 32]


def _numbers(runs: str) -> list[int]:
    read = msgspec.json.decode(runs, type=list[tuple[int, int]])
    return [frame for first, last in read for frame in range(first, last + 1)]
