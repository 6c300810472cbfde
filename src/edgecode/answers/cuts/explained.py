"""Where explanations end: for versions on screen, the versions behind them that nothing explains, and what is known of these."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from edgecode.answers.cuts.open_subjects import VersionCard
from edgecode.answers.cuts.subjects import CAMERA_REEL, forward
from edgecode.index.catalogue import VersionRow, steps, version_rows
from edgecode.index.making import Making, gather
from edgecode.index.rows import number
from edgecode.index.store import IndexStore
from edgecode.index.targets import folded

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
        known[version] = below | _open_names(made, version)
        stack.pop()


def _open_names(made: Making, version: int) -> frozenset[int]:
    """The version, if nothing accounts for all of it; the sequences that hold it as a frame stand for a single frame."""
    if made.is_explained(version) or made.answer(version) is not None:
        return frozenset()
    return frozenset(holder for holder, _ in made.frames_of(version)) or frozenset({version})


def version_cards(store: IndexStore, versions: Iterable[int], *, roots: MediaRoots) -> dict[int, VersionCard]:
    """Names, places and header facts of versions."""
    rows = version_rows(store, versions)
    made = steps(store, {row.step for row in rows.values() if row.step is not None})
    turnovers = {number: step.turnover for number, step in made.items()}
    doubtful = _doubtful(store, rows)
    return {
        number: _card(
            row, roots, turnovers.get(row.step, "") if row.step is not None else "", is_doubtful=number in doubtful
        )
        for number, row in rows.items()
    }


def _doubtful(store: IndexStore, rows: Mapping[int, VersionRow]) -> set[int]:
    """Versions whose reel another version of another content carries too: an original and its copies for viewing look alike.

    The one with the largest picture is no copy; parts of one recording are of one format and size, and none of them is in doubt.
    """
    by_reel: dict[str, list[int]] = {}
    for identity, row in rows.items():
        if reel := _reel_of(row):
            by_reel.setdefault(folded(reel), []).append(identity)
    found: set[int] = set()
    for reel, asked in by_reel.items():
        others = version_rows(store, [number(one[0]) for one in store.rows("versions_of_reel", reel)])
        everything = {**others, **{identity: rows[identity] for identity in asked}}.values()
        found |= {one for one in asked if any(_may_be_copy(rows[one], other) for other in everything)}
    return found


def _reel_of(row: VersionRow) -> str:
    """The source reel in a file's header, else the one that its name begins with."""
    match = CAMERA_REEL.match(name_of(row).upper())
    return (row.media.reel if row.media is not None else "") or (match[0] if match else "")


def _may_be_copy(row: VersionRow, other: VersionRow) -> bool:
    one, two = row.media, other.media
    if (
        one is None
        or two is None
        or row.content == other.content
        or (one.media_class == "audio") != (two.media_class == "audio")
    ):
        return False
    size, other_size = one.width * one.height, two.width * two.height
    alike = (one.media_type, one.media_class, size) == (two.media_type, two.media_class, other_size)
    return not alike and not size > other_size > 0


def _card(row: VersionRow, roots: MediaRoots, turnover: str, *, is_doubtful: bool) -> VersionCard:
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
        is_doubtful=is_doubtful,
    )


def name_of(row: VersionRow) -> str:
    """What people call a version: the name in the record, else the name of its file, else the beginning of its record id."""
    state = "erased version" if row.erased else "version"
    return row.name or next((place.name for place in row.places), "") or f"{state} {row.key[:13]}"


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
