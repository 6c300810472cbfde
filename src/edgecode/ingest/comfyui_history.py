"""An entry of ComfyUI's history as a line of its spool, for hosts that are only read from outside (docs/reference/comfyui-spool.md)."""

import json
import posixpath
from collections.abc import Collection, Iterator, Mapping
from unicodedata import normalize

from msgspec import Struct

from edgecode.ingest.comfyui_lines import FORMAT
from edgecode.ingest.generation.secrets import REMOVED, names_a_secret
from edgecode.ingest.media_kinds import media_class_of

_TEXT_AT_MOST = 20_000
_DEPTH_AT_MOST = 40
_LARGEST = 1e300


class SeenFile(Struct, frozen=True):
    """A file that an entry names: where the host has it, and for an input its node, class and input."""

    filename: str
    subfolder: str
    kind: str
    node: str
    group: str = ""
    node_class: str = ""
    input: str = ""

    @property
    def place(self) -> str:
        """Where the host has it, as two names of one file are alike on any system."""
        path = f"{self.kind}/{self.subfolder}/{self.filename}".replace("\\", "/")
        return normalize("NFC", posixpath.normpath(path)).casefold()


class Entry(Struct, frozen=True):
    """One entry, taken apart. *number*: its place in the queue. *ended*: the host's clock in seconds, 0 where it says none."""

    prompt_id: str
    number: float
    graph: Mapping[str, object]
    executed: tuple[str, ...] | None
    status: str | None
    cached: frozenset[str]
    started_milliseconds: float
    ended: float
    outputs: tuple[SeenFile, ...]
    texts: tuple[tuple[str, str, str], ...]
    inputs: tuple[SeenFile, ...]

    @property
    def classes(self) -> list[str]:
        """The classes of its nodes, each once."""
        bodies = (_object(body) for body in self.graph.values())
        return list(dict.fromkeys(str(body.get("class_type", "")) for body in bodies))


def entry_of(prompt_id: str, value: object) -> Entry | None:
    """The entry in what ``GET /history`` gives for one prompt; None for something of another shape. Of its tuple only the first five
    places are read: it grew over time."""
    found = _object(value)
    item = found.get("prompt")
    if not isinstance(item, list) or len(item) < 4 or not isinstance(item[2], Mapping):
        return None
    status = _object(found.get("status"))
    messages = [
        (str(one[0]), _object(one[1]))
        for one in _list(status.get("messages"))
        if isinstance(one, list) and len(one) > 1
    ]
    stamps = (body.get("timestamp") for _, body in messages)
    times = [_number(stamp) for stamp in stamps if isinstance(stamp, (int, float))]
    cached = (node for name, body in messages if name == "execution_cached" for node in _list(body.get("nodes")))
    outputs, texts = _made(_object(found.get("outputs")))
    word = status.get("status_str")
    return Entry(
        prompt_id,
        _number(item[0]),
        item[2],
        tuple(map(str, item[4])) if len(item) > 4 and isinstance(item[4], list) else None,
        word if isinstance(word, str) else None,
        frozenset(map(str, cached)),
        times[0] if times else 0.0,
        times[-1] / 1000 if times else 0.0,
        tuple(outputs),
        tuple(texts),
        tuple(_loaded(item[2])),
    )


def _number(value: object) -> float:
    """A number of the host; -1 for one that no float holds, 0 for what is none."""
    if not isinstance(value, (int, float)):
        return 0.0
    return float(value) if -_LARGEST < value < _LARGEST else -1.0


def _made(outputs: Mapping[str, object]) -> tuple[list[SeenFile], list[tuple[str, str, str]]]:
    files: list[SeenFile] = []
    texts: list[tuple[str, str, str]] = []
    for node, groups in outputs.items():
        for group, items in _object(groups).items():
            for one in _list(items):
                if isinstance(one, str) and one:
                    texts.append((node, group, one[:_TEXT_AT_MOST]))
                elif isinstance(one, Mapping) and isinstance(one.get("filename"), str):
                    kind = str(one.get("type") or "output")
                    files.append(SeenFile(one["filename"], str(one.get("subfolder") or ""), kind, node, group))
    return files, texts


def _loaded(graph: Mapping[str, object]) -> Iterator[SeenFile]:
    """The pictures and sounds that the graph's loading nodes name in the host's input folder."""
    for node, body in graph.items():
        called = str(_object(body).get("class_type", ""))
        for key, value in _object(_object(body).get("inputs")).items() if called.startswith("Load") else ():
            if isinstance(value, str) and media_class_of(value.partition(" [")[0]) in ("still", "video", "audio"):
                folder, _, name = value.rpartition("/")
                yield SeenFile(name, folder, "input", str(node), node_class=called, input=str(key))


def line_of(
    entry: Entry,
    *,
    outputs: Mapping[SeenFile, str],
    inputs: Mapping[SeenFile, str],
    rewritten: Collection[SeenFile] = (),
    modules: Mapping[str, str],
    version: str,
    is_late: bool,
    now_seconds: float,
) -> bytes:
    """The line. *outputs*, *inputs*: the SHA-256 of each file's bytes as fetched; those that could not be had are left out.
    *rewritten*: those of them whose bytes are not what the run made or was given.

    *is_late*: fetched so long after the run that other bytes may have taken the name; what is said of them is declared.
    """
    made: list[dict[str, object]] = [
        {
            "node": each.node,
            "kind": each.group,
            "type": each.kind,
            "name": _name(each),
            "made_here": each.node not in entry.cached,
        }
        | _content(each, outputs, rewritten)
        for each in entry.outputs
    ]
    made += [
        {"node": node, "kind": group, "text": text, "made_here": node not in entry.cached}
        for node, group, text in entry.texts
    ]
    files = [
        {"node": each.node, "class": each.node_class, "input": each.input, "name": _name(each), "folder": "input"}
        | _content(each, inputs, rewritten)
        for each in entry.inputs
    ]
    line = {
        "spool": FORMAT,
        "event": "finished",
        "seen_by": "poller",
        "grade": "declared" if is_late else "logged",
        "prompt_id": entry.prompt_id,
        "status": entry.status,
        "cached": sorted(entry.cached),
        "executed": entry.executed,
        "prompt": _plain(entry.graph, 0),
        "modules": dict(modules),
        "tool": {"name": "ComfyUI", "version": version},
        "files": files,
        "outputs": made,
        "started_at": entry.started_milliseconds,
        "finished_at": entry.ended,
        "t": now_seconds,
    }
    return json.dumps(line, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"


def _content(file: SeenFile, digests: Mapping[SeenFile, str], rewritten: Collection[SeenFile]) -> dict[str, object]:
    if file in rewritten:
        return {"changing": True}
    return {"sha256": digests[file]} if file in digests else {"missing": True}


def _name(file: SeenFile) -> str:
    return f"{file.subfolder}/{file.filename}" if file.subfolder else file.filename


def _plain(value: object, depth: int) -> object:
    """A copy without secrets and without numbers that JSON does not have."""
    if depth > _DEPTH_AT_MOST:
        return None
    if isinstance(value, Mapping):
        return {
            str(key): REMOVED
            if isinstance(inner, str) and inner and names_a_secret(str(key))
            else _plain(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, float) and value - value != 0:
        return None
    return value


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
