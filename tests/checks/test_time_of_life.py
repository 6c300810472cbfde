"""Whose signature counts at which time of a person's life, and what rests on a day of death or majority that nobody said."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.desk_record import OTTO, TODAY, Desk, at
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    RepresentationFact,
    RepresentationRecorded,
    RepresentationSection,
    SessionFact,
    SessionRecorded,
)

LIVING = {"status": "living", "minor_until": "adult"}
NAMES = ("consent.use", "consent.expired")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.open(tmp_path / "show")


def represent(desk: Desk, capacity: str, *, until: str = "*") -> str:
    identity = desk.new_id()
    section = RepresentationSection(
        identity,
        capacity,  # type: ignore[arg-type]
        acts=("use_this_work",),
        since="2025-01-01",
        until=until,
    )
    desk.add(
        RepresentationRecorded(RepresentationFact(identity, "principal"), section, desk.whom()),
        RepresentationRecorded(RepresentationFact(identity, "agent"), None, PersonSection("p-agent", "P-90")),
    )
    return identity


@pytest.mark.parametrize("survives", ["no", "limited", None, "yes"])
def test_who_has_died_on_a_day_that_nobody_said_leaves_open_what_they_gave(desk: Desk, survives: str | None) -> None:
    desk.person(status="deceased")
    desk.consent("use_this_work", survives_death=survives)
    subject = desk.subject(desk.use(made_on="2026-09-01"))

    assert ("consent.use" in subject.open, subject.facts.get("consent.use")) == (True, None)
    assert subject.facts.get("consent.expired") is (None if survives == "no" else False)


def test_forgetting_the_day_of_a_death_never_helps(desk: Desk) -> None:
    desk.person(status="deceased", deceased_on="2026-06-15")
    desk.consent("use_this_work", survives_death="no")

    assert desk.facts(desk.use(made_on="2026-09-01"), *NAMES) == {"consent.use": False, "consent.expired": True}


def test_a_minors_own_signature_never_counts_not_even_under_an_amendment(desk: Desk) -> None:
    desk.person(status="living", minor_until="2026-01-31")
    first = desk.consent("use_this_work", signed_on="2026-01-10")
    alone = desk.facts(desk.use(), "consent.use")
    desk.consent("use_this_work", signed_on="2026-01-20", granted_on="", supersedes=first)
    amended = desk.facts(desk.use(), "consent.use")
    desk.consent("use_this_work", signed_on="2026-02-01", granted_on="", supersedes=first)

    assert (alone, amended, desk.facts(desk.use(), "consent.use")) == (
        {"consent.use": False},
        {"consent.use": False},
        {"consent.use": True},
    )


@pytest.mark.parametrize(
    ("capacity", "counts"),
    [("guardian", True), ("court_appointed", True), ("attorney", False), ("agent", False), ("heir", False)],
)
def test_for_a_minor_a_guardian_or_a_court_signs_and_nobody_else(desk: Desk, capacity: str, counts: bool) -> None:
    desk.person(status="living", minor_until="2027-01-31")
    desk.consent("use_this_work", representation=represent(desk, capacity))

    assert desk.facts(desk.use(), "consent.use") == {"consent.use": counts}


@pytest.mark.parametrize("capacity", ["guardian", "court_appointed"])
def test_what_was_signed_for_a_minor_ends_with_minority_whoever_signed(desk: Desk, capacity: str) -> None:
    desk.person(status="living", minor_until="2026-03-31")
    desk.consent("use_this_work", representation=represent(desk, capacity))

    assert desk.facts(desk.use(made_on="2026-06-01"), *NAMES) == {"consent.use": False, "consent.expired": True}


@pytest.mark.parametrize("capacity", ["guardian", "court_appointed"])
def test_nobody_knows_whether_a_guardians_grant_is_over_while_nobody_says_until_when_they_are_a_minor(
    desk: Desk, capacity: str
) -> None:
    desk.person(status="living")
    desk.consent("use_this_work", representation=represent(desk, capacity))

    assert desk.facts(desk.use(), *NAMES) == {}


@pytest.mark.parametrize(
    ("capacity", "counts"),
    [("attorney", False), ("agent", False), ("guardian", False), ("rights_manager", True), ("court_appointed", True)],
)
def test_for_the_dead_only_those_sign_who_represent_the_dead(desk: Desk, capacity: str, counts: bool) -> None:
    desk.person(status="deceased", deceased_on="2026-02-01")
    who = represent(desk, capacity)
    desk.consent("use_this_work", representation=who, signed_on="2026-04-10", granted_on="2026-04-10")

    assert desk.facts(desk.use(), "consent.use") == {"consent.use": counts}


def test_what_was_signed_by_a_representation_before_it_ended_stands_and_nothing_that_is_written_down_later(
    desk: Desk,
) -> None:
    desk.person(**LIVING)
    who = represent(desk, "attorney", until="2030-01-01")
    desk.consent("use_this_work", representation=who)
    use = desk.use()
    ended = RepresentationFact(who, "principal", ended=True)
    desk.add(RepresentationRecorded(ended, None, desk.whom()))
    before = desk.facts(use, "consent.use")
    desk.person(OTTO, **LIVING)
    late = RepresentationSection(who, "attorney", acts=("use_this_work",), since="2025-01-01", until="2030-01-01")
    other = desk.new_id()
    desk.add(
        RepresentationRecorded(RepresentationFact(other, "principal"), replace(late, agreement=other), desk.whom(OTTO)),
        RepresentationRecorded(RepresentationFact(other, "principal", ended=True), None, desk.whom(OTTO)),
    )
    desk.consent("use_this_work", ref=OTTO, label="C-02", representation=other)

    assert (before, desk.facts(desk.use(ref=OTTO), "consent.use")) == ({"consent.use": True}, {"consent.use": False})


@pytest.mark.parametrize("signed_on", ["", "2027-06-01"])
def test_a_grant_of_what_nobody_signed_by_today_gives_nothing(desk: Desk, signed_on: str) -> None:
    desk.person(**LIVING)
    desk.consent("use_this_work", signed_on=signed_on)

    assert desk.facts(desk.use(), "consent.use") == {"consent.use": False}


def test_who_was_of_age_when_the_production_began_is_no_minor_in_what_was_made_for_it(desk: Desk) -> None:
    desk.person(**LIVING)
    scan, archive = desk.new_id(), desk.new_id()
    for session, kind in ((scan, "lightstage"), (archive, "archival")):
        desk.add(SessionRecorded(SessionFact(session, kind, started=at("2026-03-01")), desk.whom()))  # type: ignore[arg-type]
    use = desk.use()
    elsewhere = replace(use, facts={"use.same_picture": False})

    assert [
        desk.facts(one, "person.minor")
        for one in (
            use,
            replace(use, about=use.about | {scan}),
            replace(use, about=use.about | {archive}),
            elsewhere,
            replace(elsewhere, about=use.about | {scan}),
        )
    ] == [{"person.minor": False}, {"person.minor": False}, {}, {}, {"person.minor": False}]


def test_an_adult_signs_themselves(desk: Desk) -> None:
    desk.person(**LIVING)
    desk.consent("use_this_work")

    assert desk.facts(desk.use(), *NAMES, today=TODAY) == {"consent.use": True, "consent.expired": False}
