"""What an OTIO file says never vanishes and never looks plainer than it is: one case for every way in which it could."""

import json
from collections.abc import Callable

import pytest

from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.terms.cuts import Clip, CutReading
from otio_parts import FREEZE, Part, clip, dissolve, gap, span, stack, timeline, track, warp

FILL: Part = {"OTIO_SCHEMA": "Effect.1", "name": "x", "effect_name": "Generative Fill"}
BLUR: Part = {"OTIO_SCHEMA": "Effect.1", "effect_name": "Blur"}


def reading(data: bytes) -> CutReading:
    [cut] = read_cut(data, name="test.otio")
    return cut


def changed(data: bytes, change: Callable[[Part], None]) -> CutReading:
    """The reading after *change* was done to the document's stack of tracks."""
    document = json.loads(data)
    change(document["tracks"])
    return reading(json.dumps(document).encode())


def external(target: str, **more: object) -> Part:
    return {"OTIO_SCHEMA": "ExternalReference.1", "target_url": target} | more


def referring(active: str | None, **references: object) -> Clip:
    part = clip("x", 0, 24, media_references=references, active_media_reference_key=active)
    [use] = reading(timeline(track(part))).clips
    return use


def seen(cut: CutReading) -> list[tuple[str, str, int, int, list[str]]]:
    """Name, kind, record in and out, and what is known of its effects, of every clip."""
    return [
        (use.name, use.kind, int(use.record_in), int(use.record_out), [effect.seen for effect in use.effects])
        for use in cut.clips
    ]


def missing(cut: CutReading) -> list[str]:
    return [problem.code for problem in cut.diagnostics if problem.effect == "row-missing"]


# ---------------------------------------------------------------------------------------------------- references


