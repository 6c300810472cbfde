"""What scans become in the record: versions, places, replacements, models, steps."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from scan_samples import generation, ids, lay, scanned, seen_in

from edgecode.events.file_facts import FileFacts
from edgecode.events.kinds import (
    Event,
    HashesSection,
    ModelKnown,
    NameSection,
    SequenceSeen,
    StepFact,
    StepPerformed,
    VersionSeen,
)
from edgecode.events.registry import sections_of
from edgecode.ingest.intake import Tally
from edgecode.ingest.known import KnownSoFar, NothingKnown
from edgecode.ingest.register import events_for, preview_of, version_for
from edgecode.ingest.seen import FileSeen, SequenceFound, Sighting
from edgecode.terms.evidence import Grade
from edgecode.terms.places import Place
from edgecode.terms.steps import Generation, GraphPart, InputRole, ModelUse, NamedInput, StepKind


class Production:
    """Registers what a folder holds, scan after scan, as a production would."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known = KnownSoFar(NothingKnown())
        self.new_id = ids()

    def scan(self) -> list[Event]:
        found: list[Event] = []
        for seen in seen_in(scanned(self.root)):
            found += self.register(seen)
        return found

    def register(self, seen: FileSeen | SequenceFound) -> list[Event]:
        events = events_for(seen, known=self.known, new_id=self.new_id)
        self.known.note(events)
        for event in events:
            sections_of(event)
        return events


@pytest.fixture
def production(tmp_path: Path) -> Production:
    return Production(tmp_path)


def the(events: list[Event], kind: Callable[..., object]) -> object:
    (event,) = [event for event in events if isinstance(event, kind)]  # type: ignore[arg-type]
    return event


def test_a_scan_without_changes_records_nothing(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"model:x ", "b.1.exr": b"1", "b.2.exr": b"2", "w.safetensors": b"w"})
    first = production.scan()

    assert len(first) == 6
    assert production.scan() == []


def test_the_same_bytes_elsewhere_are_the_same_version_with_a_further_place(
    production: Production, tmp_path: Path
) -> None:
    lay(tmp_path, {"a.png": b"1"})
    (first,) = production.scan()
    lay(tmp_path, {"copy/a.png": b"1"})

    (second,) = production.scan()

    assert isinstance(first, VersionSeen) and isinstance(second, VersionSeen)
    assert second.fact == first.fact
    assert second.place is not None and second.place.path == "copy/a.png"
    assert production.known.places_of(first.fact.version) == [
        Place.of("media", "a.png"),
        Place.of("media", "copy/a.png"),
    ]


def test_other_bytes_at_a_place_are_a_new_version_that_supersedes(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"1"})
    (first,) = production.scan()
    lay(tmp_path, {"a.png": b"2"})

    (second,) = production.scan()

    assert isinstance(first, VersionSeen) and isinstance(second, VersionSeen)
    assert second.fact.supersedes == first.fact.version != second.fact.version


def test_going_back_to_old_bytes_never_makes_a_circle(production: Production, tmp_path: Path) -> None:
    versions = []
    for data in (b"1", b"2", b"1"):
        lay(tmp_path, {"a.png": data})
        (event,) = production.scan()
        assert isinstance(event, VersionSeen)
        versions.append((event.fact.version, event.fact.supersedes))

    first, second, third = versions
    assert (second[1], third[1]) == (first[0], second[0])
    assert third[0] != first[0]


def test_a_longer_render_is_a_new_version_that_supersedes(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"a.1001.exr": b"1", "a.1002.exr": b"2"})
    (first,) = production.scan()
    lay(tmp_path, {"a.1004.exr": b"4"})

    (second,) = production.scan()

    assert isinstance(first, SequenceSeen) and isinstance(second, SequenceSeen)
    assert second.fact.supersedes == first.fact.version
    assert (second.fact.first, second.fact.last, second.fact.count, second.fact.missing) == (
        1001,
        1004,
        3,
        ((1003, 1003),),
    )


def test_a_still_that_becomes_a_sequence_is_superseded_by_it(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"a.0001.exr": b"1"})
    (still,) = production.scan()
    lay(tmp_path, {"a.0002.exr": b"2"})

    (sequence,) = production.scan()

    assert isinstance(still, VersionSeen) and isinstance(sequence, SequenceSeen)
    assert sequence.fact.supersedes == still.fact.version


