"""InvokeAI: ``invokeai_metadata`` (3 and later), ``sd-metadata`` (2), ``Dream`` (1)."""

import re
import shlex
from collections.abc import Iterator, Sequence

from edgecode.ingest.generation.records import Record, decimal, object_of, seed_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import Generation, GraphPart, InputRole, ModelUse, NamedInput, NamedText, StepKind

_KEYS = ("invokeai_metadata", "invokeai_workflow", "invokeai_graph", "sd-metadata", "Dream", "dream")
_SETTINGS = (
    "generation_mode", "width", "height", "steps", "cfg_scale", "cfg_rescale_multiplier", "guidance", "scheduler", "rand_device",
    "strength", "clip_skip", "refiner_steps", "refiner_cfg_scale", "refiner_scheduler",
    "hrf_enabled", "hrf_method", "hrf_strength", "seamless_x",
    "seamless_y", "upscale_scale", "creativity", "structure",
)  # fmt: skip
_TEXTS = ("positive_prompt", "negative_prompt", "positive_style_prompt", "negative_style_prompt")
_PICTURES = {
    "init_image": InputRole.PICTURE,
    "initial_image_name": InputRole.PICTURE,
    "upscale_initial_image": InputRole.PICTURE,
}
_MODELS = {
    "model": "checkpoint", "vae": "vae", "refiner_model": "checkpoint", "t5_encoder": "clip", "clip_embed_model": "clip",
    "clip_l_model": "clip", "clip_g_model": "clip", "control_lora": "lora", "upscale_model": "upscale", "qwen3_encoder": "clip",
}  # fmt: skip


