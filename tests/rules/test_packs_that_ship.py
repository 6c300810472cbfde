"""The packs that ship: their own tests on two engines, and that forgetting a fact never makes an answer milder."""

from collections.abc import Iterator

import pytest

from edgecode.checks.gates import held_by, scenario_word
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Pack
from edgecode.checks.rules.pack_testing import merged, run_pack_tests, subject_of_test
from edgecode.checks.rules.subjects import Subject, Verdict
from edgecode.production.rule_packs.choosing import shipped_packs
from second_engine import SecondEngine

PACKS = shipped_packs()
WORDS = ("allow", "warn", "disclose", "require_approval", "needs_info", "block")
GATES = ("ingest", "publish", "deliver")
HELD = ("open", "held", "refused")


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_test_of_a_pack_comes_out_as_it_says(pack: Pack) -> None:
    assert run_pack_tests(pack) == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_second_engine_gives_the_same_answers(pack: Pack) -> None:
    assert run_pack_tests(pack, SecondEngine()) == []


def forgotten(subject: Subject) -> Iterator[tuple[str, Subject]]:
    """The subject once without each of its facts, and of each fact of its candidates, and without each candidate."""
    for name in subject.facts:
        less = {key: value for key, value in subject.facts.items() if key != name}
        yield name, Subject(subject.key, subject.about, less, subject.consents, subject.licenses)
    for listed in ("consents", "licenses"):
        candidates = list(getattr(subject, listed))
        for n, candidate in enumerate(candidates):
            for name in candidate.values:
                changed = type(candidate)({key: value for key, value in candidate.values.items() if key != name})
                parts = {"consents": subject.consents, "licenses": subject.licenses} | {
                    listed: [*candidates[:n], changed, *candidates[n + 1 :]]
                }
                yield f"{listed}[{n}].{name}", Subject(subject.key, subject.about, subject.facts, **parts)


def is_milder(before: list[Verdict], after: list[Verdict]) -> bool:
    """Whether the whole became milder: its word, or what any gate does."""
    if before == after:
        return False

    # A refusal may become a hold, because less is known; nothing that was held or refused may open.
    def opened(gate: str) -> bool:
        worst = [
            max((held_by(v.outcome, v.severity, gate) for v in one if gate in v.gates), key=HELD.index, default="open")
            for one in (before, after)
        ]
        return worst[0] != "open" and worst[1] == "open" and gate != "ingest"

    words = [scenario_word(one) for one in (before, after)]
    lower = WORDS.index(words[1]) < WORDS.index(words[0]) and (words[0], words[1]) != ("block", "needs_info")
    return lower or any(opened(gate) for gate in GATES)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_forgetting_any_fact_never_makes_a_pack_milder(pack: Pack) -> None:
    judges: dict[str, Judge] = {}
    milder, tried = [], 0
    for test in pack.tests:
        subject, today, parameters = subject_of_test(pack, test, merged(dict(pack.base), dict(test.given)))  # type: ignore[arg-type]
        judge = judges.setdefault(repr(parameters), Judge([ActivePack(pack, parameters=parameters)]))
        before = judge.verdicts(subject, today=today)
        for name, less in forgotten(subject):
            tried += 1
            if is_milder(before, judge.verdicts(less, today=today)):
                milder.append((test.name, name))

    assert (milder, tried > 0) == ([], True)


def test_every_rule_that_ships_has_a_code_and_no_two_have_the_same_id() -> None:
    ids = [rule.id for pack in PACKS for rule in pack.rules]

    assert (len(ids), all(rule.code and rule.number for pack in PACKS for rule in pack.rules)) == (len(set(ids)), True)


def test_the_catalogue_holds_the_167_facts_of_the_reference_and_our_own() -> None:
    assert (len(CATALOGUE) >= 179, {fact.world for fact in CATALOGUE.values()}) == (
        True,
        {"record", "status", "classification", "profile", "derived"},
    )
