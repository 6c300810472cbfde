"""What a pack's expressions, sentences and tests say, held against the vocabulary: nothing of it runs."""

import re
from collections.abc import Mapping

from msgspec import Struct

from edgecode.checks.rules.about_cut import CUT_FACTS
from edgecode.checks.rules.catalogue import CANDIDATE, CATALOGUE, LISTS, ROOTS, VOCABULARY, near_names
from edgecode.checks.rules.cel import reads
from edgecode.checks.rules.expressions import Parameters, expression_problems
from edgecode.checks.rules.fact_values import Fact, checked_as, is_day
from edgecode.checks.rules.open_words import refuse_slips
from edgecode.checks.rules.pack import Pack
from edgecode.checks.rules.pack_nodes import Form, ListNode, MapNode, Node, Problems, value_of
from edgecode.errors import InputError

AGREEMENT = "agreement"
BRACES = re.compile(r"\{([^{}]*)\}")
"""Facts in a sentence: ``{use.date}``."""


class Placed(Struct, frozen=True):
    """An expression or a sentence, where it stands, and the candidate's variable where there is one."""

    line: int
    where: str
    text: str
    variable: str = ""
    over: str = ""


class Found:
    """Every expression and every sentence of a pack, in order."""

    def __init__(self) -> None:
        self.expressions: list[Placed] = []
        self.sentences: list[Placed] = []

    def expression(self, line: int, where: str, text: str, *, variable: str = "", over: str = "") -> None:
        """Note one that has to be true or false."""
        self.expressions.append(Placed(line, where, text, variable, over))

    def sentence(self, line: int, where: str, text: str, *, variable: str = "", over: str = "") -> None:
        """Note one that takes facts in braces."""
        self.sentences.append(Placed(line, where, text, variable, over))


def check_expressions(found: Found, pack: Pack, problems: Problems) -> None:
    """Types, words and forms of every expression."""
    parameters: Parameters = tuple((one.name, one.type) for one in pack.parameters)
    for one in found.expressions:
        for problem in expression_problems(one.text, parameters=parameters, variable=one.variable, over=one.over):
            problems.add(one.line, f"{one.where}: {problem}")
        if one.where == AGREEMENT and not problems:
            for name in sorted(reads(one.text)):
                if not is_said_once(name):
                    problems.add(
                        one.line,
                        f"agreement: {name} is no fact of the production's profile, which tells what it signed",
                    )


def check_cut_rules(pack: Pack, problems: Problems) -> None:
    """That rules about whole cuts read what is known of a cut; of expressions that are right."""
    for rule in pack.rules if not problems else ():
        if rule.about != "cut":
            continue
        texts = [rule.when or "", *(one.that for one in rule.require)]
        read = {name for text in texts if text for name in reads(text)} | {one.over for one in rule.require if one.over}
        for name in sorted(read):
            if name not in CUT_FACTS and name != "today" and not name.startswith("parameters."):
                problems.add(rule.line, f"rule {rule.id}: {name} is not known of a whole cut; ask it of every use")


def is_said_once(name: str) -> bool:
    """Whether a fact is one of the production's profile, the same for all of it."""
    fact = CATALOGUE.get(name)
    return fact is not None and fact.world == "profile" and fact.root == "production"


def check_sentences(found: Found, pack: Pack, problems: Problems) -> None:
    """Names in braces."""
    parameters = {one.name for one in pack.parameters}
    for one in found.sentences:
        for name in BRACES.findall(one.text):
            root, _, field = name.partition(".")
            known = (
                name in CATALOGUE
                or name == "today"
                or (root == "parameters" and field in parameters)
                or (bool(one.variable) and root == one.variable and field in CANDIDATE)
            )
            if not known:
                problems.add(
                    one.line,
                    f"{one.where}: say: {{{name[:60]}}} is no fact of {VOCABULARY}{near_names(name, CATALOGUE)}",
                )


def check_tests(form: Form, pack: Pack, problems: Problems) -> None:
    """Facts of the tests, and that every rule is tested for pass (or not applicable), fail and unknown."""
    base = form.node("base", required=False)
    if base is not None:
        _check_facts(base, "base", pack, problems)
    for item in form.items("tests"):
        given = (
            next((below for key, _, below in item.entries if key == "given"), None)
            if isinstance(item, MapNode)
            else None
        )
        if given is not None:
            _check_facts(given, "given", pack, problems)
    seen: dict[tuple[str, str], int] = {}
    for test in pack.tests:
        first = seen.setdefault((test.rule, test.name), test.line)
        if first != test.line:
            problems.add(
                test.line,
                f"test {test.name[:60]}: the rule {test.rule} has a test of this name in line {first} already",
            )
    for rule in pack.rules:
        expected = {test.expect for test in pack.tests if test.rule == rule.id}
        lacking = [] if expected & {"pass", "not_applicable"} else ["pass (or not_applicable)"]
        lacking += [word for word in ("fail", "unknown") if word not in expected]
        for word in lacking:
            problems.add(rule.line, f"rule {rule.id}: no test expects {word}")


def _check_facts(node: Node, where: str, pack: Pack, problems: Problems) -> None:
    if not isinstance(node, MapNode):
        return
    parameters = {one.name: one.fact for one in pack.parameters}
    for root, line, below in node.entries:
        if root == "today":
            written = value_of(below)
            if not isinstance(written, str) or not is_day(written):
                problems.add(line, f"{where}: today must be a day, YYYY-MM-DD")
        elif root in LISTS:
            _check_candidates(root, below, where, problems)
        elif root == "parameters":
            _check_fields(root, below, where, parameters, problems)
        elif root in ROOTS:
            known = {name.partition(".")[2]: fact for name, fact in CATALOGUE.items() if fact.root == root}
            _check_fields(root, below, where, known, problems)
        else:
            problems.add(
                line, f"{where}: {root[:60]} is no root of {VOCABULARY}{near_names(root, (*ROOTS, *LISTS, 'today'))}"
            )


def _check_candidates(root: str, node: Node, where: str, problems: Problems) -> None:
    if value_of(node) is None:
        return
    if not isinstance(node, ListNode):
        problems.add(node.line, f"{where}: {root} must be a list")
        return
    for item in node.items:
        _check_fields(root, item, where, CANDIDATE, problems)


def _check_fields(root: str, node: Node, where: str, known: Mapping[str, Fact], problems: Problems) -> None:
    if value_of(node) is None:
        return
    if not isinstance(node, MapNode):
        problems.add(node.line, f"{where}: {root} must be a mapping of facts")
        return
    for field, line, below in node.entries:
        fact, value = known.get(field), value_of(below)
        if fact is None:
            problems.add(line, f"{where}: {root}.{field[:60]} is no fact of {VOCABULARY}{near_names(field, known)}")
        elif value is not None:
            try:
                refuse_slips(fact.name, checked_as(fact, value))
            except InputError as error:
                problems.add(line, f"{where}: {root}.{field} {error.sentence.partition(' ')[2]}")
