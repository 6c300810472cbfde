"""Full disks, jumping clocks, the largest leaves, and tiles that have just filled."""

import pytest

from faults.edges import full_disks, jumping_clock, largest_leaves, tile_boundaries


def test_a_full_disk_refuses_or_records_and_goes_on_when_there_is_room() -> None:
    counts = full_disks(points=8)

    assert (counts.wrong, counts.examples, counts.tried) == (0, [], 40)


def test_a_clock_that_goes_back_or_leaps_changes_no_order_and_doubles_no_event() -> None:
    counts = jumping_clock(events=30)

    assert (counts.wrong, counts.examples, counts.tried) == (0, [], 30)


def test_a_leaf_has_65_535_bytes_at_most() -> None:
    counts = largest_leaves()

    assert (counts.wrong, counts.examples, counts.tried) == (0, [], 3)


def test_proofs_and_publication_hold_around_the_size_at_which_a_tile_fills() -> None:
    counts = tile_boundaries(up_to=257)

    assert (counts.wrong, counts.examples, counts.tried) == (0, [], 3)


@pytest.mark.slow
def test_proofs_and_publication_hold_around_the_size_at_which_a_tile_of_tiles_fills() -> None:
    counts = tile_boundaries(up_to=65_537)

    assert (counts.wrong, counts.examples, counts.tried) == (0, [], 6)


@pytest.mark.slow
def test_a_disk_that_fills_at_any_page_refuses_or_records() -> None:
    counts = full_disks(points=60)

    assert (counts.wrong, counts.examples) == (0, [])
