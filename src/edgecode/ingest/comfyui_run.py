"""One finished run of ComfyUI as a step: what it used by role, the weights by content, what it made here, the graph as it ran."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from edgecode.ingest.comfyui_lines import HashedFile, Line, NamedFile, Output
from edgecode.ingest.generation.comfyui import comfyui
from edgecode.ingest.generation.graph import api_graph, upstream
from edgecode.ingest.generation.records import Record, json_of
from edgecode.ingest.generation.vocabulary import KIND_BY_FOLDER
from edgecode.ingest.media_kinds import media_class_of
from edgecode.ingest.step_record import (
    SCHEMA,
    RecordedDocument,
    RecordedFile,
    RecordedInput,
    RecordedModel,
    RecordedText,
    RecordedTool,
    StepRecord,
)
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import is_sha256
from edgecode.terms.steps import Generation, InputRole, ModelUse, StepKind

_PARTNER_MODULE = re.compile(r"^comfy_api_nodes\.nodes_(\w{1,60})$")
_YEAR_10000_MILLISECONDS = 253_402_300_800_000
_NO_MODEL_FOLDERS = ("input", "path", None)


class RunRead(Struct, frozen=True):
    """What a line told: its step (None: the run made no file here), and what is to know about it."""

    step: StepRecord | None
    said: tuple[Diagnostic, ...] = ()


def step_of_run(line: Line, *, number: int, settings: Mapping[str, str]) -> RunRead:
    """The step in a ``finished`` line. *number*: of the line, for what is said; *settings*: what reads it, kept with the recipe.

    Outputs that an earlier run made are not this one's. A run that broke off is a failed step, whatever it left behind.
    """
    text = bytes(line.prompt).decode("utf-8", "replace")
    ran, generation, said = _read_graph(text, line.executed)
    is_done = line.status == "success"
    changed = _changed_between(line)
    outputs = _made(line)
    if changed:
        sentence = (
            f"{len(changed)} files of a run were other ones when it was queued than when it had ended:"
            " which of them it used is not known"
        )
        said.append(Diagnostic("spool.input_changed", sentence, effect="approximate"))
    gone = sum(1 for output in outputs if not output.sha256)
    if gone:
        sentence = f"{gone} files that a run made were gone or changing before they could be read: they are known by name alone"
        said.append(Diagnostic("spool.output_unread", sentence, effect="approximate"))
    if not outputs and is_done:
        return RunRead(None, tuple(_at(number, each) for each in said))
    (started, ended), unreal = _times(line.started_at, (line.finished_at or 0) * 1000)
    if unreal:
        sentence = "a run says a time that is none (before 1970, after 9999, or not finite): it is recorded without it"
        said.append(Diagnostic("spool.time", sentence, effect="approximate"))
    files = [file for file in line.files if ran is None or file.node in ran]
    step = StepRecord(
        schema=SCHEMA,
        kind=generation.kind if generation else StepKind.IMPORT,
        outputs=tuple(_output(output) for output in outputs),
        id=f"comfyui:{line.own_id}" if line.seen_by == "node" else f"comfyui-history:{line.prompt_id}",
        tool=RecordedTool(line.tool.name, line.tool.version),
        ai=generation.ai if generation else AiUse.UNKNOWN,
        grade=line.grade,
        status="done" if is_done else "failed" if line.status else "unknown",
        started=started,
        ended=ended,
        inputs=tuple(_inputs(files, line.opened_only, generation, changed)),
        models=tuple(_models(files, line.opened_only, generation, changed)),
        seeds=generation.seeds if generation else (),
        settings={**(generation.settings if generation else {}), **_settings(line), **settings},
        texts=tuple(_texts(generation, line.outputs)),
        graph=tuple(_documents(text, line)),
    )
    return RunRead(step, tuple(_at(number, each) for each in said))


def milliseconds(written: float | None) -> int | None:
    """A time in milliseconds since 1970, 0 where nothing is written; None for what is no time of a run: it lies outside the years 1970
    to 9999, or is not finite."""
    if not written:
        return 0
    return int(written) if 0 < written < _YEAR_10000_MILLISECONDS else None


def _times(*written: float | None) -> tuple[list[int], bool]:
    found = [milliseconds(each) for each in written]
    return [each or 0 for each in found], None in found


def _at(number: int, said: Diagnostic) -> Diagnostic:
    return Diagnostic(said.code, said.text, line=number, effect=said.effect)


def _read_graph(
    text: str, executed: Sequence[str] | None
) -> tuple[set[str] | None, Generation | None, list[Diagnostic]]:
    """The nodes that ran, what they did, and what could not be read. *executed*: the outputs that validation let through."""
    document = json_of(text)
    nodes = api_graph(document)
    if nodes is None or not isinstance(document, dict):
        return None, None, [Diagnostic("spool.no_graph", "a run has no graph that can be read", effect="approximate")]
    ran = upstream(nodes, executed) if executed else set(nodes)
    if executed:
        text = json.dumps({identity: body for identity, body in document.items() if str(identity) in ran})
    generation, said = comfyui([Record.of("prompt", text.encode("utf-8", "surrogatepass"))])
    return ran, generation, [each for each in said if each.code != "generation.unused_nodes"]


# ------------------------------------------------------------------------------------------ files


def _made(line: Line) -> list[Output]:
    """The files that a run made here. What it was given is none of them, though nodes that show an input list it as theirs."""
    given = {file.sha256 for file in (*line.files, *line.input_hashes) if file.sha256}
    return [
        output
        for output in line.outputs
        if output.text is None and output.made_here and output.type != "input" and output.sha256 not in given
    ]


def _changed_between(line: Line) -> frozenset[str]:
    """Paths whose bytes were others when the prompt was queued than when it had ended."""
    before = {file.path: file.sha256 for file in line.input_hashes if file.path and file.sha256}
    after: dict[str | None, str] = {file.path: file.sha256 for file in line.files}
    return frozenset(path for path, digest in before.items() if after.get(path, digest) != digest)


def _output(output: Output) -> RecordedFile:
    return RecordedFile(path=output.path or "", sha256=_digest(output), name="" if output.path else output.name)


def _digest(file: HashedFile) -> str | None:
    return file.sha256.lower() if is_sha256(file.sha256.lower()) else None


def _is_model(file: NamedFile) -> bool:
    return file.folder not in _NO_MODEL_FOLDERS or media_class_of(file.name) == "model"


def _inputs(
    files: Iterable[NamedFile],
    opened: Iterable[HashedFile],
    generation: Generation | None,
    changed: frozenset[str],
) -> Iterable[RecordedInput]:
    """Pictures, sound and other files that went in, each once, with the role that the graph gives them."""
    roles = {(used.node, used.name): used.role for used in (generation.inputs if generation else ())}
    found: dict[tuple[str, str], RecordedInput] = {}
    seen: set[tuple[str, str]] = set()
    for file in files:
        if _is_model(file):
            continue
        seen.add((file.node, file.name))
        role = roles.get((file.node, file.name)) or _role_by_name(file.name)
        found.setdefault((file.path or file.name, role), _input(file, file.name, role, changed))
    for one in opened:
        if one.path and media_class_of(one.path) != "model":
            role = _role_by_name(one.path)
            found.setdefault((one.path, role), _input(one, "", role, changed))
    for used in generation.inputs if generation else ():
        # A name in the graph for which no file was found, where the run was read from outside.
        if (used.node, used.name) not in seen:
            found.setdefault(
                (used.name, used.role), RecordedInput(name=used.name, sha256=used.sha256 or None, role=used.role)
            )
    return found.values()


def _input(file: HashedFile, name: str, role: InputRole, changed: frozenset[str]) -> RecordedInput:
    called = name or _last(file.path or "")
    if file.path in changed or not file.sha256:
        # By name alone: what lies under the path now may be anything.
        return RecordedInput(name=called, role=role)
    return RecordedInput(path=file.path or "", name="" if file.path else called, sha256=_digest(file), role=role)


def _role_by_name(name: str) -> InputRole:
    kind = media_class_of(name)
    if kind == "audio":
        return InputRole.SOUND
    return InputRole.PICTURE if kind in ("still", "video", "sequence") else InputRole.TOOL


def _models(
    files: Iterable[NamedFile],
    opened: Iterable[HashedFile],
    generation: Generation | None,
    changed: frozenset[str],
) -> Iterable[RecordedModel]:
    """Weights by content: those that the graph names, with the kind and strength that it gives, and those opened beside it."""
    by_name: dict[str, NamedFile] = {}
    for file in files:
        if _is_model(file):
            by_name.setdefault(file.name, file)
    used = list(generation.models if generation else ())
    listed = {model.name for model in used}
    used += [
        ModelUse(name, KIND_BY_FOLDER.get(file.folder or "", "other"))
        for name, file in by_name.items()
        if name not in listed
    ]
    for model in used:
        at = by_name.get(model.name) or _by_last_part(by_name, model.name)
        hashes = dict(model.hashes)
        if at is not None and at.path not in changed and (digest := _digest(at)):
            hashes = {"sha256": digest}
        yield RecordedModel(model.name, model.kind, hashes, model.strength)
    for one in opened:
        if one.path and media_class_of(one.path) == "model":
            known = _digest(one)
            yield RecordedModel(_last(one.path), "other", {"sha256": known} if known else {})


def _by_last_part(files: Mapping[str, NamedFile], name: str) -> NamedFile | None:
    """A prompt calls an embedding or LoRA without folder and ending."""
    wanted = _last(name).rpartition(".")[0] or _last(name)
    fitting = [file for called, file in files.items() if (_last(called).rpartition(".")[0] or _last(called)) == wanted]
    return fitting[0] if len(fitting) == 1 else None


def _last(path: str) -> str:
    return re.split(r"[\\/]", path)[-1]


# ------------------------------------------------------------------------------------------ words


def _settings(line: Line) -> dict[str, str]:
    """Versions of the node packs that ran, and the hosted services whose nodes did."""
    found = {f"pack.{name}": version or "unknown" for name, version in line.packs.items()}
    for kind, module in (line.modules or {}).items():
        if match := _PARTNER_MODULE.match(module or ""):
            found[f"provider.{kind}"] = match[1]
    return found


def _texts(generation: Generation | None, outputs: Iterable[Output]) -> Iterable[RecordedText]:
    for text in generation.texts if generation else ():
        yield RecordedText(text.text, text.name)
    for output in outputs:
        if output.text is not None:
            yield RecordedText(output.text, f"made at run time by node {output.node}")


def _documents(text: str, line: Line) -> Iterable[RecordedDocument]:
    yield RecordedDocument("prompt", "application/json", text=text)
    if line.node_errors:
        left_out = {
            node: {"class": body.kind, "errors": body.errors, "dependent_outputs": body.dependent_outputs}
            for node, body in line.node_errors.items()
        }
        yield RecordedDocument("node_errors", "application/json", text=json.dumps(left_out, sort_keys=True))
