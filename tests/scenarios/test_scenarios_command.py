"""``python -m edgecode.testing.scenarios``: what it prints, and what its exit status says."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edgecode.production import Production
from edgecode.testing.scenarios import main
from scenarios.acceptance import FILE, SCENARIOS
from shared_data import SHARED

DISAGREEING = """
scenarios:
  - id: one
    title: An extra's name in the ledger
    packs: [consent-core]
    facts: {use.kind: log_append, use.contains_personal_data: __UNKNOWN__}
    expect: block
    must_fire: [GDPR-03, WGA-01]
    must_not_fire: [GDPR-03]
"""


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "mine.yaml"
    file.write_text(text, "utf-8")
    return str(file)


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_all_acceptance_scenarios_agree_with_the_listed_packs_and_with_all_of_them() -> None:
    assert (main([str(FILE)]), main([str(FILE), "--all-packs"])) == (0, 0)


def test_the_copy_of_the_acceptance_file_is_the_one_that_was_handed_over() -> None:
    original = SHARED / "scenarios" / "acceptance.yaml"
    if not original.is_file():
        pytest.skip("the folder of real files is absent (set EDGECODE_SHARED)")

    assert FILE.read_bytes() == original.read_bytes()


def test_fifteen_scenarios_take_far_less_than_half_a_minute() -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "edgecode.testing.scenarios", str(FILE)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr, time.monotonic() - began < 20) == (0, "", True)


def test_every_finding_of_every_acceptance_scenario_has_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    _, said = report(capsys, str(FILE))
    silent = [
        (one["id"], finding["rule"])
        for one in said["scenarios"]  # type: ignore[attr-defined]
        for finding in one["findings"]
        if len(finding["why"]) < 20 or "{" in finding["why"]
    ]

    assert silent == []


def test_what_disagrees_is_said_in_sentences_and_exits_ten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = report(capsys, written(tmp_path, DISAGREEING))
    (one,) = said["scenarios"]  # type: ignore[misc]

    assert (status, said["agree"], one["found"], one["gate"]) == (10, 0, "needs_info", "HELD")
    assert one["disagreements"] == [
        "expected block, found needs_info",
        "expected block with every pack adopted, found needs_info",
        "GDPR-03 should fail; it was unknown",
        "WGA-01 should fail; it was not run: its pack is not among those of the scenario",
        "GDPR-03 should neither fail nor be unknown; it was unknown",
    ]


def test_a_wrong_file_exits_twenty_with_its_lines_and_a_missing_one_twenty_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = main([written(tmp_path, "scenarios:\n  - {id: a, expect: blok}\n")])
    said = capsys.readouterr().err
    missing = main([str(tmp_path / "nowhere.yaml")])

    assert (wrong, missing) == (20, 21)
    assert "mine.yaml:2: expect: 'blok' is no verdict" in said


def test_productions_can_be_kept_and_looked_into(tmp_path: Path) -> None:
    main([str(FILE), "--keep", str(tmp_path / "kept")])
    folders = sorted(one.name for one in (tmp_path / "kept").iterdir())
    with Production.open(tmp_path / "kept" / folders[0]) as production:
        title = production.title()

    assert (folders[0], len(folders), title) == ("001-A01", len(SCENARIOS), "Scenario A01")


def test_a_scenario_without_rules_allows_and_its_gate_is_not_cleared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = report(capsys, written(tmp_path, "scenarios: [{id: a, packs: [], facts: {}, expect: allow}]"))

    assert (status, said["scenarios"][0]["gate"]) == (0, "HELD")  # type: ignore[index]


def test_a_scenario_with_a_word_nobody_knows_fails_alone_and_the_others_are_tried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """
scenarios:
  - id: slip
    packs: [consent-core]
    facts: {production.territories: [UK], use.kind: log_append, use.contains_personal_data: true}
    expect: block
  - id: right
    packs: [consent-core]
    facts: {use.kind: log_append, use.contains_personal_data: true}
    expect: block
"""
    status, told = report(capsys, written(tmp_path, text))
    results = told["scenarios"]

    assert isinstance(results, list)
    assert (status, told["agree"]) == (10, 1)
    assert [(one["found"], one["agrees"]) for one in results] == [("error", False), ("block", True)]
    assert results[0]["disagreements"][0].startswith("line 5: production.territories must be a list of territories")


def test_the_united_states_as_a_whole_are_not_california_to_a_scenario(tmp_path: Path) -> None:
    facts = "use.kind: replica_use, person.status: deceased, person.within_70_years: true, use.expressive_exempt: false"
    head = "scenarios: [{id: a, packs: [ab1836], facts: {use.false_impression: false, production.territories: "
    us, california = (f"{head}[{word}], {facts}}}, expect: " for word in ("US", "US-CA"))

    assert main([written(tmp_path, us + "allow}]")]) == 0
    assert main([written(tmp_path, california + "block}]")]) == 0
