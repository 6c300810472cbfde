"""Every model, seed, input, text and setting that a ComfyUI graph names, each with its node's id; never reduced to "the" prompt."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from edgecode.ingest.generation.graph import Graph, Node, held, link, values
from edgecode.ingest.generation.records import NumberText, decimal, seed_of
from edgecode.ingest.generation.vocabulary import (
    HELD_KEY,
    HOLDER,
    MODEL_ENDINGS,
    NOT_A_NAME,
    NOT_TEXT_KEY,
    OUTPUT,
    PICTURE_ENDINGS,
    SEED_KEY,
    SETTING_KEY,
    SOUND_ENDINGS,
    TEXT_KEY,
    is_model_key,
    model_kind,
)
from edgecode.terms.steps import InputRole, ModelUse, NamedInput, NamedText

_SETTINGS_AT_MOST = 500
_LORA_IN_TEXT = re.compile(r"<(lora|lyco|hypernet):([^:<>\n]{1,200})(?::([+-]?[\d.]{1,12}))?[^<>\n]{0,100}>")
_EMBEDDING_IN_TEXT = re.compile(r"\bembedding:([\w.\-/\\]+(?: [\w.\-]+)*?)(?=\s*[,():<>\[\]\n]|\s\S|\s*$)")
_ANNOTATION = re.compile(r"\s*\[(?:input|output|temp)\]$")
_NUMBERED = re.compile(r"_?(\d{1,2})(?=_|$)")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Other classes' change marks look alike but hash something else (VideoHelperSuite hashes the path and the time).
_MARKS_ARE_CONTENT = frozenset(("LoadImage", "LoadImageMask", "LoadImageOutput", "LoadAudio", "LoadLatent"))
_FOLDER_LOADER = re.compile(r"load ?images|load.*(?:batch|folder|directory)|images?from(?:path|dir)", re.IGNORECASE)


class Index(Struct):
    """What was found, in graph order, each thing once for each node."""

    models: list[ModelUse]
    seeds: list[str]
    inputs: list[NamedInput]
    texts: list[NamedText]
    settings: dict[str, str]


def index_of(graph: Graph, whole: Graph) -> Index:
    """The index of the nodes in *graph*; links may end in value holders anywhere in the *whole* graph."""
    found = Index([], [], [], [], {})
    for node in graph.values():
        switched_off = _switched_off(node)
        for key, value in node.inputs.items():
            if key in switched_off:
                continue
            if link(value, whole) is None:
                _take_in(node, key, value, found, holder="")
            elif (literal := held(value, whole)) is not None:
                _take_in(node, key, literal[0], found, holder=literal[1])
    found.texts = _labeled(found.texts, graph)
    found.inputs = [item for item in found.inputs if not _is_held_for_another(item, found.inputs, graph)]
    found.models = [model for model in found.models if not _is_held_for_another(model, found.models, graph)]
    return found


def _is_held_for_another(item: ModelUse | NamedInput, among: Sequence[ModelUse | NamedInput], graph: Graph) -> bool:
    """Whether *item* stands in a value holder and was listed at the node that uses it."""
    return bool(HOLDER.search(graph[item.node].kind)) and any(
        other.name == item.name and other.node != item.node for other in among
    )


def _take_in(node: Node, key: str, value: object, found: Index, *, holder: str) -> None:
    if node.kind.startswith(("Note", "MarkdownNote")):
        return
    for path, literal in values(value, key):
        if isinstance(literal, str) and not isinstance(literal, NumberText):
            _take_text(node, path, literal, found, owner=value, holder=holder)
        elif SETTING_KEY.search(path) and (written := decimal(literal)) and len(found.settings) < _SETTINGS_AT_MOST:
            found.settings[f"{node.id}.{path}"] = written
        # A seed may stand in quotes; a node that only hands a seed on is read where the seed is used.
        if SEED_KEY.search(path) and (seed := seed_of(literal)) and seed not in found.seeds:
            found.seeds.append(seed)


def _take_text(node: Node, path: str, text: str, found: Index, *, owner: object, holder: str) -> None:
    low = _ANNOTATION.sub("", text.strip()).lower()
    one_line = "\n" not in text and len(text) <= 1024
    if one_line and low.endswith(MODEL_ENDINGS) and not _calls_models(path, low):
        _add_model(found, _model(node, path, text, owner))
    elif one_line and low.endswith(PICTURE_ENDINGS + SOUND_ENDINGS) and not _is_output(node, path):
        _add_input(found, node, text, low)
    elif one_line and is_model_key(path, node.kind) and low not in NOT_A_NAME and len(text) > 1:
        _add_model(found, _model(node, path, text, owner))
    elif (
        one_line
        and _FOLDER_LOADER.search(node.kind)
        and re.search(r"directory|folder|path", path, re.IGNORECASE)
        and text.strip()
    ):
        found.inputs.append(NamedInput(text, InputRole.PICTURE, node=node.id))
    elif SETTING_KEY.search(path) and one_line and len(found.settings) < _SETTINGS_AT_MOST:
        found.settings[f"{node.id}.{path}"] = text
    elif _is_text(node, path, text):
        if not any(item.text == text and item.node in (node.id, holder) for item in found.texts):
            found.texts.append(NamedText(text, name=path, node=node.id))
        for model in models_in_text(text, node=node.id):
            _add_model(found, model)


def _model(node: Node, path: str, name: str, owner: object) -> ModelUse:
    kind = model_kind(path, node.kind)
    weighted = kind in ("lora", "controlnet", "embedding", "hypernetwork")
    return ModelUse(name, kind, strength=_strength(node, path, owner) if weighted else "", node=node.id)


def _calls_models(path: str, low: str) -> bool:
    """A prompt may end in a file name that it calls: ``blurry, embedding:bad.pt``."""
    return bool(TEXT_KEY.search(path)) and ("embedding:" in low or "<lora:" in low or ", " in low)


def models_in_text(text: str, *, node: str = "") -> Iterator[ModelUse]:
    """Models that a prompt calls by name: ``<lora:name:weight>``, ``<hypernet:…>``, ``embedding:name``."""
    for match in _LORA_IN_TEXT.finditer(text):
        kind = "hypernetwork" if match[1] == "hypernet" else "lora"
        yield ModelUse(match[2].strip(), kind, strength=match[3] or "", node=node)
    for match in _EMBEDDING_IN_TEXT.finditer(text):
        yield ModelUse(match[1], "embedding", node=node)


def _is_text(node: Node, path: str, text: str) -> bool:
    if not text.strip() or not any(c.isalpha() for c in text):
        return False
    if path.startswith("widget_"):  # an unnamed widget of a UI graph: only running text counts
        return " " in text.strip() and not OUTPUT.search(node.kind)
    if HOLDER.search(node.kind) and HELD_KEY.search(path):
        return " " in text.strip() or bool(TEXT_KEY.search(path))
    return bool(TEXT_KEY.search(path)) and not NOT_TEXT_KEY.search(path) and not _is_output(node, path)


def _is_output(node: Node, path: str) -> bool:
    return (
        "filename_prefix" in path
        or "output" in path.lower()
        or (bool(OUTPUT.search(node.kind)) and not node.kind.startswith("Load"))
    )


def _add_model(found: Index, model: ModelUse) -> None:
    if not any(known.name == model.name and known.node == model.node for known in found.models):
        found.models.append(model)


def _add_input(found: Index, node: Node, text: str, low: str) -> None:
    role = InputRole.SOUND if low.endswith(SOUND_ENDINGS) else InputRole.PICTURE
    digest = ""
    if node.kind in _MARKS_ARE_CONTENT:
        marks = node.changed if isinstance(node.changed, list) else [node.changed]
        digest = next((mark for mark in marks if isinstance(mark, str) and _SHA256.fullmatch(mark)), "")
    item = NamedInput(text, role, digest, node.id)
    if item not in found.inputs:
        found.inputs.append(item)


def _strength(node: Node, path: str, owner: object) -> str:
    """The weight that stands beside a model: in the same stacked entry, or in the node's inputs with the same number."""
    places: list[dict[str, object]] = [owner] if isinstance(owner, dict) else []
    number = _NUMBERED.search(path)
    suffix = f"_{number[1]}" if number else ""
    places.append(node.inputs)
    for place in places:
        for name in (
            "strength_model",
            "strength",
            "model_weight",
            "lora_model_strength",
            "lora_wt",
            "weight",
            "model_str",
            "lora_strength",
            "strength_clip",
        ):
            for key in (
                f"{name}{suffix}",
                f"lora{suffix}_strength",
                f"lora{suffix}_model_strength",
                "" if suffix else name,
            ):
                value = place.get(key)
                if isinstance(value, (int, NumberText)) and not isinstance(value, bool):
                    return str(value)
        if isinstance(owner, dict) and place is owner and isinstance(value := place.get("strength"), (int, NumberText)):
            return str(value)
    return ""


