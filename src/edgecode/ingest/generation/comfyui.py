"""ComfyUI: the API graph ``prompt`` walked for what made the file; the UI graph ``workflow`` where it stands alone."""

import re
from collections.abc import Sequence

from edgecode.ingest.generation.act import roles, what_was_done
from edgecode.ingest.generation.comfyui_index import Index, index_of
from edgecode.ingest.generation.graph import NODES_AT_MOST, Node, api_graph, live
from edgecode.ingest.generation.records import Record, json_of
from edgecode.ingest.generation.ui_graph import named_models, ui_graph
from edgecode.ingest.generation.vocabulary import KIND_BY_FOLDER
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import Generation, GraphPart, ModelUse, StepKind

_GRAPH_KEYS = ("prompt", "workflow", "file")
_NOT_KEPT = frozenset(("encoder", "duration", "comment", "usercomment", "software", "imagedescription"))


def comfyui(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that a file's ComfyUI records tell of; None when there is no graph among them.

    The API graph says what ran; the UI graph beside it is kept and only adds hashes that it claims for models. A workflow
    that stands alone is read for its live nodes.
    """
    by_key = _graph_records(records)
    prompt = api_graph(json_of(by_key["prompt"].text)) if "prompt" in by_key else None
    document = json_of(by_key["workflow"].text) if "workflow" in by_key else None
    if prompt is None and document is None:
        return None, []
    nodes = prompt or api_graph(document) or ui_graph(document)
    diagnostics = _unreadable(by_key)
    if not nodes:
        return None, diagnostics
    parts = tuple(
        GraphPart(record.key if record.key != "file" else "workflow", "application/json", record.data)
        for record in records
        if record.key in by_key or (record.text[:1] in ("{", "[") and record.key.lower() not in _NOT_KEPT)
    )
    if len(nodes) > NODES_AT_MOST:
        sentence = f"its graph has more than {NODES_AT_MOST} nodes: it is kept, but not read for models and inputs"
        diagnostics.append(Diagnostic("generation.graph_too_large", sentence, effect="approximate"))
        return Generation("comfyui", StepKind.IMPORT, AiUse.UNKNOWN, graph=parts), diagnostics
    kept = live(nodes)
    if unused := len(nodes) - len(kept):
        sentence = f"{unused} of its graph's {len(nodes)} nodes lead to no output: what they name was not used and is not listed"
        diagnostics.append(Diagnostic("generation.unused_nodes", sentence))
    return _generation(nodes, kept, document, parts), diagnostics


def _generation(nodes: dict[str, Node], kept: set[str], document: object, parts: tuple[GraphPart, ...]) -> Generation:
    graph = {identity: node for identity, node in nodes.items() if identity in kept}
    index = index_of(graph, nodes)
    inputs = roles(graph, index.inputs)
    kind, ai = what_was_done(graph, inputs)
    return Generation(
        tool="comfyui",
        kind=kind,
        ai=ai,
        models=_with_claims(index, document),
        seeds=tuple(index.seeds),
        settings=index.settings,
        inputs=tuple(inputs),
        texts=tuple(index.texts),
        graph=parts,
    )


def _graph_records(records: Sequence[Record]) -> dict[str, Record]:
    """The records that are graphs, by what they are: key names differ in case, and a JSON file may hold either kind."""
    found: dict[str, Record] = {}
    for record in records:
        key = record.key.lower()
        if key not in _GRAPH_KEYS and key not in ("comment", "usercomment", "imagedescription"):
            continue
        if key in ("prompt", "workflow"):
            if record.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
                found.setdefault(key, record)
            continue
        document = json_of(record.text)
        if api_graph(document):
            found.setdefault("prompt", record)
        elif ui_graph(document):
            found.setdefault("workflow", record)
        elif isinstance(document, dict):  # VideoHelperSuite and others: both graphs in one comment, as JSON or as text
            for name in ("prompt", "workflow"):
                inner = document.get(name)
                if isinstance(inner, str) and inner.lstrip()[:1] == "{":
                    found.setdefault(name, Record.of(name, inner.encode("utf-8", "replace")))
                elif isinstance(inner, dict):
                    found.setdefault(name, record)
    return found


def _unreadable(by_key: dict[str, Record]) -> list[Diagnostic]:
    return [
        Diagnostic("generation.unreadable", f"its {key} record is no JSON that can be read", effect="approximate")
        for key, record in by_key.items()
        if json_of(record.text) is None
    ]


def _with_claims(index: Index, document: object) -> tuple[ModelUse, ...]:
    """The models with the hashes that the workflow's ``properties.models`` claim for the same file name."""
    claims = {_file_name(name): (folder, digest) for _, name, folder, digest in named_models(document)}
    completed = []
    for model in index.models:
        folder, digest = claims.get(_file_name(model.name), ("", ""))
        hashes = {"sha256": digest} if re.fullmatch(r"[0-9a-f]{64}", digest) else {}
        kind = model.kind if model.kind != "other" else KIND_BY_FOLDER.get(folder, "other")
        completed.append(ModelUse(model.name, kind, hashes, model.strength, model.node))
    return tuple(completed)


def _file_name(name: str) -> str:
    return re.split(r"[\\/]", name)[-1].lower()
