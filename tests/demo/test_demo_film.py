"""The demo film: always the same bytes, gaps where it says they are, files that every reader takes for real."""

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import msgspec
import opentimelineio
import pytest
from PIL import Image

from edgecode.answers.look.thumbnails import thumbnail
from edgecode.cli.demo import graphs
from edgecode.cli.demo.film import FRAMES, PLANTED, RATE, SOURCES, START, USES, source_named, span
from edgecode.cli.demo.script import Film, make_film
from edgecode.ingest.editorial.reading import read_cut
from edgecode.ingest.generation.reading import read_generation
from edgecode.ingest.headers import read_header
from edgecode.ingest.step_record import StepRecord
from edgecode.terms.cuts import CutReading
from edgecode.terms.evidence import Reason
from edgecode.terms.timebase import label_of_frame

NOW = 1_762_000_000_000


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return make_film(tmp_path_factory.mktemp("film"), now=NOW)


def middle(film: Film, name: str) -> Path:
    source = source_named(name)
    return film.media / source.path.replace("#", f"{1001 + source.frames // 2:04d}")


def digest(folder: Path) -> str:
    """One digest over names, times and bytes of a tree; the folder's own name is left out of the records."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes().replace(folder.as_posix().encode(), b"")
            whole.update(
                f"{path.relative_to(folder)}\n{path.stat().st_mtime_ns}\n".encode() + hashlib.sha256(data).digest()
            )
    return whole.hexdigest()


def picture_of(reading: CutReading) -> list[set[str]]:
    """What V1 shows at each frame, without black and titles; a list splits a clip in two where it dissolves, a timeline does not."""
    titles = {use.name for use in USES if use.words}
    shown: list[set[str]] = [set() for _ in range(reading.frames)]
    for clip in reading.clips:
        if clip.kind == "picture" and clip.path[0] == 0 and clip.name not in titles:
            for frame in range(int(clip.record_in), int(clip.record_out)):
                shown[frame].add(clip.name)
    return shown


def test_the_film_is_the_same_bytes_every_time(film: Film, tmp_path: Path) -> None:
    again = make_film(tmp_path / "again", now=NOW)

    assert digest(again.folder) == digest(film.folder)


def test_every_reason_is_planted_once_and_no_two_gaps_touch_the_same_frame() -> None:
    assert sorted(gap.reason for gap in PLANTED) == sorted(Reason)
    assert all(one.end <= other.first for one, other in pairwise(PLANTED))
    assert PLANTED[0].first >= 0
    assert PLANTED[-1].end <= FRAMES


def test_every_planted_gap_lies_in_the_clip_that_it_names() -> None:
    spans = {use.name: span(use)[:2] for use in USES if use.track == "V1" and use.name != "black"}

    assert [gap.clip for gap in PLANTED if not spans[gap.clip][0] <= gap.first < gap.end <= spans[gap.clip][1]] == []


def test_the_picture_track_has_no_holes_and_ninety_seconds() -> None:
    picture = [use for use in USES if use.track == "V1"]

    assert [one.end for one in picture] == [*(other.first for other in picture[1:]), 90 * RATE.nominal]


def test_only_the_planted_clip_asks_for_frames_that_do_not_exist() -> None:
    beyond = []
    for use in USES:
        frames = source_named(use.source).frames if use.source else 0
        first, end, offset = span(use)
        if frames and not 0 <= offset <= offset + (end - first) * use.scale <= frames:
            beyond.append(use.name)

    assert beyond == ["sh0710_comp_v004"]


def test_the_timeline_library_reads_the_cut_at_its_length(film: Film) -> None:
    timeline = opentimelineio.adapters.read_from_file(str(film.cut))

    assert (timeline.duration().value, timeline.global_start_time.value) == (FRAMES, START)
    assert [(track.name, track.kind) for track in timeline.tracks] == [
        ("V1", "Video"),
        ("V2", "Video"),
        ("A1", "Audio"),
        ("A2", "Audio"),
    ]


def test_the_cut_reads_without_a_problem_and_places_every_clip_where_the_film_says(film: Film) -> None:
    (reading,) = read_cut(film.cut.read_bytes(), name=film.cut.name)

    assert (reading.frames, reading.start, reading.rate, reading.diagnostics) == (FRAMES, START, RATE, ())
    assert sorted((int(clip.record_in), int(clip.record_out), clip.name) for clip in reading.clips) == sorted(
        (*span(use)[:2], use.name) for use in USES if use.name != "black"
    )


def test_the_edit_decision_list_shows_the_same_picture_as_the_timeline(film: Film) -> None:
    (timeline,) = read_cut(film.cut.read_bytes(), name=film.cut.name)
    (edits,) = read_cut(film.edit_list.read_bytes(), name=film.edit_list.name)

    assert (edits.rate, edits.start, edits.frames) == (timeline.rate, timeline.start, timeline.frames)
    assert picture_of(edits) == picture_of(timeline)


def test_a_camera_frame_says_its_reel_timecode_and_camera(film: Film) -> None:
    facts, problems = read_header(middle(film, "A002C002"))

    source = source_named("A002C002")
    assert problems == []
    assert (facts.reel, facts.camera, facts.start_label) == (
        "A002",
        "Larkin Orbit 35",
        label_of_frame(source.clock + source.frames // 2, RATE),
    )
    assert (facts.width, facts.height) == (192, 108)


def test_a_sound_says_when_it_was_recorded(film: Film) -> None:
    source = source_named("A002C002_sound")

    facts, problems = read_header(film.media / source.path)

    assert problems == []
    assert (facts.sample_rate, facts.channels, facts.samples) == (48_000, 1, source.frames * 2000)


def test_the_graphs_in_the_dream_tell_model_lora_and_seed(film: Film) -> None:
    generation, problems = read_generation(middle(film, "garden_dream_v012"))

    assert problems == []
    assert generation is not None
    assert generation.tool == "comfyui"
    assert sorted(model.name for model in generation.models) == [graphs.LORA, graphs.CHECKPOINT]
    assert generation.seeds == (str(graphs.SEED),)


def test_the_graph_of_the_letter_names_a_picture_that_is_nowhere_in_the_film(film: Film) -> None:
    generation, _ = read_generation(middle(film, "letter_dream_v003"))
    everything = {hashlib.sha256(path.read_bytes()).hexdigest() for path in film.media.rglob("*") if path.is_file()}

    assert generation is not None
    assert [(used.name, used.sha256) for used in generation.inputs] == [(graphs.MISSING_PICTURE, graphs.MISSING_SHA256)]
    assert graphs.MISSING_SHA256 not in everything


def test_every_record_fits_step_1(film: Film) -> None:
    records = [msgspec.json.decode(line, type=StepRecord) for line in film.lines]

    assert len({record.id for record in records}) == len(records)
    assert "sh0512_v003" not in film.steps.read_text("utf-8")


def test_every_file_that_a_record_names_was_written(film: Film) -> None:
    records = [json.loads(line) for line in film.lines]
    named = [file["path"] for record in records for file in [*record["outputs"], *record.get("inputs", [])]]
    missing = [path for path in named if not (film.media / path.replace("%04d", "1001")).exists()]

    assert missing == []


def test_every_picture_and_sound_has_a_thumbnail(film: Film) -> None:
    without = [source.name for source in SOURCES if source.on_disk and thumbnail(middle(film, source.name)) is None]

    assert without == []


def test_pillow_reads_the_pictures_that_are_not_exr(film: Film) -> None:
    with Image.open(middle(film, "verse_ink")) as image:
        image.load()

        assert image.size == (192, 108)
