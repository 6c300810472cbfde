"""Canonical bytes: the JSON profile of the record, leaves, and salted commitments to sections. Standard library only.

On this profile (ASCII keys, integers below 2^53, no floats, no lone surrogates, depth at most 16) the bytes equal RFC 8785.
Part of the trusted path: an auditor reads this file.
"""

import hmac
import json
import re
from binascii import unhexlify
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from edgecode.errors import InvalidError, UnverifiableError

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

MAX_LEAF_BYTES = 65_535
MAX_DEPTH = 16
SALT_BYTES = 32
SECTIONS = ("fact", "bytes", "place", "recipe", "graph", "text", "terms", "person")
"""The fixed names of sections (FORMATS, "Leaf and sections")."""

_SORTED = sorted(SECTIONS)
_ID = rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_NAME = rb"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*/[1-9][0-9]{0,3}"
_COMMITTED = b"".join(b'(?:"%b":"([0-9a-f]{64})"(?:,(?=")|(?=})))?+' % name.encode() for name in _SORTED)
# A leaf is a regular language: what matches is canonical as it stands, so no second spelling of a leaf exists.
_LEAF = re.compile(
    rb'\{"actor":"(k:[0-9a-f]{8,64})","c":\{' + _COMMITTED + rb'\},"id":"(' + _ID + rb')",'
    rb'"refs":\[((?:"' + _ID + rb'"(?:,(?=")|(?=\])))*+)\],"ts":(0|[1-9][0-9]{0,15}),"type":"(' + _NAME + rb')","v":1\}'
)
# The same for many leaves, one a line: only the id is kept, and a time of 16 digits is left to `parse_leaf`.
_ONLY_ID = re.sub(rb"\((?!\?)", b"(?:", _LEAF.pattern).replace(b'"id":"(?:', b'"id":"(').replace(b"{0,15}", b"{0,14}")
_LINES = re.compile(b"^" + _ONLY_ID + b"\n", re.MULTILINE)
_OTHER_VERSION = re.compile(rb'\{"actor":.*"v":(?!1\})[1-9][0-9]{0,5}\}', re.DOTALL)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class NotCanonicalError(InvalidError):
    """Bytes or a value outside the canonical profile."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "record.not_canonical", f"not in canonical form: {what}", "Ask who wrote it to export it again"
        )


def canonical(value: Json) -> bytes:
    """The one byte form of *value*. Raises NotCanonicalError for what the profile does not allow."""
    guard(value)
    return _ENCODER.encode(value).encode()


def strict(data: bytes) -> Json:
    """Read bytes from outside: refuses duplicate keys, floats, and every spelling but the canonical one."""
    try:
        value: Json = _DECODER.decode(data.decode("utf-8"))
    except NotCanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError("it is not JSON in UTF-8") from error
    if canonical(value) != data:
        raise NotCanonicalError("it is spelled differently from its canonical form")
    return value


def guard(value: object, depth: int = 0) -> None:
    """Raises NotCanonicalError for a value that the profile does not allow."""
    if depth > MAX_DEPTH:
        raise NotCanonicalError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise NotCanonicalError("a lone surrogate")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii() or not key.isprintable():
                raise NotCanonicalError("a key that is not printable ASCII")
            # Most of what is recorded is plain text: asked here, it costs no call.
            if depth == MAX_DEPTH or type(item) is not str or not item.isascii():
                guard(item, depth + 1)
    elif isinstance(value, (list, tuple)):
        for item in value:
            guard(item, depth + 1)
    elif isinstance(value, int):
        if not -(2**53) < value < 2**53:
            raise NotCanonicalError("an integer of 2^53 or more")
    elif value is not None:
        raise NotCanonicalError(f"a {type(value).__name__}")


def _no_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise NotCanonicalError("a key occurs twice")
    return read


def _refused(text: str) -> Json:
    raise NotCanonicalError("a number that is not an integer")


_DECODER = json.JSONDecoder(object_pairs_hook=_no_duplicates, parse_float=_refused, parse_constant=_refused)


def commitment(salt: bytes, section: bytes) -> str:
    """HMAC-SHA256 of a section's bytes under its own random 32-byte salt, in hexadecimal: binding, and hiding while the salt is secret."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 32 bytes")
    return hmac.digest(salt, section, "sha256").hex()


def commitment_holds(salt: bytes, section: bytes, committed: str) -> bool:
    """Whether (salt, section bytes) open the commitment."""
    return len(salt) == SALT_BYTES and hmac.compare_digest(commitment(salt, section), committed)


class Leaf(NamedTuple):
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
        """The bytes that are hashed into the log. Raises NotCanonicalError for a field that no leaf may hold."""
        committed = ",".join(f'"{name}":"{self.commitments[name]}"' for name in sorted(self.commitments))
        refs = ",".join(f'"{ref}"' for ref in self.refs)
        body = f'"c":{{{committed}}},"id":"{self.id}","refs":[{refs}],"ts":{self.ts},"type":"{self.type}"'
        data = f'{{"actor":"{self.actor}",{body},"v":1}}'.encode()
        if parse_leaf(data) != self:
            raise NotCanonicalError("a field of a leaf that reads back differently")
        return data


def parse_leaf(data: bytes) -> Leaf:
    """Read one log entry strictly. Raises NotCanonicalError, and UnverifiableError ``leaf.version_unknown`` for a later leaf form."""
    match = _LEAF.fullmatch(data) if len(data) <= MAX_LEAF_BYTES else None
    if match is None:
        raise _unread(data)
    actor, *committed, id_, refs, ts, type_ = match.groups()
    if int(ts) >= 2**53:
        raise NotCanonicalError("a time of 2^53 or more")
    return Leaf(
        id=id_.decode(),
        ts=int(ts),
        type=type_.decode(),
        actor=actor.decode(),
        refs=tuple(refs.decode()[1:-1].split('","')) if refs else (),
        commitments={name: text.decode() for name, text in zip(_SORTED, committed, strict=True) if text},
    )


def leaf_id(leaf: bytes) -> bytes:
    """The 16 bytes of the event id of a leaf that is known to be one (`parse_leaf`, `Leaf.encode`, `SealedEvent`)."""
    # Before it stand only an actor, names of sections and hexadecimal digits, so the first hit is the leaf's own.
    place = leaf.find(b'"id":"') + 6
    return unhexlify(leaf[place : place + 36].replace(b"-", b""))


def event_ids(leaves: Sequence[bytes]) -> list[bytes] | None:
    """The 16-byte event ids of entries that all are leaves; None when `parse_leaf` has to say of one what it is."""
    lines = b"\n".join(leaves) + b"\n"
    # Every match is a whole line, and with one newline an entry every line is a whole entry.
    found = _LINES.findall(lines)
    if not len(found) == lines.count(b"\n") == len(leaves) or max(map(len, leaves)) > MAX_LEAF_BYTES:
        return None
    ids = unhexlify(b"".join(found).replace(b"-", b""))
    return [ids[place : place + 16] for place in range(0, len(ids), 16)]


def _unread(data: bytes) -> NotCanonicalError | UnverifiableError:
    if len(data) <= MAX_LEAF_BYTES and _OTHER_VERSION.fullmatch(data):
        return UnverifiableError("leaf.version_unknown", "a leaf of a later form", "Verify with a newer release")
    return NotCanonicalError("it is no leaf: actor, c, id, refs, ts, type and v in their one form")
