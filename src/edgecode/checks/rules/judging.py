"""Judging subjects by packs: three values over the whole of a rule, sentences for what failed or is not known, and nothing judged twice.

A rule fires where scope, window and ``when`` hold and not everything required does (consent.md 6.2, Kleene's logic): a false ``when``
settles it as not applicable, a satisfied requirement as a pass although the rest is unknown. Absent facts of the world *record* are false.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from edgecode.checks.rules.catalogue import CANDIDATE, CATALOGUE, LISTS, RECORD_FACTS, ROOTS, VOCABULARY, near_names
from edgecode.checks.rules.cel import Answer, CelEvaluator, Evaluator, Expression
from edgecode.checks.rules.compiled import CompiledRule, Part, Required, compiled_rules
from edgecode.checks.rules.fact_values import Fact, fits, wanted
from edgecode.checks.rules.pack import About, ActivePack
from edgecode.checks.rules.sentences import NOT_RECORDED, filled, lacking, readable
from edgecode.checks.rules.subjects import Candidate, Outcome, Subject, Verdict
from edgecode.errors import InputError
from edgecode.terms.rights import FactValue

_KEPT = 4_096
_ABSENT: Mapping[str, FactValue | None] = {**dict.fromkeys(CATALOGUE), **dict.fromkeys(RECORD_FACTS, False)}


class Judgement(NamedTuple):
    """What a rule says of facts, whoever they are about."""

    outcome: Outcome
    why: str = ""
    missing: tuple[str, ...] = ()
    used: tuple[str, ...] = ()


class Judge:
    """Judges by these packs, in their order. One thread at a time.

    What a rule says of the facts that it reads is kept, so that subjects that differ in other facts are not judged again.
    """

    def __init__(self, packs: Sequence[ActivePack], evaluator: Evaluator | None = None) -> None:
        """Raises UnavailableError ``extra.missing``, InputError ``pack.expression``."""
        self._evaluator = evaluator or CelEvaluator()
        self._rules = [_Judged(one) for active in packs for one in compiled_rules(active, self._evaluator)]
        self._named = {(one.compiled.pack.id, one.compiled.rule.id): one for one in self._rules}

    @property
    def engine(self) -> str:
        """Name and version of what evaluates."""
        return self._evaluator.engine

    def asks_about(self, about: About) -> bool:
        """Whether any rule is about such subjects."""
        return any(one.about == about for one in self._rules)

    def verdicts(self, subject: Subject, *, today: str, only: Iterable[tuple[str, str]] | None = None) -> list[Verdict]:
        """Every rule that is about such a subject, passed and not applicable ones too. *today*: ``YYYY-MM-DD``. *only*: just these rules,
        by pack and id. Raises KeyError for one of them that is not here.

        Raises InputError ``facts.unknown`` and ``facts.value`` for facts that are none of the catalogue: a mistyped fact is no unknown.
        """
        rules = self._rules if only is None else [self._named[one] for one in only]
        return self._verdicts(subject, [one for one in rules if one.about == subject.about], today)

    def verdict(self, subject: Subject, *, pack: str, rule: str, today: str) -> Verdict:
        """What one rule says. Raises KeyError for a rule that is not among these, and like `verdicts`."""
        return self._verdicts(subject, [self._named[pack, rule]], today)[0]

    def _verdicts(self, subject: Subject, rules: "Iterable[_Judged]", today: str) -> list[Verdict]:
        seen = _Seen(subject, today, self._evaluator)
        found = []
        for rule in rules:
            key = rule.key_of(seen)
            judgement = rule.kept.get(key)
            if judgement is None:
                judgement = _judged(rule.compiled, seen)
                if len(rule.kept) >= _KEPT:
                    rule.kept.clear()
                rule.kept[key] = judgement
            found.append(rule.verdict(subject.key, judgement))
        return found


class _Judged:
    """A rule with what it said before."""

    def __init__(self, compiled: CompiledRule) -> None:
        self.compiled = compiled
        self.about = compiled.rule.about
        self.kept: dict[object, Judgement] = {}
        self._facts = _picker(compiled.facts)
        self._lists = compiled.lists
        said = (say for one in compiled.rule.require for say in (one.say, *(below.say for below in one.where)))
        self._today = "today" in compiled.reads or any("{today}" in say for say in said)
        pack, rule = compiled.pack, compiled.rule
        self._head = (pack.id, pack.header.version, pack.digest, rule.id)
        self._tail = (compiled.severity, rule.gates)

    def key_of(self, seen: "_Seen") -> object:
        """The facts that the rule reads, and nothing else."""
        key = self._facts(seen.facts)
        if self._lists or self._today:
            return key, *(seen.list_key(name) for name in self._lists), seen.today if self._today else ""
        return key

    def verdict(self, subject: str, judgement: Judgement) -> Verdict:
        """The judgement as the verdict on *subject*."""
        outcome, why, missing, used = judgement
        return Verdict(subject, *self._head, outcome, *self._tail, why, missing, used, self.compiled.capped)


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], object]:
    return itemgetter(*names) if names else lambda _: ()


class _Seen:
    """The facts of one subject, completed, and bound to the engine only when something is evaluated."""

    def __init__(self, subject: Subject, today: str, evaluator: Evaluator) -> None:
        _refuse_mistyped(subject)
        self.facts = {**_ABSENT, **dict.fromkeys(subject.open), **subject.facts}
        self.today = today
        self.candidates: Mapping[str, Sequence[Candidate]] = {
            "consents": subject.consents,
            "licenses": subject.licenses,
        }
        self.evaluator = evaluator
        self._list_keys: dict[str, object] = {}
        self._roots: dict[str, object] | None = None
        self._bound: dict[int, object] = {}

    def list_key(self, name: str) -> object:
        """What tells one list of candidates from another."""
        found = self._list_keys.get(name)
        if found is None:
            found = self._list_keys[name] = tuple(tuple(sorted(one.values.items())) for one in self.candidates[name])
        return found

    def known(self) -> dict[str, FactValue]:
        """Facts that are established, ``today`` among them."""
        return {**{name: value for name, value in self.facts.items() if value is not None}, "today": self.today}

    def bound(self, rule: CompiledRule) -> object:
        """The facts as the engine takes them, with the parameters of the rule's pack."""
        if not rule.parameters:
            found = self._bound.get(0)
            if found is None:
                found = self._bound[0] = self.evaluator.bind(self._nested())
            return found
        key = id(rule.parameters)
        found = self._bound.get(key)
        if found is None:
            found = self._bound[key] = self.evaluator.bind(self.roots(rule))
        return found

    def roots(self, rule: CompiledRule) -> dict[str, object]:
        """The facts by root, with the parameters of the rule's pack."""
        return {**self._nested(), "parameters": {name: _plain(value) for name, value in rule.parameters.items()}}

    def _nested(self) -> dict[str, object]:
        if self._roots is None:
            nested: dict[str, dict[str, object]] = {root: {} for root in ROOTS}
            for name, value in self.facts.items():
                if value is not None:
                    root, _, field = name.partition(".")
                    nested[root][field] = _plain(value)
            lists = {name: [plain_candidate(one) for one in self.candidates[name]] for name in LISTS}
            self._roots = {**nested, **lists, "parameters": {}, "today": self.today}
        return self._roots


