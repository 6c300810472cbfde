"""A ComfyUI that may not be touched is read from outside: its history becomes steps, and what it forgot is said and never guessed."""

import json
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from stub_comfyui import picture_graph

from edgecode.drivers.comfyui_client import ComfyUi
from edgecode.errors import UnavailableError, UsageError
from edgecode.ingest.comfyui_history import entry_of, line_of
from edgecode.ingest.comfyui_spool import UNKNOWN_AFTER_SECONDS, ComfyUiSpool
from edgecode.ingest.step_record import RecordedFile, RecordedInput, StepRecord
from edgecode.production.polling import Poller
from edgecode.terms.steps import InputRole, StepKind
from edgecode.testing.comfyui_double import ComfyUiDouble, comfyui_double
from running import run_command
from shared_data import DATA, needs_shared_data

SAVED = {"9": {"images": [{"filename": "a.png", "subfolder": "ec", "type": "output"}]}}


@pytest.fixture
def double() -> Iterator[ComfyUiDouble]:
    with comfyui_double() as host:
        host.files = {("output", "ec", "a.png"): b"made", ("input", "", "in.png"): b"picture"}
        yield host


@pytest.fixture
def poller(double: ComfyUiDouble, tmp_path: Path) -> Poller:
    (tmp_path / ".edgecode").mkdir()
    return Poller(ComfyUi(double.url), double.url, production=tmp_path)


def steps(poller: Poller) -> list[StepRecord]:
    data = b"".join(path.read_bytes() for path in poller.folder.glob("*.jsonl"))
    return [item for item in ComfyUiSpool().read(data, name="x") if isinstance(item, StepRecord)]


def graph(**more: object) -> dict[str, object]:
    found = picture_graph(**more)
    del found["1"]["is_changed"]
    return found


def test_a_run_in_the_history_is_a_step_by_the_bytes_of_its_files(double: ComfyUiDouble, poller: Poller) -> None:
    prompt_id = double.ran(graph(), SAVED)
    seen = poller.look(now_seconds=time.time())
    (step,) = steps(poller)

    assert (seen.runs, seen.waiting, seen.said) == (1, 0, ())
    assert (step.id, step.kind, step.grade, step.status) == (
        f"comfyui-history:{prompt_id}", StepKind.GENERATIVE_EDIT, "logged", "done",
    )  # fmt: skip
    assert step.outputs == (RecordedFile(name="ec/a.png", sha256=sha256(b"made").hexdigest()),)
    assert step.inputs == (RecordedInput(name="in.png", sha256=sha256(b"picture").hexdigest(), role=InputRole.PICTURE),)
    assert (step.seeds, step.models[0].name, step.models[0].hashes) == (("18446744073709551557",), "v.safetensors", {})


def test_a_run_is_written_once_however_often_one_looks(double: ComfyUiDouble, poller: Poller, tmp_path: Path) -> None:
    double.ran(graph(), SAVED)
    looks = [poller.look(now_seconds=time.time()).runs for _ in range(3)]
    again = Poller(ComfyUi(double.url), double.url, production=tmp_path).look(now_seconds=time.time())

    assert (looks, again.runs) == ([1, 0, 0], 0)


def test_a_history_longer_than_a_page_is_read_whole(double: ComfyUiDouble, poller: Poller) -> None:
    for _ in range(150):
        double.ran({"9": {"class_type": "SaveImage", "inputs": {}}}, {})

    assert poller.look(now_seconds=time.time()).runs == 150


def test_bytes_that_were_fetched_late_are_declared(double: ComfyUiDouble, poller: Poller) -> None:
    double.ran(graph(), SAVED, ended_seconds=time.time() - 3600)
    poller.look(now_seconds=time.time())

    assert [step.grade for step in steps(poller)] == ["declared"]


def test_a_prompt_that_vanished_is_unknown_and_not_failed(double: ComfyUiDouble, poller: Poller) -> None:
    double.queue(graph())
    first = poller.look(now_seconds=1000.0)
    double.restart()
    second = poller.look(now_seconds=1010.0)
    data = b"".join(path.read_bytes() for path in poller.folder.glob("*.jsonl"))
    clock = json.dumps({"event": "taken", "t": 1000.0 + UNKNOWN_AFTER_SECONDS}).encode() + b"\n"
    found = [item for item in ComfyUiSpool().read(data + clock, name="x") if isinstance(item, StepRecord)]

    assert (first.waiting, [item.code for item in second.said]) == (1, ["poll.unknown_end"])
    assert [(step.status, step.outputs) for step in found] == [("unknown", ())]


