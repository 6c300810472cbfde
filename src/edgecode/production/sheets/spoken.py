"""Declaring ADR, voice-clone and dubbing lines as uses with their numbers of lines and words, from a list. Dry first, all or nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.register import DeclaredUse, Register
from edgecode.errors import EdgecodeError
from edgecode.events.kinds import Event
from edgecode.index.persons import PersonRow
from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.tables.line_sheets import LineKind, SpokenLine, spoken_lines
from edgecode.production.desk.reading import needs_of
from edgecode.production.desk.uses import UseDraft, declared_use
from edgecode.production.doors.tables import read_table
from edgecode.production.persons.noting import append_judged
from edgecode.production.sheets.files import MisnamedError, SheetFiles
from edgecode.production.sheets.subject_labels import SubjectLabels
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Scope

if TYPE_CHECKING:
    from edgecode.production.corridor import Production


class PlannedLines(Struct, frozen=True):
    """What becomes of the lines of one voice in one file. *words* None: not all of them were counted."""

    line: int
    what: Literal["new", "here"]
    kind: LineKind
    alias: str
    language: str
    lines: int
    words: int | None

    def __str__(self) -> str:
        known = "here already" if self.what == "here" else "new"
        language = f" in {self.language}" if self.language else ""
        words = f"{self.words} words" if self.words is not None else "words not counted"
        lines = f"{self.lines} {'line' if self.lines == 1 else 'lines'}"
        return f"line {self.line}: {known}: {self.kind.replace('_', ' ')} of {self.alias}{language}, {lines}, {words}"


class LinesPlan(Struct, frozen=True):
    """What a list would do, or did; with *problems* nothing is recorded."""

    uses: tuple[PlannedLines, ...] = ()
    problems: tuple[SheetProblem, ...] = ()

    @property
    def new(self) -> int:
        """How many uses are declared."""
        return sum(one.what == "new" for one in self.uses)


class Speaking(Struct, frozen=True):
    """Who says so: the member *by*, in *role*, with a *reason*; needed for lines that somebody spoke, because that settles something."""

    kind: LineKind | Literal[""] = ""
    by: str = ""
    role: str = ""
    reason: str = ""


def plan_lines(
    production: "Production", data: bytes, *, name: str, folder: Path | None = None, speaking: Speaking | None = None
) -> LinesPlan:
    """What a list would declare. Nothing is recorded. Raises what `read_table` and `declared_use` raise."""
    production.catch_up()
    return _planned(production, data, name=name, folder=folder, speaking=speaking or Speaking())[0]


def note_lines(
    production: "Production", data: bytes, *, name: str, folder: Path | None = None, speaking: Speaking | None = None
) -> LinesPlan:
    """Declare every use of a list in one append, or none when a line is wrong. The same list again declares nothing.

    Raises like `plan_lines`, HeldError ``record.overtaken``.
    """
    plans: list[LinesPlan] = []

    def judged() -> Sequence[Event]:
        plan, events = _planned(production, data, name=name, folder=folder, speaking=speaking or Speaking())
        plans[:] = [plan]
        return [] if plan.problems else events

    append_judged(production, judged)
    return plans[0]


class _Use(Struct, frozen=True):
    """The lines of one voice in one file."""

    line: int
    version: RecordId
    person: PersonRow
    kind: LineKind
    language: str
    lines: int
    words: int | None


def _planned(
    production: "Production", data: bytes, *, name: str, folder: Path | None, speaking: Speaking
) -> tuple[LinesPlan, list[Event]]:
    lines, problems = spoken_lines(read_table(data, name=name))
    uses = _uses(production, lines, folder, speaking, problems)
    register = Register.read(production.index, origin=production.log.origin)
    planned: list[PlannedLines] = []
    events: list[Event] = []
    for one in uses:
        scope = _scope(one, problems)
        there = [use for use in register.uses.values() if _is_of(use, one, scope)]
        if there and all(use.quantities != _quantities(one) for use in there):
            remedy = f"Take that one back first: edgecode desk withdraw {there[-1].id}"
            problems.append(SheetProblem(one.line, "lines", "as many lines and words as are declared already", remedy))
        what: Literal["new", "here"] = "here" if there else "new"
        planned.append(PlannedLines(one.line, what, one.kind, one.person.alias, one.language, one.lines, one.words))
        if not there and not problems:
            draft = UseDraft(
                one.kind,
                (one.version, one.person.alias),
                scope=scope,
                quantities=_quantities(one),
                by=speaking.by,
                role=speaking.role,
                reason=speaking.reason,
            )
            events.append(declared_use(production, draft, production.world.new_id()))
    return LinesPlan(tuple(planned), tuple(sorted(set(problems)))), events


def _uses(
    production: "Production",
    lines: Sequence[SpokenLine],
    folder: Path | None,
    speaking: Speaking,
    problems: list[SheetProblem],
) -> list[_Use]:
    """Lines joined by file, voice, kind and language."""
    files = SheetFiles(production.index, folder=folder, digest_of=production.digest_of)
    labels = SubjectLabels(production)
    found: dict[tuple[RecordId, int, str, str], _Use] = {}
    for line in lines:
        person = labels.person(line.person)
        if person is None:
            problems.append(
                SheetProblem(line.line, "person", "the alias of somebody here, P-07", "edgecode person list")
            )
        kind = line.kind or speaking.kind
        if not kind:
            problems.append(SheetProblem(line.line, "kind", "adr, voice_clone or dub", "Or say it for all: --kind"))
        for written in line.files:
            try:
                version = files.version(written).key
            except MisnamedError as wrong:
                problems.append(SheetProblem(line.line, "file", wrong.expected, wrong.remedy))
                continue
            if person is None or not kind:
                continue
            one = _Use(line.line, version, person, kind, line.language, line.lines, line.words)
            key = (version, person.id, kind, line.language)
            known = found.get(key)
            if known is not None:
                words = None if known.words is None or one.words is None else known.words + one.words
                one = replace(known, lines=known.lines + one.lines, words=words)
            found[key] = one
    return list(found.values())


def _scope(one: _Use, problems: list[SheetProblem]) -> Scope:
    try:
        return needs_of({"languages": one.language}) if one.language else Scope()
    except EdgecodeError:
        problems.append(SheetProblem(one.line, "language", "a language as in de or pt-BR"))
        return Scope()


def _quantities(one: _Use) -> dict[str, int]:
    """What is counted; words that not everybody counted are not there, because a sum without them would be too small."""
    return {"lines": one.lines} if one.words is None else {"lines": one.lines, "words": one.words}


def _is_of(use: DeclaredUse, one: _Use, scope: Scope) -> bool:
    return (
        one.version in use.versions
        and use.whom.person == one.person.id
        and use.values.get("use.kind") == one.kind
        and use.scope == scope
    )
