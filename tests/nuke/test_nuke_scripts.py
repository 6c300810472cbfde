"""Nuke scripts: which files each Write is made from, with expressions kept as written."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.ingest.nuke import FileKnob, NukeScript, file_knobs, script_in
from edgecode.ingest.nuke_script import command, read_script, upstream
from edgecode.ingest.step_record import RecordedFile, RecordedInput, RecordedModel, RecordedTool, StepRecord
from edgecode.production import Production
from edgecode.production.doors.readers import take_in_files
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import InputRole, StepKind
from edgecode.testing.reader_suites import StepReaderSuite
from shared_data import DATA, needs_shared_data

COMP = r"""#! Nuke15.1v2 -nx
version 15.1 v2
define_window_layout_xml {<?xml version="1.0"?>
<layout version="1.0"><window x="0"/></layout>
}
Root {
 inputs 0
 name sh010_comp.nk
 project_directory "\[python \{nuke.script_directory()\}]"
 views "left #ff0000
right #00ff00"
}
Read {
 inputs 0
 file plates/%V/sh010_plate.%04d.exr
 proxy proxies/sh010.%04d.jpg
 name ReadPlate
}
set N1a [stack 0]
Read {
 inputs 0
 file "\[value root.project_directory]/gen/sky.####.exr"
 label "made by {somebody}"
 name ReadSky
}
push $N1a
Group {
 name CleanUp
 addUserKnob {20 file}
}
 Input {
  inputs 0
  name Input1
 }
 Write {
  file out/inner.%04d.exr
  name WriteInner
 }
 Read {
  inputs 0
  file "paint/clean patch.%04d.exr"
  name ReadPatch
  disable true
 }
 Merge2 {
  inputs 2
  name Patch
 }
 Output {
  name Output1
 }
