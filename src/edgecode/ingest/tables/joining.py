"""Tables laid beside a cut: which rows speak of which clip, and what they say it was made from (docs/explanation/conform.md).

A row is joined by a unique id, else by a file's name, else by the clip's name, else by reel and timecode. A row whose timecode cannot
hold what the clip shows is another take of the same name and is left out. Rows that say different things are all kept: a part of
them could settle what all of them leave open, so of a clip in too many rows nothing is taken, and that is said.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from edgecode.events.cut_kinds import JoinedBy, Lead
from edgecode.ingest.doors import Table
from edgecode.ingest.tables.columns import RowMeaning, file_names, folded_name, meaning_of
from edgecode.terms.cuts import Clip, Diagnostic
from edgecode.terms.timebase import Rate, exact_number

LEADS_AT_MOST = 500
"""The most rows that may say different things of one clip."""
LEADS_IN_ALL_AT_MOST = 500_000
_WAYS: tuple[JoinedBy, ...] = ("umid", "file", "name", "reel")
_SHORT = 4
"""The fewest characters of a cut-short reel that a table's reel may begin with."""


class Joined(Struct, frozen=True):
    """What the tables say of each clip, in the clips' order; and what could not be joined."""

    leads: tuple[tuple[Lead, ...], ...]
    diagnostics: tuple[Diagnostic, ...]

    def clips_of(self, table: int) -> int:
        """How many clips the table in that place says something of."""
        return sum(any(lead.table == table for lead in each) for each in self.leads)


def joined(clips: Sequence[Clip], tables: Sequence[Table], *, rate: Rate | None) -> Joined:
    """The rows of *tables* that speak of each clip. *rate*: the cut's, for tables that do not say how many frames a second they count."""
    rows = _Rows(meaning_of(row, table, place=n, rate=rate) for n, table in enumerate(tables) for row in table.rows)
    leads = tuple(rows.leads(clip, rate) for clip in clips)
    said = [
        Diagnostic(problem.code, problem.text, problem.line, table.name, problem.effect)
        for table in tables
        for problem in table.diagnostics
    ]
    for place, table in enumerate(tables):
        if table.rows and not any(lead.table == place for each in leads for lead in each):
            text = "no row of this table speaks of a clip of the cut: names, reels, files and ids are all others"
            said.append(Diagnostic("table.unjoined", text, path=table.name))
    if rows.contradicted:
        text = (
            f"{rows.contradicted} clips are called as in a table, whose timecode cannot hold what they show: left out"
        )
        said.append(Diagnostic("table.contradicted", text))
    if rows.crowded:
        text = f"{rows.crowded} clips are in more rows that say different things than are kept; of these the tables say nothing"
        said.append(Diagnostic("table.crowded", text, effect="row-missing"))
    if several := sum(len(each) > 1 for each in leads):
        text = f"{several} clips are in several rows that say different things; all are kept"
        said.append(Diagnostic("table.several", text))
    return Joined(leads, tuple(said))


class _Rows:
    """All rows by what joins them."""

    def __init__(self, rows: Iterable[RowMeaning]) -> None:
        self.contradicted = 0
        self.crowded = 0
        self._kept = 0
        self._by: dict[JoinedBy, dict[str, list[RowMeaning]]] = {way: defaultdict(list) for way in _WAYS}
        for row in rows:
            for way, keys in _keys_of_row(row).items():
                for key in dict.fromkeys(keys):
                    self._by[way][key].append(row)

    def leads(self, clip: Clip, rate: Rate | None) -> tuple[Lead, ...]:
        """What the strongest way that finds a row says of the clip; each different thing once, in the tables' order."""
        was_contradicted = False
        for way, keys in self._keys_of(clip).items():
            found: dict[tuple[object, ...], Lead] = {}
            rows = {(row.table, row.line): row for key in keys for row in self._by[way].get(key, ())}
            for _, row in sorted(rows.items()):
                holds, at = _position(clip, row, rate, by_reel=way == "reel")
                was_contradicted |= not holds and way != "reel"
                if holds:
                    lead = _lead(row, way, at)
                    said = (lead.reels, lead.umids, lead.targets, lead.originals, lead.codes, lead.at, lead.rate)
                    found.setdefault(said, lead)
            if found:
                return self._all_or_none(tuple(found.values()))
        self.contradicted += was_contradicted
        return ()

    def _all_or_none(self, found: tuple[Lead, ...]) -> tuple[Lead, ...]:
        if len(found) > LEADS_AT_MOST or self._kept + len(found) > LEADS_IN_ALL_AT_MOST:
            self.crowded += 1
            return ()
        self._kept += len(found)
        return found

    def _keys_of(self, clip: Clip) -> dict[JoinedBy, list[str]]:
        media = clip.media
        files = [name for written in (*media.targets, *media.names) for name in file_names(written)]
        reel = folded_name(media.reel_full or media.reel)
        reels = [reel] if reel else []
        if reel and media.reel_is_truncated and not media.reel_full and len(reel) >= _SHORT:
            reels = [key for key in self._by["reel"] if key.startswith(reel)]
        names = [name for written in (clip.name, *media.names) for name in file_names(written)]
        return {"umid": [folded_name(one) for one in media.umids], "file": files, "name": names, "reel": reels}


def _keys_of_row(row: RowMeaning) -> dict[JoinedBy, list[str]]:
    return {
        "umid": [folded_name(one) for one in row.umids],
        "file": [name for written in row.files for name in file_names(written)],
        "name": [name for written in row.names for name in file_names(written)],
        "reel": [folded_name(one) for one in row.reels],
    }


def _position(clip: Clip, row: RowMeaning, rate: Rate | None, *, by_reel: bool) -> tuple[bool, Fraction | None]:
    """Whether the row's timecode can hold what the clip shows, and where on the row's clock the clip begins.

    A proxy that counts from its own first frame is placed by how far into it the clip begins, where the cut says how long it is.
    """
    own = clip.source_rate or rate
    if clip.source_in is None or own is None or row.start is None or row.rate is None:
        return not by_reel, clip.source_in if row.start is None and not by_reel else None
    pace = Fraction(row.rate.nominal, own.nominal)
    length = max(clip.frames - 1, Fraction(0)) * abs(clip.source_scale or Fraction(0)) * pace
    first = clip.source_in * pace
    low = first if clip.source_scale is None or clip.source_scale >= 0 else first - length
    if row.start <= low and (row.end is None or low + length <= row.end):
        return row.end is not None or not by_reel, first
    available, end = clip.media.available_first, clip.media.available_end
    if by_reel or available is None or end is None or row.end is None:
        return False, None
    is_other_clock = end * pace <= row.start or available * pace >= row.end
    if is_other_clock and abs((end - available) * pace - (row.end - row.start)) <= 1:
        return True, row.start + (clip.source_in - available) * pace
    return False, None


def _lead(row: RowMeaning, by: JoinedBy, at: Fraction | None) -> Lead:
    return Lead(
        table=row.table,
        line=row.line,
        by=by,
        reels=row.reels,
        umids=row.umids,
        targets=row.files,
        originals=row.originals,
        codes=row.codes,
        at=None if at is None else exact_number(at),
        rate="" if row.rate is None or row.start is None else str(row.rate),
    )