def test_a_generated_file_records_its_step_once_for_all_its_copies(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"model:x "})
    events = production.scan()
    lay(tmp_path, {"copy.png": b"model:x "})

    again = production.scan()

    step = the(events, StepPerformed)
    assert isinstance(step, StepPerformed)
    assert (step.fact.source, step.fact.grade, step.fact.kind) == ("comfyui.png", "logged", "generate")
    assert [type(event) for event in again] == [VersionSeen]


def test_a_model_is_known_once_and_by_its_base_name(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"model:x ", "b.png": b"model:x 2"})

    events = production.scan()

    model = the(events, ModelKnown)
    assert isinstance(model, ModelKnown)
    assert (model.recipe, model.fact.kind) == (NameSection("x"), "checkpoint")
    assert model.bytes == HashesSection(claimed={"autov2": "0123456789"})
    steps = [event for event in events if isinstance(event, StepPerformed)]
    assert {used.version for step in steps for used in step.fact.inputs} == {model.fact.version}


def test_weights_that_were_only_named_are_seen_under_the_version_that_steps_refer_to(
    production: Production, tmp_path: Path
) -> None:
    lay(tmp_path, {"a.png": b"picture", "w.safetensors": b"weights"})
    picture, weights = seen_in(scanned(tmp_path))
    used = ModelUse("loras/w", "lora", {"AutoV2": weights.digest[:10].upper()})
    step = the(
        production.register(msgspec.structs.replace(picture, generation=Generation("comfyui", models=(used,)))),
        StepPerformed,
    )

    seen, model = production.register(weights)

    assert isinstance(step, StepPerformed) and isinstance(seen, VersionSeen) and isinstance(model, ModelKnown)
    assert seen.fact.version == model.fact.version == step.fact.inputs[0].version


def test_no_name_path_or_text_of_a_file_stands_in_the_facts_of_its_step(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"janedoe.png": b"model:x "})

    step = the(production.scan(), StepPerformed)

    assert isinstance(step, StepPerformed)
    fact = msgspec.json.encode(step.fact)
    assert not any(word in fact for word in (b"janedoe", b"lighthouse", b"sdxl"))
    assert step.recipe is not None and step.recipe.seeds == ("18446744073709551615",)


def test_inputs_are_versions_by_digest_or_only_referred_to(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"in.png": b"input"})
    (known,) = seen_in(scanned(tmp_path))
    production.register(known)
    record = Generation(
        "a1111",
        inputs=(
            NamedInput("in.png", sha256=known.digest),
            NamedInput("gone.png", InputRole.CONTROL, sha256="ab" * 32),
            NamedInput("named.png"),
        ),
    )
    lay(tmp_path, {"out.png": b"output"})
    (out,) = [seen for seen in seen_in(scanned(tmp_path)) if seen.place.path == "out.png"]

    step = the(production.register(msgspec.structs.replace(out, generation=record)), StepPerformed)

    assert isinstance(step, StepPerformed) and step.bytes is not None and step.place is not None
    first, second, third = step.fact.inputs
    assert first.version == production.known.version_of_content(known.digest)[0]
    assert (second.role, step.bytes.claimed) == (InputRole.CONTROL, {second.version: "ab" * 32})
    assert step.place.names == {
        first.version: "in.png",
        second.version: "gone.png",
        third.version: "named.png",
    }


def test_foreign_text_that_is_no_unicode_can_still_be_recorded(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"1"})
    (seen,) = seen_in(scanned(tmp_path))
    odd = msgspec.structs.replace(generation("x\udcff"), settings={"größe": "\ud800"})

    step = the(production.register(msgspec.structs.replace(seen, generation=odd)), StepPerformed)

    assert isinstance(step, StepPerformed) and step.recipe is not None
    assert step.recipe.settings == {"gr\\u00f6\\u00dfe": "\ufffd"}


def test_sightings_preview_versions_without_digests(tmp_path: Path) -> None:
    lay(tmp_path, {"a.1.exr": b"1", "a.2.exr": b"2"})
    (sighting,) = [item for item in scanned(tmp_path, sightings=True) if isinstance(item, Sighting)]

    (event,) = preview_of(sighting, known=NothingKnown(), new_id=ids())

    assert isinstance(event, SequenceSeen)
    assert (event.bytes, event.fact.first, event.fact.last, event.fact.count) == (None, 1, 2, 2)


