"""NovelAI: PNG ``Software``, ``Source``, ``Description`` and ``Comment`` (JSON), or the same hidden in the alpha channel."""

import re
from collections.abc import Iterator, Sequence

from edgecode.ingest.generation.records import Record, decimal, object_of, seed_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation, GraphPart, InputRole, ModelUse, NamedInput, NamedText, StepKind

_KEPT = ("Title", "Description", "Software", "Source", "Comment", "Generation time", "stealth")
_SETTINGS = (
    "steps", "sampler", "strength", "noise", "scale", "width", "height", "cfg_rescale", "noise_schedule", "sm", "sm_dyn", "n_samples",
    "request_type", "uncond_scale", "controlnet_strength", "controlnet_model", "skip_cfg_above_sigma", "version",
)  # fmt: skip


def novelai(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that NovelAI's records tell of; None when the file is not NovelAI's."""
    by_key = {record.key: record.text for record in records}
    fields: dict[str, str] = by_key
    if "stealth" in by_key and (hidden := object_of(by_key["stealth"])):
        fields = {key: value for key, value in hidden.items() if isinstance(value, str)}
    if not fields.get("Software", "").startswith("NovelAI") and not fields.get("Source", "").startswith("NovelAI"):
        return None, []
    comment = object_of(fields.get("Comment", "")) or {}
    problems = []
    if not comment:
        problems = [
            Diagnostic("generation.unreadable", "its NovelAI comment is no JSON that can be read", effect="approximate")
        ]
    parts = tuple(
        GraphPart(record.key, "application/json" if record.text[:1] == "{" else "text/plain", record.data)
        for record in records
        if record.key in _KEPT
    )
    inputs = tuple(_inputs(comment))
    edited = any(item.role is InputRole.PICTURE for item in inputs)
    source = fields.get("Source", "")
    return Generation(
        tool="novelai",
        kind=StepKind.GENERATIVE_EDIT if edited else StepKind.GENERATE,
        models=(_model(source),) if source else (),
        seeds=tuple(dict.fromkeys(_seeds(comment))),
        settings={key: text for key in _SETTINGS if (text := _written(comment.get(key)))},
        inputs=inputs,
        texts=tuple(_texts(comment, fields.get("Description", ""))),
        graph=parts,
    ), problems


def _model(source: str) -> ModelUse:
    """The service's name of its model, and the eight digits after it, which are its own hash."""
    match = re.fullmatch(r"(.*?)\s*\b([0-9A-F]{8})", source.strip())
    return (
        ModelUse(match[1] or source, "checkpoint", {"novelai": match[2].lower()})
        if match
        else ModelUse(source.strip(), "checkpoint")
    )


def _written(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else decimal(value)


def _seeds(comment: dict[str, object]) -> Iterator[str]:
    for key in ("seed", "extra_noise_seed"):
        if seed := seed_of(comment.get(key)):
            yield seed


def _inputs(comment: dict[str, object]) -> Iterator[NamedInput]:
    """Pictures are not embedded; the kind of request and the strengths tell that there were some."""
    request = str(comment.get("request_type", ""))
    unsaid = not request and "strength" in comment and "noise" in comment
    if unsaid or request in (
        "Img2ImgRequest",
        "NativeInfillingRequest",
        "InpaintRequest",
        "EmotionRequest",
        "ColorizeRequest",
    ):
        yield NamedInput("source picture", InputRole.PICTURE)
    references = comment.get("reference_strength_multiple") or comment.get("director_reference_strengths")
    for index, _ in enumerate(references if isinstance(references, list) else ()):
        yield NamedInput(f"reference picture {index + 1}", InputRole.REFERENCE)
    if (
        not isinstance(references, list)
        and comment.get("reference_strength") is not None
        and comment.get("reference_information_extracted")
    ):
        yield NamedInput("reference picture", InputRole.REFERENCE)


def _texts(comment: dict[str, object], description: str) -> Iterator[NamedText]:
    found: dict[str, str] = {}
    for name, text in (("prompt", comment.get("prompt") or description), ("uc", comment.get("uc"))):
        if isinstance(text, str) and text.strip():
            found[text] = "negative" if name == "uc" else "positive"
    for key, side in (("v4_prompt", "positive"), ("v4_negative_prompt", "negative")):
        prompt = comment.get(key)
        caption = prompt.get("caption") if isinstance(prompt, dict) else None
        if not isinstance(caption, dict):
            continue
        characters = caption.get("char_captions")
        for entry in (caption, *(characters if isinstance(characters, list) else ())):
            text = (entry.get("base_caption") or entry.get("char_caption")) if isinstance(entry, dict) else None
            if isinstance(text, str) and text.strip():
                found.setdefault(text, side)
    yield from (NamedText(text, side) for text, side in found.items())
