"""The page on exports runs on the demo as it stands, and the page of tables says what is exported."""

import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
from pyarrow import parquet as pq

from doc_pages import ROOT, examples
from edgecode.index.catalogue import version_rows
from edgecode.index.persons import persons
from edgecode.production import Production
from running import run_command

PAGE = ROOT / "docs/how-to/ask-across-shows.md"


def test_the_tables_on_the_page_are_those_that_are_exported() -> None:
    done = subprocess.run([sys.executable, "dev/exports.py", "--check"], cwd=ROOT, check=False)

    assert done.returncode == 0


def test_the_page_works_on_the_demo_as_it_stands(demo: Path) -> None:
    lines = [line for text in examples(PAGE) for line in text.splitlines() if line.startswith("edgecode")]
    done = [run_command(*line.split()[1:], cwd=demo) for line in lines]
    (question,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    printed, written = done[1].out, (demo / "cut14.prov.json").read_text("utf-8")
    answer = duckdb.connect().execute(
        question.replace("exports/", f"{demo}/exports/").replace("'lora'", "'checkpoint'")
    )

    assert [one.status for one in done] == [0, 0, 0], done
    assert json.loads(printed)["entity"].keys() & json.loads(written)["entity"].keys()
    assert answer.fetchall()


def test_nobodys_name_and_no_path_leaves_the_production_and_people_only_as_numbers(demo: Path) -> None:
    with Production.open(demo) as production:
        views = production.views()
        rows = version_rows(production.index, range(1, 200)).values()
        words = {clip.name for view in views for clip in view.clips} | {row.name for row in rows}
        words |= {place.text for row in rows for place in row.places} | {view.name for view in views}
        words |= {one.alias for one in persons(production.index) if one.alias}
    plain = run_command("export", "prov", "cut13", cwd=demo).out
    people = run_command("export", "prov", "cut13", "--people", cwd=demo).out
    run_command("export", "parquet", "--to", "out", cwd=demo)
    tables = "".join(str(pq.read_table(path).to_pylist()) for path in sorted((demo / "out").rglob("*.parquet")))
    sealed = {word for word in words if len(word) > 3}
    agents = [one["prov:type"]["$"] for one in json.loads(people)["agent"].values()]

    assert len(sealed) > 40
    assert [word for word in sealed if word in plain or word in people or word in tables] == []
    assert ("prov:Person" in plain, agents.count("prov:Person") > 0) == (False, True)


def test_a_document_is_not_written_over_one_that_is_there(demo: Path) -> None:
    (demo / "a.json").write_text("mine", "utf-8")
    refused = run_command("export", "prov", "cut14", "--to", "a.json", cwd=demo)
    replaced = run_command("export", "prov", "cut14", "--to", "a.json", "--replace", cwd=demo)

    assert (refused.status, "export.exists" in refused.err, replaced.status) == (11, True, 0)
    assert json.loads((demo / "a.json").read_text("utf-8"))["prefix"]
