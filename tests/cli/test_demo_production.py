"""The spine on the demo film, command by command: what people see, and what programs may build on."""

import csv
import json
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from running import REASONS, run_command

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def schema(name: str) -> dict[str, object]:
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def test_coverage_of_the_demo_holds_for_exactly_the_planted_gaps(made_demo: Path) -> None:
    from edgecode.cli.demo.film import PLANTED

    done = run_command("coverage", "cut13", "--json", cwd=made_demo)
    answer = json.loads(done.out)

    assert done.status == 10
    assert sorted((gap["in"], gap["out"], gap["reason"]) for gap in answer["gaps"]) == sorted(
        (planted.first, planted.end, planted.reason.value) for planted in PLANTED
    )
    assert {planted.reason.value for planted in PLANTED} == REASONS


def test_coverage_json_keeps_its_schema_and_its_sums(made_demo: Path) -> None:
    answer = json.loads(run_command("coverage", "cut13", "--json", cwd=made_demo).out)
    jsonschema.validate(answer, schema("coverage-1"))

    breakdowns = ("by_origin", "by_grade", "by_conform", "by_visibility", "ai")
    assert {name: sum(answer[name].values()) for name in breakdowns} == dict.fromkeys(breakdowns, answer["frames"])
    assert answer["accounted"] + answer["unaccounted"] == answer["frames"] == 2160
    assert sum(answer["mixed"].values()) == answer["by_origin"]["M"]
    assert answer["by_grade"]["none"] == answer["by_conform"]["none"] == answer["unaccounted"]


def test_the_same_question_gives_the_same_bytes(made_demo: Path) -> None:
    assert run_command("coverage", "cut13", "--json", cwd=made_demo) == run_command(
        "coverage", "cut13", "--json", cwd=made_demo
    )


def test_matchback_of_a_dissolve_names_both_sides(made_demo: Path) -> None:
    answer = json.loads(run_command("matchback", "cut13", "01:00:54:14", "--json", cwd=made_demo).out)
    jsonschema.validate(answer, schema("matchback-1"))
    pictures = [one for one in answer["on_screen"] if one["track"] == "V1"]

    assert {one["visibility"] for one in pictures} == {"possible"}
    assert {one["origin"] for one in pictures} == {"M{C,G}", "G"}


def test_an_edge_code_leads_back_to_its_frame(made_demo: Path) -> None:
    by_time = json.loads(run_command("matchback", "cut13", "01:00:05:00", "--json", cwd=made_demo).out)
    code = by_time["on_screen"][0]["version"]["edge_code"]

    by_code = json.loads(run_command("matchback", "cut13", code.lower().replace(" ", "-"), "--json", cwd=made_demo).out)

    assert by_code["found"][0]["id"] == by_time["on_screen"][0]["version"]["id"]


def test_matchback_takes_a_file(made_demo: Path) -> None:
    title = next((made_demo / "media" / "titles").glob("main_title*"))

    answer = json.loads(run_command("matchback", str(title), "--json", cwd=made_demo).out)

    assert [(one["cut"], one["frame"]) for one in answer["on_screen"]] == [("cut13", 24), ("cut14", 24)]


def test_lists_are_csv_without_empty_cells(made_demo: Path) -> None:
    for command in (
        ["cut-list", "cut13"],
        ["missing", "cut13"],
        ["where-used", "garden_of_verses_v2.safetensors"],
    ):
        rows = list(csv.reader(StringIO(run_command(*command, "--csv", cwd=made_demo).out)))

        assert len(rows) > 1 and all(cell for row in rows for cell in row), command


def test_the_conform_csv_is_a_form_with_two_cells_to_fill_in(made_demo: Path) -> None:
    rows = list(csv.DictReader(StringIO(run_command("conform", "cut13", "--csv", cwd=made_demo).out)))

    assert {(row.pop("version"), row.pop("frame")) for row in rows} == {("", "")}
    assert len(rows) > 1 and all(cell for row in rows for cell in row.values())


def test_where_used_follows_a_lora_into_the_comp_made_from_its_pictures(made_demo: Path) -> None:
    direct = json.loads(
        run_command("where-used", "garden_of_verses_v2.safetensors", "--direct", "--json", cwd=made_demo).out
    )
    through = json.loads(run_command("where-used", "garden_of_verses_v2.safetensors", "--json", cwd=made_demo).out)

    assert direct["rows"] == []
    assert {row["clip"] for row in through["rows"]} >= {"garden_dream_v012", "sh0420_comp_v012"}


def test_an_answer_is_a_dry_run_until_yes_and_can_be_taken_back(demo: Path) -> None:
    def unaccounted() -> int:
        return json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)["unaccounted"]

    before = unaccounted()
    run_command("answer", "cut13", "--clip", "sh0512*", "--as", "render", cwd=demo)
    dry = unaccounted()
    recorded = run_command("answer", "cut13", "--clip", "sh0512*", "--as", "render", "--yes", cwd=demo)
    settled = unaccounted()
    identity = recorded.err.split("recorded as ")[1].split(";")[0]
    run_command("answer", "cut13", "--undo", identity, "--yes", cwd=demo)

    assert (dry, settled, unaccounted()) == (before, before - 24, before)


