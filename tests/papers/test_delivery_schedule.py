"""The delivery schedule: ticked by the bytes of files, let off only with a name and a reason, gaps as the record has them."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from edgecode.answers.registers.schedule import parse_handed, parse_schedule, shipped_schedule
from edgecode.errors import InputError
from running import run_command

MASTER = b"a master"
EXHIBITS = """
[1]
file = "master.mov"
date = "2026-11-30"

[4]
waived = true
by = "producer"
why = "the label is not claimed"

[6]
not_required = true
by = "legal"
why = "the buyer takes the cue sheet"
"""


def schedule(demo: Path, *options: str) -> dict[str, dict[str, str]]:
    done = run_command("schedule", "cut13", *options, "--json", cwd=demo)
    assert (done.status, done.err) == (0, "")
    table = next(block for block in json.loads(done.out)["blocks"] if block["type"] == "table")
    return {row[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}


def test_an_exhibit_is_ticked_by_the_bytes_of_its_file(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "master.mov").write_bytes(MASTER)
    (tmp_path / "exhibits.toml").write_text(EXHIBITS)
    rows = schedule(demo, "--exhibits", str(tmp_path / "exhibits.toml"))

    assert (rows["1"]["File"], rows["1"]["SHA-256"], rows["1"]["Status"]) == (
        "master.mov",
        sha256(MASTER).hexdigest(),
        "delivered",
    )
    assert rows["4"]["Status"] == "waived (by producer: the label is not claimed)"
    assert rows["6"]["Status"] == "not required (by legal: the buyer takes the cue sheet)"
    assert rows["2"]["Status"] == "open"


def test_a_delivered_master_still_says_what_the_record_lacks(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "master.mov").write_bytes(MASTER)
    (tmp_path / "exhibits.toml").write_text(EXHIBITS)
    rows = schedule(demo, "--exhibits", str(tmp_path / "exhibits.toml"))

    assert rows["1"]["Gaps"] == "coverage 84 frames short; no delivery of these bytes is on record"
    assert rows["5"]["Gaps"] == "9 findings hold delivery (REFUSED)"
    assert rows["8"]["Gaps"] == "not witnessed"


def test_nothing_is_ticked_whose_file_is_not_there(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "exhibits.toml").write_text(EXHIBITS)
    done = run_command("schedule", "cut13", "--exhibits", str(tmp_path / "exhibits.toml"), cwd=demo)

    assert (done.status, "[schedule.no_file]" in done.err) == (20, True)


def test_a_schedule_of_the_buyers_own_is_taken(demo: Path, tmp_path: Path) -> None:
    buyer = tmp_path / "buyer.toml"
    buyer.write_text(
        'title = "Buyer"\ncitation = "contract 12"\n[[exhibit]]\nno = "A1"\nitem = "Master"\nneeds = "coverage"\nessential = true\n'
    )
    rows = schedule(demo, "--buyer", str(buyer))

    assert [(row["Exhibit"], row["Essential"], row["Status"]) for row in rows.values()] == [("A1", "*", "open")]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("[99]\nfile='a'", "schedule.malformed"),
        ("[1]\nwaived=true\nby='x'", "schedule.who"),
        ("[1]\nnot_required=true\nwhy='x'", "schedule.who"),
        ("[1]\nfile='a'\nwaived=true\nby='x'\nwhy='y'", "schedule.malformed"),
        ("[1]\ndate='2026-01-01'", "schedule.malformed"),
        ("[1]\ncompliant=true", "schedule.malformed"),
    ],
)
def test_what_is_said_of_an_exhibit_is_read_strictly(written: str, code: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_handed(written.encode(), shipped_schedule(), name="exhibits.toml")

    assert raised.value.code == code


@pytest.mark.parametrize(
    "written",
    [
        "title='a'\ncitation='b'\nexhibit=[]",
        "x",
        "title='a'\ncitation='b'\n[[exhibit]]\nno='1'\nitem='a'\n[[exhibit]]\nno='1'\nitem='b'",
    ],
)
def test_two_exhibits_of_one_number_or_none_are_no_schedule(written: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_schedule(written.encode(), name="buyer.toml")

    assert raised.value.code == "schedule.malformed"
