"""Hooks of the compliance team: what they are told, what they may add, and what happens when they fail."""

import json
import resource
import shutil
import sys
from pathlib import Path

import msgspec
import pytest

from edgecode.cli.app import edgecode
from edgecode.drivers.hook_runs import run_hook
from edgecode.errors import InputError
from edgecode.events.rights_kinds import (
    AgreementFact,
    AgreementMoved,
    AgreementMoveFact,
    AgreementRecorded,
    AgreementTerms,
    HookFinding,
    HookRan,
)
from edgecode.index.rights import rights
from edgecode.production import Production
from edgecode.production.checking.hooking import allow_hooks, may_run, pending, run_event_hooks, run_gate_hooks
from edgecode.settings import Hook, read_settings, write_settings

TELL = (sys.executable, "-c", "import sys; open('told.jsonl','a').write(sys.stdin.read() + '\\n')")


@pytest.fixture
def allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of allowed hooks of this test's own."""
    monkeypatch.setenv("EDGECODE_ALLOWED_HOOKS", str(tmp_path / "allowed"))
    return tmp_path / "allowed"


def with_hooks(folder: Path, *hooks: Hook) -> Production:
    """A production with these hooks in its edgecode.toml."""
    if not (folder / "edgecode.toml").exists():
        Production.create(folder, title="Show").close()
    write_settings(folder, msgspec.structs.replace(read_settings(folder), hooks=hooks))
    return Production.open(folder)


def revoke_something(production: Production) -> None:
    """A license with a secret in its terms, and its revocation."""
    agreement = production.world.new_id()
    terms = AgreementTerms(agreement, "L-01", licensor="Planted Secret Ltd", allows_ai=False)
    fact = AgreementMoveFact(agreement, "revoked", "2026-11-01")
    production.append([AgreementRecorded(AgreementFact(agreement, "license"), terms), AgreementMoved(fact)])


def told(folder: Path) -> list[dict[str, object]]:
    """What hooks wrote of what they were told."""
    path = folder / "told.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_hook_is_told_of_the_events_it_waits_for_and_each_run_is_on_the_record(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("tell", ("agreement.moved",), TELL)) as production:
        allow_hooks(production)
        revoke_something(production)
        reports = run_event_hooks(production)
        ran = [kept.event.fact.outcome for kept in rights(production.index, HookRan)]  # type: ignore[attr-defined]

    assert [(one["on"], one["event"]["fact"]["move"]) for one in told(tmp_path / "p")] == [  # type: ignore[index]
        ("agreement.moved/1", "revoked")
    ]
    assert ([one.outcome for one in reports], ran) == (["done"], ["done"])


def test_what_a_hook_is_told_holds_nothing_of_a_contract(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("tell", ("*",), TELL)) as production:
        allow_hooks(production)
        revoke_something(production)
        run_event_hooks(production)

    assert "Planted Secret" not in (tmp_path / "p" / "told.jsonl").read_text()


def test_nothing_runs_on_a_machine_where_it_was_not_allowed(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("tell", ("*",), TELL)) as production:
        revoke_something(production)
        reports = run_event_hooks(production)

    assert (reports, told(tmp_path / "p")) == ([], [])


def test_a_hook_that_changed_is_asked_for_again(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("tell", ("*",), TELL)) as production:
        allow_hooks(production)
    with with_hooks(tmp_path / "p", Hook("tell", ("*",), ("rm", "-rf", "media"))) as production:
        assert not may_run(production)


@pytest.mark.parametrize(
    ("hook", "file"),
    [
        (Hook("tell", ("*",), (sys.executable, "tools/tell.py")), "tools/tell.py"),
        (Hook("rules", ("gate",), entry="house_rules:at_gate"), "house_rules.py"),
        (Hook("rules", ("gate",), entry="house_rules:at_gate"), "named_by_it.py"),
        (Hook("rules", ("gate",), entry="house.rules:at_gate"), "house/deeper/rules.py"),
    ],
)
def test_a_hook_whose_code_changed_is_asked_for_again(tmp_path: Path, allowed: Path, hook: Hook, file: str) -> None:
    code = tmp_path / "p" / file
    code.parent.mkdir(parents=True)
    code.write_text("1\n", "utf-8")
    with with_hooks(tmp_path / "p", hook) as production:
        allow_hooks(production)
        before = may_run(production)
        code.write_text("2\n", "utf-8")
        after = may_run(production)

    assert (before, after) == (True, False)


