"""The process that decodes one video file: a `VideoRequest` on stdin, a `VideoAnswer` in the last line of stdout."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import msgspec

from edgecode.drivers.video import (
    FRAMES_AT_MOST,
    MEMORY_BYTES_AT_MOST,
    PIXELS_AT_MOST,
    VideoAnswer,
    VideoFacts,
    VideoRequest,
)
from edgecode.ingest.media.timecode import rate_text

_SAYS_EVERY = 48


def main() -> int:
    """Decode once; 0 when there is an answer, a refusal included. What libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory()
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=VideoRequest)
    with answers, Path(request.path).open("rb") as stream:
        answers.write(msgspec.json.encode(_answer(request, stream, answers)) + b"\n")
    return 0


def _answer(request: VideoRequest, stream: BinaryIO, answers: BinaryIO) -> VideoAnswer:
    import av
    import av.error

    try:
        # The open file, not its path: nothing that the file names elsewhere can be opened through it.
        with av.open(stream, format=request.kind, metadata_errors="replace") as container:
            if not container.streams.video:
                return _refused("video.unreadable", "holds no picture", "Give the master's picture file")
            video = container.streams.video[0]
            context = video.codec_context
            if context.width * context.height > PIXELS_AT_MOST:
                return _refused("video.too_large", "says that its picture is larger than any that is read", _AGAIN)
            video.thread_type = "AUTO"
            return _decoded(request, container, video, answers)
    except av.error.FFmpegError:
        return _refused("video.unreadable", "cannot be decoded", _AGAIN)
    except MemoryError:
        return _refused("video.too_large", "needs more memory than a picture may", _AGAIN)
    except (ValueError, OSError, LookupError, ArithmeticError):
        return _refused("video.unreadable", "cannot be read as the video that it begins like", _AGAIN)


_AGAIN = "Export the master again"


def _refused(code: str, sentence: str, remedy: str) -> VideoAnswer:
    return VideoAnswer(None, {}, code, sentence, remedy)


def _decoded(request: VideoRequest, container: object, video: object, answers: BinaryIO) -> VideoAnswer:
    wanted, grids, count = set(request.frames), dict[int, bytes](), 0
    stamps: list[int] = []
    for frame in container.decode(video):  # type: ignore[attr-defined]
        if frame.width * frame.height > PIXELS_AT_MOST or count >= FRAMES_AT_MOST:
            return _refused("video.too_large", "has larger pictures, or more of them, than are read", _AGAIN)
        if frame.pts is not None:
            stamps.append(frame.pts)
        if count in wanted:
            grids[count] = _grid(frame, request.wide, request.tall)
        count += 1
        if count % _SAYS_EVERY == 1:
            answers.write(b"\n")
            answers.flush()
    if not count:
        return _refused("video.unreadable", "holds no frame that can be decoded", _AGAIN)
    rate = video.average_rate or video.guessed_rate  # type: ignore[attr-defined]
    facts = VideoFacts(
        video.codec_context.name,  # type: ignore[attr-defined]
        video.codec_context.width,  # type: ignore[attr-defined]
        video.codec_context.height,  # type: ignore[attr-defined]
        rate_text(Fraction(rate)) if rate else "",
        count,
        next(_written(container, video, "timecode"), ""),
        next(_written(container, video, "reel_name"), ""),
        _is_regular(stamps, count),
    )
    return VideoAnswer(facts, grids)


def _grid(frame: object, wide: int, tall: int) -> bytes:
    small = frame.reformat(wide, tall, "gray", interpolation="AREA")  # type: ignore[attr-defined]
    plane = small.planes[0]
    data, line = bytes(plane), plane.line_size
    return b"".join(data[row * line : row * line + wide] for row in range(tall))


def _written(container: object, video: object, key: str) -> Iterator[str]:
    """What the picture, the container or a timecode track beside them says, cut to what a label may be."""
    places = [video, container, *(one for one in container.streams if one.type == "data")]  # type: ignore[attr-defined]
    for place in places:
        if value := str(place.metadata.get(key, "")):
            yield value[:64]


def _is_regular(stamps: list[int], count: int) -> bool:
    """Whether frames follow one another evenly; a clock of milliseconds rounds, so a step may be one unit off."""
    steps = {later - stamp for stamp, later in pairwise(stamps)}
    return len(stamps) == count and (not steps or max(steps) - min(steps) <= 1)


def _limit_memory() -> None:
    """A file may make a decoder ask for any amount of memory; the machine's other programs must not pay for it."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_AT_MOST, MEMORY_BYTES_AT_MOST))


if __name__ == "__main__":
    sys.exit(main())
