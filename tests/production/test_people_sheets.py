"""Fifty people from a sheet: dry first, all or nobody, nobody twice, and no name in anything that is said."""

from pathlib import Path
from unicodedata import normalize

import pytest

from edgecode.checks.register import Register
from edgecode.events.rights_kinds import RepresentationRecorded
from edgecode.index.persons import persons
from edgecode.index.rights import rights
from edgecode.production import Production
from edgecode.production.persons.noting import add_person, person_of
from edgecode.production.persons.sheets import import_people, plan_people
from production.erased_person import Film, make_film

HEADINGS = "Name;Kind;Minor until;GDPR;Guilds;E-mail;Agent;Capacity;Agent acts;Agent since;Roles\n"


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return make_film(tmp_path / "film")


def fifty() -> bytes:
    """Fifty performers with five agents, one a minor with a guardian, one who clears as well."""
    rows = [
        f"Perförmer Nr {i:02d};natural person;;{'yes' if i % 2 else ''};SAG-AFTRA, Equity;p{i}@x.example;"
        f"Agency {i % 5};agent;use_this_work|dub;2026-01-01;{'clearance' if i == 7 else ''}"
        for i in range(49)
    ]
    minor = "Young Zoë;natural_person;2031-05-17;yes;;;Perförmer Nr 03;guardian;all;2026-01-01;"
    return b"\xef\xbb\xbf" + (HEADINGS + "\n".join([*rows, "", minor]) + "\n").replace("\n", "\r\n").encode()


def register_of(production: Production) -> Register:
    return Register.read(production.index)


def test_fifty_performers_are_noted_in_one_go_with_their_agents_and_roles(film: Film) -> None:
    with film.open() as production:
        before = production.log.size
        dry = plan_people(production, fifty(), name="people.csv")
        size = production.log.size
        done = import_people(production, fifty(), name="people.csv")
        register = register_of(production)
        (member,) = register.members.values()
        minor = person_of(production, done.people[-1].aliases[0])

        assert (dry.problems, dry.new, size) == ((), 55, before)
        assert (done.problems, done.new) == ((), 55)
        # The film had one person: 50 performers and 5 agents.
        assert [one.alias for one in persons(production.index)] == [f"P-{i:02d}" for i in range(1, 57)]
        assert len(register.representations) == 50
        assert (member.roles, len(register.persons)) == (("clearance",), 56)
        assert {value for note in minor.notes for value in note.values.values()} == {
            "Young Zoë",
            "natural_person",
            "2031-05-17",
            "yes",
        }


def test_the_same_sheet_again_says_who_is_here_and_records_nothing(film: Film) -> None:
    other = normalize("NFD", fifty().decode("utf-8-sig").replace("Perf", "PERF")).encode()
    with film.open() as production:
        first = import_people(production, fifty(), name="people.csv")
        dumped, size = production.index_dump(), production.log.size
        again = import_people(production, other, name="people.csv")

        assert (again.new, again.problems, production.log.size) == (0, (), size)
        assert [one.aliases for one in again.people] == [one.aliases for one in first.people if one.what == "new"]
        assert production.index_dump() == dumped


def test_a_field_that_the_record_has_otherwise_is_said_and_not_changed(film: Film) -> None:
    with film.open() as production:
        import_people(production, b"name,guilds,status\nA B,Equity,living\n", name="a.csv")
        again = plan_people(production, b"name,guilds,status\nA B,SAG-AFTRA,living\n", name="a.csv")

    assert [str(one) for one in again.people] == [
        "line 2: here already as P-02; its guilds differs: edgecode person set",
    ]


def test_with_one_wrong_line_nobody_is_recorded_and_each_problem_says_where(film: Film) -> None:
    text = (
        "name,status,minor_until,guilds,agent,capacity,roles,email\n"
        "Ann Other,alive,,,,,,\n"
        "Ben Other,,17.5.2031,,,,,\n"
        "Cid Other,,,,Dee Agent,,,\n"
        "Eve Other,,,,Dee Agent,heir,,\n"
        "Fay Other,,,,Dee Agent,guardian,,\n"
        "Gus Other,,,,,,producer boss,\n"
        "Ann  other,,,,,,,\n"
        ",living,,,,,,\n"
        f"Hal Other,,,,,,,{'ab' * 32}\n"
        "Ida Other,,,,Ida Other,agent,,\n"
        "Jan Other,,,,,agent,,\n"
        "Kim Other,,,,,,,kim at example\n"
    )
    with film.open() as production:
        size = production.log.size
        plan = import_people(production, text.encode(), name="people.csv")
        problems = [(problem.line, problem.column) for problem in plan.problems]

        assert problems == [
            (2, "status"),
            (3, "minor_until"),
            (4, "capacity"),
            (5, "capacity"),
            (6, "capacity"),
            (7, "roles"),
            (8, "name"),
            (9, "name"),
            (10, "email"),
            (11, "agent"),
            (12, "agent"),
            (13, "email"),
        ]
        assert production.log.size == size
    said = "\n".join(map(str, plan.problems))
    assert [word for word in ("Ann", "Other", "17.5", "boss", "alive", "ab" * 32, "Dee") if word in said] == []


