"""Which frames the cuts in force show of what somebody releases, so that the release is of these and of no others."""

from collections.abc import Collection

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.loading import load_cuts
from edgecode.answers.uses.derived import derived_uses
from edgecode.checks.about_use import is_about
from edgecode.checks.desk_rows import Whom
from edgecode.checks.register import Register
from edgecode.checks.releases import united
from edgecode.events.desk_kinds import ShownFrames
from edgecode.production.desk.about import About
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId


def frames_shown(
    record: Record, register: Register, about: About, *, cited: Collection[RecordId]
) -> tuple[ShownFrames, ...]:
    """By use, in order, the frames that cuts in force show of the people whose agreements are *cited*, as far as *about* means them."""
    agreements = [
        one for one in register.agreements.values() if any(version.agreement in cited for version in one.versions)
    ]
    persons = {one.person for one in agreements if one.person is not None}
    named = set(about.records) - {version.agreement for one in agreements for version in one.versions}
    whom = Whom(about.person.id, about.person.alias, stated=True) if about.person is not None else Whom()
    found: dict[str, set[tuple[int, int]]] = {}
    chains = Chains(record.index)
    for view in load_cuts(record.index, roots={}):
        for use in derived_uses(view, chains, register):
            if use.person in persons and is_about(use, named, about.uses, whom):
                found.setdefault(use.key, set()).update(use.shown)
    return tuple(ShownFrames(key, *frames) for key in sorted(found) for frames in united(found[key]))
