"""The two pages for an insurer: their numbers are those of coverage and check, and what nobody knows is a question."""

import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from running import run_command


@pytest.fixture(scope="module")
def paper(demo: Path) -> dict[str, Any]:
    done = run_command("eo", "cut13", "--json", cwd=demo)
    assert (done.status, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def table(paper: dict[str, Any], title: str) -> list[dict[str, str]]:
    found = next(block for block in paper["blocks"] if block["type"] == "table" and block["title"].startswith(title))
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def test_the_six_numbers_are_those_of_coverage_and_check(paper: dict[str, Any], demo: Path) -> None:
    coverage = json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)
    check = json.loads(run_command("check", "cut13", "--json", cwd=demo).out)
    holding = [one["held"] for one in check["findings"] if one["held"] != "open"]

    numbers = [item["said"] for item in paper["blocks"][0]["items"]]

    assert numbers[:3] == [
        f"{coverage['frames']:,}",
        f"{coverage['ai']['generative']:,}",
        f"{coverage['unaccounted']:,}",
    ]
    assert sum(map(int, numbers[4].split(" / "))) == len(holding)
    assert len(numbers) == 6


def test_a_replica_whose_consent_was_taken_back_counts_and_is_not_covered(paper: dict[str, Any]) -> None:
    assert paper["blocks"][0]["items"][3] == {
        "said": "1",
        "words": "shown or heard by replica; 0 of them with a consent in force that covers it",
    }
    assert [row["Consent"].split(",")[0] for row in table(paper, "People")] == ["C-01: revoked"]


def test_shots_that_are_generated_as_a_whole_come_first_and_no_area_is_guessed(paper: dict[str, Any]) -> None:
    said = [row["More than half of the picture"].split(":")[0] for row in table(paper, "Shots")]

    assert said[0] == "yes"
    assert set(said) == {"yes", "question"}


def test_a_tool_without_receipt_or_terms_is_a_question(paper: dict[str, Any]) -> None:
    row = next(row for row in table(paper, "Tools") if row["Tool"] == "Echo Trainer")

    assert row["Receipt of the plan"].startswith("question: ")
    assert row["Terms as read"].startswith("question: ")


def test_blockers_are_the_first_of_the_gaps(paper: dict[str, Any]) -> None:
    gaps = next(block for block in paper["blocks"] if block["type"] == "words" and block["title"] == "Gaps")

    assert gaps["lines"][0].startswith("Blocker, R211")


def test_it_is_two_pages(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "eo.pdf"
    done = run_command("eo", "cut13", "--to", str(file), cwd=demo)
    document = pypdfium2.PdfDocument(file)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()

    assert (done.status, len(pages)) == (0, 2)
    assert "What this does not prove" in pages[0] and "Behind the numbers" in pages[1]
