"""ComfyUI's API graph as nodes: links, value holders, and which nodes an output depends on."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edgecode.ingest.generation.records import DEPTH_AT_MOST
from edgecode.ingest.generation.vocabulary import HELD_KEY, HIDDEN_KEYS, HOLDER, NEVER_OUTPUT, OUTPUT, SHOWS_TEXT

NODES_AT_MOST = 100_000
"""A graph of more nodes is kept as bytes and not indexed; no tool of the trade writes one."""

_HOLDERS_FOLLOWED = 20


class Node(Struct, frozen=True):
    """One node: its id in the file, its class, its inputs (values, or links as ``[id, slot]``), ComfyUI's change mark."""

    id: str
    kind: str
    inputs: dict[str, object]
    changed: object = None


Graph = Mapping[str, Node]


def api_graph(document: object) -> dict[str, Node] | None:
    """The nodes of an API graph (``{id: {class_type, inputs}}``), at most one more than NODES_AT_MOST; None when *document* is none."""
    if not isinstance(document, dict):
        return None
    if isinstance(inner := document.get("prompt"), dict) and "class_type" not in document:
        document = inner
    nodes: dict[str, Node] = {}
    for identity, body in document.items():
        if isinstance(body, dict) and isinstance(kind := body.get("class_type"), str):
            inputs = body.get("inputs")
            nodes[str(identity)] = Node(
                str(identity), kind, inputs if isinstance(inputs, dict) else {}, body.get("is_changed")
            )
            if len(nodes) > NODES_AT_MOST:
                break
    return nodes or None


def link(value: object, graph: Graph) -> tuple[str, int] | None:
    """(node id, output slot) when *value* is a link to a node of the graph."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], int) and isinstance(value[0], (str, int)):
        identity = str(value[0])
        return (identity, value[1]) if identity in graph else None
    return None


def links(node: Node, graph: Graph) -> Iterator[tuple[str, str, int]]:
    """(input name, node id, slot) of every input that comes from another node."""
    for key, value in node.inputs.items():
        if found := link(value, graph):
            yield key, *found


def values(value: object, path: str, depth: int = 0) -> Iterator[tuple[str, object]]:
    """(path, literal) inside a widget's value; an entry with ``"on": false`` (a stacked LoRA switched off) is not used."""
    if depth > DEPTH_AT_MOST:
        return
    if isinstance(value, dict):
        if value.get("on") is False or value.get("enabled") is False or value.get("active") is False:
            return
        for key, inner in value.items():
            if str(key) not in HIDDEN_KEYS:
                yield from values(inner, f"{path}.{key}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from values(inner, f"{path}.{index}", depth + 1)
    else:
        yield path, value


def held(value: object, graph: Graph) -> tuple[object, str] | None:
    """(literal, id of the node that holds it) at the end of a chain of value holders (primitives, seeds, reroutes)."""
    holder = ""
    for _ in range(_HOLDERS_FOLLOWED):
        found = link(value, graph)
        if found is None:
            return (value, holder) if holder else None
        node = graph[found[0]]
        if not HOLDER.search(node.kind):
            return None
        inputs = [inner for key, inner in node.inputs.items() if HELD_KEY.search(key)]
        if len(inputs) != 1:
            inputs = [inner for inner in node.inputs.values() if link(inner, graph)] or inputs[:1]
        if len(inputs) != 1:
            return None
        holder, value = node.id, inputs[0]
    return None


def upstream(graph: Graph, starts: Iterable[str]) -> set[str]:
    """The nodes that *starts* depend on, themselves included."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        identity = waiting.pop()
        if identity not in seen and identity in graph:
            seen.add(identity)
            waiting.extend(found for _, found, _ in links(graph[identity], graph))
    return seen


def consumers(graph: Graph) -> dict[str, list[tuple[str, str, int]]]:
    """For each node the (node id, input name, slot) that use its outputs."""
    found: dict[str, list[tuple[str, str, int]]] = {identity: [] for identity in graph}
    for node in graph.values():
        for key, source, slot in links(node, graph):
            found[source].append((node.id, key, slot))
    return found


def live(graph: Graph) -> set[str]:
    """The nodes that some output depends on. A sink whose class nobody knows may be an output, so its branch lives.

    Where nothing is sure to be an output of pictures or sound, nothing can be told apart and all nodes live.
    """
    used = {source for node in graph.values() for _, source, _ in links(node, graph)}
    sure = [node.id for node in graph.values() if _saves(node)]
    shown = [node.id for node in graph.values() if OUTPUT.search(node.kind) and not NEVER_OUTPUT.search(node.kind)]
    sinks = [node.id for node in graph.values() if node.id not in used and not NEVER_OUTPUT.search(node.kind)]
    if not sure:
        return set(graph)
    outputs = {*sure, *shown, *sinks}
    return upstream(graph, outputs)


def _saves(node: Node) -> bool:
    if "filename_prefix" in node.inputs:
        return True
    return bool(OUTPUT.search(node.kind)) and not NEVER_OUTPUT.search(node.kind) and not SHOWS_TEXT.search(node.kind)
