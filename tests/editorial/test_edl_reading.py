"""The rules of reading EDLs, one case each (docs/reference/cut-formats.md)."""

from fractions import Fraction

import pytest

from edgecode.errors import InputError
from edgecode.ingest.editorial import assemble, read_cut, read_together
from edgecode.terms.cuts import Clip, CutReading, EffectsVisible
from edgecode.terms.timebase import Rate, label_of_frame

FILM = Rate(24)


def reading(*lines: str, rate: Rate | None = FILM) -> CutReading:
    [cut] = read_cut("\r\n".join(lines).encode(), name="test.edl", rate=rate)
    return cut


def row(use: Clip) -> tuple[str, int, int, Fraction | None, Fraction | None]:
    """Name, record in and out, source frame first seen, source frames per frame of the cut."""
    return use.name, int(use.record_in), int(use.record_out), use.source_in, use.source_scale


def rows(cut: CutReading) -> list[tuple[str, int, int, Fraction | None, Fraction | None]]:
    return [row(use) for use in cut.clips]


def codes(cut: CutReading) -> list[str]:
    return [problem.code for problem in cut.diagnostics]


A = "001  TAPE1    V     C        01:00:00:00 01:00:00:10 10:00:00:00 10:00:00:10"
B = "002  TAPE2    V     C        02:00:00:00 02:00:01:00 10:00:00:10 10:00:01:10"


def test_the_cut_starts_at_the_earliest_record_in_and_ends_with_the_last_event() -> None:
    cut = reading("TITLE: R1", B, A)

    assert rows(cut) == [("TAPE2", 10, 34, 172800, 1), ("TAPE1", 0, 10, 86400, 1)]
    assert (cut.name, cut.start, cut.frames) == ("R1", 864000, 34)
    assert cut.effects_visible is EffectsVisible.NO


def test_a_stretch_that_no_event_covers_is_a_gap_and_black_is_a_clip() -> None:
    black = "002  BL       V     C        00:00:00:00 00:00:00:12 10:00:01:00 10:00:01:12"
    cut = reading(A, black)

    assert [(use.name, use.kind, use.record_in) for use in cut.clips] == [("TAPE1", "picture", 0), ("BL", "black", 24)]


def test_a_dissolve_shows_the_outgoing_source_for_its_length() -> None:
    cut = reading(
        A,
        "* FROM CLIP NAME: clip_A",
        "002  TAPE1    V     C        01:00:00:10 01:00:00:10 10:00:00:10 10:00:00:10",
        "002  TAPE2    V     D    006 02:00:00:00 02:00:01:00 10:00:00:10 10:00:01:10",
        "EFFECTS NAME IS CROSS DISSOLVE",
        "* FROM CLIP NAME: clip_A",
        "* TO CLIP NAME: clip_B",
    )

    assert rows(cut) == [
        ("clip_A", 0, 10, 86400, 1),
        ("clip_A", 10, 16, 86410, 1),
        ("clip_B", 10, 34, 172800, 1),
    ]
    assert [use.side for use in cut.clips] == ["", "out", "in"]
    assert [(mix.name, mix.kind, mix.record_in, mix.record_out) for mix in cut.transitions] == [
        ("CROSS DISSOLVE", "D", 10, 16)
    ]


def test_a_dissolve_without_a_line_for_the_outgoing_side_takes_the_event_before() -> None:
    cut = reading(A, "002  TAPE2    V     D    006 02:00:00:00 02:00:01:00 10:00:00:10 10:00:01:10")

    assert rows(cut)[1] == ("TAPE1", 10, 16, 86410, 1)


def test_a_transition_on_the_first_event_fades_in_from_nothing() -> None:
    cut = reading("001  TAPE1    V     W001 012 01:00:00:00 01:00:01:00 10:00:00:00 10:00:01:00")

    assert rows(cut) == [("TAPE1", 0, 24, 86400, 1)]
    assert [(mix.kind, mix.seen, mix.record_out) for mix in cut.transitions] == [("W001", "plain", 12)]


def test_a_key_lies_over_its_background_on_the_same_track() -> None:
    cut = reading(
        "002  AX       V     K B      00:01:06:06 00:01:08:03 01:00:04:10 01:00:06:07",
        "002  AX       V     K    000 00:00:03:08 00:00:03:08 01:00:04:10 01:00:04:10",
        "* FROM CLIP NAME:  background.mov",
        "* KEY CLIP NAME:  foreground.mov",
    )

    assert rows(cut) == [("background.mov", 0, 45, 1590, 1), ("foreground.mov", 0, 45, 80, 1)]
    assert {use.path for use in cut.clips} == {(0,)}


