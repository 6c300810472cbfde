"""A pack from a stranger can be wrong, and it can be meant to do harm: the process lives on, and the answer is never a pass."""

import time

import pytest

from edgecode.checks.rules.cel import EXPRESSION_CHARACTERS, CelEvaluator
from edgecode.errors import InputError
from rule_samples import HEADER, SAMPLE, judged, one_rule, problems

MANY = tuple(f"t{n}" for n in range(10_001))


def test_ten_thousand_and_one_iterations_are_stopped_and_are_an_error() -> None:
    pack = one_rule(when="use.final", that="production.awards.exists(a, a == 'never')")
    facts = {"use.final": True}

    under = judged(pack, "ONE", facts | {"production.awards": MANY[:9_999]})
    over = judged(pack, "ONE", facts | {"production.awards": MANY})

    assert (under.outcome, over.outcome, "Iteration budget exceeded" in over.why) == ("fail", "error", True)


def test_loops_in_loops_are_stopped_before_anybody_waits() -> None:
    pack = one_rule(
        when="use.final",
        that="production.awards.exists(a, production.awards.exists(b, production.awards.exists(c, a == 'x' && b == 'x' && c == 'y')))",
    )
    began = time.monotonic()

    verdict = judged(pack, "ONE", {"use.final": True, "production.awards": MANY[:5_000]})

    assert (verdict.outcome, time.monotonic() - began < 5) == ("error", True)


@pytest.mark.parametrize(
    "expression", ["(" * 33 + "true" + ")" * 33, "[" * 33 + "]" * 33 + " == []", "(" * 1_500 + "true" + ")" * 1_500]
)
def test_what_is_nested_33_deep_is_refused_when_it_is_read(expression: str) -> None:
    found = problems("that: use.incidental || consent.use }", f"that: '{expression}' }}")

    assert any("recursion" in one.lower() for one in found), found


def test_an_expression_of_a_megabyte_is_refused_without_compiling_it() -> None:
    found = problems("that: use.incidental || consent.use }", f'that: "{"use.final || " * 70_000}use.final" }}')

    assert any(f"at most {EXPRESSION_CHARACTERS:,} are read" in one for one in found), found[:1]


def test_an_engine_that_is_handed_a_megabyte_refuses_it_too() -> None:
    with pytest.raises(InputError, match="size"):
        CelEvaluator().compile("use.final || " * 80_000 + "true")


@pytest.mark.parametrize(
    "expression",
    [
        "['a'].map(x, x + x).map(x, x + x).map(x, x + x).size() == 1",
        "'a' + 'b' == 'ab'",
        "[1, 2].filter(x, x > 1).size() == 1",
        "dyn(use).secret == 1",
        "type(use.final) == bool",
        "timestamp('2026-01-01T00:00:00Z') < timestamp('2027-01-01T00:00:00Z')",
    ],
)
def test_nothing_that_could_fill_the_memory_or_leave_the_vocabulary_is_part_of_rules(expression: str) -> None:
    assert problems("that: use.incidental || consent.use }", f'that: "{expression}" }}') != []


def test_a_pattern_that_would_take_others_for_ever_is_over_at_once() -> None:
    pack = one_rule(when="use.final", that="production.buyer.matches('(a+)+$')")
    began = time.monotonic()

    verdict = judged(pack, "ONE", {"use.final": True, "production.buyer": "a" * 5_000 + "!"})

    assert (verdict.outcome, time.monotonic() - began < 2) == ("fail", True)


def test_braces_in_a_sentence_open_nothing_but_facts() -> None:
    assert any("is no fact" in one for one in problems("{use.incidental}", "{__class__.__mro__}"))


def test_a_thousand_rules_too_many_are_refused() -> None:
    rule = SAMPLE[SAMPLE.index("  - id: FLAT") : SAMPLE.index("  - id: SOME")]
    rules = "".join(rule.replace("FLAT", f"F{n}") for n in range(501))

    assert any("at most 500 rules" in one for one in problems_of(HEADER + "rules:\n" + rules + "tests: []\n"))


def problems_of(text: str) -> list[str]:
    from edgecode.checks.rules.pack_reading import pack_or_problems

    return pack_or_problems(text.encode(), name="x.yaml")[1]
