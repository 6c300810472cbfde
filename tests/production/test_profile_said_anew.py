"""A fact of the profile that was said is said otherwise only by a named member, and an agreement is undeclared with a signature."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.answers.paper_notes.profile_changes import change_text, profile_changes
from edgecode.checks.register import Register
from edgecode.drivers.key_files import FileSigner, create_key_file
from edgecode.errors import EdgecodeError
from edgecode.events.profile_kinds import ProductionProfiled, ProfileFact, ProfileSection, profile_statement
from edgecode.production import Production
from edgecode.production.desk.profiling import describe_production
from edgecode.production.persons.noting import add_person
from edgecode.production.persons.parties import name_member
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue

SAID = {"production.sag": "tvth-2026", "production.release_date": "2027-01-15", "production.territories": "DE"}


@pytest.fixture
def key(tmp_path: Path) -> FileSigner:
    return create_key_file(tmp_path / "pia.key")


@pytest.fixture
def production(tmp_path: Path, key: FileSigner) -> Iterator[Production]:
    """A production with a profile, a producer with a key (P-01) and an artist (P-02)."""
    with Production.create(tmp_path / "show", title="Film") as made:
        name_member(made, add_person(made, identity={"name": "Pia"}, contact={}), ["producer"], key=key.public.hex())
        name_member(made, add_person(made, identity={"name": "Art"}, contact={}), ["artist"])
        describe_production(made, SAID)
        yield made


def member(production: Production) -> RecordId:
    return Register.read(production.index).member_called("P-01").id


def profile(production: Production) -> dict[str, FactValue]:
    return dict(Register.read(production.index, origin=production.log.origin).profile)


def refused(production: Production, written: dict[str, str], **said: object) -> str:
    with pytest.raises(EdgecodeError) as caught:
        describe_production(production, written, **said)  # type: ignore[arg-type]
    return caught.value.code


def typed(production: Production, values: dict[str, FactValue | None]) -> None:
    """An entry that came in by another door."""
    production.append([ProductionProfiled(ProfileFact(production.world.new_id()), ProfileSection(values))])


def test_the_first_word_and_the_same_word_again_need_nobody(production: Production) -> None:
    describe_production(production, {"production.buyer": "none", **SAID})

    assert Register.read(production.index, origin=production.log.origin).profiled.changes == ()


def test_another_word_needs_a_member_who_decides_and_a_reason(production: Production) -> None:
    later = {"production.release_date": "2027-01-09"}

    assert [
        refused(production, later),
        refused(production, later, by="P-01"),
        refused(production, later, by="P-02", reason="x"),
    ] == ["desk.by", "desk.reason", "desk.may_not_decide"]


def test_who_changed_what_and_when_is_kept_and_printed(production: Production) -> None:
    describe_production(production, {"production.release_date": "2027-01-09"}, by="P-01", reason="earlier slot")
    (change,) = profile_changes(Register.read(production.index, origin=production.log.origin))

    assert profile(production)["production.release_date"] == "2027-01-09"
    assert change_text(change).startswith("production.release_date changed from 2027-01-15 to 2027-01-09 on ")
    assert change_text(change).endswith(" by P-01")


def test_an_agreement_is_undeclared_with_the_members_own_signature(
    production: Production, key: FileSigner, tmp_path: Path
) -> None:
    strange = create_key_file(tmp_path / "other.key")
    none = {"production.sag": "none"}
    without = refused(production, none, by="P-01", reason="never signed")
    other = refused(production, none, by="P-01", reason="never signed", signer=strange)
    describe_production(production, none, by="P-01", reason="never signed", signer=key)
    (change,) = profile_changes(Register.read(production.index, origin=production.log.origin))

    assert (without, other) == ("profile.not_signed", "pack.other_key")
    assert (profile(production)["production.sag"], change.signed, change.counts) == ("none", True, True)


@pytest.mark.parametrize("value", ["none", None])
def test_an_agreement_stays_declared_whatever_an_unsigned_entry_says(production: Production, value: str | None) -> None:
    typed(production, {"production.sag": value})
    (change,) = profile_changes(Register.read(production.index, origin=production.log.origin))

    assert (profile(production)["production.sag"], change.counts) == ("tvth-2026", False)


def test_a_signature_is_held_again_whenever_it_is_read(production: Production, key: FileSigner) -> None:
    """Pia signed that the slot is earlier; somebody lays that signature beside another word."""
    describe_production(production, {"production.wga": "yes"})
    signed_for = ProfileFact(production.world.new_id(), member(production), "producer", "2026-11-23")
    statement = profile_statement(signed_for, values={"production.wga": True}, origin=production.log.origin)
    forged = replace(signed_for, signature=b64encode(key.sign(statement)).decode())
    production.append([ProductionProfiled(forged, ProfileSection({"production.sag": "none"}))])
    (change,) = profile_changes(Register.read(production.index, origin=production.log.origin))

    assert (profile(production)["production.sag"], change.counts, change.signed) == ("tvth-2026", False, False)
    assert change_text(change).endswith("it does not count, for its signature is not that of the key on record")


def test_what_somebody_unnamed_says_otherwise_is_known_to_nobody(production: Production) -> None:
    typed(production, {"production.release_date": "2027-01-09"})

    assert "production.release_date" not in profile(production)


def test_taking_a_fact_back_leaves_it_open_and_does_not_make_the_next_word_the_first(production: Production) -> None:
    describe_production(production, {"production.territories": ""})

    assert "production.territories" not in profile(production)
    assert refused(production, {"production.territories": "JP"}) == "desk.by"


def test_to_declare_an_agreement_after_all_needs_nobody_and_is_printed(production: Production) -> None:
    describe_production(production, {"production.wga": "no"})
    describe_production(production, {"production.wga": "yes"})
    (change,) = profile_changes(Register.read(production.index, origin=production.log.origin))

    assert (profile(production)["production.wga"], change.counts, change.by) == (True, True, "")
