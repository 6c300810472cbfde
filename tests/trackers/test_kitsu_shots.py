"""Kitsu's shots beside a cut: frames that are both inside, who is cast, and what is written back on demand."""

import json
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import cast

import pytest
from kitsu_double import TOKEN, KitsuDouble, kitsu_double

import otio_parts
from cli_png import picture
from edgecode.drivers.kitsu_client import Kitsu, KitsuKey
from edgecode.events.door_kinds import ReviewNoted
from edgecode.index.catalogue import version_rows
from edgecode.index.persons import depictions_of, person_called
from edgecode.index.rights import rights
from edgecode.ingest.kitsu import Shot
from edgecode.ingest.kitsu_shots import clips_of_shots, differences, frames_expected, frames_used
from edgecode.ingest.tables.kitsu_people import WhoIsWho
from edgecode.production import Production
from edgecode.production.kitsu.cursor import KitsuCursor
from edgecode.production.kitsu.following import KitsuFollower, KitsuProject
from edgecode.production.kitsu.shots import Castings, ShotDesk
from edgecode.production.persons.noting import add_person
from edgecode.production.persons.parties import name_member
from edgecode.terms.cuts import Clip, Media
from edgecode.terms.timebase import Rate

RATE = Rate.of("24")


def shot(name: str, first: object = 1001, last: object = 1024, *, sequence: str = "SEQ01") -> Shot:
    return Shot(f"{sequence}-{name}", name, sequence, data={"frame_in": first, "frame_out": last})


def clip(name: str, first: int = 1001, frames: int = 24, *, scale: int = 1, at: int = 0, target: str = "") -> Clip:
    media = Media("file", targets=(target,)) if target else Media()
    return Clip(name, "media", (0,), Fraction(at), Fraction(at + frames), media, RATE, Fraction(first), Fraction(scale))


def told(shots: list[Shot], clips: list[Clip]) -> list[tuple[str, str]]:
    return [(one.shot.called, one.what) for one in differences(shots, clips, clips_of_shots(shots, clips))]


def test_frame_in_and_frame_out_are_both_inside() -> None:
    assert (frames_expected(shot("SH010")), frames_used([clip("x")])) == ((1001, 1024), (1001, 1024))
    assert told([shot("SH010")], [clip("SEQ01_SH010_comp_v003")]) == []


@pytest.mark.parametrize(
    ("first", "frames", "what"),
    [
        (1001, 23, "1 frame fewer at the tail"),
        (1003, 22, "2 frames fewer at the head"),
        (999, 30, "2 frames more at the head, 4 frames more at the tail"),
        (1, 24, "other frame numbers, the same length"),
        (1, 20, "other frame numbers, 4 frames fewer"),
    ],
)
def test_a_difference_says_at_which_end(first: int, frames: int, what: str) -> None:
    assert told([shot("SH010")], [clip("SH010", first, frames)]) == [("SEQ01/SH010", what)]


def test_what_cannot_be_compared_is_said_and_not_passed() -> None:
    unclear = Clip("SH030", "media", (0,), Fraction(0), Fraction(24), Media(), RATE, None, None)
    shots = [shot("SH010"), shot("SH020", None, 1012), shot("SH030"), shot("SH040", 1024, 1001)]

    assert told(shots, [clip("SH020"), unclear, clip("SH040")]) == [
        ("SEQ01/SH010", "no clip of the cut shows it"),
        ("SEQ01/SH020", "Kitsu says no first and last frame"),
        ("SEQ01/SH030", "which frames the cut uses cannot be computed"),
        ("SEQ01/SH040", "Kitsu says no first and last frame"),
    ]


def test_frames_that_kitsu_has_as_text_count() -> None:
    assert frames_expected(shot("SH010", "1001", " 1024 ")) == (1001, 1024)
    assert [frames_expected(shot("S", value, 2)) for value in (True, "x", 1.5)] == [None] * 3


def test_a_clip_played_backwards_uses_the_same_frames() -> None:
    assert frames_used([clip("x", 1024, 24, scale=-1)]) == (1001, 1024)