def _switched_off(node: Node) -> set[str]:
    """Inputs of a stacking node that are not used: above its count, or with their own switch off."""
    off: set[str] = set()
    counts = [
        value
        for key, value in node.inputs.items()
        if key in ("lora_count", "num_loras", "input_count") and isinstance(value, int)
    ]
    all_off = node.inputs.get("toggle") is False
    for key in node.inputs:
        number = _NUMBERED.search(key)
        if number is None:
            continue
        index = number[1]
        switch = node.inputs.get(
            f"switch_{index}", node.inputs.get(f"enabled_{index}", node.inputs.get(f"lora_{index}_enabled"))
        )
        if all_off or switch in ("Off", "off", False) or (counts and "lora" in key and int(index) > counts[0]):
            off.add(key)
    return off


def _labeled(texts: list[NamedText], graph: Graph) -> list[NamedText]:
    """The texts with *positive* or *negative* as their name where the sampler says which they are."""
    sides = {side: _conditioning(graph, side) for side in ("positive", "negative")}

    def name(item: NamedText) -> str:
        said = [side for side, nodes in sides.items() if item.node in nodes]
        return said[0] if len(said) == 1 else item.name

    return [NamedText(item.text, name(item), item.node) for item in texts]


_CONDITIONING = re.compile(
    r"^(?:conditioning|cond|positive|negative|text|prompt|string|value|any|clip_vision_output)|_text$|_prompt$"
)


def _conditioning(graph: Graph, side: str) -> set[str]:
    """The nodes that feed inputs named *side*. A node with both sides (a control net) hands each on in its own slot."""
    seen: set[tuple[str, int]] = set()
    waiting = [
        found
        for node in graph.values()
        if found_side(node, side)
        for found in [link(node.inputs[side], graph)]
        if found
    ]
    while waiting:
        identity, slot = waiting.pop()
        if (identity, slot) in seen:
            continue
        seen.add((identity, slot))
        node = graph[identity]
        both = link(node.inputs.get("positive"), graph) and link(node.inputs.get("negative"), graph)
        for key, value in node.inputs.items():
            if not _CONDITIONING.search(key) or (both and key != ("positive", "negative")[slot == 1]):
                continue
            if found := link(value, graph):
                waiting.append(found)
    return {identity for identity, _ in seen}


def found_side(node: Node, side: str) -> bool:
    """Whether a node takes *side* and uses it up (a sampler or guider), and does not hand both sides on."""
    return side in node.inputs and not (
        "positive" in node.inputs and "negative" in node.inputs and "image" in node.inputs
    )