@pytest.mark.parametrize(
    ("motion", "source", "scale"),
    [
        ("M2   TAPE1    048.0                01:00:00:00", 86400, Fraction(2)),
        ("M2   TAPE1    000.0                01:00:00:05", 86405, Fraction(0)),
        ("M2   TAPE1   -024.0                01:00:00:09", 86409, Fraction(-1)),
        ("M2      TAPE1                           47.6 01:00:00:00", 86400, Fraction(119, 60)),
    ],
)
def test_a_motion_line_says_speed_and_entry(motion: str, source: int, scale: Fraction) -> None:
    cut = reading("001  TAPE1    V     C        01:00:00:00 01:00:00:01 10:00:00:00 10:00:00:10", motion)

    assert rows(cut) == [("TAPE1", 0, 10, source, scale)]
    assert codes(cut) == []


def test_two_motion_lines_of_a_dissolve_belong_to_one_side_each() -> None:
    cut = reading(
        "002  TAPE1    V     C        01:00:00:10 01:00:00:10 10:00:00:10 10:00:00:10",
        "002  TAPE2    V     D    006 02:00:00:00 02:00:01:00 10:00:00:10 10:00:01:10",
        "M2   TAPE1    048.0                01:00:00:10",
        "M2   TAPE2    012.0                02:00:00:00",
    )

    assert [(use.media.reel, use.source_scale) for use in cut.clips] == [("TAPE1", 2), ("TAPE2", Fraction(1, 2))]


def test_unequal_lengths_without_a_motion_line_are_said() -> None:
    cut = reading("001  TAPE1    V     C        01:00:00:00 01:00:01:00 10:00:00:00 10:00:02:00")

    assert rows(cut) == [("TAPE1", 0, 48, 86400, Fraction(1, 2))]
    assert codes(cut) == ["length.mismatch"]


def test_a_source_without_length_is_uncertain_and_no_freeze() -> None:
    cut = reading("001  MIX      A     C        00:00:00:00 00:00:00:00 10:00:00:00 10:00:02:00")

    assert rows(cut) == [("MIX", 0, 48, 0, None)]


def test_record_time_runs_on_over_midnight() -> None:
    cut = reading(
        "001  TAPE1    V     C        00:00:00:00 00:00:02:00 23:59:59:00 00:00:01:00",
        "002  TAPE2    V     C        00:00:00:00 00:00:01:00 00:00:01:00 00:00:02:00",
    )

    assert rows(cut) == [("TAPE1", 0, 48, 0, 1), ("TAPE2", 48, 72, 0, 1)]
    assert codes(cut) == ["midnight"]


def test_a_record_side_that_runs_backwards_is_placed_with_its_source_length() -> None:
    cut = reading(A, "002  BL       V     C        00:00:00:00 00:00:00:08 10:00:00:10 09:00:00:00")

    assert rows(cut)[1] == ("BL", 10, 18, 0, 1)
    assert [(p.code, p.effect) for p in cut.diagnostics] == [("record.negative", "approximate")]


@pytest.mark.parametrize(
    ("channels", "tracks"),
    [
        ("V", ["V"]),
        ("A", ["A1"]),
        ("A2", ["A2"]),
        ("AA", ["A1", "A2"]),
        ("B", ["V", "A1"]),
        ("AA/V", ["V", "A1", "A2"]),
        ("A1234V", ["V", "A1", "A2", "A3", "A4"]),
        ("VA12", ["V", "A1", "A2"]),
        ("12V", ["V", "A1", "A2"]),
        ("V2", ["V2"]),
        ("A10", ["A10"]),
        ("NONE", ["NONE"]),
    ],
)
def test_channels_become_tracks(channels: str, tracks: list[str]) -> None:
    cut = reading(f"001  TAPE1    {channels}     C        01:00:00:00 01:00:00:10 10:00:00:00 10:00:00:10")

    assert [track.name for track in cut.tracks] == tracks
    assert [use.path for use in cut.clips] == [(index,) for index in range(len(tracks))]


def test_a_twelve_is_one_channel_in_a_list_that_numbers_widely() -> None:
    other = "002  TAPE1    A7    C        01:00:00:00 01:00:00:10 10:00:00:00 10:00:00:10"

    assert [track.name for track in reading(A.replace(" V ", "A12 "), other).tracks] == ["A7", "A12"]
    assert [track.name for track in reading(A.replace(" V ", "A12 ")).tracks] == ["A1", "A2"]


