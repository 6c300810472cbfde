"""The conform ladder, case by case: what names a version, what stays ambiguous, what is offline, and which frames are shown."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from edgecode.events.file_facts import FileFacts
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.catalogue import edge_code, version
from edgecode.index.conform import Match
from edgecode.terms.evidence import ConformMethod, Reason
from edgecode.terms.identity import RecordId, edge_digits
from edgecode.terms.origins import reasons_of
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate
from index.cut_of import add_cut, clip, match_of, matches
from index.small_show import Show, digest, id_of

AVAILABLE = {"available_first": Fraction(86_400), "available_end": Fraction(86_500)}


def shown(show: Show, match: Match) -> tuple[ConformMethod, int, RecordId | None]:
    """How and what, with the version's record id."""
    keys = {id_of(store, key): key for store in [show.index()] for key in _versions(show)}
    return match.method, match.confidence, keys.get(match.version or 0)


def _versions(show: Show) -> list[RecordId]:
    return [event.fact.version for event in show.events if hasattr(event, "fact") and hasattr(event.fact, "version")]


@pytest.mark.parametrize(
    "written",
    [
        "/mnt/show/sh010/plate.mov",
        "file:///mnt/show/sh010/plate.mov",
        "file://localhost/mnt/show/sh010/plate.mov",
        "file:///mnt/show/sh010/pl%61te.mov",
        "Z:\\show\\sh010\\plate.mov",
        "z:/show/sh010/plate.mov",
        "file:///Z:/show/sh010/plate.mov",
        "file://Z%3a/show/sh010/plate.mov",
        "\\\\server\\show\\sh010\\plate.mov",
        "file://server/show/sh010/plate.mov",
        "/mnt/show/sh010/../sh010/./plate.mov",
        "/MNT/SHOW/SH010/PLATE.MOV",
    ],
)
def test_a_path_under_a_known_root_names_the_file_by_content(written: str) -> None:
    show = Show()
    plate = show.video("sh010/plate.mov", 100)
    show.video("sh020/plate.mov", 100)

    assert shown(show, match_of(show, clip(targets=(written,)))) == (ConformMethod.CONTENT, 100, plate)


@pytest.mark.parametrize(
    "written",
    [
        "/mnt/show/sh010/a_v002.%04d.exr",
        "/mnt/show/sh010/a_v002.####.exr",
        "/mnt/show/sh010/a_v002.@@@@.exr",
        "/mnt/show/sh010/a_v002.$F4.exr",
        "/mnt/show/sh010/a_v002.[1001-1020].exr",
        "file:///mnt/show/sh010/a_v002.%2504d.exr",
        "file:///mnt/show/sh010/a_v002.%04d.exr",
        "file:///mnt/show/sh%30%310/a_v002.%4d.exr",
        "file:///mnt/show/sh010/a_v002.%d.exr",
    ],
)
def test_a_sequence_is_named_in_every_program_s_spelling(written: str) -> None:
    show = Show()
    show.sequence("sh010/a_v001.", ".exr", 1001, 1020)
    comp = show.sequence("sh010/a_v002.", ".exr", 1001, 1020)

    assert shown(show, match_of(show, clip(targets=(written,)))) == (ConformMethod.CONTENT, 100, comp)


def test_one_frame_s_path_names_its_sequence_by_inference_only() -> None:
    show = Show()
    comp = show.sequence("sh010/a_v002.", ".exr", 1001, 1020)

    assert shown(show, match_of(show, clip(targets=("/mnt/show/sh010/a_v002.1001.exr",)))) == (
        ConformMethod.INFERRED,
        85,
        comp,
    )


@pytest.mark.parametrize("path", ["r%04deo.mov", "%41.%dog.mov", "%4d.mov"])
def test_percent_signs_of_a_url_that_are_no_frame_number_stand_for_characters(path: str) -> None:
    show = Show()
    show.video("M.mov", 100)

    assert (match_of(show, clip(targets=(f"file:///mnt/show/{path}",))).version is not None) is (path == "%4d.mov")


def test_the_bare_name_of_one_frame_finds_its_sequence() -> None:
    show = Show()
    comp = show.sequence("sh010/comp_v002.", ".exr", 1001, 1050)
    show.sequence("sh010/comp_v003.", ".exr", 1001, 1050)

    found = match_of(show, clip("AX", names=("comp_v002.1001.exr",)))

    assert shown(show, found) == (ConformMethod.INFERRED, 65, comp)


def test_the_name_of_a_frame_that_the_sequence_does_not_reach_is_another_file() -> None:
    show = Show()
    show.sequence("sh010/comp_v002.", ".exr", 1001, 1050)

    assert match_of(show, clip("AX", names=("comp_v002.2001.exr",))).reason is Reason.NO_MATCH


