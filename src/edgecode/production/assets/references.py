"""What is said of versions and places that other programs refer to (docs/decisions/0021-asset-door.md)."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from edgecode.answers.assets import Asset
from edgecode.answers.naming import version_meant
from edgecode.errors import NotFoundError
from edgecode.index.catalogue import (
    VersionRow,
    edge_code,
    made_into,
    steps,
    superseding,
    twins,
    version,
    version_at,
    version_rows,
)
from edgecode.index.store import IndexStore
from edgecode.ingest.walk import MediaRoot
from edgecode.terms.places import Place
from edgecode.terms.references import read_reference, reference_to_place, reference_to_version
from edgecode.terms.steps import InputRole

_DIGITS_AT_MOST = 12


class Assets:
    """Answers about references, from one state of a production's index. *roots*: the media roots that are mounted here."""

    def __init__(self, store: IndexStore, roots: Iterable[MediaRoot]) -> None:
        self._store = store
        self._roots: Mapping[str, Path] = {root.id: root.path for root in roots}

    def row(self, written: str) -> VersionRow:
        """The version that somebody means: by a reference, or by anything else that names one.

        Raises InputError ``asset.reference`` and ``version.ambiguous``, NotFoundError ``asset.nothing_there`` and ``version.unknown``.
        """
        meant = read_reference(written)
        if isinstance(meant, Place):
            row = version_at(self._store, meant.root, meant.path)
        else:
            row = version_meant(self._store, written) if meant is None else version(self._store, meant)
        if row is None:
            raise NotFoundError(
                "asset.nothing_there",
                "nothing on record answers to this reference",
                "Scan the folder, publish it, or take a reference of this production",
            )
        return row

    def found(self, written: str) -> Asset:
        """What is said of a reference; of a place at which nothing is recorded, where it lies. Raises like `row` for anything else."""
        meant = read_reference(written)
        if isinstance(meant, Place) and version_at(self._store, meant.root, meant.path) is None:
            return Asset(written, file=written, path=self._path(meant))
        return self.asset(self.row(written))

    def asset(self, row: VersionRow) -> Asset:
        """Everything that is said of a version."""
        place = row.places[0] if row.places else None
        path = self._path(place) if place is not None else ()
        code, media = edge_code(self._store, row), row.media
        return Asset(
            reference=reference_to_version(row.key),
            version=row.key,
            name=row.name or (place.name if place is not None else ""),
            kind=media.media_class if media is not None else "",
            edge_code=str(code) if code is not None else "",
            file=reference_to_place(place) if place is not None else "",
            path=path,
            padding=_padding(path, row.first) if len(path) > 1 else 0,
            first=row.first,
            last=row.end - 1 if row.end is not None else None,
            rate=media.rate if media is not None else "",
            width=media.width if media is not None else 0,
            height=media.height if media is not None else 0,
            made=self._made(row),
        )

    def made_from(self, row: VersionRow, roles: Sequence[InputRole]) -> list[Asset]:
        """The inputs of the steps that made these bytes, in recorded order, each once. *roles*: only these; none: all."""
        makers = steps(self._store, self._makers(row))
        used = [one.version for step in makers.values() for one in step.inputs if not roles or one.role in roles]
        return self._listed(used)

    def made_into(self, row: VersionRow, roles: Sequence[InputRole]) -> list[Asset]:
        """What steps made from these bytes directly, in the order in which it came on record."""
        of = {row.id, *(one.id for one in twins(self._store, row))}
        made = [one for one, role in made_into(self._store, sorted(of)) if not roles or role in roles]
        return self._listed(one for one in made if one not in of)

    def versions(self, row: VersionRow) -> list[Asset]:
        """The versions that replaced it or that it replaced at its place, itself among them, the newest first."""
        found, waiting = dict[int, VersionRow](), [row]
        while waiting:
            one = waiting.pop()
            if one.id in found:
                continue
            found[one.id] = one
            waiting += version_rows(self._store, superseding(self._store, one.id)).values()
            before = version(self._store, one.supersedes) if one.supersedes else None
            waiting += [before] if before is not None else []
        return [self.asset(one) for one in sorted(found.values(), key=lambda one: -one.log_index)]

    def _listed(self, versions: Iterable[int]) -> list[Asset]:
        wanted = list(dict.fromkeys(versions))
        rows = version_rows(self._store, wanted)
        return [self.asset(rows[one]) for one in wanted if one in rows]

    def _makers(self, row: VersionRow) -> list[int]:
        if row.step is not None:
            return [row.step]
        return [one.step for one in twins(self._store, row) if one.step is not None]

    def _made(self, row: VersionRow) -> str:
        made = list(steps(self._store, self._makers(row)).values())
        return made[0].kind.value if made else ""

    def _path(self, place: Place) -> tuple[str, ...]:
        """Where it lies on this machine, in two parts around the frame number; () where its root is not mounted, or its name is no text."""
        root = self._roots.get(place.root)
        if root is None:
            return ()
        parts = tuple(Place(place.root, part, "").relative for part in place.path.split("*"))
        try:
            first, *rest = (part.decode() for part in parts)
        except UnicodeDecodeError:
            return ()
        return (os.path.join(root, first), *rest)  # noqa: PTH118  What stands before the number is no path of its own.


def _padding(path: tuple[str, ...], first: int | None) -> int:
    """How many digits the frame numbers of a sequence have, told from its first frame; 0 where that is not there."""
    before, after = path
    number = first or 0
    widths = range(len(str(abs(number))), _DIGITS_AT_MOST + 1)
    sign = "-" if number < 0 else ""
    return next((width for width in widths if Path(f"{before}{sign}{abs(number):0{width}d}{after}").is_file()), 0)
