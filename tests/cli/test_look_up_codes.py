"""Edge codes of a text, looked up in the record and in a pack alone."""

import json
from pathlib import Path

import pytest

from doc_pages import ROOT, examples
from edgecode.answers.matchback.codes import codes_in
from running import Done, run_command

GARDEN = "G 7YKXB F5972"


def rows(done: Done) -> list[tuple[str, str, str]]:
    return [(row["line"], row["result"], row["frame"]) for row in json.loads(done.out)["rows"]]


def test_codes_are_found_where_they_are_marked_and_where_they_stand_apart() -> None:
    text = "TITLE: A REEL\n* EDGECODE: g-7ykxb-f5972-0020\nseen 3,G 7YKXB F5972 0021,x\na small stone lies there\nedgecode: nothing\n"

    found = [(one.line, str(one.code)) for one in codes_in(text)]

    assert found == [(2, f"{GARDEN} 0020"), (3, f"{GARDEN} 0021"), (5, "None")]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "codes.edl"
    path.write_text(f"* EDGECODE: {GARDEN} 0020\nburn-in g 7ykxb f5972 oo2i\n* EDGECODE: M 7YKXB F5972\n")
    return path


def test_codes_lead_to_versions_and_frames_and_say_a_letter_that_changed(made_demo: Path, text: Path) -> None:
    done = run_command("matchback", "--codes", str(text), "--json", cwd=made_demo)

    assert (done.status, done.err) == (0, "")
    assert rows(done) == [
        ("1", "found", "1021"),
        ("2", "found", "1022"),
        ("3", "found; printed as M, is G now", "whole"),
    ]


def test_what_is_misread_or_from_elsewhere_is_said_and_ends_with_its_status(made_demo: Path, text: Path) -> None:
    text.write_text(f"* EDGECODE: {GARDEN} 9999\n* EDGECODE: C 00000 00001\n* EDGECODE: G 7UUUU F5972\n")

    done = run_command("matchback", "--codes", str(text), "--json", cwd=made_demo)

    assert done.status == 21
    assert [row[1] for row in rows(done)] == [
        "the version has no such frame: the number was misread",
        "names nothing here",
        "no edge code: letters or digits were misread",
    ]


def test_a_pack_alone_answers_and_a_broken_one_does_not(demo: Path, text: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    assert run_command("pack", "cut13", "--out", str(pack), cwd=demo).status == 0

    done = run_command("matchback", "--codes", str(text), "--pack", str(pack), "--json", cwd=tmp_path)
    one = run_command("matchback", GARDEN, "--pack", str(pack), "--json", cwd=tmp_path)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    pack.write_bytes(bytes(data))
    broken = run_command("matchback", GARDEN, "--pack", str(pack), cwd=tmp_path)

    assert (done.status, rows(done)[0]) == (0, ("1", "found", "1021")), done.err
    assert (one.status, rows(one)) == (0, [("1", "found", "whole")])
    assert (broken.status, "[matchback.pack]" in broken.err) == (30, True)


def test_the_page_on_looking_codes_up_works_as_it_stands(demo: Path, text: Path) -> None:
    (demo / "codes.edl").write_text(text.read_text())
    lines = "".join(examples(ROOT / "docs/how-to/look-up-a-code.md", "sh")).splitlines()

    done = [run_command(*line.split()[1:], cwd=demo) for line in lines if line]

    assert [one.status for one in done] == [0, 0, 0], [one.err for one in done]
