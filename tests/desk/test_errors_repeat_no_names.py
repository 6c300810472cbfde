"""What somebody typed where a name could stand is never repeated: messages are copied into mails and logs."""

from pathlib import Path

import pytest
from desk_at_work import NAME, WHOLE, Desk, desk_in

WHY = ("--reason", "r")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = desk_in(tmp_path / "show")
    desk.did("consent", "record", "--person", "P-01", *WHOLE)
    return desk


@pytest.mark.parametrize(
    "words",
    [
        ("desk", "determination", "use.deepfake", "no", "--by", NAME, *WHY),
        ("desk", "determination", "use.deepfake", "no", "--by", "P-04", "--about", NAME, *WHY),
        ("desk", "approval", "netflix_written", "--by", NAME),
        ("desk", "notice", "scan_48h", "--at", NAME),
        ("desk", "maker", NAME, "--version", "x"),
        ("desk", "cut-state", NAME, "locked"),
        ("desk", "model", NAME),
        ("desk", "withdraw", NAME, *WHY),
        ("waive", NAME, "--by", NAME, "--until", "2027-01-01", *WHY),
        ("packs", "off", "usco", "--by", NAME, *WHY),
        ("consent", "show", NAME),
        ("consent", "revoke", NAME, *WHY),
        ("consent", "impact", NAME),
        ("license", "show", NAME),
        ("where-used", NAME),
        ("where-used", "--consent", NAME),
        ("matchback", NAME),
        ("matchback", "reel1", NAME),
        ("check", NAME),
        ("person", "show", NAME),
    ],
)
def test_what_was_typed_where_a_name_could_stand_is_not_repeated(desk: Desk, words: tuple[str, ...]) -> None:
    done = desk.run(*words)

    assert done.status != 0
    assert NAME not in done.err + done.out
    assert "Wilhelmina" not in done.err + done.out


def test_an_alias_a_label_and_the_name_of_a_cut_are_repeated_because_they_help(desk: Desk) -> None:
    refused = [
        desk.run("desk", "determination", "use.deepfake", "no", "--by", "P-77", *WHY).err,
        desk.run("consent", "show", "C-77").err,
        desk.run("check", "reel77").err,
    ]

    assert ["P-77" in refused[0], "C-77" in refused[1], "reel77" in refused[2]] == [True, True, True]
