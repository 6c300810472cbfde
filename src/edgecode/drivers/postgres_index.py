"""The index in PostgreSQL, in a schema of its own: named queries, and tables of another release's shape started over."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import cast
from zlib import crc32

import psycopg
from psycopg import IsolationLevel, RawCursor, sql
from psycopg.errors import DataCorrupted, IndexCorrupted
from psycopg.rows import TupleRow
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import BytesBinaryDumper, StrBinaryDumper

from edgecode import __version__
from edgecode.drivers.postgres import SCHEMA_PARAMETER, address_of, refuse_unfit, unreachable, without_words
from edgecode.drivers.postgres_words import block, queries_for_postgres, statements, tables
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import RefusedError, UnavailableError
from edgecode.index.store import Row, Value

SCHEMA = "edgecode_index"

_TEXTS = queries_for_postgres("index")
_SQL = {name: text.encode() for name, text in _TEXTS.items()}
_LAYING = block(
    [*statements(_TEXTS["before_schema"]), *tables(_TEXTS["schema"]), *statements(_TEXTS["schema_of_extents"])]
).encode()
SCHEMA_NUMBER = crc32(__version__.encode() + b"\n" + _LAYING)
"""The release and the shape of the tables, as in `sqlite_index`."""

REMAINS = (
    "PostgreSQL's write-ahead log may hold what stood in the index until its segments are recycled, and its archive until it is deleted",
    "standbys, base backups and dumps of the database of the index hold what stood in it until they are renewed or deleted",
)
_CALLED_THERE = {("cut_range_at", "cut_id"): "cut_low"}
"""Columns that SQLite's tables have under another name."""
_WORTH_A_LOOK = 1_000
"""Rows written since the data was looked at last; fewer are left to the server."""

_NUL, _MARK = "\0", "\ufdd0"


