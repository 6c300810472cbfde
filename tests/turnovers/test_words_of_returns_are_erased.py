"""Who signed a return and who made a copy stand in sealed words, and go with a person where the order names the step."""

import json
from pathlib import Path

import pytest

from edgecode.events.door_kinds import HistoryRead, TurnoverReturned
from edgecode.events.kinds import AnswerGiven, StepPerformed
from edgecode.ingest.mhl.manifest import Author
from edgecode.ingest.turnover_form import SCHEMA
from edgecode.production import Production
from edgecode.production.copies import Asked, write_copies
from edgecode.production.erasing.ordering import erase_person
from edgecode.production.turnovers.rounds import Choice, send, take_return
from mhl.copied import card
from production.erased_person import NAME, Film, make_film


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "film")


def words(production: Production, *kinds: type) -> list[bool]:
    """For each event of these kinds, whether its words are there."""
    found = [entry.event for entry in production.recorded() if isinstance(entry.event, kinds)]
    return [getattr(one, "text", None) is not None for one in found]


def test_the_signatory_of_a_return_goes_with_the_step_that_it_became(film: Film) -> None:
    with film.open() as production:
        (cut,) = production.cuts()
        sent = send(production, cut.name, Choice(clips=(1,)))
        row = {"row": 1, "made": ["people"], "people": NAME, "terms": f"release of {NAME}"}
        form = {"schema": SCHEMA, "turnover": sent.turnover, "rows": [row], "signatory": {"name": NAME}}
        take_return(production, json.dumps(form).encode(), name="return.json")
        returned = [entry.event for entry in production.recorded() if isinstance(entry.event, TurnoverReturned)]
        assert words(production, TurnoverReturned) == [True]
        erase_person(production, film.order(production, also_text=returned[0].fact.steps))

        assert words(production, TurnoverReturned) == [False]
        steps = [entry.event for entry in production.recorded() if isinstance(entry.event, StepPerformed)]
        assert [one.text for one in steps if one.fact.step in returned[0].fact.steps] == [None]
    assert NAME.encode() not in b"".join(one.read_bytes() for one in film.state.glob("*.db*"))


def test_the_author_of_a_copy_goes_with_its_step(film: Film, tmp_path: Path) -> None:
    with film.open() as production:
        _, found = write_copies(production, card(tmp_path), Asked(author=Author(NAME)))
        assert words(production, HistoryRead) == [True]
        erase_person(production, film.order(production, also_text=[found.generations[0].fact.step]))

        assert words(production, HistoryRead) == [False]
        assert words(production, AnswerGiven) == []
    assert NAME.encode() not in b"".join(one.read_bytes() for one in film.state.glob("*.db*"))
