"""An older copy of the record that somebody put back."""

import pytest

from faults.old_stores import CASES, old_stores


def test_an_older_store_is_frozen_and_never_continued() -> None:
    counts = old_stores(sizes=2)

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried == len(CASES) * 3


@pytest.mark.slow
def test_no_older_store_of_many_sizes_is_continued() -> None:
    counts = old_stores(sizes=20)

    assert (counts.wrong, counts.examples) == (0, [])
