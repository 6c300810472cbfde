"""Every frame of a cut has exactly one answer, joined from everything that is on screen."""

from fractions import Fraction

import pytest
from made_cuts import (
    A1,
    CAMERA,
    DENOISED_BY_MODEL,
    GENERATED,
    V1,
    V2,
    Piece,
    made_clip,
    matched,
    unmatched,
    view,
    whole,
)
from msgspec.structs import replace

from edgecode.answers.cuts.accounts import Run, Told, version_frames
from edgecode.terms.cuts import Effect, Track, Transition
from edgecode.terms.evidence import AiUse, ConformMethod, Grade, Reason, Visibility
from edgecode.terms.origins import NOTHING, ai_of, classes_of, grade_of, letter_of, reasons_of, unaccounted


def told_of(runs: list[Run]) -> list[tuple[int, int, str]]:
    return [(run.first, run.end, letter_of(run.account)) for run in runs]


def test_frames_without_any_clip_are_a_persons_decision_that_the_cut_itself_shows() -> None:
    runs = view([made_clip("a", 10, 20)], [matched(0, 1)], {1: whole(CAMERA)}, frames=30).runs()

    assert told_of(runs) == [(0, 10, "H"), (10, 20, "C"), (20, 30, "H")]
    assert (grade_of(runs[0].account), runs[0].method) == (Grade.LOGGED, ConformMethod.CONTENT)


def test_black_in_an_edl_is_only_declared() -> None:
    runs = view([made_clip("a", 0, 1)], [matched(0, 1)], {1: whole(CAMERA)}, frames=2, effects_visible=False).runs()

    assert grade_of(runs[1].account) is Grade.DECLARED


def test_an_empty_track_proves_nothing_where_the_reader_left_out_rows() -> None:
    runs = view(
        [made_clip("a", 0, 1)], [matched(0, 1)], {1: whole(CAMERA)}, frames=2, told=Told(rows_missing=True)
    ).runs()

    assert reasons_of(runs[1].account) == [Reason.NO_MATCH]


def test_a_title_is_made_by_a_person() -> None:
    runs = view([made_clip("main title", 0, 5, kind="title")], [matched(0, None)], frames=5).runs()

    assert told_of(runs) == [(0, 5, "H")]


def test_a_dissolve_joins_both_sides_where_they_overlap() -> None:
    clips = [made_clip("a", 0, 12), made_clip("b", 8, 20)]
    runs = view(clips, [matched(0, 1), matched(1, 2)], {1: whole(CAMERA), 2: whole(GENERATED)}, frames=20).runs()

    assert [(run.first, run.end, classes_of(run.account)) for run in runs] == [
        (0, 8, "C"),
        (8, 12, "CG"),
        (12, 20, "G"),
    ]
    assert [run.visibility for run in runs] == [Visibility.CERTAIN, Visibility.POSSIBLE, Visibility.CERTAIN]


def test_a_layer_below_an_enabled_layer_still_counts() -> None:
    clips = [made_clip("below", 0, 10), made_clip("above", 0, 10, track=1)]
    runs = view(clips, [unmatched(0), matched(1, 2)], {2: whole(CAMERA)}, frames=10).runs()

    assert told_of(runs) == [(0, 10, "U")]


def test_a_disabled_clip_is_not_on_screen() -> None:
    clips = [made_clip("on", 0, 10), made_clip("off", 0, 10, track=1, enabled=False)]
    runs = view(clips, [matched(0, 1), unmatched(1)], {1: whole(CAMERA)}, frames=10).runs()

    assert told_of(runs) == [(0, 10, "C")]


def test_a_clip_of_a_muted_track_is_not_on_screen() -> None:
    clips = [made_clip("on", 0, 10), made_clip("off", 0, 10, track=1)]
    tracks = (V1, Track("V2", "picture", enabled=False))
    runs = view(clips, [matched(0, 1), unmatched(1)], {1: whole(CAMERA)}, frames=10, tracks=tracks).runs()

    assert told_of(runs) == [(0, 10, "C")]


