"""A first run on somebody's own show leads from solid red to the few frames that matter, in few questions."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from made_cuts import A1, CAMERA, V1, made_clip, matched, unmatched, view, whole
from msgspec import structs

from edgecode.answers.coverage.answer import LedgerPoint, coverage_of
from edgecode.answers.cuts.accounts import Told
from edgecode.answers.cuts.open_subjects import OpenCut, VersionCard, open_cut
from edgecode.answers.cuts.subjects import Rule, Subject, is_camera_reel, select, selection
from edgecode.answers.cuts.view import CutView
from edgecode.answers.questions import Question, questions
from edgecode.answers.questions_text import questions_text, selection_text
from edgecode.index.accounts import Piece
from edgecode.terms.cuts import Media
from edgecode.terms.evidence import Grade, Reason
from edgecode.terms.origins import step_account, unaccounted
from edgecode.terms.steps import StepKind

NOTHING_SAID = unaccounted(Reason.NO_STEP)


def card(number: int, path: str, **facts: object) -> VersionCard:
    name = path.rpartition("/")[2]
    return VersionCard(f"01990000-0000-7000-9000-{number:012x}", name, (path,), **facts)  # type: ignore[arg-type]


def show() -> tuple[CutView, OpenCut]:
    """A reel as it comes from the editing room: rushes that are not here, VFX on a server, an archive folder, odds and ends."""
    clips, matches, cards, at = [], [], {}, 0

    def add(name: str, frames: int, media: Media, version: VersionCard | None = None) -> None:
        nonlocal at
        number = len(clips)
        clips.append(made_clip(name, at, at + frames, media=media))
        at += frames
        if version is None:
            matches.append(unmatched(number))
        else:
            cards[number] = version
            matches.append(matched(number, number))

    for take in range(40):
        camera = "ABD"[take % 3]
        reel = f"{camera}{17 + take // 8:03d}C{take:03d}"
        add(f"{take // 4 + 1}-{take % 4 + 1}{camera}", 50 + take, Media(reel=reel, reel_is_truncated=True))
    for shot in range(12):
        path = f"/mnt/show/vfx/sh{shot:02d}0/sh{shot:02d}0_comp_v003.####.exr"
        add(f"OAM{shot}0", 60, Media(kind="file"), card(100 + shot, path, header="Nuke", media_class="sequence"))
    for item in range(4):
        path = f"/mnt/show/archive/newsreel_{item}.mov"
        add(f"newsreel {item}", 100, Media(kind="file"), card(200 + item, path, header="Telecine", media_class="video"))
    add("temp_card", 24, Media(names=("temp_card.png",)))
    add("GFX lower third", 48, Media())
    cut = view(clips, matches, {number: whole(NOTHING_SAID) for number in cards}, frames=at)
    return cut, open_cut(cut, cards, {number: (number,) for number in cards})


def asked_of(found: OpenCut, limit: int = 20) -> list[Question]:
    return questions(found.subjects, found.cells, cut="reel 1", clips_of=found.clips_of, limit=limit)


def unaccounted_of(cut: CutView) -> int:
    return coverage_of(cut, production="Film", ledger=LedgerPoint("o", 0, "")).unaccounted


def answered(cut: CutView, subjects: Iterable[Subject]) -> CutView:
    """The cut after somebody answered "camera" for these, as the index would tell it."""
    declared = step_account(StepKind.CAMERA, grade=Grade.DECLARED)
    subjects = list(subjects)
    clips = {cut.keys.index(one.key): declared for one in subjects if one.kind == "clip"}
    names = {one.name for one in subjects if one.kind == "version"}
    pieces = dict(cut.pieces)
    for match in cut.matches:
        if match.version is not None and cut.clips[match.clip].name in names | {n.partition("_")[0] for n in names}:
            pieces[match.version] = whole(declared)
    return replace(cut, told=Told(answered={**cut.told.answered, **clips}), pieces=pieces)


def test_ten_questions_close_eighty_percent_of_a_reel_that_starts_solid_red() -> None:
    cut, found = show()
    asked = asked_of(found, limit=10)

    assert unaccounted_of(cut) == cut.clock.frames
    assert sum(question.frames for question in asked) >= 0.8 * cut.clock.frames
    assert [question.suggested for question in asked[:1]] == [StepKind.CAMERA]


def test_rushes_of_all_cameras_are_one_question_although_no_media_is_here() -> None:
    _, found = show()
    first = asked_of(found)[0]

    assert (first.rule, first.clips, first.reason) == (Rule(reel="[A-Z][0-9][0-9][0-9]C[0-9]"), 40, Reason.NO_MATCH)


def test_the_frames_that_a_question_promises_are_the_frames_that_its_answer_settles() -> None:
    cut, found = show()
    first = asked_of(found)[0]
    chosen = selection(found.subjects, found.cells, first.subjects)
    after = answered(cut, chosen.subjects)

    assert chosen.frames == first.frames == unaccounted_of(cut) - unaccounted_of(after)


def test_a_question_is_about_one_folder_when_its_files_are_of_one_kind() -> None:
    _, found = show()

    assert {"under": "/mnt/show/archive"} in [question.rule.words() for question in asked_of(found)]


def test_a_folder_of_two_kinds_of_file_is_no_single_question() -> None:
    _, found = show()

    assert all(question.rule.under != "/mnt/show" or len(question.rule.words()) > 1 for question in asked_of(found))


def test_every_subject_of_a_question_has_the_same_reason_and_the_same_look() -> None:
    _, found = show()

    for question in asked_of(found):
        members = [found.subjects[number] for number in question.subjects]
        assert len({(member.reason, member.look, member.kind) for member in members}) == 1


def test_a_frame_under_two_unknown_layers_is_promised_by_the_second_question_only() -> None:
    clips = [
        made_clip("A001C001", 0, 10, media=Media(reel="A001C001")),
        made_clip("sky", 0, 10, track=1, media=Media(targets=("/x/sky.png",))),
    ]
    cut = view(clips, [unmatched(0), unmatched(1)], frames=10)
    found = open_cut(cut, {}, {})

    assert [question.frames for question in asked_of(found)] == [0, 10]


def test_a_comp_asks_about_the_input_that_nobody_explained_and_not_about_itself() -> None:
    cut = view([made_clip("comp", 0, 10)], [matched(0, 1)], {1: whole(NOTHING_SAID)}, frames=10)
    cards = {1: card(1, "/vfx/comp.mov"), 2: card(2, "/plates/sky_plate.mov")}
    asked = asked_of(open_cut(cut, cards, {1: (2,)}))

    assert [(question.examples, question.versions) for question in asked] == [(("sky_plate.mov",), 1)]


def test_a_version_whose_frames_run_out_is_a_question_without_an_answer_command() -> None:
    cut = view([made_clip("comp", 0, 10)], [matched(0, 1)], {1: whole(unaccounted(Reason.RANGE_OUTSIDE))}, frames=10)
    asked = asked_of(open_cut(cut, {1: card(1, "/vfx/comp.mov")}, {}))

    assert [(question.reason, question.command) for question in asked] == [(Reason.RANGE_OUTSIDE, "")]


def test_sound_is_asked_about_too() -> None:
    clips = [made_clip("a", 0, 10), made_clip("VO_01.wav", 2, 6, track=1, kind="sound")]
    cut = view(clips, [matched(0, 1), unmatched(1)], {1: whole(CAMERA)}, frames=10, tracks=(V1, A1))
    asked = asked_of(open_cut(cut, {}, {}))

    assert [(question.frames, question.sound_frames) for question in asked] == [(0, 4)]


def test_sound_never_outranks_picture_and_stands_in_its_own_block() -> None:
    clips = [
        made_clip("insert", 0, 2),
        made_clip("mix_left.wav", 0, 100, track=1, kind="sound"),
        made_clip("atmo.wav", 0, 50, track=1, kind="sound"),
    ]
    cut = view(clips, [unmatched(n) for n in range(3)], frames=100, tracks=(V1, A1))
    asked = asked_of(open_cut(cut, {}, {}))
    text = questions_text(asked, unaccounted=2, sound_unaccounted=100)

    assert [(question.medium, question.examples[0]) for question in asked] == [
        ("picture", "insert"),
        ("sound", "mix_left.wav"),
        ("sound", "atmo.wav"),
    ]
    assert "\nSound:\n\n  2  What is “mix_left.wav”" in text
    assert "     50 frames of sound in 1 clip   no-match\n" in text


def test_a_proxy_of_an_original_is_not_taken_for_one() -> None:
    clips = [made_clip("A001C001", 0, 10), made_clip("A001C002", 10, 20)]
    cut = view(clips, [matched(0, 1), matched(1, 2)], {1: whole(NOTHING_SAID), 2: whole(NOTHING_SAID)}, frames=20)
    cards = {
        1: card(1, "/mnt/proxies/A001C001.mov", reel="A001C001", media_class="video", is_doubtful=True),
        2: card(2, "/mnt/ocf/A001C002.mov", reel="A001C002", media_class="video"),
    }
    asked = asked_of(open_cut(cut, cards, {1: (1,), 2: (2,)}))

    assert {question.examples: question.suggested for question in asked} == {
        ("A001C001.mov",): None,
        ("A001C002.mov",): StepKind.CAMERA,
    }


@pytest.mark.parametrize(
    ("reason", "facts", "advice"),
    [
        (Reason.RANGE_OUTSIDE, {}, "scan the folder that holds the missing frames of it: edgecode scan FOLDER"),
        (Reason.VENDOR_OPEN, {"turnover": "T-07"}, "ask the vendor for the rest of turnover T-07, then record it"),
        (Reason.VENDOR_OPEN, {}, "ask the vendor for the rest of the return, then record it"),
        (Reason.AMBIGUOUS, {}, "see which records contradict each other: edgecode log problems"),
    ],
)
def test_what_no_answer_settles_says_what_does(reason: Reason, facts: dict[str, str], advice: str) -> None:
    cut = view([made_clip("comp", 0, 10)], [matched(0, 1)], {1: whole(unaccounted(reason))}, frames=10)
    asked = asked_of(open_cut(cut, {1: card(1, "/vfx/comp.mov", **facts)}, {}))

    assert [(question.command, question.advice) for question in asked] == [("", advice)]
    assert f"     → {advice}\n" in questions_text(asked, unaccounted=10)


def test_a_clip_whose_media_is_not_here_may_be_scanned_or_answered_for() -> None:
    cut = view([made_clip("insert", 0, 10)], [unmatched(0, Reason.OFFLINE_MEDIA)], frames=10)
    text = questions_text(asked_of(open_cut(cut, {}, {})), unaccounted=10)

    assert text.endswith(
        "     → edgecode answer 'reel 1' --clip insert --as KIND\n"
        "       or scan the folder that holds it: edgecode scan FOLDER\n"
    )


def test_missing_frames_are_named_in_the_question() -> None:
    outside = unaccounted(Reason.RANGE_OUTSIDE)
    pieces = (Piece(None, 1, outside), Piece(1, 5, CAMERA), Piece(5, 7, outside), Piece(7, 11, CAMERA))
    cut = view([made_clip("A", 0, 10)], [matched(0, 1, first=1)], {1: pieces}, frames=10)
    asked = asked_of(open_cut(cut, {1: card(1, "/ocf/A001C001.mov")}, {}))

    assert [question.text for question in asked] == ["Frames 5-6 of “A001C001.mov” are missing: copy them again?"]


def test_open_files_of_one_name_are_told_apart_by_their_folders() -> None:
    clips = [made_clip("a", 0, 10), made_clip("b", 10, 15)]
    cut = view(clips, [matched(0, 1), matched(1, 2)], {1: whole(NOTHING_SAID), 2: whole(NOTHING_SAID)}, frames=15)
    cards = {1: card(1, "/vfx/v1/sh010.mov", media_class="video"), 2: card(2, "/cg/v2/sh010.mov", media_class="still")}

    assert [question.text for question in asked_of(open_cut(cut, cards, {1: (1,), 2: (2,)}))] == [
        "Who or what made “v1/sh010.mov”?",
        "Who or what made “v2/sh010.mov”?",
    ]


def test_parts_of_a_rule_narrow_each_other() -> None:
    _, found = show()
    chosen = select(found.subjects, found.cells, Rule(reel="A017", clip="1-*"))

    assert [subject.name for subject in chosen.subjects] == ["1-1A", "1-4A"]


def test_a_rule_reaches_a_folder_by_any_spelling_of_it() -> None:
    subject = Subject(
        "version", "x", "a.mov", Reason.NO_STEP, paths=("/mnt/show/a/a.mov", "Z:/show/a/a.mov", "a/a.mov")
    )

    assert [Rule(under=folder).fits(subject) for folder in ("/mnt/show", "Z:\\show\\a\\", "a", "/mnt/sho", "b")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_rule_without_parts_selects_nothing() -> None:
    _, found = show()

    assert select(found.subjects, found.cells, Rule()).subjects == ()


def test_what_is_explained_already_cannot_be_selected() -> None:
    cut = view([made_clip("A001C001", 0, 10)], [matched(0, 1)], {1: whole(CAMERA)}, frames=10)
    found = open_cut(cut, {1: card(1, "/mnt/show/A001C001.mov")}, {})

    assert select(found.subjects, found.cells, Rule(under="/mnt/show")).subjects == ()


def test_reels_of_digital_cameras_are_known_by_their_names() -> None:
    yes = ["A045C012_230612_R1AB", "A001_C003_0712XY", "D079C003", "A001_08240833_C001"]
    no = ["OAM1540_", "ABC0100", "ZZ100_50", "AX", "", "A045"]

    assert [is_camera_reel(reel) for reel in yes + no] == [True] * 4 + [False] * 6


def test_the_questions_are_printed_with_what_they_settle_and_how_to_answer() -> None:
    _, found = show()
    text = questions_text(asked_of(found), unaccounted=4_000)

    assert "  1  Are the 40 clips of reels like A017C000 camera originals?\n" in text
    assert "     → edgecode answer 'reel 1' --reel '[A-Z][0-9][0-9][0-9]C[0-9]' --as camera\n" in text


def test_the_command_of_a_question_answers_for_that_question_also_after_others_were_answered() -> None:
    _, found = show()

    for question in asked_of(found):
        words = question.rule.words()
        chosen = select(found.subjects, found.cells, Rule(**words))
        assert question.rule.options() in question.command
        assert {subject.key for subject in chosen.subjects} >= {found.subjects[n].key for n in question.subjects}


def test_the_dry_run_says_what_the_answer_is_for() -> None:
    _, found = show()
    text = selection_text(select(found.subjects, found.cells, Rule(under="/mnt/show/archive")), cut="reel 1")

    assert text.startswith("This answers for 4 versions and settles 400 frames of picture by itself")


def test_one_question_is_never_worth_more_than_what_is_open() -> None:
    cut, found = show()

    assert sum(question.frames for question in asked_of(found, limit=100)) == unaccounted_of(cut)


def test_an_answer_is_never_offered_for_a_clip_that_may_show_a_version_with_a_recorded_making() -> None:
    clips = [made_clip("T0007", 0, 14), made_clip("T0008", 14, 24)]
    both = structs.replace(unmatched(0, Reason.AMBIGUOUS), candidates=(1, 2))
    neither = structs.replace(unmatched(1, Reason.AMBIGUOUS), candidates=(3, 4))
    cut = view(clips, [both, neither], {1: whole(CAMERA), 2: whole(NOTHING_SAID)}, frames=24)
    found = open_cut(cut, {}, {})
    chosen = select(found.subjects, found.cells, Rule(clip="T000*"))

    assert [(one.name, one.must_be_told) for one in found.subjects] == [("T0007", True), ("T0008", False)]
    assert [bool(question.command) for question in asked_of(found)] == [False, True]
    assert ([one.name for one in chosen.subjects], chosen.frames) == (["T0008"], 10)
    assert selection_text(chosen, cut="reel 1").splitlines()[-1] == (
        "No answer settles T0007: say which version it is: edgecode conform 'reel 1' --open"
    )


def test_what_an_answer_promises_about_ambiguous_clips_is_what_it_settles() -> None:
    cut = view(
        [made_clip("T0008", 0, 10)], [structs.replace(unmatched(0, Reason.AMBIGUOUS), candidates=(3, 4))], {}, frames=10
    )
    found = open_cut(cut, {}, {})
    chosen = select(found.subjects, found.cells, Rule(clip="T0008"))

    assert unaccounted_of(cut) - unaccounted_of(answered(cut, chosen.subjects)) == chosen.frames == 10
