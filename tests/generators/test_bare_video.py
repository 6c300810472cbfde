"""A ComfyUI video whose container lost its metadata still leads back to the model and the seed, by its bytes or by what lies beside it."""

import json
from pathlib import Path

import pytest
from stub_comfyui import StubHost, picture_graph

from edgecode.production import Production
from media.media_writers import movie, png, png_text
from running import run_command

SEED = "18446744073709551557"


def prompt() -> str:
    graph = picture_graph()
    del graph["1"]["is_changed"]
    return json.dumps(graph)


def told_of(show: Path, path: Path) -> dict:
    """What matchback says of a file."""
    done = run_command("matchback", str(path), "--json", cwd=show)
    assert done.status in (0, 10), done.err
    return json.loads(done.out)


def made_by(lineage: list[dict]) -> list[tuple[str, list[str], list[str]]]:
    """(grade, models, seeds) of every step that a chain names."""
    return [
        (step["grade"], [model["name"] for model in step["models"]], step["seeds"])
        for step in lineage
        if step["kind"] and step["models"]
    ]


def test_a_video_saved_without_metadata_is_matched_by_the_digest_in_the_spool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGECODE_SPOOL", str(tmp_path / "spool"))
    host = StubHost(tmp_path / "comfy")
    (host.root / "models/vae/v.safetensors").write_bytes(b"vae")
    video = host.root / "output" / "clip_00001_.mp4"
    video.write_bytes(movie())
    with host.running():
        body = host.post({"prompt": json.loads(prompt()), "extra_data": {}})
        host.finish(
            body, {"9": {"images": [{"filename": video.name, "subfolder": "", "type": "output"}], "animated": [True]}}
        )
        assert host.capture().drain()
    run_command("init", "show", cwd=tmp_path)
    show = tmp_path / "show"
    run_command("scan", str(host.root / "output"), cwd=show)
    before = made_by(told_of(show, video)["lineage"])
    taken = run_command("record", "--spool", str(tmp_path / "spool"), cwd=show)

    assert (before, taken.status) == ([], 0)
    assert made_by(told_of(show, video)["lineage"]) == [("logged", ["v.safetensors"], [SEED])]


def test_from_a_frame_of_the_cut_to_the_seed_although_the_video_is_bare_and_was_moved_and_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGECODE_SPOOL", str(tmp_path / "spool"))
    host = StubHost(tmp_path / "comfy")
    made = host.root / "output" / "clip_00001_.mp4"
    made.write_bytes(movie(frames=31))
    with host.running():
        body = host.post({"prompt": json.loads(prompt()), "extra_data": {}})
        host.finish(body, {"9": {"images": [{"filename": made.name, "subfolder": "", "type": "output"}]}})
        assert host.capture().drain()
    editorial = tmp_path / "editorial"
    editorial.mkdir()
    moved = made.rename(editorial / "VFX_0420_v003.mp4")
    edl = "TITLE: R1\n\n001  AX       V     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"
    (tmp_path / "r1.edl").write_text(f"{edl}* FROM CLIP NAME: {moved.name}\n")
    run_command("init", "show", cwd=tmp_path)
    show = tmp_path / "show"
    run_command("record", "--spool", str(tmp_path / "spool"), cwd=show)
    run_command("scan", str(editorial), cwd=show)
    run_command("cut", "add", "../r1.edl", "--rate", "24", "--name", "r1", cwd=show)
    done = run_command("matchback", "r1", "01:00:00:12", "--json", cwd=show)

    (shown,) = json.loads(done.out)["on_screen"]
    assert (shown["origin"][:1], made_by(shown["lineage"])) == ("U", [("logged", ["v.safetensors"], [SEED])])


@pytest.mark.parametrize("name", ["clip_00001.mp4", "clip_00001-audio.mp4"])
def test_a_stripped_video_is_explained_by_the_picture_beside_it_and_only_declared(tmp_path: Path, name: str) -> None:
    media = tmp_path / "media"
    media.mkdir()
    (media / name).write_bytes(movie())
    (media / "clip_00001.png").write_bytes(png(png_text("prompt", prompt())))
    with Production.create(tmp_path / "show", title="A Show") as production:
        intake = production.scan([media])
    told = told_of(tmp_path / "show", media / name)

    assert [item.code for item in intake.diagnostics] == ["generation.beside"]
    assert made_by(told["lineage"]) == [("declared", ["v.safetensors"], [SEED])]


def test_a_video_that_tells_its_own_making_is_not_explained_by_its_neighbour(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    own = prompt().replace(SEED, "7")
    (media / "clip_00001.mp4").write_bytes(movie(keys={"prompt": own}))
    (media / "clip_00001.png").write_bytes(png(png_text("prompt", prompt())))
    with Production.create(tmp_path / "show", title="A Show") as production:
        production.scan([media])

    told = told_of(tmp_path / "show", media / "clip_00001.mp4")
    assert made_by(told["lineage"]) == [("logged", ["v.safetensors"], ["7"])]
