"""Reads the cells of a spreadsheet (ECMA-376, Office Open XML): texts and numbers as texts, no formulas, nothing from elsewhere.

Parts are streamed: what they unpack to, their elements, rows and cells are counted over the whole file while they are read.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO
from xml.parsers import expat

from msgspec import Struct

from edgecode.errors import InputError
from edgecode.ingest.editorial.limits import MAX_XML_DEPTH
from edgecode.ingest.editorial.texts import recordable

UNPACKED_BYTES_AT_MOST = 64 << 20
"""What all parts of a spreadsheet together may unpack to: a zip of 40 KB can hold 40 GB of zeros."""
ELEMENTS_AT_MOST = 4_000_000
ROWS_AT_MOST = 200_000
CELLS_AT_MOST = 2_000_000
"""Cells of all sheets, the empty ones before a row's last included."""
UNREAD_AT_MOST = 100_000
MEMBERS_AT_MOST = 4096
SHEETS_AT_MOST = 64
COLUMNS_AT_MOST = 256

_PIECE = 1 << 16
_SHARED = "xl/sharedStrings.xml"
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SHEET = re.compile(r"xl/worksheets/sheet([0-9]{1,4})\.xml")
_RUNS = (("t",), ("r", "t"))
"""Where a text item holds text: alone or in runs; phonetic readings (rPh) are none of it (ECMA-376-1, 18.4.8)."""


class XlsxSheet(Struct, frozen=True):
    """One sheet: (row number from 1, its cells from column A on); rows without a cell are left out.

    *unread*: (row number, column from 0) of cells that hold something which is no text here: a formula, an error, a truth value, a
    shared text that is not there. They stand as "" among the cells and must not be taken for empty ones. *merged*: the last row of
    every range of merged cells.
    """

    rows: Sequence[tuple[int, tuple[str, ...]]]
    unread: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[int, ...] = ()


def read_xlsx(data: bytes, *, name: str) -> list[XlsxSheet]:
    """The sheets in the order of their parts. A cell with a formula is unread: what it shows was computed by nobody knows what.

    Raises InputError ``xlsx.unreadable`` for a file that is no spreadsheet or too large, ``entity.refused``, ``schema.too_deep``.
    """
    # Counted before the zip's own directory is believed: a million entries cost as many objects.
    if data.count(b"PK\x01\x02") > MEMBERS_AT_MOST:
        raise _unreadable(name, "it has too many parts")
    book = _Book(name)
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = packed.namelist()
            if len(set(names)) != len(names):
                raise _unreadable(name, "two of its parts have one name")
            shared = _shared(book, packed) if _SHARED in names else []
            numbered = sorted((int(match[1]), one) for one in names if (match := _SHEET.fullmatch(one)))
            if not 0 < len(numbered) <= SHEETS_AT_MOST:
                raise _unreadable(name, f"it has {len(numbered) or 'no'} sheets")
            return [_sheet(book, packed, one, shared) for _, one in numbered]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _unreadable(name, "it is no whole zip") from error
    except zlib.error as error:
        raise _unreadable(name, "a part of it cannot be unpacked") from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _unreadable(name, "a part of it is no whole XML") from error


