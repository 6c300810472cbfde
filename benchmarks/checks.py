"""How long 2,500 uses take against 60 rules, and explaining every finding, beside an evaluator that parses each rule anew.

    python benchmarks/checks.py [--uses 2500] [--rules 60] [--baseline 40] [--seed 7] [--repeat 3]

The rules are the first of those that ship, in the order of their packs, adopted or not alike. *A film*: uses of 40 people that differ as
those of a picture do: kinds of uses, dates, a few judgments, one in ten facts not recorded. *Worst*: every fact is drawn at random, a
quarter is missing, and no two uses have the same facts, so that nothing can be kept from one to the next. *Asked*: the same, and every
rule applies to every use (scopes, days and ``when`` taken out), so that two thirds of all verdicts are findings. The baseline judges it by
compiling each expression whenever it is asked (of *baseline* uses, scaled up). Explaining is judging each finding again by itself, with
its sentences. One thread; prints a table with the machine's load.
"""

import argparse
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

from msgspec.structs import replace

from edgecode.checks.rules.catalogue import CANDIDATE, CATALOGUE
from edgecode.checks.rules.cel import CelEvaluator, Expression
from edgecode.checks.rules.fact_values import Fact
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Pack, Rule
from edgecode.checks.rules.subjects import Candidate, Subject, Verdict
from edgecode.production.rule_packs.choosing import shipped_packs
from edgecode.terms.rights import FactValue

TODAY = "2026-11-23"
OPEN = ("fail", "unknown", "error")


def active(rules: int) -> list[ActivePack]:
    """The first *rules* rules about uses, in their packs."""
    chosen: list[ActivePack] = []
    for pack in shipped_packs():
        kept = tuple(rule for rule in pack.rules if rule.about == "use")[:rules]
        rules -= len(kept)
        if kept:
            chosen.append(ActivePack(replace(pack, rules=kept)))
    return chosen


def applying(packs: Sequence[ActivePack]) -> list[ActivePack]:
    """The same rules, asked of everything."""
    return [
        ActivePack(replace(one.pack, header=replace(one.pack.header, scope=None), rules=_bare(one.pack)))
        for one in packs
    ]


def _bare(pack: Pack) -> tuple[Rule, ...]:
    return tuple(replace(rule, when=None, effective=None) for rule in pack.rules)


def drawn(chance: random.Random, fact: Fact, *, number: int = 0) -> FactValue:
    """Some value of a fact; of dates and numbers one that hardly comes twice."""
    if fact.type == "bool":
        return chance.random() < 0.4
    if fact.type == "int":
        most = fact.most if fact.most is not None else number
        return max(fact.least or 0, min(number, most))
    if fact.type == "date":
        return f"{2024 + number % 6}-{1 + number // 6 % 12:02d}-{1 + number // 72 % 28:02d}"
    if fact.type == "territories":
        return tuple(sorted(chance.sample(["US", "US-CA", "US-NY", "EU", "DE", "FR", "GB", "CN"], 3)))
    words = fact.choices or ("none", "netflix", "bbc", "academy-99", "other")
    return tuple(chance.sample(words, min(2, len(words)))) if fact.type == "strings" else chance.choice(words)


def film(chance: random.Random, uses: int) -> list[Subject]:
    """Uses of one picture: the profile is the same, people have their consents, what is done differs as it does."""
    profile = {name: drawn(chance, fact, number=900) for name, fact in CATALOGUE.items() if fact.root == "production"}
    people = [_person(chance, n) for n in range(40)]
    kinds = (
        ["performance"] * 60
        + ["alteration"] * 15
        + ["ai_element"] * 10
        + ["replica_use"] * 8
        + ["dub"] * 4
        + ["train", "script", "text"]
    )
    templates = []
    for _ in range(120):
        facts = {
            name: drawn(chance, f)
            for name, f in CATALOGUE.items()
            if f.root in ("use", "tool", "dataset") and f.type == "bool"
        }
        templates.append(
            {name: value and chance.random() < 0.3 for name, value in facts.items() if chance.random() > 0.1}
        )
    found = []
    for n in range(uses):
        own, consents = people[int(chance.triangular(0, 39, 0))]
        facts: dict[str, FactValue] = {**profile, **own, **chance.choice(templates), "use.kind": chance.choice(kinds)}
        facts["use.date"] = f"2027-03-{1 + n % 28:02d}"
        found.append(Subject(f"u{n}", "use", facts, consents))
    return found


