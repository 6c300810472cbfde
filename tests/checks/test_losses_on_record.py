"""What cures a revocation and what came too late to, and how long a consent lasts whose loss is on record already."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.desk_record import EVERYTHING, Desk

STATUS = ("consent.revoked", "consent.use")
FRESH = {
    f"consent.{word}": False for word in ("revoked", "expired", "suspended", "exhausted", "disputed", "gdpr_withdrawn")
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path)
    desk.person()
    return desk


def revoked(desk: Desk) -> str:
    first = desk.consent("use_this_work")
    desk.move(first, "revoked", "2026-11-10")
    return first


def test_a_consent_signed_on_the_day_of_the_revocation_or_later_cures_it(desk: Desk) -> None:
    revoked(desk)
    desk.consent("use_this_work", label="C-02", signed_on="2026-11-10", granted_on="2026-11-10")

    assert desk.facts(desk.use(), *STATUS) == {"consent.revoked": False, "consent.use": True}


def test_a_consent_that_stood_in_the_log_before_the_revocation_cures_it(desk: Desk) -> None:
    first = desk.consent("use_this_work")
    desk.consent("use_this_work", label="C-02", signed_on="2026-03-01", granted_on="2026-03-01")
    desk.move(first, "revoked", "2026-11-10")

    assert desk.facts(desk.use(), *STATUS) == {"consent.revoked": False, "consent.use": True}


@pytest.mark.parametrize("kept", ["here", "elsewhere"])
def test_an_older_consent_that_entered_the_log_after_the_revocation_leaves_it_unknown(desk: Desk, kept: str) -> None:
    revoked(desk)
    late = desk.consent("use_this_work", label="C-02", signed_on="2026-03-01", granted_on="2026-03-01", kept=kept)
    use = desk.use()
    if kept == "elsewhere":
        desk.standing(late, FRESH | {"consent.use": True})
        desk.standing(use.version, {"consent.revoked": False, "consent.use": True})
    subject = desk.subject(use)

    assert ({name for name in STATUS if name in subject.facts}, "consent.use" in subject.open) == (set(), True)


def test_a_consent_for_other_acts_that_entered_late_is_no_cure_and_no_doubt(desk: Desk) -> None:
    revoked(desk)
    desk.consent("dub", label="C-02", signed_on="2026-03-01", granted_on="2026-03-01")

    assert desk.facts(desk.use(), "consent.revoked") == {"consent.revoked": True}


def test_an_amendment_that_was_signed_before_the_revocation_does_not_cure_it(desk: Desk) -> None:
    first = revoked(desk)
    amended = desk.consent("use_this_work", supersedes=first, signed_on="2026-10-01", granted_on="")
    assert desk.facts(desk.use(), *STATUS)["consent.revoked"] is True
    desk.move(amended, "granted", "2026-11-12")

    assert desk.facts(desk.use(), *STATUS) == {}


def test_a_consent_ends_on_the_day_before_a_revocation_on_record_takes_effect(desk: Desk) -> None:
    first = desk.consent("use_this_work")
    desk.move(first, "revoked", "2026-12-31")
    subject = desk.subject(desk.use())

    assert (
        subject.consents[0].values["until"],
        subject.facts["consent.scope_ok"],
        subject.facts["consent.revoked"],
    ) == (
        "2026-12-30",
        False,
        False,
    )


def test_the_window_of_a_consent_counts_where_it_ends_before_the_loss(desk: Desk) -> None:
    first = desk.consent("use_this_work", scope=replace(EVERYTHING, until="2026-12-01"))
    desk.move(first, "revoked", "2026-12-31")

    assert desk.subject(desk.use()).consents[0].values["until"] == "2026-12-01"


def test_a_loss_to_come_that_an_amendment_ends_again_leaves_the_window_as_it_is(desk: Desk) -> None:
    first = desk.consent("use_this_work")
    desk.move(first, "suspended", "2026-12-01", why="strike")
    desk.move(first, "resumed", "2026-12-15", why="strike")

    assert desk.subject(desk.use()).consents[0].values["until"] == "*"
