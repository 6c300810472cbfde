"""One connection to a PostgreSQL that may be trusted with what is acknowledged: opened, judged, opened again when it was lost.

No message holds what the server or a URL says: either may quote rows and passwords.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from edgecode.drivers.patience import TURN_MILLISECONDS
from edgecode.drivers.sqlite import queries
from edgecode.errors import EdgecodeError, RefusedError, UnavailableError

try:
    import psycopg as psycopg  # the stores take it from here, so that all of them say what is missing
    from psycopg import sql
except ImportError as error:
    raise UnavailableError(
        "extra.missing",
        "a store is in PostgreSQL, and psycopg is not installed",
        "Run: pip install 'edgecode[postgres]'",
    ) from error

# psycopg warns of connections that go while it ends a pipeline, in the server's words; where nobody configured logging they would
# be printed to stderr. What matters of them is raised.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

OLDEST_SERVER = 140_000
"""PostgreSQL 14.0: the oldest release that its makers still mended when this was written."""
SCHEMA_PARAMETER = "edgecode_schema"
"""The parameter of a URL that names another schema: two productions in one database need two."""

T = TypeVar("T")
Value = str | int | bytes
Parameter = Value | Sequence[Value]
Cursor = psycopg.Cursor[tuple[Any, ...]]
_SQL = queries("session.postgres")
BEGIN, COMMIT = _SQL["begin"], "commit"
"""Begins a transaction that writes, in which each statement sees what is committed before it."""


class Session:
    """A connection of one store, for one thread at a time."""

    def __init__(
        self, url: str, named: Mapping[str, str], *, schema: str, read_only: bool, prepares_itself: bool = False
    ) -> None:
        """*named*: the store's queries, of which ``exists``, ``schema`` and ``settle`` are used here. Lays out nothing; see `lay_out`.

        *prepares_itself*: the store has prepared statements of its own; psycopg, which forgets all of a connection when it rolls back
        and had prepared any, then prepares none.
        Raises what `open` raises.
        """
        self._address, self.schema = address_of(url, schema)
        self._named, self._read_only, self._prepares_itself = named, read_only, prepares_itself
        self.holds_lock = False
        """Set while the session holds a lock that goes with its connection."""
        self.hear: Callable[[psycopg.Connection[tuple[Any, ...]]], None] = lambda connection: None
        """What is done before every use of the connection: hearing the answer to what was sent on it without waiting."""
        self._warned = self._inside = False
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self.open()

    def open(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The connection; a new one when the last was lost, and everything that it will show is then settled first.

        Raises UnavailableError ``postgres.unreachable``, RefusedError ``postgres.unsafe``, ``postgres.standby``, ``postgres.too_old``.
        """
        if self._connection is None or self._connection.closed:
            if self._inside:
                # What follows belongs to a transaction that is gone; outside it, it would be committed alone.
                raise unreachable(psycopg.OperationalError())
            self._connection = None
            connection = self._connected()
            try:
                connection.execute(_SQL["own_ways"])
                refuse_unsafe(connection)
                self._prepare(connection)
            except psycopg.Error as error:
                connection.close()
                raise unreachable(error) from without_words(error)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        self.hear(self._connection)
        return self._connection

    def close(self) -> None:
        """Let go of the connection; an open transaction is rolled back."""
        if self._connection is not None:
            self._connection.close()

    def lay_out(self) -> None:
        """Make the schema and the tables unless they are there. Durable."""
        connection = self.open()
        if self.exists():
            return
        with connection.transaction():
            connection.execute(_SQL["one_at_a_time"])
            if not connection.execute(_SQL["has_schema"], (_quoted(self.schema),)).fetchall()[0][0]:
                connection.execute(sql.SQL("create schema {}").format(sql.Identifier(self.schema)))
            if not self.exists():
                connection.execute(self._named["schema"].encode())

    def exists(self) -> bool:
        """Whether the tables are there."""
        return bool(self.open().execute(self._named["exists"]).fetchall()[0][0])

    def run(self, query: str, *values: Parameter) -> Cursor:
        """Run a named query on the connection, in the transaction that is open."""
        return self.open().execute(self._named[query].encode(), values or None, binary=True)

    def rows(self, query: str, *values: Parameter) -> list[tuple[Any, ...]]:
        """Every row that a named query answers; one that reads is asked again where the connection was lost before."""
        return self._again_if_lost(lambda: self.run(query, *values).fetchall())

    def run_many(self, query: str, rows: Iterable[Sequence[Parameter]]) -> None:
        """Run a named query for each of *rows*, sent together."""
        with self.open().cursor() as cursor:
            cursor.executemany(self._named[query].encode(), rows)

    def copy(self, query: str, types: Sequence[str], rows: Iterable[Sequence[Parameter]]) -> None:
        """Send *rows* by a named COPY in binary form."""
        with self.open().cursor() as cursor, cursor.copy(self._named[query].rstrip(";").encode()) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def listen(self, *, on: bool) -> None:
        """Begin or end being woken by notices on the channel that has the schema's name."""
        query = self._named["listen" if on else "unlisten"]
        self.open().execute(query.replace("{channel}", _quoted(self.schema)).encode())

    # ------------------------------------------------------------------------------------------ transactions

    def begin(self) -> None:
        """Begin a transaction that writes."""
        self.begin_by(lambda connection: connection.execute(BEGIN))

    def begin_by(self, ask: Callable[[psycopg.Connection[tuple[Any, ...]]], T]) -> T:
        """Begin a transaction that writes: *ask* sends `BEGIN`, and may send more; asked again where the connection was lost before."""
        self._warned = False
        answer = self._again_if_lost(lambda: ask(self.open()))
        self._inside = True
        return answer

    def begin_reading(self) -> None:
        """Begin a transaction whose statements all see one state; end it with `roll_back`."""
        self._again_if_lost(lambda: self.open().execute(_SQL["begin_reading"]))
        self._inside = True

    def roll_back(self) -> None:
        """End the transaction, if there is one; a connection that cannot is closed, which ends it too."""
        self._inside = False
        connection = self._connection
        if connection is None or connection.closed:
            return
        try:
            connection.rollback()
        except psycopg.Error:
            connection.close()

    def judge_commit(
        self, said: str | None, *, unknown: Callable[[str], EdgecodeError], failed: Callable[[Exception], EdgecodeError]
    ) -> None:
        """Raise *unknown* when nobody can tell whether the commit is as durable as promised, *failed* when it did not happen.

        *said*: the server's word for it.
        A wait for a standby that was called off ends with a warning and a commit that a failover would lose: that is unknown.
        """
        self._inside = False
        if self._warned:
            # The next connection settles it: see `open`.
            self.close()
            raise unknown("the standby did not confirm it")
        if said != "COMMIT":
            raise failed(psycopg.OperationalError())

    def commit(self, *, unknown: Callable[[str], EdgecodeError], failed: Callable[[Exception], EdgecodeError]) -> None:
        """Commit, and raise as `judge_commit` does."""
        try:
            said = self.open().execute(COMMIT).statusmessage
        except psycopg.Error as error:
            if self.lost():
                self._inside = False
                raise unknown(type(error).__name__) from without_words(error)
            self.roll_back()
            raise failed(error) from without_words(error)
        self.judge_commit(said, unknown=unknown, failed=failed)

    def lost(self) -> bool:
        """Whether the connection is gone."""
        return self._connection is None or bool(self._connection.closed)

    @contextmanager
    def impatient(self, *, milliseconds: int) -> Iterator[None]:
        """Within it, waiting for others' locks ends with psycopg's LockNotAvailable after *milliseconds*."""
        self.open().execute(_SQL["patience"], (str(milliseconds),))
        try:
            yield
        finally:
            if not self.lost():
                self.open().execute(_SQL["patience"], (str(TURN_MILLISECONDS),))

    # ------------------------------------------------------------------------------------------ how it is done

    def _again_if_lost(self, ask: Callable[[], T]) -> T:
        # A connection that was cut while nobody used it says so on the next use only. Within a transaction, or where the
        # session holds a lock, a new connection would not be the same.
        try:
            return ask()
        except psycopg.Error:
            if self._inside or self.holds_lock or not self.lost():
                raise
        return ask()

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        try:
            threshold = None if self._prepares_itself else 5
            return psycopg.connect(self._address, autocommit=True, client_encoding="UTF8", prepare_threshold=threshold)
        except (psycopg.Error, UnicodeError) as error:
            raise unreachable(error) from without_words(error)

    def _prepare(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        connection.add_notice_handler(self._notice)
        connection.execute(_SQL["pin"])
        connection.execute(_SQL["search"], (_quoted(self.schema),))
        connection.execute(_SQL["patience"], (str(TURN_MILLISECONDS),))
        if not connection.execute(self._named["exists"]).fetchall()[0][0]:
            return
        if connection.execute(_SQL["has_schema"], (_quoted(self.schema),)).fetchall()[0][0]:
            refuse_unlogged(connection)
        if self._read_only:
            return
        # What was committed before a crash of the server or of a standby can be seen here before it is as durable as it should be.
        self._warned = False
        connection.execute(BEGIN)
        connection.execute(self._named["settle"])
        connection.execute(COMMIT)
        if self._warned:
            raise unreachable(psycopg.OperationalError())

    def _notice(self, notice: psycopg.errors.Diagnostic) -> None:
        self._warned = self._warned or notice.severity_nonlocalized == "WARNING"


def address_of(url: str, schema: str) -> tuple[str, str]:
    """A URL as libpq takes it, and the schema that its parameter ``edgecode_schema`` names, else *schema*."""
    parts = urlsplit(url)
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    rest = urlencode([pair for pair in parameters if pair[0] != SCHEMA_PARAMETER])
    return urlunsplit(parts._replace(query=rest)), dict(parameters).get(SCHEMA_PARAMETER) or schema


def refuse_unsafe(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Raises RefusedError for a server that is too old, a standby, or one whose settings could lose what was acknowledged."""
    fsync, full_pages, retry, commit, standbys = _settings_that_fit(connection)
    unsafe = {
        "fsync = off": fsync != "on",
        "full_page_writes = off": full_pages != "on",
        "data_sync_retry = on": retry == "on",
        "synchronous_commit = off": commit == "off",
        f"synchronous_commit = {commit} beside synchronous_standby_names": bool(standbys)
        and commit in ("local", "remote_write"),
    }
    for setting, found in unsafe.items():
        if found:
            raise unsafe_setting(setting)


def refuse_unfit(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """The same for what may be lost but not be wrong, as an index: its commits need not last, its pages must not be torn in silence."""
    fsync, full_pages, *_ = _settings_that_fit(connection)
    for setting, value in (("fsync", fsync), ("full_page_writes", full_pages)):
        if value != "on":
            raise RefusedError(
                "postgres.unsafe",
                f"PostgreSQL runs with {setting} = off, so a crash could damage the index without anybody seeing it",
                "Set fsync and full_page_writes to on, and reload the server",
            )


def _settings_that_fit(connection: psycopg.Connection[tuple[Any, ...]]) -> Sequence[str]:
    """The settings that decide what a crash may lose, of a server that is otherwise one that can be used."""
    version, encoding, standby, *settings = connection.execute(_SQL["durability"]).fetchall()[0]
    if version < OLDEST_SERVER:
        raise RefusedError(
            "postgres.too_old", f"PostgreSQL {version // 10_000} is too old", f"Use {OLDEST_SERVER // 10_000} or later"
        )
    if standby:
        raise RefusedError(
            "postgres.standby",
            "this PostgreSQL is a standby, which may lag behind what was acknowledged",
            "Give the URL of the primary",
        )
    if encoding != "UTF8":
        raise RefusedError("postgres.encoding", f"the database is encoded in {encoding}", "Make one with encoding UTF8")
    return settings


def unsafe_setting(setting: str) -> RefusedError:
    """What is said of a setting under which an acknowledged event could be lost."""
    return RefusedError(
        "postgres.unsafe",
        f"PostgreSQL runs with {setting}, so an event that was acknowledged could be lost in a crash or a failover",
        "Set fsync, full_page_writes and synchronous_commit to on, data_sync_retry to off, and reload the server",
    )


def refuse_unlogged(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Raises RefusedError ``postgres.unsafe`` when a crash would empty a table."""
    if connection.execute(_SQL["unlogged"]).fetchall()[0][0]:
        raise unsafe_setting("a table of the record that is unlogged")


def unreachable(error: Exception) -> UnavailableError:
    """What is said when there is no connection, or none that answers."""
    what, todo = _kind_of_failure(error)
    return UnavailableError("postgres.unreachable", f"PostgreSQL cannot be used: {what}", todo)


def _kind_of_failure(error: Exception) -> tuple[str, str]:
    """What kept us away in our words, and what to do: what the server says may quote anything, so it only tells the kinds apart."""
    said = str(error)
    if "password" in said or "authentication" in said or "pg_hba" in said or ("role" in said and "exist" in said):
        return (
            "it refused the login",
            "Check the user of the URL and the password (PGPASSWORD, ~/.pgpass); make the role if there is none",
        )
    if "database" in said and "does not exist" in said:
        return "the database of the URL is not there", "Make it: createdb NAME, or mend the URL in edgecode.toml"
    if isinstance(error, psycopg.OperationalError) and ("connect" in said or "resolve" in said or "timeout" in said):
        return (
            "it cannot be reached",
            "See that the server is running and that host and port in edgecode.toml are right; try again",
        )
    return type(error).__name__, (
        "See that the server is running, that the URL in edgecode.toml is right and that its user may use the database; try again"
    )


def without_words(error: Exception) -> Exception:
    """*error* as the cause of another one, with nothing of what the server or a URL says: a traceback prints causes."""
    return type(error)() if isinstance(error, psycopg.Error) else ValueError()


def _quoted(schema: str) -> str:
    return '"' + schema.replace('"', '""') + '"'
