"""Every field of the terms of models, tools, datasets and agreements is read by something, says what it is, or is named as not checked."""

from itertools import chain

import msgspec
import pytest

from edgecode.checks.unread_terms import NAMES, READ, UNREAD
from edgecode.events.rights_kinds import AgreementTerms, DatasetRights, ModelTerms, ToolTermsSection
from edgecode.terms.rights import Terms
from packs_that_ship import shipped

SHAPES: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "model": (ModelTerms,),
    "tool": (ToolTermsSection,),
    "dataset": (DatasetRights,),
    "agreement": (AgreementTerms, Terms),
}


@pytest.mark.parametrize("of", sorted(SHAPES))
def test_a_field_that_somebody_can_record_is_read_or_said_to_be_unread(of: str) -> None:
    fields = {field.name for shape in SHAPES[of] for field in msgspec.structs.fields(shape)}
    sorted_ = [*READ[of], *NAMES[of], *UNREAD[of]]

    assert (sorted(sorted_), len(set(sorted_))) == (sorted(fields), len(sorted_))


def test_the_rules_that_are_said_to_read_a_field_are_there() -> None:
    rules = {rule.id for pack in shipped() for rule in pack.rules}
    words = chain.from_iterable(text.replace(",", " ").split() for one in READ.values() for text in one.values())
    named = {word for word in words if "-" in word}

    assert named - rules == set()
