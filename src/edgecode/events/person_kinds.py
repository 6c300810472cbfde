"""Kinds of events about persons: what is noted of them, where they are seen or heard, holds, and their erasure.

A person's ref is random for each production and stands in `person` sections only, sealed with the person's own key; `fact` says
nothing that leads to them. One event is about one person. (docs/decisions/0009-record-and-person-kinds.md)
"""

from typing import ClassVar, Literal, cast

import msgspec

from edgecode.events.codec import Json, canonical
from edgecode.events.kinds import Event, Section, TextSection, sorted_refs
from edgecode.terms.identity import RecordId, Sha256

PersonalClass = Literal["identity", "contact", "likeness", "session", "agreement", "claim", "other"]
"""What a personal section holds, for retention: who somebody is, how to reach them, their face, voice or body, a capture session, what
was agreed, what they claim or are owed."""

HoldReason = Literal["legal-hold", "dispute", "unpaid-statement"]
ErasureGround = Literal[
    "no-longer-needed", "consent-withdrawn", "objection", "unlawful", "legal-obligation", "collected-from-child"
]
"""GDPR article 17(1)(a) to (f), in order."""


class PersonSection(Section, frozen=True):
    """*subject*: the person's ref. *alias*: what papers print, ``P-07``. *values*: what is noted, by field."""

    subject: str
    alias: str = ""
    values: dict[str, str] = {}


class NoteFact(Section, frozen=True):
    """*replaces*: an earlier note of the same person that this one corrects."""

    note: RecordId
    holds: PersonalClass
    replaces: RecordId = ""


class PersonNoted(Event, frozen=True):
    """Something about a person was written down."""

    TYPE: ClassVar[str] = "person.noted/1"
    fact: NoteFact
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.note, self.fact.replaces)


class DepictionFact(Section, frozen=True):
    """*version* shows, sounds like or is made from the person, in its frames *first* to *end* (half open; None: all of them).

    *biometric*: the version itself is a scan, a voice or a capture of the person, so that its digests are the person's too.
    """

    depiction: RecordId
    version: RecordId
    how: Literal["depicted", "heard", "performed", "likeness-source"]
    first: int | None = None
    end: int | None = None
    biometric: bool = False


class PersonDepicted(Event, frozen=True):
    """A person is seen or heard in a version, performed for it, or their likeness went into it."""

    TYPE: ClassVar[str] = "person.depicted/1"
    fact: DepictionFact
    person: PersonSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.depiction, self.fact.version)


class DepictionEndFact(Section, frozen=True):
    depiction: RecordId


class DepictionWithdrawn(Event, frozen=True):
    """A depiction was noted in error."""

    TYPE: ClassVar[str] = "depiction.withdrawn/1"
    fact: DepictionEndFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.depiction)


class HoldFact(Section, frozen=True):
    """*keeps*: classes of what is noted of the person that must stay. *until*: ``YYYY-MM-DD``, "" for as long as it is not lifted."""

    hold: RecordId
    why: HoldReason
    keeps: tuple[PersonalClass, ...]
    until: str = ""


class HoldPlaced(Event, frozen=True):
    """Something about a person must be kept for a while, whatever is asked."""

    TYPE: ClassVar[str] = "hold.placed/1"
    fact: HoldFact
    person: PersonSection | None = None
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.hold)


class HoldEndFact(Section, frozen=True):
    hold: RecordId


class HoldLifted(Event, frozen=True):
    """A hold ended before its date, or an open one ended."""

    TYPE: ClassVar[str] = "hold.lifted/1"
    fact: HoldEndFact
    text: TextSection | None = None

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.hold)


class ApproverFact(Section, frozen=True):
    """*key*: the approver's Ed25519 public key, 64 hexadecimal characters. *retired*: from here on its approvals count no more."""

    approver: RecordId
    key: str
    retired: bool = False


class ApproverNamed(Event, frozen=True):
    """Somebody may approve what takes two people; named by an opaque id and a key."""

    TYPE: ClassVar[str] = "approver.named/1"
    fact: ApproverFact

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.approver)


class ErasedSections(Section, frozen=True):
    """The named sections of one event."""

    event: RecordId
    sections: tuple[str, ...]


class KeptClass(Section, frozen=True):
    """What stays although erasure was asked: *sections* of this class, under *hold*, *until* ``YYYY-MM-DD`` ("": till it is lifted)."""

    holds: PersonalClass
    why: HoldReason
    hold: RecordId
    sections: int
    until: str = ""


class Approval(Section, frozen=True):
    """*signature*: Ed25519 in base64 by *approver*'s key over `erasure_statement` of the fact."""

    approver: RecordId
    signature: str


class KeptMatch(Section, frozen=True):
    """What a clip was matched to before names and digests went, so that the account of its cut stays what it was.

    *version* "": none, for *reason*. *candidates*: every version that was named. *method* and *confidence* as they were printed.
    """

    clip: RecordId
    method: str
    confidence: int
    version: RecordId = ""
    candidates: tuple[RecordId, ...] = ()
    reason: str = ""


class ErasureFact(Section, frozen=True):
    """*requested*: ``YYYY-MM-DD``. *verified*: how the requester's right was checked. *keys*: SHA-256 of the ids of destroyed keys.

    *erased*: every event and section that is gone, biometric digests and texts included. *record_copy*: what became of the
    offer of a sealed export. *same*: groups of erased versions that had one content each, and *matches*: what clips showed of them;
    both say nothing of the content. *approvals*: of two different people at least.
    """

    erasure: RecordId
    requested: str
    requester: Literal["person", "representative", "estate", "authority"]
    verified: Literal["in-person", "identity-document", "known-contact", "court-order", "power-of-attorney"]
    ground: ErasureGround
    scope: Literal["whole", "limited"]
    record_copy: Literal["handed-over", "declined"]
    erased: tuple[ErasedSections, ...]
    keys: tuple[Sha256, ...]
    kept: tuple[KeptClass, ...] = ()
    same: tuple[tuple[RecordId, ...], ...] = ()
    matches: tuple[KeptMatch, ...] = ()
    approvals: tuple[Approval, ...] = ()


class PersonErased(Event, frozen=True):
    """What was recorded of a person is destroyed. Who it was is not said."""

    TYPE: ClassVar[str] = "person.erased/1"
    fact: ErasureFact

    def refs(self) -> tuple[RecordId, ...]:
        return sorted_refs(self.fact.erasure, *(approval.approver for approval in self.fact.approvals))


def erasure_statement(fact: ErasureFact) -> bytes:
    """What approvers sign: the whole fact but the approvals."""
    alone = msgspec.structs.replace(fact, approvals=())
    return b"edgecode erasure order v1\n" + canonical(cast(Json, msgspec.to_builtins(alone)))
