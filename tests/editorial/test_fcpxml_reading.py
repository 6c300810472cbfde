"""FCPXML by its rules, one small document for each: where things lie, what they show, what is said of them."""

from fractions import Fraction

import pytest

from edgecode.index.sweep import ranges
from edgecode.ingest.editorial import read_cut
from edgecode.terms.cuts import Clip, CutReading, Transition
from edgecode.terms.timebase import Rate
from fcpxml_parts import DISSOLVE, compound, document, multicam

FILM = Rate(24)
SPEED = '<timeMap><timept time="{0}s" value="{1}s" interp="smooth2"/><timept time="{2}s" value="{3}s" interp="smooth2"/></timeMap>'


def reading(body: str, *, resources: str = "", **more: str) -> CutReading:
    [cut] = read_cut(document(body, resources=resources, **more), name="test.fcpxml")
    return cut


def rows(cut: CutReading, kind: str = "picture") -> list[tuple[str, Fraction, Fraction]]:
    """(name, first second, last second from the start of the cut) of the clips of one kind, in order."""
    return [(clip.name, clip.record_in / 24, clip.record_out / 24) for clip in cut.clips if clip.kind == kind]


def codes(cut: CutReading) -> list[tuple[str, str]]:
    return [(each.code, each.effect) for each in cut.diagnostics]


def only(cut: CutReading, kind: str = "picture") -> Clip:
    [clip] = [clip for clip in cut.clips if clip.kind == kind]
    return clip


def test_a_clip_lies_at_its_offset_and_shows_its_source_from_its_start() -> None:
    cut = reading('<asset-clip ref="v" offset="3602s" name="n" start="20s" duration="5s"/>')
    clip = only(cut)

    assert (cut.rate, cut.start, cut.frames, cut.drop_frame) == (FILM, 86400, 60 * 24, False)
    assert (clip.record_in, clip.record_out, clip.source_rate) == (48, 168, Rate(25))
    assert (clip.source_in, clip.source_scale, clip.source_out) == (500, Fraction(25, 24), 625)
    assert (clip.media.targets, clip.media.umids) == (("./Media/B002.mov",), ("UID-V",))
    assert (clip.media.available_first, clip.media.available_end) == (250, 2500)
    assert codes(cut) == []


def test_picture_and_sound_of_one_clip_are_two_rows_on_two_tracks() -> None:
    cut = reading('<asset-clip ref="av" offset="3600s" duration="5s" audioRole="dialogue"/>')

    assert [(track.name, track.kind) for track in cut.tracks] == [("Primary", "picture"), ("Primary sound", "sound")]
    assert [(clip.kind, clip.path, clip.name) for clip in cut.clips] == [
        ("picture", (0,), "A001"),
        ("sound", (1,), "A001"),
    ]
    assert only(cut, "sound").comments == ("audioRole: dialogue",)


def test_the_original_is_shown_and_the_proxy_is_a_hint() -> None:
    media = only(reading('<asset-clip ref="av" offset="3600s" duration="5s"/>')).media

    assert media.targets == ("file:///show/A001.mov",)
    assert media.others == ("file:///show/proxy/A001.mov",)
    assert media.umids == ("UID-AV", "SIG-AV")
    assert media.reel == "A001R2"


def test_what_is_connected_keeps_its_own_length_and_lies_above_or_below() -> None:
    cut = reading(
        '<asset-clip ref="v" offset="3602s" name="host" start="10s" duration="2s">'
        '<video ref="i" lane="1" offset="11s" name="card" duration="8s"/>'
        '<asset-clip ref="v" lane="-1" offset="10s" name="under" start="10s" duration="1s"/></asset-clip>'
    )

    assert [track.name for track in cut.tracks] == ["Lane -1", "Primary", "Lane 1"]
    assert rows(cut) == [("under", 2, 3), ("host", 2, 4), ("card", 3, 11)]


def test_what_is_connected_to_something_connected_lies_just_above_it() -> None:
    cut = reading(
        '<gap offset="3600s" start="3600s" duration="9s">'
        '<video ref="i" lane="1" offset="3600s" name="one" duration="4s">'
        '<video ref="i" lane="1" offset="0s" name="upon one" duration="4s"/></video>'
        '<video ref="i" lane="2" offset="3600s" name="two" duration="4s"/></gap>'
    )
    [found] = ranges(cut.clips, cut.tracks)

    assert [track.name for track in cut.tracks] == ["Lane 1", "Lane 1.1", "Lane 2"]
    assert [cut.clips[index].name for index, _ in found.seen] == ["one", "upon one", "two"]
    assert [visibility.value for _, visibility in found.seen] == ["possible", "possible", "certain"]


