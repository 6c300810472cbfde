"""The certificate of an erasure (erasure/1): what was destroyed, what stays and why, what it does not reach, and how to check it."""

from typing import cast

import msgspec
from msgspec import Struct

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.layout.columns import counted
from edgecode.events.codec import Json, canonical
from edgecode.terms.identity import RecordId, Sha256

GROUNDS = {
    "no-longer-needed": "the data is no longer needed (GDPR art. 17(1)(a))",
    "consent-withdrawn": "consent was withdrawn (GDPR art. 17(1)(b))",
    "objection": "the person objected (GDPR art. 17(1)(c))",
    "unlawful": "it was processed unlawfully (GDPR art. 17(1)(d))",
    "legal-obligation": "a legal obligation to erase (GDPR art. 17(1)(e))",
    "collected-from-child": "it was collected from a child (GDPR art. 17(1)(f))",
}
"""The recorded grounds in words. Which one applies is the production's word; nothing here judges it."""

VERIFIED = {
    "in-person": "in person",
    "identity-document": "by an identity document",
    "known-contact": "through a contact that was known before",
    "court-order": "by a court order",
    "power-of-attorney": "by a power of attorney",
}
STATES = (
    "Only this production's record is meant. Files of media are not touched: delete them where they lie.",
    "Copies of the databases made before this day are not reached; without the destroyed keys nobody reads the sealed sections in them,"
    " and a copy of keys.db from before must be destroyed with them. Digests, names and places of a scan, voice or capture that were"
    " recorded before it was declared one may stand in such copies under the production's key or in plain.",
    "So that a scan does not record an erased file again, a keyed mark of it may stay in the production's folder: it says nothing to"
    " anybody who has not both the file and the production's keys. It goes with --forget-completely, or when erased-files is deleted.",
    "Other machines that work on the same stores forget what their own scans remembered when they next open the production.",
    "Names that cuts, steps and people use for other things stay: a path in a cut, a model's name in a recipe.",
    "Trained weights, released copies, what vendors hold, and papers that others keep are not reached.",
    "The record keeps that there were these events, of which kinds and when, and that somebody was depicted: it opens to nobody.",
)
"""What every certificate says of its own limits."""


class Approver(Struct, frozen=True):
    """One of the people who approved: an opaque id and a public key (hexadecimal). Their signatures are in the event."""

    approver: RecordId
    key: str


class ErasedRecord(Struct, frozen=True):
    """An entry of the ledger with the sections of it that are gone."""

    ledger: int
    type: str
    sections: tuple[str, ...]


class Kept(Struct, frozen=True):
    """What stays: sections of a class, the hold that keeps them, and until when (``YYYY-MM-DD``; "": till it is lifted)."""

    holds: str
    why: str
    hold: RecordId
    sections: int
    until: str


class NotReached(Struct, frozen=True):
    """A version that shows or was made from the person, which an erasure of records does not change. *how*: as it was noted, or
    ``derived``: made from such a one."""

    version: RecordId
    media: str
    how: str


class Point(Struct, frozen=True):
    """A size of the log and its root, 64 hexadecimal characters."""

    size: int
    root: str


class ErasureCertificate(Struct, frozen=True, tag_field="schema", tag="edgecode.erasure/1"):
    """The answer. *number*: the erasure's record id. *person*: the alias, on the person's own copy only, as they gave it; else "".

    *executed*: the day by the recorder's clock. *keys*: SHA-256 of the ids of destroyed keys. *complete*: everything named was found
    gone from the stores when the certificate was given. *remains*: where the databases say that erased bytes may still lie.
    *before*, *after*: the log without and with the erasure's event.
    """

    number: RecordId
    person: str
    requested: str
    executed: str
    requester: str
    verified: str
    ground: str
    scope: str
    record_copy: str
    approvals: tuple[Approver, ...]
    complete: bool
    keys: tuple[Sha256, ...]
    records: tuple[ErasedRecord, ...]
    kept: tuple[Kept, ...]
    remains: tuple[str, ...]
    not_reached: tuple[NotReached, ...]
    states: tuple[str, ...]
    entry: int
    before: Point
    after: Point
    ledger: LedgerPoint

    def encode(self) -> bytes:
        """Canonical JSON."""
        return canonical(cast(Json, msgspec.to_builtins(self)))


_LISTED = 12


def certificate_text(given: ErasureCertificate) -> str:
    """The certificate for people."""
    gone = sum(len(one.sections) for one in given.records)
    lines = [
        f"CERTIFICATE OF ERASURE  {given.number}",
        "",
        *([f"Person       {given.person} (on this copy only)"] if given.person else []),
        f"Requested    {given.requested} by the {given.requester}, verified {VERIFIED[given.verified]}",
        f"Executed     {given.executed}, by the recorder's clock",
        f"Ground       {GROUNDS[given.ground]}",
        f"Own record   {'handed to the person before' if given.record_copy == 'handed-over' else 'offered to the person and declined'}",
        f"Scope        {_scope(given)}",
        f"Approved by  {', '.join(f'{one.approver} (key {one.key[:16]}…)' for one in given.approvals)}",
        "",
        f"Destroyed: {counted(gone, 'section')} of {counted(len(given.records), 'entry', 'entries')}, {counted(len(given.keys), 'key')}.",
        f"  ledger nos. {_numbers([one.ledger for one in given.records if one.sections])}",
        *(f"  key id SHA-256 {key}" for key in given.keys),
        *(["", "Kept:", *map(_kept, given.kept)] if given.kept else ["", "Kept: nothing."]),
        "",
        "Where bytes may still lie:",
        *(f"  - {one}" for one in (*given.remains, *given.states)),
        *_not_reached(given.not_reached),
        "",
        f"Record before: {given.before.size:,} entries, root {given.before.root}",
        f"Record after:  {given.after.size:,} entries, root {given.after.root}",
        "",
        f"To check it: edgecode-verify FILE. The pack proves that entry {given.entry:,} of {given.ledger.origin} states this erasure, and",
        "that every entry named above still stands in the log with the commitments it always had. That the bytes are gone from the",
        "keeper's machines is the keeper's statement: nothing can prove that somebody has no copy.",
    ]
    return "\n".join(lines) + "\n"


def _scope(given: ErasureCertificate) -> str:
    whole = (
        "everything that was recorded of the person"
        if given.scope == "whole"
        else "limited by a hold; what stays is below"
    )
    return whole if given.complete else f"{whole}. NOT FINISHED: open the production to carry it on"


def _kept(one: Kept) -> str:
    until = f"until {one.until}" if one.until else "until the hold is lifted"
    return f"  - {counted(one.sections, 'section')} of class {one.holds}, {one.why} ({one.hold}), {until}"


def _not_reached(versions: tuple[NotReached, ...]) -> list[str]:
    if not versions:
        return []
    lines = [
        "",
        f"Not reached, {counted(len(versions), 'version')} that show the person or were made from their likeness:",
    ]
    lines += [f"  - {one.version} ({one.media}, {one.how})" for one in versions[:_LISTED]]
    return lines + ([f"  … and {len(versions) - _LISTED:,} more in answer.json"] if len(versions) > _LISTED else [])


def _numbers(numbers: list[int]) -> str:
    shown = ", ".join(f"{number:,}" for number in numbers[: 4 * _LISTED])
    return shown + (f" and {len(numbers) - 4 * _LISTED:,} more" if len(numbers) > 4 * _LISTED else "")
