"""The ported packs say what the drafts say: same outcome, same severity, same cap, over thousands of random sets of facts."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from draft_language import DraftCatalogue, DraftRule, Facts, Three, Value, read_drafts
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Pack
from edgecode.checks.rules.subjects import Subject, Verdict
from packs_that_ship import shipped
from shared_data import SHARED

TODAY = "2026-11-23"
DRAFTS = SHARED / "packs"
SEVERITY = {"warn": "warn", "disclose": "disclose", "require_approval": "approve", "block": "block"}
OUTCOMES: Mapping[Three, set[str]] = {True: {"fail"}, False: {"pass", "not_applicable"}, None: {"unknown"}}
WHOLE, BIASED = 1_200, 20
"""How many sets of facts for all rules at once, and how many of each outcome for each rule."""

pytestmark = pytest.mark.skipif(not DRAFTS.is_dir(), reason="the folder of draft packs is absent (set EDGECODE_SHARED)")


@pytest.fixture(scope="module")
def drafts() -> list[DraftRule]:
    return read_drafts(DRAFTS)


@pytest.fixture(scope="module")
def catalogue() -> DraftCatalogue:
    return DraftCatalogue(SHARED / "reference" / "consent-facts.yaml")


@pytest.fixture(scope="module")
def ported(drafts: list[DraftRule]) -> list[Pack]:
    names = {draft.pack for draft in drafts}
    return [pack for pack in shipped() if pack.id in names]


def written(pack: Pack) -> dict[str, Any]:
    """The draft of the pack as YAML says it."""
    return yaml.safe_load((DRAFTS / f"{pack.id}.yaml").read_text(encoding="utf-8"))


def verdicts_of(judge: Judge, facts: Facts) -> dict[tuple[str, str], Verdict]:
    subject = Subject(key="use", about="use", facts=facts)
    return {(verdict.pack, verdict.rule): verdict for verdict in judge.verdicts(subject, today=TODAY)}


def drawn(
    names: list[str], of: Mapping[str, set[str]], catalogue: DraftCatalogue, chance: random.Random
) -> dict[str, Value]:
    """A random set of facts; how many are missing differs from set to set."""
    missing = chance.choice([0.0, 0.05, 0.2, 0.5])
    return {name: catalogue.some(name, of.get(name, set()), chance) for name in names if chance.random() >= missing}


def biased(draft: DraftRule, catalogue: DraftCatalogue, chance: random.Random) -> Iterator[dict[str, Value]]:
    """Sets of facts that let the rule fire, not fire and stay unknown, as many of each."""
    had: Counter[Three] = Counter()
    for _ in range(20_000):
        facts = drawn(draft.facts, draft.of, catalogue, chance)
        fires = draft.fires(catalogue.completed(facts))
        if had[fires] < BIASED:
            had[fires] += 1
            yield facts
        if len(had) == 3 and min(had.values()) >= BIASED:
            return
    raise AssertionError(f"{draft.id} was never seen to do all three: {dict(had)}")


def expected(draft: DraftRule, *, adopted: bool) -> tuple[str, bool]:
    """Severity after the cap of the drafts (below high: approval at most), and whether it softened the rule."""
    severity = SEVERITY[draft.verdict]
    is_capped = not adopted and draft.confidence != "high" and severity == "block"
    return ("approve", True) if is_capped else (severity, False)


def test_every_rule_of_the_drafts_is_ported_and_none_is_added(drafts: list[DraftRule], ported: list[Pack]) -> None:
    found = [(pack.id, rule.id) for pack in ported for rule in pack.rules]

    assert sorted(found) == sorted((draft.pack, draft.id) for draft in drafts)
    assert len(found) == 103


@pytest.mark.parametrize("adopted", [False, True], ids=["capped", "adopted"])
def test_all_rules_agree_with_the_drafts_on_random_facts(
    drafts: list[DraftRule], catalogue: DraftCatalogue, ported: list[Pack], adopted: bool
) -> None:
    chance, differing = random.Random(4 + adopted), []
    judge = Judge([ActivePack(pack, adopted=adopted) for pack in ported])
    names = sorted(set().union(*(draft.facts for draft in drafts)))
    of = {name: set().union(*(draft.of.get(name, set()) for draft in drafts)) for name in names}
    for _ in range(WHOLE // 2):
        facts = drawn(names, of, catalogue, chance)
        complete, found = catalogue.completed(facts), verdicts_of(judge, facts)
        for draft in drafts:
            verdict = found[draft.pack, draft.id]
            agrees = verdict.outcome in OUTCOMES[draft.fires(complete)]
            if not agrees or (verdict.severity, verdict.capped) != expected(draft, adopted=adopted):
                differing.append((draft.id, facts, verdict))

    assert differing == []


def test_each_rule_agrees_where_it_fires_where_it_does_not_and_where_nobody_knows(
    drafts: list[DraftRule], catalogue: DraftCatalogue, ported: list[Pack]
) -> None:
    chance, differing, judged = random.Random(103), [], 0
    judges = {pack.id: Judge([ActivePack(pack, adopted=True)]) for pack in ported}
    for draft in drafts:
        for facts in biased(draft, catalogue, chance):
            verdict = verdicts_of(judges[draft.pack], facts)[draft.pack, draft.id]
            judged += 1
            if verdict.outcome not in OUTCOMES[draft.fires(catalogue.completed(facts))]:
                differing.append((draft.id, facts, verdict))

    assert differing == []
    assert judged == 103 * 3 * BIASED


@pytest.mark.parametrize("field", ["must_verify", "known_gaps", "sources", "edition", "jurisdiction", "transcribed_on"])
def test_a_header_keeps_what_the_draft_says(ported: list[Pack], field: str) -> None:
    lost = []
    for pack in ported:
        draft = written(pack)
        kept, said = getattr(pack.header, field), draft[field]
        if (set(said) - set(kept)) if isinstance(kept, tuple) else kept != said:
            lost.append(pack.id)

    assert lost == []


def test_a_port_changes_no_citation_and_fills_no_slot(ported: list[Pack]) -> None:
    changed = []
    for pack in ported:
        draft = written(pack)
        for rule, said in zip(pack.rules, draft["rules"], strict=True):
            same = (rule.id, rule.title, rule.citation, rule.basis, rule.confidence)
            if same != tuple(said[key] for key in ("id", "title", "citation", "basis", "confidence")):
                changed.append(rule.id)
            if rule.quote.text or pack.header.last_verified or pack.header.verified_by:
                changed.append(f"{rule.id} claims that somebody verified it")

    assert changed == []
