"""What an EDL says never vanishes and never looks plainer than it is: one case for every way in which it could."""

from fractions import Fraction

import pytest

from edgecode.ingest.editorial import read_cut
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate

HEAD = ("TITLE: x", "FCM: NON-DROP FRAME")
FIRST = "001  AX       V     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00"
NAMED = (FIRST, "* FROM CLIP NAME: a.png")


def reading(*lines: str) -> CutReading:
    [cut] = read_cut("\n".join((*HEAD, *lines)).encode(), name="test.edl", rate=Rate(24))
    return cut


def seen(cut: CutReading) -> list[tuple[str, str, int, int]]:
    """Name, kind, record in and out of every clip."""
    return [(use.name, use.kind, int(use.record_in), int(use.record_out)) for use in cut.clips]


def missing(cut: CutReading) -> list[str]:
    return [problem.code for problem in cut.diagnostics if problem.effect == "row-missing"]


def codes(cut: CutReading) -> list[str]:
    return [problem.code for problem in cut.diagnostics]


# ---------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("reel", "notes", "kind"),
    [
        ("BL", (), "black"),
        ("BL", ("* FROM CLIP NAME: BL",), "black"),
        ("BARS", ("* FROM CLIP NAME: Bars and Tone",), "black"),
        ("BL", ("* FROM CLIP NAME: ai.mov",), "picture"),
        ("BL", ("* SOURCE FILE: /x/ai.mov",), "picture"),
        ("BL", ("* EDGECODE: C 7K3F9 Q2MT4",), "picture"),
        ("BL", ("* REEL: A001C003",), "picture"),
        ("BLK", ("* FROM CLIP NAME: sora.mp4",), "picture"),
        ("AX", ("* FROM CLIP NAME: Black Video",), "black"),
        ("AX", ("* FROM CLIP NAME: Bars and Tone", "* SOURCE FILE: /x/bars and tone.mov"), "picture"),
        ("AX", ("* FROM CLIP NAME: Color",), "picture"),
        ("AX", ("* FROM CLIP NAME: Window",), "picture"),
        ("AX", ("* FROM CLIP NAME: Noise",), "picture"),
        ("AX", ("* FROM CLIP NAME: Solid",), "picture"),
        ("AX", ("* FROM CLIP NAME: title",), "picture"),
        ("GEN", ("* FROM CLIP NAME: Title",), "title"),
        ("GEN", ("* FROM CLIP NAME: Graphic",), "generator"),
        ("GEN", ("* FROM CLIP NAME: Title", "* SOURCE FILE: /x/title.mov"), "generator"),
        ("T1", ("* FROM CLIP NAME: Title", "* FROM CLIP IS A GENERATOR", "* EDGECODE: G 7K3F9 Q2MT4"), "generator"),
    ],
)
def test_black_and_titles_are_so_when_nothing_else_is_said(reel: str, notes: tuple[str, ...], kind: str) -> None:
    [use] = reading(FIRST.replace("AX ", f"{reel:<3}"), *notes).clips

    assert use.kind == kind
    if kind in ("picture", "generator"):
        assert use.media.names or use.media.targets or use.media.codes or use.media.reel_full


# ---------------------------------------------------------------------------------------------------- partners


def test_a_background_without_its_key_shows_both() -> None:
    cut = reading(FIRST.replace("C   ", "K B "), "* FROM CLIP NAME: a.png", "* KEY CLIP NAME: ai2.mov", "* a word")

    assert seen(cut) == [("a.png", "picture", 0, 24), ("ai2.mov", "picture", 0, 24)]
    assert [(use.source_in, use.source_scale) for use in cut.clips] == [(0, 1), (None, None)]
    assert cut.clips[0].comments[-1] == "* a word"
    assert codes(cut) == ["partner.without_row"]


def test_a_key_without_its_background_shows_both() -> None:
    cut = reading(FIRST.replace("C    ", "K 000"), "* FROM CLIP NAME: ai.mov", "* KEY CLIP NAME: a.png")

    assert seen(cut) == [("a.png", "picture", 0, 24), ("ai.mov", "picture", 0, 24)]


