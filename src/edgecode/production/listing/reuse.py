"""The dupe list over the cuts in force, with what the rules say of each use."""

from collections.abc import Iterable, Sequence

from edgecode.answers.agreements.resting import Moment
from edgecode.answers.chain import Chains
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.sheets import Sheet
from edgecode.answers.listing.dupes import WHATS, CutUses, What, dupe_list
from edgecode.answers.uses.derived import derived_uses
from edgecode.checks.register import Register
from edgecode.errors import UnavailableError
from edgecode.index.persons import day_of
from edgecode.production.checking.cuts import check
from edgecode.production.corridor import Production
from edgecode.production.persons.noting import judged_at


def dupes(production: Production, cuts: Sequence[str] = (), *, what: Iterable[What] = WHATS) -> Sheet:
    """What is used more than once in *cuts* (none: every cut in force). Without the extra ``policy`` every line says that the rules were
    not asked.

    Raises as `Production.view` does.
    """
    production.catch_up()
    views = [production.view(cut) for cut in dict.fromkeys(cuts)] if cuts else production.views()
    chains = Chains(production.index)
    register = Register.read(production.index, origin=production.log.origin)
    now = judged_at(production, register)
    used = [_uses(production, view, chains, register) for view in views]
    return dupe_list(used, chains, register, Moment(day_of(now), now), production=production.title(), what=what)


def _uses(production: Production, view: CutView, chains: Chains, register: Register) -> CutUses:
    try:
        checked = check(production, view.cut)
    except UnavailableError as error:
        if error.code != "extra.missing":
            raise
        return CutUses(view, derived_uses(view, chains, register), None)
    return CutUses(checked.view, checked.uses, checked.findings)
