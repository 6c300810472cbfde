"""PROV-JSON: it keeps the published rules, others load it, it says what nobody recorded, and nobody's names."""

import json
from typing import Any

import jsonschema
import pytest
from prov.model import ProvDocument

from answers.recorded_film import POINT, ROOTS, RecordedFilm, last_verse
from edgecode.answers.cuts.loading import load_cut
from edgecode.answers.exports.prov import prov_of_cut, prov_of_versions
from edgecode.answers.matchback.where_used import uses
from edgecode.index.catalogue import version
from edgecode.terms.steps import InputRole, StepKind

QNAME = {"type": "string", "pattern": r"^(?:[A-Za-z][\w.-]*:[^\s:]+|_:\w+)$"}
LITERAL = {
    "type": "object",
    "required": ["$"],
    "properties": {"$": {"type": "string"}, "type": QNAME, "lang": {"type": "string"}},
    "additionalProperties": False,
}
VALUE = {"anyOf": [{"type": ["string", "number", "boolean"]}, LITERAL]}
VALUES = {"anyOf": [VALUE, {"type": "array", "minItems": 1, "items": VALUE}]}


def records(*required: str, also: tuple[str, ...] = ()) -> dict[str, Any]:
    own = dict.fromkeys((*required, *also), QNAME)
    return {
        "type": "object",
        "propertyNames": QNAME,
        "additionalProperties": {
            "type": "object",
            "required": list(required),
            "properties": own,
            "propertyNames": QNAME,
            "additionalProperties": VALUES,
        },
    }


TIME = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
ACTIVITY = records()
ACTIVITY["additionalProperties"]["properties"] = {"prov:startTime": TIME, "prov:endTime": TIME}
RULES = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "prefix": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:"}},
        "entity": records(),
        "activity": ACTIVITY,
        "agent": records(),
        "used": records("prov:activity", also=("prov:entity",)),
        "wasGeneratedBy": records("prov:entity", also=("prov:activity",)),
        "wasAssociatedWith": records("prov:activity", also=("prov:agent", "prov:plan")),
        "wasAttributedTo": records("prov:entity", "prov:agent"),
        "wasDerivedFrom": records("prov:generatedEntity", "prov:usedEntity", also=("prov:activity",)),
        "alternateOf": records("prov:alternate1", "prov:alternate2"),
        "hadMember": records("prov:collection", "prov:entity"),
    },
}
"""The rules of the published schema (W3C submission, 2013-04-24) for the records that we write."""


@pytest.fixture(scope="module")
def film() -> RecordedFilm:
    made = last_verse()
    made.index()
    return made


@pytest.fixture(scope="module")
def document(film: RecordedFilm) -> dict[str, dict[str, Any]]:
    view = load_cut(film.store, "Cut 13", roots=ROOTS)
    found: dict[str, dict[str, Any]] = json.loads(prov_of_cut(film.store, view, ledger=POINT))
    return found


def rec(film: RecordedFilm, name: str) -> str:
    return f"rec:{film.id(name)}"


def relations(document: dict[str, Any], kind: str, *keys: str) -> set[tuple[Any, ...]]:
    return {tuple(one.get(key) for key in keys) for one in document.get(kind, {}).values()}


def test_the_document_keeps_the_published_rules(document: dict[str, Any]) -> None:
    assert [error.message for error in jsonschema.Draft202012Validator(RULES).iter_errors(document)] == []


def test_every_relation_is_between_records_that_stand_in_the_document(document: dict[str, Any]) -> None:
    there = {name for kind in ("entity", "activity", "agent") for name in document[kind]}
    ends = {
        value
        for kind, rows in document.items()
        if kind not in ("prefix", "entity", "activity", "agent")
        for row in rows.values()
        for key, value in row.items()
        if key
        in ("prov:entity", "prov:activity", "prov:agent", "prov:generatedEntity", "prov:usedEntity", "prov:alternate1")
    }

    assert ends - there == set()


def test_the_library_of_others_loads_it_and_gives_it_back_whole(document: dict[str, Any]) -> None:
    loaded = ProvDocument.deserialize(content=json.dumps(document), format="json")
    again = json.loads(loaded.serialize(format="json"))

    assert ProvDocument.deserialize(content=json.dumps(again), format="json") == loaded
    assert {kind: len(rows) for kind, rows in again.items() if kind != "prefix"} == {
        kind: len(rows) for kind, rows in document.items() if kind != "prefix"
    }


