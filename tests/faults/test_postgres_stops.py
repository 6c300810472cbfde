"""PostgreSQL that goes away while it is written to."""

import pytest

from faults.outer_steps import publishing_failures, witness_failures
from faults.postgres_stops import cut_connections, immediate_stops, postgres_room
from faults.step_failures import step_failures
from postgres_server import PostgresServer, durable_postgres, postgres

__all__ = ["durable_postgres", "postgres"]


def test_a_server_stopped_at_once_loses_and_forks_no_acknowledgment(durable_postgres: PostgresServer) -> None:
    counts = immediate_stops(durable_postgres, rounds=2)

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried > 10


def test_connections_that_are_cut_lose_and_double_no_event(postgres: PostgresServer) -> None:
    counts = cut_connections(postgres, rounds=1)

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried > 10


def test_a_step_that_fails_on_postgresql_leaves_one_history_and_loses_nothing(postgres: PostgresServer) -> None:
    counts = step_failures(postgres_room(postgres), points=12, name="PostgreSQL")

    assert (counts.wrong, counts.examples, counts.tried) == (0, [], 12)


@pytest.mark.slow
def test_a_server_stopped_at_once_fifty_times_loses_and_forks_nothing(durable_postgres: PostgresServer) -> None:
    counts = immediate_stops(durable_postgres, rounds=50)

    assert (counts.wrong, counts.examples) == (0, [])


@pytest.mark.slow
def test_connections_cut_hundreds_of_times_lose_and_double_no_event(postgres: PostgresServer) -> None:
    counts = cut_connections(postgres, rounds=20)

    assert (counts.wrong, counts.examples) == (0, [])


@pytest.mark.slow
def test_publishing_and_witnesses_that_fail_break_no_promise_of_a_record_in_postgresql(
    postgres: PostgresServer,
) -> None:
    found = [publishing_failures(postgres.database), witness_failures(postgres.database)]

    assert [(counts.wrong, counts.examples) for counts in found] == [(0, []), (0, [])]


@pytest.mark.slow
def test_no_step_that_fails_on_postgresql_forks_or_loses_anything(postgres: PostgresServer) -> None:
    counts = step_failures(postgres_room(postgres), points=None, name="PostgreSQL")

    assert (counts.wrong, counts.examples) == (0, [])