def test_two_clips_of_one_shot_are_one_range() -> None:
    assert told([shot("SH010")], [clip("SH010", 1001, 12), clip("sh010", 1013, 12, at=12)]) == []


def test_a_name_within_another_word_is_no_shot() -> None:
    shots = [shot("SH010"), shot("SH01")]

    assert clips_of_shots(shots, [clip("SH0100"), clip("SH01_v1"), clip("x", target="/m/sh010/SH010_v3.mov")]) == {
        "SEQ01-SH010": (2,),
        "SEQ01-SH01": (1,),
    }


def test_shots_of_one_name_are_told_by_their_sequence() -> None:
    shots = [shot("SH010"), shot("SH010", sequence="SEQ02")]

    assert clips_of_shots(shots, [clip("SEQ02_SH010"), clip("SH010"), clip("SEQ01-SH010")]) == {
        "SEQ01-SH010": (2,),
        "SEQ02-SH010": (0,),
    }


@pytest.fixture
def double() -> Iterator[KitsuDouble]:
    with kitsu_double() as host:
        yield host


@pytest.fixture
def production(double: KitsuDouble, tmp_path: Path) -> Iterator[Production]:
    """A production that has followed the recorded project, with a cut of its first shot and a person in it."""
    with Production.create(tmp_path / "show", title="The lighthouse") as found:
        track = otio_parts.track(otio_parts.clip("SEQ01_SH010_v002", 1001, 22))
        (tmp_path / "r.otio").write_bytes(otio_parts.timeline(track))
        found.add_cut([tmp_path / "r.otio"], name="r")
        add_person(found, identity={"name": "Zelda Quux"}, contact={})
        project = project_of(double)
        follower = KitsuFollower(
            project, KitsuCursor(project.kitsu, project.id, production=found.folder), settle_seconds=0
        )
        follower.take(found, follower.news(), fetch=False)
        yield found


def project_of(double: KitsuDouble) -> KitsuProject:
    kitsu = Kitsu(double.url, KitsuKey(token=TOKEN))
    kitsu.enter()
    return KitsuProject(kitsu)


def test_a_casting_is_noted_once_in_what_was_published_for_the_shot(
    production: Production, double: KitsuDouble
) -> None:
    who = WhoIsWho({"Keeper": ("P-01",)})
    desks = [ShotDesk(production, project_of(double), None) for _ in range(2)]
    found = [desk.cast(who) for desk in desks]
    noted = depictions_of(production.index, person_called(production.index, "P-01").id)

    assert found == [Castings(2, {}), Castings(0, {})]
    assert [one.how for one in noted] == ["depicted", "depicted"]


def test_a_casting_is_noted_in_what_the_cut_shows_of_the_shot(
    production: Production, double: KitsuDouble, tmp_path: Path
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "SEQ01_SH010_v002.png").write_bytes(picture(5))
    production.scan([tmp_path / "media"])
    (shown,) = production.targets(sha256(picture(5)).hexdigest())
    ShotDesk(production, project_of(double), production.view("r")).cast(WhoIsWho({"Keeper": ("P-01",)}))
    noted = depictions_of(production.index, person_called(production.index, "P-01").id)
    (row,) = version_rows(production.index, [shown]).values()

    assert (len(noted), row.key in {one.version for one in noted}) == (3, True)


def test_a_review_is_by_a_member_whom_somebody_named_and_else_by_nobody(
    production: Production, double: KitsuDouble
) -> None:
    member = name_member(production, "P-01", ["supervisor"])
    (maker,) = {str(one["person_id"]) for one in double.comments.values()}
    known, stranger = double.say("SH010", "retake", "mine"), double.say("SH010", "retake", "theirs")
    double.comments[stranger]["person_id"] = "somebody else"
    project = project_of(double)
    cursor = KitsuCursor(project.kitsu, project.id, production=production.folder)
    follower = KitsuFollower(project, cursor, members={maker: "P-01"}, settle_seconds=0)
    taken = follower.take(production, follower.news(), fetch=False)
    said = [cast(ReviewNoted, kept.event).fact for kept in rights(production.index, ReviewNoted)][-2:]

    assert (known != stranger, taken.reviews.outsiders) == (True, 1)
    assert [one.by for one in said] == [member, ""]


