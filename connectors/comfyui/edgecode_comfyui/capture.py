"""What is recorded of every prompt: when it is queued, what validation left out, what it opened, what it made.

The hooks copy what they need and return; files are looked for, hashed and written down on a thread of their own.
"""

import queue
import threading
import time
import uuid

from .faults import Faults
from .graph_files import files_named, names_in
from .secrets import plain

_WAITING_AT_MOST = 10000
_QUEUED_AT_MOST = 10000
_OPENED_AT_MOST = 20000
_TEXT_AT_MOST = 20000


class Capture:
    """Records what a host tells it. *place*: what knows where the host's files lie (see `host.Place`)."""

    def __init__(self, place, spool, digests, embed=True, faults=None):
        self.faults = faults or Faults()
        self._place = place
        self._spool = spool
        self._digests = digests
        self._embed = embed
        self._work = queue.Queue(maxsize=_WAITING_AT_MOST)
        self._lock = threading.Lock()
        self._queued = {}
        self._errors = {}
        self._opened = set()
        self._serving_thread = None
        # A host calls these; nothing that goes wrong in one may reach it.
        self._stamped = self.faults.swallowed("queued", self._stamp)
        self.validated = self.faults.swallowed("validated", self._validated)
        self.opened = self.faults.swallowed("opened", self._note_opened)
        self.finished = self.faults.swallowed("finished", self._finish)

    def start(self):
        """Begin to write."""
        threading.Thread(target=self._run, name="edgecode-spool", daemon=True).start()

    def drain(self, timeout_seconds=10.0):
        """Wait until what was told so far is written, at most so long. Returns whether it is."""
        end = time.monotonic() + timeout_seconds
        while self._work.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)
        return not self._work.unfinished_tasks

    # ---------------------------------------------------------------------------------------- hooks

    def on_prompt(self, data):
        """Before a prompt is validated: stamp it and note it. Returns *data*, whatever happens."""
        self._stamped(data)
        return data

    def _stamp(self, data):
        self._serving_thread = threading.get_ident()
        if not isinstance(data, dict) or "prompt" not in data:
            return
        capture = str(uuid.uuid4())
        prompt_id = str(data.setdefault("prompt_id", str(uuid.uuid4())))
        extra = data.setdefault("extra_data", {})
        info = extra.get("extra_pnginfo") if isinstance(extra, dict) else None
        if self._embed and isinstance(extra, dict):
            if not isinstance(info, dict):
                info = extra["extra_pnginfo"] = {}
            # An id and nothing else: whoever gets the file learns nothing from it.
            info["edgecode"] = {"capture_id": capture, "prompt_id": prompt_id}
        with self._lock:
            self._queued[prompt_id] = {"capture_id": capture, "input_hashes": []}
            while len(self._queued) > _QUEUED_AT_MOST:
                del self._queued[next(iter(self._queued))]
        record = {
            "event": "queued",
            "capture_id": capture,
            "prompt_id": prompt_id,
            "client_id": data.get("client_id"),
            "workflow": isinstance(info, dict) and bool(info.get("workflow")),
        }
        self._put(self._write_queued, plain(record), names_in(data["prompt"]))

    def _validated(self, prompt_id, outcome):
        """After validation: (valid, error, outputs, node errors). Which inputs failed is kept; what the host lists beside is not."""
        valid, node_errors = bool(outcome[0]), outcome[3]
        errors = _errors_of(node_errors)
        with self._lock:
            known = self._queued.get(str(prompt_id))
            if valid and errors:
                self._errors[str(prompt_id)] = errors
            elif not valid:
                self._queued.pop(str(prompt_id), None)
        if not valid:
            capture = known["capture_id"] if known else None
            self._put(
                self._spool.write,
                {"event": "refused", "capture_id": capture, "prompt_id": str(prompt_id), "node_errors": errors},
            )

    def _note_opened(self, how, path):
        """A file was opened. What the thread that answers requests looks up (validation, previews) was opened by no run."""
        if not isinstance(path, str) or not path or threading.get_ident() == self._serving_thread:
            return
        with self._lock:
            if len(self._opened) < _OPENED_AT_MOST:
                self._opened.add((how, path))

    def _finish(self, run):
        """A run ended. *run*: prompt_id, prompt, extra_data, executed, outputs, status, messages, as the host has them."""
        prompt_id = str(run["prompt_id"])
        with self._lock:
            opened, self._opened = sorted(self._opened), set()
            known = self._queued.pop(prompt_id, None)
            errors = self._errors.pop(prompt_id, {})
        extra = run["extra_data"] if isinstance(run["extra_data"], dict) else {}
        stamped = (extra.get("extra_pnginfo") or {}).get("edgecode")
        capture = known["capture_id"] if known else (stamped or {}).get("capture_id")
        messages = [(str(name), body if isinstance(body, dict) else {}) for name, body in run["messages"]]
        record = {
            "event": "finished",
            "prompt_id": prompt_id,
            "capture": {"capture_id": capture or str(uuid.uuid4()), "prompt_id": prompt_id},
            "client_id": extra.get("client_id"),
            "status": run["status"],
            "messages": [name for name, _ in messages],
            "error": _error_in(messages),
            "cached": [
                str(node) for name, body in messages if name == "execution_cached" for node in body.get("nodes", ())
            ],
            "executed": run["executed"],
            "node_errors": errors,
            "prompt": run["prompt"],
            "started_at": next((body.get("timestamp") for name, body in messages if name == "execution_start"), None),
            "finished_at": time.time(),
        }
        outputs = plain(run["outputs"])
        self._put(self._write_finished, plain(record), outputs, opened, known)

    def _put(self, function, *arguments):
        try:
            self._work.put_nowait((function, arguments))
        except queue.Full:
            self.faults.count("dropped")

    # ---------------------------------------------------------------------------------------- the thread that writes

    def _run(self):
        while True:
            function, arguments = self._work.get()
            try:
                function(*arguments)
            except Exception:
                self.faults.count(function.__name__.strip("_"))
            try:
                self._tell_faults()
                if self._work.empty():
                    self._digests.keep()
            except Exception:
                self.faults.count("worker")
            finally:
                self._work.task_done()

    def _tell_faults(self):
        counts = self.faults.untold()
        if counts is not None:
            self._spool.write({"event": "faults", "counts": counts})

    def _write_queued(self, record, names):
        self._spool.write(record)
        # Hashed now and again when the run is over: weights that were exchanged in between are found out.
        paths = dict.fromkeys(entry["path"] for entry in files_named(names, self._place.find) if entry["path"])
        hashes = [self._digests.of(path) for path in paths]
        with self._lock:
            known = self._queued.get(record["prompt_id"])
            if known is not None:
                known["input_hashes"] = hashes

    def _write_finished(self, record, outputs, opened, known):
        prompt = record["prompt"]
        files = files_named(names_in(prompt), self._place.find)
        named = {entry["path"] for entry in files}
        record["files"] = [
            dict(entry, **(self._digests.of(entry["path"]) if entry["path"] else {"missing": True})) for entry in files
        ]
        record["input_hashes"] = known["input_hashes"] if known else []
        record["outputs"] = list(self._outputs(outputs, set(record["cached"])))
        made = {entry.get("path") for entry in record["outputs"]}
        record["opened_only"] = [
            dict(self._digests.of(path), how=how)
            for how, path in _each_path_once(opened)
            if path not in named and path not in made and self._place.is_file(path)
        ]
        record.update(self._place.described(prompt))
        self._spool.write(record)

    def _outputs(self, outputs, cached):
        for node, groups in (outputs or {}).items():
            for kind, items in (groups or {}).items() if isinstance(groups, dict) else ():
                for item in items if isinstance(items, list) else ():
                    base = {"node": node, "kind": kind, "made_here": node not in cached}
                    if isinstance(item, dict) and isinstance(item.get("filename"), str):
                        for path, what in self._place.output_paths(item):
                            yield dict(base, kind=what or kind, type=item.get("type"), **self._digests.of(path))
                    elif isinstance(item, str) and item:
                        yield dict(base, text=item[:_TEXT_AT_MOST])


def _each_path_once(opened):
    """(how, path) with every path once. That something was loaded says more than that it was looked up."""
    found = {}
    for how, path in opened:
        if path not in found or how.startswith("load"):
            found[path] = how
    return [(how, path) for path, how in found.items()]


def _error_in(messages):
    """Where a run broke off: node, class and kind of exception. Its message may hold anything, so it is left out."""
    for name, body in messages:
        if name in ("execution_error", "execution_interrupted"):
            return {key: body.get(key) for key in ("node_id", "node_type", "exception_type")}
    return None


def _errors_of(node_errors):
    """node -> {class, errors: [[type, input]], dependent_outputs}: without the messages, which list every installed model."""
    found = {}
    for node, body in (node_errors or {}).items() if isinstance(node_errors, dict) else ():
        errors = [
            [str(one.get("type")), str((one.get("extra_info") or {}).get("input_name", ""))]
            for one in body.get("errors", ())
        ]
        outputs = [str(one) for one in body.get("dependent_outputs", ())]
        found[str(node)] = {"class": str(body.get("class_type")), "errors": errors, "dependent_outputs": outputs}
    return found
