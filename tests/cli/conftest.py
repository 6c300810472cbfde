"""A demo production made once for all tests of the command line."""

import shutil
from pathlib import Path

import pytest

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
    copy = tmp_path / "demo"
    copy.mkdir()
    shutil.copytree(made_demo / ".edgecode", copy / ".edgecode")
    shutil.copy(made_demo / "edgecode.toml", copy / "edgecode.toml")
    return copy
