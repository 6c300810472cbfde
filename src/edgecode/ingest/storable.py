"""Makes values from foreign files fit the canonical form of the record: printable ASCII keys, no lone surrogates."""

import re
from typing import TypeVar

import msgspec

from edgecode.events.codec import Json
from edgecode.events.kinds import Section

_SURROGATE = re.compile("[\ud800-\udfff]")
_Kind = TypeVar("_Kind", bound=Section)


def storable(section: _Kind) -> _Kind:
    """*section* with every text and key in a form that can be recorded; the same object when nothing had to change.

    Lone surrogates (undecodable bytes) become U+FFFD; other characters in keys become ``\\uXXXX``, because keys are ASCII.
    """
    value = msgspec.to_builtins(section)
    fitted = _fitted(value)
    return section if fitted == value else msgspec.convert(fitted, type(section))


def whole_text(text: str) -> str:
    """*text* without lone surrogates."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _fitted(value: Json) -> Json:
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, (list, tuple)):
        return [_fitted(item) for item in value]
    if isinstance(value, dict):
        return {_key(key): _fitted(item) for key, item in value.items()}
    return value


def _key(key: str) -> str:
    if key.isascii() and key.isprintable():
        return key
    return "".join(c if c.isascii() and c.isprintable() else f"\\u{ord(c):04x}" for c in key)
