"""Effects and transitions of FCPXML: what they are called, which of picture and sound they touch, what is known of them.

Every ``adjust-…``, ``filter-…`` and ``timeMap`` of a clip is kept. Apple's own are known by name; a template from somebody's own
folder may hold anything, whatever it is called.
"""

import json
from typing import NamedTuple

from msgspec.structs import replace

from edgecode.ingest.editorial.fcpxml_document import Element
from edgecode.ingest.editorial.fcpxml_frame import Half
from edgecode.ingest.editorial.fcpxml_resources import Resources
from edgecode.ingest.editorial.limits import MAX_PARAMETER_BYTES
from edgecode.terms.cuts import ClipKind, Diagnostic, Effect, SeenEffect
from edgecode.terms.effects import effect_seen, generator_clip, transition_seen, worse

_PICTURE_ADJUSTMENTS = (
    *(
        "crop",
        "corners",
        "conform",
        "transform",
        "blend",
        "stabilization",
        "rollingShutter",
        "360-transform",
        "reorient",
    ),
    *("orientation", "colorConform", "stereo-3D"),
)
_SOUND_ADJUSTMENTS = ("loudness", "noiseReduction", "humReduction", "EQ", "matchEQ", "volume", "panner")
_ADJUSTMENTS: dict[str, tuple[Half, SeenEffect]] = {
    **{f"adjust-{name}": ("picture", "plain") for name in _PICTURE_ADJUSTMENTS},
    **{f"adjust-{name}": ("sound", "plain") for name in _SOUND_ADJUSTMENTS},
    # FORMATS, what a frame is made of: voice isolation by a model adds G.
    "adjust-voiceIsolation": ("sound", "generative"),
}
"""Depth of field made afterwards (adjust-cinematic) and whatever a newer DTD adds are unknown."""

_PLAIN_SAMPLING = frozenset(("", "floor", "nearest-neighbor", "frame-blending", "optical-flow-classic", "optical-flow"))
"""How frames between frames are made. ``optical-flow-frc`` asks a model for them."""

_HOLDERS = ("audio-channel-source", "audio-role-source", "sync-source")
_PARAMETER_DEPTH = 24


class Effects(NamedTuple):
    """What is done to an element's picture and to its sound. *hides*: halves that a constant setting makes nothing of."""

    picture: tuple[Effect, ...] = ()
    sound: tuple[Effect, ...] = ()
    hides: frozenset[Half] = frozenset()
    problems: tuple[Diagnostic, ...] = ()

    def of(self, half: Half) -> tuple[Effect, ...]:
        return self.sound if half == "sound" else self.picture

    def inherited(self, half: Half) -> tuple[Effect, ...]:
        """As the clips inside a nested cut carry them."""
        return tuple(replace(effect, inherited="nest") for effect in self.of(half))


NO_EFFECTS = Effects()


def effects_of(element: Element, resources: Resources) -> Effects:
    """Everything that is done to the element, in the order of the file."""
    if not element.children:
        return NO_EFFECTS
    found: dict[Half, list[Effect]] = {"picture": [], "sound": []}
    hides: set[Half] = set()
    problems: list[Diagnostic] = []
    for child in element.children:
        if child.tag in _HOLDERS:
            problems += _switched_off(child)
            inner = effects_of(child, resources)
            found["sound"] += inner.sound
            problems += inner.problems
        elif child.tag.startswith(("adjust-", "filter-")) or child.tag == "timeMap" or _samples_oddly(child):
            effect, halves = _effect(child, resources, problems)
            for half in halves:
                found[half].append(effect)
            hides |= {half for half in halves if _makes_nothing(child)}
    return Effects(tuple(found["picture"]), tuple(found["sound"]), frozenset(hides), tuple(problems))


def _switched_off(holder: Element) -> list[Diagnostic]:
    """A role or component of a clip's sound that is off. Which part of its sound that is, its file alone knows."""
    if "0" not in (holder.says("enabled"), holder.says("active")):
        return []
    text = "a role or component of a clip's sound is switched off; all of its sound is counted as heard"
    return [Diagnostic("role.switched_off", text, holder.line, holder.where, effect="approximate")]


def _samples_oddly(child: Element) -> bool:
    return child.tag == "conform-rate" and child.says("frameSampling") not in _PLAIN_SAMPLING


