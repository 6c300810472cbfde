"""When PostgreSQL cannot be used it is said which store's URL it is and what kind of failure, and nothing the server says."""

from pathlib import Path

import pytest

from edgecode.errors import UnavailableError
from edgecode.production.log.stores import open_index, open_keys, open_ledger
from edgecode.settings import Settings

psycopg = pytest.importorskip("psycopg")

SETTINGS = Settings(
    "01990000-0000-7000-8000-000000000001",
    "Film",
    "log.invalid/edgecode/1",
    ledger="postgresql://me:secret@localhost:1/ledger?connect_timeout=2",
    keys="postgresql://me:secret@localhost:1/keys?connect_timeout=2",
    index="postgresql://me:secret@localhost:1/index?connect_timeout=2",
)


@pytest.mark.parametrize("store", ["ledger", "keys", "index"])
def test_a_server_that_is_away_is_named_by_the_setting_that_leads_to_it(store: str, tmp_path: Path) -> None:
    doors = {"ledger": open_ledger, "keys": open_keys, "index": open_index}

    with pytest.raises(UnavailableError) as said:
        doors[store](SETTINGS, tmp_path)

    assert said.value.sentence == (
        f"PostgreSQL cannot be used: it cannot be reached (the store of the {store}: {store} under [store] in edgecode.toml)"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('connection failed: FATAL:  password authentication failed for user "me"', "it refused the login"),
        ('connection failed: FATAL:  role "me" does not exist', "it refused the login"),
        ('connection failed: FATAL:  database "show" does not exist', "the database of the URL is not there"),
    ],
)
def test_a_refused_login_and_a_missing_database_are_told_apart(words: str, told: str) -> None:
    from edgecode.drivers.postgres import unreachable

    assert unreachable(psycopg.OperationalError(words)).sentence == f"PostgreSQL cannot be used: {told}"
