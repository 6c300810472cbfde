"""The door of the room: any cut file in, cuts out, by what the file is and not by what it is called."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.editorial.edl import read_edl
from edgecode.ingest.editorial.edl_lines import looks_like_edl
from edgecode.ingest.editorial.limits import refuse_large_file
from edgecode.ingest.editorial.otio import read_otio
from edgecode.ingest.editorial.texts import decoded
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.timebase import Rate

_XML = re.compile(r"^\s*<(?:\?xml|!DOCTYPE|fcpxml|xmeml)", re.IGNORECASE)
_BINARY = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x89PNG", b"\x76\x2f\x31\x01", b"RIFF", b"\x06\x00Domain")


def read_cut(data: bytes, *, name: str, rate: Rate | None = None) -> list[CutReading]:
    """The cuts in a file's bytes: OTIO or EDL, told apart by content. *name* is the file's, for messages and as a last title.

    *rate* is needed where an EDL does not settle it (then the reading says ``rate.unknown``) and overrules what a file says.
    Raises InputError: ``cut.empty_file``, ``cut.format_unknown``, ``cut.format_unsupported``, and those of the format's reader.
    """
    refuse_large_file(data, name)
    if not data.strip(b"\0 \t\r\n\x1a"):
        raise InputError("cut.empty_file", f"{name} is empty", "Export the cut again")
    head = decoded(data[:8192])[0].lstrip("\ufeff \t\r\n\0")
    if head.startswith(("{", "[")):
        return read_otio(data, name=name, rate=rate)
    if data.startswith(_BINARY) or _XML.match(head):
        raise InputError(
            "cut.format_unsupported",
            f"{name} is a file of another format ({_spoken(data, head)})",
            "Export the cut as OTIO, or one EDL for each track",
        )
    if looks_like_edl(data):
        return [read_edl(data, name=name, rate=rate)]
    raise InputError(
        "cut.format_unknown",
        f"{name} is neither OTIO nor EDL",
        "Export the cut as OTIO, or one EDL for each track",
    )


def read_together(files: Sequence[tuple[str, bytes]], *, rate: Rate | None = None) -> list[list[CutReading]]:
    """The cuts of several files of one turnover, given as (name, bytes), file by file.

    A list that is too short to tell its rate takes the one that its sibling lists settle, and says so (``rate.solved``); when
    these settle several, or none, it stays without. Raises what `read_cut` raises.
    """
    found = [read_cut(data, name=name, rate=rate) for name, data in files]
    settled = {
        cut.rate: name
        for (name, _), cuts in reversed(list(zip(files, found, strict=True)))
        for cut in cuts
        if cut.format == "edl" and cut.rate is not None
    }
    if len(settled) != 1:
        return found
    [(lent, lender)] = settled.items()
    return [
        [_with_rate(cut, data, name=name, rate=lent, lender=lender) if cut.rate is None else cut for cut in cuts]
        for (name, data), cuts in zip(files, found, strict=True)
    ]


def _with_rate(cut: CutReading, data: bytes, *, name: str, rate: Rate, lender: str) -> CutReading:
    if cut.format != "edl":
        return cut
    read = read_edl(data, name=name, rate=rate)
    text = (
        f"{name} does not settle its rate; {lender} does, and both are tracks of one cut: {rate.spoken} frames a second"
    )
    return replace(read, diagnostics=(Diagnostic("rate.solved", text), *read.diagnostics))


def _spoken(data: bytes, head: str) -> str:
    for word, spoken in (("<fcpxml", "FCPXML"), ("<xmeml", "Final Cut Pro 7 XML")):
        if word in head.lower():
            return spoken
    return "AAF" if data.startswith(_BINARY[0]) else "XML" if _XML.match(head) else "not text"
