"""Which clip of one cut is which clip of another: by what they show and which part of it, never by where they stand.

Pure: it is handed clips with their identities and computes pairs. Product rules: reference "Provenance change list".
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from edgecode.answers.cuts.accounts import Medium
from edgecode.terms.cuts import Clip

_VERSION_TOKEN = re.compile(r"[._ -]?v\d+.*$", re.IGNORECASE)


class UsedClip(Struct, frozen=True, kw_only=True):
    """One clip of a cut as pairing sees it.

    *number*: its number in its view. *shows*: what it shows, equal for equal bytes, or for equal names where no version is known.
    *shot*: its name without the number of a version. *first*, *end*: the frames of the cut that it touches, half open, counted at the
    rate of the newer cut. *source_in*: the source frame seen at *first*, None where nobody can tell. *scale*: source frames for each
    frame of the newer cut, None where nobody can tell. *clock*: whose frames these are, the version's own or as the cut writes them;
    positions on different clocks are not compared.
    """

    number: int
    clip: Clip
    medium: Medium
    shows: str
    shot: str
    first: Fraction
    end: Fraction
    source_in: Fraction | None
    scale: Fraction | None
    clock: Literal["version", "cut"] = "cut"

    @property
    def frames(self) -> Fraction:
        """Its length in frames of the newer cut; a whole number unless the cuts run at different rates."""
        return self.end - self.first

    @property
    def source(self) -> tuple[Fraction, Fraction] | None:
        """The part of the source that it shows, low to high; None where that cannot be computed."""
        if self.source_in is None or self.scale is None:
            return None
        low, high = self.source_in, self.source_in + self.frames * self.scale
        return (low, high) if low <= high else (high, low)


class Pair(Struct, frozen=True):
    """A clip of the older cut and the same clip of the newer; *old* or *new* is None where it was added or removed."""

    old: UsedClip | None
    new: UsedClip | None
    moved: bool = False

    @property
    def difference(self) -> Fraction:
        """Frames of the newer cut that it grew by; negative where it shrank or went."""
        return (self.new.frames if self.new else Fraction(0)) - (self.old.frames if self.old else Fraction(0))

    @property
    def head(self) -> Fraction | None:
        """Frames that were added in front (negative: taken away); None where nobody can tell."""
        return _head(self.old, self.new)

    @property
    def tail(self) -> Fraction | None:
        """Frames that were added behind; *head* + *tail* is always *difference*."""
        head = self.head
        return None if head is None else self.difference - head

    @property
    def words(self) -> tuple[str, ...]:
        """What changed, in the words of the list; nothing for a clip that is the same."""
        if self.old is None:
            return ("added",)
        if self.new is None:
            return ("removed",)
        found = []
        if self.old.shows != self.new.shows:
            found.append("new version")
        if self.old.scale != self.new.scale:
            found.append("retimed")
        if self.difference:
            found.append("lengthened" if self.difference > 0 else "shortened")
        elif self.head:
            found.append("slipped")
        if self.moved:
            found.append("moved")
        return tuple(found)


def shot_of(name: str) -> str:
    """A clip's name without the number of a version and what follows it, for pairing versions of one shot."""
    stem = _VERSION_TOKEN.sub("", name.rpartition("/")[2].strip())
    return stem.casefold() or name.casefold()


def paired(old: Sequence[UsedClip], new: Sequence[UsedClip]) -> list[Pair]:
    """Every clip of both cuts exactly once, in the order of the newer cut; what was removed stands behind what it followed.

    First clips that show the same bytes and share source frames, most of them first; then what is left of the same bytes, in order; then
    versions of one shot.
    """
    pairs: list[tuple[UsedClip, UsedClip]] = []
    left_old, left_new = list(old), list(new)
    for name, needs_overlap in (("shows", True), ("shows", False), ("shot", True), ("shot", False)):
        found = _round(left_old, left_new, by=name, needs_overlap=needs_overlap)
        pairs += found
        gone_old, gone_new = {one.number for one, _ in found}, {one.number for _, one in found}
        left_old = [one for one in left_old if one.number not in gone_old]
        left_new = [one for one in left_new if one.number not in gone_new]
    moved = _moved(pairs)
    joined = [Pair(one, other, moved=one.number in moved) for one, other in pairs]
    return _in_order([*joined, *(Pair(None, one) for one in left_new)], [Pair(one, None) for one in left_old])


