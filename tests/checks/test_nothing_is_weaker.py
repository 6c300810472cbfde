"""Nothing gets weaker over any pack that ships, whatever the facts: not by forgetting, not by a consent taken back, not by adoption.

Facts are drawn from what the packs' own tests say, changed at random. Each pack and each gate is looked at apart, or what one pack holds
would hide what another lets through. Scenarios are forgotten fact by fact in `test_forget_one_fact`. (consent.md 6.7, DESIGN promise 3)
"""

from collections.abc import Callable, Iterator, Mapping
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from edgecode.checks.gates import held_at, quality_of, word_of
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack
from edgecode.checks.rules.pack_testing import merged, subject_of_test
from edgecode.checks.rules.subjects import Candidate, Subject, Verdict
from edgecode.terms.rights import FactValue, Gate
from packs_that_ship import shipped

TODAY = "2026-11-23"
RANKS: Mapping[str, int] = {"CLEARED": 0, "HELD": 1, "REFUSED": 2, "": 0, "FYI": 1, "Issue": 2, "Blocker": 3}
TAKEN_BACK = [name for name, fact in CATALOGUE.items() if fact.root == "consent" and fact.world == "status"]
GIVEN = [name for name, fact in CATALOGUE.items() if fact.root == "consent" and fact.world == "record"]

FORGETTING: Mapping[str, str] = {"publish": "HELD", "deliver": "HELD", "finding": "Blocker"}
"""What may stand for a stronger word once a fact is forgotten. At ingest what nobody knows is open for temp (dependencies.md 2.6), and
nothing but the finding is left: it is as severe as before."""
STRICTLY: Mapping[str, str] = {"ingest": "REFUSED", "publish": "REFUSED", "deliver": "REFUSED", "finding": "Blocker"}

ALWAYS_ON = ("consent-core", "edgecode-desk")
"""Their scope is every production. They take over where another rule no longer asks because a consent was taken back."""

Words = Mapping[tuple[str, str], str]
"""By pack: its word at each gate, and its most severe finding."""
Change = Callable[[Subject], Iterator[tuple[str, Subject]]]


def subjects_of_tests() -> list[Subject]:
    """The facts of every test of every pack."""
    found = []
    for pack in shipped():
        for test in pack.tests:
            facts = merged(dict(pack.base), dict(test.given))
            assert isinstance(facts, dict)
            found.append(subject_of_test(pack, test, facts)[0])
    return found


SUBJECTS = subjects_of_tests()


def values_seen() -> dict[str, list[FactValue]]:
    """What the tests say of each fact, all words of an enum, and both truths."""
    seen: dict[str, set[FactValue]] = {}
    for subject in SUBJECTS:
        for name, value in subject.facts.items():
            seen.setdefault(name, set()).add(value)
    for name, values in seen.items():
        fact = CATALOGUE[name]
        values.update((True, False) if fact.type == "bool" else fact.choices if fact.type == "enum" else ())
    return {name: sorted(values, key=repr) for name, values in sorted(seen.items())}


VALUES = values_seen()
changes = st.lists(st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), values_of(name))))


def values_of(name: str) -> st.SearchStrategy[FactValue | None]:
    """A value that the tests know, or none."""
    return st.none() | st.sampled_from(VALUES[name])


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    """The subject of a test with other facts; none removes the fact."""
    subject = draw(st.sampled_from(SUBJECTS))
    facts = {**subject.facts, **dict(draw(changes))}
    return structs.replace(subject, facts={name: value for name, value in facts.items() if value is not None})


@pytest.fixture(scope="module")
def capped() -> Judge:
    return Judge([ActivePack(pack) for pack in shipped()])


@pytest.fixture(scope="module")
def adopted() -> Judge:
    return Judge([ActivePack(pack, adopted=True) for pack in shipped()])


def words(judge: Judge, subject: Subject, *, beside: tuple[str, ...] = ()) -> Words:
    """What each pack says of the subject, together with the packs *beside* it."""
    by_pack: dict[str, list[Verdict]] = {}
    for verdict in judge.verdicts(subject, today=TODAY):
        by_pack.setdefault(verdict.pack, []).append(verdict)
    found: dict[tuple[str, str], str] = {}
    for pack in by_pack:
        verdicts = [verdict for one in {pack, *beside} for verdict in by_pack.get(one, [])]
        for gate in get_args(Gate):
            found[pack, gate] = word_of((held_at(verdict, gate) for verdict in verdicts), rules=len(verdicts))
        found[pack, "finding"] = max((quality_of(one.outcome, one.severity) for one in verdicts), key=RANKS.__getitem__)
    return found


