"""From verdicts to what a gate does: open, held or refused, its word, and the severity of a finding (dependencies.md 2.6, FORMATS)."""

from collections.abc import Iterable
from typing import Literal

from edgecode.checks.rules.pack import SEVERITIES
from edgecode.checks.rules.subjects import Outcome, Verdict
from edgecode.terms.rights import Gate, Severity

Held = Literal["open", "held", "refused"]
Word = Literal["CLEARED", "HELD", "REFUSED"]
Quality = Literal["", "FYI", "Issue", "Blocker"]
ScenarioWord = Literal["allow", "warn", "disclose", "require_approval", "needs_info", "block"]

GATES: tuple[Gate, ...] = ("ingest", "publish", "deliver")
"""In the order in which a shot comes to them."""
SCENARIO_WORDS: tuple[ScenarioWord, ...] = ("allow", "warn", "disclose", "require_approval", "needs_info", "block")
"""From mildest to worst."""

_FAILED: dict[Severity, dict[Gate, Held]] = {
    "info": {"ingest": "open", "publish": "open", "deliver": "open"},
    "warn": {"ingest": "open", "publish": "open", "deliver": "open"},
    "disclose": {"ingest": "open", "publish": "open", "deliver": "held"},
    "approve": {"ingest": "open", "publish": "held", "deliver": "held"},
    "block": {"ingest": "refused", "publish": "refused", "deliver": "refused"},
}
_UNKNOWN: dict[Gate, Held] = {"ingest": "open", "publish": "held", "deliver": "held"}
_WORDS: dict[Held, Word] = {"open": "CLEARED", "held": "HELD", "refused": "REFUSED"}
_ORDER: tuple[Held, ...] = ("open", "held", "refused")
_AS_FAILED: dict[Severity, ScenarioWord] = {
    "info": "allow",
    "warn": "warn",
    "disclose": "disclose",
    "approve": "require_approval",
    "block": "block",
}


def held_by(outcome: Outcome, severity: Severity, gate: Gate) -> Held:
    """What one outcome of a rule that bites at *gate* does there. What is waived or cleared is not asked about."""
    if outcome == "fail":
        return _FAILED[severity][gate]
    if outcome == "error":
        return "held"
    if outcome == "unknown":
        return _UNKNOWN[gate] if is_serious(severity) else "open"
    return "open"


def held_at(verdict: Verdict, gate: Gate) -> Held:
    """What a verdict does at *gate*; a rule that does not bite there leaves it open."""
    return held_by(verdict.outcome, verdict.severity, gate) if gate in verdict.gates else "open"


def word_of(states: Iterable[Held], *, rules: int) -> Word:
    """The word of a gate over everything that still counts. *rules*: how many were run; none at all clears nothing."""
    worst: Held = max(states, key=_ORDER.index, default="open")
    return "HELD" if rules == 0 and worst == "open" else _WORDS[worst]


def is_serious(severity: Severity) -> bool:
    """Whether not knowing holds: disclose or worse."""
    return SEVERITIES.index(severity) >= SEVERITIES.index("disclose")


def quality_of(outcome: Outcome, severity: Severity) -> Quality:
    """The severity of a finding in the grammar of QC: FYI, Issue, Blocker; "" where there is no finding."""
    if outcome in ("pass", "not_applicable"):
        return ""
    if outcome == "error" or severity == "block":
        return "Blocker"
    return "Issue" if is_serious(severity) else "FYI"


def scenario_word(verdicts: Iterable[Verdict]) -> ScenarioWord:
    """The strongest contribution in the words of scenario files; allow when there is none."""
    return max(map(_contribution, verdicts), key=SCENARIO_WORDS.index, default="allow")


def _contribution(verdict: Verdict) -> ScenarioWord:
    as_failed = _AS_FAILED[verdict.severity]
    if verdict.outcome == "fail":
        return as_failed
    if verdict.outcome == "error":
        return max(as_failed, "needs_info", key=SCENARIO_WORDS.index)
    if verdict.outcome == "unknown":
        return "needs_info" if is_serious(verdict.severity) else as_failed
    return "allow"
