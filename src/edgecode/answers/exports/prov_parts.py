"""A PROV-JSON document while it is put together: records by kind and identifier, written in one order (submission of 2013-04-24)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Literal, TypeAlias

Value: TypeAlias = "str | int | bool | Mapping[str, str]"
"""A literal, or one with a type (`qualified`); several of one attribute are a list."""
Attributes: TypeAlias = "dict[str, Value | list[Value]]"
Kind = Literal[
    "entity", "activity", "agent", "used", "wasGeneratedBy", "wasAssociatedWith", "wasDerivedFrom", "alternateOf", "hadMember",
    "actedOnBehalfOf", "wasAttributedTo",
]  # fmt: skip

PREFIXES = {
    "ec": "urn:edgecode:prov:1:",
    "rec": "urn:uuid:",
    "open": "urn:edgecode:prov:1:open:",
    "here": "urn:edgecode:prov:1:here:",
}
"""*rec*: record ids of the production. *open*: what nobody recorded. *here*: numbers that mean nothing outside the
document."""


def qualified(name: str) -> Value:
    """A qualified name as a value."""
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


class Document:
    """Records by kind; one that is said twice stands once."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, Attributes]] = {}

    def add(self, kind: Kind, identifier: str, attributes: Attributes) -> None:
        """An entity, activity or agent. What is empty is left out."""
        kept = {name: value for name, value in attributes.items() if value not in ("", [], None)}
        self._records.setdefault(kind, {}).setdefault(identifier, kept)

    def relate(self, kind: Kind, attributes: Attributes) -> None:
        """A relation, under a number that follows from what it says."""
        self.add(kind, f"_:{_ORDER[kind]}{_digest(attributes)}", attributes)

    def has(self, kind: Kind, identifier: str) -> bool:
        """Whether it stands there already."""
        return identifier in self._records.get(kind, {})

    def data(self) -> bytes:
        """The whole document: UTF-8, keys sorted, one line end behind it; the same records are the same bytes."""
        whole = {"prefix": PREFIXES, **self._records}
        return (json.dumps(whole, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


_ORDER = {
    "used": "u", "wasGeneratedBy": "g", "wasAssociatedWith": "a", "wasDerivedFrom": "d", "alternateOf": "s", "hadMember": "m",
    "actedOnBehalfOf": "b", "wasAttributedTo": "t", "entity": "e", "activity": "c", "agent": "n",
}  # fmt: skip


def _digest(attributes: Attributes) -> str:
    return sha256(json.dumps(attributes, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:20]
