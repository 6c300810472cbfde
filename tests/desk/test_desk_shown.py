"""What the desk was told can be read back by whoever may, and by nobody else; nothing that is printed moves a cursor."""

import json
from pathlib import Path

import pytest
from desk_at_work import DESCRIPTION, FEE, NAME, REASON, SECRETS, SIGNED, WHOLE, Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "show")


def planted(desk: Desk) -> list[str]:
    """Records of every kind that says something in words; their ids."""
    sheet = desk.file("items.csv", f"item,basis,holder\n{DESCRIPTION},owned,{NAME}\n")
    fee = ("--value", f"amount={FEE}", "--value", "currency=EUR")
    approval = ("desk", "approval", "netflix_written", "--by", "P-04", "--answer", "conditional")
    desk.did("desk", "dataset", f"data of {NAME}", "--new", "--items", sheet)
    desk.did("desk", "model", f"a voice of {NAME}", "--new", "--vendor", FEE)
    return [
        desk.did("desk", "payment", "scan_day", "--about", "P-01", *fee, "--reason", REASON),
        desk.did(*approval, "--conditions", DESCRIPTION),
        desk.did("desk", "document", desk.file(f"{NAME}.txt", "a rider"), "--person", "P-01"),
        desk.did("desk", "tool-terms", "a service", "--vendor", NAME, "--retention-days", "30"),
        *(
            one["record"]
            for one in json.loads(desk.did("desk", "list", "--json"))["records"]
            if one["what"] in ("model", "dataset")
        ),
    ]


def test_a_record_is_shown_with_what_was_said_only_where_that_is_revealed(desk: Desk) -> None:
    ids = planted(desk)
    plain = "".join(desk.did("desk", "show", one) + desk.did("desk", "show", one, "--json") for one in ids)
    # Lines are folded, and where depends on the length of paths.
    told = " ".join(word for one in ids for word in desk.did("desk", "show", one, "--reveal").split())

    assert [secret for secret in SECRETS if secret in plain] == []
    for said in (
        f"amount: {FEE}",
        "currency: EUR",
        f"reason: {REASON}",
        f"conditions: {DESCRIPTION}",
        "retention_days: 30",
    ):
        assert said in told
    assert told.count(NAME) >= 4
    assert (f"{NAME}.txt" in told.replace("%20", " "), DESCRIPTION in told) == (True, True)


def test_the_name_of_a_tool_that_is_not_well_known_is_listed_where_it_is_revealed(desk: Desk) -> None:
    for tool in (f"the booth of {NAME}", "comfyui"):
        desk.did("desk", "tool-terms", tool, "--vendor", "somebody")
    plain = desk.did("desk", "list") + desk.did("desk", "list", "--json")

    assert (NAME in plain, "comfyui" in plain, NAME in desk.did("desk", "list", "--reveal")) == (False, True, True)


def test_the_list_has_amounts_conditions_items_terms_and_names_where_they_are_revealed(desk: Desk) -> None:
    planted(desk)
    plain = desk.did("desk", "list") + desk.did("desk", "list", "--json")
    told = desk.did("desk", "list", "--reveal")
    values = json.loads(desk.did("desk", "list", "--reveal", "--json"))["records"]

    assert [secret for secret in SECRETS if secret in plain] == []
    assert [
        said for said in (FEE, DESCRIPTION, NAME, "retention_days: 30", f"a voice of {NAME}") if said not in told
    ] == []
    assert {one["record"] for one in values if not one["values"]} == set()


def test_what_is_shown_of_a_record_has_its_fact_and_everything_that_followed(desk: Desk) -> None:
    notice = desk.did("desk", "notice", "scan_48h", "--about", "P-01", "--at", "2026-09-28")
    desk.did("desk", "withdraw", notice, "--reason", REASON)
    shown = json.loads(desk.did("desk", "show", notice, "--json"))

    assert [(one["event"], one["person"], one["fact"].get("at")) for one in shown["entries"]] == [
        ("notice.given/1", "P-01", "2026-09-28"),
        ("paper.withdrawn/1", "P-01", None),
    ]
    assert shown["entries"][0]["values"] is None


def test_what_is_no_record_of_the_desk_is_not_shown(desk: Desk) -> None:
    assert desk.refused("desk", "show", "P-01") == (21, "desk.unknown")
    assert desk.refused("desk", "show", "01990000-0000-7000-8000-0000000000a1") == (21, "desk.unknown")


def test_nothing_that_is_revealed_moves_a_cursor_or_turns_a_line_round(desk: Desk) -> None:
    evil = "one\u202etwo\x1b[2Jthree"
    desk.did("consent", "record", "--person", "P-01", *WHOLE[:-2], *SIGNED, "--description", evil, "--grantee", evil)
    determination = desk.did("desk", "determination", "use.deepfake", "no", "--by", "P-04", "--reason", evil)
    told = [
        desk.did("consent", "show", "C-01", "--reveal"),
        desk.did("consent", "list", "--reveal"),
        desk.did("desk", "list", "--reveal"),
        desk.did("desk", "show", determination, "--reveal"),
    ]

    assert [text for text in told if "\x1b" in text or "\u202e" in text] == []
    assert "one\ufffdtwo\ufffd[2Jthree" in told[3]
