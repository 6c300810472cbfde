"""Sentences that a rule says: facts in braces become readable values, and what nobody has established reads NOT RECORDED."""

from collections.abc import Iterable, Mapping

from edgecode.checks.rules.catalogue import CANDIDATE, CATALOGUE, LISTS
from edgecode.checks.rules.pack_checking import BRACES
from edgecode.terms.rights import FactValue

NOT_RECORDED = "NOT RECORDED"


def readable(value: FactValue | None) -> str:
    """A value in a sentence: yes and no, words with commas; *None*: nobody has established it."""
    if value is None:
        return NOT_RECORDED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value)


def filled(
    sentence: str,
    facts: Mapping[str, FactValue],
    candidate: Mapping[str, FactValue] | None = None,
    *,
    variable: str = "",
) -> str:
    """*sentence* with the facts in its braces; those of *candidate* are called *variable*."""

    def value(name: str) -> str:
        root, _, field = name.partition(".")
        if candidate is not None and root == variable:
            return readable(candidate.get(field))
        return readable(facts.get(name))

    return BRACES.sub(lambda match: value(match[1]), sentence)


def named_in(sentence: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(BRACES.findall(sentence))


def lacking(names: Iterable[str]) -> str:
    """Facts that are not known, with what they mean: ``use.incidental (incidental, not story-relevant)``."""
    return "; ".join(f"{name} ({_meaning(name)})" if _meaning(name) else name for name in names)


def _meaning(name: str) -> str:
    root, _, field = name.partition(".")
    fact = CANDIDATE.get(field) if root in LISTS else CATALOGUE.get(name)
    return fact.meaning if fact else ""
