"""The capture package inside a stand-in for ComfyUI: what it writes down, and that nothing that breaks in it reaches a render."""

import json
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from stub_comfyui import PACKAGE, StubHost, picture_graph

SAVED = {"9": {"images": [{"filename": "a_00001_.png", "subfolder": "", "type": "output"}]}}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StubHost]:
    """A host with a model, an input and a picture that a run makes, and the capture running in it."""
    monkeypatch.setenv("EDGECODE_SPOOL", str(tmp_path / "spool"))
    made = StubHost(tmp_path / "comfy")
    (made.root / "models/vae/v.safetensors").write_bytes(b"vae")
    (made.root / "input/in.png").write_bytes(b"picture")
    (made.root / "output/a_00001_.png").write_bytes(b"made")
    with made.running():
        yield made


def spooled(tmp_path: Path) -> list[dict]:
    return [json.loads(line) for path in sorted((tmp_path / "spool").glob("*.jsonl")) for line in path.open("rb")]


def ran(host: StubHost, prompt: dict | None = None, outputs: dict | None = None, **more: object) -> dict:
    """Queue and finish one prompt; the line that the spool has of its end."""
    body = host.post({"prompt": prompt or picture_graph(), "client_id": "artist", "extra_data": {}})
    host.finish(body, SAVED if outputs is None else outputs, **more)
    assert host.capture().drain()
    (line,) = [
        each
        for each in spooled(host.root.parent)
        if each["event"] == "finished" and each["prompt_id"] == body["prompt_id"]
    ]
    return line


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def test_a_run_is_written_down_with_its_weights_its_input_and_what_it_made(host: StubHost) -> None:
    line = ran(host)

    assert [(one["name"], one["folder"], one["sha256"]) for one in line["files"]] == [
        ("in.png", "input", digest(b"picture")),
        ("v.safetensors", "vae", digest(b"vae")),
    ]
    assert [(one["sha256"], one["made_here"]) for one in line["outputs"]] == [(digest(b"made"), True)]
    assert (line["status"], line["started_at"], line["tool"]) == (
        "success",
        1795411873338,
        {"name": "ComfyUI", "version": "0.3.64"},
    )
    assert host.capture().faults.counts() == {}


def test_the_id_in_the_files_is_the_one_in_the_spool(host: StubHost) -> None:
    body = host.post({"prompt": picture_graph(), "extra_data": {"extra_pnginfo": {"workflow": {"nodes": []}}}})
    host.finish(body, SAVED)
    host.capture().drain()

    queued, finished = spooled(host.root.parent)
    stamped = body["extra_data"]["extra_pnginfo"]["edgecode"]
    assert stamped == finished["capture"] == {"capture_id": queued["capture_id"], "prompt_id": body["prompt_id"]}
    assert (queued["event"], queued["workflow"]) == ("queued", True)


def test_what_an_earlier_run_made_is_not_made_here(host: StubHost) -> None:
    line = ran(host, cached=("9",))

    assert [one["made_here"] for one in line["outputs"]] == [False]


def test_weights_that_a_node_opens_by_itself_are_recorded_beside_the_graph(host: StubHost, tmp_path: Path) -> None:
    (host.root / "models/hidden.safetensors").write_bytes(b"hidden")
    body = host.post({"prompt": picture_graph(), "extra_data": {}})

    # The render's thread opens files; the server's thread only looks them up to validate, and that is no opening.
    host.modules["folder_paths"].get_annotated_filepath("in.png")
    host.modules["folder_paths"].get_annotated_filepath("other.png")
    render = threading.Thread(
        target=host.modules["comfy.utils"].load_torch_file, args=(str(host.root / "models/hidden.safetensors"),)
    )
    render.start()
    render.join()
    host.finish(body, SAVED)
    host.capture().drain()

    (line,) = [each for each in spooled(tmp_path) if each["event"] == "finished"]
    assert [(one["how"], one["sha256"]) for one in line["opened_only"]] == [("load_torch_file", digest(b"hidden"))]


def test_weights_exchanged_between_queue_and_run_show_in_two_digests(host: StubHost) -> None:
    body = host.post({"prompt": picture_graph(), "extra_data": {}})
    host.capture().drain()
    (host.root / "models/vae/v.safetensors").write_bytes(b"another vae")
    host.finish(body, SAVED)
    host.capture().drain()

    (line,) = [each for each in spooled(host.root.parent) if each["event"] == "finished"]
    before = {Path(one["path"]).name: one["sha256"] for one in line["input_hashes"]}
    after = {Path(one["path"]).name: one["sha256"] for one in line["files"]}
    assert (before["v.safetensors"], after["v.safetensors"]) == (digest(b"vae"), digest(b"another vae"))


def test_an_unchanged_file_is_hashed_once_also_over_a_restart(host: StubHost) -> None:
    ran(host)
    kept = json.loads((host.root.parent / "spool" / "digests.json").read_text())
    (host.root / "models/vae/v.safetensors").chmod(0o644)

    assert sorted(Path(key[0]).name for key, _ in kept) == ["a_00001_.png", "in.png", "v.safetensors"]


