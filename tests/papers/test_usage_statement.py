"""Usage statements of the demo: what a payee reads, and what they can do again."""

import json
from hashlib import sha256
from pathlib import Path

from running import Done, run_command


def statement(demo: Path, *arguments: str) -> Done:
    return run_command("statement", *arguments, cwd=demo)


def test_a_use_whose_consent_was_taken_back_is_a_line_and_in_no_amount(demo: Path) -> None:
    made = json.loads(statement(demo, "P-01", "--cut", "cut13", "--json").out)

    lost = [line for line in made["inputs"]["lines"] if line["agreement"] == "C-01"]
    assert [(line["covered"], line["why"], line["end"] - line["first"]) for line in lost] == [("no", "revoked", 92)]
    assert [one["proposed"] for one in made["money"] if one["agreement"] == "C-01"] == [0]


def test_every_statement_says_which_frames_nobody_can_account_for(demo: Path) -> None:
    made = json.loads(statement(demo, "P-01", "--json").out)

    assert [(one["cut"], one["frames"], one["unaccounted"]) for one in made["inputs"]["unknown"]] == [
        ("cut13", 2160, 84),
        ("cut14", 2160, 84),
    ]


def test_somebody_of_whom_nothing_is_used_gets_zero_in_words(demo: Path) -> None:
    done = statement(demo, "P-06")

    assert "Zero uses of P-06 are on record in cut13, cut14: 0 frames, 0.00 seconds." in done.out
    assert "Training\nNone is on record." in done.out


def test_the_arithmetic_is_done_again_without_a_production(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    assert statement(demo, "L-01", "--working", str(file)).status == 0

    right = run_command("statement", "--check", str(file), cwd=tmp_path)
    told = json.loads(file.read_text())
    told["money"][0]["proposed"] += 1
    file.write_text(json.dumps(told))
    wrong = run_command("statement", "--check", str(file), cwd=tmp_path)

    assert (right.status, "The arithmetic follows" in right.err + right.out) == (0, True)
    assert (wrong.status, "[statement.differs]" in wrong.err) == (11, True)


def test_the_paper_names_the_file_that_goes_with_it(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    done = statement(demo, "P-04", "--working", str(file))

    assert sha256(file.read_bytes()).hexdigest() in done.out


def test_a_rate_card_stands_before_the_agreement(demo: Path, tmp_path: Path) -> None:
    card = tmp_path / "letter.toml"
    card.write_text(
        'title = "Letter"\ncitation = "of today"\n[[rate]]\nunit = "seconds_on_screen"\namount = 100\n'
        'currency = "EUR"\nrounding = "up"\nclause = "3"\nagreement = "L-01"\n'
    )
    made = json.loads(statement(demo, "L-01", "--cut", "cut13", "--rates", str(card), "--json").out)

    (row,) = [one for one in made["money"] if one["unit"] == "seconds_on_screen"]
    assert (row["clause"], row["currency"]) == ("3", "EUR")


def test_names_stand_on_no_statement(demo: Path) -> None:
    done = statement(demo, "P-01")

    assert "P-01" in done.out
    assert "Marrow" not in done.out


def test_what_cannot_be_stated_is_refused(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{}")
    codes = [
        statement(demo, *arguments)
        for arguments in (
            ("P-99",),
            (),
            ("P-01", "--since", "2026-12-01", "--until", "2026-11-01"),
            ("--check", str(tmp_path / "no.json")),
        )
    ]

    assert [(one.status, one.err.rstrip().rpartition("[")[2]) for one in codes] == [
        (21, "statement.payee]"),
        (2, "statement.what]"),
        (20, "statement.period]"),
        (20, "statement.working]"),
    ]
