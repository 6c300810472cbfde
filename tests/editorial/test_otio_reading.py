"""The rules of reading OTIO, one case each (docs/reference/cut-formats.md)."""

import json
from fractions import Fraction
from time import monotonic

import pytest
from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.editorial import read_cut
from edgecode.terms.cuts import Clip, CutReading, Media, Track
from edgecode.terms.timebase import Rate
from otio_parts import FREEZE, clip, dissolve, gap, span, stack, time, timeline, track, warp

Row = tuple[str, Fraction | int, Fraction | int, Fraction | int | None, Fraction | int | None]


def reading(data: bytes, **given: Rate) -> CutReading:
    [cut] = read_cut(data, name="test.otio", **given)
    return cut


def row(use: Clip) -> Row:
    """Name, record in and out, source frame first seen, source frames per frame of the cut."""
    return use.name, use.record_in, use.record_out, use.source_in, use.source_scale


def rows(cut: CutReading) -> list[Row]:
    return [row(use) for use in cut.clips]


def codes(cut: CutReading) -> list[str]:
    return [problem.code for problem in cut.diagnostics]


def test_clips_of_a_track_follow_one_another_and_gaps_show_nothing() -> None:
    cut = reading(timeline(track(clip("a", 100, 10), gap(5), clip("b", 0, 20)), start=86400))

    assert rows(cut) == [("a", 0, 10, 100, 1), ("b", 15, 35, 0, 1)]
    assert (cut.start, cut.frames, cut.rate) == (86400, 35, Rate(24))


def test_both_sides_of_a_dissolve_are_seen_over_the_whole_overlap() -> None:
    cut = reading(timeline(track(clip("a", 100, 10), dissolve(2, 3), clip("b", 50, 20))))

    assert rows(cut) == [("a", 0, 13, 100, 1), ("b", 8, 30, 48, 1)]
    assert [(mix.record_in, mix.record_out, mix.seen) for mix in cut.transitions] == [(8, 13, "plain")]


def test_a_dissolve_never_reaches_out_of_its_track() -> None:
    cut = reading(timeline(track(dissolve(4, 4), clip("a", 100, 10), dissolve(4, 4))))

    assert rows(cut) == [("a", 0, 10, 100, 1)]


def test_a_time_warp_scales_the_source_and_not_the_record_side() -> None:
    cut = reading(timeline(track(clip("fast", 10, 6, effects=[warp(2)]), clip("slow", 10, 8, effects=[warp(0.5)]))))

    assert rows(cut) == [("fast", 0, 6, 10, 2), ("slow", 6, 14, 10, Fraction(1, 2))]


def test_a_clip_that_plays_backwards_starts_at_the_last_frame_of_its_range() -> None:
    cut = reading(timeline(track(clip("a", 100, 10, effects=[warp(-1)]))))

    assert rows(cut) == [("a", 0, 10, 109, -1)]


def test_a_nested_cut_that_plays_backwards_shows_its_clips_in_reverse_order() -> None:
    nested = stack(track(clip("a", 100, 10), clip("b", 200, 5)), effects=[warp(-1)])
    cut = reading(timeline(track(nested)))

    assert sorted(rows(cut)) == [("a", 5, 15, 109, -1), ("b", 0, 5, 204, -1)]


def test_a_nested_cut_at_double_speed_halves_its_clips() -> None:
    nested = stack(track(clip("a", 100, 10), clip("b", 200, 10)), source_range=span(0, 10), effects=[warp(2)])
    cut = reading(timeline(track(gap(3), nested)))

    assert rows(cut) == [("a", 3, 8, 100, 2), ("b", 8, 13, 200, 2)]


def test_a_frozen_clip_holds_one_source_frame() -> None:
    cut = reading(timeline(track(clip("a", 100, 10, effects=[FREEZE]))))

    assert rows(cut) == [("a", 0, 10, 100, 0)]


def test_a_frozen_nested_cut_holds_what_is_on_at_its_first_frame() -> None:
    nested = stack(track(clip("a", 100, 10), clip("b", 200, 10)), source_range=span(12, 6), effects=[FREEZE])
    cut = reading(timeline(track(gap(1), nested)))

    assert rows(cut) == [("b", 1, 7, 202, 0)]


