"""Sequencers that die in the middle of draining an inbox."""

from pathlib import Path

import pytest

from faults.sequencer_kills import PHASES, sequencer_kills
from postgres_server import PostgresServer, postgres

__all__ = ["postgres"]


def test_a_sequencer_that_dies_between_its_phases_on_sqlite_seals_everything_once(tmp_path: Path) -> None:
    counts = sequencer_kills(str(tmp_path / "ledger.db"), rounds=5, name="SQLite")

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried > 50


def test_a_sequencer_that_dies_between_its_phases_on_postgresql_seals_everything_once(postgres: PostgresServer) -> None:
    counts = sequencer_kills(postgres.database(), rounds=5, name="PostgreSQL")

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried > 50


@pytest.mark.slow
def test_a_sequencer_may_die_in_any_phase_any_number_of_times(tmp_path: Path, postgres: PostgresServer) -> None:
    for url in (str(tmp_path / "ledger.db"), postgres.database()):
        counts = sequencer_kills(url, rounds=5 * len(PHASES), name=url[:10])

        assert (counts.wrong, counts.examples) == (0, [])
