"""An ALE with one more column, ``EDGECODE``: every byte that was there stays, the new cells stand at the end of their lines."""

import re
from collections.abc import Mapping

from edgecode.errors import InputError
from edgecode.ingest.editorial.texts import decoded
from edgecode.ingest.tables.ale import read_ale
from edgecode.ingest.tables.columns import CODES, folded_heading

COLUMN = "EDGECODE"
_LINES = re.compile(r"(\r\n|\r|\n)")
_DELIMITERS = {"COMMAS": ",", "COMMA": ",", "SEMICOLONS": ";"}


def stamped_ale(data: bytes, codes: Mapping[int, str], *, name: str) -> bytes:
    """The log with a column of codes, by line in the file from 1.

    Raises what `read_ale` raises, and InputError ``stamp.column`` where the log has such a column already.
    """
    table = read_ale(data, name=name)
    if any(folded_heading(column) in CODES for column in table.columns):
        raise InputError(
            "stamp.column", f"{name} has a column {COLUMN} already", "Take the column out, or stamp the log as exported"
        )
    text, encoding = decoded(data)
    delimiter = _DELIMITERS.get(table.header.get("FIELD_DELIM", "TABS").upper(), "\t")
    parts = _LINES.split(text)
    rows = {row.line for row in table.rows}
    section = ""
    for number, line in enumerate(parts[::2], start=1):
        word = line.lstrip("\ufeff").strip().upper()
        if word in ("HEADING", "COLUMN", "DATA"):
            section = word
        elif section == "COLUMN" and line.strip():
            parts[2 * number - 2] = line.rstrip("\t") + delimiter + COLUMN
            section = ""
        elif number in rows and codes.get(number):
            parts[2 * number - 2] = _with_cell(line, delimiter, len(table.columns), codes[number])
    mark = data[: 3 if data.startswith(b"\xef\xbb\xbf") else 2 if data[:2] in (b"\xff\xfe", b"\xfe\xff") else 0]
    return mark + "".join(parts).encode(encoding)


def _with_cell(line: str, delimiter: str, columns: int, code: str) -> str:
    """The line with *code* in the cell behind the last column; empty cells that are left out are written."""
    cells = line.split(delimiter)
    while len(cells) > columns and not cells[-1].strip():
        cells.pop()
    return delimiter.join([*cells, *[""] * (columns - len(cells)), code])
