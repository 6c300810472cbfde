"""Pictures of a video file as small grids of brightness, decoded by PyAV in a process of its own: bounded in memory, time and size.

The process opens the file and nothing else: the kind is known by its first bytes, the decoder is handed an open file, and what a file
refers to elsewhere is never followed (`video_entry`).
"""

import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from threading import Timer

import msgspec
from msgspec import Struct

from edgecode.errors import EdgecodeError, InputError, NotFoundError, UnavailableError

STALL_SECONDS = 60
"""How long the process may be silent; it says something every few frames."""

MEMORY_BYTES_AT_MOST = 4 << 30
PIXELS_AT_MOST = 100_000_000
FRAMES_AT_MOST = 5_000_000

KINDS: dict[str, tuple[tuple[int, bytes], ...]] = {
    "mov": tuple((4, word) for word in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")),
    "mxf": ((0, b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02"),),
    "matroska": ((0, b"\x1a\x45\xdf\xa3"),),
}
"""What is read, by the name that the decoder has for it, and how it begins."""


class VideoRequest(Struct, frozen=True):
    """What the process is asked: the file, its kind, which frames (from 0) as grids of *wide* times *tall*."""

    path: str
    kind: str
    frames: tuple[int, ...]
    wide: int
    tall: int


class VideoFacts(Struct, frozen=True):
    """What a video file is. *rate* ``"num/den"``, "" unknown; *frames* counted while decoding; *start*: its timecode label, "" none.

    *is_regular*: whether every frame stands as long as the others.
    """

    codec: str
    width: int
    height: int
    rate: str
    frames: int
    start: str = ""
    reel: str = ""
    is_regular: bool = True


class VideoAnswer(Struct, frozen=True):
    """The facts, and the grids by frame; or *code*, *sentence* and *remedy* of a refusal."""

    facts: VideoFacts | None = None
    grids: dict[int, bytes] = {}
    code: str = ""
    sentence: str = ""
    remedy: str = ""


def video_kind(head: bytes) -> str:
    """The kind of video that a file is by its first bytes, whatever its name ends in; "" for none that is read."""
    for kind, marks in KINDS.items():
        if any(head[at : at + len(mark)] == mark for at, mark in marks):
            return kind
    return ""


def read_video(
    path: Path, frames: Iterable[int], *, wide: int, tall: int, stall_seconds: float = STALL_SECONDS
) -> tuple[VideoFacts, dict[int, bytes]]:
    """The facts of a video and the grids of the frames asked for; frames that it does not have are left out.

    Raises NotFoundError ``file.absent``, UnavailableError ``extra.missing``, InputError ``video.kind``, ``video.unreadable``,
    ``video.too_large``, ``video.timeout`` and ``video.ended``.
    """
    kind = _kind_of(path)
    if find_spec("av") is None:
        raise UnavailableError(
            "extra.missing", "reading video needs the library av", "Install it: pip install 'edgecode[video]'"
        )
    request = VideoRequest(str(path.absolute()), kind, tuple(sorted(set(frames))), wide, tall)
    answer = _asked(request, path.name, stall_seconds)
    if answer.facts is None:
        raise InputError(answer.code, f"{path.name} {answer.sentence}", answer.remedy)
    return answer.facts, answer.grids


def _kind_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            kind = video_kind(stream.read(16))
    except OSError as error:
        raise NotFoundError(
            "file.absent", f"{path.name} cannot be opened ({error.strerror})", "Check the path"
        ) from error
    if not kind:
        raise InputError(
            "video.kind",
            f"{path.name} begins like no MOV, MP4, MXF or Matroska file",
            "Give the master as one of these, or a folder of EXR, DPX, PNG or TIFF frames",
        )
    return kind


def _asked(request: VideoRequest, name: str, stall_seconds: float) -> VideoAnswer:
    # -P: what happens to lie in the current folder is never imported in place of a library.
    command = [sys.executable, "-P", "-m", "edgecode.drivers.video_entry"]
    late: list[bool] = []
    last = b""
    with subprocess.Popen(  # noqa: S603 - our own program, with a request on its stdin
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def stop() -> None:
            late.append(True)
            process.kill()

        watch = Timer(stall_seconds, stop)
        watch.start()
        try:
            process.stdin.write(msgspec.json.encode(request))
            process.stdin.close()
            for line in process.stdout:
                watch.cancel()
                last = line
                watch = Timer(stall_seconds, stop)
                watch.start()
        except BrokenPipeError:
            last = b""
        finally:
            watch.cancel()
    if late:
        raise _stalled(name, stall_seconds)
    try:
        return msgspec.json.decode(last, type=VideoAnswer)
    except msgspec.MsgspecError as error:
        raise InputError(
            "video.ended",
            f"the decoder of {name} ended without an answer (status {process.returncode})",
            "Export the master again; a file that breaks a decoder is not delivered",
        ) from error


def _stalled(name: str, seconds: float) -> EdgecodeError:
    return InputError(
        "video.timeout",
        f"the decoder of {name} said nothing for {seconds:g} seconds",
        "Export the master again, or give it reel by reel: --reel R1=FILE",
    )
