"""Erasing a person: the order that says exactly what goes and what stays, two people's approvals of it, and its execution."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple, cast, get_args

import msgspec
from msgspec import Struct

from edgecode.checks.register import Register
from edgecode.errors import EdgecodeError, HeldError, InputError, NotFoundError, RefusedError
from edgecode.events.codec import Json, canonical, parse_leaf, strict
from edgecode.events.door_kinds import HistoryRead, TurnoverReturned
from edgecode.events.kept_kinds import personal_sections
from edgecode.events.kinds import PlaceSection, StepPerformed, StepWithdrawn
from edgecode.events.person_kinds import (
    Approval,
    ErasedSections,
    ErasureFact,
    ErasureGround,
    HoldReason,
    KeptClass,
    PersonalClass,
    PersonErased,
    PersonSection,
    erasure_statement,
)
from edgecode.events.registry import Recorded
from edgecode.index.persons import (
    OF_DEPICTIONS,
    EntryRow,
    HoldRow,
    PersonRow,
    approvers,
    entries_of,
    person_called,
    person_of_event,
    persons,
    persons_in,
)
from edgecode.ledger.store import Signer
from edgecode.people.retention import may_keep
from edgecode.production.captures import named_in, takes_beside
from edgecode.production.documents import DOCUMENT_PATH
from edgecode.production.erasing.destroying import carry_out
from edgecode.production.erasing.kept_conform import with_kept_conform
from edgecode.production.erasing.shared_papers import resting_on
from edgecode.production.log.approvals import APPROVALS, approving_keys
from edgecode.production.log.reading import indexes_of_events
from edgecode.production.persons.biometric import entries_about, erased_versions, with_twins
from edgecode.production.persons.noting import (
    append_judged,
    biometric_versions,
    holds_in_force,
    refuse_signing_key,
    require_day,
    signing_ids,
    today,
)
from edgecode.production.record import Record
from edgecode.terms.identity import RecordId, is_record_id
from edgecode.terms.places import Place

SCHEMA = "edgecode.erasure-order/1"

Requester = Literal["person", "representative", "estate", "authority"]
Verified = Literal["in-person", "identity-document", "known-contact", "court-order", "power-of-attorney"]
RecordCopy = Literal["handed-over", "declined"]

MAY_ASK: Mapping[Requester, frozenset[Verified]] = {
    "person": frozenset({"in-person", "identity-document", "known-contact"}),
    "representative": frozenset({"power-of-attorney", "court-order"}),
    "estate": frozenset({"court-order", "power-of-attorney"}),
    "authority": frozenset({"court-order"}),
}
"""How the right of each kind of requester can be checked; nobody asks for another person on their own word."""

_LEAVES = 2_000
_MOST_WAITING = 10_000


class Request(Struct, frozen=True):
    """Who asked when and why, how their right was checked, and whether the person has a copy of their own record."""

    requested: str
    requester: Requester
    verified: Verified
    ground: ErasureGround
    record_copy: RecordCopy


class Order(Struct, frozen=True):
    """An erasure to approve: the fact with the approvals so far. It says nothing of who the person is."""

    fact: ErasureFact

    def encode(self) -> bytes:
        """The file's bytes: canonical JSON."""
        return canonical({"fact": cast(Json, msgspec.to_builtins(self.fact)), "schema": SCHEMA})

    @classmethod
    def parse(cls, data: bytes) -> "Order":
        """Read an order strictly. Raises InputError ``erasure.order_unreadable``."""
        try:
            read = strict(data)
            if not isinstance(read, dict) or read.keys() != {"fact", "schema"} or read["schema"] != SCHEMA:
                raise ValueError("no order")
            found = cls(msgspec.convert(read["fact"], ErasureFact))
            if found.encode() != data:
                raise ValueError("another spelling")
        except (EdgecodeError, ValueError) as error:
            raise InputError(
                "erasure.order_unreadable", "this is no order of an erasure, or it was altered", "Make it again"
            ) from error
        return found


