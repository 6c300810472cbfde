"""Releases by legal as papers print them: who let finished material go, or what was out already stay, on which day, citing whose clause."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from edgecode.checks.considered import Asking, Considered
from edgecode.checks.register import Agreement, Register
from edgecode.checks.releases import CASE, Released, legal_word, named_after, release_of
from edgecode.terms.identity import RecordId


class ReleaseNote(Struct, frozen=True, order=True):
    """*release*: the record. *by*: an alias, *role*: as which they decided. *clause*: labels of the agreements whose clause it cites; *on*:
    the day. *what*: a release, or the decision on the case of a cut that had been released before the loss. *named*: the day on which they
    got that role, where it was after the loss; "" where they had it before."""

    release: RecordId
    by: str
    role: str
    clause: str
    on: str
    what: Literal["release", "case"] = "release"
    named: str = ""


class ReleasedUse(Struct, frozen=True):
    """A use whose consent was lost and that is shown because legal released it: what would be a finding. *subject*: its key; *frames*: of
    the cut, *in* and *out* as in a finding."""

    subject: str
    kind: str
    person: str
    version: RecordId
    clip: str
    in_tc: str
    out_tc: str
    frames: int
    note: ReleaseNote


def note_of(one: Released) -> ReleaseNote:
    """A release as it is printed."""
    return ReleaseNote(one.release, one.by, "legal", one.clause, one.on, _what(one.word), one.named)


def note_for(asking: Asking, relied: Considered | None) -> ReleaseNote | None:
    """The release that counts for a use, where there is one."""
    one = release_of(asking, relied)
    return note_of(one) if one is not None else None


def notes_citing(register: Register, agreement: Agreement) -> Iterator[ReleaseNote]:
    """Every release by legal on record that cites an agreement's clause, in ledger order, whatever it counts for now; with what counsel
    answered since: a no takes it back."""
    for one in legal_word(register, agreement):
        member = register.members.get(one.by)
        alias = member.alias if member is not None else ""
        role = "legal" if one.is_given else "legal: no"
        named = named_after(register, [agreement], one)
        yield ReleaseNote(one.id, alias, role, agreement.label, one.on, _what(one.word), named)


def _what(word: str) -> Literal["release", "case"]:
    return "case" if word == CASE else "release"


_SAID = {
    ("release", True): "released",
    ("release", False): "release taken back",
    ("case", True): "case of the released cut decided",
    ("case", False): "case of the released cut answered no",
}


def note_text(note: ReleaseNote) -> str:
    """``released by P-06 (legal) on 2026-11-23, citing the clause of C-01``, and that counsel was named after the loss."""
    said = _SAID[note.what, not note.role.endswith("no")]
    late = f"; counsel named on {note.named}, after the loss" if note.named else ""
    return f"{said} by {note.by or 'a member'} (legal) on {note.on}, citing the clause of {note.clause}{late}"


def used_text(one: ReleasedUse) -> str:
    """One released use in a line."""
    where = f"{one.clip or one.kind}, {one.in_tc} to {one.out_tc}" if one.in_tc else one.kind
    return f"{one.person or 'somebody'}, {one.kind}: {where}, {one.frames:,} frames: {note_text(one.note)} [{one.note.release}]"
