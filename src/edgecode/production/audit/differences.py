"""Auditing a production's whole record: every part of it is compared with the entries, and each difference is told as it is met.

Needs no private key and no right to write. Memory does not grow with the record; what must be remembered lies in a folder that goes when
the audit ends.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from edgecode.drivers.spilled import Spilled
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import EdgecodeError
from edgecode.events.registry import Recorded
from edgecode.index.dump import TABLES, dump_of
from edgecode.index.projector import project
from edgecode.index.store import IndexStore
from edgecode.ledger.differences import LogState, Progress, Tell, TellingWalk, Told, differences, runs_of
from edgecode.ledger.export import CHECKPOINT_PATH, bundles_of, encode_bundle, tiles_of
from edgecode.ledger.growth import push, root_of
from edgecode.ledger.merkle import leaf_hashes
from edgecode.ledger.notes import open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.sections import SectionJudge
from edgecode.ledger.store import LogStore
from edgecode.ledger.tiles import tile_path
from edgecode.ledger.verify import Finding, Verdict, finding_of
from edgecode.people.sealing import opener
from edgecode.people.store import KeyStore
from edgecode.production.audit.stated_erasures import stated_findings
from edgecode.production.audit.whole import erasure_findings, frozen_findings, key_findings, keys_of, public_keys
from edgecode.production.log.history import CODE, signed_heads, trace_of_index
from edgecode.production.log.reading import Erasures, recorded
from edgecode.production.log.shelves import published_folder
from edgecode.production.log.stores import has_index, open_index, open_ledger
from edgecode.production.witnessing import policy_of
from edgecode.settings import STATE_FOLDER, Settings, read_settings

_REBUILT = "index.db"


class AuditedRecord(NamedTuple):
    """What an audit ends with: the verdict over every difference that it told, how many there are of each code, and what was audited.

    *unread*: parts that were not compared, in words.
    """

    verdict: Verdict
    origin: str
    state: LogState
    differences: dict[str, int]
    unread: tuple[str, ...]


def audit_whole(folder: Path, *, tell: Tell, progress: Progress = lambda what, done, of: None) -> AuditedRecord:
    """Compare everything that a production keeps with the entries of its log, and *tell* each difference."""
    settings = read_settings(folder)
    state_folder = folder / STATE_FOLDER
    own = public_keys(settings, folder)
    told = Told(tell)
    with ExitStack() as opened:
        # An index made again holds what the index holds, so it lies beside it where it can.
        spilled = opened.enter_context(Spilled(state_folder if os.access(state_folder, os.W_OK) else None))
        ledger = opened.enter_context(closing(open_ledger(settings, folder, read_only=True)))
        keys, missing = keys_of(settings, folder, opened)
        policy, erasures = policy_of(settings, folder, own), Erasures(ledger)
        erased = erasures.places()
        judge = SectionJudge(erased=erased)
        if keys is not None:
            judge = SectionJudge(opener=opener(keys), is_destroyed=keys.is_destroyed, erased=erased)
        heads = list(_heads(folder, settings, policy, told))
        state = differences(
            ledger, policy, told=told, judge=judge, earlier=heads, lost_ids=spilled.lost_ids, progress=progress
        )
        for finding in (
            *missing,
            *key_findings(ledger, own, heads),
            *frozen_findings(ledger),
            *stated_findings(ledger, erasures),
        ):
            told(finding)
        _judge_erasures(ledger, erasures, keys, told)
        for finding in erasure_findings(folder, settings, erasures, keys):
            told(finding)
        unread = list(_judge_published(folder, settings, ledger, policy, told, progress))
        unread += _judge_index(folder, settings, ledger, keys, spilled, told, progress)
    return AuditedRecord(told.verdict(state.quorum), own[-1].name, state, dict(told.codes), tuple(unread))


def _heads(folder: Path, settings: Settings, policy: Policy, told: Told) -> Iterator[bytes]:
    """The signed heads that lie beside the ledger; one that no key of this log has signed rightly is told."""
    try:
        for where, note in signed_heads(folder, settings):
            try:
                open_checkpoint(note, policy)
            except EdgecodeError as error:
                told(replace(finding_of(error, where), object=where))
            else:
                yield note
    except EdgecodeError as error:
        told(Finding(error.code, "high-water", error.sentence, Verdict.UNVERIFIABLE))


def _judge_erasures(ledger: LogStore, erasures: Erasures, keys: KeyStore | None, told: Told) -> None:
    """Whether everything that erasures name is gone, and whether only what they name is: a key that is destroyed without a word of it
    would hide what it sealed."""
    for index, name in sorted(erasures.places()):
        if any(section.name == name for entry in ledger.entries(index, index + 1) for section in entry.sections):
            what = "an erasure covers it and it is still there; open the production once, which carries the erasure on"
            told(Finding("erasure.unfinished", f"section {name} of entry {index}", what))
    if keys is None:
        return
    named = {bytes.fromhex(key) for _, event in erasures.events() for key in event.fact.keys}
    for key_hash in keys.destroyed_hashes():
        if key_hash not in named:
            what = "destroyed, and no erasure in the log says so"
            told(Finding("key.unexplained", f"key of SHA-256 {key_hash.hex()[:16]}", what, Verdict.UNVERIFIABLE))


# ------------------------------------------------------------------------------------------ the published files


def _judge_published(
    folder: Path, settings: Settings, ledger: LogStore, policy: Policy, told: Told, progress: Progress
) -> Iterator[str]:
    """Whether the published files of the published size are the log's; yields what is not read."""
    published = published_folder(folder, settings.publish_to)
    if published is None:
        yield "the published log: it is in a bucket"
        return
    try:
        note = (published / CHECKPOINT_PATH).read_bytes()
        size = open_checkpoint(note, policy).checkpoint.size
    except FileNotFoundError:
        return  # nothing is published
    except (EdgecodeError, OSError):
        yield "the published log: its checkpoint is not a head of this log"
        return

    def tell(finding: Finding) -> None:
        if finding.code.startswith("tile."):
            told(replace(finding, object=f"published {finding.object}"))

    walk = TellingWalk(
        tell,
        lambda name: _file(published / tile_path(name)),
        policy,
        [note],
        lambda indexes, ids: (),
        entries_are_right=True,
    )
    for first, leaves in runs_of(ledger, size):
        walk.take(first, leaves)
        progress("published tiles", first + len(leaves), size)
    walk.report()
    partial = (name for name in tiles_of(size) if name.width < 256)
    for name in (*partial, *bundles_of(size)):
        path = published / tile_path(name)
        if name.level != "entries":
            if not path.exists():
                told(Finding("tile.missing", f"published {tile_path(name)}", "not there", Verdict.UNVERIFIABLE))
            continue
        first = name.number << 8
        data, leaves = _file(path), ledger.leaves(first, first + name.width)
        if data is None:
            told(Finding("bundle.missing", f"published {tile_path(name)}", "not there", Verdict.UNVERIFIABLE))
        elif data != encode_bundle(leaves):
            told(Finding("bundle.differs", f"published {tile_path(name)}", "it does not hold the entries of the log"))


