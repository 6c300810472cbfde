"""The whole road on PostgreSQL: what it says is what SQLite says, byte for byte."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from test_docs_run import lines_of, programs_of, run_lines

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


@pytest.mark.skipif(os.name == "nt", reason="the examples are written for a POSIX shell")
def test_a_production_moves_to_postgresql_and_back_as_the_page_says(
    demo: Path, postgres: PostgresServer, tmp_path: Path
) -> None:
    databases = {"show": postgres.database(), "show_keys": postgres.database()}

    def told(url: re.Match[str]) -> str:
        """A database of the example on the server of the tests; a parameter goes behind those that it needs."""
        parameters = f"&{url[2]}" if url[2] else ""
        return f"{databases[url[1]]}{parameters}"

    lines = [
        re.sub(r"postgresql://[^/]+/(\w+)(?:\?([\w=]+))?", told, line)
        for line in lines_of("docs/how-to/move-to-postgresql.md")
    ]
    before = run_command("coverage", "cut13", "--json", cwd=demo)
    programs = programs_of(tmp_path / "programs")

    assert len(lines) == 6
    assert run_lines(lines[:4], cwd=demo, home=demo, programs=programs) == []
    assert read_settings(demo).keys == databases["show_keys"]
    assert run_command("coverage", "cut13", "--json", cwd=demo) == before
    assert run_lines(lines[4:], cwd=demo, home=demo, programs=programs) == []
    assert run_command("coverage", "cut13", "--json", cwd=demo) == before
    assert audit_of(demo / "second")[0].report.findings == ()


def test_no_command_prints_the_password_of_a_url(postgres: PostgresServer, tmp_path: Path) -> None:
    url = f"{postgres.database()}&password=hushhush"
    nowhere = "postgresql://ann:hushhush@127.0.0.1:1/show?connect_timeout=2"
    done = [
        run_command("init", "show", "--ledger", url, "--keys", url, "--index", url, cwd=tmp_path),
        run_command("store", "show", cwd=tmp_path / "show"),
        run_command("store", "show", "--json", cwd=tmp_path / "show"),
        run_command("log", "verify", "--allow-unwitnessed", cwd=tmp_path / "show"),
        run_command("store", "copy", "--to-keys", f"{url}&edgecode_schema=other", cwd=tmp_path / "show"),
        run_command("store", "copy", "--to-ledger", nowhere, cwd=tmp_path / "show"),
        run_command("init", "other", "--ledger", nowhere, cwd=tmp_path),
    ]

    assert [one.status for one in done] == [0, 0, 0, 0, 0, 40, 40]
    assert not any("hushhush" in one.out + one.err for one in done)


def test_without_psycopg_the_extra_that_brings_it_is_named(tmp_path: Path) -> None:
    code = "import sys; sys.modules['psycopg'] = None; from edgecode.cli.app import main; main()"
    for store in ("--ledger", "--keys", "--index"):
        done = subprocess.run(
            [sys.executable, "-c", code, "init", store.strip("-"), store, "postgresql:///show"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

        assert (done.returncode, "[extra.missing]" in done.stderr, "edgecode[postgres]" in done.stderr) == (
            40,
            True,
            True,
        )