class PostgresIndex:
    """Implements `index.store.IndexStore` on one schema of a PostgreSQL database."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Open the schema, or make it. Tables of another release are replaced by empty ones, which the ledger fills again. *read_only*:
        nothing is made, replaced or written.

        Raises UnavailableError ``postgres.unreachable`` and ``index.storage_failed``, RefusedError ``index.not_ours``, ``postgres.unsafe``,
        ``postgres.standby``, ``postgres.too_old`` and ``postgres.encoding``.
        """
        self._read_only, self._inside, self._written = read_only, False, 0
        self._address, self._schema = address_of(url, SCHEMA)
        self._connection = self._connected()
        try:
            self._open()
        except BaseException:
            self._connection.close()
            raise

    def _open(self) -> None:
        self.is_of_this_release = self._made_by() == SCHEMA_NUMBER
        if self._read_only or self.is_of_this_release:
            return
        with self.transaction():
            # Another process may have laid the tables while this one waited for its turn.
            if self._made_by() != SCHEMA_NUMBER:
                self.reset()
        self.is_of_this_release = True

    def _connected(self) -> psycopg.Connection[TupleRow]:
        try:
            return _connected(self._address, self._schema, read_only=self._read_only)
        except (psycopg.Error, UnicodeError) as error:
            raise unreachable(error) from without_words(error)

    def _made_by(self) -> Value:
        """The number that the tables bear; None where there is no index."""
        return self.rows("release")[0][0] if self.rows("is_laid") else None

    def rows(self, query: str, *values: Value) -> list[Row]:
        """See IndexStore."""
        with self._said():
            found = self._connection.execute(_SQL[query], _to_write(values), prepare=True, binary=True).fetchall()
        return [_as_read(row) for row in found]

    def each(self, query: str, *values: Value) -> Iterator[Row]:
        """See IndexStore."""
        with self._said(), psycopg.RawServerCursor(self._connection, "each_row") as cursor:
            for row in cursor.execute(_SQL[query], _to_write(values), binary=True):
                yield _as_read(row)

    def run(self, query: str, *values: Value) -> None:
        """See IndexStore."""
        self._written += 1
        with self._said():
            self._connection.execute(_SQL[query], _to_write(values), prepare=True)

    def run_many(self, query: str, rows: Iterable[Row]) -> None:
        """See IndexStore."""
        values = [_to_write(row) for row in rows]
        self._written += len(values)
        with self._said(), self._connection.cursor() as cursor:
            cursor.executemany(_SQL[query], values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See IndexStore. What answers nothing is sent without waiting for an answer."""
        if self._inside:
            with self._said(), self._connection.transaction():
                yield
            return
        with self._said():
            self._inside = True
            try:
                with self._connection.transaction():
                    if self._read_only:
                        yield  # a cursor on the server, which `each` reads from, has no place in a pipeline
                        return
                    with self._connection.pipeline():
                        self._connection.execute(_SQL["writer"])
                        yield
            finally:
                self._inside = False

    @contextmanager
    def remade(self) -> Iterator[SqliteIndex]:
        """See FarIndexStore."""
        with self._said(), closing(SqliteIndex("")) as near:
            self._inside = True
            try:
                # Without the pipeline of `transaction`: COPY has no place in one.
                with self._connection.transaction():
                    self._connection.execute(_SQL["writer"])
                    yield near
                    if near.rows("watermark")[0][0]:
                        self._take_over(near)
            finally:
                self._inside = False

    def _take_over(self, near: SqliteIndex) -> None:
        """Lay the tables anew and copy every row of *near* into them, with its dense ids; the next ones go on behind them."""
        self.reset()
        self.run("clear_state")
        columns: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in self.rows("columns"):
            columns.setdefault(str(table), []).append((str(column), str(kind)))
        for table, described in columns.items():
            names = [name for name, _ in described]
            there = [_CALLED_THERE.get((table, name), name) for name in names]
            with self._connection.cursor() as cursor, cursor.copy(_copying(table, names)) as copy:
                copy.set_types([kind for _, kind in described])
                for row in near.everything_in(table, there):
                    copy.write_row(_to_write(row))
                    self._written += 1
        self._connection.execute(_SQL["go_on_counting"], prepare=False)

    def reset(self) -> None:
        """See IndexStore. Raises RefusedError ``index.not_ours`` when the schema holds other tables."""
        with self.transaction():
            if not self.rows("is_laid") and self.rows("tables"):
                raise RefusedError(
                    "index.not_ours",
                    f"the schema {self._schema} of the database of the index holds other tables",
                    f'Name another: store.index = "postgresql://…?{SCHEMA_PARAMETER}=NAME"',
                )
            for statement in (_SQL["make_schema"], _SQL["drop_tables"], _LAYING):
                self._connection.execute(statement, prepare=False)
            self.run("set_release", SCHEMA_NUMBER)

    def forget_forever(self) -> None:
        """See IndexStore. Tables that are dropped leave the server's data folder; what else it keeps is in `remains`."""
        self.reset()

    def remains(self) -> list[str]:
        """See IndexStore."""
        return list(REMAINS)

    def settle(self) -> None:
        """Let the server look at the data once much was written, so that plans stay right."""
        if self._written >= _WORTH_A_LOOK:
            with self.transaction():
                self._connection.execute(_SQL["settle"], prepare=False)
            self._written = 0

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            with _said():
                if self._connection.closed and not self._inside:
                    self._connection = self._connected()
                yield
        except UnavailableError as error:
            if isinstance(error.__cause__, _DAMAGE) and not self._read_only and not self._inside:
                self.reset()
            raise


def _connected(address: str, schema: str, *, read_only: bool) -> psycopg.Connection[TupleRow]:
    connection = psycopg.connect(
        address, autocommit=True, cursor_factory=RawCursor, prepare_threshold=0, client_encoding="UTF8"
    )
    try:
        _settle_session(connection, schema, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def _settle_session(connection: psycopg.Connection[TupleRow], schema: str, *, read_only: bool) -> None:
    connection.prepared_max = None
    for kind, dumper in ((int, Int8BinaryDumper), (str, StrBinaryDumper), (bytes, BytesBinaryDumper)):
        connection.adapters.register_dumper(kind, dumper)
    connection.execute(_SQL["session"], prepare=False)
    refuse_unfit(connection)
    connection.execute(_SQL["search"], (f'"{schema.replace(chr(34), chr(34) * 2)}"',))
    if read_only:
        connection.execute(_SQL["read_only"])
    # One state of the index for all that is read in a transaction, as SQLite has it; whoever writes sees what was there when its turn came.
    connection.isolation_level = IsolationLevel.REPEATABLE_READ if read_only else IsolationLevel.READ_COMMITTED
    connection.read_only, connection.deferrable = read_only, False


def _copying(table: str, columns: Sequence[str]) -> sql.Composed:
    named = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("copy {} ({}) from stdin (format binary)").format(sql.Identifier(table), named)


def _to_write(values: Row) -> Row:
    """Texts as PostgreSQL can hold them: NUL, which names from foreign files may have, stands as a sign that no text has."""
    return tuple([_marked(value) if type(value) is str else value for value in values])


def _marked(text: str) -> str:
    if _NUL in text or _MARK in text:
        return text.replace(_MARK, f"{_MARK}1").replace(_NUL, f"{_MARK}0")
    return text


def _as_read(row: TupleRow) -> Row:
    if any(type(value) is str and _MARK in value for value in row):
        return tuple(_plain(value) if isinstance(value, str) else value for value in row)
    return cast("Row", row)


def _plain(text: str) -> str:
    return text.replace(f"{_MARK}0", _NUL).replace(f"{_MARK}1", _MARK)


_DAMAGE = (DataCorrupted, IndexCorrupted)


@contextmanager
def _said() -> Iterator[None]:
    """The sentences that people see; they hold nothing of what the server says, which may quote rows and passwords."""
    try:
        yield
    except _DAMAGE as error:
        raise UnavailableError(
            "index.damaged",
            "the index is damaged and was thrown away; nothing of the record is lost",
            "Run the command again: the index is made again from the record",
        ) from without_words(error)
    except psycopg.Error as error:
        raise UnavailableError(
            "index.storage_failed",
            f"the index cannot be used: {type(error).__name__}",
            "See that the server of store.index is there and has room, and try again; the index is made again from the record",
        ) from without_words(error)
