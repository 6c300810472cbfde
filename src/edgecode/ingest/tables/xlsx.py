"""Reads the cells of a spreadsheet (ECMA-376, Office Open XML): texts and numbers as texts, no formulas, nothing from elsewhere."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.etree.ElementTree import Element

from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.editorial.texts import recordable
from edgecode.ingest.editorial.xml_tree import parse_xml

MEMBER_BYTES_AT_MOST = 64 << 20
"""The largest part of a spreadsheet that is unpacked: a zip of 40 KB can hold 40 GB of zeros."""
MEMBERS_AT_MOST = 4096
SHEETS_AT_MOST = 64
COLUMNS_AT_MOST = 256

_CELL = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_SHEET = re.compile(r"xl/worksheets/sheet([0-9]{1,4})\.xml")


class XlsxSheet(Struct, frozen=True):
    """One sheet: (row number from 1, its cells from column A on); rows without a cell are left out."""

    rows: Sequence[tuple[int, tuple[str, ...]]]


def read_xlsx(data: bytes, *, name: str) -> list[XlsxSheet]:
    """The sheets in the order of their parts. A cell with a formula is empty: what it shows was computed by nobody knows what.

    Raises InputError ``xlsx.unreadable`` for a file that is no spreadsheet or too large, and what `parse_xml` raises.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = packed.namelist()
            if len(names) > MEMBERS_AT_MOST:
                raise _unreadable(name, "it has too many parts")
            shared = _shared(_part(packed, "xl/sharedStrings.xml", name=name), name) if _SHARED in names else []
            numbered = sorted((int(match[1]), one) for one in names if (match := _SHEET.fullmatch(one)))
            parts = [_part(packed, one, name=name) for _, one in numbered[:SHEETS_AT_MOST]]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _unreadable(name, "it is no whole zip") from error
    except zlib.error as error:
        raise _unreadable(name, "a part of it cannot be unpacked") from error
    if not parts:
        raise _unreadable(name, "it has no sheet")
    return [XlsxSheet(list(_rows(parse_xml(part, name=name).root, shared))) for part in parts]


_SHARED = "xl/sharedStrings.xml"


def _part(packed: zipfile.ZipFile, member: str, *, name: str) -> bytes:
    with packed.open(member) as file:
        data = file.read(MEMBER_BYTES_AT_MOST + 1)
    if len(data) > MEMBER_BYTES_AT_MOST:
        raise _unreadable(name, f"a part of it is larger than {MEMBER_BYTES_AT_MOST >> 20} MiB")
    return data


def _shared(data: bytes, name: str) -> list[str]:
    return [_text(one) for one in parse_xml(data, name=name).root.iter("si")]


def _text(element: Element) -> str:
    """The text of a string item, its runs joined, without phonetic readings (ECMA-376-1, 18.4.8)."""
    parts = [one.text or "" for child in element for one in _texts(child)]
    return recordable("".join(parts))


def _texts(child: Element) -> Iterator[Element]:
    if child.tag == "t":
        yield child
    elif child.tag == "r":
        yield from (one for one in child if one.tag == "t")


def _rows(root: Element, shared: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    number = 0
    for row in root.iter("row"):
        written = row.get("r", "")
        number = int(written) if written.isdecimal() and len(written) < 9 else number + 1
        cells: dict[int, str] = {}
        at = 0
        for cell in row.iter("c"):
            match = _CELL.fullmatch(cell.get("r", ""))
            at = _column(match[1]) if match else at + 1
            value = _value(cell, shared)
            if value and at <= COLUMNS_AT_MOST:
                cells[at] = value
        if cells:
            yield number, tuple(cells.get(column, "") for column in range(1, max(cells) + 1))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _value(cell: Element, shared: Sequence[str]) -> str:
    kind = cell.get("t", "n")
    if any(child.tag == "f" for child in cell):
        return ""
    if kind == "inlineStr":
        return "".join(_text(child) for child in cell if child.tag == "is")
    value = recordable(next((child.text or "" for child in cell if child.tag == "v"), ""))
    if kind == "s":
        return shared[int(value)] if value.isdecimal() and len(value) < 9 and int(value) < len(shared) else ""
    # A number that a program wrote as 3.0 is the row number 3.
    return value.removesuffix(".0") if kind == "n" else value


def _unreadable(name: str, why: str) -> InputError:
    return InputError("xlsx.unreadable", f"{name} is no readable spreadsheet: {why}", "Save it again as .xlsx")