def test_a_key_before_its_background_is_seen_as_long_as_it() -> None:
    cut = reading(
        "002  AX       V     K    000 00:00:03:08 00:00:03:08 01:00:04:10 01:00:04:10",
        "002  AX       V     K B      00:01:06:06 00:01:08:03 01:00:04:10 01:00:06:07",
    )

    assert [(int(use.record_in), int(use.record_out)) for use in cut.clips] == [(0, 45), (0, 45)]


def test_a_dissolve_from_a_noted_clip_without_a_line_shows_it_for_the_dissolve() -> None:
    cut = reading(
        FIRST.replace("C     ", "D  012"),
        "* FROM CLIP NAME: ai.mov",
        "* SOURCE FILE: /x/ai.mov",
        "* TO CLIP NAME: q.png",
    )

    assert seen(cut) == [("q.png", "picture", 0, 24), ("ai.mov", "picture", 0, 12)]
    assert [(use.side, use.media.targets, use.source_in) for use in cut.clips] == [
        ("in", (), 0),
        ("out", ("/x/ai.mov",), None),
    ]


def test_a_dissolve_after_a_gap_shows_the_clip_that_it_notes() -> None:
    late = "002  AX       V     D    012 00:00:00:00 00:00:01:00 01:00:05:00 01:00:06:00"
    cut = reading(*NAMED, late, "* FROM CLIP NAME: ai.mov", "* TO CLIP NAME: q.png")

    assert ("ai.mov", "picture", 120, 132) in seen(cut)


def test_a_dissolve_whose_outgoing_line_is_there_has_no_other_partner() -> None:
    dissolve = (
        FIRST.replace("001", "002").replace("C     ", "D  012").replace("01:00:00:00 01:00:01", "01:00:01:00 01:00:02")
    )
    cut = reading(*NAMED, dissolve, "* FROM CLIP NAME: a.png", "* TO CLIP NAME: q.png")

    assert seen(cut) == [("a.png", "picture", 0, 24), ("a.png", "picture", 24, 36), ("q.png", "picture", 24, 48)]
    assert codes(cut) == []


def test_a_code_alone_says_which_clip_a_dissolve_leaves() -> None:
    dissolve = (
        FIRST.replace("001", "002").replace("C     ", "D  012").replace("01:00:00:00 01:00:01", "01:00:01:00 01:00:02")
    )
    cut = reading(*NAMED, dissolve, "* FROM CLIP NAME: (null)", "* EDGECODE: G 7K3F9 Q2MT4", "* TO CLIP NAME: q.png")

    assert [use.media.codes for use in cut.clips if use.side == "out"] == [("G 7K3F9 Q2MT4",)]


def test_a_dissolve_without_a_length_may_be_seen_for_all_of_its_event() -> None:
    cut = reading(FIRST.replace("C ", "D "), "* FROM CLIP NAME: ai.mov", "* TO CLIP NAME: q.png")

    assert seen(cut) == [("q.png", "picture", 0, 24), ("ai.mov", "picture", 0, 24)]
    assert codes(cut) == ["transition.no_length", "partner.without_row"]


def test_a_second_clip_that_a_cut_notes_is_a_clip() -> None:
    cut = reading(*NAMED, "* TO CLIP NAME: ai.mov", "* KEY CLIP NAME: ai2.mov")

    assert [(use.name, use.media.names) for use in cut.clips] == [
        ("a.png", ("a.png",)),
        ("ai2.mov", ("ai2.mov", "ai.mov")),
    ]


def test_a_cut_that_only_notes_where_it_goes_to_is_that_clip() -> None:
    assert seen(reading(FIRST, "* TO CLIP NAME: a.png")) == [("a.png", "picture", 0, 24)]


# ---------------------------------------------------------------------------------------------------- effects and speeds


def test_an_effect_named_beside_a_cut_is_done_to_its_clip() -> None:
    for name, judged in (("AI MORPH", "unknown"), ("GENERATIVE FILL", "generative"), ("CROSS DISSOLVE", "plain")):
        [use] = reading(*NAMED, f"EFFECTS NAME IS {name}").clips
        assert [(effect.name, effect.seen) for effect in use.effects] == [(name, judged)]


def test_a_dissolve_under_a_name_that_nobody_knows_is_unknown() -> None:
    cut = reading(FIRST.replace("C     ", "D  012"), "EFFECTS NAME IS AI MORPH")

    assert [mix.seen for mix in cut.transitions] == ["unknown"]


