"""The certificate of an erasure, made from what the record and the stores say at the moment, and delivered as a pack."""

from collections.abc import Iterator

from edgecode.answers.packs.erasure import (
    STATES,
    Approver,
    ErasedRecord,
    ErasureCertificate,
    Kept,
    NotReached,
    Point,
    certificate_text,
)
from edgecode.errors import NotFoundError
from edgecode.events.codec import parse_leaf
from edgecode.events.person_kinds import ErasureFact, PersonDepicted, PersonErased
from edgecode.index.catalogue import version, version_rows
from edgecode.index.lineage import impact
from edgecode.index.persons import approver_entries, approvers, erasures
from edgecode.production.erasing.destroying import is_done, unreached_beside
from edgecode.production.log.former import left_keys_remain
from edgecode.production.log.reading import indexes_of_events
from edgecode.production.packs.making import make_pack
from edgecode.production.record import Record
from edgecode.production.spools.running import steps_kept_for_later
from edgecode.terms.identity import RecordId


def erasure_certificate(record: Record, erasure: RecordId, *, person: str = "") -> ErasureCertificate:
    """The certificate of an erasure by its record id. *person*: the alias, for the person's own copy; it is not known any more here.

    Raises NotFoundError ``erasure.unknown``.
    """
    row = next((one for one in erasures(record.index) if one.erasure == erasure), None)
    if row is None:
        raise NotFoundError(
            "erasure.unknown", "there is no erasure with this number", "edgecode person list names them"
        )
    (entry,) = record.recorded(row.log_index, row.log_index + 1)
    assert isinstance(entry.event, PersonErased)
    fact, known = entry.event.fact, approvers(record.index)
    beside = unreached_beside(record, fact)
    return ErasureCertificate(
        number=erasure,
        person=person,
        requested=fact.requested,
        executed=row.executed,
        requester=fact.requester,
        verified=fact.verified,
        ground=fact.ground,
        scope=fact.scope,
        record_copy=fact.record_copy,
        approvals=tuple(Approver(one.approver, known[one.approver][0]) for one in fact.approvals),
        complete=is_done(record, fact) and not beside,
        keys=fact.keys,
        records=tuple(_records(record, fact)),
        kept=tuple(Kept(one.holds, one.why, one.hold, one.sections, one.until) for one in fact.kept),
        remains=tuple(dict.fromkeys([*beside, *_remains(record)])),
        not_reached=tuple(_not_reached(record, fact)),
        states=STATES,
        entry=row.log_index,
        before=_point(record, row.log_index),
        after=_point(record, row.log_index + 1),
        ledger=record.ledger_point(),
    )


def certificate_pack(record: Record, erasure: RecordId, *, person: str = "") -> tuple[bytes, ErasureCertificate]:
    """The certificate as a pack: the erasure, the approvers it names, and every entry that lost a section, each with its proof."""
    given = erasure_certificate(record, erasure, person=person)
    named = {one.approver for one in given.approvals}
    events: dict[int, tuple[str, ...]] = {one.ledger: () for one in given.records}
    events |= {index: ("fact",) for approver, index in approver_entries(record.index) if approver in named}
    events[given.entry] = ("fact",)
    data = make_pack(
        record,
        kind="erasure",
        about=erasure,
        answer=given.encode(),
        text=certificate_text(given),
        events=dict(sorted(events.items())),
    )
    return data, given


def _remains(record: Record) -> Iterator[str]:
    """Where the stores, and what a move left of them, may still hold erased bytes."""
    for store in (record.ledger, record.keys, record.index):
        yield from store.remains()
    yield from left_keys_remain(record.folder, record.settings)
    if waiting := steps_kept_for_later(record.folder):
        yield (
            f"{waiting} {'file' if waiting == 1 else 'files'} of steps in .edgecode/spool, as they were written and not sealed: record "
            "what is there, then delete it or run edgecode spool clear"
        )


def _records(record: Record, fact: ErasureFact) -> Iterator[ErasedRecord]:
    indexes = indexes_of_events(record.ledger, [gone.event for gone in fact.erased])
    for gone in fact.erased:
        index = indexes.get(gone.event)
        if index is None:
            continue  # the log went back to before it, and was recovered
        (stored,) = record.ledger.entries(index, index + 1)
        yield ErasedRecord(index, parse_leaf(stored.leaf).type, gone.sections)


def _not_reached(record: Record, fact: ErasureFact) -> Iterator[NotReached]:
    """Versions in which the person was noted, and what was made from their likeness."""
    noted: dict[RecordId, str] = {}
    sources: set[int] = set()
    for index in indexes_of_events(record.ledger, [gone.event for gone in fact.erased]).values():
        for entry in record.recorded(index, index + 1):
            if isinstance(entry.event, PersonDepicted):
                noted.setdefault(entry.event.fact.version, entry.event.fact.how)
                row = version(record.index, entry.event.fact.version)
                if row is not None and (entry.event.fact.how == "likeness-source" or entry.event.fact.biometric):
                    sources.add(row.id)
    derived = {made for source in sources for made in impact(record.index, source)}
    rows = {row.key: row for row in version_rows(record.index, derived, places=False).values()}
    for key in dict.fromkeys([*noted, *sorted(rows)]):
        row = rows.get(key) or version(record.index, key)
        media = row.media.media_class if row is not None and row.media is not None else "other"
        yield NotReached(key, media, noted.get(key, "derived"))


def _point(record: Record, size: int) -> Point:
    return Point(size, record.log.root_at(size).hex())