def test_two_people_of_one_name_are_two_when_the_sheet_says_so_and_stay_two(film: Film) -> None:
    sheet = b"name,another\nTwin Name,\nTwin Name,yes\n"
    with film.open() as production:
        first = import_people(production, sheet, name="a.csv")
        again = import_people(production, sheet, name="a.csv")

        assert [one.aliases for one in first.people] == [("P-02",), ("P-03",)]
        assert [(one.what, one.aliases) for one in again.people] == [("here", ("P-02",)), ("here", ("P-03",))]


def test_an_agent_who_is_here_or_stands_in_the_sheet_is_not_noted_again_and_one_of_two_is_asked_for(film: Film) -> None:
    with film.open() as production:
        add_person(production, identity={"name": "Dee Agent"}, contact={})
        sheet = "- name: Ann\n  agent: {name: DEE  agent, capacity: agent}\n- name: Ben\n  agent: Ann\n  capacity: manager\n"
        plan = import_people(production, sheet.encode(), name="people.yaml")
        add_person(production, identity={"name": "Dee Agent"}, contact={})
        unclear = plan_people(production, b"name,agent,capacity\nCid,Dee Agent,agent\n", name="a.csv")
        agents = {one.principal.alias: one.agent.alias for one in register_of(production).representations.values()}

        assert (plan.new, agents) == (2, {"P-03": "P-02", "P-04": "P-03"})
        assert [(problem.line, problem.column) for problem in unclear.problems] == [(2, "agent")]
        assert len(rights(production.index, RepresentationRecorded)) == 4


def test_a_thousand_with_their_addresses_are_noted_in_one_transaction(film: Film) -> None:
    rows = "\n".join(f"Person {i},a{i}@x.example" for i in range(1_001))
    with film.open() as production:
        plan = import_people(production, f"name,email\n{rows}\n".encode(), name="a.csv")

        assert (plan.problems, plan.new, len(persons(production.index))) == ((), 1_001, 1_002)


def test_what_is_new_of_somebody_who_is_here_is_noted_and_what_differs_is_only_said(film: Film) -> None:
    first = b"name,email,guilds\nA B,a@x.example,Equity\n"
    second = b"name,email,phone,guilds,status,agent,capacity,roles,isni\n"
    second += b"A B,b@x.example,12345,SAG-AFTRA,living,C D,agent,clearance,0000000121032683\n"
    with film.open() as production:
        import_people(production, first, name="a.csv")
        done = import_people(production, second, name="a.csv")
        size = production.log.size
        again = import_people(production, second, name="a.csv")
        said = {key: value for note in person_of(production, "P-02").notes for key, value in note.values.items()}

        assert list(map(str, done.people)) == [
            "line 2: here already as P-02; new: identity (isni), contact (phone), fields (status), roles (clearance),"
            " represented by an agent; its email, guilds differs: edgecode person set",
            "line 2: P-03 new, who signs for somebody: identity",
        ]
        assert {
            "email": "a@x.example",
            "phone": "12345",
            "guilds": "Equity",
            "status": "living",
        }.items() <= said.items()
        assert len(register_of(production).representations) == 1
        assert (production.log.size, str(again.people[0])) == (
            size,
            "line 2: here already as P-02; its email, guilds differs: edgecode person set",
        )


def test_several_heirs_of_one_person_stand_in_lines_of_their_own_with_shares_and_papers(
    film: Film, tmp_path: Path
) -> None:
    (tmp_path / "will.pdf").write_bytes(b"a will")
    head = "name,deceased_on,agent,capacity,agent_acts,agent_since,share,decision,documents\n"
    heirs = [
        f"Otto,{died},{who},heir,all,2020-01-02,1/2,unanimous,will.pdf\n"
        for died, who in (("2020-01-01", "Ida"), ("", "Jon"))
    ]
    with film.open() as production:
        done = import_people(production, (head + "".join(heirs)).encode(), name="a.csv", folder=tmp_path)
        register = register_of(production)
        found = [one.section for one in register.representations.values()]

        assert (done.problems, done.new, len(register.documents)) == ((), 3, 1)
        assert [(one.share, one.decision, len(one.documents)) for one in found if one] == [((1, 2), "unanimous", 1)] * 2


def test_heirs_whose_shares_are_more_than_the_whole_or_who_decide_two_ways_are_refused(film: Film) -> None:
    sheet = (
        "name,deceased_on,agent,capacity,share,decision\n"
        "Otto,2020-01-01,Ida,heir,2/3,any\nOtto,,Jon,heir,1/2,majority\nAnn,,Bo,agent,1/2,\n"
    )
    with film.open() as production:
        plan = plan_people(production, sheet.encode(), name="a.csv")

    assert [(one.line, one.column) for one in plan.problems] == [(3, "decision"), (3, "share"), (4, "share")]
