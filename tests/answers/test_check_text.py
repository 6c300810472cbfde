"""A check as a coordinator reads it: by rule and person, a few places of each, how to see all, and nothing wider than the terminal."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from edgecode.answers.check.answer import Check, CheckCounts, CheckFinding, FindingAnswerLine, Instance
from edgecode.answers.check.finding_groups import grouped
from edgecode.answers.check.text import check_text, findings_text
from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.timecodes import CutClock
from edgecode.terms.timebase import Rate

CLOCK = CutClock(Rate(24), 86_400, 1_000_000)
OPEN = FindingAnswerLine(None, "", "", "", "open", "")


def place(first: int, frames: int = 48, *, clip: str = "") -> Instance:
    end = first + frames
    labels = CLOCK.label(first), CLOCK.label(end)
    return Instance("R1", first, end, *labels, frames, clip or f"sh{first:06d}_comp_v012", "V1", "picture", "certain")


def finding(n: int, *places: Instance, person: str = "P-01", state: str = "recorded") -> CheckFinding:
    """The finding *n* of one rule, on places of its own."""
    where = places or (place(n * 48),)
    first = where[0]
    return CheckFinding(
        f"F-{n:08x}", "R211", "consent.revoked_finished", "Blocker", "fail", "refused", first.reel, first.in_, first.out,
        first.in_tc, first.out_tc, sum(one.frames for one in where), first.clip, where, f"use {n}", "replica_use", "",
        person, state, "Finished material waits", f"{first.clip}: NOT so: legal released it", "CONS-02", "consent-core",
        "0.1.0", "own state machine", "high", False, (), "", "Pull the shots.", (), OPEN,
    )  # fmt: skip


def check(findings: Sequence[CheckFinding]) -> Check:
    counts = CheckCounts(len(findings), len(findings), len(findings), len(findings), 0, 0, len(findings), 0, 0, 0, 0)
    return Check(
        "The Last Verse", "reel 1", "c", "deliver", False, "REFUSED", "2026-11-23", LedgerPoint("log", 9, ""), (), (),
        (), "", (), tuple(findings), counts, "cel", "edgecode-facts/1",
    )  # fmt: skip


def test_a_rule_that_speaks_of_2500_clips_of_one_person_is_one_block_of_a_dozen_lines() -> None:
    text = check_text(check([finding(n) for n in range(2_500)]), columns=80).splitlines()
    found = text[text.index("") + 1 :]

    assert found[: found.index("")] == [
        "R211  consent.revoked_finished   Blocker   P-01   fail   2,500 findings",
        "      120,000 frames   01:00:00:00 to 02:23:20:00",
        *(
            f"      R1  {CLOCK.label(n * 48)}  {CLOCK.label(n * 48 + 48)}  48  sh{n * 48:06d}_comp_v012  F-{n:08x}"
            for n in range(5)
        ),
        "      and 2,495 more places: edgecode finding list 'reel 1' --rule R211",
        "      NOT so: legal released it [consent-core@0.1.0 CONS-02]",
        "      Pull the shots.",
    ]


def test_what_holds_nothing_here_and_a_later_gate_is_told_from_what_holds_nothing() -> None:
    mild = replace(finding(1), held="open", verdict="unknown")
    found = [mild, replace(mild, later="publish"), replace(mild, later="publish"), replace(mild, later="deliver")]
    answer = replace(check(found), gate="ingest", word="CLEARED")
    text = check_text(replace(answer, counts=replace(answer.counts, holding=0)), columns=None)

    assert "4 Blocker, 0 Issue, 0 FYI; none holds ingest" in text
    assert (
        "3 findings hold nothing at ingest and will hold later as they are (2 publish, 1 deliver): --all lists them"
        in text
    )
    assert "1 finding more holds nothing: --all lists it" in text


def test_what_waits_for_a_fact_of_the_use_says_how_it_is_said() -> None:
    waiting = replace(finding(1), verdict="unknown", held="held", missing=("use.alters_archival", "person.minor"))

    text = "\n".join(findings_text([waiting], columns=None))

    assert text.count("--fact") == 1
    assert "edgecode desk use replica_use --about VERSION --fact use.alters_archival=…" in text


def test_two_persons_two_answers_and_somebody_erased_are_apart() -> None:
    waived = replace(finding(4), answer=FindingAnswerLine("waived", "P-09", "legal", "2026-12-31", "waived", ""))
    findings = [finding(1), finding(2, person="P-02"), finding(3), waived, finding(5, person="", state="erased")]

    assert [(group.who, len(group.findings)) for group in grouped(findings)] == [
        ("P-01", 2),
        ("P-02", 1),
        ("P-01", 1),
        ("somebody erased", 1),
    ]


def test_frames_that_two_findings_share_are_counted_once() -> None:
    (group,) = grouped([finding(1, place(0), place(100, 10)), finding(2, place(24)), finding(3, place(0, 300))])

    assert group.frames == 300


def test_all_lists_every_place_of_every_finding() -> None:
    findings = [finding(n, place(n * 96), place(n * 96 + 48)) for n in range(40)]
    text = check_text(check(findings), columns=100, everything=True)

    assert (text.count("F-0000"), text.count("Pull the shots."), "more places" in text) == (80, 40, False)


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("everything", [False, True])
def test_no_line_is_wider_than_the_terminal(columns: int, everything: bool) -> None:
    long = place(86_400, 86_400, clip="a_clip_whose_name_nobody_should_read_aloud_in_a_cutting_room_v0012")
    findings = [finding(1, long), *(finding(n) for n in range(2, 20)), finding(20, person="", state="unknown")]

    lines = check_text(check(findings), columns=columns, everything=everything).splitlines()

    assert [line for line in lines if len(line) > columns] == []


@pytest.mark.parametrize(
    ("state", "expected", "never"),
    [("erased", "their record was erased, at their wish", "key"), ("unknown", "no erasure covers that", "wish")],
)
def test_it_says_once_whether_somebody_was_erased_or_cannot_be_told(state: str, expected: str, never: str) -> None:
    text = "\n".join(findings_text([finding(n, person="", state=state) for n in range(3)], columns=None, cut="reel"))

    assert (text.count(expected), text.count(f"somebody {state}"), never in text) == (1, 1, False)
