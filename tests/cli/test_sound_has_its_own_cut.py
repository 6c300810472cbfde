"""One production, a picture list and the mix's session: a line that only the mix shows is found by the mix's own cut."""

import json
import wave
from pathlib import Path
from typing import Any

import pytest

from exchange_samples import session, session_track
from running import run_command

PICTURE = """TITLE: REEL 1
FCM: NON-DROP FRAME

001  AX       AA    C        00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME: line_12.wav
"""
"""The picture editor's list still has the line as it was recorded on set."""

MIX = session(
    session_track(
        "DX",
        ("line 12", "01:00:00:00", "01:00:02:00", "Unmuted"),
        ("line 12 v2", "01:00:02:00", "01:00:04:00", "Unmuted"),
    ),
    session_track("DX alt", ("line 12 v2", "01:00:00:00", "01:00:02:00", "Muted")),
    files="line_12.wav\tMix:media:sound:\nline_12_clone.wav\tMix:media:sound:\n",
    clips="line 12\tline_12.wav\t[1]\nline 12 v2\tline_12_clone.wav\t[1]\n",
)
"""The mix has swapped two seconds of it for a cloned voice."""


def sound(path: Path, note: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(bytes([note, 0]) * 48000 * 5)


@pytest.fixture
def production(tmp_path: Path) -> Path:
    sound(tmp_path / "media" / "sound" / "line_12.wav", 1)
    sound(tmp_path / "media" / "sound" / "line_12_clone.wav", 2)
    (tmp_path / "picture.edl").write_text(PICTURE)
    (tmp_path / "mix.txt").write_bytes(MIX)
    steps: list[dict[str, Any]] = [
        {"kind": "sound-recording", "outputs": [{"path": str(tmp_path / "media/sound/line_12.wav")}]},
        {
            "kind": "generate",
            "outputs": [{"path": str(tmp_path / "media/sound/line_12_clone.wav")}],
            "models": [{"name": "voice.safetensors", "kind": "voice"}],
        },
    ]
    lines = "".join(json.dumps({"schema": "edgecode.step/1", **step}) + "\n" for step in steps)
    for words, stdin in (
        (("init",), b""),
        (("scan", "media"), b""),
        (("record", "-"), lines.encode()),
        (("cut", "add", "picture.edl", "--rate", "24"), b""),
        (("cut", "add", "mix.txt"), b""),
    ):
        done = run_command(*words, cwd=tmp_path, stdin=stdin)
        assert done.status == 0, done.err
    return tmp_path


def heard(folder: Path, cut: str) -> dict[str, int]:
    answer = json.loads(run_command("coverage", cut, "--json", cwd=folder).out)
    return {letter: frames for letter, frames in answer["audio"]["by_origin"].items() if frames}


def test_the_cloned_line_is_in_the_mix_and_not_in_the_picture_editors_list(production: Path) -> None:
    assert heard(production, "picture") == {"C": 96}
    assert heard(production, "mix") == {"C": 48, "G": 48}


def test_a_muted_clone_is_not_heard(production: Path) -> None:
    answer = json.loads(run_command("matchback", "mix", "01:00:01:00", "--json", cwd=production).out)

    assert [(one["clip"], one["origin"]) for one in answer["on_screen"] if one["visibility"] == "certain"] == [
        ("line 12", "C")
    ]


def test_a_mix_that_nobody_explains_is_held_and_says_nothing_of_a_picture(production: Path) -> None:
    (production / "stray.txt").write_bytes(
        session(session_track("DX", ("stray", "01:00:00:00", "01:00:02:00", "Unmuted")))
    )
    assert run_command("cut", "add", "stray.txt", cwd=production).status == 0
    told = run_command("coverage", "stray", cwd=production)

    assert told.status == 10
    assert "This cut has no track of picture" in told.out
    assert "HELD: 48 frames of the sound are unaccounted and not waived." in told.out
    assert "of the picture" not in told.out.replace("nothing is said about the picture", "")
