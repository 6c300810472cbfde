"""What cures a revocation and what came too late to, and how long a consent lasts whose loss is on record already."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.desk_record import EVERYTHING, NOW, TODAY, Desk
from edgecode.checks.facts import subject_of
from edgecode.checks.register import Move, Whom
from edgecode.checks.uses import Use
from edgecode.events.desk_kinds import DeterminationFact, DeterminationMade
from edgecode.events.rights_kinds import AgreementMoved, AgreementMoveFact, MemberFact, MemberNamed
from edgecode.terms.rights import AgreementMove, Role, Scope

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
    desk.consent("use_this_work", label="C-02", signed_on="2026-11-10", granted_on="2026-11-10", shown=True)

    assert desk.facts(desk.use(), *STATUS) == {"consent.revoked": False, "consent.use": True}


@pytest.mark.parametrize("lacking", ["a paper", "a member", "everything"])
def test_a_consent_that_nothing_shows_cures_nothing(desk: Desk, lacking: str) -> None:
    revoked(desk)
    papers, by = desk.evidence()
    new = desk.consent("use_this_work", label="C-02", signed_on="2026-11-12", granted_on="")
    fact = AgreementMoveFact(new, "granted", "2026-11-12")
    given = {"a paper": {"by": by}, "a member": {"documents": papers}, "everything": {}}[lacking]
    desk.add(AgreementMoved(replace(fact, **given)))
    before = desk.facts(desk.use(), *STATUS)
    desk.consent("use_this_work", label="C-03", signed_on="2026-11-12", granted_on="2026-11-12", shown=True)

    assert (before, desk.facts(desk.use(), *STATUS)) == (
        {"consent.use": True},
        {"consent.use": True, "consent.revoked": False},
    )


def test_an_amendment_of_what_was_taken_back_that_nothing_shows_leaves_it_unknown(desk: Desk) -> None:
    first = revoked(desk)
    amended = desk.consent("use_this_work", supersedes=first, signed_on="2026-11-12", granted_on="2026-11-12")
    before = desk.facts(desk.use(), *STATUS)
    papers, by = desk.evidence()
    desk.add(AgreementMoved(AgreementMoveFact(amended, "granted", "2026-11-12", documents=papers, by=by)))

    assert (before, desk.facts(desk.use(), *STATUS)) == ({}, {"consent.use": True, "consent.revoked": False})


LOSSES = {"revoked": "consent.revoked", "disputed": "consent.disputed", "suspended": "consent.suspended"}


@pytest.mark.parametrize("loss", sorted(LOSSES))
@pytest.mark.parametrize("signed", ["2026-01-10", "2026-03-01"])
def test_a_second_consent_for_the_same_leaves_unknown_what_became_of_the_first(
    desk: Desk, loss: AgreementMove, signed: str
) -> None:
    first = desk.consent("use_this_work")
    desk.consent("use_this_work", label="C-02", signed_on=signed, granted_on=signed, shown=True)
    desk.move(first, loss, "2026-11-10", why="strike" if loss == "suspended" else "")

    assert desk.facts(desk.use(), LOSSES[loss], "consent.use") == {"consent.use": True}


def test_what_a_use_does_not_ask_for_may_be_taken_back_of_another_consent(desk: Desk) -> None:
    first = desk.consent("dub")
    desk.consent("use_this_work", label="C-02")
    desk.move(first, "revoked", "2026-11-10")

    assert desk.facts(desk.use(), *STATUS) == {"consent.revoked": False, "consent.use": True}


@pytest.mark.parametrize(("tools", "known"), [(("Echo Bench",), {"consent.revoked": False}), (("*",), {})])
def test_a_consent_to_what_a_tool_makes_that_is_lost_leaves_the_one_to_show_what_was_filmed_as_it_is(
    desk: Desk, tools: tuple[str, ...], known: dict[str, bool]
) -> None:
    replica = desk.consent("create", "use_this_work", scope=replace(EVERYTHING, tools=tools))
    desk.consent("use_this_work", label="C-02")
    desk.move(replica, "revoked", "2026-11-10")

    assert [desk.facts(desk.use(kind), "consent.revoked") for kind in ("performance", "replica_use")] == [known, {}]


def test_a_consent_for_other_languages_that_is_lost_leaves_the_one_for_these_as_it_is(desk: Desk) -> None:
    german = desk.consent("dub", scope=replace(EVERYTHING, languages=("de",)))
    desk.consent("dub", label="C-02", scope=replace(EVERYTHING, languages=("fr",)))
    desk.move(german, "revoked", "2026-11-10")
    french = desk.use("dub", needs=Scope(languages=("fr",)))

    assert desk.facts(french, "consent.revoked") == {"consent.revoked": False}


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


# ------------------------------------------------------------------------------------------ released, and who may settle


def released(desk: Desk, on: str) -> Use:
    cut = desk.new_id()
    desk.released(cut, on)
    return desk.use("alteration", cut=cut)


@pytest.mark.parametrize(("on", "counts"), [("2026-11-09", True), ("2026-11-10", False), ("2026-11-20", False)])
def test_a_release_counts_when_it_is_dated_before_the_loss_of_the_consent(desk: Desk, on: str, counts: bool) -> None:
    first = desk.consent("alter")
    use = released(desk, on)
    desk.move(first, "revoked", "2026-11-10")

    assert desk.facts(use, "use.released") == {"use.released": counts}


def test_a_release_that_is_written_down_after_the_loss_counts_on_no_day(desk: Desk) -> None:
    first = desk.consent("alter")
    desk.move(first, "revoked", "2026-11-10")

    assert desk.facts(released(desk, "2026-11-01"), "use.released") == {"use.released": False}


def test_a_release_on_any_day_counts_while_the_consent_stands(desk: Desk) -> None:
    desk.consent("alter")

    assert desk.facts(released(desk, "2026-11-20"), "use.released") == {"use.released": True}


def test_a_release_of_a_cut_whose_consent_ended_at_its_keeper_on_an_unknown_day_does_not_count(desk: Desk) -> None:
    first = desk.consent("alter", kept="elsewhere")
    desk.standing(first, {"consent.revoked": True})

    assert desk.facts(released(desk, "2026-02-01"), "use.released") == {"use.released": False}


def test_a_case_about_released_material_names_what_is_shown_and_the_clause_of_the_consent(desk: Desk) -> None:
    first, name = desk.consent("alter"), "determination.post_release_case"
    use = released(desk, "2026-11-09")
    desk.move(first, "revoked", "2026-11-10")
    lena = member(desk, "p-lena", "legal")
    decide(desk, "post_release_case", about=(), clause=first, by=lena)
    decide(desk, "post_release_case", about=(use.cut,), clause="", by=lena)
    decide(desk, "post_release_case", about=(first,), clause=first, by=lena)
    decide(desk, "post_release_case", about=(use.cut,), clause=first)
    assert desk.facts(use, name) == {name: False}
    decide(desk, "post_release_case", about=(use.cut,), clause=first, by=lena)

    assert desk.facts(use, name) == {name: True}


@pytest.mark.parametrize("question", ["use.as_scripted", "use.customary_post"])
def test_that_an_alteration_needs_no_consent_is_never_said_of_the_whole_production(desk: Desk, question: str) -> None:
    desk.consent("alter")
    use = desk.use("alteration")
    decide(desk, question, about=())
    assert desk.facts(use, question) == {}
    decide(desk, question, about=(use.version,))

    assert desk.facts(use, question) == {question: True}


@pytest.mark.parametrize("question", ["use.as_scripted", "use.customary_post"])
@pytest.mark.parametrize("lost", ["revoked", "disputed"])
def test_once_a_consent_is_lost_only_legal_says_that_none_is_needed(desk: Desk, question: str, lost: str) -> None:
    first, use = desk.consent("alter"), desk.use("alteration")
    clerk, lawyer = member(desk, "p-clerk", "producer"), member(desk, "p-lee", "legal")
    decide(desk, question, about=(use.version,), by=clerk)
    assert desk.facts(use, question) == {question: True}
    desk.move(first, lost, "2026-11-10")  # type: ignore[arg-type]
    assert desk.facts(use, question) == {}
    decide(desk, question, about=(use.version,), by=lawyer)

    assert desk.facts(use, question) == {question: True}


@pytest.mark.parametrize(
    ("fields", "minor"),
    [
        ({"deceased_on": "1990-05-01"}, {"person.minor": False}),
        ({"deceased_on": "1990-05-01", "minor_until": "1980-01-01"}, {"person.minor": False}),
        ({"deceased_on": "2026-05-01"}, {}),
    ],
)
def test_whoever_died_before_the_production_began_is_no_minor(
    desk: Desk, fields: dict[str, str], minor: dict[str, bool]
) -> None:
    desk.person(status="deceased", **fields)

    assert desk.facts(desk.use(facts={}), "person.minor") == minor


def test_whoever_died_as_a_child_is_not_said_to_be_of_age(desk: Desk) -> None:
    desk.person(status="deceased", deceased_on="1990-05-01", minor_until="1995-01-01")

    assert desk.facts(desk.use(facts={}), "person.minor").get("person.minor") is not False


def test_what_an_erased_consent_may_have_said_is_open_and_not_missing(desk: Desk) -> None:
    desk.consent("train")
    register = desk.register()
    erased = replace(desk.use("train"), person=None, person_state="erased")

    def training(moves: tuple[Move, ...]) -> bool:
        lost = {key: replace(one, whom=Whom(stated=True), moves=moves) for key, one in register.agreements.items()}
        known = replace(register, agreements=lost)
        return "consent.training" in subject_of(erased, known, today=TODAY, now=NOW, gate=None).open

    granted = next(iter(register.agreements.values())).moves
    assert (training(granted), training((replace(granted[0], move="revoked"),))) == (True, False)


def decide(desk: Desk, question: str, *, about: tuple[str, ...], by: str = "", clause: str = "") -> None:
    fact = DeterminationFact(desk.new_id(), question, "yes", by, about=about, at="2026-11-21", clause=clause)
    desk.add(DeterminationMade(fact))


def member(desk: Desk, ref: str, role: Role) -> str:
    desk.person(ref)
    identity = desk.new_id()
    desk.add(MemberNamed(MemberFact(identity, (role,)), desk.whom(ref)))
    return identity
