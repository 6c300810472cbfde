"""step/1 lines and commands become steps; a bad line is named and the rest is kept."""

import json
import os
from base64 import b64encode
from pathlib import Path

import pytest
from scan_samples import Readers, ids, lay, options

from edgecode.drivers.scan_cache import ScanCache
from edgecode.events.kinds import (
    DatasetKnown,
    Event,
    FrameMap,
    ModelKnown,
    SequenceSeen,
    StepPerformed,
    Tool,
    VersionSeen,
)
from edgecode.events.registry import sections_of
from edgecode.ingest.commands import RunStory, files_matching, new_or_changed, record_of_run, tool_name
from edgecode.ingest.known import KnownSoFar, NothingKnown
from edgecode.ingest.lookup import MediaLookup, located
from edgecode.ingest.records import RecordedStep, events_of_record, read_records
from edgecode.ingest.walk import MediaRoot
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse, Grade
from edgecode.terms.identity import record_id
from edgecode.terms.steps import InputRole, StepKind

SECRET = b"s" * 32


class Desk:
    """Takes records for a production with one media root."""

    def __init__(self, root: Path) -> None:
        self.roots = [MediaRoot("media", root, aliases=("Z:\\show", "\\\\filer\\show"))]
        self.known = KnownSoFar(NothingKnown())
        self.look = MediaLookup(
            self.roots,
            cache=ScanCache.open(":memory:"),
            known=self.known,
            new_id=ids(),
            options=options(Readers()),
        )
        self.said: list[Diagnostic] = []

    def take(self, *lines: bytes | dict[str, object]) -> list[RecordedStep]:
        taken = []
        written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        for item in read_records(written, known=self.known, look=self.look, secret=SECRET):
            if isinstance(item, Diagnostic):
                self.said.append(item)
            else:
                taken.append(item)
                for event in item.events:
                    sections_of(event)
        return taken

    def step(self, line: dict[str, object]) -> StepPerformed:
        (taken,) = self.take(line)
        return the_step(taken.events)


def the_step(events: tuple[Event, ...]) -> StepPerformed:
    (step,) = [event for event in events if isinstance(event, StepPerformed)]
    return step


def line(**fields: object) -> dict[str, object]:
    return {"schema": "edgecode.step/1", "kind": "generate", "outputs": [{"path": "out.png"}]} | fields


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    lay(tmp_path, {"out.png": b"out", "in.png": b"in"})
    return Desk(tmp_path)


def test_a_full_record_becomes_one_step_with_everything_it_says(desk: Desk, tmp_path: Path) -> None:
    (taken,) = desk.take(
        line(
            id="job-7",
            grade="logged",
            tool={"name": "Flame", "version": "2027"},
            ai="assistive",
            kind="comp",
            started="2026-11-02T14:05:00.250+01:00",
            ended=1_800_000_000_000,
            folder=str(tmp_path),
            inputs=[
                {"path": "in.png", "frames": [{"first": 0, "end": 5, "kind": "window", "low": -1, "high": 1}]},
                {"sha256": "AB" * 32, "role": "control", "name": "depth"},
            ],
            models=[{"name": "m.safetensors", "kind": "lora", "hashes": {"sha256": "CD" * 32}, "strength": "0.8"}],
            seeds=["18446744073709551615"],
            settings={"steps": "30"},
            texts=[{"name": "note", "text": "make it rain"}],
            graph=[{"name": "graph", "media_type": "application/json", "text": "{}"}],
        )
    )

    step = the_step(taken.events)
    assert [type(event) for event in taken.events] == [VersionSeen, VersionSeen, ModelKnown, StepPerformed]
    used, out = (event.fact.version for event in taken.events[:2] if isinstance(event, VersionSeen))
    assert (step.fact.outputs, step.fact.inputs[0].version) == ((out,), used)
    assert step.fact.inputs[0].frames == (FrameMap("window", 0, 5, -1, 1),)
    assert (step.fact.tool, step.fact.ai, step.fact.grade) == (Tool("Flame", "2027"), AiUse.ASSISTIVE, Grade.LOGGED)
    assert (step.fact.started, step.fact.ended) == (1_793_624_700_250, 1_800_000_000_000)
    assert step.bytes is not None and step.bytes.claimed == {step.fact.inputs[1].version: "ab" * 32}
    assert step.place is not None and step.place.names[out] == "out.png"
    assert step.recipe is not None and step.recipe.seeds == ("18446744073709551615",)
    assert step.text is not None and step.text.items == (("note", "make it rain"),)
    assert step.graph is not None and step.graph.parts == (("graph", "application/json", b64encode(b"{}").decode()),)
    assert desk.said == []