end_group
Merge2 {
 inputs 2
 name OverSky
}
Write {
 file out/sh010_comp.%04d.exr
 name WriteMaster
}
push $N1a
Write {
 file out/off.mov
 name WriteOff
 disable true
}
"""
PLATE = RecordedInput(name="plates/%V/sh010_plate.%04d.exr", role=InputRole.PICTURE)
SKY = RecordedInput(name="[value root.project_directory]/gen/sky.####.exr", role=InputRole.PICTURE)
PATCH = RecordedInput(path="paint/clean patch.%04d.exr", role=InputRole.PICTURE)


def read(text: str) -> tuple[list[StepRecord], list[Diagnostic]]:
    found = list(NukeScript().read(text.encode(), name="a.nk"))
    return (
        [one for one in found if isinstance(one, StepRecord)],
        [one for one in found if isinstance(one, Diagnostic)],
    )


class TestNukeScript(StepReaderSuite):
    @pytest.fixture
    def reader(self) -> NukeScript:
        return NukeScript()

    @pytest.fixture
    def samples(self) -> dict[str, bytes]:
        short = "Root {\n inputs 0\n}\nRead {\n inputs 0\n file a.exr\n}\nWrite {\n file b.exr\n}\n"
        return {"sh010.nk": COMP.encode(), "short.nk": short.encode()}


def test_a_write_is_made_from_every_read_above_it_through_groups_in_both_directions() -> None:
    steps, _ = read(COMP)

    assert [(sorted(step.inputs, key=str), step.outputs) for step in steps] == [
        ([PLATE], (RecordedFile(path="out/inner.%04d.exr"),)),
        (sorted([PLATE, SKY, PATCH], key=str), (RecordedFile(path="out/sh010_comp.%04d.exr"),)),
    ]


def test_a_script_is_a_plan_and_nothing_in_it_claims_to_have_happened() -> None:
    steps, _ = read(COMP)

    plan = (StepKind.COMP, "unknown", "declared", RecordedTool("Nuke", "15.1v2"))
    assert [(step.kind, step.status, step.grade, step.tool) for step in steps] == [plan, plan]


def test_what_is_kept_as_written_is_said_and_a_write_that_is_off_makes_nothing() -> None:
    _, said = read(COMP)

    assert {one.code: one.effect for one in said} == {
        "nuke.expression": "approximate",
        "nuke.view": "approximate",
        "nuke.write_unused": "none",
    }


def test_what_was_switched_off_is_still_named_and_marked() -> None:
    steps, _ = read(COMP)

    assert [step.settings.get("switched_off", "") for step in steps] == ["", "CleanUp.ReadPatch"]


def test_knobs_that_name_files_keep_tcl_as_written_and_say_what_stands_for_something_else() -> None:
    script = script_in(COMP.encode(), name="a.nk")

    found = {one.node: one for node in script.nodes for one in file_knobs(node) if one.knob == "file"}

    assert found["ReadSky"] == FileKnob(
        "Read",
        "ReadSky",
        "file",
        r"\[value root.project_directory]/gen/sky.####.exr",
        "[value root.project_directory]/gen/sky.####.exr",
        ("expression", "frames"),
    )
    assert (found["ReadPlate"].marks, found["CleanUp.ReadPatch"].marks) == (("view", "frames"), ("frames",))


def test_a_trained_model_in_the_tree_is_named_as_a_model() -> None:
    (step,), _ = read(
        "Root {\n}\nRead {\n inputs 0\n file a.exr\n}\nInference {\n modelFile /cat/roto.cat\n}\nWrite {\n file b.exr\n}\n"
    )

    assert step.models == (RecordedModel("roto.cat"),)


def test_masks_clones_and_unknown_variables_end_nothing() -> None:
    text = (
        "Root {\n inputs 0\n}\npush $nobody\nRead {\n inputs 0\n file a.exr\n}\nMerge2 {\n inputs 1+1\n name M\n}\n"
        "clone $gone {\n inputs 0\n}\npop\nend_group\nWrite {\n file b.exr\n}\n"
    )
    steps, said = read(text)

    assert (len(steps), [one.code for one in said]) == (1, ["nuke.cut_short"])


def test_a_script_that_ends_too_early_says_that_nodes_may_be_missing() -> None:
    _, said = read(COMP[: COMP.index("end_group")])

    assert [(one.code, one.effect) for one in said if one.code == "nuke.cut_short"] == [
        ("nuke.cut_short", "row-missing")
    ]


def test_another_file_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        list(NukeScript().read(b"Dear all,", name="letter.nk"))

    assert refused.value.code == "nuke.not_one"


def test_a_deep_nest_of_braces_and_groups_is_read_in_a_moment() -> None:
    braces = "Root {\n label " + "{" * 50_000 + "}" * 50_000 + "\n}\n"
    groups = (
        "Group {\n name G\n}\n" * 3_000
        + "Read {\n inputs 0\n file a.exr\n}\nWrite {\n file b.exr\n}\n"
        + "end_group\n" * 3_000
    )

    steps, said = read(braces + groups)

    assert ([one.path for one in steps[0].inputs], said) == (["a.exr"], [])


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs",)), max_size=20), max_size=8))
def test_words_in_braces_come_back_as_they_were_put_in(words: list[str]) -> None:
    kept = [word.replace("{", "").replace("}", "").replace("\\", "") for word in words]

    found, _, is_closed = command("knob " + " ".join(f"{{{word}}}" for word in kept), 0)

    assert ([word for word, _ in found[1:]], is_closed) == (kept, True)


def test_two_writes_of_one_tree_share_what_is_above_both() -> None:
    text = "Root {\n}\nRead {\n inputs 0\n file a.exr\n name R\n}\nWrite {\n file b.exr\n name W1\n}\nWrite {\n file c.exr\n name W2\n}\n"
    script = read_script(text)

    above = {node.name: [one.name for one in upstream(node)] for node in script.nodes if node.kind == "Write"}

    assert above == {"W1": ["R"], "W2": ["W1", "R"]}
    assert [[one.path for one in step.inputs] for step in read(text)[0]] == [["a.exr"], ["a.exr"]]


def test_a_script_is_recorded_once_and_explains_nothing_by_itself(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for name in ("a.exr", "b.exr"):
        (media / name).write_bytes(name.encode())
    script = media / "comp.nk"
    script.write_text("Root {\n inputs 0\n}\nRead {\n inputs 0\n file a.exr\n}\nWrite {\n file b.exr\n}\n")
    with Production.create(tmp_path / "show", title="A Show") as production:
        production.scan([media])

        first = take_in_files([script], record=production.record_lines)
        again = take_in_files([script], record=production.record_lines)

    assert (first.steps, again.steps, {said.code for said in first.diagnostics}) == (1, 0, {"media.not_its_suffix"})


@needs_shared_data
def test_every_script_of_the_trade_is_read_and_its_file_knobs_are_those_of_an_independent_reading() -> None:
    expected = json.loads((DATA / "expected/readings.json").read_text("utf-8"))
    differing, count = [], 0
    for path in sorted((DATA / "nuke").rglob("*.nk")):
        count += 1
        script = script_in(path.read_bytes(), name=path.name)
        list(NukeScript().read(path.read_bytes(), name=path.name))
        wanted = expected.get(str(path.relative_to(DATA)), {})
        found = [
            [node.kind, node.knobs.get("name", ""), node.knobs["file"]]
            for node in script.nodes
            if node.knobs.get("file")
        ]
        if wanted and (sorted(wanted["file_knobs"]), wanted["version"] or "") != (sorted(found), script.version):
            differing.append((path.name, wanted["file_knobs"], found, wanted["version"], script.version))

    assert (differing, count) == ([], 59)
