"""Every step that fails, or is done and told as failed, leaves progress or none, and never a fork or an unsigned acknowledgment."""

import pytest

from faults.step_failures import signing_too_early, sqlite_room, step_failures


def test_a_step_that_fails_on_sqlite_leaves_one_history_and_loses_nothing() -> None:
    counts = step_failures(sqlite_room, points=60, name="SQLite")

    assert (counts.wrong, counts.examples, counts.tried) == (0, [], 60)


def test_a_store_that_acknowledges_before_its_commit_is_caught_when_its_head_is_signed() -> None:
    assert signing_too_early().lost == 1


@pytest.mark.slow
def test_no_step_that_fails_on_sqlite_forks_or_loses_anything() -> None:
    counts = step_failures(sqlite_room, points=None, name="SQLite")

    assert (counts.wrong, counts.examples) == (0, [])
