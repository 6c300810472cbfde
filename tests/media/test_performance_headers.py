"""Headers of performances: bodies in C3D and BVH, voices as recorders write them; never who it was, and no file ends a scan."""

import random
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture_writers import Processor, bvh, c3d, recorders_wave
from edgecode.events.file_facts import FileFacts
from edgecode.ingest.headers import read_header
from edgecode.ingest.media.c3d import read_c3d, subjects
from edgecode.ingest.media.window import Window


def facts_of(folder: Path, name: str, data: bytes) -> FileFacts:
    (folder / name).write_bytes(data)
    facts, problems = read_header(folder / name)
    assert problems == []
    return facts


@pytest.mark.parametrize("processor", ["intel", "dec", "mips"])
def test_a_c3d_says_the_same_whichever_processor_wrote_it(tmp_path: Path, processor: Processor) -> None:
    facts = facts_of(tmp_path, "a.c3d", c3d(frames=48, rate=59.94, processor=processor))

    assert facts == FileFacts(
        media_class="other",
        media_type="model/x-c3d",
        rate="60000/1001",
        frames=48,
        software="Vicon Shogun",
        header_key="Vicon Shogun",
        header={"markers": "2", "units": "mm", "first_frame": "1"},
    )


def test_who_was_captured_is_counted_and_never_kept(tmp_path: Path) -> None:
    data = c3d(["Wilhelmina:LFHD", "Wilhelmina:RFHD", "Bo:LFHD"], subjects=["Wilhelmina", "Bo"])
    facts = facts_of(tmp_path, "a.c3d", data)

    assert (facts.header["subjects"], "labels" in facts.header) == ("2", False)
    assert "Wilhelmina" not in repr(facts)
    with Window(tmp_path / "a.c3d") as window:
        assert subjects(window) == ("Wilhelmina", "Bo")


def test_subjects_that_no_group_names_are_the_prefixes_of_labels(tmp_path: Path) -> None:
    (tmp_path / "a.c3d").write_bytes(c3d(["Ann:LFHD", "Bo:LFHD", "Ann:RFHD", "floor"]))
    with Window(tmp_path / "a.c3d") as window:
        assert subjects(window) == ("Ann", "Bo")


def test_a_long_take_has_more_frames_than_the_header_can_count(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "a.c3d", c3d(["A"], frames=70_000, rate=240.0)).frames == 70_000


def test_more_markers_than_one_list_holds_are_all_read(tmp_path: Path) -> None:
    data = c3d([f"M{i}" for i in range(200)], more={"POINT": {"LABELS": ["A"], "LABELS2": ["B", "C"]}})
    (tmp_path / "a.c3d").write_bytes(data)
    with Window(tmp_path / "a.c3d") as window:
        assert read_c3d(window).labels == ("A", "B", "C")


def test_a_capture_faster_than_any_picture_keeps_its_rate_in_words(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "a.c3d", c3d(rate=2_000.0))

    assert (facts.rate, facts.header["capture_rate"]) == ("", "2000")


def test_a_c3d_without_its_last_frames_is_cut_short(tmp_path: Path) -> None:
    (tmp_path / "a.c3d").write_bytes(c3d(frames=50)[:-1])

    assert [one.code for one in read_header(tmp_path / "a.c3d")[1]] == ["media.truncated"]


@given(
    labels=st.lists(st.text(string.ascii_letters + string.digits, min_size=1, max_size=12), min_size=1, max_size=40),
    frames=st.integers(1, 90_000),
    rate=st.sampled_from([24.0, 60.0, 100.0, 119.88, 120.0, 240.0]),
    processor=st.sampled_from(["intel", "dec", "mips"]),
    analog=st.integers(0, 3),
)
def test_every_written_c3d_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    labels: list[str],
    frames: int,
    rate: float,
    processor: Processor,
    analog: int,
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.c3d"
    path.write_bytes(c3d(labels, frames=frames, rate=rate, processor=processor, analog=analog)[: 60 << 10])
    with Window(path) as window:
        read = read_c3d(window)

    assert (read.labels, read.frames, round(read.rate, 2), read.points, read.analog) == (
        tuple(labels),
        frames,
        rate,
        len(labels),
        analog,
    )


