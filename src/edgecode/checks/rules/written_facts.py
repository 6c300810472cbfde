"""Values of facts as people type them: ``yes``, ``2026-11-23``, ``DE AT US-CA``."""

from edgecode.checks.rules.catalogue import CATALOGUE, checked, fact_named
from edgecode.checks.rules.fact_values import Fact
from edgecode.checks.rules.open_words import refuse_slips
from edgecode.errors import InputError
from edgecode.terms.rights import FactValue

_TRUTH = {"yes": True, "true": True, "no": False, "false": False}


def read_fact(name: str, written: str) -> FactValue:
    """The value that somebody wrote for the fact *name*. Lists are separated by semicolons or spaces; ``none`` is an empty one.

    Raises InputError ``facts.unknown`` and ``facts.value``, which does not repeat the value: one that is no value of the fact, or a slip
    in a word that rules ask for.
    """
    value = _read(fact_named(name), written.strip())
    refuse_slips(name, value)
    return value


def _read(fact: Fact, text: str) -> FactValue:
    name = fact.name
    if fact.type == "bool":
        return checked(name, _TRUTH.get(text.casefold(), text))
    if fact.type == "int":
        return checked(name, int(text) if text.isascii() and text.isdigit() else text)
    if fact.type in ("strings", "territories"):
        words = text.split(";") if ";" in text else text.split()
        return checked(name, tuple(word.strip() for word in words if word.strip()) if text != "none" else ())
    return checked(name, text)


def written_fact(value: FactValue) -> str:
    """The same value as text that `read_fact` reads."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        separator = "; " if any(" " in word for word in value) else " "
        return separator.join(value) or "none"
    return str(value)


def assigned(written: str, *, root: str) -> tuple[str, str]:
    """``NAME=VALUE``; a name without a dot is one of *root*. Raises InputError ``desk.assignment``."""
    name, separator, value = written.partition("=")
    name = name.strip()
    if not separator or not name:
        raise InputError("desk.assignment", "a fact is written NAME=VALUE", f"As in: {root}.… =yes")
    return name if "." in name or name in CATALOGUE else f"{root}.{name}", value
