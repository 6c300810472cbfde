"""Somebody who keeps a production: does with its stores what edgecode does, and says what was begun and what was acknowledged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edgecode.events.codec import leaf_id, parse_leaf
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.ledger.log import Log
from edgecode.ledger.notes import Checkpoint, Note, open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.sequencer import drain
from edgecode.ledger.store import LogStore, Signer
from edgecode.people.sealing import NONCE_BYTES, open_section
from edgecode.people.store import KeyStore
from faults.told import Told, require
from sample_log import ORIGIN, Chance, sealed, step_with_prompt, version_seen

Change = Callable[[Told], None]
"""What a moment changes in what was told; kept as facts among the acts, and played again up to the cut."""


@dataclass
class Keeper:
    """Does with a production what edgecode does, and tells the disk what was begun and what was acknowledged."""

    stores: Callable[[], tuple[KeyStore, LogStore]]
    signer: Signer
    chance: Chance
    tell: Callable[[Change], None]
    texts: dict[tuple[int, str], tuple[str, bytes]] = field(default_factory=dict)

    def open(self) -> None:
        """Open, or begin, the stores."""
        self.keys, self.ledger = self.stores()
        self.log = Log.create(self.ledger, self.signer, origin=ORIGIN)
        self.tell(lambda told: setattr(told, "begun", True))

    def close(self) -> None:
        self.ledger.close()  # type: ignore[attr-defined]
        self.keys.close()  # type: ignore[attr-defined]

    def sealed(self, count: int) -> list[SealedEvent]:
        """Events whose keys were acknowledged."""
        with self.keys.together():
            made = [self.one() for _ in range(count)]
        names = {section.key_id for event in made for section in event.sections if section.key_id}
        self.tell(partial(_keys_made, names=names))
        return made

    def one(self) -> SealedEvent:
        make = step_with_prompt if self.chance.random.random() < 0.3 else version_seen
        return sealed(make(self.chance), self.chance, self.keys, self.signer)

    def append(self, count: int) -> None:
        events = self.sealed(count)
        receipt = self.log.append(events)
        signed = open_checkpoint(receipt.checkpoint, Policy.of_keys(self.log.key)).checkpoint
        require((signed.size, signed.root) == (receipt.size, receipt.root), "acknowledged what was not signed")
        self.acknowledge(events, list(receipt.indexes), receipt.size, receipt.root)

    def acknowledge(self, events: Sequence[SealedEvent], indexes: list[int], size: int, root: bytes) -> None:
        for index, event in zip(indexes, events, strict=True):
            self.texts |= {(index, one.name): (one.key_id, one.data) for one in event.sections if one.name == "text"}
        self.tell(partial(_appended, events=events, indexes=indexes, size=size, root=root))

    def erase(self) -> None:
        """Key first, then sections, as an erasure does."""
        if not self.texts:
            return
        place = self.chance.random.choice(sorted(self.texts))
        key_id, data = self.texts.pop(place)
        key = self.keys.key(key_id)
        assert key is not None
        self.tell(partial(_erasing, place=place, key_id=key_id))
        self.keys.destroy_forever(key_id)
        self.tell(partial(_destroyed, key_id=key_id, key=key))
        self.ledger.erase_forever([place])
        self.tell(partial(_erased, place=place, data=data))

    def reseal(self) -> None:
        """The same plain bytes and salt under another key; here a new name and other bytes stand for it."""
        if not self.texts:
            return
        place = self.chance.random.choice(sorted(self.texts))
        (entry,) = self.ledger.entries(place[0], place[0] + 1)
        (before,) = [one for one in entry.sections if one.name == place[1]]
        old_id, old = before.key_id, before.data
        after = resealed(before, entry.leaf, self.keys, self.chance, new_id=f"t:{self.chance.id()}")
        self.tell(partial(_keys_made, names={after.key_id}))
        self.tell(partial(_resealing, place=place, either={old_id, after.key_id}))
        self.ledger.reseal([(place[0], after)])
        self.texts[place] = after.key_id, after.data
        self.tell(partial(_resealed, place=place, key_id=after.key_id, old=old))

    def cosign(self) -> None:
        """Keep the head as witnesses would have signed it; the words below it do not matter to the store."""
        note = self.log.checkpoint()
        size = Checkpoint.parse(Note.parse(note).text).size
        note += b"\xe2\x80\x94 guild.example/w1 " + self.chance.bytes(8).hex().encode() + b"\n"
        self.tell(partial(_cosigning, size=size, note=note))
        self.ledger.keep_cosigned(size, note)
        self.tell(partial(_cosigned, size=size, note=note))

    def accept(self) -> None:
        events = self.sealed(self.chance.random.randrange(1, 6))
        self.ledger.accept(events)
        ids = {leaf_id(event.leaf) for event in events}
        self.tell(lambda told: told.accepted.update(ids))

    def drain(self) -> None:
        """As a sequencer does: take what waits into the log."""
        events = [event for _, event in self.ledger.waiting(100)]
        with self.ledger.sequencing() as alone:
            require(alone, "somebody else drains this inbox", kind="corrupt")
            drain(self.ledger, self.log)
        if events:
            places = self.ledger.indexes_of([leaf_id(event.leaf) for event in events])
            self.acknowledge(events, [places[leaf_id(event.leaf)] for event in events], self.log.size, self.log.root)

    def freeze(self) -> None:
        self.tell(lambda told: setattr(told, "may_be_frozen", b"evidence for people"))
        self.ledger.freeze(b"evidence for people")
        self.tell(lambda told: setattr(told, "frozen", b"evidence for people"))

    def reopen(self) -> None:
        self.close()
        self.open()


def resealed(section: SealedSection, leaf: bytes, keys: KeyStore, chance: Chance, *, new_id: str) -> SealedSection:
    """*section* under a new key, made here."""
    parsed = parse_leaf(leaf)
    plain = open_section(parsed, section, keys=keys)
    assert plain is not None
    key, nonce = chance.bytes(32), chance.bytes(NONCE_BYTES)
    keys.create(new_id, key)
    place = parsed.id.encode() + b"\n" + section.name.encode()
    return SealedSection(section.name, section.salt, new_id, nonce + AESGCM(key).encrypt(nonce, plain, place))


# ------------------------------------------------------------------------------------------------ what each moment changes


def _keys_made(told: Told, *, names: set[str]) -> None:
    told.keys |= names


def _appended(told: Told, *, events: Sequence[SealedEvent], indexes: list[int], size: int, root: bytes) -> None:
    told.heads[size] = root
    for index, event in zip(indexes, events, strict=True):
        told.places[leaf_id(event.leaf)] = index
        told.sections |= {(index, one.name): one.key_id for one in event.sections}


def _erasing(told: Told, *, place: tuple[int, str], key_id: str) -> None:
    told.may_be_erased.add(place)
    told.may_be_destroyed.add(key_id)


def _destroyed(told: Told, *, key_id: str, key: bytes) -> None:
    told.destroyed[key_id] = key


def _erased(told: Told, *, place: tuple[int, str], data: bytes) -> None:
    told.erased[place] = data


def _resealing(told: Told, *, place: tuple[int, str], either: set[str]) -> None:
    told.resealed[place] = either


def _resealed(told: Told, *, place: tuple[int, str], key_id: str, old: bytes) -> None:
    told.resealed[place] = {key_id}
    told.replaced.append(old)


def _cosigning(told: Told, *, size: int, note: bytes) -> None:
    if size in told.cosigned:
        told.cosigned[size] = {*told.cosigned[size], note}


def _cosigned(told: Told, *, size: int, note: bytes) -> None:
    told.cosigned[size] = {note}
