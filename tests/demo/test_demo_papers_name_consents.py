"""The cut list and matchback of the demo name the people in each clip and the consents and licenses that it relies on."""

import csv
import json
from pathlib import Path

import pytest

from edgecode.cli.app import edgecode
from edgecode.cli.demo.run import CUT, run_demo
from running import command_runner


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers") / "here"
    run_demo(folder, open_page=False, tamper=False, out=lambda line: None)
    return folder


def told(folder: Path, *words: str) -> str:
    done = command_runner().invoke(edgecode, [*words, "--production", str(folder)], standalone_mode=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_cut_list_names_people_by_alias_and_agreements_by_label(folder: Path) -> None:
    rows = list(csv.DictReader(told(folder, "cut-list", CUT, "--csv").splitlines()))
    said = {row["clip"]: (row["persons"], row["consents_licenses"]) for row in rows}

    assert said["the last verse, voice"] == ("P-01 (heard)", "C-01 (revoked), L-02")
    assert said["T0103 super 8, half speed"][1].endswith("L-01 (does not cover licensed_material)")
    assert said["trustee, sync"] == ("P-03 (heard)", "not recorded")
    assert said["sea air"] == ("not recorded", "not recorded")


def test_matchback_names_the_consents_that_a_frame_relies_on(folder: Path) -> None:
    answer = json.loads(told(folder, "matchback", CUT, "1500", "--json"))
    relied = [one["agreements"] for one in answer["on_screen"] if one["medium"] == "sound"]
    text = told(folder, "matchback", CUT, "1500")

    assert "relies on: C-01 (revoked), L-02" in text
    assert [[(one["agreement"], one["use"], one["covers"], one["state"]) for one in listed] for listed in relied] == [
        [
            ("C-01", "replica_use", "yes", "revoked"),
            ("C-01", "train", "yes", "revoked"),
            ("L-02", "train", "yes", "active"),
        ]
    ]
