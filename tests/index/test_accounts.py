"""What a frame is made of, case by case: every reason, every rule of alignment, answers, twins and vendors."""

from itertools import groupby

import pytest

from edgecode.events.file_facts import FileFacts
from edgecode.events.kinds import FrameMap
from edgecode.index.accounts import Piece, accounts, joined_account
from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import ai_of, classes_of, grade_of, letter_of, reasons_of
from edgecode.terms.steps import InputRole, StepKind
from index.small_show import Show, digest, id_of, same, used_as


def told(show: Show, version: RecordId) -> list[tuple[int | None, int | None, str]]:
    """The pieces of a version as (first, end, classes or reasons), neighbours of one word joined."""
    store = show.index()
    identity = id_of(store, version)
    pieces = accounts(store, [identity])[identity]
    runs = [(said, list(run)) for said, run in groupby(pieces, key=_word)]
    return [(run[0].first, run[-1].end, said) for said, run in runs]


def word(show: Show, version: RecordId) -> str:
    """One word for all frames that a version has."""
    store = show.index()
    identity = id_of(store, version)
    return _word(Piece(None, None, joined_account(accounts(store, [identity])[identity])))


def _word(piece: Piece) -> str:
    reasons = reasons_of(piece.account)
    if reasons:
        return "+".join(reason.value for reason in reasons)
    return classes_of(piece.account)


def account(show: Show, version: RecordId) -> int:
    store = show.index()
    identity = id_of(store, version)
    return joined_account(accounts(store, [identity])[identity])


def framed(spans: list[tuple[int, int, str]]) -> list[tuple[int | None, int | None, str]]:
    outside = Reason.RANGE_OUTSIDE.value
    edges = [(None, spans[0][0], outside), *spans, (spans[-1][1], None, outside)]
    runs = [list(run) for _, run in groupby(edges, key=lambda span: span[2])]
    return [(run[0][0], run[-1][1], run[0][2]) for run in runs]


def test_a_graded_camera_plate_stays_camera() -> None:
    show = Show()
    plate, graded = show.file("plate.png"), show.file("graded.png")
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.GRADE, graded, [plate])

    assert told(show, graded) == [(None, None, "C")]


def test_a_comp_of_camera_and_generated_pictures_holds_both_classes() -> None:
    show = Show()
    plate, sky, comp = show.file("plate.png"), show.file("sky.png"), show.file("comp.png")
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.GENERATE, sky)
    show.step(StepKind.COMP, comp, [plate, sky])
    made = account(show, comp)

    assert (letter_of(made), classes_of(made), ai_of(made)) == ("M", "CG", AiUse.GENERATIVE)


def test_the_grade_of_a_chain_is_its_weakest_link() -> None:
    show = Show()
    plate, comp = show.file("plate.png"), show.file("comp.png")
    show.step(StepKind.CAMERA, plate, grade=Grade.DECLARED)
    show.step(StepKind.COMP, comp, [plate], grade=Grade.SIGNED)

    assert grade_of(account(show, comp)) is Grade.DECLARED


def test_a_version_that_nothing_explains_has_no_step() -> None:
    show = Show()
    plate = show.file("plate.png")

    assert told(show, plate) == [(None, None, "no-step")]


def test_a_painted_frame_over_an_unknown_picture_is_not_human_made() -> None:
    show = Show()
    scribble, painted = show.file("a.png"), show.file("b.png")
    show.step(StepKind.PAINT, painted, [scribble])

    assert word(show, painted) == "no-step"


def test_an_input_that_nobody_ever_saw_is_a_dangling_parent() -> None:
    show = Show()
    painted, lost = show.file("b.png"), show.new()
    show.step(StepKind.PAINT, painted, [lost])

    assert word(show, painted) == "dangling-parent"


@pytest.mark.parametrize("role", [InputRole.CONTROL, InputRole.WEIGHTS, InputRole.TRAINING, InputRole.TOOL])
def test_unknown_weights_training_control_and_tools_leave_a_frame_accounted(role: InputRole) -> None:
    show = Show()
    made, lost = show.file("b.png"), show.new()
    show.step(StepKind.GENERATE, made, [used_as(role, lost)])

    assert word(show, made) == "G"


