"""A bundle of Final Cut Pro in a real production: added as a folder, conformed by path, every frame counted."""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

from fcpxml_parts import document
from running import run_command


def png() -> bytes:
    """The smallest picture: one black point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(4))) + chunk(b"IEND", b"")


def bundle(folder: Path, media: Path) -> Path:
    """A reel of 10 seconds at 24: a painted card, a titled stretch, a gap, a file that nobody has."""
    resources = (
        f'<asset id="card" name="card" start="0s" duration="0s" hasVideo="1" format="still" src="{(media / "card.png").as_uri()}"/>'
        '<asset id="gone" name="gone" start="0s" duration="0s" hasVideo="1" format="still" src="file:///nowhere/gone.png"/>'
    )
    body = (
        '<video ref="card" offset="3600s" duration="4s"/>'
        '<gap offset="3604s" start="3600s" duration="2s"><title ref="title" lane="1" offset="3600s" duration="1s"/></gap>'
        '<video ref="gone" offset="3606s" duration="4s" name="gone"/>'
    )
    reel = folder / "Reel 1.fcpxmld"
    reel.mkdir()
    (reel / "Info.fcpxml").write_bytes(document(body, resources=resources, duration="10s"))
    return reel


def answer(*arguments: str, cwd: Path, status: int) -> dict[str, Any]:
    done = run_command(*arguments, "--json", cwd=cwd)

    assert done.status == status, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_a_bundle_is_added_and_every_frame_of_it_is_counted(tmp_path: Path) -> None:
    media, show = tmp_path / "media", tmp_path / "show"
    media.mkdir()
    (media / "card.png").write_bytes(png())
    step = {"schema": "edgecode.step/1", "kind": "paint", "outputs": [{"path": str(media / "card.png")}]}
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=show).status == 0
    assert run_command("record", "-", cwd=show, stdin=json.dumps(step).encode()).status == 0
    assert run_command("cut", "add", str(bundle(tmp_path, media)), cwd=show).status == 0
    found = answer("coverage", "Reel 1", cwd=show, status=10)

    assert (found["frames"], found["accounted"], found["unaccounted"], found["rate"]) == (240, 144, 96, "24/1")
    assert found["by_origin"]["H"] == 144
    assert [(gap["in"], gap["out"], gap["reason"]) for gap in found["gaps"]] == [(144, 240, "no-match")]
    assert sum(found["by_visibility"].values()) == 240


def test_a_bundle_is_inspected_like_any_cut_and_a_folder_without_one_is_a_sentence(tmp_path: Path) -> None:
    seen = answer("inspect", str(bundle(tmp_path, tmp_path)), cwd=tmp_path, status=0)
    (tmp_path / "empty.fcpxmld").mkdir()
    run_command("init", "show", "--title", "Test", cwd=tmp_path)
    refused = run_command("cut", "add", "../empty.fcpxmld", cwd=tmp_path / "show")

    assert (seen["kind"], seen["cuts"][0]["name"], seen["cuts"][0]["frames"]) == ("cut", "Reel 1", 240)
    assert [[clip["name"] for clip in track["clips"]] for track in seen["cuts"][0]["tracks"]] == [
        ["card", "gone"],
        ["Basic Title"],
    ]
    assert (refused.status, "[cut.unreadable]" in refused.err) == (20, True)


def test_a_bundle_without_its_cut_says_which_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "Reel 2.fcpxmld").mkdir()
    done = run_command("inspect", "Reel 2.fcpxmld", cwd=tmp_path)
    added = run_command("cut", "check", "Reel 2.fcpxmld", cwd=tmp_path)

    assert (done.status, added.status) == (20, 20)
    assert "Info.fcpxml in Reel 2.fcpxmld cannot be read" in added.err
