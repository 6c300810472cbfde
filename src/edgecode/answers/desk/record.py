"""One record of the desk in full (desk-record/1): every entry about it; words, values, fees and file names only where revealed."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from edgecode.answers.layout.columns import printable
from edgecode.events.kinds import Event, Section, TextSection
from edgecode.events.person_kinds import PersonSection
from edgecode.terms.identity import RecordId

_OF_ITSELF = frozenset({"agreement"})
"""Fields of sections that repeat the record's own id."""


class DeskEntry(Struct, frozen=True):
    """One entry of the log about a record. *fact*: what its leaf commits to by name, ids, days and our own words. *person*: an alias, null
    for nobody and for somebody erased. *values*: what its sealed sections say, null where it is not revealed; a section that was erased
    says nothing."""

    entry: int
    event: str
    recorded: str
    fact: dict[str, str]
    person: str | None = None
    values: dict[str, str] | None = None


class DeskRecordAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.desk-record/1"):
    """Everything on record about one record of the desk, oldest first. *name*: of a model or dataset, revealed only."""

    record: RecordId
    entries: tuple[DeskEntry, ...]
    name: str | None = None


def entry_of(event: Event, *, index: int, recorded: str, alias: str | None, reveal: bool) -> DeskEntry:
    """An entry of the desk as it is shown."""
    fact = getattr(event, "fact", None)
    said = _said(fact) if isinstance(fact, Section) else {}
    return DeskEntry(index, event.TYPE, recorded, said, alias, sealed_values(event) if reveal else None)


def sealed_values(event: Event) -> dict[str, str]:
    """What the sections of an event beside its fact say, by name; a section that cannot be opened says nothing."""
    found: dict[str, str] = {}
    for name in event.__struct_fields__:
        section = getattr(event, name)
        if name == "fact" or section is None:
            continue
        if isinstance(section, TextSection):
            found |= dict(section.items)
        elif isinstance(section, PersonSection):
            found |= section.values
        else:
            found |= _said(section)
    return found


def _said(section: Section) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in msgspec.to_builtins(section).items():
        if name in _OF_ITSELF or value in (None, "", [], {}):
            continue
        inner: Mapping[str, object] = (
            value if name in ("values", "card", "parameters", "scope", "terms", "quantities") else {name: value}
        )
        found |= {key: _text(one) for key, one in inner.items() if one not in (None, "", [], {})}
    return found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, Sequence) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return msgspec.json.encode(value).decode()


def desk_record_text(answer: DeskRecordAnswer) -> Iterator[str]:
    """The record for people, a line for each value; nothing in it moves a cursor."""
    yield answer.record + (f"   {printable(answer.name)}" if answer.name else "")
    for one in answer.entries:
        whom = f"   {one.person}" if one.person else ""
        yield f"{one.event}   entry {one.entry:,}   recorded {one.recorded}{whom}"
        for name, value in (*one.fact.items(), *(one.values or {}).items()):
            yield f"  {printable(name)}: {printable(value)}"
    if all(one.values is None for one in answer.entries):
        yield "Words, values and names only with --reveal."