@pytest.mark.parametrize("role", [InputRole.PICTURE, InputRole.SOUND, InputRole.REFERENCE])
def test_an_unknown_picture_sound_or_reference_leaves_a_frame_unaccounted(role: InputRole) -> None:
    show = Show()
    made, lost = show.file("b.png"), show.new()
    show.step(StepKind.GENERATE, made, [used_as(role, lost)])

    assert word(show, made) == "dangling-parent"


def test_a_camera_that_filmed_a_generated_wall_shows_generated_picture() -> None:
    show = Show()
    wall, plate = show.file("wall.png"), show.file("plate.png")
    show.step(StepKind.GENERATE, wall)
    show.step(StepKind.CAMERA, plate, [wall])

    assert word(show, plate) == "CG"


def test_a_grade_without_a_recorded_input_is_a_dangling_parent() -> None:
    show = Show()
    graded = show.file("a.png")
    show.step(StepKind.GRADE, graded)

    assert word(show, graded) == "dangling-parent"


def test_a_failed_step_explains_nothing() -> None:
    show = Show()
    made = show.file("a.png")
    show.step(StepKind.CAMERA, made, status="failed")

    assert word(show, made) == "no-step"


def test_an_import_explains_nothing_and_a_person_may_still_answer() -> None:
    show = Show()
    made = show.file("a.png")
    show.step(StepKind.IMPORT, made)
    before = word(show, made)
    show.answer(StepKind.CAMERA, [made])

    assert (before, word(show, made)) == ("no-step", "C")


def test_what_an_import_was_made_from_is_not_forgotten_by_an_answer() -> None:
    show = Show()
    sky, brought = show.file("sky.png"), show.file("a.png")
    show.step(StepKind.GENERATE, sky)
    show.step(StepKind.IMPORT, brought, [sky])
    show.answer(StepKind.CAMERA, [brought])

    assert word(show, brought) == "CG"


def test_an_answer_declares_and_never_more() -> None:
    show = Show()
    plate = show.file("a.png")
    show.answer(StepKind.CAMERA, [plate])

    assert grade_of(account(show, plate)) is Grade.DECLARED


def test_a_withdrawn_answer_leaves_the_question_open_again() -> None:
    show = Show()
    plate = show.file("a.png")
    show.withdraw(show.answer(StepKind.CAMERA, [plate]))

    assert word(show, plate) == "no-step"


def test_a_withdrawn_answer_lets_the_older_one_stand_again() -> None:
    show = Show()
    plate = show.file("a.png")
    show.answer(StepKind.CAMERA, [plate])
    show.withdraw(show.answer(StepKind.GENERATE, [plate]))

    assert word(show, plate) == "C"


def test_a_recorded_step_beats_an_answer() -> None:
    show = Show()
    made = show.file("a.png")
    show.answer(StepKind.CAMERA, [made])
    show.step(StepKind.GENERATE, made)

    assert word(show, made) == "G"


def test_an_answer_that_names_a_comp_does_not_say_what_it_was_made_of() -> None:
    show = Show()
    made = show.file("a.png")
    show.answer(StepKind.COMP, [made])

    assert word(show, made) == "dangling-parent"


def test_a_copy_under_another_name_is_explained_by_the_first() -> None:
    show = Show()
    made, copy = show.file("a.png", content="x"), show.file("b.png", content="x")
    show.step(StepKind.GENERATE, made)

    assert word(show, copy) == "G"


def test_same_bytes_with_two_contradicting_records_are_ambiguous() -> None:
    show = Show()
    one, other, copy = (show.file(name, content="x") for name in ("a.png", "b.png", "c.png"))
    show.step(StepKind.GENERATE, one)
    show.step(StepKind.CAMERA, other)

    assert word(show, copy) == "ambiguous"


