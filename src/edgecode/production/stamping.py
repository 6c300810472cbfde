"""Writing back: a file of a recorded cut, or a log of its clips, with the edge codes of what the clips show."""

import os
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edgecode.errors import InputError, UsageError
from edgecode.index.catalogue import edge_code, version_rows
from edgecode.index.conform import Match, conform, looked_up
from edgecode.index.cuts import ClipRow, CutRow, clips
from edgecode.ingest.doors import HEAD_BYTES
from edgecode.ingest.editorial.edl_writer import edl_bytes
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.ingest.editorial.readers import EdlReader, OtioReader
from edgecode.ingest.editorial.reading import reader_for
from edgecode.ingest.editorial.stamping import Stamped, same_places, stamped_edl, stamped_otio
from edgecode.ingest.tables.ale import looks_like_ale, read_ale
from edgecode.ingest.tables.ale_writer import stamped_ale
from edgecode.ingest.tables.joining import joined
from edgecode.production.corridor import Production
from edgecode.production.doors.cut_files import BUNDLE_FILE
from edgecode.production.doors.readers import cut_readers, read_bytes
from edgecode.terms.cuts import Clip, CutReading, Diagnostic
from edgecode.terms.evidence import ConformMethod
from edgecode.terms.timebase import Rate


class Stamping(Struct, frozen=True):
    """What was written. *codes*: clips (of a log: rows) that say one now, of how many; *open*: clips that show no one version."""

    codes: int
    of: int
    open: int
    diagnostics: tuple[Diagnostic, ...]


def stamp(production: Production, cut: CutRow, file: Path, out: Path) -> Stamping:
    """Write *file*, one of those that *cut* was read from or an ALE of its clips, to *out* with edge codes in it.

    A cut of another format than EDL and OTIO is printed as the format that *out* is called by. Raises UsageError ``stamp.over_input``
    (nothing is ever written over), InputError ``stamp.other_file``, ``stamp.format`` and what reading the file raises.
    """
    if out.exists():
        raise UsageError(
            "stamp.over_input", f"{out.name} is there already, and nothing is written over", "Give a new name"
        )
    data = read_bytes(file / BUNDLE_FILE if file.is_dir() else file)
    rows = clips(production.index, cut)
    matches = conform(production.index, cut, rows, roots=production.root_names())
    codes = clip_codes(production, matches, rows)
    if looks_like_ale(data[:HEAD_BYTES]):
        done = _log(production, cut, rows, matches, data, file.name)
    else:
        done = _stamped(production, cut, rows, codes, data, file, out.suffix.lower())
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as written:
        written.write(done.stamped.data)
    open_ = sum(match.version is None and match.reason is not None for match in matches)
    return Stamping(done.stamped.written, done.of, open_, done.stamped.diagnostics)


class _Done(Struct, frozen=True):
    stamped: Stamped
    of: int


def clip_codes(production: Production, matches: Sequence[Match], rows: Sequence[ClipRow]) -> list[str | None]:
    """The edge code of what each clip shows at its first frame, in the clips' order; None where no one version is matched."""
    shown = {match.clip: match for match in matches if match.version is not None}
    versions = version_rows(
        production.index, {match.version for match in shown.values() if match.version}, places=False
    )
    found: list[str | None] = []
    for row in rows:
        match = shown.get(row.index)
        version = versions.get(match.version) if match is not None and match.version is not None else None
        if match is None or version is None:
            found.append(None)
            continue
        first = match.first
        frame = None
        if first is not None and version.first is not None and version.end is not None:
            frame = int(first) - version.first if version.first <= first < version.end else None
        code = edge_code(production.index, version, frame=frame)
        found.append(None if code is None else str(code))
    return found


