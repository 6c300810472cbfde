"""A pack's YAML as nodes with line numbers, and forms that are read field by field while every problem is collected.

Plain words become values by the core schema of YAML 1.2 without fractions: ``true``, ``null``, ``12``. ``no``, ``NO``, ``on`` and
``2026-01-01`` are texts, so that Norway stays a country.
"""

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from msgspec import Struct

from edgecode.checks.rules.fact_values import is_day
from edgecode.checks.rules.pack import Json

MAX_TEXT = 4_000
"""Characters of one text of a pack: it is printed with every finding, on papers and on a terminal."""
_EXPRESSIONS = frozenset({"when", "that", "scope", "agreement"})
"""Texts that have a limit of their own."""


class Scalar(Struct, frozen=True):
    """*plain*: written without quotes, so that it may be more than a text."""

    text: str
    plain: bool
    line: int


class ListNode(Struct, frozen=True):
    """*items* in the order of the file."""

    items: "tuple[Node, ...]"
    line: int


class MapNode(Struct, frozen=True):
    """*entries*: key, its line, what stands there; keys are unique."""

    entries: "tuple[tuple[str, int, Node], ...]"
    line: int


Node: TypeAlias = Scalar | ListNode | MapNode

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})", re.ASCII)
_NULLS, _TRUES, _FALSES = {"null", "~", "", "Null", "NULL"}, {"true", "True", "TRUE"}, {"false", "False", "FALSE"}


def value_of(node: Node) -> Json:
    """What a node says, as JSON values."""
    if isinstance(node, MapNode):
        return {key: value_of(below) for key, _, below in node.entries}
    if isinstance(node, ListNode):
        return [value_of(item) for item in node.items]
    if not node.plain:
        return node.text
    if node.text in _NULLS:
        return None
    if node.text in _TRUES:
        return True
    if node.text in _FALSES:
        return False
    return int(node.text) if _WHOLE.fullmatch(node.text) else node.text


