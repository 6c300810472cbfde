"""A watched folder: what rests is recorded, once, whatever happens to the program; what grows, moves or vanishes is not."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli_png import picture
from edgecode.ingest.scan import ScanOptions
from edgecode.ingest.settling import Patience
from edgecode.production import Production
from edgecode.production.watching import Watch, places_of, take_resting
from edgecode.terms.evidence import Grade
from generated_png import generated
from running import run_command

pytestmark = pytest.mark.skipif(os.name == "nt", reason="services are stopped as POSIX stops them")


@pytest.fixture
def show(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    Production.create(tmp_path / "show", title="A Show", domain="studio.example").close()
    return tmp_path / "show"


@contextmanager
def watching(show: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running."""
    program = [sys.executable, "-m", "edgecode", "watch", "../media", "--settle", "300ms", *options]
    with subprocess.Popen(
        program,
        cwd=show,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def until(running: subprocess.Popen[str], word: str) -> str:
    """What was said up to a line with this word; a test that waits in vain ends by the clock."""
    assert running.stdout is not None
    timer = threading.Timer(60, running.kill)
    timer.start()
    said = ""
    try:
        for line in running.stdout:
            said += line
            if word in line:
                return said
    finally:
        timer.cancel()
    raise AssertionError(f"{word!r} was never said: {said}")


def places(show: Path) -> Counter[str]:
    """How often a version was recorded at each place."""
    with Production.open(show) as production:
        return Counter(
            one.event.place.text
            for one in production.recorded()
            if one.leaf.type in ("version.seen/1", "sequence.seen/1", "version.seen", "sequence.seen")
        )


def test_files_are_recorded_as_they_come_and_the_program_ends_when_it_is_asked_to(show: Path) -> None:
    media = show.parent / "media"
    (media / "old.png").write_bytes(picture(1))
    with watching(show) as running:
        until(running, "recorded: 1 new version")
        (media / "new.mov").write_bytes(b"moving")
        until(running, "recorded: 1 new version")
        (media / "old.png").unlink()
        until(running, "gone: old.png")
        running.send_signal(signal.SIGTERM)
        rest = running.communicate(timeout=30)[0]

    assert (running.returncode, "Traceback" in rest) == (0, False)
    assert places(show) == {"old.png": 1, "new.mov": 1}


def test_an_interrupt_ends_it_and_nothing_is_lost_or_doubled_by_a_kill(show: Path) -> None:
    media = show.parent / "media"
    for number in range(12):
        (media / f"take{number}.mov").write_bytes(b"take %d" % number)
        if number % 3 == 0:
            with watching(show) as running:
                until(running, "watching")
                time.sleep(0.15 * (number % 5))
                running.kill()
    with watching(show) as running:
        until(running, "watching")
        time.sleep(1.5)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)

    assert running.returncode == 0
    assert places(show) == {f"take{number}.mov": 1 for number in range(12)}


def test_a_file_that_grows_is_recorded_only_when_it_is_whole_and_a_rename_counts_as_its_coming(show: Path) -> None:
    media = show.parent / "media"
    with watching(show, "--settle", "1s") as running:
        until(running, "watching")
        with (media / "long.mov").open("wb") as file:
            for number in range(12):
                file.write(b"block %d" % number)
                file.flush()
                time.sleep(0.1)
        (media / "copy.partial.mov").write_bytes(b"copied")
        until(running, "recorded: 1 new version")
        time.sleep(1.5)
        (media / "copy.partial.mov").rename(media / "copy.mov")
        until(running, "recorded: 1 new version")
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=30)

    assert places(show) == {"long.mov": 1, "copy.mov": 1}


def test_a_render_is_one_version_with_all_its_frames(show: Path) -> None:
    media = show.parent / "media"
    with watching(show) as running:
        until(running, "watching")
        for frame in range(1001, 1009):
            (media / f"c.{frame}.exr").write_bytes(b"frame %d" % frame)
            time.sleep(0.2)
        until(running, "recorded: 1 new version")
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=30)

    with Production.open(show) as production:
        frames = [one.event.fact.count for one in production.recorded() if one.leaf.type.startswith("sequence.seen")]
    assert frames == [8]


