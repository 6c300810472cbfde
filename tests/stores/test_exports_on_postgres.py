"""What is exported from an index on PostgreSQL is what is exported from the one on SQLite."""

from answers.recorded_film import POINT
from edgecode.answers.cuts.loading import load_cuts
from edgecode.answers.exports.prov import prov_of_cut
from edgecode.answers.exports.tables import exported
from edgecode.drivers.postgres_index import PostgresIndex
from edgecode.index.cuts import cuts
from edgecode.index.projector import project
from edgecode.index.store import IndexStore
from index.cut_of import add_cut, clip
from index.random_show import random_show
from index.small_show import index_of, recorded
from postgres_server import PostgresServer


def rows(store: IndexStore) -> list[object]:
    return [(name, row) for name, page in exported(store, cuts(store), load_cuts(store, roots={})) for row in page]


def test_tables_and_documents_are_the_same_from_either_store(postgres: PostgresServer) -> None:
    show = random_show(150, 4)
    add_cut(show, *(clip(f"v{i}.mov") for i in range(30)), name="Cut 1")
    near, far = index_of(show.events), PostgresIndex(postgres.database())
    project(far, recorded(show.events), size=len(show.events), root=b"\x07" * 32)
    documents = [prov_of_cut(store, load_cuts(store, roots={})[0], ledger=POINT) for store in (near, far)]

    assert rows(near) == rows(far) != []
    assert documents[0] == documents[1]
    far.close()