class Plan(Struct, frozen=True):
    """An order with what people want to know before they approve it.

    *counts*: sections that go, by the class or kind of what they are. *files*: where erased media and papers were last seen: files are
    not touched. *cuts*: cuts whose coverage changes all the same. *shared*: others who are in what is erased of scans, voices and captures,
    by alias, and whether a hold of theirs keeps it. *takes*: versions that were seen at the same places, or superseded one another with
    them, and that nobody declared theirs: they stay. *rests*: by file, the agreements of others that rest on it, by label.
    """

    order: Order
    counts: Mapping[str, int]
    files: tuple[str, ...]
    cuts: tuple[str, ...]
    shared: Mapping[str, bool] = {}
    takes: tuple[RecordId, ...] = ()
    rests: Mapping[str, tuple[str, ...]] = {}


# ------------------------------------------------------------------------------------------ ordering


def plan(record: Record, alias: str, request: Request, *, also_text: Sequence[RecordId] = ()) -> Plan:
    """What erasing a person would destroy and keep, today. Nothing is recorded.

    *also_text*: steps whose prompts and graphs name the person. Raises NotFoundError ``person.unknown`` and ``step.unknown``,
    RefusedError ``erasure.unverified``.
    """
    require_day(request.requested)
    if request.verified not in MAY_ASK[request.requester]:
        raise RefusedError(
            "erasure.unverified",
            f"a right to ask as {request.requester} is not shown by {request.verified}",
            f"It is shown by: {', '.join(sorted(MAY_ASK[request.requester]))}",
        )
    person = person_called(record.index, alias)
    return _plan(record, person, request, record.world.new_id(), also_text)


def _plan(
    record: Record, person: PersonRow, request: Request, erasure: RecordId, also_text: Sequence[RecordId]
) -> Plan:
    in_force = holds_in_force(record, person, today=today(record))
    keeping = _kept_by_class(in_force)
    gone, kept, files = _Gone(record), list[tuple[PersonalClass, HoldRow, int]](), list[str]()
    entries = entries_of(record.index, person.id)
    register, rests = Register.read(record.index, origin=record.log.origin), dict[str, tuple[str, ...]]()
    # A hold keeps itself, or nobody would know whose it is; one that keeps nothing goes.
    there = {entry.holds for entry in entries if not _is_of_hold(entry)}
    needed = {hold.hold: hold for hold in in_force if there & set(hold.keeps) & may_keep(hold.why)}
    for entry in entries:
        hold = needed.get(entry.about) if _is_of_hold(entry) else keeping.get(entry.holds)
        names = gone.theirs(entry.log_index)
        if hold is None:
            files += gone.papers(entry.log_index)
            others = resting_on(register, entry.about, person=person.id)
            rests |= dict.fromkeys(gone.papers(entry.log_index), others) if others else {}
            gone.add(entry.log_index, names, entry.holds, always=True)
        else:
            kept.append((entry.holds, hold, gone.count(entry.log_index, names)))
    theirs = biometric_versions(record.index, person)
    groups = with_twins(record.index, theirs)
    everything = [version for group in groups for version in group]
    shared = _Shared.of(record, person, theirs)
    for found, names in entries_about(record, everything):
        hold = keeping.get(OF_DEPICTIONS) or shared.hold_on(found)
        if hold is not None:
            kept.append((OF_DEPICTIONS, hold, gone.count(found.index, names)))
            continue
        files += _files(found)
        gone.add(found.index, names, "biometric digests and places")
    for found, names in _texts(record, also_text):
        gone.add(found.index, names, "texts")
    held = _kept_classes(kept)
    fact = ErasureFact(
        erasure,
        request.requested,
        request.requester,
        request.verified,
        request.ground,
        "limited" if held else "whole",
        request.record_copy,
        gone.sections(),
        gone.keys(),
        held,
        tuple(group for group in groups if len(group) > 1 and not shared.held.keys() & set(group))
        if OF_DEPICTIONS not in keeping
        else (),
    )
    changed: list[str] = []
    if theirs and OF_DEPICTIONS not in keeping:
        fact, changed = with_kept_conform(record, fact)
    takes = tuple(takes_beside(record.index, everything))
    return Plan(Order(fact), gone.counts, tuple(dict.fromkeys(files)), tuple(changed), shared.others, takes, rests)


