"""SwarmUI (``sui_image_params``), Draw Things (JSON in XMP), Easy Diffusion (one record for each setting)."""

import re
from collections.abc import Iterator, Sequence

from edgecode.ingest.generation.records import Record, decimal, object_of, seed_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation, GraphPart, InputRole, ModelUse, NamedInput, NamedText, StepKind

_SWARM_KINDS = {"model": "checkpoint", "refinermodel": "checkpoint", "loras": "lora", "vae": "vae", "controlnetmodel": "controlnet",
                "used_embeddings": "embedding"}  # fmt: skip
_SWARM_NOT_SETTINGS = re.compile(r"prompt|seed|^loras|weights$|model$|image|user|presets|^vae$", re.IGNORECASE)


def swarmui(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that SwarmUI's parameters tell of; None when there are none."""
    for record in records:
        document = object_of(record.text) if "sui_image_params" in record.text else None
        parameters = document.get("sui_image_params") if document else None
        if document and isinstance(parameters, dict):
            return _swarm(document, parameters, record), []
    return None, []


def _swarm(document: dict[str, object], parameters: dict[str, object], record: Record) -> Generation:
    extra = document.get("sui_extra_data")
    texts = [parameters.get("prompt"), *((extra.get("original_prompt"),) if isinstance(extra, dict) else ())]
    negative = parameters.get("negativeprompt")
    edited = any(key in parameters for key in ("initimage", "initimagecreativity", "maskimage"))
    named = [
        NamedText(text, "positive")
        for text in dict.fromkeys(text for text in texts if isinstance(text, str) and text.strip())
    ]
    named += [NamedText(negative, "negative")] if isinstance(negative, str) and negative.strip() else []
    seeds = (seed_of(value) for key, value in parameters.items() if key.endswith("seed"))
    return Generation(
        tool="swarmui",
        kind=StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE,
        tool_version=decimal(parameters.get("swarm_version"))[:40],
        models=tuple(_swarm_models(document, parameters)),
        seeds=tuple(dict.fromkeys(seed for seed in seeds if seed)),
        settings={
            key: text
            for key, value in parameters.items()
            if not _SWARM_NOT_SETTINGS.search(key) and (text := decimal(value))
        },
        inputs=(NamedInput("init image", InputRole.PICTURE),) if edited else (),
        texts=tuple(named),
        graph=(GraphPart(record.key, "application/json", record.data),),
    )


def _swarm_models(document: dict[str, object], parameters: dict[str, object]) -> Iterator[ModelUse]:
    """``sui_models`` has files with SHA-256; older files name models only among the parameters."""
    weights = dict(zip(_texts(parameters.get("loras")), _texts(parameters.get("loraweights")), strict=False))
    seen: set[str] = set()
    listed = document.get("sui_models")
    for item in listed if isinstance(listed, list) else ():
        if not isinstance(item, dict) or not (name := decimal(item.get("name"))):
            continue
        digest = decimal(item.get("hash")).lower().removeprefix("0x")
        stem = _stem(name)
        seen.add(stem)
        kind = _SWARM_KINDS.get(str(item.get("param", "")).lower(), "other")
        strength = next((weight for lora, weight in weights.items() if _stem(lora) == stem), "")
        yield ModelUse(name, kind, {"sha256": digest} if re.fullmatch(r"[0-9a-f]{64}", digest) else {}, strength)
    for key, kind in _SWARM_KINDS.items():
        for name in _texts(parameters.get(key)):
            if _stem(name) not in seen and name.lower() not in ("", "none", "automatic"):
                seen.add(_stem(name))
                yield ModelUse(name, kind, {}, weights.get(name, ""))


def _stem(name: str) -> str:
    return re.sub(r"\.(?:safetensors|sft|ckpt|gguf|pt|pth)$", "", re.split(r"[\\/]", name)[-1].lower())


def _texts(value: object) -> list[str]:
    return (
        [decimal(item) for item in value] if isinstance(value, list) else [decimal(value)] if value is not None else []
    )


def draw_things(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that Draw Things' JSON tells of (``c`` prompt, ``uc`` negative prompt); None when there is none."""
    for record in records:
        document = object_of(record.text) if record.key in ("UserComment", "comment", "description", "xmp") else None
        if document and "c" in document and "model" in document and "sampler" in document:
            return _drawn(document, record), []
    return None, []


def _drawn(document: dict[str, object], record: Record) -> Generation:
    further = document.get("v2")
    profile = further if isinstance(further, dict) else {}
    strength = decimal(document.get("strength") or profile.get("strength"))
    edited = strength not in ("", "1", "1.0") or bool(
        decimal(document.get("mask_blur")) and document.get("preserve_original")
    )
    models = [ModelUse(decimal(document.get("model")), "checkpoint")]
    for kind, few, many in (("lora", "lora", "loras"), ("controlnet", "control", "controls")):
        listed = document.get(few) or profile.get(many)
        for item in listed if isinstance(listed, list) else ():
            name = decimal(item.get("model") or item.get("file")) if isinstance(item, dict) else ""
            models += [ModelUse(name, kind, strength=decimal(item.get("weight")))] if name else []
    texts = [NamedText(decimal(document.get("c")), "positive"), NamedText(decimal(document.get("uc")), "negative")]
    names = ("steps", "sampler", "scale", "strength", "size", "shift", "seed_mode", "upscaler")
    return Generation(
        tool="drawthings",
        kind=StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE,
        models=tuple(model for model in models if model.name),
        seeds=tuple(seed for seed in (seed_of(document.get("seed")),) if seed),
        settings={name: text for name in names if (text := decimal(document.get(name)))},
        inputs=(NamedInput("source picture", InputRole.PICTURE),) if edited else (),
        texts=tuple(text for text in texts if text.text.strip()),
        graph=(GraphPart(record.key, "application/json", record.data),),
    )


_EASY = "use_stable_diffusion_model"
_EASY_MODELS = {_EASY: "checkpoint", "use_vae_model": "vae", "use_lora_model": "lora", "use_hypernetwork_model": "hypernetwork",
                "use_controlnet_model": "controlnet", "use_upscale": "upscale", "use_text_encoder_model": "clip"}  # fmt: skip


def easy_diffusion(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that Easy Diffusion's records (or one JSON comment) tell of; None when there are none."""
    fields: dict[str, object] = {record.key: record.text for record in records}
    used = [record for record in records if record.key in fields]
    if _EASY not in fields:
        used = [record for record in records if _EASY in record.text and object_of(record.text)]
        fields = (object_of(used[0].text) or {}) if used else {}
    if _EASY not in fields:
        return None, []
    named = [
        (kind, name, fields.get("lora_alpha")) for key, kind in _EASY_MODELS.items() for name in _texts(fields.get(key))
    ]
    prompt, negative = decimal(fields.get("prompt")), decimal(fields.get("negative_prompt"))
    edited = any(decimal(fields.get(key)) not in ("", "None") for key in ("init_image", "prompt_strength", "mask"))
    texts = (NamedText(prompt, "positive"), NamedText(negative, "negative"))
    names = ("num_inference_steps", "guidance_scale", "sampler_name", "width", "height", "clip_skip", "prompt_strength")
    return Generation(
        tool="easydiffusion",
        kind=StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE,
        models=tuple(
            ModelUse(name, kind, strength=decimal(alpha) if kind == "lora" else "")
            for kind, name, alpha in named
            if name and name.lower() not in ("none", "false")
        ),
        seeds=tuple(seed for seed in (seed_of(fields.get("seed")),) if seed),
        settings={name: text for name in names if (text := decimal(fields.get(name)))},
        inputs=(NamedInput("source picture", InputRole.PICTURE),) if edited else (),
        texts=tuple(text for text in texts if text.text.strip()),
        graph=tuple(
            GraphPart(record.key, "application/json" if record.text[:1] == "{" else "text/plain", record.data)
            for record in used
        ),
    ), []
