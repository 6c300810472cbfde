"""Spreadsheets that come back: cells as texts, no formulas, and nothing of a hostile file but a refusal."""

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.ingest.tables import xlsx
from edgecode.ingest.tables.xlsx import XlsxSheet, read_xlsx
from edgecode.terms.frame_spans import count, lacking, read_spans, said_spans, shared, spans

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def book(sheet: str, *, strings: str = "", compressed: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as written:
        if strings:
            written.writestr("xl/sharedStrings.xml", strings)
        written.writestr("xl/worksheets/sheet1.xml", f"{HEAD}{sheet}</sheetData></worksheet>")
    return out.getvalue()


def test_cells_are_read_wherever_their_text_is_kept() -> None:
    sheet = (
        '<row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3"><v>7.0</v></c><c r="D3" t="inlineStr"><is><t>in</t></is></c>'
        '<c r="E3" t="str"><v>said</v></c></row><row><c><v>1</v></c><c t="s"><v>99</v></c></row>'
    )
    strings = "<sst><si><t>no</t></si><si><r><t>two </t></r><r><t>runs</t></r><rPh><t>kana</t></rPh></si></sst>"
    (read,) = read_xlsx(book(sheet, strings=strings), name="a.xlsx")

    assert read == XlsxSheet([(3, ("two runs", "", "7", "in", "said")), (4, ("1", ""))], frozenset({(4, 1)}))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"><f>1+1</f><v>2</v></c>',
        '<c r="A1"><f>1+1</f></c>',
        '<c r="A1" t="str"><f>"a"</f><v>a</v></c>',
        '<c r="A1" t="s"><v>9</v></c>',
        '<c r="A1" t="s"><v>1</v></c>',
        '<c r="A1" t="inlineStr"><is><x>1</x></is></c>',
        '<c r="A1" t="s"><v></v></c>',
        '<c r="A1" t="s"/>',
        '<c r="A1" t="inlineStr"/>',
        '<c r="A1" t="inlineStr"><v>1</v></c>',
        '<c r="A1"><is><t>1</t></is></c>',
        '<c r="A1"><w>1</w></c>',
        '<c r="A1">1</c>',
        '<c r="A1"><v>1</v><v>2</v></c>',
        '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
        '<c r="A1" t="e"><v>#REF!</v></c>',
        '<c r="A1" t="b"><v>1</v></c>',
        '<c r="A1" t="new"><v>1</v></c>',
        '<c r="A2"><v>1</v></c>',
        '<c r="a1"><v>1</v></c>',
    ],
)
def test_a_cell_that_holds_something_else_than_text_is_never_an_empty_one(cell: str) -> None:
    (read,) = read_xlsx(
        book(f'<row r="1">{cell}</row>', strings="<sst><si><t>a</t></si><si><x>a</x></si></sst>"), name="a.xlsx"
    )

    assert (len(read.rows), read.unread) == (1, {(1, 0)})


@pytest.mark.parametrize(
    "cell", ['<c r="A1" s="3"/>', '<c r="A1"><v/></c>', '<c r="A1" t="inlineStr"><is><t/></is></c>']
)
def test_a_cell_that_nobody_touched_is_empty(cell: str) -> None:
    assert read_xlsx(book(f'<row r="1">{cell}</row>'), name="a.xlsx") == [XlsxSheet([])]


def test_something_beyond_the_last_column_that_is_read_is_unread_and_not_gone() -> None:
    (read,) = read_xlsx(book('<row r="1"><c r="ZZ1"><v>1</v></c><c r="AAA1"/></row>'), name="a.xlsx")

    assert read == XlsxSheet([(1, ())], frozenset({(1, 701)}))


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"/>',
        "<row><row/></row>",
        "<c><v>1</v></c>",
        "<row><c><c><v>1</v></c></c></row>",
        "<row><c><v>1<b/>2</v></c></row>",
    ],
)
def test_a_sheet_of_another_order_than_rows_of_cells_is_refused(sheet: str) -> None:
    with pytest.raises(InputError, match="no readable spreadsheet"):
        read_xlsx(book(sheet), name="a.xlsx")


@pytest.mark.parametrize(
    ("limit", "sheet"),
    [
        ("ROWS_AT_MOST", "<row/>" * 12),
        ("CELLS_AT_MOST", '<row><c r="H1"><v>1</v></c></row>' * 2),
        ("CELLS_AT_MOST", "<row>" + "<c/>" * 16 + "</row>"),
        ("UNREAD_AT_MOST", "<row>" + "<c><f/></c>" * 16 + "</row>"),
        ("ELEMENTS_AT_MOST", "<row><x/><x/><x/><x/></row>" * 2),
        ("UNPACKED_BYTES_AT_MOST", ""),
    ],
)
def test_rows_cells_elements_and_bytes_are_counted_over_all_sheets_while_they_are_read(
    monkeypatch: pytest.MonkeyPatch, limit: str, sheet: str
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for number in (1, 2):
            written.writestr(f"xl/worksheets/sheet{number}.xml", f"{HEAD}{sheet}</sheetData></worksheet>")
    whole = len(HEAD + sheet + "</sheetData></worksheet>") * 2
    monkeypatch.setattr(xlsx, limit, whole if limit.startswith("UNPACKED") else 40)
    assert len(read_xlsx(out.getvalue(), name="a.xlsx")) == 2
    monkeypatch.setattr(xlsx, limit, whole - 1 if limit.startswith("UNPACKED") else 20)

    with pytest.raises(InputError, match="more than"):
        read_xlsx(out.getvalue(), name="a.xlsx")


def test_millions_of_empty_rows_cost_no_more_than_the_rows_that_may_be() -> None:
    data = book("<row/>" * 3_000_000)
    tracemalloc.start()
    with pytest.raises(InputError, match="rows"):
        read_xlsx(data, name="a.xlsx")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 8 << 20


@pytest.mark.parametrize("cut", [0, 1, 10, 60, 120])
def test_a_spreadsheet_that_is_cut_short_is_refused(cut: int) -> None:
    data = book('<row r="1"><c r="A1"><v>1</v></c></row>')

    with pytest.raises(InputError):
        read_xlsx(data[: len(data) - 1 - cut], name="a.xlsx")


def test_entities_are_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        written.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>')

    with pytest.raises(InputError):
        read_xlsx(data.getvalue(), name="a.xlsx")


@given(st.binary(max_size=400))
def test_anything_else_is_a_refusal(data: bytes) -> None:
    with pytest.raises(InputError):
        read_xlsx(b"PK\x03\x04" + data, name="a.xlsx")


SPANS = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=6).map(spans)


def frames(one: tuple[tuple[int, int], ...]) -> set[int]:
    return {frame for first, end in one for frame in range(first, end)}


@given(SPANS, SPANS)
def test_spans_of_frames_are_sets_of_frames(
    one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]
) -> None:
    assert frames(shared(one, other)) == frames(one) & frames(other)
    assert frames(lacking(one, other)) == frames(one) - frames(other)
    assert count(one) == len(frames(one))


@given(SPANS)
def test_spans_as_people_write_them_read_back(one: tuple[tuple[int, int], ...]) -> None:
    assert read_spans(said_spans(one)) == one


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1001 – 1003; 7", ((7, 8), (1001, 1004))),
        ("1001 to 1002", ((1001, 1003),)),
        ("-5--3", ((-5, -2),)),
        ("5-3", None),
        ("all", None),
        ("1.5", None),
        ("", ()),
    ],
)
def test_frames_as_people_write_them(written: str, expected: object) -> None:
    assert read_spans(written) == expected
