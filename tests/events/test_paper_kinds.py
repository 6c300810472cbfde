"""Events about papers: what is a payee's is sealed with the payee's key, and goes with them."""

import pytest

from edgecode.events.kept_kinds import personal_sections
from edgecode.events.kinds import Event, TextSection
from edgecode.events.paper_kinds import (
    PAPER_KINDS,
    ContestFact,
    CreditDecided,
    CreditFact,
    DeliveryFact,
    DeliveryMade,
    StatementContested,
    StatementFact,
    StatementIssued,
)
from edgecode.events.person_kinds import PersonSection
from edgecode.events.registry import read_event, sections_of
from edgecode.events.rights_kinds import DocumentBytes
from edgecode.people.sealing import key_of

SHOW, A, B, C = (f"01890000-0000-7000-8000-00000000000{number}" for number in range(1, 5))
ROOT = "ab" * 32
WORDS = TextSection((("reason", "Ann Example counted two lines"),))
ANN = PersonSection("ann", "P-07")
DIGEST = DocumentBytes("cd" * 32, 512)

EXAMPLES: tuple[tuple[Event, dict[str, str]], ...] = (
    (StatementIssued(StatementFact(A, 1, (B,), 20, ROOT, (C,)), DIGEST, ANN), {"bytes": "s:ann", "person": "s:ann"}),
    (StatementIssued(StatementFact(A, 1, (B,), 20, ROOT), DIGEST), {}),
    (
        StatementContested(ContestFact(A, B, "dispute", "2026-11-24", 3), WORDS, ANN),
        {"text": f"t:{A}", "person": "s:ann"},
    ),
    (CreditDecided(CreditFact(A, B, "0f" * 16, "omit", C, "legal", "2026-11-24"), WORDS), {"text": f"t:{A}"}),
    (DeliveryMade(DeliveryFact(A, B, "master", 20, ROOT, compared="same"), DIGEST), {}),
)


def test_there_is_an_example_of_every_kind() -> None:
    assert {type(event) for event, _ in EXAMPLES} == set(PAPER_KINDS)


@pytest.mark.parametrize(("event", "keys"), EXAMPLES)
def test_what_is_a_payees_is_sealed_with_their_key(event: Event, keys: dict[str, str]) -> None:
    sections = sections_of(event)

    assert {name: key for name in sections if (key := key_of(event, name, production=SHOW))} == keys


@pytest.mark.parametrize("event", [event for event, _ in EXAMPLES])
def test_an_event_about_a_paper_reads_back_as_it_was_written(event: Event) -> None:
    assert read_event(event.TYPE, sections_of(event)) == event


def test_the_digest_of_a_statement_goes_with_its_payee() -> None:
    issued = next(event for event, _ in EXAMPLES if isinstance(event, StatementIssued))

    assert "bytes" in personal_sections(issued)
