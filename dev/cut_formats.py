"""Writes the table of what comes through into docs/reference/cut-formats.md, from samples that the readers read; --check only compares."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "cut-formats.md"
BEGIN, END = "<!-- made by dev/cut_formats.py -->", "<!-- end of what is made -->"


def page() -> str:
    """The page with the table as the readers give it now."""
    sys.path.insert(0, str(ROOT / "tests"))
    from format_facts import table

    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """0 when the page is up to date, or was written."""
    text = page()
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    print("the table of cut formats is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
