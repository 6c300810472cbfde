"""The A1111 family's text: prompt, ``Negative prompt:``, then one line of ``Key: value`` pairs (A1111, Forge, SD.Next, Civitai, …).

Source: the writers' own format (stable-diffusion-webui ``processing.create_infotext``; Forge adds Module 1 … n).
"""

import json
import re
from collections.abc import Iterator, Sequence

from edgecode.ingest.generation.comfyui_index import models_in_text
from edgecode.ingest.generation.records import Record, object_of, seed_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.steps import Generation, GraphPart, InputRole, ModelUse, NamedInput, NamedText, StepKind

_KEYS = (
    "parameters",
    "usercomment",
    "stealth",
    "postprocessing",
    "extras",
    "comment",
    "description",
    "imagedescription",
    "prompt",
)
_PAIR = re.compile(
    r"\s*([A-Za-z][\w \-/().]{0,60}?):\s*(\"(?:\\.|[^\"\\])*+\"|\{(?:[^{}]|\{[^{}]*+\})*+\}|\[[^\[\]]*+\]|[^,\n]*+)(?:,|\n|\Z)"
)
_NEGATIVE = re.compile(r"(?:^|\s)Negative prompt:", re.IGNORECASE)
_HASHED_NAME = re.compile(r"^(.*?)\s*[\[(]([0-9a-fA-F]{4,64})[\])]$")
_PERSONAL = frozenset(("user", "author", "artist", "copyright", "civitai username"))
_TEXT_KEYS = re.compile(r"prompt|template|wildcard", re.IGNORECASE)
_SEEDS = ("Seed", "Variation seed", "Noise multiplier seed", "Hires seed", "Wildcard seed")
_TEXT_AT_MOST = 4 << 20
_PAIRS_AT_MOST = 2000


