"""A stand-in for the parts of ComfyUI that the capture package touches: modules by the same names, a queue, a folder of files.

Made from what the program does, for tests without it; the true program is tried by dev/accept_comfyui.py.
"""

import asyncio
import importlib.util
import sys
import types
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parents[2] / "connectors" / "comfyui" / "edgecode_comfyui"
_NAMES = ("folder_paths", "server", "execution", "comfy", "comfy.utils", "nodes", "comfyui_version")


class Status(NamedTuple):
    """How a run ended, as the host's own queue is told."""

    status_str: str
    completed: bool
    messages: list[tuple[str, dict[str, object]]]


class StubHost:
    """A host below *root*. `post` queues a prompt as POST /prompt does, `finish` ends it as the worker does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("models/vae", "models/loras", "input", "output", "temp", "user", "custom_nodes"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        self.modules = self._modules()
        self.invalid: dict[str, object] = {}
        self.number = 0

    def _modules(self) -> dict[str, types.ModuleType]:
        found = {name: types.ModuleType(name) for name in _NAMES}
        paths = found["folder_paths"]
        paths.folder_names_and_paths = {
            "custom_nodes": ([str(self.root / "custom_nodes")], set()),
            "vae": ([str(self.root / "models/vae")], {".safetensors"}),
            "loras": ([str(self.root / "models/loras")], {".safetensors"}),
        }

        def get_full_path(folder: str, name: str) -> str | None:
            path = Path(paths.folder_names_and_paths[folder][0][0]) / name
            return str(path) if path.is_file() else None

        paths.get_full_path = get_full_path
        paths.get_full_path_or_raise = lambda folder, name: paths.get_full_path(folder, name)
        paths.get_annotated_filepath = lambda name, default_dir=None: str(self.root / "input" / name)
        for kind in ("output", "temp", "input", "user"):
            setattr(paths, f"get_{kind}_directory", lambda kind=kind: str(self.root / kind))
        found["comfy.utils"].load_torch_file = lambda path, *more: {}
        found["comfy"].utils = found["comfy.utils"]
        partner = type("Kling", (), {"RELATIVE_PYTHON_MODULE": "comfy_api_nodes.nodes_kling"})
        pack = type("Packed", (), {"RELATIVE_PYTHON_MODULE": "custom_nodes.film-pack"})
        found["nodes"].NODE_CLASS_MAPPINGS = {"SaveImage": object, "KlingTextToVideoNode": partner, "Packed": pack}
        found["comfyui_version"].__version__ = "0.3.64"
        host = self

        class PromptServer:
            def __init__(self) -> None:
                self.handlers = []

            def add_on_prompt_handler(self, handler: object) -> None:
                self.handlers.append(handler)

        PromptServer.instance = PromptServer()
        found["server"].PromptServer = PromptServer

        class PromptQueue:
            def __init__(self) -> None:
                self.currently_running, self.history = {}, {}

            def task_done(self, item_id: int, history_result: object, status: object) -> None:
                item = self.currently_running.pop(item_id)
                self.history[item[1]] = history_result

        async def validate_prompt(prompt_id: str, prompt: dict, partial: object = None) -> tuple:
            return not host.invalid.get("all"), None, ["9"], host.invalid.get("node_errors", {})

        found["execution"].PromptQueue = PromptQueue
        found["execution"].validate_prompt = validate_prompt
        return found

    def post(self, body: dict[str, object]) -> dict[str, object]:
        """Queue a prompt; handlers that raise are logged by the host and passed over, as it does."""
        for handler in self.modules["server"].PromptServer.instance.handlers:
            body = handler(body)
        body.setdefault("prompt_id", str(uuid.uuid4()))
        outcome = asyncio.run(
            self.modules["execution"].validate_prompt(body.get("prompt_id"), body.get("prompt"), None)
        )
        body["accepted"] = outcome[0]
        return body

    def finish(
        self,
        body: Mapping[str, object],
        outputs: Mapping[str, object],
        *,
        cached: tuple[str, ...] = (),
        status: str = "success",
        executed: tuple[str, ...] = ("9",),
    ) -> object:
        """End a run; returns what the queue's history holds of it then."""
        queue = self.modules["execution"].PromptQueue()
        item = (self.number, body["prompt_id"], body["prompt"], body["extra_data"], list(executed))
        self.number += 1
        queue.currently_running[0] = item
        messages = [("execution_start", {"timestamp": 1795411873338}), ("execution_cached", {"nodes": list(cached)})]
        result = {"outputs": dict(outputs), "meta": {}}
        queue.task_done(0, result, status=Status(status, status == "success", [*messages, (f"execution_{status}", {})]))
        return queue.history[body["prompt_id"]]

    @contextmanager
    def running(self, package: Path = PACKAGE) -> Iterator[types.ModuleType]:
        """With the capture package loaded from its folder, as the host loads custom nodes."""
        kept = {name: sys.modules.get(name) for name in _NAMES}
        sys.modules.update(self.modules)
        name = "edgecode_capture_under_test"
        spec = importlib.util.spec_from_file_location(name, package / "__init__.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
            yield module
        finally:
            for own in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
                del sys.modules[own]
            for other, before in kept.items():
                if before is None:
                    sys.modules.pop(other, None)
                else:
                    sys.modules[other] = before

    def capture(self) -> object:
        """The recorder that is installed."""
        return self.modules["execution"].PromptQueue.task_done._edgecode


def picture_graph(**more: object) -> dict[str, object]:
    """A picture, a VAE, a sampler with a seed, a saved picture."""
    return {
        "1": {"class_type": "LoadImage", "inputs": {"image": "in.png"}, "is_changed": [float("nan")]},
        "2": {"class_type": "VAELoader", "inputs": {"vae_name": "v.safetensors"}},
        "3": {"class_type": "VAEEncode", "inputs": {"pixels": ["1", 0], "vae": ["2", 0]}},
        "4": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse at night"}},
        "5": {
            "class_type": "KSampler",
            "inputs": {"seed": 18446744073709551557, "positive": ["4", 0], "latent_image": ["3", 0], "model": ["2", 1]},
        },
        "9": {"class_type": "SaveImage", "inputs": {"images": ["5", 0], "filename_prefix": "a"}},
        **more,
    }
