"""Who is shown in something, or made it, decides nothing on it, and an approval counts only while its newest answer is yes."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from checks.desk_record import MARA, NOW, OTTO, TODAY, Desk
from edgecode.checks.facts import subject_of
from edgecode.checks.register import Member, Register
from edgecode.checks.uses import NOBODY_KNOWS, Use
from edgecode.events.desk_kinds import (
    ApprovalAnswer,
    ApprovalGiven,
    DeterminationFact,
    DeterminationMade,
    PaperFact,
    PaperSection,
)
from edgecode.events.rights_kinds import MakerNamed, MakingFact, MemberFact, MemberNamed

NAME = "approval.netflix_written"
RELEASE = "approval.legal_release_after_revocation"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.open(tmp_path / "show")
    desk.person(status="living")
    desk.person(OTTO, status="living")
    return desk


def member(desk: Desk, ref: str, *roles: str) -> str:
    identity = desk.new_id()
    desk.add(MemberNamed(MemberFact(identity, roles), desk.whom(ref)))  # type: ignore[arg-type]
    return identity


def counsel(desk: Desk) -> str:
    desk.person("p-lee")
    return member(desk, "p-lee", "legal")


def approve(desk: Desk, use: Use, by: str, answer: ApprovalAnswer = "yes", kind: str = "netflix_written") -> None:
    desk.add(ApprovalGiven(PaperFact(desk.new_id(), kind, about=(use.version,), at=TODAY, by=by, answer=answer)))


def decide(desk: Desk, question: str, answer: str, by: str, *about: str, clause: str = "") -> None:
    fact = DeterminationFact(desk.new_id(), question, answer, by, about=about, at=TODAY, clause=clause)
    desk.add(DeterminationMade(fact))


# ------------------------------------------------------------------------------------------ answers of approvals


@pytest.mark.parametrize(
    ("answers", "counts"),
    [
        (("yes",), True),
        (("",), True),
        (("no",), False),
        (("conditional",), False),
        (("yes", "no"), False),
        (("conditional", "yes"), True),
        (("no", "yes"), True),
    ],
)
def test_an_approval_counts_while_its_newest_answer_is_yes(
    desk: Desk, answers: tuple[ApprovalAnswer, ...], counts: bool
) -> None:
    use, by = desk.use(), counsel(desk)
    for answer in answers:
        approve(desk, use, by, answer)

    assert desk.facts(use, NAME) == {NAME: counts}


@pytest.mark.parametrize("values", [{"answer": "no"}, {"answer": "Refused"}, {"conditions": "no close-ups"}])
def test_what_an_older_release_kept_of_an_answer_among_free_values_is_read(desk: Desk, values: dict[str, str]) -> None:
    use = desk.use()
    desk.add(
        ApprovalGiven(PaperFact(desk.new_id(), "netflix_written", about=(use.version,), at=TODAY), PaperSection(values))
    )

    assert desk.facts(use, NAME) == {NAME: False}


def test_counsel_takes_a_release_back_by_answering_no(desk: Desk) -> None:
    consent, use, by = desk.consent("use_this_work"), desk.use(), counsel(desk)
    desk.move(consent, "revoked", "2026-10-01")
    found = []
    for answer in ("yes", "no"):
        decide(desk, "legal_release_after_revocation", answer, by, use.version, clause=consent)
        found.append(desk.facts(use, RELEASE)[RELEASE])

    assert found == [True, False]


# ------------------------------------------------------------------------------------------ one's own matter


def test_a_determination_by_whom_it_depicts_counts_for_no_use_of_them(desk: Desk) -> None:
    mara, use, other = member(desk, MARA, "legal"), desk.use(), desk.use(ref=OTTO)
    decide(desk, "use.nude_or_sex", "no", mara)

    assert desk.facts(use, "use.nude_or_sex") == {}
    assert desk.facts(other, "use.nude_or_sex") == {"use.nude_or_sex": False}


def test_an_approval_by_whom_it_depicts_counts_for_no_use_of_them_and_their_refusal_does(desk: Desk) -> None:
    mara, by, use = member(desk, MARA, "producer"), counsel(desk), desk.use()
    approve(desk, use, mara)
    before = desk.facts(use, NAME)
    approve(desk, use, by)
    approve(desk, use, mara, "no")

    assert (before, desk.facts(use, NAME)) == ({}, {NAME: False})


def test_nobody_releases_what_their_own_revoked_consent_stands_for(desk: Desk) -> None:
    consent, use, mara = desk.consent("use_this_work"), desk.use(), member(desk, MARA, "legal")
    desk.move(consent, "revoked", "2026-10-01")
    decide(desk, "legal_release_after_revocation", "yes", mara, use.version, clause=consent)
    fact = PaperFact(desk.new_id(), "legal_release_after_revocation", (use.version, consent), at=TODAY, by=mara)
    desk.add(ApprovalGiven(fact))

    assert desk.facts(use, RELEASE) == {RELEASE: False}


def test_whoever_made_a_version_or_what_is_behind_it_decides_nothing_on_it(desk: Desk) -> None:
    by, use, behind = counsel(desk), desk.use(), desk.new_id()
    use = replace(use, about=use.about | {behind})
    desk.add(MakerNamed(MakingFact(desk.new_id(), by, (behind,))))
    decide(desk, "use.incidental", "yes", by, use.version)
    approve(desk, use, by)

    assert desk.facts(use, "use.incidental", NAME) == {}


def test_a_determination_about_a_version_is_about_everybody_in_it(desk: Desk) -> None:
    otto = member(desk, OTTO, "legal")
    shared = replace(desk.use(), beside=frozenset({desk.number(MARA), desk.number(OTTO)}))
    decide(desk, "use.incidental", "yes", otto, shared.version)
    decide(desk, "use.deepfake", "no", otto)

    assert desk.facts(shared, "use.incidental", "use.deepfake") == {"use.deepfake": False}


def test_what_somebody_erased_decided_counts_for_nobody_who_may_be_them(desk: Desk) -> None:
    mara, use = member(desk, MARA, "legal"), desk.use()
    decide(desk, "use.nude_or_sex", "no", mara, use.version)
    register = desk.register()
    forgotten = {one.id: replace(one, alias="", person=None) for one in register.members.values()}
    erased = replace(use, person=None, person_state="erased", beside=frozenset({NOBODY_KNOWS}))

    assert decided(erased, register, forgotten) is None
    assert decided(desk.use(ref=OTTO, version=use.version, about=use.about), register, forgotten) is False


def decided(use: Use, register: Register, members: dict[str, Member]) -> object:
    subject = subject_of(use, replace(register, members=members), today=TODAY, now=NOW, gate=None)
    return subject.facts.get("use.nude_or_sex")
