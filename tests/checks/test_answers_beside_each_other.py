"""Which of several answers to one question counts: the nearer one, and never a milder one over what somebody else said more strictly."""

from pathlib import Path

import pytest
from msgspec import structs

from checks.desk_record import NOW, TODAY, Desk
from checks.test_nothing_is_weaker import RANKS, SUBJECTS, words
from edgecode.checks.deciding import MILD_NO, MILD_YES, questions
from edgecode.checks.open_decisions import open_decisions
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack
from edgecode.checks.uses import Use
from edgecode.events.desk_kinds import DeterminationFact, DeterminationMade
from edgecode.events.rights_kinds import MemberFact, MemberNamed, PaperEndFact, PaperWithdrawn
from edgecode.terms.rights import Role
from packs_that_ship import shipped

NUDE = "use.nude_or_sex"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path)
    desk.person()
    return desk


def member(desk: Desk, role: Role) -> str:
    ref, identity = f"p-{role}-{len(desk.alias)}", desk.new_id()
    desk.person(ref)
    desk.add(MemberNamed(MemberFact(identity, (role,)), desk.whom(ref)))
    return identity


def answer(desk: Desk, by: str, said: str, *about: str, at: str = TODAY, question: str = NUDE) -> str:
    identity = desk.new_id()
    desk.add(DeterminationMade(DeterminationFact(identity, question, said, by, about=about, at=at)))
    return identity


def known(desk: Desk, use: Use, question: str = NUDE) -> object:
    return desk.facts(use, question).get(question)


def torn(desk: Desk, use: Use) -> list[str]:
    found = open_decisions([use], desk.register(), today=TODAY, now=NOW, gate="deliver")
    return [one.verdict.missing[0] for one in found if one.card.code == "determination.contradicted"]


def test_what_is_said_of_a_version_beats_what_is_said_of_its_cut_and_that_beats_the_whole_production(
    desk: Desk,
) -> None:
    one, other, use = member(desk, "legal"), member(desk, "producer"), desk.use(cut=desk.new_id())
    answer(desk, one, "yes", use.version)
    answer(desk, other, "no")
    answer(desk, other, "no", use.cut)
    assert known(desk, use) is True
    beside = desk.use(cut=use.cut)

    assert (known(desk, beside), torn(desk, use)) == (False, [])


@pytest.mark.parametrize("at", ["2026-11-22", TODAY])
def test_a_milder_answer_of_somebody_else_leaves_the_stricter_one_and_a_contradiction(desk: Desk, at: str) -> None:
    one, other, use = member(desk, "legal"), member(desk, "producer"), desk.use()
    answer(desk, one, "yes", use.version)
    answer(desk, other, "no", use.version, at=at)

    assert (known(desk, use), torn(desk, use)) == (True, [NUDE])


def test_the_stricter_answer_is_gone_once_it_is_taken_back(desk: Desk) -> None:
    one, other, use = member(desk, "legal"), member(desk, "producer"), desk.use()
    first = answer(desk, one, "yes", use.version)
    answer(desk, other, "no", use.version)
    desk.add(PaperWithdrawn(PaperEndFact(first, one)))

    assert (known(desk, use), torn(desk, use)) == (False, [])


def test_a_member_changes_their_own_mind_by_answering_again_and_not_by_an_earlier_day(desk: Desk) -> None:
    by, use, other = member(desk, "legal"), desk.use(), desk.use()
    for one in (use, other):
        answer(desk, by, "yes", one.version)
    answer(desk, by, "no", use.version)
    answer(desk, by, "no", other.version, at="2020-01-01")

    assert (known(desk, use), known(desk, other)) == (False, True)


def test_a_stricter_answer_counts_whatever_day_it_names(desk: Desk) -> None:
    one, other, use = member(desk, "producer"), member(desk, "legal"), desk.use()
    answer(desk, one, "no", use.version)
    answer(desk, other, "yes", use.version, at="2020-01-01")

    assert known(desk, use) is True


def test_of_a_question_that_has_no_stricter_side_members_who_differ_leave_nothing_known(desk: Desk) -> None:
    one, other, use = member(desk, "legal"), member(desk, "producer"), desk.use()
    answer(desk, one, "yes", use.version, question="use.satire")
    answer(desk, other, "no", use.version, question="use.satire", at="2026-11-22")

    assert (known(desk, use, "use.satire"), torn(desk, use)) == (None, ["use.satire"])


def test_who_may_not_decide_settles_nothing_and_contradicts(desk: Desk) -> None:
    one, artist, use, other = member(desk, "legal"), member(desk, "artist"), desk.use(), desk.use()
    answer(desk, artist, "no", use.version)
    answer(desk, one, "no", other.version)
    answer(desk, artist, "yes", other.version)

    assert (known(desk, use), known(desk, other), torn(desk, other)) == (None, None, [NUDE])


def test_every_question_with_a_milder_side_is_milder_there_in_every_rule_that_ships() -> None:
    judge = Judge([ActivePack(pack) for pack in shipped()])
    wrong = []
    for name in sorted(MILD_YES | MILD_NO):
        for subject in SUBJECTS:
            mild, strict = (
                words(judge, structs.replace(subject, facts={**subject.facts, name: value}))
                for value in (name in MILD_YES, name in MILD_NO)
            )
            wrong += [
                f"{name}: {pack} at {at}"
                for (pack, at), word in mild.items()
                if at != "finding" and RANKS[word] > RANKS[strict[pack, at]]
            ]

    assert (wrong, (MILD_YES | MILD_NO) - set(questions()), MILD_YES & MILD_NO) == ([], set(), frozenset())
    assert {CATALOGUE[name].type for name in MILD_YES | MILD_NO} == {"bool"}
