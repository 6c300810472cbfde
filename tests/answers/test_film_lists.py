"""The lists that people work from: every cell says something, and the numbers are those of coverage."""

import pytest
from recorded_film import ROOTS, RecordedFilm, last_verse, shown

from edgecode.answers.chain import Chains
from edgecode.answers.conform_sheet import conform_sheet, decisions_in
from edgecode.answers.coverage.strip import drawn, strip
from edgecode.answers.cuts.loading import load_cut, load_open
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import NOT_RECORDED, aligned, share
from edgecode.answers.layout.sheets import Sheet, sheet_csv, sheet_text
from edgecode.answers.lists import cut_list, missing_elements, where_used
from edgecode.answers.matchback.where_used import uses
from edgecode.answers.naming import targets_named
from edgecode.answers.questions import questions
from edgecode.errors import NotFoundError
from edgecode.index.catalogue import version
from edgecode.terms.steps import StepKind


@pytest.fixture(scope="module")
def film() -> RecordedFilm:
    made = last_verse()
    made.index()
    return made


@pytest.fixture(scope="module")
def cut(film: RecordedFilm) -> CutView:
    return load_cut(film.store, "Cut 13", roots=ROOTS)


def columns(sheet: Sheet, *wanted: str) -> list[tuple[str, ...]]:
    places = [sheet.columns.index(name) for name in wanted]
    return [tuple(row[place] for place in places) for row in sheet.rows]


def sheets(film: RecordedFilm, cut: CutView) -> list[Sheet]:
    chains = Chains(film.store)
    sky = version(film.store, film.id("gen/sky.*.png"))
    assert sky is not None
    used = where_used(uses(film.store, [cut], {sky.id: None}), chains, what="sky")
    return [cut_list(cut, chains), missing_elements(cut, chains), used]


def test_no_cell_of_any_list_is_empty_and_every_list_ends_with_its_evidence(film: RecordedFilm, cut: CutView) -> None:
    for sheet in sheets(film, cut):
        assert sheet.columns[-3:] == ("Edge code", "Grade", "Ledger no.")
        assert [row for row in sheet.rows if len(row) != len(sheet.columns) or "" in row] == []


def test_the_cut_list_says_of_every_event_what_it_is_made_of(film: RecordedFilm, cut: CutView) -> None:
    assert columns(sheets(film, cut)[0], "Clip", "Record in", "Frames", "Origin", "Open findings", "Grade") == [
        ("A045C012", "01:00:00:00", "100", "C", "none", "logged"),
        ("voice", "01:00:00:10", "50", "C", "none", "logged"),
        ("sh0420", "01:00:03:18", "60", "M{C,H,G}", "none", "logged"),
        ("sh0512", "01:00:06:06", "24", "U", "no-step", "unaccounted"),
        ("insert7", "01:00:08:08", "9", "U", "no-match", "unaccounted"),
    ]


def test_persons_and_consents_are_not_recorded_rather_than_none(film: RecordedFilm, cut: CutView) -> None:
    assert set(columns(sheets(film, cut)[0], "Persons", "Consents / licenses")) == {(NOT_RECORDED, NOT_RECORDED)}


def test_the_missing_elements_list_asks_about_the_file_that_it_is_really_about(
    film: RecordedFilm, cut: CutView
) -> None:
    missing = sheets(film, cut)[1]

    assert missing.head == ("picture: 33 frames in 2 gaps", "sound: 0 frames in 0 gaps")
    assert columns(missing, "Gap", "Record in", "Record out", "Frames", "Reason", "Question that settles it") == [
        ("1", "01:00:06:06", "01:00:07:06", "24", "no-step", "Who or what made sh0512_v003.mov?"),
        ("2", "01:00:08:08", "01:00:08:17", "9", "no-match", "Which file is this?"),
    ]


def test_where_used_reaches_the_frames_of_what_was_made_from_it(film: RecordedFilm, cut: CutView) -> None:
    used = sheets(film, cut)[2]

    assert columns(used, "Clip", "Frames", "How") == [("sh0420", "60", "made from sky.#.png")]
    assert used.foot == ("1 use in 1 cut, 60 frames",)


def test_no_use_at_all_is_said(film: RecordedFilm) -> None:
    sheet = where_used([], Chains(film.store), what="x")

    assert "0 uses in the cuts of this production" in sheet_text(sheet)


def test_questions_about_a_recorded_film_are_about_what_is_open(film: RecordedFilm, cut: CutView) -> None:
    found = load_open(film.store, cut, roots=ROOTS)
    asked = questions(found.subjects, found.cells, cut=cut.name, clips_of=found.clips_of)

    assert [(question.frames, question.examples, question.reason.value) for question in asked] == [
        (24, ("sh0512_v003.mov",), "no-step"),
        (9, ("insert7",), "no-match"),
    ]


def test_one_unaccounted_frame_colours_its_column_of_the_strip(cut: CutView) -> None:
    letters = strip(cut.runs(), 40)

    assert letters == "C" * 15 + "M" * 10 + "U" * 4 + "H" * 4 + "U" * 2 + "H" * 5


def test_a_strip_is_never_longer_than_the_cut(cut: CutView) -> None:
    assert len(strip(cut.runs(), 10_000)) == cut.clock.frames


