"""Whether somebody may alter a recording of others: its own license says so, and no license of the model that does it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.desk_record import EVERYTHING, NOW, TODAY, Desk
from edgecode.checks.considered import totals_of
from edgecode.events.rights_kinds import AgreementFact, AgreementRecorded, AgreementTerms
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue

ALLOWS = "license.archive_allows_ai"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path / "show")
    desk.person(status="living")
    return desk


def licensed(desk: Desk, label: str, *, allows_ai: bool | None) -> RecordId:
    """Something of others, with a license on file."""
    identity, covered = desk.new_id(), desk.new_id()
    terms = AgreementTerms(identity, label, signed_on="2026-01-10", scope=EVERYTHING, allows_ai=allows_ai)
    desk.add(AgreementRecorded(AgreementFact(identity, "license", covers=(covered,)), terms))
    desk.move(identity, "granted", "2026-01-10")
    return covered


def test_a_model_that_alters_an_archive_asks_the_license_of_the_archive(desk: Desk) -> None:
    model = licensed(desk, "L-01", allows_ai=None)
    open_, closed = licensed(desk, "L-02", allows_ai=True), licensed(desk, "L-03", allows_ai=False)
    use = desk.use("alteration", material=(model,))

    def allowed(*archive: RecordId) -> dict[str, FactValue]:
        return desk.facts(replace(use, archive=archive), ALLOWS)

    assert [allowed(open_), allowed(closed), allowed(open_, closed)] == [
        {ALLOWS: True},
        {ALLOWS: False},
        {ALLOWS: False},
    ]


@pytest.mark.parametrize("archive", [(), ("",)])
def test_that_a_models_license_allows_alterations_says_nothing_of_an_archive_that_nobody_named(
    desk: Desk, archive: tuple[RecordId, ...]
) -> None:
    model = licensed(desk, "L-01", allows_ai=True)

    assert desk.facts(desk.use("alteration", material=(model,), archive=archive), ALLOWS) == {ALLOWS: False}


def test_where_the_license_of_an_archive_leaves_it_open_nobody_knows(desk: Desk) -> None:
    film = licensed(desk, "L-01", allows_ai=None)
    subject = desk.subject(desk.use("alteration", archive=(film,)))

    assert (subject.facts.get(ALLOWS), ALLOWS in subject.open) == (None, True)


def test_the_archive_behind_an_alteration_uses_up_nothing_of_its_license_a_second_time(desk: Desk) -> None:
    film = licensed(desk, "L-01", allows_ai=True)
    shown = desk.use("licensed_material", material=(film,))
    altered = desk.use("alteration", archive=(film,))

    totals = totals_of([shown, altered], desk.register(), today=TODAY, now=NOW)

    assert [row["uses"] for row in totals.values()] == [1]


def test_a_training_reads_the_license_of_what_is_trained_on(desk: Desk) -> None:
    tapes = licensed(desk, "L-01", allows_ai=True)

    assert desk.facts(desk.use("train", material=(tapes,)), ALLOWS) == {ALLOWS: True}


def test_a_license_is_found_by_everything_that_any_of_its_wordings_covers(desk: Desk) -> None:
    one, other = licensed(desk, "L-01", allows_ai=True), licensed(desk, "L-02", allows_ai=True)
    register = desk.register()
    by_hand = {
        covered: [row for row in register.agreements.values() if any(covered in v.covers for v in row.versions)]
        for covered in (one, other, desk.new_id())
    }

    assert {covered: register.licenses_of(covered) for covered in by_hand} == by_hand
