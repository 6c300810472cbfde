"""Sixteen processes that record at once."""

import pytest

from faults.many_writers import many_writers


def test_sixteen_processes_on_one_file_write_one_history() -> None:
    counts = many_writers(processes=16, appends=20)

    assert (counts.tried, counts.wrong, counts.examples) == (320, 0, [])


@pytest.mark.slow
def test_sixteen_processes_write_a_thousand_events_each_into_one_history() -> None:
    counts = many_writers(processes=16, appends=1_000)

    assert (counts.tried, counts.wrong, counts.examples) == (16_000, 0, [])
