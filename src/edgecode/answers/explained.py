"""Where explanations end: for versions on screen, the versions behind them that nothing explains, and what is known of these."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from edgecode.answers.open_subjects import VersionCard
from edgecode.answers.subjects import forward
from edgecode.index.catalogue import VersionRow, steps, version_rows
from edgecode.index.making import Making, gather
from edgecode.index.store import IndexStore

MediaRoots = Mapping[str, Sequence[str]]
"""The names under which each media root is known, the first one for people."""


def unexplained(store: IndexStore, versions: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """For each version, those behind it (itself included) that no step, no equal content and no answer explains, by dense id."""
    asked = list(dict.fromkeys(versions))
    made = gather(store, asked)
    known: dict[int, frozenset[int]] = {}
    for version in asked:
        _walk(made, version, known)
    return {version: tuple(sorted(known[version])) for version in asked if version in known}


def _walk(made: Making, start: int, known: dict[int, frozenset[int]]) -> None:
    """Leaves of everything behind *start*, inputs before outputs; each version once."""
    stack, opened = [start], set[int]()
    while stack:
        version = stack[-1]
        if version in known or version not in made.nodes:
            stack.pop()
            continue
        needs = [needed for needed in made.needs(version) if needed in made.nodes]
        if version not in opened:
            opened.add(version)
            stack += [needed for needed in needs if needed not in known]
            continue
        below = frozenset[int]().union(*(known.get(needed, frozenset()) for needed in needs))
        known[version] = below | {version} if _is_open(made, version) else below
        stack.pop()


def _is_open(made: Making, version: int) -> bool:
    explained = made.step(version) is not None or made.twins(version) or made.frames_of(version)
    return not explained and made.answer(version) is None


def version_cards(store: IndexStore, versions: Iterable[int], *, roots: MediaRoots) -> dict[int, VersionCard]:
    """Names, places and header facts of versions."""
    rows = version_rows(store, versions)
    made = steps(store, {row.step for row in rows.values() if row.step is not None})
    turnovers = {number: step.turnover for number, step in made.items()}
    return {
        number: _card(row, roots, turnovers.get(row.step, "") if row.step is not None else "")
        for number, row in rows.items()
    }


def _card(row: VersionRow, roots: MediaRoots, turnover: str) -> VersionCard:
    media = row.media
    return VersionCard(
        key=row.key,
        name=name_of(row),
        paths=spellings(row, roots),
        reel=media.reel if media else "",
        header=media.header_key if media else "",
        camera=media.camera if media else "",
        turnover=turnover,
        media_class=media.media_class if media else "other",
        seen=row.standing != "referred",
    )


def name_of(row: VersionRow) -> str:
    """What people call a version: the name in the record, else the name of its file, else the beginning of its record id."""
    return row.name or next((place.name for place in row.places), "") or f"version {row.key[:13]}"


def told_apart(rows: Iterable[VersionRow]) -> dict[int, str]:
    """Names of versions by dense id; those that share one are told apart by their folder, or by the whole place where that is shared."""
    rows = list(rows)
    names = {row.id: name_of(row) for row in rows}
    for length in (2, None):
        often = Counter(names.values())
        names |= {row.id: _end_of_place(row, length) or names[row.id] for row in rows if often[names[row.id]] > 1}
    return names


def _end_of_place(row: VersionRow, length: int | None) -> str:
    parts = next((place.text.split("/") for place in row.places), [])
    return "/".join(parts[-length:] if length else parts)


def spellings(row: VersionRow, roots: MediaRoots) -> tuple[str, ...]:
    """Every way in which people may write where a version lies: under each name of its root, and relative to it."""
    found: list[str] = []
    for place in row.places:
        names = roots.get(place.root, ())
        found += [f"{forward(name)}/{place.text}" for name in names]
        found.append(place.text)
    return tuple(dict.fromkeys(found))
