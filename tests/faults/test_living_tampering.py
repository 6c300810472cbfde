"""Tampering with cosigned heads, erasures and changed keys is found, and the thing that was touched is named."""

import pytest

from faults.living_tampering import CLASSES, living_tampering


def test_tampering_with_what_a_production_lived_through_is_found_and_named() -> None:
    counts = {one.name: (one.tried, one.wrong, tuple(one.examples)) for one in living_tampering(mutants=5)}

    assert len(counts) == len(CLASSES)
    assert set(counts.values()) == {(5, 0, ())}


@pytest.mark.slow
def test_tampering_with_what_a_production_lived_through_is_found_in_thousands_of_ways() -> None:
    assert [one.examples for one in living_tampering(mutants=200) if one.wrong] == []
