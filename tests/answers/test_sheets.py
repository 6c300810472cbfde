"""Papers are read in spreadsheets and terminals of people who trust them."""

from edgecode.answers.sheets import Sheet, cell, read_sheet_csv, sheet_csv, sheet_text

SHEET = Sheet(
    "CUT LIST",
    ("Event", "Consents / licenses", "Clip", "Maker"),
    (
        ("1", "not recorded", '=HYPERLINK("http://x")', "A045"),
        ("12", "not recorded", "+cmd|' /C calc'!A0", "-"),
        ("13", "not recorded", "@sum", 'o\'clock, "later"\nnext'),
    ),
    foot=("3 events",),
)


def test_no_cell_of_a_csv_can_run_as_a_formula() -> None:
    cells = [text for row in read_raw(sheet_csv(SHEET)) for text in row]

    assert [text for text in cells if text.startswith(("=", "+", "-", "@"))] == []


def test_a_csv_reads_back_as_it_was() -> None:
    assert read_sheet_csv(sheet_csv(SHEET)) == [
        dict(zip(("event", "consents_licenses", "clip", "maker"), row, strict=True)) for row in SHEET.rows
    ]


def test_an_apostrophe_that_was_there_before_survives_the_round_trip() -> None:
    sheet = Sheet("x", ("Clip",), (("'quoted",), ("''=x",)))

    assert [row["clip"] for row in read_sheet_csv(sheet_csv(sheet))] == ["'quoted", "''=x"]


def test_a_value_that_nobody_recorded_says_so() -> None:
    assert [cell(None), cell(""), cell(0), cell(1234), cell("x")] == ["not recorded", "not recorded", "0", "1234", "x"]


def test_a_terminal_names_the_columns_that_hold_nothing_instead_of_printing_them() -> None:
    text = sheet_text(SHEET)

    assert "Consents" not in text.splitlines()[2]
    assert "Not recorded in any row: Consents / licenses." in text


def test_a_name_from_a_file_cannot_move_the_cursor_of_a_terminal() -> None:
    text = sheet_text(Sheet("x", ("Clip",), (("\x1b[2Jgone\u202e",),)))

    assert "\x1b" not in text and "\u202e" not in text


def read_raw(text: str) -> list[list[str]]:
    import csv
    from io import StringIO

    return list(csv.reader(StringIO(text, newline="")))
