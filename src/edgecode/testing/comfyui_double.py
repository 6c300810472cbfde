"""A double of ComfyUI's HTTP protocol on loopback: prompts, queue, history, files. It runs nothing; tests say how a run ends.

Written from the protocol as exchanges with the real program show it (docs/reference/comfyui-spool.md): an unknown id answers 200 with
an empty object, the history is forgotten when it stops, one invalid output of several is dropped and the prompt accepted.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_LONG_AGO = 1_000_000_000.0
Outputs = Mapping[str, Mapping[str, list[object]]]
"""node -> group -> items, as a node announces them: ``{"filename", "subfolder", "type"}`` or a text."""


class ComfyUiDouble(ThreadingHTTPServer):
    """A host at `url`. *files*: (type, subfolder, filename) to bytes; *modified*: the same to when it was last written, in seconds since
    1970, None for one of which the host does not tell (long ago for those not in it); *invalid*: nodes whose outputs validation refuses."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[tuple[str, str, str], bytes] = {}
        self.modified: dict[tuple[str, str, str], float | None] = {}
        self.invalid: dict[str, object] = {}
        self.modules: dict[str, str] = {}
        self.version = "0.3.64"
        self.restart()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def restart(self) -> None:
        """Forget everything but the files, as the program does when it stops."""
        self.history: dict[str, object] = {}
        self.running: list[list[object]] = []
        self.pending: list[list[object]] = []
        self.number = 0

    def queue(self, graph: Mapping[str, object], **extra: object) -> str:
        """Put a prompt into the queue; its id."""
        prompt_id = str(uuid.uuid4())
        self.pending.append(
            [self.number, prompt_id, dict(graph), dict(extra), [node for node in graph if node not in self.invalid]]
        )
        self.number += 1
        return prompt_id

    def finish(
        self,
        prompt_id: str,
        outputs: Outputs,
        *,
        cached: tuple[str, ...] = (),
        status: str = "success",
        ended_seconds: float | None = None,
    ) -> str:
        """End a queued prompt with *outputs*; its id."""
        (item,) = [each for each in (*self.running, *self.pending) if each[1] == prompt_id]
        self.running = [each for each in self.running if each is not item]
        self.pending = [each for each in self.pending if each is not item]
        ended = int((ended_seconds if ended_seconds is not None else time.time()) * 1000)
        common = {"prompt_id": prompt_id}
        messages = [
            ["execution_start", {**common, "timestamp": ended - 300}],
            ["execution_cached", {"nodes": list(cached), **common, "timestamp": ended - 295}],
            [f"execution_{status}", {**common, "timestamp": ended}],
        ]
        state = {"status_str": status, "completed": status == "success", "messages": messages}
        self.history[prompt_id] = {"prompt": item, "outputs": dict(outputs), "status": state, "meta": {}}
        return prompt_id

    def ran(self, graph: Mapping[str, object], outputs: Outputs, *, ended_seconds: float | None = None) -> str:
        """Queue and end a prompt; its id."""
        return self.finish(self.queue(graph), outputs, ended_seconds=ended_seconds)

    def answer(self, path: str) -> tuple[int, object]:
        """(status, JSON or bytes) of a GET."""
        parts = urlsplit(path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        first, _, rest = parts.path.strip("/").partition("/")
        if first == "queue":
            return 200, {"queue_running": self.running, "queue_pending": self.pending}
        if first == "history" and rest:
            return 200, {rest: self.history[rest]} if rest in self.history else {}
        if first == "history":
            return 200, self._page(asked)
        if first == "system_stats":
            return 200, {"system": {"comfyui_version": self.version}, "devices": []}
        if first == "object_info":
            return 200, {rest: {"name": rest, "python_module": self.modules[rest]}} if rest in self.modules else {}
        if first == "view":
            data = self.files.get(_place(asked))
            return (200, data) if data is not None else (404, b"")
        return 404, {}

    def written(self, path: str) -> float | None:
        """When the file that a GET asks for was last written; None for what is no file, or is not told."""
        parts = urlsplit(path)
        place = _place({key: values[0] for key, values in parse_qs(parts.query).items()})
        return self.modified.get(place, _LONG_AGO) if parts.path == "/view" and place in self.files else None

    def _page(self, asked: Mapping[str, str]) -> dict[str, object]:
        entries = list(self.history.items())
        most = int(asked.get("max_items", len(entries) or 1))
        offset = int(asked["offset"]) if "offset" in asked else max(len(entries) - most, 0)
        return dict(entries[offset : offset + most])

    def posted(self, body: Mapping[str, object]) -> tuple[int, object]:
        """(status, JSON) of a POST /prompt."""
        graph = body.get("prompt")
        if not isinstance(graph, Mapping):
            return 400, {"error": {"type": "no_prompt", "message": "No prompt provided"}, "node_errors": {}}
        errors = {node: self.invalid[node] for node in graph if node in self.invalid}
        if errors and len(errors) == len(graph):
            return 400, {"error": {"type": "prompt_outputs_failed_validation"}, "node_errors": errors}
        return 200, {"prompt_id": self.queue(graph), "number": self.number - 1, "node_errors": errors}


def _place(asked: Mapping[str, str]) -> tuple[str, str, str]:
    return asked.get("type", "output"), asked.get("subfolder", ""), asked.get("filename", "")


class _Handler(BaseHTTPRequestHandler):
    server: ComfyUiDouble

    def do_GET(self) -> None:
        self._tell(*self.server.answer(self.path))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        self._tell(*(self.server.posted(body) if self.path == "/prompt" else (404, {})))

    def _tell(self, status: int, content: object) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        written = self.server.written(self.path) if self.command == "GET" else None
        if written is not None:
            self.send_header("Last-Modified", formatdate(written, usegmt=True))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def comfyui_double() -> Iterator[ComfyUiDouble]:
    """A double that answers until the block ends."""
    with ComfyUiDouble() as double:
        thread = threading.Thread(target=double.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield double
        finally:
            double.shutdown()
            thread.join()