def test_colour_comes_only_when_asked_for(cut: CutView) -> None:
    letters = strip(cut.runs(), 40)

    assert "\x1b" not in drawn(letters, colour=False)
    assert drawn(letters, colour=True).count("\x1b[1;31m") == 2


def test_a_share_is_all_only_when_it_is_all() -> None:
    assert [share(131_039, 131_040), share(131_040, 131_040), share(1, 131_040), share(0, 5), share(0, 0)] == [
        "99.99 %",
        "100 %",
        "under 0.01 %",
        "0.00 %",
        "0 %",
    ]


def test_columns_stay_aligned_with_wide_characters() -> None:
    assert aligned([("風の歌", "1"), ("wind", "22")], right=(1,)) == ["風の歌   1", "wind    22"]


def test_what_people_name_is_found_by_id_digest_edge_code_and_model(film: RecordedFilm) -> None:
    sky = version(film.store, film.id("gen/sky.*.png"))
    weights = version(film.store, film.id("wan2.2.safetensors"))
    assert sky is not None and weights is not None and sky.sequence_root is not None
    code = Chains(film.store).ref(sky.id, 6).edge_code
    named = [sky.key, sky.sequence_root, code, "wan2.2.safetensors"]

    assert [targets_named(film.store, what) for what in named] == [
        {sky.id: None},
        {sky.id: None},
        {sky.id: (6, 7)},
        {weights.id: None},
    ]


def test_a_name_that_means_nothing_is_not_found(film: RecordedFilm) -> None:
    with pytest.raises(NotFoundError, match=r"version\.unknown"):
        targets_named(film.store, "the dog shot")


def test_weights_reach_every_frame_that_they_helped_to_make(film: RecordedFilm, cut: CutView) -> None:
    found = uses(film.store, [cut], targets_named(film.store, "wan2.2.safetensors"))

    assert [(use.first, use.end, use.direct) for use in found] == [(90, 150, False)]


def test_a_clip_that_several_versions_fit_is_a_possible_use_of_each() -> None:
    made = RecordedFilm()
    for path in ("a/sh010.mov", "b/sh010.mov"):
        made.file(path, frames=50)
        made.step(StepKind.RENDER, [path])
    made.cut("Cut 1", [shown("sh010", "sh010.mov", 0, 10)])
    view = load_cut(made.index(), "Cut 1", roots=ROOTS)
    found = uses(made.store, [view], targets_named(made.store, made.id("b/sh010.mov")))

    assert [(use.first, use.end, use.is_candidate) for use in found] == [(0, 10, True)]


@pytest.mark.parametrize("proxy", [{"width": 960, "height": 540}, {}])
def test_a_smaller_file_of_the_same_reel_is_not_suggested_as_a_camera_original(proxy: dict[str, int]) -> None:
    made = RecordedFilm()
    made.file("ocf/A045C013.mov", frames=50, reel="A045C013", media_type="video/mxf", width=4096, height=2160)
    made.file("proxies/A045C013.mov", frames=50, reel="A045C013", media_type="video/quicktime", **proxy)
    made.cut(
        "Cut 1",
        [
            shown("a", "/mnt/show/ocf/A045C013.mov", 0, 10),
            shown("b", "/mnt/show/proxies/A045C013.mov", 10, 30),
        ],
    )
    view = load_cut(made.index(), "Cut 1", roots=ROOTS)
    found = load_open(made.store, view, roots=ROOTS)
    asked = questions(found.subjects, found.cells, cut=view.name)

    suggested = {found.subjects[number].paths[-1]: one.suggested for one in asked for number in one.subjects}

    assert suggested == {"ocf/A045C013.mov": StepKind.CAMERA if proxy else None, "proxies/A045C013.mov": None}


def test_the_parts_of_one_recording_are_no_copies_of_each_other() -> None:
    made = RecordedFilm()
    for part in ("A045C013_001.mov", "A045C013_002.mov"):
        made.file(f"ocf/{part}", frames=50, reel="A045C013", media_type="video/mxf", width=4096, height=2160)
    made.cut("Cut 1", [shown("a", "/mnt/show/ocf/A045C013_001.mov", 0, 10)])
    view = load_cut(made.index(), "Cut 1", roots=ROOTS)
    found = load_open(made.store, view, roots=ROOTS)

    assert [one.suggested for one in questions(found.subjects, found.cells, cut=view.name)] == [StepKind.CAMERA]


def test_the_conform_list_leaves_cells_empty_for_people_to_fill_in(film: RecordedFilm, cut: CutView) -> None:
    sheet, _ = conform_sheet(film.store, cut)
    form = [row[sheet.columns.index(name)] for row in sheet.rows for name in ("Version", "Frame")]

    assert set(form) == {""}
    assert [row for row in sheet.rows if "" in row[:-2] or "-" in row] == []
    assert decisions_in(film.store, cut, sheet_csv(sheet)) == []
    assert sheet.foot[1:] == (
        "  edgecode conform 'Cut 13' --open --csv > open.csv",
        "  edgecode conform 'Cut 13' --settle open.csv",
    )


def test_the_conform_list_can_be_of_one_clip(film: RecordedFilm, cut: CutView) -> None:
    sheet, rows = conform_sheet(film.store, cut, only=[3])

    assert ([row.no for row in rows], len(sheet.rows)) == ([3], 1)
