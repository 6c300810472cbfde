"""The clearance log and the shot map of the demo: nothing lost or unknown is cleared, and the frames are those of coverage."""

import json
from pathlib import Path

import pytest

from running import run_command


def table(demo: Path, *command: str) -> tuple[list[dict[str, str]], list[str]]:
    done = run_command(*command, "--json", cwd=demo)
    assert (done.status, done.err) == (0, "")
    found = next(block for block in json.loads(done.out)["blocks"] if block["type"] == "table")
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]], found["foot"]


@pytest.mark.parametrize("command", ["clearance-log", "shot-map"])
def test_no_cell_is_empty_and_every_row_ends_with_its_evidence(demo: Path, command: str) -> None:
    rows, _ = table(demo, command, "cut13")

    assert rows
    assert all(list(row)[-3:] == ["Edge code", "Grade", "Ledger no."] and all(row.values()) for row in rows)


def test_the_use_of_a_voice_whose_consent_was_taken_back_is_refused(demo: Path) -> None:
    rows, _ = table(demo, "clearance-log", "cut13")

    (voice,) = [row for row in rows if row["Item"].startswith("replica use of P-01")]

    assert (voice["Type"], voice["License / consent no."], voice["Status"]) == ("voice", "C-01 (revoked)", "refused")


def test_nothing_that_rests_on_a_lost_agreement_or_on_none_is_cleared(demo: Path) -> None:
    rows, _ = table(demo, "clearance-log", "cut13")

    cleared = [row["License / consent no."] for row in rows if row["Status"] == "cleared"]

    assert cleared
    assert [label for label in cleared if "(" in label or label == "none on file"] == []


def test_a_waived_finding_is_pending_until_its_last_day(demo: Path) -> None:
    rows, _ = table(demo, "clearance-log", "cut13")

    assert [row["Status"] for row in rows if row["License / consent no."] == "L-01"] == [
        "pending (waived until 2026-12-15)"
    ]


def test_a_pending_line_says_what_is_asked(demo: Path) -> None:
    rows, _ = table(demo, "clearance-log", "cut13")

    silent = [
        row["Item"] for row in rows if row["Status"] == "pending" and row["Note"] == "no rule that judged holds it"
    ]

    assert silent == []


def test_holders_rights_and_fees_are_sealed_unless_they_are_asked_for(demo: Path) -> None:
    sealed, _ = table(demo, "clearance-log", "cut13")
    opened, _ = table(demo, "clearance-log", "cut13", "--reveal")

    assert {row["Holder"] for row in sealed if row["License / consent no."] == "L-02"} == {"sealed"}
    assert {row["Holder"] for row in opened if row["License / consent no."] == "L-02"} == {"Estate of Ellis Marrow"}


def test_a_tool_without_a_snapshot_of_its_terms_is_pending(demo: Path) -> None:
    rows, _ = table(demo, "clearance-log", "cut13")

    terms = {row["Source"]: row["Status"] for row in rows if row["Type"] == "tool terms"}

    assert (terms["Echo Trainer"], terms["comfyui"]) == ("pending", "on record")


def test_the_foot_of_the_shot_map_says_the_frames_of_coverage(demo: Path) -> None:
    ai = json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)["ai"]

    _, foot = table(demo, "shot-map", "cut13")

    assert (
        f"{ai['generative']:,} of a generative model, {ai['assistive']:,} of an assistive one alone, {ai['unknown']:,} not known"
        in foot[0]
    )


def test_the_share_of_a_shot_is_never_more_than_its_frames_and_the_area_is_not_guessed(demo: Path) -> None:
    rows, _ = table(demo, "shot-map", "cut13")

    assert all(int(row["AI frames"]) <= int(row["Frames"]) for row in rows)
    assert {row["AI share of picture area"].split(" (")[0] for row in rows} == {"not recorded"}


def test_an_unaccounted_shot_is_not_known_and_not_free_of_models(demo: Path) -> None:
    rows, _ = table(demo, "shot-map", "cut13")

    (row,) = [row for row in rows if row["Shot"] == "sh0512_v003"]

    assert row["AI share of frames"] == "0.00 %, 24 not known"
