"""A cut was released and the consent lost afterwards: what counsel decides of it counts for the losses before, and every paper says so."""

from pathlib import Path
from typing import Any

import pytest

from edgecode.answers.check.text import check_text
from edgecode.answers.desk.lists import agreement_answer
from edgecode.checks.register import Register
from edgecode.production.agreements.recording import agreement_of
from edgecode.production.checking.changing import consent_changes
from stories.story_run import Telling
from stories.test_ways_round_a_loss import USED, after, asked, holding, tell
from stories.test_ways_round_a_loss_again import FILMED

RELEASED = """
  - {cut_is: released, of: Film, by: paul, on: 2026-11-10}
"""
LOST = """
  - {move: revoked, of: C-01, from: 2026-11-20, on: 2026-11-20}
"""
SHOWN = {USED: "sound/line.wav", FILMED: "camera/A001.#.exr"}


def decide(telling: Telling, answer: str, *, about: str = "sound/line.wav", **more: Any) -> None:
    said = {"determination": "post_release_case", "answer": answer, "by": "lena", "reason": "as 8.2 has it"}
    tell(telling, **said, about=[about], clause="C-01", **more)


@pytest.mark.parametrize("story", [USED, FILMED], ids=["made", "filmed"])
def test_a_case_that_counsel_answers_no_is_no_clearance(story: str, tmp_path: Path) -> None:
    with after(story + RELEASED + LOST, tmp_path) as telling:
        words = [asked(telling).word]
        for answer in ("no", "yes", "no"):
            decide(telling, answer, about=SHOWN[story])
            words.append(asked(telling).word)

    assert words == ["HELD", "HELD", "CLEARED", "HELD"]


@pytest.mark.parametrize("story", [USED, FILMED], ids=["made", "filmed"])
def test_a_case_decided_before_there_was_one_decides_nothing(story: str, tmp_path: Path) -> None:
    with after(story + RELEASED, tmp_path) as telling:
        decide(telling, "yes", about=SHOWN[story])
        before = asked(telling).word
        tell(telling, move="revoked", of="C-01")

        assert (before, asked(telling).word) == ("CLEARED", "HELD")


@pytest.mark.parametrize("later", [{"move": "revoked", "why": "gdpr"}, {"move": "disputed"}])
def test_what_is_lost_or_disputed_after_the_case_was_decided_opens_it_again(
    later: dict[str, str], tmp_path: Path
) -> None:
    with after(USED + RELEASED + LOST, tmp_path) as telling:
        decide(telling, "yes")
        before = asked(telling).word
        tell(telling, of="C-01", **later)

        assert (before, holding(telling)) == ("CLEARED", ("HELD", ["R212"]))


def test_a_case_that_was_decided_is_printed_as_a_release_is(tmp_path: Path) -> None:
    said = "case of the released cut decided by P-02 (legal) on 2026-11-21, citing the clause of C-01"
    with after(USED + RELEASED + LOST, tmp_path) as telling:
        before = asked(telling).released
        decide(telling, "yes")
        production, answer = telling.production, asked(telling)
        register = Register.read(production.index)
        (note,) = agreement_answer(
            agreement_of(register, "C-01", "consent"), register, on="2026-11-21", reveal=False
        ).releases
        changes = consent_changes(production, "Film", since="2026-11-02", until="2026-11-21")
        printed = " ".join(check_text(answer, columns=None).split())

    assert (before, [(one.kind, one.note) for one in answer.released]) == ((), [("replica_use", note)])
    assert (note.what, note.role, note.by, note.clause) == ("case", "legal", "P-02", "C-01")
    assert said in printed
    assert [one.note for one in changes.notes.released] == [note]


def test_who_was_named_counsel_after_the_loss_is_said_with_what_they_let_go(tmp_path: Path) -> None:
    with after(USED + RELEASED + LOST, tmp_path) as telling:
        tell(telling, person="nora", name="Nora New", roles=["legal"], by="lena")
        said = {"determination": "post_release_case", "answer": "yes", "by": "nora", "reason": "x", "clause": "C-01"}
        tell(telling, **said, about=["sound/line.wav"])
        answer = asked(telling)
        printed = " ".join(check_text(answer, columns=None).split())

    assert [one.note.named for one in answer.released] == ["2026-11-21"]
    assert "counsel named on 2026-11-21, after the loss" in printed


@pytest.mark.parametrize("story", [USED, FILMED], ids=["made", "filmed"])
@pytest.mark.parametrize(
    ("lost", "word", "rule"),
    [("disputed", "HELD", "DESK-55"), ("suspended", "HELD", "DESK-55"), ("exhausted", "CLEARED", "DESK-56")],
)
def test_what_stops_a_consent_after_the_release_is_never_passed_over(
    lost: str, word: str, rule: str, story: str, tmp_path: Path
) -> None:
    with after(story + RELEASED, tmp_path) as telling:
        before = asked(telling).findings
        tell(telling, move=lost, of="C-01", why="strike" if lost == "suspended" else "")
        answer = asked(telling)
        decide(telling, "yes", about=SHOWN[story])

        assert (rule in {one.rule for one in before}, answer.word) == (False, word)
        assert rule in {one.rule for one in answer.findings}
        assert asked(telling).word == "CLEARED"