@pytest.mark.parametrize(
    "active",
    [
        {"OTIO_SCHEMA": "MissingReference.1"},
        {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": "Sora"},
        {"OTIO_SCHEMA": "AIReference.1", "target_url": "camera.mov"},
        None,
    ],
)
def test_a_reference_that_is_not_shown_never_stands_in_for_the_one_that_is(active: Part | None) -> None:
    use = referring("hi", DEFAULT_MEDIA=external("camera.mov", name="cam"), hi=active)

    assert use.media.targets == ()
    assert use.media.names == ()
    assert "camera.mov" in use.media.others


@pytest.mark.parametrize("key", ["gone", 7, ["hi"], {"a": 1}])
def test_an_active_key_that_names_no_reference_settles_nothing(key: object) -> None:
    part = clip("x", 0, 24, media_references={"hi": external("a.mov"), "lo": external("b.mov")}) | {
        "active_media_reference_key": key
    }
    cut = reading(timeline(track(part)))

    assert (cut.clips[0].media.targets, cut.clips[0].media.others) == ((), ("a.mov", "b.mov"))
    assert [problem.code for problem in cut.diagnostics] == ["media.unsettled"]


def test_without_an_active_key_the_default_reference_or_the_only_one_is_shown() -> None:
    assert referring(None, only=external("a.mov")).media.targets == ("a.mov",)
    assert referring(None, other=external("a.mov"), DEFAULT_MEDIA=external("b.mov")).media.targets == ("b.mov",)


def test_a_second_form_of_reference_is_kept_beside_the_first() -> None:
    both = clip("x", 0, 24, media_reference=external("old.mov"))
    [newer] = reading(timeline(track(both))).clips
    [older] = reading(timeline(track(both | {"OTIO_SCHEMA": "Clip.1"}))).clips

    assert (newer.media.targets, newer.media.others) == (("plates/x.mov",), ("old.mov",))
    assert (older.media.targets, older.media.others) == (("old.mov",), ("plates/x.mov",))


def test_codes_reels_and_ranges_of_a_reference_that_is_not_shown_say_nothing_of_the_clip() -> None:
    said = {"edgecode": "C 7K3F9 Q2MT4", "cmx_3600": {"reel": "A001"}, "SourceID": "urn:smpte:umid:060a"}
    use = referring("hi", hi=external("a.mov"), lo=external("b.mov", metadata=said, available_range=span(5, 9)))

    assert (use.media.codes, use.media.reel, use.media.umids) == ((), "", ())
    assert (use.media.available_first, use.media.available_end) == (None, None)


def test_an_image_sequences_other_target_is_kept() -> None:
    sequence = {
        "OTIO_SCHEMA": "ImageSequenceReference.1",
        "target_url_base": "/a",
        "name_prefix": "s.",
        "name_suffix": ".exr",
    }
    use = referring("hi", hi=sequence | {"frame_zero_padding": 4, "target_url": "/b/ai.mov"})

    assert (use.media.targets, use.media.others) == (("/a/s.%04d.exr",), ("/b/ai.mov",))


def test_references_that_are_not_shown_come_back_from_what_we_write() -> None:
    references = {"hi": external("a.mov", name="n"), "lo": external("b.mov", name="m"), "none": {"name": "word"}}
    made = {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": "Slug", "target_url": "slug.mov"}
    cut = reading(
        timeline(
            track(
                clip("x", 0, 24, media_references=references, active_media_reference_key="hi"),
                clip("y", 0, 24, media_references={"DEFAULT_MEDIA": made}),
            )
        )
    )
    [again] = read_cut(otio_bytes(cut), name="again")

    assert again.clips == cut.clips
    assert cut.clips[0].media.others == ("b.mov", "m", "word")


# ---------------------------------------------------------------------------------------------------- generators, gaps


@pytest.mark.parametrize(
    "more",
    [
        {"target_url": "/x/ai.mov"},
        {"metadata": {"edgecode": "G 7K3F9 Q2MT4"}},
    ],
)
def test_black_that_names_media_is_no_black(more: Part) -> None:
    black = {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": "black"}

    assert referring("hi", hi=black).kind == "black"
    assert referring("hi", hi=black | more).kind == "generator"
    assert referring("hi", hi=black, lo=external("ai.mov")).kind == "generator"


def test_a_gap_that_names_media_is_a_clip_that_nobody_knows() -> None:
    cut = reading(timeline(track(gap(24) | {"name": "ai", "media_reference": external("x.mov")})))

    assert seen(cut) == [("ai", "other", 0, 24, [])]
    assert cut.clips[0].media.targets == ("x.mov",)
    assert [problem.code for problem in cut.diagnostics] == ["gap.shows"]


def test_a_gap_with_an_effect_that_may_make_frames_is_black_with_that_effect() -> None:
    cut = reading(timeline(track(gap(8) | {"name": "g", "effects": [FILL]}, gap(8) | {"effects": [BLUR]})))

    assert seen(cut) == [("g", "black", 0, 8, ["generative"])]


def test_an_effect_over_nothing_has_a_row_of_its_own() -> None:
    on_track = timeline(track(gap(4), clip("a", 0, 4), gap(4), effects=[FILL]))
    on_nest = timeline(track(stack(track(clip("a", 0, 4)), effects=[FILL], source_range=span(0, 10))))
    on_cut = reading(timeline(track(gap(4), clip("a", 0, 4))))
    on_cut = changed(timeline(track(gap(4), clip("a", 0, 4))), lambda tracks: tracks.update(effects=[FILL]))

    assert seen(reading(on_track)) == [
        ("a", "picture", 4, 8, ["generative"]),
        ("Generative Fill", "black", 0, 4, ["generative"]),
        ("Generative Fill", "black", 8, 12, ["generative"]),
    ]
    assert seen(reading(on_nest))[1:] == [("Generative Fill", "black", 4, 10, ["generative"])]
    assert seen(on_cut) == [
        ("a", "picture", 4, 8, ["generative"]),
        ("Generative Fill", "black", 0, 4, ["generative"]),
    ]


@pytest.mark.parametrize("written", [["Generative Fill"], FILL, [{}], "Generative Fill", 7])
def test_effects_that_are_no_list_of_objects_are_not_passed_over(written: object) -> None:
    cut = reading(timeline(track(clip("a", 0, 4, effects=written))))

    assert [effect.seen for effect in cut.clips[0].effects] in (["unknown"], ["generative"])


@pytest.mark.parametrize(
    ("effect", "judged"),
    [
        ({"OTIO_SCHEMA": "AIReplace.1", "name": "Blur", "effect_name": ""}, "unknown"),
        ({"OTIO_SCHEMA": "Effect.1", "name": "AI Replace", "effect_name": "Blur"}, "unknown"),
        ({"OTIO_SCHEMA": "Effect.1", "name": "Blur", "effect_name": "SuperAI Replace"}, "unknown"),
        ({"OTIO_SCHEMA": "Effect.1", "name": "blur 2", "effect_name": "Blur"}, "unknown"),
        ({"OTIO_SCHEMA": "Effect.1", "name": "Effect 2", "effect_name": "Blur"}, "plain"),
        ({"OTIO_SCHEMA": "LinearTimeWarp.1", "name": "", "effect_name": "", "time_scalar": 2}, "plain"),
    ],
)
def test_an_effect_is_plain_when_its_schema_and_all_its_names_are(effect: Part, judged: str) -> None:
    cut = reading(timeline(track(clip("a", 0, 4, effects=[effect]))))
    [again] = read_cut(otio_bytes(cut), name="again")

    assert [each.seen for each in cut.clips[0].effects] == [judged]
    assert [each.seen for each in again.clips[0].effects] == [judged]


def test_a_transition_under_a_plain_name_is_judged_by_its_kind_and_its_effects_too() -> None:
    plain = dissolve(2, 2)
    morph = plain | {"transition_type": "AI_Morph"}
    unsure = plain | {"effects": [{"OTIO_SCHEMA": "Effect.1", "effect_name": "Vendor Magic 9"}]}

    for mix, judged in ((plain, "plain"), (morph, "unknown"), (unsure, "unknown")):
        cut = reading(timeline(track(clip("a", 10, 10), mix, clip("b", 10, 10))))
        [again] = read_cut(otio_bytes(cut), name="again")
        assert [each.seen for each in (*cut.transitions, *again.transitions)] == [judged, judged]


def test_a_frozen_transition_is_still_one() -> None:
    held = stack(track(clip("a", 10, 10), dissolve(2, 2) | {"name": "Generative Morph"}, clip("b", 10, 10)))
    cut = reading(timeline(track(held | {"effects": [FREEZE], "source_range": span(9, 6)})))

    assert [(mix.record_in, mix.record_out, mix.seen) for mix in cut.transitions] == [(0, 6, "generative")]


# ---------------------------------------------------------------------------------------------------- places and lengths


@pytest.mark.parametrize("wrong", [-24, float("nan"), float("inf"), "24", None, 1e15])
def test_a_range_that_cannot_be_read_is_a_missing_row_and_keeps_its_place_where_its_length_is_known(
    wrong: object,
) -> None:
    known = clip("y", 0, 24, media_references={"DEFAULT_MEDIA": external("b.mov", available_range=span(0, 30))})
    known["source_range"] = span(0, 24) | {"duration": {"OTIO_SCHEMA": "RationalTime.1", "value": wrong, "rate": 24}}
    unknown = known | {"media_references": {"DEFAULT_MEDIA": external("b.mov")}}

    kept = reading(timeline(track(clip("x", 0, 4), known)))
    lost = reading(timeline(track(clip("x", 0, 4), unknown)))

    assert [(use.name, use.record_out, use.source_in) for use in kept.clips] == [("x", 4, 0), ("y", 34, None)]
    assert (kept.frames, missing(kept)) == (34, ["range.unreadable"])
    assert (lost.frames, missing(lost)) == (4, ["clip.no_duration"])


def test_a_range_whose_start_alone_cannot_be_read_keeps_its_length() -> None:
    part = clip("y", 0, 24)
    part["source_range"] = span(0, 24) | {"start_time": None}
    cut = reading(timeline(track(part, clip("z", 0, 4))))

    assert [(use.name, use.record_in, use.source_in) for use in cut.clips] == [("y", 0, None), ("z", 24, 0)]
    assert missing(cut) == ["range.unreadable"]


def test_a_length_that_only_a_reference_tells_that_is_not_shown_is_said() -> None:
    part = clip(
        "y",
        0,
        0,
        source_range=None,
        media_references={"hi": external("a.mov"), "lo": external("b.mov", available_range=span(7, 9))},
        active_media_reference_key="hi",
    )
    cut = reading(timeline(track(part, clip("z", 0, 4))))

    assert [(use.name, use.record_out, use.source_in) for use in cut.clips] == [("y", 9, None), ("z", 13, 0)]
    assert missing(cut) == ["range.unreadable"]


def test_a_gap_without_a_length_holds_the_cut_back() -> None:
    cut = reading(timeline(track(clip("x", 0, 4), {"OTIO_SCHEMA": "Gap.1"}, clip("y", 0, 4))))

    assert missing(cut) == ["gap.no_duration"]


@pytest.mark.parametrize("wrong", [{"a": 1}, "abc", 7])
def test_children_that_are_no_list_are_missing_rows(wrong: object) -> None:
    assert missing(reading(timeline(track(clip("x", 0, 4), stack(children=wrong, source_range=span(0, 4)))))) == [
        "children.unreadable"
    ]
    assert missing(changed(timeline(track(clip("x", 0, 4))), lambda tracks: tracks.update(children=wrong))) != []


def test_tracks_that_are_none_hold_the_cut_back_and_a_bare_track_is_one() -> None:
    document = json.loads(timeline(track(clip("x", 0, 4), clip("y", 0, 4)), start=0))
    none = reading(json.dumps(document | {"tracks": [document["tracks"]]}).encode())
    bare = reading(json.dumps(document | {"tracks": document["tracks"]["children"][0]}).encode())

    assert missing(none) == ["children.unreadable"]
    assert [(use.name, use.path, use.record_in) for use in bare.clips] == [("x", (0,), 0), ("y", (0,), 4)]


def test_children_that_are_no_objects_are_missing_rows() -> None:
    def spoil(tracks: Part) -> None:
        tracks["children"][0]["children"] += ["notadict", {"OTIO_SCHEMA": "Foo.1", "name": "no range"}]  # type: ignore[index, operator]

    assert missing(changed(timeline(track(clip("x", 0, 4))), spoil)) == ["schema.unknown", "clip.no_duration"]


@pytest.mark.parametrize("offset", [{"in_offset": span(0, 4)}, {"out_offset": "4"}])
def test_a_transition_whose_offsets_cannot_be_read_is_a_missing_row(offset: Part) -> None:
    cut = reading(timeline(track(clip("a", 10, 10), dissolve(2, 2) | offset, clip("b", 10, 10))))

    assert missing(cut) == ["transition.unreadable"]


def test_a_transition_beside_the_tracks_is_a_missing_row() -> None:
    assert missing(reading(timeline(track(clip("a", 0, 4)), dissolve(2, 2)))) == ["transition.unreadable"]


def test_a_speed_of_the_whole_cut_bends_its_clips_and_not_its_length() -> None:
    cut = changed(
        timeline(track(clip("a", 0, 10), clip("b", 0, 10))), lambda tracks: tracks.update(effects=[warp(0.5)])
    )

    assert [(use.name, use.record_in, use.record_out) for use in cut.clips] == [("a", 0, 20)]
    assert cut.frames == 20


def test_a_speed_that_nobody_can_read_leaves_every_clip_of_the_cut_somewhere() -> None:
    bent = {"OTIO_SCHEMA": "LinearTimeWarp.1", "time_scalar": "two"}
    cut = changed(timeline(track(clip("a", 0, 10), clip("b", 0, 10))), lambda tracks: tracks.update(effects=[bent]))

    assert [(use.name, use.record_in, use.record_out, use.placed) for use in cut.clips] == [
        ("a", 0, 20, "somewhere"),
        ("b", 0, 20, "somewhere"),
    ]


# ---------------------------------------------------------------------------------------------------- switched off


@pytest.mark.parametrize(
    ("tracks", "frames"),
    [
        ([track(clip("x", 0, 24)), track(clip("d", 0, 100, enabled=False))], 24),
        ([track(clip("x", 0, 24)), track(clip("d", 0, 100), enabled=False)], 24),
        ([track(clip("x", 0, 24), clip("d", 0, 100, enabled=False))], 24),
        ([track(clip("x", 0, 24), clip("d", 0, 100, enabled=False), gap(9))], 24),
        ([track(clip("x", 0, 24), gap(6), clip("d", 0, 100, enabled=False))], 24),
        ([track(clip("x", 0, 24), clip("d", 0, 100, enabled=False), clip("y", 0, 6))], 130),
        ([track(clip("x", 0, 24), gap(6))], 30),
        ([track(clip("x", 0, 24), stack(track(clip("d", 0, 100)), enabled=False))], 24),
        ([track(clip("x", 0, 24), stack(track(clip("y", 0, 6), clip("d", 0, 100, enabled=False))))], 30),
        ([track(clip("d", 0, 100), enabled=False)], 0),
        ([track(clip("d", 0, 100, enabled=False))], 0),
    ],
)
def test_what_is_switched_off_makes_no_cut_longer(tracks: list[Part], frames: int) -> None:
    cut = reading(timeline(*tracks))
    [again] = read_cut(otio_bytes(cut), name="again")

    assert (cut.frames, again.frames) == (frames, frames)


# ---------------------------------------------------------------------------------------------------- JSON


def test_a_key_that_stands_twice_is_said_and_holds_where_the_cut_hangs_on_it() -> None:
    data = timeline(track(clip("x", 0, 4, metadata={"note": "@"})))
    target = data.replace(b'"target_url": ', b'"target_url": "ai.mov", "target_url": ')
    children = data.replace(b'"children": [', b'"children": [{"a": 1}], "children": [', 1)
    note = data.replace(b'"note": "@"', b'"note": "\\"a\\\\", "note": "b"')
    same = data.replace(b'"note": "@"', b'"note": "b", "note": "b"')
    dialect = target.replace(b'"@"', b"NaN")

    for spoiled, effects in (
        (data, []),
        (target, ["row-missing"]),
        (children, ["row-missing"]),
        (note, ["approximate"]),
        (same, []),
        (dialect, ["none", "row-missing"]),
    ):
        assert [problem.effect for problem in reading(spoiled).diagnostics] == effects
