"""Tries scenarios on real productions: facts go into a ledger as events, and the verdict comes only from what is read back of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import cast, get_args

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.scenario_report import ScenarioFinding, ScenarioResult, ScenariosAnswer
from edgecode.checks.facts import reached_as_written, subject_of
from edgecode.checks.gates import held_at, scenario_word, word_of
from edgecode.checks.register import DeclaredUse, Register
from edgecode.checks.rules.catalogue import VOCABULARY
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Pack
from edgecode.checks.rules.subjects import Subject, Verdict
from edgecode.checks.uses import Use, UseKind, use_key
from edgecode.drivers.world import World
from edgecode.events.desk_kinds import PackDecided, PackDecisionFact
from edgecode.index.persons import day_of
from edgecode.production import Production
from edgecode.production.rule_packs.choosing import shipped_packs
from edgecode.terms.identity import RecordId
from edgecode.testing.scenario_files import Scenario
from edgecode.testing.scenario_records import declare
from edgecode.testing.scenario_verdicts import disagreements

OWN = "edgecode-desk"
"""The pack of our own rules, which scenarios are not about."""

_OPEN = ("fail", "unknown", "error")


class Tried(Struct, frozen=True):
    """*capped*: every verdict with the confidence cap on, *uncapped*: with every pack adopted. *subject*: the facts as they came back."""

    scenario: Scenario
    subject: Subject
    packs: tuple[str, ...]
    capped: tuple[Verdict, ...]
    uncapped: tuple[Verdict, ...]


class Judges:
    """Judges by which packs are on, kept because compiling rules takes longer than judging by them."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = {pack.id: pack for pack in packs}
        self._made: dict[tuple[tuple[str, bool], ...], Judge] = {}

    def of(self, active: Mapping[str, bool]) -> Judge:
        """The judge by these packs; True stands for an adopted one."""
        key = tuple(sorted(active.items()))
        if key not in self._made:
            self._made[key] = Judge([ActivePack(self.packs[name], adopted=adopted) for name, adopted in key])
        return self._made[key]


def ported_packs() -> list[Pack]:
    """The shipped packs that are transcriptions, watched ones too. Raises UnavailableError ``extra.missing``."""
    return [pack for pack in shipped_packs() if pack.id != OWN]


def rules_of(packs: Iterable[Pack]) -> dict[str, Collection[str]]:
    """The ids of rules by pack."""
    return {pack.id: [rule.id for rule in pack.rules] for pack in packs}


def try_scenario(
    scenario: Scenario, folder: Path, *, judges: Judges, all_packs: bool = False, world: World | None = None
) -> Tried:
    """Begin a production in *folder*, record the scenario, and judge what its record says."""
    on = tuple(judges.packs) if all_packs or scenario.packs is None else scenario.packs
    with Production.create(folder, title=f"Scenario {scenario.id}", world=world) as production:
        use = record_facts(production, scenario.facts)
        production.append(_switched(production, judges.packs, on))
        subject, capped = judged(production, use, judges)
        production.append(_decision(production, judges.packs[name], "adopted") for name in on)
        _, uncapped = judged(production, use, judges)
    return Tried(scenario, subject, on, tuple(capped), tuple(uncapped))


def record_facts(production: Production, facts: Mapping[str, object]) -> RecordId:
    """Record what says *facts*; returns the declared use that all of it is about."""
    world = production.world
    now = world.milliseconds()
    person = f"p-{world.randomness(16).hex()}"
    declared = declare(facts, person=person, new_id=world.new_id, now=now, today=day_of(now))  # type: ignore[arg-type]
    production.append(declared.events)
    return declared.use


def judged(production: Production, use: RecordId, judges: Judges) -> tuple[Subject, list[Verdict]]:
    """The facts of a declared use as the record has them now, and what the packs that are on in it say of them at delivery."""
    register = Register.read(production.index, origin=production.log.origin)
    now = production.world.milliseconds()
    subject = subject_of(declared_use(register.uses[use]), register, today=day_of(now), now=now, gate="deliver")
    subject = replace(subject, facts={**subject.facts, **reached_as_written(register)})
    return subject, judges.of(decided_packs(register)).verdicts(subject, today=day_of(now))


def decided_packs(register: Register) -> dict[str, bool]:
    """The packs that the record's decisions switched on; True where they are adopted.

    Here decisions alone count, whoever made them: a scenario lists watched packs as well, which no production could switch on, and its
    facts may declare an agreement whose pack it leaves off.
    """
    found: dict[str, bool] = {}
    for decision in register.pack_decisions:
        if decision.choice == "on":
            found[decision.pack] = False
        elif decision.choice == "off":
            found.pop(decision.pack, None)
        elif decision.choice == "adopted" and decision.pack in found:
            found[decision.pack] = True
    return found


def declared_use(declared: DeclaredUse) -> Use:
    """A use that only a declaration knows, as the check makes one of it where no cut shows anything."""
    said = declared.values.get("use.kind")
    kind = cast(UseKind, said) if said in get_args(UseKind) else "ai_element"
    return Use(
        key=use_key(kind, version="", subject="", clip=declared.id),
        kind=kind,
        about=frozenset({declared.id}),
        declared=declared.id,
        person=declared.whom.person,
        alias=declared.whom.alias,
        person_state="recorded" if declared.whom.person is not None else "unstated",
        stated=declared.values,
    )


def result_of(tried: Tried) -> ScenarioResult:
    """What came of a scenario, as the report has it."""
    scenario = tried.scenario
    wrong = tuple(disagreements(scenario, capped=tried.capped, uncapped=tried.uncapped))
    return ScenarioResult(
        scenario.id,
        scenario.title,
        scenario.line,
        not wrong,
        scenario.expect,
        scenario_word(tried.capped),
        scenario.expect_uncapped,
        scenario_word(tried.uncapped),
        word_of((held_at(verdict, "deliver") for verdict in tried.capped), rules=len(tried.capped)),
        tried.packs,
        tuple(_finding(verdict) for verdict in tried.capped if verdict.outcome in _OPEN),
        wrong,
    )


def not_tried(scenario: Scenario) -> ScenarioResult:
    """A scenario with a value that its fact cannot have: nothing is found, and it does not agree."""
    expected = (scenario.expect, "error", scenario.expect_uncapped, "error")
    packs = scenario.packs or ()
    return ScenarioResult(
        scenario.id, scenario.title, scenario.line, False, *expected, "HELD", packs, (), scenario.slips
    )


def answer_of(results: Sequence[ScenarioResult], *, file: str) -> ScenariosAnswer:
    """The whole report."""
    return ScenariosAnswer(file, VOCABULARY, sum(one.agrees for one in results), tuple(results))


def _finding(verdict: Verdict) -> ScenarioFinding:
    return ScenarioFinding(
        verdict.rule,
        verdict.pack,
        verdict.outcome,  # type: ignore[arg-type]
        verdict.severity,
        verdict.why,
        verdict.missing,
        verdict.capped,
    )


def _switched(production: Production, packs: Mapping[str, Pack], on: Collection[str]) -> list[PackDecided]:
    return [_decision(production, pack, "on" if pack.id in on else "off") for pack in packs.values()]


def _decision(production: Production, pack: Pack, choice: str) -> PackDecided:
    at = day_of(production.world.milliseconds())
    identity = production.world.new_id()
    return PackDecided(PackDecisionFact(identity, pack.id, pack.header.version, pack.digest, choice, at=at))  # type: ignore[arg-type]