def test_bad_lines_are_named_by_number_and_the_good_ones_are_kept(desk: Desk) -> None:
    taken = desk.take(
        line(id="1"),
        b"not json",
        b"",
        line(id="3", seeds=[18446744073709551615]),
        line(id="4", kind="magic words"),
        line(id="5", outputs=[]),
        b"\xff\xfe",
        line(id="6", inputs=[{"path": "in.png", "frames": [{"first": 5, "end": 5}]}]),
        b'{"a":' * 5000,
        line(id="7"),
    )

    assert [step.line for step in taken] == [1, 10]
    bad = [(said.line, said.code) for said in desk.said if said.effect == "row-missing"]
    assert bad == [
        (2, "record.malformed"),
        (4, "record.malformed"),
        (5, "record.malformed"),
        (6, "record.no_outputs"),
        (7, "record.malformed"),
        (8, "record.range_empty"),
        (9, "record.malformed"),
    ]
    texts = {said.line: said.text for said in desk.said if said.effect == "row-missing"}
    assert texts[4] == "the line does not fit step/1 at $.seeds[0]: Expected `str`, got `int`"
    assert "magic words" not in texts[5]


def test_a_line_sent_twice_is_one_step(desk: Desk) -> None:
    first, again = desk.take(line(id="job-7"), line(id="job-7"))
    bare, same = desk.take(line(), line())
    own = record_id(5, b"0123456789")
    (given,) = desk.take(line(id=own))

    assert (again.step, again.events, same.step, same.events) == (first.step, (), bare.step, ())
    assert given.step == own
    assert len({first.step, bare.step, own}) == 3


def test_ids_made_from_a_line_cannot_be_guessed_without_the_production(desk: Desk, tmp_path: Path) -> None:
    (ours,) = desk.take(line(id="job-7"))
    other = Desk(tmp_path)
    (theirs,) = read_records(
        [json.dumps(line(id="job-7", outputs=[{"sha256": "ab" * 32}])).encode()],
        known=other.known,
        look=other.look,
        secret=b"t" * 32,
    )

    assert isinstance(theirs, RecordedStep) and ours.step != theirs.step


def test_unknown_fields_are_said_and_the_rest_is_kept(desk: Desk) -> None:
    taken = desk.take(line(mood="calm", inputs=[{"path": "in.png", "colour": 1}]))

    assert len(taken) == 1
    (said,) = [said for said in desk.said if said.code == "record.unknown_field"]
    assert said.text == "fields that step/1 does not have were left out: 1 in the step, 1 in inputs"


def test_what_a_sender_calls_an_unknown_field_is_never_said(desk: Desk) -> None:
    desk.take(line(Wilhelmina=1, inputs=[{"path": "in.png", "a queen on a horse": 1}]))

    assert not [said for said in desk.said if "Wilhelmina" in said.text or "queen" in said.text]


@pytest.mark.parametrize("path", ["Z:\\show\\out.png", "z:/SHOW/out.png", "\\\\filer\\show\\out.png"])
def test_windows_names_of_a_root_lead_to_its_files(desk: Desk, path: str) -> None:
    (taken,) = desk.take(line(outputs=[{"path": path}]))

    seen = taken.events[0]
    assert isinstance(seen, VersionSeen) and seen.place is not None and seen.place.path == "out.png"


def test_a_path_never_leaves_its_root(tmp_path: Path) -> None:
    roots = [MediaRoot("media", tmp_path / "media"), MediaRoot("deep", tmp_path / "media" / "deep")]

    assert located(f"{tmp_path}/media/../other/a.png", roots) is None
    assert located(f"{tmp_path}/media/deep/a.png", roots) == (roots[1], "a.png")


def test_an_output_that_nobody_can_read_is_referred_to_and_said(desk: Desk, tmp_path: Path) -> None:
    step = desk.step(line(outputs=[{"path": "/elsewhere/a.mov"}, {"path": f"{tmp_path}/gone.mov"}]))

    assert len(step.fact.outputs) == 2
    assert [said.code for said in desk.said] == ["record.outside_roots", "record.file_unreadable"]