def test_a_character_that_nobody_is_named_for_stays_open_and_a_lamp_is_nobody(
    production: Production, double: KitsuDouble
) -> None:
    keeper = next(one["id"] for one in double.assets if one["name"] == "Keeper")
    project = project_of(double)

    assert ShotDesk(production, project, None).cast(WhoIsWho()) == Castings(0, {(keeper, "Keeper"): 1})
    assert [one.code for one in project.said] == ["kitsu.cast_open"]


def test_a_casting_of_somebody_who_is_nobody_here_is_said(production: Production, double: KitsuDouble) -> None:
    project = project_of(double)
    found = ShotDesk(production, project, None).cast(WhoIsWho({"Keeper": ("P-09",)}))

    assert (found.noted, [one.code for one in project.said]) == (0, ["person.unknown"])


def test_a_casting_of_a_shape_that_nobody_knows_is_said(production: Production, double: KitsuDouble) -> None:
    rows = next(each for each in double.casting.values() if each)
    rows += [{"asset_id": 7}, "Keeper"]
    project = project_of(double)
    found = ShotDesk(production, project, None).cast(WhoIsWho({"Keeper": ("P-01",)}))

    assert (found.noted, [one.code for one in project.said]) == (2, ["kitsu.unread"])


def test_a_casting_that_was_taken_back_in_kitsu_stays_here(production: Production, double: KitsuDouble) -> None:
    who = WhoIsWho({"Keeper": ("P-01",)})
    ShotDesk(production, project_of(double), None).cast(who)
    double.casting = {}
    ShotDesk(production, project_of(double), None).cast(who)
    noted = depictions_of(production.index, person_called(production.index, "P-01").id)

    assert [one.withdrawn for one in noted] == [False, False]


def test_the_standing_is_written_back_once_and_other_fields_stay(production: Production, double: KitsuDouble) -> None:
    view = production.view("r")
    changed = [ShotDesk(production, project_of(double), view).write_back() for _ in range(2)]
    kept = {one["name"]: one["data"] for one in double.shots.values()}

    assert changed == [2, 0]
    assert kept == {
        "SH010": {"frame_in": 1001, "frame_out": 1024, "provenance": "0 of 22 frames accounted for"},
        "SH020": {"frame_in": 1001, "frame_out": 1012, "provenance": "not in the cut"},
    }
    assert [(one["name"], one["entity_type"], one["for_client"]) for one in double.descriptors] == [
        ("Provenance", "Shot", False)
    ]


def test_the_standing_says_the_classes_of_what_is_accounted_for(
    production: Production, double: KitsuDouble, tmp_path: Path
) -> None:
    (tmp_path / "media").mkdir()
    path = tmp_path / "media" / "SEQ01_SH010_v002.png"
    path.write_bytes(picture(5))
    production.scan([tmp_path / "media"])
    step = {"schema": "edgecode.step/1", "kind": "paint", "outputs": [{"path": str(path)}]}
    production.record_lines([json.dumps(step).encode()])
    ShotDesk(production, project_of(double), production.view("r")).write_back()
    kept = {one["name"]: one["data"]["provenance"] for one in double.shots.values()}

    assert kept["SH010"] == "22 of 22 frames accounted for (H)"


def test_a_clip_that_is_off_shows_no_shot(production: Production, double: KitsuDouble, tmp_path: Path) -> None:
    track = otio_parts.track(otio_parts.clip("SEQ01_SH010_v002", 1001, 22, enabled=False))
    (tmp_path / "off.otio").write_bytes(otio_parts.timeline(track))
    production.add_cut([tmp_path / "off.otio"], name="off")
    (first, *_) = ShotDesk(production, project_of(double), production.view("off")).differences()

    assert (first.shot.name, first.what) == ("SH010", "no clip of the cut shows it")


def test_without_being_asked_nothing_is_written_to_kitsu(production: Production, double: KitsuDouble) -> None:
    ShotDesk(production, project_of(double), production.view("r")).differences()

    assert double.descriptors == []
    assert [one["data"] for one in double.shots.values() if "provenance" in one["data"]] == []
