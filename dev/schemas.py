"""Writes the JSON Schemas under `schemas/` from the types that define them; with --check, says whether they are up to date."""

import json
import sys
from pathlib import Path

import msgspec

from edgecode.answers.contracts import CONTRACTS
from edgecode.events.registry import KINDS

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(type_: type, *, title: str) -> str:
    """One standalone JSON Schema document."""
    schema = msgspec.json.schema(type_)
    return (
        json.dumps({"$schema": DIALECT, "title": title, **schema}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    )


def made_files() -> dict[Path, str]:
    """Every schema file and its text."""
    events = {SCHEMAS / "events" / f"{name.replace('/', '-')}.json": (kind, name) for name, kind in KINDS.items()}
    contracts = {
        SCHEMAS / f"{name.replace('/', '-')}.json": (type_, f"edgecode.{name}") for name, type_ in CONTRACTS.items()
    }
    return {path: schema_text(type_, title=title) for path, (type_, title) in (events | contracts).items()}


def main() -> int:
    """Write the files, or with --check compare them; 1 when they differ."""
    files = made_files()
    present = set(SCHEMAS.rglob("*.json"))
    if "--check" in sys.argv[1:]:
        stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        stale += sorted(present - files.keys())
        for path in stale:
            print(f"out of date: {path.relative_to(SCHEMAS.parent)} (run python dev/schemas.py)")
        return 1 if stale else 0
    for path in present - files.keys():
        path.unlink()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(files)} schemas written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
