"""Suspensions and disputes each counted by itself, what new words carry over and what not, and what is said of consents taken back."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.desk_record import EVERYTHING, MARA, NOW, OTTO, PROFILE, TODAY, Desk, at
from edgecode.checks.lifecycle import disputes, refuse_move, stand_of, state_of
from edgecode.checks.open_decisions import open_decisions
from edgecode.checks.uses import Use
from edgecode.errors import RefusedError
from edgecode.events.desk_kinds import DeterminationFact, DeterminationMade
from edgecode.events.rights_kinds import AgreementFact, AgreementRecorded, AgreementTerms, MemberFact, MemberNamed
from edgecode.terms.rights import Scope, Terms

STANDS = {f"consent.{word}": False for word in ("revoked", "expired", "suspended", "exhausted", "disputed")}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path / "show")
    desk.person(status="living", minor_until="adult")
    return desk


def members(desk: Desk) -> tuple[str, str]:
    """Two members who may decide."""
    found = desk.new_id(), desk.new_id()
    for number, one in enumerate(found):
        desk.person(f"p-member-{number}")
        desk.add(MemberNamed(MemberFact(one, ("clearance",)), desk.whom(f"p-member-{number}")))
    return found


def decide(desk: Desk, question: str, answer: str, *about: str, by: str = "", on: str = TODAY) -> None:
    fact = DeterminationFact(desk.new_id(), question, answer, about=about, by=by, at=on)
    desk.add(DeterminationMade(fact))


# ------------------------------------------------------------------------------------------ suspensions and disputes


def test_a_resumption_ends_the_suspension_that_it_names_and_no_other(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "suspended", "2026-03-01", why="strike")
    desk.move(consent, "suspended", "2026-03-02", why="legal_hold")
    desk.move(consent, "resumed", "2026-04-01", why="strike")
    one = desk.agreement(consent)
    desk.move(consent, "resumed", "2026-05-01", why="legal_hold")

    assert (stand_of(one, TODAY).state, stand_of(one, TODAY).holds) == ("suspended", ("legal_hold",))
    assert state_of(desk.agreement(consent), TODAY) == "active"


def test_a_resumption_without_a_reason_ends_one_suspension_and_none_of_two_for_different_reasons(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "suspended", "2026-03-01", why="strike")
    desk.move(consent, "suspended", "2026-03-02", why="legal_hold")
    desk.move(consent, "resumed", "2026-04-01")
    both = stand_of(desk.agreement(consent), TODAY).holds
    desk.move(consent, "resumed", "2026-04-02", why="strike")
    desk.move(consent, "resumed", "2026-04-03")

    assert (both, state_of(desk.agreement(consent), TODAY)) == (("strike", "legal_hold"), "active")


def test_a_hold_can_be_recorded_during_a_strike_and_a_resumption_says_which_is_over(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "suspended", "2026-03-01", why="strike")
    register = desk.register()
    refuse_move(register, register.agreements[consent], "suspended", on=TODAY, why="legal_hold")
    desk.move(consent, "suspended", "2026-03-02", why="legal_hold")
    register = desk.register()
    for why in ("", "non_payment"):
        with pytest.raises(RefusedError, match="legal_hold, strike"):
            refuse_move(register, register.agreements[consent], "resumed", on=TODAY, why=why)
    refuse_move(register, register.agreements[consent], "resumed", on=TODAY, why="strike")


def test_a_strike_outlasts_a_revocation_that_new_words_cure(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "suspended", "2026-03-01", why="strike")
    desk.move(consent, "revoked", "2026-04-01")
    desk.consent("use_this_work", signed_on="2026-05-01", granted_on="", supersedes=consent)

    assert state_of(desk.agreement(consent), TODAY) == "suspended"


def test_each_dispute_is_ended_by_itself(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "disputed", "2026-03-01")
    register = desk.register()
    refuse_move(register, register.agreements[consent], "disputed", on=TODAY)
    desk.move(consent, "disputed", "2026-03-02")
    desk.move(consent, "dispute_ended", "2026-04-01")
    one = disputes(desk.agreement(consent), TODAY)
    disputed = desk.facts(desk.use(), "consent.disputed")
    desk.move(consent, "dispute_ended", "2026-04-02", shown=True)
    typed = desk.facts(desk.use(), "consent.disputed")
    desk.move(consent, "dispute_ended", "2026-04-02", shown=True)

    assert (one, disputed, typed) == (1, {"consent.disputed": True}, {})
    assert desk.facts(desk.use(), "consent.disputed") == {"consent.disputed": False}


# ------------------------------------------------------------------------------------------ new words


def test_words_of_somebody_else_or_of_a_license_are_no_amendment(desk: Desk) -> None:
    desk.person(OTTO, status="living", minor_until="adult")
    consent = desk.consent("use_this_work")
    desk.move(consent, "revoked", "2026-03-01")
    use = desk.use(made_on="2026-04-15")
    desk.consent("use_this_work", ref=OTTO, label="C-02", supersedes=consent, signed_on="2026-04-01", granted_on="")
    license_id = desk.new_id()
    terms = AgreementTerms(license_id, "L-01", acts=("use_this_work",), signed_on="2026-04-01", scope=EVERYTHING)
    desk.add(AgreementRecorded(AgreementFact(license_id, "license", supersedes=consent), terms))

    assert desk.facts(use, "consent.use", "consent.revoked") == {"consent.use": False, "consent.revoked": True}
    assert {one.label: (one.kind, len(one.versions)) for one in desk.register().agreements.values()} == {
        "C-01": ("consent", 1),
        "C-02": ("consent", 1),
        "L-01": ("license", 1),
    }


def test_a_former_keepers_revocation_outlasts_an_amendment_that_was_signed_before_it(desk: Desk) -> None:
    consent = desk.consent("use_this_work", kept="elsewhere")
    desk.standing(consent, STANDS | {"consent.revoked": True}, as_of=at("2026-10-01"))
    desk.consent("use_this_work", supersedes=consent, signed_on="2026-09-30", granted_on="")
    before = desk.facts(desk.use(), "consent.use", "consent.revoked")
    desk.consent("use_this_work", supersedes=consent, signed_on="2026-10-02", granted_on="", shown=True)

    assert before == {"consent.use": False, "consent.revoked": True}
    assert desk.facts(desk.use(made_on="2026-10-03"), "consent.use", "consent.revoked") == {
        "consent.use": True,
        "consent.revoked": False,
    }


def test_words_that_nobody_signed_do_not_bring_an_agreement_here(desk: Desk) -> None:
    consent = desk.consent("use_this_work", kept="elsewhere")
    desk.consent("use_this_work", supersedes=consent, signed_on="", granted_on="")

    assert desk.agreement(consent).kept == "elsewhere"
    assert desk.facts(desk.use(), "consent.use", "consent.revoked") == {}


def test_a_condition_that_was_met_of_older_words_is_open_again_under_new_ones(desk: Desk) -> None:
    terms = Terms(conditions=("Script approval",))
    consent = desk.consent("use_this_work", terms=terms)
    desk.move(consent, "condition_met", "2026-02-01", condition="script approval")
    met = state_of(desk.agreement(consent), TODAY)
    desk.consent("use_this_work", terms=terms, signed_on="2026-05-01", granted_on="", supersedes=consent)
    anew = state_of(desk.agreement(consent), TODAY)
    desk.move(consent, "condition_met", "2026-06-01", condition="script approval")

    assert (met, anew, state_of(desk.agreement(consent), TODAY)) == ("active", "granted_conditional", "active")


def test_whoever_takes_back_every_act_one_by_one_has_taken_back_the_whole(desk: Desk) -> None:
    consent = desk.consent("use_this_work", "dub")
    desk.move(consent, "revoked", "2026-03-01", acts=("dub",))
    partly = desk.subject(desk.use()).consents[0].values
    desk.move(consent, "revoked", "2026-04-01", acts=("use_this_work",))
    after = desk.subject(desk.use(made_on="2026-05-01")).consents[0].values

    assert (partly["status"], partly["acts"]) == ("active", ("use_this_work",))
    assert (after["status"], after["acts"]) == ("revoked", ())


# ------------------------------------------------------------------------------------------ taken back elsewhere


def test_an_agreement_to_processing_counts_as_taken_back_in_whichever_consent_it_was_given(desk: Desk) -> None:
    desk.consent("use_this_work", label="C-01")
    other = desk.consent("biometric_process", label="C-02", ground="art9_explicit")
    use = desk.use()
    stands = desk.facts(use, "consent.gdpr_withdrawn")
    desk.move(other, "revoked", "2026-07-01")
    withdrawn = desk.facts(use, "consent.gdpr_withdrawn")
    again = {"signed_on": "2026-08-01", "granted_on": "2026-08-01", "ground": "art9_explicit"}
    desk.consent("biometric_process", label="C-03", **again)  # type: ignore[arg-type]
    typed = desk.facts(use, "consent.gdpr_withdrawn")
    desk.consent("biometric_process", label="C-04", shown=True, **again)  # type: ignore[arg-type]

    assert (stands, withdrawn) == ({"consent.gdpr_withdrawn": False}, {"consent.gdpr_withdrawn": True})
    assert typed == {"consent.gdpr_withdrawn": True}
    assert desk.facts(use, "consent.gdpr_withdrawn") == {"consent.gdpr_withdrawn": False}


def test_nobody_knows_whether_processing_was_taken_back_in_a_consent_whose_keeper_does_not_say(desk: Desk) -> None:
    desk.consent("use_this_work", label="C-01")
    other = desk.consent("biometric_process", label="C-02", ground="art9_explicit", kept="elsewhere")
    silent = desk.facts(desk.use(), "consent.gdpr_withdrawn")
    desk.standing(other, {"consent.gdpr_withdrawn": False})

    assert (silent, desk.facts(desk.use(), "consent.gdpr_withdrawn")) == ({}, {"consent.gdpr_withdrawn": False})


def test_when_a_newer_consent_is_taken_back_the_explanation_of_the_older_one_names_it(desk: Desk) -> None:
    desk.consent("use_this_work", label="C-01")
    newer = desk.consent("use_this_work", label="C-02", signed_on="2026-03-01", granted_on="2026-03-01")
    desk.move(newer, "revoked", "2026-05-01")

    assert desk.facts(desk.use(), "consent.use", "consent.scope_why") == {
        "consent.use": True,
        "consent.scope_why": "C-01: covers it; C-02, for the same acts, was taken back on 2026-05-01",
    }


def test_a_consent_that_is_silent_on_strikes_says_so_and_one_that_nobody_can_read_says_nothing(desk: Desk) -> None:
    desk.person(OTTO, status="living", minor_until="adult")
    desk.consent("use_this_work", label="C-01")
    desk.consent("use_this_work", ref=OTTO, label="C-02", terms=Terms(strike_clause="suspended during a strike"))
    desk.person("p-nell", status="living", minor_until="adult")
    desk.consent("use_this_work", ref="p-nell", label="C-03", kept="elsewhere")

    assert [desk.facts(desk.use(ref=ref), "consent.strike_clause") for ref in (MARA, OTTO, "p-nell")] == [
        {"consent.strike_clause": False},
        {"consent.strike_clause": True},
        {},
    ]


# ------------------------------------------------------------------------------------------ answers and profiles


def test_of_two_members_who_answer_one_question_differently_the_stricter_counts(desk: Desk) -> None:
    use, (one, other) = desk.use(stated={"use.deepfake": False}), members(desk)
    decide(desk, "use.deepfake", "no", use.version, by=one)
    decide(desk, "use.deepfake", "yes", use.version, by=other)
    decide(desk, "determination.de_minimis", "yes", use.version, by=one)
    decide(desk, "determination.de_minimis", "no", use.version, by=other)
    torn = desk.subject(use)

    assert {name: torn.facts[name] for name in ("use.deepfake", "determination.de_minimis")} == {
        "use.deepfake": True,
        "determination.de_minimis": False,
    }
    assert "determination.eu_classified" in torn.open


def test_a_later_answer_of_somebody_else_is_no_second_thought_of_the_same_member(desk: Desk) -> None:
    use, (one, other) = desk.use(), members(desk)
    decide(desk, "use.violence", "yes", use.version, by=one, on="2026-11-22")
    decide(desk, "use.violence", "no", use.version, by=other, on="2026-11-23")
    decide(desk, "use.drugs", "yes", use.version, by=one)
    decide(desk, "use.drugs", "no", use.version, by=one)

    assert desk.facts(use, "use.violence", "use.drugs") == {"use.violence": True, "use.drugs": False}


def test_a_release_in_no_territory_is_inside_of_no_scope(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path / "show", profile={**PROFILE, "production.territories": ()})
    desk.person(MARA)
    desk.consent("use_this_work", scope=replace(EVERYTHING, territories=("FR",)))
    subject = desk.subject(desk.use(), now=NOW)

    assert ("consent.scope_ok" in subject.open, subject.facts["production.territories"]) == (True, ())
    assert Scope().territories is None


# ------------------------------------------------------------------------------------------ what is listed


def listed(desk: Desk, *uses: Use) -> list[tuple[str, str]]:
    """The codes of what is to be told of these uses, and why."""
    found = open_decisions(uses, desk.register(), today=TODAY, now=NOW, gate="deliver")
    return [(one.card.code, one.verdict.why) for one in found]


def test_a_contradiction_is_listed_once_wherever_it_is_asked_and_never_by_a_members_name(desk: Desk) -> None:
    use, (one, other) = desk.use(), members(desk)
    decide(desk, "use.deepfake", "no", by=one)
    decide(desk, "use.deepfake", "yes", by=other)
    said = (
        "use.deepfake is answered differently, so that the stricter answer counts until it is taken back: "
        "no by P-02 on 2026-11-23; yes by P-03 on 2026-11-23"
    )

    assert listed(desk, use, desk.use()) == [("determination.contradicted", said)]


def test_a_use_that_rests_on_an_older_consent_says_that_a_newer_one_was_taken_back(desk: Desk) -> None:
    desk.consent("use_this_work", label="C-01")
    newer = desk.consent("use_this_work", label="C-02", signed_on="2026-03-01", granted_on="2026-03-01")
    before = listed(desk, desk.use())
    desk.move(newer, "revoked", "2026-05-01")
    said = "somebody: this rests on C-01, and others for the same acts were lost: C-02, taken back on 2026-05-01"

    assert (before, listed(desk, desk.use())) == ([], [("consent.newer_taken_back", said)])
