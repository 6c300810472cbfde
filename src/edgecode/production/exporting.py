"""What a production knows, in forms of others: PROV-JSON about a cut or version, Parquet for questions across shows."""

from pathlib import Path

from edgecode.answers.exports.columns import TABLES
from edgecode.answers.exports.prov import prov_of_cut, prov_of_versions
from edgecode.answers.exports.tables import exported
from edgecode.drivers.parquet import ParquetTable, write_parquet
from edgecode.errors import NotFoundError
from edgecode.production.corridor import Production


def prov(production: Production, what: str, *, people: bool = False) -> bytes:
    """The document about a cut (by name or id), else about every version that *what* names, and everything behind it.

    Raises NotFoundError ``version.unknown``, InputError ``cut.ambiguous``.
    """
    point = production.ledger_point()
    try:
        cut = production.cut(what)
    except NotFoundError:
        return prov_of_versions(production.index, production.targets(what), ledger=point, people=people)
    return prov_of_cut(production.index, production.view(cut), ledger=point, people=people)


def parquet(production: Production, folder: Path) -> dict[str, int]:
    """Write every table below *folder*; how many rows each has. Raises as `write_parquet` does."""
    tables = [ParquetTable(one.name, tuple((c.name, c.kind, c.says) for c in one.columns)) for one in TABLES]
    cuts = [cut for cut in production.cuts() if not cut.superseded]
    rows = exported(production.index, cuts, production.views())
    return write_parquet(folder, tables, rows, production=production.settings.production)
