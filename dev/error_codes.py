"""Lists every code of an error, a diagnostic or a finding in the package, from the source; docs/reference/errors.md has each."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "errors.md"
CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
NOT_CODES = re.compile(r"\.(py|json|sql|md|toml|db|key|html|css|js|exr|png|wav|otio|edl|com|org|net|invalid|dev)$")


def codes_in(source: str) -> Iterator[str]:
    """Codes given to errors, Diagnostics and Findings, or to functions that make them, in one module."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for argument in [*node.args[:2], *(k.value for k in node.keywords if k.arg == "code")]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and _makes(name):
                if CODE.fullmatch(argument.value) and not NOT_CODES.search(argument.value):
                    yield argument.value


def _makes(name: str) -> bool:
    return name.endswith(("Error", "Diagnostic", "Finding", "__init__")) or name in {
        "add", "problem", "_problem", "said", "_said", "_nothing", "_bad", "_broken", "_unsigned", "_diagnostic", "diagnose",
        "_lost", "note", "_note", "_refused", "_invalid", "broken", "warn", "say", "tell", "_tell", "_damaged", "_at",
    }  # fmt: skip


def all_codes() -> set[str]:
    """Every code in the package."""
    return {
        code for path in (ROOT / "src").rglob("*.py") for code in codes_in(path.read_text(encoding="utf-8"))
    }


def headed_codes() -> set[str]:
    """Codes that have a heading on the page."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return set(re.findall(r"^### `([a-z0-9_.]+)`", text, re.MULTILINE))


def main() -> int:
    """Print codes without a heading, and headings without a code; 1 when there are any."""
    missing, stale = sorted(all_codes() - headed_codes()), sorted(headed_codes() - all_codes())
    for code in missing:
        print(f"no heading: {code}")
    for code in stale:
        print(f"no such code: {code}")
    return 1 if missing or stale else 0


if __name__ == "__main__":
    sys.exit(main())