def without_one(subject: Subject) -> Iterator[tuple[str, Subject]]:
    """The subject without one fact, one agreement, or one thing said of an agreement; a record may also be there and unsettled."""
    for name in subject.facts:
        poor = structs.replace(subject, facts={one: v for one, v in subject.facts.items() if one != name})
        yield name, poor
        if CATALOGUE[name].world == "record":
            yield f"{name} unsettled", structs.replace(poor, open=frozenset({name}))
    for field in ("consents", "licenses"):
        listed: list[Candidate] = list(getattr(subject, field))
        for at, candidate in enumerate(listed):
            yield f"{field}[{at}]", structs.replace(subject, **{field: [*listed[:at], *listed[at + 1 :]]})
            for name in candidate.values:
                poorer = Candidate({one: v for one, v in candidate.values.items() if one != name})
                changed = [*listed[:at], poorer, *listed[at + 1 :]]
                yield f"{field}[{at}].{name}", structs.replace(subject, **{field: changed})


def taken_back(subject: Subject) -> Iterator[tuple[str, Subject]]:
    """The subject after its consent was revoked, suspended …, with what was given still on file and without it."""
    for name in TAKEN_BACK:
        facts = {**subject.facts, name: True}
        yield name, structs.replace(subject, facts=facts)
        left = {one: value for one, value in facts.items() if one not in GIVEN}
        yield f"{name}, nothing given", structs.replace(subject, facts=left)


def better(before: Words, after: Words, least: Mapping[str, str]) -> list[str]:
    """What is milder than it may become. *least*: by gate, the word that may stand for a stronger one."""
    return [
        f"{pack} at {at}: {was} became {after[pack, at] or 'nothing'}"
        for (pack, at), was in before.items()
        if at in least and RANKS[after[pack, at]] < min(RANKS[was], RANKS[least[at]])
    ]


def improved(
    judge: Judge, subject: Subject, change: Change, least: Mapping[str, str], *, beside: tuple[str, ...] = ()
) -> list[str]:
    """What a change makes better, that must not."""
    before = words(judge, subject, beside=beside)
    return [
        f"{name}: {what}"
        for name, other in change(subject)
        for what in better(before, words(judge, other, beside=beside), least)
    ]


@settings(max_examples=60, deadline=None)
@given(subject=subjects())
def test_forgetting_a_fact_opens_no_gate_and_loses_no_finding(capped: Judge, subject: Subject) -> None:
    assert improved(capped, subject, without_one, FORGETTING) == []


@settings(max_examples=30, deadline=None)
@given(subject=subjects())
def test_forgetting_a_fact_opens_nothing_of_adopted_packs_either(adopted: Judge, subject: Subject) -> None:
    assert improved(adopted, subject, without_one, FORGETTING) == []


@settings(max_examples=100, deadline=None)
@given(subject=subjects())
def test_taking_a_consent_back_makes_no_gate_milder(capped: Judge, subject: Subject) -> None:
    assert improved(capped, subject, taken_back, STRICTLY, beside=ALWAYS_ON) == []


@settings(max_examples=200, deadline=None)
@given(subject=subjects())
def test_adopting_a_pack_makes_no_gate_milder(capped: Judge, adopted: Judge, subject: Subject) -> None:
    assert better(words(capped, subject), words(adopted, subject), STRICTLY) == []


def test_every_test_of_every_pack_survives_forgetting(capped: Judge) -> None:
    found = {
        f"{subject.key}: {what}" for subject in SUBJECTS for what in improved(capped, subject, without_one, FORGETTING)
    }

    assert found == set()


def test_a_gate_that_opens_by_forgetting_would_be_seen() -> None:
    before: Words = {("wga", "deliver"): "REFUSED", ("dga", "deliver"): "REFUSED", ("dga", "finding"): "Blocker"}
    after: Words = {("wga", "deliver"): "HELD", ("dga", "deliver"): "CLEARED", ("dga", "finding"): ""}

    assert better(before, after, FORGETTING) == [
        "dga at deliver: REFUSED became CLEARED",
        "dga at finding: Blocker became nothing",
    ]
    assert better(before, after, STRICTLY)[0] == "wga at deliver: REFUSED became HELD"
