"""Forms of others on the demo: what the record leaves open stays a question, and forgetting never answers one."""

import json
from pathlib import Path

import pytest

from edgecode.answers.forms.answering import ANSWERS
from edgecode.answers.forms.preset import parse_preset, shipped, shipped_names
from edgecode.errors import InputError
from edgecode.production import Production
from running import run_command

ASKS = frozenset(ANSWERS)


@pytest.fixture(scope="module")
def forgotten(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same film in a production that knows nothing of people, agreements, tools, disclosures and determinations."""
    folder = tmp_path_factory.mktemp("film") / "film"
    with Production.create(folder, title="The Last Verse") as production:
        production.scan([demo / "media"])
        production.record_lines((demo / "records" / "steps.ndjson").read_bytes().splitlines())
        production.add_cut([demo / "cut" / "last_verse_cut13.otio"], name="cut13")
    return folder


def states(folder: Path, preset: str) -> dict[str, str]:
    done = run_command("form", "fill", "cut13", "--preset", preset, "--json", cwd=folder)
    assert (done.status, done.err) == (0, "")
    form = next(block for block in json.loads(done.out)["blocks"] if block["type"] == "form")
    assert all(row["answer"] and row["because"] for row in form["rows"])
    return {row["question"]: row["state"] for row in form["rows"]}


@pytest.mark.parametrize("preset", shipped_names())
def test_forgetting_the_desk_answers_no_question_that_was_open(demo: Path, forgotten: Path, preset: str) -> None:
    known, forgot = states(demo, preset), states(forgotten, preset)

    assert [question for question, state in known.items() if state == "open" and forgot[question] != "open"] == []


@pytest.mark.parametrize("preset", shipped_names())
def test_a_cut_with_unaccounted_frames_answers_no_question_of_how_many(demo: Path, preset: str) -> None:
    asked = {
        one.question
        for one in shipped(preset, asks=ASKS).questions
        if one.asks in ("generated_frames", "determination", "record")
    }

    assert {state for question, state in states(demo, preset).items() if question in asked} == {"open"}


def test_the_tier_of_a_film_with_generated_picture_is_three(demo: Path) -> None:
    done = run_command("form", "fill", "cut13", "--preset", "human-provenance", "--json", cwd=demo)
    rows = next(block for block in json.loads(done.out)["blocks"] if block["type"] == "form")["rows"]

    assert rows[0]["answer"].startswith("3, generative AI")


def test_a_replica_whose_consent_was_taken_back_leaves_its_question_open(demo: Path) -> None:
    assert (
        states(demo, "netflix-2025")["Principle 5: is talent replaced or replicated, and with whose consent?"] == "open"
    )


def test_every_form_that_ships_names_its_source_and_asks_only_what_the_record_can_be_asked() -> None:
    for name in shipped_names():
        preset = shipped(name, asks=ASKS)
        assert preset.citation and preset.edition and preset.issuer and preset.note


@pytest.mark.parametrize(
    "written",
    [
        b"title = 1",
        b"not toml",
        b"\xff\xfe",
        b'title="a"\nissuer="a"\nedition="a"\ncitation="a"\nconfidence="high"\nquestion=[]',
        b'title="a"\nissuer="a"\nedition="a"\ncitation="a"\nconfidence="sure"\n[[question]]\nquestion="q"\nasks="tools"',
        b'title="a"\nissuer="a"\nedition="a"\ncitation="a"\nconfidence="high"\n[[question]]\nquestion="q"\nasks="everything"',
        b'title="a"\nissuer="a"\nedition="a"\ncitation="a"\nconfidence="high"\nverdict="compliant"\n[[question]]\nquestion="q"\nasks="tools"',
    ],
)
def test_what_is_no_form_is_refused_by_a_code(written: bytes) -> None:
    with pytest.raises(InputError) as raised:
        parse_preset(written, name="mine.toml", asks=ASKS)

    assert raised.value.code == "form.malformed"


def test_a_form_of_ones_own_is_filled(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'title="Ours"\nissuer="Us"\nedition="1"\ncitation="p. 3"\nconfidence="low"\n[[question]]\nquestion="Tools?"\nasks="tools"\n'
    )
    done = run_command("form", "fill", "cut13", "--file", str(file), cwd=demo)

    assert (done.status, "Transcribed with low confidence" in done.out, "Echo Bench 2.0" in done.out) == (0, True, True)


@pytest.mark.parametrize(("options", "code"), [(("--preset", "none-such"), "form.unknown"), ((), "form.which")])
def test_which_form_is_meant_has_to_be_said(demo: Path, options: tuple[str, ...], code: str) -> None:
    done = run_command("form", "fill", "cut13", *options, cwd=demo)

    assert f"[{code}]" in done.err
