"""Noting review notes and approvals from a tracker's export: dry first, all or nothing, the same note never twice.

Who wrote a note is kept only where they are a member here, as that member's id: nothing ranks, times or counts anybody.
"""

import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from edgecode.checks.register import Register
from edgecode.errors import EdgecodeError
from edgecode.events.door_kinds import ReviewFact, ReviewNoted, ReviewOutcome
from edgecode.events.kinds import Event, TextSection
from edgecode.index.cuts import cut_named
from edgecode.index.directed import reviews
from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.tables.review_sheets import ReviewLine, review_lines
from edgecode.production.doors.tables import read_table
from edgecode.production.lines import line_secret
from edgecode.production.persons.noting import append_judged
from edgecode.production.sheets.files import MisnamedError, SheetFiles
from edgecode.terms.identity import RecordId

if TYPE_CHECKING:
    from edgecode.production.corridor import Production

MARK_DIGITS = 32


class ReviewsPlan(Struct, frozen=True):
    """What an export would do, or did; with *problems* nothing is recorded. *outcomes*: how many new ones of each. *here*: noted before.

    *silent*: lines whose status says nothing that is known, and that hold no note. *outsiders*: lines by somebody who is no member here.
    """

    outcomes: Mapping[str, int] = {}
    here: int = 0
    silent: tuple[int, ...] = ()
    outsiders: int = 0
    problems: tuple[SheetProblem, ...] = ()

    @property
    def new(self) -> int:
        """How many are new."""
        return sum(self.outcomes.values())


def plan_reviews(
    production: "Production",
    data: bytes,
    *,
    name: str,
    folder: Path | None = None,
    statuses: Mapping[str, ReviewOutcome] | None = None,
) -> ReviewsPlan:
    """What an export would note. *statuses*: what words of this tracker mean. Nothing is recorded. Raises what `read_table` raises."""
    production.catch_up()
    lines, problems = review_lines(read_table(data, name=name), statuses=statuses)
    return _Planner(production, folder).planned(lines, problems)[0]


def note_reviews(
    production: "Production",
    data: bytes,
    *,
    name: str,
    folder: Path | None = None,
    statuses: Mapping[str, ReviewOutcome] | None = None,
) -> ReviewsPlan:
    """Note every review of an export in one append, or none when a line is wrong. Raises like `plan_reviews`, HeldError
    ``record.overtaken``."""
    lines, problems = review_lines(read_table(data, name=name), statuses=statuses)
    plans: list[ReviewsPlan] = []

    def judged() -> Sequence[Event]:
        plan, events = _Planner(production, folder).planned(lines, problems)
        plans[:] = [plan]
        return [] if plan.problems else events

    append_judged(production, judged)
    return plans[0]


def review_mark(secret: bytes, own: str) -> str:
    """A keyed digest of the tracker's own event: the same note is taken once, and nobody can tell from it which one it is. *own*: ``id=``
    and the tracker's id of it, or all that a line says, so that an export and a connector mean the same by it."""
    return hmac.new(secret, b"review\n" + own.encode(), "sha256").hexdigest()[:MARK_DIGITS]


class _Planner:
    """One export against one state of the record."""

    def __init__(self, production: "Production", folder: Path | None) -> None:
        self._production = production
        self._files = SheetFiles(production.index, folder=folder, digest_of=production.digest_of)
        self._secret = line_secret(production.keys, production.settings.production)
        self._register = Register.read(production.index, origin=production.log.origin)
        self._marks = {one.mark for one in reviews(production.index)}

    def planned(self, lines: Sequence[ReviewLine], wrong: Sequence[SheetProblem]) -> tuple[ReviewsPlan, list[Event]]:
        """The plan and the events that it comes to."""
        problems = list(wrong)
        events: list[Event] = []
        outcomes: dict[str, int] = {}
        here, outsiders = 0, 0
        silent: list[int] = []
        for line in lines:
            if line.outcome is None:
                silent.append(line.line)
                continue
            about = self._about(line, problems)
            mark = self._mark(line)
            if mark in self._marks:
                here += 1
                continue
            self._marks.add(mark)
            by = self._member(line.author)
            outsiders += bool(line.author) and not by
            outcomes[line.outcome] = outcomes.get(line.outcome, 0) + 1
            words = tuple((name, text) for name, text in (("note", line.note), ("status", line.status)) if text)
            fact = ReviewFact(
                self._production.world.new_id(), about, line.outcome, "table", mark, line.at, by, line.first, line.end
            )
            events.append(ReviewNoted(fact, TextSection(words) if words else None))
        plan = ReviewsPlan(outcomes, here, tuple(silent), outsiders, tuple(sorted(set(problems))))
        return plan, events

    def _about(self, line: ReviewLine, problems: list[SheetProblem]) -> tuple[RecordId, ...]:
        found: list[RecordId] = []
        for written in line.versions:
            try:
                found.append(self._files.version(written).key)
            except MisnamedError as wrong:
                problems.append(SheetProblem(line.line, "version", wrong.expected, wrong.remedy))
        for written in line.cuts:
            try:
                found.append(cut_named(self._production.index, written).key)
            except EdgecodeError:
                problems.append(
                    SheetProblem(line.line, "cut", "a cut of this production", "List them: edgecode cut list")
                )
        return tuple(dict.fromkeys(found))

    def _mark(self, line: ReviewLine) -> str:
        return review_mark(self._secret, line.own)

    def _member(self, author: str) -> RecordId:
        try:
            return self._register.member_called(author).id if author else ""
        except EdgecodeError:
            return ""