def test_a_freeze_called_after_its_file_with_ff_behind_shows_that_file() -> None:
    show = Show()
    plate = show.video("A001_C002.mov", 100)
    frozen = clip("A001_C002.mov FF", scale=Fraction(0))

    assert shown(show, match_of(show, frozen)) == (ConformMethod.INFERRED, 70, plate)
    assert match_of(show, clip("A001_C002.mov FF")).reason is Reason.NO_MATCH


def test_a_name_in_another_unicode_form_is_the_same_name() -> None:
    show = Show()
    plate = show.video("caf\u00e9.mov", 100)

    assert shown(show, match_of(show, clip(targets=("/mnt/show/cafe\u0301.mov",)))) == (
        ConformMethod.CONTENT,
        100,
        plate,
    )


def test_where_case_tells_two_files_apart_it_counts() -> None:
    show = Show()
    show.video("Plate.mov", 100)
    small = show.video("plate.mov", 100)

    assert shown(show, match_of(show, clip(targets=("/mnt/show/plate.mov",)))) == (ConformMethod.CONTENT, 100, small)


def test_the_end_of_a_path_is_enough_to_infer_a_file() -> None:
    show = Show()
    plate = show.video("sh010/plates/plate.mov", 100)
    show.video("sh020/plates/plate.mov", 100)

    assert shown(show, match_of(show, clip(targets=("/Volumes/OLD/x/sh010/plates/plate.mov",)))) == (
        ConformMethod.INFERRED,
        85,
        plate,
    )


def test_a_unique_file_name_is_inferred() -> None:
    show = Show()
    plate = show.video("sh010/plates/A001_C002.mov", 100)

    assert shown(show, match_of(show, clip("a001_c002.MOV"))) == (ConformMethod.INFERRED, 70, plate)


def test_a_clip_name_without_a_suffix_matches_a_unique_file_s_name() -> None:
    show = Show()
    show.sequence("sh010/comp_v002.", ".exr", 1001, 1020)
    comp = show.sequence("sh010/comp_v003.", ".exr", 1001, 1020)

    assert shown(show, match_of(show, clip("comp_v003"))) == (ConformMethod.INFERRED, 60, comp)


@pytest.mark.parametrize("name", ["comp_v004", "comp.v004", "comp"])
def test_another_version_number_is_another_file(name: str) -> None:
    show = Show()
    show.sequence("sh010/comp_v003.", ".exr", 1001, 1020)
    show.sequence("sh020/comp.v003.", ".exr", 1001, 1020)

    assert match_of(show, clip(name)).reason is Reason.NO_MATCH


def test_one_file_name_with_two_contents_is_ambiguous_with_both() -> None:
    show = Show()
    one, other = show.video("sh010/plate.mov", 100), show.video("sh020/plate.mov", 100)
    match = match_of(show, clip("plate.mov"))
    store = show.index()

    assert (match.version, match.reason, set(match.candidates)) == (
        None,
        Reason.AMBIGUOUS,
        {id_of(store, one), id_of(store, other)},
    )


def test_several_versions_of_one_content_are_one_answer() -> None:
    show = Show()
    show.video("sh010/plate.mov", 100, content="x")
    made = show.video("backup/plate.mov", 100, content="x")
    show.step(StepKind.CAMERA, made)

    assert shown(show, match_of(show, clip("plate.mov"))) == (ConformMethod.INFERRED, 70, made)


def test_one_content_with_contradicting_records_is_ambiguous() -> None:
    show = Show()
    one, other = show.video("sh010/plate.mov", 100, content="x"), show.video("backup/plate.mov", 100, content="x")
    show.step(StepKind.CAMERA, one)
    show.step(StepKind.GENERATE, other)
    store = show.index()
    (pieces,) = accounts(store, [match_of(show, clip("plate.mov")).version or 0]).values()

    assert Reason.AMBIGUOUS in reasons_of(joined_account(pieces))


def test_the_file_that_lies_at_a_place_now_is_meant() -> None:
    show = Show()
    old = show.file("comp.mov", content="old", media=FileFacts("video", frames=50))
    new = show.file("comp.mov", content="new", media=FileFacts("video", frames=50), supersedes=old)

    assert shown(show, match_of(show, clip(targets=("/mnt/show/comp.mov",)))) == (ConformMethod.CONTENT, 100, new)


def test_an_edge_code_in_the_cut_names_the_version() -> None:
    show = Show()
    plate = show.video("a.mov", 100)
    code = f"U {edge_digits(digest('a.mov'))} 0012"

    assert shown(show, match_of(show, clip("whatever", codes=(code,)))) == (ConformMethod.ID, 100, plate)


