"""What sealing asks of a place that keeps keys. Drivers implement `KeyStore`; the promises are written here, once."""

from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Protocol

KEY_BYTES = 32


def id_hash(key_id: str) -> bytes:
    """What is left of a destroyed key: the SHA-256 of its id, 32 bytes."""
    return sha256(key_id.encode()).digest()


class KeyStore(Protocol):
    """Keys by id, kept apart from the record: destroying one makes every copy of what it sealed unreadable.

    Errors are UnavailableError.
    """

    def key(self, key_id: str) -> bytes | None:
        """The 32 bytes of a key; None when it is not known or was destroyed."""

    def create(self, key_id: str, key: bytes) -> None:
        """Keep a new key, on disk when this returns (or when `together` ends). One that is there, or was destroyed, stays as it is."""

    def is_destroyed(self, key_id: str) -> bool:
        """Whether there was such a key and it was destroyed on purpose."""

    def destroy_forever(self, key_id: str) -> None:
        """Overwrite a key for good and remember that it is gone by the SHA-256 of its id alone. What it sealed cannot be read again
        by anybody who has no older copy of the keys; `remains` says where such copies may lie."""

    def key_ids(self) -> list[str]:
        """The ids of all keys that are there, sorted."""

    def destroyed_hashes(self) -> list[bytes]:
        """The SHA-256 of the id of every destroyed key, sorted."""

    def forget_forever(self, key_hash: bytes) -> None:
        """Remember a key as destroyed by its id's SHA-256, when a store is copied."""

    def remains(self) -> list[str]:
        """Sentences on where a destroyed key may still lie in what the store keeps by itself; empty when nowhere."""

    def together(self) -> AbstractContextManager[None]:
        """Within it, new and destroyed keys share one write to disk, which happens (or not at all) when it ends. End it before
        appending what new keys seal; count keys as destroyed after it."""
