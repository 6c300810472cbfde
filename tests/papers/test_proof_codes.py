"""Proof codes of printed pages, made again from the JSON of the paper alone."""

import json
from pathlib import Path

import msgspec
import pytest

from edgecode.answers.report.checking import check_codes, read_paper
from edgecode.answers.report.paper import Paper, Stamp, Words
from edgecode.answers.report.proof import page_code, paper_digest
from edgecode.errors import InputError, UsageError
from running import run_command

STAMP = Stamp(production="P", cut="c", origin="o", size=3, root="ab" * 32, time="", day="2026-11-24", organizations=0)
PAPER = Paper(kind="list", title="LIST", stamp=STAMP, blocks=(Words("", tuple(f"line {n}" for n in range(40))),))


def test_a_code_leads_to_the_lines_of_its_page_in_any_spelling() -> None:
    code = page_code(paper_digest(PAPER), 11, 27)
    misread = code.lower().replace(" ", "").replace("0", "o").replace("1", "l")

    checked = check_codes(PAPER, [code, misread, f"11-27:{code}", f"11–27:{code}"])

    assert [(page.first, page.last) for page in checked.pages] == [(11, 27)] * 4


def test_a_code_of_other_lines_or_of_another_paper_is_not_of_this_one() -> None:
    code = page_code(paper_digest(PAPER), 11, 27)
    other = msgspec.structs.replace(PAPER, title="LISTS")

    assert [page.is_of_paper for page in check_codes(PAPER, [f"11-28:{code}"]).pages] == [False]
    assert [page.is_of_paper for page in check_codes(other, [code]).pages] == [False]


def test_what_is_no_code_and_a_long_paper_without_lines_are_refused() -> None:
    long = msgspec.structs.replace(PAPER, blocks=(Words("", ("line",) * 2_001),))

    with pytest.raises(UsageError, match=r"paper\.code"):
        check_codes(PAPER, ["UUUUU"])
    with pytest.raises(UsageError, match=r"paper\.lines"):
        check_codes(long, ["7K3F9 Q2MT4"])


def test_a_file_that_holds_more_than_its_paper_is_not_read_as_it() -> None:
    written = json.loads(msgspec.json.encode(PAPER))
    written["blocks"][0]["also"] = "a line that no digest covers"

    with pytest.raises(InputError, match=r"paper\.file_unreadable"):
        read_paper(json.dumps(written).encode(), name="paper.json")


def test_the_command_checks_a_paper_anywhere(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_bytes(msgspec.json.encode(PAPER))
    code = page_code(paper_digest(PAPER), 1, 40)

    right = run_command("paper-check", "list.json", code, cwd=tmp_path)
    wrong = run_command("paper-check", "list.json", "00000 00000", cwd=tmp_path)

    assert (right.status, right.err) == (0, "")
    assert f"{code}  lines 1–40 of this paper" in right.out
    assert (wrong.status, "[paper.code_differs]" in wrong.err) == (30, True)
