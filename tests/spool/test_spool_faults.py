"""A spool and its intake are killed, or the disk is full, at every step: nothing acknowledged is lost, nothing is recorded twice."""

import ast
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from edgecode.drivers.spool_writer import drops_in
from edgecode.production import Production
from edgecode.production.spools.keeping import spool_status
from edgecode.production.spools.taking import take_spool
from faults.syscall_faults import why_not
from running import run_command
from spool.killed_spool import line

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are killed as POSIX kills them")

LINES = 6
_PROGRAM = Path(__file__).with_name("killed_spool.py")


def ran(*words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, str(_PROGRAM), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=dict(os.environ),
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def said(lines: list[str], word: str) -> set[int]:
    return {int(one.split()[1]) for one in lines if one.split()[0] == word}


def whole_lines(folder: Path) -> Counter[bytes]:
    return Counter(one for path in folder.glob("*.ndjson") for one in path.read_bytes().split(b"\n")[:-1])


def calls_of_a_writer(folder: Path) -> dict[str, int]:
    found = ran("write", str(folder), str(LINES), "none", "0", "none")
    return ast.literal_eval(found[-1].removeprefix("calls "))


def test_a_writer_killed_in_any_call_has_kept_every_line_that_it_acknowledged(tmp_path: Path) -> None:
    calls = calls_of_a_writer(tmp_path / "whole")
    lost, more, tried = [], [], 0
    for name, count in calls.items():
        for number in range(1, count + 1):
            for fault in ("kill-before", "kill-after"):
                folder = tmp_path / f"{name}{number}{fault}"
                answers = ran("write", str(folder), str(LINES), name, str(number), fault)
                kept, there = said(answers, "kept"), whole_lines(folder)
                tried += 1
                lost += [(name, number, fault) for one in kept if there[line(one)] != 1]
                more += (
                    [(name, number, fault)] if len(there) > len(kept) + 1 or max(there.values(), default=1) > 1 else []
                )

    assert (lost, more) == ([], [])
    assert tried > 30


def test_a_disk_that_is_full_in_any_call_costs_counted_lines_and_no_kept_one(tmp_path: Path) -> None:
    calls = calls_of_a_writer(tmp_path / "whole")
    wrong, tried = [], 0
    for name, count in calls.items():
        for number in range(1, count + 1):
            for fault in ("full", "half") if name == "write" else ("full",):
                folder = tmp_path / f"{name}{number}{fault}"
                answers = ran("write", str(folder), str(LINES), name, str(number), fault)
                kept, dropped = said(answers, "kept"), said(answers, "disk-full")
                there = whole_lines(folder)
                tried += 1
                counted = [drops_in(path.read_bytes()) for path in folder.glob("*.counts")]
                is_ended = any(one.startswith("ended spool.unwritable") for one in answers)
                is_right = (
                    not kept and not there
                    if is_ended
                    else len(kept) + len(dropped) == LINES
                    and [one.disk_full for one in counted if one] == [len(dropped)]
                    and all(there[line(one)] == 1 for one in kept)
                    and all(there[line(one)] == 0 for one in dropped)
                )
                wrong += [] if is_right else [(name, number, fault, answers)]

    assert wrong == []
    assert tried > 20


def test_a_real_limit_on_the_size_of_files_drops_lines_counts_them_and_keeps_the_others(tmp_path: Path) -> None:
    production = tmp_path / "show"
    Production.create(production, title="A Show", domain="studio.example").close()
    lines = b"".join(line(number) + b"\n" for number in range(60))
    limited = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)); sys.argv[0] = 'edgecode';"
    limited += "from edgecode.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", limited, "spool", "add"], input=lines, cwd=production, capture_output=True, check=False
    )
    taken = run_command("record", "--spool", ".edgecode/spool", cwd=production)
    status = run_command("spool", "status", cwd=production)

    kept = done.stdout.count(b'"kept"')
    assert (done.returncode, done.stdout.count(b"spool.disk_full")) == (40, 60 - kept)
    assert 10 < kept < 40
    assert taken.status == 0
    assert status.out.splitlines() == [
        f"{kept} recorded, 0 waiting, 0 refused, {60 - kept} dropped",
        f"  dropped: {60 - kept} because the disk took no more",
    ]


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    ran("write", str(folder), "4", "none", "0", "none")
    with next(folder.glob("*.ndjson")).open("ab") as file:
        file.write(b"no step\n" + line(9) + b"\n" + line(9) + b"\n" + b'{"half a li')
    return folder


