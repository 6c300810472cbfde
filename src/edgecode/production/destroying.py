"""Carrying an erasure out: it is on the record already, and whatever interrupts this is carried on at the next opening.

Everything follows from the recorded fact and the stores as they are, so it may run any number of times. The order matters: what tells
where things lie goes last.
"""

from collections.abc import Iterator
from hashlib import sha256

from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import PlaceSection, SequenceBytes, VersionBytes
from edgecode.events.person_kinds import ErasureFact, PersonErased
from edgecode.events.registry import Recorded
from edgecode.index.keys import key_of
from edgecode.index.persons import unsettled_erasures
from edgecode.people.sealing import resealed
from edgecode.production.former import erase_in_former_ledgers
from edgecode.production.record import Record
from edgecode.terms.places import Place


def carry_out(record: Record, fact: ErasureFact) -> None:
    """Destroy what *fact* names: remembered files, keys, sections, and the index that was made from them.

    Raises UnavailableError while another process holds something up; call it again.
    """
    places = erased_places(record, fact)
    _forget_files(record, fact)
    going = [key for key in record.keys.key_ids() if _hash(key) in fact.keys]
    for key in going:
        _reseal_what_stays(record, fact, key, places)
    for key in going:
        record.keys.destroy_forever(key)
    record.ledger.erase_forever(sorted(places))
    gone = {key_of(one.event): one.sections for one in fact.erased}
    erase_in_former_ledgers(record.folder, record.settings, gone)
    try:
        record.index.forget_forever()
    finally:
        record.catch_up()
    _settle(record, fact)


def finish_erasures(record: Record, *, index_is_new: bool) -> int:
    """Carry on what was interrupted; returns how many erasures had to be. *index_is_new*: it was just made from the ledger as it lies.

    Costs one query of the index where every erasure was found done before.
    """
    resumed = 0
    for log_index in unsettled_erasures(record.index):
        (entry,) = record.recorded(log_index, log_index + 1)
        if not isinstance(entry.event, PersonErased):
            continue
        fact = entry.event.fact
        if index_is_new and is_done(record, fact):
            _settle(record, fact)
            continue
        carry_out(record, fact)
        resumed += 1
    return resumed


def is_done(record: Record, fact: ErasureFact) -> bool:
    """Whether every key and every section that *fact* names is gone from the stores."""
    if any(_hash(key) in fact.keys for key in record.keys.key_ids()):
        return False
    places = erased_places(record, fact)
    return not any(
        (entry.index, section.name) in places
        for index in sorted({index for index, _ in places})
        for entry in record.ledger.entries(index, index + 1)
        for section in entry.sections
    )


def erased_places(record: Record, fact: ErasureFact) -> set[tuple[int, str]]:
    """What *fact* names as (index, section): an event's index changes when a log is recovered, its id never."""
    ids = {gone.event: key_of(gone.event) for gone in fact.erased}
    indexes = record.ledger.indexes_of(list(ids.values()))
    return {
        (indexes[ids[gone.event]], name) for gone in fact.erased if ids[gone.event] in indexes for name in gone.sections
    }


def _forget_files(record: Record, fact: ErasureFact) -> None:
    """The scan's memory of erased places and digests. It goes first, since only the sections tell which rows these are."""
    places: list[tuple[str, bytes]] = []
    digests: list[bytes] = []
    for entry in _still_open(record, fact):
        place, named = getattr(entry.event, "place", None), getattr(entry.event, "bytes", None)
        if isinstance(place, PlaceSection):
            places.append((place.root, Place(place.root, place.path, place.text).relative))
        if isinstance(named, VersionBytes):
            digests.append(bytes.fromhex(named.sha256))
        if isinstance(named, SequenceBytes):
            digests += [bytes.fromhex(digest) for _, digest, _ in named.frames]
    if places or digests:
        record.cache.forget_forever(places=places, digests=digests)


def _still_open(record: Record, fact: ErasureFact) -> Iterator[Recorded]:
    sightings = [gone.event for gone in fact.erased if {"bytes", "place"} & set(gone.sections)]
    for index in record.ledger.indexes_of([key_of(event) for event in sightings]).values():
        yield from record.recorded(index, index + 1)


def _reseal_what_stays(record: Record, fact: ErasureFact, key: str, places: set[tuple[int, str]]) -> None:
    """What a hold keeps changes to a key that older copies of the keys do not have."""
    staying = [place for place in record.ledger.sections_under(key) if place not in places]
    # Named after the erasure, so that carrying on finds the key that was made before.
    fresh = f"s:e-{fact.erasure}"
    sealed = []
    for index, name in staying:
        (stored,) = record.ledger.entries(index, index + 1)
        (section,) = (one for one in stored.sections if one.name == name)
        sealed.append(
            (
                index,
                resealed(
                    parse_leaf(stored.leaf),
                    section,
                    key_id=fresh,
                    keys=record.keys,
                    entry=index,
                    randomness=record.world.randomness,
                ),
            )
        )
    if sealed:
        record.ledger.reseal(sealed)


def _settle(record: Record, fact: ErasureFact) -> None:
    with record.index.transaction():
        record.index.run("settle_erasure", key_of(fact.erasure))


def _hash(key_id: str) -> str:
    return sha256(key_id.encode()).hexdigest()
