"""Unknown never passes: forget any single fact of any scenario, and no rule and no verdict gets weaker.

What a rule refused may become unknown, which is what forgetting makes of it: `needs_info` in the place of `block`, which holds. Nothing
that failed, was unknown or was in error may pass or no longer apply. (consent.md 6.7, DESIGN promise 3)
"""

from collections.abc import Mapping, Sequence

import pytest

from edgecode.checks.gates import SCENARIO_WORDS, ScenarioWord, scenario_word
from edgecode.checks.judging import Judge
from edgecode.checks.pack import ActivePack
from edgecode.checks.subjects import Subject, Verdict
from edgecode.terms.rights import FactValue
from edgecode.testing.scenario_files import Scenario
from scenarios.acceptance import PORTED, SCENARIOS

TODAY = "2026-11-23"
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
