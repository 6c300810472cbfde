"""What can be known of a cut as a whole: the facts that a rule `about: cut` may read."""

from collections.abc import Mapping, Sequence

from edgecode.checks.rules.catalogue import CATALOGUE, RECORD_FACTS

OF_RECORDS = frozenset({"notice", "approval", "disclosure", "attest", "payment", "determination"})
"""Small records, about the cut or about the whole production."""

ANY_USE = (
    "use.ai_generated",
    "use.alters_archival",
    "use.dub_by_replica",
    "use.talent_model",
    "use.model_is_single_person",
    "use.realtime_generation",
)
"""True of a cut when it is so of any use on screen; false when every frame is accounted for and it is so of none."""

STATE = ("use.final", "use.public", "use.released", "use.date")

CUT_FACTS = frozenset(
    [
        *(name for name, fact in CATALOGUE.items() if fact.root in OF_RECORDS),
        *(name for name, fact in CATALOGUE.items() if fact.world == "profile" and fact.root == "production"),
        *(name for name, fact in CATALOGUE.items() if fact.world == "classification" and fact.root == "use"),
        *ANY_USE,
        *STATE,
    ]
)
"""Everything else is of a person, an agreement, a tool or a dataset: of a use or of a model."""

NOT_OF_CUTS = frozenset(name for name in RECORD_FACTS if name not in CUT_FACTS)
"""Record facts that are not false of a cut, but not known: nobody asks them of it."""


def any_of(facts: Sequence[Mapping[str, object]], name: str, *, is_whole: bool) -> bool | None:
    """Whether a fact is so of any use; None where nobody knows. *is_whole*: these are all uses that the cut can hold."""
    said = [one.get(name) for one in facts]
    if any(value is True for value in said):
        return True
    return False if is_whole and all(value is False for value in said) else None
