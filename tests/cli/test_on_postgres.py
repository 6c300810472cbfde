"""The whole road on PostgreSQL: what it says is what SQLite says, byte for byte."""

import shutil
from pathlib import Path

import msgspec
import pytest

from edgecode.cli.demo.film import FRAMES
from edgecode.cli.demo.script import written_film
from edgecode.production import Production, audit_of
from edgecode.settings import read_settings, write_settings
from postgres_server import PostgresServer
from running import run_command

ANSWERS = [
    "coverage cut13 --json",
    "coverage cut13 --csv",
    "cut-list cut13 --csv",
    "missing cut13 --csv",
    "questions cut13",
    "conform cut13 --csv",
    "cut show cut13",
    *(f"matchback cut13 {frame} --json" for frame in range(0, FRAMES, 311)),
]


@pytest.fixture
def indexed(demo: Path, postgres: PostgresServer, tmp_path: Path) -> Path:
    """The demo's record with its index in PostgreSQL."""
    copy = tmp_path / "indexed"
    shutil.copytree(demo, copy)
    write_settings(copy, msgspec.structs.replace(read_settings(copy), index=postgres.database()))
    return copy


def test_every_answer_about_the_demo_is_the_same_from_either_index(demo: Path, indexed: Path) -> None:
    with Production.open(demo) as one, Production.open(indexed) as other:
        dumps = one.index_dump(), other.index_dump()
        pages = one.look(one.view("cut13")), other.look(other.view("cut13"))
    said = {line: (run_command(*line.split(), cwd=demo), run_command(*line.split(), cwd=indexed)) for line in ANSWERS}

    assert dumps[0] == dumps[1]
    assert pages[0] == pages[1]
    assert {line: one for line, (one, _) in said.items()} == {line: other for line, (_, other) in said.items()}
    assert all(one.status in (0, 10) for one, _ in said.values())


def test_the_road_of_the_demo_on_postgresql_counts_what_sqlite_counts(
    made_demo: Path, postgres: PostgresServer, tmp_path: Path
) -> None:
    film, url = written_film(made_demo), postgres.database()
    assert film is not None
    here = tmp_path / "show"
    here.mkdir()
    began = run_command("init", "--ledger", url, "--keys", url, "--index", url, cwd=here)
    scanned = run_command("scan", str(film.media), cwd=here)
    recorded = run_command("record", "-", cwd=here, stdin="\n".join(film.lines).encode())
    added = run_command("cut", "add", str(film.cut), "--name", "cut13", cwd=here)
    verified = run_command("log", "verify", "--allow-unwitnessed", cwd=here)
    mine, theirs = (run_command("coverage", "cut13", "--json", cwd=folder) for folder in (here, made_demo))
    mine_, theirs_ = (msgspec.json.decode(done.out, type=dict) for done in (mine, theirs))
    for answer in (mine_, theirs_):
        del answer["ledger"], answer["production"]

    assert [one.status for one in (began, scanned, recorded, added, verified)] == [0] * 5, (began, scanned, verified)
    assert mine_ == theirs_
    assert audit_of(here)[0].report.findings == ()
    assert sorted(path.name for path in (here / ".edgecode").glob("*.db")) == ["scan-cache.db"]
