"""What is plain of a record says no name: a made-up person's stands wherever a name can stand, and then nowhere that is not sealed."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import media_writers as made
import pytest

import otio_parts
from edgecode.answers.packs.evidence import CUT_NAME
from edgecode.drivers.published import publish
from edgecode.events.kinds import VersionSeen
from edgecode.ledger.zips import read_zip
from edgecode.production import Production
from edgecode.production.packs.making import cut_pack
from edgecode.production.persons.noting import add_person, depict
from edgecode.terms.timebase import Rate

NAME = "Zelda_Quux"
WORDS = ("zelda", "quux")

EDL = f"""TITLE: {NAME} first cut
FCM: NON-DROP FRAME

001  ZELDA_QU V     C        00:00:00:00 00:00:00:10 01:00:00:00 01:00:00:10
* FROM CLIP NAME: {NAME}_scan01.wav
* SOURCE FILE: {NAME}_scan01.mov
* COMMENT: {NAME} is crying here
* LOC: 01:00:00:02 RED {NAME} blinks
002  {NAME} V     C        00:00:00:00 00:00:00:08 01:00:00:10 01:00:00:18
M2   {NAME}       012.0                00:00:00:00
* EFFECT NAME: {NAME} WIPE
003  AX V     C        00:00:00:00 00:00:00:06 01:00:00:18 01:00:01:00
* FROM CLIP NAME: {NAME}
* {NAME} stands here without a word before it
004  GEN V     W001 012 00:00:00:00 00:00:00:06 01:00:01:00 01:00:01:06
* FROM CLIP NAME: {NAME} Generator
"""
"""Every line of an EDL that can hold a name; reels that are names of files, cut short or whole."""


def otio() -> bytes:
    named = {
        "note": NAME,
        NAME: NAME,
        "cmx_3600": {"reel": NAME, "comments": [NAME]},
        "Resolve_OTIO": {"Reel Name": NAME},
    }
    marker = {"OTIO_SCHEMA": "Marker.2", "name": NAME, "metadata": named, "marked_range": otio_parts.span(0, 1)}
    effect = {"OTIO_SCHEMA": f"{NAME}Effect.1", "name": NAME, "effect_name": NAME, "metadata": named}
    generator = {"OTIO_SCHEMA": "GeneratorReference.1", "name": NAME, "generator_kind": NAME, "parameters": named}
    missing = {
        "OTIO_SCHEMA": "MissingReference.1",
        "name": NAME,
        "metadata": {"umid": f"urn:smpte:umid:{NAME}", **named},
    }
    generated = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "target_url": f"{NAME}/{NAME} made.png",
        "name": NAME,
        "metadata": named,
    }
    returned = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": f"/vol/{NAME}/{NAME}.exr"}
    more = {"metadata": named, "markers": [marker], "effects": [effect]}
    change = {"name": NAME, "transition_type": NAME, "metadata": named}
    return otio_parts.timeline(
        otio_parts.track(
            otio_parts.clip(NAME, 0, 10, **more),
            otio_parts.clip(NAME, 0, 10, media_references={"DEFAULT_MEDIA": generated}),
            otio_parts.clip(NAME, 0, 1, media_references={"DEFAULT_MEDIA": returned}),
            otio_parts.clip(NAME, 0, 10),
            otio_parts.dissolve(2, 2) | change,
            otio_parts.clip(NAME, 0, 10, media_references={"DEFAULT_MEDIA": generator}),
            otio_parts.clip(NAME, 0, 10, media_references={"DEFAULT_MEDIA": missing}),
            otio_parts.stack(otio_parts.track(otio_parts.clip(NAME, 0, 8), name=NAME), name=NAME, **more),
            {"OTIO_SCHEMA": f"{NAME}.1", "name": NAME},
            name=NAME,
            **more,
        ),
        otio_parts.track(otio_parts.clip(NAME, 0, 10), kind="Audio") | {"name": f"{NAME} dialogue"},
        name=f"{NAME} second cut",
    )


def media() -> Iterator[tuple[str, bytes]]:
    """Files whose names, reels, owners, comments, scenes, programs and labels are the name."""
    words = (
        "owner",
        "comments",
        "artist",
        "reelName",
        "cameraMake",
        "cameraModel",
        "software",
        "input/timecode",
        "writer",
        NAME,
    )
    text = [made.exr_attribute(key, "string", NAME.encode()) for key in words]
    yield f"{NAME}.exr", made.exr(*text)
    for number in range(1, 4):
        yield f"{NAME}/{NAME}.{number:04d}.exr", made.exr(*text, pixels=struct.pack("<i", number))
    keys = ("Author", "Comment", "Software", "Description", "Title", NAME)
    yield f"{NAME}.png", made.png(*(made.png_text(key, NAME) for key in keys))
    infotext = (
        f"a portrait of {NAME} <lora:{NAME}:1>\nSteps: 2, Seed: 7, Model: {NAME}, Version: {NAME}, Model hash: {NAME}"
    )
    yield f"{NAME} made.png", made.png(made.png_text("parameters", infotext), width=2)
    tags = ("TAPE", "SCENE", "TAKE", "NOTE", "PROJECT", "TIMECODE_RATE", "TIMECODE_FLAG")
    yield f"{NAME}_scan01.wav", made.wave(ixml="".join(f"<{tag}>{NAME}</{tag}>" for tag in tags), reference=48_000)
    movie = ("com.apple.quicktime.make", "com.apple.quicktime.model", "com.apple.quicktime.software", "com.apple.proapps.reel",
             "com.apple.proapps.scene", "com.apple.quicktime.author", "com.apple.quicktime.title")  # fmt: skip
    yield f"{NAME}_scan01.mov", made.movie(keys=dict.fromkeys(movie, NAME), start=0, reel=NAME)
    yield f"{NAME}.mkv", made.matroska(tags=dict.fromkeys(("TIMECODE", "REEL_NAME", "ENCODER", "ARTIST"), NAME))
    header = dict.fromkeys(
        ("modelspec.title", "modelspec.author", "ss_output_name", "modelspec.architecture", NAME), NAME
    )
    yield f"{NAME}_voice.safetensors", made.safetensors(header)


def step(folder: Path) -> bytes:
    """A line of step/1 that says the name wherever it may say anything."""
    return json.dumps(
        {
            "schema": "edgecode.step/1",
            "id": NAME,
            "kind": "vendor",
            "tool": {"name": f"{NAME}.py", "version": NAME},
            "folder": str(folder),
            "inputs": [{"path": f"{NAME}_scan01.wav", "role": "sound"}, {"name": NAME}],
            "outputs": [{"path": f"{NAME}.exr"}],
            "models": [{"name": NAME, "kind": NAME, "hashes": {NAME: NAME, "sha256": NAME}, "strength": "1"}],
            "datasets": [{"name": NAME, "items": 3}],
            "seeds": [NAME],
            "settings": {NAME: NAME},
            "texts": [{"name": NAME, "text": NAME}],
            "graph": [{"name": NAME, "media_type": NAME, "text": NAME}],
            "vendor": {"turnover": NAME, "covers": [[0, 1]], "origins": "C"},
        }
    ).encode()


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    folder = tmp_path_factory.mktemp("sealed")
    files = folder / NAME
    for name, data in media():
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_bytes(data)
    (files / f"{NAME}.edl").write_text(EDL, "utf-8")
    (files / f"{NAME}.otio").write_bytes(otio())
    with Production.create(folder / "show", title="A Tiny Show", domain="studio.example") as production:
        production.scan([files])
        taken = production.record_lines([step(files)])
        assert [said.code for said in taken.diagnostics if said.effect == "row-missing"] == []
        production.add_cut([files / f"{NAME}.edl"], name=f"{NAME} one", rate=Rate(24, 1))
        production.add_cut([files / f"{NAME}.otio"], name=f"{NAME} two")
        yield production


def said_in(data: bytes) -> list[str]:
    return [word for word in WORDS if word in data.decode("utf-8", "replace").lower()]


def test_the_name_stands_in_no_leaf_and_in_nothing_that_lies_plain_beside_the_log(show: Production) -> None:
    entries = list(show.log.entries(0, show.log.size))
    plain = [(one, section) for one in entries for section in one.sections if not section.key_id]
    kinds = {type_of(one.leaf) for one in entries}

    assert {
        "version.seen/1",
        "sequence.seen/1",
        "step.performed/1",
        "model.known/1",
        "dataset.known/1",
        "cut.added/1",
    } <= kinds
    assert [one.index for one in entries if said_in(one.leaf)] == []
    assert [(type_of(one.leaf), section.name, section.data) for one, section in plain if said_in(section.data)] == []


def test_the_name_stands_in_no_pack_that_nobody_asked_names_of(show: Production) -> None:
    steps = []
    for cut in show.cuts():
        data, answer = cut_pack(show, cut.key)
        steps += [(step.kind, step.tool) for step in answer.steps]

        assert [name for name, member in read_zip(data).members.items() if said_in(member)] == []
    assert steps == [("generate", "a1111"), ("vendor", "")]


def test_what_a_header_says_of_somebodys_scan_is_sealed_with_that_persons_key(tmp_path: Path) -> None:
    files = tmp_path / "media"
    files.mkdir()
    (files / "take.wav").write_bytes(made.wave(ixml=f"<TAPE>{NAME}</TAPE>"))
    with Production.create(tmp_path / "show", title="A Tiny Show", domain="studio.example") as production:
        production.scan([files])
        (seen,) = [one for one in production.recorded(0, production.log.size) if isinstance(one.event, VersionSeen)]
        person = add_person(production, identity={"name": NAME}, contact={})
        depict(production, person, seen.event.fact.version, how="heard", biometric=True)
        (entry,) = production.log.entries(seen.index, seen.index + 1)

    assert {section.name for section in entry.sections if section.key_id.startswith("s:")} == {
        "bytes",
        "place",
        "recipe",
    }


def test_the_name_stands_in_nothing_that_is_published(show: Production, tmp_path: Path) -> None:
    publish(show.log, tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert files != []
    assert [path.name for path in files if said_in(path.read_bytes()) or said_in(path.name.encode())] == []


def test_a_pack_that_is_asked_for_the_cuts_name_says_it_and_lists_that_it_does(show: Production) -> None:
    cut = show.cuts()[0]
    data, answer = cut_pack(show, cut.key, is_named=True)
    _, silent = cut_pack(show, cut.key)

    assert (answer.coverage.cut, silent.coverage.cut) == (f"{NAME} one", cut.key)
    assert [one.events for one in answer.opened if one.section == CUT_NAME] == [1]
    assert [one for one in silent.opened if one.section == CUT_NAME] == []
    assert {name for name, member in read_zip(data).members.items() if said_in(member)} == {"answer.json", "answer.txt"}


def test_sealed_words_still_say_what_they_said_to_who_holds_the_key(show: Production) -> None:
    edl, otio_cut = (show.reading(cut) for cut in show.cuts())
    first = edl.clips[0].media

    assert (first.reel, first.reel_full, first.reel_is_truncated) == ("ZELDA_QU", f"{NAME}_scan01", True)
    assert NAME in {effect.name for clip in otio_cut.clips for effect in clip.effects}
    assert NAME in {track.name for track in otio_cut.tracks}
    assert {match.method.value for match in show.view(show.cuts()[0].key).matches} != {"none"}


def type_of(leaf: bytes) -> str:
    return str(json.loads(leaf)["type"])
