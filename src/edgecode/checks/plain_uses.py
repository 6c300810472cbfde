"""Uses that show what was filmed or recorded as it was, all of its making on record and no model in it: which packs speak of them.

Rules of buyers, guilds and laws about AI do not; asked of a film without AI they would hold every picture for want of facts about tools
that nobody used. Where anybody decided that it is something else, or a fact is missing, every pack is asked.
"""

import re
from collections.abc import Iterable

from edgecode.checks.rules.pack import Pack
from edgecode.checks.rules.subjects import Subject
from edgecode.checks.uses import Use

WHY = "no model took part in what they show and all of its making is on record, so only rules of our own design were asked of them"
SHOWN_AS_MADE = frozenset({"performance", "licensed_material"})
"""Kinds of uses that show what was filmed or recorded, without more."""

_SPEAKS = re.compile(r"use\.kind\b[^&|]*['\"](?:performance|licensed_material)['\"]")
_DECIDED = ("use.deepfake", "use.biometric_identification", "use.new_processing")


def is_plain(use: Use, subject: Subject) -> bool:
    """Whether a use is such a one, by what lineage computes of it and by what nobody decided otherwise."""
    by_making = use.facts.get("use.ai_generated") is False and use.facts.get("use.recorded_making") is True
    return use.kind in SHOWN_AS_MADE and by_making and all(subject.facts.get(name) is False for name in _DECIDED)


def speaks_of_plain(pack: Pack) -> bool:
    """Whether a pack is asked of them: one of own design, or one with a rule that names such uses."""
    if "own_design" in pack.header.authority.kind.split(" + "):
        return True
    return any(_SPEAKS.search(written) for written in _guards(pack))


def _guards(pack: Pack) -> Iterable[str]:
    return (written for written in (pack.header.scope, *(rule.when for rule in pack.rules)) if written)
