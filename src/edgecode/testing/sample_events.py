"""Sealed events and a signer made from numbers, for suites: real leaves, commitments that hold, nothing of a film."""

from collections.abc import Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edgecode.events.codec import MAX_LEAF_BYTES, Leaf, commitment
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.terms.identity import record_id

ORIGIN = "suite.example/edgecode/1"
CLOCK = 1_795_000_000_000
_ACTOR = "k:0011223344556677"


class SeededSigner:
    """A Signer whose key is made from a seed: for tests, never for a record."""

    def __init__(self, seed: bytes = b"\1" * 32) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def actor(self) -> str:
        return f"k:{sha256(self.public).hexdigest()[:16]}"

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def sample_event(
    number: int, *, series: str = "", key_id: str = "", leaf_bytes: int = 0, data_bytes: int = 40
) -> SealedEvent:
    """Event *number* of a *series*: a plain section ``fact`` and a section ``text`` under *key_id* of about *data_bytes*.

    *leaf_bytes*: a leaf of exactly that length. Raises NotCanonicalError for one that no log takes.
    """
    seed = f"{series}:{number}".encode()
    sections = (
        SealedSection("fact", sha256(seed + b"f").digest(), "", b'{"number":%d}' % number),
        SealedSection("text", sha256(seed + b"t").digest(), key_id, sha256(seed).digest() * (data_bytes // 32 + 1)),
    )
    committed = {section.name: commitment(section.salt, section.data) for section in sections}
    identity = record_id(CLOCK + number, sha256(seed + b"i").digest()[:10])
    leaf = Leaf(identity, CLOCK + number, "suite.noted/1", _ACTOR, (), committed)
    if leaf_bytes:
        padded = leaf.encode().replace(b"suite.noted", b"suite.noted" + b"x" * (leaf_bytes - len(leaf.encode())))
        return SealedEvent(padded, sections)
    return SealedEvent(leaf.encode(), sections)


def sample_events(count: int, *, first: int = 0, series: str = "", key_id: str = "") -> list[SealedEvent]:
    """Events *first* to *first* + *count* of a series."""
    return [sample_event(number, series=series, key_id=key_id) for number in range(first, first + count)]


def same_id_other_leaf(event: SealedEvent) -> SealedEvent:
    """Another event that claims the id of *event*."""
    return SealedEvent(event.leaf.replace(b"suite.noted/1", b"suite.noted/2"), event.sections)


def longest_event() -> SealedEvent:
    """An event whose leaf has as many bytes as a leaf may have."""
    return sample_event(0, series="long", leaf_bytes=MAX_LEAF_BYTES)


def leaves_of(events: Sequence[SealedEvent]) -> list[bytes]:
    """Their leaves."""
    return [event.leaf for event in events]
