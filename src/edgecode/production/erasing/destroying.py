"""Carrying an erasure out: it is on the record already, and whatever interrupts this is carried on at the next opening.

Everything follows from the recorded fact and the stores as they are, so it may run any number of times. The order matters: what tells
where things lie goes last.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import cast

import msgspec

from edgecode.drivers.published import write_durably
from edgecode.events.codec import Json, canonical, parse_leaf
from edgecode.events.kinds import PlaceSection, SequenceBytes, VersionBytes
from edgecode.events.person_kinds import ErasureFact, PersonErased
from edgecode.events.registry import Opaque, Recorded
from edgecode.index.keys import key_of
from edgecode.index.persons import erasures
from edgecode.people.sealing import resealed
from edgecode.production.held_back import erased_files
from edgecode.production.log.former import (
    destroy_left_keys,
    empty_left_indexes,
    erase_in_former_ledgers,
    unerased_in_former_ledgers,
    unerased_in_left_keys,
)
from edgecode.production.log.reading import indexes_of_events
from edgecode.production.record import Record
from edgecode.settings import STATE_FOLDER
from edgecode.terms.places import Place

ORDERS = "erasures"
"""The folder in the state folder that keeps what was approved, one file an erasure."""


def carry_out(record: Record, fact: ErasureFact) -> tuple[str, ...]:
    """Destroy what *fact* names: remembered files, keys, sections, what lies in stores beside, and the index that was made from them.

    Returns the files beside that could not be reached: everything else is done all the same, and they are tried again at each opening.
    Raises UnavailableError while another process holds something up; call it again.
    """
    _keep_order(record, fact)
    _destroy_in_stores(record, fact)
    _renew_index(record)
    unreached = _reach_beside(record, fact)
    _settle(record, fact)
    record.notices += [_not_reached(name) for name in unreached]
    return unreached


def finish_erasures(record: Record, *, index_is_new: bool) -> int:
    """Carry on what was interrupted; returns how many erasures had to be. *index_is_new*: it was just made from the ledger as it lies.

    An older copy of the keys that was put back loses again what erasures destroyed, and this folder's own memory of files and the stores
    beside follow erasures that another machine carried out. Costs two queries where there is nothing to do and no erasure; what was done
    is said in `Record.notices`.
    """
    known = erasures(record.index)
    if not known:
        return 0
    facts = {row.erasure: fact for row in known if (fact := _fact(record, row.log_index)) is not None}
    unsettled = [facts[row.erasure] for row in known if not row.settled and row.erasure in facts]
    resumed = [fact for fact in unsettled if not (index_is_new and _is_gone_from_stores(record, fact))]
    for fact in unsettled:
        # Done again even where nothing of it shows: a write-ahead log may hold what the tables do not.
        _destroy_in_stores(record, fact)
    if resumed:
        _renew_index(record)
    for fact in unsettled:
        _settle(record, fact)
    _destroy_returned_keys(record, facts.values())
    for erasure, fact in facts.items():
        _keep_order(record, fact)
        if not record.cache.is_finished(key_of(erasure)):
            unreached = _reach_beside(record, fact)
            record.notices += [_not_reached(name) for name in unreached]
    record.notices[:] = dict.fromkeys(record.notices)
    return len(resumed)


def is_done(record: Record, fact: ErasureFact) -> bool:
    """Whether every key and every section that *fact* names is gone from the stores, and this folder's memory of files, and the
    stores that lie beside, were seen to hold nothing of it."""
    return _is_gone_from_stores(record, fact) and record.cache.is_finished(key_of(fact.erasure))


def _is_gone_from_stores(record: Record, fact: ErasureFact) -> bool:
    if any(_hash(key) in fact.keys for key in record.keys.key_ids()):
        return False
    places = erased_places(record, fact)
    return not any(
        (entry.index, section.name) in places
        for index in sorted({index for index, _ in places})
        for entry in record.ledger.entries(index, index + 1)
        for section in entry.sections
    )


def unreached_beside(record: Record, fact: ErasureFact) -> tuple[str, ...]:
    """Sentences on files beside the stores in which *fact* is not carried out, or of which nobody can tell."""
    found = [
        *unerased_in_former_ledgers(record.folder, record.settings, _sections(fact)),
        *unerased_in_left_keys(record.folder, record.settings, {bytes.fromhex(one) for one in fact.keys}),
    ]
    return tuple(dict.fromkeys(_not_reached(name) for name, _ in found))


def _keep_order(record: Record, fact: ErasureFact) -> None:
    """A copy of what two people approved, from which a log that goes back in time gets it again. It says nothing of who the person is."""
    path = record.folder / STATE_FOLDER / ORDERS / f"{fact.erasure}.json"
    if path.exists():
        return
    order = {"fact": cast(Json, msgspec.to_builtins(fact)), "schema": "edgecode.erasure-order/1"}
    try:
        write_durably(path, canonical(order))
    except OSError as error:
        record.notices.append(f"no copy of an erasure's order can be kept in {STATE_FOLDER} ({error.strerror})")


def _destroy_in_stores(record: Record, fact: ErasureFact) -> None:
    """What the ledger and the keys hold, and this folder's memory of files, of which only the sections tell which rows they are."""
    places = erased_places(record, fact)
    _forget_files(record, fact)
    going = [key for key in record.keys.key_ids() if _hash(key) in fact.keys]
    for key in going:
        _reseal_what_stays(record, fact, key, places)
    for key in going:
        record.keys.destroy_forever(key)
    record.ledger.erase_forever(sorted(places))


