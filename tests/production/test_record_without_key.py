"""A machine without the signing key records steps as ever; they wait, and nothing is recorded twice whenever they are taken in."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import msgspec
import pytest

from edgecode.answers.intake.acknowledged import InboxAnswer, SetAside
from edgecode.events.kinds import StepPerformed
from edgecode.events.sealed import SealedEvent
from edgecode.index.projector import problems
from edgecode.ingest.intake import Intake
from edgecode.ledger.sequencer import Drained
from edgecode.production import Production, audit_of
from edgecode.production.inbox.sequencing import InboxWriter, sequence
from edgecode.production.inbox.waiting import inbox_of
from edgecode.production.inbox.writing import LineWriter
from postgres_server import PostgresServer
from running import run_command


def line(name: str, *inputs: str, **other: object) -> bytes:
    files = [{"path": path} for path in inputs]
    step = {"schema": "edgecode.step/1", "kind": "comp", "inputs": files, "outputs": [{"path": name}], **other}
    return msgspec.json.encode(step) + b"\n"


def made_in(folder: Path) -> Path:
    """A media tree with three files."""
    folder.mkdir()
    for name in ("plate", "mask", "comp"):
        (folder / f"{name}.mov").write_bytes(name.encode() * 50)
    return folder


@pytest.fixture
def media(tmp_path: Path) -> Path:
    return made_in(tmp_path / "media")


@pytest.fixture
def show(tmp_path: Path, media: Path) -> Path:
    """A production that knows its media root and two of the files there; its key has gone."""
    with Production.create(tmp_path / "show", title="A Show") as production:
        (media / "comp.mov").rename(tmp_path / "comp.mov")
        production.scan([media])
        (tmp_path / "comp.mov").rename(media / "comp.mov")
    key = tmp_path / "show" / ".edgecode" / "signing.key"
    key.rename(tmp_path / "signing.key")
    return tmp_path / "show"


@contextmanager
def with_key(show: Path) -> Iterator[Production]:
    """The production on the machine that has the key."""
    key = show / ".edgecode" / "signing.key"
    shutil.copy(show.parent / "signing.key", key)
    try:
        with Production.open(show) as production:
            yield production
    finally:
        key.unlink()


def accepted(show: Path, *lines: bytes) -> Intake:
    with LineWriter(show) as writer:
        return writer.record_lines(lines)


def test_what_is_recorded_without_the_key_is_what_the_key_would_have_recorded(show: Path, media: Path) -> None:
    made = line(str(media / "comp.mov"), str(media / "plate.mov"), str(media / "mask.mov"), id="shot-10")
    shutil.copytree(show, show.parent / "other" / "show")
    shutil.copy(show.parent / "signing.key", show.parent / "other" / "signing.key")
    with with_key(show.parent / "other" / "show") as other:
        signed = other.record_lines([made])
        theirs = [recorded.event for recorded in other.recorded(other.log.size - 2)]
    taken = accepted(show, made)
    with with_key(show) as production:
        before = production.log.size
        done = sequence(production)
        ours = [recorded.event for recorded in production.recorded(before)]

    assert (taken, done) == (signed, Drained(sealed=2))
    assert [type(event) for event in ours] == [type(event) for event in theirs]
    assert [(event.fact.step, event.fact.line) for event in ours if isinstance(event, StepPerformed)] == [
        (event.fact.step, event.fact.line) for event in theirs if isinstance(event, StepPerformed)
    ]
    assert audit_of(show)[0].report.findings == ()


def test_a_line_sent_again_is_one_step_whether_it_waits_or_was_taken_in(show: Path, media: Path) -> None:
    made = line(str(media / "comp.mov"), str(media / "plate.mov"))
    first, again = accepted(show, made), accepted(show, made, made)
    with with_key(show) as production:
        done = sequence(production)
    later = accepted(show, made)
    with with_key(show) as production:
        none, wrong = sequence(production), problems(production.index)

    assert (first.steps, first.events) == (1, 2)
    assert (again, later) == (Intake(), Intake())
    assert (done, none, wrong) == (Drained(sealed=2), Drained(), [])


def test_what_waits_is_known_to_the_lines_behind_it(show: Path, media: Path) -> None:
    accepted(show, line(str(media / "comp.mov"), str(media / "plate.mov")))
    accepted(show, line("/elsewhere/cut.mov", str(media / "comp.mov")))
    with with_key(show) as production:
        sequence(production)
        versions = len(production.index.rows("all_versions", 0, 100))

    assert versions == 4


def test_an_index_that_is_behind_or_gone_leaves_nothing_unknown(show: Path, media: Path) -> None:
    made = line(str(media / "comp.mov"), str(media / "plate.mov"))
    old = show.parent / "older.db"
    shutil.copy(show / ".edgecode" / "index.db", old)
    accepted(show, made)
    with with_key(show) as production:
        sequence(production)
    for behind in (True, False):
        for path in (show / ".edgecode").glob("index.db*"):
            path.unlink()
        if behind:
            shutil.copy(old, show / ".edgecode" / "index.db")

        assert accepted(show, made) == Intake()


def test_a_bad_line_is_said_and_the_good_ones_wait(show: Path) -> None:
    lines = b"".join([line("/x/a.mov"), b"{}\n", line("/x/b.mov")])
    done = run_command("record", "-", "--inbox", "--json", cwd=show, stdin=lines)
    answer = msgspec.json.decode(done.out, type=dict)

    assert done.status == 20
    assert (answer["events"], answer["steps"], answer["level"], answer["ledger"]) == (2, 2, "accepted", None)
    assert [item["line"] for item in answer["diagnostics"] if item["code"] == "record.malformed"] == [2]
    assert inbox_of(show).kinds == {"step.performed/1": 2}


def test_the_commands_say_how_far_an_event_has_come(show: Path) -> None:
    waits = run_command("record", "-", "--inbox", cwd=show, stdin=line("/x/a.mov"))
    again = run_command("record", "-", "--inbox", cwd=show, stdin=line("/x/a.mov"))
    listed = run_command("log", "inbox", cwd=show)
    without = run_command("record", "-", cwd=show, stdin=line("/x/b.mov"))
    with with_key(show):
        taken = run_command("log", "sequence", "--json", cwd=show)
        sealed = run_command("record", "-", "--json", cwd=show, stdin=line("/x/b.mov"))
    answers = [msgspec.json.decode(done.out, type=dict) for done in (taken, sealed)]

    assert waits.out == "accepted 1 event, not yet in the log: 1 step\n"
    assert again.out == "accepted 0 events, not yet in the log: nothing new\n"
    assert listed.out == "1 event waits: 1 step.performed/1\n"
    assert (without.status, without.out) == (21, "")
    assert [(answer["level"], answer["ledger"]["size"]) for answer in answers] == [("sealed", 5), ("sealed", 6)]
    assert (answers[0]["sealed"], answers[1]["events"]) == (1, 1)


def test_a_step_is_not_taken_back_through_the_inbox(show: Path) -> None:
    done = run_command("record", "--inbox", "--withdraw", "01890000-0000-7000-8000-000000000000", cwd=show)

    assert (done.status, "[inbox.kind]" in done.err) == (11, True)


def test_what_was_set_aside_is_listed_with_its_reason_and_nothing_that_it_says(show: Path) -> None:
    accepted(show, line("/x/secret-title.mov"))
    with InboxWriter(show) as writer:
        ((_, good),) = writer.ledger.waiting(9)
        bare = SealedEvent(good.leaf, good.sections[:1])
        odd = SealedEvent(good.leaf.replace(b"step.performed/1", b"ann.has.left/1"), good.sections)
        writer.ledger.accept([odd, bare])
    with with_key(show) as production:
        done = sequence(production)
    listed = run_command("log", "inbox", cwd=show)

    assert done == Drained(sealed=1, known=1, refused=1)
    assert inbox_of(show) == InboxAnswer(0, {}, (SetAside(2, "unknown", "id-taken"),))
    assert listed.out == "0 events wait\n1 set aside:\n  ticket 2  unknown  another event in the log has its id\n"


def test_a_step_that_was_recorded_with_a_key_meanwhile_is_set_aside_and_the_list_says_why(show: Path) -> None:
    accepted(show, line("/x/a.mov", id="s-1"))
    with with_key(show) as production:
        production.record_lines([line("/x/b.mov", id="s-1")])
        done = sequence(production)

    assert (done.refused, [one.reason for one in inbox_of(show).aside]) == (1, ["step-recorded"])
    assert "the step is in the log already" in run_command("log", "inbox", cwd=show).out


def test_a_machine_without_the_key_records_while_another_follows_on_postgresql(
    postgres: PostgresServer, tmp_path: Path, media: Path
) -> None:
    url = postgres.database()
    stores = dict.fromkeys(("ledger", "keys", "index"), url)
    with Production.create(tmp_path / "show", title="A Show", stores=stores) as production:
        production.scan([media])
    farm = tmp_path / "farm"
    shutil.copytree(tmp_path / "show", farm)
    (farm / ".edgecode" / "signing.key").unlink()
    following = subprocess.Popen(
        [sys.executable, "-m", "edgecode", "log", "sequence", "--follow", "--json"],
        cwd=tmp_path / "show",
        stdout=subprocess.PIPE,
    )
    try:
        lines = [line(str(media / "comp.mov"), str(media / f"{name}.mov"), id=name) for name in ("plate", "mask")]
        taken = [accepted(farm, one).steps for one in (*lines, *lines)]
        end = monotonic() + 60
        while inbox_of(farm).waiting and monotonic() < end:
            sleep(0.1)
    finally:
        following.terminate()
        following.communicate(timeout=60)
    with Production.open(tmp_path / "show") as production:
        steps = [one.event for one in production.recorded() if isinstance(one.event, StepPerformed)]
        wrong = problems(production.index)

    assert taken == [1, 1, 0, 0]
    assert ([step.fact.source for step in steps], wrong) == (["record", "record"], [])
    assert audit_of(tmp_path / "show")[0].report.findings == ()
