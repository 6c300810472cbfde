"""Effects and transitions of OTIO files: what they are called, what they do to time, what is known of them."""

import json
from typing import Literal, NamedTuple

from msgspec.structs import replace

from edgecode.ingest.editorial.exact import Exact, exact_scalar
from edgecode.ingest.editorial.limits import MAX_PARAMETER_BYTES
from edgecode.ingest.editorial.otio_json import JsonObject, object_of, schema_of, schema_written, text_of
from edgecode.terms.cuts import Diagnostic, Effect, SeenEffect
from edgecode.terms.effects import effect_seen, worse

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
    written = _written(item)
    if not written:
        return NO_EFFECTS
    effects: list[Effect] = []
    problems: list[Diagnostic] = []
    scale: Exact | None = 1
    for each in written:
        effect = object_of(each)
        if not effect:
            text = "an effect that is no OTIO object: nobody can say what it does"
            problems.append(Diagnostic("effect.unreadable", text, path=path, effect="approximate"))
            effects.append(Effect(text_of(each)[:200] or "effect"))
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


def _written(item: JsonObject) -> list[object]:
    """The effects as a list, whatever they were written as; null says nothing."""
    effects = item.get("effects")
    return [each for each in (effects if isinstance(effects, list) else [effects]) if each is not None]


def bends_time(item: JsonObject) -> bool:
    """Whether an effect of the item that is on changes how fast its time runs."""
    return effects_of(item, "").scale != 1


def _bends_time(effect: JsonObject) -> bool:
    return schema_of(effect) in ("LinearTimeWarp", "FreezeFrame", "TimeEffect") or "time_scalar" in effect


def _effect(effect: JsonObject, path: str, problems: list[Diagnostic]) -> Effect:
    metadata = object_of(effect.get("metadata"))
    resolve, premiere = object_of(metadata.get("Resolve_OTIO")), object_of(metadata.get("PremierePro_OTIO"))
    exact = [text_of(premiere.get("MatchName")), text_of(resolve.get("Effect Name"))]
    names = [*exact, text_of(effect.get("effect_name"))]
    given = text_of(effect.get("name"))
    schema = schema_of(effect)
    ours = object_of(metadata.get(OURS))
    handed_down = ours.get("inherited")
    enabled = effect.get("enabled") is not False and resolve.get("Enabled") is not False
    # Beside the program's own exact name a user's label never makes an effect plain; without one it is as good as any name.
    told = [*(name for name in names if name not in _NO_NAME), *([] if schema == "Effect" else [schema or "?"])]
    seen = effect_seen(*told, label=given) if any(exact) else effect_seen(*told, given)
    seen = worse(seen, seen_of(ours))
    shown = next((name for name in (*names[1:], given, names[0], schema) if name not in _NO_NAME), "effect")
    return Effect(
        name=shown,
        schema=schema_written(effect),
        seen=seen if enabled else "plain",
        parameters=_parameters(effect, path, problems),
        enabled=enabled,
        inherited="nest" if handed_down == "nest" else "track" if handed_down == "track" else "",
    )


def seen_of(ours: JsonObject) -> SeenEffect:
    """The judgment that we wrote beside an effect or transition whose names alone do not show it."""
    seen = ours.get("seen")
    return "generative" if seen == "generative" else "unknown" if seen == "unknown" else "plain"


def _parameters(effect: JsonObject, path: str, problems: list[Diagnostic]) -> str:
    effect = effect | {"metadata": {k: v for k, v in object_of(effect.get("metadata")).items() if k != OURS}}
    rest = {key: value for key, value in effect.items() if key not in _ENVELOPE and value not in ({}, [], None, "")}
    if not rest:
        return ""
    try:
        text = json.dumps(rest, sort_keys=True, separators=(",", ":"), default=str)
    except (TypeError, ValueError, RecursionError):
        text = ""
    if text and len(text) <= MAX_PARAMETER_BYTES:
        return text
    problems.append(
        Diagnostic("effect.parameters_left_out", "the parameters of an effect are too large to keep", path=path)
    )
    return ""
