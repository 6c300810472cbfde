"""What became of one line of step/1 that was handed over, as the contract line-answer/1; and of a spool, as spool/1."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

Outcome = Literal["accepted", "duplicate", "refused", "kept", "dropped"]
"""``accepted``: durable in the log, or in the inbox where that was asked. ``duplicate``: it was there before. ``refused``: it is no step,
and never will be. ``kept``: durable in a spool, which somebody will take in. ``dropped``: nobody has it."""


class LineAnswer(Struct, frozen=True, omit_defaults=True, tag_field="schema", tag="edgecode.line-answer/1"):
    """*line*: its number, from 1. *step*: the id of the step on record. *code* and *text*: why it was refused or dropped."""

    line: int
    answer: Outcome
    step: str = ""
    code: str = ""
    text: str = ""


class SpoolAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.spool/1"):
    """The lines of a spool: *recorded* (in the log or the inbox), *waiting* to be taken in, *refused* by the intake, and *dropped* by its
    writers, by reason, which were never in it. *uncounted*: files whose count of drops cannot be read."""

    recorded: int
    waiting: int
    refused: int
    dropped: Mapping[str, int]
    files: int
    uncounted: int = 0


def spool_lines(answer: SpoolAnswer) -> Iterator[str]:
    """The spool for people."""
    dropped = sum(answer.dropped.values())
    yield f"{answer.recorded:,} recorded, {answer.waiting:,} waiting, {answer.refused:,} refused, {dropped:,} dropped"
    for reason, count in sorted(answer.dropped.items()):
        if count:
            yield f"  dropped: {count:,} {REASONS.get(reason, reason)}"
    if answer.uncounted:
        yield f"  of {answer.uncounted} files it cannot be read how many lines were dropped: more may be"


REASONS = {
    "disk-full": "because the disk took no more",
    "over-limit": "because the spool was as large as it may be",
    "too-big": "because the line was too long",
}
"""Why lines were dropped, in words."""
