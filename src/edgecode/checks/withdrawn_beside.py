"""What a person took back beside the consent that a use rests on: another consent of theirs for the same acts, or their agreement to the
processing of their data. What was given is another grant and stays; nobody is left in the dark about the other.
"""

from collections.abc import Sequence

from msgspec import Struct

from edgecode.checks.considered import Asking, Considered
from edgecode.checks.lifecycle import Withdrawal, gdpr_withdrawal, loss_of
from edgecode.checks.losses import Loss, is_given_anew
from edgecode.terms.rights import Act


class Beside(Struct, frozen=True, order=True):
    """A consent that was lost, what became of it (``taken back``, ``suspended``, ``disputed``), and the day from which that counts."""

    label: str
    since: str
    what: str = "taken back"


def withdrawn_beside(asking: Asking, found: Sequence[Considered]) -> tuple[Beside, ...]:
    """Consents beside the one relied on (the first of *found*): lost ones of which nobody knows whether it gives the same again, and newer
    ones for one of its acts that were taken back as a whole."""
    if not found:
        return ()
    relied, beside = found[0], set[Beside]()
    for one in found[1:]:
        if one.agreement.id == relied.agreement.id:
            continue
        if one.agreement.id in relied.doubted:
            beside.add(_doubted(one, relied))
        elif one.version.log_index > relied.version.log_index and set(one.terms.acts) & set(relied.terms.acts):
            loss = loss_of(one.agreement, asking.today)
            if loss is not None and loss.state == "revoked":
                beside.add(Beside(one.agreement.label, loss.since))
    return tuple(sorted(beside))


def _doubted(one: Considered, relied: Considered) -> Beside:
    what = "taken back" if one.status.get("revoked") else "suspended" if one.status.get("suspended") else "disputed"
    return Beside(one.agreement.label, one.lost_on or relied.doubted_since, what)


def gdpr_withdrawn_beside(asking: Asking, found: Sequence[Considered]) -> bool | None:
    """Whether the person took back, in any consent of theirs, their agreement to the processing of their data and has not given it again;
    None where only a keeper knows, or terms that would say so are erased.

    Another consent gives it again where it permits the same acts, is in force, was signed on the day of the withdrawal or later, and a
    paper kept after that shows it, with a member who answers for it (`losses.is_given_anew`).
    """
    said = [_of(asking, one, found) for one in found]
    return True if True in said else None if None in said else False


def _of(asking: Asking, one: Considered, found: Sequence[Considered]) -> bool | None:
    known = one.status.get("gdpr_withdrawn")
    relied = found[0]
    if one.agreement.id == relied.agreement.id:
        return known
    if known:
        withdrawal = gdpr_withdrawal(one.agreement, asking.today)
        return (
            withdrawal is None or not withdrawal.acts or not withdrawal.acts <= _given_since(asking, found, withdrawal)
        )
    loss = loss_of(one.agreement, asking.today)
    if one.version.terms is None and loss is not None and loss.state == "revoked":
        return None
    return False if known is False or one.terms.ground != "art9_explicit" else None


def _given_since(asking: Asking, found: Sequence[Considered], withdrawal: Withdrawal) -> frozenset[Act]:
    loss = Loss("revoked", withdrawal.on, withdrawal.log_index, withdrawal.acts)
    stands = [one for one in found if one.granted and not one.status.get("revoked")]
    again = [one for one in stands if is_given_anew(asking.register, one.agreement, one.version, loss)]
    return frozenset(act for one in again for act in one.acts)