def test_a_connected_storyline_has_a_clock_of_its_own() -> None:
    cut = reading(
        '<asset-clip ref="v" offset="3600s" name="host" start="15s" duration="20s"><spine lane="1" offset="18s">'
        '<gap offset="0s" duration="1s"/><asset-clip ref="v" offset="1s" name="x" start="10s" duration="2s"/>'
        "</spine></asset-clip>"
    )

    assert rows(cut) == [("host", 0, 20), ("x", 4, 6)]


def test_an_item_without_an_offset_follows_the_one_before_and_says_so() -> None:
    cut = reading(
        '<asset-clip ref="v" name="a" start="10s" duration="3s"/><asset-clip ref="v" name="b" start="10s" duration="2s"/>'
    )

    assert rows(cut) == [("a", 0, 3), ("b", 3, 5)]
    assert codes(cut) == [("offset.missing", "approximate")]


def test_a_clip_around_one_source_is_that_source_under_its_own_name() -> None:
    cut = reading(
        '<clip offset="3610s" name="Take 3" start="30s" duration="4s"><video ref="v" offset="10s" start="10s" duration="90s">'
        '<audio ref="s" lane="-1" offset="10s" duration="90s" role="dialogue"/></video>'
        "<note>EDGECODE: G 7K3F9 Q2MT4 0001</note></clip>"
    )

    assert [(clip.name, clip.kind, clip.path, clip.nest) for clip in cut.clips] == [
        ("Take 3", "picture", (0,), ()),
        ("Take 3", "sound", (1,), ()),
    ]
    assert only(cut).source_in == 30 * 25
    assert only(cut).media.names == ("B002",)
    assert only(cut).media.codes == ("G 7K3F9 Q2MT4 0001",)


def test_a_synchronized_clip_with_two_pictures_is_a_nested_cut() -> None:
    cut = reading(
        '<sync-clip offset="3600s" name="Sync" duration="4s"><video ref="v" name="low" offset="0s" duration="8s">'
        '<video ref="i" lane="1" name="high" offset="1s" duration="8s"/></video></sync-clip>'
    )

    assert [(clip.name, clip.path, clip.nest) for clip in cut.clips] == [
        ("low", (0, 0, 0), ("Sync",)),
        ("high", (0, 0, 1), ("Sync",)),
    ]
    assert rows(cut) == [("low", 0, 4), ("high", 1, 4)]


def test_a_compound_clip_shows_its_own_timeline_from_its_start() -> None:
    inside = (
        '<asset-clip ref="v" offset="100s" name="a" start="10s" duration="5s"/>'
        '<asset-clip ref="v" offset="105s" name="b" start="40s" duration="5s"/>'
    )
    cut = reading(
        '<ref-clip ref="c" offset="3605s" name="C" start="103s" duration="4s"/><ref-clip ref="c" offset="3609s" name="C" duration="1s"/>',
        resources=compound("c", inside, tc_start="100s"),
    )

    assert rows(cut) == [("a", 5, 7), ("b", 7, 9), ("a", 9, 10)]
    assert [clip.source_in for clip in cut.clips] == [13 * 25, 40 * 25, 10 * 25]
    assert [clip.path for clip in cut.clips] == [(0, 0, 0), (0, 0, 0), (0, 1, 0)]


def test_a_multicam_shows_only_the_angles_it_names_and_what_it_takes_of_them() -> None:
    angle = '<asset-clip ref="av" offset="0s" name="{}" duration="20s"/>'
    cut = reading(
        '<mc-clip ref="m" offset="3600s" name="M" start="2s" duration="5s">'
        '<mc-source angleID="one" srcEnable="video"/><mc-source angleID="two" srcEnable="audio"/></mc-clip>',
        resources=multicam("m", ("one", angle.format("A")), ("two", angle.format("B")), ("three", angle.format("C"))),
    )

    assert [(clip.name, clip.kind, clip.nest, clip.source_in) for clip in cut.clips] == [
        ("A", "picture", ("M", "angle one"), 48),
        ("B", "sound", ("M", "angle two"), 48),
    ]


