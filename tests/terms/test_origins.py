"""The table of what each step adds, and the arithmetic of accounts: nothing unknown is ever lost by joining."""

from itertools import product

import pytest

from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.origins import (
    CONTRIBUTIONS,
    NEEDS_INPUTS,
    NOTHING,
    Adds,
    ai_of,
    classes_of,
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


def test_every_kind_of_step_has_a_row() -> None:
    assert set(CONTRIBUTIONS) == set(StepKind)


@pytest.mark.parametrize(
    ("kind", "letter"),
    [
        *((kind, "C") for kind in (StepKind.CAMERA, StepKind.SOUND_RECORDING)),
        (StepKind.CAPTURE, "P"),
        *((kind, "H") for kind in (StepKind.PAINT, StepKind.MODEL, StepKind.ANIMATE, StepKind.TYPE, StepKind.DRAW)),
        *((kind, "H") for kind in (StepKind.COMPOSE, StepKind.RENDER)),
        *((kind, "G") for kind in (StepKind.GENERATE, StepKind.GENERATIVE_EDIT)),
        (StepKind.TRANSFER, "A"),
    ],
)
def test_a_step_of_its_own_class_adds_that_letter(kind: StepKind, letter: str) -> None:
    assert letter_of(step_account(kind, grade=Grade.LOGGED)) == letter


@pytest.mark.parametrize("kind", sorted(NEEDS_INPUTS))
def test_a_step_that_adds_nothing_is_nothing_by_itself(kind: StepKind) -> None:
    account = step_account(kind, grade=Grade.LOGGED)

    assert (classes_of(account), letter_of(account)) == ("", "U")


@pytest.mark.parametrize("kind", list(StepKind))
def test_a_step_that_a_generative_model_did_adds_g_whatever_its_kind(kind: StepKind) -> None:
    account = step_account(kind, grade=Grade.LOGGED, ai=AiUse.GENERATIVE)

    assert ("G" in classes_of(account), ai_of(account)) == (True, AiUse.GENERATIVE)


def test_an_import_leaves_its_output_unaccounted() -> None:
    account = step_account(StepKind.IMPORT, grade=Grade.SIGNED)

    assert (reasons_of(account), grade_of(account), ai_of(account)) == ([Reason.NO_STEP], None, AiUse.UNKNOWN)


def test_nothing_at_all_is_unaccounted() -> None:
    assert (letter_of(NOTHING), reasons_of(NOTHING), grade_of(NOTHING), ai_of(NOTHING)) == (
        "U",
        [Reason.NO_STEP],
        None,
        AiUse.UNKNOWN,
    )


ACCOUNTS = [
    *(step_account(kind, grade=grade, ai=ai) for kind, grade, ai in product(StepKind, Grade, (None, *AiUse))),
    *(unaccounted(reason) for reason in Reason),
]


@pytest.mark.parametrize("reason", list(Reason))
def test_whatever_is_joined_to_something_unknown_stays_unknown(reason: Reason) -> None:
    joined = {
        (letter_of(account | unaccounted(reason)), reason in reasons_of(account | unaccounted(reason)))
        for account in ACCOUNTS
    }

    assert joined == {("U", True)}


def test_joining_never_hides_a_generative_step() -> None:
    generated = step_account(StepKind.GENERATE, grade=Grade.LOGGED)

    assert {ai_of(account | generated) for account in ACCOUNTS} == {AiUse.GENERATIVE}


def test_joining_never_raises_a_grade() -> None:
    order = {None: -1, **{grade: i for i, grade in enumerate(Grade)}}
    raised = [
        (one, other)
        for one, other in product(ACCOUNTS[::7], ACCOUNTS[::5])
        if classes_of(one) and order[grade_of(one | other)] > order[grade_of(one)]
    ]

    assert raised == []


def test_unknown_ai_use_beats_none_and_assistive_and_loses_to_generative() -> None:
    known = origin("C") | graded(Grade.LOGGED)
    unknown = known | used(AiUse.UNKNOWN)

    assert [ai_of(unknown | used(one)) for one in (AiUse.NONE, AiUse.ASSISTIVE, AiUse.GENERATIVE)] == [
        AiUse.UNKNOWN,
        AiUse.UNKNOWN,
        AiUse.GENERATIVE,
    ]


def test_several_classes_are_mixed_and_kept_in_one_order() -> None:
    account = origin("G") | origin("C") | origin("A")

    assert (letter_of(account), classes_of(account)) == ("M", "CGA")


def test_reasons_come_in_printing_order() -> None:
    account = unaccounted(Reason.VENDOR_OPEN) | unaccounted(Reason.NO_MATCH) | unaccounted(Reason.NO_STEP)

    assert reasons_of(account) == [Reason.NO_MATCH, Reason.NO_STEP, Reason.VENDOR_OPEN]


@pytest.mark.parametrize("letter", ["M", "U"])
def test_mixed_and_unaccounted_are_results_and_no_classes(letter: str) -> None:
    with pytest.raises(KeyError):
        origin(letter)  # type: ignore[arg-type]


def test_a_vendor_s_return_may_stand_without_inputs_and_an_import_needs_none() -> None:
    assert {kind for kind, row in CONTRIBUTIONS.items() if row.adds is Adds.INPUTS} - NEEDS_INPUTS == {StepKind.VENDOR}
