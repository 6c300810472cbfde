"""A consent was lost: days that somebody states, papers that nobody shows and words that somebody milder says clear nothing afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edgecode.answers.agreements.relied import relied_text
from edgecode.answers.agreements.relying import Relying
from edgecode.answers.agreements.resting import Moment
from edgecode.answers.chain import Chains
from edgecode.answers.check.answer import Check
from edgecode.answers.check.text import check_text
from edgecode.answers.desk.lists import agreement_answer
from edgecode.checks.register import Register
from edgecode.errors import EdgecodeError
from edgecode.production.agreements.impact import impact
from edgecode.production.agreements.recording import agreement_of
from edgecode.production.checking.cuts import check
from edgecode.production.desk.uses import move_cut, withdraw_record
from stories import story_desk
from stories.story_run import Telling, read_story, told

BEGIN = """
schema: edgecode-story/1
title: Ways round
begins: 2026-09-01
files:
  sound/line.wav: {frames: 40}
  papers/given.txt: {words: "I give it again."}
story:
  - profile: {}
  - part: people
  - {person: paul, name: Paul Producer, roles: [producer]}
  - part: plate
  - on: 2026-09-03
    consent: C-01
    of: ada
    says: {revocation: withdraw_unreleased, revocation_models: keep, revocation_clause: "8.2 x"}
    granted: 2026-09-03
  - part: ada_reads
"""
LINE = """
  - on: 2026-10-10
    step:
      kind: generate
      tool: {name: Echo Bench, version: "2.0"}
      inputs: [{path: models/ada_voice.safetensors, role: weights}]
      outputs: [sound/line.wav]
      grade: logged
"""
CUT = """
  - on: 2026-11-02
    cut:
      name: Film
      clips:
        - {shows: "camera/A001.#.exr", at: [0, 48]}
        - {shows: sound/line.wav, at: [4, 24], track: A1}
"""
LOST = """
  - {move: revoked, of: C-01, from: 2026-11-20, on: 2026-11-20}
