"""The pyblish plug-ins in the real pyblish: what the gate stops, what is recorded, and that a record never fails a publish."""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyblish")

import pyblish.api
import pyblish.util
from asset_show import ROOT, make_show, program

from edgecode.events.kinds import StepPerformed
from edgecode.production import Production
from edgecode.production.spools.taking import take_spool

CONNECTOR = ROOT / "connectors" / "pyblish"


class Pipeline:
    """A production, and a pipeline that publishes one instance with what stands in its data."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.media = folder, folder / "media"
        make_show(folder).close()
        self.settings = {
            "production": str(folder / "show"),
            "command": str(program(folder / "bin")),
            "spool": str(folder / "spool"),
        }

    def publish(self, data: dict[str, Any], *more: type, **settings: str) -> Any:
        """Collect, validate and integrate with the plug-ins as pyblish finds them, and *more* of a pipeline's own."""
        context = pyblish.api.Context()
        context.data["edgecode"] = self.settings | settings
        instance = context.create_instance("comp", family="render", **data)
        plugins = sorted([*pyblish.api.discover(), *more], key=lambda one: one.order)
        pyblish.util.publish(context, plugins=plugins)
        return instance

    def said(self, instance: Any) -> str:
        """What stopped it; "" for nothing."""
        errors = [one["error"] for one in instance.context.data["results"] if one["error"] is not None]
        return "\n".join(str(error) for error in errors)

    def logged(self, instance: Any) -> str:
        records = [record for one in instance.context.data["results"] for record in one["records"]]
        return "\n".join(f"{record.levelname} {record.getMessage()}" for record in records)

    def steps(self) -> list[StepPerformed]:
        with Production.open(self.folder / "show") as production:
            return [one.event for one in production.recorded() if isinstance(one.event, StepPerformed)]

    def take(self) -> int:
        with Production.open(self.folder / "show") as production:
            folder = self.folder / "spool"
            taken = take_spool(folder, production=production.folder, record=production.record_lines, now_seconds=0.0)
        return taken.intake.steps


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipeline]:
    for name in ("EDGECODE_PRODUCTION", "EDGECODE_COMMAND", "EDGECODE_SPOOL", "EDGECODE_UNSAID", "EDGECODE_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.syspath_prepend(str(CONNECTOR))
    for name in [name for name in sys.modules if name.partition(".")[0] == "edgecode_pyblish"]:
        monkeypatch.delitem(sys.modules, name)
    import edgecode_pyblish
    import edgecode_pyblish.settings as told

    pyblish.api.deregister_all_paths()
    pyblish.api.deregister_all_plugins()
    edgecode_pyblish.register()
    yield Pipeline(tmp_path)
    told.close()
    pyblish.api.deregister_all_paths()


def moving(pipeline: Pipeline, *, then: Callable[[Any], None] = lambda instance: None) -> type:
    """An integrator as pipelines have one: puts the files where they stay, says where, and does what a test wants *then*."""

    class IntegrateAsset(pyblish.api.InstancePlugin):  # type: ignore[misc]
        order = pyblish.api.IntegratorOrder

        def process(self, instance: Any) -> None:
            target = pipeline.media / "published"
            target.mkdir(exist_ok=True)
            instance.data["published_representations"] = {}
            for number, one in enumerate(instance.data["representations"]):
                names = [one["files"]] if isinstance(one["files"], str) else one["files"]
                paths = [str(target / name) for name in names]
                for name in names:
                    (target / name).write_bytes((Path(one["stagingDir"]) / name).read_bytes())
                one["published_path"] = paths[0]
                instance.data["published_representations"][str(number)] = {
                    "representation": one,
                    "published_files": paths,
                }
            then(instance)

    return IntegrateAsset


def staged(pipeline: Pipeline, *names: str) -> str:
    """A folder outside of every media root with new files."""
    folder = pipeline.folder / "staging"
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"new " + name.encode())
    return str(folder)


