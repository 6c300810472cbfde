"""Heirs sign as they decide, on one paper or each on their own; for a minor a guardian signs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_record import OTTO, Desk

from edgecode.checks.signatures import missing_signatures, signatures_missing
from edgecode.events.rights_kinds import RepresentationFact, RepresentationRecorded, RepresentationSection

ACTS = ("use_this_work",)
SIGNED = "2026-01-10"
Share = tuple[int, int] | None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Otto died; Ida (P-02) and Jon (P-03) are here."""
    found = Desk.open(tmp_path / "show")
    found.person(OTTO, deceased_on="2019-05-01")
    found.person("p-ida")
    found.person("p-jon")
    yield found
    found.production.close()


def represents(
    desk: Desk, agent: str, share: Share = None, decision: str | None = None, *, of: str = OTTO, capacity: str = "heir"
) -> str:
    identity = desk.new_id()
    section = RepresentationSection(identity, capacity, share, decision, ACTS, "2019-06-01")  # type: ignore[arg-type]
    desk.add(
        RepresentationRecorded(RepresentationFact(identity, "principal"), section, desk.whom(of)),
        RepresentationRecorded(RepresentationFact(identity, "agent"), None, desk.whom(agent)),
    )
    return identity


def missing(desk: Desk, *signers: str) -> tuple[str, ...]:
    return missing_signatures(desk.register(), desk.number(OTTO), signers, acts=ACTS, on=SIGNED)


@pytest.mark.parametrize(
    ("decision", "shares", "expected"),
    [
        ("unanimous", ((1, 2), (1, 2)), ("P-03",)),
        ("unanimous", (None, None), ("P-03",)),
        (None, (None, None), ("P-03",)),
        ("majority", ((1, 2), (1, 2)), ("P-03",)),
        ("majority", ((2, 3), (1, 3)), ()),
        ("majority", (None, None), ("P-03",)),
        ("any", ((1, 2), (1, 2)), ()),
        ("unanimous", ((1, 2), (1, 4)), ("P-03", "who holds 1/4 of the shares")),
    ],
)
def test_one_of_two_heirs_is_enough_only_where_they_decide_so(
    desk: Desk, decision: str | None, shares: tuple[Share, Share], expected: tuple[str, ...]
) -> None:
    ida = represents(desk, "p-ida", shares[0], decision)
    represents(desk, "p-jon", shares[1], decision)

    assert missing(desk, ida) == expected


def test_both_signatures_on_one_paper_are_enough_for_a_unanimous_estate(desk: Desk) -> None:
    ida, jon = (represents(desk, who, (1, 2), "unanimous") for who in ("p-ida", "p-jon"))
    alone = desk.consent(*ACTS, ref=OTTO, label="C-01", representation=ida)
    use = desk.use(ref=OTTO)
    before = desk.facts(use, "consent.use", "consent.by_estate")
    desk.consent(*ACTS, ref=OTTO, label="C-02", representation=ida, signed_beside=(jon,))
    agreement = desk.agreement(alone)

    assert before == {"consent.use": False, "consent.by_estate": False}
    assert desk.facts(use, "consent.use", "consent.by_estate") == {"consent.use": True, "consent.by_estate": True}
    # What Jon signed in the second stands for the first, which permits the same.
    assert signatures_missing(desk.register(), agreement, agreement.latest, on="2026-11-23") == ()


def test_an_heir_who_has_died_is_not_waited_for(desk: Desk) -> None:
    desk.person("p-jon", deceased_on="2025-01-01")
    ida, _ = (represents(desk, who, (1, 2), "unanimous") for who in ("p-ida", "p-jon"))

    assert missing(desk, ida) == ()


def test_for_an_heir_who_is_a_minor_their_guardian_signs(desk: Desk) -> None:
    desk.person("p-jon", minor_until="2030-01-01")
    desk.person("p-mother")
    ida, jon = (represents(desk, who, (1, 2), "unanimous") for who in ("p-ida", "p-jon"))
    mother = represents(desk, "p-mother", of="p-jon", capacity="guardian")

    assert [missing(desk, ida, jon), missing(desk, ida, mother)] == [("P-03",), ()]


def test_an_executor_without_shares_signs_alone(desk: Desk) -> None:
    executor = represents(desk, "p-ida", capacity="executor")
    represents(desk, "p-jon", (1, 1), None)

    assert missing(desk, executor) == ()