def test_edges_off_the_frame_grid_round_outward() -> None:
    clips = [made_clip("a", 0, Fraction(21, 2)), made_clip("b", Fraction(21, 2), 20)]
    runs = view(clips, [matched(0, 1), matched(1, 2)], {1: whole(CAMERA), 2: whole(GENERATED)}, frames=20).runs()

    assert [(run.first, run.end, classes_of(run.account)) for run in runs] == [
        (0, 10, "C"),
        (10, 11, "CG"),
        (11, 20, "G"),
    ]


def test_pieces_of_a_version_land_on_the_frames_that_show_them() -> None:
    pieces = (Piece(None, 105, CAMERA), Piece(105, None, unaccounted(Reason.RANGE_OUTSIDE)))
    runs = view([made_clip("a", 10, 20)], [matched(0, 1, first=100)], {1: pieces}, frames=20).runs()

    assert told_of(runs) == [(0, 10, "H"), (10, 15, "C"), (15, 20, "U")]


def test_a_clip_played_backwards_shows_the_pieces_in_reverse() -> None:
    pieces = (Piece(None, 5, CAMERA), Piece(5, None, GENERATED))
    runs = view([made_clip("a", 0, 10)], [matched(0, 1, first=9, scale=-1)], {1: pieces}, frames=10).runs()

    assert told_of(runs) == [(0, 5, "G"), (5, 10, "C")]


def test_a_freeze_shows_one_frame_only() -> None:
    pieces = (Piece(None, 5, CAMERA), Piece(5, None, GENERATED))
    runs = view([made_clip("a", 0, 10)], [matched(0, 1, first=5, scale=0)], {1: pieces}, frames=10).runs()

    assert told_of(runs) == [(0, 10, "G")]


def test_a_clip_at_double_speed_touches_two_frames_in_each() -> None:
    pieces = (Piece(None, 5, CAMERA), Piece(5, None, GENERATED))
    runs = view([made_clip("a", 0, 5)], [matched(0, 1, scale=2)], {1: pieces}, frames=5).runs()

    assert told_of(runs) == [(0, 2, "C"), (2, 3, "M"), (3, 5, "G")]


def test_a_retime_that_cannot_be_computed_joins_all_that_is_available() -> None:
    outside = unaccounted(Reason.RANGE_OUTSIDE)
    pieces = (
        Piece(None, 0, outside),
        Piece(0, 50, CAMERA),
        Piece(50, 100, GENERATED),
        Piece(100, None, outside),
    )
    runs = view([made_clip("a", 0, 10)], [matched(0, 1, first=0, scale=None)], {1: pieces}, frames=10).runs()

    assert [(run.end, classes_of(run.account), letter_of(run.account)) for run in runs] == [(10, "CG", "M")]


def test_frames_that_no_piece_covers_are_never_black() -> None:
    runs = view([made_clip("a", 0, 10)], [matched(0, 1)], {1: (Piece(0, 4, CAMERA),)}, frames=10).runs()

    assert [(run.first, run.end, reasons_of(run.account)) for run in runs] == [
        (0, 4, []),
        (4, 10, [Reason.RANGE_OUTSIDE]),
    ]


def test_a_version_without_any_origin_cannot_hide_behind_another_layer() -> None:
    clips = [made_clip("known", 0, 10), made_clip("empty", 0, 10, track=1)]
    runs = view(clips, [matched(0, 1), matched(1, 2)], {1: whole(CAMERA), 2: whole(NOTHING)}, frames=10).runs()

    assert told_of(runs) == [(0, 10, "U")]


def test_a_clip_that_the_conform_says_nothing_about_is_no_match() -> None:
    runs = view([made_clip("a", 0, 10)], [], frames=10).runs()

    assert reasons_of(runs[0].account) == [Reason.NO_MATCH]


def test_an_unknown_generator_is_no_match() -> None:
    runs = view([made_clip("Plasma", 0, 10, kind="generator")], [unmatched(0)], frames=10).runs()

    assert reasons_of(runs[0].account) == [Reason.NO_MATCH]


def test_an_unknown_effect_makes_ai_use_unknown_and_keeps_the_origin() -> None:
    clip = made_clip("a", 0, 10, effects=(Effect("Smooth Skin", seen="unknown"),))
    run = view([clip], [matched(0, 1)], {1: whole(CAMERA)}, frames=10).runs()[0]

    assert (letter_of(run.account), ai_of(run.account)) == ("C", AiUse.UNKNOWN)


