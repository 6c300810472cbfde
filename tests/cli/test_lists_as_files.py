"""`cut-list`, `missing` and `where-used` as files: every form holds the list's rows, and a file that is there stays."""

import csv
import json
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest

from running import run_command

LISTS = [("cut-list", "cut13"), ("missing", "cut13"), ("where-used", "--person", "P-01"), ("changes", "cut13", "cut14")]


@pytest.mark.parametrize("command", LISTS, ids=lambda command: command[0])
def test_every_form_of_a_list_holds_its_rows(made_demo: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    names = [tmp_path / f"list.{form}" for form in ("pdf", "xlsx", "csv", "html", "txt", "json")]
    done = run_command(*command, *(word for name in names for word in ("--to", str(name))), cwd=made_demo)
    pdf, _, table, page, text, data = names
    rows = list(csv.reader(StringIO(table.read_text("utf-8"))))[1:]
    (block,) = json.loads(data.read_text("utf-8"))["blocks"]
    document = pypdfium2.PdfDocument(pdf)
    said = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    document.close()

    assert (done.status, done.out, done.err) == (0, "", "")
    assert [[cell.removeprefix("'") for cell in row] for row in rows] == block["rows"]
    assert page.read_text("utf-8").count("<tr>") == len(rows) + 1
    assert all(row[-1] in text.read_text("utf-8") for row in rows)
    assert said.count("ledger 1") >= 1 and all(row[0] in said for row in rows)


def test_a_file_that_is_there_is_written_over_only_where_asked(made_demo: Path, tmp_path: Path) -> None:
    there = tmp_path / "list.csv"
    there.write_text("mine")
    other = tmp_path / "other.csv"
    kept = run_command("missing", "cut13", "--to", str(other), "--to", str(there), cwd=made_demo)
    before = there.read_text(), other.exists()
    done = run_command("missing", "cut13", "--to", str(there), "--replace", cwd=made_demo)

    assert (kept.status, before) == (11, ("mine", False))
    assert "[paper.exists]" in kept.err
    assert (done.status, there.read_text().startswith("gap,")) == (0, True)


def test_an_ending_that_names_no_form_is_wrong_usage(made_demo: Path, tmp_path: Path) -> None:
    done = run_command("missing", "cut13", "--to", str(tmp_path / "list.docx"), cwd=made_demo)

    assert (done.status, "[paper.form]" in done.err, list(tmp_path.iterdir())) == (2, True, [])


def test_the_same_record_gives_the_same_pdf(made_demo: Path, tmp_path: Path) -> None:
    files = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for file in files:
        run_command("missing", "cut13", "--to", str(file), cwd=made_demo)

    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_change_list_of_the_demo_says_that_the_voice_went_and_the_sea_came(made_demo: Path) -> None:
    done = run_command("changes", "cut13", "cut14", "--json", cwd=made_demo)
    answer = json.loads(done.out)

    assert [(row["change"], row["tail"], row["running_total"], row["clip"]) for row in answer["rows"]] == [
        ("removed", "-92", "-92", "the last verse, voice"),
        ("added", "+92", "0", "sea air, under the letter"),
    ]
    assert answer["rows"][0]["affects"] == "C-01 (revoked), L-02"


def test_a_change_list_says_what_the_other_way_round_is_newly_needed(made_demo: Path) -> None:
    done = run_command("changes", "cut14", "cut13", "--json", cwd=made_demo)
    answer = json.loads(done.out)
    voice = next(row for row in answer["rows"] if row["clip"] == "the last verse, voice")

    assert answer["head"][0].startswith("YOU MUST CHASE: 1")
    assert voice["change"] == "added"
    assert voice["still_covered"].startswith("newly needed: ")


def test_a_cut_that_is_not_there_is_said_by_the_change_list(made_demo: Path) -> None:
    done = run_command("changes", "cut13", "cut99", cwd=made_demo)

    assert (done.status, "[cut.unknown]" in done.err) == (21, True)