def test_once_records_what_rests_and_says_what_does_not(show: Path) -> None:
    media = show.parent / "media"
    (media / "a.mov").write_bytes(b"a")
    (media / ".b.mov").write_bytes(b"b")
    (media / "sub").mkdir()
    (media / "sub" / "c.mov").write_bytes(b"c")
    done = run_command("watch", "../media/sub", "--once", "--settle", "100ms", cwd=show)
    both = run_command("watch", "../media", "--once", "--settle", "100ms", cwd=show)
    again = run_command("watch", "../media", "--once", "--settle", "100ms", cwd=show)
    wrong = run_command("watch", "../media", "--settle", "soon", cwd=show)

    assert (done.status, both.status, again.status, wrong.status) == (0, 0, 0, 2)
    assert "everything rests" in done.out
    assert "not at rest yet: 1 file\n" in both.out
    assert "recorded" not in again.out
    # Each folder that is watched is a media root of its own; what lies in both has two places.
    assert places(show) == {"c.mov": 1, "sub/c.mov": 1, "a.mov": 1}


def taken(production: Production, media: Path) -> None:
    watch = Watch(places_of(production, [media]), Patience(0.0, 0.0))
    seen = watch.look(lambda: 0.0)
    take_resting(production, seen.look.resting, options=ScanOptions())


def steps(production: Production) -> list[tuple[str, Grade]]:
    return [
        (one.event.fact.source, one.event.fact.grade)
        for one in production.recorded()
        if one.leaf.type.startswith("step.")
    ]


def test_what_a_file_says_of_its_making_is_declared_and_nothing_where_a_spool_tells_it(show: Path) -> None:
    media = show.parent / "media"
    (media / "told.png").write_bytes(generated(1))
    (media / "alone.png").write_bytes(generated(2))
    line = {
        "schema": "edgecode.step/1",
        "kind": "generate",
        "grade": "logged",
        "outputs": [{"path": str(media / "told.png")}],
    }
    with Production.open(show) as production:
        places_of(production, [media])
        production.record_lines([json.dumps(line).encode()])
        before = len(steps(production))
        taken(production, media)
        after = steps(production)

    assert after[before:] == [("comfyui.png", Grade.DECLARED)]


def test_what_moves_while_it_is_read_is_left_for_a_later_look(show: Path) -> None:
    media = show.parent / "media"
    (media / "a.mov").write_bytes(b"first")
    (media / "b.mov").write_bytes(b"b")
    with Production.open(show) as production:
        watch = Watch(places_of(production, [media]), Patience(0.0, 0.0))
        seen = watch.look(lambda: 0.0)
        (media / "a.mov").write_bytes(b"second, while the scan began")
        intake, done = take_resting(production, seen.look.resting, options=ScanOptions())
        size = production.log.size
        watch.taken(done)
        later = watch.look(lambda: 1.0)
        take_resting(production, later.look.resting, options=ScanOptions())

        assert [said.code for said in intake.diagnostics if said.code.startswith("watch")] == ["watch.moved"]
        assert [one.name for one in done] == ["b.mov"]
        assert production.log.size == size + 1


def test_a_drive_that_goes_away_is_said_and_its_files_are_not_taken_for_gone(show: Path) -> None:
    media = show.parent / "media"
    (media / "a.mov").write_bytes(b"a")
    with Production.open(show) as production:
        watch = Watch(places_of(production, [media]), Patience(0.0, 0.0))
        watch.look(lambda: 0.0)
        away = media.rename(media.with_name("away"))
        gone = [watch.look(lambda: 1.0), watch.look(lambda: 2.0)]
        away.rename(media)

        assert [[said.code for said in one.said] for one in gone] == [["watch.absent"], []]
        assert [one.look.gone for one in (*gone, watch.look(lambda: 3.0))] == [(), (), ()]
