"""Sets a paper as XLSX: a first sheet with what is no table, then one sheet for each table; nothing in it runs or leads anywhere."""

from io import BytesIO
from typing import TYPE_CHECKING

from edgecode.answers.report.paper import Figures, Form, Paper, Strip, Table, Words, stamp_lines
from edgecode.errors import UnavailableError

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_CELL_CHARACTERS = 32_767
"""What a cell of XLSX holds (ECMA-376 leaves it open; the limit of the programs that read it)."""
_SHEET_NAME_CHARACTERS = 31
CUT_SHORT = "[cut short here: the cell holds no more; the JSON and CSV have all of it]"


def paper_workbook(paper: Paper) -> bytes:
    """The paper as XLSX, the same bytes for the same paper. Counts are numbers, everything else is text. Raises UnavailableError
    ``extra.missing``."""
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise UnavailableError(
            "extra.missing",
            "writing spreadsheets needs the package XlsxWriter",
            "pip install 'edgecode[paper]', or ask for .csv",
        ) from error
    out = BytesIO()
    # Names of clips and people come from others' files: nothing of them may run or lead anywhere.
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, plain) as book:
        book.set_properties({"title": paper.title, "author": "edgecode", "created": _created(paper)})
        for number, table in enumerate(paper.tables, 1):
            _table(book, table, _sheet_name(table.title or paper.kind, number))
        _about(book, paper)
    return out.getvalue()


def _created(paper: Paper) -> object:
    from datetime import datetime

    try:
        return datetime.fromisoformat(paper.stamp.time).replace(tzinfo=None)
    except ValueError:
        return datetime(2000, 1, 1)


def _sheet_name(title: str, number: int) -> str:
    plain = "".join(c if c.isalnum() or c in " -" else " " for c in title).strip()
    end = f" {number}"
    return (plain[: _SHEET_NAME_CHARACTERS - len(end)].rstrip() + end) if number > 1 else plain[:_SHEET_NAME_CHARACTERS]


def _table(book: "Workbook", table: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for column, heading in enumerate(table.columns):
        longest = max((len(row[column]) for row in table.rows), default=0)
        sheet.set_column(column, column, max(6, min(44, max(longest, len(heading)) + 1)))
        sheet.write_string(0, column, heading, bold)
    counts = {i for i, heading in enumerate(table.columns) if heading in table.numbers}
    for at, row in enumerate(table.rows, 1):
        for column, text in enumerate(row):
            _cell(sheet, at, column, text, wrap, is_count=column in counts)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _cell(sheet: "Worksheet", row: int, column: int, text: str, shape: "Format", *, is_count: bool) -> None:
    plain = text.replace(",", "")
    # A spreadsheet keeps fifteen digits of a number.
    if is_count and plain.removeprefix("-").isdecimal() and plain.isascii() and len(plain) <= 15:
        sheet.write_number(row, column, int(plain), shape)
        return
    room = _CELL_CHARACTERS - len(CUT_SHORT)
    sheet.write_string(row, column, text if len(text) <= _CELL_CHARACTERS else text[:room] + CUT_SHORT, shape)


def _about(book: "Workbook", paper: Paper) -> None:
    """What the paper says beside its tables, on a sheet of its own."""
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 110)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    lines: list[tuple[str, bool]] = [(paper.title, True), *((text, True) for text in filter(None, (paper.warning,)))]
    for block in paper.blocks:
        match block:
            case Figures(items):
                lines += [(f"{item.said}  {item.words}", False) for item in items]
            case Words(title, said):
                lines += [(title, True), *((line, False) for line in said)]
            case Strip():
                lines.append((block.words, False))
            case Form():
                lines += [(block.title, True), (block.source, False)]
                lines += [
                    (f"{row.question}  {row.answer}  [{row.state}] {row.because}".rstrip(), False) for row in block.rows
                ]
            case Table():
                lines += [(block.title, True), *((line, False) for line in (*block.lead, *block.foot))]
    lines += [(line, False) for line in stamp_lines(paper.stamp)]
    for at, (text, strong) in enumerate(line for line in lines if line[0]):
        _cell(sheet, at, 0, text, bold if strong else wrap, is_count=False)
