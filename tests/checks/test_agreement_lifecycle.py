"""Where an agreement stands on a day, whatever was recorded of it, and which moves are refused."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.desk_record import EVERYTHING, MARA, OTTO, TODAY, Desk, at
from edgecode.checks.lifecycle import (
    LIVE,
    TERMINAL,
    TRANSITIONS,
    disputed,
    end_by_person,
    notice_in_time,
    refuse_move,
    revoked_acts,
    stand_of,
    state_of,
    state_of_version,
)
from edgecode.checks.register import (
    Agreement,
    AgreementVersion,
    Move,
    PersonInfo,
    Register,
    Representation,
    Session,
    Whom,
)
from edgecode.errors import RefusedError
from edgecode.events.person_kinds import PersonSection
from edgecode.events.rights_kinds import (
    AgreementTerms,
    RepresentationFact,
    RepresentationRecorded,
    RepresentationSection,
    SessionFact,
    SessionRecorded,
)
from edgecode.terms.rights import AgreementMove, AgreementState, Terms

MOVES: tuple[AgreementMove, ...] = get_args(AgreementMove)
START = date(2026, 1, 1)
DAYS = [(START + timedelta(days=number)).isoformat() for number in range(0, 60, 5)]


def consent(*moves: tuple[AgreementMove, str], conditions: tuple[str, ...] = (), until: str = "*") -> Agreement:
    """A consent of which these things happened, recorded in this order."""
    terms = AgreementTerms(
        "a",
        "C-01",
        acts=("create", "use_this_work"),
        form="rider",
        description="as agreed",
        signed_on="2025-12-01",
        scope=replace(EVERYTHING, until=until),
        terms=Terms(conditions=conditions),
    )
    version = AgreementVersion("e", "a", 0, 0, "here", terms)
    made = [_move(number + 1, move, day) for number, (move, day) in enumerate(moves)]
    return Agreement("a", "consent", Whom(1, "P-01", stated=True), (version,), tuple(made))


def _move(log_index: int, move: AgreementMove, day: str, *, condition: str = "script approval") -> Move:
    return Move(f"m{log_index}", "a", log_index, 0, move, day, condition=condition if move == "condition_met" else None)


def amended(agreement: Agreement, signed_on: str, *, until: str = "*") -> Agreement:
    """The same with another wording, written down last."""
    first = agreement.versions[0]
    assert first.terms is not None
    terms = replace(first.terms, agreement="b", signed_on=signed_on, scope=replace(EVERYTHING, until=until))
    index = 1 + max(
        [version.log_index for version in agreement.versions] + [move.log_index for move in agreement.moves]
    )
    return replace(agreement, versions=(*agreement.versions, AgreementVersion("e2", "b", index, 0, "here", terms)))


histories = st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from(DAYS)), max_size=12)
agreements = st.builds(
    lambda moves, conditions, until: consent(*moves, conditions=conditions, until=until),
    histories,
    st.sampled_from([(), ("script approval",)]),
    st.sampled_from(["*", "", *DAYS]),
)


def course(agreement: Agreement) -> list[AgreementState]:
    """The state on every day, one after the other."""
    days = [(START + timedelta(days=number)).isoformat() for number in range(70)]
    return [state_of(agreement, day) for day in days]


@given(agreements)
def test_nothing_that_happens_leads_out_of_an_end(agreement: Agreement) -> None:
    states = course(agreement)

    assert [(before, after) for before, after in pairwise(states) if before in TERMINAL and after not in TERMINAL] == []


@given(agreements, st.sampled_from(DAYS))
def test_an_amendment_that_was_signed_leads_out_of_an_end(agreement: Agreement, day: str) -> None:
    ended = replace(agreement, moves=(*agreement.moves, _move(90, "revoked", day)))

    assert state_of(amended(ended, "2026-04-01"), "2026-04-02") in LIVE


@given(agreements, st.sampled_from(DAYS))
def test_a_revocation_is_recorded_in_any_state(agreement: Agreement, day: str) -> None:
    revoked = replace(agreement, moves=(*agreement.moves, _move(90, "revoked", day)))
    refuse_move(Register(), agreement, "revoked", on=day)

    assert state_of(revoked, "2027-01-01") == "revoked"


@given(agreements, histories, st.sampled_from(DAYS))
def test_what_takes_effect_later_plays_no_part(
    agreement: Agreement, later: Sequence[tuple[AgreementMove, str]], day: str
) -> None:
    after = [(move, when) for move, when in later if when > day]
    more = [_move(50 + number, move, when) for number, (move, when) in enumerate(after)]

    assert stand_of(replace(agreement, moves=(*agreement.moves, *more)), day) == stand_of(agreement, day)


@given(agreements, st.sampled_from(DAYS))
def test_a_dispute_lies_over_a_state_and_changes_none(agreement: Agreement, day: str) -> None:
    others = tuple(move for move in agreement.moves if move.move not in ("disputed", "dispute_ended"))
    calm = replace(agreement, moves=others)
    torn = replace(calm, moves=(*calm.moves, _move(90, "disputed", day)))

    assert (state_of(torn, day), disputed(torn, day), disputed(calm, day)) == (state_of(calm, day), True, False)


@given(agreements, st.sampled_from(DAYS))
def test_a_revocation_never_makes_an_agreement_live(agreement: Agreement, day: str) -> None:
    revoked = replace(agreement, moves=(*agreement.moves, _move(90, "revoked", day)))

    assert [
        state for on in DAYS if (state := state_of(revoked, on)) in LIVE and state_of(agreement, on) not in LIVE
    ] == []


def test_every_move_is_in_the_table_and_leads_from_and_to_states() -> None:
    states = set(get_args(AgreementState))
    used = {state for row in TRANSITIONS.values() for pair in row.items() for state in pair}

    assert set(TRANSITIONS) == set(MOVES)
    assert used <= states


def test_a_grant_is_conditional_until_every_condition_is_met() -> None:
    agreement = consent(
        ("granted", DAYS[0]), ("condition_met", DAYS[2]), conditions=("Script  approval", "fee received")
    )
    both = replace(agreement, moves=(*agreement.moves, _move(9, "condition_met", DAYS[3], condition="FEE received")))

    assert [state_of(both, day) for day in DAYS[:5]] == [
        "granted_conditional",
        "granted_conditional",
        "granted_conditional",
        "active",
        "active",
    ]
    assert stand_of(agreement, DAYS[5]).unmet == ("fee received",)


def test_an_agreement_holds_through_its_last_day_and_not_the_next() -> None:
    agreement = consent(("granted", "2026-01-01"), until="2026-02-10")

    assert [state_of(agreement, day) for day in ("2026-02-10", "2026-02-11")] == ["active", "expired"]
    assert stand_of(agreement, "2026-05-01").since == "2026-02-11"


def test_what_was_suspended_stays_so_under_new_words() -> None:
    agreement = amended(consent(("granted", DAYS[0]), ("suspended", DAYS[1])), DAYS[3])

    assert [state_of(agreement, day) for day in (DAYS[2], DAYS[4])] == ["suspended", "suspended"]
    assert [state_of_version(agreement, version, DAYS[4]) for version in agreement.versions] == [
        "superseded",
        "suspended",
    ]


def test_words_that_nobody_signed_change_nothing() -> None:
    agreement = amended(consent(("granted", DAYS[0])), "", until=DAYS[1])

    assert state_of(agreement, DAYS[5]) == "active"


def test_a_revocation_of_single_acts_leaves_the_others() -> None:
    agreement = consent(("granted", DAYS[0]))
    partly = replace(agreement, moves=(*agreement.moves, replace(_move(9, "revoked", DAYS[2]), acts=("create",))))

    assert [(state_of(partly, day), set(revoked_acts(partly, day))) for day in (DAYS[1], DAYS[3])] == [
        ("active", set()),
        ("active", {"create"}),
    ]


def test_a_guardians_grant_ends_with_minority_and_one_that_does_not_survive_with_death() -> None:
    guardian = Representation("r", Whom(1, "P-01", stated=True), section=RepresentationSection("r", "guardian"))
    terms = AgreementTerms("a", signed_on="2026-01-10", survives_death="no")
    grown = PersonInfo(1, "P-01", {"minor_until": "2026-03-01"})
    dead = PersonInfo(1, "P-01", {"deceased_on": "2026-04-01"})

    assert [
        end_by_person(terms, grown, guardian),
        end_by_person(terms, grown, None),
        end_by_person(terms, dead, None),
        end_by_person(replace(terms, survives_death="yes"), dead, None),
        end_by_person(replace(terms, signed_on="2026-05-01"), dead, None),
    ] == ["2026-03-01", "", "2026-04-01", "", ""]
    assert state_of(consent(("granted", DAYS[0])), "2026-03-02", last_day="2026-03-01") == "expired"


# ------------------------------------------------------------------------------------------ what is refused


def refusal(desk: Desk, label: str, move: AgreementMove, on: str = TODAY, **said: str) -> str:
    """The code with which a move is refused; "" when it is not."""
    register = desk.register()
    try:
        refuse_move(register, register.agreement_called(label), move, on=on, **said)
    except RefusedError as error:
        return error.code
    return ""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path / "show")
    desk.person()
    return desk


def test_a_grant_needs_a_signature_acts_a_description_and_a_form(desk: Desk) -> None:
    desk.consent("create", label="C-01", signed_on="", granted_on="")
    desk.consent("create", label="C-02", signed_on="2026-12-24", granted_on="")
    desk.consent("create", label="C-03", description=" ", granted_on="")
    desk.consent(label="C-04", granted_on="")
    desk.consent("create", label="C-05", form=None, granted_on="")
    desk.consent("create", label="C-06", granted_on="")

    assert {label: refusal(desk, label, "granted") for label in ("C-01", "C-02", "C-03", "C-04", "C-05", "C-06")} == {
        "C-01": "agreement.unsigned",
        "C-02": "agreement.unsigned",
        "C-03": "agreement.vague",
        "C-04": "agreement.vague",
        "C-05": "agreement.form",
        "C-06": "",
    }


def represent(
    desk: Desk, capacity: str, *, acts: tuple[str, ...] | None = ("create",), since: str = "2025-01-01"
) -> str:
    identity = desk.new_id()
    section = RepresentationSection(identity, capacity, acts=acts, since=since)  # type: ignore[arg-type]
    desk.add(
        RepresentationRecorded(RepresentationFact(identity, "principal"), section, desk.whom()),
        RepresentationRecorded(RepresentationFact(identity, "agent"), None, PersonSection("p-agent", "P-90")),
    )
    return identity


def test_whoever_signs_for_somebody_has_a_representation_for_these_acts_and_that_day(desk: Desk) -> None:
    valid, early = represent(desk, "guardian"), represent(desk, "guardian", since="2026-06-01")
    other, unsaid = represent(desk, "guardian", acts=("train",)), represent(desk, "guardian", acts=None)
    found = {}
    for number, who in enumerate((valid, early, other, unsaid, desk.new_id())):
        desk.consent("create", label=f"C-{number}", representation=who, granted_on="")
        found[number] = refusal(desk, f"C-{number}", "granted")

    assert found == {0: ""} | dict.fromkeys(range(1, 5), "agreement.representation")


def test_a_minor_and_somebody_dead_sign_nothing_themselves(desk: Desk) -> None:
    desk.person(OTTO, minor_until="2030-01-01")
    desk.person("p-dead", deceased_on="2025-01-01")
    desk.consent("create", ref=OTTO, label="C-01", granted_on="")
    desk.consent("create", ref="p-dead", label="C-02", granted_on="")

    assert [refusal(desk, label, "granted") for label in ("C-01", "C-02")] == ["agreement.minor", "agreement.deceased"]


def test_a_suspension_says_why_and_a_condition_is_one_of_the_agreements(desk: Desk) -> None:
    desk.consent("create", terms=Terms(conditions=("Script approval",)))

    assert [
        refusal(desk, "C-01", "suspended"),
        refusal(desk, "C-01", "suspended", why="strike"),
        refusal(desk, "C-01", "condition_met", condition="something else"),
        refusal(desk, "C-01", "condition_met", condition="script approval"),
        refusal(desk, "C-01", "granted"),
        refusal(desk, "C-01", "dispute_ended"),
        refusal(desk, "C-01", "disputed"),
    ] == ["agreement.reason", "", "agreement.no_condition", "", "agreement.move", "agreement.move", ""]


def test_nothing_but_a_revocation_is_recorded_of_what_is_kept_elsewhere(desk: Desk) -> None:
    desk.consent("create", kept="elsewhere")

    assert [refusal(desk, "C-01", move) for move in ("suspended", "revoked")] == ["agreement.kept_elsewhere", ""]


def test_a_notice_given_too_late_for_its_session_is_refused(desk: Desk) -> None:
    agreement = desk.consent("create", granted_on="")
    start = at("2026-07-10")
    hours = 3_600_000
    desk.add(
        SessionRecorded(
            SessionFact(desk.new_id(), "lightstage", notice_given=start - 47 * hours, started=start, consent=agreement),
            desk.whom(MARA),
        )
    )

    assert refusal(desk, "C-01", "notified") == "agreement.notice"


def test_an_amendment_is_granted_whatever_became_of_the_words_before(desk: Desk) -> None:
    first = desk.consent("create")
    desk.move(first, "revoked", "2026-05-01")
    desk.consent("create", label="C-01", signed_on="2026-06-01", granted_on="", supersedes=first)

    assert refusal(desk, "C-01", "granted") == ""


def test_times_of_a_session_that_nobody_said_are_no_notice_in_time() -> None:
    whom, hours = Whom(1, "P-01", stated=True), 3_600_000
    start = at("2026-07-10")
    plain = Session("s", "lightstage", whom, started=start)

    assert [
        notice_in_time(plain),
        notice_in_time(replace(plain, notice_given=start - 48 * hours)),
        notice_in_time(replace(plain, notice_given=start - 48 * hours + 1)),
        notice_in_time(replace(plain, notice_given=start - 20 * hours, engaged=start - 20 * hours)),
        notice_in_time(replace(plain, notice_given=start - 10 * hours, engaged=start - 20 * hours)),
    ] == [False, True, False, True, False]


def test_a_grant_that_was_written_down_behind_a_refusal_counts_on_no_day(desk: Desk) -> None:
    agreement = desk.consent("create", granted_on="")
    desk.move(agreement, "refused", "2026-03-05")
    desk.move(agreement, "granted", "2026-03-01")
    found = desk.agreement(agreement)

    assert [state_of(found, day) for day in ("2026-03-01", "2026-03-05", "2026-11-23")] == [
        "draft",
        "refused",
        "refused",
    ]
