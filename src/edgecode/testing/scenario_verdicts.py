"""From the verdicts of rules to the word of a scenario, and from that to what disagrees with the file. (consent.md 6.3)"""

from collections.abc import Iterable, Sequence

from edgecode.checks.subjects import Verdict
from edgecode.terms.rights import Severity
from edgecode.testing.scenario_files import WORDS, Scenario, Word

_FAILED: dict[Severity, Word] = {
    "info": "allow",
    "warn": "warn",
    "disclose": "disclose",
    "approve": "require_approval",
    "block": "block",
}


def word_of_verdict(verdict: Verdict) -> Word:
    """What one rule contributes. An unknown one of severity disclose or worse: needs_info; one in error: at least that."""
    failed = _FAILED[verdict.severity]
    if verdict.outcome == "fail":
        return failed
    if verdict.outcome == "error":
        return strongest((failed, "needs_info"))
    if verdict.outcome == "unknown":
        return failed if failed in ("allow", "warn") else "needs_info"
    return "allow"


def word_of(verdicts: Iterable[Verdict]) -> Word:
    """The overall verdict: the strongest contribution, allow when there is none."""
    return strongest(map(word_of_verdict, verdicts))


def strongest(words: Iterable[Word]) -> Word:
    """The strongest of some words; allow of none."""
    return max(words, key=WORDS.index, default="allow")


def disagreements(scenario: Scenario, *, capped: Sequence[Verdict], uncapped: Sequence[Verdict]) -> list[str]:
    """A sentence for each expectation of the scenario that was not met."""
    wrong = []
    found, found_uncapped = word_of(capped), word_of(uncapped)
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