def plain_candidate(candidate: Candidate) -> dict[str, object]:
    """A candidate as the engine takes it."""
    return {name: _plain(value) for name, value in candidate.values.items()}


def _plain(value: FactValue) -> object:
    return list(value) if isinstance(value, tuple) else value


def _refuse_mistyped(subject: Subject) -> None:
    for name, value in subject.facts.items():
        fact = CATALOGUE.get(name)
        if fact is None or not fits(fact, value):
            raise _mistyped(name, fact)
    for candidate in (*subject.consents, *subject.licenses):
        for name, value in candidate.values.items():
            fact = CANDIDATE.get(name)
            if fact is None or not fits(fact, value):
                raise _mistyped(name, fact)


def _mistyped(name: str, fact: Fact | None) -> InputError:
    if fact is None:
        near = near_names(name, (*CATALOGUE, *CANDIDATE))
        return InputError(
            "facts.unknown", f"{name[:80]} is no fact of {VOCABULARY}{near}", "docs/reference/packs.md lists them"
        )
    return InputError("facts.value", f"{name} must be {wanted(fact)}", "docs/reference/packs.md lists the facts")


# ---------------------------------------------------------------------------------------------------- three values


def _judged(rule: CompiledRule, seen: _Seen) -> Judgement:
    """Scope, window and ``when`` first; then what is required. An error that nothing false settles is an error of the rule."""
    bound = seen.bound(rule)
    used = tuple(
        f"{name} = {readable(value)}" if (value := seen.facts[name]) is not None else name
        for name in rule.reads
        if name in seen.facts
    )
    applies = _all(rule.guard, rule.guards, bound)
    if applies.holds is False:
        return Judgement("not_applicable", used=used)
    holds = _all(rule.required, [one.whole for one in rule.requires], bound)
    if applies.error or holds.error:
        return Judgement("error", _error(rule, bound), used=used)
    if holds.holds:
        return Judgement("pass", used=used)
    return _explained(rule, seen, bound, applies=applies.holds is True, used=used)


