"""What the scan's memory says against the record is read again before it is recorded."""

from pathlib import Path

import apsw
import pytest

from edgecode.index.dump import dump
from edgecode.ingest import file_reading
from edgecode.ingest.digests import Digests, digests
from edgecode.production import Production


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A production that has seen two files and a sequence of three."""
    media = tmp_path / "media"
    media.mkdir()
    for name in ("a.png", "b.png", "c.1.exr", "c.2.exr", "c.3.exr"):
        (media / name).write_bytes(name.encode() * 9)
    with Production.create(tmp_path / "show", title="A Show", domain="studio.example") as production:
        production.scan([media])
    change(tmp_path / "show", LATER)
    return tmp_path / "show"


LATER = "update file set read_at_ns = read_at_ns + 60000000000"
"""As if a minute had passed before reading: files that were written just now are read again in any case."""


def change(show: Path, sql: str) -> None:
    with apsw.Connection(str(show / ".edgecode" / "scan-cache.db")) as cache:
        cache.execute(sql)


def scanned_again(show: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, list[str]]:
    """How many events were recorded, how many versions were new, and whose bytes were read."""
    names: list[str] = []

    def counting(path: Path, advance: object = None) -> Digests:
        names.append(path.name)
        return digests(path)

    monkeypatch.setattr(file_reading, "digests", counting)
    with Production.open(show) as production:
        before, there = production.log.size, dump(production.index)
        intake = production.scan()
        assert dump(production.index) == there or production.log.size > before
        return production.log.size - before, intake.new, sorted(names)


def test_an_unchanged_tree_is_not_read_again(show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert scanned_again(show, monkeypatch) == (0, 0, [])


def test_digests_that_were_written_into_the_memory_are_not_put_on_the_record(
    show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(show, "update file set sha256 = randomblob(32) where cast(path as text) <> 'b.png'")

    assert scanned_again(show, monkeypatch) == (0, 0, ["a.png", "c.1.exr", "c.2.exr", "c.3.exr"])
    change(show, LATER)
    assert scanned_again(show, monkeypatch) == (0, 0, [])