def _effect(child: Element, resources: Resources, problems: list[Diagnostic]) -> tuple[Effect, tuple[Half, ...]]:
    tag = child.tag
    enabled = child.says("enabled") != "0"
    halves: tuple[Half, ...] = ("picture", "sound")
    seen: SeenEffect = "unknown"
    if tag in ("timeMap", "conform-rate"):
        name, seen = "retime", "plain" if child.says("frameSampling") in _PLAIN_SAMPLING else "unknown"
    elif tag.startswith("adjust-"):
        name = tag.removeprefix("adjust-")
        if tag in _ADJUSTMENTS:
            half, seen = _ADJUSTMENTS[tag]
            halves = (half,)
    else:
        halves = ("sound",) if tag == "filter-audio" else ("picture",)
        name, seen = _filter(child, resources)
    seen = seen if enabled else "plain"
    return Effect(name, tag, seen, _parameters(child, problems), enabled), halves


def _filter(written: Element, resources: Resources) -> tuple[str, SeenEffect]:
    """A filter by the name of its effect; what a user called it can only make it worse. A mask that a model draws is unknown."""
    if written.tag == "filter-video-mask":
        inner = [_filter(each, resources) for each in written.all("filter-video")]
        seen: SeenEffect = "unknown" if written.first("mask-isolation") is not None or not inner else "plain"
        for _, each in inner:
            seen = worse(seen, each)
        return (inner[0][0] if inner else "mask"), seen
    own = resources.of(written)
    name = own.says("name") if own is not None else ""
    label = written.says("nameOverride") or written.says("name")
    seen = effect_seen(name, label=label) if name else effect_seen(label)
    if own is not None and not is_apples(own):
        seen = worse(seen, "unknown")
    return name or label or "effect", seen


def is_apples(effect: Element) -> bool:
    """Whether an effect is one that comes with Final Cut: a template of somebody's lies in a folder of theirs (``~/``, ``/``)."""
    return not effect.says("uid").startswith(("~", "/", "file:")) and not effect.says("src")


def _makes_nothing(child: Element) -> bool:
    """A constant opacity of 0 or a constant level of silence; one with key frames is neither."""
    if child.children or child.says("enabled") == "0":
        return False
    amount = child.says("amount").strip()
    if child.tag == "adjust-blend":
        return amount in ("0", "0.0", "0.00")
    return child.tag == "adjust-volume" and amount.lower() in ("-96db", "-infdb", "-inf")


def _parameters(element: Element, problems: list[Diagnostic]) -> str:
    written = _tree(element, 0)
    text = json.dumps(written, sort_keys=True, separators=(",", ":")) if written else ""
    if len(text) <= MAX_PARAMETER_BYTES:
        return text
    said = "the parameters of an effect are too large to keep"
    problems.append(Diagnostic("effect.parameters_left_out", said, element.line, element.where))
    return ""


def _tree(element: Element, depth: int) -> dict[str, object]:
    own: dict[str, object] = {key: value for key, value in element.attributes.items() if key not in ("ref", "enabled")}
    inner = [{each.tag: _tree(each, depth + 1)} for each in element.children] if depth < _PARAMETER_DEPTH else []
    return own | ({"in": inner} if inner else {})


def transition_of(transition: Element, half: str, resources: Resources) -> tuple[str, SeenEffect]:
    """A transition's kind on picture or sound as its filter says it, and what is known of it."""
    filters = transition.all("filter-audio" if half == "sound" else "filter-video")
    label = transition.says("name")
    kinds: list[str] = []
    seen: SeenEffect = "plain" if filters else transition_seen(label)
    for each in filters:
        own = resources.of(each)
        kind = own.says("name") if own is not None else each.says("name")
        kinds.append(kind)
        seen = worse(seen, transition_seen(kind))
        if own is not None and not is_apples(own):
            seen = worse(seen, "unknown")
    if half == "picture" and transition_seen(label) == "generative":
        seen = "generative"
    return " + ".join(kinds) or label, seen


def made_kind(element: Element, effect: Element | None, name: str) -> ClipKind:
    """What kind of clip a generator or title is: one of Final Cut's own titles sets type; somebody's template may show anything."""
    if element.tag == "caption":
        return "title"
    if element.tag == "live-drawing" or effect is None or not is_apples(effect):
        return "generator"
    kind = generator_clip(effect.says("name"), name)
    own_title = effect.says("uid").startswith(".../Titles.localized/")
    return "title" if element.tag == "title" and own_title and kind == "generator" and not _odd(name, effect) else kind


def _odd(name: str, effect: Element) -> bool:
    """Whether a model or a file is named where a title should be."""
    return generator_clip("title", name) == "generator" or generator_clip("title", effect.says("name")) == "generator"
