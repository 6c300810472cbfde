"""Papers as tables: a head, named columns, rows without an empty cell; printed as CSV that no spreadsheet can run, or as text."""

import csv
from collections.abc import Collection, Iterable, Sequence
from io import StringIO

from msgspec import Struct

from edgecode.answers.layout.columns import NOT_RECORDED, aligned, flowed, printable, wrapped
from edgecode.answers.layout.fitting import Weights, fitted, is_empty

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LAST_COLUMNS = ("Edge code", "Grade", "Ledger no.")
"""The columns that every paper ends with: where the line's evidence is."""


WEIGHTS = Weights(
    whole=("No.", "Gap", "Event", "Clip", "Record in", "Record out", "Frames", "Reason"),
    below=("Why", "Candidates", "Question that settles it"),
    important=(
        "Origin", "Cut", "Track", "Method", "Confidence", "Shows", "How", "Maker", "Grade", "Open findings", "Ledger no.",
        "Best candidate", "Edge code", "Version", "Source file / reel", "Seen", "Reel", "Source in", "Source out",
    ),
)  # fmt: skip
"""What of a paper's columns matters most on a narrow terminal."""


class Sheet(Struct, frozen=True):
    """A paper. *head* and *foot* are lines of text; every row has a cell for every column, and no cell is empty, except in the
    columns of *form*, which people fill in: empty in CSV, not shown on a terminal."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    form: tuple[str, ...] = ()


class SheetAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.sheet/1"):
    """A paper as JSON: its lines of text, and its rows by the keys that the CSV has."""

    title: str
    head: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    foot: tuple[str, ...]


def cell(value: str | int | None) -> str:
    """A value as a cell; what nobody recorded says so."""
    if value is None or value == "":
        return NOT_RECORDED
    return str(value)


def csv_key(column: str) -> str:
    """A column's key in CSV: lower case, words joined by underscores."""
    plain = "".join(c if c.isalnum() else " " for c in column.lower())
    return "_".join(plain.split())


def sheet_csv(sheet: Sheet) -> str:
    """The rows as CSV (RFC 4180, UTF-8): text that a spreadsheet could take for a formula gets an apostrophe before it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([csv_key(column) for column in sheet.columns])
    writer.writerows([neutral(text) for text in row] for row in sheet.rows)
    return out.getvalue()


def sheet_answer(sheet: Sheet) -> SheetAnswer:
    """The paper as ``--json`` prints it."""
    return SheetAnswer(sheet.title, sheet.head, tuple(sheet_records(sheet)), sheet.foot)


def sheet_records(sheet: Sheet) -> list[dict[str, str]]:
    """The rows for JSON, by the keys that the CSV has; nothing is neutralised here."""
    keys = [csv_key(column) for column in sheet.columns]
    return [dict(zip(keys, row, strict=True)) for row in sheet.rows]


def read_sheet_csv(text: str) -> list[dict[str, str]]:
    """Rows of a CSV that we wrote and somebody may have edited, by key; the apostrophes before formulas are taken off again."""
    return [
        {key: _plain(value) for key, value in row.items() if key is not None}
        for row in csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""))
    ]


def neutral(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def _plain(text: str | None) -> str:
    return (text or "").removeprefix("'")


NUMBERS = ("Frames", "Gap", "Event", "No.", "Depth", "Confidence", "Ledger no.")
"""Columns that are set to the right."""


def sheet_text(sheet: Sheet, *, numbers: Iterable[str] = NUMBERS, limit: int = 40, columns: int | None = None) -> str:
    """The paper for a terminal, ending with a line end; columns in *numbers* are set to the right.

    With *columns* no line is longer, as far as timecodes, frames, clips and reasons allow: what is the same in every row is said
    once below, sentences go to lines of their own, the least important cells are shortened. Without, no cell is wider than *limit*.
    Columns that nobody recorded anything in are named below instead of being printed.
    """
    kept = [i for i, name in enumerate(sheet.columns) if name not in sheet.form]
    names, rows = [sheet.columns[i] for i in kept], [[row[i] for i in kept] for row in sheet.rows]
    title = flowed(printable(sheet.title).split("   "), columns)
    lines = [*title, *(line for text in sheet.head for line in wrapped(printable(text), columns)), ""]
    if not sheet.rows:
        lines.append("(no rows)")
    elif columns is None:
        lines += _whole(names, rows, right=set(numbers), limit=limit)
    else:
        table = fitted(names, rows, columns=columns, weights=WEIGHTS, right=tuple(numbers))
        lines += table.lines
        lines += ["", *(line for note in table.notes for line in wrapped(note, columns))] if table.notes else []
    # An indented line is a command: broken in two it could not be pasted.
    foot = [[text] if text.startswith("  ") else wrapped(text, columns) for text in map(printable, sheet.foot)]
    lines += ["", *(line for part in foot for line in part)] if foot else []
    return "\n".join(lines) + "\n"


def _whole(names: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[str], limit: int) -> list[str]:
    """Every column that says something, as wide as it is."""
    empty = {i for i in range(len(names)) if all(is_empty(row[i]) for row in rows)}
    kept = [i for i in range(len(names)) if i not in empty]
    places = [place for place, i in enumerate(kept) if names[i] in right]
    lines = aligned([[row[i] for i in kept] for row in (names, *rows)], right=places, limit=limit)
    return lines + (["", f"Not recorded in any row: {', '.join(names[i] for i in sorted(empty))}."] if empty else [])
