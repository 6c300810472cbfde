"""Camera reports, sound reports and take sheets as CSV or TSV: rows by the report's own headings, its preamble as settings."""

import csv
import io
from collections import Counter

from edgecode.errors import InputError
from edgecode.ingest.doors import Table
from edgecode.ingest.editorial.limits import refuse_large_file
from edgecode.ingest.editorial.texts import decoded
from edgecode.ingest.tables.ale import numbered, row_of, text_of_table
from edgecode.terms.cuts import Diagnostic

FORMAT = "csv"
_DELIMITERS = (",", "\t", ";", "|")
_PREAMBLE_LINES = 60
_LEAST_COLUMNS = 2


def read_delimited(data: bytes, *, name: str) -> Table:
    """The table of a report. Lines above the headings (production, camera, date) are its header: first cell, then the rest.

    The headings are the first line that fills as many columns as most lines do. Raises InputError: ``cut.too_large``,
    ``table.malformed`` (not text, no columns, broken quotes, zeros).
    """
    refuse_large_file(data, name)
    text, encoding = decoded(data)
    problems = (
        []
        if encoding == "utf-8"
        else [Diagnostic("text.encoding", f"the file is not UTF-8; it was read as {encoding}")]
    )
    delimiter = delimiter_of(text)
    lines = _lines(text_of_table(text, name=name), delimiter or ",", name)
    at = _headings(lines)
    if delimiter is None or at is None:
        raise InputError(
            "table.malformed",
            f"{name} is no table: no line of it has two columns",
            "Export the report as CSV with a line of headings",
        )
    header = {cells[0].strip().rstrip(":"): " ".join(cells[1:]).strip() for _, cells in lines[:at] if cells[0].strip()}
    columns = numbered(_without_tail(lines[at][1]), problems)
    rows = [row_of(number, cells, columns, problems) for number, cells in lines[at + 1 :]]
    if not rows:
        problems.append(Diagnostic("table.empty", "the report lists nothing", effect="row-missing"))
    return Table(FORMAT, name, columns, rows, header, tuple(problems))


def delimiter_of(text: str) -> str | None:
    """The sign that most lines at the beginning hold equally often, at least once; None where none does."""
    lines = [line for line in text[:20_000].splitlines()[:_PREAMBLE_LINES] if line.strip()]
    best: tuple[int, int, str] | None = None
    for sign in _DELIMITERS:
        counts = Counter(line.count(sign) for line in lines if sign in line)
        if counts:
            each, agreeing = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
            best = max(best or (0, 0, ""), (agreeing, each, sign))
    return best[2] if best else None


def _lines(text: str, delimiter: str, name: str) -> list[tuple[int, list[str]]]:
    """The lines that hold something, each with the number of the line that it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputError(
            "table.malformed",
            f"{name} is no whole table: reading ended at line {reader.line_num}",
            "Export the report again as CSV",
        ) from error


def _headings(lines: list[tuple[int, list[str]]]) -> int | None:
    """Which line holds the headings: the first that is as wide as most lines are."""
    widths = Counter(len(_without_tail(cells)) for _, cells in lines)
    wide = [width for width in widths if width >= _LEAST_COLUMNS]
    if not wide:
        return None
    usual = max(wide, key=lambda width: (widths[width], width))
    return next((at for at, (_, cells) in enumerate(lines) if len(_without_tail(cells)) >= usual), None)


def _without_tail(cells: list[str]) -> list[str]:
    """Cells up to the last that holds something."""
    end = max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return cells[:end]
