"""ComfyUI's UI graph (``workflow``) as an API graph: muted and bypassed nodes, subgraphs, reroutes, positional widgets."""

from collections.abc import Iterator, Mapping

from edgecode.ingest.generation.graph import NODES_AT_MOST, Node
from edgecode.ingest.generation.records import NumberText
from edgecode.ingest.generation.vocabulary import CONTROLS, SEED_KEY

_MUTED, _BYPASSED = (2, 4), 4
_MUTE = 2
_NESTED_AT_MOST = 12
_INPUT, _OUTPUT = "-10", "-20"
_NEVER_RUN = frozenset(("Note", "MarkdownNote", "GroupNode"))

# The widgets of nodes whose older files do not name them, in order, the seed's companion left out.
_WIDGETS = {
    "KSampler": ("seed", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": (
        "add_noise", "noise_seed", "steps", "cfg", "sampler_name", "scheduler", "start_at_step", "end_at_step",
        "return_with_leftover_noise",
    ),
    "SamplerCustom": ("add_noise", "noise_seed", "cfg"),
    "RandomNoise": ("noise_seed",),
    "CLIPTextEncode": ("text",),
    "LoadImage": ("image",),
    "LoadImageMask": ("image", "channel"),
    "LoadAudio": ("audio",),
    "LoadVideo": ("file",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "ImageOnlyCheckpointLoader": ("ckpt_name",),
    "UNETLoader": ("unet_name", "weight_dtype"),
    "VAELoader": ("vae_name",),
    "CLIPLoader": ("clip_name", "type", "device"),
    "DualCLIPLoader": ("clip_name1", "clip_name2", "type", "device"),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "ControlNetLoader": ("control_net_name",),
    "UpscaleModelLoader": ("model_name",),
    "CLIPVisionLoader": ("clip_name",),
    "StyleModelLoader": ("style_model_name",),
    "EmptyLatentImage": ("width", "height", "batch_size"),
    "SaveImage": ("filename_prefix",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "FluxGuidance": ("guidance",),
    "TextEncodeQwenImageEdit": ("prompt",),
    "TextEncodeQwenImageEditPlus": ("prompt",),
    "PrimitiveNode": ("value",),
}  # fmt: skip


class _Level:
    """One level of a UI graph: the outermost, or one use of a subgraph, with the level and node that use it."""

    def __init__(
        self, body: Mapping[str, object], prefix: str, user: "tuple[_Level, Mapping[str, object]] | None" = None
    ) -> None:
        self.prefix = prefix
        self.user = user
        self.names = [str(item.get("name")) for item in _dicts(body.get("inputs"))] if user else []
        self.nodes = {str(node.get("id")): node for node in _dicts(body.get("nodes"))}
        self.links = dict(_links(body.get("links")))
        self.results = {
            target[1]: (source, slot) for source, slot, target in self.links.values() if target[0] == _OUTPUT
        }


def ui_graph(document: object) -> dict[str, Node] | None:
    """The live nodes of a UI graph as API nodes; ids inside subgraphs are ``outer:inner``, as ComfyUI itself writes them.

    None when *document* is no UI graph.
    """
    if not isinstance(document, dict) or not isinstance(document.get("nodes"), list):
        return None
    nodes = _dicts(document["nodes"])
    if not any("type" in node and "id" in node for node in nodes):
        return None
    definitions = document.get("definitions")
    subgraphs = _dicts(definitions.get("subgraphs")) if isinstance(definitions, dict) else []
    return _Flat({str(graph.get("id")): graph for graph in subgraphs}).of(document)


class _Flat:
    """Flattens levels into one graph: first every use of a subgraph is opened, then links are followed through all of them."""

    def __init__(self, subgraphs: Mapping[str, Mapping[str, object]]) -> None:
        self.subgraphs = subgraphs
        self.found: dict[str, Node] = {}
        self.inner: dict[str, _Level] = {}
        self.opened = 0

    def of(self, document: Mapping[str, object]) -> dict[str, Node]:
        outermost = _Level(document, "")
        levels = [outermost, *self._open(outermost, 0)]
        for level in levels:
            for identity, node in level.nodes.items():
                kind, name = str(node.get("type") or ""), level.prefix + identity
                if self._is_live(node) and name not in self.inner and len(self.found) <= NODES_AT_MOST:
                    self.found[name] = Node(name, kind, dict(self._inputs(level, node, kind)))
        return self.found

    def _is_live(self, node: Mapping[str, object]) -> bool:
        return node.get("mode") not in _MUTED and str(node.get("type")) not in _NEVER_RUN

    def _open(self, level: _Level, depth: int) -> list[_Level]:
        """The levels inside *level*, outer before inner; at most 12 deep and 100,000 nodes altogether."""
        opened: list[_Level] = []
        for identity, node in level.nodes.items():
            body = self.subgraphs.get(str(node.get("type")))
            if body is None or not self._is_live(node) or depth >= _NESTED_AT_MOST or self.opened > NODES_AT_MOST:
                continue
            name = level.prefix + identity
            self.inner[name] = inner = _Level(body, f"{name}:", (level, node))
            self.opened += len(inner.nodes)
            opened += [inner, *self._open(inner, depth + 1)]
        return opened

    def _given(self, level: _Level, slot: int) -> object | None:
        """What a subgraph's input holds in this use of it: a link of the level above, or the value of a widget there."""
        if level.user is None or not 0 <= slot < len(level.names):
            return None
        outer, node = level.user
        wanted = level.names[slot]
        for item in _dicts(node.get("inputs")):  # only the one asked for: following all would multiply with every level
            if str(item.get("name")) == wanted and (found := self._source(outer, item.get("link"))) is not None:
                return found
        return dict(_widgets(node, str(node.get("type")))).get(wanted)

    def _inputs(self, level: _Level, node: Mapping[str, object], kind: str) -> Iterator[tuple[str, object]]:
        yield from _widgets(node, kind)
        for item in _dicts(node.get("inputs")):
            if (found := self._source(level, item.get("link"))) is not None:
                yield str(item.get("name")), found

    def _source(self, level: _Level, link: object) -> object | None:
        """Where a link comes from, as ``[id, slot]`` or a value, through subgraphs and bypassed nodes; None: from nothing."""
        for _ in range(1000):
            if not isinstance(link, (int, str)) or str(link) not in level.links:
                return None
            source, slot, _ = level.links[str(link)]
            if source == _INPUT:
                return self._given(level, slot)
            node = level.nodes.get(source)
            if node is None or node.get("mode") == _MUTE:
                return None
            if node.get("mode") == _BYPASSED:
                link = _passed_through(node, slot)
                continue
            return self._result(level.prefix + source, slot)
        return None

    def _result(self, name: str, slot: int) -> object | None:
        """The output of a node; of a subgraph, the output of the node inside it that makes it."""
        for _ in range(_NESTED_AT_MOST):
            if name not in self.inner:
                return [name, slot]
            inner = self.inner[name]
            if slot not in inner.results:
                return None
            source, slot = inner.results[slot]
            if source == _INPUT:
                return self._given(inner, slot)
            name = inner.prefix + source
        return None


def _passed_through(node: Mapping[str, object], slot: int) -> object:
    """A bypassed node hands on the input of the same type as the output: at the same place first, else the first one."""
    outputs, inputs = _dicts(node.get("outputs")), _dicts(node.get("inputs"))
    wanted = outputs[slot].get("type") if 0 <= slot < len(outputs) else None
    same = [item for item in inputs if item.get("type") == wanted and item.get("link") is not None]
    if 0 <= slot < len(inputs) and inputs[slot] in same:
        return inputs[slot].get("link")
    return same[0].get("link") if same else None


def _widgets(node: Mapping[str, object], kind: str) -> Iterator[tuple[str, object]]:
    """(name, value) of a node's widgets: named in its inputs, in the table above, or by their place."""
    given = node.get("widgets_values")
    if isinstance(given, dict):
        yield from ((str(key), value) for key, value in given.items())
        return
    if not isinstance(given, list):
        return
    named = [str(item.get("name")) for item in _dicts(node.get("inputs")) if isinstance(item.get("widget"), dict)]
    plain = list(_without_controls(given))
    known = _WIDGETS.get(kind)
    if known is None and len(named) == len(plain):
        known = tuple(named)
    for index, (value, is_seed) in enumerate(plain):
        name = known[index] if known is not None and index < len(known) else f"widget_{index}"
        yield ("seed" if is_seed and not SEED_KEY.search(name) else name), value


def _without_controls(given: list[object]) -> Iterator[tuple[object, bool]]:
    """(value, whether it is a seed): a whole number right before fixed, increment, decrement or randomize is one."""
    skip = False
    for index, value in enumerate(given):
        if skip:
            skip = False
            continue
        after = given[index + 1] if index + 1 < len(given) else None
        number = isinstance(value, (int, NumberText)) and not isinstance(value, bool)
        skip = number and after in CONTROLS
        yield value, skip


def _links(links: object) -> Iterator[tuple[str, tuple[str, int, tuple[str, int]]]]:
    """(link id, (source id, source slot, (target id, target slot))): arrays outside, objects inside subgraphs."""
    for item in links if isinstance(links, list) else ():
        if isinstance(item, list) and len(item) >= 5:
            identity, source, slot, target, target_slot = item[:5]
        elif isinstance(item, dict):
            keys = ("id", "origin_id", "origin_slot", "target_id", "target_slot")
            identity, source, slot, target, target_slot = (item.get(key) for key in keys)
        else:
            continue
        if isinstance(slot, int) and isinstance(target_slot, int):
            yield str(identity), (str(source), slot, (str(target), target_slot))


def _dicts(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def named_models(document: object) -> Iterator[tuple[str, str, str, str]]:
    """(node id, name, folder, SHA-256 or "") of every model that live nodes name in ``properties.models``."""
    if not isinstance(document, dict):
        return
    definitions = document.get("definitions")
    graphs = [document, *(_dicts(definitions.get("subgraphs")) if isinstance(definitions, dict) else ())]
    for graph in graphs:
        for node in _dicts(graph.get("nodes")):
            properties = node.get("properties")
            if node.get("mode") in _MUTED or not isinstance(properties, dict):
                continue
            for model in _dicts(properties.get("models")):
                if isinstance(name := model.get("name"), str):
                    claimed = (
                        str(model.get("hash") or "")
                        if str(model.get("hash_type") or "SHA256").upper() == "SHA256"
                        else ""
                    )
                    yield str(node.get("id")), name, str(model.get("directory") or ""), claimed.lower()