def test_two_steps_that_both_claim_one_output_and_disagree_are_ambiguous() -> None:
    show = Show()
    made = show.file("a.png")
    show.step(StepKind.CAMERA, made, grade=Grade.SIGNED)
    show.step(StepKind.GENERATE, made, grade=Grade.DECLARED)

    assert word(show, made) == "ambiguous"


def test_a_second_weaker_record_of_the_same_making_does_not_weaken_the_grade() -> None:
    show = Show()
    made = show.file("a.png")
    show.step(StepKind.GENERATE, made, grade=Grade.DECLARED)
    show.step(StepKind.GENERATE, made, grade=Grade.LOGGED)

    assert grade_of(account(show, made)) is Grade.LOGGED


def test_content_that_is_explained_only_by_its_own_copy_is_not_explained() -> None:
    show = Show()
    original, copy = show.file("a.png", content="x"), show.file("b.png", content="x")
    show.step(StepKind.COMMAND, copy, [original])

    assert (word(show, original), word(show, copy)) == ("no-step", "no-step")


def test_an_input_known_by_its_claimed_digest_is_explained_by_the_file_with_it() -> None:
    show = Show()
    plate, made, named = show.file("plate.png"), show.file("a.png"), show.new()
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.GENERATE, made, [named], claimed={named: digest("plate.png")})

    assert word(show, made) == "CG"


def test_an_input_known_by_its_claimed_digest_takes_the_answer_about_that_file() -> None:
    show = Show()
    plate, made, named = show.file("plate.png"), show.file("a.png"), show.new()
    show.step(StepKind.GENERATE, made, [named], claimed={named: digest("plate.png")})
    before = word(show, made)
    show.answer(StepKind.CAMERA, [plate])

    assert (before, word(show, made)) == ("no-step", "CG")


def test_one_frame_of_a_known_sequence_is_explained_by_that_frame() -> None:
    show = Show()
    left, right, plate = show.file("l.png"), show.file("r.png"), show.sequence("p.", ".exr", 1, 4)
    made, named = show.file("a.png"), show.new()
    show.step(StepKind.CAMERA, left)
    show.step(StepKind.GENERATE, right)
    show.step(
        StepKind.COMP,
        plate,
        [used_as(InputRole.PICTURE, left, same(1, 3)), used_as(InputRole.PICTURE, right, same(3, 5))],
    )
    show.step(StepKind.PAINT, made, [named], claimed={named: digest(("p.", 2))})

    assert word(show, made) == "CH"


def test_frames_that_a_sequence_lacks_lie_outside() -> None:
    show = Show()
    plate = show.sequence("p.", ".exr", 1001, 1010, missing=((1004, 1005),))
    show.step(StepKind.CAMERA, plate)

    assert told(show, plate) == framed([(1001, 1004, "C"), (1004, 1006, "range-outside"), (1006, 1011, "C")])


def test_a_hole_in_a_plate_is_a_hole_in_the_comp_at_the_same_number() -> None:
    show = Show()
    plate = show.sequence("p.", ".exr", 1001, 1010, missing=((1004, 1005),))
    comp = show.sequence("c.", ".exr", 1003, 1008)
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.COMP, comp, [plate])

    assert told(show, comp) == framed([(1003, 1004, "C"), (1004, 1006, "range-outside"), (1006, 1009, "C")])


def test_comp_frames_beyond_the_plate_are_outside_its_range() -> None:
    show = Show()
    plate, comp = show.sequence("p.", ".exr", 1001, 1010), show.sequence("c.", ".exr", 1005, 1012)
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.COMP, comp, [plate])

    assert told(show, comp) == framed([(1005, 1011, "C"), (1011, 1013, "range-outside")])


def test_a_movie_of_a_sequence_is_aligned_at_the_first_frames() -> None:
    show = Show()
    plate, movie = show.sequence("p.", ".exr", 1001, 1010, missing=((1004, 1005),)), show.video("m.mov", 10)
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.TRANSCODE, movie, [plate])

    assert told(show, movie) == framed([(0, 3, "C"), (3, 5, "range-outside"), (5, 10, "C")])


