"""Real EDLs of the trade with a folder made for them: solid red at first, and most of it gone after ten answers."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from recorded_film import ROOTS, RecordedFilm

from edgecode.answers.coverage.answer import Coverage, LedgerPoint, coverage_of
from edgecode.answers.coverage.text import coverage_text
from edgecode.answers.cuts.loading import load_cut, load_open
from edgecode.answers.cuts.subjects import selection
from edgecode.answers.cuts.view import CutView
from edgecode.answers.questions import Question, questions
from edgecode.events.cut_facts import cut_added
from edgecode.ingest.editorial.reading import read_cut
from edgecode.terms.cuts import Clip, CutReading
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate
from shared_data import DATA, needs_shared_data

EDLS = sorted((DATA / "timelines" / "edl").rglob("*.edl")) if DATA.is_dir() else []
POINT = LedgerPoint("edgecode.test/film", 1, "00" * 32)

pytestmark = needs_shared_data


def first_cut(path: Path) -> CutReading | None:
    readings = read_cut(path.read_bytes(), name=path.stem)
    if readings and readings[0].rate is None:
        readings = read_cut(path.read_bytes(), name=path.stem, rate=Rate(24))
    usable = [reading for reading in readings if reading.rate is not None and reading.clips]
    return usable[0] if usable else None


def file_of(clip: Clip) -> str:
    """A file that a folder might hold for a clip: what its comments call it, sorted by the beginning of its name."""
    name = next((name for name in (*clip.media.targets, *clip.media.names) if "." in name), f"{clip.name}.mov")
    name = name.replace("\\", "/").rpartition("/")[2].replace("*", "")
    return f"{name[:3].lower()}/{name}"


def film_of(reading: CutReading, *, folder: bool) -> RecordedFilm:
    film = RecordedFilm(reading.name)
    if folder:
        for path in dict.fromkeys(file_of(clip) for clip in reading.clips[::2] if clip.kind == "picture"):
            film.file(path, frames=2_100_000, start=0)
    ids = [film.id(f"clip {number}") for number in range(len(reading.clips))]
    film.add(cut_added(reading, cut=film.id(f"cut {reading.name}"), clip_ids=ids))
    return film


def loaded(film: RecordedFilm, name: str) -> tuple[CutView, Coverage]:
    view = load_cut(film.index(), film.id(f"cut {name}"), roots=ROOTS)
    return view, coverage_of(view, production=name, ledger=POINT)


def asked(film: RecordedFilm, view: CutView) -> list[Question]:
    found = load_open(film.store, view, roots=ROOTS)
    return questions(found.subjects, found.cells, cut=view.name, clips_of=found.clips_of, limit=10)


@pytest.mark.parametrize("path", EDLS, ids=[path.stem for path in EDLS])
@pytest.mark.parametrize("folder", [False, True], ids=["list alone", "with a folder"])
def test_a_real_edl_is_accounted_frame_by_frame(path: Path, folder: bool) -> None:
    reading = first_cut(path)
    if reading is None:
        pytest.skip("no cut with clips can be read from this file")
    film = film_of(reading, folder=folder)
    view, answer = loaded(film, reading.name)

    assert answer.frames == reading.frames == sum(answer.by_origin.values()) == sum(answer.by_grade.values())
    assert answer.by_grade["logged"] == 0, "an EDL proves nothing better than a declaration"
    assert coverage_text(answer, view).startswith("COVERAGE")


def answered_by_ten(film: RecordedFilm, reading: CutReading) -> tuple[int, int]:
    view, before = loaded(film, reading.name)
    found = load_open(film.store, view, roots=ROOTS)
    for number, question in enumerate(questions(found.subjects, found.cells, cut=view.name, limit=10)):
        chosen = selection(found.subjects, found.cells, question.subjects)
        film.answer(f"answer {number}", reading.name, StepKind.CAMERA, versions=chosen.versions, clips=chosen.clips)
    _, after = loaded(film, reading.name)
    return before.unaccounted, after.unaccounted


def mostly_closed(paths: Iterable[Path], *, folder: bool) -> dict[str, float]:
    shares = {}
    for path in paths:
        reading = first_cut(path)
        if reading is None:
            continue
        before, after = answered_by_ten(film_of(reading, folder=folder), reading)
        if before:
            shares[path.stem] = 1 - after / before
    return shares


@pytest.mark.parametrize("folder", [False, True], ids=["list alone", "with a folder"])
def test_ten_answers_close_eighty_percent_of_the_gaps_of_every_real_edl(folder: bool) -> None:
    shares = mostly_closed(EDLS, folder=folder)

    assert len(shares) > 20
    assert {name: share for name, share in shares.items() if share < 0.8} == {}
