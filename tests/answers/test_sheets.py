"""Papers are read in spreadsheets and terminals of people who trust them."""

import pytest

from edgecode.answers.layout.columns import width
from edgecode.answers.layout.sheets import Sheet, cell, read_sheet_csv, sheet_csv, sheet_text

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

PAPER = Sheet(
    "MISSING   a film",
    (
        "Gap", "Reel", "Record in", "Record out", "Clip", "Source file / reel", "Reason", "Question that settles it", "Maker",
        "Edge code", "Grade", "Ledger no.",
    ),
    tuple(
        (
            str(number), "1", f"01:00:0{number}:00", f"01:00:0{number}:10", f"a_clip_with_a_name_{number}",
            f"/mnt/show/some/long/folder/name/file_{number}.mov", "offline-media",
            f"Who or what made file_{number}.mov, and where does it lie now that the volume is gone?",
            f"composed, played or designed by a person · Program {number}", f"H GBS7{number} HEKJF", "declared", str(50 + number),
        )
        for number in range(1, 4)
    ),
)  # fmt: skip


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


@pytest.mark.parametrize("columns", [70, 78, 100, 140, 250])
def test_a_paper_fits_the_terminal_and_keeps_what_matters_whole(columns: int) -> None:
    text = sheet_text(PAPER, columns=columns)

    assert [line for line in text.splitlines() if width(line) > columns] == []
    assert [row for row in PAPER.rows if not all(text.count(cell) for cell in (row[0], *row[2:5], row[6]))] == []
    assert [row[7] for row in PAPER.rows if row[7] not in " ".join(text.split())] == []


def test_what_is_the_same_in_every_row_is_said_once() -> None:
    text = sheet_text(PAPER, columns=250)

    assert "Reel" not in text.splitlines()[2]
    assert "The same in every row: Reel: 1; Grade: declared." in text


def test_a_paper_for_no_terminal_is_as_wide_as_it_is() -> None:
    assert "Reel" in sheet_text(PAPER).splitlines()[2]


def test_the_least_important_columns_are_named_when_they_are_left_out() -> None:
    assert "Left out at this width: " in sheet_text(PAPER, columns=56)
    assert "Left out" not in sheet_text(PAPER, columns=250)


def test_columns_to_fill_in_are_empty_in_csv_and_not_on_a_terminal() -> None:
    form = Sheet("x", ("Clip", "Version"), (("a", ""), ("b", "")), form=("Version",))

    assert sheet_csv(form) == "clip,version\r\na,\r\nb,\r\n"
    assert "Version" not in sheet_text(form) + sheet_text(form, columns=60)


def read_raw(text: str) -> list[list[str]]:
    import csv
    from io import StringIO

    return list(csv.reader(StringIO(text, newline="")))
