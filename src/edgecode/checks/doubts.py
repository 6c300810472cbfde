"""What the loss of one consent leaves unknown of another one for the same act, of the same person."""

from collections.abc import Sequence

from msgspec.structs import replace

from edgecode.checks.held_against import Asking, Considered, acts_of
from edgecode.checks.lifecycle import LIVE
from edgecode.checks.losses import Loss, is_given_anew, losses_recorded
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL, Act

_DOUBTS = ("revoked", "exhausted", "suspended", "disputed")
_MAKING: frozenset[Act] = frozenset({"create", "train", "fine_tune"})


def beside_losses(asking: Asking, one: Considered, found: Sequence[Considered]) -> Considered:
    """The same, with what stands against another agreement for the same not known of it, unless it was given anew after that.

    What was taken back, used up, suspended or disputed counts, and what is no longer so only because somebody typed it.
    Somebody who takes back a consent, or disputes it, has said so of what it gave; whether a second paper of before was meant too is theirs
    to say, and counsel's to decide. Which other acts either paper permits plays no part.
    """
    asked, since = acts_of(asking), list[str]()
    doubts, doubted = set[str](), dict[RecordId, None]()
    for other in found:
        is_for_it = one.agreement.kind == "license" or bool(asked & frozenset(other.terms.acts))
        if other.agreement.id == one.agreement.id or _is_elsewhere(other) or not is_for_it:
            continue
        against = {name for name in _DOUBTS if other.status.get(name) is not False}
        for loss in losses_recorded(other.agreement, now=asking.now, today=asking.today):
            is_meant = loss.kind in against and (not loss.acts or bool(loss.acts & asked))
            is_meant = is_meant and not _is_of_a_replica(asking, other, one, loss)
            if is_meant and not is_given_anew(asking.register, one.agreement, one.version, loss):
                doubts.add(loss.kind)
                doubted[other.agreement.id] = None
                since.append(loss.on)
    if not doubted:
        return one
    status = {name: holds for name, holds in one.status.items() if holds or name not in doubts}
    # Of a license rules ask for its state alone.
    state = None if one.agreement.kind == "license" and one.state in LIVE else one.state
    return replace(one, status=status, state=state, doubted=tuple(doubted), doubted_since=min(since))


def _is_of_a_replica(asking: Asking, other: Considered, one: Considered, loss: Loss) -> bool:
    """Whether what was lost never permitted to show what was filmed: it permits only what named tools of a model make, and the filmed
    person has a consent to that of their own, which stood in the log before the loss did."""
    return (
        asking.use.kind == "performance"
        and _names_tools(other)
        and not _names_tools(one)
        and bool(frozenset(other.terms.acts) & _MAKING)
        and one.version.log_index < loss.log_index
    )


def _is_elsewhere(other: Considered) -> bool:
    """Whether a scope does not reach the use; a maximum that is used up is no such thing."""
    return other.match.answer == "outside" and any(
        part.answer == "outside" and part.dimension != "maxima" for part in other.match.parts
    )


def _names_tools(one: Considered) -> bool:
    tools = one.terms.scope.tools
    return bool(tools) and ALL not in (tools or ())
