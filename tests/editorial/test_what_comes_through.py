"""The table of what comes through each format says what the readers do."""

import subprocess
import sys
from pathlib import Path

import pytest

from format_facts import FACTS, answers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, str]]:
    return answers()


def test_the_page_says_what_the_readers_do() -> None:
    done = subprocess.run([sys.executable, "dev/cut_formats.py", "--check"], cwd=ROOT, check=False)

    assert done.returncode == 0


@pytest.mark.parametrize("form", ["OTIO", "FCPXML", "FCP7 XML"])
def test_formats_with_layers_lose_no_fact_that_their_sample_says(form: str, found: dict[str, dict[str, str]]) -> None:
    lost = {fact for fact, answer in found[form].items() if answer == "no"}

    assert lost <= {"proxies and others", "unique ids"} if form == "FCP7 XML" else lost == set()


def test_a_list_has_neither_effects_nor_nests_nor_switches(found: dict[str, dict[str, str]]) -> None:
    lost = {fact for fact in FACTS if found["EDL"][fact] == "no"}

    assert {"all effects", "nested cuts", "switched-off clips", "speed curves (as uncertain)"} <= lost
    assert found["EDL"]["edge codes"] == found["EDL"]["paths"] == "yes"


def test_what_is_delivered_has_no_names(found: dict[str, dict[str, str]]) -> None:
    assert (found["IMF"]["unique ids"], found["IMF"]["paths"]) == ("yes", "no")