def test_a_movie_of_another_length_needs_all_frames_of_the_sequence() -> None:
    show = Show()
    left, right, plate, movie = (
        show.file("l.png"),
        show.file("r.png"),
        show.sequence("p.", ".exr", 1, 4),
        show.video("m.mov", 9),
    )
    show.step(StepKind.CAMERA, left)
    show.step(StepKind.GENERATE, right)
    show.step(
        StepKind.COMP,
        plate,
        [used_as(InputRole.PICTURE, left, same(1, 3)), used_as(InputRole.PICTURE, right, same(3, 5))],
    )
    show.step(StepKind.TRANSCODE, movie, [plate])

    assert told(show, movie) == framed([(0, 9, "CG")])


def test_a_movie_longer_than_the_movie_it_was_made_from_is_open_at_the_end() -> None:
    show = Show()
    short, long = show.video("s.mov", 10), show.video("l.mov", 12)
    show.step(StepKind.CAMERA, short)
    show.step(StepKind.DENOISE, long, [short])

    assert told(show, long) == framed([(0, 10, "C"), (10, 12, "range-outside")])


def test_a_retime_without_a_frame_map_needs_the_whole_input() -> None:
    show = Show()
    short, long = show.video("s.mov", 10), show.video("l.mov", 20)
    show.step(StepKind.CAMERA, short)
    show.step(StepKind.RETIME, long, [short])

    assert told(show, long) == framed([(0, 20, "C")])


def test_a_still_and_a_sound_count_whole_for_every_frame() -> None:
    show = Show()
    still, sound = show.file("s.png"), show.file("s.wav", media=FileFacts("audio", samples=48_000))
    movie = show.video("m.mov", 10)
    show.step(StepKind.DRAW, still)
    show.step(StepKind.SOUND_RECORDING, sound)
    show.step(StepKind.COMP, movie, [still, used_as(InputRole.SOUND, sound)])

    assert told(show, movie) == framed([(0, 10, "CH")])


def test_a_reference_counts_whole_whatever_its_frame_numbers() -> None:
    show = Show()
    look, made = show.sequence("l.", ".png", 1, 5), show.sequence("m.", ".png", 4, 9)
    show.step(StepKind.CAMERA, look)
    show.step(StepKind.PAINT, made, [used_as(InputRole.REFERENCE, look)])

    assert told(show, made) == framed([(4, 10, "CH")])


@pytest.mark.parametrize(
    ("frame_map", "expected"),
    [
        (FrameMap("same", 1, 5, 10), [(1, 3, "C"), (3, 5, "G"), (5, 7, "dangling-parent")]),
        # Frame 1 needs 10 to 12, frame 2 needs 11 to 13, frame 4 needs 13 to 15: the ends reach outside of 11 to 14.
        (FrameMap("window", 1, 7, 9, 11), [(1, 2, "range-outside"), (2, 4, "CG"), (4, 7, "range-outside")]),
        (FrameMap("any", 1, 3, 11, 12), [(1, 3, "C"), (3, 7, "dangling-parent")]),
        (FrameMap("any", 1, 7, 12, 13), [(1, 7, "CG")]),
        (FrameMap("any", 1, 7, 12, 99), [(1, 7, "range-outside")]),
    ],
)
def test_frame_maps_say_which_frames_are_needed(frame_map: FrameMap, expected: list[tuple[int, int, str]]) -> None:
    show = Show()
    left, right, plate = show.file("l.png"), show.file("r.png"), show.sequence("p.", ".exr", 11, 14)
    show.step(StepKind.CAMERA, left)
    show.step(StepKind.GENERATE, right)
    show.step(
        StepKind.COMP,
        plate,
        [used_as(InputRole.PICTURE, left, same(11, 13)), used_as(InputRole.PICTURE, right, same(13, 15))],
    )
    comp = show.sequence("c.", ".exr", 1, 6)
    show.step(StepKind.COMP, comp, [used_as(InputRole.PICTURE, plate, frame_map)])

    assert told(show, comp) == framed(expected)


