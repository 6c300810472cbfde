"""Avid log exchange (ALE): which tape and timecode a clip has, as cameras, labs and editing programs write it. Never a cut.

Source: Avid Log Exchange file format: the words Heading, Column and Data on lines of their own; tabs between columns unless the
heading names another delimiter.
"""

import re

from edgecode.errors import InputError
from edgecode.ingest.doors import Row, Table
from edgecode.ingest.editorial.limits import refuse_large_file
from edgecode.ingest.editorial.texts import decoded, recordable
from edgecode.terms.cuts import Diagnostic

FORMAT = "ale"
_LINES = re.compile(r"\r\n|\r|\n")
_DELIMITERS = {"TABS": "\t", "TAB": "\t", "COMMAS": ",", "COMMA": ",", "SEMICOLONS": ";"}
_SECTIONS = ("HEADING", "COLUMN", "DATA")


def looks_like_ale(head: bytes) -> bool:
    """Whether a file begins as an ALE does."""
    return decoded(head)[0].lstrip("\ufeff \t\r\n").upper().startswith("HEADING")


def read_ale(data: bytes, *, name: str) -> Table:
    """The table of an ALE. Empty cells are left out of a row; a heading that stands twice gets its number.

    Raises InputError: ``cut.too_large``, ``table.malformed`` (no columns).
    """
    refuse_large_file(data, name)
    text, encoding = decoded(data)
    problems = (
        []
        if encoding == "utf-8"
        else [Diagnostic("text.encoding", f"the file is not UTF-8; it was read as {encoding}")]
    )
    sections = _sections(text_of_table(text, name=name))
    header = dict(pair for _, line in sections["HEADING"] for pair in _settings(line))
    delimiter = _DELIMITERS.get(header.get("FIELD_DELIM", "TABS").upper(), "\t")
    headings = next((line for _, line in sections["COLUMN"] if line.strip()), "")
    columns = numbered(headings.rstrip("\t").split(delimiter) if headings else [], problems)
    if not columns:
        raise InputError(
            "table.malformed",
            f"{name} is no whole ALE: it lists no columns",
            "Export the log again; the file may be cut short",
        )
    rows = [
        row_of(number, line.split(delimiter), columns, problems) for number, line in sections["DATA"] if line.strip()
    ]
    if not rows:
        text = "the log lists no clip; the file may be cut short"
        problems.append(Diagnostic("table.empty", text, effect="row-missing"))
    return Table(FORMAT, name, columns, rows, header, tuple(problems))


def text_of_table(text: str, *, name: str) -> str:
    """The text of a table as it can be recorded, without the zeros that some programs fill a file up with.

    Raises InputError ``table.malformed`` for zeros inside of it: a name without them is another name.
    """
    filled = text.lstrip("\ufeff").rstrip("\0")
    if "\0" in filled:
        raise InputError(
            "table.malformed",
            f"{name} is no whole table: line {filled[: filled.index(chr(0))].count(chr(10)) + 1} holds a zero byte",
            "Export the log again as text",
        )
    return recordable(filled)


def _sections(text: str) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {section: [] for section in _SECTIONS}
    current = found["HEADING"]
    for number, line in enumerate(_LINES.split(text), start=1):
        word = line.strip().upper()
        if word in _SECTIONS:
            current = found[word]
        else:
            current.append((number, line))
    return found


def _settings(line: str) -> list[tuple[str, str]]:
    """A heading's settings: a key and a value, or (as some labs write) many of them on one line."""
    cells = [cell.strip() for cell in line.strip().split("\t")]
    if len(cells) == 1:
        key, _, value = cells[0].partition(" ")
        return [(key, value.strip())] if key else []
    return [(key, value) for key, value in zip(cells[::2], cells[1::2], strict=False) if key]


def numbered(headings: list[str], problems: list[Diagnostic]) -> tuple[str, ...]:
    """The headings of a table, each of its own: an empty one is called by its place, a second one of a name by its number."""
    columns: list[str] = []
    for place, written in enumerate(headings, start=1):
        heading = written.strip() or f"column {place}"
        count = 2
        while heading in columns:
            heading = f"{written.strip() or f'column {place}'} {count}"
            count += 1
        columns.append(heading)
    doubled = len(headings) - len({heading.strip() for heading in headings if heading.strip()})
    if doubled > sum(not heading.strip() for heading in headings):
        problems.append(Diagnostic("column.twice", "a heading stands twice; the later ones have a number added"))
    return tuple(columns)


def row_of(line: int, cells: list[str], columns: tuple[str, ...], problems: list[Diagnostic]) -> Row:
    """One row; what stands beyond the last heading is said and left out."""
    if any(cell.strip() for cell in cells[len(columns) :]):
        text = "a row holds more than the headings name; what stands beyond them is not read"
        problems.append(Diagnostic("cell.beyond", text, line=line, effect="approximate"))
    values = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if cell.strip()}
    return Row(line, values)
