"""Fixtures of OpenAssetIO's conformance suite for our manager: `EDGECODE_SUITE` names a JSON file with the references of a production."""

import json
import os
from pathlib import Path

from edgecode_openassetio.words import KINDS
from openassetio.trait import TraitsData
from openassetio.utils import FileUrlPathConverter
from openassetio_mediacreation.traits.content import LocatableContentTrait_v1 as LocatableContentTrait
from openassetio_mediacreation.traits.identity import DisplayNameTrait_v1 as DisplayNameTrait
from openassetio_mediacreation.traits.lifecycle import VersionTrait_v1 as VersionTrait
from openassetio_mediacreation.traits.timeDomain import FrameRangedTrait_v1 as FrameRangedTrait
from openassetio_mediacreation.traits.twoDimensional import ImageCollectionTrait_v1 as ImageCollectionTrait
from openassetio_mediacreation.traits.twoDimensional import ImageTrait_v1 as ImageTrait
from openassetio_mediacreation.traits.twoDimensional import PixelBasedTrait_v1 as PixelBasedTrait
from openassetio_mediacreation.traits.usage import EntityTrait_v1 as EntityTrait
from openassetio_mediacreation.traits.usage import RelationshipTrait_v1 as RelationshipTrait

_SAID = json.loads(Path(os.environ["EDGECODE_SUITE"]).read_text("utf-8"))
REFERENCES = _SAID["references"]
SETTINGS = _SAID["settings"]

MAKING, MADE_FROM = "edgecode:lineage.Making", "edgecode:lineage.MadeFrom"
MALFORMED = "edgecode://cut/7"
MISSING = "edgecode://version/01a209bd-1089-7a18-9fd5-000000000000"
READ_ONLY = REFERENCES["plate"]
WORDS = {
    "a_malformed_reference": "that is no whole reference. References read edgecode://version/ID or edgecode://file/ROOT/PATH, with * "
    "for the frame number",
    "a_reference_to_a_missing_entity": "nothing on record answers to this reference. Scan the folder, publish it, or take a reference of "
    "this production",
    "a_reference_to_a_readonly_entity": "a version is what it is and can only be read; publish to the reference of a file",
}
_COMMON = {EntityTrait.kId, DisplayNameTrait.kId, VersionTrait.kId, LocatableContentTrait.kId, PixelBasedTrait.kId}
STILL = _COMMON | {ImageTrait.kId}
SEQUENCE = _COMMON | {ImageCollectionTrait.kId, FrameRangedTrait.kId}
LINEAGE = {RelationshipTrait.kId, MADE_FROM}


def published(*, kind: str = "comp", path: str = "") -> TraitsData:
    """What a host says of a comp of the plate."""
    data = TraitsData({EntityTrait.kId, ImageTrait.kId, MAKING, LocatableContentTrait.kId})
    data.setTraitProperty(MAKING, "kind", kind)
    data.setTraitProperty(MAKING, "picture", REFERENCES["plate"])
    data.setTraitProperty(MAKING, "tool", "Nuke")
    if path:
        LocatableContentTrait(data).setLocation(FileUrlPathConverter().pathToUrl(path))
    return data


def by_role() -> TraitsData:
    """Lineage by inputs of one role."""
    data = TraitsData(LINEAGE)
    data.setTraitProperty(MADE_FROM, "role", "reference")
    return data


def wrong(name: str, reference: str) -> dict[str, str]:
    """One bad reference and the sentence that it gets."""
    return {name: reference, "expected_error_message": WORDS[name]}


