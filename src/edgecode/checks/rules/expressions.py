"""What can be told of an expression before it runs: its types, its words, and the forms that would turn "nobody knows" into a yes."""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache

from edgecode.checks.rules.catalogue import CANDIDATE, CATALOGUE, LISTS, ROOTS, VOCABULARY, near_names
from edgecode.checks.rules.cel import check_types
from edgecode.checks.rules.cel_tree import Call, Const, Ident, ListOf, Loop, Made, Node, Select, path_of, walk
from edgecode.checks.rules.fact_values import Fact, is_word, wanted
from edgecode.checks.rules.open_words import refuse_slips
from edgecode.errors import InputError

ALLOWED = frozenset(
    [
        "_&&_",
        "_||_",
        "!_",
        "_==_",
        "_!=_",
        "_<_",
        "_<=_",
        "_>_",
        "_>=_",
        "@in",
        "size",
        "startsWith",
        "endsWith",
        "contains",
        "matches",
    ]
)
"""Functions and operators of rules. Sums, joins and lists that are made are facts of the host; `+` and map() could also fill the memory."""

_COMPARED = frozenset(["_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"])
_NO_FIELD = re.compile(r"^(\d+:\d+: )?undefined field '(\w+)' not found in struct '(\w+)'")
_NO_NAME = re.compile(r"^(\d+:\d+: )?undeclared reference to '([\w.]+)'")
_PLACE = re.compile(r"^(\d+):(\d+): ")
_TEXTS = re.compile(
    r"""[rR][bB]?(?:'''.*?'''|\"\"\".*?\"\"\"|'[^'\n]*'|"[^"\n]*")"""
    r"""|'''(?:\\.|.)*?'''|\"\"\"(?:\\.|.)*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*\"""",
    re.DOTALL,
)
"""Texts in quotes, raw ones first."""

Parameters = tuple[tuple[str, str], ...]
"""Names and types of a pack's parameters."""


@lru_cache(maxsize=4_096)
def expression_problems(
    text: str, *, parameters: Parameters = (), variable: str = "", over: str = ""
) -> tuple[str, ...]:
    """Everything that is wrong with an expression, a sentence each. *variable*: of a candidate of the list *over* in a ``some``."""
    if "//" in _TEXTS.sub("''", text):
        return (
            "// begins a remark, which would swallow what stands behind it; remarks are YAML's, or belong in say and note",
        )
    checked = check_types(text, parameters=parameters, variable=variable)
    if checked.tree is None:
        return tuple(_in_our_words(problem, variable) for problem in checked.problems)
    names = {variable: over} if variable else {}
    return tuple(dict.fromkeys([*_forms(checked.tree, names), *_words(checked.tree, names)]))


def _in_our_words(problem: str, variable: str) -> str:
    """An engine's sentence, with the near names where a name is unknown."""
    field = _NO_FIELD.match(problem)
    if field:
        message, name = field[3], field[2]
        known = (
            list(CANDIDATE)
            if message == "candidate"
            else [f.partition(".")[2] for f in CATALOGUE if f.startswith(message + ".")]
        )
        shown = variable if message == "candidate" else message
        whose = "parameter of this pack" if message == "parameters" else f"fact of {VOCABULARY}"
        return f"{shown}.{name} is no {whose}{near_names(f'{shown}.{name}', [f'{shown}.{one}' for one in known])}"
    reference = _NO_NAME.match(problem)
    if reference:
        known = [*CATALOGUE, *ROOTS, "parameters", "today", *sorted(ALLOWED)]
        return f"{reference[2]} is not known to rules{near_names(reference[2], known)}"
    place = _PLACE.match(problem)
    if place is None:
        return problem
    where = f"character {place[2]}" if place[1] == "1" else f"line {place[1]} of the expression, character {place[2]}"
    return f"at {where}: {problem[place.end() :]}"


def _forms(tree: Node, names: Mapping[str, str]) -> Iterator[str]:
    """Forms that rules may not have: dependencies.md 2.2, rules 4 and 5."""
    for node in walk(tree):
        if isinstance(node, Select) and node.is_test:
            yield "has() turns 'nobody knows' into false; name the fact, its absence is unknown by itself"
        elif isinstance(node, Call) and node.function == "_?_:_":
            yield "?: decides by a fact that may be missing; write it with && and ||"
        elif isinstance(node, Call) and node.function not in ALLOWED:
            yield f"{_function(node.function)} is not part of rules; sums, joins and lists are facts that the host computes"
        elif isinstance(node, Loop) and node.macro == "other":
            yield "rules make no lists: map() and filter() are not part of them"
        elif isinstance(node, Loop) and isinstance(node.over, ListOf):
            yield "a list that is written out is asked with in; exists() and all() are for facts that are lists"
        elif isinstance(node, ListOf) and not all(isinstance(item, Const) for item in node.items):
            yield "a list that is written out holds words, whole numbers, true and false; no facts"
        elif isinstance(node, Made) or (isinstance(node, Const) and node.value is None):
            yield "rules compare texts, whole numbers, true and false; what is absent is unknown and never null"
    yield from _roots(tree, names)


