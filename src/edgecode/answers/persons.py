"""Who is noted in a production, by alias (persons/1): how much by class, what holds are in force, and which erasures there were."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from edgecode.index.persons import HoldRow, entries_of, erased_counts, erasures, holds, persons
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId


class PersonLine(Struct, frozen=True):
    """One person. *classes*: entries by class. *holds*: reasons of holds in force."""

    alias: str
    classes: dict[str, int]
    holds: tuple[str, ...]


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
    placed = holds(store)
    lines = []
    for person in persons(store):
        noted = [entry for entry in entries_of(store, person.id) if entry.what in ("note", "depiction", "right")]
        in_force = tuple(hold.why for hold in placed if hold.person == person.id and hold.in_force(today))
        lines.append(PersonLine(person.alias, dict(sorted(Counter(one.holds for one in noted).items())), in_force))
    done = tuple(ErasureLine(one.erasure, one.executed, one.scope, one.log_index) for one in erasures(store))
    return PersonsAnswer(tuple(lines), erased_counts(store), done)


def persons_text(answer: PersonsAnswer) -> Iterator[str]:
    """A line for each."""
    for person in answer.persons:
        classes = ", ".join(f"{count} {name}" for name, count in person.classes.items())
        held = f"   held: {', '.join(person.holds)}" if person.holds else ""
        yield f"{person.alias:<6} {classes}{held}"
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