class Problems:
    """Everything that is wrong with one file."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, sentence: str) -> None:
        """*line*: from 1."""
        self._found.append((line, sentence))

    def lines(self, name: str) -> list[str]:
        """``file:line: sentence`` in the order of the file, each once."""
        return [
            f"{name}:{line}: {sentence}"
            for line, sentence in dict.fromkeys(sorted(self._found, key=lambda one: one[0]))
        ]

    def __bool__(self) -> bool:
        return bool(self._found)


class Form:
    """A mapping whose fields are asked for one by one; `done` says which were not. What is wrong is a problem and reads as empty."""

    def __init__(self, node: Node | None, where: str, problems: Problems, *, line: int = 1) -> None:
        self.problems, self.where = problems, where
        self.line = node.line if node is not None else line
        self.fields: dict[str, Node] = {}
        self._asked: set[str] = set()
        if isinstance(node, MapNode):
            self.fields = {key: below for key, _, below in node.entries}
            self._lines = {key: key_line for key, key_line, _ in node.entries}
        else:
            self._lines = {}
            if node is not None:
                self.wrong(self.line, "must be a mapping of fields")

    def wrong(self, line: int, sentence: str, field: str = "") -> None:
        """Note a problem."""
        place = ": ".join(part for part in (self.where, field) if part)
        self.problems.add(line, f"{place} {sentence}" if field else f"{place}: {sentence}")

    def has(self, field: str) -> bool:
        """Whether the field stands there with something in it."""
        self._asked.add(field)
        found = self.fields.get(field)
        return found is not None and value_of(found) is not None

    def line_of(self, field: str) -> int:
        """Where its value stands."""
        found = self.fields.get(field)
        return found.line if found is not None else self.line

    def node(self, field: str, *, required: bool = True) -> Node | None:
        """What stands there; None, and a problem when *required*, when the field is missing."""
        self._asked.add(field)
        found = self.fields.get(field)
        if found is None and required:
            self.wrong(self.line, "is missing", field)
        return found

    def value(self, field: str, *, required: bool = True) -> Json:
        """As JSON."""
        found = self.node(field, required=required)
        return None if found is None else value_of(found)

    def text(self, field: str, *, required: bool = True) -> str:
        """A text; "" where there is none."""
        found = self.optional_text(field, required=required)
        if found is None and required and field in self.fields:
            self.wrong(self.line_of(field), "must be a text", field)
        return found or ""

    def optional_text(self, field: str, *, required: bool = True) -> str | None:
        """A text or null. *required*: the field itself has to be there."""
        found = self.value(field, required=required)
        if isinstance(found, str) and len(found) > MAX_TEXT and field not in _EXPRESSIONS:
            self.wrong(self.line_of(field), f"has {len(found):,} characters; a text has at most {MAX_TEXT:,}", field)
            return ""
        if found is None or isinstance(found, str):
            return found
        self.wrong(self.line_of(field), "must be a text; put it in quotes", field)
        return None

    def flag(self, field: str, *, required: bool = True) -> bool:
        """True or false."""
        found = self.value(field, required=required)
        if isinstance(found, bool):
            return found
        if field in self.fields:
            self.wrong(self.line_of(field), "must be true or false", field)
        return False

    def whole(self, field: str) -> int:
        """A whole number."""
        found = self.value(field)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        if field in self.fields:
            self.wrong(self.line_of(field), "must be a whole number", field)
        return 0

    def day(self, field: str, *, required: bool = True) -> str | None:
        """A day or null."""
        found = self.optional_text(field, required=required)
        if found is not None and not is_day(found):
            self.wrong(self.line_of(field), "must be a day, YYYY-MM-DD", field)
        return found

    def word(self, field: str, choices: Collection[str]) -> str:
        """One of *choices*."""
        found = self.text(field)
        if found:
            self._one_of(found, field, choices, self.line_of(field))
        return found

    def words(self, field: str, choices: Collection[str]) -> tuple[str, ...]:
        """Some of *choices*, at least one, each once."""
        found = self.texts(field)
        for word in found:
            self._one_of(word, field, choices, self.line_of(field))
        if (not found and field in self.fields) or len(set(found)) < len(found):
            self.wrong(self.line_of(field), f"must list some of {', '.join(choices)}, each once", field)
        return found

    def _one_of(self, word: str, field: str, choices: Collection[str], line: int) -> None:
        if word not in choices:
            near = get_close_matches(word, choices, n=1, cutoff=0.5)
            hint = f"; near it: {near[0]}" if near else ""
            self.wrong(line, f"must be one of {', '.join(choices)}, not {word[:40]}{hint}", field)

    def texts(self, field: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts."""
        found = self.node(field, required=required)
        if found is None:
            return ()
        said = value_of(found)
        if isinstance(said, list) and all(isinstance(one, str) for one in said):
            return tuple(str(one) for one in said)
        self.wrong(found.line, "must be a list of texts", field)
        return ()

    def form(self, field: str, *, required: bool = True) -> "Form | None":
        """The form below; None where it is missing or null."""
        found = self.node(field, required=required)
        if found is None or value_of(found) is None:
            return None
        return Form(found, f"{self.where}: {field}" if self.where else field, self.problems)

    def items(self, field: str, *, required: bool = True) -> Sequence[Node]:
        """The nodes of a list."""
        found = self.node(field, required=required)
        if isinstance(found, ListNode):
            return found.items
        if found is not None and value_of(found) is not None:
            self.wrong(found.line, "must be a list", field)
        return ()

    def entries(self, field: str) -> Sequence[tuple[str, int, Node]]:
        """Keys, their lines and nodes of a mapping that may be missing."""
        found = self.node(field, required=False)
        if isinstance(found, MapNode):
            return found.entries
        if found is not None and value_of(found) is not None:
            self.wrong(found.line, "must be a mapping", field)
        return ()

    def done(self) -> None:
        """Every field that was not asked for is a problem."""
        for field, line in self._lines.items():
            if field not in self._asked:
                near = get_close_matches(field, self._asked, n=1, cutoff=0.6)
                hint = f"; near it: {near[0]}" if near else ""
                self.wrong(line, f"is no field of this format{hint}", field)
