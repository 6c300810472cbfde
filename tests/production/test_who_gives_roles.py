"""Who makes somebody a member who decides: the first of a role anybody, another one a deciding member, another counsel counsel."""

from pathlib import Path

import pytest

from edgecode.checks.register import Register
from edgecode.errors import EdgecodeError
from edgecode.production import Production
from edgecode.production.persons.noting import add_person
from edgecode.production.persons.parties import name_member
from edgecode.production.persons.sheets import plan_people
from edgecode.terms.rights import Role


class House:
    """A production of people who are called by their names."""

    def __init__(self, production: Production) -> None:
        self.production = production
        self.aliases: dict[str, str] = {}

    def names(self, who: str, *roles: Role, by: str = "", retire: bool = False) -> str:
        """Give somebody roles; what it is refused for, "" where it is not."""
        if who not in self.aliases:
            self.aliases[who] = add_person(self.production, identity={"name": who}, contact={})
        giver = self.aliases.get(by, by)
        try:
            name_member(self.production, self.aliases[who], roles, by=giver, retire=retire)
        except EdgecodeError as error:
            return error.code
        return ""


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(Production.create(tmp_path / "p", title="Roles"))
    assert [made.names("lena", "legal"), made.names("clara", "clearance"), made.names("art", "artist")] == ["", "", ""]
    return made


def test_the_first_of_a_role_is_anybodys_word_and_the_next_a_deciding_members(house: House) -> None:
    assert house.names("paul", "producer") == ""
    assert house.names("petra", "producer") == "desk.by"
    assert house.names("petra", "producer", by="art") == "desk.may_not_decide"
    assert house.names("petra", "producer", by="clara") == ""


def test_counsel_is_named_by_counsel_alone_while_there_is_one(house: House) -> None:
    assert house.names("nora", "legal") == "desk.by"
    assert house.names("nora", "legal", by="clara") == "desk.needs_legal"
    assert house.names("nora", "legal", by="lena") == ""


def test_nobody_gives_themselves_a_role_that_decides(house: House) -> None:
    assert house.names("paul", "producer") == ""
    assert house.names("paul", "producer", "clearance", by="paul") == "desk.own_matter"


def test_who_retired_leaves_no_role_free_for_anybodys_word(house: House) -> None:
    assert house.names("lena", retire=True) == "desk.by"
    assert house.names("lena", retire=True, by="clara") == "desk.needs_legal"
    assert house.names("lena", retire=True, by="lena") == ""
    assert house.names("nora", "legal") == "desk.by"
    assert house.names("nora", "legal", by="clara") == ""


def test_the_last_who_decides_stays_until_somebody_else_does(house: House) -> None:
    assert house.names("lena", "artist") == "desk.by"
    assert house.names("lena", "artist", by="lena") == ""

    assert house.names("clara", retire=True, by="clara") == "desk.last_decider"
    assert house.names("clara", "vendor", by="clara") == "desk.last_decider"
    assert house.names("paul", "producer", by="clara") == ""
    assert house.names("clara", retire=True, by="paul") == ""
    assert house.names("nora", "legal", by="paul") == ""


def test_a_role_that_decides_nothing_and_one_that_is_kept_are_anybodys_to_say(house: House) -> None:
    assert house.names("bo", "artist") == ""
    assert house.names("clara", "clearance", "artist") == ""


def test_who_gave_a_role_is_on_record(house: House) -> None:
    house.names("nora", "legal", by="lena")
    register = Register.read(house.production.index)
    nora, lena = (register.member_called(house.aliases[who]) for who in ("nora", "lena"))

    assert (nora.by, lena.by) == (lena.id, "")


def test_a_sheet_gives_no_role_that_somebody_has_already(house: House) -> None:
    plan = plan_people(house.production, b"name,roles\nMara Quill,legal\nOle Berg,supervisor\n", name="people.csv")

    assert [(one.line, one.column) for one in plan.problems] == [(2, "roles")]
