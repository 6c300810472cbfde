"""The small language of the draft packs (``and or not``, comparisons, ``in``, tuples, ``date('…')``), evaluated in Kleene logic.

An oracle for the ported packs: written from the grammar alone, it shares no line with the engine. None is unknown.
"""

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

Value = bool | int | str | tuple[str, ...]
Facts = Mapping[str, Value]
Three = bool | None
Operand = Callable[[Facts], object]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*')|(?P<number>\d+)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>==|!=|<=|>=|<|>|\(|\)|,))"
)
_SIGNS: dict[str, Callable[[object, object], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: str(a) < str(b),
    "<=": lambda a, b: str(a) <= str(b),
    ">": lambda a, b: str(a) > str(b),
    ">=": lambda a, b: str(a) >= str(b),
}


def negated(value: Three) -> Three:
    """Kleene's not."""
    return None if value is None else not value


def all_of(values: list[Three]) -> Three:
    """Kleene's and."""
    return False if False in values else None if None in values else True


def any_of(values: list[Three]) -> Three:
    """Kleene's or."""
    return True if True in values else None if None in values else False


class Draft:
    """One expression of a draft pack, parsed. *facts*: their names; *texts*: its string literals; *of*: literals by fact."""

    def __init__(self, text: str) -> None:
        self.tokens = [next(g for g in m.groups() if g) for m in _TOKEN.finditer(text)]
        assert "".join(self.tokens) == re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", text), text
        self.at = 0
        self.facts: set[str] = set()
        self.of: dict[str, set[str]] = {}
        self.evaluate = self._or()
        assert self.at == len(self.tokens), text

    def _next(self, *wanted: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] in wanted:
            self.at += 1
            return True
        return False

    def _or(self) -> Callable[[Facts], Three]:
        parts = [self._and()]
        while self._next("or"):
            parts.append(self._and())
        return lambda facts: any_of([part(facts) for part in parts])

    def _and(self) -> Callable[[Facts], Three]:
        parts = [self._not()]
        while self._next("and"):
            parts.append(self._not())
        return lambda facts: all_of([part(facts) for part in parts])

    def _not(self) -> Callable[[Facts], Three]:
        if self._next("not"):
            below = self._not()
            return lambda facts: negated(below(facts))
        if self._next("("):
            inside = self._or()
            assert self._next(")")
            return inside
        return self._comparison()

    def _comparison(self) -> Callable[[Facts], Three]:
        start = self.at
        left = self._operand()
        if self.at < len(self.tokens) and self.tokens[self.at] in _SIGNS:
            compare = _SIGNS[self.tokens[self.at]]
            self.at += 1
            right = self._operand()
            self._note(start)

            def compared(facts: Facts) -> Three:
                a, b = left(facts), right(facts)
                return None if a is None or b is None else compare(a, b)

            return compared
        is_negated = self._next("not")
        if self._next("in"):
            right = self._operand()
            self._note(start)

            def contained(facts: Facts) -> Three:
                a, b = left(facts), right(facts)
                if a is None or b is None:
                    return None
                assert isinstance(b, tuple)
                return (a in b) is not is_negated

            return contained

        def truth(facts: Facts) -> Three:
            value = left(facts)
            assert value is None or isinstance(value, bool)
            return value

        return truth

    def _operand(self) -> Operand:
        token = self.tokens[self.at]
        self.at += 1
        if token == "date":
            assert self._next("(")
            day = self._operand()
            assert self._next(")")
            return day
        if token == "(":
            items = [self._operand()]
            while self._next(","):
                items.append(self._operand())
            assert self._next(")")
            return lambda facts: tuple(item(facts) for item in items)
        if token.startswith("'"):
            return lambda facts: token[1:-1]
        if token in ("true", "false", "True", "False"):
            return lambda facts: token.casefold() == "true"
        if token.isdigit():
            return lambda facts: int(token)
        self.facts.add(token)
        return lambda facts: facts.get(token)

    def _note(self, start: int) -> None:
        """Remember which literals a fact is held against."""
        seen = self.tokens[start : self.at]
        for name in seen:
            if name in self.facts:
                self.of.setdefault(name, set()).update(token[1:-1] for token in seen if token.startswith("'"))


class DraftRule:
    """A rule of a draft pack and when it fires: scope and applies and not unless and not requires."""

    def __init__(self, pack: dict[str, object], rule: dict[str, str]) -> None:
        self.pack, self.id, self.confidence, self.verdict = (
            str(pack["pack"]),
            rule["id"],
            rule["confidence"],
            rule["verdict"],
        )
        positive = [Draft(str(text)) for text in (pack["scope"], rule["applies"]) if text]
        negative = [Draft(text) for text in (rule["unless"], rule["requires"]) if text]
        self.facts = sorted(set().union(*(one.facts for one in positive + negative)))
        self.of: dict[str, set[str]] = {}
        for one in positive + negative:
            for name, texts in one.of.items():
                self.of.setdefault(name, set()).update(texts)
        self._positive, self._negative = positive, negative

    def fires(self, facts: Facts) -> Three:
        """What the rule says of completed facts."""
        holds = [one.evaluate(facts) for one in self._positive]
        return all_of(holds + [negated(one.evaluate(facts)) for one in self._negative])


def read_drafts(folder: Path) -> list[DraftRule]:
    """Every rule of the draft packs in *folder*."""
    packs = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]
    return [DraftRule(pack, rule) for pack in packs for rule in pack["rules"]]


class DraftCatalogue:
    """The reference catalogue of facts: types as written there, worlds, and random values that tell literals apart."""

    def __init__(self, path: Path) -> None:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))["facts"]
        self.type = {name: str(entry["type"]) for name, entry in listed.items()}
        self.records = frozenset(name for name, entry in listed.items() if entry["world"] == "record")

    def completed(self, facts: Facts) -> Facts:
        """Record facts that nobody gave are false."""
        return {**dict.fromkeys(self.records, False), **facts}

    def some(self, name: str, texts: set[str], chance: random.Random) -> Value:
        """A value of the fact, most often one of *texts*, which a rule holds it against."""
        kind, near = self.type[name], sorted(texts)
        if kind == "bool":
            return chance.random() < 0.5
        if kind.startswith("int"):
            return chance.randint(1, 3)
        if kind == "date":
            days = [*near, "2024-12-31", "2026-06-08", "2026-12-01", "2028-01-01"]
            return chance.choice(days)
        if kind.startswith("set"):
            words = [*near, "FR"] if "territories" in name else [*near, "another"]
            return tuple(word for word in words if chance.random() < 0.6)
        if kind.startswith("enum"):
            every = kind[kind.index("[") + 1 : kind.index("]")].split(", ")
            return chance.choice(near if near and chance.random() < 0.7 else every)
        return chance.choice([*near, "another"])
