"""Spreadsheets that come back: cells as texts, no formulas, and nothing of a hostile file but a refusal."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.ingest.tables import xlsx
from edgecode.ingest.tables.xlsx import read_xlsx
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

    assert read.rows == [(3, ("two runs", "", "7", "in", "said")), (4, ("1",))]


def test_a_formula_is_no_answer() -> None:
    (read,) = read_xlsx(book('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>3</v></c></row>'), name="a.xlsx")

    assert read.rows == [(1, ("", "3"))]


@pytest.mark.parametrize("cut", [0, 1, 10, 60, 120])
def test_a_spreadsheet_that_is_cut_short_is_refused(cut: int) -> None:
    data = book('<row r="1"><c r="A1"><v>1</v></c></row>')

    with pytest.raises(InputError):
        read_xlsx(data[: len(data) - 1 - cut], name="a.xlsx")


def test_a_part_that_unpacks_to_more_than_it_may_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MEMBER_BYTES_AT_MOST", 1 << 20)

    with pytest.raises(InputError, match="larger than"):
        read_xlsx(book(" " * (2 << 20)), name="a.xlsx")


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