def test_a_multicam_that_names_no_angle_may_show_any() -> None:
    angle = '<asset-clip ref="v" offset="0s" name="{}" start="10s" duration="20s"/>'
    cut = reading(
        '<mc-clip ref="m" offset="3600s" duration="5s"/>',
        resources=multicam("m", ("one", angle.format("A")), ("two", angle.format("B"))),
    )
    [found] = ranges(cut.clips, cut.tracks)

    assert [visibility.value for _, visibility in found.seen] == ["possible", "possible"]
    assert codes(cut) == [("angle.missing", "approximate")]


def test_an_angle_that_is_not_there_is_a_missing_row() -> None:
    cut = reading(
        '<mc-clip ref="m" offset="3600s" duration="5s"><mc-source angleID="gone" srcEnable="all"/></mc-clip>',
        resources=multicam("m", ("one", '<asset-clip ref="v" offset="0s" duration="20s"/>')),
    )

    assert codes(cut)[0] == ("angle.missing", "row-missing")


def test_the_first_take_of_an_audition_is_in_the_cut_and_the_others_are_listed() -> None:
    cut = reading(
        '<audition offset="3601s"><asset-clip ref="v" name="pick" start="10s" duration="4s"/>'
        '<asset-clip ref="av" name="other" duration="9s"/></audition>'
        '<asset-clip ref="v" offset="3605s" name="next" start="10s" duration="1s"/>'
    )

    assert rows(cut) == [("pick", 1, 5), ("next", 5, 6)]
    assert cut.clips[0].media.others == ("file:///show/A001.mov", "other")
    assert codes(cut) == [("audition.alternate", "none")]


def test_a_split_edit_hears_its_sound_in_a_window_of_its_own() -> None:
    cut = reading(
        '<asset-clip ref="av" offset="3602s" name="jl" start="10s" duration="5s" audioStart="9s" audioDuration="7s"/>'
    )

    assert rows(cut) == [("jl", 2, 7)]
    assert rows(cut, "sound") == [("jl", 1, 8)]
    assert (only(cut).source_in, only(cut, "sound").source_in) == (240, 216)


def test_a_container_may_be_a_split_edit_as_well() -> None:
    cut = reading(
        '<ref-clip ref="c" offset="3602s" start="10s" duration="5s" audioStart="9s" audioDuration="7s"/>',
        resources=compound("c", '<asset-clip ref="av" offset="0s" name="in" duration="20s"/>'),
    )

    assert rows(cut) == [("in", 2, 7)]
    assert rows(cut, "sound") == [("in", 1, 8)]


def test_both_sides_of_a_dissolve_are_seen_over_all_of_it() -> None:
    cut = reading(
        '<asset-clip ref="v" offset="3600s" name="out" start="20s" duration="4s"/>'
        f'<transition name="Cross Dissolve" offset="3603s" duration="2s">{DISSOLVE}</transition>'
        '<asset-clip ref="av" offset="3604s" name="in" start="50s" duration="4s"/>'
    )

    assert rows(cut) == [("out", 0, 5), ("in", 3, 8)]
    assert [(clip.side, clip.source_in) for clip in cut.clips if clip.kind == "picture"] == [
        ("out", 500),
        ("in", 49 * 24),
    ]
    assert cut.transitions == (
        Transition("Cross Dissolve", "Cross Dissolve", 0, Fraction(72), Fraction(120)),
        Transition("Cross Dissolve", "Audio Crossfade", 1, Fraction(72), Fraction(120)),
    )


def test_an_unknown_transition_may_make_frames() -> None:
    cut = reading(
        '<asset-clip ref="v" offset="3600s" start="20s" duration="4s"/><transition name="Cross Dissolve" offset="3603s" duration="2s">'
        '<filter-video ref="fx" name="Cross Dissolve"/></transition><asset-clip ref="v" offset="3604s" start="50s" duration="4s"/>'
    )

    assert [(mix.kind, mix.seen) for mix in cut.transitions] == [("Dream Maker", "unknown")]


@pytest.mark.parametrize(
    ("points", "first", "scale"),
    [
        ((0, 0, 4, 8), 10 * 24 + 240, 2),
        ((0, 0, 4, 2), 10 * 12, Fraction(1, 2)),
        ((0, 40, 40, 0), 30 * 24 - 1, -1),
        ((0, 7, 4, 7), 7 * 24, 0),
    ],
)
def test_a_straight_time_map_is_a_speed(points: tuple[int, int, int, int], first: int, scale: Fraction) -> None:
    cut = reading(
        f'<asset-clip ref="av" srcEnable="video" offset="3600s" start="10s" duration="4s">{SPEED.format(*points)}</asset-clip>'
    )

    assert (only(cut).source_in, only(cut).source_scale) == (first, scale)


