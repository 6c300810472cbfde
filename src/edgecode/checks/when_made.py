"""Whether a consent stood when something was made, and how far a day that a step claims shows when that was.

A step says itself when it ended, and may be written down much later. What changed of an agreement before the step entered the log, with
effect after the day that it claims, makes the day matter and leaves it unproven: then nobody knows under which words it was made.
"""

from collections.abc import Iterable, Sequence

from edgecode.checks.lifecycle import ENDING, revoked_acts, stand_of
from edgecode.checks.register import Agreement, AgreementVersion
from edgecode.checks.uses import Use
from edgecode.index.persons import day_of
from edgecode.terms.rights import ALL, Act


def words_are_shown(use: Use, agreement: Agreement, version: AgreementVersion, made_on: str) -> bool:
    """Whether the record shows that something was made under a wording: no other one was entered before its making was, and was signed
    after the day that is claimed."""
    if not use.entered:
        return True
    return not any(
        one.log_index < use.entered and one.terms is not None and one.terms.signed_on > made_on
        for one in agreement.versions
        if one.log_index != version.log_index
    )


def was_inactive(
    use: Use, agreements: Iterable[Agreement], acts: frozenset[Act], *, made_on: str, stood: Sequence[str] = ()
) -> bool | None:
    """Whether no consent for any of *acts* stood on the day on which something was made; None where nobody knows.

    *made_on*: the day, "" unknown. *stood*: ids of agreements whose keepers say that they stood then.
    """
    if not made_on:
        return None
    answers = [_stood(use, one, acts, made_on, is_vouched=one.id in stood) for one in agreements]
    return False if True in answers else None if None in answers else True


def _stood(use: Use, agreement: Agreement, acts: frozenset[Act], made_on: str, *, is_vouched: bool) -> bool | None:
    if agreement.kept == "elsewhere":
        signed = [
            one
            for one in agreement.versions
            if one.terms is not None and set(one.terms.acts or acts) & acts and _has_begun(one, made_on)
        ]
        return False if not signed else True if is_vouched else None
    stand = stand_of(agreement, made_on)
    version = stand.version
    if stand.state != "active" or version is None or version.terms is None:
        # Of an erased wording nobody can tell what it gave.
        return None if stand.state == "active" else False
    gives = frozenset(version.terms.acts) - revoked_acts(agreement, made_on)
    if not gives & acts or not _has_begun(version, made_on):
        return False
    is_shown = not use.entered or not any(
        move.log_index < use.entered and move.move in ENDING and (move.effective or day_of(move.ts)) > made_on
        for move in agreement.moves
    )
    return True if is_shown else None


def _has_begun(version: AgreementVersion, on: str) -> bool:
    terms = version.terms
    if terms is None or not terms.signed_on or terms.signed_on > on:
        return False
    until = terms.scope.until
    return (terms.scope.since or terms.signed_on) <= on and (until in ("", ALL) or on <= until)