def test_a_file_that_a_hook_writes_is_no_code_of_it(tmp_path: Path, allowed: Path) -> None:
    writing = (sys.executable, "-c", "import sys; open(sys.argv[1], 'a').write('told')", "told.log")
    with with_hooks(tmp_path / "p", Hook("tell", ("agreement.moved",), writing)) as production:
        (tmp_path / "p" / "told.log").write_text("", "utf-8")
        allow_hooks(production)
        revoke_something(production)
        run_event_hooks(production)

        assert ((tmp_path / "p" / "told.log").read_text("utf-8"), may_run(production)) == ("told", True)


def test_a_copy_of_the_folder_runs_nothing(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("tell", ("*",), TELL)) as production:
        allow_hooks(production)
    shutil.copytree(tmp_path / "p", tmp_path / "elsewhere")

    with Production.open(tmp_path / "elsewhere") as copy:
        assert not may_run(copy)


def test_no_event_is_told_twice_and_a_run_is_no_event_to_wait_for(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("tell", ("*",), TELL)) as production:
        allow_hooks(production)
        revoke_something(production)
        run_event_hooks(production)
        again = run_event_hooks(production)

    assert (again, len(told(tmp_path / "p"))) == ([], 2)


def test_a_dry_run_says_what_would_run_and_runs_nothing(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("tell", ("agreement.moved",), TELL)) as production:
        allow_hooks(production)
        revoke_something(production)
        waiting = pending(production)

    assert ([(one.hook, one.type) for one in waiting], told(tmp_path / "p")) == ([("tell", "agreement.moved/1")], [])


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("import sys; sys.exit(3)", "failed"),
        ("import time; time.sleep(60)", "timeout"),
        ("print('no json')", "unreadable"),
        ('print(\'{"findings": [{"code": "x", "severity": "allow", "why": "y"}]}\')', "unreadable"),
    ],
)
def test_a_gate_hook_that_does_not_judge_adds_nothing_and_says_so(
    program: str, outcome: str, tmp_path: Path, allowed: Path
) -> None:
    hook = Hook("house", ("gate:deliver",), (sys.executable, "-c", program), timeout_seconds=1)
    with with_hooks(tmp_path / "p", hook) as production:
        allow_hooks(production)
        reports = run_gate_hooks(production, {"word": "CLEARED"}, gate="deliver", about="a run")

    assert [(one.outcome, one.findings) for one in reports] == [(outcome, ())]


def test_a_gate_hook_written_in_python_adds_a_finding(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("house", ("gate",), entry="house_rules:at_gate")) as production:
        (tmp_path / "p" / "house_rules.py").write_text(
            "def at_gate(fact):\n"
            "    print('talk that is no answer')\n"
            "    return {'findings': [{'code': 'house.word', 'severity': 'block', 'why': fact['check']['word']}]}\n"
        )
        allow_hooks(production)
        reports = run_gate_hooks(production, {"word": "CLEARED"}, gate="deliver", about="a run")
        kept = [one.event.recipe.findings for one in rights(production.index, HookRan)]  # type: ignore[attr-defined]

    assert [one.findings for one in reports] == kept == [(HookFinding("house.word", "block", "CLEARED"),)]


def test_a_program_that_is_not_there_is_missing_and_ends_nothing(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("house", ("gate",), ("no-such-program-here",))) as production:
        allow_hooks(production)
        reports = run_gate_hooks(production, {}, gate="publish", about="a run")

    assert [one.outcome for one in reports] == ["missing"]


def test_a_gate_hook_that_was_not_allowed_did_not_judge(tmp_path: Path, allowed: Path) -> None:
    with with_hooks(tmp_path / "p", Hook("house", ("gate",), TELL)) as production:
        reports = run_gate_hooks(production, {}, gate="publish", about="a run")

    assert ([one.outcome for one in reports], told(tmp_path / "p")) == (["not-allowed"], [])