"""
USED = LINE + CUT


@contextmanager
def after(words: str, folder: Path) -> Iterator[Telling]:
    """The production on the day after what *words* tell."""
    path = folder / "story.yaml"
    path.write_text(BEGIN + words)
    with told(read_story(path), folder) as telling:
        telling.clock.day = "2026-11-21"
        yield telling


def asked(telling: Telling) -> Check:
    return check(telling.production, "Film", gate="deliver").answer


def holding(telling: Telling, kind: str = "replica_use") -> tuple[str, list[str]]:
    """The word, and the rules that hold a use of this kind."""
    answer = asked(telling)
    return answer.word, sorted({one.number for one in answer.findings if one.held != "open" and one.kind == kind})


def tell(telling: Telling, **entry: Any) -> None:
    story_desk.tell(telling, entry)


def release(telling: Telling, *, about: str = "sound/line.wav") -> None:
    tell(
        telling,
        approval="legal_release_after_revocation",
        about=[about],
        by="lena",
        clause="C-01",
        reason="as 8.2 has it",
    )


# ------------------------------------------------------------------------------------------ releases


@pytest.mark.parametrize("later", ["revoked", "disputed"])
def test_a_release_is_of_the_losses_before_it_and_of_none_on_the_same_day_after_it(later: str, tmp_path: Path) -> None:
    with after(USED, tmp_path) as telling:
        tell(telling, move="disputed", of="C-01")
        release(telling)
        before = asked(telling).word
        tell(telling, move=later, of="C-01")

        assert (before, holding(telling)) == ("CLEARED", ("REFUSED", ["R211"]))


def test_a_release_is_of_the_frames_that_were_shown(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        release(telling)
        words = [asked(telling).word]
        for end in (14, 44):
            sound = {"shows": "sound/line.wav", "at": [4, end], "track": "A1"}
            tell(telling, cut={"name": "Film", "clips": [{"shows": "camera/A001.#.exr", "at": [0, 48]}, sound]})
            words.append(asked(telling).word)

    assert words == ["CLEARED", "CLEARED", "REFUSED"]


def test_a_release_is_printed_wherever_its_finding_would_be(tmp_path: Path) -> None:
    said = "released by P-02 (legal) on 2026-11-21, citing the clause of C-01"
    with after(USED + LOST, tmp_path) as telling:
        before = asked(telling).released
        release(telling)
        production, answer = telling.production, asked(telling)
        register = Register.read(production.index)
        agreement = agreement_of(register, "C-01", "consent")
        (note,) = agreement_answer(agreement, register, on="2026-11-21", reveal=False).releases
        reached = impact(production, "C-01", kind="consent")
        printed = " ".join(check_text(answer, columns=None).split())

    assert (before, [one.kind for one in answer.released]) == ((), ["replica_use"])
    assert said in printed
    assert {one.note for one in answer.released} == {note}
    assert {one.kind: one.released for one in reached.uses}["replica_use"] == note


def test_that_a_cut_was_released_before_is_not_written_down_after_the_loss(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        before = holding(telling)
        move_cut(telling.production, "Film", "released", on="2026-11-01", by=telling.aliases["paul"])

        assert (before, holding(telling)) == (("REFUSED", ["R211"]),) * 2


# ------------------------------------------------------------------------------------------ cures


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "HELD"),
        ({"by": "clara"}, "HELD"),
        ({"paper": "papers/given.txt"}, "HELD"),
        ({"paper": "papers/given.txt", "by": "clara"}, "CLEARED"),
    ],
)
def test_a_new_consent_cures_a_loss_with_a_paper_and_a_member(given: dict[str, str], word: str, tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        says = {"signed_on": "2026-11-21", "since": "2026-11-21"}
        tell(telling, consent="C-02", of="ada", says=says, granted="2026-11-21", **given)

        assert asked(telling).word == word


def test_new_words_do_not_bring_back_what_was_taken_back_without_a_paper_and_a_member(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        codes = []
        for given in ({}, {"by": "clara"}, {"paper": "papers/given.txt", "by": "clara"}):
            try:
                tell(telling, amend="C-01", says={"description": "x"}, signed_on="2026-11-21", **given)
                codes.append(asked(telling).word)
            except EdgecodeError as error:
                codes.append(error.code)

    assert codes == ["agreement.lost", "agreement.lost", "CLEARED"]


SECOND = """
  - {consent: C-02, of: ada, says: {}, granted: 2026-09-03}
"""


@pytest.mark.parametrize("lost", [{"move": "revoked"}, {"move": "disputed"}, {"move": "suspended", "why": "strike"}])
def test_a_second_consent_of_the_same_day_is_no_way_round_a_loss(lost: dict[str, str], tmp_path: Path) -> None:
    with after(SECOND + USED, tmp_path) as telling:
        before = asked(telling).word
        tell(telling, of="C-01", **lost)
        held = asked(telling)
        others = {one.instead for one in impact(telling.production, "C-01", kind="consent").uses}

    assert (before, held.word, others) == ("CLEARED", "HELD", {""} if lost["move"] == "revoked" else others)


# ------------------------------------------------------------------------------------------ when it was made


@pytest.mark.parametrize(
    ("moves", "holds"),
    [
        ([("suspended", "2026-10-01"), ("resumed", "2026-10-20")], ["R234"]),
        ([("suspended", "2026-10-12"), ("resumed", "2026-10-20")], []),
    ],
)
def test_what_was_made_during_a_strike_waits_for_legal_once_it_is_over(
    moves: list[tuple[str, str]], holds: list[str], tmp_path: Path
) -> None:
    with after(USED, tmp_path) as telling:
        for move, day in moves:
            tell(telling, move=move, of="C-01", why="strike", by="clara", **{"from": day})
        before = holding(telling)
        release(telling)

        assert (before[1], holding(telling)[1]) == (holds, [])


def test_what_was_made_before_the_only_consent_was_signed_waits_for_legal(tmp_path: Path) -> None:
    begin = BEGIN.replace("- on: 2026-09-03\n    consent", "- on: 2026-10-20\n    consent")
    path = tmp_path / "story.yaml"
    path.write_text(
        begin.replace('8.2 x"}', '8.2 x", signed_on: 2026-10-20, since: 2026-10-20}').replace(
            "granted: 2026-09-03", "granted: 2026-10-20"
        )
        + LINE
        + CUT
    )
    with told(read_story(path), tmp_path) as telling:
        telling.clock.day = "2026-11-21"

        assert "R234" in holding(telling)[1]


def test_a_step_that_is_entered_behind_new_words_and_claims_a_day_before_them_revives_no_old_ones(
    tmp_path: Path,
) -> None:
    narrowed = """
  - {amend: C-01, signed_on: 2026-10-15, says: {media: advert}, on: 2026-10-15}
