"""What is shown, and not merely typed: a paper that the desk has kept since, and a member who decides for the production.

So what ends a loss has to be shown: new words, the end of a dispute, the end of a suspension.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from edgecode.checks.kept_since import answers_for, is_kept_since
from edgecode.checks.lifecycle import disputed, stand_of
from edgecode.checks.register import Agreement, Move, Register
from edgecode.terms.identity import RecordId

_ENDS = {"dispute_ended": "disputed", "resumed": "suspended"}


def is_named(register: Register, by: RecordId, log_index: int) -> bool:
    """Whether somebody answers for an entry who decided for the production when it was written."""
    return answers_for(register.memberships, by, log_index)


def is_shown(register: Register, papers: Iterable[RecordId], *, after: int) -> bool:
    """Whether one of *papers* is kept, and was kept after an entry for the first time, by its bytes."""
    return is_kept_since(register.documents, papers, after=after)


def ended_unshown(register: Register, agreement: Agreement, on: str) -> frozenset[str]:
    """What lay over an agreement, ``disputed`` or ``suspended``, and is over on a day only because somebody typed it.

    The end of a strike is known to everybody: its own reason and a member who answers for it are enough.
    """
    kept = tuple(one for one in agreement.moves if one.move not in _ENDS or _is_shown_end(register, agreement, one))
    if len(kept) == len(agreement.moves):
        return frozenset()
    alone = replace(agreement, moves=kept)
    found = {"suspended"} if stand_of(alone, on).holds and not stand_of(agreement, on).holds else set[str]()
    return frozenset(found | ({"disputed"} if disputed(alone, on) and not disputed(agreement, on) else set()))


def _is_shown_end(register: Register, agreement: Agreement, move: Move) -> bool:
    if not is_named(register, move.by, move.log_index):
        return False
    begun = [
        one.log_index
        for one in agreement.moves
        if one.move == _ENDS[move.move] and one.log_index < move.log_index and move.why in ("", one.why)
    ]
    is_strike = move.move == "resumed" and move.why == "strike"
    return is_strike or is_shown(register, move.documents, after=max(begun, default=-1))
