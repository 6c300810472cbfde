"""The frames of sequences by their own bytes: of which sequence a single file is which frame, and which frames two have in common."""

from collections.abc import Iterable, Sequence

import msgspec

from edgecode.events.kinds import FrameMap
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


def kin_of(store: IndexStore, digests: Sequence[bytes]) -> list[int]:
    """Contents of known sequences that have frames with *digests*, one for each of them, the oldest: what has the same frame is kin of that
    one already."""
    marks: dict[int, list[bytes]] = {}
    for digest in digests:
        marks.setdefault(mark_of(digest), []).append(digest)
    met: dict[int, list[int]] = {}
    for mark, content in store.rows("sequences_marked", ids_text(marks)) if marks else []:
        met.setdefault(number(mark), []).append(number(content))
    frames: dict[int, set[bytes]] = {}
    found: set[int] = set()
    for mark, contents in met.items():
        for digest in marks[mark]:
            for content in contents:
                if content not in frames:
                    frames[content] = {one for _, one in frame_digests(store, content)}
                if digest in frames[content]:
                    found.add(content)
                    break
    return sorted(found)


def shared_frames(store: IndexStore, content: int, other: int) -> tuple[FrameMap, ...]:
    """Which frames of another sequence are, by their bytes, frames of this one."""
    theirs: dict[bytes, list[int]] = {}
    for frame, digest in frame_digests(store, other):
        theirs.setdefault(digest, []).append(frame)
    mine: dict[bytes, list[int]] = {}
    for frame, digest in frame_digests(store, content):
        if digest in theirs:
            mine.setdefault(digest, []).append(frame)
    found: list[FrameMap] = []
    for digest, frames in mine.items():
        if len(frames) == len(theirs[digest]) == 1:
            found.append(FrameMap("same", frames[0], frames[0] + 1, theirs[digest][0] - frames[0]))
        else:
            # Black, or held: all of them are the same picture. Of many that come and go, everything between them counts.
            outer, inner = _runs(frames), _runs(theirs[digest])
            inner = inner if len(outer) * len(inner) <= _FEW else [(inner[0][0], inner[-1][1])]
            found += [FrameMap("any", first, end, low, high - 1) for first, end in outer for low, high in inner]
    return _joined(found)


_FEW = 64


def _runs(frames: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for frame in sorted(frames):
        if found and found[-1][1] == frame:
            found[-1] = found[-1][0], frame + 1
        else:
            found.append((frame, frame + 1))
    return found


def _joined(maps: Iterable[FrameMap]) -> tuple[FrameMap, ...]:
    """The same with neighbours that lie equally far from their frames as one."""
    found: list[FrameMap] = []
    for one in sorted(maps, key=lambda one: (one.kind, one.first, one.low)):
        last = found[-1] if found else None
        if last is not None and one.kind == last.kind == "same" and (last.end, last.low) == (one.first, one.low):
            found[-1] = FrameMap("same", last.first, one.end, one.low)
        else:
            found.append(one)
    return tuple(found)


def _frame(store: IndexStore, content: int, digest: bytes) -> int | None:
    ((numbers, digests),) = store.rows("sequence_frames", content)
    position = data(digests).find(digest)
    while position >= 0 and position % 32:
        position = data(digests).find(digest, position + 1)
    return None if position < 0 else _numbers(text(numbers))[position // 32]


def _numbers(runs: str) -> list[int]:
    read = msgspec.json.decode(runs, type=list[tuple[int, int]])
    return [frame for first, last in read for frame in range(first, last + 1)]
