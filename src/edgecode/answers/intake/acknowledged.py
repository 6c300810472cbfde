"""How far what was recorded has come, in every answer that says something was recorded; and the contracts inbox/1 and sequenced/1."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from edgecode.answers.coverage.answer import LedgerPoint

Level = Literal["accepted", "sealed", "witnessed"]
"""``accepted``: on disk in the inbox, not yet in the log. ``sealed``: in the log, under a head that the log has signed. ``witnessed``: a
quorum of the policy's witnesses has signed that head too."""


class Acknowledged(Struct, frozen=True):
    """How far everything that an answer is about has come. *ledger*: the head that it is under; None while it is only accepted."""

    level: Level
    ledger: LedgerPoint | None = None


ACCEPTED = Acknowledged("accepted")


class SequencedAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.sequenced/1"):
    """What was taken out of the inbox: *sealed* into the log, *known* because they were in it before, *refused* and set aside."""

    sealed: int
    known: int
    refused: int
    level: Level
    ledger: LedgerPoint | None


class SetAside(Struct, frozen=True):
    """An event that could not enter the log. *kind*: of the event, "unknown" for one that this release does not know. *reason*: see
    `REASONS`."""

    ticket: int
    kind: str
    reason: str


class InboxAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.inbox/1"):
    """What waits to be taken into the log, by kind, and what was set aside, in the order it came. Nothing of what events say is in here."""

    waiting: int
    kinds: Mapping[str, int]
    aside: tuple[SetAside, ...]


REASONS = {
    "no-observation": "a decision, or about persons or the log itself: it needs a signing key",
    "actor": "it names a key that did not sign it",
    "not-whole": "its sections are not those that its leaf names",
    "unreadable": "its sections cannot be read with the keys here, or are not what its leaf commits to",
    "other-keys": "it is sealed with other keys than those of its kind",
    "id-taken": "another event in the log has its id",
    "step-recorded": "the step is in the log already; what it said of it first stands there",
    "": "nothing is wrong with it now; record the same line again",
}
"""What each reason means, in words."""


def inbox_lines(answer: InboxAnswer) -> Iterator[str]:
    """The inbox for people."""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(answer.kinds.items()))
    yield f"{answer.waiting:,} {'event waits' if answer.waiting == 1 else 'events wait'}{f': {kinds}' if kinds else ''}"
    if answer.aside:
        yield f"{len(answer.aside):,} set aside:"
    for one in answer.aside:
        yield f"  ticket {one.ticket}  {one.kind}  {REASONS[one.reason]}"
