"""The page that a post supervisor reads first is aligned, complete and honest."""

from dataclasses import replace

import pytest
from made_cuts import A1, CAMERA, GENERATED, V1, V2, made_clip, matched, unmatched, view, whole

from edgecode.answers.coverage.answer import LedgerPoint, coverage_of
from edgecode.answers.coverage.text import coverage_text
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import width
from edgecode.index.accounts import Piece
from edgecode.terms.evidence import ConformMethod, Grade, Reason
from edgecode.terms.origins import graded, origin, unaccounted
from edgecode.terms.timebase import FrameRange

PIECES = {1: whole(CAMERA), 2: whole(GENERATED)}


def text_of(cut: CutView, **options: object) -> str:
    answer = coverage_of(cut, production="The Last Verse", ledger=LedgerPoint("o", 4310, "00" * 32))
    return coverage_text(answer, cut, **options)  # type: ignore[arg-type]


def show(*, effects_visible: bool = True) -> CutView:
    clips = [
        made_clip("A045C012", 0, 1500),
        made_clip("sh0420_v012", 1400, 1900),
        made_clip("sh0512", 1900, 1924),
        made_clip("insert7", 2000, 2009, track=1),
        made_clip("voice", 100, 300, track=2, kind="sound"),
    ]
    matches = [
        matched(0, 1),
        matched(1, 2, method=ConformMethod.INFERRED),
        unmatched(2, Reason.NO_STEP),
        unmatched(3),
        unmatched(4, Reason.OFFLINE_MEDIA),
    ]
    return view(clips, matches, PIECES, frames=2160, tracks=(V1, V2, A1), effects_visible=effects_visible)


def test_the_first_block_says_how_much_of_what_and_how_much_nobody_can_explain() -> None:
    lines = text_of(show()).splitlines()

    assert lines[:9] == [
        'COVERAGE  "The Last Verse"  Cut 13   24 fps   1 reel   2,160 frames   ledger size 4,310',
        "01:00:00:00 – 01:01:30:00   90.00 seconds",
        "",
        "Picture  frames  camera  capture  human  generated  mixed (with AI)  archive  UNACCOUNTED  waived",
        "Total     2,160   1,400        0    227        400        100 (100)        0           33       0",
        "",
        "C" * 65 + "M" * 4 + "G" * 18 + "███HH█HHHHHHH",
        "C camera   H made by people   G generated   M mixed   █ unaccounted",
        "",
    ]


def test_how_many_frames_rest_on_a_word_is_always_said() -> None:
    told = "Of 2,127 accounted frames 500 rest on a name-and-timecode match or on somebody's word alone."

    assert told in text_of(show())
    assert told[:-1] + "; 1,627 more are graded" in text_of(show(effects_visible=False), columns=200)
    assert "Of 5 accounted frames 0 rest on" in text_of(view([made_clip("a", 0, 5)], [matched(0, 1)], PIECES, frames=5))


def test_an_edl_says_in_how_many_frames_it_cannot_show_effects() -> None:
    assert "Effects not visible in this format: 1,933 frames." in text_of(show(effects_visible=False))
    assert "Effects not visible" not in text_of(show())


def test_frames_with_nothing_on_any_track_are_named_apart() -> None:
    told = (
        "227 frames have nothing on any track and count as black, an edit decision: 227 of the 227 under human are that, which is true "
        "only if this list holds the whole cut."
    )

    assert told in " ".join(text_of(show()).split())


def test_gaps_beyond_the_first_are_counted_and_not_dropped_silently() -> None:
    assert "  … and 1 more: edgecode missing 'Cut 13'" in text_of(show(), gaps_shown=1)


def test_the_sound_has_its_own_block() -> None:
    text = text_of(show())

    assert "Sound  frames  recorded" in text
    assert "200 frames in 1 gap:" in text
    assert "This cut carries no sound: nothing is said about the mix." in text_of(view([], [], frames=5))


def test_the_last_line_says_whether_somebody_must_act() -> None:
    cut = show()
    waived = coverage_of(
        cut, production="x", ledger=LedgerPoint("o", 1, ""), waived=[FrameRange(1900, 1924), FrameRange(2000, 2009)]
    )

    assert text_of(cut).endswith("\nHELD: 33 frames of the picture are unaccounted and not waived.\n")
    assert coverage_text(waived, cut).endswith(
        "\nNot held: all 33 unaccounted frames are waived; they stay unaccounted.\n"
    )


