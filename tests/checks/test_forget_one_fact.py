"""Unknown never passes: forget any single fact of any scenario, and no rule and no verdict gets weaker.

What a rule refused may become unknown, which is what forgetting makes of it: `needs_info` in the place of `block`, which holds. Nothing
that failed, was unknown or was in error may pass or no longer apply. (consent.md 6.7, DESIGN promise 3)
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.checks.facts import subject_of
from edgecode.checks.gates import SCENARIO_WORDS, ScenarioWord, scenario_word
from edgecode.checks.register import Register
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack
from edgecode.checks.rules.subjects import Subject, Verdict
from edgecode.events.desk_kinds import DeterminationMade, UseDeclared
from edgecode.events.kinds import Event
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue
from edgecode.testing.scenario_files import Scenario
from edgecode.testing.scenario_records import declare
from edgecode.testing.scenario_runs import Judges, declared_use, try_scenario
from scenarios.acceptance import PORTED, SCENARIOS
from scenarios.in_memory import NOW, TODAY, Ids, index_of

OPEN = ("fail", "unknown", "error")


@pytest.fixture(scope="module", params=[False, True], ids=["cap", "adopted"])
def judge(request: pytest.FixtureRequest) -> Judge:
    return Judge([ActivePack(pack, adopted=request.param) for pack in PORTED.values()])


def judged(judge: Judge, facts: Mapping[str, FactValue]) -> list[Verdict]:
    return judge.verdicts(Subject("use", "use", facts), today=TODAY)


def passed_after(before: Sequence[Verdict], after: Sequence[Verdict]) -> list[str]:
    """Rules that were open and are no more."""
    return [
        one.rule for one, other in zip(before, after, strict=True) if one.outcome in OPEN and other.outcome not in OPEN
    ]


def weaker(before: ScenarioWord, after: ScenarioWord) -> bool:
    """Whether a verdict got better than forgetting may make it: `needs_info` may stand for what was stronger."""
    least = min(SCENARIO_WORDS.index(before), SCENARIO_WORDS.index("needs_info"))
    return SCENARIO_WORDS.index(after) < least


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_no_rule_and_no_verdict_gets_weaker_by_what_is_forgotten(scenario: Scenario, judge: Judge) -> None:
    before = judged(judge, scenario.facts)
    listed = scenario.packs or tuple(PORTED)
    better = []
    for name in scenario.facts:
        after = judged(judge, {other: value for other, value in scenario.facts.items() if other != name})
        better += [f"without {name}: {rule}" for rule in passed_after(before, after)]
        for packs in (listed, tuple(PORTED)):
            was, now = (scenario_word(one for one in some if one.pack in packs) for some in (before, after))
            better += [f"without {name}: {was} became {now}"] if weaker(was, now) else []

    assert better == []


# ------------------------------------------------------------------------------------------ through records


def through_index(judge: Judge, events: Sequence[Event], use: RecordId, ids: Ids) -> list[Verdict]:
    """What the packs say of the facts that an index of these events gives."""
    register = Register.read(index_of(events, ids))
    subject = subject_of(declared_use(register.uses[use]), register, today=TODAY, now=NOW, gate="deliver")
    return judge.verdicts(subject, today=TODAY)


def is_a_taking_back(event: Event) -> bool:
    """Whether an event says that a judgment was not made, although others together would say that it was.

    Like a revocation it is the last word of somebody on a question. A record that forgets last words is another record: that none is
    forgotten is what the log proves (one history, heads that witnesses saw), and no rule can.
    """
    return isinstance(event, DeterminationMade) and event.fact.answer == ""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_no_rule_gets_weaker_by_an_event_that_is_forgotten(scenario: Scenario, judge: Judge) -> None:
    ids = Ids()
    declared = declare(scenario.facts, person="p-" + "ab" * 16, new_id=ids, now=NOW, today=TODAY)
    before = through_index(judge, declared.events, declared.use, ids)
    better = []
    for number, event in enumerate(declared.events):
        # Without the declared use there is nothing that anybody asks about.
        if isinstance(event, UseDeclared) or is_a_taking_back(event):
            continue
        left = [*declared.events[:number], *declared.events[number + 1 :]]
        passed = passed_after(before, through_index(judge, left, declared.use, ids))
        better += [f"without {event.TYPE} {number}: {rule}" for rule in passed]

    assert better == []


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_no_verdict_gets_weaker_by_a_fact_that_a_real_ledger_lacks(scenario: Scenario, tmp_path: Path) -> None:
    judges = Judges(list(PORTED.values()))
    before = try_scenario(scenario, tmp_path / "whole", judges=judges)
    # Another eighth of the facts for each scenario; the other ways to forget, above, go through all of them.
    sample = sorted(scenario.facts)[SCENARIOS.index(scenario) % 8 :: 8]
    better = []
    for name in sample:
        left = replace(scenario, facts={other: value for other, value in scenario.facts.items() if other != name})
        after = try_scenario(left, tmp_path / name, judges=judges)
        better += [f"without {name}: {rule}" for rule in passed_after(before.capped, after.capped)]
        better += [f"without {name}, adopted: {rule}" for rule in passed_after(before.uncapped, after.uncapped)]
        if weaker(scenario_word(before.capped), scenario_word(after.capped)):
            better.append(f"without {name}")

    assert (len(sample) > 2, better) == (True, [])