class _Shared(NamedTuple):
    """Who else is in somebody's scans, voices and captures: *others* by alias, and whether they hold it; *held*: versions that stay,
    with the hold of one of them that keeps likeness longest."""

    others: Mapping[str, bool]
    held: Mapping[RecordId, HoldRow]

    @classmethod
    def of(cls, record: Record, person: PersonRow, versions: Sequence[RecordId]) -> "_Shared":
        found = cls({}, {})
        for version in versions:
            same = [one for group in with_twins(record.index, [version]) for one in group]
            for other in (one for one in persons_in(record.index, same) if one.id != person.id):
                hold = _kept_by_class(holds_in_force(record, other, today=today(record))).get(OF_DEPICTIONS)
                found.others[other.alias] = found.others.get(other.alias, False) or hold is not None  # type: ignore[index]
                for one in same if hold is not None else ():
                    found.held[one] = _longer(found.held.get(one), hold)  # type: ignore[index, arg-type]
        return found

    def hold_on(self, entry: Recorded) -> HoldRow | None:
        """The hold that keeps an entry's digests and places; a step's names and claims are of several versions."""
        event, found = entry.event, None
        for version in named_in(event):
            found = _longer(found, self.held[version]) if version in self.held else found
        return found


def _longer(one: HoldRow | None, other: HoldRow) -> HoldRow:
    return other if one is None or (one.until and (not other.until or other.until > one.until)) else one


class _Gone:
    """What goes, event by event, as far as it is still there, and the keys that seal nothing else."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._names: dict[int, set[str]] = {}
        self._events: dict[int, RecordId] = {}
        self._own_keys: set[str] = set()
        self._other_keys: set[str] = set()
        self.counts: dict[str, int] = {}

    def add(self, index: int, names: Sequence[str], what: str, *, always: bool = False) -> None:
        """*always*: the event is listed although nothing of it is left, because it is about the person."""
        stored = self._record.entry(index)[0]
        there = {one.name: one.key_id for one in stored.sections if one.name in names}
        if not there and not always:
            return
        found = self._recorded(index)
        new = there.keys() - self._names.setdefault(index, set())
        self._names[index] |= new
        self._events[index] = found.leaf.id
        own = {key for name, key in there.items() if always and name == "person"}
        self._own_keys |= own
        self._other_keys |= {key for key in there.values() if key.startswith(("s:", "t:", "a:"))} - own
        self.counts[what] = self.counts.get(what, 0) + len(new)

    def theirs(self, index: int) -> tuple[str, ...]:
        """The sections of an entry about the person that are the person's."""
        return personal_sections(self._recorded(index).event)

    def papers(self, index: int) -> list[str]:
        """Where the paper lies that an entry keeps as evidence."""
        return _files(self._recorded(index))

    def _recorded(self, index: int) -> Recorded:
        return next(iter(self._record.recorded(index, index + 1)))

    def count(self, index: int, names: Sequence[str]) -> int:
        """How many of these sections of an entry are there."""
        return sum(one.name in names for one in self._record.entry(index)[0].sections)

    def sections(self) -> tuple[ErasedSections, ...]:
        """In the order of the ledger."""
        return tuple(
            ErasedSections(self._events[index], tuple(sorted(names))) for index, names in sorted(self._names.items())
        )

    def keys(self) -> tuple[str, ...]:
        """SHA-256 of the ids of keys to destroy: the person's own, which is changed where something stays, and others that seal
        nothing but what goes."""
        places = {(index, name) for index, names in self._names.items() for name in names}
        going = self._own_keys | {
            key for key in self._other_keys if places >= set(self._record.ledger.sections_under(key))
        }
        return tuple(sorted(sha256(key.encode()).hexdigest() for key in going))


