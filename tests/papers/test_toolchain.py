"""The toolchain register of the demo: unknowns first, frames as coverage has them, and a public page without anybody's name."""

import json
from pathlib import Path

import pypdfium2
import pytest

from running import run_command

PLANTED = ("verse_voice", "garden_of_verses", "P-01", "P-0", "Marrow", "garden_dream", ".png", "/", "seed")
"""A model of one person, one of which nobody said, aliases, a name, sources, paths."""


def table(demo: Path, *options: str) -> dict[str, list[str]]:
    done = run_command("toolchain", "cut13", *options, "--json", cwd=demo)
    assert (done.status, done.err) == (0, "")
    found = next(block for block in json.loads(done.out)["blocks"] if block["type"] == "table")
    columns = {name: [row[at] for row in found["rows"]] for at, name in enumerate(found["columns"])}
    return columns | {"lead": found["lead"], "foot": found["foot"]}


def test_lines_with_unknowns_come_first_and_what_nobody_knows_is_counted_above(demo: Path) -> None:
    found = table(demo)

    assert found["Unknowns"] == sorted(found["Unknowns"], key=lambda said: said == "none")
    assert found["lead"][0] == "UNKNOWN: of 60 frames of picture nobody knows whether a model had a hand in them."


def test_the_frames_that_models_touched_are_those_of_coverage(demo: Path) -> None:
    ai = json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)["ai"]

    said = table(demo)["foot"][0]

    assert f"generative {ai['generative']:,}, assistive alone {ai['assistive']:,}" in said
    assert said.startswith(f"Models had a hand in {ai['generative'] + ai['assistive']:,} of 2,160 frames")


def test_no_cell_is_empty_and_the_register_ends_with_its_evidence(demo: Path) -> None:
    found = table(demo)

    assert list(found)[-5:-2] == ["Edge code", "Grade", "Ledger no."]
    assert all(all(cells) for cells in found.values())


def test_a_model_without_a_described_training_set_is_a_question(demo: Path) -> None:
    found = table(demo)

    asked = [
        data
        for model, data in zip(found["Model"], found["Training data"], strict=True)
        if model.startswith("meadowlight")
    ]

    assert asked == ["question: what was it trained on?"]


@pytest.mark.parametrize("form", ["json", "txt", "csv", "html"])
def test_nothing_that_names_somebody_is_on_the_public_page(demo: Path, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"public.{form}"
    done = run_command("toolchain", "cut13", "--public", "--to", str(file), cwd=demo)
    said = file.read_text("utf-8")
    planted = [word for word in PLANTED if word != "/" and word in said]

    assert (done.status, planted) == (0, [])


def test_the_public_page_is_one_page_with_its_proof(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "public.pdf"
    run_command("toolchain", "cut13", "--public", "--to", str(file), cwd=demo)
    document = pypdfium2.PdfDocument(file)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()

    assert len(pages) == 1
    assert "proof" in pages[0] and "a model of one person (name withheld)" in pages[0]
    assert [
        word for word in PLANTED if word in ("verse_voice", "garden_of_verses", "Marrow") and word in pages[0]
    ] == []


def test_settings_are_shown_by_the_ledgers_salted_commitment_alone(demo: Path) -> None:
    found = table(demo)["Settings commitment"]

    assert any(len(said.split(" ")[0]) == 16 for said in found)
    assert "Settings commitment" not in table(demo, "--public")