def comp(pipeline: Pipeline, **more: object) -> dict[str, Any]:
    """A comp of the plate, rendered to staging as two frames, with a thumbnail and a review beside it."""
    folder = staged(pipeline, "comp.0009.png", "comp.0010.png", "thumb.jpg", "comp.mov")
    return {
        "representations": [
            {"name": "png", "ext": "png", "files": ["comp.0009.png", "comp.0010.png"], "stagingDir": folder},
            {"name": "thumbnail", "ext": "jpg", "files": "thumb.jpg", "stagingDir": folder},
            {"name": "mov", "ext": "mov", "files": "comp.mov", "stagingDir": folder, "tags": ["review"]},
        ],
        "edgecode": {
            "kind": "comp",
            "tool": {"name": "Nuke", "version": "15.1"},
            "inputs": [str(pipeline.media / "plate.png")],
            **more,
        },
    }


# ------------------------------------------------------------------------------------------ the gate


def test_a_comp_of_a_plate_is_published_and_on_record_where_it_lies_now(pipeline: Pipeline) -> None:
    before = len(pipeline.steps())

    instance = pipeline.publish(comp(pipeline), moving(pipeline))

    assert pipeline.said(instance) == ""
    (step,) = pipeline.steps()[before:]
    assert [one.partition("version/")[0] for one in instance.data["edgecodeVersions"]] == ["edgecode://"]
    assert (step.fact.kind.value, len(step.fact.inputs), len(step.fact.outputs)) == ("comp", 1, 1)
    assert step.recipe is not None
    assert step.recipe.settings["publish.gate"] == "CLEARED"
    with Production.open(pipeline.folder / "show") as production:
        (row,) = production.targets("comp.#.png")
        places = [text for (_, _, text, _) in production.index.rows("places_of_version", row)]
    assert places == ["published/comp.#.png"]


def test_what_a_model_made_of_a_face_without_a_consent_is_not_published(pipeline: Pipeline) -> None:
    before = len(pipeline.steps())
    data = comp(pipeline, kind="generate", inputs=[{"path": str(pipeline.media / "face.png"), "role": "reference"}])

    instance = pipeline.publish(data, moving(pipeline))

    said = pipeline.said(instance)
    assert said.startswith(("HELD at the publish gate.\n- R", "REFUSED at the publish gate.\n- R"))
    assert "Ana Lind" not in said + pipeline.logged(instance)
    assert not (pipeline.media / "published").exists()
    assert (len(pipeline.steps()), "edgecodeVersions" in instance.data) == (before, False)


def test_who_does_not_say_from_what_is_held_unless_that_is_left_to_delivery(pipeline: Pipeline) -> None:
    data = comp(pipeline)
    del data["edgecode"]

    held = pipeline.publish(data, moving(pipeline))
    later = pipeline.publish(data, moving(pipeline), unsaid="later")

    assert "nobody says how comp.%04d.png was made" in pipeline.said(held)
    assert pipeline.said(later) == ""
    assert len(later.data["edgecodeVersions"]) == 1


@pytest.mark.parametrize("command", ["edgecode-that-is-not-there", f"{sys.executable} -c 'print(1)'", "false"])
def test_nothing_is_published_past_a_gate_that_nobody_answers(pipeline: Pipeline, command: str) -> None:
    instance = pipeline.publish(comp(pipeline), moving(pipeline), command=command)

    said = pipeline.said(instance)
    assert said.startswith("the publish gate did not answer: ")
    assert "edgecode assets --stdio" in said
    assert not (pipeline.media / "published").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "magic"},
        {"kind": 7},
        {"kind": "comp", "inputs": "plate.png"},
        {"kind": "comp", "inputs": [7]},
        {"kind": "comp", "inputs": ["edgecode://file/r-1/plate.png"]},
        "comp",
    ],
)
def test_words_that_nobody_understands_stop_at_the_gate(pipeline: Pipeline, wrong: object) -> None:
    instance = pipeline.publish(comp(pipeline) | {"edgecode": wrong}, moving(pipeline))

    assert pipeline.said(instance).startswith("the publish gate cannot be asked: ")


def test_an_instance_that_names_no_file_is_none_of_its_business(pipeline: Pipeline) -> None:
    instance = pipeline.publish({"representations": []})

    assert pipeline.said(instance) == ""
    assert "nothing to ask" in pipeline.logged(instance)


# ------------------------------------------------------------------------------------------ recording


