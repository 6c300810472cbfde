"""Media references for writing: the inverse of what `otio_media` reads of them."""

from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.otio_moments import time_range
from edgecode.terms.cuts import Media
from edgecode.terms.timebase import Rate


def references_written(media: Media, rate: Rate) -> JsonObject:
    """``media_references`` with the active one named first, as Clip.2 holds them."""
    # An active reference without a target leaves the targets to the others.
    offset = 1 if media.kind in ("none", "generator") and media.targets else 0
    count = max(len(media.targets) + offset, len(media.names), 1)
    references: dict[str, JsonObject] = {}
    for index in range(count):
        target = media.targets[index - offset] if 0 <= index - offset < len(media.targets) else ""
        name = media.names[index] if index < len(media.names) else ""
        key = "DEFAULT_MEDIA" if index == 0 else f"OTHER_{index:03d}"
        references[key] = _active(media, target, name, rate) if index == 0 else _reference(target, name)
    return {"media_references": dict(references), "active_media_reference_key": "DEFAULT_MEDIA"}


def _reference(target: str, name: str) -> JsonObject:
    schema = "ExternalReference.1" if target else "MissingReference.1"
    reference: JsonObject = {"OTIO_SCHEMA": schema, "name": name, "metadata": {}, "available_range": None}
    return reference | ({"target_url": target} if target else {})


def _active(media: Media, target: str, name: str, rate: Rate) -> JsonObject:
    reference = _reference(target, name)
    if media.kind == "sequence":
        reference = _sequence(media, target, name, rate)
    elif media.kind == "generator":
        reference = {"OTIO_SCHEMA": "GeneratorReference.1", "name": name, "metadata": {}, "parameters": {}}
        reference["generator_kind"] = media.generator
    if media.available_first is not None and media.available_end is not None:
        length = media.available_end - media.available_first
        reference["available_range"] = time_range(media.available_first, length, rate, length_rate=rate)
    return reference


def _sequence(media: Media, target: str, name: str, rate: Rate) -> JsonObject:
    padding = media.sequence_padding
    number = f"%0{padding}d" if padding else "%d"
    tail = f"{media.sequence_prefix}{number}{media.sequence_suffix}"
    return {
        "OTIO_SCHEMA": "ImageSequenceReference.1",
        "name": name,
        "metadata": {},
        "available_range": None,
        "target_url_base": target.removesuffix(tail),
        "name_prefix": media.sequence_prefix,
        "name_suffix": media.sequence_suffix,
        "start_frame": media.sequence_first,
        "frame_step": media.sequence_step,
        "frame_zero_padding": padding,
        "rate": float(rate.fraction),
        "missing_frame_policy": "error",
    }