@pytest.mark.parametrize(
    "motion", ["M2   AX       fast", "M2", "M2 AX 99999999.0 00:00:00:00", "M2 AX fast 00:00:00:00"]
)
def test_a_motion_line_without_a_speed_leaves_the_source_uncertain(motion: str) -> None:
    cut = reading(*NAMED, motion)

    assert [use.source_scale for use in cut.clips] == [None]
    assert codes(cut) == ["motion.unparsed"]


def test_a_motion_line_without_a_reel_belongs_to_the_event() -> None:
    assert [use.source_scale for use in reading(FIRST, "M2            048.0                00:00:00:00").clips] == [2]


def test_a_split_edit_is_said() -> None:
    assert codes(reading("SPLIT:    AUDIO DELAY=  00:00:00:10", FIRST)) == ["split.unread"]


# ---------------------------------------------------------------------------------------------------- rows


@pytest.mark.parametrize(
    "line",
    [
        "2 AX V C 00:00:00:00 00:00:01:00 01:00:02:00",
        "V002 AX V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00",
        "00000002 AX V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00",
        "* 002 AX V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00",
        "; 002  AX  V  C  00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00",
        "002  AX       V     C        00:00:00:00 00:00:01:00 01:00:01:00 01:00:01:00",
        "002  AX       V     D    012 00:00:00:00 00:00:00:00 01:00:01:00 01:00:01:00",
        "002  AX       V     C        00:00:01:00 00:00:01:00 01:00:01:00 00:59:00:00",
        "002  AX       V     C        00:00:01:00 00:00:01:00 01:61:01:00 01:00:02:00",
    ],
)
def test_what_was_meant_to_show_something_and_cannot_be_placed_is_a_missing_row(line: str) -> None:
    cut = reading(*NAMED, line)

    assert seen(cut) == [("a.png", "picture", 0, 24)]
    assert len(missing(cut)) == 1


def test_notes_with_timecodes_are_no_missing_rows() -> None:
    notes = ("* LOC: 01:00:00:01 RED 01:00:00:02", "* COMMENT: from 01:00:00:00 to 01:00:00:01", "DLEDL: START TC: 1")

    assert missing(reading(*NAMED, *notes)) == []


def test_a_note_that_names_a_clip_before_any_event_holds_the_cut_back() -> None:
    assert missing(reading("* FROM CLIP NAME: ai.mov", FIRST)) == ["note.before_event"]
    assert missing(reading("* a list of mine", FIRST)) == []


@pytest.mark.parametrize(
    ("labels", "placed"),
    [
        ("00:00:00:00 00:01:00:00 01:00:01:00 01:61:01:00", (24, 24 + 1440)),
        ("00:00:00:00 00:00:01:00 01:61:01:00 01:00:03:00", (48, 72)),
    ],
)
def test_a_row_with_one_bad_label_is_placed_by_the_other_and_its_length(labels: str, placed: tuple[int, int]) -> None:
    cut = reading(*NAMED, f"002  AX       V     C        {labels}")

    assert [(int(use.record_in), int(use.record_out)) for use in cut.clips[1:]] == [placed]
    assert (cut.frames, codes(cut)) == (placed[1], ["timecode.invalid"])


@pytest.mark.parametrize(
    "line",
    [
        "001  AX       V     C        00:00:00:00 00:00:01:00 01:61:00:00 01:61:01:00",
        "001  AX       V     C        00:00:00:00 00:00:01:00 01:00:00:00",
    ],
)
def test_a_list_whose_only_row_is_bad_is_still_a_cut_with_a_row_missing(line: str) -> None:
    cut = reading(line)

    assert (cut.rate, cut.clips, cut.frames, len(missing(cut))) == (Rate(24), (), 0, 1)


def test_an_event_without_length_far_from_the_others_makes_no_cut_longer() -> None:
    empty = "001  AX       V     C        00:00:00:00 00:00:00:00 00:00:00:00 00:00:00:00"
    cut = reading(empty, FIRST.replace("001 ", "002 "))

    assert (cut.start, cut.frames) == (24 * 3600, 24)
    assert [use.record_in for use in cut.clips] == [Fraction(0)]
