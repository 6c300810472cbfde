"""The parts of a step that embedded records and step/1 records share: models as inputs, recipe, graph and texts as sections."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence

from edgecode.events.kinds import (
    Event,
    GraphSection,
    HashesSection,
    ModelFact,
    ModelKnown,
    NameSection,
    Recipe,
    StepInput,
    TextSection,
)
from edgecode.ingest.known import Known
from edgecode.ingest.storable import storable, whole_text
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import GraphPart, InputRole, ModelUse, NamedText

NewId = Callable[[], RecordId]

AUTOV2_DIGITS = 10
"""AutoV2 is the first ten hexadecimal characters of a file's SHA-256."""


def models_used(models: Iterable[ModelUse], *, known: Known, new_id: NewId) -> tuple[list[Event], list[StepInput]]:
    """Every model once as an input of role weights, and an event for each that was not known."""
    events: list[Event] = []
    inputs: dict[RecordId, StepInput] = {}
    made: dict[tuple[str, tuple[tuple[str, str], ...]], RecordId] = {}
    for model in models:
        name, hashes = base_name(model.name), tidy_hashes(model.hashes)
        key = name, tuple(sorted(hashes.items()))
        version = made.get(key) or known.model(name, hashes)
        if version is None:
            version = new_id()
            claimed = storable(HashesSection(claimed=hashes)) if hashes else None
            fact, called = storable(ModelFact(version, model.kind)), storable(NameSection(name))
            events.append(ModelKnown(fact, called, claimed))
        made[key] = version
        inputs[version] = StepInput(version, InputRole.WEIGHTS)
    return events, list(inputs.values())


def base_name(written: str) -> str:
    """The last part of a path in any system's spelling."""
    return whole_text(written.replace("\\", "/").rstrip("/").rpartition("/")[2])


def tidy_hashes(hashes: Mapping[str, str]) -> dict[str, str]:
    """Dialects and digests in lower case without an ``0x``; empty ones left out. A SHA-256 also gives its AutoV2."""
    tidy = {name.lower(): value.strip().lower().removeprefix("0x") for name, value in hashes.items() if value.strip()}
    if len(tidy.get("sha256", "")) == 64:
        tidy.setdefault("autov2", tidy["sha256"][:AUTOV2_DIGITS])
    return tidy


def recipe_of(models: Sequence[ModelUse], seeds: Sequence[str], settings: Mapping[str, str]) -> Recipe | None:
    """The recipe section, None when there is nothing in it."""
    if not (models or seeds or settings):
        return None
    return storable(Recipe(tuple(models), tuple(seeds), dict(settings)))


def graph_of(parts: Sequence[GraphPart]) -> GraphSection | None:
    """The documents as received, in base64."""
    if not parts:
        return None
    return storable(
        GraphSection(tuple((part.name, part.media_type, b64encode(part.data).decode("ascii")) for part in parts))
    )


def texts_of(texts: Sequence[NamedText]) -> TextSection | None:
    """The texts with where they stood."""
    if not texts:
        return None
    return storable(TextSection(tuple((text.name or text.node, text.text) for text in texts)))