def test_no_secret_reaches_the_spool(host: StubHost) -> None:
    prompt = picture_graph()
    prompt["6"] = {
        "class_type": "KlingTextToVideoNode",
        "inputs": {"prompt": "a pier sk-abcdefghijklmnopqrst", "api_key": "k-123", "images": ["5", 0]},
    }
    body = host.post(
        {"prompt": prompt, "extra_data": {"api_key_comfy_org": "comfy-secret", "auth_token_comfy_org": "t"}}
    )
    host.finish(body, SAVED)
    host.capture().drain()

    text = "".join(path.read_text() for path in (host.root.parent / "spool").glob("*.jsonl"))
    assert [word for word in ("k-123", "sk-abcdef", "comfy-secret", "api_key_comfy_org") if word in text] == []
    assert body["prompt"]["6"]["inputs"]["api_key"] == "k-123", "what runs is not touched"


def test_a_hosted_service_and_a_pack_of_nodes_are_named_by_module(host: StubHost) -> None:
    pack = host.root / "custom_nodes" / "film-pack"
    pack.mkdir()
    (pack / "pyproject.toml").write_text('[project]\nname = "film-pack"\nversion = "1.4.0"\n')
    prompt = picture_graph(
        **{"6": {"class_type": "KlingTextToVideoNode", "inputs": {}}, "7": {"class_type": "Packed", "inputs": {}}}
    )

    line = ran(host, prompt)

    assert line["modules"]["KlingTextToVideoNode"] == "comfy_api_nodes.nodes_kling"
    assert line["packs"] == {"film-pack": "1.4.0"}


def test_validation_errors_are_kept_without_the_list_of_installed_models(host: StubHost) -> None:
    host.invalid = {"node_errors": {"2": {
        "class_type": "VAELoader", "dependent_outputs": ["9"],
        "errors": [{"type": "value_not_in_list", "details": "'absent' not in ['secret_project_lora']",
                    "extra_info": {"input_name": "vae_name", "input_config": [["secret_project_lora"]]}}]}}}  # fmt: skip
    line = ran(host)

    assert line["node_errors"] == {
        "2": {"class": "VAELoader", "errors": [["value_not_in_list", "vae_name"]], "dependent_outputs": ["9"]}
    }
    assert "secret_project_lora" not in json.dumps(spooled(host.root.parent))


def test_a_prompt_that_is_refused_is_said_to_be(host: StubHost) -> None:
    host.invalid = {"all": True}
    body = host.post({"prompt": picture_graph(), "extra_data": {}})
    host.capture().drain()

    assert [(each["event"], each["prompt_id"]) for each in spooled(host.root.parent)] == [
        ("queued", body["prompt_id"]),
        ("refused", body["prompt_id"]),
    ]


def test_the_picture_with_the_workflow_beside_a_video_is_an_output_too(host: StubHost) -> None:
    (host.root / "output/clip_00001.mp4").write_bytes(b"film")
    (host.root / "output/clip_00001.png").write_bytes(b"first frame")
    announced = {"filename": "clip_00001.mp4", "type": "output", "workflow": "clip_00001.png"}
    line = ran(host, outputs={"9": {"gifs": [announced]}})

    assert [(Path(one["path"]).name, one["kind"]) for one in line["outputs"]] == [
        ("clip_00001.mp4", "gifs"),
        ("clip_00001.png", "beside"),
    ]


# ------------------------------------------------------------------------------------------ broken on purpose


def _raise(*arguments: object, **named: object) -> object:
    raise RuntimeError("broken on purpose")


def _no_spool(host: StubHost, patch: pytest.MonkeyPatch) -> None:
    host.capture()._spool.folder = "/dev/null/nowhere"


def _broken(path: str) -> Callable[[StubHost, pytest.MonkeyPatch], None]:
    """Replaces what *path* names, from the recorder down, by something that raises."""

    def breaking(host: StubHost, patch: pytest.MonkeyPatch) -> None:
        at = host.capture()
        *way, last = path.split(".")
        for name in way:
            at = getattr(at, name)
        patch.setattr(at, last, _raise)

    return breaking


def _no_nodes(host: StubHost, patch: pytest.MonkeyPatch) -> None:
    del host.modules["nodes"].NODE_CLASS_MAPPINGS


def _full_queue(host: StubHost, patch: pytest.MonkeyPatch) -> None:
    host.capture()._work.maxsize = 1
    patch.setattr(host.capture()._spool, "write", lambda record: threading.Event().wait(0.2))


