"""The page that a post supervisor reads first is aligned, complete and honest."""

from dataclasses import replace

from made_cuts import A1, CAMERA, GENERATED, V1, V2, made_clip, matched, unmatched, view, whole

from edgecode.answers.coverage import LedgerPoint, coverage_of
from edgecode.answers.coverage_text import coverage_text
from edgecode.answers.cut_view import CutView
from edgecode.terms.evidence import ConformMethod, Reason
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
    lines = text_of(show(), columns=60).splitlines()

    assert lines[:9] == [
        'COVERAGE  "The Last Verse"  Cut 13   24 fps   1 reel   2,160 frames   ledger size 4,310',
        "01:00:00:00 – 01:01:30:00   90.00 seconds",
        "",
        "Picture  frames  camera  capture  human  generated  mixed (with AI)  archive  UNACCOUNTED  waived",
        "Total     2,160   1,400        0    227        400        100 (100)        0           33       0",
        "",
        "C" * 39 + "M" * 3 + "G" * 10 + "██" + "H" + "█" + "HHHH",
        "C camera   H made by people   G generated   M mixed   █ unaccounted",
        "",
    ]


def test_how_many_frames_rest_on_a_word_is_always_said() -> None:
    told = "Of 2,127 accounted frames 500 rest on a name-and-timecode match or on somebody's word alone."

    assert told in text_of(show())
    assert told[:-1] + "; 1,627 more are graded" in text_of(show(effects_visible=False))
    assert "Of 5 accounted frames 0 rest on" in text_of(view([made_clip("a", 0, 5)], [matched(0, 1)], PIECES, frames=5))


def test_an_edl_says_in_how_many_frames_it_cannot_show_effects() -> None:
    assert "Effects not visible in this format: 1,933 frames." in text_of(show(effects_visible=False))
    assert "Effects not visible" not in text_of(show())


def test_frames_with_nothing_on_any_track_are_named_apart() -> None:
    told = "227 frames have nothing on any track and count as black: true only if this list holds the whole cut."

    assert told in text_of(show())


def test_gaps_beyond_the_first_are_counted_and_not_dropped_silently() -> None:
    assert "  … and 1 more: edgecode missing" in text_of(show(), gaps_shown=1)


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
