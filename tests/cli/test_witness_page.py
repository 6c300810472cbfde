"""A witness in a folder and a process of its own makes the demo WITNESSED; the commands of the how-to page, run as they stand there."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from test_docs_run import lines_of, programs_of, run_lines

from running import Done, run_command

PAGE = "docs/how-to/be-a-witness.md"
AT_THE_WITNESS = ("edgecode witness init", "edgecode witness trust", "edgecode witness sign")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The URL of `edgecode witness serve` on *folder*, a real process on any free port, which ends well when a service manager asks."""
    process = subprocess.Popen(
        [sys.executable, "-m", "edgecode", "witness", "serve", folder.name, "--port", "0"],
        cwd=folder.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def told(*arguments: str, cwd: Path) -> str:
    done = run_command(*arguments, cwd=cwd)
    assert done.status == 0, done.err
    return done.out.strip()


@pytest.fixture
def guild(demo: Path, tmp_path: Path) -> Path:
    """A witness that watches the demo's log."""
    folder = tmp_path / "elsewhere" / "guild"
    folder.parent.mkdir()
    told("witness", "init", "guild", "--name", "guild.example/w1", cwd=folder.parent)
    told("witness", "trust", "guild", told("log", "checkpoint", "--key", cwd=demo), cwd=folder.parent)
    return folder


def ask(demo: Path, policy: str) -> None:
    (demo / "policy.txt").write_text(policy, encoding="utf-8")
    with (demo / "edgecode.toml").open("a", encoding="utf-8") as file:
        file.write('\n[witness]\npolicy = "policy.txt"\n')


def first_line(done: Done) -> tuple[int, str]:
    return done.status, done.out.split("   ")[0].strip()


def test_the_demo_with_a_witness_elsewhere_is_witnessed_and_so_is_what_it_publishes(demo: Path, guild: Path) -> None:
    before = first_line(run_command("log", "verify", cwd=demo))
    with serving(guild) as url:
        ask(demo, f"witness guild {told('witness', 'key', 'guild', cwd=guild.parent)} {url}\nquorum guild\n")
        submitted = run_command("witness", "submit", cwd=demo)
    after = run_command("log", "verify", cwd=demo)
    told("log", "publish", cwd=demo)
    key = told("log", "checkpoint", "--key", cwd=demo)
    outside = subprocess.run(
        [sys.executable, "-m", "edgecode.cli.verify", ".edgecode/published", "--policy", "policy.txt", "--key", key],
        cwd=demo,
        capture_output=True,
        text=True,
        check=False,
    )

    assert before == (31, "UNWITNESSED")
    assert (submitted.status, any(line.startswith("WITNESSED") for line in submitted.out.splitlines())) == (0, True)
    assert first_line(after) == (0, "WITNESSED")
    assert "witnesses: guild.example signed this head; organisations needed: 1" in after.out
    assert (outside.returncode, outside.stdout.splitlines()[0]) == (0, "WITNESSED")


def test_an_older_copy_of_the_demo_is_frozen_when_it_asks_its_witness(demo: Path, guild: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    with serving(guild) as url:
        ask(demo, f"witness guild {told('witness', 'key', 'guild', cwd=guild.parent)} {url}\nquorum guild\n")
        shutil.copytree(demo, older)
        told("scan", str(Path(__file__).parent), cwd=demo)  # records a root, whatever it finds
        told("witness", "submit", cwd=demo)
        frozen = run_command("witness", "submit", cwd=older)

    assert (frozen.status, "[ledger.rolled_back]" in frozen.err, ".edgecode/evidence/" in frozen.err) == (
        33,
        True,
        True,
    )
    assert run_command("witness", "status", cwd=older).status == 33


@pytest.mark.skipif(os.name == "nt", reason="the examples are written for a POSIX shell")
def test_the_page_works_as_it_stands(demo: Path, tmp_path: Path) -> None:
    programs, elsewhere = programs_of(tmp_path / "bin"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    # A witness that came back from an older copy is what tests/witness is about.
    lines = [line.partition("  ")[0] for line in lines_of(PAGE) if "--latest" not in line]
    key = told("log", "checkpoint", "--key", cwd=demo)

    def run(*starts: str) -> None:
        wanted = [line.replace("LOG-KEY", f"'{key}'") for line in lines if line.startswith(starts)]
        at = elsewhere if starts[0].startswith(AT_THE_WITNESS) else demo
        assert len(wanted) >= len(starts)
        assert run_lines(wanted, cwd=at, home=tmp_path, programs=programs) == []

    run("edgecode witness init", "edgecode witness trust")
    with serving(elsewhere / "guild") as url:
        ask(demo, f"witness guild {told('witness', 'key', 'guild', cwd=elsewhere)} {url}\nquorum guild\n")
        run("edgecode witness submit", "edgecode log verify", "edgecode witness status")
    run("edgecode witness request")
    shutil.move(demo / "head.add-checkpoint", elsewhere)
    run("edgecode witness sign")
    shutil.move(elsewhere / "head.cosigned", demo)
    run("edgecode witness accept")


def test_two_published_heads_of_two_histories_are_compared_into_evidence(demo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(demo, other)
    for folder, place in ((demo, tmp_path), (other, Path(__file__).parent)):
        told("scan", str(place), cwd=folder)
        told("log", "publish", cwd=folder)
    found = run_command(
        "witness",
        "compare",
        str(demo / ".edgecode/published"),
        str(other / ".edgecode/published"),
        "--out",
        "e.json",
        cwd=demo,
    )
    key = told("log", "checkpoint", "--key", cwd=demo)
    same = run_command("witness", "compare", ".edgecode/published", ".edgecode/high-water", "--key", key, cwd=demo)
    judged = subprocess.run(
        [sys.executable, "-m", "edgecode.cli.verify", "e.json", "--key", key],
        cwd=demo,
        capture_output=True,
        text=True,
        check=False,
    )

    assert first_line(found) == (33, "DIVERGED")
    assert (judged.returncode, judged.stdout.splitlines()[0]) == (33, "DIVERGED")
    assert (same.status, same.out) == (0, "The two heads belong to one history.\n")
