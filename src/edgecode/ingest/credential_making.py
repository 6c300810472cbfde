"""What a C2PA manifest says of how its file was made: kinds of step, tools and what went in. Pure; judges no signature."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from edgecode.ingest.credential_claims import (
    ASSISTIVE,
    GENERATIVE,
    NOT_UNDERSTOOD,
    SOURCE_TYPES,
    Action,
    Agent,
    Ingredient,
    Manifest,
    Store,
    actions_in,
    is_doubtful,
)
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import is_sha256
from edgecode.terms.steps import InputRole, ModelUse, StepKind

MANIFESTS_AT_MOST = 500
_DEPTH_AT_MOST = 32

_PEOPLE = frozenset({"humanEdits", "digitalCreation", "minorHumanEdits", "digitalArt"})
_CREATED: dict[str, StepKind] = {
    "digitalCapture": StepKind.CAMERA,
    "computationalCapture": StepKind.CAMERA,
    "digitalCreation": StepKind.DRAW,
    "digitalArt": StepKind.DRAW,
    "algorithmicMedia": StepKind.RENDER,
    "dataDrivenMedia": StepKind.RENDER,
    "virtualRecording": StepKind.RENDER,
}
"""What a ``c2pa.created`` of this source type is here. A scan of film or of a print does not say whose film it was, a screen recording not
of what: they make no step."""
_PLAIN = frozenset(
    {"adjustedColor", "changedSpeed", "color_adjustments", "converted", "cropped", "edited.metadata", "filtered", "opened",
     "orientation", "published", "repackaged", "resized", "resized.proportional", "transcoded", "trimmed", "created",
     "watermarked", "watermarked.bound", "watermarked.unbound"}
)  # fmt: skip
"""Actions of C2PA that bring no content of their own, unless their source type says that a model did, or may have."""
_MAY_BE = frozenset({NOT_UNDERSTOOD, "composite", "compositeCapture"})
"""Source types of an action on a picture that was there, of which nobody can tell whether a model had a part in it."""
_OF_SOMETHING = frozenset({NOT_UNDERSTOOD, "negativeFilm", "positiveFilm", "print", "screenCapture", "softwareImage"})
"""Source types of something created that leave open of what it was made, whatever else went in."""
ACTIONS = _PLAIN | {
    "addedText", "copied", "deleted", "drawing", "dubbed", "edited", "enhanced", "formatted", "managed", "mastered", "mixed", "placed",
    "printed", "produced", "redacted", "remixed", "removed", "saved", "translated", "unknown", "version_updated",
}  # fmt: skip
"""Names of actions that C2PA defines, without ``c2pa.``: only these may stand plain in the record."""


class SaidInput(Struct, frozen=True):
    """Something that went in: its name as written, its content where the manifest names it, how it was made (None: it does not say)."""

    name: str
    role: InputRole = InputRole.PICTURE
    sha256: str = ""
    making: "SaidMaking | None" = None


class SaidMaking(Struct, frozen=True):
    """One act of making that a manifest tells. *ai* None: it does not say, and the kind decides."""

    kind: StepKind
    ai: AiUse | None = None
    tool: Agent = Agent()
    inputs: tuple[SaidInput, ...] = ()
    models: tuple[ModelUse, ...] = ()


def source_types(store: Store) -> tuple[str, ...]:
    """Digital source types that the actions of the active manifest name, each once, in their order."""
    said = (one.source_type for one in actions_in(store.active))
    return tuple(dict.fromkeys(word for word in said if word in SOURCE_TYPES))


def action_names(store: Store) -> tuple[str, ...]:
    """Actions of the active manifest that C2PA defines, in order, the first 200."""
    said = (one.action for one in actions_in(store.active))
    return tuple(word for word in said if word.startswith("c2pa.") and word.removeprefix("c2pa.") in ACTIONS)[:200]


def ai_in(store: Store) -> Literal["generative", "assistive", "none", "unsaid"]:
    """Whether the manifest, or an ingredient's in the same store, says that a model made some of it. Silence is not no."""
    actions = [one for manifest in list(store.manifests.values())[:MANIFESTS_AT_MOST] for one in actions_in(manifest)]
    types = {one.source_type for one in actions}
    if types & GENERATIVE:
        return "generative"
    if types & ASSISTIVE and NOT_UNDERSTOOD not in types:
        return "assistive"
    own = list(actions_in(store.active))
    is_whole = bool(own) and not store.active.ingredients and all(one.source_type in _SAYS_NO for one in own)
    return "none" if is_whole else "unsaid"


_SAYS_NO = frozenset({"digitalCapture", "humanEdits", "digitalCreation", "minorHumanEdits", "digitalArt", "negativeFilm",
                      "positiveFilm", "print"})  # fmt: skip


def making_in(store: Store) -> SaidMaking | None:
    """How the file was made, by its active manifest and those of its ingredients; None where they do not say."""
    return _Walk(store).making(store.active_manifest, depth=0)