def test_a_time_effect_without_a_scalar_leaves_the_source_range_uncertain() -> None:
    cut = reading(timeline(track(clip("a", 100, 10, effects=[{"OTIO_SCHEMA": "TimeEffect.1", "name": "ramp"}]))))

    assert rows(cut) == [("a", 0, 10, None, None)]
    assert codes(cut) == ["effect.time_without_scalar"]


def test_what_a_curve_retimes_is_seen_somewhere_in_its_container() -> None:
    curve = {"OTIO_SCHEMA": "TimeEffect.1", "name": "ramp"}
    cut = reading(timeline(track(gap(2), stack(track(clip("a", 1, 4), clip("b", 1, 4)), effects=[curve]))))

    assert rows(cut) == [("a", 2, 10, None, None), ("b", 2, 10, None, None)]
    assert {use.placed for use in cut.clips} == {"somewhere"}


def test_a_clip_that_overhangs_its_nested_cut_is_trimmed() -> None:
    nested = stack(track(clip("long", 100, 50)), source_range=span(10, 8))
    cut = reading(timeline(track(clip("before", 0, 4), nested, clip("after", 0, 4))))

    assert rows(cut) == [("before", 0, 4, 0, 1), ("long", 4, 12, 110, 1), ("after", 12, 16, 0, 1)]


def test_paths_lead_through_tracks_items_and_layers() -> None:
    nested = stack(track(clip("low", 0, 4)), track(clip("high", 0, 4)), name="comp")
    cut = reading(timeline(track(gap(9), clip("first", 0, 2), nested), track(clip("over", 0, 2))))

    assert [(use.name, use.path, use.nest) for use in cut.clips] == [
        ("first", (0,), ()),
        ("low", (0, 1, 0), ("comp",)),
        ("high", (0, 1, 1), ("comp",)),
        ("over", (1,), ()),
    ]


def test_switched_off_clips_nests_and_tracks_are_listed() -> None:
    off = stack(track(clip("inner", 0, 4)), enabled=False)
    cut = reading(timeline(track(clip("a", 0, 4, enabled=False), off), track(clip("b", 0, 4), enabled=False)))

    assert [(use.name, use.enabled) for use in cut.clips] == [("a", False), ("inner", False), ("b", True)]
    assert cut.tracks == (Track("Video", "picture"), Track("Video", "picture", enabled=False))


def test_a_cut_is_as_long_as_its_longest_track_that_is_on() -> None:
    cut = reading(timeline(track(clip("a", 0, 4), gap(3)), track(clip("b", 0, 99), enabled=False)))

    assert cut.frames == 7


def test_a_negative_start_of_a_track_is_the_record_timecode_and_no_trim() -> None:
    cut = reading(timeline(track(clip("a", 7, 10), source_range=span(-86243, 10))))

    assert rows(cut) == [("a", 0, 10, 7, 1)]
    assert (cut.start, codes(cut)) == (86243, ["track.negative_start"])


def test_a_positive_start_of_a_track_trims_it() -> None:
    cut = reading(timeline(track(clip("a", 7, 10), clip("b", 0, 10), source_range=span(4, 9))))

    assert rows(cut) == [("a", 0, 6, 11, 1), ("b", 6, 9, 0, 1)]
    assert cut.frames == 9


def test_source_times_count_at_the_rate_of_the_media() -> None:
    reference = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "a.mov", "available_range": span(0, 300, 29.97)}
    cut = reading(timeline(track(clip("a", 24, 24, media_references={"DEFAULT_MEDIA": reference})), start=0))
    [use] = cut.clips

    assert use.source_rate == Rate(30000, 1001)
    assert (use.source_in, use.source_scale) == (Fraction(30000, 1001), Fraction(1250, 1001))
    assert (use.media.available_first, use.media.available_end) == (0, 300)


def test_rates_written_as_floats_are_exact() -> None:
    data = timeline(track(clip("a", 0, 10, source_range=span(0, 10, 23.976023976023978))))

    assert reading(data).rate == Rate(24000, 1001)


