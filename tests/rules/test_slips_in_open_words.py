"""A slip in a word that rules ask for switches nothing off: typed, it is refused; recorded all the same, it counts as what was meant."""

import re
from pathlib import Path

import pytest

from edgecode.checks.rules.open_words import KNOWN, settled
from edgecode.checks.rules.written_facts import read_fact
from edgecode.errors import InputError
from edgecode.events.rights_kinds import ProductionProfiled, ProfileFact, ProfileSection
from edgecode.production import Production
from edgecode.production.rule_packs.choosing import pack_states, shipped_packs

PACKS = Path(__file__).resolve().parents[2] / "src" / "edgecode" / "checks" / "packs"


def test_the_known_words_are_those_that_packs_that_ship_compare_with() -> None:
    text = "\n".join((PACKS / pack.name).read_text("utf-8") for pack in shipped_packs())

    assert set(re.findall(r"production\.buyer == '([^']+)'", text)) | {"none"} == set(KNOWN["production.buyer"])
    assert set(re.findall(r"'([^']+)' in production\.awards", text)) == set(KNOWN["production.awards"])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("production.buyer", "Netflix"),
        ("production.buyer", "netflx"),
        ("production.buyer", "BBC"),
        ("production.buyer", "None"),
        ("production.awards", "academy99"),
        ("production.awards", "oscars; Academy-99"),
    ],
)
def test_a_slip_that_somebody_types_is_refused_with_the_word_that_is_meant(name: str, written: str) -> None:
    with pytest.raises(InputError, match="is nearly") as refused:
        read_fact(name, written)

    assert (refused.value.code, written in refused.value.sentence) == ("facts.value", False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("production.buyer", "netflix"),
        ("production.buyer", "nbc"),
        ("production.buyer", "acme"),
        ("production.awards", ("academy-98", "academy-100", "emmy-77")),
    ],
)
def test_other_buyers_and_other_campaigns_are_no_slips(name: str, value: str | tuple[str, ...]) -> None:
    written = value if isinstance(value, str) else "; ".join(value)

    assert (read_fact(name, written), settled({name: value})) == (value, {name: value})


def test_a_profile_that_was_recorded_with_capitals_declares_the_agreement_all_the_same(tmp_path: Path) -> None:
    with Production.create(tmp_path / "film", title="A film") as production:
        said = ProfileSection({"production.buyer": "Netflix", "production.awards": ("Academy 99",)})
        production.append([ProductionProfiled(ProfileFact(production.world.new_id()), said)])
        found = {one.pack.id: one.state for one in pack_states(production)}

    assert (found["netflix-2025"], found["academy-99"]) == ("on", "on")
