"""Laying tables (ALE, Avid bins, camera reports) beside a recorded cut, and recording what its proxies were made from."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from edgecode.errors import InputError
from edgecode.events.cut_kinds import CutJoined, JoinFact, JoinPlace, TableFact
from edgecode.events.kinds import CutBytes
from edgecode.index.cuts import CutRow, clips, readings_before
from edgecode.index.joins import join_of
from edgecode.index.making_sources import TABLE
from edgecode.index.proxies import Hop, hops, linked_by_tables
from edgecode.index.withdrawn import is_withdrawn
from edgecode.ingest.doors import HEAD_BYTES, Table, TableReader
from edgecode.ingest.records import id_of_text
from edgecode.ingest.step_record import SCHEMA, RecordedFile, RecordedFrames, RecordedInput, StepRecord
from edgecode.ingest.tables.joining import joined
from edgecode.production.corridor import Production
from edgecode.production.doors.readers import read_bytes, table_readers
from edgecode.production.lines import line_secret
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import InputRole, StepKind

Pair = tuple[RecordId, RecordId]
"""A proxy and its original."""


class TableRead(Struct, frozen=True):
    """A table and where it came from."""

    table: Table
    reader: str
    digest: str


class TablesLaid(Struct, frozen=True):
    """What came of laying tables beside a cut. *clips*: of how many clips a table says something. *steps*: newly recorded; *taken_back*:
    how many that only the tables before had led to."""

    clips: int
    of: int
    steps: int
    taken_back: int
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
    """Record what tables say of a cut's clips, in place of the tables before; and the steps from originals to proxies it shows, in place of
    those that the tables before led to.

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
    earlier = (cut, *readings_before(production.index, cut))
    replaced = {_pair(hop) for one in earlier for hop in _hops(production, one)}
    before = join_of(production.index, cut.key)
    if before is None or msgspec.json.encode(before) != msgspec.json.encode(event):
        production.append([event])
    gone = _take_back(production, cut, replaced)
    taken = _link_proxies(production, cut, replaced)
    return TablesLaid(len(said), len(rows), taken, gone, found.diagnostics)


def _take_back(production: Production, cut: CutRow, replaced: set[Pair]) -> int:
    """Take back the steps that tables led to which stand beside no cut any more; how many."""
    left = replaced - {_pair(hop) for hop in _hops(production, cut)}
    steps = linked_by_tables(production.index, left)
    if steps:
        others = [one for one in production.cuts() if not one.superseded and one.key != cut.key]
        held = {_pair(hop) for one in others for hop in _hops(production, one)}
        steps = {pair: step for pair, step in steps.items() if pair not in held}
    for step in sorted(set(steps.values())):
        production.withdraw_step(step, note="the table that led to it was replaced")
    return len(steps)


def _link_proxies(production: Production, cut: CutRow, replaced: set[Pair]) -> int:
    """Record a declared transcode for every proxy of a cut whose original the tables name; how many are new. What somebody took back
    while the tables said it is not recorded again."""
    found = _hops(production, cut)
    standing = linked_by_tables(production.index, map(_pair, found))
    steps: list[StepRecord] = []
    for hop in found:
        times = _times_taken_back(production, hop)
        if _pair(hop) not in standing and not (times and _pair(hop) in replaced):
            steps.append(_step(hop, times))
    taken = production.record_lines([msgspec.json.encode(step) for step in steps], source=TABLE) if steps else None
    return taken.steps if taken is not None else 0


def _hops(production: Production, cut: CutRow) -> list[Hop]:
    return hops(production.index, cut, roots=production.root_names()) if join_of(production.index, cut.key) else []


def _pair(hop: Hop) -> Pair:
    return hop.proxy, hop.original


def _times_taken_back(production: Production, hop: Hop) -> int:
    secret = line_secret(production.keys, production.settings.production)
    times = 0
    while is_withdrawn(production.index, id_of_text(_id_of(hop, times), secret)):
        times += 1
    return times


def _id_of(hop: Hop, times: int) -> str:
    return f"table:{hop.proxy}:{hop.original}" + (f":{times}" if times else "")


def _step(hop: Hop, times: int) -> StepRecord:
    frames: tuple[RecordedFrames, ...] = ()
    if hop.frames is not None:
        frames = (RecordedFrames(hop.frames.first, hop.frames.end, "same", hop.frames.low),)
    role = InputRole.SOUND if hop.sound else InputRole.PICTURE
    return StepRecord(
        schema=SCHEMA,
        id=_id_of(hop, times),
        kind=StepKind.TRANSCODE,
        outputs=(RecordedFile(version=hop.proxy),),
        inputs=(RecordedInput(version=hop.original, role=role, frames=frames),),
        settings={"inferred": hop.why},
    )


def _called(reader: TableReader) -> str:
    return f"{reader.name}/{reader.version}"
