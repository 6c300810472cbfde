"""A PostgreSQL that is stopped at once under its writers, or cuts their connections in the middle: every acknowledgment must stand."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from edgecode.drivers.key_files import FileSigner, create_key_file
from edgecode.events.codec import leaf_id
from edgecode.ledger.audit import audit
from edgecode.ledger.log import Log
from edgecode.ledger.policy import Policy
from edgecode.ledger.store import LogStore
from faults.fault_counts import Counts
from faults.power_loss import quick_folder
from faults.step_failures import Stores
from postgres_server import PostgresServer
from sample_log import ORIGIN

_WRITER = Path(__file__).with_name("stubborn_writer.py")
_WRITERS = 2


def postgres_room(server: PostgresServer) -> Callable[[], "contextmanager[Callable[[], Stores]]"]:
    """Room for trials of `step_failures`: a fresh database for each."""
    from edgecode.drivers.postgres_keys import PostgresKeys
    from edgecode.drivers.postgres_ledger import PostgresLedger

    @contextmanager
    def room() -> Iterator[Callable[[], Stores]]:
        url = server.database()
        yield lambda: (PostgresKeys(url, create=True), PostgresLedger(url))

    return room


def immediate_stops(server: PostgresServer, *, rounds: int, seed: int = 1) -> Counts:
    """Stop the server as in a crash, *rounds* times, under two writers that go on when it is back. Counted are acknowledgments."""

    def stop(random: Random, _: str) -> None:
        time.sleep(random.uniform(0.2, 0.9))
        server.stop(immediately=True)
        server.start()
        time.sleep(0.3)

    name = f"PostgreSQL stopped at once under {_WRITERS} writers, {rounds} times"
    return _rounds(server, stop, Counts(name), rounds=rounds, seed=seed)


def cut_connections(server: PostgresServer, *, rounds: int, seed: int = 1) -> Counts:
    """End the writers' connections ten times a round, at moments that chance gives."""

    def cut(random: Random, database: str) -> None:
        for _ in range(10):
            time.sleep(random.uniform(0.01, 0.08))
            server.command(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                f" where datname = '{database}' and pid <> pg_backend_pid()"
            )
        time.sleep(0.2)

    name = f"connections of {_WRITERS} writers cut, {rounds * 10} times"
    return _rounds(server, cut, Counts(name), rounds=rounds, seed=seed)


def _rounds(
    server: PostgresServer, disturb: Callable[[Random, str], None], counts: Counts, *, rounds: int, seed: int
) -> Counts:
    from edgecode.drivers.postgres_ledger import PostgresLedger

    random, url = Random(seed), server.database()
    database = url.partition("@/")[2].partition("?")[0]
    with quick_folder() as folder:
        signer = create_key_file(folder / "log.key")
        store = PostgresLedger(url)
        Log.create(store, signer, origin=ORIGIN)
        store.close()
        for number in range(rounds):
            told = _one_round(url, folder, lambda: disturb(random, database), seed=seed * 1_000 + number * 10)
            store = PostgresLedger(url)
            judge_told(store, signer, told, counts)
            store.close()
        _judge_whole(url, signer, counts)
    return counts


def _one_round(url: str, folder: Path, disturb: Callable[[], None], *, seed: int) -> list[dict]:
    stop = folder / "stop"
    stop.unlink(missing_ok=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_WRITER.parents[1]), *filter(None, sys.path)])}
    command = [sys.executable, str(_WRITER), url, str(folder / "log.key")]
    said, writers = [folder / f"said {place}" for place in range(_WRITERS)], []
    for place, path in enumerate(said):
        with path.open("w") as out:
            writers.append(subprocess.Popen([*command, str(seed + place), str(stop)], stdout=out, env=environment))
    try:
        while not all(path.stat().st_size for path in said) and all(writer.poll() is None for writer in writers):
            time.sleep(0.01)
        disturb()
    finally:
        stop.touch()
    if any(writer.wait(timeout=120) for writer in writers):
        raise RuntimeError("a writer did not end well, see above")
    return [json.loads(line) for path in said for line in path.read_text().splitlines()]


def judge_told(store: LogStore, signer: FileSigner, told: list[dict], counts: Counts) -> None:
    """Every acknowledged event is where it was said to be, under a root of the history that is there now."""
    log = Log.open(store, signer)
    for said in told:
        there = said["size"] <= log.size and log.root_at(said["size"]).hex() == said["root"]
        for index, name in zip(said["indexes"], said["ids"], strict=True):
            there = there and [leaf_id(leaf).hex() for leaf in store.leaves(index, index + 1)] == [name]
        counts.add("fine" if there else "lost", f"the acknowledgment at {said['size']} entries")


def _judge_whole(url: str, signer: FileSigner, counts: Counts) -> None:
    from edgecode.drivers.postgres_ledger import PostgresLedger

    store = PostgresLedger(url)
    log = Log.open(store, signer)
    if findings := audit(store, Policy.of_keys(log.key)).report.findings:
        counts.add("corrupt", str(findings[0]))
    store.close()
