"""A consent was lost: what somebody types afterwards, without a name and without a paper, clears nothing."""

from pathlib import Path

import pytest

from stories.story_run import Telling
from stories.test_ways_round_a_loss import LOST, after, asked, tell

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