def _stamped(
    production: Production,
    cut: CutRow,
    rows: Sequence[ClipRow],
    codes: Sequence[str | None],
    data: bytes,
    file: Path,
    suffix: str,
) -> _Done:
    reading = production.reading(cut)
    digest = sha256(data).hexdigest()
    if digest not in reading.inputs:
        raise InputError(
            "stamp.other_file",
            f"{file.name} is none of the files that this cut was read from",
            "Give the file that was added, or add this one first: edgecode cut add FILE",
        )
    place = reading.inputs.index(digest)
    chosen = (
        [row for row in rows if reading.tracks[row.clip.path[0]].source == place]
        if len(reading.inputs) > 1
        else list(rows)
    )
    theirs = [codes[row.index] for row in chosen]
    reader = reader_for(data[:HEAD_BYTES], name=file.name, readers=cut_readers())
    shown = [row.clip for row in chosen]
    if reader is not None and reader.name == EdlReader.name and suffix in ("", ".edl"):
        if len(reader.read(data, name=file.name, rate=cut.rate)[0].clips) != len(shown):
            raise _reads_otherwise(file.name)
        done = stamped_edl(data, theirs, name=file.name, rate=cut.rate)
    elif reader is not None and reader.name == OtioReader.name and suffix in ("", ".otio"):
        done = _in_otio(data, theirs, shown, name=file.name, rates=(None, cut.rate))
    elif suffix in (".edl", ".otio"):
        return _Done(_printed(reading, codes, suffix), sum(code is not None for code in codes))
    else:
        raise InputError(
            "stamp.format",
            f"codes cannot be written into {file.name} itself",
            "Call the new file .otio (or .edl): then the cut is printed in that format",
        )
    again = _again(production, reader.read(done.data, name=file.name, rate=cut.rate), theirs)
    return _Done(
        Stamped(done.data, done.written, (*done.diagnostics, *again)), sum(code is not None for code in theirs)
    )


def _in_otio(
    data: bytes, codes: Sequence[str | None], shown: Sequence[Clip], *, name: str, rates: Sequence[Rate | None]
) -> Stamped:
    """Codes in the one cut of a document that shows these clips, read at the rate at which it was added."""
    for rate in rates:
        for which, one in enumerate(OtioReader().read(data, name=name, rate=rate)):
            if same_places(one.clips, shown):
                return stamped_otio(data, codes, name=name, rate=rate, which=which)
    raise _reads_otherwise(name)


def _reads_otherwise(name: str) -> InputError:
    return InputError("stamp.other_file", f"{name} reads otherwise now than when it was added", "Add it again first")


def _printed(reading: CutReading, codes: Sequence[str | None], suffix: str) -> Stamped:
    """A cut of another format, printed as OTIO or EDL with its codes."""
    coded = tuple(
        replace(clip, media=replace(clip.media, codes=tuple(dict.fromkeys((*clip.media.codes, code)))))
        if code is not None
        else clip
        for clip, code in zip(reading.clips, codes, strict=True)
    )
    printed = replace(reading, clips=coded)
    count = sum(code is not None for code in codes)
    if suffix == ".otio":
        return Stamped(otio_bytes(printed), count)
    data, losses = edl_bytes(printed)
    return Stamped(data, count, tuple(losses))


def _again(production: Production, read: Sequence[CutReading], codes: Sequence[str | None]) -> list[Diagnostic]:
    """What somebody who reads the stamped file here would find: clips whose code is contradicted by what they are called."""
    fitting = [one for one in read if len(one.clips) == len(codes)]
    if not fitting:
        return []
    found = looked_up(production.index, fitting[0].clips, roots=production.root_names())
    coded = [match for match, code in zip(found, codes, strict=True) if code is not None]
    against = sum(match.method is ConformMethod.NONE for match in coded)
    text = (
        f"{against} clips with a code are called like another file: whoever reads the stamped file is asked which it is"
    )
    return [Diagnostic("stamp.contradicted", text)] if against else []


def _log(
    production: Production, cut: CutRow, rows: Sequence[ClipRow], matches: Sequence[Match], data: bytes, name: str
) -> _Done:
    """An ALE: a row's code is that of the one content that clips show which the row speaks of."""
    table = read_ale(data, name=name)
    found = joined([row.clip for row in rows], [table], rate=cut.rate)
    by_clip = {match.clip: match.version for match in matches}
    versions = version_rows(production.index, {one for one in by_clip.values() if one is not None}, places=False)
    shown: dict[int, dict[int | None, int]] = defaultdict(dict)
    for row, leads in zip(rows, found.leads, strict=True):
        version = versions.get(by_clip.get(row.index) or 0)
        if version is not None and len(leads) == 1:
            shown[leads[0].line][version.content] = version.id
    problems = [
        Diagnostic("stamp.several", "clips of this row show several contents; it got no code", line=line)
        for line, contents in sorted(shown.items())
        if len(contents) > 1
    ]
    single = {line: next(iter(contents.values())) for line, contents in shown.items() if len(contents) == 1}
    codes = {
        line: str(code)
        for line, one in single.items()
        if (code := edge_code(production.index, versions[one])) is not None
    }
    return _Done(Stamped(stamped_ale(data, codes, name=name), len(codes), tuple(problems)), len(table.rows))