class _Book:
    """What was read of one file so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.bytes = self.elements = self.rows = self.written = self.cells = self.unread = 0

    def pieces(self, part: IO[bytes]) -> Iterator[bytes]:
        while piece := part.read(_PIECE):
            self.bytes += len(piece)
            if self.bytes > UNPACKED_BYTES_AT_MOST:
                raise _unreadable(self.name, f"it unpacks to more than {UNPACKED_BYTES_AT_MOST >> 20} MiB")
            yield piece

    def count_element(self, depth: int) -> None:
        self.elements += 1
        if depth > MAX_XML_DEPTH:
            raise InputError(
                "schema.too_deep",
                f"{self.name} nests more than {MAX_XML_DEPTH} elements inside one another",
                "Save it again as .xlsx",
            )
        if self.elements > ELEMENTS_AT_MOST:
            raise _unreadable(self.name, f"it holds more than {ELEMENTS_AT_MOST:,} elements")

    def count(self, *, rows: int = 0, written: int = 0, cells: int = 0) -> None:
        """*written*: cells as they stand in the file, *cells*: with the empty ones before them."""
        self.rows += rows
        self.written += written
        self.cells += cells
        if self.rows > ROWS_AT_MOST or max(self.written, self.cells) > CELLS_AT_MOST:
            raise _unreadable(self.name, f"it has more than {ROWS_AT_MOST:,} rows or {CELLS_AT_MOST:,} cells")

    def count_unread(self) -> None:
        self.unread += 1
        if self.unread > UNREAD_AT_MOST:
            raise _unreadable(self.name, f"more than {UNREAD_AT_MOST:,} of its cells hold no text")


class _Part:
    """One part as it streams by: where the reading is, and the text of what asks for it."""

    def __init__(self, book: _Book) -> None:
        self.book = book
        self.path: list[str] = []
        self.kept: list[str] | None = None

    def stream(self, packed: zipfile.ZipFile, member: str) -> None:
        parser = expat.ParserCreate(namespace_separator="\n")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = self._entity
        with packed.open(member) as part:
            for piece in self.book.pieces(part):
                parser.Parse(piece, False)
        parser.Parse(b"", True)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; `path` ends with it."""

    def closed(self, tag: str, text: str | None) -> None:
        """An element ends; *text*: what it held, where `opened` asked for it by an empty `kept`."""

    def _start(self, written: str, attributes: dict[str, str]) -> None:
        tag = written.rpartition("\n")[2]
        if self.kept is not None:
            raise _unreadable(self.book.name, "a text of it holds elements")
        self.path.append(tag)
        self.book.count_element(len(self.path))
        self.opened(tag, attributes)

    def _end(self, written: str) -> None:
        text = None if self.kept is None else recordable("".join(self.kept))
        self.kept = None
        self.closed(written.rpartition("\n")[2], text)
        self.path.pop()

    def _text(self, text: str) -> None:
        if self.kept is not None:
            self.kept.append(text)

    def _entity(self, *_: object) -> int:
        raise InputError(
            "entity.refused",
            f"{self.book.name} declares entities of its own, which no spreadsheet program writes",
            "Save it again as .xlsx; do not open files of this kind from strangers",
        )

    def asks_for_text(self, *, below: int) -> bool:
        """Whether the element is one that holds the text of the item that is so many elements deep."""
        return tuple(self.path[below:]) in _RUNS


class _SharedTexts(_Part):
    """The texts that cells refer to by number."""

    def __init__(self, book: _Book) -> None:
        super().__init__(book)
        self.texts: list[str | None] = []
        self.item: list[str] = []
        self.depth = 0
        self.is_unread = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.item, self.depth, self.is_unread = [], len(self.path), False
        elif self.depth and self.asks_for_text(below=self.depth):
            self.kept = []
        elif self.depth:
            self.is_unread |= _says_more(tuple(self.path[self.depth :]))

    def closed(self, tag: str, text: str | None) -> None:
        if text is not None:
            self.item.append(text)
        elif tag == "si":
            self.texts.append(None if self.is_unread else "".join(self.item))
            self.depth = 0


