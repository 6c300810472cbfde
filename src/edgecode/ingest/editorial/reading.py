"""The door of the room: any cut file in, cuts out, by what the file is and not by what it is called."""

import re
from collections.abc import Sequence
from itertools import chain

from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.ingest.doors import HEAD_BYTES, CutReader
from edgecode.ingest.editorial.edl import READER as EDL_READER
from edgecode.ingest.editorial.edl import read_edl
from edgecode.ingest.editorial.limits import refuse_fine, refuse_fine_clock, refuse_large_file
from edgecode.ingest.editorial.readers import BINARY_HEADS, SHIPPED, text_of_head
from edgecode.terms.cuts import CutReading, Diagnostic
from edgecode.terms.timebase import Rate

_XML = re.compile(r"^\s*<(?:\?xml|!DOCTYPE|fcpxml|xmeml)", re.IGNORECASE)
_REMEDY = "Export the cut as OTIO, or one EDL for each track"


def reader_for(head: bytes, *, name: str, readers: Sequence[CutReader] = SHIPPED) -> CutReader | None:
    """The first of *readers* that says a file is for it; *head*: its first `HEAD_BYTES` bytes. None: no cut that they know."""
    return next((reader for reader in readers if reader.recognises(head, name=name)), None)


def read_cut(
    data: bytes, *, name: str, rate: Rate | None = None, readers: Sequence[CutReader] = SHIPPED
) -> list[CutReading]:
    """The cuts in a file's bytes, told apart by content. *name* is the file's, for messages and as a last title.

    *rate* is needed where an EDL does not settle it (then the reading says ``rate.unknown``) and overrules what a file says.
    *readers* are asked in order. Raises InputError: ``cut.empty_file``, ``cut.too_large``, ``cut.format_unknown``,
    ``cut.format_unsupported``, ``time.too_fine``, and those of the format's reader.
    """
    refuse_large_file(data, name)
    if not data.strip(b"\0 \t\r\n\x1a"):
        raise InputError("cut.empty_file", f"{name} is empty", "Export the cut again")
    head = data[:HEAD_BYTES]
    reader = reader_for(head, name=name, readers=readers)
    if reader is None:
        raise _refusal(head, name, readers)
    found = reader.read(data, name=name, rate=rate)
    for cut in found:
        _refuse_fine_times(cut, name)
    return found


def _refuse_fine_times(cut: CutReading, name: str) -> None:
    """Whatever read it, ours or a plugin's: one limit for the exact numbers of a cut."""
    clips = (moment for clip in cut.clips for moment in (clip.record_in, clip.record_out))
    mixes = (moment for mix in cut.transitions for moment in (mix.record_in, mix.record_out))
    refuse_fine_clock(chain(clips, mixes), name)
    for clip in cut.clips:
        for number in (clip.source_in, clip.source_scale):
            if number is not None:
                refuse_fine(number, name)


def _refusal(head: bytes, name: str, readers: Sequence[CutReader]) -> InputError:
    text = text_of_head(head)
    if head.startswith(BINARY_HEADS) or _XML.match(text):
        spoken = "AAF" if head.startswith(BINARY_HEADS[0]) else "XML" if _XML.match(text) else "not text"
        return InputError("cut.format_unsupported", f"{name} is a file of another format ({spoken})", _REMEDY)
    known = ", ".join(reader.name for reader in readers)
    return InputError("cut.format_unknown", f"{name} is no cut of a format that is read ({known})", _REMEDY)


def read_together(
    files: Sequence[tuple[str, bytes]], *, rate: Rate | None = None, readers: Sequence[CutReader] = SHIPPED
) -> list[list[CutReading]]:
    """The cuts of several files of one turnover, given as (name, bytes), file by file.

    A list that is too short to tell its rate takes the one that its sibling lists settle, and says so (``rate.solved``); when
    these settle several, or none, it stays without. Raises what `read_cut` raises.
    """
    found = [read_cut(data, name=name, rate=rate, readers=readers) for name, data in files]
    settled = {
        cut.rate: name
        for (name, _), cuts in reversed(list(zip(files, found, strict=True)))
        for cut in cuts
        if cut.reader == EDL_READER and cut.rate is not None
    }
    if len(settled) != 1:
        return found
    [(lent, lender)] = settled.items()
    return [
        [_with_rate(cut, data, name=name, rate=lent, lender=lender) if cut.rate is None else cut for cut in cuts]
        for (name, data), cuts in zip(files, found, strict=True)
    ]


def _with_rate(cut: CutReading, data: bytes, *, name: str, rate: Rate, lender: str) -> CutReading:
    if cut.reader != EDL_READER:
        return cut
    read = read_edl(data, name=name, rate=rate)
    text = (
        f"{name} does not settle its rate; {lender} does, and both are tracks of one cut: {rate.spoken} frames a second"
    )
    return replace(read, diagnostics=(Diagnostic("rate.solved", text), *read.diagnostics))
