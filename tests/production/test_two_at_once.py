"""Several processes that record the same at once: one step for one id, one version for one content, on either database."""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from time import sleep

import pytest

import edgecode
from edgecode.events.kinds import Event, ModelFact, ModelKnown, NameSection, SequenceSeen, StepPerformed, VersionSeen
from edgecode.production.corridor import Production
from edgecode.production.inbox.sequencing import sequence
from generated_png import generated
from postgres_server import PostgresServer

LINES = 60


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def show(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    folder, stores = tmp_path / "show", dict[str, str]()
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        stores = {name: postgres.database() for name in ("ledger", "keys", "index")}
    Production.create(folder, title="T", stores=stores).close()
    return folder


def lines(folder: Path, name: str, kind: str) -> Path:
    path = folder / name
    made = (
        {"kind": kind, "outputs": [{"name": f"o{i}.png", "sha256": f"{i:064x}"}], "id": f"s{i}"} for i in range(LINES)
    )
    path.write_text("".join(json.dumps({"schema": "edgecode.step/1", **one}) + "\n" for one in made))
    return path


def at_once(show: Path, *commands: list[str]) -> list[list[dict[str, str]]]:
    """What each of the commands told in lines of JSON."""
    source = str(Path(edgecode.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "edgecode", *command], cwd=show, env=environment, stdout=subprocess.PIPE
        )
        for command in commands
    ]
    said = [one.communicate(timeout=120)[0].decode() for one in running]
    return [[json.loads(line) for line in one.splitlines() if line.startswith("{")] for one in said]


def accepted(told: list[dict[str, str]]) -> set[str]:
    return {str(one["line"]) for one in told if one.get("answer") == "accepted"}


def steps(show: Path) -> Counter[str]:
    with Production.open(show) as production:
        return Counter(one.event.fact.step for one in production.recorded() if isinstance(one.event, StepPerformed))


def test_two_batches_at_once_never_have_one_id_accepted_with_two_contents(show: Path, tmp_path: Path) -> None:
    first, second = lines(tmp_path, "a.ndjson", "render"), lines(tmp_path, "b.ndjson", "generate")
    told = at_once(show, ["record", "--batch", str(first)], ["record", "--batch", str(second)])
    recorded = steps(show)

    assert accepted(told[0]) & accepted(told[1]) == set()
    assert (len(accepted(told[0])) + len(accepted(told[1])), len(recorded), max(recorded.values())) == (LINES, LINES, 1)


def test_the_same_lines_from_three_processes_at_once_are_recorded_once(show: Path, tmp_path: Path) -> None:
    path = str(lines(tmp_path, "a.ndjson", "render"))
    told = at_once(show, *[["record", "--batch", path]] * 3)
    recorded = steps(show)

    assert Counter(one["answer"] for each in told for one in each) == {"accepted": LINES, "duplicate": 2 * LINES}
    assert (len(recorded), max(recorded.values())) == (LINES, 1)


def test_a_folder_that_two_scan_at_once_is_one_root_and_every_file_one_version(show: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for number in range(40):
        (media / f"still_{'abcdefgh'[number % 8]}{number}x.png").write_bytes(generated(number))
    at_once(show, *[["scan", str(media)]] * 3)
    with Production.open(show) as production:
        seen = [one.event for one in production.recorded() if isinstance(one.event, (VersionSeen, SequenceSeen))]
        roots = production.root_names()

    assert (len(roots), len(seen), len({one.fact.version for one in seen})) == (1, 40, 40)


def test_who_judges_slowly_is_not_overtaken_for_ever_by_those_who_are_quick(show: Path) -> None:
    ended, tries = threading.Event(), 0

    def quick() -> None:
        with Production.open(show) as other:
            while not ended.is_set():
                other.append_judged(lambda: [ModelKnown(ModelFact(other.world.new_id()), NameSection("m"))])

    def slow() -> list[Event]:
        nonlocal tries
        tries += 1
        sleep(0.2)
        return []

    others = [threading.Thread(target=quick) for _ in range(3)]
    with Production.open(show) as production:
        for one in others:
            one.start()
        try:
            sleep(1)
            production.append_judged(slow)
        finally:
            ended.set()
            for one in others:
                one.join()

    assert tries < 12


def test_two_writers_without_a_key_never_have_one_id_sealed_with_two_contents(show: Path, tmp_path: Path) -> None:
    first, second = lines(tmp_path, "a.ndjson", "render"), lines(tmp_path, "b.ndjson", "generate")
    at_once(show, ["record", "--inbox", str(first)], ["record", "--inbox", str(second)])
    with Production.open(show) as production:
        done = sequence(production)
    recorded = steps(show)

    assert (done.refused, len(recorded), max(recorded.values())) == (0, LINES, 1)