def test_a_generative_effect_joins_generated() -> None:
    clip = made_clip("a", 0, 10, effects=(Effect("Generative Extend", seen="generative"),))
    run = view([clip], [matched(0, 1)], {1: whole(CAMERA)}, frames=10).runs()[0]

    assert (classes_of(run.account), ai_of(run.account)) == ("CG", AiUse.GENERATIVE)


def test_a_plain_effect_adds_nothing() -> None:
    clip = made_clip("a", 0, 10, effects=(Effect("Resize", seen="plain"),))
    run = view([clip], [matched(0, 1)], {1: whole(CAMERA)}, frames=10).runs()[0]

    assert (classes_of(run.account), ai_of(run.account), grade_of(run.account)) == ("C", AiUse.NONE, Grade.LOGGED)


def test_a_transition_that_may_invent_pictures_makes_ai_use_unknown_where_it_runs() -> None:
    clips = [made_clip("a", 0, 12), made_clip("b", 8, 20)]
    morph = Transition("Morph Cut", "morph", 0, Fraction(8), Fraction(12), seen="unknown")
    cut = view(clips, [matched(0, 1), matched(1, 1)], {1: whole(CAMERA)}, frames=20, transitions=(morph,))

    assert [(run.first, run.end, ai_of(run.account)) for run in cut.runs()] == [
        (0, 8, AiUse.NONE),
        (8, 12, AiUse.UNKNOWN),
        (12, 20, AiUse.NONE),
    ]


def test_a_transition_that_invents_pictures_joins_generated_where_it_runs() -> None:
    fill = Transition("Generative Extend", "extend", 0, Fraction(4), Fraction(6), seen="generative")
    cut = view([made_clip("a", 0, 10)], [matched(0, 1)], {1: whole(CAMERA)}, frames=10, transitions=(fill,))

    assert told_of(cut.runs()) == [(0, 4, "C"), (4, 6, "M"), (6, 10, "C")]


def test_a_clip_at_an_unknown_time_within_its_range_may_show_any_of_its_frames() -> None:
    pieces = (Piece(None, 5, CAMERA), Piece(5, None, GENERATED))
    clip = replace(made_clip("a", 0, 10), placed="somewhere")

    assert told_of(view([clip], [matched(0, 1)], {1: pieces}, frames=10).runs()) == [(0, 10, "M")]


@pytest.mark.parametrize("made", [CAMERA, DENOISED_BY_MODEL])
def test_an_edl_leaves_ai_use_unknown_and_grades_no_higher_than_declared(made: int) -> None:
    run = view([made_clip("a", 0, 10)], [matched(0, 1)], {1: whole(made)}, frames=10, effects_visible=False).runs()[0]

    assert (run.effects_hidden, ai_of(run.account), grade_of(run.account)) == (True, AiUse.UNKNOWN, Grade.DECLARED)


def test_somebodys_word_that_the_effects_were_plain_settles_ai_use_but_raises_no_grade() -> None:
    told = Told(plain_effects=frozenset({0}))
    cut = view(
        [made_clip("a", 0, 10)], [matched(0, 1)], {1: whole(CAMERA)}, frames=10, effects_visible=False, told=told
    )
    run = cut.runs()[0]

    assert (run.effects_hidden, ai_of(run.account), grade_of(run.account)) == (False, AiUse.NONE, Grade.DECLARED)


@pytest.mark.parametrize("method", list(ConformMethod)[1:])
def test_a_frame_is_graded_no_higher_than_its_match(method: ConformMethod) -> None:
    run = view([made_clip("a", 0, 10)], [matched(0, 1, method=method)], {1: whole(CAMERA)}, frames=10).runs()[0]

    assert (run.method, grade_of(run.account)) == (method, method.grade)


def test_the_weakest_match_is_the_match_of_the_frame() -> None:
    clips = [made_clip("a", 0, 10), made_clip("b", 0, 10, track=1)]
    matches = [matched(0, 1), matched(1, 1, method=ConformMethod.INFERRED)]
    run = view(clips, matches, {1: whole(CAMERA)}, frames=10).runs()[0]

    assert (run.method, grade_of(run.account)) == (ConformMethod.INFERRED, Grade.DECLARED)