def _person(chance: random.Random, number: int) -> tuple[dict[str, FactValue], list[Candidate]]:
    roots = ("person", "consent", "representation", "notice", "payment", "approval")
    facts = {
        name: drawn(chance, fact) for name, fact in CATALOGUE.items() if fact.root in roots and chance.random() > 0.1
    }
    status = ["active", "active", "active", "revoked", "expired"]
    records = [
        Candidate(
            {
                "id": f"C-{number}-{n}",
                "status": chance.choice(status),
                "scope_ok": chance.random() < 0.8,
                "until": f"20{27 + n}-01-01",
            }
        )
        for n in range(chance.randrange(3))
    ]
    return facts, records


def worst(chance: random.Random, uses: int) -> list[Subject]:
    """No two alike, and not in any fact that could be kept for the next."""
    found = []
    for n in range(uses):
        facts = {
            name: drawn(chance, fact, number=n * 7 + chance.randrange(7))
            for name, fact in CATALOGUE.items()
            if chance.random() > 0.25
        }
        values = {
            name: drawn(chance, fact, number=n)
            for name, fact in CANDIDATE.items()
            if name != "id" and chance.random() > 0.25
        }
        lists = [[Candidate({"id": f"{kind}-{n}-{m}", **values}) for m in range(chance.randrange(4))] for kind in "CL"]
        found.append(Subject(f"u{n}", "use", facts, *lists))
    return found


class ParsesEachTime(CelEvaluator):
    """The plain baseline: an expression is parsed whenever it is asked."""

    def compile(self, text: str, *, variable: str = "") -> Expression:
        """An expression that is parsed anew for each answer."""
        compiling = super().compile

        class Anew:
            def answer(self, bound: object) -> object:
                return compiling(text, variable=variable).answer(bound)

        return Anew()  # type: ignore[return-value]


def judged(packs: Sequence[ActivePack], subjects: Sequence[Subject], judge: Judge | None = None) -> list[Verdict]:
    """Every verdict, by a judge that has seen nothing yet."""
    fresh = judge or Judge(packs)
    return [verdict for subject in subjects for verdict in fresh.verdicts(subject, today=TODAY)]


def timed(what: Callable[[], object], repeat: int) -> float:
    """Seconds, the median of *repeat* runs."""
    seconds = []
    for _ in range(repeat):
        began = perf_counter()
        what()
        seconds.append(perf_counter() - began)
    return median(seconds)


def explained(
    packs: Sequence[ActivePack], subjects: Sequence[Subject], verdicts: Sequence[Verdict], repeat: int
) -> tuple[float, int]:
    """Seconds for judging each finding again with its sentences, nothing else, and how many there are."""
    findings: dict[str, list[tuple[str, str]]] = {}
    for verdict in verdicts:
        if verdict.outcome in OPEN:
            findings.setdefault(verdict.subject, []).append((verdict.pack, verdict.rule))
    held = [(subject, findings[subject.key]) for subject in subjects if subject.key in findings]

    def again() -> None:
        judge = Judge(packs)
        for subject, rules in held:
            judge.verdicts(subject, today=TODAY, only=rules)

    return timed(again, repeat), sum(map(len, findings.values()))


def main() -> None:
    """Measure a film, the worst case and one where every rule applies, and print each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("uses", 2_500), ("rules", 60), ("baseline", 40), ("seed", 7), ("repeat", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    began = perf_counter()
    packs = active(asked.rules)
    rules = sum(len(one.pack.rules) for one in packs)
    print(
        f"reading every pack that ships: {perf_counter() - began:.2f} s; judging by {rules} rules of {len(packs)} packs"
    )
    for name, make, rules_of in (("a film", film, packs), ("worst", worst, packs), ("asked", worst, applying(packs))):
        report(name, make(random.Random(asked.seed), asked.uses), rules_of, asked)
    print(f"load {os.getloadavg()[0]:.2f}")


def report(name: str, subjects: Sequence[Subject], packs: Sequence[ActivePack], asked: argparse.Namespace) -> None:
    """Measure one kind of uses and print it."""
    verdicts = judged(packs, subjects)
    ours = timed(lambda: judged(packs, subjects), asked.repeat)
    few = subjects[: asked.baseline]
    naive = timed(lambda: judged(packs, few, Judge(packs, ParsesEachTime())), 1) * len(subjects) / len(few)
    explaining, findings = explained(packs, subjects, verdicts, asked.repeat)
    outcomes = ", ".join(
        f"{count:,} {outcome}" for outcome, count in Counter(v.outcome for v in verdicts).most_common()
    )
    print(f"{name}: {len(verdicts):,} verdicts ({outcomes})")
    print(f"  judged and explained {ours:.2f} s; parsing anew {naive:.0f} s: {naive / ours:.0f} ×")
    print(f"  {findings:,} findings explained by themselves {explaining:.2f} s")


if __name__ == "__main__":
    main()
