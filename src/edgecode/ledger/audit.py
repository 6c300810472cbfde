"""Verifying a stored log as it lies, sealed or not: its entries, sections, tiles, head and checkpoints, under one policy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from edgecode.events.codec import Leaf, event_ids
from edgecode.events.sealed import SealedSection
from edgecode.ledger.growth import root_of
from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.policy import Policy
from edgecode.ledger.sections import SectionJudge
from edgecode.ledger.store import Head, LogStore, StoredEntry
from edgecode.ledger.tiles import TileName
from edgecode.ledger.verify import Finding, Repeated, Report, Verdict, in_memory, verify_log
from edgecode.ledger.witness import newest_witnessed

EVERY_ENTRY = 1 << 62
_RUN = 512


class Audit(NamedTuple):
    """A report, and how many sections are open, sealed, erased, missing or wrong.

    *witnessed*: entries under the newest stored head that the policy's quorum has signed, 0 for none; the report is about the latest head.
    """

    report: Report
    sections: Mapping[str, int]
    witnessed: int = 0

    @property
    def verdict(self) -> Verdict:
        """The report's word."""
        return self.report.verdict


def audit(
    store: LogStore,
    policy: Policy,
    *,
    judge: SectionJudge | None = None,
    earlier: Sequence[bytes] = (),
) -> Audit:
    """Judge the log in *store* without changing it. *earlier*: further signed checkpoints of it that somebody kept.

    Entries that were committed but not signed yet are a finding `entry.unsealed`: after a crash, open the log once; while somebody is
    recording, verify again.
    """
    judge = SectionJudge() if judge is None else judge
    beside: dict[int, tuple[SealedSection, ...]] = {}

    def runs() -> Iterator[tuple[int, list[bytes]]]:
        entries: list[StoredEntry] = []
        for entry in store.entries(0, EVERY_ENTRY):
            if entries and (len(entries) == _RUN or entry.index != entries[-1].index + 1):
                yield entries[0].index, [one.leaf for one in entries]
                entries.clear()
                beside.clear()
            entries.append(entry)
            beside[entry.index] = entry.sections
        if entries:
            yield entries[0].index, [one.leaf for one in entries]

    def sections(index: int, leaf: Leaf) -> Iterator[Finding]:
        return judge.judge(index, leaf, beside[index])

    with store.reading():
        head, note, cosigned = store.head(), store.checkpoint(), store.cosigned()
        report = verify_log(
            runs(),
            tiles=lambda name: stored_tile(store, name),
            checkpoints=[*earlier, *signed_heads(note, [one for _, one in cosigned])],
            policy=policy,
            repeated=TableIds(store),
            beside=sections,
        )
        found = [*report.findings, *head_findings(head, report), *judge.missing_keys()]
    witnessed = newest_witnessed(cosigned, policy)
    return Audit(replace(report, findings=tuple(found)), dict(judge.states), witnessed)


def signed_heads(note: bytes | None, cosigned: Sequence[bytes]) -> list[bytes]:
    """The stored heads, the latest last; one that witnesses have signed too is judged with their signatures."""
    if note is None:
        return list(cosigned)
    text = note.partition(b"\n\n")[0]
    return sorted((note, *cosigned), key=lambda one: (one.partition(b"\n\n")[0] == text, one != note))


def stored_tile(store: LogStore, name: TileName) -> bytes | None:
    """What a store keeps of a tile, as `verify_log` asks for it."""
    if name.level == "entries":
        return None
    if name.width == TILE_HASHES:
        return store.tile(name.level, name.number)
    if name.level == 0:
        return None
    # The roots of full tiles are the open tile above them.
    first = name.number * TILE_HASHES
    return b"".join(store.tile_roots(name.level - 1, first, first + name.width))


def head_findings(head: Head | None, report: Report) -> Iterator[Finding]:
    """Whether the store's own row of the head says what the signed head says."""
    if head is None or report.checkpoint is None:
        return
    signed = report.checkpoint
    root = root_of(head.stack) if len(head.stack) == head.size.bit_count() else b""
    if head.size != signed.size:
        yield Finding("head.size", "head", f"it says {head.size} entries, the checkpoint {signed.size}")
    elif root != signed.root:
        yield Finding("head.root", "head", "its compact range does not give the root in the checkpoint")
    if head.origin != signed.origin:
        yield Finding("head.origin", "head", "it names another log than the checkpoint")


class TableIds:
    """Finds repeated event ids without remembering any: where the store's table has each id at its own entry, no two entries share one.

    Only the ids that the table does not have there are remembered, by *lost*. *told* hears what is wrong with the table itself.
    """

    def __init__(
        self,
        store: LogStore,
        *,
        lost: Repeated | None = None,
        told: Callable[[Finding], object] = lambda finding: None,
    ) -> None:
        self._store = store
        self._lost = lost or in_memory()
        self._told = told
        self.found = 0

    def __call__(self, indexes: Sequence[int], ids: Sequence[bytes]) -> list[tuple[int, int]]:
        """See `ledger.verify.Repeated`."""
        there = self._store.indexes_of(ids)
        if list(map(there.get, ids)) == list(indexes):
            self.found += len(ids)
            return []
        repeated: list[tuple[int, int]] = []
        lost: dict[int, bytes] = {}
        for index, id_ in zip(indexes, ids, strict=True):
            at = there.get(id_)
            if at == index:
                self.found += 1
            elif at is not None and self._has(at, id_):
                repeated.append((index, at))
            else:
                lost[index] = id_
                self._told(_not_in_table(index, at))
        return [*repeated, *self._lost(list(lost), list(lost.values()))]

    def _has(self, index: int, id_: bytes) -> bool:
        leaves = self._store.leaves(index, index + 1)
        return bool(leaves) and event_ids(leaves) == [id_]


def _not_in_table(index: int, at: int | None) -> Finding:
    if at is None:
        return Finding("ids.missing", f"event id of entry {index}", "it is not in the table of event ids")
    return Finding("ids.elsewhere", f"event id of entry {index}", f"the table of event ids has it at entry {at}")
