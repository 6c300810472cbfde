"""Who is noted in a production, by alias (persons/1): how much by class, what holds are in force, and which erasures there were."""

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from edgecode.answers.layout.columns import printable
from edgecode.checks.register import Register
from edgecode.index.persons import HoldRow, entries_of, erased_counts, erasures, holds, persons
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId


class PersonLine(Struct, frozen=True):
    """One person. *classes*: entries by class. *holds*: reasons of holds in force. *roles*: what they may do in the production.

    *represented_by*: aliases of those who may sign for them.
    """

    alias: str
    classes: dict[str, int]
    holds: tuple[str, ...]
    roles: tuple[str, ...] = ()
    represented_by: tuple[str, ...] = ()


class ErasureLine(Struct, frozen=True):
    """One erasure: of whom is not known any more."""

    number: RecordId
    executed: str
    scope: str
    entry: int


class PersonsAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.persons/1"):
    """Persons who are recorded, and what is erased: *erased* counts entries by class."""

    persons: tuple[PersonLine, ...]
    erased: dict[str, int]
    erasures: tuple[ErasureLine, ...]


class HoldsAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.holds/1"):
    """Holds that were placed and not lifted; *alias* null: its person is erased. *in_force*: on the day of the answer."""

    holds: tuple["HoldLine", ...]


class HoldLine(Struct, frozen=True):
    """One hold."""

    hold: RecordId
    alias: str | None
    why: str
    keeps: tuple[str, ...]
    until: str
    in_force: bool


def persons_answer(store: IndexStore, *, today: str) -> PersonsAnswer:
    """Everybody who is noted, on the day *today*."""
    placed, register = holds(store), Register.read(store)
    lines = []
    for person in persons(store):
        noted = [entry for entry in entries_of(store, person.id) if entry.what in ("note", "depiction", "right")]
        in_force = tuple(hold.why for hold in placed if hold.person == person.id and hold.in_force(today))
        classes: dict[str, int] = dict(sorted(Counter[str](one.holds for one in noted).items()))
        lines.append(PersonLine(person.alias, classes, in_force, *_party(register, person.id)))
    done = tuple(ErasureLine(one.erasure, one.executed, one.scope, one.log_index) for one in erasures(store))
    return PersonsAnswer(tuple(lines), erased_counts(store), done)


def _party(register: Register, person: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    members = (one for one in register.members.values() if one.person == person and not one.retired)
    agents = (
        one.agent.alias for one in register.representations.values() if one.principal.person == person and not one.ended
    )
    return next((one.roles for one in members), ()), tuple(dict.fromkeys(alias for alias in agents if alias))


def persons_text(answer: PersonsAnswer, *, names: Mapping[str, str] | None = None) -> Iterator[str]:
    """A line for each. *names*: by alias, for who may see them."""
    for person in answer.persons:
        classes = ", ".join(f"{count} {name}" for name, count in person.classes.items())
        held = f"   held: {', '.join(person.holds)}" if person.holds else ""
        roles = f"   roles: {', '.join(person.roles)}" if person.roles else ""
        agents = f"   represented by {', '.join(person.represented_by)}" if person.represented_by else ""
        name = f"{printable(names.get(person.alias, '(no name noted)'))}   " if names else ""
        yield f"{person.alias:<6} {name}{classes}{held}{roles}{agents}"
    for one in answer.erasures:
        yield f"erased {one.executed}   {one.scope}   {one.number} (entry {one.entry:,})"
    if answer.erased:
        yield f"erased entries: {', '.join(f'{count} {name}' for name, count in answer.erased.items())}"
    if not answer.persons and not answer.erasures:
        yield "Nobody is noted."


def holds_answer(store: IndexStore, *, today: str) -> HoldsAnswer:
    """Holds that are not lifted."""
    return HoldsAnswer(tuple(_line(hold, today) for hold in holds(store) if not hold.lifted))


def holds_text(answer: HoldsAnswer) -> Iterator[str]:
    """A line for each."""
    for hold in answer.holds:
        until = f"until {hold.until}" if hold.until else "until it is lifted"
        over = "" if hold.in_force else "   over"
        yield f"{hold.alias or 'erased':<6} {hold.why}: keeps {', '.join(hold.keeps)}, {until}{over}   {hold.hold}"
    if not answer.holds:
        yield "No hold is placed."


def _line(hold: HoldRow, today: str) -> HoldLine:
    return HoldLine(hold.hold, hold.alias, hold.why, tuple(hold.keeps), hold.until, hold.in_force(today))
