"""Verifying a stored log as it lies, sealed or not: its entries, sections, tiles, head and checkpoints, under one policy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from edgecode.events.codec import Leaf
from edgecode.events.sealed import SealedSection
from edgecode.ledger.growth import root_of
from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.policy import Policy
from edgecode.ledger.sections import SectionJudge
from edgecode.ledger.store import Head, LogStore
from edgecode.ledger.tiles import TileName
from edgecode.ledger.verify import Finding, Report, Verdict, verify_log
from edgecode.ledger.witness import newest_witnessed

_EVERY_ENTRY = 1 << 62


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

    def entries() -> Iterator[tuple[int, list[bytes]]]:
        for entry in store.entries(0, _EVERY_ENTRY):
            beside.clear()
            beside[entry.index] = entry.sections
            yield entry.index, [entry.leaf]

    def sections(index: int, leaf: Leaf) -> Iterator[Finding]:
        return judge.judge(index, leaf, beside[index])

    with store.reading():
        head, note, cosigned = store.head(), store.checkpoint(), store.cosigned()
        report = verify_log(
            entries(),
            tiles=lambda name: _tile(store, name),
            checkpoints=[*earlier, *_heads(note, [one for _, one in cosigned])],
            policy=policy,
            beside=sections,
        )
        found = [*report.findings, *_head(head, report), *judge.missing_keys()]
    witnessed = newest_witnessed(cosigned, policy)
    return Audit(replace(report, findings=tuple(found)), dict(judge.states), witnessed)


def _heads(note: bytes | None, cosigned: Sequence[bytes]) -> list[bytes]:
    """The stored heads, the latest last; one that witnesses have signed too is judged with their signatures."""
    if note is None:
        return list(cosigned)
    text = note.partition(b"\n\n")[0]
    return sorted((note, *cosigned), key=lambda one: (one.partition(b"\n\n")[0] == text, one != note))


def _tile(store: LogStore, name: TileName) -> bytes | None:
    if name.level == "entries":
        return None
    if name.width == TILE_HASHES:
        return store.tile(name.level, name.number)
    if name.level == 0:
        return None
    # The roots of full tiles are the open tile above them.
    first = name.number * TILE_HASHES
    return b"".join(store.tile_roots(name.level - 1, first, first + name.width))


def _head(head: Head | None, report: Report) -> Iterator[Finding]:
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
