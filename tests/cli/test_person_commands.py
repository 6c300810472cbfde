"""The commands about people: what they print, what they refuse, and that names come out with --reveal alone."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from running import run_command

NAME = "Wilhelmina Oxenstierna"
ORDER = ("--requested", "2026-11-20", "--requester", "person", "--verified", "in-person", "--ground", "objection")


@pytest.fixture
def noted(film: Path) -> Path:
    for words in (
        ("add", "--name", NAME, "--contact", "email=mina@oxen.example"),
        ("note", "P-01", "--class", "agreement", "fee=900 EUR"),
        ("depicted", "P-01", "--version", "sound/A002C002.wav", "--how", "heard"),
    ):
        done = run_command("person", *words, cwd=film)
        assert done.status == 0, done.err
    return film


def test_names_are_printed_with_reveal_alone(noted: Path) -> None:
    printed = "list", "list --json", "list --reveal", "list --reveal --json", "show P-01", "holds", "show P-01 --reveal"
    said = {words: run_command("person", *words.split(), cwd=noted).out for words in printed}

    assert [words for words, out in said.items() if NAME in out] == ["list --reveal", "show P-01 --reveal"]
    assert said["list"].startswith("P-01   1 agreement, 1 contact, 1 identity, 1 likeness")


def test_what_a_field_of_ones_own_is_called_is_printed_with_reveal_alone(noted: Path) -> None:
    plain, told = (run_command("person", "show", "P-01", *words, cwd=noted).out for words in ((), ("--reveal",)))

    assert ("fee" in plain, "1 field whose name is revealed only" in plain, "fee: 900 EUR" in told) == (
        False,
        True,
        True,
    )


@pytest.mark.parametrize(
    "words",
    [
        ("person", "hold", "P-01", "--why", NAME, "--keep", "identity"),
        ("person", "depicted", "P-01", "--version", "a.wav", f"--how={NAME}"),
        ("person", "add", "--name", *NAME.split()),
        ("person", "depicted", "P-01", "--version", "a.wav", "--in", NAME),
    ],
)
def test_a_wrong_value_is_not_repeated_because_it_may_be_a_name(film: Path, words: tuple[str, ...]) -> None:
    done = run_command(*words, cwd=film)

    assert (done.status, [part for part in NAME.split() if part in done.err]) == (2, [])


@pytest.mark.parametrize("name", ["Ann\nBeth", "Ann\x1b[2J", "Ann\tBeth"])
def test_a_name_is_one_line_of_plain_text(film: Path, name: str) -> None:
    done = run_command("person", "add", "--name", name, cwd=film)

    assert (done.status, "[person.control]" in done.err, "Beth" in done.err) == (20, True, False)


def test_an_order_without_the_offer_of_their_own_record_is_refused(noted: Path) -> None:
    done = run_command("person", "erase", "P-01", *ORDER, "--order", "order.json", cwd=noted)

    assert (done.status, "[erasure.record_copy]" in done.err, (noted / "order.json").exists()) == (2, True, False)


def test_an_order_says_what_goes_and_never_takes_the_place_of_another(noted: Path) -> None:
    words = ("person", "erase", "P-01", *ORDER, "--record-copy", "declined", "--order", "order.json")
    first, again = run_command(*words, cwd=noted), run_command(*words, cwd=noted)

    assert (first.status, again.status, "[erasure.unwritten]" in again.err) == (0, 20, True)
    assert "whole; nothing is erased yet" in first.out
    assert NAME not in (noted / "order.json").read_text()


def test_an_unapproved_order_holds(noted: Path) -> None:
    run_command("person", "erase", "P-01", *ORDER, "--record-copy", "declined", "--order", "order.json", cwd=noted)
    done = run_command("person", "erase", "--order", "order.json", cwd=noted)

    assert (done.status, "[erasure.unapproved]" in done.err) == (10, True)


def test_matchback_prints_the_alias(noted: Path, made_demo: Path) -> None:
    done = run_command("matchback", str(made_demo / "media" / "sound" / "A002C002.wav"), cwd=noted)

    assert done.status == 0, done.err
    assert "people: P-01 (heard)" in done.out


def test_a_personal_section_is_not_disclosed_in_clear(noted: Path) -> None:
    entry = run_command("person", "show", "P-01", cwd=noted).out.split("entry ")[1].split()[0]
    done = run_command("log", "disclose", entry, "person", "--out", "open.zip", cwd=noted)

    assert (done.status, "[disclosure.unsealed]" in done.err, (noted / "open.zip").exists()) == (11, True, False)


def test_a_code_retired_by_a_declaration_is_taken_with_reveal_alone(noted: Path, made_demo: Path) -> None:
    sound = str(made_demo / "media" / "sound" / "A002C002.wav")
    old = run_command("where-used", sound, cwd=noted).out
    code = json.loads(run_command("matchback", sound, "--json", cwd=noted).out)["found"][0]["edge_code"]
    run_command("person", "depicted", "P-01", "--version", sound, "--how", "likeness-source", "--biometric", cwd=noted)
    said = {
        words: run_command(*words, cwd=noted)
        for command in ("matchback", "where-used")
        for words in ((command, code), (command, code, "--reveal"))
    }
    digest = sha256(Path(sound).read_bytes()).hexdigest()

    assert {words: done.status for words, done in said.items()} == {
        ("matchback", code): 21,
        ("matchback", code, "--reveal"): 0,
        ("where-used", code): 21,
        ("where-used", code, "--reveal"): 0,
    }
    assert old != ""
    assert not any(digest in done.out for done in said.values())
    assert sum(done.out.count(code) for done in said.values()) <= 2, (
        "the code is named where it was asked for, and not as theirs"
    )
