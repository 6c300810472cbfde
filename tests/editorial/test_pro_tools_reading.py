"""Session text of Pro Tools: the sound cut of a mix, every place computed by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.ingest.doors import CutReader
from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.exchange_readers import ProToolsReader
from edgecode.ingest.editorial.pro_tools import joined_path
from edgecode.ingest.editorial.pro_tools_time import SessionClock
from edgecode.terms.cuts import CutReading, EffectsVisible
from edgecode.terms.timebase import Rate, label_of_frame
from edgecode.testing.reader_suites import CutReaderSuite, Samples
from exchange_samples import MIX, session, session_track


class TestProToolsReader(CutReaderSuite):
    @pytest.fixture
    def reader(self) -> CutReader:
        return ProToolsReader()

    @pytest.fixture
    def samples(self) -> Samples:
        return {"reel 1 mix.txt": MIX}


def only(data: bytes) -> CutReading:
    [cut] = read_cut(data, name="mix.txt")
    return cut


def places(cut: CutReading) -> list[tuple[str, Fraction, Fraction]]:
    return [(clip.name, clip.record_in, clip.record_out) for clip in cut.clips]


def row(name: str, first: str, end: str) -> tuple[str, str, str, str]:
    return name, first, end, "Unmuted"


def test_every_track_of_the_session_is_a_track_of_sound_that_starts_with_the_session() -> None:
    cut = only(MIX)

    assert (cut.name, cut.rate, cut.start, cut.frames) == ("Reel 1 mix", Rate(24), 86400, 72)
    assert [(track.name, track.kind, track.enabled) for track in cut.tracks] == [
        ("DX 1", "sound", True),
        ("MX", "sound", False),
    ]
    assert places(cut) == [("line 12", 24, 72), ("line 13", 108, 120), ("song", 0, 240)]
    assert [clip.enabled for clip in cut.clips] == [True, False, True]


def test_a_clip_names_the_file_that_the_lists_give_it() -> None:
    clip = only(MIX).clips[0]

    assert clip.media.targets == ("Mix Drive/Reel 1/Audio Files/line_12.wav",)
    assert clip.media.names == ("line_12.wav", "line 12")


def test_nobody_can_tell_which_part_of_a_file_a_clip_plays_so_all_of_it_counts() -> None:
    assert {(clip.source_in, clip.source_scale) for clip in only(MIX).clips} == {(None, None)}


def test_clips_without_a_source_file_are_said() -> None:
    assert [(problem.code, problem.effect) for problem in only(MIX).diagnostics] == [("file.unlisted", "approximate")]


@pytest.mark.parametrize(
    ("first", "end", "want"),
    [
        ("01:00:01:00.50", "01:00:02:00.00", (Fraction(49, 2), 48)),
        ("48000", "72000", (24, 36)),
        ("0:01.500", "0:02.000", (36, 48)),
        ("01:00:01:00.100", "01:00:02:00.00", (25, 48)),
        ("1+08", "2+00", (24, 32)),
    ],
)
def test_times_are_read_in_whatever_the_export_was_set_to(first: str, end: str, want: tuple[Fraction, int]) -> None:
    cut = only(session(session_track("A", row("x", first, end))))

    assert [(clip.record_in, clip.record_out) for clip in cut.clips] == [want]


def test_bars_and_beats_say_no_time_and_hold_the_cut() -> None:
    cut = only(session(session_track("A", row("x", "1| 1| 000", "2| 1| 000"))))

    assert ("timecode.invalid", "row-missing") in [(problem.code, problem.effect) for problem in cut.diagnostics]


def test_drop_frame_labels_count_without_the_skipped_ones() -> None:
    cut = only(
        session(
            session_track("A", row("x", "01:01:00;02", "01:01:01;02")), start="01:00:00;00", form="29.97 Drop Frame"
        )
    )

    assert (cut.rate, cut.drop_frame) == (Rate(30000, 1001), True)
    assert places(cut) == [("x", 1800, 1830)]


def test_a_session_that_runs_over_midnight_goes_on() -> None:
    cut = only(session(session_track("A", row("x", "23:59:59:00", "00:00:01:00")), start="23:59:58:00"))

    assert places(cut) == [("x", 24, 72)]


def test_both_clips_are_heard_over_a_crossfade_between_them() -> None:
    rows = (
        row("(fade in)", "01:00:00:00", "01:00:01:00"),
        row("a", "01:00:01:00", "01:00:03:00"),
        row("(cross fade)", "01:00:03:00", "01:00:04:00"),
        row("b", "01:00:04:00", "01:00:06:00"),
        row("(fade out)", "01:00:06:00", "01:00:07:00"),
    )
    cut = only(session(session_track("A", *rows)))

    assert places(cut) == [("a", 0, 96), ("b", 72, 168)]
    assert [(mix.name, mix.record_in, mix.record_out, mix.seen) for mix in cut.transitions] == [
        ("fade in", 0, 24, "plain"),
        ("cross fade", 72, 96, "plain"),
        ("fade out", 144, 168, "plain"),
    ]


def test_a_fade_beside_nothing_is_a_missing_row() -> None:
    cut = only(session(session_track("A", row("(fade out)", "01:00:06:00", "01:00:07:00"))))

    assert ("fade.alone", "row-missing") in [(problem.code, problem.effect) for problem in cut.diagnostics]


def test_a_plug_in_that_may_be_a_model_reaches_every_clip_of_its_track() -> None:
    plug_ins = "Compressor (mono)\tVoice Isolation (mono)\tWonderVerb (5.1)"
    cut = only(session(session_track("A", row("x", "01:00:00:00", "01:00:01:00"), plug_ins=plug_ins)))

    assert [(effect.name, effect.seen, effect.inherited) for effect in cut.clips[0].effects] == [
        ("Compressor", "plain", "track"),
        ("Voice Isolation", "generative", "track"),
        ("WonderVerb", "unknown", "track"),
    ]


def test_an_export_without_plug_ins_cannot_show_what_was_done() -> None:
    without = session(session_track("A", row("x", "01:00:00:00", "01:00:01:00"))).replace(b"PLUG-INS: \t\n", b"")

    assert only(without).effects_visible is EffectsVisible.NO
    assert only(MIX).effects_visible is EffectsVisible.YES


def test_an_export_of_fewer_tracks_than_the_session_has_is_said() -> None:
    cut = only(session(session_track("A", row("x", "01:00:00:00", "01:00:01:00")), count=3))

    assert ("tracks.missing", "row-missing") in [(problem.code, problem.effect) for problem in cut.diagnostics]


def test_an_export_without_tracks_is_refused_with_the_box_to_tick() -> None:
    with pytest.raises(InputError, match="Include Track EDL"):
        read_cut(session(), name="mix.txt")


@pytest.mark.parametrize(
    ("location", "want"),
    [
        ("Disk:Show:Audio Files:", "Disk/Show/Audio Files/a.wav"),
        ("Disk:Show:a.wav", "Disk/Show/a.wav"),
        ("D:\\Show\\Audio Files\\", "D:\\Show\\Audio Files\\a.wav"),
        ("/Volumes/Show", "/Volumes/Show/a.wav"),
    ],
)
def test_a_folder_is_joined_as_its_system_does(location: str, want: str) -> None:
    assert joined_path(location, "a.wav") == want


@given(
    st.sampled_from([Rate(24), Rate(25), Rate(24000, 1001), Rate(30000, 1001)]), st.integers(0, 80_000), st.booleans()
)
def test_a_label_lies_where_it_was_printed_from(rate: Rate, frame: int, drop: bool) -> None:
    drop = drop and rate.nominal % 30 == 0
    clock = SessionClock(rate, drop, 0, None)

    assert clock.position(label_of_frame(frame, rate, drop_frame=drop)) == frame


def test_times_in_whole_seconds_are_placed_and_said_to_be_coarse() -> None:
    cut = only(session(session_track("A", row("x", "0:01", "0:03"), row("short", "0:05", "0:05"))))

    assert [(clip.name, clip.record_in, clip.record_out) for clip in cut.clips] == [("x", 24, 72), ("short", 120, 144)]
    assert [(said.code, said.effect) for said in cut.diagnostics if said.code.startswith("time.")] == [
        ("time.whole_seconds", "approximate")
    ]
