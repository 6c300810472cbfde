"""What disagrees between the verdicts of rules and what a scenario expects of them."""

from collections.abc import Sequence

from edgecode.checks.gates import scenario_word
from edgecode.checks.rules.subjects import Verdict
from edgecode.testing.scenario_files import Scenario


def disagreements(scenario: Scenario, *, capped: Sequence[Verdict], uncapped: Sequence[Verdict]) -> list[str]:
    """A sentence for each expectation of the scenario that was not met."""
    wrong = []
    found, found_uncapped = scenario_word(capped), scenario_word(uncapped)
    if found != scenario.expect:
        wrong.append(f"expected {scenario.expect}, found {found}")
    if found_uncapped != scenario.expect_uncapped:
        wrong.append(f"expected {scenario.expect_uncapped} with every pack adopted, found {found_uncapped}")
    by_rule = {verdict.rule: verdict for verdict in capped}
    wrong += [
        f"{rule} should fail; it {_was(by_rule, rule)}"
        for rule in scenario.must_fire
        if not _is(by_rule, rule, ("fail",))
    ]
    wrong += [
        f"{rule} should be unknown; it {_was(by_rule, rule)}"
        for rule in scenario.must_be_unknown
        if not _is(by_rule, rule, ("unknown",))
    ]
    wrong += [
        f"{rule} should neither fail nor be unknown; it {_was(by_rule, rule)}"
        for rule in scenario.must_not_fire
        if _is(by_rule, rule, ("fail", "unknown", "error"))
    ]
    return wrong


def _is(by_rule: dict[str, Verdict], rule: str, outcomes: tuple[str, ...]) -> bool:
    return rule in by_rule and by_rule[rule].outcome in outcomes


def _was(by_rule: dict[str, Verdict], rule: str) -> str:
    if rule not in by_rule:
        return "was not run: its pack is not among those of the scenario"
    return {
        "pass": "passed",
        "fail": "failed",
        "unknown": "was unknown",
        "not_applicable": "did not apply",
        "error": "was in error",
    }[by_rule[rule].outcome]
