"""Durable appends to SQLite against a plain table and against pymerkle (GPL: a rival measured where it is installed, no dependency)."""

import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.key_files import FileSigner
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.drivers.world import World
from edgecode.events.kinds import MediaFacts, PlaceSection, VersionBytes, VersionFact, VersionSeen
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.log import Log
from edgecode.ledger.pool import GroupCommit
from edgecode.people.sealing import seal
from ledger_table import ORIGIN, Append, Line, Timed, at_least, at_most, events, per_second, ratio_of, take_turns

CALLERS = 256
FULL_EVENTS_AIM = 40_000


def plain(folder: Path) -> Append:
    """One INSERT for each event, one commit for each batch, WAL and synchronous=FULL."""
    connection = connect(folder / "plain.db", durable=True)
    connection.execute("create table entry(pk integer primary key, leaf blob not null)")

    def append(batch: list[SealedEvent]) -> None:
        connection.execute("begin immediate")
        connection.executemany("insert into entry(leaf) values (?)", [(event.leaf,) for event in batch])
        connection.execute("commit")

    return append


def new_log(folder: Path) -> Log:
    """A log with a key in memory."""
    signer = FileSigner(Ed25519PrivateKey.generate())
    return Log.create(SqliteLedger(folder / "ours.db"), signer, origin=ORIGIN)


def pymerkle_default(folder: Path) -> Append | None:
    """pymerkle's SQLite tree as it comes: journal DELETE, synchronous=FULL, one entry a transaction."""
    try:
        from pymerkle import SqliteTree
    except ImportError:
        return None
    tree = SqliteTree(str(folder / "pymerkle.db"))

    def append(batch: list[SealedEvent]) -> None:
        for event in batch:
            tree.append_entry(event.leaf)

    return append


def pymerkle_with_root(folder: Path) -> Append | None:
    """The same with WAL, synchronous=FULL and a root after each batch: what it takes to sign a head."""
    try:
        from pymerkle import SqliteTree
    except ImportError:
        return None
    path = str(folder / "pymerkle.db")
    sqlite3.connect(path).execute("pragma journal_mode=wal").close()
    tree = SqliteTree(path)
    tree.con.execute("pragma synchronous=full")

    def append(batch: list[SealedEvent]) -> None:
        tree.append_entries([event.leaf for event in batch])
        tree.get_root()

    return append


def measured(folder: Path, *, rounds: int, scale: float) -> Iterator[Line]:
    """Every line about SQLite."""
    yield from _singles(folder, rounds, max(50, int(1_000 * scale)))
    yield from _thousands(folder, rounds, max(5, int(100 * scale)))
    yield from _callers(folder, rounds, max(4, int(80 * scale)))
    yield from _full_events(folder, rounds, max(4, int(40 * scale)))