def test_an_audio_line_adds_channels_to_the_event_above() -> None:
    cut = reading(A.replace("V   ", "NONE"), "AUD  3    4", B, "AUD  3")

    assert [(track.name, track.kind) for track in cut.tracks] == [("V", "picture"), ("A3", "sound"), ("A4", "sound")]


@pytest.mark.parametrize(
    ("line", "reel", "kind"),
    [
        ("000001 SEQ001_HSNI_003_0010_v001        V     C        {}", "SEQ001_HSNI_003_0010_v001", "picture"),
        ("1 TAPE1 V C {}", "TAPE1", "picture"),
        ("001\tTAPE1\tV\tC\t\t{}", "TAPE1", "picture"),
        ("001  MY LONG REEL 7  V  C  {}", "MY LONG REEL 7", "picture"),
        ("001A TAPE1 V CUT {}", "TAPE1", "picture"),
        ("001  BL C {}", "", "black"),
        ("001  A1 V C {}", "A1", "picture"),
        ("001  AX V C {}", "", "picture"),
    ],
)
def test_reels_are_whatever_stands_before_the_channels(line: str, reel: str, kind: str) -> None:
    cut = reading(line.format("01:00:00:00 01:00:00:10 10:00:00:00 10:00:00:10"))

    assert [(use.media.reel, use.kind) for use in cut.clips] == [(reel, kind)]


def test_an_event_with_an_unreadable_head_keeps_its_place() -> None:
    cut = reading("001  ?????  01:00:00:00 01:00:00:10 10:00:00:00 10:00:00:10")

    assert [(use.kind, int(use.record_out)) for use in cut.clips] == [("other", 10)]
    assert codes(cut) == ["event.head"]


@pytest.mark.parametrize(
    ("comments", "reel", "full", "cut_short"),
    [
        ((), "ZZ100_50", "", True),
        (("*SOURCE FILE: ZZ100_501.LAY3.01",), "ZZ100_50", "ZZ100_501.LAY3.01", True),
        (("* SOURCE FILE: ZZ100_50",), "ZZ100_50", "", False),
        (("* REEL: ZZ100_502A",), "ZZ100_50", "ZZ100_502A", True),
        (("FINAL CUT PRO REEL: ZZ-100-50 REPLACED BY: ZZ100_50",), "ZZ100_50", "ZZ-100-50", True),
        ((">>> SOURCE ZZ100_503 ZZ100_50 060a2b34-13",), "ZZ100_50", "ZZ100_503", True),
    ],
)
def test_a_reel_of_eight_characters_may_be_cut_short(
    comments: tuple[str, ...], reel: str, full: str, cut_short: bool
) -> None:
    cut = reading("001  ZZ100_50 V     C        01:00:00:00 01:00:00:10 10:00:00:00 10:00:00:10", *comments)
    media = cut.clips[0].media

    assert (media.reel, media.reel_full, media.reel_is_truncated) == (reel, full, cut_short)


def test_a_table_of_sources_gives_ids_and_is_no_comment_of_the_last_clip() -> None:
    table = (">>> SOURCE A008C013_140711ZJ A008C013_140711Z 060a2b34-aa", "*SOURCE FILE: OTHER.MOV")
    cut = reading(A.replace("TAPE1   ", "A008C013_140711Z"), "* FROM CLIP NAME: 12A-3", *table)

    assert (cut.clips[0].media.umids, cut.clips[0].media.names) == (("060a2b34-aa",), ("12A-3",))


def test_every_comment_is_kept_in_order_with_or_without_a_star() -> None:
    comments = (
        "* FROM CLIP NAME:  a.mov",
        "*LOC: 01:00:01:14 RED     ANIM FIX",
        "LOC: x",
        "* free words",
        "DLEDL: START TC: 1",
    )
    cut = reading(A, *comments)

    assert cut.clips[0].comments == comments
    assert codes(cut) == []


def test_comments_of_an_event_that_shows_nothing_go_to_the_next() -> None:
    empty = "001  TAPE1    V     C        01:00:00:00 01:00:00:00 10:00:00:00 10:00:00:00"
    cut = reading(empty, "* a note", B, "* another")

    assert cut.clips[0].comments == ("* a note", "* another")


