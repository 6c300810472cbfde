"""The how-to pages about farms, watched folders and lines, run as they stand there."""

import os
import re
import subprocess
import threading
from pathlib import Path

import pytest

from cli.test_docs_run import lines_of, programs_of, run_lines
from cli_png import picture
from doc_pages import ROOT, examples
from edgecode.production import Production
from farm.dask_cluster import running_cluster

FARM, WATCH, LINES = (f"docs/how-to/{name}.md" for name in ("scan-on-a-farm", "watch-a-folder", "send-lines"))


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    return programs_of(tmp_path / "bin")


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A production, and a home with a show of twelve files and two folders that others write into."""
    for name in ("show", "incoming", "renders"):
        (tmp_path / "home" / name).mkdir(parents=True)
    for number in range(12):
        (tmp_path / "home" / "show" / f"plate{number}_v1.png").write_bytes(picture(number))
    Production.create(tmp_path / "production", title="A Show", domain="studio.example").close()
    return tmp_path / "production"


def versions(show: Path) -> int:
    with Production.open(show) as production:
        return sum(one.leaf.type.startswith("version.seen") for one in production.recorded())


def test_a_show_is_scanned_on_a_farm_as_the_page_says(show: Path, programs: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    blocks = [text.splitlines() for text in examples(ROOT / FARM)]
    plain, signed = [line for block in blocks[:3] for line in block], blocks[4]
    done = run_lines(plain, cwd=show, home=home, programs=programs)
    first = versions(show)
    (home / "show" / "more.png").write_bytes(picture(99))
    then = run_lines(signed, cwd=show, home=home, programs=programs)

    assert (len(plain), done, first) == (3, [], 12)
    assert (len(signed), then, versions(show)) == (5, [], 13)
    assert re.fullmatch(r"[0-9a-f]{64}\n", (show / "worker.pub").read_text("ascii"))


def test_a_show_is_scanned_on_a_cluster_as_the_page_says(show: Path, programs: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    (line,) = (line for line in lines_of(FARM) if "--on" in line)
    with running_cluster(tmp_path / "dask", workers=1) as cluster:
        told = line.replace("dask://127.0.0.1:8786", cluster.url)
        done = run_lines([told], cwd=show, home=tmp_path / "home", programs=programs)

    assert (told != line, done, versions(show)) == (True, [], 12)


def test_a_folder_is_watched_as_the_page_says(show: Path, programs: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "incoming" / "plate_v1.mov").write_bytes(b"moving")
    forever, once = lines_of(WATCH)
    command = ["/bin/sh", "-c", f"exec {forever.replace('5s', '300ms')}"]
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"HOME": str(home), "PATH": path, "PYTHONUNBUFFERED": "1"}
    said = []
    with subprocess.Popen(command, cwd=show, env=environment, stdout=subprocess.PIPE, text=True) as running:
        timer = threading.Timer(60, running.kill)
        timer.start()
        assert running.stdout is not None
        for text in running.stdout:
            said.append(text)
            if text.startswith("recorded"):
                (home / "incoming" / "plate_v1.mov").unlink()
            if text.startswith("gone"):
                running.terminate()
        timer.cancel()
    again = run_lines([once], cwd=show, home=home, programs=programs)

    assert (running.returncode, again) == (0, [])
    assert ["".join(said)] == examples(ROOT / WATCH, "text")


def test_lines_are_sent_as_the_page_says(show: Path, programs: Path, tmp_path: Path) -> None:
    step = '{"schema":"edgecode.step/1","kind":"paint","outputs":[{"name":"%s"}]}\n'
    (show / "steps.ndjson").write_text(step % "a" + step % "b", encoding="utf-8")
    lines = lines_of(LINES)
    done = run_lines(lines, cwd=show, home=tmp_path / "home", programs=programs)
    status = [str(programs / "edgecode"), "spool", "status"]
    said = subprocess.run(status, cwd=show, capture_output=True, text=True, check=True).stdout

    assert (len(lines), done, said) == (6, [], "2 recorded, 0 waiting, 0 refused, 0 dropped\n")