def test_a_host_that_forgot_its_history_is_said_once(double: ComfyUiDouble, poller: Poller) -> None:
    double.ran(graph(), SAVED)
    poller.look(now_seconds=time.time())
    double.restart()
    said = [[item.code for item in poller.look(now_seconds=time.time()).said] for _ in range(2)]

    assert said == [["poll.restarted"], []]


def test_an_output_that_is_gone_is_known_by_name_alone(double: ComfyUiDouble, poller: Poller) -> None:
    del double.files["output", "ec", "a.png"]
    double.ran(graph(), SAVED)
    poller.look(now_seconds=time.time())

    assert [step.outputs for step in steps(poller)] == [(RecordedFile(name="ec/a.png"),)]


def test_the_makers_of_hosted_nodes_are_told_by_their_modules(double: ComfyUiDouble, poller: Poller) -> None:
    double.modules = {"KlingTextToVideoNode": "comfy_api_nodes.nodes_kling"}
    double.ran(graph(**{"6": {"class_type": "KlingTextToVideoNode", "inputs": {"api_key": "k-123"}}}), SAVED)
    poller.look(now_seconds=time.time())
    (step,) = steps(poller)

    assert step.settings["provider.KlingTextToVideoNode"] == "kling"
    assert b"k-123" not in b"".join(path.read_bytes() for path in poller.folder.glob("*"))


def test_an_entry_of_another_shape_is_said(double: ComfyUiDouble, poller: Poller) -> None:
    double.history["x"] = {"prompt": {"newer": "shape"}}

    assert [(item.code, item.effect) for item in poller.look(now_seconds=time.time()).said] == [
        ("poll.unread", "row-missing")
    ]


def test_a_host_that_is_away_is_said(tmp_path: Path) -> None:
    with comfyui_double() as double:
        url = double.url
    (tmp_path / ".edgecode").mkdir()
    with pytest.raises(UnavailableError) as away:
        Poller(ComfyUi(url, timeout_seconds=2), url, production=tmp_path).look(now_seconds=0.0)

    assert away.value.code == "comfyui.unreachable"