def invokeai(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that InvokeAI's records tell of, the newest kind first; None when there are none."""
    by_key = {record.key: record for record in records if record.key in _KEYS}
    if not by_key:
        return None, []
    parts = tuple(
        GraphPart(r.key, "text/plain" if r.key.lower() == "dream" else "application/json", r.data)
        for r in by_key.values()
    )
    if "invokeai_metadata" in by_key and (document := object_of(by_key["invokeai_metadata"].text)):
        return _current(document, parts), []
    if "sd-metadata" in by_key and (document := object_of(by_key["sd-metadata"].text)):
        return _second(document, parts), []
    for key in ("Dream", "dream"):
        if key in by_key:
            return _dream(by_key[key].text, parts), []
    problem = Diagnostic(
        "generation.unreadable", "its InvokeAI record is no JSON that can be read", effect="approximate"
    )
    return Generation("invokeai", StepKind.IMPORT, AiUse.UNKNOWN, graph=parts), [problem]


def _current(document: dict[str, object], parts: tuple[GraphPart, ...]) -> Generation:
    inputs = tuple(_inputs(document))
    mode = str(document.get("generation_mode", ""))
    edited = bool(re.search(r"img2img|inpaint|outpaint|i2i", mode)) or any(
        item.role is InputRole.PICTURE for item in inputs
    )
    if edited and not any(item.role is InputRole.PICTURE for item in inputs):
        inputs += (NamedInput("init image", InputRole.PICTURE),)
    texts = [NamedText(text, key) for key in _TEXTS if isinstance(text := document.get(key), str) and text.strip()]
    return Generation(
        tool="invokeai",
        kind=StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE,
        tool_version=decimal(document.get("app_version"))[:40],
        models=tuple(_models(document)),
        seeds=tuple(dict.fromkeys(s for key in ("seed", "refiner_seed") if (s := seed_of(document.get(key))))),
        settings={key: text for key in _SETTINGS if (text := decimal(document.get(key)))},
        inputs=inputs,
        texts=tuple(texts),
        graph=parts,
    )


def _models(document: dict[str, object]) -> Iterator[ModelUse]:
    for key, kind in _MODELS.items():
        if model := _model(document.get(key), kind):
            yield model
    for entry in _dicts(document.get("loras")):
        if model := _model(entry.get("model") or entry.get("lora"), "lora", strength=decimal(entry.get("weight"))):
            yield model
    for key in ("controlnets", "t2iAdapters", "controlLoras"):
        for entry in _dicts(document.get(key)):
            found = entry.get("control_model") or entry.get("t2i_adapter_model") or entry.get("model")
            if model := _model(
                found, "controlnet", strength=decimal(entry.get("control_weight") or entry.get("weight"))
            ):
                yield model
    for entry in _dicts(document.get("ipAdapters")):
        if model := _model(entry.get("ip_adapter_model"), "controlnet", strength=decimal(entry.get("weight"))):
            yield model


def _model(value: object, kind: str, *, strength: str = "") -> ModelUse | None:
    """A model as ``{key, hash: "blake3:…", name}`` (4 and later), ``{model_name}`` (3) or a bare name."""
    if isinstance(value, str):
        return ModelUse(value, kind, strength=strength) if value.strip() else None
    if not isinstance(value, dict):
        return None
    name = decimal(value.get("name") or value.get("model_name"))
    dialect, _, digits = decimal(value.get("hash")).partition(":")
    hashes = {dialect.lower(): digits.lower()} if re.fullmatch(r"[0-9a-fA-F]{8,128}", digits) else {}
    return ModelUse(name, kind, hashes, strength) if name else None


def _inputs(document: dict[str, object]) -> Iterator[NamedInput]:
    for key, role in _PICTURES.items():
        if name := _image(document.get(key)):
            yield NamedInput(name, role)
    for key, role in (
        ("controlnets", InputRole.CONTROL),
        ("t2iAdapters", InputRole.CONTROL),
        ("ipAdapters", InputRole.REFERENCE),
    ):
        for entry in _dicts(document.get(key)):
            if name := _image(entry.get("image")):
                yield NamedInput(name, role)
    for found in _reference_images(document):
        yield NamedInput(found, InputRole.REFERENCE)
    yield from _canvas(document.get("canvas_v2_metadata"))


def _canvas(canvas: object) -> Iterator[NamedInput]:
    """The layers of the canvas (5 and later): rasters are painted over, control layers steer, reference images lend their look."""
    if not isinstance(canvas, dict):
        return
    layers = (
        ("rasterLayers", InputRole.PICTURE),
        ("controlLayers", InputRole.CONTROL),
        ("inpaintMasks", InputRole.CONTROL),
    )
    for key, role in layers:
        for layer in _dicts(canvas.get(key)):
            for item in _dicts(layer.get("objects")):
                if layer.get("isEnabled") is not False and (name := _image(item.get("image"))):
                    yield NamedInput(name, role)


def _reference_images(document: dict[str, object]) -> Iterator[str]:
    canvas = document.get("canvas_v2_metadata")
    listed = [
        *_dicts(document.get("ref_images")),
        *(_dicts(canvas.get("referenceImages")) if isinstance(canvas, dict) else ()),
    ]
    for entry in listed:
        config = entry.get("config") or entry.get("ipAdapter")
        if entry.get("isEnabled") is not False and isinstance(config, dict) and (name := _image(config.get("image"))):
            yield name


def _image(value: object) -> str:
    """A picture's name: bare, as ``{image_name}``, or wrapped as in version 6 (``{original: {image: {image_name}}}``)."""
    for _ in range(4):
        if not isinstance(value, dict):
            break
        value = value.get("image_name") or value.get("image") or value.get("original")
    return value if isinstance(value, str) else ""


def _second(document: dict[str, object], parts: tuple[GraphPart, ...]) -> Generation:
    image = document.get("image")
    image = image if isinstance(image, dict) else {}
    digest = decimal(document.get("model_hash")).lower()
    hashes = {"sha256": digest} if re.fullmatch(r"[0-9a-f]{64}", digest) else {}
    name = decimal(document.get("model_weights") or document.get("model_id") or document.get("model"))
    prompts = image.get("prompt")
    texts = [prompts] if isinstance(prompts, str) else [entry.get("prompt") for entry in _dicts(prompts)]
    edited = image.get("type") in ("img2img", "inpaint", "inpainting", "outpaint")
    source = decimal(image.get("init_image_path") or image.get("orig_hash"))
    upscaled = [
        ModelUse(str(entry.get("type")), "upscale")
        for entry in _dicts(image.get("postprocessing"))
        if entry.get("type")
    ]
    return Generation(
        tool="invokeai",
        kind=StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE,
        tool_version=decimal(document.get("app_version"))[:40],
        models=(*((ModelUse(name, "checkpoint", hashes),) if name else ()), *upscaled),
        seeds=tuple(dict.fromkeys(_second_seeds(image))),
        settings={
            key: text
            for key in ("steps", "cfg_scale", "sampler", "width", "height", "type")
            if (text := decimal(image.get(key)))
        },
        inputs=(NamedInput(source or "init image", InputRole.PICTURE),) if edited else (),
        texts=tuple(NamedText(text, "prompt") for text in texts if isinstance(text, str) and text.strip()),
        graph=parts,
    )


def _second_seeds(image: dict[str, object]) -> Iterator[str]:
    if seed := seed_of(image.get("seed")):
        yield seed
    for variation in _dicts(image.get("variations")):
        if seed := seed_of(variation.get("seed")):
            yield seed


_DREAM_FLAGS = {
    "-s": "steps",
    "-C": "cfg_scale",
    "-A": "sampler",
    "-W": "width",
    "-H": "height",
    "-f": "strength",
    "-U": "upscale",
}


def _dream(text: str, parts: tuple[GraphPart, ...]) -> Generation:
    """The command line of version 1: ``"prompt [negative]" -s 50 -S 123 -W 512 …``; flags and values may be joined."""
    match = re.match(r"\s*\"((?:\\.|[^\"\\])*+)\"(.*)\Z", text, re.DOTALL)
    prompt, rest = (match[1], match[2]) if match else re.match(r"(.*?)(?=\s-[A-Za-z]|\Z)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    try:
        words = shlex.split(rest)
    except ValueError:
        words = rest.split()
    flags: dict[str, str] = {}
    for index, word in enumerate(words):
        joined = re.fullmatch(r"(-[A-Za-z])(.+)", word)
        if joined and not word.startswith("--"):
            flags.setdefault(joined[1], joined[2])
        elif word.startswith("-") and index + 1 < len(words):
            flags.setdefault(word, words[index + 1])
    source = flags.get("-I") or flags.get("--init_img") or flags.get("--init_image") or ""
    return Generation(
        tool="invokeai",
        kind=StepKind.GENERATIVE_EDIT if source else StepKind.GENERATE,
        seeds=tuple(seed for seed in (seed_of(flags.get("-S")),) if seed),
        settings={name: flags[flag] for flag, name in _DREAM_FLAGS.items() if flag in flags},
        inputs=(NamedInput(source, InputRole.PICTURE),) if source else (),
        texts=(NamedText(prompt, "prompt"),) if prompt.strip() else (),
        graph=parts,
    )


def _dicts(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
