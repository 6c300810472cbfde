"""Erasing a person on PostgreSQL: by destroying keys, since a server keeps dead rows, and the certificate says what it may keep."""

from pathlib import Path

import msgspec
import pytest

from edgecode.answers.packs.erasure import certificate_text
from edgecode.index.persons import erasures, persons
from edgecode.ledger.packs import verify_pack
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Verdict
from edgecode.production import audit_of
from edgecode.production.erasing.certificates import certificate_pack
from edgecode.production.erasing.ordering import erase_person
from edgecode.production.persons.noting import place_hold
from postgres_server import PostgresServer
from production.erased_person import FEE, MAIL, NAME, PROMPT, Film, digest_of, holding, make_film


@pytest.fixture
def stores(postgres: PostgresServer) -> dict[str, str]:
    return {name: postgres.database() for name in ("ledger", "keys", "index")}


@pytest.fixture
def film(tmp_path: Path, stores: dict[str, str]) -> Film:
    return make_film(tmp_path / "film", stores=stores)


def everything_in(urls: dict[str, str]) -> str:
    """Every row that can still be selected from any table."""
    import psycopg

    found = []
    for url in urls.values():
        with psycopg.connect(url) as connection:
            tables = connection.execute(
                "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, table in tables:
                found += connection.execute(f'select t::text from "{schema}"."{table}" t').fetchall()
    return "\n".join(text for (text,) in found)


def test_an_erasure_destroys_keys_rows_and_index_and_says_what_the_server_may_keep(
    film: Film, stores: dict[str, str], postgres: PostgresServer
) -> None:
    with film.open() as production:
        (person,) = persons(production.index)
        key = production.keys.key(f"s:{person.ref}")
        assert key is not None
        before = everything_in(stores)
        coverage = production.coverage(production.view("reel1"))
        erase_person(production, film.order(production, also_text=[film.ids["step"]]))
        after = everything_in(stores)
        again = production.coverage(production.view("reel1"))
        data, given = certificate_pack(production, erasures(production.index)[0].erasure)

        assert msgspec.structs.replace(again, ledger=coverage.ledger) == coverage
        assert verify_pack(data, Policy.of_keys(production.log.key)).findings == ()
        assert given.complete
        stores_left = production.ledger, production.keys, production.index
        assert given.remains == tuple(dict.fromkeys(one for store in stores_left for one in store.remains()))
        assert [one for store in stores_left for one in store.remains()[:1] if one not in certificate_text(given)] == []
        assert all(store.remains() for store in stores_left)

    wanted = [person.ref, digest_of("voice"), key.hex()]
    assert [word in before for word in wanted] == [True, True, True]
    assert [word in after for word in wanted] == [False, False, False]
    # What the server keeps by itself is sealed: without the key it says nothing.
    assert [word for word in (NAME, MAIL, FEE, PROMPT) if postgres.files_with(word.encode())] == []
    assert holding(film.folder, *(word.encode() for word in (NAME, MAIL, FEE, PROMPT, person.ref))) == []


def test_an_erased_record_on_postgresql_verifies(film: Film) -> None:
    with film.open() as production:
        erase_person(production, film.order(production, also_text=[film.ids["step"]]))
    found, _ = audit_of(film.folder)

    assert (found.verdict, found.report.findings, found.sections["erased"]) == (Verdict.UNWITNESSED, (), 10)


def test_an_interrupted_erasure_on_postgresql_is_carried_on(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    with film.open() as production:
        order = film.order(production)
        place = type(production.ledger)
        monkeypatch.setattr(place, "erase_forever", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            erase_person(production, order)
        monkeypatch.undo()
    with film.open() as production:
        assert persons(production.index) == []
    assert audit_of(film.folder)[0].report.findings == ()


def test_a_limited_erasure_on_postgresql_keeps_what_is_held_under_another_key(film: Film) -> None:
    with film.open() as production:
        (person,) = persons(production.index)
        place_hold(production, film.alias, "dispute", ["agreement"])
        erase_person(production, film.order(production))

        assert production.keys.key(f"s:{person.ref}") is None
        assert [one.alias for one in persons(production.index)] == ["P-01"]
    assert audit_of(film.folder)[0].report.findings == ()
