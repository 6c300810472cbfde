"""Evaluating expressions: the protocol of an engine, and the one that ships (cel-expr-python, the C++ implementation of CEL).

Expressions are compiled without types and run on plain maps, so that an absent key is an error that reads as unknown, never a default
(dependencies.md 2.2). Types are checked apart, against descriptors made of the catalogue, by `expressions`.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from edgecode.checks.rules.catalogue import CANDIDATE, CATALOGUE, LISTS, ROOTS
from edgecode.checks.rules.cel_tree import Node, reads_of, tree_of
from edgecode.errors import InputError, UnavailableError

EXPRESSION_CHARACTERS = 4_000
"""The longest expression of a pack. The engine stops after 10,000 iterations and 32 levels by itself."""

_MISSING_KEY = "NOT_FOUND: Key not found in map"
_OTHER_ROOTS = (*LISTS, "parameters", "today")

Roots = Mapping[str, object]
"""What an expression sees: maps by root without absent facts, lists of maps for candidates, ``today``."""


class Answer(NamedTuple):
    """*holds*: None when a fact is missing (*error* is "") or when the expression cannot be evaluated (*error* says why)."""

    holds: bool | None
    error: str = ""


class Expression(Protocol):
    """A compiled expression."""

    def answer(self, bound: object) -> Answer:
        """What it says of facts that `Evaluator.bind` bound with the same variable."""


class Evaluator(Protocol):
    """An engine for expressions. Another one can take the place of the shipped one; packs' tests run on two."""

    @property
    def engine(self) -> str:
        """Name and version, kept in the record of a gate."""

    def compile(self, text: str, *, variable: str = "") -> Expression:
        """*text*, with one more variable beside the roots. Raises InputError ``pack.expression``."""

    def bind(self, roots: Roots, *, variable: str = "") -> object:
        """Facts to evaluate on. Every root of the vocabulary must be there, be it empty."""


class CelEvaluator:
    """cel-expr-python. Raises UnavailableError ``extra.missing`` where it is not installed."""

    def __init__(self) -> None:
        self._cel = _cel()
        self._environments: dict[str, Any] = {}

    @property
    def engine(self) -> str:
        """Name and version of the wheel."""
        return _engine()

    def compile(self, text: str, *, variable: str = "") -> Expression:
        """See `Evaluator`. Expressions of a pack that was read are known to compile."""
        try:
            return _CelExpression(self._environment(variable).compile(text))
        except RuntimeError as error:
            raise InputError(
                "pack.expression",
                f"an expression cannot be compiled: {said(str(error))}",
                "Run `edgecode packs check` on the pack",
            ) from error

    def bind(self, roots: Roots, *, variable: str = "") -> object:
        """See `Evaluator`."""
        return self._environment(variable).Activation(roots)

    def _environment(self, variable: str) -> Any:
        found = self._environments.get(variable)
        if found is None:
            names = [*ROOTS, *_OTHER_ROOTS, *([variable] if variable else [])]
            found = self._cel.NewEnv(variables=dict.fromkeys(names, self._cel.Type.DYN))
            self._environments[variable] = found
        return found


class _CelExpression:
    def __init__(self, compiled: Any) -> None:
        self._eval = compiled.eval

    def answer(self, bound: object) -> Answer:
        """True, false or unknown; whatever else it comes to is an error in words."""
        try:
            found = self._eval(bound)
        except RuntimeError as stopped:
            # "Iteration budget exceeded": the engine stops a hostile expression and lives on.
            return Answer(None, said(str(stopped)))
        value = found.value()
        if value is True:
            return YES
        if value is False:
            return NO
        kind, why = found.type().name(), str(value)
        if kind == "ERROR" and _MISSING_KEY in why:
            return UNKNOWN
        return Answer(None, said(why) if kind == "ERROR" else f"the answer is of the type {kind}, not true or false")


YES, NO, UNKNOWN = Answer(True), Answer(False), Answer(None)


class Checked(NamedTuple):
    """*problems*: sentences; without any, *tree* is what the expression says."""

    problems: tuple[str, ...]
    tree: Node | None = None