def test_names_files_codes_and_effects_are_read_from_comments() -> None:
    cut = reading(
        A,
        "* FROM CLIP NAME: sh010_[1001-1020].exr",
        "* SOURCE FILE: /show/sh010.mov",
        "* EDGECODE: G 7K3F9 Q2MT4 1043",
        "* CLIP FILTER: COLOR CORRECTOR 3-WAY",
        "*AVX2 EFFECT, RESIZE",
        "* CLIP FILTER: NEURAL DREAMER",
    )
    [use] = cut.clips

    assert (use.media.names, use.media.targets) == (("sh010_[1001-1020].exr",), ("/show/sh010.mov",))
    assert (use.media.kind, use.media.sequence_prefix, use.media.sequence_first, use.media.sequence_padding) == (
        "sequence",
        "sh010_",
        1001,
        4,
    )
    assert use.media.codes == ("G 7K3F9 Q2MT4 1043",)
    assert [(effect.name, effect.seen) for effect in use.effects] == [
        ("COLOR CORRECTOR 3-WAY", "plain"),
        ("RESIZE", "plain"),
        ("NEURAL DREAMER", "unknown"),
    ]


@pytest.mark.parametrize(
    ("line", "valid"),
    [
        ("*ASC_SOP (1.0311 1.0382 1.0168)(0.0000 -0.0073 -0.0081)(1.1583 1.1602 1.0602)", True),
        ("* ASC_SOP: (1 1 1) (0 0 0) (1 1 1)", True),
        ("*ASC_SAT 1.1136", True),
        ("*ASC_SOP: asop1", False),
        ("*ASC_SOP (1 1 1)(0 0 0)(1 1)", False),
        ("*ASC_SOP (1 1 1)(0 0 0)(1 1 0)", False),
        ("*ASC_SAT -1", False),
    ],
)
def test_a_colour_decision_is_nine_numbers_or_one(line: str, valid: bool) -> None:
    assert codes(reading(A, line)) == ([] if valid else ["cdl.invalid"])


def test_lists_with_bare_returns_padding_and_utf_16_are_lists() -> None:
    bare = f"TITLE: x\r{A}\r{B}\r\0\0\0\x1a".encode()
    wide = f"TITLE: x\r\n{A}\r\n{B}\r\n".encode("utf-16")

    for data in (bare, wide):
        [cut] = read_cut(data, name="x.edl", rate=FILM)
        assert len(cut.clips) == 2


def test_names_that_are_not_utf_8_are_read() -> None:
    [cut] = read_cut(f"{A}\n* FROM CLIP NAME: caf\xe9\n".encode("latin-1"), name="x.edl", rate=FILM)

    assert cut.clips[0].name == "café"


def test_a_line_meant_as_an_event_is_a_missing_row() -> None:
    cut = reading(A, "002  TAPE2    V     C        02:00:00:00 02:00:01:00 10:00:00:10 10:00:0")

    assert [(p.code, p.line, p.effect) for p in cut.diagnostics] == [("event.unparsed", 2, "row-missing")]


def test_a_timecode_that_does_not_exist_on_the_record_side_is_a_missing_row() -> None:
    cut = reading(A, B.replace("10:00:00:10 10:00:01:10", "10:61:00:10 10:61:01:10"))

    assert rows(cut) == [("TAPE1", 0, 10, 86400, 1)]
    assert [(p.code, p.line, p.effect) for p in cut.diagnostics] == [("timecode.invalid", 2, "row-missing")]


def test_a_timecode_that_does_not_exist_on_the_source_side_keeps_the_row() -> None:
    cut = reading(A.replace("01:00:00:00", "01:00:99:00"))

    assert rows(cut) == [("TAPE1", 0, 10, None, None)]
    assert [(p.code, p.effect) for p in cut.diagnostics] == [("timecode.invalid", "approximate")]


def test_two_events_over_one_another_are_both_kept_and_said() -> None:
    cut = reading(A, B.replace("10:00:00:10", "10:00:00:05"), rate=FILM)

    assert (len(cut.clips), codes(cut)) == (2, ["length.mismatch", "record.overlap"])


def test_two_lists_run_together_lie_over_one_another() -> None:
    cut = reading(A, B, "TITLE: again", A, B, rate=FILM)

    assert [one.text for one in cut.diagnostics if one.code == "record.overlap"] == [
        "event 001 lies over another event 001 on the same track",
        "event 002 lies over another event 002 on the same track",
    ]


