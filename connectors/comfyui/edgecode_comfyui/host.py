"""The one module that knows ComfyUI: what it imports of it, which functions it wraps, what it takes out of its queue's tuples.

ComfyUI has no supported interface for this (its RFC 15341 proposes one, `ExecutionLifecycle`, which is used where it is there). Of the
queue's tuples only places 1 to 4 are read: they grew over time, and those stayed.
"""

import atexit
import functools
import inspect
import json
import os

from .capture import Capture
from .digests import Digests
from .faults import Faults, log
from .spool import Spool

_CONFIG = "edgecode_capture.json"
_NO_MODELS = ("custom_nodes", "configs")
_SECONDS_AT_EXIT = 5.0


class Settings:
    """Where the spool goes and whether files are stamped: the environment, else the file beside this one, else ComfyUI's user folder."""

    def __init__(self, folder_paths):
        try:
            with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), _CONFIG), encoding="utf-8") as file:
                said = json.load(file)
        except (OSError, ValueError):
            said = {}
        user = os.path.join(folder_paths.get_user_directory(), "edgecode", "spool")
        self.spool = os.environ.get("EDGECODE_SPOOL") or said.get("spool") or user
        self.embed = os.environ.get("EDGECODE_EMBED", "0" if said.get("embed") is False else "1") != "0"
        self.mode = int(str(said.get("mode", "600")), 8)


class Place:
    """Where ComfyUI's files lie. *plain*: its own functions, before anybody wrapped them."""

    def __init__(self, folder_paths, plain):
        self._paths = folder_paths
        self._plain = plain

    def find(self, name, loads):
        """(folder, path) of a name in a graph: a file in a model folder, or, where its node *loads*, an input; None for neither."""
        for folder in list(self._paths.folder_names_and_paths):
            if folder in _NO_MODELS:
                continue
            path = self._asked("get_full_path", folder, name)
            if path and os.path.isfile(path):
                return folder, path
        if loads:
            path = self._asked("get_annotated_filepath", name)
            if path and os.path.isfile(path):
                return "input", path
            if os.path.isabs(name) and os.path.isfile(name):
                return "path", name
        return None

    def _asked(self, name, *arguments):
        # A prompt's text that is no path at all may raise here; it is no file then.
        try:
            return self._plain[name](*arguments)
        except Exception:
            return None

    def is_file(self, path):
        """Whether it is there."""
        return os.path.isfile(path)

    def output_paths(self, item):
        """(path, what) of an output that a node announced: the file, and the picture with its workflow that some nodes write beside."""
        folder = {"temp": self._paths.get_temp_directory, "input": self._paths.get_input_directory}.get(
            item.get("type"), self._paths.get_output_directory
        )()
        folder = os.path.join(folder, item.get("subfolder") or "")
        path, whole = os.path.join(folder, item["filename"]), item.get("fullpath")
        if isinstance(whole, str) and os.path.isfile(whole) and not os.path.isfile(path):
            path = whole
        yield path, ""
        beside = item.get("workflow")
        if isinstance(beside, str) and beside and beside != item["filename"]:
            yield os.path.join(os.path.dirname(path), os.path.basename(beside)), "beside"

    def described(self, prompt):
        """{modules, tool, packs}: which module each class of the graph comes from, ComfyUI's version, versions of the packs used."""
        import nodes

        modules = {}
        for body in prompt.values() if isinstance(prompt, dict) else ():
            kind = body.get("class_type") if isinstance(body, dict) else None
            found = nodes.NODE_CLASS_MAPPINGS.get(kind)
            modules[str(kind)] = (getattr(found, "RELATIVE_PYTHON_MODULE", None) or "nodes") if found else None
        packs = {one.split(".", 1)[1] for one in modules.values() if one and one.startswith("custom_nodes.")}
        return {
            "modules": modules,
            "tool": {"name": "ComfyUI", "version": _version()},
            "packs": {pack: self._pack_version(pack) for pack in sorted(packs)},
        }

    def _pack_version(self, pack):
        """The version that a pack's pyproject.toml says, "" for none: read as text, for Python 3.9 has no reader of it."""
        for folder in self._paths.folder_names_and_paths.get("custom_nodes", ((),))[0]:
            try:
                with open(os.path.join(folder, pack, "pyproject.toml"), encoding="utf-8") as file:
                    for line in file:
                        key, equals, value = line.partition("=")
                        if equals and key.strip() == "version":
                            return value.strip().strip("\"'")[:60]
            except (OSError, ValueError):
                continue
        return ""


def _version():
    try:
        import comfyui_version

        return str(comfyui_version.__version__)
    except Exception:
        return ""


