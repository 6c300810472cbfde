"""``python -m edgecode.testing.scenarios FILE.yaml``: tries every scenario of a file and says where expected and found disagree."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from edgecode.errors import EdgecodeError, NotFoundError

HELD = 10
"""Exit status when a scenario disagrees: a person must look."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0 when all agree, 10 when not, that of the error for what cannot be tried."""
    asked = _parser().parse_args(arguments)
    try:
        return _tried(Path(asked.file), all_packs=asked.all_packs, as_json=asked.json, keep=asked.keep)
    except EdgecodeError as error:
        print(f"edgecode: {error}", file=sys.stderr)
        return error.exit_status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m edgecode.testing.scenarios", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("file", metavar="FILE.yaml", help="Scenarios in the format of docs/reference/scenarios.md.")
    parser.add_argument("--all-packs", action="store_true", help="Run every shipped pack, whatever a scenario lists.")
    parser.add_argument("--json", action="store_true", help="Print the report as JSON (schemas/scenarios-1.json).")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="Leave the productions below this new or empty folder."
    )
    return parser


def _tried(file: Path, *, all_packs: bool, as_json: bool, keep: Path | None) -> int:
    from edgecode.answers.scenario_report import scenarios_text
    from edgecode.testing.scenario_files import read_scenarios
    from edgecode.testing.scenario_runs import (
        Judges,
        answer_of,
        not_tried,
        ported_packs,
        result_of,
        rules_of,
        try_scenario,
    )

    data = _bytes_of(file)
    packs = ported_packs()
    scenarios = read_scenarios(data, name=file.name, rules=rules_of(packs))
    judges, results = Judges(packs), []
    with TemporaryDirectory(prefix="edgecode-scenarios-") as temporary:
        for number, scenario in enumerate(scenarios, 1):
            if scenario.slips:
                results.append(not_tried(scenario))
                continue
            folder = (keep or Path(temporary)) / _folder_name(number, scenario.id)
            results.append(result_of(try_scenario(scenario, folder, judges=judges, all_packs=all_packs)))
    answer = answer_of(results, file=file.name)
    if as_json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    else:
        print("\n".join(scenarios_text(answer, all_packs=all_packs)))
    return 0 if answer.is_agreed else HELD


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFoundError(
            "scenarios.absent", f"{file.name} cannot be read ({error.strerror})", "Give a file of scenarios"
        ) from error


def _folder_name(number: int, identity: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", identity)[:40]
    return f"{number:03d}-{plain}"


if __name__ == "__main__":
    sys.exit(main())
