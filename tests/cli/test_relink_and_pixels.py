"""A tree under another name, and a picture under another header, in a real production."""

import json
from pathlib import Path

import pytest

from media.media_writers import exr, exr_attribute, movie, png, png_text
from running import run_command

EDL = "001  AX V C 00:00:01:00 00:00:03:00 01:00:00:00 01:00:02:00\n* SOURCE FILE: %s\n"


def production(tmp_path: Path, *, source: str) -> Path:
    media, show = tmp_path / "media" / "show", tmp_path / "production"
    (media / "plates").mkdir(parents=True)
    (media / "plates" / "A001.mov").write_bytes(movie(frames=240, units=24000, step=1000))
    (media / "other").mkdir()
    (media / "other" / "A001.mov").write_bytes(movie(frames=200, units=24000, step=1000))
    (tmp_path / "Reel 1.edl").write_text(EDL % source)
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=show).status == 0
    assert run_command("cut", "add", "../Reel 1.edl", "--rate", "24", cwd=show).status == 0
    return show


def method(show: Path) -> str:
    found: str = json.loads(run_command("conform", "Reel 1", "--json", cwd=show).out)["rows"][0]["method"]
    return found


@pytest.mark.parametrize(
    ("old", "new"),
    [("/Volumes/OLD", "media/show"), ("media/show", "/Volumes/OLD"), ("/Volumes/OLD/plates", "media/show/plates")],
)
def test_another_name_of_a_tree_matches_its_paths_from_then_on(tmp_path: Path, old: str, new: str) -> None:
    show = production(tmp_path, source="/Volumes/OLD/plates/A001.mov")
    here = [str(tmp_path / one) if one.startswith("media") else one for one in (old, new)]
    assert method(show) == "inferred"
    tried = run_command("relink", *here, "--dry-run", cwd=show)
    assert (tried.out, method(show)) == ("1 clips name files below it; 1 more are matched by path\n", "inferred")
    assert run_command("relink", *here, cwd=show).status == 0

    assert method(show) == "content"
    assert "knew it by this name already" in run_command("relink", *here, cwd=show).err


def test_a_moved_tree_is_the_same_root_and_is_not_recorded_twice(tmp_path: Path) -> None:
    show = production(tmp_path, source=str(tmp_path / "media" / "show" / "plates" / "A001.mov"))
    (tmp_path / "archive").mkdir()
    (tmp_path / "media" / "show").rename(tmp_path / "archive" / "show")
    assert (
        run_command("relink", str(tmp_path / "media" / "show"), str(tmp_path / "archive" / "show"), cwd=show).status
        == 0
    )
    done = json.loads(run_command("scan", "--json", cwd=show).out)

    assert (done["new"], done["replaced"], method(show)) == (0, 0, "content")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("/Volumes/A", "/Volumes/B", "relink.unknown"),
        ("A", "B", "relink.unknown"),
        ("/Volumes/A", "media/show/plates", "relink.below"),
    ],
)
def test_what_joins_no_known_tree_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    show = production(tmp_path, source="/x/A001.mov")
    done = run_command("relink", old, str(tmp_path / new) if new.startswith("media") else new, cwd=show)

    assert (done.status, code in done.err) == (20, True)


def painted(tmp_path: Path) -> tuple[Path, Path]:
    """A production with a painted card, and a copy of it that only has a comment more."""
    media, show = tmp_path / "media", tmp_path / "production"
    media.mkdir()
    (media / "card.png").write_bytes(png())
    (media / "stamped.png").write_bytes(png(png_text("Comment", "shown on Tuesday")))
    (media / "other.png").write_bytes(png(rows=[b"\0\1\2\3"]))
    step = {
        "schema": "edgecode.step/1",
        "kind": "paint",
        "grade": "logged",
        "outputs": [{"path": str(media / "card.png")}],
    }
    (tmp_path / "Reel 1.edl").write_text(EDL % (media / "stamped.png"))
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=show).status == 0
    assert run_command("record", "-", cwd=show, stdin=json.dumps(step).encode()).status == 0
    assert run_command("cut", "add", "../Reel 1.edl", "--rate", "24", cwd=show).status == 0
    return media, show


def test_a_header_edit_is_not_a_new_picture(tmp_path: Path) -> None:
    _, show = painted(tmp_path)
    before = json.loads(run_command("coverage", "Reel 1", "--json", cwd=show).out)
    tried = run_command("pixels", "--dry-run", cwd=show)
    done = run_command("pixels", cwd=show)
    after = json.loads(run_command("coverage", "Reel 1", "--json", cwd=show).out)

    assert tried.out == done.out
    assert done.out.endswith("1 show the same pixels as one that is explained\n")
    assert (before["accounted"], after["accounted"], after["by_origin"]["H"]) == (0, 48, 48)
    assert run_command("pixels", cwd=show).out.endswith("0 show the same pixels as one that is explained\n")


