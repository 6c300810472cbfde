"""From a proxy in a cut on to its original: what tables beside the cut say a file was transcoded from (docs/explanation/conform.md).

Only what a unique id, a path or reel with timecode leads to counts, only where one content is left, and only for a file that no
record says the making of: a record beats an inference.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgecode.events.cut_kinds import Lead
from edgecode.events.kinds import FrameMap
from edgecode.index.catalogue import VersionRow, made_by, twins, version
from edgecode.index.clocks import timecode_start
from edgecode.index.conform import conform
from edgecode.index.cuts import CutRow, clips
from edgecode.index.joins import leads_of
from edgecode.index.making_sources import TABLE
from edgecode.index.rungs import Ladder
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import ConformMethod
from edgecode.terms.identity import RecordId
from edgecode.terms.timebase import Rate

_MOVING = ("video", "sequence", "audio")


class Hop(Struct, frozen=True):
    """A version and what it was made from. *lead*: (table, line), the row that says so. *frames*: None where timecode cannot tell."""

    proxy: RecordId
    original: RecordId
    lead: tuple[int, int]
    why: str
    sound: bool
    frames: FrameMap | None = None


def hops(store: IndexStore, cut: CutRow, *, roots: Mapping[str, Sequence[str]]) -> list[Hop]:
    """The proxies that a cut shows and what tables say they were made from, each proxy once; what is said twice differently is none."""
    leads = leads_of(store, cut.key)
    ladder = Ladder(store, roots)
    rows = clips(store, cut)
    found: dict[int, set[int | None]] = {}
    first: dict[int, Hop] = {}
    for row, match in zip(rows, conform(store, cut, rows, roots=roots), strict=True):
        said = leads.get(row.key, ())
        if match.version is None or not said or match.method is ConformMethod.NONE:
            continue
        proxy = ladder.row(match.version)
        if _is_made(store, proxy) or proxy.media is None or proxy.media.media_class not in _MOVING:
            continue
        for rung in ladder.through(row.clip, _originals(said), surely=True):
            read = {one.content: one for named in rung.versions if (one := ladder.as_read(named)) is not None}
            # A row that names the proxy itself beside another file does not say which was made from which.
            original = next(iter(read.values())) if len(read) == 1 and proxy.content not in read else None
            found.setdefault(proxy.id, set()).add(original.content if original is not None else None)
            if original is not None:
                sound = proxy.media.media_class == "audio"
                place = (said[0].table, said[0].line)
                hop = Hop(proxy.key, original.key, place, rung.why, sound, frame_map(proxy, original))
                first.setdefault(proxy.id, hop)
    return [hop for proxy, hop in first.items() if len(found[proxy]) == 1]


def _originals(leads: Sequence[Lead]) -> list[Lead]:
    """What rows say the originals are: where a row has a column for them, that alone."""
    return [replace(lead, targets=lead.originals) if lead.originals else lead for lead in leads]


def frame_map(made: VersionRow, original: VersionRow) -> FrameMap | None:
    """Which frames of *original* the frames of *made* are, by the timecode of both; None where a header has none or rates differ."""
    if made.media is None or original.media is None or not made.media.rate or not original.media.rate:
        return None
    rate = Rate.of(made.media.rate)
    ours, theirs = timecode_start(made, rate), timecode_start(original, rate)
    if ours is None or theirs is None or Rate.of(original.media.rate) != rate or (ours - theirs).denominator != 1:
        return None
    if made.first is None or made.end is None or original.first is None or original.end is None:
        return None
    low = int(ours - theirs) + original.first - made.first
    first, end = max(made.first, original.first - low), min(made.end, original.end - low)
    return FrameMap("same", first, end, low) if first < end else None


def linked_by_tables(
    store: IndexStore, pairs: Iterable[tuple[RecordId, RecordId]]
) -> dict[tuple[RecordId, RecordId], RecordId]:
    """The steps that stand and that tables led to, by (proxy, original); pairs without one are absent."""
    found: dict[tuple[RecordId, RecordId], RecordId] = {}
    for proxy, original in pairs:
        made, source = version(store, proxy), version(store, original)
        if made is None or source is None:
            continue
        for step in made_by(store, [made])[made.id]:
            if step.source == TABLE and any(used.version == source.id for used in step.inputs):
                found[proxy, original] = step.key
    return found


def _is_made(store: IndexStore, version: VersionRow) -> bool:
    """Whether a step says the making of a version's bytes that no table led to: what another table said is no record of it."""
    made = made_by(store, [version, *twins(store, version)])
    return any(step.source != TABLE for each in made.values() for step in each)