POINTS = [
    (name, number, fault)
    for name, numbers in (("append", (1, 3, 5, 6)), ("marks", (1,)), ("rename", (1,)))
    for number in numbers
    for fault in ("kill-before", "kill-after")
]


@pytest.mark.parametrize(("name", "number", "fault"), POINTS)
def test_an_intake_killed_at_any_step_records_every_line_once_in_the_end(
    tmp_path: Path, spool: Path, name: str, number: int, fault: str
) -> None:
    show = tmp_path / "show"
    Production.create(show, title="A Show", domain="studio.example").close()
    ran("take", str(spool), str(show), name, str(number), fault)
    with Production.open(show) as production:
        before = production.log.size
        taken = take_spool(spool, production=show, record=production.record_lines, now_seconds=0.0)
        steps = [one.event.fact.line for one in production.recorded() if one.leaf.type.startswith("step.")]
    status = spool_status(spool, production=show)

    assert (len(steps), len(set(steps))) == (5, 5)
    assert before + taken.intake.events == production.log.size
    assert (status.recorded, status.waiting, status.refused) == (6, 0, 1)


def test_marks_that_cannot_be_written_are_said_and_cost_nothing(tmp_path: Path, spool: Path) -> None:
    show = tmp_path / "show"
    Production.create(show, title="A Show", domain="studio.example").close()
    answers = ran("take", str(spool), str(show), "marks", "1", "full")
    with Production.open(show) as production:
        taken = take_spool(spool, production=show, record=production.record_lines, now_seconds=0.0)

    assert answers == ["ended spool.marks_unwritten"]
    assert (taken.intake.steps, spool_status(spool, production=show).recorded) == (0, 6)


SYSTEM_CALLS = ("pwrite64", "fdatasync", "fsync", "rename", "write")


def _strace(trace: Path, *inject: str) -> list[str]:
    traced = f"trace={','.join(SYSTEM_CALLS)}"
    return ["strace", "-f", "-qq", "-o", str(trace), "-e", traced, *inject, sys.executable]


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not()), reason="system calls cannot be made to fail here")
def test_an_intake_killed_in_its_system_calls_records_every_line_once_in_the_end(tmp_path: Path, spool: Path) -> None:
    show, now, trace = tmp_path / "before", tmp_path / "now", tmp_path / "trace"
    Production.create(show, title="A Show", domain="studio.example").close()

    def taken(*inject: str) -> None:
        shutil.rmtree(now, ignore_errors=True)
        shutil.copytree(show, now)
        words = [str(_PROGRAM), "take", str(spool), str(now), "none", "0", "none"]
        subprocess.run([*_strace(trace, *inject), *words], capture_output=True, check=False, timeout=120)

    taken()
    counts = Counter(text.split()[1].partition("(")[0] for text in trace.read_text("utf-8", "replace").splitlines())
    points = [(call, number) for call in SYSTEM_CALLS for number in range(1, counts[call] + 1)]
    wrong = []
    for call, number in random.Random(1).sample(points, min(24, len(points))):
        taken("-e", f"inject={call}:signal=KILL:when={number}")
        with Production.open(now) as production:
            take_spool(spool, production=now, record=production.record_lines, now_seconds=0.0)
            steps = [one.event.fact.line for one in production.recorded() if one.leaf.type.startswith("step.")]
        status = spool_status(spool, production=now)
        if (len(steps), len(set(steps)), status.recorded, status.waiting, status.refused) != (5, 5, 6, 0, 1):
            wrong.append((call, number, len(steps), status))

    assert wrong == []
    assert len(points) > 20
