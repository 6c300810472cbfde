"""What the index asks of a database: named queries, one writer's transaction, and starting over. SQL stays with the driver."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias, runtime_checkable

Value: TypeAlias = "int | float | str | bytes | None"
"""What a column holds; which it is stands beside the query in ``drivers/sql/index.sql``."""

Row: TypeAlias = "tuple[Value, ...]"


class IndexStore(Protocol):
    """A disposable projection of the ledger. Losing it loses nothing: it is rebuilt, equal by key (promise 8).

    Every method raises KeyError for a query that the driver does not know. One connection, one thread.
    """

    def rows(self, query: str, *values: Value) -> list[Row]:
        """Every row that the named query answers, in the query's order; reads what this transaction wrote."""

    def each(self, query: str, *values: Value) -> Iterator[Row]:
        """The same one by one, never all in memory: of a store that was opened to be read, inside a transaction; nothing else is asked
        of it before the last one."""

    def run(self, query: str, *values: Value) -> None:
        """Run a named statement that answers nothing."""

    def run_many(self, query: str, rows: Iterable[Row]) -> None:
        """Run a named statement once for every row of values."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: what is written inside is seen by others after the block ends, and not at all if it raises."""

    def reset(self) -> None:
        """Forget everything and lay empty tables of this release's shape. Inside or outside a transaction."""

    def forget_forever(self) -> None:
        """`reset`, outside a transaction, that leaves none of the old bytes in any file that the store keeps for reading; what the
        database keeps by itself is in `remains`."""

    def remains(self) -> list[str]:
        """Sentences on where forgotten bytes may still lie in what the database keeps by itself; empty when nowhere."""


@runtime_checkable
class FarIndexStore(IndexStore, Protocol):
    """An index whose every question is a trip to a server, so that much is better projected near by and brought over."""

    def remade(self) -> AbstractContextManager[IndexStore]:
        """Within it, an empty store to project everything into; behind it this one holds exactly the same, dense ids too, all or nothing.

        One into which nothing was projected (tree size 0) changes nothing. Nobody else projects meanwhile, others go on reading what
        stood here before. Outside a transaction.
        """
