"""Listing every difference between the parts of a stored log: all entries are read again, and everything else is compared with them.

Memory does not grow with the log: one open tile a level, the table of ids read in pages, findings told as they are met. The log is read
once, and once more when something differs: only then is it known whether the entries or the tiles are what was signed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from edgecode.errors import EdgecodeError
from edgecode.events.codec import event_ids, parse_leaf
from edgecode.ledger.audit import EVERY_ENTRY, TableIds, head_findings, signed_heads, stored_tile
from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.notes import Checkpoint
from edgecode.ledger.policy import Policy, Quorum
from edgecode.ledger.sections import SectionJudge
from edgecode.ledger.store import LogStore
from edgecode.ledger.tiles import TileName
from edgecode.ledger.verify import Finding, Repeated, Report, Verdict, Walk, finding_of, in_memory
from edgecode.ledger.witness import newest_witnessed

_RUN = 2_048
_PAGE = 4_096
_STRAYS = 10_000
_WAITING = 10_000
_LEVELS = 8

Tell = Callable[[Finding], object]
Progress = Callable[[str, int, int], object]
"""Hears how far it is: what is being compared, how many are done, of how many (0: nobody knows)."""


@dataclass
class Told:
    """Passes every finding on and remembers how many there were of each code, and the worst verdict."""

    tell: Tell
    codes: Counter[str] = field(default_factory=Counter)
    forced: set[Verdict] = field(default_factory=set)

    def __call__(self, finding: Finding) -> None:
        """One more difference."""
        self.codes[finding.code] += 1
        self.forced.add(finding.verdict)
        self.tell(finding)

    def verdict(self, quorum: Quorum) -> Verdict:
        """The word over everything that was told."""
        found = tuple(Finding("", "", "", verdict) for verdict in self.forced)
        return Report(found, None, 0, quorum).verdict


class LogState(NamedTuple):
    """What was compared: the latest head, how many entries there are, whose witnesses signed it, sections by state, and the entries under
    the newest head that enough of them signed."""

    checkpoint: Checkpoint | None
    entries: int
    quorum: Quorum
    sections: Mapping[str, int]
    witnessed: int


class _Counting(Walk):
    """Learns whether anything differs, and whether the entries are what was signed."""

    differences = 0

    def found(self, finding: Finding) -> None:
        self.differences += 1

    def differs(self, if_whole: Finding, otherwise: Finding | None) -> None:
        self.differences += 1


class TellingWalk(Walk):
    """Tells each difference as it is met. *entries_are_right*: they give the signed root, so a differing tile is what is wrong."""

    def __init__(
        self,
        tell: Tell,
        tiles: Callable[[TileName], bytes | None],
        policy: Policy,
        checkpoints: Sequence[bytes],
        repeated: Repeated,
        *,
        entries_are_right: bool,
    ) -> None:
        self._tell = tell
        self._entries_are_right = entries_are_right
        super().__init__(tiles, policy, checkpoints, repeated)

    def found(self, finding: Finding) -> None:
        self._tell(finding)

    def differs(self, if_whole: Finding, otherwise: Finding | None) -> None:
        if finding := if_whole if self._entries_are_right else otherwise:
            self._tell(finding)


def differences(
    store: LogStore,
    policy: Policy,
    *,
    told: Told,
    judge: SectionJudge,
    earlier: Sequence[bytes] = (),
    lost_ids: Callable[[], Repeated] = in_memory,
    progress: Progress = lambda what, done, of: None,
) -> LogState:
    """Compare everything in *store* with its entries. *earlier*: further signed heads of the log that somebody kept. *lost_ids*: makes
    the place for ids that the store's own table lacks; in memory, damage to all of the table costs about 150 bytes an entry."""
    with store.reading():
        head, note, cosigned = store.head(), store.checkpoint(), store.cosigned()
        heads = [*earlier, *signed_heads(note, [one for _, one in cosigned])]
        ids = TableIds(store, lost=lost_ids(), told=told)
        counting = _Counting(lambda name: stored_tile(store, name), policy, heads, ids)
        report = _walked(counting, store, "entries", progress)
        if counting.differences:
            again = TableIds(store, lost=lost_ids())
            tiles, right = counting.tiles, counting.whole
            walk = TellingWalk(told, tiles, policy, heads, again, entries_are_right=right)
            _walked(walk, store, "differences", progress)
        for finding in (
            *head_findings(head, report),
            *_strays_among_ids(store, ids.found, progress),
            *_strays_among_tiles(store, report.entries),
            *_roots_of_tiles(store, report.entries),
            *_strays_among_sections(store),
        ):
            told(finding)
        _judge_sections(store, judge, told, progress)
        _judge_inbox(store, judge, told)
    return LogState(report.checkpoint, report.entries, report.quorum, judge.states, newest_witnessed(cosigned, policy))


