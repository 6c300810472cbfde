"""Writes the tables of Parquet exports into docs/reference/exports.md, from the columns that are exported; --check only compares."""

import sys
from pathlib import Path

from edgecode.answers.exports.columns import TABLES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "exports.md"
BEGIN, END = "<!-- made by dev/exports.py -->", "<!-- end of what is made -->"


def tables() -> str:
    """Every table with its columns, in Markdown."""
    parts = []
    for table in TABLES:
        rows = [f"| `{column.name}` | {column.kind} | {column.says} |" for column in table.columns]
        parts.append("\n".join([f"### {table.name}", "", f"{table.says[0].upper()}{table.says[1:]}.", "",
                                "| column | type | what it says |", "|---|---|---|", *rows]))  # fmt: skip
    return "\n\n".join(parts)


def page() -> str:
    """The page with the tables as they are exported now."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """0 when the page is up to date, or was written."""
    text = page()
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    print("the tables of exports are written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