def _round(
    old: Iterable[UsedClip], new: Iterable[UsedClip], *, by: str, needs_overlap: bool
) -> list[tuple[UsedClip, UsedClip]]:
    """Pairs of one round; each clip at most once."""
    groups: dict[tuple[str, Medium], tuple[list[UsedClip], list[UsedClip]]] = defaultdict(lambda: ([], []))
    for side, clips in enumerate((old, new)):
        for clip in clips:
            groups[getattr(clip, by), clip.medium][side].append(clip)
    found = []
    for olds, news in groups.values():
        if not (olds and news):
            continue
        found += _overlapping(olds, news) if needs_overlap else _following(olds, news)
    return found


def _overlapping(olds: Sequence[UsedClip], news: Sequence[UsedClip]) -> list[tuple[UsedClip, UsedClip]]:
    """The pairs that share most of their source first; of equal ones those that stand nearest."""
    candidates = [
        (-shared, abs(one.frames - other.frames), abs(i - k), i, k)
        for i, one in enumerate(olds)
        for k, other in enumerate(news)
        if (shared := _shared(one, other)) > 0
    ]
    used_old, used_new, found = set(), set(), []
    for *_, i, k in sorted(candidates):
        if i not in used_old and k not in used_new:
            used_old.add(i)
            used_new.add(k)
            found.append((olds[i], news[k]))
    return found


def _following(olds: Sequence[UsedClip], news: Sequence[UsedClip]) -> list[tuple[UsedClip, UsedClip]]:
    return list(zip(sorted(olds, key=_place), sorted(news, key=_place), strict=False))


def _shared(one: UsedClip, other: UsedClip) -> Fraction:
    """Source frames that both show."""
    first, second = one.source, other.source
    if first is None or second is None or one.clock != other.clock:
        return Fraction(0)
    if first[0] == first[1] or second[0] == second[1]:  # A freeze shows one frame.
        return Fraction(1) if max(first[0], second[0]) <= min(first[1], second[1]) else Fraction(0)
    return max(Fraction(0), min(first[1], second[1]) - max(first[0], second[0]))


def _head(old: UsedClip | None, new: UsedClip | None) -> Fraction | None:
    if old is None or new is None:
        return Fraction(0)
    before, after, scale = old.source_in, new.source_in, new.scale
    if before is None or after is None or scale is None or old.clock != new.clock:
        return None
    return (before - after) / scale if scale else Fraction(0)


def _place(clip: UsedClip) -> tuple[Fraction, tuple[int, ...], int]:
    return clip.first, clip.clip.path, clip.number


def _moved(pairs: Iterable[tuple[UsedClip, UsedClip]]) -> set[int]:
    """Numbers of older clips that changed their track, or their order on it beyond what a ripple explains."""
    tracks: dict[tuple[Medium, int], list[tuple[UsedClip, UsedClip]]] = defaultdict(list)
    moved = set()
    for one, other in pairs:
        if one.clip.path[:1] != other.clip.path[:1]:
            moved.add(one.number)
        else:
            tracks[one.medium, one.clip.path[0] if one.clip.path else -1].append((one, other))
    for track in tracks.values():
        track.sort(key=lambda pair: _place(pair[0]))
        kept = _longest_rising([_place(other) for _, other in track])
        moved |= {one.number for at, (one, _) in enumerate(track) if at not in kept}
    return moved


def _longest_rising(places: Sequence[tuple[Fraction, tuple[int, ...], int]]) -> set[int]:
    """Positions of a longest strictly rising subsequence (patience sorting)."""
    tops: list[tuple[Fraction, tuple[int, ...], int]] = []
    at_top: list[int] = []
    before: list[int] = []
    for number, place in enumerate(places):
        pile = bisect_left(tops, place)
        before.append(at_top[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            at_top.append(number)
        else:
            tops[pile], at_top[pile] = place, number
    kept: set[int] = set()
    step = at_top[-1] if at_top else -1
    while step >= 0:
        kept.add(step)
        step = before[step]
    return kept


def _in_order(standing: Sequence[Pair], removed: Sequence[Pair]) -> list[Pair]:
    """By place in the newer cut; what was removed behind the clip that stood before it in the older one."""
    stayed = sorted(
        (_place(pair.old), _place(pair.new)) for pair in standing if pair.old is not None and pair.new is not None
    )
    keyed = [((_place(pair.new), 0, _place(pair.new)), pair) for pair in standing if pair.new is not None]
    nowhere = (Fraction(-1), (), -1)
    for pair in removed:
        assert pair.old is not None
        at = bisect_left(stayed, (_place(pair.old),)) - 1
        keyed.append(((stayed[at][1] if at >= 0 else nowhere, 1, _place(pair.old)), pair))
    return [pair for _, pair in sorted(keyed, key=lambda one: one[0])]
