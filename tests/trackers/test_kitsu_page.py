"""docs/how-to/follow-kitsu.md, run as it stands against the double of a Kitsu."""

from pathlib import Path

from following import noted
from kitsu_double import TOKEN, kitsu_double

import otio_parts
from cli.test_docs_run import lines_of, programs_of, run_lines
from doc_pages import ROOT
from edgecode.index.persons import depictions_of, person_called
from edgecode.production import Production

PAGE = "docs/how-to/follow-kitsu.md"


def test_the_page_works_as_it_stands(tmp_path: Path) -> None:
    show = tmp_path / "show"
    Production.create(show, title="The lighthouse").close()
    (show / "kitsu.key").write_text(f"{TOKEN}\n")
    with Production.open(show) as production:
        track = otio_parts.track(otio_parts.clip("SEQ01_SH010_v002", 1003, 22))
        (show / "r.otio").write_bytes(otio_parts.timeline(track))
        production.add_cut([show / "r.otio"], name="reel1")
    page = (ROOT / PAGE).read_text("utf-8")
    lines = sorted({*lines_of(PAGE), *lines_of(PAGE, starting="printf")}, key=page.index)
    with kitsu_double() as double:
        here = [line.replace("https://kitsu.example", double.url) for line in lines]
        failed = run_lines(here, cwd=show, home=tmp_path, programs=programs_of(tmp_path / "bin"))
        standings = {one["name"]: one["data"]["provenance"] for one in double.shots.values()}
    with Production.open(show) as production:
        seen = depictions_of(production.index, person_called(production.index, "P-01").id)

    assert (len(lines), failed) == (9, [])
    assert standings == {"SH010": "0 of 22 frames accounted for", "SH020": "not in the cut"}
    assert (len(noted(show).publishes), len(seen)) == (2, 2)
    assert [one.partition(":")[0] for one in noted(show).reviews] == ["note", "rejected", "approved", "requested"]


def test_the_page_shows_a_difference_as_it_is_printed() -> None:
    page = (ROOT / PAGE).read_text("utf-8")

    assert "SEQ01/SH010: Kitsu 1001-1024, reel1 1003-1024: 2 frames fewer at the head\n" in page