def test_points_on_one_line_are_one_speed_and_a_corner_is_a_curve() -> None:
    straight = '<timept time="0s" value="0s"/><timept time="1s" value="2s"/><timept time="3s" value="6s"/>'
    bent = '<timept time="0s" value="0s"/><timept time="1s" value="2s"/><timept time="3s" value="3s"/>'
    even, curve = (
        reading(
            f'<asset-clip ref="v" offset="3600s" start="10s" duration="3s"><timeMap>{points}</timeMap></asset-clip>'
        )
        for points in (straight, bent)
    )

    assert only(even).source_scale == 2 * Fraction(25, 24)
    assert (only(curve).source_in, only(curve).source_scale, codes(curve)) == (
        None,
        None,
        [("retime.curve", "approximate")],
    )


def test_a_retimed_compound_clip_runs_what_it_holds_faster() -> None:
    cut = reading(
        f'<ref-clip ref="c" offset="3600s" duration="4s">{SPEED.format(0, 0, 10, 20)}</ref-clip>',
        resources=compound(
            "c", '<gap offset="0s" duration="4s"/><asset-clip ref="v" offset="4s" name="x" start="10s" duration="8s"/>'
        ),
    )

    assert rows(cut) == [("x", 2, 4)]
    assert (only(cut).source_in, only(cut).source_scale) == (250, 2 * Fraction(25, 24))


def test_a_compound_clip_played_backwards_shows_its_end_first() -> None:
    inside = (
        '<asset-clip ref="av" srcEnable="video" offset="0s" name="a" duration="2s"/>'
        '<asset-clip ref="av" srcEnable="video" offset="2s" name="b" start="2s" duration="2s"/>'
    )
    cut = reading(
        f'<ref-clip ref="c" offset="3600s" duration="4s">{SPEED.format(0, 4, 4, 0)}</ref-clip>',
        resources=compound("c", inside, duration="4s"),
    )

    assert rows(cut) == [("b", 0, 2), ("a", 2, 4)]
    assert [(clip.source_in, clip.source_scale) for clip in cut.clips] == [(95, -1), (47, -1)]


def test_a_frozen_compound_clip_holds_one_moment_for_as_long_as_it_is_seen() -> None:
    cut = reading(
        f'<ref-clip ref="c" offset="3600s" duration="4s">{SPEED.format(0, 6, 4, 6)}</ref-clip>',
        resources=compound(
            "c",
            '<asset-clip ref="v" offset="0s" name="a" start="10s" duration="5s"/>'
            '<asset-clip ref="v" offset="5s" name="b" start="10s" duration="5s"/>',
        ),
    )

    assert rows(cut) == [("b", 0, 4)]
    assert (only(cut).source_in, only(cut).source_scale) == (11 * 25, 0)


def test_what_a_curve_retimes_is_seen_somewhere_within_it() -> None:
    curve = (
        '<timeMap><timept time="0s" value="0s"/><timept time="1s" value="3s"/><timept time="4s" value="4s"/></timeMap>'
    )
    cut = reading(
        f'<ref-clip ref="c" offset="3600s" duration="4s">{curve}</ref-clip>',
        resources=compound("c", '<asset-clip ref="v" offset="1s" name="a" start="10s" duration="1s"/>'),
    )

    assert rows(cut) == [("a", 0, 4)]
    assert (only(cut).placed, only(cut).source_in) == ("somewhere", None)


def test_a_conformed_rate_leaves_the_source_range_unsure_and_a_sampled_one_does_not() -> None:
    clip = (
        '<asset-clip ref="v" offset="3600s" start="20s" duration="4s"><conform-rate {}srcFrameRate="25"/></asset-clip>'
    )
    scaled, sampled = reading(clip.format("")), reading(clip.format('scaleEnabled="0" '))

    assert (only(scaled).source_in, only(scaled).source_scale) == (500, None)
    assert codes(scaled) == [("conform_rate", "approximate")]
    assert (only(sampled).source_in, only(sampled).source_scale) == (500, Fraction(25, 24))
    assert codes(sampled) == [("conform_rate", "none")]


def test_a_still_is_its_only_frame_for_as_long_as_the_cut_likes() -> None:
    clip = only(reading('<video ref="i" offset="3600s" start="3599s" duration="9s"/>'))

    assert (clip.source_in, clip.source_scale, clip.media.available_end) == (0, 0, 1)


