"""Publishing and witnesses that fail, or do their work and are not heard."""

from faults.outer_steps import publishing_failures, witness_failures


def test_publishing_that_fails_at_any_step_leaves_a_whole_older_publication_and_a_second_try_succeeds() -> None:
    counts = publishing_failures()

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried >= 20


def test_a_witness_whose_answer_is_lost_holds_up_nothing_and_signs_no_fork() -> None:
    counts = witness_failures()

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried >= 12
