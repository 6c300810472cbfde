"""The packs that ship, read from the checkout."""

from functools import cache
from pathlib import Path

from edgecode.checks.rules.pack import Pack
from edgecode.checks.rules.pack_reading import read_pack

PACKS = Path(__file__).resolve().parents[1] / "src" / "edgecode" / "checks" / "packs"


@cache
def shipped() -> tuple[Pack, ...]:
    """Every one of them, by name."""
    return tuple(read_pack(path.read_bytes(), name=path.name) for path in sorted(PACKS.glob("*.yaml")))
