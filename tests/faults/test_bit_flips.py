"""One flipped bit anywhere in a proof is one too many."""

import pytest

from faults.bit_flips import bit_flips, material, pack_flips, targets, weaker_by_one_bit


@pytest.mark.parametrize("name", list(targets(material())))
def test_no_flip_of_a_single_bit_is_accepted(name: str) -> None:
    (counts,) = bit_flips(only=name)

    assert (counts.accepted, counts.corrupt, counts.examples) == (0, 0, [])
    assert counts.tried > 0


def test_a_policy_that_writes_a_larger_count_as_a_digit_can_be_weakened_by_one_bit_which_nobody_can_see() -> None:
    assert {count: weaker_by_one_bit(count, 9) for count in range(1, 10)} == {
        1: [],
        2: [],
        3: [1, 2],
        4: [],
        5: [1, 4],
        6: [2, 4],
        7: [3, 5, 6],
        8: [],
        9: [1, 8],
    }


def test_no_flipped_bit_of_a_pack_is_accepted() -> None:
    counts = pack_flips(every=97)

    assert (counts.accepted, counts.corrupt, counts.examples) == (0, 0, [])
    assert counts.tried > 500


@pytest.mark.slow
def test_no_flip_of_any_bit_of_a_pack_is_accepted() -> None:
    counts = pack_flips(every=1)

    assert (counts.accepted, counts.corrupt, counts.examples) == (0, 0, [])
