"""What taking an agreement back reaches: buckets by where a use stood, effects by the agreement's own clause, frames that add up."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.answers.agreements.impact import Impact
from edgecode.answers.agreements.impact_text import COLUMNS, impact_sheet, summary
from edgecode.answers.layout.sheets import read_sheet_csv, sheet_csv
from edgecode.production.agreements.impact import impact
from edgecode.production.agreements.moves import MoveDraft, move_agreement
from edgecode.production.desk.uses import move_cut
from questions.story_at_rest import production_of
from stories.story_run import Telling

CLAUSE = "8.2 unreleased material waits for the parties to agree"
BEFORE = -3
"""Without the new consent, and with the revocation: the story's entries up to there."""


def reached(telling: Telling, *, on: str = "", reveal: bool = False) -> Impact:
    return impact(telling.production, "C-01", kind="consent", on=on, reveal=reveal)


def buckets(answer: Impact) -> dict[str, tuple[int, int, int]]:
    return {one.bucket: (one.uses, one.cuts, one.frames) for one in answer.sums}


def test_a_use_in_a_locked_cut_is_withdrawn_by_its_clause_and_its_model_stays(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=BEFORE) as telling:
        answer = reached(telling)

    seen = [(one.kind, one.states, one.bucket, one.effect, one.frames) for one in answer.uses]
    places = [(place.in_, place.out, place.in_tc, place.out_tc) for one in answer.uses for place in one.places]
    assert (answer.supposed, answer.on, seen) == (
        False,
        "2026-11-20",
        [
            ("replica_use", ("locked",), "locked", "withdraw", 40),
            ("train", ("locked",), "trained", "keep", 40),
        ],
    )
    assert (places, answer.frames) == ([(4, 44, "01:00:00:04", "01:00:01:20")] * 2, 40)
    assert [(one.name, one.effect, one.frames) for one in answer.models] == [("ada_voice.safetensors", "keep", 40)]


def test_a_clock_that_is_behind_makes_no_withdrawal_a_supposed_one(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=BEFORE) as telling:
        telling.clock.day = "2026-11-12"
        answer = reached(telling)

    assert (answer.today, answer.on, answer.supposed) == ("2026-11-20", "2026-11-20", False)


@pytest.mark.parametrize(
    ("day", "bucket", "effect"),
    [
        ("2026-10-09", "made_since", "block"),
        ("2026-10-10", "made_since", "block"),
        ("2026-10-11", "generated_unlocked", "withdraw"),
        ("2026-11-09", "generated_unlocked", "withdraw"),
        ("2026-11-10", "locked", "withdraw"),
        ("2026-11-29", "locked", "withdraw"),
        ("2026-11-30", "released", "case"),
    ],
)
def test_the_day_decides_which_bucket_a_use_falls_in(day: str, bucket: str, effect: str, tmp_path: Path) -> None:
    """Made on 10 October, locked on 10 November, released on 30 November."""
    with production_of("02", tmp_path, until=-5) as telling:
        move_cut(telling.production, "Film", "released", on="2026-11-30", by=telling.aliases["clara"])
        answer = reached(telling, on=day)

    line = next(one for one in answer.uses if one.kind == "replica_use")
    assert (answer.supposed, line.bucket, line.effect) == (True, bucket, effect)
    assert {name: sums for name, sums in buckets(answer).items() if name not in (bucket, "trained", "made_since")} == {
        name: (0, 0, 0)
        for name in ("not_generated", "made_unknown", "generated_unlocked", "locked", "released")
        if name != bucket
    }


def test_what_would_happen_is_what_happens(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=-5) as telling:
        before = telling.production.log.size
        supposed = reached(telling, on="2026-11-15")
        untouched = telling.production.log.size == before
        move_agreement(telling.production, "C-01", MoveDraft("revoked", on="2026-11-15"), kind="consent")
        happened = reached(telling, on="2026-11-15")

    assert (untouched, supposed.supposed, happened.supposed) == (True, True, False)
    assert replace(supposed, supposed=False, ledger=happened.ledger) == happened


def test_taking_back_one_act_leaves_uses_of_the_others_alone(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=-5) as telling:
        kinds = {
            acts: [one.kind for one in impact(telling.production, "C-01", kind="consent", acts=acts).uses]
            for acts in ((), ("train",), ("use_this_work",), ("dub",))
        }

    assert kinds == {
        (): ["replica_use", "train"],
        ("train",): ["train"],
        ("use_this_work",): ["replica_use"],
        ("dub",): [],
    }


def test_what_another_consent_covers_needs_nothing(tmp_path: Path) -> None:
    with production_of("02", tmp_path) as telling:
        answer = reached(telling, on="2026-11-20")

    assert [(one.kind, one.instead) for one in answer.uses] == [("replica_use", "C-02"), ("train", "")]
    assert "  1 use covered by another agreement, so that nothing is to be done there" in list(summary(answer))


def test_an_agreement_that_nothing_rests_on_reaches_nothing_and_says_so(tmp_path: Path) -> None:
    with production_of("11", tmp_path, until=-2) as telling:
        from edgecode.production.agreements.recording import AgreementDraft, record_agreement

        draft = AgreementDraft(kind="consent", written={"acts": "alter"}, person=telling.aliases["clara"], label="C-09")
        record_agreement(telling.production, draft)
        answer = impact(telling.production, "C-09", kind="consent")

    assert (answer.uses, answer.models, answer.frames, set(buckets(answer).values())) == ((), (), 0, {(0, 0, 0)})
    assert "  together: 0 frames of 0 cuts, each counted once" in list(summary(answer))


def test_a_license_taken_back_reaches_the_material_that_it_covers(tmp_path: Path) -> None:
    with production_of("09", tmp_path, until=-8) as telling:
        answer = impact(telling.production, "L-01", kind="license", on="2026-11-03")

    assert [(one.kind, one.bucket, one.frames, one.shot) for one in answer.uses] == [
        ("licensed_material", "made_unknown", 30, "newsreel.#.exr")
    ]


def test_a_model_that_was_trained_since_is_not_said_to_be_trained_under_what_was_taken_back(tmp_path: Path) -> None:
    """Trained on 3 September."""
    with production_of("02", tmp_path, until=-5) as telling:
        days = ("2026-09-03", "2026-09-04")
        answers = [reached(telling, on=day) for day in days]

    told = [[(one.bucket, one.effect, one.frames) for one in answer.models] for answer in answers]
    assert told == [[("made_since", "block", 40)], [("trained", "keep", 40)]]
    assert [
        [line for line in summary(answer) if " model" in line and line.startswith("  1")] for answer in answers
    ] == [
        ["  1 model trained on that day or later: ada_voice.safetensors"],
        ["  1 model trained under it: ada_voice.safetensors"],
    ]


def test_the_clause_is_printed_only_where_somebody_asks_to_reveal_it(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=BEFORE) as telling:
        kept, revealed = impact_sheet(reached(telling)), impact_sheet(reached(telling, reveal=True))

    assert (CLAUSE in str(kept), CLAUSE in str(revealed)) == (False, True)


def test_the_csv_has_a_row_for_every_place_and_its_frames(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=BEFORE) as telling:
        answer = reached(telling)
        rows = read_sheet_csv(sheet_csv(impact_sheet(answer)))

    assert [int(row["frames"]) for row in rows] == [place.frames for one in answer.uses for place in one.places]
    assert len(COLUMNS) == len(rows[0])