class _Walk:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: set[str] = set()
        self._left = MANIFESTS_AT_MOST

    def making(self, label: str, *, depth: int) -> SaidMaking | None:
        manifest = self._store.manifests.get(label)
        if manifest is None or label in self._open or depth > _DEPTH_AT_MOST or self._left <= 0:
            return None
        self._open.add(label)
        self._left -= 1
        actions = [one for one in actions_in(manifest) if _plain_name(one) != "edited.metadata"]
        models = tuple(_model(one) for one in manifest.ingredients if _is_model(one))
        inputs = tuple(self._input(one, depth) for one in manifest.ingredients if not one.data_types)
        self._open.discard(label)
        return _made(manifest, actions, inputs, models)

    def _input(self, one: Ingredient, depth: int) -> SaidInput:
        role = InputRole.REFERENCE if one.relationship == "inputTo" else InputRole.PICTURE
        content = one.instance_id.removeprefix("urn:sha256:").lower()
        is_good = one.active_manifest and not is_doubtful(one, self._store.validation_results.deltas)
        making = self.making(one.active_manifest, depth=depth + 1) if is_good else None
        return SaidInput(one.title, role, content if is_sha256(content) else "", making)


def _made(
    manifest: Manifest, actions: list[Action], inputs: tuple[SaidInput, ...], models: tuple[ModelUse, ...]
) -> SaidMaking | None:
    first = next((one for one in actions if _plain_name(one) in ("created", "opened")), Action())
    generated = next((one for one in actions if one.source_type in GENERATIVE), None)
    if generated is not None:
        is_whole = generated.source_type == "trainedAlgorithmicMedia" and _plain_name(generated) == "created"
        kind = StepKind.GENERATE if is_whole else StepKind.GENERATIVE_EDIT
        return SaidMaking(
            kind, AiUse.GENERATIVE, _tool(generated, manifest), _with_own(first, manifest, inputs), models
        )
    began = _CREATED.get(first.source_type) if _plain_name(first) == "created" else None
    kind_and_use = _editing(actions, first)
    if began is not None and (kind_and_use is None or not _adds(kind_and_use[0], began)):
        return SaidMaking(began, None, _tool(first, manifest), inputs, models)
    if kind_and_use is None and not inputs:
        return None
    before = _with_own(first, manifest, inputs)
    if kind_and_use is None:
        # Opened and passed on, or only converted: what it was before is what it is.
        return SaidMaking(StepKind.TRANSCODE, AiUse.NONE, manifest.generator, before, models)
    return SaidMaking(*kind_and_use, manifest.generator, before, models) if before else None


def _with_own(first: Action, manifest: Manifest, inputs: tuple[SaidInput, ...]) -> tuple[SaidInput, ...]:
    """The inputs, and what the file was before somebody worked on it, where one manifest tells both."""
    if _plain_name(first) != "created":
        return inputs
    began = _CREATED.get(first.source_type)
    if began is not None:
        return (SaidInput("", making=SaidMaking(began, None, _tool(first, manifest))), *inputs)
    return (SaidInput(""), *inputs) if first.source_type in _OF_SOMETHING and inputs else inputs


def _editing(actions: Iterable[Action], first: Action) -> tuple[StepKind, AiUse | None] | None:
    """What actions that bring content are together, *first* the one that began it; None where there is none. An edit that does not say
    who did it may be a model's, and so may one whose source type nobody here knows, beside whatever else was done."""
    created = first if _plain_name(first) == "created" else None
    brings = [one for one in actions if _brings(one, is_beginning=one is created)]
    if not brings:
        return None
    said = [one for one in brings if one.source_type in ASSISTIVE or _is_by_hand(one) or _plain_name(one) == "placed"]
    if len(said) < len(brings) or any(one.source_type in _MAY_BE and one is not created for one in brings):
        return StepKind.COMP, AiUse.UNKNOWN
    if any(one.source_type in ASSISTIVE for one in brings):
        return StepKind.RESTORE, AiUse.ASSISTIVE
    if all(_is_by_hand(one) for one in brings):
        return StepKind.PAINT, AiUse.NONE
    return (
        (StepKind.COMP, None) if all(_plain_name(one) == "placed" for one in brings) else (StepKind.COMP, AiUse.UNKNOWN)
    )


def _brings(action: Action, *, is_beginning: bool) -> bool:
    is_open = action.source_type in _MAY_BE and not is_beginning
    return is_open or action.source_type in ASSISTIVE or _plain_name(action) not in _PLAIN


def _is_by_hand(action: Action) -> bool:
    return action.source_type in _PEOPLE or _plain_name(action) in ("drawing", "addedText")


def _adds(kind: StepKind, began: StepKind) -> bool:
    return not (kind is StepKind.PAINT and began in (StepKind.DRAW, StepKind.PAINT))


def _tool(action: Action, manifest: Manifest) -> Agent:
    return action.program if action.program.name else manifest.generator


def _plain_name(action: Action) -> str:
    return action.action.removeprefix("c2pa.") if action.action.startswith("c2pa.") else action.action or "?"


def _is_model(one: Ingredient) -> bool:
    return any(each.type.startswith("c2pa.types.model") for each in one.data_types)


def _model(one: Ingredient) -> ModelUse:
    content = one.instance_id.removeprefix("urn:sha256:").lower()
    return ModelUse(
        one.title or "a model that the manifest does not name", hashes={"sha256": content} if is_sha256(content) else {}
    )
