"""Coverage as a file: every row sums to its frames, and the figures are those that the command prints."""

import json
from pathlib import Path

import pytest

from running import run_command


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert run_command("demo", "--dir", str(folder), "--no-open", cwd=folder.parent).status == 0
    return folder


def test_every_row_of_coverage_on_paper_sums_to_its_frames_and_the_reels_to_the_cut(demo: Path, tmp_path: Path) -> None:
    file, pdf = tmp_path / "coverage.json", tmp_path / "coverage.pdf"
    answer = json.loads(run_command("coverage", "cut13", "--json", cwd=demo).out)
    done = run_command("coverage", "cut13", "--to", str(file), "--to", str(pdf), cwd=demo)
    origins, gaps = [block for block in json.loads(file.read_text("utf-8"))["blocks"] if block["type"] == "table"]
    rows = {row[0]: list(map(int, row[1:])) for row in origins["rows"]}
    reels = [row for name, row in rows.items() if name.startswith("reel ")]

    assert (done.status, done.out, done.err) == (10, "", "")
    assert [sum(row[1:-1]) for row in rows.values()] == [row[0] for row in rows.values()]
    assert [sum(column) for column in zip(*reels, strict=True)] == rows["picture"]
    assert (rows["picture"][0], rows["sound"][0]) == (answer["frames"], answer["audio"]["frames"])
    frames = gaps["columns"].index("Frames")
    assert sum(int(row[frames]) for row in gaps["rows"]) == answer["unaccounted"] + answer["audio"]["unaccounted"]
    assert pdf.read_bytes().startswith(b"%PDF")


def test_coverage_as_a_csv_file_is_refused_since_it_holds_two_tables(demo: Path, tmp_path: Path) -> None:
    done = run_command("coverage", "cut13", "--to", str(tmp_path / "coverage.csv"), cwd=demo)

    assert (done.status, "[paper.tables]" in done.err, list(tmp_path.iterdir())) == (2, True, [])
