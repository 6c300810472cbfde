"""A production is there whole or not at all: what stops a beginning is made good by the next one, and no log begins with anything else."""

from pathlib import Path

import pytest

from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import NotFoundError, RefusedError, UnavailableError
from edgecode.events.codec import parse_leaf
from edgecode.production import Production
from edgecode.production.log import beginning
from edgecode.production.log.beginning import BEGINNING
from edgecode.production.log.moving import copy_stores
from edgecode.settings import FILE_NAME, production_folder
from edgecode.testing.claims import refused
from postgres_server import PostgresServer
from sample_log import Chance, version_seen

STEPS = ["create_key_file", "_write", "keep_keys", "write_settings"]


class Stopped(Exception):
    """Somebody pulled the plug."""


def kinds(folder: Path) -> list[str]:
    with Production.open(folder) as production:
        return [parse_leaf(entry.leaf).type for entry in production.log.entries()]


@pytest.mark.parametrize("persisted", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_beginning_that_was_stopped_is_none_and_the_next_one_takes_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer, step: str, persisted: bool
) -> None:
    folder, stores = tmp_path / "show", {name: postgres.database() for name in ("ledger", "keys", "index")}
    real, calls = getattr(beginning, step), []

    def stop(*given: object, **named: object) -> object:
        calls.append(given)
        if len(calls) < (2 if step == "write_settings" else 1):
            return real(*given, **named)
        if persisted:
            real(*given, **named)
        raise Stopped

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(beginning, step, stop)
        Production.create(folder, title="A Show", stores=stores)
    named = (folder / FILE_NAME).exists()
    if not named:
        with pytest.raises(NotFoundError):
            production_folder(folder)
        Production.create(folder, title="A Show", stores=stores).close()

    assert named == (step == "write_settings" and persisted)
    assert kinds(folder) == ["production.opened/1"]
    assert (folder / ".edgecode" / BEGINNING).exists() == named


def test_a_beginning_that_stopped_goes_on_under_another_title_and_another_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer
) -> None:
    stores = {"ledger": postgres.database(), "keys": postgres.database()}
    with pytest.raises(UnavailableError, match=r"postgres\.unreachable"):
        Production.create(tmp_path, title="A", stores={**stores, "index": postgres.url("missing")})
    with Production.create(tmp_path, title="B", stores={**stores, "index": postgres.database()}) as production:
        assert (production.title(), production.log.size) == ("B", 1)


def test_a_key_that_lies_there_is_nobodys_to_begin_with(tmp_path: Path) -> None:
    Production.create(tmp_path, title="A").close()
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / ".edgecode" / "ledger.db").unlink()

    for _ in range(2):
        assert refused(lambda: Production.create(tmp_path, title="B")) == "secret.exists"


def test_a_log_that_an_earlier_release_left_empty_gets_its_first_event_when_it_is_opened(tmp_path: Path) -> None:
    with Production.create(tmp_path, title="A") as production:
        origin = production.log.origin
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm", "high-water", "index.db", "heads"):
        (tmp_path / ".edgecode" / name).unlink(missing_ok=True)
    store = SqliteLedger(tmp_path / ".edgecode" / "ledger.db")
    store.create(origin)
    store.close()
    with Production.open(tmp_path) as production:
        production.append([version_seen(Chance(1))])

    assert kinds(tmp_path) == ["production.opened/1", "version.seen/1"]


def test_two_productions_that_name_one_schema_for_their_index_are_told(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    shared = {"index": postgres.database()}
    Production.create(tmp_path / "one", title="One", stores=shared).close()
    with pytest.raises(RefusedError, match=r"edgecode_schema=.*index\.not_ours"):
        Production.create(tmp_path / "two", title="Two", stores=shared)
    begun = (tmp_path / "two" / FILE_NAME).exists()
    Production.create(tmp_path / "two", title="Two").close()
    with pytest.raises(RefusedError, match=r"index\.not_ours"):
        copy_stores(tmp_path / "two", shared, switch=True, told=lambda done, of: None)
    settings = (tmp_path / "two" / FILE_NAME).read_text().replace("sqlite:.edgecode/index.db", shared["index"])
    (tmp_path / "two" / FILE_NAME).write_text(settings)

    assert (begun, refused(lambda: Production.open(tmp_path / "two"))) == (False, "index.not_ours")
    assert kinds(tmp_path / "one") == ["production.opened/1"]
