"""Bad input on the command line: one sentence that names the thing, a stable code, the right exit status, and the rest goes on."""

import json
import os
from pathlib import Path

import pytest

from running import run_command

EDL = """TITLE: reel 1
001  A001C001 V     C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: plate.mov
"""


@pytest.fixture
def production(tmp_path: Path) -> Path:
    folder = tmp_path / "show"
    assert run_command("init", str(folder), "--title", "Test", cwd=tmp_path).status == 0
    return folder


def test_commands_outside_a_production_say_so(tmp_path: Path) -> None:
    done = run_command("coverage", "reel1", cwd=tmp_path)

    assert (done.status, "[production.none]" in done.err) == (21, True)


def test_a_production_is_not_opened_twice(production: Path) -> None:
    done = run_command("init", cwd=production)

    assert (done.status, "[production.exists]" in done.err) == (11, True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.otio", b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {'),
        ("cut.edl", b""),
        ("cut.edl", b"\x00\x01\x02 this is no list"),
        ("cut.otio", b"[" * 100_000),
        ("cut.xml", b"<?xml version='1.0'?><xmeml></xmeml>"),
    ],
)
def test_a_broken_cut_is_a_sentence_and_20(production: Path, name: str, content: bytes) -> None:
    (production / name).write_bytes(content)
    done = run_command("cut", "add", name, cwd=production)

    assert (done.status, "Traceback" in done.err, name in done.err) == (20, False, True)


def test_an_edl_whose_rate_nobody_knows_is_not_guessed(production: Path) -> None:
    (production / "reel1.edl").write_text(EDL, encoding="utf-8")
    unknown = run_command("cut", "add", "reel1.edl", cwd=production)
    known = run_command("cut", "add", "reel1.edl", "--rate", "23.976", cwd=production)

    assert (unknown.status, "[rate.unknown]" in unknown.err) == (20, True)
    assert (known.status, "48 frames at 23.976" in known.out) == (0, True)


def test_a_wrong_rate_is_named(production: Path) -> None:
    (production / "reel1.edl").write_text(EDL, encoding="utf-8")
    done = run_command("cut", "add", "reel1.edl", "--rate", "fast", cwd=production)

    assert (done.status, "[rate.invalid]" in done.err) == (20, True)


def test_a_scan_names_bad_files_and_goes_on(production: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "empty.exr").write_bytes(b"")
    (media / "good.wav").write_bytes(
        b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\xbb\x00\x00\x00\x77\x01\x00\x02\x00\x10\x00data\x00\x00\x00\x00"
    )
    (media / "loop").symlink_to(media)
    (media / os.fsdecode(b"caf\xe9.png")).write_bytes(b"\x89PNG\r\n\x1a\n")
    done = run_command("scan", str(media), "--verbose", cwd=production)

    assert (done.status, "Traceback" in done.err) == (0, False)
    assert "empty.exr" in done.err and "caf\ufffd.png" in done.err
    assert "new versions" in done.out


def test_good_lines_are_recorded_whatever_the_others_are(production: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "plate.png").write_bytes(b"a picture")
    run_command("scan", str(media), cwd=production)
    good = json.dumps({"schema": "edgecode.step/1", "kind": "camera", "outputs": [{"path": str(media / "plate.png")}]})
    done = run_command("record", "-", cwd=production, stdin=f"not json\n{good}\n{{}}\n".encode())

    assert done.status == 20
    assert "recorded: 1 step" in done.out
    assert "line 1:" in done.err and "line 3:" in done.err


def test_the_same_line_twice_is_one_step(production: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "plate.png").write_bytes(b"a picture")
    run_command("scan", str(media), cwd=production)
    line = json.dumps(
        {"schema": "edgecode.step/1", "kind": "camera", "outputs": [{"path": str(media / "plate.png")}]}
    ).encode()
    first = run_command("record", "-", "--json", cwd=production, stdin=line + b"\n" + line)
    again = run_command("record", "-", "--json", cwd=production, stdin=line)

    assert (json.loads(first.out)["steps"], json.loads(again.out)["steps"]) == (1, 0)


