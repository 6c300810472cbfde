"""End-credit lines of the demo: what they stand on, and how one is left out."""

import json
import shutil
from pathlib import Path

from running import Done, run_command


def lines(folder: Path, *arguments: str) -> dict[str, dict[str, str]]:
    """The rows of the paper by group; of several of a group the first."""
    done = run_command("credits", "cut13", *arguments, "--json", cwd=folder)
    assert done.status == 0, done.err
    (table,) = json.loads(done.out)["blocks"]
    found: dict[str, dict[str, str]] = {}
    for row in table["rows"]:
        found.setdefault(row[1], dict(zip(table["columns"], row, strict=True)))
    return found


def test_every_generated_cue_stands_behind_a_line(demo: Path) -> None:
    cues = json.loads(run_command("cue-sheet", "cut13", "--json", cwd=demo).out)
    (table,) = [block for block in cues["blocks"] if block["type"] == "table"]
    numbers = {row[0] for row in table["rows"]}

    said = " ".join(line["Because"] for line in lines(demo).values()).replace(",", " ").replace(";", " ").split()
    assert numbers
    assert numbers <= set(said)


def test_a_voice_whose_consent_was_taken_back_is_a_question_and_no_credit(demo: Path) -> None:
    line = lines(demo)["Recreated people"]

    assert line["Credit text"] == "The voice of P-01 recreated"
    assert line["Include"].startswith("question: on which consent? C-01 (revoked")


def test_a_line_is_left_out_by_a_member_with_a_reason_and_stays_on_the_paper(demo: Path, tmp_path: Path) -> None:
    show = Path(shutil.copytree(demo, tmp_path / "demo", symlinks=True))
    key = lines(show)["Generated picture"]["Key"]

    def decide(*arguments: str) -> Done:
        return run_command("credits", "cut13", *arguments, cwd=show)

    wordless = decide("--omit", key, "--by", "P-07")
    stranger = decide("--omit", key, "--by", "P-02", "--reason", "no room")
    unknown = decide("--omit", "zz", "--by", "P-07", "--reason", "no room")
    omitted = decide("--omit", key[:8], "--by", "P-07", "--reason", "no room on the card")
    out = lines(show)["Generated picture"]["Include"]
    revealed = lines(show, "--reveal")["Generated picture"]["Include"]
    again = decide("--set", key, "--by", "P-07", "--reason", "there is room")

    assert [one.err.rstrip().rpartition("[")[2] for one in (wordless, stranger, unknown)] == [
        "credits.reason]",
        "member.unknown]",
        "credits.no_line]",
    ]
    assert (omitted.status, again.status) == (0, 0), omitted.err + again.err
    assert out.startswith("no: omitted by P-07 on ")
    assert ("no room on the card" in out, "no room on the card" in revealed) == (False, True)
    assert lines(show)["Generated picture"]["Include"] == "yes"


def test_no_name_stands_in_the_credits(demo: Path) -> None:
    assert "Marrow" not in run_command("credits", "cut13", cwd=demo).out


def test_frames_of_which_nobody_knows_are_said_under_the_credits(demo: Path) -> None:
    (table,) = json.loads(run_command("credits", "cut13", "--json", cwd=demo).out)["blocks"]
    ai = json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)["ai"]

    assert ai["unknown"] > 0
    assert any(f"a model had a hand in {ai['unknown']:,} frames of picture" in line for line in table["foot"])
