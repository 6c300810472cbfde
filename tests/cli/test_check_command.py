"""`edgecode check` as a person and as a program meet it: the word, the exit status, the places, and nothing personal."""

from pathlib import Path

import msgspec
import pytest

from edgecode.answers.check.answer import Check
from running import run_command

STATUS = {"CLEARED": 0, "HELD": 10, "REFUSED": 11}


def test_the_exit_status_says_the_word_and_the_json_is_the_contract(demo: Path) -> None:
    done = run_command("check", "cut13", "--json", cwd=demo)
    answer = msgspec.json.decode(done.out, type=Check)

    assert done.status == STATUS[answer.word]
    assert answer.counts.holding == sum(one.held != "open" for one in answer.findings)


def test_every_place_lies_in_the_cut_and_frames_are_counted_once(demo: Path) -> None:
    answer = msgspec.json.decode(run_command("check", "cut13", "--json", cwd=demo).out, type=Check)
    coverage = msgspec.json.decode(run_command("coverage", "cut13", "--json", cwd=demo).out)

    for finding in answer.findings:
        covered = {frame for place in finding.spans for frame in range(place.in_, place.out)}
        assert finding.frames == len(covered)
        assert covered <= set(range(coverage["frames"]))


def test_the_gaps_of_coverage_and_the_findings_about_them_are_the_same_frames(demo: Path) -> None:
    answer = msgspec.json.decode(run_command("check", "cut13", "--json", cwd=demo).out, type=Check)
    coverage = msgspec.json.decode(run_command("coverage", "cut13", "--json", cwd=demo).out)
    gaps = {frame for gap in coverage["gaps"] for frame in range(gap["in"], gap["out"])}

    found = {
        frame
        for one in answer.findings
        if one.rule.startswith("coverage-") and one.held != "open"
        for place in one.spans
        if place.medium == "picture"
        for frame in range(place.in_, place.out)
    }

    assert found == gaps


def test_the_text_ends_with_the_word_and_names_what_was_not_checked(demo: Path) -> None:
    done = run_command("check", "cut13", cwd=demo)

    assert done.out.rstrip().splitlines()[-1] in STATUS
    assert "Not checked:" in done.out
    assert "bbc@" in done.out


@pytest.mark.parametrize("command", ["finding list cut13", "desk list", "packs list", "desk profile", "consent list"])
def test_lists_fit_a_terminal_of_eighty_columns(demo: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    lines = run_command(*command.split(), cwd=demo).out.splitlines()

    assert lines
    assert [line for line in lines if len(line) > 80] == []
