"""Statements that travel to PostgreSQL together and are answered together, straight over libpq.

psycopg's own pipeline costs about 40 µs of Python for a statement, which is more than the server takes for it, and an append holds the
log's lock meanwhile. What is sent here are named queries that were prepared once for a connection, with everything in binary form.
"""

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from edgecode.drivers.postgres import psycopg

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn, PGresult

Connection = psycopg.Connection[tuple[Any, ...]]
Statement = tuple[str, Sequence[bytes]]
"""The name of a query, and its parameters: `integer`, UTF-8 or bytes."""
_PARAMETER = re.compile("%[sb]")
_BINARY = psycopg.pq.Format.BINARY
_SYNC = psycopg.pq.ExecStatus.PIPELINE_SYNC
_DONE = (psycopg.pq.ExecStatus.COMMAND_OK, psycopg.pq.ExecStatus.TUPLES_OK)
_Ready, _Wait = psycopg.waiting.Ready, psycopg.waiting.Wait


def integer(value: int) -> bytes:
    """A bigint as PostgreSQL takes it."""
    return value.to_bytes(8, "big")


class Exchange:
    """The queries of one store that are sent this way. For one thread at a time, as the connection is."""

    def __init__(self, named: Mapping[str, str]) -> None:
        """*named*: the queries; the types of their parameters are those that the server sees in them."""
        self._queries = {name: (f"edgecode_{name}".encode(), _numbered(query)) for name, query in named.items()}
        self._prepared_on: Connection | None = None
        self._told_on: Connection | None = None

    def ask(self, connection: Connection, statements: Sequence[Statement]) -> "list[PGresult]":
        """The answer to each statement, in one round trip; one that fails leaves those behind it undone.

        Raises psycopg.Error: what the server says of the first that failed, or, with the connection closed, that it was lost.
        """
        self._begin(connection, statements)
        return _answered(connection)

    def tell(self, connection: Connection, statement: Statement) -> None:
        """Send one statement and do not wait: `hear` is to be called before the connection is used for anything else."""
        self._begin(connection, [statement])
        self._told_on = connection

    def hear(self, connection: Connection) -> None:
        """Wait for the answer to what was told on this connection, if anything was.

        Raises psycopg.OperationalError, whatever failed: whoever asks next must not take it for the answer to a question of its own.
        """
        told, self._told_on = self._told_on, None
        if told is connection:
            try:
                _answered(connection)
            except psycopg.Error as error:
                raise psycopg.OperationalError(type(error).__name__) from None

    def _begin(self, connection: Connection, statements: Sequence[Statement]) -> None:
        if self._prepared_on is not connection:
            _send(connection, self._prepare)
            _answered(connection)
            self._prepared_on = connection
        _send(connection, lambda link: self._execute(link, statements))

    def _prepare(self, link: "PGconn") -> None:
        for key, query in self._queries.values():
            link.send_prepare(key, query)

    def _execute(self, link: "PGconn", statements: Sequence[Statement]) -> None:
        for name, values in statements:
            link.send_query_prepared(self._queries[name][0], values, [_BINARY] * len(values), _BINARY)


def _send(connection: Connection, statements: "Callable[[PGconn], None]") -> None:
    link = connection.pgconn
    with _closed_if_unknown(connection):
        link.enter_pipeline_mode()
        statements(link)
        link.pipeline_sync()
        connection.wait(_flushed(link))


def _answered(connection: Connection) -> "list[PGresult]":
    with _closed_if_unknown(connection):
        answers = connection.wait(_answers(connection.pgconn))
        connection.pgconn.exit_pipeline_mode()
    for answer in answers:
        if answer.status not in _DONE:
            raise psycopg.errors.error_from_result(answer)
    return answers


@contextmanager
def _closed_if_unknown(connection: Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        # Interrupted or lost: what state it is in, nobody knows.
        connection.close()
        raise


def _flushed(link: "PGconn") -> "Generator[psycopg.waiting.Wait, psycopg.waiting.Ready | int, None]":
    while link.flush():
        # The server may wait for its answers to be read before it reads on.
        if (yield _Wait.RW) & _Ready.R:
            link.consume_input()


def _answers(link: "PGconn") -> "Generator[psycopg.waiting.Wait, psycopg.waiting.Ready | int, list[PGresult]]":
    found: list[PGresult] = []
    while True:
        while link.is_busy():
            yield _Wait.R
            link.consume_input()
        answer = link.get_result()
        if answer is None:
            # Behind the answers to each statement; and for ever, once the connection is gone.
            if link.status != psycopg.pq.ConnStatus.OK:
                raise psycopg.OperationalError("the connection is lost")
        elif answer.status == _SYNC:
            return found
        else:
            found.append(answer)


def _numbered(query: str) -> bytes:
    numbers = count(1)
    return _PARAMETER.sub(lambda _: f"${next(numbers)}", query).encode()
