"""Writes the tables of docs/reference/what-comes-through.md, from samples that the readers read; --check only compares."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "what-comes-through.md"
BEGIN, END = "<!-- made by dev/door_formats.py -->", "<!-- end of what is made -->"


def page() -> str:
    """The page with the tables as the readers give them now."""
    sys.path.insert(0, str(ROOT / "tests"))
    from door_facts import page as tables

    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """0 when the page is up to date, or was written."""
    text = page()
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    print("the tables of what comes through are written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
