"""Whatever the times of events, the size of pages and the moments of looks: every event is new exactly once."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as some
from kitsu_double import KitsuDouble

from edgecode.production.kitsu import cursor as kitsu_cursor
from edgecode.production.kitsu.cursor import PUBLISHED, KitsuCursor

START = datetime(2026, 11, 23, 10)
PAGE = 12


class _Asked:
    """A client that asks the double without a network."""

    site = "double"

    def __init__(self, double: KitsuDouble, *, seconds: float = 0.0) -> None:
        self._double, self.seconds = double, seconds

    def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> object:
        status, found = self._double.answer(f"/{path}?{urlencode(query)}")
        return found if status == 200 else None

    def rows(self, path: str, query: Sequence[tuple[str, str]] = ()) -> list[dict[str, object]]:
        found = self.get(path, query)
        return found if isinstance(found, list) else []


def event(number: int, at: datetime, project: str) -> dict[str, object]:
    identity = f"{number:08d}-0000-4000-8000-000000000000"
    when = at.replace(microsecond=0).isoformat()
    return {"id": identity, "created_at": when, "name": PUBLISHED, "user_id": None, "project_id": project, "data": {}}


HAPPENINGS = some.lists(
    some.one_of(
        some.tuples(some.just("happens"), some.integers(0, 400)),
        some.tuples(some.just("is committed late"), some.integers(1, 500)),
        some.tuples(some.just("is stamped ahead"), some.integers(1, 40_000)),
        some.tuples(some.just("look"), some.booleans()),
    ),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(HAPPENINGS)
def test_every_event_is_new_exactly_once(happenings: list[tuple[str, int]]) -> None:
    """*look* with True: the program ends before it has noted anything. Late ones lie at most 500 seconds behind the host's clock; others
    were stamped while it was wrong."""
    with TemporaryDirectory() as folder, KitsuDouble() as double:

        def cursor_of() -> KitsuCursor:
            seconds = now.replace(tzinfo=UTC).timestamp()
            asked = _Asked(double, seconds=seconds)
            return KitsuCursor(asked, double.project, production=Path(folder), own_clock=lambda: seconds)  # type: ignore[arg-type]

        now, count = START, 0
        kitsu_cursor.EVENTS_OF_A_PAGE, double.most, double.log = PAGE, PAGE, [event(0, START, double.project)]
        try:
            first = cursor_of()
            first.advance(first.news())
            taken: Counter[str] = Counter()
            for what, value in [*happenings, ("look", False)]:
                if what == "look":
                    cursor = cursor_of()
                    news = cursor.news()
                    assert not news.listing
                    if value:
                        continue
                    taken.update(one.id for one in news.events)
                    cursor.advance(news)
                    continue
                count += 1
                if what == "happens":
                    now += timedelta(seconds=value / 4)
                    double.log.append(event(count, now, double.project))
                else:
                    at = max(START, now - timedelta(seconds=value if what == "is committed late" else -value))
                    double.log.append(event(count, at, double.project))
                double.log.sort(key=lambda one: one["created_at"])
            expected = Counter(one["id"] for one in double.log[:])
            del expected[event(0, START, "")["id"]]
        finally:
            kitsu_cursor.EVENTS_OF_A_PAGE = 1000

    assert taken == expected
