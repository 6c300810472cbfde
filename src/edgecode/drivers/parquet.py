"""Writes tables as Parquet, a partition for each production: the one place that knows pyarrow (extra ``parquet``)."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from msgspec import Struct

from edgecode.errors import UnavailableError

FILE = "part.parquet"


class ParquetTable(Struct, frozen=True):
    """A table to be written. *columns*: names and kinds (``text``, ``int``, ``bool``), what each says beside it."""

    name: str
    columns: tuple[tuple[str, str, str], ...]


def write_parquet(
    folder: Path,
    tables: Sequence[ParquetTable],
    batches: Iterable[tuple[str, Sequence[Sequence[object]]]],
    *,
    production: str,
) -> dict[str, int]:
    """Write every table to ``FOLDER/TABLE/production=ID/part.parquet`` and return how many rows each has.

    What is there is replaced at the end, table by table, each whole or not at all. Raises UnavailableError ``extra.missing`` and
    ``export.unwritable``.
    """
    arrow, parquet = _library()
    counts = {table.name: 0 for table in tables}
    finals = {table.name: folder / table.name / f"production={production}" / FILE for table in tables}
    waiting = {name: path.with_name(f".{FILE}.{os.getpid()}.new") for name, path in finals.items()}
    try:
        with ExitStack() as stack:
            schemas = {table.name: _schema(arrow, table) for table in tables}
            writers = {}
            for name, path in waiting.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                writers[name] = stack.enter_context(parquet.ParquetWriter(path, schemas[name], compression="zstd"))
            for name, rows in batches:
                if rows:
                    counts[name] += len(rows)
                    writers[name].write_table(_arrow_table(arrow, schemas[name], rows))
        for name, path in finals.items():
            _flush(waiting[name])
            waiting[name].replace(path)
    except OSError as error:
        raise UnavailableError(
            "export.unwritable",
            f"{folder.name} cannot be written ({error.strerror or 'input/output error'})",
            "Give another folder: --to FOLDER",
        ) from error
    finally:
        for path in waiting.values():
            # Where a folder could not be made there is nothing to take away, and why was said.
            with suppress(OSError):
                path.unlink()
    return counts


def _schema(arrow: ModuleType, table: ParquetTable):  # type: ignore[no-untyped-def]  # a type of the library
    kinds: Mapping[str, object] = {"text": arrow.string(), "int": arrow.int64(), "bool": arrow.bool_()}
    return arrow.schema([arrow.field(name, kinds[kind], metadata={"says": says}) for name, kind, says in table.columns])


def _arrow_table(arrow: ModuleType, schema, rows: Sequence[Sequence[object]]):  # type: ignore[no-untyped-def]
    columns = zip(*rows, strict=True)
    arrays = [arrow.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return arrow.Table.from_arrays(arrays, schema=schema)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _library() -> tuple[ModuleType, ModuleType]:
    """The library; nothing of it leaves this module."""
    if find_spec("pyarrow") is None:
        raise UnavailableError(
            "extra.missing",
            "Parquet is written by a library that is not installed",
            "Install it: pip install 'edgecode[parquet]'",
        )
    import pyarrow
    from pyarrow import parquet

    return pyarrow, parquet
