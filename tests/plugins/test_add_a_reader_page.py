"""The reader of docs/how-to/add-a-reader.md, installed as the page has it: it is short, passes the shipped suite, and reads a cut."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/add-a-reader.md").read_text(encoding="utf-8")
READER_LINES_AT_MOST = 60


def block(language: str, holding: str) -> str:
    (found,) = [text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if holding in text]
    return found


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder of packages with the page's reader in it, as an installer leaves it."""
    site = tmp_path / "site"
    about = site / "cutlist_reader-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "cutlist_reader.py").write_text(block("python", "class CutlistReader:"), encoding="utf-8")
    (site / "test_cutlist_reader.py").write_text(block("python", "class TestCutlistReader"), encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: cutlist-reader\nVersion: 1.0\n", encoding="utf-8")
    entry = re.search(r'\[project\.entry-points\."(.+?)"\]\n(\w+) = "(.+?)"', block("toml", "entry-points"))
    assert entry is not None
    group, name, value = entry.groups()
    (about / "entry_points.txt").write_text(f"[{group}]\n{name} = {value}\n", encoding="utf-8")
    return site


def python(*arguments: str, site: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    search = f"{site}:{ROOT / 'src'}"
    environment = {
        "PYTHONPATH": search,
        "PATH": "/usr/bin:/bin",
        "HOME": str(cwd),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_reader_of_the_page_has_fewer_than_sixty_lines() -> None:
    assert len(block("python", "class CutlistReader:").splitlines()) < READER_LINES_AT_MOST


def test_the_reader_of_the_page_passes_the_shipped_suite(installed: Path, tmp_path: Path) -> None:
    done = python("-m", "pytest", "-q", "--rootdir", str(installed), str(installed), site=installed, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 passed" in done.stdout


def test_an_installed_reader_reads_a_cut_and_is_named_with_its_package(installed: Path, tmp_path: Path) -> None:
    show = tmp_path / "show"
    show.mkdir()
    (show / "reel1.txt").write_bytes(b"cutlist 1\nA001;rain_010;86400;0;48\nbad line\nA001;rain_020;90000;48;96\n")
    assert python("-m", "edgecode", "init", "--title", "Rain", site=installed, cwd=show).returncode == 0

    added = python("-m", "edgecode", "cut", "add", "reel1.txt", site=installed, cwd=show)
    cuts = python("-m", "edgecode", "cut", "list", "--json", site=installed, cwd=show)
    listed = python("-m", "edgecode", "readers", "--json", site=installed, cwd=show)

    assert (added.returncode, added.stdout) == (0, "reel1: 96 frames at 24, 2 clips\n")
    (cut,) = json.loads(cuts.stdout)["cuts"]
    assert (cut["format"], cut["frames"]) == ("cutlist-reader:cutlist", 96)
    assert "cutlist.line" in added.stderr
    assert {"door": "cut", "name": "cutlist-reader:cutlist", "version": "1.0"} in json.loads(listed.stdout)["readers"]
