"""The parts of a step that embedded records and step/1 records share: models as inputs, recipe, graph and texts as sections."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

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
    Tool,
)
from edgecode.ingest.known import Known
from edgecode.ingest.storable import storable, whole_text
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId
from edgecode.terms.programs import plain_name, plain_version
from edgecode.terms.steps import GraphPart, InputRole, ModelUse, NamedText

NewId = Callable[[], RecordId]

GRAPH_BYTES_AT_MOST = 8 << 20
"""Foreign documents of one step that are kept as received. A canvas with embedded pictures can be a hundred times that."""

AUTOV2_DIGITS = 10
"""AutoV2 is the first ten hexadecimal characters of a file's SHA-256."""


DIALECTS = frozenset(
    {
        "sha256",
        "sha1",
        "sha512",
        "md5",
        "crc32",
        "xxh64",
        "xxh128",
        "blake2b",
        "blake3",
        "autov1",
        "autov2",
        "autov3",
        "short",
        "c4",
    }
)
"""Names of digests that tools claim."""
MODEL_KINDS = frozenset(
    {
        "checkpoint",
        "unet",
        "lora",
        "controlnet",
        "vae",
        "clip",
        "upscale",
        "embedding",
        "hypernetwork",
        "voice",
        "adapter",
        "other",
    }
)
"""Kinds of weights that a plain section may name."""
_DIGEST = re.compile(r"[0-9a-f]{4,128}")


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
            fact = ModelFact(version, model.kind if model.kind in MODEL_KINDS else "other")
            events.append(ModelKnown(fact, storable(NameSection(name)), claimed))
        made[key] = version
        inputs[version] = StepInput(version, InputRole.WEIGHTS)
    return events, list(inputs.values())


def tool_in_sections(name: str, version: str) -> tuple[Tool | None, Tool | None]:
    """The tool as an event says it plainly (a well-known program and a version in numbers), and whole for the sealed part where that
    says more; None for nothing."""
    whole, plain = Tool(name, version), Tool(plain_name(name), "")
    if plain.name:
        plain = Tool(plain.name, plain_version(version))
    return plain if plain.name else None, whole if whole not in (plain, Tool("")) else None


def base_name(written: str) -> str:
    """The last part of a path in any system's spelling."""
    return whole_text(written.replace("\\", "/").rstrip("/").rpartition("/")[2])


def tidy_hashes(hashes: Mapping[str, str]) -> dict[str, str]:
    """Known dialects and digests in lower case without an ``0x``, others left out: what stands plain holds no words of a file's.

    A SHA-256 also gives its AutoV2.
    """
    written = ((name.lower(), value.strip().lower().removeprefix("0x")) for name, value in hashes.items())
    tidy = {name: value for name, value in written if name in DIALECTS and _DIGEST.fullmatch(value)}
    if len(tidy.get("sha256", "")) == 64:
        tidy.setdefault("autov2", tidy["sha256"][:AUTOV2_DIGITS])
    return tidy


def recipe_of(models: Sequence[ModelUse], seeds: Sequence[str], settings: Mapping[str, str]) -> Recipe | None:
    """The recipe section, None when there is nothing in it."""
    if not (models or seeds or settings):
        return None
    return storable(Recipe(tuple(models), tuple(seeds), dict(settings)))


def graph_of(parts: Sequence[GraphPart]) -> GraphSection | None:
    """The documents as received, in base64; of those beyond `GRAPH_BYTES_AT_MOST` together only digest and size."""
    if not parts:
        return None
    kept: list[tuple[str, str, str]] = []
    left_out: list[tuple[str, str, str, int]] = []
    room = GRAPH_BYTES_AT_MOST
    for part in parts:
        if len(part.data) <= room:
            room -= len(part.data)
            kept.append((part.name, part.media_type, b64encode(part.data).decode("ascii")))
        else:
            left_out.append((part.name, part.media_type, sha256(part.data).hexdigest(), len(part.data)))
    return storable(GraphSection(tuple(kept), tuple(left_out)))


def said_of_graph(graph: GraphSection | None) -> list[Diagnostic]:
    """That documents were too large to keep (``graph.too_large``)."""
    return [
        Diagnostic(
            "graph.too_large",
            f"a document of {size / 1e6:.1f} MB that belongs to a step was not kept, only its digest: a step keeps"
            f" {GRAPH_BYTES_AT_MOST >> 20} MiB of documents",
            effect="approximate",
        )
        for _, _, _, size in (graph.left_out if graph is not None else ())
    ]


def texts_of(texts: Sequence[NamedText]) -> TextSection | None:
    """The texts with where they stood."""
    if not texts:
        return None
    return storable(TextSection(tuple((text.name or text.node, text.text) for text in texts)))