def test_a_list_that_cannot_say_its_rate_keeps_its_labels_and_no_clip() -> None:
    cut = reading(A, rate=None)

    assert (cut.rate, cut.clips, cut.frames, codes(cut)) == (None, (), 0, ["rate.unknown"])
    assert cut.labels == (("0", "001", "TAPE1", "TAPE1", "01:00:00:00", "01:00:00:10", "10:00:00:00", "10:00:00:10"),)


def event(number: int, source: int, record: int, length: int, rate: Rate, *, drop_frame: bool = False) -> str:
    labels = (source, source + length, record, record + length)
    return f"{number:03d}  TAPE{number}  V  C  " + " ".join(
        label_of_frame(each, rate, drop_frame=drop_frame) for each in labels
    )


@pytest.mark.parametrize("nominal", [24, 25, 30, 48, 50, 60])
def test_plain_cuts_settle_the_rate(nominal: int) -> None:
    rate = Rate(nominal)
    # Every record side crosses a second that its source side does not.
    cut = reading(*(event(n, n * nominal, (n + 1) * nominal - 1, 2, rate) for n in range(1, 9)), rate=None)

    assert (cut.rate, cut.drop_frame) == (rate, False)
    assert len(cut.clips) == 8


def test_drop_frame_labels_settle_29_97() -> None:
    rate = Rate(30000, 1001)
    lines = [event(n, n * 1793, n * 1799, 1799, rate, drop_frame=True) for n in range(1, 9)]
    cut = reading(*lines, rate=None)

    assert (cut.rate, cut.drop_frame, cut.start, cut.frames) == (rate, True, 1799, 8 * 1799)


def test_the_frame_count_mode_holds_for_later_events() -> None:
    drop = A.replace("01:00:00:00 01:00:00:10", "01:00:00:00 01:00:00:10").replace("10:00:00", "00:10:00")
    cut = reading("FCM: DROP FRAME", drop, rate=Rate(30000, 1001))

    assert (cut.drop_frame, cut.start) == (True, 17982)


def test_drop_frame_at_a_rate_that_has_none_is_said() -> None:
    cut = reading("FCM: DROP FRAME", A, rate=Rate(25))

    assert (cut.drop_frame, codes(cut)) == (False, ["timecode.drop_at_rate"])


def test_a_mode_that_the_labels_contradict_is_not_believed() -> None:
    cut = reading(
        "FCM: DROP FRAME", A.replace("10:00:00:00 10:00:00:10", "10:01:00:00 10:01:00:10"), rate=Rate(30000, 1001)
    )

    assert (cut.drop_frame, cut.start, codes(cut)) == (False, 601 * 60 * 30, ["fcm.contradicted"])


def test_a_given_rate_that_the_labels_cannot_have_is_a_sentence() -> None:
    with pytest.raises(InputError) as refused:
        reading(A.replace(":10 ", ":29 "), B, rate=FILM)

    assert refused.value.code == "rate.conflict"
    assert "29" in refused.value.sentence


def test_a_given_rate_against_most_plain_cuts_is_taken_and_said() -> None:
    lines = [event(n, n * 24, (n + 1) * 24 - 1, 2, FILM) for n in range(1, 9)]
    odd = "009  TAPE9    V     C        02:00:00:00 02:00:01:00 10:00:20:00 10:00:20:20"
    cut = reading(*lines, odd, rate=Rate(25))

    assert (cut.rate, codes(cut)[0]) == (Rate(25), "rate.conflict")