def test_a_workflow_s_own_file_is_a_recipe_and_was_made_by_nobody_s_model(
    production: Production, tmp_path: Path
) -> None:
    lay(tmp_path, {"a.png": b"1"})
    (seen,) = seen_in(scanned(tmp_path))
    assert isinstance(seen, FileSeen)
    facts = FileFacts("other", media_type="application/json")
    workflow = msgspec.structs.replace(seen, facts=facts, generation=generation("x"))
    sighting = Sighting(seen.place, facts, 1, generation("x"))

    assert [type(event) for event in production.register(workflow)] == [VersionSeen]
    assert [type(e) for e in preview_of(sighting, known=production.known, new_id=production.new_id)] == [VersionSeen]


@pytest.mark.parametrize("name", ["init image", "source picture"])
def test_pictures_that_files_do_not_name_are_never_one_picture(
    production: Production, tmp_path: Path, name: str
) -> None:
    lay(tmp_path, {"a.png": b"1", "b.png": b"2"})
    made = Generation("a1111", inputs=(NamedInput(name),))
    events = [
        event
        for seen in seen_in(scanned(tmp_path))
        for event in production.register(msgspec.structs.replace(seen, generation=made))
    ]
    used = [used.version for event in events if isinstance(event, StepPerformed) for used in event.fact.inputs]

    assert len(used) == len(set(used)) == 2


class TakenBack(NothingKnown):
    """A production in which the step that files like these told of was taken back."""

    def making_withdrawn(self, version: str, source: str) -> bool:
        return source == "comfyui.png"


def test_a_file_s_own_record_that_was_taken_back_is_not_taken_again(tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"model:x "})
    production = Production(tmp_path)
    production.known = KnownSoFar(TakenBack())

    assert [type(event) for event in production.scan()] == [VersionSeen]


def test_documents_beyond_eight_mebibytes_leave_their_digest_and_size(production: Production, tmp_path: Path) -> None:
    lay(tmp_path, {"a.png": b"1"})
    (seen,) = seen_in(scanned(tmp_path))
    large = GraphPart("workflow", "application/json", b"w" * (8 << 20))
    parts = (GraphPart("prompt", "application/json", b"{}"), large, GraphPart("small", "text/plain", b"s"))
    events = production.register(msgspec.structs.replace(seen, generation=Generation("comfyui", graph=parts)))
    step = the(events, StepPerformed)
    tally = Tally()
    tally.events(events, NothingKnown())

    assert isinstance(step, StepPerformed) and step.graph is not None
    assert [name for name, _, _ in step.graph.parts] == ["prompt", "small"]
    assert step.graph.left_out == (("workflow", "application/json", sha256(large.data).hexdigest(), 8 << 20),)
    assert [(said.code, said.effect) for said in tally.diagnostics] == [("graph.too_large", "approximate")]


def test_a_file_s_own_record_is_taken_beside_a_step_that_somebody_recorded_first(
    production: Production, tmp_path: Path
) -> None:
    lay(tmp_path, {"ai.png": b"painted"})
    production.scan()
    lay(tmp_path, {"ai.png": b"model:x "})
    (seen,) = seen_in(scanned(tmp_path))
    version, events = version_for(seen, known=production.known, new_id=production.new_id)
    paint = StepFact(production.new_id(), StepKind.PAINT, "record", Grade.DECLARED, (version,))
    production.known.note([*events, StepPerformed(paint)])
    steps = [event.fact for event in production.scan() if isinstance(event, StepPerformed)]

    assert [(step.source, step.kind, step.outputs) for step in steps] == [
        ("comfyui.png", StepKind.GENERATE, (version,))
    ]
    assert production.scan() == []


def test_a_record_in_some_frames_of_a_sequence_is_a_step_of_these_frames(
    production: Production, tmp_path: Path
) -> None:
    lay(tmp_path, {f"a.{n}.png": b"model:x" if n in (3, 4, 6) else b"plain %d" % n for n in range(1, 8)})
    step = the(production.scan(), StepPerformed)

    assert isinstance(step, StepPerformed) and step.fact.covers == ((3, 5), (6, 7))