class _SheetPart(_Part):
    """The rows of a sheet."""

    def __init__(self, book: _Book, shared: Sequence[str | None]) -> None:
        super().__init__(book)
        self.shared = shared
        self.rows: list[tuple[int, tuple[str, ...]]] = []
        self.unread: set[tuple[int, int]] = set()
        self.merged: list[int] = []
        self.number = self.at = self.depth = 0
        self.in_row = self.has_unread = False
        self.cells: dict[int, str] = {}
        self.kind = ""
        self.is_unread = self.is_inline = False
        self.values: list[str] = []
        self.texts: list[str] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self._open_row(attributes.get("r", ""))
        elif tag == "c":
            self._open_cell(attributes)
        elif tag == "mergeCell":
            last = _REF.fullmatch(attributes.get("ref", "").rpartition(":")[2])
            self.merged.append(int(last[2]) if last else ROWS_AT_MOST)
        elif self.depth:
            self._open_inside(tuple(self.path[self.depth :]))

    def closed(self, tag: str, text: str | None) -> None:
        if text is not None:
            (self.values if len(self.path) == self.depth + 1 else self.texts).append(text)
        elif tag == "c":
            self._close_cell()
        elif tag == "row":
            self._close_row()

    def _open_row(self, written: str) -> None:
        number = int(written) if _is_number(written) else self.number + 1
        if self.in_row or number <= self.number:
            raise _unreadable(self.book.name, "its rows are not one after the other")
        self.book.count(rows=1)
        self.number, self.in_row, self.at, self.cells = number, True, 0, {}
        self.has_unread = False

    def _open_cell(self, attributes: dict[str, str]) -> None:
        if self.depth or not self.in_row:
            raise _unreadable(self.book.name, "it has a cell outside of a row")
        self.book.count(written=1)
        written = attributes.get("r", "")
        match = _REF.fullmatch(written)
        self.at = _column(match[1]) if match else self.at + 1
        self.depth, self.kind = len(self.path), attributes.get("t", "n")
        self.is_unread = bool(written) and (match is None or int(match[2]) != self.number)
        self.is_inline = False
        self.values, self.texts = [], []

    def _open_inside(self, inside: tuple[str, ...]) -> None:
        """An element in a cell: its value, its own text, or something that makes the cell unread, a formula above all."""
        self.is_inline |= inside == ("is",)
        if inside == ("v",) or (inside[0] == "is" and self.asks_for_text(below=self.depth + 1)):
            self.kept = []
        elif inside[0] == "is":
            self.is_unread |= len(inside) > 1 and _says_more(inside[1:])
        else:
            self.is_unread |= inside[0] not in ("v", "extLst")

    def _text(self, text: str) -> None:
        super()._text(text)
        self.is_unread |= bool(self.depth) and len(self.path) == self.depth and bool(text.strip())

    def _close_cell(self) -> None:
        value = None if self.is_unread or len(self.values) > 1 or self.at in self.cells else self._value()
        if value is None or (value and self.at > COLUMNS_AT_MOST):
            self.unread.add((self.number, self.at - 1))
            self.book.count_unread()
            self.has_unread = True
        if value != "" and self.at <= COLUMNS_AT_MOST:
            self.cells[self.at] = value or ""
        self.depth = 0

    def _value(self) -> str | None:
        """What the cell says; "" for an empty one, None for one that holds what is no text."""
        written = "".join(self.values)
        if self.is_inline != (self.kind == "inlineStr") or (self.is_inline and self.values):
            return None
        if self.is_inline:
            return "".join(self.texts)
        if self.kind == "s":
            is_there = _is_number(written) and int(written) < len(self.shared)
            return self.shared[int(written)] if is_there else None
        if self.kind == "n":
            # A number that a program wrote as 3.0 is the row number 3.
            return written.removesuffix(".0")
        return written if self.kind == "str" else None

    def _close_row(self) -> None:
        width = max(self.cells, default=0)
        if width:
            self.book.count(cells=width)
        # A row all of whose cells are beyond the last column is a row as well: something stands there.
        if width or self.has_unread:
            self.rows.append((self.number, tuple(self.cells.get(column, "") for column in range(1, width + 1))))
        self.in_row = False


def _shared(book: _Book, packed: zipfile.ZipFile) -> list[str | None]:
    part = _SharedTexts(book)
    part.stream(packed, _SHARED)
    return part.texts


def _sheet(book: _Book, packed: zipfile.ZipFile, member: str, shared: Sequence[str | None]) -> XlsxSheet:
    part = _SheetPart(book, shared)
    part.stream(packed, member)
    return XlsxSheet(part.rows, frozenset(part.unread), tuple(part.merged))


def _says_more(inside: tuple[str, ...]) -> bool:
    """Whether an element of a text item that holds no text may still be a part of what it says: unless readings and looks."""
    return inside != ("r",) and inside[:1] not in (("rPh",), ("phoneticPr",)) and inside[:2] != ("r", "rPr")


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) < 9


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _unreadable(name: str, why: str) -> InputError:
    return InputError("xlsx.unreadable", f"{name} is no readable spreadsheet: {why}", "Save it again as .xlsx")