def test_a_given_rate_against_every_plain_cut_is_refused_like_impossible_labels() -> None:
    lines = [event(n, n * 24, (n + 1) * 24 - 1, 2, FILM) for n in range(1, 9)]
    cannot_tell = "009  TAPE9    V     C        02:00:00:00 02:00:00:10 10:00:20:00 10:00:20:10"
    with pytest.raises(InputError) as refused:
        reading(*lines, cannot_tell, rate=Rate(25))

    assert refused.value.code == "rate.conflict"
    assert "all 9 plain cuts of test.edl fit 24 labels a second, and 8 of them" in refused.value.sentence


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "cut.empty_file"),
        (b"\0\0\r\n \x1a", "cut.empty_file"),
        (b"hello, this is a letter", "cut.format_unknown"),
        (b"TITLE: nothing below\r\nFCM: NON-DROP FRAME\r\n", "cut.none"),
        (b'<?xml version="1.0"?><project version="1"/>', "cut.format_unsupported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "cut.format_unsupported"),
        (b'{"OTIO_SCHEMA": "Clip.2"}', "cut.none"),
        (b'{"not": "otio"}', "cut.format_unknown"),
        (b'["OTIO_SCHEMA", 2]', "otio.malformed"),
        (b'{"OTIO_SCHEMA": "Timeline.1", ', "otio.malformed"),
    ],
)
def test_what_is_no_cut_is_a_sentence_with_a_code(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_cut(data, name="x")

    assert refused.value.code == code
    assert refused.value.remedy


def test_lists_of_several_tracks_are_assembled_into_one_cut() -> None:
    low = reading("TITLE: V1", A, B)
    high = reading("TITLE: V2", "001  TAPE9    AA/V  C        00:00:00:00 00:00:00:10 09:59:59:20 10:00:00:06")
    cut = assemble([low, high], name="R1")

    assert [(track.name, track.kind, track.source) for track in cut.tracks] == [
        ("V1", "picture", 0),
        ("V2", "picture", 1),
        ("A1", "sound", 1),
        ("A2", "sound", 1),
    ]
    assert (cut.start, cut.frames, cut.name) == (864000 - 4, 38, "R1")
    assert [(use.name, use.path, int(use.record_in)) for use in cut.clips] == [
        ("TAPE1", (0,), 4),
        ("TAPE2", (0,), 14),
        ("TAPE9", (1,), 0),
        ("TAPE9", (2,), 0),
        ("TAPE9", (3,), 0),
    ]
    assert cut.inputs == low.inputs + high.inputs


def test_a_list_too_short_to_tell_its_rate_takes_the_one_that_its_sibling_settles() -> None:
    telling = "\r\n".join(event(n, n * 24, (n + 1) * 24 - 1, 2, FILM) for n in range(1, 9)).encode()
    silent = event(1, 0, 48, 10, FILM).encode()
    [[first], [second]] = read_together([("V1.edl", telling), ("V2.edl", silent)])

    assert (first.rate, second.rate, len(second.clips)) == (FILM, FILM, 1)
    assert [(said.code, said.text) for said in second.diagnostics] == [
        (
            "rate.solved",
            "V2.edl does not settle its rate; V1.edl does, and both are tracks of one cut: 24 frames a second",
        )
    ]


def test_siblings_that_settle_different_rates_settle_nothing_for_a_third() -> None:
    lists = [
        "\r\n".join(event(n, n * int(rate.nominal), (n + 1) * rate.nominal - 1, 2, rate) for n in range(1, 9)).encode()
        for rate in (FILM, Rate(30))
    ]
    found = read_together([("V1.edl", lists[0]), ("V2.edl", lists[1]), ("V3.edl", event(1, 0, 48, 10, FILM).encode())])

    assert [cut.rate for [cut] in found] == [FILM, Rate(30), None]


def test_lists_of_which_none_settles_a_rate_all_stay_without() -> None:
    silent = event(1, 0, 48, 10, FILM).encode()

    assert [[cut.rate for cut in cuts] for cuts in read_together([("a.edl", silent), ("b.edl", silent)])] == [
        [None],
        [None],
    ]


def test_lists_of_different_rates_or_reels_are_not_assembled() -> None:
    other_rate = reading(A, rate=Rate(25))
    other_reel = reading(A.replace("10:00:00", "11:00:00"))

    for wrong, code in (
        (other_rate, "rate.conflict"),
        (other_reel, "cut.apart"),
        (reading(A, rate=None), "rate.unknown"),
    ):
        with pytest.raises(InputError) as refused:
            assemble([reading(A, B), wrong], name="R1")
        assert refused.value.code == code


def test_sources_by_numbers_of_frames_are_placed_and_settle_the_rate() -> None:
    data = (
        b"TITLE: frames\nFCM: NON-DROP FRAME\n"
        b"001  AX       V     C        1009        1064        00:00:00:00 00:00:02:07\n* FROM CLIP NAME: a_v09.mov\n"
        b"002  AX       V     D    012 1009        1041        00:00:02:07 00:00:03:15\n* TO CLIP NAME: b_v04.mov\n"
    )
    [cut] = read_cut(data, name="frames.edl")
    rows = [(clip.name, clip.record_in, clip.record_out, clip.source_in) for clip in cut.clips if clip.side != "out"]

    assert (cut.rate, [said.code for said in cut.diagnostics]) == (Rate(24), ["source.frame_numbers", "rate.solved"])
    assert rows == [("a_v09.mov", 0, 55, 1009), ("b_v04.mov", 55, 87, 1009)]
