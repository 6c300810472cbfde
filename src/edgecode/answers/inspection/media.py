"""What a generative tool says of a file, as the inspect/1 contract and as lines for people; prompts only when asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import UNSET, Struct, UnsetType, to_builtins

from edgecode.answers.inspection.answer import SCHEMA, InspectedProblem, inspected_problem
from edgecode.answers.layout.columns import counted, printable
from edgecode.answers.matchback.text import seeds_text
from edgecode.events.door_kinds import CredentialFact
from edgecode.events.file_facts import FileFacts
from edgecode.events.kinds import StepFact
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation
from edgecode.terms.timebase import Rate

_LINE_CHARACTERS = 160


class InspectedModel(Struct, frozen=True, omit_defaults=True):
    """A model that a tool names. *hashes*: as the tool claims them, by dialect. *node*: where in the tool's graph."""

    name: str
    kind: str
    hashes: dict[str, str]
    strength: str = ""
    node: str = ""


class InspectedInput(Struct, frozen=True, omit_defaults=True):
    """A file that a tool says it used, and as what."""

    name: str
    role: str
    sha256: str = ""
    node: str = ""


class InspectedGraph(Struct, frozen=True):
    """A part of the tool's own graph: its size in bytes, never its content."""

    name: str
    media_type: str
    bytes: int


class InspectedText(Struct, frozen=True):
    """A prompt or another text."""

    name: str
    node: str
    text: str


class InspectedGeneration(Struct, frozen=True):
    """What a generative tool wrote into a file about its making. *seeds*: decimal strings. *texts*: there only with ``--reveal``.

    *scrubbed*: names of what was taken out because it looked like a secret.
    """

    tool: str
    version: str
    kind: str
    ai: str
    models: tuple[InspectedModel, ...]
    seeds: tuple[str, ...]
    settings: dict[str, str]
    inputs: tuple[InspectedInput, ...]
    graph: tuple[InspectedGraph, ...]
    scrubbed: tuple[str, ...]
    texts: tuple[InspectedText, ...] | UnsetType = UNSET


class InspectedCredential(Struct, frozen=True):
    """A C2PA manifest that came with the file. *standing*: trusted, untrusted, expired, invalid, remote, as `credential.read/1` says it.

    *says*: what it says of making: the kind of step, the AI use, the program; empty where it says nothing or nothing was taken.
    *grade*: of that. *titles*: title, issuer, signer and location, there only with ``--reveal``.
    """

    standing: str
    reader: str
    codes: tuple[str, ...]
    source_types: tuple[str, ...]
    actions: tuple[str, ...]
    ai: str
    manifests: int
    generator: str
    says: tuple[str, ...]
    grade: str
    titles: dict[str, str] | UnsetType = UNSET


class MediaInspection(Struct, frozen=True, tag_field="kind", tag="media"):
    """The whole answer of ``inspect`` for a file of picture or sound."""

    sha256: str
    generation: tuple[InspectedGeneration, ...]
    diagnostics: tuple[InspectedProblem, ...]
    schema: Literal["edgecode.inspect/1"] = SCHEMA
    credentials: tuple[InspectedCredential, ...] | UnsetType = UNSET


class SequenceInspection(Struct, frozen=True, tag_field="kind", tag="sequence"):
    """The whole answer of ``inspect`` for an image sequence."""

    sequence_root: str
    generation: tuple[InspectedGeneration, ...]
    diagnostics: tuple[InspectedProblem, ...]
    schema: Literal["edgecode.inspect/1"] = SCHEMA
    credentials: tuple[InspectedCredential, ...] | UnsetType = UNSET


def inspected_credential(
    read: CredentialFact, words: Mapping[str, str], step: StepFact | None, *, tool: str, reveal: bool
) -> InspectedCredential:
    """What is said of one manifest. *step*: the act of making that it tells, *tool*: its program."""
    says = (step.kind.value, step.ai.value if step.ai is not None else "", tool) if step is not None else ()
    titles = {name: words[name] for name in ("title", "issuer", "subject", "location") if name in words}
    return InspectedCredential(
        read.standing,
        read.reader,
        read.codes,
        read.source_types,
        read.actions,
        read.ai,
        read.manifests,
        words.get("generator", ""),
        tuple(one for one in says if one),
        step.grade.value if step is not None else "",
        titles if reveal else UNSET,
    )


def credential_lines(credential: InspectedCredential) -> Iterator[str]:
    """The same for people."""
    yield f"manifest    C2PA, {credential.standing} ({credential.reader}); written by {_short(credential.generator) or 'nobody named'}"
    if credential.says:
        kind, *rest = credential.says
        yield f"says        {_short(', '.join([kind.replace('-', ' '), *rest]))} [{credential.grade}]"
    if credential.source_types:
        yield f"source      {', '.join(credential.source_types)}"
    for name, value in (credential.titles or {}).items():
        yield f"{name:<12}{_short(value)}"


