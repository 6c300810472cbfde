"""The production that OpenAssetIO's suite and our own tests of the manager run on, and how the manager is reached."""

import json
import os
from pathlib import Path
from typing import Any

from asset_show import ROOT, make_show, program, step

from edgecode.production import Production
from edgecode.production.assets.references import Assets

CONNECTOR = ROOT / "connectors" / "openassetio"


def references(production: Production) -> dict[str, str]:
    """What pins everything on record by its name without suffix, and two places where nothing stands: ``later``, ``later_run``."""
    assets = Assets(production.index, production.media_roots())
    names = {
        "plate": "plate.png",
        "face": "face.png",
        "sky": "sky.png",
        "comp": "comp.png",
        "run": "run.#.png",
        "graded": "graded.png",
    }
    found = {short: assets.asset(assets.row(name)) for short, name in names.items()}
    place = found["plate"].file
    return {
        **{short: one.reference for short, one in found.items()},
        "later": place.replace("plate", "later"),
        "later_run": place.replace("plate.png", "later.*.png"),
        "sky_place": found["sky"].file,
        "plate_place": place,
    }


def make_suite(folder: Path) -> dict[str, Any]:
    """A production in *folder*/show, what the suite has to know of it, and the environment in which the manager is found."""
    media = folder / "media"
    with make_show(folder) as production:
        (media / "graded.png").write_bytes(b"graded")
        graded = step("grade", "graded.png", "comp.png", folder=media)
        graded["inputs"].append({"path": "sky.png", "role": "reference"})
        assert production.record_lines([json.dumps(graded).encode()]).steps == 1
        named = references(production)
    published = media / "published.png"
    published.write_bytes(b"published")
    settings = {
        "production": str(folder / "show"),
        "command": str(program(folder / "bin")),
        "spool": str(folder / "spool"),
        "unsaid": "hold",
        "timeout_seconds": 120.0,
    }
    return {"references": named, "settings": settings, "published": str(published)}


def environment(folder: Path) -> dict[str, str]:
    """In which a host finds the plug-in without its being installed."""
    kept = {name: value for name, value in os.environ.items() if name not in ("EDGECODE_PRODUCTION", "EDGECODE_SPOOL")}
    return kept | {
        "OPENASSETIO_PLUGIN_PATH": str(CONNECTOR),
        "PYTHONPATH": str(CONNECTOR),
        "EDGECODE_SUITE": str(folder / "suite.json"),
    }