def test_a_person_settles_an_ambiguous_clip_by_csv(demo: Path) -> None:
    sheet = run_command("conform", "cut13", "--open", "--csv", cwd=demo).out
    rows = list(csv.DictReader(StringIO(sheet)))
    listed = json.loads(run_command("conform", "cut13", "--open", "--json", cwd=demo).out)["rows"]
    ambiguous = next(row for row in listed if row["reason"] == "ambiguous")
    for row in rows:
        if row["no"] == str(ambiguous["no"]):
            row["version"] = ambiguous["candidates"][0]
    filled = StringIO()
    writer = csv.DictWriter(filled, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    (demo / "settled.csv").write_text(filled.getvalue(), encoding="utf-8")

    done = run_command("conform", "cut13", "--settle", "settled.csv", "--json", cwd=demo)
    after = {row["no"]: row for row in json.loads(done.out)["rows"]}

    assert after[ambiguous["no"]]["method"] == "declared"
    assert json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)["by_conform"]["declared"] == 14


def test_log_verify_says_unwitnessed_and_31(made_demo: Path) -> None:
    done = run_command("log", "verify", cwd=made_demo)

    assert (done.status, done.out.split()[0]) == (31, "UNWITNESSED")
    assert run_command("log", "verify", "--allow-unwitnessed", cwd=made_demo).status == 0


def test_prompts_are_shown_only_when_asked_for(made_demo: Path) -> None:
    entries = json.loads(run_command("log", "show", "--first", "0", "--json", cwd=made_demo).out)["lines"]
    step = next(
        entry["index"]
        for entry in entries
        if entry["type"].startswith("step.") and entry["about"].startswith("generate")
    )
    sealed = json.loads(run_command("log", "show", str(step), "--json", cwd=made_demo).out)
    revealed = json.loads(run_command("log", "show", str(step), "--reveal", "--json", cwd=made_demo).out)

    def text(entry: dict[str, list[dict[str, str]]]) -> str:
        return next(section["content"] for section in entry["sections"] if section["name"] == "text")

    assert (text(sealed), "garden" in text(revealed)) == ("", True)


def test_the_index_can_be_deleted_at_any_time(demo: Path) -> None:
    before = run_command("coverage", "cut13", "--json", cwd=demo)
    for path in (demo / ".edgecode").glob("index.db*"):
        path.unlink()

    assert run_command("coverage", "cut13", "--json", cwd=demo) == before


def test_a_second_scan_of_the_demo_records_nothing(demo: Path) -> None:
    done = run_command("scan", cwd=demo)

    assert "recorded: nothing new" in done.out


@pytest.mark.parametrize("command", ["coverage", "cut-list", "missing", "questions", "conform"])
def test_an_unknown_cut_is_a_sentence_and_21(made_demo: Path, command: str) -> None:
    done = run_command(command, "cut99", cwd=made_demo)

    assert (done.status, done.out) == (21, "")
    assert "cut99" in done.err and "[cut.unknown]" in done.err and "Traceback" not in done.err


def test_the_dry_run_of_an_undo_takes_nothing_back(demo: Path) -> None:
    recorded = run_command("answer", "cut13", "--clip", "sh0512*", "--as", "render", "--yes", cwd=demo)
    identity = recorded.err.split("recorded as ")[1].split(";")[0]
    before = run_command("coverage", "cut13", "--json", cwd=demo).out
    dry = run_command("answer", "cut13", "--undo", identity, cwd=demo)

    assert "dry run" in dry.err
    assert run_command("coverage", "cut13", "--json", cwd=demo).out == before
    assert run_command("answer", "cut13", "--undo", identity.replace("0", "1"), "--yes", cwd=demo).status == 21


def test_a_question_can_be_looked_at_before_the_kind_is_known(demo: Path) -> None:
    dry = run_command("answer", "cut13", "--clip", "sh0512*", cwd=demo)
    wet = run_command("answer", "cut13", "--clip", "sh0512*", "--yes", cwd=demo)

    assert (dry.status, "sh0512" in dry.out, "--as" in dry.err) == (0, True, True)
    assert (wet.status, "--as" in wet.err) == (2, True)


def test_an_edge_code_alone_leads_back(made_demo: Path) -> None:
    by_time = json.loads(run_command("matchback", "cut13", "01:00:05:00", "--json", cwd=made_demo).out)
    code = by_time["on_screen"][0]["version"]["edge_code"]

    answer = json.loads(run_command("matchback", code, "--json", cwd=made_demo).out)

    assert answer["found"][0]["id"] == by_time["on_screen"][0]["version"]["id"]


def test_the_index_rebuilt_from_the_ledger_equals_the_incremental_one(demo: Path) -> None:
    from edgecode.production import Production

    with Production.open(demo) as production:
        incremental = production.index_dump()
        production.rebuild_index()

        assert production.index_dump() == incremental
        assert incremental.count(b"\n") > 200


def test_a_step_can_be_withdrawn_and_its_frames_are_open_again(demo: Path) -> None:
    before = json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)["unaccounted"]
    shown = json.loads(run_command("matchback", "cut13", "01:00:05:00", "--json", cwd=demo).out)
    step = shown["on_screen"][0]["lineage"][0]["step"]
    done = run_command("record", "--withdraw", step, "--note", "wrong card", cwd=demo)
    after = json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)["unaccounted"]

    assert (done.status, after > before) == (0, True)
    assert run_command("record", "--withdraw", "01990000-0000-7000-8000-000000000000", cwd=demo).status == 21
