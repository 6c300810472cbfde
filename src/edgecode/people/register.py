"""The register: what is recorded of one person, read from opened sections. The only place where a name is more than bytes; pure.

It is made when somebody asks for it (`edgecode person show --reveal`, a person's own export) and kept nowhere.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from edgecode.errors import RefusedError
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


class Person(Struct, frozen=True):
    """Everything that the record holds of one person: notes in force and, apart from them, *corrected* ones."""

    ref: str
    alias: str
    notes: tuple[RegisteredNote, ...] = ()
    corrected: tuple[RegisteredNote, ...] = ()
    depictions: tuple[DepictionFact, ...] = ()
    holds: tuple[HoldFact, ...] = ()


def read_person(ref: str, recorded: Iterable[Recorded]) -> Person:
    """The person with this *ref* out of opened events; what is about others, or was erased, is passed over."""
    alias = ""
    notes: dict[RecordId, RegisteredNote] = {}
    corrected: list[RegisteredNote] = []
    depictions: dict[RecordId, DepictionFact] = {}
    holds: dict[RecordId, HoldFact] = {}
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
            case _:
                pass
    return Person(
        ref, alias, tuple(notes.values()), tuple(corrected), tuple(depictions.values()), tuple(holds.values())
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
