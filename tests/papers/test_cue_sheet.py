"""The AI cue sheet of the demo: its sums are those of coverage, its cells all say something, prompts stay sealed."""

import json
from pathlib import Path

import pypdfium2
import pytest

from running import run_command


def sheet(demo: Path, *options: str) -> dict[str, list[str]]:
    """The table's columns, by name."""
    done = run_command("cue-sheet", "cut13", *options, "--json", cwd=demo)
    assert (done.status, done.err) == (0, "")
    table = next(block for block in json.loads(done.out)["blocks"] if block["type"] == "table")
    return {name: [row[at] for row in table["rows"]] for at, name in enumerate(table["columns"])} | {
        "foot": table["foot"]
    }


def test_the_frames_under_the_cues_are_those_that_coverage_counts(demo: Path) -> None:
    ai = json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)["ai"]

    foot = sheet(demo)["foot"][0]

    assert f"Picture: {ai['generative'] + ai['assistive']:,} frames" in foot
    assert (
        f"a generative model had a hand in {ai['generative']:,}, an assistive one alone in {ai['assistive']:,}" in foot
    )


@pytest.mark.parametrize("preset", ["house", "apa"])
def test_no_cell_of_the_cue_sheet_is_empty_and_it_ends_with_its_evidence(demo: Path, preset: str) -> None:
    found = sheet(demo, "--preset", preset)
    found.pop("foot")

    assert list(found)[-3:] == ["Edge code", "Grade", "Ledger no."]
    assert [name for name, cells in found.items() if not all(cells)] == []


def test_cues_are_numbered_by_reel_and_stand_in_the_order_of_the_cut(demo: Path) -> None:
    found = sheet(demo)

    assert found["Cue"] == [f"1A{number}" for number in range(1, len(found["Cue"]) + 1)]
    assert found["In"] == sorted(found["In"])


def test_the_voice_names_whose_it_is_and_that_the_consent_is_taken_back(demo: Path) -> None:
    found = sheet(demo)
    at = found["What is seen / heard"].index("the last verse, voice")

    assert (found["Use"][at], found["Person depicted"][at], found["Consent no."][at]) == (
        "voice",
        "P-01 (heard)",
        "C-01 (revoked)",
    )
    assert found["Grade"][at] == "logged"


def test_a_source_without_a_license_is_a_question_and_never_a_blank(demo: Path) -> None:
    found = sheet(demo)
    at = found["What is seen / heard"].index("garden_dream_v012")

    assert found["Copyright status of the source"][at].startswith("question: ")


def test_prompts_are_printed_only_where_they_are_asked_for(demo: Path) -> None:
    sealed, revealed = sheet(demo)["Prompt"], sheet(demo, "--reveal")["Prompt"]

    assert set(sealed) == {"sealed", "not recorded"}
    assert [told == "not recorded" for told in revealed] == [told == "not recorded" for told in sealed]
    assert "sealed" not in revealed


def test_the_apa_grid_has_the_columns_that_it_asks_for(demo: Path) -> None:
    assert list(sheet(demo, "--preset", "apa"))[1:4] == ["Description", "Timecode in", "Timecode out"]


def test_a_reel_that_the_cut_does_not_have_is_said(demo: Path) -> None:
    done = run_command("cue-sheet", "cut13", "--reel", "9", cwd=demo)

    assert (done.status, "[cut.no_such_reel]" in done.err) == (21, True)


def test_the_sheet_with_pictures_is_one_tagged_document_and_the_same_bytes_twice(demo: Path, tmp_path: Path) -> None:
    files = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for file in files:
        done = run_command("cue-sheet", "cut13", "--pictures", "--to", str(file), cwd=demo)
        assert (done.status, done.err) == (0, "")

    document = pypdfium2.PdfDocument(files[0])
    pictures = sum(
        1 for page in document for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    )
    document.close()

    assert files[0].read_bytes() == files[1].read_bytes()
    assert pictures == len(sheet(demo)["Cue"])
