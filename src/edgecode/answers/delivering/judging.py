"""What every compared frame says: the picture that was expected, another one, or nothing that could be told."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.delivering.likeness import ALIKE, CLEARLY, LEANS, apart, is_black, is_flat, leaning, likeness
from edgecode.answers.delivering.plan import Expected, SourceFrame, Stretch

Grids = Sequence[bytes]
"""The same picture as it may stand in the master's frame: whole, filled to its edges, with bars."""

Word = Literal["same", "flat", "other", "slipped", "late", "absent", "no source"]


class Seen(Struct, frozen=True):
    """What one frame says. *likeness*: in hundredths, None where it was not measured. *slip*: the least slip in frames that would show
    here, 0 where none would, since the pictures do not move.

    *word*: ``same``; ``flat``, both without a picture; ``other``, another picture; ``slipped``, the clip's neighbouring frame; ``late``,
    the clip beside this edit; ``absent``, the master has no such frame; ``no source``, nothing to compare with.
    """

    expected: Expected
    word: Word
    likeness: int | None = None
    slip: int = 0
    lies: int = 0
    """Towards which frame of the clip it lies that was seen instead, counted from the one expected; 0 of one that did not slip."""
    is_doubtful: bool = False
    """Whether it slipped between pictures that are so alike that one alone does not tell."""

    @property
    def differs(self) -> bool:
        """Whether the master shows something else here."""
        return self.word in ("other", "slipped", "late", "absent")


class Judged(Struct, frozen=True):
    """A stretch with what its frames say. *changed*: why its source is no evidence, "" where it is."""

    stretch: Stretch
    seen: tuple[Seen, ...] = ()
    changed: str = ""

    @property
    def first_difference(self) -> Seen | None:
        """The first frame of the stretch that differs."""
        return next((one for one in self.seen if one.differs), None)

    @property
    def compared(self) -> int:
        """How many frames were really compared."""
        return sum(one.word != "no source" for one in self.seen)


def judged(
    stretches: Sequence[Stretch],
    master: Mapping[int, bytes],
    sources: Mapping[SourceFrame, Grids],
    *,
    changed: Mapping[int, str] | None = None,
) -> list[Judged]:
    """Every stretch with what was seen. *master*: grids by frame of the cut; *changed*: by version, why its source is no evidence."""
    broken = changed or {}
    return [
        Judged(
            stretch,
            _settled([_seen(one, master.get(one.at), sources) for one in stretch.expected]),
            broken.get(stretch.version, "") if stretch.version is not None else "",
        )
        for stretch in stretches
    ]


def _settled(seen: Sequence[Seen]) -> tuple[Seen, ...]:
    """Slips in pictures that hardly move count only where most of what was compared leans the same way, and more than one picture does."""
    for way in (-1, 1):
        leaning_so = [one for one in seen if one.is_doubtful and one.lies * way > 0]
        measured = sum(one.slip > 0 for one in seen)
        if len(leaning_so) < 2 or len(leaning_so) * 2 <= measured:
            seen = [replace(one, word="same", lies=0) if one in leaning_so else one for one in seen]
    return tuple(seen)


def most_like(seen: bytes, sources: Mapping[SourceFrame, Grids], *, besides: SourceFrame | None) -> SourceFrame | None:
    """The picture of the sources at hand that *seen* is most like; None where none is alike."""
    found = [
        (max(likeness(seen, grid) for grid in grids), source) for source, grids in sources.items() if source != besides
    ]
    best = max(found, default=(0.0, None), key=lambda pair: pair[0])
    return best[1] if best[0] >= ALIKE else None


def _seen(one: Expected, grid: bytes | None, sources: Mapping[SourceFrame, Grids]) -> Seen:
    if grid is None:
        return Seen(one, "absent")
    if one.source is None:
        return Seen(one, "same" if is_black(grid) else "other")
    wanted = sources.get(one.source)
    if not wanted:
        return Seen(one, "no source")
    if is_flat(wanted[0]):
        return Seen(one, "flat" if is_flat(grid) else "other")
    measured = [likeness(grid, each) for each in wanted]
    shape = max(range(len(measured)), key=measured.__getitem__)
    alike = measured[shape]
    hundredths = int(alike * 100)
    if alike < ALIKE:
        return Seen(one, "other", hundredths)
    slipped, least, is_doubtful = _slipped(one, grid, wanted[shape], sources, shape)
    if (_leans(grid, wanted[shape], one.beyond, sources, shape) or 0) > LEANS:
        return Seen(one, "late", hundredths, least)
    return Seen(one, "slipped" if slipped else "same", hundredths, least, slipped, is_doubtful)


def _slipped(
    one: Expected, grid: bytes, wanted: bytes, sources: Mapping[SourceFrame, Grids], shape: int
) -> tuple[int, int, bool]:
    """Towards which frame beside it a picture lies (0: none), the least slip that would have shown, and whether that is in doubt."""
    slipped, least, is_doubtful = 0, 0, True
    for by, source in sorted(one.beside, key=lambda pair: abs(pair[0])):
        lean = _leans(grid, wanted, source, sources, shape)
        if lean is None:
            continue
        shows = abs(by) // 2 + 1 if abs(by) > 1 else 1
        least = min(least or shows, shows)
        if lean > LEANS and is_doubtful:
            is_clear = apart(wanted, sources[source][shape]) >= CLEARLY
            slipped, is_doubtful = (by, not is_clear) if is_clear or not slipped else (slipped, True)
    return slipped, least, bool(slipped) and is_doubtful


def _leans(
    grid: bytes,
    wanted: bytes,
    source: SourceFrame | None,
    sources: Mapping[SourceFrame, Grids],
    shape: int,
) -> float | None:
    """How far *grid* leans to another picture; None where there is none, or none that could be told apart."""
    grids = sources.get(source, ()) if source is not None else ()
    return leaning(grid, wanted, grids[shape]) if len(grids) > shape else None
