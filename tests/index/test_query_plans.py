"""Plans are part of the contract: no named query reads a whole table, builds an index for itself or a Bloom filter over a table."""

import re
from pathlib import Path

import pytest

from edgecode.drivers.sqlite import queries
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.index.dump import TABLES
from index.cut_of import add_cut, clip
from index.random_show import random_show
from index.small_show import index_of

# The recursion's own queue (c) and lists of ids (j) may be scanned, and the R*Tree says SCAN when it searches.
SEARCHES = re.compile(r"SCAN (c|j|json_each|CONSTANT ROW|a VIRTUAL TABLE INDEX 2:.+)\b")
BAD = re.compile(r"BLOOM FILTER ON|AUTOMATIC|^SCAN ")
ANSWERS_EVERYTHING = {
    "production",
    "root_names",
    "unread",
    "problems",
    "cut_listing",
    "answer_listing",
    "persons",
    "identities_noted",
    "erased_counts",
    "holds",
    "approvers",
    "erasures",
    "unsettled_erasures",
    "declared",
    "depictions_unread",
    "person_fields",
    "rights",
    "right_bodies",
    *(f"dump_{table}" for table in TABLES),
}
NOT_ASKED = {"tables", "schema", "schema_of_extents", "settle"}
NAMES = sorted(set(queries("index")) - NOT_ASKED - ANSWERS_EVERYTHING)


@pytest.fixture(scope="module", params=[150, 3_000])
def store(request: pytest.FixtureRequest) -> SqliteIndex:
    show = random_show(request.param, 3)
    for number in range(request.param // 50):
        add_cut(show, *(clip(f"v{i}.mov") for i in range(20)), name=f"Cut {number}")
    store = index_of(show.events)
    store.settle()
    return store


@pytest.mark.parametrize("name", NAMES)
def test_a_query_only_searches(store: SqliteIndex, name: str) -> None:
    sql = queries("index")[name]
    values = ["[1,2,3]" if "json_each(?1)" in sql else 1] + [1] * (len(set(re.findall(r"\?(\d+)", sql))) - 1)
    rows = store._connection.execute(
        f"explain query plan {sql}", values[: len(set(re.findall(r"\?(\d+)", sql)))]
    ).fetchall()
    plan = [str(row[3]) for row in rows]

    assert [line for line in plan if BAD.search(line) and not SEARCHES.match(line)] == []


def test_every_query_is_asked_by_somebody() -> None:
    package = Path(__file__).resolve().parents[2] / "src" / "edgecode"
    code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    unasked = [name for name in queries("index") if f'"{name}"' not in code and not name.startswith("dump_")]

    assert unasked == []


def test_every_table_is_dumped_or_said_not_to_be() -> None:
    store = SqliteIndex(":memory:")
    tables = {row[0] for row in store.rows("tables")}
    # Marks and kin follow from the digests of sequences, recipes are dumped with their steps, R*Tree rows with their ranges.
    derived = {"frame_mark", "sequence_kin", "recipe", "cut_range_at"}
    names = {"index_state": "state", "content_alias": "alias", "sequence_frames": "frames", "cut_range": "range"}
    names |= {"conform_decision": "decision", "step_input": "input"}

    assert {names.get(str(table), str(table)) for table in tables - derived} == set(TABLES)
