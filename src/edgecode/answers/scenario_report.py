"""What trying a file of scenarios came to: expected and found for each, as an answer for programs and as lines for people."""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from edgecode.answers.layout.columns import counted
from edgecode.terms.rights import Severity


class ScenarioFinding(Struct, frozen=True):
    """One finding that is open: *outcome* fail, unknown or error. *severity* is as the rule bites with the confidence cap on.

    *why*: the explanation. *missing*: facts that were read and that nobody has established.
    """

    rule: str
    pack: str
    outcome: Literal["fail", "unknown", "error"]
    severity: Severity
    why: str
    missing: tuple[str, ...] = ()
    capped: bool = False


class ScenarioResult(Struct, frozen=True):
    """*found*: the overall verdict with the cap on, *found_uncapped*: with every pack adopted. *gate*: the word at delivery.

    *packs*: those that were run. *disagreements*: a sentence each, () when expected and found agree. *line*: of the file. Found is
    ``error`` where a fact has a value that it cannot have, so that nothing was tried.
    """

    id: str
    title: str
    line: int
    agrees: bool
    expected: str
    found: str
    expected_uncapped: str
    found_uncapped: str
    gate: Literal["CLEARED", "HELD", "REFUSED"]
    packs: tuple[str, ...]
    findings: tuple[ScenarioFinding, ...]
    disagreements: tuple[str, ...] = ()


class ScenariosAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.scenarios/1"):
    """*file*: its name without folders. *facts*: the vocabulary the rules were checked against."""

    file: str
    facts: str
    agree: int
    scenarios: tuple[ScenarioResult, ...]

    @property
    def is_agreed(self) -> bool:
        """Whether expected and found agree for every scenario."""
        return self.agree == len(self.scenarios)


def scenarios_text(answer: ScenariosAnswer, *, all_packs: bool = False) -> Iterator[str]:
    """The lines that the command prints, one scenario after the other, the count last."""
    for one in answer.scenarios:
        yield from _result(one)
        yield ""
    run = " with every pack on" if all_packs else ""
    yield f"{answer.agree} of {counted(len(answer.scenarios), 'scenario')} of {answer.file} agree{run}"


def _result(one: ScenarioResult) -> Iterator[str]:
    yield f"{one.id}  {'agrees' if one.agrees else 'DISAGREES'}  {one.title}".rstrip()
    yield f"  with the cap     expected {one.expected:<17} found {one.found}"
    yield f"  packs adopted    expected {one.expected_uncapped:<17} found {one.found_uncapped}"
    yield f"  gate deliver     {one.gate}"
    for outcome, word in (("fail", "fired"), ("unknown", "unknown"), ("error", "in error")):
        rules = [finding.rule for finding in one.findings if finding.outcome == outcome]
        if rules:
            yield f"  {word:<16} {', '.join(rules)}"
    for sentence in one.disagreements:
        yield f"  ! {sentence}"
    yield from _explained(one.findings)


def _explained(findings: Iterable[ScenarioFinding]) -> Iterator[str]:
    for finding in findings:
        softened = ", softened by the confidence cap" if finding.capped else ""
        yield f"  {finding.rule} ({finding.pack}) {finding.outcome}, {finding.severity}{softened}"
        yield f"      {finding.why}"
