"""Lists of spoken lines: counted by voice, file and language, declared once, and never their text."""

from pathlib import Path

import pytest

from capture_writers import recorders_wave
from desk.desk_at_work import Desk
from edgecode.checks.register import Register
from edgecode.production import Production

TEXT = "Text_Secret the sea is calm"
HEADINGS = "file,person,kind,text,words,language\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    media = tmp_path / "media"
    media.mkdir()
    for place, name in enumerate(("line1", "line2")):
        (media / f"{name}.wav").write_bytes(recorders_wave(samples=480 + place))
    Production.create(tmp_path / "show", title="The mix").close()
    desk = Desk(tmp_path / "show")
    desk.did("person", "add", "--name", "Zelda Quux")
    desk.did("person", "add", "--name", "Counsel")
    desk.did("person", "role", "P-02", "--role", "legal")
    desk.did("scan", str(media))
    return desk


def quantities(desk: Desk) -> list[tuple[str, dict[str, int]]]:
    with Production.open(desk.folder) as production:
        uses = Register.read(production.index).uses.values()
        return [(str(use.values["use.kind"]), dict(use.quantities)) for use in uses]


def test_lines_of_one_voice_in_one_file_are_one_use_with_their_lines_and_words(desk: Desk) -> None:
    sheet = (
        HEADINGS + f"line1.wav,P-01,voice clone,{TEXT},,\nline1.wav,P-01,clone,two words,,\nline2.wav,P-01,dub,,9,de\n"
    )
    done = desk.run("desk", "lines", desk.file("l.csv", sheet), "--yes")

    assert done.out == (
        "line 2: new: replica use of P-01, 2 lines, 7 words\nline 4: new: dub of P-01 in de, 1 line, 9 words\n"
    )
    assert quantities(desk) == [("replica_use", {"lines": 2, "words": 7}), ("dub", {"lines": 1, "words": 9})]


def test_words_that_nobody_counted_are_not_declared_as_none(desk: Desk) -> None:
    desk.did(
        "desk",
        "lines",
        desk.file("l.csv", "file,person,words\nline1.wav,P-01,4\nline1.wav,P-01,\n"),
        "--kind",
        "dub",
        "--yes",
    )

    assert quantities(desk) == [("dub", {"lines": 2})]


def test_the_same_list_again_declares_nothing_and_another_count_is_a_problem(desk: Desk) -> None:
    sheet = HEADINGS + "line1.wav,P-01,dub,a b c,,\n"
    desk.did("desk", "lines", desk.file("l.csv", sheet), "--yes")
    size = desk.size()
    again = desk.run("desk", "lines", desk.file("l.csv", sheet), "--yes")
    more = desk.run("desk", "lines", desk.file("m.csv", sheet + "line1.wav,P-01,dub,d,,\n"), "--yes")

    assert (again.out.split(": ")[1], more.status, desk.size()) == ("here already", 20, size)
    assert more.err.startswith("line 2, column lines: expected as many lines and words as are declared already.")


def test_what_somebody_spoke_settles_something_and_is_a_members_word(desk: Desk) -> None:
    sheet = desk.file("l.csv", HEADINGS + "line1.wav,P-01,adr,a b,,\n")

    assert desk.refused("desk", "lines", sheet, "--yes")[1] == "desk.by"
    desk.did("desk", "lines", sheet, "--by", "P-02", "--reason", "she was in the booth", "--yes")
    assert quantities(desk) == [("performance", {"lines": 1, "words": 2})]


def test_no_text_of_a_line_is_kept_or_repeated(desk: Desk) -> None:
    sheet = (
        HEADINGS
        + f"line1.wav,P-01,dub,{TEXT},,\n{TEXT},P-01,dub,,,\nline1.wav,{TEXT},dub,,,\nline1.wav,P-01,{TEXT},,,\n"
    )
    wrong = desk.run("desk", "lines", desk.file("l.csv", sheet), "--yes")
    desk.did("desk", "lines", desk.file("m.csv", HEADINGS + f"line1.wav,P-01,dub,{TEXT},,\n"), "--yes")
    held = b"".join(one.read_bytes() for one in desk.folder.rglob("*") if one.is_file())

    assert (wrong.status, "Text_Secret" in wrong.err, b"Text_Secret" in held) == (20, False, False)
