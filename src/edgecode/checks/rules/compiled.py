"""A rule made ready: its conditions compiled, joined where one evaluation can settle them, and every fact that it reads."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from edgecode.checks.rules.catalogue import CATALOGUE, LISTS
from edgecode.checks.rules.cel import Evaluator, Expression, reads
from edgecode.checks.rules.pack import ActivePack, Pack, Requirement, Rule, severity_of
from edgecode.checks.rules.sentences import named_in
from edgecode.errors import InputError
from edgecode.terms.rights import FactValue, Severity


class Part(NamedTuple):
    """One condition. *what*: which of the rule's it is. *reads*: its facts, sorted."""

    what: str
    expression: Expression
    reads: tuple[str, ...]


class Required(NamedTuple):
    """One requirement. *conditions*: of a ``some``, each with its sentence and alone, to explain what the nearest candidate lacks."""

    written: Requirement
    whole: Part
    conditions: tuple[tuple[str, Part], ...] = ()


class CompiledRule:
    """One rule of one pack that judges.

    *guard*, *required*: all scope, window and ``when`` conditions, and all requirements, as one expression each; None where there is only
    one, or where the engine does not take so long an expression. *facts*, *lists*: everything that the answer depends on. *parameters*: one
    and the same mapping for all rules of a pack.
    """

    def __init__(
        self, active: ActivePack, rule: Rule, evaluator: Evaluator, parameters: Mapping[str, FactValue]
    ) -> None:
        pack = active.pack
        self.pack, self.rule = pack, rule
        self.severity: Severity
        self.severity, self.capped = severity_of(rule, pack.header, adopted=active.adopted)
        self.parameters = parameters
        guards = list(_guards(pack, rule))
        self.guards = tuple(Part(what, evaluator.compile(text), _sorted(reads(text))) for what, text in guards)
        self.requires = tuple(_required(one, evaluator) for one in rule.require)
        self.guard = _joined([text for _, text in guards], evaluator)
        self.required = _joined([text_of(one) for one in rule.require], evaluator)
        read = {name for part in (*self.guards, *(one.whole for one in self.requires)) for name in part.reads}
        self.reads = tuple(sorted(name for name in read if not name.startswith("parameters")))
        said = {
            name for one in rule.require for say in (one.say, *(c.say for c in one.where)) for name in named_in(say)
        }
        self.lists = tuple(name for name in LISTS if name in read)
        self.facts = tuple(sorted(name for name in read | said if name in CATALOGUE))


def compiled_rules(active: ActivePack, evaluator: Evaluator) -> list[CompiledRule]:
    """Every rule of a pack, ready."""
    parameters = {one.name: one.default for one in active.pack.parameters} | dict(active.parameters)
    return [CompiledRule(active, rule, evaluator, parameters) for rule in active.pack.rules]


def text_of(requirement: Requirement) -> str:
    """The requirement as one expression; a ``some`` is an ``exists`` over its list."""
    if not requirement.over:
        return requirement.that
    return f"{requirement.over}.exists({requirement.variable}, {all_of(one.that for one in requirement.where)})"


def all_of(texts: Iterable[str]) -> str:
    """Expressions joined. Each ends its line, so that no remark in one could swallow the next."""
    return " && ".join(f"({text}\n)" for text in texts)


def windows_of(pack: Pack, rule: Rule) -> list[str]:
    """The days in which a pack and a rule are in force, as expressions over the date of the picture that decides."""
    header, effective = pack.header, rule.effective
    written = [_window(header.effective_test.fact, header.in_force.since, header.in_force.until)]
    written += [_window(effective.fact, effective.since, effective.until)] if effective is not None else []
    return [one for one in written if one]


def _guards(pack: Pack, rule: Rule) -> Iterable[tuple[str, str]]:
    """What decides whether a rule applies, in words and as expressions: scope, the days in force, ``when``."""
    if pack.header.scope is not None:
        yield "the pack's scope", pack.header.scope
    for window in windows_of(pack, rule):
        yield "the days in which it is in force", window
    if rule.when is not None:
        yield "its condition", rule.when


def _window(fact: str | None, since: str | None, until: str | None) -> str:
    if fact is None:
        return ""
    ends = [f"{fact} >= '{since}'"] if since else []
    ends += [f"{fact} <= '{until}'"] if until else []
    return " && ".join(ends)


def _required(requirement: Requirement, evaluator: Evaluator) -> Required:
    text = text_of(requirement)
    whole = Part(requirement.say, evaluator.compile(text), _sorted(reads(text)))
    variable, over = requirement.variable, requirement.over
    conditions = tuple(
        (
            one.say,
            Part(
                one.say,
                evaluator.compile(one.that, variable=variable),
                _sorted(reads(one.that, variable=variable, over=over)),
            ),
        )
        for one in requirement.where
    )
    return Required(requirement, whole, conditions)


def _joined(texts: list[str], evaluator: Evaluator) -> Expression | None:
    if len(texts) < 2:
        return None
    try:
        return evaluator.compile(all_of(texts))
    except InputError:
        # An expression at the engine's limit of depth cannot be put into parentheses; its parts are evaluated one by one.
        return None


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
