"""What was filmed as it was, without any model, is not asked what rules about AI ask."""

import pytest

from edgecode.checks.plain_uses import is_plain, speaks_of_plain
from edgecode.checks.rules.subjects import Subject
from edgecode.checks.uses import Use
from edgecode.production.rule_packs.choosing import shipped_packs

AS_FILMED = {"use.ai_generated": False, "use.recorded_making": True}
DECIDED = {"use.deepfake": False, "use.biometric_identification": False, "use.new_processing": False}


def plain(kind: str, made: dict[str, bool], decided: dict[str, bool]) -> bool:
    use = Use("k", kind, facts=made)  # type: ignore[arg-type]
    return is_plain(use, Subject("k", "use", {**made, **decided}))


@pytest.mark.parametrize("kind", ["performance", "licensed_material"])
def test_only_what_is_known_to_be_made_without_a_model_is_left_out(kind: str) -> None:
    less = [{name: value for name, value in AS_FILMED.items() if name != left} for left in AS_FILMED]

    assert plain(kind, AS_FILMED, DECIDED)
    assert [plain(kind, made, DECIDED) for made in less] == [False, False]
    assert not plain("alteration", AS_FILMED, DECIDED)


@pytest.mark.parametrize("name", sorted(DECIDED))
def test_what_somebody_decided_to_be_more_is_asked_everything(name: str) -> None:
    assert not plain("performance", AS_FILMED, {**DECIDED, name: True})


def test_packs_of_own_design_speak_of_what_was_filmed_and_those_about_ai_do_not() -> None:
    asked = {pack.id for pack in shipped_packs() if speaks_of_plain(pack)}

    assert asked == {"consent-core", "dataset-core", "edgecode-desk"}
