"""What is durable is never told as failed: an index that others write to is waited for, and one that cannot be written brought up later."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from edgecode.drivers import scan_cache
from edgecode.drivers.scan_cache import ScanCache
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import UnavailableError
from edgecode.index.projector import watermark
from edgecode.production import Production
from sample_log import Chance, version_seen


@contextmanager
def held(path: Path, *, seconds: float) -> Iterator[None]:
    """Somebody else is writing to a database for so long."""
    with closing(connect(path, durable=False)) as other:
        other.execute("begin immediate")
        ends = threading.Timer(seconds, other.execute, ["rollback"])
        ends.start()
        try:
            yield
        finally:
            ends.join()


@contextmanager
def broken_index(production: Production, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing can be written to the index."""

    @contextmanager
    def fail(index: SqliteIndex) -> Iterator[None]:
        raise UnavailableError("index.storage_failed", "the disk is full")
        yield

    with monkeypatch.context() as patched:
        patched.setattr(SqliteIndex, "transaction", fail)
        yield


def test_what_is_durable_is_told_as_recorded_though_the_index_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Production.create(tmp_path / "show", title="A Show") as production:
        with broken_index(production, monkeypatch):
            indexes = production.append([version_seen(Chance(1))])
        behind = production.is_behind, production.log.size, watermark(production.index)[0]
    with Production.open(tmp_path / "show") as production:
        brought_up = production.is_behind, production.log.size, watermark(production.index)[0]

    assert (indexes, behind, brought_up) == ([1], (True, 2, 1), (False, 2, 2))
    assert [record.getMessage().startswith("Recorded. ") for record in caplog.records] == [True]


def test_a_transaction_of_the_index_waits_for_its_turn_before_it_reads(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with closing(SqliteIndex(path)) as index, held(path, seconds=0.3), index.transaction():
        before = watermark(index)[0]
        index.run("set_watermark", 7, b"root")

        assert (before, watermark(index)[0]) == (0, 7)


def test_what_fails_in_a_transaction_of_the_index_leaves_nothing_and_it_goes_on(tmp_path: Path) -> None:
    with closing(SqliteIndex(tmp_path / "index.db")) as index:
        with pytest.raises(KeyError), index.transaction():
            index.run("set_watermark", 7, b"root")
            index.run("no such query")
        with index.transaction(), index.transaction():
            index.run("set_watermark", 8, b"root")

        assert watermark(index)[0] == 8


def test_a_new_memory_of_the_scan_is_laid_out_when_its_turn_comes(tmp_path: Path) -> None:
    path = tmp_path / "scan-cache.db"
    with held(path, seconds=0.3), closing(ScanCache.open(path)) as cache:
        assert cache.count("r-1") == 0


def test_a_memory_that_is_there_is_opened_while_somebody_writes_to_it(tmp_path: Path) -> None:
    path = tmp_path / "scan-cache.db"
    ScanCache.open(path).close()
    with held(path, seconds=0.3), closing(ScanCache.open(path)) as cache:
        assert cache.count("r-1") == 0


def test_whoever_waits_too_long_is_told_to_wait_and_not_to_make_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scan-cache.db"
    monkeypatch.setattr("edgecode.drivers.sqlite.TURN_MILLISECONDS", 50)
    beside = path.with_name("index.db")
    with closing(SqliteIndex(beside)) as index, held(beside, seconds=0.5), held(path, seconds=0.5):
        with pytest.raises(UnavailableError, match=r"Wait until they are done.*scan_cache\.busy"):
            ScanCache.open(path)
        with pytest.raises(UnavailableError, match=r"Wait until it is done.*index\.busy"), index.transaction():
            pass

    assert scan_cache.TURN_MILLISECONDS == 30_000
