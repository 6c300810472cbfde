"""The tree of a checked expression, read from its serialized bytes, and what can be told from it: which facts it reads, which words.

The bytes are a `cel.expr.CheckedExpr` inside a `google.protobuf.Any` (cel-spec, proto/cel/expr/checked.proto and syntax.proto); the field
numbers below are those of these files. Nothing here runs an expression.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct


class Const(Struct, frozen=True):
    """A literal; None for null, decimals and bytes, which rules have no use for."""

    value: bool | int | str | None


class Ident(Struct, frozen=True):
    """A root or a variable."""

    name: str


class Select(Struct, frozen=True):
    """``operand.field``; *is_test* is ``has(operand.field)``."""

    operand: "Node"
    field: str
    is_test: bool = False


class Call(Struct, frozen=True):
    """A function or an operator (``_&&_``, ``@in``) and its arguments, the target first."""

    function: str
    arguments: "tuple[Node, ...]"


class ListOf(Struct, frozen=True):
    """``[items]``."""

    items: "tuple[Node, ...]"


class Loop(Struct, frozen=True):
    """``over.macro(variable, body)``; *other* is one that makes a new list or is none of these."""

    macro: Literal["all", "exists", "exists_one", "other"]
    variable: str
    over: "Node"
    body: "Node"


class Made(Struct, frozen=True):
    """A map or a message written out."""


Node: TypeAlias = Const | Ident | Select | Call | ListOf | Loop | Made


def tree_of(serialized: bytes) -> Node:
    """The tree of an expression as the engine serializes it."""
    checked = _one(serialized, 2)
    return _node(_one(checked, 4))


def _node(data: bytes) -> Node:
    for number, body in _fields(data):
        if number == 3:
            return Const(_constant(_bytes(body)))
        if number == 4:
            return Ident(_one(_bytes(body), 1).decode())
        if number == 5:
            parts = dict(_fields(_bytes(body)))
            return Select(_node(_bytes(parts[1])), _bytes(parts[2]).decode(), bool(parts.get(3, 0)))
        if number == 6:
            return _call(_bytes(body))
        if number == 7:
            return ListOf(tuple(_node(_bytes(item)) for n, item in _fields(_bytes(body)) if n == 1))
        if number == 9:
            return _loop(_bytes(body))
    return Made()


def _constant(data: bytes) -> bool | int | str | None:
    for number, body in _fields(data):
        if number == 2 and isinstance(body, int):
            return bool(body)
        if number in (3, 4) and isinstance(body, int):
            return body - (1 << 64) if number == 3 and body >> 63 else body
        if number == 6:
            return _bytes(body).decode()
    return None


def _call(data: bytes) -> Call:
    function, arguments = "", list[Node]()
    for number, body in _fields(data):
        if number == 2:
            function = _bytes(body).decode()
        else:
            arguments.append(_node(_bytes(body)))
    return Call(function, tuple(arguments))


def _loop(data: bytes) -> Loop:
    """A comprehension: what it starts from tells which macro it was written as."""
    parts = {number: _bytes(body) for number, body in _fields(data)}
    variable, over, start, step = parts[1].decode(), _node(parts[2]), _node(parts[4]), _node(parts[6])
    if isinstance(start, Const) and isinstance(step, Call):
        if start.value is True and step.function == "_&&_":
            return Loop("all", variable, over, step.arguments[1])
        if start.value is False and step.function == "_||_":
            return Loop("exists", variable, over, step.arguments[1])
        if start.value == 0 and step.function == "_?_:_":
            return Loop("exists_one", variable, over, step.arguments[0])
    return Loop("other", variable, over, step)


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of one message; nested messages and strings come as bytes."""
    at = 0

    def varint() -> int:
        nonlocal at
        out = shift = 0
        while True:
            byte = data[at]
            at += 1
            out |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return out

    while at < len(data):
        key = varint()
        number, wire = key >> 3, key & 7
        if wire == 0:
            yield number, varint()
            continue
        size = varint() if wire == 2 else 8 if wire == 1 else 4
        yield number, data[at : at + size]
        at += size


def _one(data: bytes, wanted: int) -> bytes:
    return next((_bytes(body) for number, body in _fields(data) if number == wanted), b"")


def _bytes(value: int | bytes) -> bytes:
    return value if isinstance(value, bytes) else b""


def walk(node: Node) -> Iterator[Node]:
    """*node* and everything below it."""
    yield node
    for below in _below(node):
        yield from walk(below)


def _below(node: Node) -> "tuple[Node, ...]":
    if isinstance(node, Select):
        return (node.operand,)
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, ListOf):
        return node.items
    if isinstance(node, Loop):
        return (node.over, node.body)
    return ()


def path_of(node: Node, names: Mapping[str, str]) -> str:
    """The fact that a node stands for, ``use.kind``; "" when it stands for none. *names*: what variables are called."""
    if isinstance(node, Ident):
        return names.get(node.name, node.name)
    if isinstance(node, Select):
        operand = path_of(node.operand, names)
        return f"{operand}.{node.field}" if operand else ""
    return ""


def reads_of(node: Node, names: Mapping[str, str] | None = None) -> frozenset[str]:
    """Every fact that an expression may look at: ``use.kind``, ``consents.until``, ``consents`` for the list itself, ``today``."""
    known = names or {}
    path = path_of(node, known)
    if path:
        return frozenset([path])
    if isinstance(node, Loop):
        over = path_of(node.over, known)
        inner = {**known, node.variable: over}
        return reads_of(node.over, known) | reads_of(node.body, inner)
    found: frozenset[str] = frozenset()
    for below in _below(node):
        found |= reads_of(below, known)
    return found