def _kept_by_class(holds: Sequence[HoldRow]) -> dict[PersonalClass, HoldRow]:
    """For each class the hold that keeps it longest; what its reason may not keep, it does not."""
    found: dict[PersonalClass, HoldRow] = {}
    for hold in holds:
        for holds_class in set(hold.keeps) & may_keep(hold.why):
            found[holds_class] = _longer(found.get(holds_class), hold)
    return found


def _is_of_hold(entry: EntryRow) -> bool:
    return entry.what in ("hold", "release")


def _kept_classes(kept: Sequence[tuple[PersonalClass, HoldRow, int]]) -> tuple[KeptClass, ...]:
    counts: dict[tuple[PersonalClass, HoldReason, RecordId, str], int] = {}
    for holds_class, hold, sections in kept:
        place = holds_class, hold.why, hold.hold, hold.until
        counts[place] = counts.get(place, 0) + sections
    return tuple(
        KeptClass(holds_class, why, hold, count, until)
        for (holds_class, why, hold, until), count in sorted(counts.items())
        if count
    )


def _texts(record: Record, steps: Sequence[RecordId]) -> Iterator[tuple[Recorded, tuple[str, ...]]]:
    """The entries that hold prompts and graphs of these steps. Raises NotFoundError ``step.unknown``."""
    for step in steps:
        found = [entry for entry in _naming(record, step) if _is_about(entry, step)] if is_record_id(step) else []
        if not found:
            raise NotFoundError("step.unknown", "there is no step with this id", "edgecode matchback --json names them")
        yield from ((entry, ("text", "graph")) for entry in found)


def _naming(record: Record, wanted: RecordId) -> Iterator[Recorded]:
    quoted = f'"{wanted}"'.encode()
    for first in range(0, record.log.size, _LEAVES):
        for place, leaf in enumerate(record.ledger.leaves(first, first + _LEAVES), first):
            if quoted in leaf:
                yield from record.recorded(place, place + 1)


def _is_about(entry: Recorded, step: RecordId) -> bool:
    """The step itself, and what it was recorded from: who made a generation of copies, who signed a return, stand in words there."""
    if isinstance(entry.event, TurnoverReturned):
        return step in entry.event.fact.steps
    return isinstance(entry.event, StepPerformed | StepWithdrawn | HistoryRead) and entry.event.fact.step == step


def _files(entry: Recorded) -> list[str]:
    place, person = getattr(entry.event, "place", None), getattr(entry.event, "person", None)
    if isinstance(person, PersonSection) and DOCUMENT_PATH in person.values:
        return [Place("", person.values[DOCUMENT_PATH], "").relative.decode("utf-8", "replace")]
    return [place.text or place.path] if isinstance(place, PlaceSection) else []


# ------------------------------------------------------------------------------------------ approving


def approve(record: Record, order: Order, signer: Signer) -> Order:
    """The order with one more approval. Raises RefusedError ``erasure.not_approver``, ``erasure.approved_twice`` and
    ``approver.signing_key``."""
    key = signer.public.hex()
    refuse_signing_key(record, key)
    counting = [approver for approver, (public, counts) in approvers(record.index).items() if public == key and counts]
    if not counting:
        raise RefusedError(
            "erasure.not_approver",
            "this key may not approve here, or no more",
            "Name it first: edgecode person approver add",
        )
    if any(approval.approver in counting for approval in order.fact.approvals):
        raise RefusedError("erasure.approved_twice", "this approver has approved already", "It takes two people")
    signature = b64encode(signer.sign(erasure_statement(order.fact))).decode()
    approvals = (*order.fact.approvals, Approval(counting[0], signature))
    return Order(msgspec.structs.replace(order.fact, approvals=approvals))


