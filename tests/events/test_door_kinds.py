"""Events of the pipeline's doors: names and words are sealed, each under the key of what it is about."""

import pytest

from edgecode.events.door_kinds import (
    DOOR_KINDS,
    AskedFrames,
    CredentialFact,
    CredentialRead,
    CredentialWords,
    HistoryFact,
    HistoryNames,
    HistoryRead,
    ReviewFact,
    ReviewNoted,
    TakeFact,
    TakeNames,
    TakeNoted,
    TurnoverFact,
    TurnoverNames,
    TurnoverReturn,
    TurnoverReturned,
    TurnoverSent,
)
from edgecode.events.kept_kinds import personal_sections
from edgecode.events.kinds import Event, HashesSection, TextSection
from edgecode.events.person_kinds import PersonSection
from edgecode.events.registry import sections_of
from edgecode.people.sealing import key_of

SHOW, A, B, C = (f"01890000-0000-7000-8000-00000000000{number}" for number in range(1, 5))
WORDS = TextSection((("note", "Ann Example asked for more rain"),))

EXAMPLES: tuple[tuple[Event, dict[str, str]], ...] = (
    (
        TakeNoted(TakeFact(A, "capture", (B,), C), TakeNames({"slate": "Ann 12A"}), PersonSection("ann"), WORDS),
        {"place": "s:ann", "person": "s:ann", "text": f"t:{A}"},
    ),
    (TakeNoted(TakeFact(A, "camera", (B,)), TakeNames({"slate": "Ann 12A"})), {"place": f"p:{SHOW}"}),
    (ReviewNoted(ReviewFact(A, (B,), "note"), WORDS), {"text": f"t:{A}"}),
    (
        CredentialRead(CredentialFact(A, B, "trusted", "c2pa 0.38"), recipe=CredentialWords({"title": "Ann's plate"})),
        {"recipe": f"p:{SHOW}"},
    ),
    (
        HistoryRead(
            HistoryFact(A, 1, "transfer", "matches", step=B),
            HashesSection({"c4": "c41"}),
            HistoryNames(path="Ann/ascmhl"),
            WORDS,
        ),
        {"place": f"p:{SHOW}", "text": f"t:{A}"},
    ),
    (
        TurnoverSent(TurnoverFact(A, (AskedFrames(0, 8, clip=B),), cut=C), TurnoverNames(vendor="Ann & Co"), WORDS),
        {"place": f"p:{SHOW}", "text": f"t:{A}"},
    ),
    (TurnoverReturned(TurnoverReturn(A, B, "form", steps=(C,)), text=WORDS), {"text": f"t:{A}"}),
)


def test_there_is_an_example_of_every_kind() -> None:
    assert {type(event) for event, _ in EXAMPLES} == set(DOOR_KINDS)


@pytest.mark.parametrize(("event", "keys"), EXAMPLES)
def test_words_are_sealed_under_the_key_of_what_they_are_about(event: Event, keys: dict[str, str]) -> None:
    sections = sections_of(event)
    sealed = {name: key for name in sections if (key := key_of(event, name, production=SHOW))}

    assert sealed == keys
    assert [name for name, data in sections.items() if b"Ann" in data and name not in sealed] == []


def test_where_a_take_is_somebodys_its_slate_goes_with_them() -> None:
    assert personal_sections(EXAMPLES[0][0]) == ("person", "text", "place")
