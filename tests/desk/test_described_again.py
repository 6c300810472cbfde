"""A second description of a model, a dataset or a tool says more; it takes nothing back by leaving it out, and says what is lost."""

from pathlib import Path

import pytest
from desk_at_work import SIGNED, WHOLE, Desk, desk_in

from edgecode.checks.register import Register
from edgecode.production import Production


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "show")


def register(desk: Desk) -> Register:
    with Production.open(desk.folder) as production:
        return Register.read(production.index)


def test_what_was_said_of_a_model_stays_until_it_is_said_anew(desk: Desk) -> None:
    desk.did("desk", "dataset", "takes", "--new")
    kind = ("--kind", "voice_clone", "--version-name", "v2")
    desk.did("desk", "model", "a voice", "--new", "--trained-on", "takes", "--person", "P-01", "--vendor", "V", *kind)
    desk.did("desk", "model", "a voice", "--one-person", "yes", "--field", "film")
    (one,) = register(desk).models.values()
    said = one.terms
    assert said is not None

    assert (len(one.trained_on or ()), one.one_person, one.whom.alias) == (1, True, "P-01")
    assert (said.vendor, said.fields, said.kind, said.version) == ("V", ("film",), "voice_clone", "v2")
    anew = ("desk", "model", "a voice", "--one-person", "no", "--anew")
    typed = desk.run(*anew)
    (one,) = register(desk).models.values()
    assert "still counts" in typed.err
    assert (len(one.trained_on or ()), one.one_person, [who.alias for who in one.also_of]) == (1, True, ["P-01"])
    desk.did(*anew, "--by", "P-04", "--document", desk.file("letter.txt", "It was another model."))
    (one,) = register(desk).models.values()
    assert (one.trained_on, one.one_person, one.whom.alias, one.terms and one.terms.vendor) == (None, False, "", "")


def test_that_a_maker_will_not_say_and_what_it_was_trained_on_replace_each_other(desk: Desk) -> None:
    desk.did("desk", "dataset", "takes", "--new")
    desk.did("desk", "model", "a voice", "--new", "--undisclosed")
    desk.did("desk", "model", "a voice", "--trained-on", "takes")
    (named,) = register(desk).models.values()
    desk.did("desk", "model", "a voice", "--undisclosed")
    (silent,) = register(desk).models.values()

    assert (named.undisclosed, len(named.trained_on or ())) == (False, 1)
    assert (silent.undisclosed, len(silent.trained_on or ())) == (True, 1)


def test_that_a_list_is_complete_does_not_stay_with_another_list(desk: Desk) -> None:
    sheet = desk.file("items.csv", "item,basis\ntake 1,owned\n")
    told = ("--reservation", "tdmrep=1@2026-11-01", "--card", "source=archive", "--minors", "no")
    desk.did("desk", "dataset", "takes", "--new", "--complete", "--items", sheet, *told)
    desk.did("desk", "dataset", "takes", "--likeness", "no", "--card", "license=own")
    (one,) = register(desk).datasets.values()
    desk.did("desk", "dataset", "takes", "--items", desk.file("items.csv", "item,basis\ntake 2,owned\n"))
    (other,) = register(desk).datasets.values()

    assert (one.complete, one.minors, one.likeness, len(one.items or ()), len(one.reservations)) == (
        True,
        False,
        False,
        1,
        1,
    )
    assert dict(one.card) == {"source": "archive", "license": "own"}
    assert (other.complete, [item.item for item in other.items or ()], other.minors) == (False, ["take 2"], False)


def test_an_item_has_a_holder_and_may_have_a_release_and_a_license(desk: Desk) -> None:
    desk.did("license", "record", *SIGNED)
    desk.did("license", "record", *SIGNED)
    sheet = "item,basis,holder,release,license\ntake 1,licensed,an archive,L-01,L-02\n"
    desk.did("desk", "dataset", "takes", "--new", "--items", desk.file("items.csv", sheet))
    here = register(desk)
    (item,) = next(iter(here.datasets.values())).items or ()

    assert (item.holder, item.release, item.license) == (
        "an archive",
        here.agreement_called("L-01").id,
        here.agreement_called("L-02").id,
    )


def test_what_was_read_of_one_page_is_not_known_of_another(desk: Desk) -> None:
    page = desk.file("terms.txt", "we keep nothing")
    desk.did("desk", "tool-terms", "a service", "--snapshot", page, "--trains-on-inputs", "no", "--enterprise", "yes")
    desk.did("desk", "tool-terms", "a service", "--snapshot", page, "--indemnity", "yes")
    same = register(desk).tool_terms[-1].section
    desk.file("terms.txt", "we keep everything")
    done = desk.run("desk", "tool-terms", "a service", "--snapshot", page, "--indemnity", "yes")
    other = register(desk).tool_terms[-1].section
    assert same is not None and other is not None

    assert (same.trains_on_inputs, same.enterprise, same.indemnity) == (False, True, True)
    assert (other.trains_on_inputs, other.enterprise, other.indemnity) == (None, None, True)
    assert "trains-on-inputs, enterprise" in done.err


@pytest.mark.parametrize("what", ["model", "dataset"])
def test_a_name_is_given_once(desk: Desk, what: str) -> None:
    desk.did("desk", what, "a voice", "--new")

    assert desk.refused("desk", what, "a voice", "--new") == (11, "desk.name_taken")
    assert desk.refused("desk", "model", "a voice", "--new") == (11, "desk.name_taken")


def test_what_a_keeper_said_is_over_with_a_paper_and_a_member_and_not_by_typing(desk: Desk) -> None:
    desk.did("consent", "record", "--person", "P-01", "--kept", "elsewhere", *WHOLE)
    desk.did("consent", "standing", "C-01", "revoked=yes")
    desk.did("consent", "standing", "C-01", "revoked=no")
    (typed,) = register(desk).agreements.values()
    letter = desk.file("letter.txt", "It stands again.")
    desk.did("consent", "standing", "C-01", "revoked=no", "--by", "P-04", "--document", letter)
    (shown,) = register(desk).agreements.values()

    assert [one.values["consent.revoked"] for one in typed.standings] == [True, True]
    assert [one.values["consent.revoked"] for one in shown.standings] == [True, True, False]
    assert desk.refused("desk", "withdraw", shown.standings[0].id, "--reason", "x") == (11, "desk.not_withdrawable")


def test_what_protects_somebody_is_said_otherwise_by_a_member_who_is_somebody_else(desk: Desk) -> None:
    desk.did("person", "set", "P-01", "gdpr_subject=yes", "guilds=WGA")

    assert desk.refused("person", "set", "P-01", "gdpr_subject=no") == (11, "party.said_by")
    assert desk.refused("person", "set", "P-01", "guilds=", "--by", "P-03") == (11, "party.said_by")
    desk.did("person", "set", "P-01", "gdpr_subject=no", "--by", "P-04")
    assert register(desk).persons[1].fields["gdpr_subject"] == "no"
