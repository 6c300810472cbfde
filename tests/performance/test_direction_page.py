"""The commands of the how-to page on performers and direction, run as they stand there on a small stage."""

from pathlib import Path

import otio_parts
from capture_writers import bvh, c3d, recorders_wave
from cli.test_docs_run import lines_of, programs_of, run_lines
from cli_png import picture
from doc_pages import ROOT
from edgecode.ingest.tables import line_sheets, review_sheets, take_sheets
from edgecode.production import Production

PAGE = "docs/how-to/record-performers-and-direction.md"


def stage_in(folder: Path) -> Path:
    """The reader's folder: a production, `stage` with its files, a cut."""
    show = folder / "show"
    Production.create(show, title="The beast").close()
    stage = show / "stage"
    stage.mkdir()
    (stage / "t01.c3d").write_bytes(c3d(["Zelda_Q:LFHD"], subjects=["Zelda_Q"]))
    (stage / "t01_solve.bvh").write_bytes(bvh(prefix="Zelda_Q"))
    (stage / "beast.bvh").write_bytes(bvh())
    (stage / "line1.wav").write_bytes(recorders_wave())
    for place, name in enumerate(("gen1", "gen2", "sh010")):
        (stage / f"{name}.png").write_bytes(picture(place))
    shot = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": (stage / "sh010.png").as_uri()}
    track = otio_parts.track(otio_parts.clip("sh010", 0, 12, media_references={"DEFAULT_MEDIA": shot}))
    (show / "reel1.otio").write_bytes(otio_parts.timeline(track))
    return show


def test_the_page_works_as_it_stands(tmp_path: Path) -> None:
    show = stage_in(tmp_path)
    printed = lines_of(PAGE, starting="printf")
    commands = lines_of(PAGE)
    page = (ROOT / PAGE).read_text("utf-8")
    in_order = sorted({*printed, *commands}, key=page.replace("\\\n", " ").index)
    twice = "edgecode take import takes.csv --yes           # again"
    assert any(line.startswith(twice) for line in in_order)

    failed = run_lines(in_order, cwd=show, home=tmp_path, programs=programs_of(tmp_path / "bin"))

    assert (len(commands) >= 18, failed) == (True, [])


def test_the_page_names_every_column_that_is_read() -> None:
    page = (ROOT / PAGE).read_text("utf-8")
    columns = [*take_sheets.MEANINGS, "version", "status", "author", "id", "file", "person", "kind", "text", "language"]

    assert [column for column in columns if column not in page] == []
    assert {"version", "status", "author", "id"} <= set(review_sheets.MEANINGS)
    assert {"file", "person", "kind", "text", "language"} <= set(line_sheets.MEANINGS)