def test_a_file_that_changed_since_keeps_the_recorded_content(desk: Desk, tmp_path: Path) -> None:
    step = desk.step(line(folder=str(tmp_path), outputs=[{"path": "out.png", "sha256": "ab" * 32}]))

    assert step.bytes is not None and step.bytes.claimed == {step.fact.outputs[0]: "ab" * 32}
    assert [said.code for said in desk.said] == ["record.content_changed"]


def test_a_sequence_by_token_is_one_output(desk: Desk, tmp_path: Path) -> None:
    lay(tmp_path, {f"r/a.{frame}.exr": b"%d" % frame for frame in range(1001, 1006)})

    (taken,) = desk.take(line(outputs=[{"path": f"{tmp_path}/r/a.%04d.exr"}]))

    seen = taken.events[0]
    assert isinstance(seen, SequenceSeen) and seen.place is not None
    assert (seen.fact.count, the_step(taken.events).fact.outputs) == (5, (seen.fact.version,))


def test_frames_listed_one_by_one_are_one_output_of_exactly_these_frames(desk: Desk, tmp_path: Path) -> None:
    lay(tmp_path, {f"r/a.{frame}.exr": b"%d" % frame for frame in range(1001, 1006)})

    (taken,) = desk.take(line(outputs=[{"path": f"{tmp_path}/r/a.{frame}.exr"} for frame in (1003, 1004)]))

    seen = taken.events[0]
    assert isinstance(seen, SequenceSeen)
    assert (seen.fact.first, seen.fact.last, seen.place) == (1003, 1004, None)
    assert the_step(taken.events).fact.outputs == (seen.fact.version,)


def test_a_line_with_a_known_id_that_says_something_else_is_refused_and_not_dropped_in_silence(desk: Desk) -> None:
    made = [{"name": "out"}]
    taken = desk.take(*(line(id="job-7", kind=kind, outputs=made) for kind in ("paint", "generate", "paint")))

    assert [len(item.events) for item in taken] == [1, 0]
    assert [(item.code, item.line, item.effect) for item in desk.said] == [("record.id_reused", 2, "row-missing")]


def test_a_step_is_somebodys_word_unless_the_line_says_that_it_was_recorded_as_it_happened(desk: Desk) -> None:
    graded = [desk.step(line(id=f"job-{grade}", **({"grade": grade} if grade else {}))) for grade in ("", "logged")]

    assert [step.fact.grade for step in graded] == [Grade.DECLARED, Grade.LOGGED]


def test_what_an_output_says_of_its_own_making_is_a_step_beside_the_recorded_one(desk: Desk, tmp_path: Path) -> None:
    lay(tmp_path, {"made.png": b"model:x ", "used.png": b"model:y "})

    (taken,) = desk.take(line(outputs=[{"path": f"{tmp_path}/made.png"}], inputs=[{"path": f"{tmp_path}/used.png"}]))

    steps = [event for event in taken.events if isinstance(event, StepPerformed)]
    assert [step.fact.source for step in steps] == ["comfyui.png", "comfyui.png", "record"]


def test_secrets_are_taken_out_of_settings_texts_and_graphs(desk: Desk) -> None:
    key = "sk-abcdefghijklmnopqrstuvwx"
    step = desk.step(
        line(
            settings={"api_key": "hunter22", "steps": "3"},
            texts=[{"text": f"use {key}"}],
            graph=[{"name": "g", "text": json.dumps({"token": "abcdef123456"})}],
        )
    )

    recorded = b"".join(sections_of(step).values())
    assert step.recipe is not None and step.recipe.settings == {"api_key": "[removed]", "steps": "3"}
    assert key.encode() not in recorded
    assert step.graph is not None and b64encode(b"abcdef123456") not in step.graph.parts[0][2].encode()
    assert [said.code for said in desk.said].count("record.secret_removed") == 3


def test_a_vendors_return_is_declared_and_covers_what_it_says(desk: Desk) -> None:
    step = desk.step(line(kind="vendor", vendor={"turnover": "T-3", "covers": [[1001, 1010]], "origins": "CG"}))

    fact = step.fact
    assert (fact.grade, fact.covers, fact.origins) == (Grade.DECLARED, ((1001, 1010),), "CG")
    assert step.place is not None
    assert step.place.turnover == "T-3"


