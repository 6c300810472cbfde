"""Separation of duties: nobody decides for the production on their own likeness or on what they made, whatever their role.

Our own choice, as for waivers (`checks.findings`). It is held when a decision is entered and again whenever it is judged, so that one which
came in by another door counts no more than if nobody had decided.
"""

from collections.abc import Collection, Iterable

from edgecode.checks.desk_rows import Determination, Member, PaperRow
from edgecode.checks.register import Register
from edgecode.checks.uses import NOBODY_KNOWS, Use
from edgecode.terms.identity import RecordId

OWN_LIKENESS, OWN_WORK = "it is about their own likeness", "they made what it is about"


def own_matter(
    register: Register, member: Member, *, persons: Collection[int], versions: Iterable[RecordId], is_lost: bool = False
) -> str:
    """Why a member may not decide on something, as a sentence; "" when they may. *persons*: who is shown in it, by dense id; *versions*:
    what it consists of. *is_lost*: somebody in it cannot be told any more, who may be a member who cannot be told either."""
    if member.person is not None and member.person in persons:
        return OWN_LIKENESS
    if is_lost and member.person is None and not member.alias:
        return OWN_LIKENESS
    return OWN_WORK if member.id in register.makers_of(versions) else ""


def counts_for(use: Use, register: Register, decision: Determination | PaperRow) -> bool:
    """Whether a determination or an approval counts for a use: whoever decided is not shown in it, and did not make what it shows.

    One about the very version, and about nobody by name, is about everybody who is in that version.
    """
    member = register.members.get(decision.by)
    if member is None:
        return True
    is_of_all = not decision.whom.stated and (use.version in decision.about or use.key in decision.uses)
    others = use.beside if is_of_all else frozenset()
    own = {use.person} if use.person is not None else set()
    is_lost = use.person_state in {"erased", "unknown"} or NOBODY_KNOWS in others
    made = use.about | {use.version}
    return not own_matter(register, member, persons=own | others, versions=made, is_lost=is_lost)
