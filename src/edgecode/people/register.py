"""The register: what is recorded of one person, read from opened sections. The only place where a name is more than bytes; pure.

It is made when somebody asks for it (`edgecode person show --reveal`, a person's own export) and kept nowhere.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from edgecode.errors import InputError, RefusedError
from edgecode.events.kept_kinds import KEPT_KINDS, personal_sections
from edgecode.events.kinds import Event
from edgecode.events.person_kinds import (
    DepictionFact,
    DepictionWithdrawn,
    HoldFact,
    HoldLifted,
    HoldPlaced,
    PersonalClass,
    PersonDepicted,
    PersonNoted,
)
from edgecode.events.registry import Recorded
from edgecode.terms.identity import RecordId

_DIGEST = re.compile(r"(?:(?:sha-?\d+|md5|blake\w+)[:=])?([0-9a-f]+)", re.IGNORECASE)
_DIGITS_OF_DIGESTS = {32, 40, 56, 64, 96, 128}
_WHO_THEY_ARE: tuple[PersonalClass, ...] = ("identity", "contact")


class RegisteredNote(Struct, frozen=True):
    """What was noted in one entry, by field."""

    entry: int
    note: RecordId
    holds: PersonalClass
    values: dict[str, str]


class RegisteredRight(Struct, frozen=True):
    """One event of the desk about the person, or about an agreement, a session, a replica of theirs.

    *kind*: ``agreement.recorded`` and so on. *record*: what it is about. *values*: everything of theirs that it says, by dotted field.
    """

    entry: int
    kind: str
    record: RecordId
    values: dict[str, str]


class Person(Struct, frozen=True):
    """Everything that the record holds of one person: notes in force and, apart from them, *corrected* ones."""

    ref: str
    alias: str
    notes: tuple[RegisteredNote, ...] = ()
    corrected: tuple[RegisteredNote, ...] = ()
    depictions: tuple[DepictionFact, ...] = ()
    holds: tuple[HoldFact, ...] = ()
    rights: tuple[RegisteredRight, ...] = ()


def read_person(ref: str, recorded: Iterable[Recorded]) -> Person:
    """The person with this *ref* out of opened events; what is about others, or was erased, is passed over.

    An event of the desk that names nobody is taken for theirs: give only those that the index leads to them.
    """
    alias = ""
    notes: dict[RecordId, RegisteredNote] = {}
    corrected: list[RegisteredNote] = []
    depictions: dict[RecordId, DepictionFact] = {}
    holds: dict[RecordId, HoldFact] = {}
    rights: list[RegisteredRight] = []
    for entry in recorded:
        match entry.event:
            case PersonNoted(fact, person) if person is not None and person.subject == ref:
                alias = person.alias or alias
                if fact.replaces in notes:
                    corrected.append(notes.pop(fact.replaces))
                notes[fact.note] = RegisteredNote(entry.index, fact.note, fact.holds, dict(person.values))
            case PersonDepicted(fact, person) if person is not None and person.subject == ref:
                depictions[fact.depiction] = fact
            case HoldPlaced(fact, person) if person is not None and person.subject == ref:
                holds[fact.hold] = fact
            case DepictionWithdrawn(fact):
                depictions.pop(fact.depiction, None)
            case HoldLifted(fact):
                holds.pop(fact.hold, None)
            case event if isinstance(event, KEPT_KINDS):
                section = getattr(event, "person", None)
                if section is None or section.subject == ref:
                    alias = (section.alias if section is not None else "") or alias
                    rights.append(_right(entry.index, event))
            case _:
                pass
    kept = tuple(depictions.values()), tuple(holds.values())
    return Person(ref, alias, tuple(notes.values()), tuple(corrected), *kept, tuple(rights))


def _right(entry: int, event: Event) -> RegisteredRight:
    fact = event.fact  # type: ignore[attr-defined]
    theirs = ("fact", *personal_sections(event))
    said = {name: part for name in theirs if (part := getattr(event, name, None)) is not None and name != "person"}
    said |= {"person": event.person.values} if getattr(event, "person", None) is not None else {}  # type: ignore[attr-defined]
    values = dict(_spread(msgspec.to_builtins(said), ""))
    record = getattr(fact, fact.__struct_fields__[0])
    return RegisteredRight(entry, event.TYPE.partition("/")[0], record, values)


def _spread(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every plain value in nested ones with its dotted path."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _spread(one, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple) and any(isinstance(one, dict | list | tuple) for one in value):
        for place, one in enumerate(value, 1):
            yield from _spread(one, f"{path}.{place}")
    elif isinstance(value, list | tuple):
        if value:
            yield path, ", ".join(map(str, value))
    elif value is not None and value != "":
        yield path, str(value)


def refuse_control_characters(values: Iterable[str]) -> None:
    """Raises InputError ``person.control`` for a value with a line's end or another control character: a name is one line of text."""
    if any(unicodedata.category(sign) == "Cc" for value in values for sign in value):
        raise InputError(
            "person.control",
            "what says who somebody is holds a control character, such as a line's end",
            "Write it on one line, without pasting formatting",
        )


def refuse_bare_hash(holds: PersonalClass, values: Iterable[str]) -> None:
    """Raises RefusedError ``person.bare_hash`` for a digest where a name or an address is noted.

    A hash of a name or an e-mail without a secret salt leads back to the person by trying names (GDPR-03): it is personal data that
    looks as if it were none, and it would be copied about as if it were none.
    """
    found = [_DIGEST.fullmatch(value.strip()) for value in values if holds in _WHO_THEY_ARE]
    if any(match is not None and len(match[1]) in _DIGITS_OF_DIGESTS for match in found):
        raise RefusedError(
            "person.bare_hash",
            "a hash without a secret salt stands where a name or an address is noted, and leads back to the person",
            "Note the name or the address itself: it is sealed with the person's own key",
        )
