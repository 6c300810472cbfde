"""Ordering an erasure again that a log lost when it went back in time: from the order, a certificate, or the copy that each folder keeps.

Who approved it did so for exactly these events, and their ids outlive every recovery, so nobody has to approve again; the keys are gone
in any case. What comes back on record is the same fact under a later entry.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from edgecode.checks.member_signatures import approves
from edgecode.errors import EdgecodeError, HeldError, InputError, RefusedError
from edgecode.events.codec import parse_leaf, strict
from edgecode.events.person_kinds import (
    ApproverFact,
    ApproverNamed,
    ErasureFact,
    PersonErased,
    erasure_statement,
)
from edgecode.index.persons import approvers, entries_of, erasures, person_of_event
from edgecode.ledger.packs import opened
from edgecode.ledger.zips import read_zip
from edgecode.production.erasing.destroying import ORDERS, carry_out
from edgecode.production.log.approvals import is_approved
from edgecode.production.persons.noting import append_judged, signing_ids
from edgecode.production.record import Record
from edgecode.settings import STATE_FOLDER
from edgecode.terms.identity import RecordId

_ORDER = "edgecode.erasure-order/1"
_LEAF = re.compile(r"events/[0-9]{12}/leaf")


def erasure_in(data: bytes) -> ErasureFact:
    """The erasure that an order's file or a certificate's pack states. Raises InputError ``erasure.order_unreadable``."""
    try:
        if data.startswith(b"PK"):
            return _of_pack(data)
        read = strict(data)
        if not isinstance(read, dict) or read.keys() != {"fact", "schema"} or read["schema"] != _ORDER:
            raise ValueError("no order")
        return msgspec.convert(read["fact"], ErasureFact)
    except (EdgecodeError, ValueError, KeyError, StopIteration) as error:
        raise InputError(
            "erasure.order_unreadable",
            "this is neither the order of an erasure nor its certificate, or it was altered",
            "Give the file as it was written",
        ) from error


def erasure_on_record(record: Record, erasure: RecordId) -> ErasureFact | None:
    """The erasure of this number, when it is on the record."""
    for row in erasures(record.index):
        if row.erasure == erasure:
            (entry,) = record.recorded(row.log_index, row.log_index + 1)
            return entry.event.fact if isinstance(entry.event, PersonErased) else None
    return None


def erase_again(record: Record, fact: ErasureFact) -> int:
    """Put an approved erasure on record, unless it is, and carry it out as if for the first time; returns its entry.

    Its events may be here in part, and their keys destroyed. Raises HeldError ``erasure.unapproved`` when its approvers are not known
    here, RefusedError ``erasure.order_outdated`` when more is recorded of the person than it covers.
    """
    _name_approvers_again(record, fact)

    def judged() -> list[PersonErased]:
        if not is_approved(fact, approvers(record.index), signing=signing_ids(record)):
            raise HeldError(
                "erasure.unapproved",
                "two approvers of this erasure are not known here, or did not approve exactly this",
                "Name the keys that approved it again: edgecode person approver add --key HEX",
            )
        _refuse_uncovered(record, fact)
        return [PersonErased(fact)]

    index = next((row.log_index for row in erasures(record.index) if row.erasure == fact.erasure), None)
    if index is None:
        (index,) = append_judged(record, judged)
    carry_out(record, fact)
    return index


def restore_lost(record: Record) -> int:
    """Put those erasures on record again whose copies lie in the folder and that the log, having gone back in time, does not have.

    Returns how many; those that cannot be are said in `Record.notices`.
    """
    on_record = {row.erasure for row in erasures(record.index)}
    restored = 0
    for path in sorted((record.folder / STATE_FOLDER / ORDERS).glob("*.json")):
        if path.stem in on_record:
            continue
        try:
            erase_again(record, erasure_in(path.read_bytes()))
        except (EdgecodeError, OSError) as error:
            why = error.sentence if isinstance(error, EdgecodeError) else f"{path.name} cannot be read"
            record.notices.append(f"an erasure that the log does not have any more is not carried out: {why}")
        else:
            restored += 1
            record.notices.append(
                f"the log had lost the erasure {path.stem}; it is on the record again, and carried out"
            )
    return restored


def _of_pack(data: bytes) -> ErasureFact:
    members = read_zip(data).members
    return next(_erasures_in(members))


def _erasures_in(members: Mapping[str, bytes]) -> Iterator[ErasureFact]:
    for name, data in members.items():
        if not _LEAF.fullmatch(name):
            continue
        leaf = parse_leaf(data)
        if leaf.type == PersonErased.TYPE:
            fact = opened(members[f"{name.removesuffix('leaf')}fact"], leaf, "fact")
            yield msgspec.convert(fact, ErasureFact)


def _name_approvers_again(record: Record, fact: ErasureFact) -> None:
    """An approver whose number the log has lost, and whose key is named here, gets that number back beside the present one."""
    known = approvers(record.index)
    statement = erasure_statement(fact)
    lost = [approval for approval in fact.approvals if approval.approver not in known]
    keys = [public for public, counts in known.values() if counts]
    found = [
        ApproverFact(approval.approver, key)
        for approval in lost
        for key in keys
        if approves(key, approval.signature, statement)
    ]
    record.append(ApproverNamed(one) for one in found)


def _refuse_uncovered(record: Record, fact: ErasureFact) -> None:
    covered = {one.event for one in fact.erased}
    person = next((found for one in fact.erased if (found := person_of_event(record.index, one.event))), None)
    if person is None or fact.scope == "limited":
        return
    if any(entry.event not in covered for entry in entries_of(record.index, person)):
        raise RefusedError(
            "erasure.order_outdated",
            "more is recorded of this person than the erasure covers",
            "Make a new order and have it approved: edgecode person erase ALIAS",
        )
