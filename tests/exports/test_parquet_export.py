"""Parquet: a question over the exported tables has the answer that `where-used` gives, for shows at random and for several at once."""

from pathlib import Path

import duckdb
import pytest
from pyarrow import parquet as pq

from answers.recorded_film import POINT, ROOTS, last_verse
from edgecode.answers.coverage.answer import coverage_of
from edgecode.answers.cuts.loading import load_cuts
from edgecode.answers.exports.columns import TABLES
from edgecode.answers.exports.tables import exported
from edgecode.answers.matchback.where_used import uses
from edgecode.drivers.parquet import ParquetTable, write_parquet
from edgecode.errors import UnavailableError
from edgecode.index.catalogue import version_rows
from edgecode.index.cuts import cuts
from edgecode.index.keys import key_of
from edgecode.index.lineage import impact
from edgecode.index.store import IndexStore
from index.cut_of import add_cut, clip
from index.random_show import random_show
from index.small_show import index_of

WRITTEN = [ParquetTable(one.name, tuple((c.name, c.kind, c.says) for c in one.columns)) for one in TABLES]
REACHED = """
with recursive reached(version) as (
  select ?
  union
  select d.to_version from reached r join read_parquet('{folder}/derivation/*/*.parquet') d on d.from_version = r.version)
"""
WHERE_USED = (
    REACHED
    + """
select distinct u.cut_id, u.clip_id, u.medium, u.first, u."end" from reached r
join read_parquet('{folder}/use/*/*.parquet') u on u.version_id = r.version order by all"""
)


def written(store: IndexStore, folder: Path, *, production: str, roots: dict[str, list[str]]) -> dict[str, int]:
    standing = [cut for cut in cuts(store) if not cut.superseded]
    rows = exported(store, standing, load_cuts(store, roots=roots))
    return write_parquet(folder, WRITTEN, rows, production=production)


def asked(folder: Path, question: str, *values: str) -> list[tuple[object, ...]]:
    return duckdb.connect().execute(question.format(folder=folder), list(values)).fetchall()


def ours(store: IndexStore, version: int, roots: dict[str, list[str]]) -> list[tuple[object, ...]]:
    found = uses(store, load_cuts(store, roots=roots), {version: None})
    return sorted((one.view.cut, one.view.keys[one.clip], one.medium, one.first, one.end) for one in found)


@pytest.mark.parametrize("seed", range(4))
def test_a_recursive_question_over_the_tables_answers_as_the_index_does(tmp_path: Path, seed: int) -> None:
    show = random_show(120, seed)
    for number in range(2):
        add_cut(show, *(clip(f"v{i}.mov") for i in range(number, 40, 3)), name=f"Cut {number}")
    store = index_of(show.events)
    written(store, tmp_path, production="p-1", roots={})
    every = [int(str(row[0])) for row in store.rows("all_versions", 0, 10_000)]
    keys = {one: row.key for one, row in version_rows(store, every).items()}

    for version in every[:: max(1, len(every) // 60)]:
        reached = {row[0] for row in asked(tmp_path, f"{REACHED} select version from reached", keys[version])}
        assert reached - {keys[version]} == {keys[one] for one in impact(store, version)}
        assert asked(tmp_path, WHERE_USED, keys[version]) == ours(store, version, {})


def test_the_film_answers_alike_and_its_coverage_sums_to_its_length(tmp_path: Path) -> None:
    film = last_verse()
    store = film.index()
    counts = written(store, tmp_path, production="p-1", roots=ROOTS)
    ((sky,),) = store.rows("version_id", key_of(film.id("gen/sky.*.png")))
    answer = asked(tmp_path, WHERE_USED, film.id("gen/sky.*.png"))
    by_origin = asked(
        tmp_path,
        """select origin, sum("end" - first) from read_parquet('{folder}/coverage/*/*.parquet')
        where medium = 'picture' group by all order by all""",
    )

    assert answer == ours(store, int(str(sky)), ROOTS) != []
    said = coverage_of(load_cuts(store, roots=ROOTS)[0], production="", ledger=POINT).by_origin
    assert dict(by_origin) == {letter: frames for letter, frames in said.items() if frames}
    assert (counts["cut"], counts["use"]) == (1, 4)


def test_two_productions_in_one_folder_are_asked_together_and_apart(tmp_path: Path) -> None:
    for production in ("p-1", "p-2"):
        written(last_verse().index(), tmp_path, production=production, roots=ROOTS)
    versions = asked(
        tmp_path,
        """select production, count(*) from read_parquet('{folder}/version/*/*.parquet', hive_partitioning = true)
        group by all order by all""",
    )

    assert versions == [("p-1", versions[0][1]), ("p-2", versions[0][1])]


def test_an_export_again_replaces_what_was_there_and_leaves_no_other_file(tmp_path: Path) -> None:
    store = last_verse().index()
    written(store, tmp_path, production="p-1", roots=ROOTS)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    written(store, tmp_path, production="p-1", roots=ROOTS)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert {path.name for path in before} == {"part.parquet"}


def test_the_columns_are_those_of_the_page_compressed_and_without_anybodys_words(tmp_path: Path) -> None:
    written(last_verse().index(), tmp_path, production="p-1", roots=ROOTS)
    for table in TABLES:
        (path,) = (tmp_path / table.name).rglob("*.parquet")
        file = pq.ParquetFile(path)
        groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
        codecs = {group.column(number).compression for group in groups for number in range(len(table.columns))}

        assert [field.name for field in file.schema_arrow] == [column.name for column in table.columns]
        assert codecs <= {"ZSTD"}
        text = str(file.read().to_pylist())
        assert [
            word for word in ("A045C012", "garden", "sh0420", "insert7", "Cut 13", "wan2.2", "/mnt") if word in text
        ] == []


def test_a_table_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    store = last_verse().index()
    written(store, tmp_path, production="p-1", roots=ROOTS)
    before = (tmp_path / "version/production=p-1/part.parquet").read_bytes()

    def fails() -> object:
        yield "version", []
        raise KeyError("the index went away")

    with pytest.raises(KeyError):
        write_parquet(tmp_path, WRITTEN, fails(), production="p-1")  # type: ignore[arg-type]
    assert (tmp_path / "version/production=p-1/part.parquet").read_bytes() == before
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"part.parquet"}


@pytest.mark.parametrize("where", ["out", "out/version", "out/version/production=p1"])
def test_a_place_that_leads_through_a_file_is_refused_and_nothing_of_it_stays(tmp_path: Path, where: str) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("of somebody else")
    tables = [
        ParquetTable("cut", (("name", "text", "a name"),)),
        ParquetTable("version", (("name", "text", "a name"),)),
    ]
    with pytest.raises(UnavailableError) as refused:
        write_parquet(tmp_path / "out", tables, [("cut", [("c",)])], production="p1")

    assert (refused.value.code, file.read_text()) == ("export.unwritable", "of somebody else")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
