"""What a paper about a cut says beside its own matter: losses that legal released, and what was decided on the profile and the rules."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from edgecode.answers.layout.columns import counted, printable, wrapped
from edgecode.answers.paper_notes.profile_changes import ProfileChanged, change_text
from edgecode.answers.paper_notes.releases import ReleasedUse, used_text
from edgecode.terms.identity import RecordId


class RulesDecided(Struct, frozen=True):
    """A member's decision on a pack of rules. *by*: an alias. *signed*: by the key on record for them. *counts*: null where the packs
    cannot be read here, so that nobody can tell; *why*: why it does not count, "" where it does."""

    decision: RecordId
    pack: str
    choice: Literal["on", "off", "adopted", "cap_kept", "parameters"]
    by: str
    on: str
    signed: bool
    counts: bool | None
    why: str = ""


class CutNotes(Struct, frozen=True):
    """*released*: uses of the cut whose consent was lost and that legal released. *profile_changes*: what the production had said of itself
    and said otherwise later. *rules_decided*: the newest decision of each sort on each pack that counts, and newer ones that do not."""

    released: tuple[ReleasedUse, ...] = ()
    profile_changes: tuple[ProfileChanged, ...] = ()
    rules_decided: tuple[RulesDecided, ...] = ()


NO_NOTES = CutNotes()
"""Nothing was lost and released, and nothing decided."""

_CHOICES = {
    "on": "switched on",
    "off": "switched off",
    "adopted": "softened rules adopted",
    "cap_kept": "softened rules kept softened",
    "parameters": "parameters set",
}


def notes_text(notes: CutNotes, *, columns: int | None = None) -> list[str]:
    """The notes as lines; none where there is nothing to say."""
    return [
        *released_text(notes.released, columns=columns),
        *(line for one in notes.profile_changes for line in wrapped(printable(change_text(one)), columns)),
        *(line for one in notes.rules_decided for line in wrapped(printable(decided_text(one)), columns)),
    ]


def released_text(released: Iterable[ReleasedUse], *, columns: int | None) -> list[str]:
    """What is shown although a consent was lost, because legal released it; printed wherever its findings would be."""
    listed = list(released)
    if not listed:
        return []
    head = f"{counted(len(listed), 'use')} whose consent was lost, released by legal:"
    texts = [f"  {used_text(one)}" for one in listed]
    return [*wrapped(head, columns), *(line for text in texts for line in wrapped(printable(text), columns))]


def decided_text(one: RulesDecided) -> str:
    """One decision as a sentence."""
    said = f"{one.pack}: {_CHOICES[one.choice]} by {one.by or 'nobody who is named'} on {one.on}"
    said += ", signed" if one.signed else ""
    if one.counts is None:
        return f"{said}; whether it counts cannot be told here: {one.why}"
    return said if one.counts else f"{said}: it does not count, for {one.why}"
