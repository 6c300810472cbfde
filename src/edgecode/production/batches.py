"""Takes a stream of lines (step/1) and answers each of them; a line without an end is never waited for in memory."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import IO

from edgecode.answers.intake.line_answers import LineAnswer
from edgecode.ingest.intake import Intake
from edgecode.ingest.records import LINE_BYTES_AT_MOST
from edgecode.production.lines import RecordLines

_BLOCK_BYTES = 1 << 20


def take_batch(
    stream: IO[bytes],
    *,
    record: RecordLines,
    tell: Callable[[LineAnswer], object],
    stop_at_refused: bool = False,
) -> Intake:
    """Record every line of *stream*; *tell* hears an answer for each that is not empty, once it is durable and before the next one is
    read. *stop_at_refused*: read nothing after a line that was refused. Raises what *record* raises: lines that were answered stay."""
    is_stopped = False

    def told(answer: LineAnswer) -> None:
        nonlocal is_stopped
        tell(answer)
        is_stopped = is_stopped or (stop_at_refused and answer.answer == "refused")

    def lines() -> Iterator[bytes]:
        for line in bounded_lines(stream):
            yield line
            if is_stopped:
                return

    return record(lines(), told=told)


def bounded_lines(stream: IO[bytes], *, most: int = LINE_BYTES_AT_MOST) -> Iterator[bytes]:
    """The lines of *stream* without their ends. Of one that is longer than *most* bytes there is just enough to see that it is; an
    unfinished last line is a line."""
    for line in iter(partial(stream.readline, most + 2), b""):
        whole = line.endswith(b"\n")
        yield line.rstrip(b"\r\n") if whole else line
        if not whole and len(line) > most:
            _skip_line(stream)


def _skip_line(stream: IO[bytes]) -> None:
    while (more := stream.readline(_BLOCK_BYTES)) and not more.endswith(b"\n"):
        pass
