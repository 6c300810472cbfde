"""Events about reading cuts: every word of a table or a pattern is sealed with the production's key."""

import pytest

from edgecode.events.cut_kinds import (
    CUT_KINDS,
    CutJoined,
    JoinFact,
    JoinPlace,
    Lead,
    NamesFact,
    NamesPlace,
    NamesRuled,
    TableFact,
)
from edgecode.events.kinds import CutBytes, Event
from edgecode.events.registry import sections_of
from edgecode.people.sealing import key_of

SHOW, A, B = (f"01890000-0000-7000-8000-00000000000{number}" for number in range(1, 4))
LEAD = Lead(0, 9, "name", ("Ann_reel",), ("Ann",), ("/Ann/a.mov",), "1/2", "24/1")

EXAMPLES: tuple[Event, ...] = (
    CutJoined(
        JoinFact(A, (TableFact("ale", "ale/1", 3, 1),)), CutBytes(("0" * 64,)), JoinPlace(("Ann.ale",), {B: (LEAD,)})
    ),
    NamesRuled(NamesFact(A, 1), NamesPlace(("(?P<shot>Ann)",))),
)


def test_there_is_an_example_of_every_kind() -> None:
    assert {type(event) for event in EXAMPLES} == set(CUT_KINDS)


@pytest.mark.parametrize("event", EXAMPLES)
def test_words_are_sealed_with_the_production_s_key(event: Event) -> None:
    sections = sections_of(event)
    sealed = {name: key for name in sections if (key := key_of(event, name, production=SHOW))}

    assert sealed == {"place": f"p:{SHOW}"}
    assert [name for name, data in sections.items() if b"Ann" in data and name not in sealed] == []
