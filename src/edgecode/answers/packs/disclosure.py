"""What is disclosed, only ever in packs: one opened section for one reader (disclosure/1), a person's own record (own-record/1)."""

from typing import cast

import msgspec
from msgspec import Struct

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.events.codec import Json, canonical
from edgecode.terms.identity import RecordId


class Disclosure(Struct, frozen=True, tag_field="schema", tag="edgecode.disclosure/1"):
    """One section of one event. *entry*: its index. *reader*: the first 16 hexadecimal digits of the SHA-256 of the reader's public key;
    "" when it was not sealed to one. The section itself lies under ``events/`` with its salt."""

    disclosure: RecordId
    entry: int
    event: RecordId
    type: str
    section: str
    reader: str
    ledger: LedgerPoint

    def encode(self) -> bytes:
        """Canonical JSON."""
        return canonical(cast(Json, msgspec.to_builtins(self)))


class OwnNote(Struct, frozen=True):
    """One note: its entry, class and fields. *corrected*: a later note takes its place."""

    ledger: int
    holds: str
    values: dict[str, str]
    corrected: bool = False


class OwnDepiction(Struct, frozen=True):
    """Where the person is seen or heard. *frames*: half open; None: all. *biometric*: the version is their scan, voice or capture."""

    version: RecordId
    how: str
    frames: tuple[int, int] | None
    biometric: bool


class OwnRight(Struct, frozen=True):
    """Something that the desk keeps of the person: an agreement and what happened to it, a session, a replica, a use, a decision.

    *kind*: ``agreement.recorded`` and so on. *values*: everything that it says, by dotted field.
    """

    ledger: int
    kind: str
    record: RecordId
    values: dict[str, str]


class OwnHold(Struct, frozen=True):
    """What keeps classes of this from being erased, and until when."""

    why: str
    keeps: tuple[str, ...]
    until: str


class OwnRecord(Struct, frozen=True, tag_field="schema", tag="edgecode.own-record/1"):
    """Everything that a production's record holds of one person, for that person."""

    alias: str
    production: str
    notes: tuple[OwnNote, ...]
    depictions: tuple[OwnDepiction, ...]
    holds: tuple[OwnHold, ...]
    entries: tuple[int, ...]
    ledger: LedgerPoint
    rights: tuple[OwnRight, ...] = ()

    def encode(self) -> bytes:
        """Canonical JSON."""
        return canonical(cast(Json, msgspec.to_builtins(self)))


def disclosure_text(given: Disclosure) -> str:
    """The disclosure for people."""
    to = (
        f"to the reader whose key begins its SHA-256 with {given.reader}"
        if given.reader
        else "to whoever holds this file"
    )
    return (
        f"DISCLOSURE  {given.disclosure}\n\n"
        f"Section {given.section} of entry {given.entry:,} ({given.type}) of {given.ledger.origin} is opened {to}.\n"
        f"It lies in events/{given.entry:012d}/{given.section}: the salt, then the plain bytes. edgecode-verify FILE shows that they are\n"
        "what the entry has been committed to since it was recorded. Every other section of it stays sealed.\n"
    )


def own_record_text(given: OwnRecord) -> str:
    """A person's own record for that person."""
    lines = [
        f"WHAT THE RECORD OF {given.production} HOLDS OF YOU",
        "",
        f"You are called {given.alias} on its papers.",
        "",
    ]
    for note in given.notes:
        lines.append(f"{note.holds} (entry {note.ledger:,}{', corrected later' if note.corrected else ''})")
        lines += [f"  {field}: {value}" for field, value in sorted(note.values.items())] or ["  nothing"]
    for one in given.depictions:
        frames = f"frames {one.frames[0]} up to {one.frames[1]} of " if one.frames is not None else ""
        what = ", which is your scan, voice or capture itself" if one.biometric else ""
        lines.append(f"You are {one.how.replace('-', ' ')} in {frames}version {one.version}{what}")
    for right in given.rights:
        lines.append(f"{right.kind.replace('.', ' ')} {right.record} (entry {right.ledger:,})")
        lines += [f"  {field}: {value}" for field, value in right.values.items()]
    for hold in given.holds:
        until = f"until {hold.until}" if hold.until else "until it is lifted"
        lines.append(f"Kept from erasure, {hold.why}: {', '.join(hold.keeps)}, {until}")
    lines += ["", "The entries, opened, lie under events/ with their proofs; edgecode-verify FILE checks them."]
    return "\n".join(lines) + "\n"
