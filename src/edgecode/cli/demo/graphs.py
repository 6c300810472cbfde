"""ComfyUI graphs of the demo: the API graph and the editor's workflow, as its SaveImage node writes them into a PNG."""

import json

Graph = dict[str, dict[str, object]]

CHECKPOINT = "meadowlight_xl_v3.safetensors"
LORA = "garden_of_verses_v2.safetensors"
SEED = 884_412_097_335_001
MISSING_PICTURE = "letter_reference_final.png"
MISSING_SHA256 = "6f0d3c1e5b7a49826d3fe0c1b2a798645f3d2e1c0b9a88776655443322110ffe"
"""The digest that LoadImage left in the graph of the letter dream; no such picture was ever handed in."""

_PROMPT = "a walled garden at dusk, luminous flowers, singing light, film still"
_AVOID = "text, watermark, people"


def garden_graph(frames: int) -> Graph:
    """Text to image with a LoRA: one run makes a batch of *frames*, so every file of it carries the same graph."""
    graph = _loaders()
    graph["5"] = _node("EmptyLatentImage", width=1152, height=648, batch_size=frames)
    graph["3"] = _sampler(SEED, "5", denoise=1.0)
    return graph | _ending("garden_v012/garden_dream_v012")


def letter_graph() -> Graph:
    """Image to image: LoadImage names the picture and, in ``is_changed``, its SHA-256."""
    graph = _loaders()
    graph["10"] = _node("LoadImage", image=MISSING_PICTURE) | {"is_changed": [MISSING_SHA256]}
    graph["12"] = _node("VAEEncode", pixels=["10", 0], vae=["4", 2])
    graph["3"] = _sampler(51_022_884_190, "12", denoise=0.62)
    return graph | _ending("letter_v003/letter_dream_v003")


def texts_of(graph: Graph) -> dict[str, str]:
    """The two texts that ComfyUI writes: ``prompt`` (the API graph) and ``workflow`` (the editor's)."""
    return {"prompt": json.dumps(graph), "workflow": json.dumps(workflow_of(graph))}


def workflow_of(graph: Graph) -> dict[str, object]:
    """The editor's form of an API graph: nodes with places and widget values, and numbered links between them."""
    links: list[list[object]] = []
    nodes: dict[str, dict[str, object]] = {}
    outputs: dict[str, list[int]] = {}
    for order, (key, node) in enumerate(graph.items()):
        inputs, widgets = [], []
        given = node["inputs"]
        assert isinstance(given, dict)
        for slot, (name, value) in enumerate(given.items()):
            if isinstance(value, list):
                number = len(links) + 1
                links.append([number, int(value[0]), value[1], int(key), slot, "*"])
                outputs.setdefault(str(value[0]), []).append(number)
                inputs.append({"name": name, "type": "*", "link": number})
            else:
                widgets.append(value)
        nodes[key] = {
            "id": int(key), "type": node["class_type"], "pos": [60 + 300 * order, 120], "size": [280, 120], "flags": {},
            "order": order, "mode": 0, "inputs": inputs, "outputs": [], "properties": {}, "widgets_values": widgets,
        }  # fmt: skip
    for key, numbers in outputs.items():
        nodes[key]["outputs"] = [{"name": "OUT", "type": "*", "links": numbers, "slot_index": 0}]
    last = max(int(key) for key in graph)
    return {
        "last_node_id": last, "last_link_id": len(links), "nodes": list(nodes.values()), "links": links, "groups": [],
        "config": {}, "extra": {}, "version": 0.4,
    }  # fmt: skip


def _node(class_type: str, **inputs: object) -> dict[str, object]:
    return {"inputs": inputs, "class_type": class_type, "_meta": {"title": class_type}}


def _loaders() -> Graph:
    return {
        "4": _node("CheckpointLoaderSimple", ckpt_name=CHECKPOINT),
        "11": _node("LoraLoader", lora_name=LORA, strength_model=0.8, strength_clip=0.8, model=["4", 0], clip=["4", 1]),
        "6": _node("CLIPTextEncode", text=_PROMPT, clip=["11", 1]),
        "7": _node("CLIPTextEncode", text=_AVOID, clip=["11", 1]),
    }


def _sampler(seed: int, latent: str, *, denoise: float) -> dict[str, object]:
    settings = {
        "seed": seed,
        "steps": 28,
        "cfg": 6.5,
        "sampler_name": "dpmpp_2m",
        "scheduler": "karras",
        "denoise": denoise,
    }
    links = {"model": ["11", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": [latent, 0]}
    return _node("KSampler", **settings, **links)


def _ending(prefix: str) -> Graph:
    return {
        "8": _node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": _node("SaveImage", filename_prefix=prefix, images=["8", 0]),
    }
