"""The PostgreSQL of the tests leaves the machine as it was."""

import os
from pathlib import Path

import psycopg
import pytest

from postgres_server import PostgresServer, postgres_server


def test_a_server_of_ones_own_adds_no_user_and_opens_no_folder() -> None:
    folders = [Path(os.sep), Path.home(), Path("/tmp")]
    before = Path("/etc/passwd").read_bytes(), [folder.stat().st_mode for folder in folders]
    with postgres_server(durable=False) as server, psycopg.connect(server.url("postgres")) as connection:
        row = connection.execute("select current_setting('fsync'), current_setting('listen_addresses')").fetchone()

    assert row == ("on", "")
    assert (Path("/etc/passwd").read_bytes(), [folder.stat().st_mode for folder in folders]) == before


def test_what_one_database_holds_another_does_not(postgres: PostgresServer) -> None:
    first, second = postgres.database(), postgres.database()
    with psycopg.connect(first) as connection:
        connection.execute("create table one(a int)")

    with psycopg.connect(second) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("select a from one")
