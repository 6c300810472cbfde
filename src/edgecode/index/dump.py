"""The index as canonical bytes by key, without dense ids: two indexes of one ledger are equal when these bytes are (promise 8)."""

from collections.abc import Iterator
from hashlib import sha256

from edgecode.events import codec
from edgecode.events.codec import Json
from edgecode.index.store import IndexStore, Row, Value

TABLES = (
    "state",
    "production",
    "root_name",
    "unread",
    "problem",
    "content",
    "alias",
    "frames",
    "frame_copy",
    "version",
    "version_entry",
    "record_entry",
    "reel",
    "unique_id",
    "place",
    "step",
    "input",
    "other_producer",
    "withdrawn_output",
    "withdrawn_input",
    "model",
    "model_hash",
    "dataset",
    "member",
    "cut",
    "clip",
    "range",
    "decision",
    "replaced_decision",
    "answer",
    "answer_version",
    "answer_clip",
    "person",
    "person_entry",
    "depiction",
    "hold",
    "right_event",
    "person_fields",
    "approver",
    "erasure",
    "kept_match",
)
"""Every table, by the name of its dump query after ``dump_``."""

_LONG = 64


def dump(store: IndexStore) -> bytes:
    """One line for every row, tables in fixed order, rows in key order. Reads everything."""
    lines: list[bytes] = []
    for table in TABLES:
        lines.extend(_line(table, row) for row in store.rows(f"dump_{table}"))
    return b"\n".join(lines) + b"\n"


def dump_of(store: IndexStore, table: str) -> Iterator[bytes]:
    """The lines of one table of `TABLES`, one by one; inside a transaction, to the last one."""
    return (_line(table, row) for row in store.each(f"dump_{table}"))


def _line(table: str, row: Row) -> bytes:
    return codec.canonical([table, *map(_plain, row)])


def _plain(value: Value) -> Json:
    if isinstance(value, bytes):
        return value.hex() if len(value) <= _LONG else f"sha256:{sha256(value).hexdigest()}"
    if isinstance(value, float):
        raise TypeError("the index holds a float")
    return value
