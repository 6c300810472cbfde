"""Laying tables (ALE, Avid bins, camera reports) beside a recorded cut, and recording what its proxies were made from."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.events.cut_kinds import CutJoined, JoinFact, JoinPlace, TableFact
from edgecode.events.kinds import CutBytes
from edgecode.index.cuts import CutRow, clips
from edgecode.index.joins import join_of
from edgecode.index.proxies import Hop, hops
from edgecode.ingest.doors import HEAD_BYTES, Table, TableReader
from edgecode.ingest.step_record import SCHEMA, RecordedFile, RecordedFrames, RecordedInput, StepRecord
from edgecode.ingest.tables.joining import joined
from edgecode.production.corridor import Production
from edgecode.production.doors.readers import read_bytes, table_readers
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import InputRole, StepKind

SOURCE = "table"
"""What said so of a step that a table led to."""


class TableRead(Struct, frozen=True):
    """A table and where it came from."""

    table: Table
    reader: str
    digest: str


class TablesLaid(Struct, frozen=True):
    """What came of laying tables beside a cut. *clips*: of how many clips a table says something. *steps*: newly recorded."""

    clips: int
    of: int
    steps: int
    diagnostics: tuple[Diagnostic, ...]


def read_table(path: Path) -> TableRead:
    """The table in a file. Raises InputError ``table.format_unknown`` and what `read_bytes` and the reader raise."""
    data = read_bytes(path)
    for reader in table_readers():
        if reader.recognises(data[:HEAD_BYTES], name=path.name):
            return TableRead(reader.read(data, name=path.name), _called(reader), sha256(data).hexdigest())
    known = ", ".join(reader.name for reader in table_readers())
    raise InputError(
        "table.format_unknown",
        f"{path.name} is no table of a format that is read here ({known})",
        "Export an ALE or a CSV with headings, or save the bin; list the readers: edgecode readers",
    )


def lay_tables(production: Production, cut: CutRow, files: Sequence[Path]) -> TablesLaid:
    """Record what tables say of a cut's clips, in place of the tables before; and the steps from originals to proxies it shows.

    Tables with the same bytes are not recorded again. Raises what `read_table` raises.
    """
    read = [read_table(path) for path in files]
    rows = clips(production.index, cut)
    found = joined([row.clip for row in rows], [one.table for one in read], rate=cut.rate)
    digests = tuple(one.digest for one in read)
    said = {row.key: leads for row, leads in zip(rows, found.leads, strict=True) if leads}
    fact = JoinFact(
        cut.key,
        tuple(
            TableFact(one.table.format, one.reader, len(one.table.rows), found.clips_of(place))
            for place, one in enumerate(read)
        ),
    )
    event = CutJoined(fact, CutBytes(digests), JoinPlace(tuple(path.name for path in files), said))
    before = join_of(production.index, cut.key)
    if before is None or msgspec.json.encode(before) != msgspec.json.encode(event):
        production.append([event])
    taken = link_proxies(production, cut)
    return TablesLaid(len(said), len(rows), taken, found.diagnostics)


def link_proxies(production: Production, cut: CutRow) -> int:
    """Record a declared transcode for every proxy of a cut whose original the tables name; how many are new."""
    steps = [_step(hop) for hop in hops(production.index, cut, roots=production.root_names())]
    taken = production.record_lines([msgspec.json.encode(step) for step in steps], source=SOURCE) if steps else None
    return taken.steps if taken is not None else 0


def _step(hop: Hop) -> StepRecord:
    frames: tuple[RecordedFrames, ...] = ()
    if hop.frames is not None:
        frames = (RecordedFrames(hop.frames.first, hop.frames.end, "same", hop.frames.low),)
    role = InputRole.SOUND if hop.sound else InputRole.PICTURE
    return StepRecord(
        schema=SCHEMA,
        id=f"table:{hop.proxy}:{hop.original}",
        kind=StepKind.TRANSCODE,
        outputs=(RecordedFile(version=hop.proxy),),
        inputs=(RecordedInput(version=hop.original, role=role, frames=frames),),
        settings={"inferred": hop.why},
    )


def _called(reader: TableReader) -> str:
    return f"{reader.name}/{reader.version}"
