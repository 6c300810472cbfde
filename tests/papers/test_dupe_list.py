"""The dupe list of the demo: who and what is used again, in which places, and what was agreed."""

import json
from pathlib import Path

import pytest

from running import run_command


def dupes(demo: Path, *options: str) -> tuple[list[dict[str, str]], list[str]]:
    done = run_command("dupes", *options, "--json", cwd=demo)
    assert (done.status, done.err) == (0, "")
    answer = json.loads(done.out)
    return answer["rows"], answer["foot"]


def test_everything_listed_stands_in_more_than_one_place(demo: Path) -> None:
    rows, _ = dupes(demo)
    groups: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    for row in rows:
        groups.setdefault((row["what"], row["name"]), set()).add((row["cut"], row["shot"], row["record_in"]))

    assert groups
    assert [name for name, places in groups.items() if len(places) < 2] == []


def test_the_first_use_of_a_group_is_its_earliest(demo: Path) -> None:
    rows, _ = dupes(demo, "cut13", "--what", "person")
    firsts = [(row["name"], row["record_in"]) for row in rows if row["first_use"] == "yes"]

    assert firsts
    assert all(start == min(row["record_in"] for row in rows if row["name"] == name) for name, start in firsts)


def test_a_model_in_two_shots_of_one_cut_is_listed_and_one_in_a_single_shot_is_not(demo: Path) -> None:
    rows, foot = dupes(demo, "cut13", "--what", "model")
    names = {row["name"] for row in rows}

    assert "meadowlight_xl_v3.safetensors" in names
    assert "verse_voice_v2.safetensors" not in names
    assert any(line.startswith("3 models used, 2 in more than one place of 1 cut") for line in foot)


def test_the_voice_of_the_first_cut_is_no_dupe_since_the_second_does_not_hold_it(demo: Path) -> None:
    rows, _ = dupes(demo, "--what", "replica")

    assert rows == []


def test_a_use_with_a_finding_names_it(demo: Path) -> None:
    rows, _ = dupes(demo, "cut13", "--what", "person")
    (voice,) = [row for row in rows if row["use_kind"] == "replica use"]

    assert voice["agreed"] == "C-01 (revoked): yes"
    assert voice["finding"].startswith("F-")


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv", "html"])
def test_the_list_is_a_paper_in_every_form(demo: Path, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"dupes.{form}"
    done = run_command("dupes", "--to", str(file), cwd=demo)

    assert (done.status, done.err, file.stat().st_size > 500) == (0, "", True)
