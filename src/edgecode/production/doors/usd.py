"""USD for people at the command line: what a layer is read from and says, and copies of it that carry names of the record."""

import os
from hashlib import sha256
from pathlib import Path

from edgecode.answers.inspection.usd import UsdInspection, inspected_authorship
from edgecode.drivers.apart import read_apart
from edgecode.ingest import usd
from edgecode.production.doors.readers import read_bytes


def inspect_usd(path: Path, *, reveal: bool) -> UsdInspection:
    """One layer and everything below it, read in processes of their own. Raises what `usd.dependencies`, `readers.read_bytes` and
    `apart.read_apart` raise."""
    data = read_bytes(path)
    layer = read_apart(f"{usd.__name__}:{usd.LayerSaid.__name__}", data, usd.UsdLayer, name=path.name)
    where = os.fsencode(path.resolve())
    below = read_apart(f"{usd.__name__}:{usd.DependenciesSaid.__name__}", where, usd.Dependencies, name=path.name)
    here = path.resolve().parent

    def beside(paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(os.path.relpath(one, here) if Path(one).is_absolute() else one for one in paths)

    return UsdInspection(
        sha256(data).hexdigest(),
        layer.references,
        beside(below.layers),
        beside(below.assets),
        beside(below.unresolved),
        tuple(inspected_authorship(one.prim, one.instance, one.values, reveal=reveal) for one in layer.authorship),
        layer.asset_info,
    )


def stamp_usd(
    path: Path, to: Path, *, prim: str, name: str, version: str, identifier: str, authored: dict[str, str]
) -> None:
    """A copy with `assetInfo` and, where *authored* says something, an authorship called ``edgecode``. Raises like `usd.stamp`."""
    given = {"name": name, "version": version, "identifier": f"edgecode:{identifier}" if identifier else ""}
    authorship = usd.Authorship(prim, "edgecode", authored) if authored else None
    info = {key: value for key, value in given.items() if value}
    usd.stamp(path, to, prim=prim, asset_info=info, authorship=authorship)
