"""Canonical bytes: the JSON profile of the record, leaves, and salted commitments to sections. Standard library only.

On this profile (ASCII keys, integers below 2^53, no floats, no lone surrogates, depth at most 16) the bytes equal RFC 8785.
Part of the trusted path: an auditor reads this file.
"""

import hmac
import json
import re
from dataclasses import dataclass
from typing import TypeAlias

from edgecode.errors import InvalidError

Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"

LEAF_VERSION = 1
MAX_LEAF_BYTES = 65_535
MAX_SECTIONS = 8
MAX_DEPTH = 16
SALT_BYTES = 32
SECTIONS = ("fact", "bytes", "place", "recipe", "graph", "text", "terms", "person")
"""The fixed names of sections (FORMATS, "Leaf and sections")."""

_TYPE = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*/[1-9][0-9]{0,3}")
_RECORD_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ACTOR = re.compile(r"k:[0-9a-f]{8,64}")
_COMMITMENT = re.compile(r"[0-9a-f]{64}")
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class NotCanonicalError(InvalidError):
    """Bytes or a value outside the canonical profile."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "record.not_canonical", f"a record is not in canonical form: {what}", "Ask who wrote it to export it again"
        )


def canonical(value: Json) -> bytes:
    """The one byte form of *value*. Raises NotCanonicalError for what the profile does not allow."""
    _guard(value, 0)
    return _ENCODER.encode(value).encode()


def strict(data: bytes) -> Json:
    """Read bytes from outside: refuses duplicate keys, floats, and every spelling but the canonical one."""
    try:
        value: Json = json.loads(
            data.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_float=_refused, parse_constant=_refused
        )
    except NotCanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError("it is not JSON in UTF-8") from error
    if canonical(value) != data:
        raise NotCanonicalError("it is spelled differently from its canonical form")
    return value


def _guard(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotCanonicalError(f"nested deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if not -(2**53) < value < 2**53:
            raise NotCanonicalError("an integer of 2^53 or more")
    elif isinstance(value, str):
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise NotCanonicalError("a lone surrogate")
    elif isinstance(value, (list, tuple)):
        for item in value:
            _guard(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii() or not key.isprintable():
                raise NotCanonicalError("a key that is not printable ASCII")
            _guard(item, depth + 1)
    else:
        raise NotCanonicalError(f"a {type(value).__name__}")


def _no_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise NotCanonicalError("a key occurs twice")
    return read


def _refused(text: str) -> Json:
    raise NotCanonicalError("a number that is not an integer")


def commitment(salt: bytes, section: bytes) -> str:
    """HMAC-SHA256 of a section's bytes under its own random 32-byte salt, in hexadecimal: binding, and hiding while the salt is secret."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 32 bytes")
    return hmac.digest(salt, section, "sha256").hex()


def commitment_holds(salt: bytes, section: bytes, committed: str) -> bool:
    """Whether (salt, section bytes) open the commitment."""
    return len(salt) == SALT_BYTES and hmac.compare_digest(commitment(salt, section), committed)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of the log: who, when, what kind, about which records, and commitments to its sections. Nothing from the payload.

    *ts* is milliseconds since 1970 as the recorder claims it. *type* is ``kind/version``. *actor* is ``k:<key id>``.
    """

    id: str
    ts: int
    type: str
    actor: str
    refs: tuple[str, ...]
    commitments: dict[str, str]

    def encode(self) -> bytes:
        """The bytes that are hashed into the log."""
        data = canonical(
            {
                "v": LEAF_VERSION,
                "id": self.id,
                "ts": self.ts,
                "type": self.type,
                "actor": self.actor,
                "refs": list(self.refs),
                "c": dict(self.commitments),
            }
        )
        if len(data) > MAX_LEAF_BYTES:
            raise NotCanonicalError(f"a leaf of more than {MAX_LEAF_BYTES} bytes")
        parse_leaf(data)
        return data


def parse_leaf(data: bytes) -> Leaf:
    """Read one log entry strictly. Raises NotCanonicalError."""
    value = strict(data)
    if not isinstance(value, dict) or value.keys() != {"v", "id", "ts", "type", "actor", "refs", "c"}:
        raise NotCanonicalError("a leaf has exactly v, id, ts, type, actor, refs and c")
    if value["v"] != LEAF_VERSION or isinstance(value["v"], bool):
        raise NotCanonicalError("a leaf version that this release does not know")
    ts, refs, commitments = value["ts"], value["refs"], value["c"]
    if not isinstance(ts, int) or isinstance(ts, bool) or ts < 0:
        raise NotCanonicalError("a time that is no count of milliseconds")
    if not isinstance(refs, list) or not isinstance(commitments, dict):
        raise NotCanonicalError("references or commitments of the wrong kind")
    return Leaf(
        id=_matching(value["id"], _RECORD_ID, "id"),
        ts=ts,
        type=_matching(value["type"], _TYPE, "type"),
        actor=_matching(value["actor"], _ACTOR, "actor"),
        refs=tuple(_matching(ref, _RECORD_ID, "reference") for ref in refs),
        commitments=_commitments(commitments),
    )


def _matching(value: Json, pattern: re.Pattern[str], what: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise NotCanonicalError(f"an {what} in the wrong form")
    return value


def _commitments(value: dict[str, Json]) -> dict[str, str]:
    if len(value) > MAX_SECTIONS or any(name not in SECTIONS for name in value):
        raise NotCanonicalError("a section that is not one of the fixed eight")
    return {name: _matching(text, _COMMITMENT, "commitment") for name, text in value.items()}