"""
    found = []
    for number, made in enumerate(("2026-10-10", "2026-11-21")):
        folder = tmp_path / str(number)
        folder.mkdir()
        with after(narrowed + CUT, folder) as telling:
            telling.clock.day = made
            moment = telling.clock()
            telling.clock.day = "2026-11-21"
            step = read_story_step()
            story_desk.tell(telling, {"step": {**step, "ended": moment}})
            found.append(holding(telling)[0])

    assert found == ["REFUSED", "REFUSED"]


def read_story_step() -> dict[str, Any]:
    return {
        "kind": "generate",
        "tool": {"name": "Echo Bench", "version": "2.0"},
        "inputs": [{"path": "models/ada_voice.safetensors", "role": "weights"}],
        "outputs": ["sound/line.wav"],
        "grade": "logged",
    }


# ------------------------------------------------------------------------------------------ answers


@pytest.mark.parametrize("about", [[], ["sound/line.wav"]])
def test_a_milder_word_of_somebody_else_leaves_a_minors_scene_refused(about: list[str], tmp_path: Path) -> None:
    with after(USED, tmp_path) as telling:
        tell(telling, noted="ada", notes={"minor_until": "2027-04-30"})
        tell(telling, determination="use.nude_or_sex", answer="yes", by="lena", reason="x", about=["sound/line.wav"])
        before = asked(telling).word
        telling.clock.day = "2026-11-22"
        tell(telling, determination="use.nude_or_sex", answer="no", by="paul", reason="x", about=about)

        assert (before, asked(telling).word) == ("REFUSED", "REFUSED")


def test_what_a_member_decided_is_taken_back_by_them_or_by_legal(tmp_path: Path) -> None:
    with after(USED, tmp_path) as telling:
        tell(telling, **{"as": "said"}, determination="use.incidental", answer="no", by="clara", reason="x")
        codes = []
        for by in ("", "paul", "lena"):
            try:
                withdraw_record(telling.production, telling.records["said"], reason="x", by=telling.aliases.get(by, ""))
                codes.append("taken back")
            except EdgecodeError as error:
                codes.append(error.code)

    assert codes == ["desk.by", "desk.needs_legal", "taken back"]


@pytest.mark.parametrize(("day", "word"), [("2015-09-01", "HELD"), ("2026-09-01", "CLEARED")])
def test_who_was_of_age_when_the_production_began_may_have_been_none_when_captured(
    day: str, word: str, tmp_path: Path
) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(BEGIN + USED)
    story = read_story(path)
    for entry in story["story"]:
        if "session" in entry:
            entry["times"] = {"started": f"{day}T10:00:00+00:00"}
        if entry.get("person") == "ada":
            entry["notes"]["minor_until"] = "adult"
    with told(story, tmp_path) as telling:
        telling.clock.day = "2026-11-21"
        for answer, about in (("yes", "sound/line.wav"), ("no", "models/ada_voice.safetensors")):
            tell(telling, determination="use.nude_or_sex", answer=answer, by="lena", reason="x", about=[about])

        assert asked(telling).word == word


def test_what_is_on_screen_names_the_release(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        release(telling)
        production = telling.production
        now = telling.clock()
        relying = Relying(Chains(production.index), Register.read(production.index), Moment("2026-11-21", now))
        view = production.view("Film")
        found = [one for clip in range(len(view.clips)) for one in relying(view, clip, 0, 48)]

    assert {one.use: one.released is not None for one in found if one.person} == {"replica_use": True, "train": False}
    assert "C-01 (revoked; released by P-02 (legal) on 2026-11-21" in relied_text(found)
