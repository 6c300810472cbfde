"""Stories without one of their entries: what nobody wrote down never makes a gate open wider.

Left out one by one: steps of making, depictions, sessions, replicas, representations, agreements and amendments, papers,
determinations, descriptions, declared uses, answers. A refusal may become a hold, which is what not knowing is; nothing that was held
or refused is cleared.

Not left out, because a log cannot lose them and no rule could tell: last words, by which somebody takes back or changes what stands
(a revocation, a profile said anew, an erasure). A record without them is another record. That none goes missing is what the ledger
proves: one history, heads that witnesses saw, a store that freezes when it was rolled back. And people and cuts, which are what is
asked about.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edgecode.errors import EdgecodeError
from stories.story_desk import verb_of
from stories.story_run import read_story, stories, told

LAST_WORDS = frozenset({"move", "profile", "erase"})
ASKED_ABOUT = frozenset({"person", "cut", "gate", "cut_is"})
RANKS = ("CLEARED", "HELD", "REFUSED")
_STORIES = {path.stem: read_story(path) for path in stories()}
FORGETTABLE = [
    (name, number)
    for name, story in _STORIES.items()
    for number, entry in enumerate(story["story"])
    if verb_of(entry) not in LAST_WORDS | ASKED_ABOUT
]
EVERY = 9
"""Of the entries every ninth is tried in every run, all of them with --slow."""


def words(story: Mapping[str, Any], folder: Path, *, without: int | None = None) -> list[tuple[str, str]]:
    """What each gate of a story said, with its day."""
    with told(story, folder, without=without) as telling:
        return [(asked.day, asked.answer.word) for asked in telling.asked]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        pytest.param(name, number, marks=() if place % EVERY == 0 else pytest.mark.slow)
        for place, (name, number) in enumerate(FORGETTABLE)
    ],
)
def test_no_gate_opens_wider_without_an_entry(name: str, number: int, tmp_path: Path) -> None:
    story = _STORIES[name]
    whole = words(story, tmp_path / "whole")
    try:
        left = words(story, tmp_path / "left", without=number)
    except (EdgecodeError, KeyError, AssertionError):
        pytest.skip("a later entry of the story is about this one, so it could not have been written down without it")
    better = [
        (day, before, after)
        for (day, before), (_, after) in zip(whole, left, strict=True)
        if RANKS.index(after) < min(RANKS.index(before), RANKS.index("HELD"))
    ]

    assert better == []