@pytest.mark.parametrize("url", ["ftp://x", "http://user:word@x", "http://", "http://x/?token=1", "http://x:99999"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        ComfyUi(url)

    assert refused.value.code == "comfyui.url"


def test_the_command_records_what_was_run(double: ComfyUiDouble, tmp_path: Path) -> None:
    double.ran(graph(), SAVED)
    run_command("init", "show", cwd=tmp_path)
    first = run_command("poll", "comfyui", double.url, cwd=tmp_path / "show")
    second = run_command("poll", "comfyui", double.url, cwd=tmp_path / "show")

    assert (first.status, first.out, second.out) == (0, "seen: 1 run; recorded: 1 step, 1 model\n", "")


@needs_shared_data
def test_every_answer_of_the_real_program_is_read() -> None:
    exchanges = json.loads((DATA / "comfyui" / "own-run" / "protocol.json").read_text("utf-8"))
    found = []
    for exchange in exchanges:
        for asked in exchange["http"]:
            for prompt_id, value in asked["response"].items() if asked["path"].startswith("/history/") else ():
                entry = entry_of(prompt_id, value)
                digests = dict.fromkeys(entry.outputs, "a" * 64)
                line = line_of(
                    entry, outputs=digests, inputs={}, modules={}, version="", is_late=False, now_seconds=0.0
                )
                step = [item for item in ComfyUiSpool().read(line, name="x") if isinstance(item, StepRecord)]
                found.append([(item.status, len(item.outputs)) for item in step])

    assert found == [[("done", 6)], [], [("done", 4)], [("done", 4)], [("failed", 0)], [("done", 6)]]


@pytest.mark.parametrize("stamp", [10**30, 10**400, -5])
def test_an_absurd_time_of_a_host_costs_the_time_and_not_the_run(
    double: ComfyUiDouble, tmp_path: Path, stamp: int
) -> None:
    prompt_id = double.ran(graph(), SAVED)
    double.history[prompt_id]["status"]["messages"] = [
        ["execution_start", {"timestamp": stamp}],
        ["execution_success", {"timestamp": 1_700_000_000_000}],
    ]
    run_command("init", "show", cwd=tmp_path)
    done = run_command("poll", "comfyui", double.url, cwd=tmp_path / "show")

    assert (done.status, "recorded: 1 step" in done.out, "[spool.time]" in done.err) == (20, True, True)
    assert run_command("poll", "comfyui", double.url, cwd=tmp_path / "show").status == 0


def test_an_input_that_a_node_shows_is_no_output_of_the_run(double: ComfyUiDouble, poller: Poller) -> None:
    double.files[("temp", "", "shown.png")] = b"picture"
    shown = [
        {"filename": "in.png", "subfolder": "", "type": "input"},
        {"filename": "shown.png", "subfolder": "", "type": "temp"},
    ]
    double.ran(graph(), SAVED | {"1": {"images": shown}})
    poller.look(now_seconds=time.time())
    (step,) = steps(poller)

    assert step.outputs == (RecordedFile(name="ec/a.png", sha256=sha256(b"made").hexdigest()),)


OUTPUT, INPUT = ("output", "ec", "a.png"), ("input", "", "in.png")


def test_a_file_that_a_later_run_made_again_is_the_later_runs_alone(double: ComfyUiDouble, poller: Poller) -> None:
    double.files[OUTPUT] = b"made by the last"
    ids = [double.ran(graph(), {"9": {"images": [{"filename": "a.png", "subfolder": folder, "type": "output"}]}})
           for folder in ("ec", "./ec", "ec")]  # fmt: skip
    seen = poller.look(now_seconds=time.time())

    assert [item.code for item in seen.said] == ["poll.rewritten"]
    assert [(step.id.partition(":")[2], step.outputs[0].sha256) for step in steps(poller)] == [
        (ids[0], None), (ids[1], None), (ids[2], sha256(b"made by the last").hexdigest()),
    ]  # fmt: skip


def test_a_later_run_that_took_the_file_from_the_cache_made_none(double: ComfyUiDouble, poller: Poller) -> None:
    first = double.ran(graph(), SAVED)
    double.finish(double.queue(graph()), SAVED, cached=("9",))
    seen = poller.look(now_seconds=time.time())

    assert seen.said == ()
    assert [(step.id, step.outputs[0].sha256) for step in steps(poller)] == [
        (f"comfyui-history:{first}", sha256(b"made").hexdigest())
    ]


@pytest.mark.parametrize("place", [OUTPUT, INPUT])
def test_a_file_that_was_written_after_the_run_is_known_by_name_alone(
    double: ComfyUiDouble, poller: Poller, place: tuple[str, str, str]
) -> None:
    double.modified = {place: time.time() + 5}
    double.ran(graph(), SAVED)
    seen = poller.look(now_seconds=time.time())
    (step,) = steps(poller)
    found = {OUTPUT: step.outputs[0].sha256, INPUT: step.inputs[0].sha256}

    assert [(item.code, item.effect) for item in seen.said] == [("poll.rewritten", "approximate")]
    assert [each for each, digest in found.items() if digest is None] == [place]


def test_of_more_runs_than_a_page_only_the_last_has_the_file(double: ComfyUiDouble, poller: Poller) -> None:
    ids = [double.ran(graph(), SAVED) for _ in range(70)]
    poller.look(now_seconds=time.time())

    assert [step.id for step in steps(poller) if step.outputs[0].sha256] == [f"comfyui-history:{ids[-1]}"]


def test_bytes_of_which_the_host_tells_no_time_are_declared(double: ComfyUiDouble, poller: Poller) -> None:
    double.modified = {OUTPUT: None}
    double.ran(graph(), SAVED)
    poller.look(now_seconds=time.time())

    assert [step.grade for step in steps(poller)] == ["declared"]


def test_two_runs_that_show_one_input_take_nothing_from_each_other(double: ComfyUiDouble, poller: Poller) -> None:
    shown = {"1": {"images": [{"filename": "in.png", "subfolder": "", "type": "input"}]}}
    for name in ("a.png", "b.png"):
        double.files["output", "", name] = name.encode()
        double.ran(graph(), {"9": {"images": [{"filename": name, "subfolder": "", "type": "output"}]}, **shown})
    seen = poller.look(now_seconds=time.time())

    assert (seen.runs, seen.said) == (2, ())
