"""What holds of every rule in every pack that ships: its own tests, names, numbers, gates, and what nobody may waive."""

import re
from collections import Counter

import pytest

from edgecode.checks.rules.cel import reads
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Pack, Rule
from edgecode.checks.rules.pack_testing import run_pack_tests
from edgecode.checks.rules.subjects import Subject
from packs_that_ship import shipped

RULES = [(pack, rule) for pack in shipped() for rule in pack.rules]
FAMILIES = "1234567"
NO_CONSENT_OF_A_PERSON = {"consent.company_for_writer"}
"""Consents of companies, which a production's own counsel may waive."""
LASTS_TOO_SHORT = {"DESK-16"}
"""The consent is there and was not taken back; it ends before the release, which counsel may decide on."""


def desk() -> Pack:
    return next(pack for pack in shipped() if pack.id == "edgecode-desk")


def facts_required(rule: Rule) -> set[str]:
    """Facts that a requirement of the rule reads."""
    found: set[str] = set()
    for requirement in rule.require:
        if requirement.that:
            found |= reads(requirement.that)
        for condition in requirement.where:
            found |= reads(condition.that, variable=requirement.variable, over=requirement.over)
    return found


@pytest.mark.parametrize("pack", shipped(), ids=lambda pack: pack.id)
def test_a_pack_that_ships_passes_its_own_tests(pack: Pack) -> None:
    assert run_pack_tests(pack) == []


def test_the_27_drafts_and_the_own_pack_ship() -> None:
    assert (len(shipped()), len(RULES)) == (28, 103 + len(desk().rules))


@pytest.mark.parametrize("field", ["id", "number", "code"])
def test_no_two_rules_share_a_name_or_a_number(field: str) -> None:
    counted = Counter(getattr(rule, field) for _, rule in RULES)

    assert [name for name, count in counted.items() if count > 1] == []


def test_every_number_is_of_a_family() -> None:
    assert [rule.id for _, rule in RULES if not re.fullmatch(rf"R[{FAMILIES}]\d\d", rule.number)] == []


def test_every_rule_bites_at_delivery_and_those_that_can_refuse_a_use_do_so_before() -> None:
    silent = [rule.id for _, rule in RULES if "deliver" not in rule.gates]

    assert silent == []


def test_a_missing_consent_of_a_person_is_never_waivable() -> None:
    waivable = [
        rule.id
        for _, rule in RULES
        if rule.waivable is not None
        and rule.id not in LASTS_TOO_SHORT
        and any(fact.startswith(("consent.", "consents")) for fact in facts_required(rule) - NO_CONSENT_OF_A_PERSON)
    ]

    assert waivable == []


@pytest.mark.parametrize("fact", ["person.minor", "use.contains_personal_data", "consent.revoked", "consent.suspended"])
def test_minors_personal_data_and_withdrawn_consents_are_never_waivable(fact: str) -> None:
    waivable = [
        rule.id
        for _, rule in RULES
        if rule.waivable is not None and rule.id not in LASTS_TOO_SHORT and fact in reads(rule.when or "true")
    ]

    assert waivable == []


def test_only_the_ban_on_a_minors_sexual_depiction_is_always_on() -> None:
    assert [(pack.id, rule.code) for pack, rule in RULES if rule.always] == [
        ("edgecode-desk", "minor.sexual_depiction")
    ]


def test_the_desk_asks_nothing_of_a_camera_film_that_shows_nobody() -> None:
    filmed = Subject(key="u", about="use", facts={"use.kind": "performance", "person.filmed": False})

    asked = [
        verdict.rule
        for verdict in Judge([ActivePack(desk())]).verdicts(filmed, today="2026-11-23")
        if verdict.outcome != "not_applicable"
    ]

    assert asked == []


def test_a_production_that_wants_it_is_asked_of_filmed_minors_too() -> None:
    filmed = Subject(
        key="u", about="use", facts={"use.kind": "performance", "person.minor": True, "use.nude_or_sex": True}
    )
    judge = Judge([ActivePack(desk(), parameters={"filmed_performances": True})])

    found = {verdict.rule: verdict.outcome for verdict in judge.verdicts(filmed, today="2026-11-23")}

    assert found["DESK-02"] == "fail"
