"""Matchback for people: what is on screen, the chain behind it, how well it is known, and what would settle the rest."""

from collections.abc import Iterator, Sequence
from shlex import quote

from edgecode.answers.agreements.relied import relied_text
from edgecode.answers.chain import Attempt, LineageStep, Unknown
from edgecode.answers.layout.columns import NOT_RECORDED, aligned, counted, flowed, printable, width, wrapped
from edgecode.answers.layout.fitting import Weights, fitted
from edgecode.answers.matchback.answer import Matchback, OnScreen
from edgecode.answers.matchback.people_seen import PersonSeen, people_text
from edgecode.terms.origins import CONTRIBUTIONS
from edgecode.terms.steps import ModelUse, StepKind

_COLUMNS = ("Depth", "Relation", "What", "Edge code", "Made by", "Grade", "Ledger no.")

_INDENT = "     "
_STEPS = Weights(("Depth", "What"), important=("Made by", "Grade", "Ledger no.", "Relation", "Edge code"))
_USES = Weights(("Record in", "Frames", "Clip"), important=("Cut", "Track", "Origin", "Grade", "Shows", "Seen"))
SEEDS_IN_FULL = 6


def matchback_text(answer: Matchback, *, shown: int = 20, columns: int | None = None) -> str:
    """The answer as text, ending with a line end; at most *shown* uses in full. *columns*: fit lines to a terminal of this width."""
    lines = flowed((f"MATCHBACK  {printable(answer.at)}", *_headline(answer).split("   ")), columns)
    if answer.found:
        lines += ["", *_found(answer, columns)]
    if not answer.on_screen:
        lines += [
            "",
            "No cut uses it." if answer.found else _EMPTY.get(answer.origin, "Nothing is on the tracks here."),
        ]
    elif answer.found:
        lines += ["", f"Used in {counted(len(answer.on_screen), 'place')}:"]
        rows = [_use(one) for one in answer.on_screen[:shown]]
        lines += _table(_COLUMNS_OF_USE, rows, columns, weights=_USES, right=("Frames",), indent="  ")
    else:
        for one in answer.on_screen[:shown]:
            lines += ["", *_on_screen(one, columns)]
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


def _found(answer: Matchback, columns: int | None) -> Iterator[str]:
    for ref in answer.found:
        yield f"{printable(ref.name)}   {ref.edge_code or 'no edge code: its bytes were never read'}"
    yield from _chain(answer.lineage, columns)
    yield from _people(answer.people, columns)
    yield from _open(answer.unknowns, columns)


def _on_screen(one: OnScreen, columns: int | None) -> Iterator[str]:
    grade = "UNACCOUNTED" if one.grade == "none" else f"grade {one.grade}"
    head = printable(f"{one.track}  {one.clip}")
    yield from flowed((head, one.origin, grade, f"AI use {one.ai}", f"seen: {one.visibility.value}"), columns)
    why = f": {printable(one.conform.why)}" if one.conform.why else ""
    if one.version is None:
        parts = [f"no version ({one.conform.method}{why})"]
    else:
        frame = [f"frame {one.source_frame}"] if one.source_frame is not None else []
        sure = f"matched by {one.conform.method}, {one.conform.confidence} %"
        parts = [printable(one.version.name), *frame, f"{sure}{why}"]
    for line in flowed(parts, columns, indent=_INDENT):
        yield from _broken(line, columns) if _is_long(line, columns) else [line]
    yield from _chain(one.lineage, columns)
    yield from _people(one.people, columns)
    if one.agreements:
        yield from wrapped(f"relies on: {relied_text(one.agreements)}", columns, indent=_INDENT)
    yield from _open(one.unknowns, columns)


def _is_long(line: str, columns: int | None) -> bool:
    return columns is not None and width(line) > columns


def _chain(lineage: Sequence[LineageStep], columns: int | None) -> list[str]:
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
    lines = _table(_COLUMNS, rows, columns, weights=_STEPS, right=("Depth", "Ledger no."), indent=_INDENT)
    recipes = [line for step in lineage for line in _recipe(step)]
    return lines + [told for line in recipes for told in _broken(line, columns)]


def _table(
    names: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    columns: int | None,
    *,
    weights: Weights,
    right: tuple[str, ...],
    indent: str,
) -> list[str]:
    """A table as wide as it is, or fitted to a terminal."""
    if not rows:
        return []
    if columns is None:
        return aligned([names, *rows], right=[names.index(name) for name in right], indent=indent, limit=60)
    table = fitted(names, rows, columns=columns, weights=weights, right=right, indent=indent)
    return [*table.lines, *(line for note in table.notes for line in wrapped(note, columns, indent=indent))]


def _broken(line: str, columns: int | None) -> list[str]:
    """An indented line of text in lines that fit, each indented alike."""
    return wrapped(line.removeprefix(_INDENT), columns, indent=_INDENT)


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


def _people(people: Sequence[PersonSeen], columns: int | None) -> list[str]:
    return wrapped(f"people: {people_text(people)}", columns, indent=_INDENT) if people else []


def _open(unknowns: Sequence[Unknown], columns: int | None) -> Iterator[str]:
    for unknown in unknowns:
        yield from wrapped(
            f"? {printable(unknown.what)} ({unknown.reason}): {unknown.question}", columns, indent=_INDENT
        )
