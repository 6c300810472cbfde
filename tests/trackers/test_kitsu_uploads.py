"""A preview whose file was uploaded again: what was said goes to the bytes that were shown then, and to none where nobody knows which."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from following import codes, look, versions_of
from kitsu_double import TOKEN, KitsuDouble, digest, kitsu_double

from cli_png import picture
from edgecode.drivers.kitsu_client import Kitsu, KitsuKey
from edgecode.events.door_kinds import ReviewNoted
from edgecode.index.catalogue import version
from edgecode.index.persons import depictions_of, person_called
from edgecode.index.rights import rights
from edgecode.ingest.tables.kitsu_people import WhoIsWho
from edgecode.production import Production
from edgecode.production.kitsu.following import KitsuProject, KitsuTaken
from edgecode.production.kitsu.shots import ShotDesk
from edgecode.production.persons.noting import add_person

A, B, C = picture(21), picture(22), picture(23)
NAMES = {digest(A): "A", digest(B): "B", digest(C): "C"}


@pytest.fixture
def double() -> Iterator[KitsuDouble]:
    with kitsu_double() as host:
        yield host


@pytest.fixture
def show(tmp_path: Path) -> Path:
    Production.create(tmp_path / "show", title="The lighthouse").close()
    return tmp_path / "show"


def seen(double: KitsuDouble, show: Path, *, again: bool = False) -> KitsuTaken:
    return look(double.url, show, token=TOKEN, fetch=True, again=again)


def uploaded(double: KitsuDouble, preview: str, data: bytes) -> None:
    """The same preview shows other bytes now."""
    double.files[preview] = data
    double.uploaded(preview, seconds=60)


def said(double: KitsuDouble, preview: str, status: str) -> None:
    double.say("SH010", status, f"{status} it", previews=(preview,), seconds=60)


def reviews(show: Path) -> list[str]:
    """What was said of A, B and C, in the order in which it was noted."""
    with Production.open(show) as production:
        facts = [cast(ReviewNoted, kept.event).fact for kept in rights(production.index, ReviewNoted)]
        found = []
        for fact in facts:
            rows = [version(production.index, key) for key in fact.about]
            names = [NAMES[row.digest] for row in rows if row is not None and row.digest in NAMES]
            found += [f"{fact.outcome} {' '.join(names)}"] if names else []
        return found


def test_what_is_said_is_about_the_bytes_that_were_shown_then(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", A)
    seen(double, show)
    said(double, preview, "retake")
    uploaded(double, preview, B)
    said(double, preview, "done")
    seen(double, show)

    assert reviews(show) == ["rejected A", "approved B"]


def test_bytes_that_are_shown_again_are_those_that_it_is_about_again(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", A)
    for data in (B, A):
        seen(double, show)
        uploaded(double, preview, data)
    said(double, preview, "done")
    taken = seen(double, show)

    assert (taken.publishes, codes(taken)["kitsu.replaced"], reviews(show)) == (1, 1, ["approved A"])


def test_a_casting_is_of_everything_that_a_preview_ever_showed(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", A)
    seen(double, show)
    uploaded(double, preview, B)
    seen(double, show)
    kitsu = Kitsu(double.url, KitsuKey(token=TOKEN))
    kitsu.enter()
    with Production.open(show) as production:
        add_person(production, identity={"name": "Zelda Quux"}, contact={})
        ShotDesk(production, KitsuProject(kitsu), None).cast(WhoIsWho({"Keeper": ("P-01",)}))
        noted = depictions_of(production.index, person_called(production.index, "P-01").id)
        rows = [version(production.index, one.version) for one in noted]

    assert {NAMES.get(row.digest or "") for row in rows if row is not None} >= {"A", "B"}
    assert versions_of(show, preview) == [digest(A), digest(B)]


def test_an_upload_that_no_event_tells_is_read_from_a_list(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", A)
    seen(double, show)
    uploaded(double, preview, B)
    seen(double, show)
    uploaded(double, preview, C)
    said(double, preview, "done")
    double.log.clear()
    purged = seen(double, show)
    later = seen(double, show, again=True)

    assert (purged.publishes, codes(purged)["kitsu.replaced"], later.publishes) == (1, 1, 0)
    assert (versions_of(show, preview), reviews(show)) == ([digest(A), digest(B), digest(C)], ["approved C"])


def test_a_list_reads_no_file_whose_preview_was_not_written_since(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", A)
    seen(double, show)
    double.asked.clear()
    seen(double, show, again=True)

    assert [path for path in double.asked if preview in path and "pictures" in path] == []


def test_what_is_said_while_nobody_knows_which_bytes_were_shown_is_not_noted_and_said(
    double: KitsuDouble, show: Path
) -> None:
    preview = double.publish("SH010", A)
    seen(double, show)
    uploaded(double, preview, B)
    said(double, preview, "done")
    uploaded(double, preview, C)
    said(double, preview, "retake")
    taken = seen(double, show)

    assert (reviews(show), versions_of(show, preview)) == (["rejected C"], [digest(A), digest(C)])
    assert (codes(taken)["kitsu.which_file"], taken.reviews.unclear, taken.waiting) == (1, 1, 0)


def test_what_came_before_two_uploads_that_nobody_saw_is_about_neither(double: KitsuDouble, show: Path) -> None:
    preview = double.publish("SH010", A)
    said(double, preview, "done")
    seen(double, show)
    other = double.publish("SH010", A)
    said(double, other, "done")
    uploaded(double, other, B)
    said(double, other, "retake")
    taken = seen(double, show)

    assert (reviews(show), taken.reviews.unclear) == (["approved A", "rejected B"], 1)


def test_two_uploads_in_two_portions_of_a_look_are_one_step(
    double: KitsuDouble, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgecode.production.kitsu.following._AT_ONCE", 1)
    preview = double.publish("SH010", A)
    seen(double, show)
    uploaded(double, preview, B)
    uploaded(double, preview, C)
    taken = seen(double, show)

    assert (taken.publishes, versions_of(show, preview)) == (1, [digest(A), digest(C)])