def test_frames_of_a_sequence_with_new_headers_are_the_same_pictures_frame_by_frame(tmp_path: Path) -> None:
    media, show = tmp_path / "media", tmp_path / "production"
    comment = exr_attribute("comments", "string", b"v2")
    for name, more in (("old", ()), ("new", (comment,)), ("bad", (comment,))):
        (media / name).mkdir(parents=True)
        for frame in (1001, 1002, 1003):
            last = b"\7\7\7\7" if name == "bad" and frame == 1003 else bytes([frame % 256] * 4)
            (media / name / f"comp.{frame}.exr").write_bytes(exr(*more, pixels=last))
    step = {
        "schema": "edgecode.step/1",
        "kind": "render",
        "grade": "logged",
        "outputs": [{"path": str(media / "old" / "comp.%04d.exr")}],
    }
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=show).status == 0
    assert run_command("record", "-", cwd=show, stdin=json.dumps(step).encode()).status == 0

    assert run_command("pixels", cwd=show).out == (
        "2 files or sequences compared; 1 show the same pixels as one that is explained\n"
    )


def twins(tmp_path: Path) -> tuple[Path, Path]:
    """A production with one picture three times: as a camera took it, and as two files without a maker."""
    media, show = tmp_path / "media", tmp_path / "production"
    media.mkdir()
    (media / "m_camera.png").write_bytes(png())
    for name in ("a_model.png", "copy.png"):
        (media / name).write_bytes(png(png_text("Comment", name)))
    (tmp_path / "Reel 1.edl").write_text(EDL % (media / "copy.png"))
    assert run_command("init", str(show), "--title", "Test", cwd=tmp_path).status == 0
    assert run_command("scan", str(media), cwd=show).status == 0
    made_by(show, media / "m_camera.png", "camera")
    assert run_command("cut", "add", "../Reel 1.edl", "--rate", "24", cwd=show).status == 0
    return media, show


def made_by(show: Path, path: Path, kind: str) -> None:
    step = {"schema": "edgecode.step/1", "kind": kind, "outputs": [{"path": str(path)}]}
    assert run_command("record", "-", cwd=show, stdin=json.dumps(step).encode()).status == 0


def coverage(show: Path) -> tuple[int, list[str]]:
    found = json.loads(run_command("coverage", "Reel 1", "--json", cwd=show).out)
    return found["accounted"], [gap["reason"] for gap in found["gaps"]]


@pytest.mark.parametrize("camera_first", [True, False])
def test_equal_pixels_that_were_made_in_two_ways_leave_their_copy_open(tmp_path: Path, camera_first: bool) -> None:
    media, show = twins(tmp_path)
    if camera_first:
        assert run_command("pixels", cwd=show).out.endswith("2 show the same pixels as one that is explained\n")
        before = coverage(show)
    made_by(show, media / "a_model.png", "generate")
    done = run_command("pixels", "--verbose", cwd=show)

    assert "pixels.contradicted" in done.out + done.err
    assert coverage(show) == (0, ["ambiguous"])
    if camera_first:
        assert before == (48, [])


def test_what_somebody_took_back_of_equal_pixels_is_not_said_again(tmp_path: Path) -> None:
    media, show = twins(tmp_path)
    made_by(show, media / "a_model.png", "generate")
    assert run_command("pixels", cwd=show).status == 0
    copied = json.loads(run_command("matchback", str(media / "copy.png"), "--json", cwd=show).out)
    steps = {one["step"] for row in copied["on_screen"] for one in row["lineage"] if one["kind"] == "conform"}
    for step in sorted(steps):
        assert run_command("record", "--withdraw", step, cwd=show).status == 0
    again = run_command("pixels", cwd=show)

    assert len(steps) > 0
    assert again.out.endswith("0 show the same pixels as one that is explained\n")


def test_a_folder_here_may_be_named_from_here_as_scan_takes_it(tmp_path: Path) -> None:
    show = production(tmp_path, source="Z:\\show\\plates\\A001.mov")
    done = run_command("relink", "Z:\\show", "../media/show", cwd=show)

    assert (done.status, done.out) == (0, "1 clips name files below it; 1 more are matched by path\n")
    assert method(show) == "content"


def test_a_moved_tree_is_found_where_it_lies_now_by_a_name_from_here(tmp_path: Path) -> None:
    show = production(tmp_path, source=str(tmp_path / "media" / "show" / "plates" / "A001.mov"))
    (tmp_path / "archive").mkdir()
    (tmp_path / "media" / "show").rename(tmp_path / "archive" / "show")
    assert run_command("relink", "../media/show", "../archive/show", cwd=show).status == 0

    assert str(tmp_path / "archive" / "show") in (show / "edgecode.toml").read_text()


def test_a_relative_name_of_no_folder_here_is_refused(tmp_path: Path) -> None:
    show = production(tmp_path, source="show/plates/A001.mov")
    done = run_command("relink", str(tmp_path / "media" / "show"), "no/such", cwd=show)

    assert (done.status, "relink.unknown" in done.err) == (20, True)
