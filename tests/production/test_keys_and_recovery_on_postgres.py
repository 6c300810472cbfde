"""Changing keys, freezing and recovering a log that is kept in PostgreSQL."""

from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs

from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.postgres_ledger import PostgresLedger
from edgecode.drivers.world import World
from edgecode.errors import DivergedError, RefusedError
from edgecode.events.kinds import MediaFacts, PlaceSection, VersionBytes, VersionFact, VersionSeen
from edgecode.events.record_kinds import LogRecovered
from edgecode.ledger.log import KeysChangedError
from edgecode.production import Production, audit_of
from edgecode.production.keys import keys_of, retire_key, rotate_key
from edgecode.production.log.recovering import plan_recovery, recover
from edgecode.settings import read_settings, write_settings
from postgres_server import PostgresServer

conninfo_to_dict = pytest.importorskip("psycopg.conninfo").conninfo_to_dict
WORLD = World()


def seen(digest: str) -> VersionSeen:
    return VersionSeen(
        VersionFact(WORLD.new_id(), MediaFacts("still")),
        VersionBytes(digest * 64, 1),
        PlaceSection("r-1", f"{digest}.png", f"{digest}.png"),
    )


def codes(show: Path) -> list[str]:
    return [finding.code for finding in audit_of(show)[0].report.findings]


@pytest.fixture
def show(postgres: PostgresServer, tmp_path: Path) -> Path:
    with Production.create(tmp_path / "show", title="A Show", stores={"ledger": postgres.database()}) as production:
        production.append([seen("a"), seen("b")])
    return tmp_path / "show"


@pytest.fixture
def rolled_back(show: Path, postgres: PostgresServer) -> Path:
    """Two entries were recorded after the database that the settings name now was copied."""
    settings = read_settings(show)
    older = postgres.database()
    name, present = (conninfo_to_dict(url)["dbname"] for url in (older, settings.ledger))
    postgres.command(f"drop database {name}")
    postgres.command(f"create database {name} template {present}")
    with Production.open(show) as production:
        production.append([seen("c"), seen("d")])
    write_settings(show, structs.replace(settings, ledger=older))
    return show


def test_a_key_is_changed_and_retired_and_whoever_had_the_log_open_signs_nothing_more(show: Path) -> None:
    create_key_file(show / ".edgecode" / "second.key")
    with Production.open(show) as stale:
        rotate_key(show, "file:.edgecode/second.key")
        with pytest.raises(KeysChangedError):
            stale.append([seen("c")])
    _, trusted = retire_key(show)

    assert [one.trusted_until for one in keys_of(show).keys] == [trusted, None] == [4, None]
    assert codes(show) == []


def test_an_older_database_is_frozen_and_recovered_into_a_new_one(rolled_back: Path, postgres: PostgresServer) -> None:
    old = read_settings(rolled_back).ledger
    with closing(PostgresLedger(old)) as ledger:
        entries = [(entry.leaf, entry.sections) for entry in ledger.entries(0, 9)]
    for error in (r"ledger\.rolled_back", r"ledger\.frozen|ledger\.rolled_back"):
        with pytest.raises(DivergedError, match=error):
            Production.open(rolled_back)
    plan = plan_recovery(rolled_back)
    with pytest.raises(RefusedError, match=r"recover\.no_place"):
        recover(rolled_back)
    done = recover(rolled_back, to=postgres.database())

    assert (plan.kept, plan.lost, done.kept, done.old_ledger) == (3, 2, 3, "")
    with Production.open(rolled_back) as production:
        production.append([seen("e")])
        first, *rest = production.log.entries(0, 4)
        assert [(entry.leaf, set(entry.sections)) for entry in rest] == [(leaf, set(more)) for leaf, more in entries]
        assert isinstance(next(production.recorded()).event, LogRecovered)
        assert first.index == 0
    assert codes(rolled_back) == []
    with closing(PostgresLedger(old)) as ledger:
        assert ledger.frozen() is not None


def test_a_database_that_holds_a_log_is_no_place_for_a_successor(rolled_back: Path, postgres: PostgresServer) -> None:
    taken = postgres.database()
    with Production.create(rolled_back.parent / "other", title="Other", stores={"ledger": taken}):
        pass
    with pytest.raises(RefusedError, match=r"store\.occupied"):
        recover(rolled_back, to=taken)

    assert recover(rolled_back, to=postgres.database()).kept == 3


def test_a_successor_may_move_from_postgresql_to_a_file(rolled_back: Path) -> None:
    recover(rolled_back, to="sqlite:.edgecode/ledger.new.db")

    assert codes(rolled_back) == []