def test_a_given_rate_overrules_the_file_and_says_so() -> None:
    cut = reading(timeline(track(clip("a", 24, 24))), rate=Rate(48))

    assert (cut.rate, cut.frames, codes(cut)) == (Rate(48), 48, ["rate.conflict"])


def test_schemas_of_any_version_are_read_and_unknown_ones_stay_opaque() -> None:
    newer = clip("newer", 0, 4, OTIO_SCHEMA="Clip.99", markers=[{"OTIO_SCHEMA": "Marker.42"}])
    unknown = {"OTIO_SCHEMA": "Hologram.1", "name": "x", "source_range": span(0, 6)}
    cut = reading(timeline(track(newer, unknown, clip("b", 0, 4))))

    assert [(use.name, use.kind, use.record_in) for use in cut.clips] == [
        ("newer", "picture", 0),
        ("x", "other", 4),
        ("b", "picture", 10),
    ]
    assert codes(cut) == ["schema.unknown"]


def test_old_names_of_schemas_mean_what_they_meant() -> None:
    old = {
        "OTIO_SCHEMA": "Sequence.1",
        "kind": "Video",
        "children": [{"OTIO_SCHEMA": "Filler.1", "source_range": span(0, 5)}, clip("a", 0, 4)],
    }

    assert rows(reading(timeline(old))) == [("a", 5, 9, 0, 1)]


def test_a_clip_of_the_first_schema_has_one_reference() -> None:
    first = {
        "OTIO_SCHEMA": "Clip.1",
        "name": "a",
        "media_reference": {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "a.mov", "available_range": span(9, 5)},
    }
    [use] = reading(timeline(track(first))).clips

    assert (row(use), use.media.targets) == (("a", 0, 5, 9, 1), ("a.mov",))


def test_only_the_active_reference_is_what_the_clip_shows_and_the_others_are_kept_apart() -> None:
    references = {
        "DEFAULT_MEDIA": {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "proxy.mov"},
        "hires": {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "hires.exr"},
    }
    [use] = reading(
        timeline(track(clip("a", 0, 4, media_references=references, active_media_reference_key="hires")))
    ).clips

    assert (use.media.targets, use.media.others) == (("hires.exr",), ("proxy.mov",))


def test_an_image_sequence_is_named_by_its_parts() -> None:
    reference = {
        "OTIO_SCHEMA": "ImageSequenceReference.1",
        "target_url_base": "file:///show/sh010",
        "name_prefix": "sh010.",
        "name_suffix": ".exr",
        "start_frame": 1001,
        "frame_step": 1,
        "rate": 24,
        "frame_zero_padding": 4,
        "available_range": span(0, 48),
    }
    [use] = reading(timeline(track(clip("a", 8, 24, media_references={"DEFAULT_MEDIA": reference})))).clips

    assert use.media == Media(
        kind="sequence",
        targets=("file:///show/sh010/sh010.%04d.exr",),
        available_first=Fraction(0),
        available_end=Fraction(48),
        sequence_prefix="sh010.",
        sequence_suffix=".exr",
        sequence_first=1001,
        sequence_padding=4,
    )


