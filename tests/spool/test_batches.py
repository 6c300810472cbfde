"""Every line of a batch gets an answer, bad ones stop nobody, and a locked record acknowledges nothing."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecode.drivers.spool_writer import DropCounts, SpoolWriter, drops_in
from edgecode.production import Production
from edgecode.production.batches import bounded_lines
from edgecode.production.spools.keeping import clear_spool, spool_of, spool_status
from edgecode.production.spools.taking import take_spool
from running import run_command
from spool.killed_spool import line

FIVE = b"\n".join([line(1), b"", b"{no json", line(2), line(1), line(2).replace(b"a2", b"b2")])


@pytest.fixture
def show(tmp_path: Path) -> Path:
    Production.create(tmp_path / "show", title="A Show", domain="studio.example").close()
    return tmp_path / "show"


def answers(out: str) -> list[tuple[int, str, str]]:
    found = [json.loads(one) for one in out.splitlines()]
    assert {one["schema"] for one in found} <= {"edgecode.line-answer/1"}
    return [(one["line"], one["answer"], one.get("code", "")) for one in found]


def test_every_line_is_answered_and_a_bad_one_stops_nobody(show: Path) -> None:
    done = run_command("record", "--batch", "-", cwd=show, stdin=FIVE)
    again = run_command("record", "--batch", "-", cwd=show, stdin=FIVE)

    assert (done.status, again.status) == (20, 20)
    assert answers(done.out) == [
        (1, "accepted", ""),
        (3, "refused", "record.malformed"),
        (4, "accepted", ""),
        (5, "duplicate", ""),
        (6, "refused", "record.id_reused"),
    ]
    assert [one[1] for one in answers(again.out)] == ["duplicate", "refused", "duplicate", "duplicate", "refused"]
    assert done.err.splitlines()[-1] == "2 accepted, 1 duplicate, 2 refused"


def test_a_bad_line_stops_the_rest_where_that_is_asked_and_the_inbox_answers_alike(show: Path) -> None:
    stopped = run_command("record", "--batch", "-", "--stop-at-refused", cwd=show, stdin=FIVE)
    inbox = run_command("record", "--batch", "-", "--inbox", cwd=show, stdin=FIVE)

    assert answers(stopped.out) == [(1, "accepted", ""), (3, "refused", "record.malformed")]
    assert [one[1] for one in answers(inbox.out)] == ["duplicate", "refused", "accepted", "duplicate", "refused"]


def test_an_answer_comes_before_the_next_line_is_sent(show: Path) -> None:
    program = [sys.executable, "-m", "edgecode", "record", "--batch", "-"]
    with Popen(program, cwd=show, stdin=PIPE, stdout=PIPE) as running:
        assert running.stdin is not None and running.stdout is not None
        told = []
        for number in range(3):
            running.stdin.write(line(number) + b"\n")
            running.stdin.flush()
            told.append(json.loads(running.stdout.readline())["answer"])
        running.stdin.close()

    assert (told, running.returncode) == (["accepted"] * 3, 0)


@pytest.mark.skipif(os.name == "nt", reason="processes are killed as POSIX kills them")
@pytest.mark.parametrize("answered", [0, 1, 4])
def test_a_batch_that_is_killed_has_recorded_what_it_answered_and_sending_again_doubles_nothing(
    show: Path, answered: int
) -> None:
    lines = b"".join(line(number) + b"\n" for number in range(30))
    program = [sys.executable, "-m", "edgecode", "record", "--batch", "-"]
    with Popen(program, cwd=show, stdin=PIPE, stdout=PIPE) as running:
        assert running.stdin is not None and running.stdout is not None
        running.stdin.write(lines)
        running.stdin.flush()
        told = [json.loads(running.stdout.readline())["step"] for _ in range(answered)]
        running.kill()
    with Production.open(show) as production:
        before = [one.event.fact.step for one in production.recorded() if one.leaf.type.startswith("step.")]
    again = run_command("record", "--batch", "-", cwd=show, stdin=lines)
    with Production.open(show) as production:
        after = [one.event.fact.step for one in production.recorded() if one.leaf.type.startswith("step.")]

    assert set(told) <= set(before)
    assert [one[1] for one in answers(again.out)].count("duplicate") == len(before)
    assert (len(after), len(set(after))) == (30, 30)


@contextmanager
def locked(show: Path) -> Iterator[None]:
    """Somebody else is writing into the record and does not end."""
    with closing(apsw.Connection(str(show / ".edgecode" / "ledger.db"))) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")


def test_lines_are_kept_while_the_record_is_locked_and_taken_in_afterwards(show: Path) -> None:
    with locked(show):
        kept = run_command("spool", "add", cwd=show, stdin=FIVE)
        waiting = run_command("spool", "status", cwd=show)
    taken = run_command("record", "--spool", ".edgecode/spool", cwd=show)
    status = run_command("spool", "status", "--json", cwd=show)

    assert [one[1] for one in answers(kept.out)] == ["kept"] * 5
    assert waiting.out == "0 recorded, 5 waiting, 0 refused, 0 dropped\n"
    assert taken.status == 20
    assert json.loads(status.out) == {
        "schema": "edgecode.spool/1",
        "recorded": 3,
        "waiting": 0,
        "refused": 2,
        "dropped": {"too-big": 0, "over-limit": 0, "disk-full": 0},
        "files": 1,
        "uncounted": 0,
    }


@pytest.mark.slow
def test_a_batch_into_a_locked_record_ends_without_an_acknowledgement(show: Path) -> None:
    with locked(show):
        done = run_command("record", "--batch", "-", cwd=show, stdin=line(1))
    again = run_command("record", "--batch", "-", cwd=show, stdin=line(1))

    assert (done.status, done.out) == (40, "")
    assert answers(again.out) == [(1, "accepted", "")]


def test_lines_beyond_the_limit_or_too_long_are_dropped_and_counted_apart(show: Path) -> None:
    folder = spool_of(show)
    with SpoolWriter(folder, limit_bytes=200, line_bytes_at_most=150) as writer:
        told = [writer.add(one) for one in (line(1), line(2), line(3), b"x" * 150, b"x" * 200)]
    status = spool_status(folder, production=show)

    assert told == [None, None, "over-limit", "too-big", "too-big"]
    assert (status.waiting, status.dropped) == (2, {"too-big": 2, "over-limit": 1, "disk-full": 0})


def test_a_line_whose_flush_failed_may_have_been_read_so_the_next_one_begins_another_file(
    show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, flush = spool_of(show), os.fsync

    def failing(held: int) -> None:
        with Production.open(show) as production:
            take_spool(folder, production=show, record=production.record_lines, now_seconds=0.0)
        raise OSError(5, "Input/output error")

    with SpoolWriter(folder) as writer:
        first = writer.add(line(1))
        with monkeypatch.context() as patch:
            patch.setattr("edgecode.drivers.spool_writer.os.fsync", lambda held: _once(patch, flush, failing, held))
            second = writer.add(line(2))
        third = writer.add(line(3) + b" " * 300)
    with Production.open(show) as production:
        take_spool(folder, production=show, record=production.record_lines, now_seconds=0.0)
    status = spool_status(folder, production=show)

    assert (first, second, third) == (None, "disk-full", None)
    assert (status.refused, status.waiting, status.dropped["disk-full"]) == (0, 0, 1)
    assert len(list(folder.glob("*.ndjson"))) == 2


def _once(patch: pytest.MonkeyPatch, flush: Callable[[int], None], failing: Callable[[int], None], held: int) -> None:
    """Only the first flush fails: of the line, and not of the count of it."""
    patch.setattr("edgecode.drivers.spool_writer.os.fsync", flush)
    failing(held)


def test_what_was_taken_in_whole_can_be_cleared_and_stays_counted(show: Path) -> None:
    folder = spool_of(show)
    with SpoolWriter(folder, line_bytes_at_most=200) as first:
        first.add(line(1))
        first.add(b"x" * 300)
        held = clear_spool(folder, production=show)
    with SpoolWriter(folder) as second:
        second.add(b"no step")
    early = clear_spool(folder, production=show)
    with Production.open(show) as production:
        take_spool(folder, production=show, record=production.record_lines, now_seconds=0.0)
    before = spool_status(folder, production=show)
    cleared = clear_spool(folder, production=show)
    after = spool_status(folder, production=show)

    assert (held, early, cleared) == (0, 0, 1)
    assert (before.recorded, before.refused, before.dropped["too-big"], before.files) == (1, 1, 1, 2)
    assert (after.recorded, after.refused, after.dropped, after.files) == (1, 1, before.dropped, 1)


def test_counts_that_cannot_be_read_are_not_taken_for_none(show: Path) -> None:
    folder = spool_of(show)
    with SpoolWriter(folder) as writer:
        writer.add(line(1))
    (counts,) = folder.glob("*.counts")
    counts.write_bytes(b"torn")

    assert spool_status(folder, production=show).uncounted == 1
    assert "more may be" in run_command("spool", "status", cwd=show).out


@given(st.integers(0, 1023), st.integers(1, 255))
def test_a_count_survives_a_torn_write_of_either_slot(at: int, flip: int) -> None:
    data = _two_slots()
    torn = data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :]
    found = drops_in(torn)

    assert found in (DropCounts(turn=4, too_big=2), DropCounts(turn=3, too_big=1))


def _two_slots() -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        with SpoolWriter(Path(folder), line_bytes_at_most=1) as writer:
            writer.add(b"xx")
            writer.add(b"xx")
        (path,) = Path(folder).glob("*.counts")
        return path.read_bytes()


@settings(max_examples=200)
@given(st.binary(max_size=60), st.integers(1, 9))
def test_lines_are_cut_as_python_cuts_them_and_long_ones_are_never_held(data: bytes, most: int) -> None:
    expected = data.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    found = list(bounded_lines(io.BytesIO(data), most=most))

    assert len(found) == len(expected)
    for one, whole in zip(found, expected, strict=True):
        if len(whole) <= most:
            assert one == whole.rstrip(b"\r") or one == whole
        else:
            assert whole.startswith(one.rstrip(b"\n")) and len(one) >= most
