"""Which of several answers to one question counts for a use: what is said of the use itself before what is said of its cut, and that before
what is said of the whole production; and no milder answer, however near, over a stricter one of somebody else.

A member changes their own mind by answering again. What another member answered more strictly stays until they, or counsel, take it back,
and so does what was written down before an answer that is dated earlier: a day that somebody states can add weight, never take it away.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.checks.deciding import MAY_DECIDE, MILD_NO, MILD_YES
from edgecode.checks.register import Determination, Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.uses import Use
from edgecode.index.persons import day_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue

Comes = Callable[[Determination], FactValue | None]
"""What an answer comes to, as the fact's value."""
Nearness = Literal[1, 2, 3]


class Decided(Struct, frozen=True):
    """*counts*: the answer that does, None where nobody knows. *torn*: answers that speak against each other, each member's last."""

    counts: Determination | None
    torn: tuple[Determination, ...] = ()


def decided(
    question: str,
    given: Sequence[Determination],
    use: Use,
    register: Register,
    *,
    comes: Comes,
    also: frozenset[RecordId],
) -> Decided:
    """What *given*, all answers to one question about a use in ledger order, come to. *also*: further records that are its own."""
    nearest = max(_nearness(one, use, also) for one in given)
    listed = [one for one in given if _nearness(one, use, also) == nearest]
    wider = _stricter_of_others(question, [one for one in given if one not in listed], listed, comes)
    listed = [one for one in given if one in listed or one in wider]
    standing = _standing(question, listed, comes)
    newest = standing[-1]
    values = {comes(one) for one in standing}
    able = [one for one in standing if _may_say(one, register)]
    if len(values) == 1:
        return Decided(able[-1] if able else None)
    strictest = _strictest(question, standing, comes)
    # Whoever is stricter on a later day than everybody else has the last word and contradicts nobody.
    is_last_word = newest is strictest and all(_day(one) < _day(newest) for one in standing[:-1])
    torn = () if is_last_word and newest in able else tuple(standing)
    return Decided(strictest if strictest in able else None, torn)


def _stricter_of_others(
    question: str, wider: Sequence[Determination], nearest: Sequence[Determination], comes: Comes
) -> list[Determination]:
    """The strict answers about more than what is nearest, of members who said nothing nearer: no milder answer of somebody else wins over
    them by its nearness alone."""
    strict, nearer = strict_answer(question), {one.by for one in nearest}
    standing = _standing(question, wider, comes)
    return [one for one in standing if strict is not None and comes(one) is strict and one.by not in nearer]


def _nearness(one: Determination, use: Use, also: frozenset[RecordId]) -> Nearness:
    """How near an answer is: 3 of the use or what it rests on, 2 of its cut or its person, 1 of the whole production."""
    if use.key in one.uses or set(one.about) & ((use.about | {use.version, use.declared} | also) - {use.cut, ""}):
        return 3
    return 2 if use.cut in one.about or one.whom.stated else 1


def _standing(question: str, listed: Sequence[Determination], comes: Comes) -> list[Determination]:
    """The answers that stand beside each other, in ledger order: each member's last, and what a backdated one does not replace."""
    standing: list[Determination] = []
    for one in listed:
        replaced = [
            before
            for before in standing
            if before.by == one.by and (one.at >= day_of(before.ts) or not _is_milder(question, one, before, comes))
        ]
        standing = [*(before for before in standing if before not in replaced), one]
    return standing


def _is_milder(question: str, one: Determination, other: Determination, comes: Comes) -> bool:
    """Whether an answer says less against the use than another, or something else of which nobody can tell."""
    if comes(one) == comes(other):
        return False
    return _strictest(question, (one, other), comes) is not one


def _strictest(question: str, listed: Sequence[Determination], comes: Comes) -> Determination | None:
    """The newest of the answers that say most against the use; None where the question has no such side."""
    strict = strict_answer(question)
    return next((one for one in reversed(listed) if strict is not None and comes(one) is strict), None)


def strict_answer(question: str) -> bool | None:
    """The value of a question's fact with which rules ask for more; None where it has none, or no rule says which that is."""
    name = question if question in CATALOGUE else f"determination.{question}"
    return False if name in MILD_YES else True if name in MILD_NO else None


def _may_say(one: Determination, register: Register) -> bool:
    """Whether who answered might: nobody is named, as in a sheet, or a member who decided for the production when it was entered. What
    anybody else says only contradicts."""
    if not one.by:
        return True
    member = register.member_at(one.by, one.log_index)
    return member is not None and not set(member.roles).isdisjoint(MAY_DECIDE)


def _day(one: Determination) -> str:
    return one.at or day_of(one.ts)