def check_types(text: str, *, parameters: tuple[tuple[str, str], ...] = (), variable: str = "") -> Checked:
    """Compile *text* against the vocabulary: unknown facts, wrong types and answers that are no bool are found before any fact is seen.

    *parameters*: names and types; *variable*: of a candidate in a ``some``.
    """
    if len(text) > EXPRESSION_CHARACTERS:
        return Checked((f"the expression has {len(text):,} characters; at most {EXPRESSION_CHARACTERS:,} are read",))
    try:
        compiled = _typed(parameters, variable).compile(text)
    except RuntimeError as error:
        return Checked((said(str(error)),))
    kind = compiled.return_type().name()
    if kind != "BOOL":
        return Checked((f"it is of the type {kind.lower()}, but a rule asks what is true or false",))
    return Checked((), tree_of(compiled.serialize()))


@lru_cache(maxsize=4_096)
def reads(text: str, *, variable: str = "", over: str = "") -> frozenset[str]:
    """The facts that *text* may look at, by name; those of the candidate *variable* as ``consents.until``."""
    names = [*ROOTS, *_OTHER_ROOTS, *([variable] if variable else [])]
    environment = _untyped(tuple(names))
    return reads_of(tree_of(environment.compile(text).serialize()), {variable: over} if variable else {})


@lru_cache(maxsize=64)
def _untyped(names: tuple[str, ...]) -> Any:
    cel = _cel()
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN))


@lru_cache(maxsize=64)
def _typed(parameters: tuple[tuple[str, str], ...], variable: str) -> Any:
    """An environment whose roots are messages with the facts of the catalogue as fields."""
    cel = _cel()
    kind = cel.Type
    messages = {root: [fact for fact in CATALOGUE.values() if fact.root == root] for root in ROOTS}
    fields: dict[str, list[tuple[str, str]]] = {}
    fields |= {root: [(fact.name.partition(".")[2], fact.type) for fact in facts] for root, facts in messages.items()}
    fields["candidate"] = [(fact.name, fact.type) for fact in CANDIDATE.values()]
    fields["parameters"] = list(parameters)
    variables = {root: kind(f"ec.{root}") for root in (*ROOTS, "parameters")} | {"today": kind.STRING}
    variables |= {name: kind.List(kind("ec.candidate")) for name in LISTS}
    if variable:
        variables[variable] = kind("ec.candidate")
    return cel.NewEnv(_descriptors(fields), variables=variables)


def _descriptors(messages: Mapping[str, Sequence[tuple[str, str]]]) -> Any:
    """Protobuf descriptors of *messages* (fields and types of facts); only the type checker ever sees them."""
    try:
        from google.protobuf import descriptor_pb2, descriptor_pool
    except ImportError as error:
        raise _extra() from error
    kinds = descriptor_pb2.FieldDescriptorProto
    types = {"bool": kinds.TYPE_BOOL, "int": kinds.TYPE_INT64}
    file = descriptor_pb2.FileDescriptorProto(name="ec.proto", package="ec", syntax="proto3")
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for number, (field, written) in enumerate(fields, 1):
            many = written in ("strings", "territories")
            label = kinds.LABEL_REPEATED if many else kinds.LABEL_OPTIONAL
            message.field.add(name=field, number=number, label=label, type=types.get(written, kinds.TYPE_STRING))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


def said(message: str) -> str:
    """What the engine says, as one short line without its drawing of the place."""
    line = message.replace("\r", "").split("\n")[0]
    line = line.rpartition("ERROR: ")[2].removeprefix("<input>:").replace("'ec.", "'")
    return line[:300]


def _cel() -> Any:
    try:
        from cel_expr_python import cel
    except ImportError as error:
        raise _extra() from error
    return cel


@lru_cache(maxsize=1)
def _engine() -> str:
    from importlib.metadata import version

    return f"cel-expr-python {version('cel-expr-python')}"


def _extra() -> UnavailableError:
    return UnavailableError(
        "extra.missing",
        "rules are evaluated by a library that is not installed here",
        "Install it: pip install 'edgecode[policy]'",
    )
