"""Power cuts at every moment of recording, erasing and draining; and controls that show that the harness sees a loss."""

import pytest

from faults.power_loss import power_cuts
from faults.witness_cuts import witness_cuts


def test_no_power_cut_loses_what_was_acknowledged_or_brings_back_what_was_erased() -> None:
    counts = power_cuts(states=300)

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried >= 250


@pytest.mark.parametrize("seed", [2, 3])
def test_no_power_cut_loses_anything_in_other_workloads(seed: int) -> None:
    counts = power_cuts(states=150, seed=seed)

    assert (counts.wrong, counts.examples) == (0, [])


def test_flushing_less_often_loses_acknowledgments_so_the_harness_sees_losses() -> None:
    counts = power_cuts(states=150, synchronous="normal")

    assert counts.lost > 0


def test_never_flushing_loses_or_corrupts_the_record_so_the_harness_sees_corruption() -> None:
    counts = power_cuts(states=150, synchronous="off")

    assert counts.lost > 0
    assert counts.corrupt > 0


def test_acknowledging_before_the_commit_loses_acknowledgments() -> None:
    counts = power_cuts(states=150, early=True)

    assert counts.lost > 0


def test_an_erasure_that_does_not_flush_the_log_it_cut_leaves_bytes_behind() -> None:
    counts = power_cuts(states=400, own_flushes=False)

    assert counts.lost > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 20))
def test_no_power_cut_in_thousands_loses_anything(seed: int) -> None:
    counts = power_cuts(states=2_000, seed=seed)

    assert (counts.wrong, counts.examples) == (0, [])


def test_a_witness_knows_after_a_power_cut_what_it_told_that_it_signed() -> None:
    counts = witness_cuts(states=300)

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried >= 250


def test_a_witness_that_does_not_flush_forgets_what_it_signed() -> None:
    assert witness_cuts(states=150, synchronous="off").lost > 0
