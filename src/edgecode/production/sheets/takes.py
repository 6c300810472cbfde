"""Noting takes from a sheet or log: which files are which take, whose body or voice is in it, what was circled. Dry first, all or nothing.

No slate, label or name leaves here: a problem says line and column, a plan says what kind of thing is noted.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from edgecode.events.door_kinds import TakeOf
from edgecode.events.kinds import Event
from edgecode.index.catalogue import VersionRow, version
from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.step_record import SCHEMA, RecordedFile, StepRecord
from edgecode.ingest.tables.take_sheets import take_lines
from edgecode.production.corridor import Production
from edgecode.production.doors.tables import read_table
from edgecode.production.persons.biometric import seal_with_person
from edgecode.production.persons.noting import append_judged
from edgecode.production.sheets.take_plans import MAKING, PlannedTake, TakePlanner


class TakesPlan(Struct, frozen=True):
    """What a sheet would do, or did; with *problems* nothing is recorded. *unread*: columns that mean nothing here."""

    takes: tuple[PlannedTake, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    made: int = 0

    def counted(self, what: Literal["new", "more", "here"]) -> int:
        """How many takes are new, known with something new, or known."""
        return sum(one.what == what for one in self.takes)


def plan_takes(
    production: Production,
    data: bytes,
    *,
    name: str,
    folder: Path | None = None,
    kind: TakeOf | Literal[""] = "",
    session: str = "",
) -> TakesPlan:
    """What a sheet would note. *name*: of its file; *folder*: what paths in it start from; *kind* and *session*: of every line that says
    none. Nothing is recorded. Raises what `read_table` raises."""
    production.catch_up()
    lines, problems = take_lines(read_table(data, name=name))
    planner = TakePlanner(production, folder=folder, kind=kind, session=session)
    takes, _ = planner.planned(lines)
    return TakesPlan(tuple(takes), _together(problems, planner.problems), len(planner.unmade))


def note_takes(
    production: Production,
    data: bytes,
    *,
    name: str,
    folder: Path | None = None,
    kind: TakeOf | Literal[""] = "",
    session: str = "",
) -> TakesPlan:
    """Note every take of a sheet in one append, or none when a line is wrong; then declare how files were made that nothing explains.

    A sheet read twice notes nothing twice; what it says new of a known take is noted beside. Raises like `plan_takes`, HeldError
    ``record.overtaken``.
    """
    lines, problems = take_lines(read_table(data, name=name))
    planners: list[TakePlanner] = []
    takes: list[PlannedTake] = []

    def judged() -> Sequence[Event]:
        planners[:] = [TakePlanner(production, folder=folder, kind=kind, session=session)]
        found, events = planners[0].planned(lines)
        takes[:] = found
        return [] if problems or planners[0].problems else events

    append_judged(production, judged)
    planner = planners[0]
    wrong = _together(problems, planner.problems)
    if wrong:
        return TakesPlan(tuple(takes), wrong)
    for ref, versions in planner.own.items():
        seal_with_person(production, versions, ref=ref)
    made = _declare(production, planner.unmade)
    return TakesPlan(tuple(takes), made=made)


def _declare(production: Production, unmade: Mapping[str, TakeOf]) -> int:
    """Record of versions that no step explains how the sheet says they came about, as somebody's word; how many."""
    lines = [
        msgspec.json.encode(
            StepRecord(schema=SCHEMA, kind=MAKING[of], outputs=(RecordedFile(version=one),), id=f"take:{one}")
        )
        for one, of in unmade.items()
    ]
    production.record_lines(lines, source="take")
    return sum(_is_made(version(production.index, one)) for one in unmade)


def _is_made(row: VersionRow | None) -> bool:
    return row is not None and row.step is not None


def _together(one: Sequence[SheetProblem], other: Sequence[SheetProblem]) -> tuple[SheetProblem, ...]:
    return tuple(sorted({*one, *other}))
