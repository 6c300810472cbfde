"""What is declared somebody's own is the same in an index on PostgreSQL."""

from edgecode.drivers.postgres_index import PostgresIndex
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.index.catalogue import edge_code, resolve_edge_code, version_rows
from edgecode.index.dump import dump
from edgecode.index.projector import project
from edgecode.index.store import IndexStore
from edgecode.terms.identity import EdgeCode
from index.declared_show import declared_show, entries
from index.small_show import digest
from postgres_server import PostgresServer


def answered(store: IndexStore) -> list[object]:
    """Every version as answers see it, its code, and what the codes lead to, old ones too."""
    rows = version_rows(store, range(1, 10))
    codes = [code for row in rows.values() if (code := edge_code(store, row)) is not None]
    codes.append(EdgeCode.of_digest(digest(("scan.", 2)), origin="U"))
    return [
        rows,
        codes,
        *(resolve_edge_code(store, code, retired=retired) for code in codes for retired in (False, True)),
    ]


def test_declared_captures_have_the_same_codes_on_both_databases(postgres: PostgresServer) -> None:
    one, other = SqliteIndex(":memory:"), PostgresIndex(postgres.database())
    found = entries(declared_show().events)
    for store in (one, other):
        project(store, found, size=len(found), root=b"\x07" * 32)

    assert dump(other) == dump(one)
    assert answered(other) == answered(one)
    other.close()
