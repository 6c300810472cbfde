"""Scenario files as values: facts that go in, the verdict that has to come out. Whatever is wrong with a file is said with its line.

The format is that of docs/reference/scenarios.md. Nothing is judged here; a file that is read is one that can be judged.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from msgspec import Struct

from edgecode.checks.gates import SCENARIO_WORDS, ScenarioWord
from edgecode.checks.rules.catalogue import CATALOGUE, checked
from edgecode.checks.rules.fact_values import Fact, wanted
from edgecode.checks.rules.open_words import refuse_slips
from edgecode.errors import InputError
from edgecode.terms.rights import FactValue
from edgecode.testing.scenario_records import NOT_SAYABLE
from edgecode.testing.written_yaml import Written, WrittenProblem, read_written

UNKNOWN = "__UNKNOWN__"
"""Stands where a fact has no value: nobody has established it."""

_LISTS = ("packs", "must_fire", "must_be_unknown", "must_not_fire")
_FIELDS = ("id", "facts", "expect", "expect_uncapped", *_LISTS)
_TOP = ("base", "scenarios")
_LINES = 40
_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,14}")
Facts: TypeAlias = dict[str, FactValue | None]


class Scenario(Struct, frozen=True):
    """*facts*: base and own facts together, the unknown ones left out. *packs*: None where the file names none: all that are shipped.

    *line*: of the file. *slips*: words that their facts do not have, a sentence each; such a scenario is not tried and does not agree.
    """

    id: str
    line: int
    title: str
    facts: Mapping[str, FactValue]
    expect: ScenarioWord
    expect_uncapped: ScenarioWord
    packs: tuple[str, ...] | None = None
    must_fire: tuple[str, ...] = ()
    must_be_unknown: tuple[str, ...] = ()
    must_not_fire: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()


def read_scenarios(data: bytes, *, name: str, rules: Mapping[str, Collection[str]]) -> list[Scenario]:
    """The scenarios of a file, in its order. *name*: what the file is called in messages; *rules*: the ids of rules by pack.

    A word outside the vocabulary spoils its scenario alone (`Scenario.slips`). Raises InputError ``scenarios.invalid`` for everything
    else that is wrong, with every problem as ``name:line: sentence``.
    """
    reader = _Reader(rules)
    try:
        written, twice = read_written(data)
        for line, sentence in twice:
            reader.problem(line, sentence)
        found = reader.file(written)
    except WrittenProblem as wrong:
        reader.problem(wrong.line, wrong.sentence)
        found = []
    if reader.problems:
        lines = sorted(set(reader.problems))
        shown = [f"{name}:{line}: {sentence}" for line, sentence in lines[:_LINES]]
        more = [f"… and {len(lines) - _LINES} more"] if len(lines) > _LINES else []
        raise InputError(
            "scenarios.invalid",
            "\n".join([f"{name} cannot be tried:", *shown, *more]),
            "The format: docs/reference/scenarios.md",
        )
    return found


class _Reader:
    """Reads a file and notes each problem, so that one run tells all of them."""

    def __init__(self, rules: Mapping[str, Collection[str]]) -> None:
        self.problems: list[tuple[int, str]] = []
        self._slips: list[tuple[int, str]] | None = None
        self._packs = rules
        self._rules = {rule for one in rules.values() for rule in one}

    def problem(self, line: int, sentence: str) -> None:
        self.problems.append((line, sentence))

    def file(self, written: Written) -> list[Scenario]:
        if written.kind != "mapping":
            self.problem(written.line, "a file of scenarios is a mapping with base and scenarios")
            return []
        self._misspelt(written, _TOP, cutoff=0.6)
        listed = written.member("scenarios")
        if listed is None or listed.kind != "list" or not listed.items:
            where = written.line if listed is None else listed.line
            self.problem(where, "scenarios is missing" if listed is None else "scenarios is a list of at least one")
            return []
        base = self._facts(written.member("base"))
        found = [one for item in listed.items if (one := self._scenario(item, base)) is not None]
        first: dict[str, int] = {}
        for one in found:
            if first.setdefault(one.id, one.line) != one.line:
                self.problem(one.line, f"scenario {one.id} stands here a second time; first in line {first[one.id]}")
        return found

    def _scenario(self, written: Written, base: Facts) -> Scenario | None:
        if written.kind != "mapping":
            self.problem(written.line, "a scenario is a mapping with id, facts and expect")
            return None
        identity = self._identity(written)
        self._misspelt(written, _FIELDS)
        self._slips = []
        own = self._facts(written.member("facts"))
        slips, self._slips = self._slips, None
        facts = {name: value for name, value in {**base, **own}.items() if value is not None}
        lists = {field: self._names(written, field) for field in _LISTS}
        expect = self._word(written, "expect")
        uncapped = self._word(written, "expect_uncapped", default=expect)
        title = written.member("title")
        if not identity or expect is None or uncapped is None:
            return None
        return Scenario(
            identity,
            written.line,
            title.text if title is not None else "",
            facts,
            expect,
            uncapped,
            None if written.member("packs") is None else lists["packs"],
            lists["must_fire"],
            lists["must_be_unknown"],
            lists["must_not_fire"],
            tuple(f"line {line}: {sentence}" for line, sentence in slips),
        )

    def _slip(self, line: int, sentence: str) -> None:
        """A value that its fact cannot have: of one scenario that one's own, of the base everybody's."""
        (self.problems if self._slips is None else self._slips).append((line, sentence))

    def _identity(self, written: Written) -> str:
        found = written.member("id")
        if found is None:
            self.problem(written.line, "id is missing")
            return ""
        if found.kind in ("list", "mapping", "null") or not found.text.strip():
            self.problem(found.line, "id is a word")
            return ""
        return found.text

    def _misspelt(self, written: Written, fields: Sequence[str], *, cutoff: float = 0.8) -> None:
        """A key that is nearly one of ours, where that one is missing, would be taken for a description and change the verdict."""
        there = {key for key, _, _ in written.members}
        for key, line, _ in written.members:
            near = get_close_matches(key, [field for field in fields if field not in there], n=1, cutoff=cutoff)
            if key not in fields and near:
                self.problem(line, f"{key} is no field; {near[0]} is meant?")

    def _word(self, written: Written, field: str, default: ScenarioWord | None = None) -> ScenarioWord | None:
        found = written.member(field)
        if found is None or (found.kind == "null" and default is not None):
            if field == "expect":
                self.problem(written.line, "expect is missing")
            return default
        for word in SCENARIO_WORDS:
            if found.is_words and found.text == word:
                return word
        self.problem(found.line, f"{field}: {_shown(found)} is no verdict; one of {', '.join(SCENARIO_WORDS)}")
        return None

    # ------------------------------------------------------------------------------------------ names of packs and rules

    def _names(self, written: Written, field: str) -> tuple[str, ...]:
        found = written.member(field)
        if found is None or (found.kind == "null" and field != "packs"):
            return ()
        if found.kind != "list":
            self.problem(found.line, f"{field} is a list, as in [a, b]")
            return ()
        known = self._packs if field == "packs" else self._rules
        what = "pack" if field == "packs" else "rule of a shipped pack"
        for item in found.items:
            if not item.is_words or item.text not in known:
                self.problem(item.line, f"{field}: there is no {what} {_shown(item)}{_nearest(item.text, known)}")
        return tuple(dict.fromkeys(item.text for item in found.items))

    # ------------------------------------------------------------------------------------------ facts

    def _facts(self, written: Written | None) -> Facts:
        if written is None or written.kind == "null":
            return {}
        if written.kind != "mapping":
            self.problem(written.line, "facts are a mapping of names to values")
            return {}
        return {name: self._fact(name, line, value) for name, line, value in written.members}

    def _fact(self, name: str, line: int, written: Written) -> FactValue | None:
        fact = CATALOGUE.get(name)
        if fact is None:
            self.problem(line, f"there is no fact {name!r}{_nearest(name, CATALOGUE)}")
            return None
        if written.is_words and written.text == UNKNOWN:
            return None
        if name in NOT_SAYABLE:
            self.problem(line, f"{name} is computed from what a scenario has none of, so it cannot be stated")
            return None
        try:
            value = _value(fact, written)
            known = None if value is None else checked(name, value)
        except InputError:
            known = None
        if known is not None:
            self._nearly(name, known, written.line)
            return known
        self._wrong(fact, written)
        return None

    def _nearly(self, name: str, value: FactValue, line: int) -> None:
        try:
            refuse_slips(name, value)
        except InputError as slip:
            self._slip(line, slip.sentence)

    def _wrong(self, fact: Fact, written: Written) -> None:
        """A word that is none of the fact's spoils its scenario alone; a value of another type spoils the file."""
        is_list = (
            fact.type in ("strings", "territories") and written.kind == "list" and all(map(_is_word, written.items))
        )
        say = self._slip if is_list or (fact.type == "enum" and written.is_words) else self.problem
        say(written.line, f"{fact.name} must be {wanted(fact)}, not {_shown(written)}{_unknown_too(written)}")


