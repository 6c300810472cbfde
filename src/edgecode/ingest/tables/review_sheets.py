"""Review notes and approvals as trackers export them (CSV): what was said of which version or cut. Pure.

A tracker's word for a status is kept as it stands, sealed; what it comes to is one of our own words.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from edgecode.events.door_kinds import ReviewOutcome
from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.doors import Row, Table
from edgecode.ingest.tables.headings import (
    Agree,
    Columns,
    both_kept,
    folded,
    moment_of,
    one_file,
    one_moment,
    one_number,
    whole_number,
)

MEANINGS: Mapping[str, Sequence[str]] = {
    "version": ("version name", "version code", "file", "file name", "filename"),
    "cut": ("edit", "sequence cut"),
    "status": ("version status", "task status", "outcome", "decision", "approval"),
    "note": ("notes", "comment", "comments", "text", "body", "review note"),
    "author": ("user", "reviewer", "created by", "by", "from"),
    "date": ("created", "created at", "created on", "timestamp"),
    "id": (),
    "first": ("first frame", "frame in"),
    "end_frame": ("frame after the last",),
}
"""What the columns of a tracker's export are called."""

INSTEAD: Mapping[str, Sequence[str]] = {
    "version": ("preview", "revision", "media"),
    "author": ("author id", "user id"),
    "date": ("time", "day"),
    "id": ("note id", "comment id", "event id", "uuid"),
}
"""What is read where nothing stands under these: a tracker has several ids for one note."""

STATUSES: Mapping[str, ReviewOutcome] = {
    **dict.fromkeys(("approved", "apr", "app", "approve", "final", "fin", "done", "ok", "cbb", "validated"), "approved"),
    **dict.fromkeys(("rejected", "rej", "reject", "declined", "denied", "retake", "rtk", "failed", "no"), "rejected"),
    **dict.fromkeys(("kept", "keep", "selected", "select", "pick", "picked"), "kept"),
    **dict.fromkeys(("requested", "changes_requested", "request_changes", "needs_changes", "revise", "fix"), "requested"),
    **dict.fromkeys(("note", "noted", "comment"), "note"),
}  # fmt: skip
"""Statuses of trackers that say the same everywhere; another one says nothing until somebody says what it means."""

_AGREE: Mapping[str, Agree] = {
    "version": one_file,
    "date": one_moment,
    "first": one_number,
    "end_frame": one_number,
    "note": both_kept,
}


class ReviewLine(Struct, frozen=True):
    """One line. *outcome* None: its status says nothing that is known, and there are no words. *at*: milliseconds since 1970, 0: unsaid.

    *author*: as the sheet names them; kept nowhere but as a member's id. *own*: the tracker's id of it, or all that the line says.
    """

    line: int
    versions: tuple[str, ...]
    cuts: tuple[str, ...]
    outcome: ReviewOutcome | None
    status: str
    note: str
    author: str
    at: int
    own: str
    first: int | None
    end: int | None


def review_lines(
    table: Table, *, statuses: Mapping[str, ReviewOutcome] | None = None
) -> tuple[list[ReviewLine], list[SheetProblem]]:
    """The reviews of a table, in its order, and what is wrong with others. *statuses*: what other words of a tracker's mean."""
    meant = {**STATUSES, **{folded(word): outcome for word, outcome in (statuses or {}).items()}}

    def one_status(one: str, other: str) -> bool:
        return meant.get(folded(one), one) == meant.get(folded(other), other)

    columns = Columns(table, MEANINGS, instead=INSTEAD, agree={**_AGREE, "status": one_status})
    if not columns.has("version", "cut") or not columns.has("status", "note"):
        expected = "a column that says which version or cut, and one with a status or a note"
        return [], [SheetProblem(1, "", expected, f"As in: {', '.join(MEANINGS)}")]
    found: list[ReviewLine] = []
    problems: list[SheetProblem] = []
    for row in table.rows:
        wrong = _problems(columns, row)
        problems += wrong
        if not wrong:
            found.append(_line(columns, row, meant))
    return found, problems


def _line(columns: Columns, row: Row, meant: Mapping[str, ReviewOutcome]) -> ReviewLine:
    status, note = columns.value(row, "status"), "\n".join(columns.cells(row, "note"))
    identity = columns.value(row, "id")
    said = {word: columns.value(row, word) for word in MEANINGS} | {"note": note}
    whole = "\n".join(f"{word}={value}" for word, value in said.items())
    return ReviewLine(
        line=row.line,
        versions=columns.several(row, "version"),
        cuts=columns.several(row, "cut"),
        outcome=meant.get(folded(status)) or ("note" if note else None),
        status=status,
        note=note,
        author=columns.value(row, "author"),
        at=moment_of(columns.value(row, "date")) or 0,
        own=f"id={identity}" if identity else whole,
        first=whole_number(columns.value(row, "first")),
        end=whole_number(columns.value(row, "end_frame")),
    )


def _problems(columns: Columns, row: Row) -> list[SheetProblem]:
    found = columns.contradictions(row)
    if not (columns.value(row, "version") or columns.value(row, "cut")):
        found.append(columns.problem(row, "version", "a version or a cut"))
    if not (columns.value(row, "status") or columns.value(row, "note")):
        found.append(columns.problem(row, "status", "a status or a note"))
    date = columns.value(row, "date")
    if date and moment_of(date) is None:
        found.append(columns.problem(row, "date", "a day or time as in 2026-11-23T14:05:00+01:00"))
    written = [columns.value(row, word) for word in ("first", "end_frame")]
    first, end = (whole_number(one) for one in written)
    if any(written) and (first is None or end is None or end <= first or len(columns.several(row, "version")) != 1):
        found.append(columns.problem(row, "first", "frames of one version, and the frame after the last in end_frame"))
    return found
