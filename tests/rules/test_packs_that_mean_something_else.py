"""A pack that reads well and means something else: a remark that swallows a requirement, a word that can never be, a gate left out."""

import pytest

from edgecode.checks.rules.compiled import all_of
from edgecode.checks.rules.expressions import expression_problems
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack
from edgecode.checks.rules.subjects import Candidate, Subject
from rule_samples import problems, sample


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("that: use.incidental || consent.use }", 'that: "use.incidental || consent.use // clause 4(a)" }'),
        ("when: use.kind == 'replica_use' && use.final", 'when: "use.final // the final cut only"'),
        ("that: c.status == 'active' }", "that: \"c.status == 'active' // must stand\" }"),
        ("scope: null", 'scope: "use.final // only"'),
    ],
)
def test_a_remark_in_an_expression_is_refused_because_it_would_swallow_what_is_joined_to_it(old: str, new: str) -> None:
    (found,) = problems(old, new)

    assert "// begins a remark" in found


@pytest.mark.parametrize(
    "text",
    [
        "'http://x' == production.buyer",
        r"'a\'//b' == production.buyer",
        r"r'\d' == production.buyer || production.buyer == '//'",
    ],
)
def test_two_slashes_in_a_text_are_no_remark(text: str) -> None:
    assert expression_problems(text) == ()


def test_expressions_that_are_joined_cannot_swallow_each_other() -> None:
    assert all_of(["a // b", "c\n && d"]) == "(a // b\n) && (c\n && d\n)"


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("['replica_us'] == [use.kind]", "no facts"),
        ("[use.kind].exists(v, v == 'replica_us')", "is asked with in"),
        ("['a'].exists(v, use.kind == v)", "is asked with in"),
        ("use.kind.contains('replicas')", "no word of use.kind contains 'replicas'"),
        ("use.kind.startsWith('Dub')", "no word of use.kind startsWith 'Dub'"),
        ("production.territories == ['XX']", "'XX' is no word of production.territories"),
        ("use.date < use.kind", "use.date and use.kind have no word in common"),
        ("use.kind == person.status", "have no word in common"),
        ("today > '2020'", "'2020' is no word of today"),
    ],
)
def test_a_comparison_that_can_never_come_out_is_found_before_anything_runs(expression: str, said: str) -> None:
    (found,) = expression_problems(expression)[:1]

    assert said in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gate: [publish, deliver]", "gate: [publish]", "gate must hold deliver: what is block asks there too"),
        ("scope: null", 'scope: null\nagreement: "use.final"', "use.final is no fact of the production's profile"),
        ("from: null, until: null", 'from: "2026-02-01", until: "2026-01-31"', "until lies before from"),
        ("version: 1.0.0", "version: １.0.0", "version must be a semantic version"),
        ("title: Two rules", 'title: "Two \\e[31mrules"', "is not printed"),
        ("title: Two rules", "title: Two \u202erules", "is not printed"),
        ("title: Two rules", 'title: "Two \\0 rules"', "is not printed"),
        (
            "rules:\n",
            "conditions: { covers: [ { say: x, that: use.fnial } ] }\nrules:\n",
            "conditions: no rule uses covers",
        ),
    ],
)
def test_what_looks_right_in_a_pack_and_is_not_is_said_with_its_line(old: str, new: str, said: str) -> None:
    found = problems(old, new)

    assert [one for one in found if said in one], found


def test_a_sentence_with_the_day_in_it_says_the_day_on_which_it_is_asked() -> None:
    pack = sample("is active (it is {c.status})", "is active on {today}")
    judge = Judge([ActivePack(pack)])
    subject = Subject(
        "u", "use", {"use.kind": "dub", "production.release_date": "2027-03-01"}, [Candidate({"status": "expired"})]
    )

    said = [judge.verdict(subject, pack="sample", rule="SOME", today=day).why for day in ("2026-11-23", "2026-11-24")]

    assert [day in why for day, why in zip(("2026-11-23", "2026-11-24"), said, strict=True)] == [True, True]