def _no_folders(host: StubHost, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(host.modules["folder_paths"], "folder_names_and_paths", None)


BREAKINGS = {
    "the spool cannot be written": _no_spool,
    "hashing raises": _broken("_digests.of"),
    "keeping digests raises": _broken("_digests.keep"),
    "writing raises": _broken("_spool.write"),
    "finding files raises": _broken("_place.find"),
    "naming outputs raises": _broken("_place.output_paths"),
    "taking notes raises": _broken("_put"),
    "counting raises": _broken("faults.count"),
    "the host has no nodes": _no_nodes,
    "the host has no folders": _no_folders,
    "the queue of work is full": _full_queue,
}


@pytest.mark.parametrize("breaking", BREAKINGS.values(), ids=BREAKINGS.keys())
def test_no_render_fails_when_the_capture_is_broken(
    host: StubHost, breaking: Callable[[StubHost, pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(host, monkeypatch)
    for _ in range(5):
        body = host.post({"prompt": picture_graph(), "client_id": "artist", "extra_data": {}})
        kept = host.finish(body, SAVED)

        assert (body["accepted"], kept["outputs"]) == (True, SAVED)


STRANGE = {
    "no extra data": {"extra_data": None},
    "extra data is a list": {"extra_data": []},
    "pnginfo is text": {"extra_data": {"extra_pnginfo": "text"}},
    "the prompt is a list": {"prompt": [], "extra_data": {}},
    "a node is no object": {"prompt": {"1": None, "2": {"class_type": None, "inputs": []}}, "extra_data": {}},
    "the id is a number": {"prompt_id": 7, "extra_data": {}},
    "there is no prompt": {"prompt": None, "extra_data": {}},
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE.keys())
def test_no_request_is_changed_but_for_the_stamp_however_strange_it_is(host: StubHost, strange: dict) -> None:
    body = host.post({"prompt": picture_graph(), **strange})
    kept = host.finish(body, {"9": {"images": [object(), None, {"filename": 3}], "text": "no list"}, "8": None})

    assert list(kept["outputs"]) == ["9", "8"]
    assert body["prompt"] == strange.get("prompt", body["prompt"])


def test_a_queue_whose_tuples_changed_only_costs_the_record(host: StubHost) -> None:
    queue = host.modules["execution"].PromptQueue()
    queue.currently_running[0] = {"a": "newer host"}
    with pytest.raises(KeyError):
        queue.task_done(0, {}, None)  # the stand-in's own reading of the tuple, not the recorder's

    assert host.capture().faults.counts() == {"task_done": 1}


def test_faults_are_counted_and_told_in_the_spool(host: StubHost, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(host.capture()._place, "find", _raise)
        body = host.post({"prompt": picture_graph(), "extra_data": {}})
        host.finish(body, SAVED)
        host.capture().drain()
    ran(host)

    counts = [each["counts"] for each in spooled(host.root.parent) if each["event"] == "faults"][-1]
    assert counts == {"write_queued": 1, "write_finished": 1}


def test_lines_wait_until_the_spool_can_be_written_again(host: StubHost) -> None:
    spool = host.capture()._spool
    folder, spool.folder = spool.folder, "/dev/null/nowhere"
    body = host.post({"prompt": picture_graph(), "extra_data": {}})
    host.capture().drain()
    spool.folder = folder
    host.finish(body, SAVED)
    host.capture().drain()

    assert [each["event"] for each in spooled(host.root.parent)][:1] == ["queued"]


def test_the_host_comes_up_when_the_package_itself_is_broken(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    for path in PACKAGE.glob("*.py"):
        (package / path.name).write_bytes(path.read_bytes())
    (package / "capture.py").write_text("raise RuntimeError('broken on purpose')\n")
    host = StubHost(tmp_path / "comfy")

    with host.running(package) as module:
        body = host.post({"prompt": picture_graph(), "extra_data": {}})
        kept = host.finish(body, SAVED)

    assert (module.NODE_CLASS_MAPPINGS, kept["outputs"]) == ({}, SAVED)


def test_a_host_with_the_lifecycle_interface_is_read_through_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio
    import sys
    import types

    registered = []
    latest = types.ModuleType("comfy_api.latest")

    class ExecutionLifecycle:
        class Handler:
            pass

        async def register(self, handler: object) -> None:
            registered.append(handler)

    latest.ExecutionLifecycle, latest.ComfyExtension = ExecutionLifecycle, object
    monkeypatch.setitem(sys.modules, "comfy_api", types.ModuleType("comfy_api"))
    monkeypatch.setitem(sys.modules, "comfy_api.latest", latest)
    monkeypatch.setenv("EDGECODE_SPOOL", str(tmp_path / "spool"))
    host = StubHost(tmp_path / "comfy")
    (host.root / "output/a_00001_.png").write_bytes(b"made")
    with host.running() as module:
        assert not hasattr(module, "NODE_CLASS_MAPPINGS"), "the host would not look for an entry point"
        asyncio.run(asyncio.run(module.comfy_entrypoint()).on_load())
        body = host.post({"prompt": picture_graph(), "extra_data": {}})
        host.finish(body, SAVED)
        item = (0, body["prompt_id"], body["prompt"], body["extra_data"], ["9"])
        history = {
            "prompt": item,
            "outputs": SAVED,
            "status": {"status_str": "success", "messages": [["execution_success", {}]]},
        }
        queue = types.SimpleNamespace(get_history=lambda prompt_id: {prompt_id: history})
        host.modules["server"].PromptServer.instance.prompt_queue = queue
        registered[0].on_succeeded(types.SimpleNamespace(prompt_id=body["prompt_id"]))
        host.capture().drain()

        assert [(each["event"], each.get("status")) for each in spooled(tmp_path)] == [
            ("queued", None),
            ("finished", "success"),
        ]