def test_a_record_id_in_the_cut_names_the_version() -> None:
    show = Show()
    plate = show.video("a.mov", 100)

    assert shown(show, match_of(show, clip("whatever", codes=(plate,)))) == (ConformMethod.ID, 100, plate)


def test_an_edge_code_and_a_path_that_name_different_contents_are_ambiguous() -> None:
    show = Show()
    show.video("a.mov", 100)
    show.video("b.mov", 100)
    code = f"U {edge_digits(digest('a.mov'))}"

    assert match_of(show, clip(codes=(code,), targets=("/mnt/show/b.mov",))).reason is Reason.AMBIGUOUS


def test_a_unique_material_id_names_the_version() -> None:
    show = Show()
    media = FileFacts("video", frames=100, header={"mxf.umid": "060A2B340101"})
    plate = show.file("a.mxf", media=media)

    assert shown(show, match_of(show, clip(umids=("060a2b340101",)))) == (ConformMethod.ID, 100, plate)


def test_reel_and_timecode_within_a_recorded_range_are_inferred() -> None:
    show = Show()
    plate = show.video("x/1.mov", 100, start=86_400, reel="A001C002")
    show.video("x/2.mov", 100, start=90_000, reel="A001C002")
    match = match_of(show, clip("nothing", reel="a001c002", source_in=86_410))

    assert (shown(show, match), match.first) == ((ConformMethod.INFERRED, 80, plate), Fraction(10))


@pytest.mark.parametrize(
    "change", [{"reel_is_truncated": True}, {"source_in": 86_495}, {"rate": Rate(25)}, {"reel": ""}]
)
def test_a_truncated_reel_another_rate_or_a_range_that_reaches_out_matches_nothing(change: dict[str, object]) -> None:
    show = Show()
    show.video("x/1.mov", 100, start=86_400, reel="A001C002")

    assert (
        match_of(show, clip("nothing", **{"reel": "A001C002", "source_in": 86_410, **change})).reason is Reason.NO_MATCH
    )  # type: ignore[arg-type]


def test_the_long_reel_matches_where_the_short_one_may_not() -> None:
    show = Show()
    plate = show.video("x/1.mov", 100, start=86_400, reel="A001C002_200101")
    match = match_of(
        show, clip("n", reel="A001C002", reel_full="A001C002_200101", reel_is_truncated=True, source_in=86_410)
    )

    assert shown(show, match) == (ConformMethod.INFERRED, 80, plate)


def test_a_person_s_decision_beats_the_path_and_is_declared() -> None:
    show = Show()
    show.video("a.mov", 100)
    other = show.video("b.mov", 100)
    cut, (first,) = add_cut(show, clip(targets=("/mnt/show/a.mov",)))
    show.decide(cut, first, other, 42)
    (match,) = matches(show.index(), cut)

    assert (shown(show, match), match.first) == ((ConformMethod.DECLARED, 100, other), Fraction(42))


def test_a_decision_that_is_taken_back_leaves_the_path_to_speak() -> None:
    show = Show()
    plate, other = show.video("a.mov", 100), show.video("b.mov", 100)
    cut, (first,) = add_cut(show, clip(targets=("/mnt/show/a.mov",)))
    show.decide(cut, first, other)
    show.decide(cut, first, "")
    (match,) = matches(show.index(), cut)

    assert shown(show, match) == (ConformMethod.CONTENT, 100, plate)


def test_a_path_under_a_known_root_without_a_file_is_offline() -> None:
    show = Show()
    show.video("a.mov", 100)

    assert match_of(show, clip(targets=("/mnt/show/gone.mov",))).reason is Reason.OFFLINE_MEDIA


def test_a_file_whose_bytes_were_never_read_is_offline() -> None:
    show = Show()
    show.file("broken.mov", media=FileFacts("video", frames=10), is_read=False)

    assert match_of(show, clip(targets=("/mnt/show/broken.mov",))).reason is Reason.OFFLINE_MEDIA


def test_a_path_that_lies_nowhere_we_know_matches_nothing() -> None:
    show = Show()
    show.video("a.mov", 100)

    assert match_of(show, clip(targets=("/elsewhere/gone.mov",))).reason is Reason.NO_MATCH


@pytest.mark.parametrize(("kind", "reason"), [("black", None), ("title", None), ("generator", Reason.NO_MATCH)])
def test_black_and_titles_are_edit_decisions_and_a_generator_is_not(kind: str, reason: Reason | None) -> None:
    match = match_of(Show(), clip("x", kind=kind))

    assert (match.version, match.reason) == (None, reason)