def _file(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


# ------------------------------------------------------------------------------------------ the index


def _judge_index(
    folder: Path,
    settings: Settings,
    ledger: LogStore,
    keys: KeyStore | None,
    spilled: Spilled,
    told: Told,
    progress: Progress,
) -> Iterator[str]:
    """Whether the index says what the ledger says: it is made again in a file and compared table by table; yields why it is not."""
    if keys is None:
        yield "the index: the keys are not here"
        return
    if not has_index(settings, folder):
        return
    rebuilt = SqliteIndex(spilled.path(_REBUILT))
    with closing(open_index(settings, folder, read_only=True)) as index, closing(rebuilt):
        if not index.is_of_this_release:
            yield "the index: it is of another release, and made again when the production is opened"
            return
        with index.transaction():
            seen = trace_of_index(index, settings.production)
            if seen is None:
                return
            try:
                root = _root(ledger, seen.size)
                if root != seen.root:
                    what = f"it was made from {seen.size} entries that this ledger does not hold"
                    told(Finding(CODE, "index", what, Verdict.DIVERGED))
                    return
                entries = recorded(ledger.entries(0, seen.size), keys, erasures=Erasures(ledger))
                project(rebuilt, _counted(entries, seen.size, progress), size=seen.size, root=root)
            except EdgecodeError as error:
                told(finding_of(error, "index"))
                return
            with rebuilt.transaction():
                for number, table in enumerate(TABLES, 1):
                    progress("index", number, len(TABLES))
                    _judge_table(index, rebuilt, table, spilled, told)


def _root(ledger: LogStore, size: int) -> bytes:
    """The root over the first *size* entries that are there, from the entries alone: tiles may be what is wrong."""
    stack: list[bytes] = []
    hashes = (leaf for _, leaves in runs_of(ledger, size) for leaf in leaf_hashes(leaves))
    for count, leaf in enumerate(hashes, 1):
        push(stack, count, leaf)
    return root_of(stack)


def _counted(entries: Iterator[Recorded], size: int, progress: Progress) -> Iterator[Recorded]:
    for place, entry in enumerate(entries, 1):
        if not place % 1_000:
            progress("making the index again", place, size)
        yield entry


def _judge_table(index: IndexStore, rebuilt: IndexStore, table: str, spilled: Spilled, told: Told) -> None:
    pairs = zip_longest(dump_of(index, table), dump_of(rebuilt, table))
    # Read to the end in any case: a store answers one question at a time.
    if not sum(one != other for one, other in pairs):
        return
    wrong, lacking = spilled.unlike(dump_of(index, table), dump_of(rebuilt, table))
    what = f"{wrong} rows are not what the ledger says and {lacking} are missing; delete the index, it is made again"
    told(Finding("index.differs", f"index, {table}", what))
