"""Every code that the cut readers can say has a line in the reference."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = ROOT / "src" / "edgecode" / "ingest" / "editorial"
PAGE = ROOT / "docs" / "reference" / "cut-formats.md"


def test_every_code_of_the_readers_has_a_line_in_the_reference() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in READERS.glob("*.py"))
    said = {code for code in re.findall(r'"([a-z_]+\.[a-z_]+)"', text) if not code.endswith((".otio", ".edl"))} | {
        "midnight"
    }
    documented = set(re.findall(r"`([a-z_.]+)`", PAGE.read_text(encoding="utf-8")))

    assert said - documented == set()