def placing(show: Show, one: object) -> tuple[Fraction | None, Fraction | None]:
    match = match_of(show, one)  # type: ignore[arg-type]
    return match.first, match.scale


def test_source_timecode_lines_up_with_the_header_s() -> None:
    show = Show()
    show.video("a.mov", 100, start=86_400)

    assert placing(show, clip("a.mov", source_in=86_425)) == (Fraction(25), Fraction(1))


def test_frame_numbers_line_up_with_a_sequence_s() -> None:
    show = Show()
    show.sequence("a.", ".exr", 1001, 1100)

    assert placing(show, clip("a.####.exr", source_in=1010)) == (Fraction(1010), Fraction(1))


def test_counting_from_zero_lines_up_with_the_first_frame() -> None:
    show = Show()
    show.sequence("a.", ".exr", 1001, 1100)

    assert placing(show, clip("a.####.exr", source_in=9)) == (Fraction(1010), Fraction(1))


def test_the_cut_s_own_available_range_lines_up_where_the_header_has_no_timecode() -> None:
    show = Show()
    show.video("a.mov", 100)

    assert placing(show, clip("a.mov", source_in=86_425, **AVAILABLE)) == (
        Fraction(25),
        Fraction(1),
    )


def test_an_image_sequence_reference_says_which_number_lies_at_its_start() -> None:
    show = Show()
    show.sequence("a.", ".exr", 993, 1100)
    one = clip("a.####.exr", source_in=86_410, **AVAILABLE, sequence_first=1001)
    reference = replace(one, media=replace(one.media, kind="sequence"))

    assert placing(show, reference) == (Fraction(1011), Fraction(1))


def test_frames_beyond_a_known_clock_stay_there_to_be_found_outside() -> None:
    show = Show()
    show.video("a.mov", 100, start=86_400)

    assert placing(show, clip("a.mov", source_in=90_000)) == (Fraction(3_600), Fraction(1))


def test_a_clock_that_nobody_knows_makes_all_frames_count() -> None:
    show = Show()
    show.video("a.mov", 100)

    assert placing(show, clip("a.mov", source_in=90_000)) == (None, None)


def test_a_render_that_ends_too_early_keeps_its_clock() -> None:
    show = Show()
    show.sequence("a.", ".exr", 1001, 1005)

    assert placing(show, clip("a.####.exr", source_in=1001)) == (Fraction(1001), Fraction(1))


def test_media_at_another_rate_follows_seconds() -> None:
    show = Show()
    show.video("a.mov", 100, rate="25/1")

    assert placing(show, clip("a.mov", source_in=48, frames=24)) == (Fraction(50), Fraction(25, 24))


def test_labels_at_23_976_and_24_run_alike() -> None:
    show = Show()
    show.video("a.mov", 100, rate="24000/1001", start=86_400)

    assert placing(show, clip("a.mov", source_in=86_424)) == (Fraction(24), Fraction(1))


@pytest.mark.parametrize(
    ("scale", "expected"), [(Fraction(0), Fraction(5)), (Fraction(-1), Fraction(9)), (Fraction(2), Fraction(5))]
)
def test_freezes_reverses_and_speeds_keep_their_scale(scale: Fraction, expected: Fraction) -> None:
    show = Show()
    show.video("a.mov", 100)

    assert placing(show, clip("a.mov", source_in=expected, scale=scale)) == (expected, scale)


def test_a_range_that_cannot_be_computed_makes_all_frames_count() -> None:
    show = Show()
    show.video("a.mov", 100)

    assert placing(show, clip("a.mov", scale=None)) == (None, None)


def test_a_printed_edge_code_comes_back_to_its_version() -> None:
    show = Show()
    plate = show.video("a.mov", 100)
    show.step(StepKind.GENERATE, plate)
    store = show.index()
    row = version(store, plate)
    assert row is not None
    code = edge_code(store, row, frame=7)

    assert str(code) == f"G {edge_digits(digest('a.mov'))[:5]} {edge_digits(digest('a.mov'))[5:]} 0007"


def test_a_name_that_means_other_content_than_the_edge_code_makes_it_ambiguous() -> None:
    show = Show()
    camera, made = show.file("cam/a.png"), show.file("gen/ai.png")
    store = show.index()
    row = version(store, camera)
    assert row is not None
    code = str(edge_code(store, row))

    assert [
        match_of(show, clip("x", targets=("/Volumes/EDIT/gen/ai.png",), codes=(code,))).reason,
        match_of(show, clip("ai.png", codes=(code,))).reason,
        match_of(show, clip("ai", targets=("/mnt/show/cam/a.png",), codes=(code,))).reason,
        match_of(show, clip("whatever", codes=(code,))).reason,
    ] == [Reason.AMBIGUOUS, Reason.AMBIGUOUS, None, None]
    assert made