def test_a_vendors_return_that_names_no_frames_covers_none(desk: Desk) -> None:
    assert desk.step(line(kind="vendor", vendor={"turnover": "T-3"})).fact.covers == ()


def test_a_dataset_of_one_name_is_one_dataset(desk: Desk) -> None:
    first, second = desk.take(
        line(id="1", datasets=[{"name": "faces", "items": 40}]), line(id="2", datasets=[{"name": "faces"}])
    )

    known = [event for step in (first, second) for event in step.events if isinstance(event, DatasetKnown)]
    assert [event.fact.items for event in known] == [40]
    for step in (first, second):
        (used,) = the_step(step.events).fact.inputs
        assert (used.version, used.role) == (known[0].fact.version, InputRole.TRAINING)


def test_a_time_without_a_zone_is_not_guessed(desk: Desk) -> None:
    assert desk.step(line(started="2026-11-02T14:05:00")).fact.started == 0
    assert [said.code for said in desk.said if said.code == "record.time_unclear"] == ["record.time_unclear"]


# ------------------------------------------------------------------------------------------------ edgecode run


def story(tmp_path: Path, **changed: object) -> RunStory:
    given: dict[str, object] = {
        "run": record_id(5, b"0123456789"),
        "command": ("/opt/bin/Magick.EXE", "in.png", "--api-key", "hunter22", "out.png"),
        "inputs": (f"{tmp_path}/in.png",),
        "before": {},
        "after": files_matching(["out.png"], tmp_path),
        "exit_status": 0,
        "started": 5,
        "ended": 9,
    }
    return RunStory(**(given | changed))  # type: ignore[arg-type]


def test_a_run_is_a_step_of_what_it_read_and_made(desk: Desk, tmp_path: Path) -> None:
    record, said = record_of_run(story(tmp_path))

    taken, more = events_of_record(
        record, line=1, known=desk.known, look=desk.look, secret=SECRET, source="run", own=b""
    )

    step = the_step(taken.events)
    used, out = (event.fact.version for event in taken.events[:2] if isinstance(event, VersionSeen))
    assert (step.fact.step, step.fact.kind, step.fact.source) == (record.id, StepKind.COMMAND, "run")
    assert (step.fact.outputs, [each.version for each in step.fact.inputs]) == ((out,), [used])
    assert step.fact.tool == Tool("Magick")
    assert step.text is not None
    assert step.text.items == (("command", '["/opt/bin/Magick.EXE", "in.png", "--api-key", "[removed]", "out.png"]'),)
    assert ([each.code for each in said], more) == (["run.secret_removed"], [])


def test_a_copy_is_a_version_of_its_own_with_the_same_content(desk: Desk, tmp_path: Path) -> None:
    lay(tmp_path, {"same.png": b"x", "copy.png": b"x"})
    paths = [{"path": f"{tmp_path}/same.png"}], [{"path": f"{tmp_path}/copy.png"}]

    (taken,) = desk.take(line(inputs=paths[0], outputs=paths[1]))

    step = the_step(taken.events)
    assert len({*step.fact.outputs, *(used.version for used in step.fact.inputs)}) == 2


def test_only_new_and_changed_files_are_outputs(tmp_path: Path) -> None:
    lay(tmp_path, {"old.exr": b"1", "touched.exr": b"1", "deep/er/x.exr": b"1"})
    before = files_matching(["**/*.exr"], tmp_path)
    lay(tmp_path, {"touched.exr": b"22", "new.exr": b"3"})

    made = new_or_changed(before, files_matching(["**/*.exr"], tmp_path))

    assert [os.path.relpath(path, tmp_path) for path in made] == ["new.exr", "touched.exr"]
    assert len(before) == 3


def test_a_file_changed_in_place_is_not_its_own_source(tmp_path: Path) -> None:
    path = f"{tmp_path}/in.png"
    lay(tmp_path, {"in.png": b"1"})

    record, said = record_of_run(story(tmp_path, command=("mogrify",), after=files_matching(["in.png"], tmp_path)))

    assert (record.inputs, [output.path for output in record.outputs]) == ((), [path])
    assert [each.code for each in said] == ["run.changed_in_place"]


