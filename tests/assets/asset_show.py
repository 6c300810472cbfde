"""A production for tests of the door: plates, a comp of one of them, a complete profile, somebody whose face is in another plate."""

import json
import sys
from pathlib import Path
from typing import Any

from cli_png import picture
from edgecode.production import Production
from edgecode.production.desk.profiling import describe_production
from edgecode.production.persons.noting import add_person, depict

ROOT = Path(__file__).resolve().parents[2]
PROFILE = {
    f"production.{name}": value
    for name, value in {
        "kind": "documentary", "territories": "GB", "buyer": "none", "awards": "none", "sag": "none", "wga": "no", "dga": "no",
        "strike": "no", "us_registration": "no", "eo_policy": "no", "pp_start": "2026-01-05", "release_date": "2027-03-01",
        "festival_submission": "no", "hpf_label": "no",
    }.items()
}  # fmt: skip


def make_show(folder: Path) -> Production:
    """A production in *folder*/show, open. On record: ``plate.png`` and ``face.png`` (camera), ``sky.png`` (nobody says how it was
    made), frames ``run.1001.png`` to 1003 (rendered from the plate), ``comp.png`` (from plate and run)."""
    media = folder / "media"
    media.mkdir(parents=True)
    for number, name in enumerate(["plate", "face", "sky", "comp", "run.1001", "run.1002", "run.1003"], start=1):
        (media / f"{name}.png").write_bytes(picture(number))
    production = Production.create(folder / "show", title="Film")
    production.scan([media])
    describe_production(production, PROFILE)
    lines = [
        step("camera", "plate.png", folder=media),
        step("camera", "face.png", folder=media),
        step("render", "run.%04d.png", "plate.png", folder=media),
        step("comp", "comp.png", "plate.png", "run.%04d.png", folder=media),
    ]
    assert production.record_lines(json.dumps(line).encode() for line in lines).steps == len(lines)
    alias = add_person(production, identity={"name": "Ana Lind"}, contact={})
    depict(production, alias, "face.png", how="depicted")
    return production


def step(kind: str, output: str, *inputs: str, folder: Path, **more: object) -> dict[str, Any]:
    """A line of step/1; paths below *folder*."""
    return {
        "schema": "edgecode.step/1",
        "kind": kind,
        "folder": str(folder),
        "outputs": [{"path": output}],
        "inputs": [{"path": one} for one in inputs],
        **more,
    }


def program(folder: Path) -> Path:
    """An `edgecode` program for connectors to start, run by this very Python."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "edgecode"
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT / 'src')!r})\nfrom edgecode.cli.app import main\nmain()\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path