def test_hooks_go_through_the_settings_file_and_back(tmp_path: Path) -> None:
    hooks = (
        Hook("a-mail", ("agreement.moved", "finding:blocker"), ("mail", 'say "so"'), timeout_seconds=5),
        Hook("house", ("gate:deliver", "*"), entry="house:judge"),
    )
    with with_hooks(tmp_path / "p", *hooks):
        assert read_settings(tmp_path / "p").hooks == hooks


@pytest.mark.parametrize(
    "wrong",
    [
        "[hooks.A]\non = ['*']\ncommand = ['x']",
        "[hooks.a]\non = []\ncommand = ['x']",
        "[hooks.a]\non = ['gate:never']\ncommand = ['x']",
        "[hooks.a]\non = ['*']",
        "[hooks.a]\non = ['*']\ncommand = ['x']\nentry = 'a:b'",
        "[hooks.a]\non = ['*']\ncommand = ['x']\ntimeout_seconds = true",
        "[hooks.a]\non = ['*']\ncommand = ['x']\nworkdir = '/'",
    ],
)
def test_a_hook_that_is_written_wrong_is_refused_with_its_key(wrong: str, tmp_path: Path) -> None:
    Production.create(tmp_path / "p", title="Show").close()
    path = tmp_path / "p" / "edgecode.toml"
    path.write_text(path.read_text() + "\n" + wrong + "\n")

    with pytest.raises(InputError, match="hooks"):
        read_settings(tmp_path / "p")


def test_a_command_of_the_desk_runs_hooks_behind_it_and_one_that_captures_does_not(
    tmp_path: Path, allowed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from running import command_runner

    with with_hooks(tmp_path / "p", Hook("tell", ("person.noted", "step.performed"), TELL)) as production:
        allow_hooks(production)
    monkeypatch.chdir(tmp_path / "p")
    line = '{"schema":"edgecode.step/1","id":"a/1","kind":"paint","outputs":[{"path":"a.png"}]}\n'
    recorded = command_runner().invoke(edgecode, ["record", "-"], input=line)
    after_capture = told(tmp_path / "p")
    command_runner().invoke(edgecode, ["person", "add", "--name", "Planted Name"])

    assert (recorded.exit_code, after_capture) == (0, [])
    assert [one["on"] for one in told(tmp_path / "p")] == ["step.performed/1", "person.noted/1"]


@pytest.mark.parametrize(
    "said",
    [
        '{"findngs": [{"code": "x", "severity": "block", "why": "y"}]}',
        '{"findings": [{"code": "x", "severity": "block", "why": "y", "sbject": "z"}]}',
        '{"findings": [], "word": "HELD"}',
    ],
)
def test_an_answer_with_a_misspelled_word_is_no_answer(said: str, tmp_path: Path, allowed: Path) -> None:
    hook = Hook("house", ("gate",), (sys.executable, "-c", f"print({said!r})"))
    with with_hooks(tmp_path / "p", hook) as production:
        allow_hooks(production)
        reports = run_gate_hooks(production, {}, gate="deliver", about="a run")

    assert [(one.outcome, one.findings) for one in reports] == [("unreadable", ())]


FLOOD = "import os\nwhile True: os.write(1, b'x' * 65536)"
LEFT_BEHIND = (
    "import subprocess, sys\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'], start_new_session=True)\n"
)


@pytest.mark.parametrize(("program", "outcome"), [(FLOOD, "unreadable"), (LEFT_BEHIND, "timeout")])
def test_a_hook_that_floods_or_leaves_its_stdout_open_ends_in_time(program: str, outcome: str, tmp_path: Path) -> None:
    command = (sys.executable, "-c", program)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ran = run_hook(command, entry="", stdin=b"x" * 1_000_000, folder=tmp_path, timeout_seconds=2)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert (ran.outcome, ran.said) == (outcome, b"")
    assert ran.milliseconds < 8_000
    assert grown < 64_000  # KiB
