"""The page that explains what counts says what the code does."""

import re
from pathlib import Path

from edgecode.terms.evidence import Reason
from edgecode.terms.origins import CONTRIBUTIONS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explanation" / "what-counts.md").read_text(encoding="utf-8")


def rows_after(heading: str) -> list[list[str]]:
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_table_of_steps_is_the_table_in_the_code() -> None:
    code = [
        [kind.value, row.adds.value, row.letter or "–", row.ai.value, row.explained]
        for kind, row in CONTRIBUTIONS.items()
    ]

    assert rows_after("What each step adds") == code


def test_the_reasons_stand_in_the_order_in_which_one_is_printed() -> None:
    listed = [re.sub("`", "", row[0]) for row in rows_after("Why a frame is unaccounted")]

    assert listed == [reason.value for reason in Reason]
