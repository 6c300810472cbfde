"""A word of rights is known by every room that has to do with it: terms, events, index, checks and the command line; or this fails."""

from pathlib import Path

import pytest

from checks.word_rooms import KNOWN, LISTS, Missing, WordList, missing, unheard_of
from edgecode.terms import rights

NEW = "made_up_word"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-word.md"


@pytest.mark.parametrize("words", LISTS, ids=lambda words: words.name)
def test_every_room_knows_every_word(words: WordList) -> None:
    assert missing(words) == []


@pytest.mark.parametrize("words", [one for one in LISTS if one.name in KNOWN], ids=lambda words: words.name)
def test_no_room_knows_a_word_that_terms_do_not(words: WordList) -> None:
    assert unheard_of(words, KNOWN[words.name]) == []


@pytest.mark.parametrize("words", LISTS, ids=lambda words: words.name)
def test_a_word_that_only_terms_know_is_missing_in_every_other_room(words: WordList) -> None:
    rooms = ["events", "index"] if words.event is not None else []
    rooms += ["checks"] if words.checks is not None else []
    rooms += ["cli"] if words.cli is not None else []

    assert missing(words._replace(words=(*words.words, NEW))) == [Missing(room, NEW) for room in rooms]


def test_a_word_is_missing_until_the_last_room_has_learned_it() -> None:
    acts = LISTS[0]._replace(words=(NEW,))
    taught = {
        "checks": acts._replace(checks=lambda word: True),
        "checks and cli": acts._replace(checks=lambda word: True, cli=lambda word: True),
        # An event of a kind that takes any word stands for one whose kind has learned it.
        "all": acts._replace(checks=lambda word: True, cli=lambda word: True, event=None),
    }

    assert {name: [one.room for one in missing(words)] for name, words in taught.items()} == {
        "checks": ["events", "index", "cli"],
        "checks and cli": ["events", "index"],
        "all": [],
    }


def test_a_word_that_no_rule_asks_for_is_one_of_the_list() -> None:
    assert [(one.name, sorted(one.no_rule - set(one.words))) for one in LISTS if one.no_rule - set(one.words)] == []


def test_every_list_of_words_is_held_here_or_said_not_to_be() -> None:
    held = {words for one in LISTS for words in [one.words]}
    lists = {
        name: value.__args__
        for name, value in vars(rights).items()
        if name[0].isupper() and hasattr(value, "__args__") and all(isinstance(one, str) for one in value.__args__)
    }
    # Who somebody is, how data is told apart, and what a rule says: no room decides by them alone.
    elsewhere = {
        "PartyKind",
        "BiometricKind",
        "ModelKind",
        "ReplicaMedium",
        "LegalGround",
        "SurvivesDeath",
        "Unit",
        "Gate",
        "Severity",
    }

    assert {name for name, words in lists.items() if words not in held} == elsewhere


def test_the_page_names_every_list() -> None:
    page = PAGE.read_text("utf-8")

    assert [one.name for one in LISTS if one.name not in page] == []
