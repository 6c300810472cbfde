"""A consent was lost: what somebody types afterwards, without a name and without a paper, clears nothing."""

from pathlib import Path

import pytest

from edgecode.answers.matchback.answer import matchback_frame
from edgecode.errors import EdgecodeError
from edgecode.production.checking.answering import answer_finding
from edgecode.production.desk.uses import UseDraft, declare_use
from stories import story_desk
from stories.story_run import Telling, read_story, told
from stories.test_ways_round_a_loss import BEGIN, CUT, LOST, USED, after, asked, release, tell

FILMED = """
  - {depicted: ada, in: "camera/A001.#.exr"}
  - on: 2026-11-02
    cut: {name: Film, clips: [{shows: "camera/A001.#.exr", at: [0, 48]}]}
"""
NEW = {"signed_on": "2026-11-21", "since": "2026-11-21"}
SHOWN = {"paper": "papers/given.txt", "by": "clara"}


def second(telling: Telling, acts: str, **given: str) -> None:
    """Another consent, of today."""
    tell(telling, consent="C-02", of="ada", says={**NEW, "acts": acts}, granted="2026-11-21", **given)


# ------------------------------------------------------------------------------------------ other consents for the act


def test_a_consent_of_fewer_acts_gives_what_was_filmed_again_with_a_paper_and_a_member(tmp_path: Path) -> None:
    words = []
    for number, given in enumerate(({}, SHOWN)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with after(FILMED + LOST, folder) as telling:
            second(telling, "use_this_work", **given)
            words.append(asked(telling).word)

    assert words == ["HELD", "CLEARED"]


@pytest.mark.parametrize("lost", ["revoked", "disputed", "suspended"])
def test_an_older_consent_of_fewer_acts_waits_with_the_one_that_is_lost(lost: str, tmp_path: Path) -> None:
    older = """
  - {consent: C-02, of: ada, says: {acts: use_this_work}, granted: 2026-09-03}
"""
    with after(older + FILMED, tmp_path) as telling:
        before = asked(telling).word
        tell(telling, move=lost, of="C-01", why="strike" if lost == "suspended" else "")

        assert (before, asked(telling).word) == ("CLEARED", "HELD")


def test_a_license_that_is_lost_leaves_unknown_one_of_the_same_that_is_typed_after_it(tmp_path: Path) -> None:
    """The reel is licensed; another license of it that no paper shows gives it again to nobody."""
    words = []
    for number, given in enumerate(({}, SHOWN)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with after(CUT.replace("sound/line.wav", "sound/ada_reading.wav"), folder) as telling:
            tell(telling, license="L-01", says={}, covers=["camera/A001.#.exr"], granted="2026-09-03")
            tell(telling, use="licensed_material", about=["camera/A001.#.exr"])
            before = asked(telling).word
            tell(telling, move="revoked", of="L-01", **{"from": "2026-11-20"})
            lost = asked(telling).word
            tell(telling, license="L-02", says=NEW, covers=["camera/A001.#.exr"], granted="2026-11-21", **given)
            words.append((before, lost, asked(telling).word))

    assert words == [("CLEARED", "REFUSED", "HELD"), ("CLEARED", "REFUSED", "CLEARED")]


# ------------------------------------------------------------------------------------------ ends of disputes and strikes


@pytest.mark.parametrize(
    ("begun", "why", "ended", "given", "word"),
    [
        ("disputed", "", "dispute_ended", {}, "HELD"),
        ("disputed", "", "dispute_ended", {"by": "clara"}, "HELD"),
        ("disputed", "", "dispute_ended", SHOWN, "CLEARED"),
        ("suspended", "strike", "resumed", {}, "HELD"),
        ("suspended", "strike", "resumed", {"by": "clara"}, "CLEARED"),
        ("suspended", "legal_hold", "resumed", {"by": "clara"}, "HELD"),
        ("suspended", "legal_hold", "resumed", SHOWN, "CLEARED"),
    ],
)
def test_the_end_of_a_dispute_or_a_suspension_is_shown(
    begun: str, why: str, ended: str, given: dict[str, str], word: str, tmp_path: Path
) -> None:
    with after(USED, tmp_path) as telling:
        tell(telling, move=begun, of="C-01", why=why)
        tell(telling, move=ended, of="C-01", why=why, **given)
        words = [asked(telling).word]
        tell(telling, move=ended, of="C-01", why=why, **SHOWN) if word == "HELD" else None

        assert (words, asked(telling).word) == ([word], "CLEARED")


# ------------------------------------------------------------------------------------------ used up, run out, and old papers


def test_what_is_used_up_is_given_again_with_a_paper_and_a_member(tmp_path: Path) -> None:
    words = []
    for number, given in enumerate(({}, SHOWN)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with after(USED, folder) as telling:
            tell(telling, move="exhausted", of="C-01", **{"from": "2026-11-20"})
            second(telling, "create use_this_work alter train", **given)
            words.append(asked(telling).word)

    assert words == ["HELD", "CLEARED"]


@pytest.mark.parametrize("raised", ["none", "seconds=9", "frames=90"])
def test_a_maximum_that_is_used_up_is_raised_with_a_paper_and_a_member(raised: str, tmp_path: Path) -> None:
    """The line is 20 frames, and 10 were agreed."""
    words = []
    for number, given in enumerate(({}, {"by": "clara"}, SHOWN)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "story.yaml"
        path.write_text(BEGIN.replace("{revocation:", "{maxima: frames=10, revocation:") + USED)
        with told(read_story(path), folder) as telling:
            telling.clock.day = "2026-11-21"
            before = asked(telling).word
            tell(telling, amend="C-01", says={"maxima": raised}, signed_on="2026-11-21", **given)
            words.append((before, asked(telling).word))

    assert words == [("REFUSED", "HELD"), ("REFUSED", "HELD"), ("REFUSED", "CLEARED")]


def test_new_words_on_a_maximum_that_nothing_has_used_up_need_no_paper(tmp_path: Path) -> None:
    with after(USED, tmp_path) as telling:
        for maxima in ("seconds=1", "seconds=5"):
            tell(telling, amend="C-01", says={"maxima": maxima}, signed_on="2026-11-21")

        assert asked(telling).word == "CLEARED"


def test_new_words_that_claim_a_day_before_the_end_of_the_old_ones_clear_nothing(tmp_path: Path) -> None:
    with after(USED, tmp_path) as telling:
        tell(telling, amend="C-01", says={"until": "2026-11-20"}, signed_on="2026-11-19", **SHOWN)
        lost = asked(telling).word
        tell(telling, amend="C-01", says={"until": "2030-12-31"}, signed_on="2026-11-20")

        assert (lost, asked(telling).word) == ("HELD", "HELD")


def test_new_words_that_claim_a_day_before_the_end_clear_nothing_said_twice(tmp_path: Path) -> None:
    with after(USED, tmp_path) as telling:
        tell(telling, amend="C-01", says={"until": "2026-11-20"}, signed_on="2026-11-19", **SHOWN)
        words = []
        for day in ("2026-11-20", "2026-11-20", "2026-11-21"):
            tell(telling, amend="C-01", says={"until": "2030-12-31"}, signed_on=day)
            words.append(asked(telling).word)

    assert words == ["HELD", "HELD", "CLEARED"]


def test_the_paper_of_the_lost_consent_does_not_show_that_it_is_given_again(tmp_path: Path) -> None:
    begin = BEGIN.replace("    granted: 2026-09-03", "    granted: 2026-09-03\n    paper: papers/given.txt")
    path = tmp_path / "story.yaml"
    path.write_text(begin + USED + LOST)
    with told(read_story(path), tmp_path) as telling:
        telling.clock.day = "2026-11-21"
        second(telling, "create use_this_work alter train", **SHOWN)

        assert asked(telling).word == "HELD"


# ------------------------------------------------------------------------------------------ nearer answers


@pytest.mark.parametrize("strict", [[], ["Film"]])
def test_a_milder_answer_of_somebody_else_wins_over_no_stricter_one_by_its_nearness(
    strict: list[str], tmp_path: Path
) -> None:
    with after(USED, tmp_path) as telling:
        tell(telling, noted="ada", notes={"minor_until": "2027-04-30"})
        tell(telling, determination="use.nude_or_sex", answer="yes", by="lena", reason="x", about=strict)
        before = asked(telling).word
        for about in ("sound/line.wav", "models/ada_voice.safetensors"):
            tell(telling, determination="use.nude_or_sex", answer="no", by="paul", reason="x", about=[about])
        found = asked(telling)

    assert (before, found.word) == ("REFUSED", "REFUSED")
    assert "R695" in {one.number for one in found.findings}


# ------------------------------------------------------------------------------------------ what is taken back


def test_a_withdrawn_step_makes_no_loss_waivable(tmp_path: Path) -> None:
    with after(USED + LOST, tmp_path) as telling:
        before = asked(telling).word
        account = matchback_frame(telling.production.index, telling.production.view("Film"), 10).on_screen
        (step,) = (one.step for each in account for one in each.lineage if one.kind == "generate")
        telling.production.withdraw_step(step)
        held = {one.number: one for one in asked(telling).findings if one.held != "open"}
        refused = set()
        for one in held.values():
            try:
                answer_finding(
                    *(telling.production, one.finding, "waived"),
                    by=telling.aliases["lena"],
                    reason="x",
                    until="2026-12-15",
                )
            except EdgecodeError as error:
                refused.add((one.number, error.code))
        word = asked(telling).word
        release(telling)
        left = {one.number for one in asked(telling).findings if one.held != "open"}

    assert (before, word) == ("REFUSED", "HELD")
    assert {("R118", "finding.may_not"), ("R203", "finding.may_not")} <= refused
    assert "R203" not in left


# ------------------------------------------------------------------------------------------ processing of personal data


def test_a_withdrawal_under_the_gdpr_is_given_again_with_a_paper_and_a_member(tmp_path: Path) -> None:
    """She takes back the processing of her voice alone, and the use of the line goes on as a new processing."""
    begin = BEGIN.replace(
        "{revocation:",
        "{acts: create use_this_work alter train biometric_process, ground: art9_explicit, revocation:",
    )
    words = []
    for number, given in enumerate(({}, {"by": "clara"}, SHOWN)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "story.yaml"
        path.write_text(begin + USED)
        with told(read_story(path), folder) as telling:
            telling.clock.day = "2026-11-21"
            tell(telling, noted="ada", notes={"gdpr_subject": "yes"})
            about = (story_desk.version_of(telling, "sound/line.wav"), telling.aliases["ada"])
            processed = {
                "use.new_processing": "yes",
                "use.biometric_identification": "yes",
                "use.biometric_kind": "voiceprint",
            }
            declare_use(telling.production, UseDraft("replica_use", about, facts=processed))
            tell(telling, move="revoked", of="C-01", acts=["biometric_process"], why="gdpr", **{"from": "2026-11-21"})
            holds = [_says("GDPR-02", telling)]
            second(telling, "create use_this_work alter train biometric_process", **given)
            words.append([*holds, _says("GDPR-02", telling)])

    assert words == [[True, True], [True, True], [True, False]]


def _says(rule: str, telling: Telling) -> bool:
    """Whether a rule holds the line."""
    held = [one for one in asked(telling).findings if one.held != "open"]
    return (rule, "replica_use") in {(one.rule, one.kind) for one in held}