fixtures = {
    "identifier": "edgecode.manager",
    "settings": SETTINGS,
    "shared": {"a_relationship_trait_set": LINEAGE},
    "Test_identifier": {"test_matches_fixture": {"identifier": "edgecode.manager"}},
    "Test_displayName": {"test_matches_fixture": {"display_name": "edgecode"}},
    "Test_info": {"test_matches_fixture": {"info": {"entityReferencesMatchPrefix": "edgecode://", "isPython": True}}},
    "Test_initialize": {
        "shared": {
            "some_settings_with_all_keys": dict(SETTINGS, unsaid="later", spool="waiting", timeout_seconds=7.5),
            "some_settings_with_a_subset_of_keys": {"unsaid": "later"},
        }
    },
    "Test_isEntityReferenceString": {
        "shared": {"a_valid_reference": REFERENCES["plate"], "an_invalid_reference": "/show/plate.png"}
    },
    "Test_entityExists": {
        "shared": {
            "a_reference_to_an_existing_entity": REFERENCES["plate"],
            "a_reference_to_a_nonexisting_entity": REFERENCES["later"],
        },
        "test_when_querying_malformed_reference_then_malformed_reference_error_is_returned": wrong(
            "a_malformed_reference", MALFORMED
        ),
    },
    "Test_entityTraits": {
        "test_when_querying_malformed_reference_then_malformed_reference_error_is_returned": wrong(
            "a_malformed_reference", MALFORMED
        ),
        "test_when_querying_missing_reference_for_read_then_resolution_error_is_returned": wrong(
            "a_reference_to_a_missing_entity", MISSING
        ),
        "test_when_read_only_entity_queried_for_write_then_access_error_is_returned": wrong(
            "a_reference_to_a_readonly_entity", READ_ONLY
        ),
        "test_when_multiple_references_for_read_then_same_number_of_returned_trait_sets": {
            "first_entity_reference": REFERENCES["plate"],
            "first_entity_trait_set": STILL,
            "second_entity_reference": REFERENCES["run"],
            "second_entity_trait_set": SEQUENCE,
        },
        "test_when_multiple_references_for_write_then_same_number_of_returned_trait_sets": {
            "first_entity_reference": REFERENCES["later"],
            "first_entity_trait_set": {EntityTrait.kId, LocatableContentTrait.kId},
            "second_entity_reference": REFERENCES["later_run"],
            "second_entity_trait_set": {EntityTrait.kId, LocatableContentTrait.kId, FrameRangedTrait.kId},
        },
    },
    "Test_resolve": {
        "shared": {
            "a_reference_to_a_readable_entity": REFERENCES["run"],
            "a_set_of_valid_traits": {LocatableContentTrait.kId, FrameRangedTrait.kId},
            "a_reference_to_a_readonly_entity": READ_ONLY,
            "a_reference_to_a_missing_entity": MISSING,
            "a_malformed_reference": MALFORMED,
            **{f"the_error_string_for_{name}": text for name, text in WORDS.items()},
        }
    },
    "Test_preflight": {
        "shared": {
            "a_traits_data_for_preflight": published(),
            "a_reference_for_preflight": REFERENCES["later"],
        },
        "test_when_reference_is_read_only_then_access_error_is_returned": wrong(
            "a_reference_to_a_readonly_entity", READ_ONLY
        ),
        "test_when_reference_malformed_then_malformed_entity_reference_error_returned": wrong(
            "a_malformed_reference", MALFORMED
        ),
        "test_when_preflight_hint_invalid_then_invalid_preflight_hint_error_returned": {
            "an_invalid_traits_data_for_preflight": published(kind="magic"),
            "expected_error_message": f"its kind of making is none that edgecode knows: {', '.join(sorted(KINDS))}",
        },
    },
    "Test_register": {
        "shared": {
            "a_reference_to_a_writable_entity": REFERENCES["later"],
            "a_traitsdata_for_a_reference_to_a_writable_entity": published(path=_SAID["published"]),
            "a_reference_to_a_readonly_entity": READ_ONLY,
            "a_malformed_reference": MALFORMED,
            **{f"the_error_string_for_{name}": text for name, text in WORDS.items()},
        }
    },
    "Test_getWithRelationship_All": {
        "shared": {
            "a_reference": REFERENCES["comp"],
            "expected_related_entity_references": [REFERENCES["plate"], REFERENCES["run"]],
            "a_reference_to_a_missing_entity": MISSING,
            "an_entity_trait_set_to_filter_by": {ImageCollectionTrait.kId},
        },
        "test_when_relationship_trait_set_known_and_props_set_then_filtered_refs_returned": {
            "a_relationship_traits_data_with_props": by_role(),
            "a_reference": REFERENCES["graded"],
            "expected_related_entity_references": [REFERENCES["sky"]],
        },
        "test_when_result_trait_set_supplied_then_filtered_refs_returned": {
            "expected_related_entity_references": [REFERENCES["run"]],
        },
        "test_when_querying_missing_reference_then_resolution_error_is_returned": wrong(
            "a_reference_to_a_missing_entity", MISSING
        ),
        "test_when_querying_malformed_reference_then_malformed_reference_error_is_returned": wrong(
            "a_malformed_reference", MALFORMED
        ),
    },
}
