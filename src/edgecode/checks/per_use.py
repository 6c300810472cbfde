"""Approvals of each use, where the consent asks for them: which consent does, and which record approves a use.

The approval is the person's, not the production's: a yes that nobody shows a paper of is the production's own word, and counts for nothing.
"""

from collections.abc import Mapping

from edgecode.checks.about_use import papers_about
from edgecode.checks.considered import Asking, Considered
from edgecode.checks.register import PaperRow
from edgecode.checks.shown_by_paper import is_shown
from edgecode.terms.rights import FactValue

APPROVAL = "approval.person_per_use"


def approvals_per_use(asking: Asking, relied: Considered | None) -> Mapping[str, FactValue]:
    """``consent.approval_per_use`` and ``approval.person_per_use``, of the consent relied on and of the newest record about the use.

    Terms that are on record and do not speak of it ask for none; of erased ones nobody knows. A yes counts with a paper whose bytes
    were not on file when the consent was recorded; a no needs none.
    """
    if relied is None or relied.version.terms is None:
        return {}
    facts: dict[str, FactValue] = {"consent.approval_per_use": relied.terms.terms.approvals_per_use is True}
    since = relied.agreement.versions[0].log_index
    given = [
        one
        for one in papers_about(asking)
        if one.fact == APPROVAL
        and _names_it(one, asking, relied)
        and (not one.is_given or is_shown(asking.register, one.documents, after=since))
    ]
    return facts | ({APPROVAL: given[-1].is_given} if given else {})


def _names_it(paper: PaperRow, asking: Asking, relied: Considered) -> bool:
    """Whether an approval names this very use: by its key, or by its version or declaration and whose it is where several are in it."""
    use = asking.use
    if use.key in paper.uses:
        return True
    if not set(paper.about) & ({use.version, use.declared} - {""}):
        return False
    is_theirs = paper.whom.person == use.person or bool(relied.ids & set(paper.about))
    return is_theirs or use.beside <= {use.person}