def test_an_answer_about_a_clip_without_a_version_is_somebodys_word() -> None:
    told = Told(answered={0: CAMERA})
    run = view([made_clip("a", 0, 10)], [unmatched(0)], frames=10, told=told).runs()[0]

    assert (letter_of(run.account), run.method, grade_of(run.account)) == ("C", ConformMethod.DECLARED, Grade.DECLARED)


def test_sound_is_counted_apart_from_picture() -> None:
    clips = [made_clip("picture", 0, 10), made_clip("voice", 2, 6, track=1, kind="sound")]
    cut = view(
        clips, [matched(0, 1), matched(1, 2)], {1: whole(CAMERA), 2: whole(GENERATED)}, frames=10, tracks=(V1, A1)
    )

    assert told_of(cut.runs()) == [(0, 10, "C")]
    assert told_of(cut.runs("sound")) == [(0, 2, "H"), (2, 6, "G"), (6, 10, "H")]


def test_a_picture_list_says_nothing_about_sound() -> None:
    cut = view([made_clip("a", 0, 10)], [matched(0, 1)], {1: whole(CAMERA)}, frames=10, tracks=(V1, V2))

    assert cut.runs("sound") == []


@pytest.mark.parametrize(
    ("first", "scale", "at", "frames"),
    [
        (100, Fraction(1), 3, (103, 104)),
        (100, Fraction(2), 3, (106, 108)),
        (100, Fraction(1, 2), 3, (101, 102)),
        (100, Fraction(-1), 3, (97, 98)),
        (100, Fraction(-2), 3, (93, 95)),
        (100, Fraction(0), 3, (100, 101)),
    ],
)
def test_a_frame_of_the_cut_shows_these_frames_of_the_version(
    first: int, scale: Fraction, at: int, frames: tuple[int, int]
) -> None:
    clip = made_clip("a", 0, 10)

    assert version_frames(clip, matched(0, 1, first=first, scale=scale), Fraction(at), Fraction(at + 1)) == frames


def test_an_answer_about_a_clip_still_stands_when_its_media_turns_up_without_a_record() -> None:
    cut = view(
        [made_clip("a", 0, 10)],
        [matched(0, 1)],
        {1: whole(unaccounted(Reason.NO_STEP))},
        frames=10,
        told=Told(answered={0: CAMERA}),
    )

    assert told_of(cut.runs()) == [(0, 10, "C")]


def test_a_recorded_making_beats_an_answer_about_the_clip() -> None:
    cut = view(
        [made_clip("a", 0, 10)], [matched(0, 1)], {1: whole(GENERATED)}, frames=10, told=Told(answered={0: CAMERA})
    )

    assert told_of(cut.runs()) == [(0, 10, "G")]


def test_layers_of_a_nested_cut_all_count() -> None:
    clips = [replace(made_clip("low", 0, 10), path=(0, 0, 0)), replace(made_clip("high", 2, 6), path=(0, 0, 1))]
    cut = view(clips, [matched(0, 1), matched(1, 2)], {1: whole(CAMERA), 2: whole(GENERATED)}, frames=10)

    assert told_of(cut.runs()) == [(0, 2, "C"), (2, 6, "M"), (6, 10, "C")]


def test_input_files_that_follow_one_another_are_reels_and_partition_the_cut() -> None:
    tracks = (V1, replace(V2, source=1))
    clips = [made_clip("a", 2, 10), made_clip("b", 12, 20, track=1)]
    cut = view(clips, [matched(0, 1), matched(1, 1)], {1: whole(CAMERA)}, frames=24, tracks=tracks)

    assert [(name, span.first, span.end) for name, span in cut.reels] == [("1", 0, 12), ("2", 12, 24)]


def test_input_files_that_run_side_by_side_are_one_reel() -> None:
    tracks = (V1, replace(V2, source=1))
    clips = [made_clip("a", 2, 10), made_clip("b", 8, 20, track=1)]
    cut = view(clips, [matched(0, 1), matched(1, 1)], {1: whole(CAMERA)}, frames=24, tracks=tracks)

    assert [(name, span.first, span.end) for name, span in cut.reels] == [("1", 0, 24)]