def install():
    """Put the hooks in. Returns an entry point for hosts that have `ExecutionLifecycle`, else None."""
    import execution
    import folder_paths
    from server import PromptServer

    if getattr(execution.PromptQueue.task_done, "_edgecode", None) is not None:
        return None
    settings, faults = Settings(folder_paths), Faults()
    names = ("get_full_path", "get_full_path_or_raise", "get_annotated_filepath")
    place = Place(folder_paths, {name: getattr(folder_paths, name, lambda *a: None) for name in names})
    digests = faults.swallowed("digests", Digests)(os.path.join(settings.spool, "digests.json")) or Digests()
    capture = Capture(place, Spool(settings.spool, faults, settings.mode), digests, settings.embed, faults)
    PromptServer.instance.add_on_prompt_handler(capture.on_prompt)
    lifecycle = _Lifecycle(capture)
    execution.PromptQueue.task_done = _task_done(execution.PromptQueue.task_done, capture, lifecycle)
    faults.swallowed("wrap validate_prompt", _wrap_validation)(execution, capture)
    for name in names:
        faults.swallowed("wrap " + name, _wrap)(folder_paths, name, capture)
    faults.swallowed("wrap load_torch_file", _wrap_loading)(capture)
    capture.start()
    atexit.register(capture.drain, _SECONDS_AT_EXIT)
    log.info("edgecode records every prompt")
    return lifecycle.entrypoint()


# -------------------------------------------------------------------------------------------- wraps


def _wrap(module, name, capture, takes_argument=False):
    inner = getattr(module, name, None)
    if inner is None:
        return

    @functools.wraps(inner)
    def outer(*args, **kwargs):
        result = inner(*args, **kwargs)
        capture.opened(name, args[0] if takes_argument and args else result)
        return result

    outer._edgecode = capture
    setattr(module, name, outer)


def _wrap_loading(capture):
    import comfy.utils

    _wrap(comfy.utils, "load_torch_file", capture, takes_argument=True)


def _wrap_validation(execution, capture):
    inner = getattr(execution, "validate_prompt", None)
    if inner is None:
        return

    async def awaited(prompt_id, pending):
        outcome = await pending
        capture.validated(prompt_id, outcome)
        return outcome

    @functools.wraps(inner)
    def outer(*args, **kwargs):
        outcome = inner(*args, **kwargs)
        # Older hosts pass the prompt alone and answer at once; nobody can tell whose it is then.
        prompt_id = args[0] if args and isinstance(args[0], str) else kwargs.get("prompt_id")
        if inspect.isawaitable(outcome):
            return awaited(prompt_id, outcome)
        if prompt_id is not None:
            capture.validated(prompt_id, outcome)
        return outcome

    outer._edgecode = capture
    execution.validate_prompt = outer


def _task_done(inner, capture, lifecycle):
    told = capture.faults.swallowed("task_done", _tell_finished)

    @functools.wraps(inner)
    def outer(self, item_id, *args, **kwargs):
        if not lifecycle.is_registered:
            told(capture, self, item_id, args, kwargs)
        return inner(self, item_id, *args, **kwargs)

    outer._edgecode = capture
    return outer


def _tell_finished(capture, prompt_queue, item_id, args, kwargs):
    item = prompt_queue.currently_running.get(item_id)
    if item is None:
        return
    result = args[0] if args else kwargs.get("history_result", kwargs.get("outputs"))
    status = args[1] if len(args) > 1 else kwargs.get("status")
    word, messages = getattr(status, "status_str", None), getattr(status, "messages", None)
    capture.finished(_run_of(item, result, word, messages))


def _run_of(item, result, status, messages):
    """What `Capture.finished` takes. Older hosts hand over the outputs alone, newer ones a record with ``outputs`` in it."""
    result = result if isinstance(result, dict) else {}
    outputs = result.get("outputs") if isinstance(result.get("outputs"), dict) else result
    return {
        "prompt_id": item[1],
        "prompt": item[2],
        "extra_data": item[3],
        "executed": [str(one) for one in item[4]]
        if len(item) > 4 and isinstance(item[4], (list, tuple, set))
        else None,
        "outputs": outputs,
        "status": status,
        "messages": [(one[0], one[1]) for one in messages or () if len(one) > 1],
    }


class _Lifecycle:
    """The interface that ComfyUI's RFC 15341 proposes: where a host has it, runs are taken from it and the wrap of `task_done` rests."""

    def __init__(self, capture):
        self._capture = capture
        self.is_registered = False

    def entrypoint(self):
        """An entry point that registers with the host; None where the host has no such interface."""
        try:
            from comfy_api.latest import ComfyExtension, ExecutionLifecycle
        except Exception:
            return None
        lifecycle, ended = self, self._capture.faults.swallowed("lifecycle", self._ended)

        class Handler(ExecutionLifecycle.Handler):
            def on_succeeded(self, event):
                ended(event)

            def on_failed(self, event):
                ended(event)

            def on_cancelled(self, event):
                ended(event)

        class Extension(ComfyExtension):
            async def on_load(self):
                try:
                    await ExecutionLifecycle().register(Handler())
                    lifecycle.is_registered = True
                except Exception:
                    lifecycle._capture.faults.count("register")

            async def get_node_list(self):
                return []

        async def comfy_entrypoint():
            return Extension()

        return comfy_entrypoint

    def _ended(self, event):
        from server import PromptServer

        prompt_id = str(event.prompt_id)
        found = PromptServer.instance.prompt_queue.get_history(prompt_id=prompt_id).get(prompt_id)
        if found is None:
            return
        status = found.get("status") or {}
        messages = status.get("messages") or ()
        self._capture.finished(_run_of(found["prompt"], found, status.get("status_str"), messages))