def _new(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def _contend(folder: Path, rival: Append | None, *, size: int, commits: int, rounds: int) -> dict[str, Timed]:
    contenders = {"plain": plain(_new(folder)), "ours": new_log(_new(folder)).append}
    if rival is not None:
        contenders["rival"] = rival
    return take_turns(contenders, size=size, commits=commits, rounds=rounds)


def _singles(folder: Path, rounds: int, commits: int) -> Iterator[Line]:
    found = _contend(folder, pymerkle_default(_new(folder)), size=1, commits=commits, rounds=rounds)
    ours, base = found["ours"], found["plain"]
    figure = per_second(ours.rate)
    against = f"plain INSERT + commit {per_second(base.rate)}"
    yield at_least("SQLite, 1 event sealed", figure, against, ratio_of(ours.rates, base.rates), 0.65)
    yield at_most(
        "SQLite, 1 event, p99",
        f"{ours.p99 * 1e3:.2f} ms",
        f"plain {base.p99 * 1e3:.2f} ms",
        ours.p99 / base.p99,
        2.0,
    )
    if "rival" in found:
        rival = found["rival"]
        against = f"pymerkle, default {per_second(rival.rate)}"
        yield at_least("SQLite, 1 event sealed", figure, against, ratio_of(ours.rates, rival.rates), 1.8)


def _thousands(folder: Path, rounds: int, commits: int) -> Iterator[Line]:
    found = _contend(folder, pymerkle_with_root(_new(folder)), size=1_000, commits=commits, rounds=rounds)
    ours, base = found["ours"], found["plain"]
    figure = per_second(ours.rate)
    ratio = ratio_of(ours.rates, base.rates)
    yield at_least("SQLite, batch of 1,000 sealed", figure, f"plain {per_second(base.rate)}", ratio, 0.5)
    if "rival" in found:
        rival = found["rival"]
        against = f"pymerkle, WAL, with root {per_second(rival.rate)}"
        yield at_least("SQLite, batch of 1,000 sealed", figure, against, ratio_of(ours.rates, rival.rates), 1.6)


def _callers(folder: Path, rounds: int, each: int) -> Iterator[Line]:
    base, ours, given = plain(_new(folder)), new_log(_new(folder)), events(CALLERS * each, sections=False)
    rates: dict[str, list[float]] = {"plain": [], "ours": []}
    for _ in range(rounds):
        begin = time.perf_counter()
        for event in given[: 4 * each]:
            base([event])
        rates["plain"].append(4 * each / (time.perf_counter() - begin))
        given = events(CALLERS * each, sections=False)
        with GroupCommit(ours) as pool:
            begun = threading.Barrier(CALLERS + 1)
            threads = [
                threading.Thread(target=_submit, args=(pool, given[caller * each : (caller + 1) * each], begun))
                for caller in range(CALLERS)
            ]
            for thread in threads:
                thread.start()
            begun.wait()
            begin = time.perf_counter()
            for thread in threads:
                thread.join()
            rates["ours"].append(len(given) / (time.perf_counter() - begin))
    figure, against = per_second(median(rates["ours"])), f"plain, one a commit {per_second(median(rates['plain']))}"
    yield at_least(f"SQLite, {CALLERS} concurrent callers", figure, against, ratio_of(rates["ours"], rates["plain"]), 5)


def _submit(pool: GroupCommit, given: list[SealedEvent], begun: threading.Barrier) -> None:
    begun.wait()
    for event in given:
        pool.submit(event).result()


def _full_events(folder: Path, rounds: int, commits: int) -> Iterator[Line]:
    """Events as a scan makes them: canonical JSON, three commitments, one section sealed with AES-GCM, all in one transaction."""
    place = _new(folder)
    world, log, keys = World(), new_log(place), SqliteKeys(place / "keys.db", create=True)
    production, rates = world.new_id(), list[float]()
    for _ in range(rounds):
        made = [[_seen(world) for _ in range(1_000)] for _ in range(commits)]
        begin = time.perf_counter()
        for batch in made:
            with keys.together():
                sealed = [
                    seal(
                        event,
                        id=world.new_id(),
                        ts=world.milliseconds(),
                        actor="k:0123456789abcdef",
                        keys=keys,
                        production=production,
                        randomness=world.randomness,
                    )
                    for event in batch
                ]
            log.append(sealed)
        rates.append(commits * 1_000 / (time.perf_counter() - begin))
    what = "SQLite, full events (3 sections, 1 sealed), batch of 1,000"
    yield Line(what, per_second(median(rates)), "", None, f"≥ {FULL_EVENTS_AIM:,} /s", median(rates) >= FULL_EVENTS_AIM)


def _seen(world: World) -> VersionSeen:
    fact = VersionFact(world.new_id(), MediaFacts("still", width=1920, height=1080))
    return VersionSeen(
        fact,
        VersionBytes(world.randomness(32).hex(), 1_048_576),
        PlaceSection("r-1", f"shots/sh010/plate.{world.randomness(3).hex()}.exr"),
    )
