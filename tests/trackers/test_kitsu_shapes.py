"""An answer of a Kitsu that has another shape than is known is said, and hides nothing that can be read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from following import codes, look
from kitsu_double import TOKEN, KitsuDouble, kitsu_double

from edgecode.drivers.kitsu_client import Kitsu, KitsuKey
from edgecode.errors import UnavailableError
from edgecode.production import Production


@pytest.fixture
def double() -> Iterator[KitsuDouble]:
    with kitsu_double() as host:
        yield host


@pytest.fixture
def show(tmp_path: Path) -> Path:
    Production.create(tmp_path / "show", title="The lighthouse").close()
    return tmp_path / "show"


@pytest.mark.parametrize("data", ["an event of the next release", ["a", "b"]])
def test_what_an_event_of_an_unknown_shape_told_of_is_listed(double: KitsuDouble, show: Path, data: object) -> None:
    look(double.url, show, token=TOKEN)
    double.publish("SH010")
    double.log[-1]["data"] = data
    taken = look(double.url, show, token=TOKEN)

    assert (taken.publishes, codes(taken)["kitsu.unread"]) == (1, 1)


def test_an_event_of_an_unknown_shape_on_a_full_page_hides_no_page_behind_it(
    double: KitsuDouble, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(double.url, show, token=TOKEN)
    double.most = 10
    monkeypatch.setattr("edgecode.production.kitsu.cursor.EVENTS_OF_A_PAGE", 10)
    gone = [double.publish("SH020", seconds=2) for _ in range(30)]
    for preview in gone:
        del double.previews[preview]
    double.log[-3]["data"] = "unknown"
    taken = look(double.url, show, token=TOKEN)

    assert (taken.publishes, codes(taken)["kitsu.unread"]) == (29, 1)


def test_an_answer_that_should_be_a_list_and_is_none_is_not_taken_for_an_empty_one(
    double: KitsuDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    kitsu = Kitsu(double.url, KitsuKey(token=TOKEN))
    monkeypatch.setattr(double, "answer", lambda path: (200, {"data": [], "total": 3}))
    with pytest.raises(UnavailableError) as refused:
        kitsu.rows("data/events/last")

    assert refused.value.code == "kitsu.unreachable"