def test_a_disabled_clip_is_off_and_what_is_connected_to_it_is_on() -> None:
    cut = reading(
        '<asset-clip ref="v" offset="3600s" name="off" start="10s" duration="4s" enabled="0">'
        '<video ref="i" lane="1" offset="10s" name="on" duration="4s"/></asset-clip>'
    )

    assert [(clip.name, clip.enabled) for clip in cut.clips] == [("off", False), ("on", True)]


def test_a_disabled_compound_clip_is_off_with_all_it_holds() -> None:
    cut = reading(
        '<ref-clip ref="c" offset="3600s" duration="4s" enabled="0"/>',
        resources=compound("c", '<asset-clip ref="v" offset="0s" start="10s" duration="4s"/>'),
    )

    assert [clip.enabled for clip in cut.clips] == [False]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ('<adjust-blend amount="0"/>', False),
        ('<adjust-blend amount="0.5"/>', True),
        ('<adjust-blend amount="0"><param name="amount"/></adjust-blend>', True),
    ],
)
def test_a_constant_opacity_of_nothing_hides_and_one_with_key_frames_does_not(inside: str, shown: bool) -> None:
    assert only(reading(f'<video ref="i" offset="3600s" duration="4s">{inside}</video>')).enabled is shown


def test_titles_of_final_cut_set_type_and_somebodys_own_template_may_show_anything() -> None:
    cut = reading(
        '<title ref="title" offset="3600s" name="The End" start="3600s" duration="4s"/>'
        '<title ref="mine" offset="3604s" name="The End" start="3600s" duration="4s"/>'
        '<video ref="solid" offset="3608s" name="Custom" start="3600s" duration="4s"/>'
        '<title ref="gone" offset="3612s" name="The End" duration="1s"/>'
    )

    assert [clip.kind for clip in cut.clips] == ["title", "generator", cut.clips[2].kind, "generator"]
    assert [clip.media.generator for clip in cut.clips] == ["Basic Title", "Basic Title", "Custom", "title"]


def test_effects_are_judged_by_the_effect_and_not_by_what_somebody_called_it() -> None:
    cut = reading(
        '<asset-clip ref="av" offset="3600s" duration="4s"><adjust-transform scale="2 2"/><adjust-voiceIsolation amount="50"/>'
        '<filter-video ref="cc" name="Color Wheels"/><filter-video ref="fx" name="Color Wheels"/>'
        '<filter-video ref="fx" name="x" enabled="0"/></asset-clip>'
    )

    assert [(effect.name, effect.seen, effect.enabled) for effect in only(cut).effects] == [
        ("transform", "plain", True),
        ("Color Wheels", "plain", True),
        ("Dream Maker", "unknown", True),
        ("Dream Maker", "plain", False),
    ]
    assert [(effect.name, effect.seen) for effect in only(cut, "sound").effects] == [("voiceIsolation", "generative")]


def test_an_effect_that_may_make_frames_over_a_gap_has_a_row_of_black() -> None:
    cut = reading(
        '<ref-clip ref="c" offset="3600s" name="C" duration="4s"><filter-video ref="fx" name="x"/></ref-clip>',
        resources=compound(
            "c", '<gap offset="0s" duration="1s"/><asset-clip ref="v" offset="1s" start="10s" duration="1s"/>'
        ),
    )

    assert rows(cut, "black") == [("Dream Maker", 0, 1), ("Dream Maker", 2, 4)]
    assert only(cut).effects[0].inherited == "nest"


def test_what_refers_to_nothing_stays_as_a_clip_without_media() -> None:
    cut = reading(
        '<asset-clip ref="gone" offset="3600s" name="x" duration="4s"/><ref-clip ref="gone" offset="3604s" name="y" duration="1s"/>'
    )

    assert [(clip.name, clip.kind, clip.media.kind) for clip in cut.clips] == [
        ("x", "picture", "none"),
        ("y", "other", "none"),
        ("x", "sound", "none"),
    ]
    assert codes(cut) == [("ref.dangling", "approximate")] * 2


def test_an_element_of_a_newer_document_type_stays_as_an_opaque_clip() -> None:
    cut = reading('<adjustment-clip offset="3600s" name="new" duration="4s"/>', version="1.99")

    assert rows(cut, "other") == [("new", 0, 4)]
    assert codes(cut) == [("schema.version", "none"), ("schema.unknown", "approximate")]


def test_a_clip_that_does_not_say_where_it_starts_starts_with_its_source() -> None:
    cut = reading('<asset-clip ref="v" offset="3600s" duration="4s"/>')

    assert (only(cut).source_in, codes(cut)) == (250, [("start.missing", "approximate")])


