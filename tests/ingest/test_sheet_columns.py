"""Sheets with several columns of one meaning: what agrees is read, what differs is refused by line and column and decided by nobody."""

from collections.abc import Callable

import pytest

from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.doors import Table
from edgecode.ingest.tables.delimited import read_delimited
from edgecode.ingest.tables.headings import one_file
from edgecode.ingest.tables.kitsu_people import who_is_who
from edgecode.ingest.tables.line_sheets import spoken_lines
from edgecode.ingest.tables.review_sheets import review_lines
from edgecode.ingest.tables.take_sheets import take_lines

Problems = Callable[[Table], list[SheetProblem]]
TAKES: Problems = lambda table: take_lines(table)[1]  # noqa: E731
REVIEWS: Problems = lambda table: review_lines(table)[1]  # noqa: E731
LINES: Problems = lambda table: spoken_lines(table)[1]  # noqa: E731
PEOPLE: Problems = lambda table: who_is_who(table)[1]  # noqa: E731


def sheet(*lines: str) -> Table:
    return read_delimited("\n".join(lines).encode() + b"\n", name="s.csv")


@pytest.mark.parametrize(
    ("read", "headings", "row", "word"),
    [
        (TAKES, "file,source file,person", "a.mov,b.mov,P-01", "file"),
        (TAKES, "file,source file,person", "a.mov,a.wav,P-01", "file"),
        (TAKES, "file,person,person", "a.mov,P-01,P-02", "person"),
        (TAKES, "file,circled,Good Take", "a.mov,yes,no", "circled"),
        (TAKES, "file,take of,kind", "a.mov,voice,camera", "kind"),
        (TAKES, "file,first,first frame,end_frame", "a.mov,1,2,9", "first"),
        (REVIEWS, "version,file name,status", "a_v1,a_v2.mov,approved", "version"),
        (REVIEWS, "version,status,decision", "a_v1,approved,retake", "status"),
        (REVIEWS, "version,status,author,created by", "a_v1,approved,P-01,P-02", "author"),
        (REVIEWS, "version,status,date,created", "a_v1,approved,2026-11-01,2026-11-02T10:00:00", "date"),
        (LINES, "file,person,kind,type", "a.wav,P-01,adr,voice clone", "kind"),
        (LINES, "file,voice,artist,kind", "a.wav,P-01,P-02,dub", "person"),
        (LINES, "file,person,text,text", "a.wav,P-01,two words,three more words", "text"),
        (PEOPLE, "kitsu,name,person,performer", "17,Keeper,P-01,P-02", "person"),
        (PEOPLE, "kitsu,kitsu,person", "17,18,P-01", "kitsu"),
    ],
)
def test_cells_of_one_meaning_that_differ_stop_their_row(read: Problems, headings: str, row: str, word: str) -> None:
    found = read(sheet(headings, row))

    assert [(problem.line, problem.column) for problem in found] == [(2, word)]
    assert all(cell not in str(problem) for problem in found for cell in row.split(",") if len(cell) > 3)


def test_cells_of_one_meaning_that_agree_are_read() -> None:
    takes = sheet(
        "file,source file,name,circled,print,take,take,comments,description",
        "cards/a.mov,/raw/Cards/A.mov,12A-1,x,yes,3,3,soft,again",
    )
    (take,), problems = take_lines(takes)

    assert (problems, take.files, take.circled, take.names["take"]) == ([], ("cards/a.mov",), "yes", "3")
    assert take.note == "soft\nagain"


def test_a_column_that_stands_instead_of_another_is_read_only_for_want_of_it() -> None:
    (first, second), problems = take_lines(sheet("name,file,roll,camera roll", "12A-1,a.mov,7,A001", "12A-2,,8,"))

    assert problems == []
    assert [(one.files, one.names["camera_roll"]) for one in (first, second)] == [
        (("a.mov",), "A001"),
        (("12A-2",), "8"),
    ]


def test_a_bins_kind_gives_way_to_a_kind_that_somebody_wrote_beside_it() -> None:
    (take,), problems = take_lines(sheet("name,kind,kind", "a.mov,clip,voice"))

    assert (problems, take.kind) == ([], "voice")


def test_a_second_note_of_a_review_is_kept() -> None:
    (review,), problems = review_lines(sheet("version,note,comment", "a_v1,more fog,less rain"))

    assert (problems, review.note, "less rain" in review.own) == ([], "more fog\nless rain", True)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("a.mov", "/x/A.mov", True),
        ("x\\a.mov", "/w/x/a.mov", True),
        ("a", "x/a.mov", True),
        ("a.mov", "a.wav", False),
        ("y/a.mov", "x/a.mov", False),
        ("ba.mov", "a.mov", False),
        ("a.mov;b.mov", "/x/a.mov", False),
        ("a.mov;b.mov", "x/a.mov;x/b.mov", True),
    ],
)
def test_two_cells_name_one_file_where_one_ends_as_the_other(one: str, other: str, is_one: bool) -> None:
    assert (one_file(one, other), one_file(other, one)) == (is_one, is_one)
