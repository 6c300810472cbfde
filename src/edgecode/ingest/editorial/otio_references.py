"""Media references for writing: the inverse of what `otio_media` reads of them."""

from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.ingest.editorial.otio_moments import time_range
from edgecode.terms.cuts import Media
from edgecode.terms.timebase import Rate


def references_written(media: Media, rate: Rate) -> JsonObject:
    """``media_references`` the active one and those that the cut only holds, as Clip.2 holds them."""
    name = next(iter(media.names), "")
    references: dict[str, JsonObject] = {"DEFAULT_MEDIA": _active(media, _first_target(media), name, rate)}
    for number, other in enumerate(media.others, 1):
        references[f"OTHER_{number:03d}"] = _reference(other, "")
    return {"media_references": dict(references), "active_media_reference_key": "DEFAULT_MEDIA"}


def more_of(media: Media) -> JsonObject:
    """Targets and names beyond the one that a reference holds."""
    return {"targets": list(media.targets[1 if _first_target(media) else 0 :]), "names": list(media.names[1:])}


def _first_target(media: Media) -> str:
    """The target that the active reference takes: one without media has none."""
    return next(iter(media.targets), "") if media.kind != "none" else ""


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
        reference |= {"target_url": target} if target else {}
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
