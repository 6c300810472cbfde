"""Reading rows of the index: columns come back as SQLite's values and are narrowed here, once."""

from collections.abc import Iterable

from edgecode.index.store import Row, Value


def number(value: Value) -> int:
    """A column that holds an integer."""
    if not isinstance(value, int):
        raise TypeError(f"the index holds {type(value).__name__} where a number belongs")
    return value


def text(value: Value) -> str:
    """A column that holds text."""
    if not isinstance(value, str):
        raise TypeError(f"the index holds {type(value).__name__} where text belongs")
    return value


def data(value: Value) -> bytes:
    """A column that holds bytes."""
    if not isinstance(value, bytes):
        raise TypeError(f"the index holds {type(value).__name__} where bytes belong")
    return value


def first_number(rows: list[Row]) -> int:
    """The first column of the first row."""
    return number(rows[0][0])


def ids_text(ids: Iterable[int]) -> str:
    """Dense ids as the JSON list that queries read with json_each."""
    return f"[{','.join(map(str, ids))}]"