def runs_of(store: LogStore, end: int = EVERY_ENTRY) -> Iterator[tuple[int, list[bytes]]]:
    """Runs of consecutive entries before *end*, as `verify_log` takes them, leaves only."""
    end, place = min(end, store.entry_end()), 0
    while place < end:
        stop = min(place + _RUN, end)
        leaves = store.leaves(place, stop)
        if len(leaves) == stop - place:
            yield place, leaves
            place = stop
            continue
        # Something is missing: entry by entry, and over the hole.
        for entry in store.entries(place, stop):
            yield entry.index, [entry.leaf]
        following = next(store.entries(stop, end), None)
        place = end if following is None else following.index


def _walked(walk: Walk, store: LogStore, what: str, progress: Progress) -> Report:
    end = store.entry_end()
    for first, leaves in runs_of(store):
        walk.take(first, leaves)
        progress(what, first + len(leaves), end)
    return walk.report()


def _strays_among_ids(store: LogStore, found: int, progress: Progress) -> Iterator[Finding]:
    """Rows of the table of ids that are no entry's. There are none when it has as many rows as were found from the entries' side."""
    rows = sum(len(page) for page in _pages_of_ids(store, "ids", progress))
    if rows == found:
        return
    for page in _pages_of_ids(store, "ids", progress):
        for id_, index in page:
            leaves = store.leaves(index, index + 1)
            if not leaves or event_ids(leaves) != [id_]:
                what = "the table of event ids has one there that the entry does not have"
                yield Finding("ids.stray", f"event id of entry {index}", what)


def _pages_of_ids(store: LogStore, what: str, progress: Progress) -> Iterator[list[tuple[bytes, int]]]:
    after, done = b"", 0
    while page := store.event_ids(after, _PAGE):
        yield page
        after, done = page[-1][0], done + len(page)
        progress(what, done, 0)


def _strays_among_tiles(store: LogStore, size: int) -> Iterator[Finding]:
    """Tiles that a log of *size* entries does not have."""
    for level in range(_LEVELS):
        first = size >> 8 * (level + 1)
        if store.tile_roots(level, first, first + _STRAYS):
            yield Finding("tile.stray", f"tiles {level}/{first} and on", "the log has no so many entries")


def _roots_of_tiles(store: LogStore, size: int) -> Iterator[Finding]:
    """Whether the roots that are kept beside full tiles are the hashes in the tile above; those of the open tile were compared."""
    for level in range(1, _LEVELS):
        for number in range(size >> 8 * (level + 1)):
            first = number * TILE_HASHES
            above = store.tile(level, number)
            if above is not None and b"".join(store.tile_roots(level - 1, first, first + TILE_HASHES)) != above:
                thing = f"tiles {level - 1}/{first} to {level - 1}/{first + TILE_HASHES - 1}"
                yield Finding("tile.root", thing, f"the roots beside them are not the hashes in tile {level}/{number}")


def _strays_among_sections(store: LogStore) -> Iterator[Finding]:
    strays = store.stray_sections(_STRAYS)
    for index, name in strays:
        yield Finding("section.stray", f"section {name} of entry {index}", "there is no such entry")
    if len(strays) == _STRAYS:
        yield Finding("section.stray", "sections", f"more than {_STRAYS} lie beside no entry")


def _judge_sections(store: LogStore, judge: SectionJudge, told: Tell, progress: Progress) -> None:
    end = store.entry_end()
    for entry in store.entries(0, EVERY_ENTRY):
        try:
            leaf = parse_leaf(entry.leaf)
        except EdgecodeError:
            continue  # told already: it is no leaf
        for finding in judge.judge(entry.index, leaf, entry.sections):
            told(finding)
        if not entry.index % _RUN:
            progress("sections", entry.index, end)
    for finding in judge.missing_keys():
        told(finding)


def _judge_inbox(store: LogStore, judge: SectionJudge, told: Tell) -> None:
    """Whether what waits in the inbox, or was set aside there, still is what was accepted."""
    same = SectionJudge(judge.opener, judge.is_destroyed)
    try:
        events = [*store.waiting(_WAITING), *store.refused()]
    except EdgecodeError as error:
        # One row that no edgecode wrote; the entries, and everything else beside them, are judged all the same.
        told(replace(finding_of(error, "inbox"), verdict=Verdict.UNVERIFIABLE))
        return
    for ticket, event in events:
        try:
            leaf = parse_leaf(event.leaf)
        except EdgecodeError as error:
            told(finding_of(error, f"ticket {ticket} in the inbox"))
            continue
        for finding in same.judge(ticket, leaf, event.sections):
            thing = finding.object.replace(f"of entry {ticket}", f"of ticket {ticket} in the inbox")
            told(replace(finding, object=thing))
