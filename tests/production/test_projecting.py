"""An index on a server that is far behind is made near by and brought over; nobody can tell by what it holds."""

import threading
from collections.abc import Iterable

import pytest

from edgecode.drivers.postgres_index import PostgresIndex
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.registry import Recorded
from edgecode.index.dump import dump
from edgecode.index.projector import watermark
from edgecode.index.store import IndexStore
from edgecode.production.log.projecting import FAR_BEHIND, bring_up, is_far_behind
from index.random_show import random_show
from index.small_show import index_of, recorded
from postgres_server import PostgresServer

ROOT = b"\x07" * 32
SHOW = random_show(1_000, 3)
ENTRIES = recorded(SHOW.events)


class Catching:
    """Brings one index up and notes from which entry on it asked for events."""

    def __init__(self, index: IndexStore) -> None:
        self.index = index
        self.asked: list[int] = []

    def up_to(self, size: int) -> bool:
        stands = int(watermark(self.index)[0])
        return bring_up(self.index, lambda first: self._from(first, size), stands=stands, size=size, root=ROOT)

    def _from(self, first: int, size: int) -> Iterable[Recorded]:
        self.asked.append(first)
        return iter(ENTRIES[first:size])


def test_an_index_on_a_server_reads_everything_again_when_it_is_far_behind_and_else_what_is_new(
    postgres: PostgresServer,
) -> None:
    there, size = Catching(PostgresIndex(postgres.database())), len(ENTRIES)
    new = [there.up_to(at) for at in (300, 320, size - 5, size)]

    assert (new, there.asked) == ([True, False, True, False], [0, 300, 0, size - 5])
    assert dump(there.index) == dump(index_of(SHOW.events))


def test_an_index_in_a_file_is_never_projected_twice() -> None:
    here = Catching(SqliteIndex(":memory:"))
    new = [here.up_to(at) for at in (10, len(ENTRIES))]

    assert (new, here.asked) == ([True, False], [0, 10])


@pytest.mark.parametrize(
    ("stands", "size", "far"),
    [(0, FAR_BEHIND - 1, False), (0, FAR_BEHIND, True), (40_000, 50_000, True), (100_000, 110_000, False)],
)
def test_what_pays_is_told_by_how_much_is_behind(stands: int, size: int, far: bool) -> None:
    assert is_far_behind(stands, size) == far


def test_two_processes_that_are_far_behind_make_one_index_and_read_the_log_once(postgres: PostgresServer) -> None:
    url = postgres.database()
    both = [Catching(PostgresIndex(url)), Catching(PostgresIndex(url))]
    threads = [threading.Thread(target=one.up_to, args=(len(ENTRIES),)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.asked for one in both) == [[], [0]]
    assert dump(both[0].index) == dump(index_of(SHOW.events))
