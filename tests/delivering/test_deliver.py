"""A master beside the cut: the right one compares clean, another cut's is refused at its first differing frame."""

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from doc_pages import ROOT, examples
from edgecode.production import Production
from edgecode.testing.rendered_master import render_folder
from running import Done, run_command

Render = Callable[..., Path]


def delivered(film: Path, *arguments: str) -> Done:
    return run_command("deliver", *arguments, "--compare-only", cwd=film)


def test_a_master_of_the_cut_compares_clean(film: Path, rendered: Render) -> None:
    done = delivered(film, "cut12", str(rendered("plain")), "--json")

    assert (done.status, done.err) == (0, "")
    assert json.loads(done.out)["blocks"][0]["items"][:2] == [
        {"said": "SAME", "words": "what was compared, against the cut"},
        {"said": "14 of 14", "words": "ends of clips that show what the cut says"},
    ]


def test_a_master_of_cut_12_delivered_as_cut_13_is_refused_at_its_first_differing_frame(
    film: Path, rendered: Render
) -> None:
    done = delivered(film, "cut13", str(rendered("plain")))

    assert done.status == 11
    assert "01:00:02:00, the first frame of garden: expected frame 1061 of garden_dream_v012.#.png" in done.err
    assert done.err.rstrip().endswith("[delivery.differs]")


def test_what_was_seen_instead_is_named_where_the_cut_has_it(film: Path, rendered: Render) -> None:
    def swapped(at: int, image: Image.Image) -> Image.Image:
        return Image.new("RGB", image.size, (90, 90, 90)) if 84 <= at < 108 else image

    done = delivered(film, "cut12", str(rendered("swapped", change=swapped)))

    assert done.status == 11
    assert "01:00:03:12, the first frame of photo" in done.err
    assert "seen: no picture (one brightness all over)" in done.err


def test_grading_scaling_and_hard_encoding_are_not_differences(film: Path, rendered: Render) -> None:
    def graded(at: int, image: Image.Image) -> Image.Image:
        return ImageEnhance.Contrast(ImageEnhance.Brightness(image.convert("RGB")).enhance(0.85)).enhance(1.2)

    master = rendered("graded", change=graded, size=(640, 360), options={"crf": "32"})

    assert delivered(film, "cut12", str(master)).status == 0


def test_a_clip_that_slipped_by_one_frame_is_refused(film: Path, rendered: Render) -> None:
    kept: list[Image.Image] = []

    def slipped(at: int, image: Image.Image) -> Image.Image:
        kept.append(image)
        return kept[-2] if 145 <= at < 168 else image

    done = delivered(film, "cut12", str(rendered("slipped", change=slipped)))

    assert done.status == 11
    assert "of hand: expected frame" in done.err
    assert "seen: the same clip slipped, towards frame" in done.err


def test_an_edit_that_lies_one_frame_late_is_refused(film: Path, rendered: Render) -> None:
    kept: list[Image.Image] = []

    def late(at: int, image: Image.Image) -> Image.Image:
        kept.append(image)
        return kept[-2] if at == 48 else image

    done = delivered(film, "cut12", str(rendered("late", change=late)))

    assert done.status == 11
    assert "01:00:02:00, the first frame of garden" in done.err


def test_another_start_another_rate_and_another_length_are_refused(film: Path, rendered: Render) -> None:
    started = delivered(film, "cut12", str(rendered("started", start="02:00:00:00")))
    faster = delivered(film, "cut12", str(rendered("faster", rate=25)))

    assert (started.status, faster.status) == (11, 11)
    assert "starts at 02:00:00:00, the cut at 01:00:00:00" in started.err
    assert "runs at 25/1 frames a second, the cut at 24/1" in faster.err


def test_a_master_that_says_no_timecode_says_so_and_is_compared(film: Path, rendered: Render) -> None:
    done = delivered(film, "cut12", str(rendered("untimed", start="none")))

    assert done.status == 0
    assert "says no start timecode" in done.out