def test_no_colour_is_printed_unless_asked_for() -> None:
    assert "\x1b" not in text_of(show())
    assert "\x1b[1;31m" in text_of(show(), colour=True)


def test_entries_that_this_release_cannot_read_are_said_to_be_missing() -> None:
    cut = replace(show(), unread=2)

    assert "2 entries of the record cannot be read by this release: what they say is missing here." in text_of(cut)


@pytest.mark.parametrize("columns", [60, 72, 78, 96, 100, 140])
@pytest.mark.parametrize("effects_visible", [True, False])
def test_no_line_is_longer_than_the_terminal(columns: int, effects_visible: bool) -> None:
    text = text_of(show(effects_visible=effects_visible), columns=columns)

    assert [line for line in text.splitlines() if width(line) > columns] == []


def test_a_narrow_terminal_lists_the_origins_below_each_other() -> None:
    lines = text_of(show(), columns=60).splitlines()

    assert lines[4:16] == [
        "Picture      Total",
        "frames       2,160",
        "camera       1,400",
        "capture          0",
        "human          227",
        "generated      400",
        "mixed          100",
        "  with AI      100",
        "archive          0",
        "UNACCOUNTED     33",
        "waived           0",
        "",
    ]


def test_the_question_of_a_gap_is_below_it_when_the_line_is_too_long() -> None:
    gap = "  01:01:19:04  01:01:20:04      24  V1     sh0512   no-step"

    assert [line for line in text_of(show(), columns=140).splitlines() if line.startswith(gap)] == [
        f"{gap}   Who or what made it?"
    ]
    assert f"\n{gap}\n       Who or what made it?\n" in text_of(show(), columns=70)


def test_every_command_that_is_printed_can_be_pasted() -> None:
    text = text_of(show(effects_visible=False), gaps_shown=1)

    assert [line.strip() for line in text.splitlines() if "edgecode" in line] == [
        "edgecode answer 'Cut 13' --effects plain",
        "… and 1 more: edgecode missing 'Cut 13'",
    ]
    assert "hand over an OTIO of the same cut" in " ".join(text.split())


def holed(*accounts: tuple[int | None, int | None, int]) -> CutView:
    """A sequence 1-40 that the cut uses from 11 to 40, with these pieces."""
    pieces = {1: tuple(Piece(first, end, account) for first, end, account in accounts)}
    return view([made_clip("sh0710", 0, 30)], [matched(0, 1, first=11)], pieces, frames=30)


OUTSIDE = unaccounted(Reason.RANGE_OUTSIDE)


def test_holes_in_a_sequence_are_one_gap_that_names_the_missing_frames() -> None:
    rendered = origin("H") | graded(Grade.LOGGED)
    cut = holed(
        (None, 1, OUTSIDE), (1, 23, rendered), (23, 25, OUTSIDE), (25, 30, rendered), (30, 31, OUTSIDE),
        (31, 41, rendered), (41, None, OUTSIDE),
    )  # fmt: skip
    lines = text_of(cut).splitlines()
    at = lines.index("3 frames in 2 gaps:")

    assert lines[at + 2] == "  01:00:00:12  01:00:00:20       3  V1     sh0710  range-outside"
    assert " ".join(" ".join(lines[at + 3 : at + 5]).split()) == (
        "Frames 23-24, 30 are missing: render them again? In 2 places: 01:00:00:12 (2), 01:00:00:19 (1)."
    )


def test_of_what_a_camera_shot_there_may_be_more_and_never_a_longer_render() -> None:
    shot = holed((None, 1, OUTSIDE), (1, 30, CAMERA), (30, None, OUTSIDE))
    rendered = holed((None, 1, OUTSIDE), (1, 30, GENERATED), (30, None, OUTSIDE))

    assert "Is there more of sh0710?" in text_of(shot)
    assert "Is there a longer render, with frames 30-40?" in text_of(rendered)


def test_frames_that_an_input_lacks_are_asked_of_the_input() -> None:
    cut = holed((None, 1, OUTSIDE), (1, 20, CAMERA), (20, 41, CAMERA | OUTSIDE), (41, None, OUTSIDE))

    assert "Which input of sh0710 lacks these frames?" in text_of(cut)
