"""The examples of the reference are real records."""

import json
import re
from pathlib import Path

import pytest

from edgecode.ingest.record_contents import unknown_fields
from edgecode.ingest.records import parsed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "step-record.md"
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
CODE = re.compile(
    r"Diagnostic\(\s*\"([a-z._]+)\"|_(?:about|nothing|say|not_whole)\((?:[^\"()]*, )?\"([a-z]+\.[a-z_]+)\""
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_records_without_unknown_fields(example: str) -> None:
    line = json.dumps(json.loads(example)).encode()

    assert parsed(line).outputs
    assert unknown_fields(line) == []


def test_every_diagnostic_of_scan_and_record_is_on_a_page() -> None:
    room = PAGE.parents[2] / "src" / "edgecode" / "ingest"
    pages = PAGE.read_text("utf-8") + (PAGE.parent / "scan.md").read_text("utf-8")
    sources = (path.read_text("utf-8") for path in room.glob("*.py") if path.name != "headers.py")
    ours = ("file.", "header.", "names.", "scan.", "sequence.", "record.", "run.")
    codes = {code for text in sources for pair in CODE.findall(text) for code in pair if code.startswith(ours)}

    assert len(codes) > 20
    assert sorted(code for code in codes if f"`{code}`" not in pages) == []
