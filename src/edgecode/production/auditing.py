"""Judging a production's whole record as it lies, without opening it for work."""

from pathlib import Path

from edgecode.drivers.key_files import signer_at
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.ledger.audit import Audit, audit
from edgecode.ledger.log import Log, verifier_key
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.sections import SectionJudge
from edgecode.people.sealing import opener
from edgecode.production.record import sqlite_path
from edgecode.settings import STATE_FOLDER, read_settings

_AFTER_A_CRASH = {"entry.unsealed", "head.size"}
"""The findings of a log whose last entries were committed and not signed."""


def audit_of(folder: Path) -> tuple[Audit, VerifierKey]:
    """Verify a production's whole record as it lies, without opening it for work: a damaged one must be judged, not refused."""
    settings = read_settings(folder)
    signer = signer_at(settings.signer, folder=folder)
    ledger = SqliteLedger(sqlite_path(settings.ledger, folder))
    keys = SqliteKeys(folder / STATE_FOLDER / "keys.db")
    key = verifier_key(settings.origin, signer)
    try:
        found = audit(ledger, key, judge=_judge(keys))
        if {finding.code for finding in found.report.findings} == _AFTER_A_CRASH:
            # Committed and not signed yet: a crash, or somebody is recording now. Opening the log once signs what is durable.
            Log.open(ledger, signer)
            found = audit(ledger, key, judge=_judge(keys))
        return found, key
    finally:
        ledger.close()
        keys.close()


def _judge(keys: SqliteKeys) -> SectionJudge:
    return SectionJudge(opener=opener(keys), is_destroyed=keys.is_destroyed)
