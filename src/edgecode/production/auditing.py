"""Judging a production's whole record as it lies, without opening it for work: a damaged one must be judged, not refused."""

from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import msgspec

from edgecode.drivers.signers import signer_at
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import EdgecodeError, UnavailableError
from edgecode.index.dump import dump
from edgecode.index.projector import project
from edgecode.ledger.audit import Audit, audit
from edgecode.ledger.log import Log, verifier_key
from edgecode.ledger.notes import VerifierKey, open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.reader import Reader
from edgecode.ledger.sections import SectionJudge
from edgecode.ledger.store import LogStore
from edgecode.ledger.verify import Finding, Verdict, finding_of
from edgecode.people.sealing import opener
from edgecode.people.store import KeyStore
from edgecode.production.history import CODE, continues, signed_heads, trace_of_index
from edgecode.production.reading import recorded
from edgecode.production.record import kept_key, refuse_other_log
from edgecode.production.stores import OpenKeys, has_index, may_read_keys, open_index, open_keys, open_ledger
from edgecode.settings import STATE_FOLDER, Settings, read_settings

_AFTER_A_CRASH = {"entry.unsealed", "head.size"}
"""The findings of a log whose last entries were committed and not signed."""


def audit_of(folder: Path) -> tuple[Audit, VerifierKey]:
    """Verify a production's whole record: the log, the signed heads that lie beside it, and the index against the log.

    Needs no private key and no right to write; without keys.db sealed sections are counted as sealed.
    """
    settings = read_settings(folder)
    key = _public_key(settings, folder)
    found = _judged(folder, settings, key)
    if {finding.code for finding in found.report.findings} == _AFTER_A_CRASH and _was_signed(folder, settings):
        found = _judged(folder, settings, key)
    return found, key


def _public_key(settings: Settings, folder: Path) -> VerifierKey:
    kept = kept_key(folder / STATE_FOLDER)
    key = kept or verifier_key(settings.origin, signer_at(settings.signer, folder=folder))
    refuse_other_log(settings, key)
    return key


def _judged(folder: Path, settings: Settings, key: VerifierKey) -> Audit:
    state = folder / STATE_FOLDER
    with ExitStack() as opened:
        ledger = opened.enter_context(closing(open_ledger(settings, folder, read_only=True)))
        keys, more = _keys(settings, folder, opened)
        judge = SectionJudge() if keys is None else SectionJudge(opener=opener(keys), is_destroyed=keys.is_destroyed)
        policy = Policy.of_keys(key)
        found = audit(ledger, policy, judge=judge, earlier=_earlier(state, policy))
        if keys is not None and not found.report.findings:
            more = _index_findings(settings, folder, ledger, keys)
    return found._replace(report=replace(found.report, findings=(*found.report.findings, *more)))


def _keys(settings: Settings, folder: Path, opened: ExitStack) -> tuple[OpenKeys | None, list[Finding]]:
    """The keys. Without the right to read them sealed sections are sealed; that they are gone is a finding."""
    if not may_read_keys(settings, folder):
        return None, []
    try:
        return opened.enter_context(closing(open_keys(settings, folder, read_only=True))), []
    except UnavailableError as error:
        if error.code != "keys.absent":
            raise
        what = "not there, so sealed sections cannot be judged"
        return None, [Finding("keys.absent", "keys.db", what, Verdict.UNVERIFIABLE)]


def _earlier(state: Path, policy: Policy) -> list[bytes]:
    """The signed heads of this log that lie beside it: the ledger must continue each of them."""
    return [note for _, note in signed_heads(state) if _opens(note, policy)]


def _opens(note: bytes, policy: Policy) -> bool:
    try:
        open_checkpoint(note, policy)
    except EdgecodeError:
        return False
    return True


def _was_signed(folder: Path, settings: Settings) -> bool:
    """Committed and not signed yet: a crash, or somebody is recording now. Opening the log once signs what is durable."""
    try:
        signer = signer_at(settings.signer, folder=folder)
        with closing(open_ledger(settings, folder)) as ledger:
            Log.open(ledger, signer)
    except EdgecodeError:
        return False
    return True


def _index_findings(settings: Settings, folder: Path, ledger: LogStore, keys: KeyStore) -> list[Finding]:
    """Whether the index says what the ledger says: it is made again in memory and compared, as far as it stands.

    One of another release or production is not judged: it is thrown away when the production is opened.
    """
    if not has_index(settings, folder):
        return []
    with closing(open_index(settings, folder, read_only=True)) as index, closing(SqliteIndex(":memory:")) as again:
        if not index.is_of_this_release:
            return []
        with index.transaction():
            seen, there = trace_of_index(index, settings.production), dump(index)
        if seen is None:
            return []
        root_at = Reader(ledger).root
        try:
            if not continues(seen, ledger.entry_end(), root_at):
                what = f"it was made from {seen.size} entries that this ledger does not hold"
                return [Finding(CODE, "index", what, Verdict.DIVERGED)]
            project(again, recorded(ledger.entries(0, seen.size), keys), size=seen.size, root=root_at(seen.size))
        except EdgecodeError as error:
            return [finding_of(error, "index")]
        return _differences(there, dump(again))


def _differences(there: bytes, wanted: bytes) -> list[Finding]:
    if there == wanted:
        return []
    rows = set(there.split(b"\n")) ^ set(wanted.split(b"\n"))
    tables = sorted({str(msgspec.json.decode(row)[0]) for row in rows if row})
    what = f"{', '.join(tables)}: not what the ledger says; delete .edgecode/index.db, it is made again"
    return [Finding("index.differs", "index", what)]
