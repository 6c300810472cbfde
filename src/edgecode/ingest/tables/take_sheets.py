"""Take sheets and logs from set (CSV, ALE, Avid bins): which files are which take, who is in it, whether it is circled. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal, cast, get_args

from msgspec import Struct

from edgecode.events.door_kinds import Circled, TakeOf
from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.doors import Row, Table
from edgecode.ingest.tables.headings import Agree, Columns, both_kept, one_file, one_list, one_number, whole_number

KINDS: tuple[TakeOf, ...] = get_args(TakeOf)
MEANINGS: Mapping[str, Sequence[str]] = {
    "file": ("file name", "filename", "source file", "source file name"),
    "kind": ("take of", "of"),
    "scene": ("sc",),
    "slate": ("slate number",),
    "take": ("take number", "tk"),
    "camera_roll": ("camroll", "cam roll", "camera roll"),
    "sound_roll": ("soundroll", "sound roll", "sound tape"),
    "reel": ("tape", "tape name", "reel name"),
    "timecode_in": ("start", "tc in", "start tc", "timecode in"),
    "timecode_out": ("end", "tc out", "end tc", "timecode out"),
    "day": ("shoot day", "shooting day"),
    "circled": ("circle", "circle take", "circled take", "circled takes", "good take", "good", "print"),
    "person": ("performer", "alias", "performer alias", "people"),
    "subject": ("subject label", "actor label", "capture subject"),
    "session": ("capture session",),
    "first": ("first frame",),
    "end_frame": ("frame after the last",),
    "note": ("notes", "comment", "comments", "script notes", "script note", "description", "continuity"),
}
"""What the columns of a take sheet are called. A sheet has at least one that says which file or which take a line is about."""

INSTEAD: Mapping[str, Sequence[str]] = {
    "file": ("media", "clip", "clip name", "name"),
    "slate": ("setup",),
    "camera_roll": ("roll",),
    "reel": ("tape id",),
    "day": ("shoot date", "date"),
}
"""What is read where nothing stands under these: a clip's name is a file's only for want of one."""

NAMES = (
    "scene",
    "slate",
    "take",
    "camera_roll",
    "sound_roll",
    "reel",
    "timecode_in",
    "timecode_out",
    "day",
)
"""Columns that go into `TakeNames`."""

_CIRCLED: Mapping[str, Circled] = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "*", "✓", "✔", "○", "circled", "circle", "good", "print"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "-", "ng", "no good"), "no"),
}

_NO_KINDS = ("clip", "sequence", "source")
"""What a bin's column Kind says an item is, which is no kind of take."""


def _one_kind(one: str, other: str) -> bool:
    one, other = one.casefold(), other.casefold()
    return one == other or one in _NO_KINDS or other in _NO_KINDS


def _one_circle(one: str, other: str) -> bool:
    one, other = one.casefold(), other.casefold()
    return _CIRCLED.get(one, one) == _CIRCLED.get(other, other)


_AGREE: Mapping[str, Agree] = {
    "file": one_file,
    "kind": _one_kind,
    "circled": _one_circle,
    "person": one_list,
    "subject": one_list,
    "session": one_list,
    "first": one_number,
    "end_frame": one_number,
    "note": both_kept,
}


class TakeLine(Struct, frozen=True):
    """One line, or several about one take. *kind* "": the sheet does not say. *line*: where it begins."""

    line: int
    files: tuple[str, ...]
    kind: TakeOf | Literal[""]
    names: Mapping[str, str]
    circled: Circled
    people: tuple[str, ...]
    subjects: tuple[str, ...]
    sessions: tuple[str, ...]
    note: str
    first: int | None
    end: int | None


def take_lines(table: Table) -> tuple[list[TakeLine], list[SheetProblem]]:
    """The takes of a table, in its order, and what is wrong with others; a line with a problem is not among the takes."""
    columns = Columns(table, MEANINGS, instead=INSTEAD, agree=_AGREE)
    if not columns.has("file", "scene", "slate", "take"):
        headings = ", ".join(MEANINGS)
        return [], [SheetProblem(1, "", "a column that says which file or take a line is about", f"As in: {headings}")]
    found: list[TakeLine] = []
    problems: list[SheetProblem] = []
    for row in table.rows:
        wrong = _problems(columns, row)
        problems += wrong
        if not wrong:
            found.append(_line(columns, row))
    return found, problems


def _line(columns: Columns, row: Row) -> TakeLine:
    names = {word: value for word in NAMES if (value := columns.value(row, word))}
    return TakeLine(
        line=row.line,
        files=columns.several(row, "file"),
        kind=cast("TakeOf | Literal['']", _kind(columns, row)),
        names=names,
        circled=_CIRCLED.get(columns.value(row, "circled").casefold(), "unsaid"),
        people=columns.several(row, "person"),
        subjects=columns.several(row, "subject"),
        sessions=columns.several(row, "session"),
        note="\n".join(columns.cells(row, "note")),
        first=whole_number(columns.value(row, "first")),
        end=whole_number(columns.value(row, "end_frame")),
    )


def _kind(columns: Columns, row: Row) -> str:
    cells = (cell.casefold() for cell in columns.cells(row, "kind"))
    return next((cell for cell in cells if cell not in _NO_KINDS), "")


def _problems(columns: Columns, row: Row) -> list[SheetProblem]:
    found = columns.contradictions(row)
    if not any(columns.value(row, word) for word in ("file", "scene", "slate", "take")):
        found.append(columns.problem(row, "file", "a file, or a scene, slate or take"))
    if _kind(columns, row) not in ("", *KINDS):
        found.append(columns.problem(row, "kind", f"one of {', '.join(KINDS)}"))
    circled = columns.value(row, "circled").casefold()
    if circled and circled not in _CIRCLED:
        found.append(columns.problem(row, "circled", "yes or no"))
    first, end = (columns.value(row, word) for word in ("first", "end_frame"))
    if (first or end) and not _holds_frames(whole_number(first), whole_number(end)):
        found.append(columns.problem(row, "first", "frames: the first, and the frame after the last in end_frame"))
    subjects, people = columns.several(row, "subject"), columns.several(row, "person")
    if subjects and people and len(subjects) != len(people):
        found.append(columns.problem(row, "subject", "as many subjects as there are people, in their order"))
    return found


def _holds_frames(first: int | None, end: int | None) -> bool:
    return first is not None and end is not None and first < end