def _all(joined: Expression | None, parts: Sequence[Part], bound: object) -> Answer:
    """All of *parts*: one evaluation where that settles it, else each by itself: the engine gives only the first that went wrong."""
    if joined is not None:
        answer = joined.answer(bound)
        if answer.holds is not None:
            return answer
    answers = [part.expression.answer(bound) for part in parts]
    if any(answer.holds is False for answer in answers):
        return Answer(False)
    return next(
        (answer for answer in answers if answer.error), Answer(None if any(a.holds is None for a in answers) else True)
    )


def _error(rule: CompiledRule, bound: object) -> str:
    for part in (*rule.guards, *(one.whole for one in rule.requires)):
        error = part.expression.answer(bound).error
        if error:
            return f"this rule cannot be evaluated, which is for the author of its pack to mend: {part.what}: {error}"
    return "this rule cannot be evaluated, which is for the author of its pack to mend"


def _explained(rule: CompiledRule, seen: _Seen, bound: object, *, applies: bool, used: tuple[str, ...]) -> Judgement:
    """A failure, or what is not known, in sentences; failures first."""
    failed, unknown, missing, broken = list[str](), list[str](), dict[str, None](), ""
    facts = {**seen.known(), **{f"parameters.{name}": value for name, value in rule.parameters.items()}}
    for required in rule.requires:
        answer = required.whole.expression.answer(bound)
        broken = broken or answer.error
        if answer.holds is True:
            continue
        sentence, lacks = _sentence(required, rule, seen, facts, known=answer.holds is False)
        (failed if answer.holds is False else unknown).append(sentence)
        if answer.holds is None:
            missing |= dict.fromkeys(lacks)
    if broken:
        return Judgement("error", _error(rule, bound), used=used)
    if applies and failed:
        return Judgement("fail", "; ".join((*failed, *unknown)), used=used)
    why = "; ".join((*failed, *unknown))
    if not applies:
        open_parts = [part for part in rule.guards if part.expression.answer(bound).holds is None]
        open_facts = tuple(dict.fromkeys(name for part in open_parts for name in _missing(part, seen)))
        missing = dict.fromkeys((*open_facts, *missing))
        why = f"may apply, as this is {NOT_RECORDED}: {lacking(open_facts)}; if it applies: {why}"
    return Judgement("unknown", why, tuple(missing), used)


def _missing(part: Part, seen: _Seen) -> tuple[str, ...]:
    return tuple(name for name in part.reads if name in seen.facts and seen.facts[name] is None)


def _sentence(
    required: Required, rule: CompiledRule, seen: _Seen, facts: Mapping[str, FactValue], *, known: bool
) -> tuple[str, tuple[str, ...]]:
    """Why one requirement does not hold, and which facts are missing."""
    if required.written.over:
        return _nearest(required, rule, seen, facts)
    lacks = () if known else _missing(required.whole, seen)
    text = ("NOT so: " if known else "UNKNOWN whether ") + filled(required.written.say, facts)
    if lacks and NOT_RECORDED not in text:
        text += f" ({NOT_RECORDED}: {lacking(lacks)})"
    return text, lacks


def _nearest(
    required: Required, rule: CompiledRule, seen: _Seen, facts: Mapping[str, FactValue]
) -> tuple[str, tuple[str, ...]]:
    """The candidate that comes nearest, and what it lacks. One that nothing speaks against comes before one that fails, or something
    unknown would be explained by a failure elsewhere."""
    written, best = required.written, None
    roots = seen.roots(rule)
    for candidate in seen.candidates[written.over]:
        bound = seen.evaluator.bind({**roots, written.variable: plain_candidate(candidate)}, variable=written.variable)
        row = [(say, part, part.expression.answer(bound).holds) for say, part in required.conditions]
        score = (all(holds is not False for *_, holds in row), sum(holds is True for *_, holds in row))
        if best is None or score > best[0]:
            best = score, candidate, row
    if best is None:
        return f"nothing on file: {filled(written.say, facts)}", ()
    _, candidate, row = best
    lacks = [
        ("NOT " if holds is False else "UNKNOWN whether it ")
        + filled(say, facts, candidate.values, variable=written.variable)
        for say, _, holds in row
        if holds is not True
    ]
    missing = (
        name for _, part, holds in row if holds is None for name in part.reads if _is_open(name, candidate, seen)
    )
    return f"nearest {readable(candidate.values.get('id'))}: {'; '.join(lacks)}", tuple(dict.fromkeys(missing))


def _is_open(name: str, candidate: Candidate, seen: _Seen) -> bool:
    root, _, field = name.partition(".")
    if root in LISTS:
        return field not in candidate.values
    return name in seen.facts and seen.facts[name] is None
