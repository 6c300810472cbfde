"""The commands of questions: exit statuses, JSON by their schemas, and nothing sealed in anything that they print."""

import json
from pathlib import Path

import msgspec
import pytest

from desk.desk_at_work import CLAUSE, DESCRIPTION, FEE, NAME, SECRETS, Desk, desk_in
from edgecode.answers.agreements.consent_changes import ConsentChanges
from edgecode.answers.agreements.impact import Impact
from edgecode.answers.ask.answer import Ask
from questions.story_at_rest import production_of

ASKED = ("ask", "--person", "P-01", "--act", "use_this_work")
QUESTIONS: tuple[tuple[str, ...], ...] = (
    ASKED,
    (*ASKED, "--json"),
    ("where-used", "--person", "P-01"),
    ("where-used", "--consent", "C-01", "--json"),
    ("consent", "impact", "C-01"),
    ("consent", "impact", "C-01", "--csv"),
    ("consent", "impact", "C-01", "--json", "--on", "2026-12-01"),
    ("consent", "revoke", "C-01", "--reason", "because the countess said so"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = desk_in(tmp_path / "show")
    more = ("--compensation", f"days {FEE} EUR", "--revocation-clause", CLAUSE, "--signed-on", "2026-10-01")
    desk.did(
        *("consent", "record", "--person", "P-01", "--acts", "use_this_work alter", "--form", "rider"),
        *("--description", DESCRIPTION, *more, "--grant"),
    )
    return desk


def test_no_question_prints_what_is_sealed(desk: Desk) -> None:
    said = [(done.out + done.err, done.status) for done in (desk.run(*words) for words in QUESTIONS)]

    leaked = [secret for text, _ in said for secret in SECRETS if secret in text]
    assert (leaked, [status for _, status in said if status not in (0, 10, 11)]) == ([], [])
    assert NAME not in desk.did("consent", "impact", "C-01", "--reveal")


def test_the_clause_is_printed_to_whoever_reveals_it(desk: Desk) -> None:
    answer = json.loads(desk.did("consent", "impact", "C-01", "--reveal", "--json"))

    assert (answer["clause"], json.loads(desk.did("consent", "impact", "C-01", "--json"))["clause"]) == (CLAUSE, None)


def test_a_revocation_prints_what_it_reaches_and_is_recorded(desk: Desk) -> None:
    printed = desk.did("consent", "revoke", "C-01", "--on", "2026-12-01").splitlines()

    assert "C-01: active -> revoked on 2026-12-01" in printed
    assert "  together: 0 frames of 0 cuts, each counted once" in printed


def test_questions_that_name_nothing_or_two_things_are_refused(desk: Desk) -> None:
    refused = [
        desk.refused(*words)
        for words in (
            ("ask", "--act", "dub"),
            (*ASKED, "--count", "lines"),
            ("where-used",),
            ("where-used", "a file", "--person", "P-01"),
            ("where-used", "--replica", "none"),
            ("where-used", "--license", "C-01"),
            ("consent", "impact", "C-44"),
            ("consent", "changes", "reel1", "--from", "2026-12-01", "--to", "2026-11-01"),
        )
    ]

    assert refused == [
        (2, "ask.what"),
        (2, "ask.count"),
        (2, "where_used.what"),
        (2, "where_used.what"),
        (21, "replica.unknown"),
        (20, "agreement.kind"),
        (21, "agreement.unknown"),
        (2, "changes.days"),
    ]


def test_yes_no_and_what_holds_end_with_their_own_status_and_the_contract(tmp_path: Path) -> None:
    with production_of("01", tmp_path) as telling:
        folder, replica, ada = telling.production.folder, telling.records["ada replica"], telling.aliases["ada"]
    desk = Desk(folder)
    made = ("--replica", replica, "--model", "ada_voice.safetensors", "--tool", "Echo Bench", "--modality", "voice")
    words = ("ask", "--person", ada, "--act", "use_this_work", *made, "--json")
    ended = [desk.run(*words, *more) for more in (("--media", "film"), ("--media", "game"), ("--territory", "DE"))]
    answers = [msgspec.json.decode(done.out, type=Ask) for done in ended]
    changes = msgspec.json.decode(
        desk.did("consent", "changes", "Trailer", "--from", "2026-11-02", "--to", "2026-11-05", "--json"),
        type=ConsentChanges,
    )
    impact = msgspec.json.decode(desk.did("consent", "impact", "C-01", "--json"), type=Impact)

    assert [(done.status, answer.answer) for done, answer in zip(ended, answers, strict=True)] == [
        (0, "YES"),
        (11, "NO"),
        (10, "UNKNOWN"),
    ]
    assert [(turn.day, turn.what) for turn in changes.turns] == [("2026-11-05", ("granted", "amended"))]
    assert [(one.kind, one.bucket, one.frames) for one in impact.uses] == [
        ("replica_use", "generated_unlocked", 36),
        ("train", "trained", 36),
    ]
