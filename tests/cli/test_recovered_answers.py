"""A recovered production answers as before: every answer about the entries that were kept is equal, but for the name of the log."""

import json
import shutil
from pathlib import Path
from typing import Any

from edgecode.production import Production, audit_of
from edgecode.production.log.recovering import recover
from running import run_command

WHERE_IN_THE_LOG = {"ledger", "ledger_no"}
"""The log's name, size and root; and the numbers of entries, which are one higher behind the successor's first."""


def asked(folder: Path) -> dict[str, Any]:
    """What people ask of the demo, without where in the log it stands."""
    answers: dict[str, Any] = {}
    for words in (
        ("coverage", "cut13"),
        ("questions", "cut13"),
        ("missing", "cut13"),
        ("cut-list", "cut13"),
        ("cut", "list"),
    ):
        done = run_command(*words, "--json", cwd=folder)
        answers[" ".join(words)] = json.loads(done.out)
    return without_ledger(answers)


def without_ledger(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_ledger(one) for key, one in value.items() if key not in WHERE_IN_THE_LOG}
    return [without_ledger(one) for one in value] if isinstance(value, list) else value


def test_what_was_answered_before_is_answered_after_a_recovery(demo: Path, tmp_path: Path) -> None:
    before = asked(demo)
    with Production.open(demo) as production:
        texts = [recorded.event for recorded in production.recorded()]
        reads = [tuple(sorted(production.entry(index)[1])) for index in range(production.log.size)]
    shutil.copy(demo / ".edgecode" / "ledger.db", tmp_path / "older.db")
    line = json.dumps({"schema": "edgecode.step/1", "kind": "paint", "outputs": [{"name": "lost"}]})
    (tmp_path / "steps.ndjson").write_text(line + "\n")
    assert run_command("record", str(tmp_path / "steps.ndjson"), cwd=demo).status == 0
    for path in (demo / ".edgecode").glob("ledger.db*"):
        path.unlink()
    shutil.copy(tmp_path / "older.db", demo / ".edgecode" / "ledger.db")
    refused = run_command("coverage", "cut13", cwd=demo)
    recover(demo)

    assert (refused.status, "edgecode log recover" in refused.err) == (33, True)
    assert asked(demo) == before
    with Production.open(demo) as production:
        assert [recorded.event for recorded in production.recorded(1)] == texts
        assert [tuple(sorted(production.entry(index)[1])) for index in range(1, production.log.size)] == reads
    assert audit_of(demo)[0].report.findings == ()
