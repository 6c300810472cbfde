"""A rule's answer has three values over the whole of it, and its sentence names what failed and what nobody has established."""

from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack
from edgecode.checks.rules.subjects import Subject
from rule_samples import judged, one_rule, sample

USE = {"use.kind": "replica_use", "use.final": True}
DUB = {"use.kind": "dub", "production.release_date": "2027-03-01"}


def test_a_satisfied_requirement_settles_a_rule_although_nobody_knows_whether_it_applies() -> None:
    assert judged(sample(), "FLAT", {"use.incidental": True}).outcome == "pass"


def test_a_false_condition_settles_a_rule_as_not_applicable_whatever_else_is_open() -> None:
    assert judged(sample(), "FLAT", {"use.final": False}).outcome == "not_applicable"


def test_a_record_that_nobody_made_is_not_given_and_a_judgment_that_nobody_made_is_unknown() -> None:
    verdict = judged(sample(), "FLAT", USE)

    assert (verdict.outcome, verdict.missing, verdict.why) == (
        "unknown",
        ("use.incidental",),
        "UNKNOWN whether it is incidental (NOT RECORDED)",
    )


def test_an_unknown_condition_is_unknown_and_names_the_fact_with_its_meaning() -> None:
    verdict = judged(sample(), "FLAT", {"use.kind": "replica_use", "use.incidental": False})

    assert (verdict.outcome, verdict.missing) == ("unknown", ("use.final",))
    assert verdict.why == (
        "may apply, as this is NOT RECORDED: use.final (in the final cut or final deliverable (not temp)); "
        "if it applies: NOT so: it is incidental (no)"
    )


def test_the_nearest_candidate_is_one_that_nothing_speaks_against() -> None:
    expired = {"id": "C-1", "status": "active", "until": "2026-12-01"}
    open_end = {"id": "C-2", "status": "active"}

    verdict = judged(sample(), "SOME", DUB, consents=[expired, open_end])

    assert (verdict.outcome, verdict.why, verdict.missing) == (
        "unknown",
        "nearest C-2: UNKNOWN whether it reaches 2027-03-01 (ends NOT RECORDED)",
        ("consents.until",),
    )


def test_one_candidate_that_covers_is_enough_beside_others_that_do_not() -> None:
    covering = {"id": "C-2", "status": "active", "until": "2029-01-01"}

    assert judged(sample(), "SOME", DUB, consents=[{"id": "C-1"}, covering]).outcome == "pass"


def test_a_rule_of_medium_confidence_asks_for_approval_until_the_pack_is_adopted() -> None:
    capped = judged(sample(), "SOME", DUB)
    adopted = judged(sample(), "SOME", DUB, adopted=True)

    assert [(one.severity, one.capped, one.why) for one in (capped, adopted)] == [
        ("approve", True, "nothing on file: a consent covers this dub"),
        ("block", False, "nothing on file: a consent covers this dub"),
    ]


def test_what_the_rule_cannot_evaluate_is_an_error_and_neither_a_pass_nor_unknown() -> None:
    pack = one_rule(when="use.final", that="production.buyer.matches('(')")

    verdict = judged(pack, "ONE", {"use.final": True, "production.buyer": "netflix"})

    assert (verdict.outcome, "for the author of its pack" in verdict.why) == ("error", True)


def test_the_same_facts_are_judged_once_for_many_subjects() -> None:
    judge = Judge([ActivePack(sample())])
    subjects = [Subject(f"u-{n}", "use", {**USE, "use.audio_only": bool(n % 2)}) for n in range(50)]

    found = [judge.verdicts(subject, today="2026-11-23") for subject in subjects]

    assert {len(rule.kept) for rule in judge._rules} == {1}
    assert [verdicts[0].subject for verdicts in found] == [subject.key for subject in subjects]


def test_days_in_force_follow_the_picture_and_an_unknown_day_is_unknown() -> None:
    pack = sample(
        "in_force: { from: null, until: null }\neffective_test: { fact: null",
        'in_force: { from: "2026-01-01", until: "2026-12-31" }\neffective_test: { fact: use.date',
    )
    facts = {**USE, "use.incidental": False}

    found = [
        judged(pack, "FLAT", facts | extra).outcome
        for extra in ({}, {"use.date": "2026-12-31"}, {"use.date": "2027-01-01"})
    ]

    assert found == ["unknown", "fail", "not_applicable"]
