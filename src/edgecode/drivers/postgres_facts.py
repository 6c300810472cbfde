"""What a PostgreSQL database says of itself: how large a schema is, and the settings that decide what a crash may lose."""

import psycopg

from edgecode.drivers.postgres import address_of, unreachable, without_words
from edgecode.drivers.sqlite import queries

_SQL = queries("facts.postgres")


def facts_of(url: str, schema: str) -> tuple[int, dict[str, str]]:
    """(bytes on the server's disk, settings by name). Raises UnavailableError ``postgres.unreachable``."""
    address, named = address_of(url, schema)
    try:
        with psycopg.connect(address, autocommit=True, client_encoding="UTF8") as connection:
            size = connection.execute(_SQL["size"].encode(), (named,)).fetchall()[0][0]
            settings = connection.execute(_SQL["settings"].encode()).fetchall()
    except (psycopg.Error, UnicodeError) as error:
        raise unreachable(error) from without_words(error)
    return int(size), {str(name): str(value) for name, value in settings}
