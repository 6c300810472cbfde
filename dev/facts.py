"""Writes the tables of facts in docs/reference/packs.md from the catalogue; with --check, says whether they are up to date."""

import sys
from collections.abc import Iterable
from pathlib import Path

from edgecode.checks.rules.catalogue import CANDIDATE, CATALOGUE, ROOTS
from edgecode.checks.rules.fact_values import Fact

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "packs.md"
BEGIN, END = "<!-- facts: made by python dev/facts.py -->", "<!-- end of facts -->"


def table(facts: Iterable[Fact]) -> list[str]:
    """One row for each fact."""
    rows = ["| fact | type | world | meaning |", "|---|---|---|---|"]
    for fact in facts:
        words = f" ({', '.join(fact.choices)})" if fact.choices else ""
        rows.append(f"| `{fact.name}` | {fact.type}{words} | {fact.world} | {fact.meaning} |")
    return rows


def made() -> str:
    """Every table, by root, and that of candidates."""
    lines: list[str] = []
    for root in ROOTS:
        lines += ["", f"### {root}", "", *table(fact for fact in CATALOGUE.values() if fact.root == root)]
    lines += [
        "",
        "### consents, licenses",
        "",
        "What is known of each candidate of a `some`.",
        "",
        *table(CANDIDATE.values()),
    ]
    return "\n".join([BEGIN, *lines, "", END])


def main() -> int:
    """Write the page, or compare it."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    fresh = before + made() + rest.split(END)[1]
    if "--check" in sys.argv:
        return 0 if fresh == page else 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
