"""How much of an agreement's maxima is used up: by every cut in force, for a maximum is of the agreement and not of a cut.

A film and its trailer that show the same second use two: whether a contract counts it once is for the contract to say, and for a person to
decide. A cut that a later reading supersedes counts no more. What no audience sees or hears is counted once, however many cuts rest on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from edgecode.answers.chain import Chains
from edgecode.answers.uses.derived import derived_uses
from edgecode.checks.considered import totals_of
from edgecode.checks.needs import NOT_SHOWN
from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.production.corridor import Production
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Gate

Totals = dict[RecordId, dict[str, Fraction]]


def totals_everywhere(
    production: Production, register: Register, uses: Sequence[Use], *, cut: RecordId, today: str, now: int, gate: Gate
) -> Totals:
    """By agreement, the sums over *uses* (those of the cut that is judged) and over every other cut in force.

    The other cuts are derived only where an agreement that these uses rest on has a maximum; of others nothing is held against the sums.
    """
    totals = totals_of(uses, register, today=today, now=now, gate=gate)
    if not any(_has_maximum(register, agreement) for agreement in totals):
        return totals
    elsewhere = uses_elsewhere(production, register, cut=cut)
    return totals | _of(totals, totals_of(counted_once([*uses, *elsewhere]), register, today=today, now=now, gate=gate))


def uses_elsewhere(production: Production, register: Register, *, cut: RecordId = "") -> list[Use]:
    """The uses of every cut in force but *cut*."""
    chains = Chains(production.index)
    return [use for view in production.views() if view.cut != cut for use in derived_uses(view, chains, register)]


def counted_once(uses: Iterable[Use]) -> list[Use]:
    """*uses* without repetitions of what lies in no frame, or is shown to nobody: a training, a replica that was made."""
    found: list[Use] = []
    seen: set[str] = set()
    for use in uses:
        if use.spans and use.kind not in NOT_SHOWN:
            found.append(use)
        elif use.key not in seen:
            seen.add(use.key)
            found.append(use)
    return found


def _has_maximum(register: Register, agreement: RecordId) -> bool:
    versions = register.agreements[agreement].versions
    return any(one.terms is not None and one.terms.scope.maxima for one in versions)


def _of(asked: Iterable[RecordId], totals: Mapping[RecordId, dict[str, Fraction]]) -> Totals:
    return {agreement: totals[agreement] for agreement in asked if agreement in totals}
