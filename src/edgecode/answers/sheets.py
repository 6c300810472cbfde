"""Papers as tables: a head, named columns, rows without an empty cell; printed as CSV that no spreadsheet can run, or as text."""

import csv
from collections.abc import Iterable
from io import StringIO

from msgspec import Struct

from edgecode.answers.columns import NOT_RECORDED, aligned, printable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LAST_COLUMNS = ("Edge code", "Grade", "Ledger no.")
"""The columns that every paper ends with: where the line's evidence is."""


class Sheet(Struct, frozen=True):
    """A paper. *head* and *foot* are lines of text; every row has a cell for every column, and no cell is empty."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()


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


def sheet_text(
    sheet: Sheet, *, numbers: Iterable[str] = ("Frames", "Gap", "Event", "No.", "Depth"), limit: int = 40
) -> str:
    """The paper for a terminal, ending with a line end; columns in *numbers* are set to the right.

    Columns that nobody recorded anything in are named below instead of being printed.
    """
    empty = {i for i in range(len(sheet.columns)) if sheet.rows and all(row[i] == NOT_RECORDED for row in sheet.rows)}
    kept = [i for i in range(len(sheet.columns)) if i not in empty]
    wanted = set(numbers)
    right = [place for place, i in enumerate(kept) if sheet.columns[i] in wanted]
    rows = [[row[i] for i in kept] for row in (sheet.columns, *sheet.rows)]
    lines = [printable(sheet.title), *map(printable, sheet.head), ""]
    lines += aligned(rows, right=right, limit=limit) if sheet.rows else ["(no rows)"]
    if empty:
        lines += ["", f"Not recorded in any row: {', '.join(sheet.columns[i] for i in sorted(empty))}."]
    lines += ["", *map(printable, sheet.foot)] if sheet.foot else []
    return "\n".join(lines) + "\n"