def test_a_step_that_makes_its_own_ancestor_is_refused(production: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for name in ("a.png", "b.png"):
        (media / name).write_bytes(name.encode())
    run_command("scan", str(media), cwd=production)

    def step(source: str, made: str) -> bytes:
        inputs, outputs = [{"path": str(media / source)}], [{"path": str(media / made)}]
        return json.dumps({"schema": "edgecode.step/1", "kind": "grade", "inputs": inputs, "outputs": outputs}).encode()

    done = run_command("record", "-", cwd=production, stdin=step("a.png", "b.png") + b"\n" + step("b.png", "a.png"))

    assert (done.status, "[step.cycle]" in done.err, "recorded: 1 step" in done.out) == (20, True, True)


def test_run_passes_the_status_through_and_records_what_was_made(production: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / "in.png").write_bytes(b"in")
    run_command("scan", str(media), cwd=production)
    pattern = ("--in", str(media / "in.png"), "--out", str(media / "out.png"))
    made = run_command(
        "run", *pattern, "--kind", "grade", "--", "cp", str(media / "in.png"), str(media / "out.png"), cwd=production
    )
    failed = run_command("run", *pattern, "--", "false", cwd=production)

    assert (made.status, failed.status) == (0, 1)
    assert "recorded 1 step" in made.err


def test_run_outside_a_production_still_does_the_work_and_says_that_nothing_is_recorded(tmp_path: Path) -> None:
    done = run_command("run", "--out", "x", "--", "touch", "x", cwd=tmp_path)

    assert (done.status, (tmp_path / "x").exists(), "production.none" in done.err) == (0, True, True)


def test_an_answer_without_a_group_is_refused(production: Path) -> None:
    (production / "reel1.edl").write_text(EDL, encoding="utf-8")
    run_command("cut", "add", "reel1.edl", "--rate", "24", cwd=production)

    assert run_command("answer", "reel1", "--as", "camera", cwd=production).status == 2
    assert run_command("answer", "reel1", "--reel", "A001", "--as", "magic", cwd=production).status == 2
    assert run_command("answer", "reel1", "--reel", "A001", "--as", "camera", "--yes", cwd=production).status == 0


def test_look_needs_no_set_up_and_leaves_only_the_page(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (tmp_path / "reel1.edl").write_text(EDL, encoding="utf-8")
    done = run_command("look", "reel1.edl", "media", "--rate", "24", "--no-open", cwd=tmp_path)

    assert (done.status, "48 frames" in done.out) == (0, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["media", "reel1.edl", "reel1.html"]


def test_inspect_reads_anything_and_stores_nothing(tmp_path: Path) -> None:
    (tmp_path / "reel1.edl").write_text(EDL, encoding="utf-8")
    (tmp_path / "note.txt").write_text("hello", encoding="utf-8")
    cut = json.loads(run_command("inspect", "reel1.edl", "--json", cwd=tmp_path).out)
    other = json.loads(run_command("inspect", "note.txt", "--json", cwd=tmp_path).out)

    assert (cut["kind"], cut["cuts"][0]["rate"], cut["diagnostics"][0]["code"]) == ("cut", None, "rate.unknown")
    assert (other["kind"], other["generation"]) == ("media", [])


def test_init_where_nothing_can_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("", encoding="utf-8")
    done = run_command("init", "a file/show", cwd=tmp_path)

    assert (done.status, "[production.unwritable]" in done.err, "Traceback" in done.err) == (40, True, False)


def test_a_command_that_cannot_be_started_is_named(production: Path) -> None:
    done = run_command("run", "--out", "x*", "--", "no-such-tool", cwd=production)

    assert (done.status, "no-such-tool could not be started" in done.err) == (127, True)


def test_a_scan_for_a_cut_of_unknown_rate_says_so(production: Path, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (production / "reel1.edl").write_text(EDL, encoding="utf-8")
    done = run_command("scan", str(tmp_path / "media"), "--cut", "reel1.edl", cwd=production)

    assert (done.status, "[rate.unknown]" in done.err) == (0, True)
