"""Where versions are used: the clips, over all cuts, that show them or anything made from them."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from edgecode.index.conform import Match, conform
from edgecode.index.cuts import ClipRow, CutRow, clips, cuts
from edgecode.index.lineage import impact
from edgecode.index.store import IndexStore


class ClipUse(Struct, frozen=True):
    """One clip that shows a version, or may: *sources* are the asked versions behind it; *is_possible*: the clip is ambiguous."""

    cut: CutRow
    clip: ClipRow
    match: Match
    sources: tuple[int, ...]
    is_possible: bool = False


def clips_using(
    store: IndexStore,
    versions: Iterable[int],
    *,
    roots: Mapping[str, Sequence[str]],
    among: Sequence[CutRow] | None = None,
) -> list[ClipUse]:
    """Every use of *versions* and of what was made from them, by cut and clip; in all cuts that nothing supersedes, or *among* some."""
    behind: dict[int, tuple[int, ...]] = {}
    for source in dict.fromkeys(versions):
        for made in {source, *impact(store, source)}:
            behind[made] = (*behind.get(made, ()), source)
    standing = [cut for cut in cuts(store) if not cut.superseded] if among is None else among
    return [use for cut in standing for use in _uses(store, cut, behind, roots)]


def _uses(
    store: IndexStore, cut: CutRow, behind: Mapping[int, tuple[int, ...]], roots: Mapping[str, Sequence[str]]
) -> list[ClipUse]:
    rows = clips(store, cut)
    found = []
    for row, match in zip(rows, conform(store, cut, rows, roots=roots), strict=True):
        shown = [match.version] if match.version is not None else list(match.candidates)
        sources = tuple(sorted({source for version in shown for source in behind.get(version, ())}))
        if sources:
            found.append(ClipUse(cut, row, match, sources, is_possible=match.version is None))
    return found
