"""The add-on for Blender on real Blender: every rendered frame is recorded, with what it was made from, and no render ever fails for it."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from edgecode.ingest.step_record import StepRecord
from edgecode.production import Production
from edgecode.production.spools.taking import take_spool

ROOT = Path(__file__).resolve().parents[2]
CONNECTOR = ROOT / "connectors" / "blender"
SESSION = Path(__file__).with_name("blender_session.py")
BPY = "bpy==5.0.1"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Blender as a module: the one that ``EDGECODE_BPY`` names, or one that is filled now (370 MB from the index)."""
    if given := os.environ.get("EDGECODE_BPY"):
        return Path(given)
    if sys.version_info[:2] != (3, 11):
        pytest.skip("Blender's module is made for Python 3.11")
    folder = tmp_path_factory.mktemp("bpy")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), BPY],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"Blender cannot be installed here: {done.stderr.strip()[-200:]}")
    return folder


@pytest.fixture(scope="session")
def session(site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """One session of Blender in a process of its own: the folder it worked in, and what it says."""
    here = tmp_path_factory.mktemp("shot")
    environment = {**os.environ, "PYTHONPATH": str(site), "EDGECODE_SPOOL": str(here / "spool")}
    done = subprocess.run(
        [sys.executable, str(SESSION), str(CONNECTOR), str(here)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    said = [line for line in done.stdout.splitlines() if line.startswith("SAID ")]
    assert said, done.stdout[-2000:] + done.stderr[-2000:]
    return here, json.loads(said[0].removeprefix("SAID "))


def named(here: Path, line: dict[str, Any]) -> list[tuple[str, str]]:
    """Inputs by the ends of their paths, and roles."""
    return [(str(Path(one["path"]).relative_to(here)), one["role"]) for one in line["inputs"]]


INPUTS = [("texture.png", "picture"), ("library.blend", "tool"), ("shot.blend", "tool")]


@pytest.mark.slow
def test_every_rendered_frame_is_recorded_with_what_it_was_made_from(session: tuple[Path, dict[str, Any]]) -> None:
    here, said = session
    renders = [line for line in said["lines"] if line["status"] == "done"]

    assert [(line["kind"], line["grade"], [Path(one["path"]).name for one in line["outputs"]]) for line in renders] == [
        ("render", "logged", ["out.1001.png", "out.1002.png"]),
        ("render", "logged", ["still.png"]),
    ]
    assert [named(here, line) for line in renders] == [INPUTS, INPUTS]
    assert {line["tool"]["name"] for line in renders} == {"Blender"}


@pytest.mark.slow
def test_a_save_is_a_plan_and_saving_again_is_the_same_plan(session: tuple[Path, dict[str, Any]]) -> None:
    here, said = session
    plans = [line for line in said["lines"] if line["status"] == "unknown"]

    assert [(named(here, line), Path(line["outputs"][0]["path"]).name) for line in plans] == [
        (INPUTS, "out.%04d.png")
    ] * 2
    assert len({line["id"] for line in plans}) == 1


@pytest.mark.slow
def test_the_render_carries_its_id_and_the_scene_is_left_as_it_was(session: tuple[Path, dict[str, Any]]) -> None:
    here, said = session
    (animation, _) = (line for line in said["lines"] if line["status"] == "done")

    notes = [Image.open(here / f"out.{frame}.png").text.get("Note") for frame in (1001, 1002)]  # type: ignore[attr-defined]

    assert (notes, said["note_after"]) == ([f"edgecode:{animation['id']}"] * 2, [False, ""])


@pytest.mark.slow
def test_a_fault_of_the_addon_fails_no_render_and_the_handlers_survive_another_file(
    session: tuple[Path, dict[str, Any]],
) -> None:
    _, said = session

    assert (said["written"], said["faults"], said["handlers_left"]) == (True, {"render_complete": 1}, [])
    assert said["handlers_after_load"] == [
        "render_init", "render_write", "render_complete", "render_cancel", "save_post", "load_post",
    ]  # fmt: skip


@pytest.mark.slow
def test_what_blender_spooled_is_taken_into_a_production(session: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    here, said = session
    assert [msgspec.json.decode(json.dumps(line), type=StepRecord).status for line in said["lines"]].count("done") == 2

    with Production.create(tmp_path / "show", title="A Show") as production:
        production.scan([here])
        taken = take_spool(
            here / "spool", production=tmp_path / "show", record=production.record_lines, now_seconds=0.0
        )

    assert taken.intake.steps == 3


def test_the_addon_needs_nothing_but_the_standard_library_of_python_3_7() -> None:
    for path in sorted((CONNECTOR / "edgecode_blender").glob("*.py")):
        parsed = ast.parse(path.read_text("utf-8"), feature_version=(3, 7))
        found = [node for node in ast.walk(parsed) if isinstance(node, ast.Import | ast.ImportFrom)]
        plain = {name.name.partition(".")[0] for node in found if isinstance(node, ast.Import) for name in node.names}
        named = {
            str(node.module).partition(".")[0] for node in found if isinstance(node, ast.ImportFrom) and not node.level
        }
        assert plain | named <= {*sys.stdlib_module_names, "bpy"}, path.name