def test_a_vendor_return_accounts_for_the_frames_it_covers_and_no_others() -> None:
    show = Show()
    returned = show.sequence("v.", ".exr", 1001, 1010)
    show.step(StepKind.VENDOR, returned, covers=((1001, 1006),), origins="CG")

    assert told(show, returned) == framed([(1001, 1006, "CG"), (1006, 1011, "vendor-open")])


def test_a_vendor_return_that_says_nothing_is_open() -> None:
    show = Show()
    returned = show.sequence("v.", ".exr", 1001, 1010)
    show.step(StepKind.VENDOR, returned)

    assert told(show, returned) == framed([(1001, 1011, "vendor-open")])


def test_a_vendor_return_that_names_generated_classes_counts_as_generative() -> None:
    show = Show()
    returned = show.file("v.png")
    show.step(StepKind.VENDOR, returned, covers=((0, 1),), origins="G")

    assert (word(show, returned), ai_of(account(show, returned))) == ("G", AiUse.GENERATIVE)


def test_a_vendors_second_return_closes_what_the_first_left_open() -> None:
    show = Show()
    returned = show.sequence("v.", ".exr", 1001, 1010)
    show.step(StepKind.VENDOR, returned, covers=((1001, 1006),), origins="CG", ai=AiUse.GENERATIVE)
    show.step(StepKind.VENDOR, returned, covers=((1006, 1009),), origins="H", ai=AiUse.NONE)

    assert told(show, returned) == framed([(1001, 1006, "CG"), (1006, 1009, "H"), (1009, 1011, "vendor-open")])


def test_two_returns_that_contradict_each_other_leave_the_frames_open() -> None:
    show = Show()
    returned = show.sequence("v.", ".exr", 1001, 1010)
    show.step(StepKind.VENDOR, returned, covers=((1001, 1006),), origins="C", ai=AiUse.NONE)
    show.step(StepKind.VENDOR, returned, covers=((1004, 1011),), origins="H", ai=AiUse.NONE)

    assert told(show, returned) == framed([(1001, 1004, "C"), (1004, 1006, "ambiguous"), (1006, 1011, "H")])


def test_what_one_return_says_of_its_frames_is_not_said_of_those_of_another() -> None:
    show = Show()
    returned = show.sequence("v.", ".exr", 1001, 1010)
    show.step(StepKind.VENDOR, returned, covers=((1001, 1006),), origins="G")
    show.step(StepKind.VENDOR, returned, covers=((1006, 1011),), origins="H", ai=AiUse.NONE)
    store = show.index()
    identity = id_of(store, returned)
    inside = [one for one in accounts(store, [identity])[identity] if one.first is not None and one.end is not None]

    assert [(one.first, one.end, ai_of(one.account)) for one in inside] == [
        (1001, 1006, AiUse.GENERATIVE),
        (1006, 1011, AiUse.NONE),
    ]


def test_a_superseded_version_stands_on_its_own() -> None:
    show = Show()
    old = show.file("a.png", content="old")
    new = show.file("a.png", content="new", supersedes=old)
    show.step(StepKind.GENERATE, old)

    assert (word(show, old), word(show, new)) == ("G", "no-step")


def test_only_the_used_output_of_a_step_counts() -> None:
    show = Show()
    plate, generated, beauty, matte, comp = (show.file(f"{name}.png") for name in "pgbmc")
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.GENERATE, generated)
    show.step(StepKind.RENDER, [beauty, matte])
    show.step(StepKind.COMP, comp, [plate, beauty])

    assert word(show, comp) == "CH"


def test_an_input_that_closes_a_circle_is_left_out_and_makes_the_step_dangle() -> None:
    show = Show()
    one, other = show.file("a.png"), show.file("b.png")
    show.step(StepKind.PAINT, other, [one])
    show.step(StepKind.PAINT, one, [other])

    assert (word(show, one), word(show, other)) == ("dangling-parent", "dangling-parent")
