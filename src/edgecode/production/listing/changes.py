"""The change list between two cuts, with what the rules say of either."""

from collections import defaultdict

from edgecode.answers.chain import Chains
from edgecode.answers.layout.sheets import Sheet
from edgecode.answers.listing.changes import ByClip, HeldFinding, Judged, change_list
from edgecode.errors import UnavailableError
from edgecode.production.agreements.resting import relying_on
from edgecode.production.checking.cuts import Checked, check
from edgecode.production.corridor import Production


def changes(production: Production, old: str, new: str) -> Sheet:
    """What is different between two cuts, and what of it nobody has agreed to. Without the extra ``policy`` every line says that the rules
    were not asked.

    Raises as `Production.view` does, and as `check` does where a pack cannot be read.
    """
    views = production.view(old), production.view(new)
    return change_list(
        *views,
        Chains(production.index),
        production=production.title(),
        relying=relying_on(production),
        judged=_judged(production, views[0].name, views[1].name),
    )


def _judged(production: Production, old: str, new: str) -> Judged | None:
    try:
        return Judged(_held(check(production, old)), _held(check(production, new)))
    except UnavailableError as error:
        if error.code != "extra.missing":
            raise
        return None


def _held(checked: Checked) -> ByClip:
    """What holds a delivery, by number of the clip."""
    found: dict[int, list[HeldFinding]] = defaultdict(list)
    for finding in checked.findings:
        if finding.held("deliver") == "open":
            continue
        waivable = finding.waivable
        one = HeldFinding(
            finding.key,
            finding.card.title,
            finding.card.fix,
            " or ".join(waivable.by) if waivable is not None and waivable.by else "clearance",
            reopened=finding.answered.state == "reopened",
        )
        for clip in dict.fromkeys(span.clip for span in finding.use.spans):
            found[clip].append(one)
    return dict(found)