def test_a_publish_that_cannot_be_recorded_stands_and_waits_in_the_spool(pipeline: Pipeline) -> None:
    def unplug(instance: Any) -> None:
        instance.context.data["edgecode"]["command"] = "edgecode-that-is-not-there"

    before = len(pipeline.steps())
    instance = pipeline.publish(comp(pipeline), moving(pipeline, then=unplug))

    assert (pipeline.said(instance), instance.data["edgecodeVersions"]) == ("", [])
    assert "WARNING edgecode could not record this publish" in pipeline.logged(instance)
    assert "It waits in" in pipeline.logged(instance)
    assert (pipeline.take(), len(pipeline.steps())) == (1, before + 1)


def test_a_spool_that_cannot_be_written_fails_no_publish_either(pipeline: Pipeline) -> None:
    def unplug(instance: Any) -> None:
        instance.context.data["edgecode"]["command"] = "edgecode-that-is-not-there"

    (pipeline.folder / "file").write_text("no folder")
    instance = pipeline.publish(
        comp(pipeline), moving(pipeline, then=unplug), spool=str(pipeline.folder / "file" / "spool")
    )

    assert pipeline.said(instance) == ""
    assert "the spool cannot be written now" in pipeline.logged(instance)


def test_data_that_changed_behind_the_gate_fails_no_publish(pipeline: Pipeline) -> None:
    def spoil(instance: Any) -> None:
        instance.data["edgecode"] = {"kind": "comp", "inputs": 7}

    instance = pipeline.publish(comp(pipeline), moving(pipeline, then=spoil))

    assert pipeline.said(instance) == ""
    assert "WARNING edgecode could not record this publish: inputs is a list" in pipeline.logged(instance)


def test_a_publish_that_failed_before_is_not_recorded(pipeline: Pipeline) -> None:
    def fail(instance: Any) -> None:
        raise RuntimeError("no room")

    before = len(pipeline.steps())
    instance = pipeline.publish(comp(pipeline), moving(pipeline, then=fail))

    assert pipeline.said(instance) == "no room"
    assert (len(pipeline.steps()), instance.data.get("edgecodeVersions", [])) == (before, [])


def test_what_passed_no_gate_says_so_on_record(pipeline: Pipeline) -> None:
    from edgecode_pyblish.plugins.integrate_edgecode_record import IntegrateEdgecodeRecord

    context = pyblish.api.Context()
    context.data["edgecode"] = dict(pipeline.settings)
    context.create_instance("comp", family="render", **comp(pipeline))
    pyblish.util.publish(context, plugins=[moving(pipeline), IntegrateEdgecodeRecord])

    recipe = pipeline.steps()[-1].recipe
    assert recipe is not None
    assert recipe.settings["publish.gate"] == "not asked"


# ------------------------------------------------------------------------------------------ names of files


def test_a_published_path_stands_for_every_frame_of_its_sequence(pipeline: Pipeline) -> None:
    from edgecode_pyblish.publish import Published

    class Instance:
        data = {
            "representations": [
                {"name": "exr", "files": ["a.0998.exr", "a.0999.exr"], "published_path": "/p/sh010_v001.00998.exr"}
            ]
        }

    assert Published(Instance, staged=False).files == ["/p/sh010_v001.00998.exr", "/p/sh010_v001.00999.exr"]


def test_frames_are_asked_about_as_the_sequence_that_they_are() -> None:
    sys.path.insert(0, str(CONNECTOR))
    from edgecode_pyblish.publish import as_tokens

    assert as_tokens(["/s/a.1001.exr", "/s/a.1002.exr", "/s/b_v002.exr", "/s/readme", "/s/c.9.exr", "/s/c.10.exr"]) == [
        "/s/a.%04d.exr",
        "/s/b_v002.exr",
        "/s/readme",
        "/s/c.%d.exr",
    ]


def test_the_plug_ins_name_no_module_of_edgecode_and_parse_on_python_3_7() -> None:
    imported: set[str] = set()
    for path in (CONNECTOR / "edgecode_pyblish").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"), feature_version=(3, 7))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(str(node.module).partition(".")[0])

    assert imported <= sys.stdlib_module_names | {"pyblish", "edgecode_pyblish"}
