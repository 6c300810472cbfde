"""The pull list of the demo, and that its EDL says the same rows when it is read back."""

import json
from pathlib import Path

import pytest

from edgecode.ingest.editorial.edl import read_edl
from edgecode.terms.timebase import Rate
from running import run_command


def pulled(demo: Path, *options: str) -> list[dict[str, str]]:
    done = run_command("pull", *options, "--json", cwd=demo)
    assert (done.status, done.err) == (0, "")
    rows: list[dict[str, str]] = json.loads(done.out)["rows"]
    return rows


def test_a_consent_that_was_taken_back_pulls_its_voice_with_bucket_and_reason(demo: Path) -> None:
    rows = pulled(demo, "--consent", "C-01")

    assert {row["shot"] for row in rows} == {"the last verse, voice"}
    assert [(row["element_to_replace"], row["bucket"]) for row in rows] == [
        ("replica use of P-01", "made before, not locked"),
        ("train of P-01", "trained models"),
    ]
    assert all(row["because"].startswith("C-01 taken back 2026-") for row in rows)


def test_a_license_that_nobody_took_back_says_that_it_is_a_supposition(demo: Path) -> None:
    rows = pulled(demo, "--license", "L-01", "--cut", "cut13")

    assert [row["because"].split(" 20")[0] for row in rows] == ["L-01 if taken back"]


def test_a_person_is_pulled_wherever_they_are_and_one_cut_alone_where_that_is_asked(demo: Path) -> None:
    everywhere, here = pulled(demo, "--person", "P-01"), pulled(demo, "--person", "P-01", "--cut", "cut14")

    assert {row["cut"] for row in everywhere} == {"cut13", "cut14"}
    assert here == [
        row | {"no": str(number)} for number, row in enumerate((one for one in everywhere if one["cut"] == "cut14"), 1)
    ]


def test_handles_are_those_that_the_version_has(demo: Path) -> None:
    few, many = (pulled(demo, "--person", "P-01", "--cut", "cut13", "--handles", handles) for handles in ("8", "400"))
    shot = "T0103 super 8, half speed"

    assert [row["handles"] for row in few if row["shot"] == shot] == ["8+8"]
    assert [row["handles"].split("(")[1].endswith("missing)") for row in many if row["shot"] == shot] == [True]


def test_a_row_with_handles_is_as_long_as_its_parts(demo: Path) -> None:
    for row in pulled(demo, "--person", "P-01"):
        head, tail = row["handles"].split(" ")[0].split("+")
        assert int(row["frames_with_handles"]) == int(row["frames"]) + int(head) + int(tail)


def test_the_list_for_the_vendor_says_the_same_rows_and_no_path_of_this_machine(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "vendor.edl"
    done = run_command("pull", "--person", "P-01", "--cut", "cut13", "--to", str(file), cwd=demo)
    reading = read_edl(file.read_bytes(), name="vendor", rate=Rate.of(24))
    places = {
        (row["shot"], row["record_in"], row["record_out"]): int(row["frames_with_handles"])
        for row in pulled(demo, "--person", "P-01", "--cut", "cut13")
    }

    assert (done.status, done.out) == (0, "")
    assert sorted(clip.frames for clip in reading.clips) == sorted(places.values())
    assert [clip.media.codes for clip in reading.clips if not clip.media.codes] == []
    assert str(demo) not in file.read_text("utf-8")


def test_a_list_of_two_cuts_is_refused_and_nothing_is_written(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "vendor.edl"
    done = run_command("pull", "--person", "P-01", "--to", str(file), cwd=demo)

    assert (done.status, "[pull.cuts]" in done.err, file.exists()) == (20, True, False)


@pytest.mark.parametrize(
    "options", [(), ("--person", "P-01", "--consent", "C-01"), ("--person", "P-01", "--on", "2026-01-01")]
)
def test_one_thing_is_pulled_at_a_time(demo: Path, options: tuple[str, ...]) -> None:
    done = run_command("pull", *options, cwd=demo)

    assert (done.status, "[pull.what]" in done.err) == (2, True)


def test_zero_is_said(demo: Path) -> None:
    done = run_command("pull", "--person", "P-01", "--cut", "cut13", "--json", cwd=demo)
    none = run_command("pull", "--person", "P-02", "--json", cwd=demo)

    assert json.loads(done.out)["foot"][0].endswith("counted once")
    assert json.loads(none.out)["foot"] == ["0 stretches: nothing of it is in a cut of this production"]
