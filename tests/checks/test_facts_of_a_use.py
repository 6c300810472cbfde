"""Which facts follow for a use from what a real ledger holds of its person, its consents, its material and its cut."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from checks.desk_record import DAY_MILLISECONDS, EVERYTHING, MARA, NOW, OTTO, PROFILE, TODAY, Desk, at
from edgecode.checks.facts import subject_of
from edgecode.checks.register import Register
from edgecode.checks.uses import Span, Use, UseKind
from edgecode.events.desk_kinds import (
    ApprovalGiven,
    CutMoved,
    CutMoveFact,
    DeterminationFact,
    DeterminationMade,
    NoticeGiven,
    PaperEndFact,
    PaperFact,
    PaperWithdrawn,
    PaymentRecorded,
)
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementRecorded,
    AgreementTerms,
    MemberFact,
    MemberNamed,
    ProductionProfiled,
    ProfileFact,
    ProfileSection,
    RepresentationFact,
    RepresentationRecorded,
    RepresentationSection,
    SessionFact,
    SessionRecorded,
)
from edgecode.terms.evidence import Visibility
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Compensation, FactValue, Revocation, Role, Scope, Terms

STANDS = {
    "consent.revoked": False,
    "consent.expired": False,
    "consent.suspended": False,
    "consent.exhausted": False,
    "consent.disputed": False,
    "consent.gdpr_withdrawn": False,
}
HOUR = 3_600_000


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path / "show")
    desk.person(status="living")
    return desk


def decide(desk: Desk, question: str, answer: str, *about: str, **said: object) -> str:
    identity = desk.new_id()
    fact = DeterminationFact(identity, question, answer, **{"about": about, "at": TODAY, **said})  # type: ignore[arg-type]
    desk.add(DeterminationMade(fact))
    return identity


def legal(desk: Desk, *, roles: tuple[str, ...] = ("legal",)) -> str:
    identity = desk.new_id()
    desk.add(MemberNamed(MemberFact(identity, roles), PersonSection("p-lee", "P-70")))  # type: ignore[arg-type]
    return identity


# ------------------------------------------------------------------------------------------ standing


def test_a_consent_in_force_is_known_to_stand_as_of_the_log(desk: Desk) -> None:
    desk.consent("use_this_work")
    facts = desk.facts(desk.use(), *STANDS, "consent.use", "consent.scope_ok", "use.new_generation")

    assert facts == STANDS | {"consent.use": True, "consent.scope_ok": True, "use.new_generation": False}


def test_nobody_knows_where_a_consent_stands_that_is_not_on_file(desk: Desk) -> None:
    facts = desk.facts(desk.use(), *STANDS, "consent.use", "consent.scope_ok")

    assert facts == {}


def test_a_draft_covers_nothing_whatever_its_scope_says(desk: Desk) -> None:
    desk.consent("use_this_work", granted_on="")

    assert desk.facts(desk.use(), "consent.use", "consent.scope_ok") == {
        "consent.use": False,
        "consent.scope_ok": False,
    }


def test_what_was_made_before_a_revocation_had_consent_and_what_was_made_on_its_day_is_new(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "revoked", "2026-10-01")
    names = ("consent.revoked", "consent.use", "consent.scope_ok", "use.new_generation")
    before, on = desk.use(made_on="2026-09-30"), desk.use(made_on="2026-10-01")

    assert desk.facts(before, *names) == {
        "consent.revoked": True,
        "consent.use": True,
        "consent.scope_ok": True,
        "use.new_generation": False,
    }
    assert desk.facts(on, *names) == {
        "consent.revoked": True,
        "consent.use": False,
        "consent.scope_ok": False,
        "use.new_generation": True,
    }


def test_nobody_knows_whether_material_is_new_that_was_made_at_an_unknown_time(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "revoked", "2026-10-01")

    assert desk.facts(desk.use(made_on=""), "use.new_generation") == {}


def test_a_revocation_that_counts_from_tomorrow_changes_nothing_today(desk: Desk) -> None:
    consent = desk.consent("use_this_work")
    desk.move(consent, "revoked", "2026-11-24")
    use = desk.use()

    assert desk.facts(use, "consent.revoked") == {"consent.revoked": False}
    assert desk.facts(use, "consent.revoked", today="2026-11-24") == {"consent.revoked": True}


def test_a_newer_consent_cures_an_older_one_that_was_revoked(desk: Desk) -> None:
    old = desk.consent("use_this_work", label="C-01")
    desk.move(old, "revoked", "2026-05-01")
    desk.consent("use_this_work", label="C-02", signed_on="2026-06-01", granted_on="2026-06-01", shown=True)
    subject = desk.subject(desk.use())

    assert (subject.facts["consent.revoked"], [one.values["id"] for one in subject.consents]) == (
        False,
        ["C-02", "C-01"],
    )


def test_old_uses_keep_the_wording_under_which_they_were_made(desk: Desk) -> None:
    first = desk.consent("use_this_work")
    narrow = replace(EVERYTHING, territories=("JP",))
    desk.consent("use_this_work", scope=narrow, signed_on="2026-08-01", granted_on="2026-08-01", supersedes=first)

    assert [
        desk.facts(desk.use(made_on=day), "consent.scope_ok")["consent.scope_ok"]
        for day in ("2026-07-31", "2026-08-01")
    ] == [True, False]


def test_an_end_that_nobody_said_leaves_open_whether_it_is_over(desk: Desk) -> None:
    desk.consent("use_this_work", scope=replace(EVERYTHING, until=""))
    subject = desk.subject(desk.use())

    assert "consent.expired" not in subject.facts
    assert "consent.scope_ok" in subject.open


def test_revoking_one_act_takes_back_that_act_alone(desk: Desk) -> None:
    consent = desk.consent("create", "use_this_work")
    desk.move(consent, "revoked", "2026-05-01", acts=("use_this_work",))
    names = ("consent.create", "consent.use", "consent.revoked")

    assert desk.facts(desk.use(), *names) == {"consent.create": True, "consent.use": False, "consent.revoked": True}
    assert desk.facts(desk.use("replica_create"), *names)["consent.revoked"] is False


@pytest.mark.parametrize(
    ("hours", "gate", "known"),
    [(0, "deliver", True), (1, "deliver", True), (2, "deliver", False), (24, "publish", True), (25, "publish", False)],
)
def test_an_answer_about_an_agreement_kept_elsewhere_grows_old(desk: Desk, hours: int, gate: str, known: bool) -> None:
    consent = desk.consent("use_this_work", kept="elsewhere")
    desk.standing(consent, STANDS, as_of=NOW - hours * HOUR)
    subject = desk.subject(desk.use(made_on=""), gate=gate)  # type: ignore[arg-type]
    found = {name: subject.facts.get(name) for name in ("consent.revoked", "consent.use")}

    assert found == (
        {"consent.revoked": False, "consent.use": True} if known else {"consent.revoked": None, "consent.use": None}
    )
    assert ("consent.use" in subject.open) is not known


def test_an_answer_given_after_something_was_made_shows_that_it_had_consent_however_old_it_is(desk: Desk) -> None:
    consent = desk.consent("use_this_work", kept="elsewhere")
    desk.standing(consent, STANDS, as_of=at("2026-08-01"))
    desk.standing(consent, STANDS | {"consent.revoked": True})
    names = ("consent.revoked", "consent.use", "use.new_generation")

    assert [desk.facts(desk.use(made_on=day), *names) for day in ("2026-07-31", "2026-08-02")] == [
        {"consent.revoked": True, "consent.use": True, "use.new_generation": False},
        {"consent.revoked": True, "consent.use": False},
    ]


def test_a_revocation_written_down_here_counts_of_an_agreement_kept_elsewhere(desk: Desk) -> None:
    consent = desk.consent("use_this_work", kept="elsewhere")
    desk.standing(consent, STANDS)
    desk.move(consent, "revoked", "2026-10-01")

    assert desk.facts(desk.use(), "consent.revoked") == {"consent.revoked": True}


def test_what_a_keeper_says_fills_what_the_record_does_not_tell_and_never_makes_outside_inside(desk: Desk) -> None:
    consent = desk.consent("use_this_work", kept="elsewhere", scope=Scope(territories=("JP",)))
    desk.standing(consent, STANDS | {"consent.specific": True, "consent.scope_ok": True})

    assert desk.facts(desk.use(), "consent.specific", "consent.scope_ok") == {
        "consent.specific": True,
        "consent.scope_ok": False,
    }


def test_a_move_of_an_agreement_that_nobody_recorded_leaves_all_standings_open(desk: Desk) -> None:
    desk.consent("use_this_work")
    desk.move(desk.new_id(), "revoked", "2026-10-01")
    register = desk.register()

    assert (register.unreadable, desk.facts(desk.use(), *STANDS)) == (True, {})


# ------------------------------------------------------------------------------------------ scope


def test_a_dimension_that_nobody_said_leaves_the_scope_open_and_refuses_nothing(desk: Desk) -> None:
    desk.consent("use_this_work", scope=replace(EVERYTHING, media=None))
    subject = desk.subject(desk.use())

    assert ("consent.scope_ok" in subject.facts, "consent.scope_ok" in subject.open) == (False, True)
    assert ("media_ok" in subject.consents[0].values, subject.consents[0].values["territories_ok"]) == (False, True)


def test_a_window_that_ends_the_day_before_the_release_is_outside(desk: Desk) -> None:
    desk.consent("use_this_work", scope=replace(EVERYTHING, until="2027-02-28"))
    use = desk.use()
    on_time = replace(use, stated={"use.date": "2027-02-28"})

    assert [desk.facts(one, "consent.scope_ok")["consent.scope_ok"] for one in (use, on_time)] == [False, True]


def test_maxima_are_summed_over_all_uses_of_an_agreement(desk: Desk) -> None:
    desk.consent("use_this_work", scope=replace(EVERYTHING, maxima={"seconds": 4}))
    span = Span(0, 48, 1, 1, "picture", Visibility.CERTAIN)
    use, other = (desk.use(spans=(one,), rate="24/1") for one in (span, replace(span, first=48, end=96)))
    third = desk.use(spans=(replace(span, first=96, end=97),), rate="24/1")

    assert [
        subject.facts["consent.scope_ok"]
        for subject in (desk.subject(use), desk.subject(use, uses=[other]), desk.subject(use, uses=[other, third]))
    ] == [True, True, False]


def test_a_production_is_known_by_the_names_that_agreements_give_it(tmp_path: Path) -> None:
    desk = Desk.open(tmp_path / "show", profile={**PROFILE, "production.works": ("10.5240/7E1A-0001",)})
    desk.person()
    desk.consent("use_this_work", scope=replace(EVERYTHING, works=("10.5240/7e1a-0001",)))
    desk.consent("alter", label="C-02", scope=replace(EVERYTHING, works=("another show",)))

    assert [
        desk.facts(desk.use(kind), "consent.scope_ok")["consent.scope_ok"] for kind in ("replica_use", "alteration")
    ] == [
        True,
        False,
    ]


def test_what_is_prohibited_is_open_until_somebody_decides(desk: Desk) -> None:
    desk.consent("use_this_work", scope=replace(EVERYTHING, prohibited=("nudity",)))
    use = desk.use()
    undecided = "consent.scope_ok" in desk.subject(use).open
    decide(desk, "use.nude_or_sex", "no", use.version)

    assert (undecided, desk.facts(use, "consent.scope_ok", "use.nude_or_sex")) == (
        True,
        {"consent.scope_ok": True, "use.nude_or_sex": False},
    )


# ------------------------------------------------------------------------------------------ persons


def test_somebody_who_is_erased_leaves_nothing_that_helps_and_may_not_be_described(desk: Desk) -> None:
    desk.consent("use_this_work")
    use = desk.use(stated={"person.status": "none", "use.role": "principal"})
    gone = replace(use, person=None, person_state="erased")
    subject = desk.subject(gone)
    told = {name: value for name, value in subject.facts.items() if name.startswith(("person.", "consent.")) and value}

    assert (told, subject.consents, subject.facts["use.role"]) == ({"person.state": "erased"}, [], "principal")


def test_nobody_is_depicted_where_somebody_said_so(desk: Desk) -> None:
    use = replace(desk.use("ai_element"), person=None, person_state="none")

    assert desk.facts(use, "person.state", "person.status", "person.minor", "person.gdpr") == {
        "person.state": "none",
        "person.status": "none",
        "person.minor": False,
        "person.gdpr": False,
    }


def test_a_person_is_a_minor_on_the_day_of_capture_or_of_use(desk: Desk) -> None:
    desk.person(OTTO, minor_until="2026-06-30")
    young, grown = desk.new_id(), desk.new_id()
    for session, day in ((young, "2026-06-30"), (grown, "2026-07-01")):
        desk.add(SessionRecorded(SessionFact(session, "lightstage", started=at(day)), desk.whom(OTTO)))
    use = desk.use(ref=OTTO)

    assert [
        desk.facts(one, "person.minor", today=today)
        for one, today in (
            (use, TODAY),
            (replace(use, about=use.about | {young}), TODAY),
            (replace(use, about=use.about | {grown}), TODAY),
            (replace(use, about=use.about | {grown}), "2026-06-30"),
        )
    ] == [{}, {"person.minor": True}, {"person.minor": False}, {"person.minor": True}]


def test_the_70_years_after_a_death_end_on_its_anniversary(desk: Desk) -> None:
    desk.person(OTTO, deceased_on="1957-03-01")
    use = desk.use(ref=OTTO)

    assert [
        desk.facts(replace(use, stated={"use.date": day}), "person.within_70_years", "person.status")
        for day in ("2027-02-28", "2027-03-01")
    ] == [
        {"person.within_70_years": True, "person.status": "deceased"},
        {"person.within_70_years": False, "person.status": "deceased"},
    ]


def heir(
    desk: Desk, ref: str, *, share: tuple[int, int] | None = None, decision: str | None = None, **said: object
) -> str:
    identity = desk.new_id()
    written = {"capacity": "heir", "acts": ("use_this_work",), "since": "2020-01-01", **said}
    section = RepresentationSection(identity, share=share, decision=decision, **written)  # type: ignore[arg-type]
    desk.add(
        RepresentationRecorded(RepresentationFact(identity, "principal"), section, desk.whom(ref)),
        RepresentationRecorded(RepresentationFact(identity, "agent"), None, PersonSection(f"p-{identity}", "P-80")),
    )
    return identity


@pytest.mark.parametrize(
    ("decision", "shares", "expected"),
    [
        (None, (None,), True),
        (None, ((1, 2),), False),
        ("any", ((1, 3),), True),
        ("majority", ((1, 2),), False),
        ("majority", ((1, 2), (1, 3)), True),
        ("unanimous", ((1, 2), (1, 3)), False),
        ("unanimous", ((1, 2), (1, 3), (1, 6)), True),
    ],
)
def test_an_estate_consents_as_its_heirs_decide(
    desk: Desk, decision: str | None, shares: tuple[tuple[int, int] | None, ...], expected: bool
) -> None:
    desk.person(OTTO, deceased_on="2019-05-01")
    for number, share in enumerate(shares):
        who = heir(desk, OTTO, share=share, decision=decision)
        desk.consent("use_this_work", ref=OTTO, label=f"C-{number}", representation=who)

    assert desk.facts(desk.use(ref=OTTO), "consent.by_estate", "consent.use") == {
        "consent.by_estate": expected,
        "consent.use": expected,
    }


def test_a_consent_given_in_life_helps_after_death_only_where_it_says_so(desk: Desk) -> None:
    found = {}
    for number, survives in enumerate(("yes", "no", None)):
        ref = f"p-dead-{number}"
        desk.person(ref, deceased_on="2026-04-01")
        desk.consent("use_this_work", ref=ref, label=f"C-{number}", survives_death=survives)
        subject = desk.subject(desk.use(ref=ref))
        found[survives] = (
            subject.facts.get("consent.use", "open" if "consent.use" in subject.open else None),
            subject.facts["consent.lifetime_survives"],
            subject.facts["consent.expired"],
        )

    assert found == {"yes": (True, True, False), "no": (False, False, True), None: ("open", False, False)}


def test_the_union_consents_where_nobody_else_was_found(desk: Desk) -> None:
    desk.person(OTTO, deceased_on="2019-05-01")
    union = heir(desk, OTTO, capacity="union")
    desk.consent("use_this_work", ref=OTTO, representation=union)
    use = desk.use(ref=OTTO)
    before = desk.facts(use, "consent.by_union")
    decide(desk, "no_representative_found", "yes", use.version)

    assert [before, desk.facts(use, "consent.by_union")] == [{"consent.by_union": False}, {"consent.by_union": True}]


# ------------------------------------------------------------------------------------------ small records


def test_conspicuous_and_specific_take_the_form_and_a_humans_word(desk: Desk) -> None:
    consent = desk.consent("use_this_work", form="clause_initialed")
    names = ("consent.clear_conspicuous", "consent.specific", "consent.separate_writing")
    use = desk.use()
    before = desk.facts(use, *names)
    decide(desk, "clear_and_conspicuous", "yes", consent)
    decide(desk, "reasonably_specific", "yes", consent)

    assert [before, desk.facts(use, *names)] == [
        dict.fromkeys(names, False),
        {"consent.clear_conspicuous": True, "consent.specific": True, "consent.separate_writing": False},
    ]


def test_the_newest_determination_that_is_in_date_counts(desk: Desk) -> None:
    use = desk.use()
    decide(desk, "use.deepfake", "no", use.version, at="2026-01-01")
    decide(desk, "use.deepfake", "yes", use.version, at="2026-02-01", until="2026-12-31")
    decide(desk, "use.deepfake", "no", use.version, at="2027-06-01")

    assert [desk.facts(use, "use.deepfake", today=day) for day in (TODAY, "2027-01-01")] == [
        {"use.deepfake": True},
        {"use.deepfake": False},
    ]


def test_a_small_record_counts_for_what_it_is_about_in_its_time_and_of_its_person(desk: Desk) -> None:
    desk.person(OTTO)
    use = desk.use()
    papers = {
        "about another version": NoticeGiven(PaperFact(desk.new_id(), "union_training", about=(desk.new_id(),))),
        "over": NoticeGiven(PaperFact(desk.new_id(), "union_training", until="2026-11-22")),
        "ahead": NoticeGiven(PaperFact(desk.new_id(), "union_training", at="2026-11-24")),
        "of another": PaymentRecorded(PaperFact(desk.new_id(), "scan_day"), person=desk.whom(OTTO)),
        "by key": NoticeGiven(PaperFact(desk.new_id(), "director_consulted", uses=(use.key,))),
        "by version": ApprovalGiven(PaperFact(desk.new_id(), "netflix_written", about=(use.version,))),
        "production": NoticeGiven(PaperFact(desk.new_id(), "union_synthetic", at=TODAY, until=TODAY)),
        "own": PaymentRecorded(PaperFact(desk.new_id(), "replica_days"), person=desk.whom(MARA)),
    }
    taken_back = NoticeGiven(PaperFact(desk.new_id(), "writer_ai_material"))
    desk.add(*papers.values(), taken_back, PaperWithdrawn(PaperEndFact(taken_back.fact.paper)))
    facts = desk.subject(use).facts

    assert {name for name in facts if name.startswith(("notice.", "payment.", "approval.n"))} == {
        "notice.director_consulted",
        "approval.netflix_written",
        "notice.union_synthetic",
        "payment.replica_days",
    }


def test_notice_of_a_session_is_computed_from_its_times_and_beats_the_paper(desk: Desk) -> None:
    start, session = at("2026-03-10"), desk.new_id()
    late = SessionFact(session, "lightstage", notice_given=start - 47 * HOUR, started=start)
    desk.add(SessionRecorded(late, desk.whom()))
    desk.add(NoticeGiven(PaperFact(desk.new_id(), "scan_48h", about=(session,))))
    use = desk.use()
    use = replace(use, about=use.about | {session})
    before = desk.facts(use, "notice.scan_48h")
    desk.add(SessionRecorded(replace(late, notice_given=start - 48 * HOUR), desk.whom()))

    assert [before, desk.facts(use, "notice.scan_48h")] == [{}, {"notice.scan_48h": True}]


def test_legal_releases_finished_material_by_citing_the_agreement_after_its_revocation(desk: Desk) -> None:
    consent, other = desk.consent("use_this_work"), desk.consent("alter", label="C-02")
    desk.move(consent, "revoked", "2026-10-01")
    lawyer, clerk, use = legal(desk), desk.new_id(), desk.use()
    desk.add(MemberNamed(MemberFact(clerk, ("clearance",)), PersonSection("p-kim", "P-71")))
    question = "legal_release_after_revocation"
    name = "approval.legal_release_after_revocation"
    refused = [
        {"by": clerk, "clause": consent, "about": (use.version,)},
        {"by": lawyer, "clause": "", "about": (use.version,)},
        {"by": lawyer, "clause": other, "about": (use.version,)},
        {"by": lawyer, "clause": consent, "about": ()},
        {"by": lawyer, "clause": consent, "about": (consent,)},
        {"by": lawyer, "clause": consent, "about": (use.version,), "at": "2026-09-30"},
    ]
    found = []
    for said in refused:
        decide(desk, question, "yes", **said)  # type: ignore[arg-type]
        found.append(desk.facts(use, name)[name])
    decide(desk, question, "yes", by=lawyer, clause=consent, about=(use.version,), at="2026-10-01")  # type: ignore[arg-type]

    assert (found, desk.facts(use, name)) == ([False] * 6, {name: True})


def test_a_release_by_legal_does_not_outlive_a_later_loss(desk: Desk) -> None:
    consent, lawyer, use = desk.consent("use_this_work"), legal(desk), desk.use()
    desk.move(consent, "suspended", "2026-08-01", why="strike")
    decide(desk, "legal_release_after_revocation", "yes", use.version, by=lawyer, clause=consent, at="2026-08-02")
    name = "approval.legal_release_after_revocation"
    before = desk.facts(use, name)
    desk.move(consent, "revoked", "2026-10-01")

    assert [before, desk.facts(use, name)] == [{name: True}, {name: False}]


def test_a_member_who_has_retired_decides_nothing_more(desk: Desk) -> None:
    consent, lawyer, use = desk.consent("use_this_work"), legal(desk), desk.use()
    desk.move(consent, "revoked", "2026-10-01")
    desk.add(MemberNamed(MemberFact(lawyer, ("legal",), retired=True), PersonSection("p-lee", "P-70")))
    decide(desk, "legal_release_after_revocation", "yes", use.version, by=lawyer, clause=consent)

    assert desk.subject(use).facts["approval.legal_release_after_revocation"] is False


# ------------------------------------------------------------------------------------------ the production and its cut


def test_a_member_state_brings_the_eu_and_the_united_states_every_state(desk: Desk) -> None:
    profile = ProfileSection({"production.territories": ("IE", "US"), "production.media": None})
    somebody = desk.new_id()
    desk.add(
        MemberNamed(MemberFact(somebody, ("clearance",)), PersonSection("p-profile", "P-92")),
        ProductionProfiled(ProfileFact(desk.new_id(), somebody), profile),
    )
    facts = desk.subject(desk.use()).facts
    territories = facts["production.territories"]
    assert isinstance(territories, tuple)

    assert ({"IE", "EU", "US", "US-CA", "US-NY"} <= set(territories), "production.media" in facts) == (True, False)


def test_a_cut_that_was_released_is_so_until_that_is_undone(desk: Desk) -> None:
    cut, names = desk.new_id(), ("use.released", "use.final", "use.public", "use.date")
    desk.released(cut, "2026-11-01")
    use = desk.use(cut=cut, spans=(Span(0, 24, 1, 1, "sound", Visibility.CERTAIN),))
    released = desk.facts(use, *names)
    desk.released(cut, "2026-11-02", undone=True)

    assert released == {"use.released": True, "use.final": True, "use.public": True, "use.date": "2026-11-01"}
    assert desk.facts(use, *names) == {"use.released": False, "use.date": "2027-03-01"}


UNSAID = ("use.released", "use.final", "use.public", "use.date")


def placed(desk: Desk, cut: RecordId, **more: Any) -> Use:
    return desk.use(cut=cut, spans=(Span(0, 24, 1, 1, "sound", Visibility.CERTAIN),), **more)


def test_whether_a_cut_is_released_nobody_knows_where_nobody_answers_for_it(desk: Desk) -> None:
    cut = desk.new_id()
    desk.add(CutMoved(CutMoveFact(cut, "released", "2026-11-01")))
    unsaid = desk.facts(placed(desk, cut), *UNSAID)
    stated = desk.facts(placed(desk, cut, stated={"use.released": True}), *UNSAID)
    desk.released(cut, "2026-11-01")

    assert (unsaid, stated) == ({"use.final": True, "use.public": True}, {"use.final": True, "use.public": True})
    assert desk.facts(placed(desk, cut), *UNSAID)["use.released"] is True


@pytest.mark.parametrize("role", ["artist", "vendor", "supervisor", "representative"])
def test_a_role_that_may_not_say_it_leaves_a_release_open(desk: Desk, role: Role) -> None:
    cut = desk.new_id()
    desk.released(cut, "2026-11-01", role=role)

    assert "use.released" not in desk.facts(placed(desk, cut), *UNSAID)


def test_an_undoing_that_nobody_answers_for_leaves_a_release_open(desk: Desk) -> None:
    cut = desk.new_id()
    desk.released(cut, "2026-11-01")
    desk.add(CutMoved(CutMoveFact(cut, "released", "2026-11-02", undone=True)))
    torn = desk.facts(placed(desk, cut), *UNSAID)
    desk.add(CutMoved(CutMoveFact(cut, "released", "2026-11-03")))

    assert (torn, desk.facts(placed(desk, cut), *UNSAID)) == ({"use.final": True, "use.public": True},) * 2


def test_a_release_that_is_said_again_by_nobody_stands_as_its_member_said_it(desk: Desk) -> None:
    cut = desk.new_id()
    desk.released(cut, "2026-11-01")
    desk.add(CutMoved(CutMoveFact(cut, "released", "2026-10-01")), CutMoved(CutMoveFact(cut, "released", "2026-11-05")))

    assert desk.facts(placed(desk, cut), "use.released", "use.date") == {"use.released": True, "use.date": "2026-11-01"}


def test_what_lineage_shows_wins_over_what_somebody_stated(desk: Desk) -> None:
    use = desk.use(
        facts={"use.same_picture": True, "use.ai_generated": True},
        stated={"use.same_picture": False, "use.ai_generated": False, "use.role": "background", "consent.use": True},
    )

    assert desk.facts(use, "use.same_picture", "use.ai_generated", "use.role", "consent.use") == {
        "use.same_picture": True,
        "use.ai_generated": True,
        "use.role": "background",
    }


def test_an_act_for_this_work_is_none_for_another_and_open_where_nobody_knows_which(desk: Desk) -> None:
    desk.consent("use_this_work")
    use = desk.use()
    unknown = desk.subject(replace(use, facts={}))

    assert desk.facts(replace(use, facts={"use.same_picture": False}), "consent.use") == {"consent.use": False}
    assert ("consent.use" in unknown.facts, "consent.use" in unknown.open) == (False, True)


# ------------------------------------------------------------------------------------------ licenses


def license_of(desk: Desk, *covers: str, **said: object) -> str:
    identity = desk.new_id()
    written = {"label": "L-01", "signed_on": "2026-01-10", "scope": EVERYTHING, "licensor": "an archive", **said}
    fact = AgreementFact(identity, "license", covers=covers)
    desk.add(AgreementRecorded(fact, AgreementTerms(identity, **written)))  # type: ignore[arg-type]
    desk.move(identity, "granted", "2026-01-10")
    return identity


def test_every_material_of_others_needs_a_license_of_its_own(desk: Desk) -> None:
    film, song = desk.new_id(), desk.new_id()
    license_of(desk, film, allows_ai=True, fields=("film",))
    use = desk.use("licensed_material", material=(film,))
    names = (
        "license.on_file",
        "license.scope_ok",
        "license.archive_allows_ai",
        "license.film_output",
        "license.revoked",
    )

    assert desk.facts(use, *names) == dict.fromkeys(names[:4], True) | {"license.revoked": False}
    assert desk.facts(replace(use, material=(film, song)), *names) == dict.fromkeys(names[:4], False)


def test_a_license_counts_only_while_it_stands(desk: Desk) -> None:
    film = desk.new_id()
    bought = license_of(desk, film, scope=replace(EVERYTHING, until="2026-06-30"))
    use = desk.use("licensed_material", material=(film,), made=0)
    names = ("license.on_file", "license.expired", "license.years_over_5")

    assert desk.facts(use, *names) == {"license.on_file": False, "license.expired": True, "license.years_over_5": False}
    desk.move(bought, "revoked", "2026-05-01")
    assert desk.facts(use, "license.revoked", today="2026-05-02") == {"license.revoked": True}


def test_training_takes_a_license_that_names_it(desk: Desk) -> None:
    data = desk.new_id()
    found = {}
    for number, allowed in enumerate(("general", "this_production_only", "none")):
        data = desk.new_id()
        license_of(desk, data, label=f"L-{number}", scope=replace(EVERYTHING, training=allowed))  # type: ignore[arg-type]
        use = desk.use("train", material=(data,), needs=Scope(training="this_production_only"))
        found[allowed] = desk.facts(use, "license.training")["license.training"]

    assert found == {"general": True, "this_production_only": True, "none": False}


def test_the_clause_of_the_consent_relied_on_says_what_becomes_of_models(desk: Desk) -> None:
    clause = Terms(
        revocation=Revocation("prospective", models="delete_by", models_by="2027-01-31"),
        compensation=(Compensation("days"),),
        strike_clause="as the guild says",
    )
    desk.consent("train", terms=clause, scope=replace(EVERYTHING, training="general"))

    assert desk.facts(
        desk.use("train"), "consent.models_clause", "consent.models_until", "consent.strike_clause", "consent.training"
    ) == {
        "consent.models_clause": "delete_by",
        "consent.models_until": "2027-01-31",
        "consent.strike_clause": True,
        "consent.training": True,
    }


def test_a_day_has_as_many_milliseconds_as_the_tests_say() -> None:
    assert at("2026-11-24") - at(TODAY) == DAY_MILLISECONDS


@pytest.mark.parametrize(
    ("kind", "facts", "decided"),
    [
        ("performance", {"use.ai_generated": False, "use.recorded_making": True}, False),
        ("licensed_material", {"use.ai_generated": False, "use.recorded_making": True}, False),
        ("performance", {"use.ai_generated": False}, None),
        ("performance", {"use.recorded_making": True}, None),
        ("alteration", {"use.ai_generated": False, "use.recorded_making": True}, None),
    ],
)
def test_only_what_is_shown_as_it_was_made_and_recorded_is_no_deep_fake_by_its_making(
    desk: Desk, kind: UseKind, facts: dict[str, FactValue], decided: bool | None
) -> None:
    use = Use("k", kind, facts=facts)

    found = subject_of(use, Register.read(desk.production.index), today=TODAY, now=NOW, gate=None).facts

    assert found.get("use.deepfake") is decided
