"""A consent that was lost is one finding: that it also ends before the release is asked only of a consent that nothing has ended."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from edgecode.checks.gates import held_at
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Pack
from edgecode.checks.rules.subjects import Candidate, Subject, Verdict
from packs_that_ship import shipped

TODAY = "2026-11-23"
_HELD = ("open", "held", "refused")
LOSSES = ("revoked", "disputed", "suspended", "expired", "exhausted")
OF_A_LOSS = ("CONS-01", "CONS-02", "DESK-04", "DESK-06", "DESK-07", "DESK-09", "DESK-10")
SILENCED = "!(consent.revoked || consent.disputed || consent.suspended || consent.expired || consent.exhausted)"
SHORT = Candidate({"id": "C-07", "status": "active", "acts_ok": True, "until": "2026-12-31"})


def always_on() -> list[Pack]:
    """The two packs that judge every production."""
    return [pack for pack in shipped() if pack.id in ("consent-core", "edgecode-desk")]


def outspoken(pack: Pack) -> Pack:
    """The same with a DESK-16 that also asks of a consent that was lost."""
    rules = [replace(one, when=(one.when or "").replace(f"{SILENCED} && ", "")) for one in pack.rules]
    return replace(pack, rules=tuple(rules))


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge([ActivePack(pack) for pack in always_on()])


@pytest.fixture(scope="module")
def before() -> Judge:
    return Judge([ActivePack(outspoken(pack)) for pack in always_on()])


def use(**facts: Any) -> Subject:
    known = {name.replace("__", "."): value for name, value in facts.items() if value is not None}
    opened = frozenset(name for name, value in known.items() if value == "open")
    return Subject("k", "use", {one: v for one, v in known.items() if one not in opened}, (SHORT,), (), opened)


def losses() -> Iterator[dict[str, bool | None]]:
    """One loss that is on record, and the others known not to be, or not known."""
    for lost, rest in product(LOSSES, (False, None)):
        yield {f"consent__{name}": True if name == lost else rest for name in LOSSES}


def every_lost_use() -> Iterator[Subject]:
    """Uses of each kind under a consent that was lost, whatever else is known of them or not."""
    kinds = ("replica_use", "dub", "alteration", "archival_alteration")
    given = [("use", True), ("language", True), ("alter", True), ("alter", "open")]
    unsure = (True, False, None)
    for kind, (act, gave), lost in product(kinds, given, losses()):
        for new, released, status in product(unsure, unsure, ("living", "deceased", None)):
            for scripted in unsure if "alteration" in kind else (False,):
                yield use(
                    use__kind=kind, use__new_generation=new, use__released=released, person__status=status,
                    use__as_scripted=scripted, use__customary_post=False,
                    production__release_date="2027-03-01", **{f"consent__{act}": gave}, **lost,
                )  # fmt: skip


def said(judge: Judge, subject: Subject) -> dict[str, Verdict]:
    names = [("edgecode-desk" if rule.startswith("DESK") else "consent-core", rule) for rule in ("DESK-16", *OF_A_LOSS)]
    return {one.rule: one for one in judge.verdicts(subject, today=TODAY, only=names)}


def test_where_the_term_of_a_lost_consent_is_not_asked_for_another_rule_holds_as_much(
    judge: Judge, before: Judge
) -> None:
    silent, weaker = 0, []
    for subject in every_lost_use():
        was, now = said(before, subject), said(judge, subject)
        if now["DESK-16"].outcome != "not_applicable" or was["DESK-16"].outcome == "not_applicable":
            continue
        silent += 1
        for gate in was["DESK-16"].gates:
            held = max((held_at(one, gate) for one in now.values()), key=_HELD.index)
            if _HELD.index(held) < _HELD.index(held_at(was["DESK-16"], gate)):
                weaker.append((gate, dict(subject.facts)))

    assert (silent > 1_000, weaker) == (True, [])


@pytest.mark.parametrize("lost", LOSSES)
@pytest.mark.parametrize(("kind", "act"), [("replica_use", "use"), ("alteration", "alter"), ("dub", "language")])
def test_one_lost_consent_is_one_finding(judge: Judge, kind: str, act: str, lost: str) -> None:
    facts = {f"consent__{name}": name == lost for name in LOSSES} | {f"consent__{act}": True}
    subject = use(
        use__kind=kind, use__new_generation=False, use__released=False, use__as_scripted=False,
        use__customary_post=False, person__status="living", production__release_date="2027-03-01", **facts,
    )  # fmt: skip
    gone = replace(subject, consents=(Candidate({**SHORT.values, "status": "revoked"}),))
    is_over = [one.rule for one in said(judge, gone).values() if one.outcome not in ("pass", "not_applicable")]

    expected = "DESK-09" if lost not in ("revoked", "disputed") else "DESK-07" if kind == "alteration" else "CONS-02"

    assert is_over == [expected]


@pytest.mark.parametrize("forgotten", LOSSES)
def test_a_short_consent_of_which_one_loss_is_not_known_stays_open(judge: Judge, forgotten: str) -> None:
    facts = {f"consent__{name}": None if name == forgotten else False for name in LOSSES}
    subject = use(
        use__kind="replica_use", use__new_generation=False, use__released=False, consent__use=True,
        person__status="living", production__release_date="2027-03-01", **facts,
    )  # fmt: skip

    assert said(judge, subject)["DESK-16"].outcome == "unknown"