def test_what_lies_beside_the_storyline_of_a_sequence_is_a_missing_row() -> None:
    data = document("").replace(b"</spine>", b'</spine><audio lane="-1" ref="s" offset="0s" duration="5s"/>')

    assert codes(read_cut(data, name="x")[0])[0] == ("children.unreadable", "row-missing")


def test_a_time_that_cannot_be_read_is_a_missing_row() -> None:
    cut = reading('<asset-clip ref="v" offset="soon" name="x" start="10s" duration="4s"/>')

    assert ("time.unreadable", "row-missing") in codes(cut)


def test_a_clip_without_any_length_is_a_missing_row() -> None:
    assert codes(reading('<title ref="title" offset="3600s"/>'))[0] == ("clip.no_duration", "row-missing")


def test_an_id_that_stands_twice_holds_the_cut() -> None:
    cut = reading(
        '<asset-clip ref="v" offset="3600s" start="10s" duration="4s"/>', resources='<asset id="v" src="x.mov"/>'
    )

    assert codes(cut) == [("resource.twice", "row-missing")]


def test_the_length_is_what_the_sequence_says_and_no_less_than_what_is_shown() -> None:
    clip = '<asset-clip ref="v" offset="3600s" start="10s" duration="4s"/>'

    assert [reading(clip, duration=length).frames for length in ("60s", "2s", "")] == [1440, 96, 96]
    assert codes(reading(clip, duration="2s")) == [("cut.length", "approximate")]


def test_sound_that_ends_within_the_next_frame_makes_the_cut_no_longer() -> None:
    cut = reading('<asset-clip ref="s" offset="3600s" duration="96481/48000s"/>', duration="2s")

    assert (cut.frames, codes(cut)) == (48, [])


def test_what_lies_before_the_first_frame_is_not_shown_and_is_said() -> None:
    cut = reading('<asset-clip ref="v" offset="3599s" name="early" start="10s" duration="4s"/>')

    assert rows(cut) == [("early", 0, 3)]
    assert codes(cut) == [("clip.before_start", "approximate")]


@pytest.mark.parametrize(
    ("name", "rate"),
    [("FFVideoFormat1080p2398", "24000/1001"), ("FFVideoFormat1080i5994", "30000/1001"), ("FFVideoFormat720p50", "50")],
)
def test_a_format_that_only_has_apples_name_has_the_rate_of_that_name(name: str, rate: str) -> None:
    cut = reading(
        "<gap offset='3600s' duration='4s'/>", resources=f'<format id="n" name="{name}"/>', sequence='format="n"'
    )

    assert cut.rate == Rate.of(rate)


def test_a_cut_of_no_rate_keeps_its_labels_until_somebody_says_one() -> None:
    body = '<asset-clip ref="v" offset="3600s" name="x" start="10s" duration="4s"/>'
    data = document(body, sequence='format="still"')
    [silent], [told] = read_cut(data, name="x"), read_cut(data, name="x", rate=Rate(25))

    assert (silent.rate, silent.clips, codes(silent)) == (None, (), [("rate.unknown", "row-missing")])
    assert silent.labels == (("0", "", "x", "", "10s", "4s", "3600s", ""),)
    assert (told.rate, told.clips[0].record_out) == (Rate(25), 100)


def test_drop_frame_is_what_the_sequence_says() -> None:
    body = "<gap offset='3600s' duration='4s'/>"
    more = '<format id="df" frameDuration="1001/30000s"/>'
    cut = reading(body, resources=more, sequence='format="df" tcFormat="DF" tcStart="3603600/1001s"')

    assert (cut.drop_frame, cut.start) == (True, 107892)


def test_every_project_is_a_cut_and_an_event_alone_is_none() -> None:
    second = '<project name="Reel 2"><sequence format="f24" duration="1s"><spine/></sequence></project>'

    assert [cut.name for cut in read_cut(document("", more=second), name="x")] == ["Reel 1", "Reel 2"]


@pytest.mark.parametrize("switch", ['enabled="0"', 'active="0"'])
def test_a_role_that_is_switched_off_is_said_and_its_sound_counts_as_heard(switch: str) -> None:
    off = f'<audio-channel-source srcCh="1" role="dialogue.dialogue-1" {switch}/>'
    cut = reading(f'<asset-clip ref="av" offset="3600s" duration="5s">{off}</asset-clip>')

    assert codes(cut) == [("role.switched_off", "approximate")]
    assert only(cut, "sound").enabled