def test_a_version_that_nobody_ever_saw_is_no_answer_even_when_a_person_says_so() -> None:
    show = Show()
    named = show.new()
    show.step(StepKind.CAMERA, named)
    cut, clips = add_cut(show, clip("s"))
    show.decide(cut, clips[0], named)

    assert matches(show.index(), cut)[0].reason is Reason.OFFLINE_MEDIA


def test_numbered_frames_that_were_not_recorded_at_all_are_outside() -> None:
    show = Show()
    show.sequence("sh010/s.", ".exr", 1001, 1100)
    found = match_of(show, clip("s", targets=("/mnt/show/sh010/s.%04d.exr",), source_in=Fraction(5000)))

    assert (found.first, found.outside) == (None, Fraction(0))


def test_a_clip_longer_than_its_video_is_outside_from_where_the_video_ends() -> None:
    show = Show()
    show.video("m.mov", 100)
    found = match_of(show, clip("m", targets=("/mnt/show/m.mov",), frames=250, source_in=Fraction(86_400)))

    assert found.outside == Fraction(100)


def test_a_sound_of_one_second_is_outside_after_its_second() -> None:
    show = Show()
    show.file("v.wav", media=FileFacts("audio", samples=48_000, sample_rate=48_000))

    assert match_of(show, clip("v", targets=("/mnt/show/v.wav",), frames=2400)).outside == Fraction(24)


def test_a_video_whose_length_nobody_knows_proves_no_frame() -> None:
    show = Show()
    show.file("v.mov", media=FileFacts("video"))

    assert match_of(show, clip("v", targets=("/mnt/show/v.mov",))).outside == Fraction(0)


@pytest.mark.parametrize("scheme", ["http://evil.example", "https://cdn.example", "s3://bucket", "ftp://host"])
def test_a_file_on_another_machine_is_not_the_local_one_of_the_same_path(scheme: str) -> None:
    show = Show()
    show.file("sh010/plate.mov", media=FileFacts("video", rate="24/1", frames=100))
    found = match_of(show, clip("x", targets=(f"{scheme}/mnt/show/sh010/plate.mov",)))

    assert found.method is ConformMethod.INFERRED


@pytest.mark.parametrize(("source", "outside"), [(86_425, None), (5_000, Fraction(0))])
def test_timecode_that_a_render_does_not_carry_is_unknown_but_a_number_that_it_lacks_is_outside(
    source: int, outside: Fraction | None
) -> None:
    show = Show()
    show.sequence("a.", ".exr", 1001, 1100)
    match = match_of(show, clip("a.####.exr", source_in=source))

    assert (match.first, match.outside) == (None, outside)


def test_two_files_with_the_same_pixels_are_one_answer_and_two_that_are_only_linked_are_not() -> None:
    def match(source: str) -> Match:
        show = Show()
        painted, stamped = show.file("a/card.png"), show.file("b/card.png")
        show.step(StepKind.PAINT, painted)
        show.step(StepKind.CONFORM, stamped, inputs=[painted], source=source)
        return match_of(show, clip("card.png"))

    assert (match("pixels").reason, match("record").reason) == (None, Reason.AMBIGUOUS)
    assert match("pixels").why.startswith("its file name is the same; others have the same pixels")


@pytest.mark.parametrize("name", ["c#d.mov", "v.%04d.mov", "k.[0001-0002].mov"])
def test_a_file_whose_name_looks_like_a_pattern_is_found_by_its_name(name: str) -> None:
    show = Show()
    meant = show.video(f"plates/{name}", 240)
    match = match_of(show, clip(targets=(f"/mnt/show/plates/{name}",)))

    assert (match.method, match.version) == (ConformMethod.CONTENT, id_of(show.index(), meant))


@pytest.mark.parametrize("at", ["/mnt/show/plates/", "/elsewhere/show/plates/", ""])
def test_a_file_called_like_a_sequence_beside_it_leaves_the_clip_to_both(at: str) -> None:
    show = Show()
    one, many = show.video("plates/k.[0001-0002].png", 1), show.sequence("plates/k.", ".png", 1, 2)
    index = show.index()
    match = match_of(show, clip(targets=(f"{at}k.[0001-0002].png",)))

    assert (match.reason, set(match.candidates)) == (
        Reason.AMBIGUOUS, {id_of(index, one), id_of(index, many)},
    )  # fmt: skip