def test_a_cut_derives_from_what_it_shows_and_that_from_what_it_was_made_from(
    film: RecordedFilm, document: dict[str, Any]
) -> None:
    derived = relations(document, "wasDerivedFrom", "prov:generatedEntity", "prov:usedEntity", "ec:role", "ec:standing")
    comp, sky, plate = (rec(film, one) for one in ("vfx/sh0420_v012.*.exr", "gen/sky.*.png", "dailies/A045C012.mov"))

    assert {
        (rec(film, "cut Cut 13"), comp, None, "shows"),
        (rec(film, "cut Cut 13"), plate, None, "shows"),
        (comp, sky, "picture", "maker"),
        (comp, plate, "picture", "maker"),
        (sky, rec(film, "wan2.2.safetensors"), "weights", "maker"),
        (sky, rec(film, "ref/garden.png"), "reference", "maker"),
    } <= derived


def test_what_nobody_recorded_is_said_as_unknown_and_not_left_out(film: RecordedFilm, document: dict[str, Any]) -> None:
    unknown = {
        name: row.get("ec:reason")
        for kind in ("entity", "activity")
        for name, row in document[kind].items()
        if row["prov:type"]["$"] == "ec:Unknown"
    }
    made = relations(document, "wasGeneratedBy", "prov:entity", "prov:activity", "ec:standing")
    lost = rec(film, "vfx/sh0512_v003.mov")
    making = f"open:making-{film.id('vfx/sh0512_v003.mov')}"

    assert (lost, making, "unknown") in made
    assert unknown[making] == ["no-step"]
    assert sorted(reason for reason in unknown.values() if isinstance(reason, str)) == ["no-match", "weights"]


def test_every_version_was_generated_by_something_or_equals_what_was(document: dict[str, Any]) -> None:
    versions = {
        name
        for name, row in document["entity"].items()
        if row["prov:type"]["$"] == "ec:Version" and row["ec:standing"] != "known"
    }
    made = {one for (one,) in relations(document, "wasGeneratedBy", "prov:entity")}
    same = {one for pair in relations(document, "alternateOf", "prov:alternate1", "prov:alternate2") for one in pair}

    assert versions - made - same == set()


def test_the_same_record_gives_the_same_bytes(film: RecordedFilm) -> None:
    other = last_verse()
    other.index()
    one, two = (
        prov_of_cut(each.store, load_cut(each.store, "Cut 13", roots=ROOTS), ledger=POINT) for each in (film, other)
    )

    assert one == two


def test_no_name_place_seed_or_program_of_anybodys_own_is_in_it(film: RecordedFilm, document: dict[str, Any]) -> None:
    text = json.dumps(document)

    assert [
        word
        for word in ("A045C012", "garden", "sh0420", "insert7", "Cut 13", "18446744073709551615", "dream")
        if word in text
    ] == []
    assert {row.get("ec:program") for row in document["agent"].values()} == {None, "ComfyUI", "Krita", "Nuke"}


def test_a_step_that_failed_explains_nothing_and_is_there() -> None:
    film = RecordedFilm()
    film.file("a.mov")
    film.file("b.mov")
    film.step(StepKind.PAINT, ["b.mov"])
    film.step(StepKind.COMP, ["a.mov"], [("b.mov", InputRole.PICTURE)], status="failed")
    film.step(StepKind.PAINT, ["a.mov"])
    film.step(StepKind.DRAW, ["a.mov"])
    film.index()
    row = version(film.store, film.id("a.mov"))
    assert row is not None
    document = json.loads(prov_of_versions(film.store, [row.id], ledger=POINT))
    made = relations(document, "wasGeneratedBy", "prov:entity", "ec:standing")

    assert made == {(rec(film, "a.mov"), one) for one in ("maker", "also-said", "explains-nothing")} | {
        (rec(film, "b.mov"), "maker")
    }


def test_a_document_about_a_version_holds_what_where_used_would_find_it_in(
    film: RecordedFilm, document: dict[str, Any]
) -> None:
    view = load_cut(film.store, "Cut 13", roots=ROOTS)
    row = version(film.store, film.id("gen/sky.*.png"))
    assert row is not None
    shown = {film.store and view.match_of[use.clip].version for use in uses(film.store, [view], {row.id: None})}
    behind = {rec(film, "gen/sky.*.png")}
    edges = relations(document, "wasDerivedFrom", "prov:generatedEntity", "prov:usedEntity")
    while grown := {made for made, source in edges if source in behind} - behind:
        behind |= grown

    assert rec(film, "cut Cut 13") in behind
    assert len(shown) == len(behind) - 2
