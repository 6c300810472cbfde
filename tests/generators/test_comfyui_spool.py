"""What a ComfyUI spool becomes: one step for each run that made something, with roles, weights by content and what is not known."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from stub_comfyui import picture_graph

from edgecode.errors import InputError, NotFoundError
from edgecode.ingest.comfyui_spool import UNKNOWN_AFTER_SECONDS, ComfyUiSpool, still_open
from edgecode.ingest.doors import StepReader
from edgecode.ingest.step_record import (
    RecordedFile,
    RecordedInput,
    RecordedModel,
    RecordedText,
    RecordedTool,
    StepRecord,
)
from edgecode.production import Production
from edgecode.production.spools.taking import MARKS, take_spool
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import InputRole, StepKind
from shared_data import DATA, needs_shared_data

A, B, C = ("a" * 64, "b" * 64, "c" * 64)
T = 1795411873.5


def finished(**changed: object) -> dict[str, object]:
    graph = picture_graph()
    del graph["1"]["is_changed"]
    return {
        "event": "finished",
        "prompt_id": "p-1",
        "capture": {"capture_id": "c-1", "prompt_id": "p-1"},
        "status": "success",
        "cached": [],
        "prompt": graph,
        "modules": {"KSampler": "nodes", "KlingTextToVideoNode": "comfy_api_nodes.nodes_kling"},
        "packs": {"film-pack": "1.4.0"},
        "tool": {"name": "ComfyUI", "version": "0.3.64"},
        "files": [
            {"node": "1", "class": "LoadImage", "input": "image", "name": "in.png", "folder": "input", "path": "/in/in.png", "sha256": A},
            {"node": "2", "class": "VAELoader", "input": "vae_name", "name": "v.safetensors", "folder": "vae",
             "path": "/m/v.safetensors", "sha256": B},
        ],
        "input_hashes": [{"path": "/m/v.safetensors", "sha256": B}],
        "opened_only": [{"how": "load_torch_file", "path": "/m/hidden.safetensors", "sha256": C}],
        "outputs": [{"node": "9", "kind": "images", "path": "/out/a.png", "sha256": C, "made_here": True}],
        "started_at": 1795411873338,
        "finished_at": T,
        "t": T,
        **changed,
    }  # fmt: skip


def queued(**changed: object) -> dict[str, object]:
    return {
        "event": "queued",
        "capture_id": "c-1",
        "prompt_id": "p-1",
        "client_id": "artist",
        "workflow": True,
        "t": T,
        **changed,
    }


def spool(*lines: dict[str, object]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def read(*lines: dict[str, object]) -> list[StepRecord | Diagnostic]:
    return list(ComfyUiSpool().read(spool(*lines), name="spool.jsonl"))


def steps(*lines: dict[str, object]) -> list[StepRecord]:
    return [item for item in read(*lines) if isinstance(item, StepRecord)]


def codes(*lines: dict[str, object]) -> list[tuple[str, str]]:
    return [(item.code, item.effect) for item in read(*lines) if isinstance(item, Diagnostic)]


def test_a_run_is_one_step_with_everything_that_the_line_says() -> None:
    (step,) = steps(queued(), finished())
    reader: StepReader = ComfyUiSpool()

    assert (step.id, step.kind, step.ai, step.grade, step.status, step.tool) == (
        "comfyui:c-1", StepKind.GENERATIVE_EDIT, AiUse.GENERATIVE, "logged", "done", RecordedTool("ComfyUI", "0.3.64"),
    )  # fmt: skip
    assert step.inputs == (RecordedInput(path="/in/in.png", sha256=A, role=InputRole.PICTURE),)
    assert step.outputs == (RecordedFile(path="/out/a.png", sha256=C),)
    assert step.models == (
        RecordedModel("v.safetensors", "vae", {"sha256": B}),
        RecordedModel("hidden.safetensors", "other", {"sha256": C}),
    )
    assert (step.seeds, step.texts) == (("18446744073709551557",), (RecordedText("a lighthouse at night", "positive"),))
    assert (step.started, step.ended) == (1795411873338, 1795411873500)
    assert (step.settings["pack.film-pack"], step.settings["provider.KlingTextToVideoNode"]) == ("1.4.0", "kling")
    assert step.settings["edgecode_reader"] == f"{reader.name}/{reader.version}"
    line = spool(finished()).strip()
    assert step.settings["edgecode_line_sha256"] == sha256(line).hexdigest()


def test_the_graph_is_kept_byte_for_byte() -> None:
    line = spool(finished()).replace(b'"seed": 18446744073709551557', b'"seed":  18446744073709551557')
    (step,) = [item for item in ComfyUiSpool().read(line, name="x") if isinstance(item, StepRecord)]

    assert step.graph[0].text is not None
    assert '"seed":  18446744073709551557' in step.graph[0].text


def test_a_run_from_the_cache_is_no_step() -> None:
    made_before = [{"node": "9", "kind": "images", "path": "/out/a.png", "sha256": C, "made_here": False}]

    assert read(finished(outputs=made_before, cached=["9"])) == []


def test_a_run_that_broke_off_is_a_failed_step() -> None:
    (step,) = steps(finished(status="error", outputs=[]))

    assert (step.status, step.outputs) == ("failed", ())


def test_text_made_at_run_time_belongs_to_the_recipe() -> None:
    outputs = [*finished()["outputs"], {"node": "8", "kind": "text", "text": "a caption", "made_here": True}]
    (step,) = steps(finished(outputs=outputs))

    assert step.texts[-1] == RecordedText("a caption", "made at run time by node 8")


def test_weights_that_were_exchanged_while_a_prompt_waited_are_not_named_by_content() -> None:
    lines = (finished(input_hashes=[{"path": "/m/v.safetensors", "sha256": A}]),)
    (step,) = steps(*lines)

    assert step.models[0] == RecordedModel("v.safetensors", "vae", {})
    assert codes(*lines) == [("spool.input_changed", "approximate")]


def test_a_picture_that_was_exchanged_is_known_by_name_alone() -> None:
    (step,) = steps(finished(input_hashes=[{"path": "/in/in.png", "sha256": B}]))

    assert step.inputs == (RecordedInput(name="in.png", role=InputRole.PICTURE),)


def test_what_validation_left_out_did_not_run() -> None:
    graph = finished()["prompt"]
    graph["20"] = {"class_type": "UpscaleModelLoader", "inputs": {"model_name": "absent.safetensors"}}
    graph["21"] = {"class_type": "ImageUpscaleWithModel", "inputs": {"upscale_model": ["20", 0], "image": ["5", 0]}}
    graph["22"] = {"class_type": "SaveImage", "inputs": {"images": ["21", 0], "filename_prefix": "b"}}
    errors = {
        "20": {
            "class": "UpscaleModelLoader",
            "errors": [["value_not_in_list", "model_name"]],
            "dependent_outputs": ["22"],
        }
    }
    (step,) = steps(finished(prompt=graph, executed=["9"], node_errors=errors))

    assert [model.name for model in step.models] == ["v.safetensors", "hidden.safetensors"]
    assert [part.name for part in step.graph] == ["prompt", "node_errors"]


def test_a_prompt_that_was_never_heard_of_again_is_a_step_of_status_unknown_after_a_day() -> None:
    early = spool(queued(), {"event": "taken", "t": T + UNKNOWN_AFTER_SECONDS - 1})
    late = (queued(), {"event": "taken", "t": T + UNKNOWN_AFTER_SECONDS})
    (step,) = steps(*late)

    assert list(ComfyUiSpool().read(early, name="x")) == []
    assert (step.id, step.status, step.outputs, step.ai) == ("comfyui:c-1:queued", "unknown", (), AiUse.UNKNOWN)
    assert (still_open(early), still_open(spool(*late))) == ([spool(queued()).strip()], [])


def test_a_refused_prompt_made_nothing_and_is_said_once() -> None:
    refused = {"event": "refused", "capture_id": "c-1", "prompt_id": "p-1", "node_errors": {}}
    late = {"event": "taken", "t": T + 2 * UNKNOWN_AFTER_SECONDS}

    assert codes(queued(), refused, late) == [("spool.refused", "none")]


def test_a_capture_that_failed_inside_comfyui_is_said() -> None:
    assert codes({"event": "faults", "counts": {"finished": 2, "dropped": 40}}) == [("spool.faults", "approximate")]


def test_a_bad_line_costs_no_good_one_and_is_never_repeated() -> None:
    data = b'{"event":"finished","prompt":{"text":"a secret sentence"},"files":7}\n' + spool(finished())
    found = list(ComfyUiSpool().read(data, name="x"))

    assert [item.code if isinstance(item, Diagnostic) else item.id for item in found] == [
        "spool.malformed",
        "comfyui:c-1",
    ]
    assert "secret sentence" not in str(found[0])


def test_a_line_without_its_end_is_left_for_later() -> None:
    data = spool(finished())

    assert list(ComfyUiSpool().read(data + b'{"event":"fini', name="x")) == list(ComfyUiSpool().read(data, name="x"))


def test_a_file_of_something_else_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        list(ComfyUiSpool().read(b"no spool\nat all\n", name="x"))

    assert refused.value.code == "spool.not_one"


# ------------------------------------------------------------------------------------------ taking it in


def take(production: Production, folder: Path, *, now: float = T, again: bool = False):
    return take_spool(
        folder, production=production.folder, record=production.record_lines, now_seconds=now, again=again
    )


@pytest.fixture
def show(tmp_path: Path) -> Production:
    with Production.create(tmp_path / "show", title="A Show") as production:
        (tmp_path / "spool").mkdir()
        yield production


def test_what_is_taken_once_is_not_taken_again(show: Production, tmp_path: Path) -> None:
    (tmp_path / "spool/comfyui-1.jsonl").write_bytes(spool(queued(), finished()))
    first = take(show, tmp_path / "spool")
    second = take(show, tmp_path / "spool")
    (show.folder / ".edgecode" / MARKS).unlink()
    after_a_loss = take(show, tmp_path / "spool")

    assert [(taken.intake.steps, taken.files) for taken in (first, second, after_a_loss)] == [(1, 1), (0, 0), (0, 1)]
    assert take(show, tmp_path / "spool", again=True).intake.steps == 0
    assert show.index_dump() == show.index_dump()


def test_a_run_whose_end_stands_in_the_next_file_is_not_overdue(show: Production, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    (folder / "comfyui-1.jsonl").write_bytes(spool(queued()))
    take(show, folder)
    (folder / "comfyui-2.jsonl").write_bytes(spool(finished()))
    taken = take(show, folder, now=T + 10 * UNKNOWN_AFTER_SECONDS)

    assert taken.intake.steps == 1


def test_a_prompt_without_an_end_is_asked_about_again_until_it_is_overdue(show: Production, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    (folder / "comfyui-1.jsonl").write_bytes(spool(queued()))
    found = [take(show, folder, now=T + seconds).intake.steps for seconds in (0, 100, UNKNOWN_AFTER_SECONDS, 10**6)]

    assert found == [0, 0, 1, 0]


def test_a_late_end_is_a_step_beside_the_unknown_one(show: Production, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    (folder / "comfyui-1.jsonl").write_bytes(spool(queued()))
    take(show, folder, now=T + UNKNOWN_AFTER_SECONDS)
    with (folder / "comfyui-1.jsonl").open("ab") as file:
        file.write(spool(finished()))

    assert take(show, folder, now=T + 2 * UNKNOWN_AFTER_SECONDS).intake.steps == 1


def test_half_a_line_is_taken_when_it_is_whole(show: Production, tmp_path: Path) -> None:
    path, data = tmp_path / "spool/comfyui-1.jsonl", spool(finished())
    path.write_bytes(data[:100])
    before = take(show, path.parent)
    path.write_bytes(data)

    assert (before.files, take(show, path.parent).intake.steps) == (0, 1)


def test_lines_of_step_1_in_the_folder_are_taken_too(show: Production, tmp_path: Path) -> None:
    line = {"schema": "edgecode.step/1", "kind": "paint", "outputs": [{"name": "sky.tif", "sha256": A}]}
    (tmp_path / "spool/http-1.ndjson").write_bytes(spool(line))

    assert take(show, tmp_path / "spool").intake.steps == 1


def test_a_bad_file_is_named_and_the_others_are_taken(show: Production, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    (folder / "a.jsonl").write_bytes(b"{}\n")
    (folder / "b.jsonl").write_bytes(spool(finished()))
    taken = take(show, folder)

    assert taken.intake.steps == 1
    assert [(item.code, item.path) for item in taken.intake.diagnostics if item.effect == "row-missing"] == [
        ("record.malformed", "a.jsonl")
    ]


def test_a_folder_that_is_not_there_is_said(show: Production, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as absent:
        take(show, tmp_path / "nowhere")

    assert absent.value.code == "spool.absent"


@needs_shared_data
def test_a_spool_of_the_real_program_is_read_whole() -> None:
    data = (DATA / "comfyui" / "own-run" / "spool.jsonl").read_bytes()
    found = list(ComfyUiSpool().read(data, name="spool.jsonl"))

    assert [(item.status, len(item.outputs), len(item.models)) for item in found if isinstance(item, StepRecord)] == [
        ("done", 6, 2), ("done", 4, 2), ("done", 4, 2), ("failed", 0, 1), ("done", 6, 2),
    ]  # fmt: skip
    assert [item for item in found if isinstance(item, Diagnostic)] == []
    assert len(still_open(data)) == 1, "the prompt that ComfyUI refused; the prototype did not yet say so"
