"""IMF composition playlists as the delivered cut (ST 2067-3): places computed by hand from edit units."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.ingest.doors import CutReader
from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.exchange_readers import ImfReader
from edgecode.ingest.editorial.export_check import checked
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate
from edgecode.testing.reader_suites import CutReaderSuite, Samples
from exchange_samples import DELIVERED, cpl, cpl_resource, cpl_sequence


class TestImfReader(CutReaderSuite):
    @pytest.fixture
    def reader(self) -> CutReader:
        return ImfReader()

    @pytest.fixture
    def samples(self) -> Samples:
        return {"CPL_1.xml": DELIVERED}


def only(data: bytes) -> CutReading:
    [cut] = read_cut(data, name="cpl.xml")
    return cut


def places(cut: CutReading) -> list[tuple[int, Fraction, Fraction, Fraction | None]]:
    return [(clip.path[0], clip.record_in, clip.record_out, clip.source_in) for clip in cut.clips]


def test_resources_follow_one_another_through_all_segments_and_repeats_are_uses() -> None:
    cut = only(DELIVERED)

    assert (cut.name, cut.rate, cut.start, cut.frames) == ("Last Verse", Rate(24), 86400, 80)
    assert [(track.name, track.kind) for track in cut.tracks] == [("Image 1", "picture"), ("Audio 1", "sound")]
    assert places(cut) == [
        (0, 0, 48, 24),
        (0, 48, 58, 0),
        (0, 58, 68, 0),
        (1, 0, 68, 24),
        (0, 68, 80, 5),
        (1, 68, 80, 0),
    ]


def test_the_track_file_is_the_source_by_its_id() -> None:
    assert only(DELIVERED).clips[0].media.umids == ("urn:uuid:10000000-0000-4000-8000-000000000001",)


def test_sound_is_counted_in_frames_of_the_cut() -> None:
    sound = next(clip for clip in only(DELIVERED).clips if clip.kind == "sound")

    assert (sound.source_rate, sound.media.available_end) == (Rate(24), 240)


def test_a_picture_at_twice_the_rate_of_the_cut_plays_two_frames_for_one() -> None:
    resource = cpl_resource(1, entry=10, length=48, edit_rate="48 1")
    [clip] = only(cpl([cpl_sequence("MainImageSequence", 1, resource)])).clips

    assert (clip.record_out, clip.source_in, clip.source_scale, clip.source_rate) == (24, 10, 2, Rate(48))


def test_tracks_of_unequal_length_in_a_segment_are_said() -> None:
    segment = [
        cpl_sequence("MainImageSequence", 1, cpl_resource(1, entry=0, length=48)),
        cpl_sequence("MainAudioSequence", 2, cpl_resource(2, entry=0, length=24)),
    ]

    assert [problem.code for problem in only(cpl(segment)).diagnostics] == ["length.mismatch"]


def test_captions_are_a_track_that_is_neither_picture_nor_sound() -> None:
    cut = only(cpl([cpl_sequence("SubtitlesSequence", 1, cpl_resource(1, entry=0, length=48))]))

    assert [(track.kind, clip.kind) for track, clip in zip(cut.tracks, cut.clips, strict=True)] == [("other", "other")]


def test_a_resource_that_plays_more_than_there_is_is_said() -> None:
    resource = cpl_resource(1, entry=20, length=48, whole=50)

    assert [problem.code for problem in only(cpl([cpl_sequence("MainImageSequence", 1, resource)])).diagnostics] == [
        "length.mismatch"
    ]


def test_a_stereo_resource_is_said_and_moves_nothing_that_follows() -> None:
    one = cpl_resource(1, entry=0, length=24)
    eyes = "".join(f"<{eye}>{one[len('<Resource>') : -len('</Resource>')]}</{eye}>" for eye in ("LeftEye", "RightEye"))
    stereo = f"<Resource><Id>urn:uuid:6</Id>{eyes}</Resource>"
    cut = only(cpl([cpl_sequence("MainImageSequence", 1, stereo, cpl_resource(2, entry=0, length=10))]))

    assert places(cut) == [(0, 24, 34, 0)]
    assert [(one.code, one.effect, "stereo" in one.text) for one in cut.diagnostics] == [
        ("schema.unknown", "row-missing", True)
    ]


def test_what_mends_a_playlist_is_something_that_one_can_do() -> None:
    found = {one.code: one.mend for one in checked(read_cut(DELIVERED, name="cpl.xml"))}

    assert list(found) == ["export.no_paths"]
    assert "--table" in found["export.no_paths"]


def test_a_playlist_of_digital_cinema_is_refused_in_words() -> None:
    other = (
        b'<CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/429-7/2006/CPL"><ReelList/></CompositionPlaylist>'
    )
    with pytest.raises(InputError, match="digital cinema"):
        read_cut(other, name="cpl.xml")


def test_a_count_of_repeats_without_end_is_refused() -> None:
    resource = cpl_resource(1, entry=0, length=1, repeat=2_000_000_000)
    with pytest.raises(InputError) as refused:
        read_cut(cpl([cpl_sequence("MainImageSequence", 1, resource)]), name="cpl.xml")

    assert refused.value.code == "cut.too_many_clips"


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 400), st.integers(1, 3)), min_size=1, max_size=6))
def test_any_list_of_resources_adds_up(items: list[tuple[int, int, int]]) -> None:
    resources = [
        cpl_resource(n, entry=entry, length=length, repeat=turns) for n, (entry, length, turns) in enumerate(items)
    ]
    want, position = [], 0
    for entry, length, turns in items:
        for _ in range(turns):
            want.append((0, position, position + length, entry))
            position += length

    assert places(only(cpl([cpl_sequence("MainImageSequence", 1, *resources)]))) == want
