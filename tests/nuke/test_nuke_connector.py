"""The callbacks for Nuke, on a stand-in for Nuke: what they spool is taken into a production, and they never fail a render."""

import ast
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from fake_nuke import FakeNuke, Knob, Node

from edgecode.ingest.step_record import StepRecord
from edgecode.production import Production
from edgecode.production.spools.taking import take_spool

CONNECTOR = Path(__file__).resolve().parents[2] / "connectors" / "nuke"


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package, imported anew."""
    monkeypatch.syspath_prepend(str(CONNECTOR))
    for name in [name for name in sys.modules if name.partition(".")[0] == "edgecode_nuke"]:
        monkeypatch.delitem(sys.modules, name)
    import edgecode_nuke

    return edgecode_nuke


def tree() -> tuple[FakeNuke, Node]:
    """A comp of a plate and a generated sky, with a patch in a group and a trained model on the way."""
    plate = Node("Read", "ReadPlate", file="/show/plate.%04d.exr")
    sky = Node("Read", "ReadSky", file=Knob("[value dir]/sky.png", "/show/gen/sky.png"))
    group = Node("Group", "CleanUp", plate)
    entry = Node("Input", "Input1", parent=group)
    patch = Node("Read", "ReadPatch", parent=group, file="/show/patch.exr")
    merged = Node("Merge2", "Patch", entry, patch, parent=group)
    Node("Output", "Output1", merged, parent=group)
    Node("Write", "WriteInner", entry, parent=group, file="/show/inner.%04d.exr")
    roto = Node("Inference", "Roto", group, modelFile="/cat/roto.cat")
    lut = Node("Vectorfield", "Look", roto, vfield_file="/show/look.cube")
    write = Node("Write", "WriteMaster", Node("Merge2", "Over", lut, sky), file="/show/out/comp.%04d.exr")
    off = Node("Write", "WriteOff", plate, file="/show/off.exr", disable=True)
    return FakeNuke("/show/comp/sh010.nk", plate, sky, group, roto, lut, write, off), write


def lines(folder: Path) -> list[dict[str, Any]]:
    found = [path.read_text("ascii").splitlines() for path in sorted(folder.glob("*.jsonl"))]
    return [json.loads(line) for one in found for line in one]


def steady(line: dict[str, Any]) -> dict[str, Any]:
    """Without what differs from run to run."""
    return {
        name: value
        for name, value in line.items()
        if name not in ("id", "started", "ended", "schema", "folder", "tool")
    }


INPUTS = [
    {"path": "/show/look.cube", "role": "control"},
    {"path": "/show/gen/sky.png", "role": "picture"},
    {"path": "/show/patch.exr", "role": "picture"},
    {"path": "/show/plate.%04d.exr", "role": "picture"},
]


def test_a_render_is_one_step_with_the_frames_that_were_written_and_everything_above(
    connector: ModuleType, tmp_path: Path
) -> None:
    nuke, write = tree()
    connector.install(nuke, str(tmp_path))

    nuke.render(write, [1001, 1002])

    (line,) = lines(tmp_path)
    assert steady(line) == {
        "kind": "comp",
        "status": "done",
        "grade": "logged",
        "inputs": INPUTS,
        "models": [{"name": "roto.cat"}],
        "settings": {"node": "WriteMaster"},
        "outputs": [{"path": "/show/out/comp.1001.exr"}, {"path": "/show/out/comp.1002.exr"}],
    }
    assert (line["tool"], line["folder"]) == ({"name": "Nuke", "version": "15.1v2"}, "/show/comp")


def test_a_save_says_what_every_write_depends_on_and_saying_it_again_says_the_same(
    connector: ModuleType, tmp_path: Path
) -> None:
    nuke, _ = tree()
    connector.install(nuke, str(tmp_path))

    nuke.save()
    first = lines(tmp_path)
    nuke.save()

    assert [(line["settings"]["node"], line["status"], "grade" in line) for line in first] == [
        ("CleanUp.WriteInner", "unknown", False),
        ("WriteMaster", "unknown", False),
    ]
    assert [line["inputs"] for line in first] == [[{"path": "/show/plate.%04d.exr", "role": "picture"}], INPUTS]
    assert lines(tmp_path) == [*first, *first]


def test_a_render_that_breaks_off_is_failed_with_the_frames_that_it_finished(
    connector: ModuleType, tmp_path: Path
) -> None:
    nuke, write = tree()
    connector.install(nuke, str(tmp_path))

    nuke.render(write, [1001, 1002], breaks_at=1002)
    nuke.render(write, [1002])
    nuke.render(write, [1003], breaks_at=1003)
    nuke.close()

    assert [(line["status"], [one["path"][-8:] for one in line["outputs"]]) for line in lines(tmp_path)] == [
        ("failed", ["1001.exr"]),
        ("done", ["1002.exr"]),
        ("failed", []),
    ]


def test_every_line_is_a_line_of_the_contract(connector: ModuleType, tmp_path: Path) -> None:
    nuke, write = tree()
    connector.install(nuke, str(tmp_path))
    nuke.render(write, [1])
    nuke.save()

    read = [msgspec.json.decode(json.dumps(line), type=StepRecord, strict=True) for line in lines(tmp_path)]

    assert [step.status for step in read] == ["done", "unknown", "unknown"]


def test_a_spool_that_cannot_be_written_fails_no_render_and_is_caught_up_later(
    connector: ModuleType, tmp_path: Path
) -> None:
    folder = tmp_path / "spool"
    folder.write_text("in the way")
    nuke, write = tree()
    recorder = connector.install(nuke, str(folder))

    written = nuke.render(write, [1001])
    folder.unlink()
    nuke.render(write, [1002])

    assert (written, len(lines(folder)), recorder.faults.counts()) == (["/show/out/comp.1001.exr"], 2, {"spool": 1})


def test_a_node_that_answers_nothing_fails_no_render(connector: ModuleType, tmp_path: Path) -> None:
    nuke, write = tree()
    recorder = connector.install(nuke, str(tmp_path))

    def broken(kinds: int) -> list[Node]:
        raise RuntimeError("no room")

    write.dependencies = broken  # type: ignore[method-assign]
    written = nuke.render(write, [1001])
    nuke.save()

    assert (written, lines(tmp_path)[:1], recorder.faults.counts()) == (
        ["/show/out/comp.1001.exr"],
        lines(tmp_path)[:1],
        {"beforeRender": 1, "afterFrameRender": 1, "onScriptSave": 1},
    )


def test_a_nuke_that_lacks_a_callback_starts_all_the_same(connector: ModuleType, tmp_path: Path) -> None:
    assert connector.install(object(), str(tmp_path)) is None


def test_installing_twice_records_once(connector: ModuleType, tmp_path: Path) -> None:
    nuke, write = tree()
    assert connector.install(nuke, str(tmp_path)) is connector.install(nuke, str(tmp_path))

    nuke.render(write, [1])

    assert len(lines(tmp_path)) == 1


def test_what_was_spooled_leads_from_the_render_to_its_plate(connector: ModuleType, tmp_path: Path) -> None:
    media, spool = tmp_path / "media", tmp_path / "spool"
    media.mkdir()
    for name in ("plate.1001.exr", "plate.1002.exr", "comp.1001.exr", "comp.1002.exr"):
        (media / name).write_bytes(name.encode())
    write = Node("Write", "W", Node("Read", "R", file=f"{media}/plate.%04d.exr"), file=f"{media}/comp.%04d.exr")
    nuke = FakeNuke(f"{media}/a.nk", write)
    connector.install(nuke, str(spool))
    nuke.save()
    nuke.render(write, [1001, 1002])

    with Production.create(tmp_path / "show", title="A Show") as production:
        production.scan([media])
        taken = take_spool(spool, production=tmp_path / "show", record=production.record_lines, now_seconds=0.0)

        assert (taken.intake.steps, taken.intake.new) == (2, 0)


def test_the_package_needs_nothing_but_the_standard_library_of_python_3_7() -> None:
    for path in sorted((CONNECTOR / "edgecode_nuke").glob("*.py")):
        parsed = ast.parse(path.read_text("utf-8"), feature_version=(3, 7))
        modules = {
            name.name.partition(".")[0]
            for node in ast.walk(parsed)
            if isinstance(node, ast.Import)
            for name in node.names
        }
        modules |= {
            str(node.module).partition(".")[0]
            for node in ast.walk(parsed)
            if isinstance(node, ast.ImportFrom) and not node.level
        }
        assert modules <= {*sys.stdlib_module_names, "nuke"}, path.name