def infotext(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that an infotext tells of; None when no record is one."""
    for record in records:
        if record.key.lower() not in _KEYS or record.text.lstrip()[:1] == "{":
            continue
        if len(record.text) > _TEXT_AT_MOST:
            continue
        if record.key.lower() in ("postprocessing", "extras") or _is_postprocessing(record.text):
            return _postprocessed(record), []
        if (parsed := parse(record.text)) is not None:
            return _generation(record, *parsed), []
    return None, []


def parse(text: str) -> tuple[str, str, dict[str, str]] | None:
    """(prompt, negative prompt, settings in the order written); None when the text has no line of settings."""
    text = text.replace("\r\n", "\n").strip()
    starts = list(re.finditer(r"(?:^|\n)[ \t]*(?=Steps: *\d)", text))
    # Some programs join the lines: then only the pair that always follows tells where the settings start.
    starts = starts or list(re.finditer(r"\s(?=Steps: \d+, Sampler: )", text))
    if not starts:
        return None
    found = starts[-1]
    head, tail = text[: found.start()], text[found.end() :]
    split = _NEGATIVE.search(head)
    prompt, negative = (head[: split.start()], head[split.end() :]) if split else (head, "")
    return prompt.strip(), negative.strip(), dict(pairs(tail))


def pairs(line: str) -> Iterator[tuple[str, str]]:
    """The ``Key: value`` pairs of a settings line; quoted values are JSON strings, as the writer wrote them."""
    at = 0
    for _ in range(_PAIRS_AT_MOST):
        match = _PAIR.match(line, at)
        if match is None or match.end() == at:
            following = re.compile(r"[,\n]").search(line, at)
            if following is None:
                return
            at = following.end()
            continue
        yield match[1].strip(), _unquoted(match[2].strip())
        at = match.end()


def _unquoted(value: str) -> str:
    if value[:1] != '"':
        return value
    try:
        text = json.loads(value)
    except ValueError:
        return value.strip('"')
    return text if isinstance(text, str) else value


def _is_postprocessing(text: str) -> bool:
    return text.lstrip().startswith(("Postprocess upscale", "Postprocess crop", "Postprocess GFPGAN"))


def _postprocessed(record: Record) -> Generation:
    """A1111's Extras tab: pictures enlarged or faces restored by a model, nothing generated."""
    settings = dict(pairs(record.text))
    upscalers = [
        value
        for key, value in settings.items()
        if re.search(r"upscaler(?: 2)?$", key, re.IGNORECASE) and value != "None"
    ]
    kind = StepKind.UPSCALE if upscalers else StepKind.RESTORE
    return Generation(
        tool="a1111",
        kind=kind,
        ai=AiUse.ASSISTIVE,
        models=tuple(ModelUse(name, "upscale") for name in dict.fromkeys(upscalers)),
        settings=_kept(settings),
        inputs=(NamedInput("source picture", InputRole.PICTURE),),
        graph=(GraphPart(record.key, "text/plain", record.data),),
    )


def _generation(record: Record, prompt: str, negative: str, settings: dict[str, str]) -> Generation:
    texts = [NamedText(prompt, "positive"), NamedText(negative, "negative")]
    texts += [
        NamedText(value, key)
        for key, value in settings.items()
        if _TEXT_KEYS.search(key) and re.search(r"[A-Za-z]{2}", value)
    ]
    tool, version = _tool(settings)
    inputs = _inputs(settings)
    edited = any(item.role is InputRole.PICTURE for item in inputs)
    return Generation(
        tool=tool,
        kind=StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE,
        tool_version=version,
        models=tuple(_models(prompt, negative, settings)),
        seeds=tuple(dict.fromkeys(seed for key in _SEEDS if (seed := seed_of(settings.get(key))))),
        settings=_kept(settings),
        inputs=tuple(inputs),
        texts=tuple(text for text in texts if text.text),
        graph=(GraphPart(record.key, "text/plain", record.data),),
    )


def _kept(settings: dict[str, str]) -> dict[str, str]:
    """Settings without people's names and without prompts, which are texts."""
    return {
        key: value for key, value in settings.items() if key.lower() not in _PERSONAL and not _TEXT_KEYS.search(key)
    }


def _tool(settings: dict[str, str]) -> tuple[str, str]:
    version = settings.get("Version", "")
    if re.match(r"f\d|forge|neo|classic", version, re.IGNORECASE) or any(
        re.match(r"Module \d", key) for key in settings
    ):
        return "forge", version
    if "App" in settings or version.lower().startswith("sd.next"):
        return re.sub(r"\s+", "", settings.get("App", "sdnext")).lower()[:40], version
    if version.lower().startswith("comfyui"):
        return "comfyui", version
    if "Fooocus" in version:
        return "fooocus", version
    return "a1111", version


def _inputs(settings: dict[str, str]) -> list[NamedInput]:
    """Pictures that the settings show were used. The tool writes an MD5 of a first picture at most, so none has a digest.

    A denoising strength without the second pass of hires means image to image.
    """
    found = []
    hires = any(key.lower().startswith("hires") or key in ("First pass size", "Second pass size") for key in settings)
    shown = any(
        key in settings
        for key in ("Init image hash", "Mask mode", "Inpaint area", "Mask blur", "Masked content", "Resize mode")
    )
    if shown or ("Denoising strength" in settings and not hires):
        found.append(NamedInput("init image", InputRole.PICTURE))
    found += [
        NamedInput(f"{key} image", InputRole.CONTROL if "ip-adapter" not in value.lower() else InputRole.REFERENCE)
        for key, value in settings.items()
        if re.fullmatch(r"ControlNet(?: \d+)?", key)
    ]
    return found


def _models(prompt: str, negative: str, settings: dict[str, str]) -> Iterator[ModelUse]:
    hashes = _claimed(settings)
    seen: set[tuple[str, str]] = set()
    for model in (
        *_named(settings),
        *models_in_text(prompt),
        *models_in_text(negative),
        *_resources(settings),
        *_only_hashed(settings),
    ):
        key = (model.kind, model.name.lower())
        if (
            model.name
            and model.name.lower() not in ("none", "automatic", "latent", "use same checkpoint")
            and key not in seen
        ):
            seen.add(key)
            claimed = model.hashes or hashes.get((model.kind, model.name.lower()), {})
            yield ModelUse(model.name, model.kind, claimed, model.strength)


def _named(settings: dict[str, str]) -> Iterator[ModelUse]:
    main = _hash(settings.get("Model hash", ""))
    if name := settings.get("Model", ""):
        yield ModelUse(name, "checkpoint", main)
    elif main:
        yield ModelUse(settings["Model hash"], "checkpoint", main)
    fixed = {
        "VAE": ("vae", "VAE hash"),
        "Hypernet": ("hypernetwork", "Hypernet hash"),
        "Refiner": ("checkpoint", ""),
        "Hires checkpoint": ("checkpoint", ""),
        "Hires upscaler": ("upscale", ""),
        "Upscaler": ("upscale", ""),
        "SD upscale upscaler": ("upscale", ""),
        "Text encoder": ("clip", ""),
    }
    for key, (kind, hash_key) in fixed.items():
        if value := settings.get(key, ""):
            name, claimed = _name_and_hash(value)
            yield ModelUse(name, kind, _hash(settings.get(hash_key, "")) or claimed)
    for key, value in settings.items():
        if re.fullmatch(r"(?:Hires )?Module \d+", key) and value not in ("Built-in", "Use same choices"):
            yield ModelUse(value, "vae" if re.search(r"vae|^ae\b", value, re.IGNORECASE) else "clip")
        elif re.fullmatch(r"ADetailer model(?: \w+)?", key):
            yield ModelUse(value, "other")
        elif re.fullmatch(r"ADetailer (?:checkpoint|ControlNet model)(?: \w+)?", key):
            yield ModelUse(
                _name_and_hash(value)[0],
                "controlnet" if "ControlNet" in key else "checkpoint",
                _name_and_hash(value)[1],
            )
        elif re.fullmatch(r"AddNet Model \d+", key):
            name, claimed = _name_and_hash(value)
            yield ModelUse(name, "lora", claimed, settings.get(key.replace("Model", "Weight A"), ""))
        elif re.fullmatch(r"ControlNet(?: \d+)?", key) and (model := dict(pairs(value)).get("Model")):
            yield ModelUse(_name_and_hash(model)[0], "controlnet", _name_and_hash(model)[1])
        elif re.fullmatch(r"ControlNet(?:-?\d+)? ?Model", key):
            yield ModelUse(_name_and_hash(value)[0], "controlnet", _name_and_hash(value)[1])


def _name_and_hash(value: str) -> tuple[str, dict[str, str]]:
    match = _HASHED_NAME.match(value)
    return (match[1], _hash(match[2])) if match else (value, {})


def _hash(written: str, *, kind: str = "") -> dict[str, str]:
    """A claimed hash by its dialect: 64 digits SHA-256, 10 AutoV2, 12 AutoV3 (LoRA), 8 AutoV1."""
    text = written.strip().lower().removeprefix("0x").removeprefix("sha256:")
    if not re.fullmatch(r"[0-9a-f]{4,64}", text):
        return {}
    dialect = {64: "sha256", 10: "autov2", 12: "autov3", 8: "autov1"}.get(len(text), "short")
    return {dialect: text}


def _claimed(settings: dict[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    """Claimed hashes by kind and name: ``Lora hashes``, ``TI hashes`` (``name: hash, …``) and ``Hashes`` (JSON)."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for key, kind in (("Lora hashes", "lora"), ("TI hashes", "embedding")):
        for name, value in pairs(settings.get(key, "")):
            found[(kind, name.lower())] = _hash(value)
    for name, digest in (object_of(settings.get("Hashes", "")) or {}).items():
        prefix, _, rest = name.partition(":")
        kind = {"lora": "lora", "embed": "embedding", "model": "checkpoint", "vae": "vae"}.get(prefix.lower(), "other")
        found.setdefault((kind, (rest or prefix).lower()), _hash(str(digest)))
    return found


def _only_hashed(settings: dict[str, str]) -> Iterator[ModelUse]:
    """Models that stand only in the lists of hashes: an embedding's name in a prompt is a plain word."""
    for (kind, name), claimed in _claimed(settings).items():
        if kind in ("lora", "embedding") and name:
            written = re.search(
                re.escape(name),
                settings.get("Lora hashes", "") + settings.get("TI hashes", "") + settings.get("Hashes", ""),
                re.I,
            )
            yield ModelUse(written[0] if written else name, kind, claimed)


def _resources(settings: dict[str, str]) -> Iterator[ModelUse]:
    """``Civitai resources``: a JSON list of what the service ran; a version id there names the file on that service."""
    try:
        listed = json.loads(settings.get("Civitai resources", "[]"))
    except (ValueError, RecursionError):
        return
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict):
            version = item.get("modelVersionId")
            name = str(item.get("modelName") or (f"civitai:{version}" if version else ""))
            kinds = {
                "checkpoint": "checkpoint",
                "lora": "lora",
                "lycoris": "lora",
                "embed": "embedding",
                "textualinversion": "embedding",
            }
            yield ModelUse(name, kinds.get(str(item.get("type", "")).lower(), "other"), {}, str(item.get("weight", "")))
