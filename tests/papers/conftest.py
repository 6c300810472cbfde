"""The demo, made once for the tests of papers, which only read it."""

from pathlib import Path

import pytest

from running import run_command


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert run_command("demo", "--dir", str(folder), "--no-open", cwd=folder.parent).status == 0
    return folder
