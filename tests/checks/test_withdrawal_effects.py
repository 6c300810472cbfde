"""What taking an agreement back does to each use, and that the page on the life of a consent says the same as the code."""

from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from checks.desk_record import Desk
from edgecode.checks.lifecycle import TRANSITIONS
from edgecode.checks.withdrawals import (
    EFFECTS,
    MADE_SINCE,
    MADE_UNKNOWN,
    NEXT_STEPS,
    Bucket,
    Effect,
    Mode,
    UseEffect,
    bucket_of,
    effect_of,
)
from edgecode.terms.rights import AgreementState, Revocation, Terms

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "consent-lifecycle.md"


def table(name: str) -> list[list[str]]:
    """The rows of a table of the page, without its head."""
    body = PAGE.read_text("utf-8").partition(f"<!-- {name} -->")[2].partition("<!-- end -->")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body.strip().splitlines()[2:]]


def test_the_page_shows_every_move_as_it_is() -> None:
    everything = set(get_args(AgreementState))
    expected = []
    for move, row in TRANSITIONS.items():
        for after in dict.fromkeys(row.values()):
            before = sorted(state for state in row if row[state] == after)
            expected.append([move, "any" if set(before) == everything else ", ".join(before), after])
        expected += [[move, "any", "the same"]] if not row else []

    assert table("moves") == expected


def test_the_page_shows_every_effect_and_its_next_step_as_they_are() -> None:
    effects = [[mode or "does not say", *(row[bucket] for bucket in get_args(Bucket))] for mode, row in EFFECTS.items()]

    assert table("effects") == effects
    assert table("steps") == [[effect, step] for effect, step in NEXT_STEPS.items()]
    assert [step in PAGE.read_text("utf-8").replace("\n", " ") for step in (MADE_SINCE, MADE_UNKNOWN)] == [True, True]


def test_every_mode_of_a_clause_says_what_becomes_of_every_bucket() -> None:
    modes = {mode for part in get_args(Mode) for mode in (get_args(part) or (None,))}

    assert (set(EFFECTS), {tuple(row) for row in EFFECTS.values()}) == (modes, {get_args(Bucket)})
    assert set(NEXT_STEPS) == set(get_args(Effect))


@pytest.mark.parametrize("mode", list(EFFECTS))
def test_nothing_new_is_made_after_a_revocation_whatever_the_clause_says(mode: Mode) -> None:
    assert EFFECTS[mode]["not_generated"] == "block"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path / "show")
    desk.person()
    return desk


def effects(desk: Desk, clause: Revocation) -> dict[str, UseEffect | None]:
    """What a revocation from 2026-10-01 does to a use in each bucket."""
    consent = desk.consent("use_this_work", "train", terms=Terms(revocation=clause))
    desk.move(consent, "revoked", "2026-10-01")
    agreement, use = desk.agreement(consent), desk.use(made_on="2026-09-30")
    cases = {
        "late": (desk.use(made_on="2026-10-01"), frozenset[str]()),
        "made": (use, frozenset[str]()),
        "undated": (replace(use, made=0), frozenset[str]()),
        "locked": (use, frozenset({"locked"})),
        "delivered": (use, frozenset({"locked", "delivered"})),
        "trained": (replace(use, kind="train"), frozenset({"released"})),
    }
    return {name: effect_of(agreement, one, states, "2026-11-23") for name, (one, states) in cases.items()}


def test_uses_fall_into_buckets_by_where_they_stood_and_do_what_the_clause_says(desk: Desk) -> None:
    found = effects(desk, Revocation("withdraw_unreleased", models="delete_by", models_by="2027-01-31", clause="§ 9"))

    assert {name: one and (one.bucket, one.effect, one.by) for name, one in found.items()} == {
        "late": ("made_since", "block", ""),
        "made": ("generated_unlocked", "withdraw", ""),
        "undated": ("made_unknown", "withdraw", ""),
        "locked": ("locked", "withdraw", ""),
        "delivered": ("released", "case", ""),
        "trained": ("trained", "delete", "2027-01-31"),
    }
    assert found["made"] == UseEffect(
        "generated_unlocked", "withdraw", "withdraw_unreleased", "2026-10-01", "§ 9", NEXT_STEPS["withdraw"]
    )


def test_what_was_made_since_is_taken_out_and_what_is_not_there_is_not_made(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "revoked", "2026-10-01")
    agreement, since = desk.agreement(consent), desk.use(made_on="2026-10-02")
    nothing = replace(since, made=0, version="", spans=())
    found = [effect_of(agreement, use, frozenset(), "2026-11-23") for use in (since, nothing)]

    assert [one and (one.bucket, one.next_step) for one in found] == [
        ("made_since", MADE_SINCE),
        ("not_generated", NEXT_STEPS["block"]),
    ]


def test_what_was_made_nobody_knows_when_is_neither_called_new_nor_finished(desk: Desk) -> None:
    consent = desk.consent("use_this_work", "train", terms=Terms(revocation=Revocation("prospective", models="keep")))
    desk.move(consent, "revoked", "2026-10-01")
    agreement, use = desk.agreement(consent), desk.use(made_on="2026-09-30")
    behind = replace(use, entered=max(move.log_index for move in agreement.moves) + 1)
    undated, released = replace(use, made=0), frozenset({"released"})
    found = [effect_of(agreement, one, released, "2026-11-23") for one in (undated, behind, use)]
    weights = [effect_of(agreement, replace(one, kind="train"), released, "2026-11-23") for one in (undated, use)]

    assert [one and (one.bucket, one.effect, one.next_step) for one in found] == [
        ("made_unknown", "hold", MADE_UNKNOWN),
        ("made_unknown", "hold", MADE_UNKNOWN),
        ("released", "continue", NEXT_STEPS["continue"]),
    ]
    assert [one and (one.bucket, one.effect) for one in weights] == [("made_unknown", "hold"), ("trained", "keep")]


def test_a_clause_with_notice_says_until_when_it_runs(desk: Desk) -> None:
    found = effects(
        desk, Revocation("prospective_with_notice", notice_days=90, released_copies="best_efforts_withdraw")
    )

    assert {name: one and (one.effect, one.by) for name, one in found.items()} == {
        "late": ("block", "2026-12-30"),
        "made": ("hold", "2026-12-30"),
        "undated": ("hold", "2026-12-30"),
        "locked": ("approve", "2026-12-30"),
        "delivered": ("withdraw", "2026-12-30"),
        "trained": ("hold", ""),
    }


def test_nothing_follows_from_what_was_not_taken_back_yet_or_for_another_act(desk: Desk) -> None:
    consent = desk.consent("use_this_work", "train")
    desk.move(consent, "revoked", "2026-10-01", acts=("train",))
    agreement, use = desk.agreement(consent), desk.use()

    assert [
        effect_of(agreement, use, frozenset(), "2026-11-23", act="use_this_work"),
        effect_of(agreement, use, frozenset(), "2026-09-30", act="train"),
    ] == [None, None]
    assert effect_of(agreement, use, frozenset(), "2026-11-23", act="train") is not None


def test_what_nobody_has_made_is_not_generated(desk: Desk) -> None:
    assert bucket_of(replace(desk.use(), version="", made=0), frozenset(), "2026-10-01") == "not_generated"