@pytest.mark.parametrize(
    ("ending", "codec", "pixels"),
    [(".mov", "prores_ks", "yuv422p10le"), (".mxf", "mpeg2video", "yuv420p"), (".mkv", "libx264", "yuv420p")],
)
def test_masters_of_other_kinds_are_read(film: Path, rendered: Render, ending: str, codec: str, pixels: str) -> None:
    master = rendered(f"as{codec}", ending=ending, codec=codec, pixels=pixels)

    assert delivered(film, "cut12", str(master)).status == 0


def test_a_folder_of_frames_is_a_master(film: Path, tmp_path: Path) -> None:
    with Production.open(film) as production:
        folder = render_folder(production, production.view("cut12"), tmp_path / "frames")

    whole = delivered(film, "cut12", str(folder))
    next(iter(sorted(folder.iterdir())[100:])).unlink()
    holed = delivered(film, "cut12", str(folder))

    assert whole.status == 0, whole.err
    assert (holed.status, "[master.folder]" in holed.err) == (20, True)


def test_a_source_whose_bytes_changed_is_no_evidence(film: Path, rendered: Render, tmp_path: Path) -> None:
    photo = next((film / "media").rglob("estate_photo_014.jpg"))
    kept = tmp_path / "kept.jpg"
    shutil.copy2(photo, kept)
    try:
        photo.write_bytes(photo.read_bytes() + b"\0")
        done = delivered(film, "cut12", str(rendered("plain")), "--json")
    finally:
        shutil.copy2(kept, photo)

    assert done.status == 10
    assert "its bytes are no longer the recorded ones" in done.out
    assert "[delivery.not_compared]" in done.err


def test_nothing_to_compare_with_is_held_and_said(film: Path, rendered: Render) -> None:
    media, away = film / "media", film / "away"
    media.rename(away)
    try:
        done = delivered(film, "cut12", str(rendered("plain")))
    finally:
        away.rename(media)

    assert done.status == 10
    assert "Picture not compared with the cut" in done.out


def test_files_that_are_no_video_or_half_of_one_are_refused_with_a_code(
    film: Path, rendered: Render, tmp_path: Path
) -> None:
    text, half, torn = tmp_path / "a.mp4", tmp_path / "b.mp4", tmp_path / "c.mkv"
    text.write_text("a letter, not a film")
    data = rendered("plain").read_bytes()
    half.write_bytes(data[: len(data) // 2])
    torn.write_bytes(b"\x1a\x45\xdf\xa3" + b"\xff" * 4096)

    codes = [delivered(film, "cut12", str(path)) for path in (text, half, torn)]

    assert [done.status for done in codes] == [20, 20, 20]
    assert ["video.kind" in codes[0].err, *("video.unreadable" in done.err for done in codes[1:])] == [True] * 3


def test_the_gate_is_asked_after_the_comparison(film: Path, rendered: Render) -> None:
    done = run_command("deliver", "cut12", str(rendered("plain")), cwd=film)

    assert done.status == 10
    assert "the deliver gate says HELD of cut12" in done.err


def test_the_page_on_delivering_a_master_works_as_it_stands(film: Path, rendered: Render) -> None:
    shutil.copy(rendered("plain"), film / "master.mov")
    lines = "".join(examples(ROOT / "docs/how-to/deliver-a-master.md", "sh")).splitlines()
    done = [run_command(*shlex.split(line)[1:], cwd=film) for line in lines if line]

    assert [one.status for one in done] == [0, 0, 10]
    assert (film / "comparison.pdf").read_bytes().startswith(b"%PDF")


def test_reels_that_the_cut_does_not_have_are_refused(film: Path, rendered: Render) -> None:
    master = str(rendered("plain"))

    ways = [("--reel", f"R2={master}"), ("--reel", "R1"), (master, "--reel", f"R1={master}"), ()]
    done = [delivered(film, "cut12", *arguments) for arguments in ways]

    assert [(one.status, "[delivery.reel]" in one.err) for one in done] == [(2, True)] * 4
