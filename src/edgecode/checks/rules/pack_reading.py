"""Reading a pack of rules from its file: strict YAML with line numbers, then its shape, its expressions and its tests.

Everything that is wrong is said at once, as ``file:line: sentence``, before any fact is seen. Nothing in a pack runs while it is read.
"""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from edgecode.checks.rules.pack import Pack
from edgecode.checks.rules.pack_nodes import ListNode, MapNode, Node, Problems, Scalar
from edgecode.checks.rules.pack_shape import shaped
from edgecode.errors import InputError, UnavailableError

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u061c\u2028-\u202e\u2060-\u2069\ufeff]")


def read_pack(data: bytes, *, name: str) -> Pack:
    """The pack in *data*; *name* is that of its file, for messages. Raises InputError ``pack.invalid`` listing every problem, and
    UnavailableError ``extra.missing``.
    """
    pack, problems = pack_or_problems(data, name=name)
    if pack is None:
        listed = "\n".join(f"  {problem}" for problem in problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise InputError(
            "pack.invalid",
            f"{name} is no pack of rules ({count}):\n{listed}\n",
            "docs/reference/packs.md says what a pack holds",
        )
    return pack


def pack_or_problems(data: bytes, *, name: str) -> tuple[Pack | None, list[str]]:
    """The pack, or what is wrong with it as ``file:line: sentence``."""
    problems = Problems()
    root = _tree(data, problems)
    if root is None or problems:
        return None, problems.lines(name)
    pack = shaped(root, name=name, digest=sha256(data).hexdigest(), problems=problems)
    return (None, problems.lines(name)) if problems else (pack, [])


def _tree(data: bytes, problems: Problems) -> Node | None:
    if len(data) > MAX_BYTES:
        problems.add(1, f"the file has {len(data):,} bytes; a pack has at most {MAX_BYTES:,}")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add(data[: error.start].count(b"\n") + 1, "this is not UTF-8")
        return None
    yaml, loader = _yaml()
    events = yaml.parse(text, Loader=loader)
    try:
        return _Reader(yaml, events, problems).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        problems.add(mark.line + 1 if mark else 1, f"this is no YAML: {what}")
        return None


class _Stop(Exception):
    """What stands there cannot be read on from."""


class _Reader:
    """Nodes from the events of the parser. Aliases, anchors and tags are refused before they can grow."""

    def __init__(self, yaml: Any, events: Iterator[Any], problems: Problems) -> None:
        self._yaml, self._events, self._problems = yaml, events, problems

    def document(self) -> Node | None:
        """The one document of the file."""
        try:
            event = self._next()
            while isinstance(event, self._yaml.StreamStartEvent | self._yaml.DocumentStartEvent):
                event = self._next()
            if isinstance(event, self._yaml.StreamEndEvent):
                self._problems.add(1, "the file is empty")
                return None
            root = self._node(event, depth=0)
            for event in self._events:
                if isinstance(event, self._yaml.DocumentStartEvent):
                    self._problems.add(_line(event), "a file holds one pack, not several documents")
                    return None
            return root
        except _Stop:
            return None

    def _next(self) -> Any:
        return next(self._events)

    def _node(self, event: Any, *, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, self._yaml.AliasEvent):
            self._stop(line, "an alias (*name) is not part of packs; write it out")
        if event.anchor is not None:
            self._stop(line, "an anchor (&name) is not part of packs")
        if event.tag is not None and event.tag != "!":
            self._stop(line, "a tag (!name) is not part of packs")
        if depth > MAX_DEPTH:
            self._stop(line, f"nested deeper than {MAX_DEPTH}")
        if isinstance(event, self._yaml.ScalarEvent):
            if _HIDDEN.search(event.value):
                self._problems.add(
                    line, "a character here is not printed, or turns the writing round; write it without"
                )
            return Scalar(event.value, bool(event.implicit[0]), line)
        if isinstance(event, self._yaml.SequenceStartEvent):
            return ListNode(
                tuple(self._until(self._yaml.SequenceEndEvent, lambda one: self._node(one, depth=depth + 1))), line
            )
        return self._mapping(line, depth)

    def _mapping(self, line: int, depth: int) -> MapNode:
        entries: dict[str, tuple[int, Node]] = {}

        def entry(event: Any) -> None:
            key = self._node(event, depth=depth + 1)
            value = self._node(self._next(), depth=depth + 1)
            if not isinstance(key, Scalar):
                self._problems.add(key.line, "the name of a field must be a word")
            elif key.text in entries:
                self._problems.add(
                    key.line, f"{key.text[:60]} stands here a second time; it is in line {entries[key.text][0]} already"
                )
            else:
                entries[key.text] = key.line, value

        for _ in self._until(self._yaml.MappingEndEvent, entry):
            pass
        return MapNode(tuple((key, at, value) for key, (at, value) in entries.items()), line)

    def _until(self, end: type, read: Callable[[Any], Any]) -> Iterator[Any]:
        while not isinstance(event := self._next(), end):
            yield read(event)

    def _stop(self, line: int, sentence: str) -> None:
        self._problems.add(line, sentence)
        raise _Stop


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _yaml() -> tuple[Any, Any]:
    """The library and its loader: that of libyaml where the wheel has it, which is ten times as fast."""
    try:
        import yaml
    except ImportError as error:
        raise UnavailableError(
            "extra.missing",
            "packs are read by a library that is not installed here",
            "Install it: pip install 'edgecode[policy]'",
        ) from error
    return yaml, getattr(yaml, "CSafeLoader", yaml.SafeLoader)
