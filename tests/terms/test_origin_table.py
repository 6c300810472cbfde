"""What steps add to a frame, and how accounts join (FORMATS, "What a frame is made of")."""

from functools import reduce
from operator import or_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.origins import (
    CONTRIBUTIONS,
    NEEDS_INPUTS,
    NOTHING,
    Adds,
    ai_of,
    grade_of,
    graded,
    letter_of,
    origin,
    reasons_of,
    step_account,
    unaccounted,
    used,
)
from edgecode.terms.steps import StepKind

LETTERS = "CPHGA"
SPOKEN = {
    "camera": "C",
    "sound-recording": "C",
    "capture": "P",
    "paint": "H",
    "model": "H",
    "animate": "H",
    "type": "H",
    "draw": "H",
    "compose": "H",
    "render": "H",
    "generate": "G",
    "generative-edit": "G",
    "transfer": "A",
}
accounts = st.lists(
    st.one_of(
        st.sampled_from(LETTERS).map(origin),  # type: ignore[arg-type]
        st.sampled_from(Reason).map(unaccounted),
        st.sampled_from(Grade).map(graded),
        st.sampled_from(AiUse).map(used),
    ),
    max_size=6,
).map(lambda bits: reduce(or_, bits, NOTHING))


@pytest.mark.parametrize("kind", StepKind)
def test_every_kind_of_step_adds_what_the_table_of_the_trade_says(kind: StepKind) -> None:
    row = CONTRIBUTIONS[kind]

    assert row.letter == SPOKEN.get(kind.value)
    assert row.explained
    assert (row.adds in (Adds.OWN, Adds.BOTH)) == (row.letter is not None)


def test_steps_that_add_nothing_need_inputs_except_a_vendors_return() -> None:
    assert {kind for kind in StepKind if CONTRIBUTIONS[kind].adds is Adds.INPUTS} - NEEDS_INPUTS == {StepKind.VENDOR}


@given(accounts, st.sampled_from(Reason))
def test_a_reason_is_never_lost_by_joining(account: int, reason: Reason) -> None:
    joined = account | unaccounted(reason)

    assert letter_of(joined) == "U"
    assert reason in reasons_of(joined)
    assert grade_of(joined) is None
    assert ai_of(joined) in (AiUse.UNKNOWN, AiUse.GENERATIVE)


@given(accounts, accounts)
def test_joining_never_strengthens_a_grade_and_never_weakens_ai_use(one: int, other: int) -> None:
    joined = one | other
    grades, order = list(Grade), [AiUse.NONE, AiUse.ASSISTIVE, AiUse.UNKNOWN, AiUse.GENERATIVE]

    if letter_of(joined) != "U" and letter_of(one) != "U":
        before, after = grade_of(one | graded(Grade.CORROBORATED)), grade_of(joined | graded(Grade.CORROBORATED))
        assert before is not None and after is not None
        assert grades.index(after) <= grades.index(before)
        assert order.index(ai_of(joined)) >= order.index(ai_of(one))


def test_a_step_that_says_it_only_assisted_adds_no_class() -> None:
    denoise = step_account(StepKind.DENOISE, grade=Grade.LOGGED, ai=AiUse.ASSISTIVE) | origin("C")

    assert (letter_of(denoise), ai_of(denoise), grade_of(denoise)) == ("C", AiUse.ASSISTIVE, Grade.LOGGED)
