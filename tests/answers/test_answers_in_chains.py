"""Somebody's word is a row of the chain like a recorded step, with its own entry of the record, and never looks like one."""

from recorded_film import ROOTS, RecordedFilm, last_verse, shown

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.loading import load_cut
from edgecode.answers.lists import cut_list
from edgecode.answers.matchback.answer import Matchback, matchback
from edgecode.answers.matchback.text import made_by, matchback_text
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import InputRole, StepKind

SAID = "photographed for this production (somebody's word)"


def at(film: RecordedFilm, where: str, cut: str = "Cut 13") -> Matchback:
    return matchback(film.index(), load_cut(film.index(), cut, roots=ROOTS), where)


def rows(answer: Matchback) -> list[tuple[str, str, str, int, RecordId | None]]:
    return [
        (row.version.name, made_by(row), row.grade, row.ledger, row.answer)
        for one in answer.on_screen
        for row in one.lineage
    ]


def answered() -> RecordedFilm:
    film = last_verse()
    film.answer("a", "Cut 13", StepKind.CAMERA, versions=(film.id("vfx/sh0512_v003.mov"),))
    film.answer("b", "Cut 13", StepKind.CAMERA, clips=(film.id("Cut 13 clip 3"),))
    return film


def test_an_answer_about_a_version_is_the_row_of_that_version() -> None:
    film = answered()

    assert rows(at(film, "160")) == [("sh0512_v003.mov", SAID, "declared", len(film.events) - 2, film.id("a"))]


def test_an_answer_about_a_clip_without_a_version_is_a_row_too() -> None:
    film = answered()
    answer = at(film, "205")

    assert rows(answer) == [("insert7", SAID, "declared", len(film.events) - 1, film.id("b"))]
    assert (answer.on_screen[0].lineage[0].version.id, answer.on_screen[0].version) == ("", None)
    assert SAID in matchback_text(answer)


def test_an_answer_that_was_taken_back_is_no_row_any_more() -> None:
    film = answered()
    film.withdraw("a")

    assert [(row[1], row[4]) for row in rows(at(film, "160"))] == [("not recorded", None)]


def test_a_step_that_is_recorded_later_takes_the_place_of_the_answer() -> None:
    film = answered()
    film.step(StepKind.RENDER, ["vfx/sh0512_v003.mov"], tool="Blender")

    assert [(row[1], row[2]) for row in rows(at(film, "160"))] == [
        ("computer graphics that people made · Blender", "logged")
    ]


def test_an_answer_about_a_clip_stands_beside_its_version_when_that_is_found_later() -> None:
    film = RecordedFilm()
    film.cut("Cut 1", [shown("sh", "/mnt/show/sh.mov", 0, 10)])
    film.answer("a", "Cut 1", StepKind.CAMERA, clips=(film.id("Cut 1 clip 0"),))
    film.file("sh.mov", frames=20)
    answer = at(film, "3", "Cut 1")

    assert [(row[0], row[1]) for row in rows(answer)] == [("sh", SAID), ("sh.mov", "not recorded")]
    assert (answer.origin, answer.on_screen[0].unknowns) == ("C", ())


def test_the_cut_list_gives_the_ledger_number_of_an_answer() -> None:
    film = answered()
    sheet = cut_list(load_cut(film.index(), "Cut 13", roots=ROOTS), Chains(film.store))
    maker, ledger = sheet.columns.index("Maker"), sheet.columns.index("Ledger no.")

    assert [(row[maker], row[ledger]) for row in sheet.rows if "somebody's word" in row[maker]] == [
        (SAID, str(len(film.events) - 2)),
        (SAID, str(len(film.events) - 1)),
    ]


def failed() -> RecordedFilm:
    film = RecordedFilm()
    film.sequence("plates/sh010.", ".exr", 1, 10)
    film.sequence("denoised/sh010.", ".exr", 1, 10)
    film.step(
        StepKind.DENOISE,
        ["denoised/sh010.*.exr"],
        [("plates/sh010.*.exr", InputRole.PICTURE)],
        tool="mydenoiser",
        status="failed",
    )
    film.cut("Cut 1", [shown("sh010", "/mnt/show/denoised/sh010.%04d.exr", 0, 5, source=1)])
    return film


def test_a_run_that_failed_is_named_instead_of_nothing_recorded() -> None:
    row = at(failed(), "3", "Cut 1").on_screen[0].lineage[0]

    assert (made_by(row), row.step, row.kind, row.grade) == ("denoise by mydenoiser failed", None, None, "none")


def test_two_files_of_one_name_in_one_chain_are_told_apart_by_their_folders() -> None:
    film = RecordedFilm()
    film.sequence("plates/sh010.", ".exr", 1, 10)
    film.sequence("comp/sh010.", ".exr", 1, 10)
    film.step(StepKind.COMP, ["comp/sh010.*.exr"], [("plates/sh010.*.exr", InputRole.PICTURE)])
    film.cut("Cut 1", [shown("sh010", "/mnt/show/comp/sh010.%04d.exr", 0, 5, source=1)])
    one = at(film, "3", "Cut 1").on_screen[0]

    assert [row.version.name for row in one.lineage] == ["comp/sh010.#.exr", "plates/sh010.#.exr"]
    assert [unknown.what for unknown in one.unknowns] == ["plates/sh010.#.exr"]


def test_sound_alone_over_black_says_that_the_picture_is_empty() -> None:
    film = RecordedFilm()
    film.cut("Cut 1", [shown("voice", "", 0, 10, track=2)], frames=10)
    text = matchback_text(at(film, "3", "Cut 1"))

    assert text.splitlines()[0].endswith("picture: nothing on any track (black)")
