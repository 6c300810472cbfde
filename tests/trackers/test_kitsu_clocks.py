"""Whatever the clock of a Kitsu's host said when something happened: it is on record in the end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from following import codes, look, noted
from kitsu_double import TOKEN, KitsuDouble, kitsu_double

from cli_png import picture
from edgecode.production import Production
from edgecode.production.kitsu.following import KitsuTaken

NOW = 1_800_000_000.0
HOUR, DAY = 60 * 60.0, 24 * 60 * 60.0


@pytest.fixture
def double() -> Iterator[KitsuDouble]:
    with kitsu_double() as host:
        yield host


@pytest.fixture
def show(tmp_path: Path) -> Path:
    Production.create(tmp_path / "show", title="The lighthouse").close()
    return tmp_path / "show"


def seen(double: KitsuDouble, show: Path, *, own_seconds: float = NOW, **more: bool) -> KitsuTaken:
    return look(double.url, show, token=TOKEN, own_seconds=own_seconds, **more)  # type: ignore[arg-type]


def stamp_last(double: KitsuDouble, **wrong: float) -> None:
    """The last event was stamped by a clock that was wrong by so much."""
    at = datetime.fromisoformat(double.log[-1]["created_at"])
    double.log[-1]["created_at"] = (at + timedelta(**wrong)).isoformat()


@pytest.mark.parametrize("wrong", [{"minutes": 20}, {"hours": 1}, {"days": 400}])
def test_an_event_that_is_stamped_ahead_hides_nothing_that_happens_until_then(
    double: KitsuDouble, show: Path, wrong: dict[str, float]
) -> None:
    seen(double, show)
    double.publish("SH010")
    stamp_last(double, **wrong)
    first = seen(double, show)
    double.publish("SH010")
    double.say("SH010", "retake", "wrong face")
    second, third = seen(double, show), seen(double, show)

    assert (first.publishes, second.publishes, second.reviews.outcomes) == (1, 1, {"rejected": 1})
    assert (third.publishes, third.reviews.new, noted(show).reviews[-1]) == (0, 0, "rejected: sh010_v004.png")


def test_a_comment_that_is_stamped_ahead_is_not_waited_for_until_then(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    double.now += timedelta(hours=1)
    double.say("SH010", "retake", "wrong face")
    double.now -= timedelta(hours=1)
    taken = look(double.url, show, token=TOKEN, own_seconds=NOW, settle_seconds=60)

    assert (taken.reviews.outcomes, taken.waiting) == ({"rejected": 1}, 0)


def test_what_happened_behind_a_clock_that_was_put_back_is_listed_and_said(double: KitsuDouble, show: Path) -> None:
    double.now += timedelta(hours=1)
    double.publish("SH010")
    seen(double, show)
    double.now -= timedelta(hours=1)
    double.publish("SH010", seconds=60)
    double.now += timedelta(hours=3)
    taken = seen(double, show, own_seconds=NOW + 3 * HOUR)
    later = seen(double, show, own_seconds=NOW + 3 * HOUR + 30)

    assert (taken.publishes, codes(taken)["kitsu.clock"]) == (1, 1)
    assert (later.publishes, dict(codes(later))) == (0, {})


def test_a_clock_that_says_less_than_before_is_one_that_was_put_back(double: KitsuDouble, show: Path) -> None:
    """Kitsu runs on this machine: both clocks were wrong alike."""
    double.now += timedelta(hours=2)
    double.publish("SH010")
    seen(double, show, own_seconds=NOW + 2 * HOUR)
    double.now -= timedelta(hours=2)
    double.publish("SH010", seconds=60)
    double.now += timedelta(hours=1)
    taken = seen(double, show, own_seconds=NOW + HOUR)

    assert (taken.publishes, codes(taken)["kitsu.clock"]) == (1, 1)


def test_an_event_that_was_stamped_long_before_it_happened_comes_within_a_day(double: KitsuDouble, show: Path) -> None:
    seen(double, show)
    double.publish("SH010")
    stamp_last(double, days=-2)
    same_hour = seen(double, show)
    double.now += timedelta(days=1)
    next_day = seen(double, show, own_seconds=NOW + DAY)

    assert (same_hour.publishes, next_day.publishes, dict(codes(next_day))) == (0, 1, {})


def test_the_list_of_every_day_reads_no_file_of_what_is_on_record(double: KitsuDouble, show: Path) -> None:
    double.publish("SH010", picture(7))
    seen(double, show)
    double.asked.clear()
    double.now += timedelta(days=1)
    taken = seen(double, show, own_seconds=NOW + DAY, fetch=True)

    assert (taken.publishes, [path for path in double.asked if "pictures" in path]) == (0, [])


def test_a_file_that_was_uploaded_again_is_told_by_its_event_on_the_day_of_the_list_too(
    double: KitsuDouble, show: Path
) -> None:
    preview = double.publish("SH010", picture(7))
    seen(double, show, fetch=True)
    double.files[preview] = picture(8)
    double.uploaded(preview)
    double.now += timedelta(days=1)
    taken = seen(double, show, own_seconds=NOW + DAY, fetch=True)

    assert (taken.publishes, codes(taken)["kitsu.replaced"]) == (1, 1)
