"""Facts go into a record as events and come back from its index as they went in, the unknown ones as unknown."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgecode.checks.facts import subject_of
from edgecode.checks.register import Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.fact_values import Fact
from edgecode.checks.rules.territories import EU_MEMBERS, US_STATES
from edgecode.index.persons import day_of
from edgecode.production import Production
from edgecode.terms.rights import FactValue
from edgecode.testing.scenario_files import Scenario
from edgecode.testing.scenario_records import NOT_SAYABLE, declare
from edgecode.testing.scenario_runs import declared_use, record_facts
from scenarios.acceptance import SCENARIOS
from scenarios.in_memory import NOW, TODAY, Ids, index_of

Facts = Mapping[str, FactValue]

_TEXTS = st.sampled_from(["none", "netflix", "bbc", "x"])
_TERRITORIES = st.sampled_from(["EU", "DE", "JP", "US", "US-CA", "US-NY", "NO"])
SAYABLE = tuple(fact for fact in CATALOGUE.values() if fact.name not in NOT_SAYABLE)


def values_of(fact: Fact) -> st.SearchStrategy[FactValue]:
    """Values that a fact may have."""
    if fact.choices:
        words = st.sampled_from(fact.choices)
        return st.lists(words, unique=True, max_size=3).map(tuple) if fact.type == "strings" else words
    return {
        "bool": st.booleans(),
        "int": st.integers(1, 3),
        "string": _TEXTS,
        "date": st.dates().map(lambda day: day.isoformat()),
        "strings": st.lists(_TEXTS, max_size=3).map(tuple),
        "territories": st.lists(_TERRITORIES, max_size=3).map(tuple),
    }[fact.type]  # type: ignore[return-value]


FACT_SETS: st.SearchStrategy[Facts] = st.fixed_dictionaries(
    {}, optional={fact.name: values_of(fact) for fact in SAYABLE}
)


def expected(facts: Facts) -> dict[str, FactValue]:
    """What has to come back: the same, records that are not there as false, territories with what they bring."""
    found = {fact.name: False for fact in SAYABLE if fact.world == "record"} | dict(facts)
    released = found.get("production.territories")
    if isinstance(released, tuple):
        found["production.territories"] = reached(set(released))
    return found


def reached(territories: set[str]) -> tuple[str, ...]:
    """Territories with the EU of a member state, the country of a state and every state of the country."""
    found = territories | ({"EU"} if territories & EU_MEMBERS else set())
    found |= {f"US-{state}" for state in US_STATES} if "US" in found else set()
    return tuple(sorted(found | ({"US"} if any(one.startswith("US-") for one in found) else set())))


def completed(facts: Facts) -> dict[str, FactValue]:
    """Facts as the engine completes them, without those that no scenario can say."""
    records = {fact.name: False for fact in SAYABLE if fact.world == "record"}
    return {name: value for name, value in {**records, **facts}.items() if name not in NOT_SAYABLE}


def through_memory(facts: Facts) -> dict[str, FactValue]:
    """The facts that come back from an index in memory."""
    ids = Ids()
    declared = declare(facts, person="p-" + "ab" * 16, new_id=ids, now=NOW, today=TODAY)
    register = Register.read(index_of(declared.events, ids))
    use = declared_use(register.uses[declared.use])
    return completed(subject_of(use, register, today=TODAY, now=NOW, gate="deliver").facts)


def through_production(facts: Facts, folder: Path) -> dict[str, FactValue]:
    """The facts that come back from a production's own index, opened again from its ledger."""
    with Production.create(folder, title="Facts") as production:
        use = record_facts(production, facts)
    with Production.open(folder) as production:
        production.rebuild_index()
        register = Register.read(production.index)
        now = production.world.milliseconds()
        subject = subject_of(declared_use(register.uses[use]), register, today=day_of(now), now=now, gate="deliver")
    return completed(subject.facts)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_every_acceptance_scenario_comes_back_from_a_real_ledger(scenario: Scenario, tmp_path: Path) -> None:
    assert through_production(scenario.facts, tmp_path / "p") == expected(scenario.facts)


@given(FACT_SETS)
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_facts_come_back_even_those_that_contradict_each_other(facts: Facts) -> None:
    assert through_memory(facts) == expected(facts)


@given(facts=FACT_SETS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_facts_come_back_from_a_real_ledger(facts: Facts, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("facts") / "p"

    assert through_production(facts, folder) == expected(facts)
