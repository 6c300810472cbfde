"""Parties: what rules read of a person, who may sign for whom, roles, sessions and replicas; each guard says what to do instead."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.answers.desk.parties import party_lines
from edgecode.answers.desk.persons import persons_answer
from edgecode.checks.lifecycle import may_sign
from edgecode.checks.register import Register
from edgecode.drivers.key_files import FileSigner
from edgecode.errors import EdgecodeError
from edgecode.index.persons import person_called, persons
from edgecode.production import Production
from edgecode.production.persons.noting import add_person, depict, person_of, withdraw_depiction
from edgecode.production.persons.parties import (
    ACTS,
    RepresentationDraft,
    end_representation,
    name_member,
    represent,
    set_fields,
    share_of,
)
from edgecode.production.persons.replicas import (
    ReplicaDraft,
    SessionDraft,
    keep_replica,
    keep_session,
    move_replica,
    time_of,
)
from production.erased_person import Film, make_film

AGENT = RepresentationDraft("agent", acts=("create", "dub"), since="2026-01-01", until="2026-12-31")


@pytest.fixture
def film(tmp_path: Path) -> Film:
    film = make_film(tmp_path / "film")
    with film.open() as production:
        for name in ("Agent", "Heir"):
            add_person(production, identity={"name": name}, contact={})
    return film


def register_of(production: Production) -> Register:
    return Register.read(production.index)


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(EdgecodeError) as refused:
        work()
    return refused.value.code


# ------------------------------------------------------------------------------------------ fields


def test_what_rules_read_of_a_person_is_noted_field_by_field_and_taken_back_by_nothing(film: Film) -> None:
    with film.open() as production:
        set_fields(production, "P-01", {"guilds": "SAG-AFTRA; Equity", "gdpr_subject": "no"})
        set_fields(production, "P-01", {"deceased_on": "2026-02-03", "domicile_at_death": "US-CA", "gdpr_subject": ""})
        person = person_called(production.index, "P-01")

        assert dict(register_of(production).persons[person.id].fields) == {
            "guilds": "SAG-AFTRA Equity",
            "gdpr_subject": "",
            "deceased_on": "2026-02-03",
            "status": "deceased",
            "domicile_at_death": "US-CA",
        }


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"nme": "x"}, "party.field"),
        ({"status": "alive"}, "party.field"),
        ({"deceased_on": "3 February"}, "party.field"),
        ({"gdpr_subject": "maybe"}, "party.field"),
        ({"minor_until": "grown"}, "party.field"),
        ({"deceased_on": "adult"}, "party.field"),
        ({"guilds": "a" * 41}, "party.field"),
        ({"status": "living", "deceased_on": "2026-01-01"}, "party.contradiction"),
        ({"deceased_on": "2031-01-01"}, "party.contradiction"),
        ({"kind": "estate", "minor_until": "2030-01-01"}, "party.contradiction"),
        ({}, "party.nothing"),
    ],
)
def test_a_field_that_cannot_be_so_is_refused(film: Film, values: dict[str, str], code: str) -> None:
    with film.open() as production:
        assert code_of(lambda: set_fields(production, "P-01", values)) == code


def test_somebody_is_noted_to_have_been_of_age_without_a_day_of_birth_and_no_guardian_signs_for_them(
    film: Film,
) -> None:
    with film.open() as production:
        set_fields(production, "P-01", {"minor_until": "adult"})
        fields = Register.read(production.index).persons[person_called(production.index, "P-01").id].fields
        draft = RepresentationDraft("guardian", acts=("train",), since="2026-01-01")

        assert fields["minor_until"] == "adult"
        assert code_of(lambda: represent(production, "P-01", "P-02", draft)) == "party.no_minor"


def test_a_living_person_cannot_die_in_a_later_note_that_leaves_them_living(film: Film) -> None:
    with film.open() as production:
        set_fields(production, "P-01", {"deceased_on": "2026-02-03"})

        assert code_of(lambda: set_fields(production, "P-01", {"status": "living"})) == "party.contradiction"


# ------------------------------------------------------------------------------------------ representation


def test_an_agent_may_sign_what_they_were_given_while_it_lasts(film: Film) -> None:
    with film.open() as production:
        identity = represent(production, "P-01", "P-02", AGENT)
        mina = person_called(production.index, "P-01").id
        found = register_of(production).representations[identity]

        assert (found.principal.alias, found.agent.alias) == ("P-01", "P-02")
        assert may_sign(found, mina, acts=("dub",), on="2026-06-01")
        assert not may_sign(found, mina, acts=("train",), on="2026-06-01")
        assert not may_sign(found, mina, acts=("dub",), on="2027-01-01")
        end_representation(production, identity)
        ended = register_of(production).representations[identity]
        assert (ended.ended, ended.principal.alias, ended.agent.alias) == (True, "P-01", "P-02")
        assert code_of(lambda: end_representation(production, identity)) == "party.representation_unknown"


@pytest.mark.parametrize(
    ("principal", "agent", "draft", "code"),
    [
        ("P-01", "P-01", AGENT, "party.self"),
        ("P-01", "P-09", AGENT, "person.unknown"),
        ("P-01", "P-02", RepresentationDraft("agent", since="2026-05-01", until="2026-04-30"), "party.ends_first"),
        ("P-01", "P-02", RepresentationDraft("agent", since="May"), "person.date"),
        ("P-01", "P-02", RepresentationDraft("agent", share=Fraction(1, 2)), "party.share"),
        ("P-01", "P-02", RepresentationDraft("heir"), "party.not_deceased"),
        ("P-01", "P-02", RepresentationDraft("guardian"), "party.no_minor"),
    ],
)
def test_a_representation_that_cannot_be_is_refused(
    film: Film, principal: str, agent: str, draft: RepresentationDraft, code: str
) -> None:
    with film.open() as production:
        assert code_of(lambda: represent(production, principal, agent, draft)) == code


def test_heirs_share_at_most_the_whole_and_decide_in_one_way(film: Film) -> None:
    half = RepresentationDraft("heir", share_of("1/2"), "majority", ACTS, "2026-03-01", "*")
    with film.open() as production:
        set_fields(production, "P-01", {"deceased_on": "2026-02-03"})
        first = represent(production, "P-01", "P-02", half)
        two_thirds = RepresentationDraft("heir", share_of("2/3"))

        assert code_of(lambda: represent(production, "P-01", "P-03", two_thirds)) == "party.shares"
        assert code_of(lambda: represent(production, "P-01", "P-03", RepresentationDraft("heir", decision="any"))) == (
            "party.decision"
        )
        assert code_of(lambda: represent(production, "P-01", "P-03", RepresentationDraft("heir", Fraction(0)))) == (
            "party.share"
        )
        represent(production, "P-01", "P-03", half)
        end_representation(production, first)
        assert represent(production, "P-01", "P-02", half)


@pytest.mark.parametrize("written", ["half", "1/0", "-1/2", "0.5", "1/2/3"])
def test_a_share_is_a_fraction(written: str) -> None:
    assert code_of(lambda: share_of(written)) == "party.share_unread"


def test_terms_of_a_representation_go_with_whom_it_is_of_and_the_agent_goes_alone(film: Film) -> None:
    with film.open() as production:
        represent(production, "P-01", "P-02", AGENT)
        principal, agent = (person_of(production, alias).rights for alias in ("P-01", "P-02"))

    assert [one.values.get("terms.capacity") for one in (*principal, *agent)] == ["agent", None]


# ------------------------------------------------------------------------------------------ roles


def test_a_member_keeps_their_id_and_key_when_their_roles_change(film: Film) -> None:
    key = FileSigner(Ed25519PrivateKey.generate()).public.hex()
    with film.open() as production:
        member = name_member(production, "P-02", ["clearance"], key=key.upper())
        again = name_member(production, "P-02", ["legal", "producer"], by="P-02")
        (found,) = register_of(production).members.values()

        assert (again, found.roles, found.key, found.alias) == (member, ("legal", "producer"), key, "P-02")
        assert code_of(lambda: name_member(production, "P-03", ["artist"], key=key)) == "member.key_taken"
        assert [line.roles for line in persons_answer(production.index, today="2026-11-23").persons] == [
            (),
            ("legal", "producer"),
            (),
        ]
        assert code_of(lambda: name_member(production, "P-02", [], retire=True, by="P-02")) == "desk.last_decider"
        name_member(production, "P-03", ["clearance"], by="P-02")
        name_member(production, "P-02", [], retire=True, by="P-02")
        assert register_of(production).members[member].retired
        assert code_of(lambda: name_member(production, "P-02", [], retire=True)) == "member.unknown"


def test_a_role_needs_a_word_a_key_of_their_own_and_no_machines(film: Film) -> None:
    with film.open() as production:
        machine = production.signer.public.hex()

        assert code_of(lambda: name_member(production, "P-02", [])) == "member.no_role"
        assert code_of(lambda: name_member(production, "P-02", ["legal"], key="abc")) == "member.key"
        assert code_of(lambda: name_member(production, "P-02", ["legal"], key=machine)) == "approver.signing_key"


# ------------------------------------------------------------------------------------------ sessions and replicas


def test_a_session_knows_what_was_captured_and_when_each_thing_happened(film: Film) -> None:
    times = {"notice": "2026-05-01T09:00+02:00", "started": "2026-05-04T08:00Z", "ended": "2026-05-04T17:30Z"}
    with film.open() as production:
        session = keep_session(
            production, "P-01", SessionDraft("voice_recording", (film.ids["voice"],), times, values={"work_day": "yes"})
        )
        found = register_of(production).sessions[session]

        assert (found.kind, found.versions, found.started - found.notice_given) == (
            "voice_recording",
            (film.ids["voice"],),
            (72 + 1) * 3_600_000,
        )


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (SessionDraft("mocap", ("nowhere.mov",)), "version.unknown"),
        (SessionDraft("mocap", times={"started": "2026-05-04T08:00"}), "session.time"),
        (SessionDraft("mocap", times={"started": "in May"}), "session.time"),
        (SessionDraft("mocap", times={"started": "2026-05-04T08:00Z", "ended": "2026-05-04T07:00Z"}), "session.times"),
        (
            SessionDraft("mocap", times={"requested": "2026-05-05T08:00Z", "started": "2026-05-04T07:00Z"}),
            "session.times",
        ),
        (SessionDraft("mocap", consent="C-99"), "agreement.unknown"),
    ],
)
def test_a_session_that_cannot_have_been_is_refused(film: Film, draft: SessionDraft, code: str) -> None:
    with film.open() as production:
        assert code_of(lambda: keep_session(production, "P-01", draft)) == code


def test_times_of_one_moment_in_two_zones_are_one() -> None:
    assert time_of("2026-05-04T08:00Z") == time_of("2026-05-04T10:00:00+02:00") == 1_777_881_600_000


def test_a_replica_is_somebodys_unless_it_is_synthetic_and_ends_when_it_is_deleted(film: Film) -> None:
    with film.open() as production:
        session = keep_session(production, "P-01", SessionDraft("voice_recording"))
        draft = ReplicaDraft(
            "employment_based", "vocal", (session, film.ids["voice"]), (), "2027-12-31", {"owner": "x"}
        )
        replica = keep_replica(production, "P-01", draft)
        move_replica(production, replica, "transfer_requested", on="2026-11-01", words={"to": "a studio"})
        move_replica(production, replica, "deleted")
        found = register_of(production).replicas[replica]

        assert (found.made_from, found.delete_by) == ((session, film.ids["voice"]), "2027-12-31")
        assert [(one.move, one.on, one.due) for one in found.moves] == [
            ("transfer_requested", "2026-11-01", "2026-11-22"),
            ("deleted", "2026-11-23", ""),
        ]
        assert code_of(lambda: move_replica(production, replica, "custody")) == "replica.deleted"
        assert code_of(lambda: move_replica(production, session, "custody")) == "replica.unknown"
        assert code_of(lambda: move_replica(production, replica, "custody", on="2027-01-01")) == "replica.ahead"
        assert code_of(lambda: keep_replica(production, "", draft)) == "replica.whose"
        assert code_of(lambda: keep_replica(production, "P-01", ReplicaDraft("synthetic", "visual"))) == "replica.whose"
        assert code_of(lambda: keep_replica(production, "P-02", draft)) == "replica.source"
        assert keep_replica(production, "", ReplicaDraft("synthetic", "visual"))


def test_lines_about_a_person_name_others_by_alias_and_say_in_which_capacity_only_when_revealed(film: Film) -> None:
    with film.open() as production:
        represent(production, "P-01", "P-02", AGENT)
        set_fields(production, "P-01", {"status": "living"})
        ids = {person.alias: person.id for person in persons(production.index)}
        said = {
            reveal: list(party_lines(register_of(production), ids["P-01"], reveal=reveal)) for reveal in (False, True)
        }

    assert [line.split("  ")[0] for line in said[False]] == ["status", "represented by P-02"]
    assert said[True][0] == "status: living"
    assert said[True][1].endswith("as agent: create, dub; 2026-01-01 to 2026-12-31")


def test_a_replica_is_transferred_once_somebody_asked_for_it(film: Film) -> None:
    with film.open() as production:
        replica = keep_replica(production, "P-01", ReplicaDraft("employment_based", "vocal"))

        assert code_of(lambda: move_replica(production, replica, "transferred")) == "replica.no_request"
        move_replica(production, replica, "transfer_requested", on="2026-06-01")
        move_replica(production, replica, "transferred", on="2026-06-20")
        assert code_of(lambda: move_replica(production, replica, "transferred")) == "replica.no_request"


def test_the_same_depiction_is_noted_once(film: Film) -> None:
    with film.open() as production:
        version = film.ids["plain"]
        first = depict(production, "P-01", version, how="heard")
        size = production.log.size

        assert (depict(production, "P-01", version, how="heard"), production.log.size) == (first, size)
        withdraw_depiction(production, first)
        assert depict(production, "P-01", version, how="heard") != first


def test_what_kind_of_biometric_data_a_session_captured_is_one_of_its_words(film: Film) -> None:
    with film.open() as production:
        wrong = SessionDraft("mocap", values={"biometric_kind": "gait"})

        assert code_of(lambda: keep_session(production, "P-01", wrong)) == "session.biometric"
        keep_session(production, "P-01", SessionDraft("mocap", values={"biometric_kind": "face_template"}))
