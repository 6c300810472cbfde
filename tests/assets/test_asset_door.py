"""The door for asset managers: references, lineage, the publish gate before anything is recorded, and recording."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from asset_show import ROOT, make_show, step

from edgecode.answers.assets import AssetAnswer
from edgecode.cli import assets as cli_assets
from edgecode.events.person_kinds import PersonDepicted
from edgecode.index.dump import dump
from edgecode.production import Production
from edgecode.production.assets import door as asset_door
from edgecode.production.assets import gate as asset_gate
from edgecode.production.assets.door import answered
from edgecode.production.checking.cuts import check
from edgecode.production.persons.noting import withdraw_depiction
from edgecode.settings import Hook, read_settings, write_settings
from edgecode.terms.timebase import Rate

WHOLE = json.loads((ROOT / "schemas" / "assets-1.json").read_text("utf-8"))


HOOK = Hook("desk", command=("true",), on=("gate:publish",))


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    with make_show(tmp_path) as production:
        yield production


def ask(production: Production, **request: object) -> dict[str, Any]:
    """The answer as it goes over the wire, which always fits its published schema."""
    answer = msgspec.json.encode(answered(production, json.dumps(request).encode()))
    said: dict[str, Any] = json.loads(answer)
    jsonschema.validate(said, WHOLE)
    return said


def elements(production: Production, **request: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(production, **request)["elements"]
    return found


def asset(production: Production, written: str) -> dict[str, Any]:
    found: dict[str, Any] = elements(production, ask="find", of=[written])[0]["asset"]
    return found


def gate(production: Production, **request: object) -> dict[str, Any]:
    found: dict[str, Any] = elements(production, ask="gate", **request)[0]["gate"]
    return found


def media(production: Production) -> Path:
    return production.folder.parent / "media"


def held(answer: dict[str, Any]) -> list[str]:
    return sorted({one["code"] for one in answer["findings"] if one["held"] != "open"})


# ------------------------------------------------------------------------------------------ references


def test_a_place_means_the_version_that_was_last_seen_there(production: Production) -> None:
    before = asset(production, "plate.png")
    (media(production) / "plate.png").write_bytes((media(production) / "sky.png").read_bytes() + b" ")
    production.scan()

    after = asset(production, before["file"])

    assert (after["version"] != before["version"], after["file"]) == (True, before["file"])
    assert asset(production, before["reference"])["version"] == before["version"]


def test_a_sequence_is_told_in_two_parts_around_its_frame_number(production: Production) -> None:
    found = asset(production, "run.#.png")

    assert {name: found.get(name) for name in ("kind", "path", "padding", "first", "last", "made")} == {
        "kind": "sequence",
        "path": [str(media(production) / "run."), ".png"],
        "padding": 4,
        "first": 1001,
        "last": 1003,
        "made": "render",
    }
    assert found["file"].endswith("/run.*.png")


def test_a_place_where_nothing_stands_is_no_error_to_find_and_one_to_follow(production: Production) -> None:
    empty = asset(production, "plate.png")["file"].replace("plate", "later")

    (found,) = elements(production, ask="find", of=[empty])
    (related,) = elements(production, ask="related", of=[empty])

    assert found["asset"] == {"reference": empty, "file": empty, "path": [str(media(production) / "later.png")]}
    assert related["error"]["code"] == "asset.nothing_there"


@pytest.mark.parametrize(
    "written",
    [
        "edgecode://",
        "edgecode://cut/1",
        "edgecode://version/",
        "edgecode://version/1",
        "edgecode://file/r-1",
        "edgecode://file/r-1/",
        "edgecode://file//a.png",
        "edgecode://file/r-1/a.*.*.png",
        "edgecode://file/r-1/a.*/b.png",
        "edgecode://file/r-1/../b.png",
    ],
)
def test_half_a_reference_costs_its_own_element_alone(production: Production, written: str) -> None:
    first, second = elements(production, ask="find", of=[written, "plate.png"])

    assert (first["error"]["code"], second["asset"]["name"]) == ("asset.reference", "plate.png")


# ------------------------------------------------------------------------------------------ lineage


def test_lineage_is_followed_one_step_either_way_and_by_role(production: Production) -> None:
    def names(of: str, **more: object) -> list[str]:
        (found,) = elements(production, ask="related", of=[of], **more)
        return [one["name"] for one in found["related"]]

    assert names("comp.png", way="made-from") == ["plate.png", "run.#.png"]
    assert names("comp.png", way="made-from", roles=["sound"]) == []
    assert sorted(names("plate.png", way="made-into")) == ["comp.png", "run.#.png"]
    assert names("sky.png", way="made-from") == []


def test_versions_of_one_place_are_listed_newest_first(production: Production) -> None:
    first = asset(production, "sky.png")
    (media(production) / "sky.png").write_bytes((media(production) / "sky.png").read_bytes() + b"new")
    production.scan()
    second = asset(production, first["file"])

    (found,) = elements(production, ask="related", of=[first["reference"]], way="versions")

    assert [one["reference"] for one in found["related"]] == [second["reference"], first["reference"]]


# ------------------------------------------------------------------------------------------ the gate


def test_what_was_made_from_what_was_filmed_passes(production: Production) -> None:
    assert gate(production, of=["comp.png"])["word"] == "CLEARED"


def test_what_nobody_says_how_it_was_made_is_held_unless_that_is_left_to_delivery(production: Production) -> None:
    whole, later = gate(production, of=["sky.png"]), gate(production, of=["sky.png"], unsaid="later")

    assert (whole["word"], held(whole)) == ("HELD", ["asset.sources_unsaid"])
    assert (later["word"], [one["later"] for one in later["findings"]]) == ("CLEARED", ["deliver"])


@pytest.mark.parametrize(
    "inputs",
    [
        [],
        [{"path": "never_scanned.png"}],
        [{"path": "plate.png"}, {"sha256": "ab" * 32}],
        [{"version": "01a209bd-1089-7a18-9fd5-000000000000"}],
        [{"name": "somewhere"}],
    ],
)
def test_naming_inputs_that_are_not_on_record_is_no_way_past_the_gate(
    production: Production, inputs: list[dict[str, str]]
) -> None:
    line = step("comp", "new.png", folder=media(production)) | {"inputs": inputs}

    answer = gate(production, steps=[line])

    assert (answer["word"], held(answer)) == ("HELD", ["asset.sources_unsaid"])


@pytest.mark.parametrize("unsaid", ["hold", "later"])
def test_a_digest_that_the_line_names_and_the_file_at_its_path_has_not_holds_whatever_may_be_said_later(
    production: Production, unsaid: str
) -> None:
    plate = sha256((media(production) / "plate.png").read_bytes()).hexdigest()
    line = step("comp", "sky.png", folder=media(production)) | {"inputs": [{"path": "face.png", "sha256": plate}]}

    answer = gate(production, steps=[line], unsaid=unsaid)

    assert (answer["word"], held(answer)) == ("HELD", ["asset.sources_unsaid"])


@pytest.mark.parametrize("written", ["", "/", "/\0", "a\0b.png", "x" * 5000, "%04d.png", "run.[1-99999999999].png"])
def test_no_path_that_leads_to_nothing_passes(production: Production, written: str) -> None:
    answer = gate(production, of=[f"{media(production)}/{written}"])

    assert answer["word"] == "HELD"


def test_a_step_is_judged_before_it_is_recorded_as_it_is_afterwards(production: Production) -> None:
    line = step("generate", "sky.png", "face.png", folder=media(production), id="dream")
    before = gate(production, steps=[line])

    (recorded,) = elements(production, ask="record", steps=[line])
    after = gate(production, of=["sky.png"])

    assert [one["name"] for one in recorded["recorded"]["outputs"]] == ["sky.png"]
    assert before["word"] in ("HELD", "REFUSED")
    assert (before["word"], held(before)) == (after["word"], held(after))
    assert held(before) != held(gate(production, of=["comp.png"]))


def test_a_question_leaves_no_trace_in_the_log_and_in_the_index(production: Production) -> None:
    size, stands = production.log.size, dump(production.index)

    gate(production, steps=[step("generate", "new.png", "face.png", folder=media(production))])
    (media(production) / "loose.png").write_bytes(b"loose")
    gate(production, of=[str(media(production) / "loose.png")])

    assert (production.log.size, dump(production.index) == stands) == (size, True)
    assert check_still_works(production)


def check_still_works(production: Production) -> bool:
    """Whether the index goes on from where it stood."""
    production.scan()
    return production.log.size > 0 and bool(production.index.rows("watermark"))


def test_a_question_that_breaks_off_leaves_no_trace_either(
    production: Production, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands = dump(production.index)

    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(asset_gate, "check_shown", broken)
    with pytest.raises(OSError):
        gate(production, steps=[step("generate", "new.png", "face.png", folder=media(production))])

    assert dump(production.index) == stands


def test_leaving_out_that_somebody_is_in_it_clears_nothing(production: Production) -> None:
    line = step("generative-edit", "new.png", "face.png", folder=media(production))
    with_her = gate(production, steps=[line])
    (depiction,) = [one.event.fact.depiction for one in production.recorded() if isinstance(one.event, PersonDepicted)]
    withdraw_depiction(production, depiction)

    without = gate(production, steps=[line])

    assert "CLEARED" not in (with_her["word"], without["word"])
    assert held(with_her) != held(without)


def test_what_lies_in_no_media_root_is_held_and_not_read(production: Production, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.png").write_bytes(b"x")

    answer = gate(production, of=[str(tmp_path / "elsewhere.png")])

    assert (answer["word"], held(answer)) == ("HELD", ["asset.sources_unsaid"])
    assert [one["code"] for one in answer["said"]] == ["record.outside_roots"]


def test_a_gate_with_hooks_holds_because_no_hook_judged(production: Production) -> None:
    production.settings = msgspec.structs.replace(production.settings, hooks=(HOOK,))

    answer = gate(production, of=["comp.png"])

    assert (answer["word"], held(answer)) == ("HELD", ["hook.did_not_judge"])


def test_the_gate_says_of_a_version_what_a_cut_of_it_would_be_told(production: Production) -> None:
    alone = gate(production, of=["face.png"])

    in_cut = cut_of(production, "face.png")

    assert (alone["word"], {one["code"] for one in alone["findings"]}) == in_cut


def cut_of(production: Production, name: str) -> tuple[str, set[str]]:
    listing = f"TITLE: T\nFCM: NON-DROP FRAME\n\n001  AX V C 00:00:00:00 00:00:00:01 01:00:00:00 01:00:00:01\n* FROM CLIP NAME: {name}\n"
    path = production.folder.parent / "one.edl"
    path.write_text(listing, encoding="ascii")
    production.add_cut([path], name="One", rate=Rate(24))
    answer = check(production, "One", gate="publish").answer
    # An EDL hides effects, which is the list's own doubt and not the picture's.
    codes = {
        one.code
        for one in answer.findings
        if (one.held != "open" or one.later) and one.code != "coverage.effects_hidden"
    }
    return answer.word, codes


# ------------------------------------------------------------------------------------------ recording


def test_the_same_line_twice_is_one_step_and_another_line_with_its_id_is_refused(production: Production) -> None:
    line = step("paint", "sky.png", folder=media(production), id="p1")
    other = step("draw", "sky.png", folder=media(production), id="p1")

    first, second, third = elements(production, ask="record", steps=[line, line, other])

    assert first["recorded"]["step"] == second["recorded"]["step"]
    assert third["error"]["code"] == "record.id_reused"


def test_one_bad_line_costs_itself_alone(production: Production) -> None:
    good = step("paint", "sky.png", folder=media(production))
    found = elements(production, ask="record", steps=[{"schema": "edgecode.step/1"}, good, 7])

    assert [one.get("error", {}).get("code") for one in found] == ["record.malformed", None, "record.malformed"]


def test_a_file_alone_is_recorded_without_a_word_on_how_it_was_made(production: Production) -> None:
    (media(production) / "loose.png").write_bytes(b"loose")
    found, missing = elements(
        production, ask="record", of=[str(media(production) / "loose.png"), str(media(production) / "no.png")]
    )

    assert (found["recorded"]["step"], [one.get("made") for one in found["recorded"]["outputs"]]) == ("", [None])
    assert missing["error"]["code"] == "asset.file"


# ------------------------------------------------------------------------------------------ the command


def talk(folder: Path, *lines: bytes) -> tuple[list[AssetAnswer], str]:
    done = subprocess.run(
        [sys.executable, "-m", "edgecode", "assets", "--stdio", "--production", str(folder)],
        input=b"".join(line + b"\n" for line in lines),
        capture_output=True,
        check=True,
        timeout=120,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
    )
    return [msgspec.json.decode(line, type=AssetAnswer) for line in done.stdout.splitlines()], done.stderr.decode()


def test_the_door_answers_line_by_line_and_outlives_what_is_no_request(tmp_path: Path) -> None:
    with make_show(tmp_path) as production:
        folder = production.folder

    answers, said = talk(
        folder, b'{"id":"a","ask":"hello"}', b"", b"{", b"\xff\xfe", b'{"ask":"fly"}', b'{"id":2,"ask":"find","of":[]}'
    )

    assert [(one.id, one.error.code if one.error else None) for one in answers] == [
        ("a", None),
        (0, "asset.request"),
        (0, "asset.request"),
        (0, "asset.request"),
        (2, None),
    ]
    assert (answers[0].hello.production if answers[0].hello else "", answers[-1].elements, said) == ("Film", (), "")


def test_a_hook_that_is_added_while_the_door_is_open_holds_from_then_on(tmp_path: Path) -> None:
    make_show(tmp_path).close()
    folder = tmp_path / "show"
    request = b'{"id":1,"ask":"gate","of":["comp.png"]}\n'
    with subprocess.Popen(
        [sys.executable, "-m", "edgecode", "assets", "--stdio", "--production", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
    ) as door:
        assert door.stdin is not None
        assert door.stdout is not None

        def word() -> str:
            assert door.stdin is not None
            assert door.stdout is not None
            door.stdin.write(request)
            door.stdin.flush()
            elements = msgspec.json.decode(door.stdout.readline(), type=AssetAnswer).elements
            assert elements
            assert elements[0].gate is not None
            return elements[0].gate.word

        before = word()
        write_settings(folder, msgspec.structs.replace(read_settings(folder), hooks=(HOOK,)))
        after = word()

    assert (before, after) == ("CLEARED", "HELD")


def test_a_line_beyond_the_limit_is_refused_and_the_next_one_answered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    make_show(tmp_path).close()
    monkeypatch.setattr(asset_door, "LINE_BYTES_AT_MOST", 40)
    monkeypatch.setattr(cli_assets, "_READ_AT_ONCE", 41)
    lines = io.BytesIO(b'{"id":1,"ask":"hello","of":["' + b"a" * 200 + b'"]}\n{"id":2,"ask":"hello"}\n')
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(lines))

    cli_assets.assets.main(["--stdio", "--production", str(tmp_path / "show")], standalone_mode=False)

    answers = [msgspec.json.decode(one, type=AssetAnswer) for one in capsysbinary.readouterr().out.splitlines()]
    assert [(one.id, one.error.code if one.error else None) for one in answers] == [(0, "asset.request"), (2, None)]


def test_the_command_alone_says_what_it_wants(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "edgecode", "assets"], capture_output=True, check=False, cwd=tmp_path, text=True
    )

    assert (done.returncode, "asset.how" in done.stderr) == (2, True)
