"""Matchback for people: what is on screen, the chain behind it, how well it is known, and what would settle the rest."""

from collections.abc import Iterator, Sequence
from shlex import quote

from edgecode.answers.chain import Attempt, LineageStep, Unknown
from edgecode.answers.columns import NOT_RECORDED, aligned, counted, printable
from edgecode.answers.matchback import Matchback, OnScreen
from edgecode.terms.origins import CONTRIBUTIONS
from edgecode.terms.steps import ModelUse, StepKind

_COLUMNS = ("Depth", "Relation", "What", "Edge code", "Made by", "Grade", "Ledger no.")


SEEDS_IN_FULL = 6


def matchback_text(answer: Matchback, *, shown: int = 20) -> str:
    """The answer as text, ending with a line end; at most *shown* uses in full."""
    lines = [f"MATCHBACK  {printable(answer.at)}   {_headline(answer)}"]
    if answer.found:
        lines += ["", *_found(answer)]
    if not answer.on_screen:
        lines += [
            "",
            "No cut uses it." if answer.found else _EMPTY.get(answer.origin, "Nothing is on the tracks here."),
        ]
    elif answer.found:
        lines += ["", f"Used in {counted(len(answer.on_screen), 'place')}:"]
        lines += aligned([_COLUMNS_OF_USE, *(_use(one) for one in answer.on_screen[:shown])], right=(3,), indent="  ")
    else:
        for one in answer.on_screen[:shown]:
            lines += ["", *_on_screen(one)]
    if len(answer.on_screen) > shown:
        what = answer.found[0].id if answer.found else answer.at
        lines.append(f"  … and {len(answer.on_screen) - shown:,} more: edgecode where-used {quote(what)}")
    return "\n".join(lines) + "\n"


_EMPTY = {
    "H": "Nothing is on the tracks here: black or silence, an edit decision.",
    "U": "Nothing is on the tracks here, but rows of the cut could not be read: it may be anything.",
}


def _headline(answer: Matchback) -> str:
    """Origin and grade of the picture; where only sound is there, that the picture is empty and not that it was made."""
    if not answer.found and answer.on_screen and all(one.medium == "sound" for one in answer.on_screen):
        empty = "picture: nothing on any track"
        return f"{empty} (black)" if answer.origin != "U" else f"{empty}, but rows of the cut could not be read"
    grade = "unaccounted" if answer.grade == "none" else f"graded {answer.grade}, the weakest link of its chain"
    return f"origin {answer.origin}   {grade}"


def made_by(step: LineageStep) -> str:
    """Who or what made a version, in one line: what the step did, and the tool; of an answer, that it is somebody's word."""
    if step.kind is None:
        return "; ".join(map(_tried, step.attempts)) or NOT_RECORDED
    kind = StepKind(step.kind)
    parts = [CONTRIBUTIONS[kind].explained]
    if step.answer is not None:
        parts = [f"{parts[0]} (somebody's word)"]
    if step.tool is not None:
        parts.append(f"{step.tool.name} {step.tool.version}".strip())
    return " · ".join(parts)


def _tried(attempt: Attempt) -> str:
    """A step that explains nothing: ``denoise by mydenoiser failed``."""
    by = f" by {attempt.tool.name}" if attempt.tool is not None else ""
    if attempt.status != "done":
        return f"{attempt.kind.replace('-', ' ')}{by} {attempt.status}"
    return f"{CONTRIBUTIONS[StepKind(attempt.kind)].explained}{by}"


def model_text(model: ModelUse) -> str:
    """A model as people know it, with the beginning of a digest of its weights."""
    for dialect in ("sha256", *sorted(model.hashes)):
        if model.hashes.get(dialect):
            return f"{model.name} ({dialect} {model.hashes[dialect][:10]})"
    return f"{model.name} (digest {NOT_RECORDED})"


_COLUMNS_OF_USE = ("Cut", "Record in", "Track", "Frames", "Clip", "Shows", "Origin", "Grade", "Seen")


def _use(one: OnScreen) -> tuple[str, ...]:
    what = one.version.name if one.version is not None else NOT_RECORDED
    grade = "unaccounted" if one.grade == "none" else one.grade
    return (one.cut, one.tc, one.track, f"{one.frames:,}", one.clip, what, one.origin, grade, one.visibility.value)


def _found(answer: Matchback) -> Iterator[str]:
    for ref in answer.found:
        yield f"{printable(ref.name)}   {ref.edge_code or 'no edge code: its bytes were never read'}"
    yield from _chain(answer.lineage)
    yield from _open(answer.unknowns)


def _on_screen(one: OnScreen) -> Iterator[str]:
    grade = "UNACCOUNTED" if one.grade == "none" else f"grade {one.grade}"
    yield f"{one.track}  {printable(one.clip)}   {one.origin}   {grade}   AI use {one.ai}   seen: {one.visibility.value}"
    if one.version is None:
        yield f"     no version ({one.conform.method}{': ' + printable(one.conform.why) if one.conform.why else ''})"
    else:
        frame = f"   frame {one.source_frame}" if one.source_frame is not None else ""
        sure = f"matched by {one.conform.method}, {one.conform.confidence} %"
        yield f"     {printable(one.version.name)}{frame}   {sure}{': ' + printable(one.conform.why) if one.conform.why else ''}"
    yield from _chain(one.lineage)
    yield from _open(one.unknowns)


def _chain(lineage: Sequence[LineageStep]) -> list[str]:
    rows = [
        (
            str(step.depth),
            "  " * min(step.depth, 8) + step.relation,
            step.version.name,
            step.version.edge_code or NOT_RECORDED,
            made_by(step),
            step.grade if step.grade != "none" else "–",
            f"{step.ledger:,}",
        )
        for step in lineage
    ]
    lines = aligned([_COLUMNS, *rows], right=(0, 6), indent="     ", limit=60) if rows else []
    return lines + [line for step in lineage for line in _recipe(step)]


def _recipe(step: LineageStep) -> Iterator[str]:
    """Models, seeds and what cannot be read on lines of their own: they are long, and they are what people look for."""
    if step.sealed:
        yield f"     sealed or erased, committed to in entry {step.ledger:,}: {', '.join(step.sealed)}"
    if step.models:
        yield f"     models of {printable(step.version.name)}: {printable(', '.join(map(model_text, step.models)))}"
    if step.seeds:
        yield f"     {'seed' if len(step.seeds) == 1 else 'seeds'} of {printable(step.version.name)}: {seeds_text(step.seeds)}"


def seeds_text(seeds: Sequence[str]) -> str:
    """Seeds as people read them: a handful in full, of many the first and last with their number (JSON has them all)."""
    if len(seeds) <= SEEDS_IN_FULL:
        return ", ".join(seeds)
    return f"{seeds[0]}, {seeds[1]} … {seeds[-1]} ({len(seeds):,} seeds)"


def _open(unknowns: Sequence[Unknown]) -> Iterator[str]:
    for unknown in unknowns:
        yield f"     ? {printable(unknown.what)} ({unknown.reason}): {unknown.question}"
