"""Strangers' video files: refused by a code, in a process that is ended when it hangs."""

from pathlib import Path

import pytest

from edgecode.drivers.video import read_video, video_kind
from edgecode.errors import InputError, NotFoundError


def written(path: Path, *, frames: int = 12) -> Path:
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=24)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        for _ in range(frames):
            container.mux(video.encode(av.VideoFrame(64, 36, "yuv420p")))
        container.mux(video.encode())
    return path


def test_only_frames_that_were_asked_for_and_are_there_come_back(tmp_path: Path) -> None:
    facts, grids = read_video(written(tmp_path / "a.mp4"), [0, 11, 12, 900], wide=8, tall=4)

    assert (facts.frames, facts.rate, facts.width, facts.height) == (12, "24/1", 64, 36)
    assert [(at, len(grid)) for at, grid in sorted(grids.items())] == [(0, 32), (11, 32)]


def test_a_playlist_that_is_called_a_video_opens_nothing(tmp_path: Path) -> None:
    other = written(tmp_path / "other.mp4")
    playlist = tmp_path / "list.mp4"
    playlist.write_text(f"#EXTM3U\n#EXTINF:1,\n{other}\n")

    with pytest.raises(InputError, match=r"video\.kind"):
        read_video(playlist, [0], wide=8, tall=4)


@pytest.mark.parametrize("kept", [16, 40, 400])
def test_a_video_that_is_cut_short_is_refused_by_a_code(tmp_path: Path, kept: int) -> None:
    path = written(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(InputError, match=r"video\.unreadable"):
        read_video(path, [0], wide=8, tall=4)


def test_a_decoder_that_says_nothing_is_ended(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"video\.timeout"):
        read_video(written(tmp_path / "a.mp4"), [0], wide=8, tall=4, stall_seconds=0.01)


def test_a_file_that_is_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"file\.absent"):
        read_video(tmp_path / "away.mp4", [0], wide=8, tall=4)


def test_the_kind_follows_from_the_first_bytes_and_not_from_the_name() -> None:
    heads = [
        b"\0\0\0\x20ftypisom",
        b"\x1a\x45\xdf\xa3\x01",
        b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01",
        b"RIFF....AVI ",
    ]

    assert [video_kind(head) for head in heads] == ["mov", "matroska", "mxf", ""]