def refuse_unapproved(record: Record, fact: ErasureFact) -> None:
    """Raises HeldError ``erasure.unapproved`` until two approvers with two keys have signed exactly this, RefusedError
    ``erasure.bad_approval`` for an approval that does not hold."""
    keys = approving_keys(fact, approvers(record.index), signing=signing_ids(record))
    if keys is None:
        raise RefusedError(
            "erasure.bad_approval",
            "an approval of this order is of nobody who may approve, is given twice, or is not of this order",
            "Make the order again and have it approved again",
        )
    if len(keys) < APPROVALS:
        raise HeldError(
            "erasure.unapproved",
            f"this order has {len(keys)} of {APPROVALS} approvals",
            "Another approver runs: edgecode person approve ORDER --signer file:KEY",
        )


# ------------------------------------------------------------------------------------------ erasing


def erase_person(record: Record, order: Order) -> int:
    """Carry an approved order out; returns the erasure's index in the log. On the record before anything is destroyed.

    What is recorded in between, a hold above all, is looked at before anything goes: the order is compared with the record as it is at the
    very entry. Raises what `refuse_unapproved` raises, RefusedError ``erasure.order_outdated`` when something changed since it was made and
    ``erasure.done`` when it was carried out, HeldError ``erasure.inbox_waiting`` and ``record.overtaken``.
    """
    fact = order.fact

    def judged() -> list[PersonErased]:
        refuse_unapproved(record, fact)
        _refuse_outdated(record, fact)
        _refuse_waiting(record, fact)
        return [PersonErased(fact)]

    (index,) = append_judged(record, judged)
    carry_out(record, fact)
    return index


def _refuse_outdated(record: Record, fact: ErasureFact) -> None:
    person = next((found for gone in fact.erased if (found := person_of_event(record.index, gone.event))), None)
    if person is None:
        raise RefusedError("erasure.done", "nothing that this order names is of a person here", "edgecode person list")
    row = next(one for one in persons(record.index) if one.id == person)
    request = Request(fact.requested, fact.requester, fact.verified, fact.ground, fact.record_copy)
    again = _plan(record, row, request, fact.erasure, _steps_with_text(record, fact)).order.fact
    if erasure_statement(again) != erasure_statement(fact):
        raise RefusedError(
            "erasure.order_outdated",
            "what is recorded of this person, a hold, or what cuts show of them changed since the order was made",
            "Make a new order and have it approved",
        )


def _steps_with_text(record: Record, fact: ErasureFact) -> list[RecordId]:
    events = [gone.event for gone in fact.erased if {"text", "graph"} & set(gone.sections)]
    found: dict[RecordId, None] = {}
    for index in sorted(indexes_of_events(record.ledger, events).values()):
        for entry in record.recorded(index, index + 1):
            if isinstance(entry.event, StepPerformed | StepWithdrawn | HistoryRead):
                found[entry.event.fact.step] = None
            elif isinstance(entry.event, TurnoverReturned) and not found.keys() & set(entry.event.fact.steps):
                found |= dict.fromkeys(entry.event.fact.steps[:1])
    return list(found)


def _refuse_waiting(record: Record, fact: ErasureFact) -> None:
    """An event that was accepted and is not in the log yet could bring back what is erased."""
    going = set(erased_versions(record, fact))
    for _, event in record.ledger.waiting(_MOST_WAITING):
        names_them = going & set(parse_leaf(event.leaf).refs)
        if names_them or any(sha256(section.key_id.encode()).hexdigest() in fact.keys for section in event.sections):
            raise HeldError(
                "erasure.inbox_waiting",
                "an event about this person or their capture waits to be put into the log",
                "Sequence it first: edgecode log sequence",
            )


GROUNDS: tuple[str, ...] = get_args(ErasureGround)
"""The grounds, GDPR article 17(1)(a) to (f) in order."""
