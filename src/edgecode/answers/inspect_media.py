"""What a generative tool says of a file, as the inspect/1 contract and as lines for people; prompts only when asked for."""

from collections.abc import Iterator

from edgecode.answers.matchback_text import seeds_text
from edgecode.events.kinds import MediaFacts
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation
from edgecode.terms.timebase import Rate

_LINE_CHARACTERS = 160


def generation_inspection(generation: Generation, *, reveal: bool) -> dict[str, object]:
    """One entry of inspect/1's ``generation``. Seeds are decimal strings; *texts* is there only with *reveal*."""
    inspected: dict[str, object] = {
        "tool": generation.tool,
        "version": generation.tool_version,
        "kind": generation.kind.value,
        "ai": generation.ai.value,
        "models": [
            _model(model.name, model.kind, model.hashes, model.strength, model.node) for model in generation.models
        ],
        "seeds": list(generation.seeds),
        "settings": dict(generation.settings),
        "inputs": [_input(item.name, item.role.value, item.sha256, item.node) for item in generation.inputs],
        "graph": [
            {"name": part.name, "media_type": part.media_type, "bytes": len(part.data)} for part in generation.graph
        ],
        "scrubbed": list(generation.scrubbed),
    }
    if reveal:
        inspected["texts"] = [{"name": text.name, "node": text.node, "text": text.text} for text in generation.texts]
    return inspected


def _model(name: str, kind: str, hashes: dict[str, str], strength: str, node: str) -> dict[str, object]:
    optional = {"strength": strength, "node": node}
    shown: dict[str, object] = {"name": name, "kind": kind, "hashes": dict(hashes)}
    return shown | {key: value for key, value in optional.items() if value}


def _input(name: str, role: str, sha256: str, node: str) -> dict[str, str]:
    optional = {"sha256": sha256, "node": node}
    return {"name": name, "role": role} | {key: value for key, value in optional.items() if value}


def media_inspection(
    *,
    sha256: str = "",
    sequence_root: str = "",
    generation: Generation | None,
    diagnostics: list[Diagnostic],
    reveal: bool,
) -> dict[str, object]:
    """The whole inspect/1 answer for a file (*sha256*) or an image sequence (*sequence_root*)."""
    named = {"sequence_root": sequence_root} if sequence_root else {"sha256": sha256}
    return {
        "schema": "edgecode.inspect/1",
        "kind": "sequence" if sequence_root else "media",
        **named,
        "generation": [generation_inspection(generation, reveal=reveal)] if generation else [],
        "diagnostics": [{"code": item.code, "line": item.line, "text": item.text} for item in diagnostics],
    }


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
        yield f"taken out   {len(generation.scrubbed)} secret values before anything was kept"


def _short(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LINE_CHARACTERS else line[: _LINE_CHARACTERS - 1] + "…"


def media_lines(
    name: str,
    facts: MediaFacts,
    *,
    content: str,
    generation: Generation | None,
    diagnostics: list[Diagnostic],
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
        ("sound", f"{facts.sample_rate:,} Hz, {facts.channels} channels" if facts.sample_rate else ""),
    ):
        if value:
            yield f"{label:<12}{_short(value)}"
    if generation is not None:
        yield from generation_lines(generation, reveal=reveal)
    else:
        yield "making      not recorded in the file"
    for item in diagnostics:
        yield f"problem     {_short(item.text)} [{item.code}]"
