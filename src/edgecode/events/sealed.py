"""What `people` hands to `ledger`: a leaf with the bytes of its sections, sealed or plain, each with its salt."""

from msgspec import Struct

from edgecode.events.codec import event_ids, parse_leaf


class SealedSection(Struct, frozen=True):
    """One section beside the log. *key_id* names the key it is sealed with; "" means the bytes are plain.

    The commitment in the leaf is over the plain canonical bytes under *salt*.
    """

    name: str
    salt: bytes
    key_id: str
    data: bytes


class SealedEvent(Struct, frozen=True):
    """A leaf's bytes and its sections, ready to be appended in one transaction."""

    leaf: bytes
    sections: tuple[SealedSection, ...]

    def __post_init__(self) -> None:
        """Raises NotCanonicalError for bytes that are no leaf: what is appended stays for ever."""
        if event_ids((self.leaf,)) is None:
            parse_leaf(self.leaf)
