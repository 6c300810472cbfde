"""Kinds of events about the record itself: its keys, its recovery, packs made of it, sections opened to one reader.

Rules of change are those of `events.kinds` (docs/decisions/0004-event-kinds.md, 0009-record-and-person-kinds.md).
"""

from typing import ClassVar, Literal

from edgecode.events.kinds import Event, Section, TextSection, sorted_refs
from edgecode.terms.identity import RecordId, Sha256


class KeyRotation(Section, frozen=True):
    """*old* and *new*: verifier keys (``name+id+base64``) of this log. Each signs the statement of `rotation_statement`; both
    signatures are Ed25519 in base64."""

    old: str
    new: str
    old_signature: str
    new_signature: str


class KeyRotated(Event, frozen=True):
    """From here on the log's heads are signed by the new key; until the old one is retired, by both."""

    TYPE: ClassVar[str] = "key.rotated/1"
    fact: KeyRotation


class KeyRetirement(Section, frozen=True):
    """*key*: the verifier key that stops signing. *trusted_until*: its signature alone is good for heads of at most this many entries."""

    key: str
    trusted_until: int
    why: Literal["rotated", "lost", "exposed"] = "rotated"


class KeyRetired(Event, frozen=True):
    """A key of this log signs no more."""

    TYPE: ClassVar[str] = "key.retired/1"
    fact: KeyRetirement


class Recovery(Section, frozen=True):
    """*origin*, *size*, *root* (hexadecimal): the furthest signed head known of the log that this one continues. *kept*: how many of
    its entries follow this event with the same bytes, *kept_root*: the root over them. *evidence*: signed notes that show the head.
    *why*: its store went back in time, was damaged, or lost its newest entries."""

    origin: str
    size: int
    root: str
    kept: int
    kept_root: str
    evidence: tuple[str, ...] = ()
    why: Literal["rolled-back", "damaged", "lost"] = "rolled-back"


class LogRecovered(Event, frozen=True):
    """The first event of a log that continues one whose store went back in time."""

    TYPE: ClassVar[str] = "log.recovered/1"
    fact: Recovery


class PackFact(Section, frozen=True):
    """*kind*: what the pack answers: a cut, an erasure, a disclosure. *about*: the cut's, erasure's or disclosure's record."""

    pack: RecordId
    kind: Literal["cut", "erasure", "disclosure"]
    about: RecordId = ""


class PackBytes(Section, frozen=True):
    """*content*: SHA-256 of the pack's ``pack.json``, which lists the digest of every member but those under ``seal/``."""

    content: Sha256


class PackMade(Event, frozen=True):
    """A pack was handed out; its answer is bound to the record by this event."""

    TYPE: ClassVar[str] = "pack.made/1"
    fact: PackFact
    bytes: PackBytes | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.pack, self.fact.about)


class DisclosureFact(Section, frozen=True):
    """*event* and *section*: what was opened. *reader*: the first 16 hexadecimal digits of the SHA-256 of the reader's public key;
    "" when it was not sealed to one."""

    disclosure: RecordId
    event: RecordId
    section: str
    reader: str = ""


class SectionDisclosed(Event, frozen=True):
    """One section was opened to one reader."""

    TYPE: ClassVar[str] = "section.disclosed/1"
    fact: DisclosureFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.disclosure, self.fact.event)


def rotation_statement(origin: str, old: str, new: str) -> bytes:
    """What both keys sign when the key of the log *origin* changes from *old* to *new* (verifier keys)."""
    return f"edgecode key rotation v1\n{origin}\n{old}\n{new}\n".encode()