def test_a_failed_command_is_recorded_as_failed(desk: Desk, tmp_path: Path) -> None:
    record, _ = record_of_run(story(tmp_path, exit_status=3, after={}))

    taken, _ = events_of_record(record, line=1, known=desk.known, look=desk.look, secret=SECRET, source="run", own=b"")

    assert (the_step(taken.events).fact.status, the_step(taken.events).fact.outputs) == ("failed", ())


def test_a_command_that_made_nothing_says_so(tmp_path: Path) -> None:
    _, said = record_of_run(story(tmp_path, command=("true",), after={}))

    assert [each.code for each in said] == ["run.no_outputs"]


@pytest.mark.parametrize(
    ("command", "name"), [(["C:\\tools\\nuke.exe"], "nuke"), (["./render.sh"], "render.sh"), ([], "")]
)
def test_a_tool_is_called_by_its_programs_name(command: list[str], name: str) -> None:
    assert tool_name(command) == name


def lay_plates(desk: Desk) -> None:
    root = desk.roots[0].path
    lay(root, {f"pl.{frame:04d}.png": b"pl%d" % frame for frame in range(1, 5)})
    lay(root, {f"cp.{frame:04d}.png": b"cp%d" % frame for frame in range(1001, 1005)})


def mapped_comp(desk: Desk, *frames: dict[str, object]) -> dict[str, object]:
    root = desk.roots[0].path
    plate = {"path": f"{root}/pl.%04d.png", "role": "picture", "frames": list(frames)}
    return line(kind="comp", inputs=[plate], outputs=[{"path": f"{root}/cp.%04d.png"}])


def test_a_map_that_asks_for_frames_which_the_input_does_not_have_is_said_at_once(desk: Desk) -> None:
    lay_plates(desk)
    desk.take(mapped_comp(desk, {"kind": "same", "first": 1001, "end": 1005}))

    assert [(said.code, said.text, said.line) for said in desk.said] == [
        ("record.frames_outside", "input pl.%04d.png has frames 1-4, and the step needs 1001-1004 of it", 1)
    ]


def test_a_map_that_fits_says_nothing_however_far_it_reaches_beyond_what_was_made(desk: Desk) -> None:
    lay_plates(desk)
    desk.take(mapped_comp(desk, {"kind": "same", "first": 0, "end": 90_000, "low": -1000}))

    assert desk.said == []


class OneWithdrawn(NothingKnown):
    """A production in which every step was taken back."""

    def is_withdrawn(self, step: str) -> bool:
        return True


def test_a_line_whose_step_was_taken_back_asks_for_another_id(desk: Desk) -> None:
    desk.known = KnownSoFar(OneWithdrawn())

    assert desk.take(line(id="comfy-1")) == []
    assert [(said.code, said.effect) for said in desk.said] == [("record.withdrawn", "row-missing")]


def test_a_version_id_with_a_digest_keeps_the_digest_as_a_claim(desk: Desk) -> None:
    version, sha256 = record_id(9, b"0123456789"), "ab" * 32
    step = desk.step(line(outputs=[{"version": version, "sha256": sha256}]))

    assert (step.fact.outputs, step.bytes and step.bytes.claimed) == ((version,), {version: sha256})


@pytest.mark.parametrize("name", ["c#d.png", "v.%04d.png", "k.[0001-0002].png", "a@2x.png", "f$F.png"])
def test_a_file_whose_name_looks_like_a_pattern_is_found_by_its_name(desk: Desk, tmp_path: Path, name: str) -> None:
    lay(tmp_path, {name: b"made"})
    (taken,) = desk.take(line(outputs=[{"path": str(tmp_path / name)}]))

    assert [type(event) for event in taken.events] == [VersionSeen, StepPerformed]
    assert desk.said == []


def test_a_name_that_is_a_files_and_a_sequences_is_taken_for_neither(desk: Desk, tmp_path: Path) -> None:
    lay(tmp_path, {f"k.{frame}.png": frame.encode() for frame in ("[0001-0002]", "0001", "0002")})
    asked = str(tmp_path / "k.[0001-0002].png")
    unclear = desk.look(asked, frames=None)
    frames = desk.look(asked, frames=[1, 2])

    assert (unclear.version, [item.code for item in unclear.diagnostics]) == (None, ["record.file_unclear"])
    assert (frames.version is None, [type(event) for event in frames.events][:1]) == (False, [SequenceSeen])
