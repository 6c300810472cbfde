"""What a USD layer depends on and says of its makers, as inspect/1 and as lines for people; names and prompts only when asked for."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from edgecode.answers.inspection.answer import SCHEMA
from edgecode.answers.layout.columns import printable

PERSONAL = ("creator", "contact", "prompt", "description")


class InspectedAuthorship(Struct, frozen=True):
    """Who says to have made a prim, by the fields of the proposal; *withheld*: fields that --reveal would show."""

    prim: str
    instance: str
    values: dict[str, str]
    withheld: tuple[str, ...] = ()


class UsdInspection(Struct, frozen=True, tag_field="kind", tag="usd"):
    """The whole answer of ``inspect`` for a USD layer. *references*: as the layer writes them. *layers*, *assets*: everything that the
    stage is read from, relative to the layer's folder. *unresolved*: what leads nowhere. *asset_info*: by prim."""

    sha256: str
    references: tuple[str, ...]
    layers: tuple[str, ...]
    assets: tuple[str, ...]
    unresolved: tuple[str, ...]
    authorship: tuple[InspectedAuthorship, ...]
    asset_info: dict[str, dict[str, str]]
    schema: Literal["edgecode.inspect/1"] = SCHEMA


def inspected_authorship(prim: str, instance: str, values: dict[str, str], *, reveal: bool) -> InspectedAuthorship:
    """One authorship; personal fields only with *reveal*."""
    shown = {key: value for key, value in values.items() if reveal or key not in PERSONAL}
    return InspectedAuthorship(prim, instance, shown, tuple(sorted(values.keys() - shown.keys())))


def usd_lines(found: UsdInspection) -> Iterator[str]:
    """The same for people."""
    yield from map(printable, _lines(found))


def _lines(found: UsdInspection) -> Iterator[str]:
    yield f"content     sha256 {found.sha256}"
    yield f"reads       {len(found.layers)} layers and {len(found.assets)} other files; {len(found.unresolved)} lead nowhere"
    yield from (f"nowhere     {path}" for path in found.unresolved)
    for prim, info in found.asset_info.items():
        yield f"asset       {prim}: {', '.join(f'{key} {value}' for key, value in info.items())}"
    for one in found.authorship:
        words = ", ".join(f"{key} {value}" for key, value in one.values.items())
        kept = f" ({len(one.withheld)} kept back: --reveal)" if one.withheld else ""
        yield f"made        {one.prim}: {words}{kept}"
