"""Who is who: a table that says which person of the production a Kitsu's asset shows, and which member a Kitsu's user is. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from edgecode.ingest.desk_sheets import SheetProblem
from edgecode.ingest.doors import Table
from edgecode.ingest.tables.headings import Columns, one_list

MEANINGS: Mapping[str, Sequence[str]] = {
    "kitsu": ("kitsu id",),
    "name": ("asset name", "called"),
    "person": ("alias", "performer", "member"),
}
"""What its columns may be called. *kitsu*: the id of an asset or user there; *name*: for people; *person*: aliases here."""

INSTEAD: Mapping[str, Sequence[str]] = {"kitsu": ("asset", "asset id", "user", "id")}
"""What is read where nothing stands under these."""


class WhoIsWho(Struct, frozen=True):
    """*people*: Kitsu's id, or an asset's name, to aliases of this production. A row without an alias says nothing."""

    people: Mapping[str, tuple[str, ...]] = {}


def who_is_who(table: Table) -> tuple[WhoIsWho, list[SheetProblem]]:
    """The rows of a table, and what is wrong with it. A row without ``kitsu`` is meant by its name."""
    columns = Columns(table, MEANINGS, instead=INSTEAD, agree={"person": one_list})
    if not columns.has("person") or not columns.has("kitsu", "name"):
        return WhoIsWho(), [SheetProblem(1, "", "columns kitsu (or name) and person", "As in: kitsu,name,person")]
    found: dict[str, tuple[str, ...]] = {}
    problems: list[SheetProblem] = []
    for row in table.rows:
        wrong = columns.contradictions(row)
        problems += wrong
        if wrong:
            continue
        key = columns.value(row, "kitsu") or columns.value(row, "name")
        aliases = columns.several(row, "person")
        if aliases and not key:
            problems.append(columns.problem(row, "kitsu", "an id of Kitsu, or a name"))
        elif aliases:
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *aliases)))
    return WhoIsWho(found), problems