def test_no_label_of_a_marker_or_joint_is_kept_however_it_is_spelled(tmp_path: Path) -> None:
    captured = facts_of(tmp_path, "a.c3d", c3d(["Wilhelmina_LFHD", "WilhelminaRFHD", "Wilhelmina"]))
    data = bvh(prefix="", frames=2).replace(b"Hips", b"Wilhelmina_Hips")
    moved = facts_of(tmp_path, "a.bvh", data)

    assert b"Wilhelmina" in data
    assert "Wilhelmina" not in repr((captured, moved))


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_a_bvh_says_its_joints_frames_and_rate_and_not_whose_they_are(tmp_path: Path, line: str) -> None:
    facts = facts_of(tmp_path, "a.bvh", bvh(prefix="Wilhelmina", frames=240, line=line))

    assert facts == FileFacts(
        media_class="other",
        media_type="model/x-bvh",
        rate="120/1",
        frames=240,
        header={"joints": "2", "hierarchies": "1", "channels": "9"},
    )


def test_two_people_in_one_bvh_are_two_hierarchies(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "a.bvh", bvh(roots=2)).header["hierarchies"] == "2"


def test_a_bvh_without_its_frames_is_cut_short(tmp_path: Path) -> None:
    (tmp_path / "a.bvh").write_bytes(bvh(frames=400)[:900])

    assert [one.code for one in read_header(tmp_path / "a.bvh")[1]] == ["media.truncated"]


@pytest.mark.parametrize(("name", "data"), [("a.c3d", c3d(["A:B"], subjects=["A"])), ("a.bvh", bvh(frames=40))])
def test_a_cut_or_spoilt_capture_never_ends_a_scan(tmp_path: Path, name: str, data: bytes) -> None:
    chance = random.Random(3)
    pieces = [data[: len(data) * part // 32] for part in range(32)]
    for _ in range(200):
        spoilt = bytearray(data)
        for _ in range(4):
            spoilt[chance.randrange(min(len(data), 1_500))] = chance.randrange(256)
        pieces.append(bytes(spoilt))
    for piece in pieces:
        (tmp_path / name).write_bytes(piece)
        facts, _ = read_header(tmp_path / name)
        assert facts.media_class in ("other", "model")


# --------------------------------------------------------------------------------------------------------- voices

TEN_O_CLOCK = 48_000 * 36_000


def test_a_wave_without_ixml_says_the_time_of_day_that_it_starts_at(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "a.wav", recorders_wave(reference=TEN_O_CLOCK + 24_000))

    assert (facts.start_label, facts.start, facts.rate) == ("10:00:00.500 since midnight", None, "")


def test_a_wave_without_ixml_has_a_timecode_where_its_recorder_wrote_the_speed_beside(tmp_path: Path) -> None:
    said = "sSPEED=023.976-ND\r\nsTAKE=03\r\nsSCENE=12A\r\nsTAPE=SD01\r\nsNOTE=Wilhelmina laughs\r\n"
    facts = facts_of(tmp_path, "a.wav", recorders_wave(said, reference=TEN_O_CLOCK * 1001 // 1000))

    assert (facts.rate, facts.start_label, facts.reel) == ("24000/1001", "10:00:00:00", "SD01")
    assert (facts.header["scene"], facts.header["take"]) == ("12A", "03")
    assert "Wilhelmina" not in repr(facts)


def test_ixml_says_scene_take_circle_and_tracks(tmp_path: Path) -> None:
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{i}</CHANNEL_INDEX><INTERLEAVE_INDEX>{i}</INTERLEAVE_INDEX><NAME>{name}</NAME></TRACK>"
        for i, name in ((1, "Boom &amp; plant"), (2, "Lav 2"))
    )
    ixml = f"<BWFXML><SCENE>12A</SCENE><TAKE>3</TAKE><CIRCLED>TRUE</CIRCLED><TRACK_LIST>{tracks}</TRACK_LIST></BWFXML>"
    facts = facts_of(tmp_path, "a.wav", recorders_wave(ixml=ixml))

    assert facts.header == {
        "bits": "16",
        "scene": "12A",
        "take": "3",
        "circled": "yes",
        "tracks": "1 Boom & plant; 2 Lav 2",
    }


def test_ixmls_own_time_stamp_counts_where_bext_has_none(tmp_path: Path) -> None:
    high, low = divmod(TEN_O_CLOCK, 1 << 32)
    speed = (
        f"<TIMECODE_RATE>25/1</TIMECODE_RATE><TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{high}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{low}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
    )

    assert facts_of(tmp_path, "a.wav", recorders_wave(ixml=speed)).start_label == "10:00:00:00"
