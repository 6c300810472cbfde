"""What every compared frame says: the picture that was expected, another one, or nothing that could be told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.delivering.likeness import ALIKE, CLEARLY, LEANS, apart, is_black, is_flat, leaning, likeness
from edgecode.answers.delivering.plan import Expected, SourceFrame, Stretch

Grids = Sequence[bytes]
"""The same picture as it may stand in the master's frame: whole, filled to its edges, with bars."""

Word = Literal["same", "flat", "other", "slipped", "late", "absent", "no source"]


class Lean(Struct, frozen=True):
    """How far a picture leans towards the frame *by* frames off in its clip. *is_faint*: the two are so alike that one picture alone does
    not tell."""

    by: int
    leaning: float
    is_faint: bool

    @property
    def shows(self) -> int:
        """The least slip in frames that would lean over: more than half the way."""
        return abs(self.by) // 2 + 1 if abs(self.by) > 1 else 1


class Seen(Struct, frozen=True):
    """What one frame says. *likeness*: in hundredths, None where it was not measured.

    *word*: ``same``; ``flat``, both without a picture; ``other``, another picture; ``slipped``, the clip's neighbouring frame; ``late``,
    the clip beside this edit; ``absent``, the master has no such frame; ``no source``, nothing to compare with. *lies*: towards which frame
    of the clip one slipped, counted from the one expected.
    """

    expected: Expected
    word: Word
    likeness: int | None = None
    leans: tuple[Lean, ...] = ()
    lies: int = 0

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


def slip_shown(seen: Sequence[Seen]) -> int:
    """The least slip in frames that would show in a stretch; 0: none would, since its pictures do not move."""
    clear = [lean.shows for one in seen for lean in one.leans if not lean.is_faint]
    faint = [group[0].shows for group in _faint(seen).values() if len(group) > 1]
    return min([*clear, *faint], default=0)


def _faint(seen: Sequence[Seen]) -> dict[tuple[bool, bool], list[Lean]]:
    """The faint leans of a stretch together: those backwards and forwards, near and far, each apart."""
    found: dict[tuple[bool, bool], list[Lean]] = {}
    for one in seen:
        for lean in one.leans:
            if lean.is_faint:
                found.setdefault((lean.by > 0, abs(lean.by) > 1), []).append(lean)
    return {key: sorted(group, key=lambda lean: -lean.shows) for key, group in found.items()}


def _settled(seen: Sequence[Seen]) -> tuple[Seen, ...]:
    """With the word of frames that slipped. Faint leans count only together: two of a kind or more, and most of their kind."""
    believed = {
        key
        for key, group in _faint(seen).items()
        if (over := sum(lean.leaning > LEANS for lean in group)) > 1 and over * 2 > len(group)
    }
    return tuple(_with_slip(one, believed) for one in seen)


def _with_slip(one: Seen, believed: set[tuple[bool, bool]]) -> Seen:
    over = [
        lean
        for lean in one.leans
        if lean.leaning > LEANS and (not lean.is_faint or (lean.by > 0, abs(lean.by) > 1) in believed)
    ]
    if one.word != "same" or not over:
        return one
    return replace(one, word="slipped", lies=min(over, key=lambda lean: abs(lean.by)).by)


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
    if (_leans(grid, wanted[shape], one.beyond, sources, shape) or 0) > LEANS:
        return Seen(one, "late", hundredths)
    return Seen(one, "same", hundredths, tuple(_leans_beside(one, grid, wanted[shape], sources, shape)))


def _leans_beside(
    one: Expected, grid: bytes, wanted: bytes, sources: Mapping[SourceFrame, Grids], shape: int
) -> Iterator[Lean]:
    for by, source in one.beside:
        lean = _leans(grid, wanted, source, sources, shape)
        if lean is not None:
            yield Lean(by, lean, apart(wanted, sources[source][shape]) < CLEARLY)


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