def _value(fact: Fact, written: Written) -> FactValue | None:
    """The value that is written, by the fact's type; None when it is of another. Its range is for the catalogue to check."""
    if fact.type == "bool":
        return written.text.lower() in ("true", "yes", "on") if written.kind == "bool" else None
    if fact.type == "int":
        return int(written.text) if written.kind == "int" and _DECIMAL.fullmatch(written.text) else None
    if fact.type in ("strings", "territories"):
        items = written.items
        return tuple(one.text for one in items) if written.kind == "list" and all(map(_is_word, items)) else None
    if fact.type == "date":
        return written.text if written.kind == "date" or written.is_words else None
    return written.text if written.is_words else None


def _is_word(written: Written) -> bool:
    # YAML 1.1 reads the country NO as false; who writes it in a list of words means Norway.
    return (written.is_words or (written.kind == "bool" and written.text.isupper())) and written.text != UNKNOWN


def _shown(written: Written) -> str:
    if written.kind == "list":
        return f"[{', '.join(one.text[:20] for one in written.items[:8])}]"
    if written.kind == "mapping":
        return "a mapping"
    return repr(written.text[:60]) if written.text else "nothing"


def _unknown_too(written: Written) -> str:
    return f"; what nobody knows is {UNKNOWN}" if written.kind == "null" else ""


def _nearest(name: str, known: Collection[str]) -> str:
    near: Sequence[str] = get_close_matches(name, list(known), n=3, cutoff=0.7)
    return f"; near: {', '.join(near)}" if near else ""
