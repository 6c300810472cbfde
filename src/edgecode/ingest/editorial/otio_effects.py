"""Effects and transitions of OTIO files: what they are called, what they do to time, what is known of them."""

import json
from typing import Literal, NamedTuple

from msgspec.structs import replace

from edgecode.ingest.editorial.exact import Exact, exact_scalar
from edgecode.ingest.editorial.limits import MAX_PARAMETER_BYTES
from edgecode.ingest.editorial.otio_json import JsonObject, list_of, object_of, schema_of, schema_written, text_of
from edgecode.terms.cuts import Diagnostic, Effect
from edgecode.terms.effects import effect_seen

_ENVELOPE = ("OTIO_SCHEMA", "name", "effect_name", "enabled")
_NO_NAME = ("", "Resolve Effect")
OURS = "edgecode"
"""Our own name in metadata: what we write there we read back."""


class Effects(NamedTuple):
    """An item's effects: *scale* is how fast its time runs (0 a freeze, None unknown), *curved* that it changes on the way."""

    effects: tuple[Effect, ...]
    scale: Exact | None
    curved: bool
    problems: tuple[Diagnostic, ...]

    def inherited(self, by: Literal["nest", "track"]) -> tuple[Effect, ...]:
        """The effects as the clips inside carry them."""
        return tuple(replace(effect, inherited=by) for effect in self.effects)


NO_EFFECTS = Effects((), 1, False, ())


def effects_of(item: JsonObject, path: str) -> Effects:
    """What the item's ``effects`` say. A time effect without a scalar makes the scale unknown."""
    written = list_of(item.get("effects"))
    if not written:
        return NO_EFFECTS
    effects: list[Effect] = []
    problems: list[Diagnostic] = []
    scale: Exact | None = 1
    for each in written:
        effect = object_of(each)
        if not effect:
            continue
        read = _effect(effect, path, problems)
        effects.append(read)
        if read.enabled and _bends_time(effect):
            own = 0 if schema_of(effect) == "FreezeFrame" else exact_scalar(effect.get("time_scalar"))
            if own is None:
                problems.append(
                    Diagnostic(
                        "effect.time_without_scalar",
                        "a time effect does not say how fast it runs; the clip's source range is uncertain",
                        path=path,
                        effect="approximate",
                    )
                )
            scale = None if scale is None or own is None else scale * own
    return Effects(tuple(effects), scale, scale is None, tuple(problems))


def _bends_time(effect: JsonObject) -> bool:
    return schema_of(effect) in ("LinearTimeWarp", "FreezeFrame", "TimeEffect") or "time_scalar" in effect


def _effect(effect: JsonObject, path: str, problems: list[Diagnostic]) -> Effect:
    metadata = object_of(effect.get("metadata"))
    resolve, premiere = object_of(metadata.get("Resolve_OTIO")), object_of(metadata.get("PremierePro_OTIO"))
    names = [
        text_of(premiere.get("MatchName")),
        text_of(resolve.get("Effect Name")),
        text_of(effect.get("effect_name")),
    ]
    own = [name for name in names if name not in _NO_NAME]
    given = text_of(effect.get("name"))
    schema = schema_of(effect)
    told = own or [given]
    handed_down = object_of(metadata.get(OURS)).get("inherited")
    enabled = effect.get("enabled") is not False and resolve.get("Enabled") is not False
    # A user's own label on an effect never makes it plain; the schema's name (LinearTimeWarp, FreezeFrame) may.
    seen = effect_seen(*told, *([] if schema == "Effect" else [schema]))
    shown = next((name for name in (*names[1:], given, names[0], schema) if name not in _NO_NAME), "effect")
    return Effect(
        name=shown,
        schema=schema_written(effect),
        seen=seen if enabled else "plain",
        parameters=_parameters(effect, path, problems),
        enabled=enabled,
        inherited="nest" if handed_down == "nest" else "track" if handed_down == "track" else "",
    )


def _parameters(effect: JsonObject, path: str, problems: list[Diagnostic]) -> str:
    effect = effect | {"metadata": {k: v for k, v in object_of(effect.get("metadata")).items() if k != OURS}}
    rest = {key: value for key, value in effect.items() if key not in _ENVELOPE and value not in ({}, [], None, "")}
    if not rest:
        return ""
    try:
        text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        text = ""
    if text and len(text) <= MAX_PARAMETER_BYTES:
        return text
    problems.append(
        Diagnostic("effect.parameters_left_out", "the parameters of an effect are too large to keep", path=path)
    )
    return ""
