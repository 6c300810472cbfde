"""Sheets for the desk: every CSV that spreadsheet programs write gives the same rows, and a problem never says what stood there."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.ingest.desk_sheets import Column, Row, Sheet, SheetProblem, read_sheet

COLUMNS = (
    Column("name", ("performer",), required=True),
    Column("minor_until"),
    Column("guilds"),
    Column("scope.media"),
)
NAME = "Zoë Brontë"
ROWS = (Row(2, {"name": NAME, "guilds": "SAG-AFTRA"}), Row(3, {"name": "B", "minor_until": "2030-01-31"}))
PLAIN = f"Name;Minor until;GUILDS\n{NAME};;SAG-AFTRA\nB;2030-01-31;\n"


def read(text: str | bytes, name: str = "people.csv") -> Sheet:
    return read_sheet(text if isinstance(text, bytes) else text.encode(), name=name, columns=COLUMNS)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.replace(";", ",").encode(),
        PLAIN.replace(";", "\t").encode("utf-16"),
        b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode(),
        normalize("NFD", PLAIN).encode(),
        (PLAIN + ";;\n\n\n").encode(),
        PLAIN.replace("Name", '"Performer"').replace(NAME, f'"  {NAME}\u00a0"').encode(),
    ],
    ids=["semicolons", "commas", "utf-16 tabs", "excel", "decomposed", "empty lines", "quotes and spaces"],
)
def test_however_a_spreadsheet_saves_it_the_rows_are_the_same(data: bytes) -> None:
    assert read(data) == Sheet(ROWS)


def test_a_line_that_says_the_separator_counts_as_a_line() -> None:
    assert [row.line for row in read("sep=;\n" + PLAIN).rows] == [3, 4]


def test_the_line_of_a_row_is_where_it_begins_though_a_value_runs_over_lines() -> None:
    text = 'name,guilds\n"one\ntwo",x\nthree,y\n'

    assert [(row.line, row.values["name"]) for row in read(text).rows] == [(2, "one\ntwo"), (4, "three")]


def test_a_sheet_without_headings_is_a_problem_that_does_not_repeat_the_name_standing_there() -> None:
    problems = read(f"{NAME};SAG-AFTRA\nB;C\n").problems

    assert {problem.line for problem in problems} == {1}
    assert "#1" in {problem.column for problem in problems}
    assert NAME not in "".join(map(str, problems))


def test_what_is_missing_too_many_and_not_text_is_said_by_line_and_column() -> None:
    too_many = SheetProblem(
        3, "", "at most 2 values, as the headings say", 'Put a value that holds the separator into "quotes"'
    )

    assert read("name,guilds\n,SAG\nA,B,C\n").problems == (
        SheetProblem(2, "name", "a value", "This column may not be empty"),
        too_many,
    )
    assert read(b"name,guilds\nA,B\nZo\xeb,C\n").problems == (
        SheetProblem(3, "", "text in UTF-8", 'Save it again as "CSV UTF-8"'),
    )
    assert read('name\n"open\n').problems[0].line == 2


def test_one_byte_that_is_no_text_hides_no_other_line() -> None:
    found = read(b"name,guilds\nA\0,B\nB,C,D\nZo\xeb,C\nC,D\n")

    assert [problem.line for problem in found.problems] == [2, 3, 4]
    assert [row.line for row in found.rows] == [5]


def test_what_is_hardly_text_at_all_is_said_once() -> None:
    found = read(bytes(range(256)) * 20)

    assert found.problems == (SheetProblem(1, "", "text in UTF-8", 'Save it again as "CSV UTF-8"'),)


def test_the_same_rows_can_be_written_as_yaml_with_lists_and_nested_keys() -> None:
    text = f"performers:\n- name: {NAME}\n  guilds: [SAG-AFTRA, Equity]\n- performer: B\n  minor_until: 2030-01-31\n"
    text += "  guilds:\n  scope:\n    media: no\n"
    rows = read(text, "people.yaml").rows

    assert [dict(row.values) for row in rows] == [
        {"name": NAME, "guilds": "SAG-AFTRA; Equity"},
        {"name": "B", "minor_until": "2030-01-31", "scope.media": "no"},
    ]
    assert (rows[0].words("guilds"), rows[1].words("guilds")) == (("SAG-AFTRA", "Equity"), None)
    assert str(rows[1].problem("minor_until", "a day")) == "line 5, column minor_until: expected a day."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- name: A\n\tguilds: x\n", 2),
        ("- name: A\n  salary: 7\n", 2),
        ("- name: &a A\n- name: *a\n", 1),
        ("- name: !!python/object:os.system A\n", 1),
        ("- name: A\n  guilds: {a: {b: [1]}}\n", 2),
        ("- name: A\n  name: B\n", 2),
        ("just words\n", 1),
        ("[" * 5_000, 1),
        ("", 1),
    ],
)
def test_yaml_that_is_no_list_of_plain_entries_is_refused_at_its_line(text: str, line: int) -> None:
    problems = read(text, "people.yml").problems

    assert [problem.line for problem in problems] == [line]


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.yaml"]))
def test_any_bytes_give_rows_or_problems_and_never_an_exception(data: bytes, name: str) -> None:
    assert isinstance(read_sheet(data, name=name, columns=COLUMNS), Sheet)