@pytest.mark.parametrize(
    ("generator", "kind"),
    [
        ("black", "black"),
        ("SMPTEBars", "black"),
        ("Slug", "black"),
        ("Text+", "title"),
        ("Fusion Composition", "generator"),
    ],
)
def test_a_generator_is_black_a_title_or_unknown(generator: str, kind: str) -> None:
    reference = {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": generator}
    [use] = reading(timeline(track(clip("g", 0, 4, media_references={"DEFAULT_MEDIA": reference})))).clips

    assert (use.kind, use.media.kind, use.media.generator) == (kind, "generator", generator)


def test_missing_media_is_a_clip_without_a_target() -> None:
    [use] = reading(
        timeline(
            track(
                clip(
                    "a",
                    0,
                    4,
                    media_references={"DEFAULT_MEDIA": {"OTIO_SCHEMA": "MissingReference.1", "name": "plate"}},
                )
            )
        )
    ).clips

    assert use.media == Media(kind="none", names=("plate",))


def test_an_item_that_cannot_be_placed_is_said_and_the_rest_is_read() -> None:
    lost = {"OTIO_SCHEMA": "Clip.2", "name": "no length"}
    cut = reading(timeline(track(clip("a", 0, 4), lost, clip("b", 0, 4))))

    assert rows(cut) == [("a", 0, 4, 0, 1), ("b", 4, 8, 0, 1)]
    assert [(p.code, p.path, p.effect) for p in cut.diagnostics] == [("clip.no_duration", "tracks/0/1", "row-missing")]


def test_edge_codes_reels_and_ids_are_found_in_metadata_markers_and_comments() -> None:
    metadata = {
        "edgecode": {"code": "g 7k3f9 q2mt4 12"},
        "cmx_3600": {"reel": "ZZ100_50", "comments": ["EDGECODE: C 00000 11111"]},
        "AAF": {"SourceID": "urn:smpte:umid:060a2b34.01010105"},
    }
    [use] = reading(timeline(track(clip("a", 0, 4, metadata=metadata)))).clips

    assert use.media.codes == ("G 7K3F9 Q2MT4 0012", "C 00000 11111")
    assert (use.media.reel, use.media.reel_is_truncated) == ("ZZ100_50", True)
    assert use.media.umids == ("urn:smpte:umid:060a2b34.01010105",)
    assert use.comments == ("EDGECODE: C 00000 11111",)


def test_effects_are_kept_and_judged_by_the_programs_own_name_for_them() -> None:
    resolve = {
        "OTIO_SCHEMA": "Effect.1",
        "name": "",
        "effect_name": "Resolve Effect",
        "metadata": {"Resolve_OTIO": {"Effect Name": "Transform"}},
    }
    premiere = {
        "OTIO_SCHEMA": "Effect.1",
        "name": "my blur",
        "effect_name": "Opacity",
        "metadata": {"PremierePro_OTIO": {"MatchName": "AE.ADBE Opacity"}},
    }
    extend = {"OTIO_SCHEMA": "Effect.1", "name": "", "effect_name": "Generative Extend"}
    labelled = {"OTIO_SCHEMA": "Effect.1", "name": "blur", "effect_name": "Vendor Magic 9"}
    [use] = reading(timeline(track(clip("a", 0, 4, effects=[resolve, premiere, extend, labelled])))).clips

    assert [(effect.name, effect.seen) for effect in use.effects] == [
        ("Transform", "plain"),
        ("Opacity", "plain"),
        ("Generative Extend", "generative"),
        ("Vendor Magic 9", "unknown"),
    ]


def test_an_effect_that_is_switched_off_does_nothing() -> None:
    off = warp(2) | {"enabled": False}
    extend = {"OTIO_SCHEMA": "Effect.1", "effect_name": "Generative Extend", "enabled": False}
    [use] = reading(timeline(track(clip("a", 5, 4, effects=[off, extend])))).clips

    assert (row(use), [effect.seen for effect in use.effects]) == (("a", 0, 4, 5, 1), ["plain", "plain"])


def test_effects_of_tracks_and_nested_cuts_reach_their_clips() -> None:
    on_track = {"OTIO_SCHEMA": "Effect.1", "effect_name": "Vendor Magic 9"}
    on_nest = {"OTIO_SCHEMA": "Effect.1", "effect_name": "Generative Extend"}
    cut = reading(timeline(track(stack(track(clip("a", 0, 4)), effects=[on_nest]), effects=[on_track])))

    assert [effect.name for effect in cut.clips[0].effects] == ["Generative Extend", "Vendor Magic 9"]


def test_the_dialects_numbers_do_not_cost_the_file() -> None:
    data = timeline(track(clip("Inf", 0, 4, metadata={"n": "@"}))).replace(
        b'"@"', b"[Inf, -Infinity, NaN, 1e999, " + b"9" * 90 + b"]"
    )
    cut = reading(data)

    assert (rows(cut), codes(cut)) == ([("Inf", 0, 4, 0, 1)], ["json.dialect"])


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "1e300", '"12"', "null", "[]", "true", "-5"])
def test_a_length_that_is_none_is_a_missing_row_and_no_error(wrong: str) -> None:
    data = timeline(track(clip("a", 0, 4), clip("b", 0, 77))).replace(b'"value": 77', b'"value": ' + wrong.encode())
    cut = reading(data)

    assert rows(cut) == [("a", 0, 4, 0, 1)]
    assert "row-missing" in [problem.effect for problem in cut.diagnostics]