def _reach_beside(record: Record, fact: ErasureFact) -> tuple[str, ...]:
    """What lies in this folder alone; returns the files that could not be reached. Remembered when it is through."""
    folder, settings = record.folder, record.settings
    unreached = (
        *erase_in_former_ledgers(folder, settings, _sections(fact), fact.keys),
        *destroy_left_keys(folder, settings, fact.keys, record.keys),
        *empty_left_indexes(folder, settings),
    )
    of_files = any({"bytes", "place"} & set(one.sections) for one in fact.erased)
    if of_files and not record.cache.has_forgotten(key_of(fact.erasure)):
        # Another machine erased, or this one was interrupted: what went is not known by name any more, so only what is known stays.
        record.cache.forget_unknown(lambda digest: bool(record.index.rows("content_of_digest", digest)))
    if unreached:
        record.cache.note_forgotten(key_of(fact.erasure))
    else:
        record.cache.note_finished(key_of(fact.erasure))
    return unreached


def _destroy_returned_keys(record: Record, facts: Iterable[ErasureFact]) -> None:
    """An older copy of the keys knows nothing of keys that were destroyed since: they go again, and it is said."""
    remembered = set(record.keys.destroyed_hashes())
    gone = sorted({one for fact in facts for one in map(bytes.fromhex, fact.keys) if one not in remembered})
    if not gone:
        return
    present = {_hash(key) for key in record.keys.key_ids()}
    for key_hash in gone:
        record.keys.forget_forever(key_hash)
    back = sum(key_hash.hex() in present for key_hash in gone)
    if back:
        record.notices.append(
            f"the keys here are an older copy: {back} that erasures destroyed were back and are destroyed again; "
            "destroy the other copies too"
        )


def _renew_index(record: Record) -> None:
    """Make the index again from what is left, knowing of as many erasures as before that they are done."""
    settled = [row.erasure for row in erasures(record.index) if row.settled]
    try:
        record.index.forget_forever()
    finally:
        record.catch_up()
    with record.index.transaction():
        for erasure in settled:
            record.index.run("settle_erasure", key_of(erasure))


def _fact(record: Record, log_index: int) -> ErasureFact | None:
    (entry,) = record.recorded(log_index, log_index + 1)
    return entry.event.fact if isinstance(entry.event, PersonErased) else None


def _sections(fact: ErasureFact) -> dict[bytes, tuple[str, ...]]:
    return {key_of(one.event): one.sections for one in fact.erased}


def _not_reached(name: str) -> str:
    return (
        f"{name} in the production's folder cannot be read or written, so what an erasure covers may lie in it: bring back a good copy, "
        "or delete it"
    )


def erased_places(record: Record, fact: ErasureFact) -> set[tuple[int, str]]:
    """What *fact* names as (index, section): an event's index changes when a log is recovered, its id never."""
    indexes = indexes_of_events(record.ledger, [gone.event for gone in fact.erased])
    return {(indexes[gone.event], name) for gone in fact.erased if gone.event in indexes for name in gone.sections}


def _forget_files(record: Record, fact: ErasureFact) -> None:
    """The scan's memory of erased places and digests. It goes first, since only the sections tell which rows these are."""
    places: list[tuple[str, bytes]] = []
    digests: list[bytes] = []
    whole = True
    for entry in _still_open(record, fact):
        whole = whole and not isinstance(entry.event, Opaque) and _is_whole(entry, fact)
        place, named = getattr(entry.event, "place", None), getattr(entry.event, "bytes", None)
        if isinstance(place, PlaceSection):
            places.append((place.root, Place(place.root, place.path, place.text).relative))
        if isinstance(named, VersionBytes):
            digests.append(bytes.fromhex(named.sha256))
        if isinstance(named, SequenceBytes):
            digests += [bytes.fromhex(digest) for _, digest, _ in named.frames]
    if digests and record.remembers_erased_files:
        # Before the sections go: nothing else knows which files these were.
        erased_files(record.folder, record.keys, record.settings.production).keep(digests)
    if places or digests:
        record.cache.forget_forever(places=places, digests=digests)
    if whole:
        record.cache.note_forgotten(key_of(fact.erasure))


def _still_open(record: Record, fact: ErasureFact) -> Iterator[Recorded]:
    sightings = [gone.event for gone in fact.erased if {"bytes", "place"} & set(gone.sections)]
    for index in indexes_of_events(record.ledger, sightings).values():
        yield from record.recorded(index, index + 1)


def _is_whole(entry: Recorded, fact: ErasureFact) -> bool:
    """Whether the entry still has every section of digests and places that *fact* names."""
    named = next(one.sections for one in fact.erased if one.event == entry.leaf.id)
    return all(getattr(entry.event, name, None) is not None for name in named if name in ("bytes", "place"))


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