def inspected_generation(generation: Generation, *, reveal: bool) -> InspectedGeneration:
    """One entry of inspect/1's ``generation``; prompts only with *reveal*."""
    return InspectedGeneration(
        tool=generation.tool,
        version=generation.tool_version,
        kind=generation.kind.value,
        ai=generation.ai.value,
        models=tuple(
            InspectedModel(model.name, model.kind, dict(model.hashes), model.strength, model.node)
            for model in generation.models
        ),
        seeds=tuple(generation.seeds),
        settings=dict(generation.settings),
        inputs=tuple(InspectedInput(item.name, item.role.value, item.sha256, item.node) for item in generation.inputs),
        graph=tuple(InspectedGraph(part.name, part.media_type, len(part.data)) for part in generation.graph),
        scrubbed=tuple(generation.scrubbed),
        texts=tuple(InspectedText(text.name, text.node, text.text) for text in generation.texts) if reveal else UNSET,
    )


def generation_inspection(generation: Generation, *, reveal: bool) -> dict[str, object]:
    """The same as plain values."""
    plain = to_builtins(inspected_generation(generation, reveal=reveal))
    assert isinstance(plain, dict)
    return plain


def media_inspection(
    *,
    sha256: str = "",
    sequence_root: str = "",
    generation: Generation | None,
    diagnostics: list[Diagnostic],
    credentials: Sequence[InspectedCredential] = (),
    reveal: bool,
) -> MediaInspection | SequenceInspection:
    """The whole inspect/1 answer for a file (*sha256*) or an image sequence (*sequence_root*)."""
    made = (inspected_generation(generation, reveal=reveal),) if generation is not None else ()
    problems = tuple(map(inspected_problem, diagnostics))
    carried = tuple(credentials) or UNSET
    if sequence_root:
        return SequenceInspection(sequence_root, made, problems, credentials=carried)
    return MediaInspection(sha256, made, problems, credentials=carried)


def generation_lines(generation: Generation, *, reveal: bool) -> Iterator[str]:
    """The same for people, a line each; without *reveal* the number of prompts stands for their words."""
    version = f" {generation.tool_version}" if generation.tool_version else ""
    yield f"made with   {generation.tool}{version} ({generation.kind.value.replace('-', ' ')}; AI use {generation.ai.value})"
    for model in generation.models:
        digest = next((f", {dialect} {value[:12]} as the tool claims" for dialect, value in model.hashes.items()), "")
        strength = f" at {model.strength}" if model.strength else ""
        yield f"model       {_short(model.name)} ({model.kind}{strength}{digest})"
    if generation.seeds:
        yield f"seed        {seeds_text(generation.seeds)}"
    for item in generation.inputs:
        digest = f", sha256 {item.sha256[:12]}" if item.sha256 else ", content unknown"
        yield f"input       {_short(item.name)} ({item.role.value}{digest})"
    if reveal:
        for text in generation.texts:
            yield f"text        {text.name or 'text'}: {_short(text.text)}"
    elif generation.texts:
        yield f"text        {len(generation.texts)} kept back (--reveal shows them)"
    if generation.scrubbed:
        yield f"taken out   {counted(len(generation.scrubbed), 'secret value')} before anything was kept"


def _seconds(facts: FileFacts) -> str:
    """The length of sound in seconds with two decimals, cut off, never rounded up."""
    if not facts.samples or not facts.sample_rate:
        return ""
    hundredths = facts.samples * 100 // facts.sample_rate
    return f"{hundredths // 100:,}.{hundredths % 100:02d} seconds"


def _short(text: str) -> str:
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LINE_CHARACTERS else line[: _LINE_CHARACTERS - 1] + "…"


def media_lines(
    name: str,
    facts: FileFacts,
    *,
    content: str,
    generation: Generation | None,
    diagnostics: list[Diagnostic],
    credentials: Sequence[InspectedCredential] = (),
    reveal: bool,
) -> Iterator[str]:
    """A file or sequence for people: what its header says, how it was made where it says so, and what could not be read."""
    yield f"{_short(name)}   {facts.media_type or facts.media_class}"
    yield f"content     {content}"
    if facts.width:
        yield f"picture     {facts.width} × {facts.height}"
    if facts.frames:
        rate = f" at {Rate.of(facts.rate).spoken} fps" if facts.rate else ""
        yield f"frames      {facts.frames:,} from {facts.first_frame}{rate}"
    for label, value in (
        ("timecode", facts.start_label),
        ("reel", facts.reel),
        ("camera", facts.camera),
        ("program", facts.software),
        ("sound", f"{facts.sample_rate:,} Hz, {counted(facts.channels, 'channel')}" if facts.sample_rate else ""),
        ("length", _seconds(facts)),
    ):
        if value:
            yield f"{label:<12}{_short(value)}"
    if generation is not None:
        yield from generation_lines(generation, reveal=reveal)
    else:
        yield "making      not recorded in the file"
    for credential in credentials:
        yield from credential_lines(credential)
    for item in diagnostics:
        yield f"problem     {_short(item.text)} [{item.code}]"
