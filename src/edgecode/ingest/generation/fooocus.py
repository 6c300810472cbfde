"""Fooocus and its forks: ``parameters`` as JSON (scheme ``fooocus``), the older ``Comment`` JSON; its a1111 scheme is infotext."""

import re
from collections.abc import Iterator, Sequence

from edgecode.ingest.generation.records import Record, decimal, object_of, seed_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation, GraphPart, InputRole, ModelUse, NamedInput, NamedText, StepKind

_PROMPTS = (
    "prompt",
    "negative_prompt",
    "prompt_expansion",
    "full_prompt",
    "full_negative_prompt",
    "raw_prompt",
    "raw_negative_prompt",
)
_NOT_SETTINGS = re.compile(r"prompt|^loras?|lora_combined|_hash$|^(?:base|refiner)_model|user|author|metadata_scheme")


def fooocus(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that a Fooocus record tells of; None when there is none."""
    scheme = next((record.text for record in records if record.key == "fooocus_scheme"), "")
    for record in records:
        if record.key not in ("parameters", "UserComment", "Comment", "comment", "usercomment"):
            continue
        document = object_of(record.text)
        if document and (scheme == "fooocus" or _is_fooocus(document)):
            return _generation(_plain_keys(document), record), []
    return None, []


def _is_fooocus(document: dict[str, object]) -> bool:
    keys = _plain_keys(document)
    named = ("fooocus" in str(keys.get(key, "")).lower() for key in ("version", "software", "metadata_scheme"))
    return any(named) or ("base_model" in keys and "sampler" in keys and "seed" in keys)


def _plain_keys(document: dict[str, object]) -> dict[str, object]:
    """Keys as the newer scheme writes them: ``Base Model`` is ``base_model``."""
    return {re.sub(r"[^\w]+", "_", str(key).strip()).lower(): value for key, value in document.items()}


def _generation(document: dict[str, object], record: Record) -> Generation:
    version = decimal(document.get("version"))
    edited = any(
        str(document.get(key, "")).strip() not in ("", "None", "Disabled")
        for key in ("inpaint_mode", "uov_method", "inpaint_engine_used")
    )
    return Generation(
        tool="fooocus" if "ruined" not in str(document.get("software", "")).lower() else "ruinedfooocus",
        kind=StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE,
        tool_version=version[:40],
        models=tuple({model.name: model for model in reversed(list(_models(document)))}.values())[::-1],
        seeds=tuple(seed for seed in (seed_of(document.get("seed") or document.get("image_seed")),) if seed),
        settings={
            key: text[:500]
            for key, value in document.items()
            if not _NOT_SETTINGS.search(key) and (text := _setting(value))
        },
        inputs=(NamedInput("source picture", InputRole.PICTURE),) if edited else (),
        texts=tuple(_texts(document)),
        graph=(GraphPart(record.key, "application/json", record.data),),
    )


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(decimal(item) for item in value) if isinstance(value, list) else decimal(value)


def _texts(document: dict[str, object]) -> Iterator[NamedText]:
    for key in _PROMPTS:
        value = document.get(key)
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str) and text.strip():
                yield NamedText(text, key)


def _models(document: dict[str, object]) -> Iterator[ModelUse]:
    named = (
        ("base_model", "base_model_hash"),
        ("base_model_name", "base_model_hash"),
        ("refiner_model", "refiner_model_hash"),
    )
    for key, hash_key in named:
        name = decimal(document.get(key))
        if name and name != "None":
            yield ModelUse(name, "checkpoint", _hash(document.get(hash_key)))
    if (vae := decimal(document.get("vae"))) and not vae.startswith("Default"):
        yield ModelUse(vae, "vae")
    loras = document.get("loras")
    for entry in loras if isinstance(loras, list) else ():
        if isinstance(entry, list) and len(entry) >= 2:
            yield _lora(entry)
        elif isinstance(entry, dict) and (name := decimal(entry.get("name"))):
            yield ModelUse(name, "lora", _hash(entry.get("hash")), decimal(entry.get("weight")))
    for key, value in document.items():
        if re.fullmatch(r"lora_combined_\d+|lora_\d+", key) and isinstance(value, str) and " : " in value:
            parts = value.removeprefix("True : ").split(" : ")
            if parts[0] not in ("None", "False"):
                yield ModelUse(parts[0], "lora", {}, parts[-1])
    for match in re.finditer(r"loras?_([^_].*?)_weight", " ".join(document)):
        yield ModelUse(match[1], "lora", {}, decimal(document.get(match[0])))


def _lora(entry: list[object]) -> ModelUse:
    """``[name, weight, hash]`` or, in some forks, ``[hash, "weight - name"]``."""
    first, second = decimal(entry[0]), decimal(entry[1])
    if " - " in second:
        weight, _, name = second.partition(" - ")
        return ModelUse(name, "lora", _hash(first), weight)
    return ModelUse(first, "lora", _hash(entry[2] if len(entry) > 2 else ""), second)


def _hash(value: object) -> dict[str, str]:
    text = decimal(value).lower()
    if not re.fullmatch(r"[0-9a-f]{8,64}", text):
        return {}
    return {{64: "sha256", 10: "autov2", 12: "autov3", 8: "autov1"}.get(len(text), "short"): text}
