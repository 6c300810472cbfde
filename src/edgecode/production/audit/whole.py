"""Judging a production's whole record as it lies, without opening it for work: a damaged one must be judged, not refused."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import msgspec

from edgecode.drivers.signers import signer_at
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import EdgecodeError, UnavailableError
from edgecode.index.dump import dump
from edgecode.index.keys import key_of
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
from edgecode.people.store import KeyStore, id_hash
from edgecode.production.audit.stated_erasures import stated_findings
from edgecode.production.log.former import unerased_in_former_ledgers, unerased_in_left_keys
from edgecode.production.log.history import CODE, continues, signed_heads, trace_of_index
from edgecode.production.log.key_events import key_history
from edgecode.production.log.public_keys import kept_keys, refuse_other_log
from edgecode.production.log.reading import Erasures, recorded
from edgecode.production.log.stores import OpenKeys, has_index, may_read_keys, open_index, open_keys, open_ledger
from edgecode.production.witnessing import policy_of
from edgecode.settings import STATE_FOLDER, Settings, read_settings

_AFTER_A_CRASH = {"entry.unsealed", "head.size"}
"""The findings of a log whose last entries were committed and not signed."""


def audit_of(folder: Path) -> tuple[Audit, VerifierKey]:
    """Verify a production's whole record: the log, the signed heads that lie beside it, and the index against the log.

    Needs no private key and no right to write; without keys.db sealed sections are counted as sealed.
    """
    settings = read_settings(folder)
    own = public_keys(settings, folder)
    found = _judged(folder, settings, own)
    if {finding.code for finding in found.report.findings} == _AFTER_A_CRASH and _was_signed(folder, settings):
        found = _judged(folder, settings, own)
    return found, own[-1]


def public_keys(settings: Settings, folder: Path) -> tuple[VerifierKey, ...]:
    """The keys of the log, oldest first."""
    kept = kept_keys(folder / STATE_FOLDER)
    own = kept or (verifier_key(settings.origin, signer_at(settings.signer, folder=folder)),)
    refuse_other_log(settings, own)
    return own


def _judged(folder: Path, settings: Settings, own: tuple[VerifierKey, ...]) -> Audit:
    with ExitStack() as opened:
        ledger = opened.enter_context(closing(open_ledger(settings, folder, read_only=True)))
        keys, more = keys_of(settings, folder, opened)
        erasures = Erasures(ledger)
        erased = erasures.places()
        judge = SectionJudge(erased=erased)
        if keys is not None:
            judge = SectionJudge(opener=opener(keys), is_destroyed=destroyed_by(erasures, keys), erased=erased)
        policy = policy_of(settings, folder, own)
        heads, unread = heads_of(folder, settings)
        earlier = [note for note in heads if opens_under(note, policy)]
        found = audit(ledger, policy, judge=judge, earlier=earlier)
        more += [
            *unread,
            *key_findings(ledger, own, earlier),
            *frozen_findings(ledger),
            *stated_findings(ledger, Erasures(ledger)),
        ]
        more += erasure_findings(folder, settings, erasures, keys)
        more += unexplained_keys(erasures, keys)
        if keys is not None and not found.report.findings:
            more += _index_findings(settings, folder, ledger, keys)
    return found._replace(report=replace(found.report, findings=(*found.report.findings, *more)))


def erasure_findings(folder: Path, settings: Settings, erasures: Erasures, keys: KeyStore | None) -> list[Finding]:
    """Whether what erasures cover is gone from the keys, and from what recoveries and moves left beside the stores."""
    sections: dict[bytes, list[str]] = {}
    for event, name in erasures.sections:
        sections.setdefault(key_of(event), []).append(name)
    if not sections:
        return []
    named = {bytes.fromhex(key) for _, event in erasures.events() for key in event.fact.keys}
    found = []
    if keys is not None and (left := sum(id_hash(key_id) in named for key_id in keys.key_ids())):
        what = f"{left} that erasures destroyed are there; opening the production destroys them again"
        found.append(Finding("erasure.unfinished", "keys", what))
    for thing, there in (
        ("sections", unerased_in_former_ledgers(folder, settings, sections)),
        ("keys", unerased_in_left_keys(folder, settings, named)),
    ):
        for name, count in there:
            if count is None:
                what = "cannot be read, so what erasures cover may lie in it: bring back a good copy, or delete it"
                found.append(Finding("erasure.unfinished", name, what, Verdict.UNVERIFIABLE))
            else:
                what = (
                    f"{count} {thing} that erasures cover are still in it; run: edgecode person erase --again ERASURE"
                )
                found.append(Finding("erasure.unfinished", name, what))
    return found


def destroyed_by(erasures: Erasures, keys: KeyStore) -> Callable[[str], bool]:
    """Whether a key was destroyed and an erasure in the log says so. One that is gone without a word was lost, or taken away."""
    named = _keys_named(erasures)
    return lambda key_id: id_hash(key_id) in named and keys.is_destroyed(key_id)


def unexplained_keys(erasures: Erasures, keys: KeyStore | None) -> list[Finding]:
    """The keys that count as destroyed and that no erasure in the log names: what they sealed is hidden, and nobody said so."""
    named, what = _keys_named(erasures), "destroyed, and no erasure in the log says so"
    return [
        Finding("key.unexplained", f"key of SHA-256 {key_hash.hex()[:16]}", what, Verdict.UNVERIFIABLE)
        for key_hash in ([] if keys is None else keys.destroyed_hashes())
        if key_hash not in named
    ]


def _keys_named(erasures: Erasures) -> set[bytes]:
    return {bytes.fromhex(key) for _, event in erasures.events() for key in event.fact.keys}


def frozen_findings(ledger: LogStore) -> list[Finding]:
    """Whether the log was found to have gone back in time or to be forked."""
    what = "frozen: it went back in time or was forked, and nothing is appended any more"
    return [] if ledger.frozen() is None else [Finding("ledger.frozen", "log", what, Verdict.DIVERGED)]


def keys_of(settings: Settings, folder: Path, opened: ExitStack) -> tuple[OpenKeys | None, list[Finding]]:
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


def heads_of(folder: Path, settings: Settings) -> tuple[list[bytes], list[Finding]]:
    """The signed heads that lie beside the ledger, which must continue each of them; what cannot be read is a finding."""
    heads: list[bytes] = []
    try:
        heads.extend(note for _, note in signed_heads(folder, settings))
    except EdgecodeError as error:
        return heads, [Finding(error.code, "high-water", error.sentence, Verdict.UNVERIFIABLE)]
    return heads, []


def key_findings(ledger: LogStore, own: tuple[VerifierKey, ...], heads: list[bytes]) -> list[Finding]:
    """Whether the keys changed as the log says, and whether each signed head is of a key that may sign it. One key changes nothing."""
    if len(own) == 1:
        return []
    found = key_history(ledger, origin=own[-1].name, first=own)
    signed = [*heads, *(note for note in (ledger.checkpoint(),) if note is not None)]
    return [*found.findings, *(finding for note in dict.fromkeys(signed) if (finding := found.refused(note)))]


def opens_under(note: bytes, policy: Policy) -> bool:
    """Whether a key of the log has signed a head, and no known signature under it is false."""
    try:
        open_checkpoint(note, policy)
    except EdgecodeError:
        return False
    return True


def _was_signed(folder: Path, settings: Settings) -> bool:
    """Committed and not signed yet: a crash, or somebody is recording now. Opening the log once signs what is durable."""
    try:
        signer, *before = (signer_at(uri, folder=folder) for uri in (settings.signer, settings.signer_before) if uri)
        with closing(open_ledger(settings, folder)) as ledger:
            Log.open(ledger, signer, beside=before, known=kept_keys(folder / STATE_FOLDER))
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
            entries = recorded(ledger.entries(0, seen.size), keys, erasures=Erasures(ledger))
            project(again, entries, size=seen.size, root=root_at(seen.size))
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