def _roots(node: Node, names: Mapping[str, str], *, under_select: bool = False) -> Iterator[str]:
    """Roots that stand alone, and lists of records read without ``some``."""
    if isinstance(node, Ident):
        if node.name in LISTS:
            yield (
                f"{node.name} is read with some: only; all() over an empty list is true, so that nothing on file would pass, "
                "and the explanation needs the candidate"
            )
        elif not under_select and (node.name in (*ROOTS, "parameters") or node.name in names):
            yield f"{node.name} stands alone; name one of its facts"
    elif isinstance(node, Select):
        yield from _roots(node.operand, names, under_select=True)
    elif isinstance(node, Call | ListOf):
        for below in node.arguments if isinstance(node, Call) else node.items:
            yield from _roots(below, names)
    elif isinstance(node, Loop):
        yield from _roots(node.over, names)
        yield from _roots(node.body, names)


def _words(node: Node, names: Mapping[str, str]) -> Iterator[str]:
    """Literals that no value of their fact can equal."""
    if isinstance(node, Loop):
        yield from _words(node.over, names)
        yield from _words(node.body, {**names, node.variable: path_of(node.over, names)})
        return
    if isinstance(node, Call) and len(node.arguments) == 2:
        left, right = node.arguments
        if node.function in _COMPARED:
            yield from _compared(left, [right], names)
            yield from _compared(right, [left], names)
            yield from _never_equal(left, right, names)
        elif node.function == "@in":
            yield from _compared(left, right.items if isinstance(right, ListOf) else (), names)
            yield from _compared(right, [left], names)
        elif node.function in _PARTS:
            yield from _part_of(node.function, left, right, names)
    for below in node.arguments if isinstance(node, Call) else node.items if isinstance(node, ListOf) else ():
        yield from _words(below, names)


def _compared(side: Node, others: "list[Node] | tuple[Node, ...]", names: Mapping[str, str]) -> Iterator[str]:
    fact = _fact(path_of(side, names))
    if fact is None:
        return
    for other in (item for one in others for item in (one.items if isinstance(one, ListOf) else (one,))):
        if isinstance(other, Const) and isinstance(other.value, str) and not is_word(fact, other.value):
            near = get_close_matches(other.value, fact.choices, n=1, cutoff=0.5)
            hint = f"; near it: {near[0]}" if near else ""
            yield f"'{other.value}' is no word of {path_of(side, names)}, which is {wanted(fact)}{hint}"
        elif isinstance(other, Const) and isinstance(other.value, str):
            yield from _slip(fact.name, other.value)


def _slip(name: str, word: str) -> Iterator[str]:
    """A word that is nearly one which profiles say: a rule that asks for it is never met."""
    try:
        refuse_slips(name, word)
    except InputError as slip:
        yield f"'{word}': {slip.sentence.replace('which rules ask for', 'which profiles say')}"


_PARTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda word, part: part in word,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}


def _part_of(function: str, side: Node, other: Node, names: Mapping[str, str]) -> Iterator[str]:
    """Parts that no word of a fact has."""
    fact = _fact(path_of(side, names))
    if fact is None or not fact.choices or not isinstance(other, Const) or not isinstance(other.value, str):
        return
    if not any(_PARTS[function](word, other.value) for word in fact.choices):
        yield f"no word of {path_of(side, names)} {function} '{other.value}'; it is {wanted(fact)}"


def _never_equal(left: Node, right: Node, names: Mapping[str, str]) -> Iterator[str]:
    """Two facts that have no word in common."""
    one, other = _fact(path_of(left, names)), _fact(path_of(right, names))
    if one is None or other is None:
        return
    apart = bool(one.choices and other.choices) and not set(one.choices) & set(other.choices)
    if apart or (one.type == "date" and other.choices) or (other.type == "date" and one.choices):
        yield f"{path_of(left, names)} and {path_of(right, names)} have no word in common"


_TODAY = Fact("today", "date", "derived", "the day of the check")


def _fact(path: str) -> Fact | None:
    root, _, field = path.partition(".")
    if path == "today":
        return _TODAY
    return CANDIDATE.get(field) if root in LISTS else CATALOGUE.get(path)


def _function(name: str) -> str:
    return name.replace("_", "").strip() or name if name.startswith("_") else f"{name}()"