def test_several_timelines_of_a_collection_are_several_cuts() -> None:
    collection = {
        "OTIO_SCHEMA": "SerializableCollection.1",
        "children": [
            json.loads(timeline(track(clip("a", 0, 4)), name="one")),
            clip("stray", 0, 4),
            {
                "OTIO_SCHEMA": "SerializeableCollection.1",
                "children": [json.loads(timeline(track(clip("b", 0, 4)), name="two"))],
            },
        ],
    }

    assert [cut.name for cut in read_cut(json.dumps(collection).encode(), name="bin.otio")] == ["one", "two"]


def test_names_that_are_not_utf_8_are_read_and_said() -> None:
    cut = reading(timeline(track(clip("caf@", 0, 4))).replace(b"caf@", b"caf\xe9"))

    assert (cut.clips[0].name, codes(cut)[0]) == ("café", "text.encoding")


def test_a_lone_surrogate_never_reaches_a_name() -> None:
    cut = reading(timeline(track(clip("a@", 0, 4))).replace(b"a@", rb"a\ud800"))

    assert cut.clips[0].name == "a?"


def test_drop_frame_is_taken_from_a_start_that_only_drop_frame_explains() -> None:
    one_hour = 107892
    part = clip("a", 0, 30, source_range=span(0, 30, 29.97))
    data = json.loads(timeline(track(part)))
    data["global_start_time"] = time(one_hour, 29.97)

    assert reading(json.dumps(data).encode()).drop_frame is True


def test_sixty_four_cuts_inside_one_another_are_read_and_sixty_six_are_refused() -> None:
    def nested(depth: int) -> bytes:
        inner = clip("core", 0, 4)
        for _ in range(depth):
            inner = stack(track(inner))
        return timeline(track(inner))

    assert rows(reading(nested(64))) == [("core", 0, 4, 0, 1)]
    with pytest.raises(InputError) as refused:
        reading(nested(66))
    assert refused.value.code == "schema.too_deep"


@pytest.mark.parametrize(
    "bomb", [b"[" * 1_000_000, b'{"a":' * 1_000_000, b'{"OTIO_SCHEMA":"Timeline.1","tracks":' + b"[" * 5_000]
)
def test_a_million_open_brackets_are_a_sentence(bomb: bytes) -> None:
    with pytest.raises(InputError) as refused:
        read_cut(bomb, name="bomb.otio")

    assert refused.value.code == "schema.too_deep"


def test_brackets_in_names_are_no_depth() -> None:
    name = '[[{"\\' * 500

    assert reading(timeline(track(clip(name, 0, 4)))).clips[0].name == name


def test_a_file_without_a_rate_keeps_no_clip_and_says_why() -> None:
    cut = reading(timeline(track({"OTIO_SCHEMA": "Clip.2", "name": "a"})))

    assert (cut.rate, cut.clips, codes(cut)) == (None, (), ["rate.unknown"])


def test_rates_that_have_no_common_clock_are_refused_before_they_cost_anything() -> None:
    odd = [clip(f"c{n}", 0, 10, source_range=span(0, 10, rate=24 + n / 7919 + 1e-9 * n)) for n in range(3000)]
    started = monotonic()

    with pytest.raises(InputError, match="no common clock") as refused:
        reading(timeline(track(*odd)))
    assert (refused.value.code, monotonic() - started < 3) == ("time.too_fine", True)


def test_no_reader_of_anybody_brings_numbers_in_that_are_too_fine() -> None:
    fine = Fraction(1, 3**3000)

    class Plugged:
        name, version = "plugged", "1"

        def recognises(self, head: bytes, *, name: str) -> bool:
            return True

        def read(self, data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
            cut = reading(timeline(track(clip("a", 0, 5))))
            return [replace(cut, clips=tuple(replace(one, source_in=fine) for one in cut.clips))]

    with pytest.raises(InputError) as refused:
        read_cut(b"x", name="x", readers=[Plugged()])
    assert refused.value.code == "time.too_fine"
