"""Which entries of the ledger are about a record: what a pack about a cut looks up instead of reading the whole log."""

from collections.abc import Iterable

from edgecode.events.kinds import (
    AnswerWithdrawn,
    ConformDecided,
    CutAdded,
    DatasetKnown,
    Event,
    ModelKnown,
    SequenceSeen,
    StepWithdrawn,
    VersionSeen,
)
from edgecode.events.registry import Opaque
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number, ids_text, number
from edgecode.index.store import IndexStore
from edgecode.terms.identity import RecordId


def note_entry(store: IndexStore, event: Event | Opaque, log_index: int) -> None:
    """Remember the entry under its record, unless a table of its kind does (steps, answers). Part of projecting, after the reducer."""
    match event:
        case VersionSeen() | SequenceSeen() | ModelKnown() | DatasetKnown():
            store.run("add_version_entry", key_of(event.fact.version), log_index)
        case CutAdded() | ConformDecided():
            store.run("add_record_entry", key_of(event.fact.cut), log_index)
        case StepWithdrawn():
            store.run("add_record_entry", key_of(event.fact.step), log_index)
        case AnswerWithdrawn():
            store.run("add_record_entry", key_of(event.fact.answer), log_index)


def making_entries(store: IndexStore, versions: Iterable[int]) -> set[int]:
    """Entries of every step that says it made one of *versions* (dense ids): also failed, outranked and withdrawn ones."""
    return {number(row[0]) for row in store.rows("entries_of_makings", ids_text(versions))}


def entries_of_versions(store: IndexStore, versions: Iterable[int]) -> set[int]:
    """Entries that say what *versions* (dense ids) are, and those of answers about them, withdrawn ones too."""
    ids = ids_text(versions)
    return {number(row[0]) for query in ("entries_of_versions", "entries_of_answers") for row in store.rows(query, ids)}


def entries_of_cut(store: IndexStore, cut: RecordId) -> set[int]:
    """Entries of a cut and of answers about it or its clips, withdrawn ones too."""
    return {number(row[0]) for row in store.rows("entries_of_cut", key_of(cut))}


def further_entries(store: IndexStore, records: Iterable[RecordId]) -> set[int]:
    """Entries that decide about cuts, or take steps and answers back."""
    return {number(row[0]) for record in records for row in store.rows("entries_of_record", key_of(record))}


def known_versions(store: IndexStore, records: Iterable[RecordId]) -> set[int]:
    """Dense ids of those versions among *records* that the index knows."""
    found = (store.rows("version_id", key_of(record)) for record in records)
    return {first_number(rows) for rows in found if rows}
