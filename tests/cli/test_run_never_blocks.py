"""`edgecode run` starts the command and passes its status through, whatever is wrong with the record."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from running import run_command

WORK = "import sys; open('made.png', 'wb').write(b'x' * 99); sys.exit(7)"


def run_in(folder: Path) -> tuple[int, str, bool]:
    """Status, what was said, and whether the work was done."""
    done = run_command("run", "--out", "*.png", "--", sys.executable, "-c", WORK, cwd=folder)
    return done.status, done.err, (folder / "made.png").exists()


def no_key(folder: Path) -> None:
    (folder / ".edgecode/signing.key").unlink()


def broken_settings(folder: Path) -> None:
    (folder / "edgecode.toml").write_text("no = [toml", encoding="utf-8")


def no_database(folder: Path) -> None:
    text = (folder / "edgecode.toml").read_text(encoding="utf-8")
    url = 'ledger = "postgresql:///none?host=/nonexistent&connect_timeout=2"'
    lines = [url if line.startswith("ledger =") else line for line in text.splitlines()]
    (folder / "edgecode.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def damaged_ledger(folder: Path) -> None:
    (folder / ".edgecode/ledger.db").write_bytes(b"not a database" * 500)


@pytest.fixture
def production(tmp_path: Path) -> Path:
    folder = tmp_path / "film"
    assert run_command("init", str(folder), "--title", "Film", cwd=tmp_path).status == 0
    return folder


@pytest.mark.parametrize("harm", [no_key, broken_settings, no_database, damaged_ledger])
def test_a_record_that_cannot_be_opened_keeps_nobody_from_working_and_the_step_is_kept(
    production: Path, harm: object
) -> None:
    harm(production)  # type: ignore[operator]
    status, said, is_done = run_in(production)
    (spooled,) = (production / ".edgecode/spool").iterdir()

    assert (status, is_done) == (7, True)
    assert "nothing is recorded of this command" in said and spooled.name in said
    assert json.loads(spooled.read_bytes())["status"] == "failed"
    assert spooled.stat().st_mode & 0o777 == 0o600


def test_outside_a_production_the_command_runs_and_the_warning_says_that_nothing_is_recorded(tmp_path: Path) -> None:
    status, said, is_done = run_in(tmp_path)

    assert (status, is_done) == (7, True)
    assert "nothing is recorded of this command" in said and "[production.none]" in said


def test_a_step_that_was_kept_can_be_recorded_later_once(production: Path) -> None:
    shutil.copy(production / ".edgecode/signing.key", production.parent / "kept.key")
    no_key(production)
    run_in(production)
    shutil.copy(production.parent / "kept.key", production / ".edgecode/signing.key")
    (spooled,) = (production / ".edgecode/spool").iterdir()
    first = run_command("record", str(spooled), cwd=production)
    again = run_command("record", str(spooled), cwd=production)

    assert (first.status, "1 step" in first.out) == (0, True)
    assert (again.status, again.out) == (0, "recorded: nothing new\n")


def test_a_pattern_of_inputs_that_matches_nothing_is_said(production: Path) -> None:
    done = run_command("run", "--in", "plates/*.exr", "--out", "*.png", "--", sys.executable, "-c", "", cwd=production)

    assert (done.status, "'plates/*.exr'" in done.err, "[run.no_inputs]" in done.err) == (0, True, True)
