"""The demo, and its film without a desk, made once for all tests of the command line."""

import shutil
from pathlib import Path

import pytest

from edgecode.production import Production
from running import run_command


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, made by its own command; tests only read it."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = run_command("demo", "--dir", str(folder), "--no-open", cwd=folder.parent)
    assert done.status == 0, done.err
    return folder


@pytest.fixture
def demo(made_demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo's record to change; the media stay where they are."""
    return copied(made_demo, tmp_path / "demo")


@pytest.fixture(scope="session")
def made_film(made_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's film in a production whose desk nobody has entered yet: no people, no agreements."""
    folder = tmp_path_factory.mktemp("film") / "film"
    with Production.create(folder, title="The Last Verse") as production:
        production.scan([made_demo / "media"])
        production.record_lines((made_demo / "records" / "steps.ndjson").read_bytes().splitlines())
        production.add_cut([made_demo / "cut" / "last_verse_cut13.otio"], name="cut13")
    return folder


@pytest.fixture
def film(made_film: Path, tmp_path: Path) -> Path:
    """A copy of that record to change."""
    return copied(made_film, tmp_path / "film")


def copied(production: Path, copy: Path) -> Path:
    """The record of a production at another place."""
    copy.mkdir()
    shutil.copytree(production / ".edgecode", copy / ".edgecode")
    shutil.copy(production / "edgecode.toml", copy / "edgecode.toml")
    return copy
