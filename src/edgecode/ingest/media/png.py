"""PNG chunks (W3C PNG 3): size, depth, animation; the walk that the readers of generator texts share."""

from collections.abc import Iterator
from fractions import Fraction
from struct import unpack, unpack_from
from typing import NamedTuple

from edgecode.errors import InputError
from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.programs import program_of_keys
from edgecode.ingest.media.timecode import rate_text
from edgecode.ingest.media.window import Window, malformed, number, program, truncated
from edgecode.terms.cuts import Diagnostic

MAGIC = b"\x89PNG\r\n\x1a\n"
CHUNKS_AT_MOST = 200_000
_PIXEL_CHUNKS_PASSED = 256
_COLORS = {0: "gray", 2: "rgb", 3: "palette", 4: "gray+alpha", 6: "rgb+alpha"}
_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"comf")


class Chunk(NamedTuple):
    """One chunk: *at* and *size* of its data in the file."""

    kind: bytes
    at: int
    size: int


def chunks(window: Window) -> Iterator[Chunk]:
    """The chunks in file order up to IEND. Raises InputError ``media.truncated`` for a chunk past the end of the file."""
    at = len(MAGIC)
    for _ in range(CHUNKS_AT_MOST):
        head = window.read(at, 8)
        if len(head) < 8:
            raise truncated("chunks")
        size, kind = unpack(">I4s", head)
        if at + 8 + size > window.size:
            raise truncated("chunks")
        yield Chunk(kind, at + 8, size)
        if kind == b"IEND":
            return
        at += 12 + size
    raise malformed(f"it claims more than {CHUNKS_AT_MOST} chunks")


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What a PNG says before its pixels, and in a few hundred chunks after them; an animated one is read to its end for its times."""
    first = window.exactly(8, 25, "first chunk")
    width, height, bits, color = unpack(">IIBB", first[8:18])
    if first[4:8] != b"IHDR" or not width or not height:
        raise malformed("it does not start with an image header")
    header = {"bits": str(bits), "color": _COLORS.get(color, str(color))}
    keys: dict[str, bytes] = {}
    frames, pixel_chunks = 1, 0
    delays: list[tuple[int, int]] = []
    diagnostics: list[Diagnostic] = []
    for chunk in _until_the_end(window, diagnostics):
        if chunk.kind == b"IDAT":
            pixel_chunks += 1
            if pixel_chunks > _PIXEL_CHUNKS_PASSED and frames < 2:
                break
        elif chunk.kind == b"acTL" and chunk.size >= 8:
            frames = max(1, unpack(">I", window.read(chunk.at, 4))[0])
        elif chunk.kind == b"fcTL" and chunk.size >= 26:
            delays.append(unpack_from(">HH", window.read(chunk.at, 26), 20))
        elif chunk.kind in _TEXT_CHUNKS:
            key, _, value = window.read(chunk.at, min(chunk.size, 2048)).partition(b"\0")
            keys.setdefault(key.decode("latin-1"), value if chunk.kind in (b"tEXt", b"comf") else b"")
        elif chunk.kind == b"gAMA" and chunk.size == 4:
            header["gamma"] = number(unpack(">I", window.read(chunk.at, 4))[0] / 100_000)
    software = program_of_keys(keys) or program(keys.get("Software", b"").decode("latin-1"))
    return FileFacts(
        media_class="video" if frames > 1 else "still",
        media_type="image/apng" if frames > 1 else "image/png",
        width=width,
        height=height,
        rate=_rate(delays) if frames > 1 else "",
        frames=frames,
        software=software,
        header_key=software,
        header=header,
    ), diagnostics


def _until_the_end(window: Window, diagnostics: list[Diagnostic]) -> Iterator[Chunk]:
    """The chunks; a file that is cut short after its header is reported and keeps what was read."""
    try:
        yield from chunks(window)
    except InputError as problem:
        diagnostics.append(Diagnostic(problem.code, problem.sentence))


def _rate(delays: list[tuple[int, int]]) -> str:
    """Frames a second when every frame is shown equally long; APNG counts a denominator of 0 as 100."""
    if len(set(delays)) != 1 or not delays[0][0]:
        return ""
    return rate_text(Fraction(delays[0][1] or 100, delays[0][0]))
