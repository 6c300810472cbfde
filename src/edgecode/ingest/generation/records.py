"""The text records of a file: key, bytes as received, text; and JSON read without losing a digit or following a bomb."""

import json
from functools import lru_cache

from msgspec import Struct

TEXT_BYTES_AT_MOST = 64 << 20
"""The most bytes of text, after decompression, that are taken from one file."""

DEPTH_AT_MOST = 32
"""How deep nested widget values are walked; no tool of the trade nests deeper."""


class Record(Struct, frozen=True):
    """One text that a container holds: its key there, its bytes as received, the same as text."""

    key: str
    data: bytes
    text: str

    @classmethod
    def of(cls, key: str, data: bytes) -> "Record":
        """The record of bytes that are UTF-8, or else Latin-1 as PNG says."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        return cls(key, data, text.rstrip("\0"))


class NumberText(str):
    """A JSON number kept as it was written (a fraction, an exponent, more digits than an integer needs)."""

    __slots__ = ()


@lru_cache(maxsize=16)
def json_of(text: str) -> object | None:
    """The JSON value in *text* with NaN as None and fractions as text; None when it is no JSON or nests too deep.

    Several readers ask for the same text, so the last few are kept until `read_generation` ends: nobody may change the value.
    """
    stripped = text.strip("\0 \t\r\n\ufeff")
    if stripped[:1] not in ("{", "["):
        return None
    try:
        value: object = json.loads(stripped, parse_float=NumberText, parse_int=_integer, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return value


def _integer(written: str) -> int | NumberText:
    return int(written) if len(written) <= 30 else NumberText(written)


def object_of(text: str) -> dict[str, object] | None:
    """The JSON object in *text*, or None. A JSON text inside a JSON text is opened once."""
    value = json_of(text)
    if value is None and text.lstrip()[:1] == '"':
        try:
            inner = json.loads(text)
        except (ValueError, RecursionError):
            return None
        value = json_of(inner) if isinstance(inner, str) else None
    return value if isinstance(value, dict) else None


def decimal(value: object) -> str:
    """A number or short text as text; empty for anything else, booleans included."""
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, (int, str)) else ""


def seed_of(value: object) -> str:
    """A seed as a decimal string; empty for what is none (-1 asks for a random one)."""
    text = decimal(value).strip()
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= 40 else ""
