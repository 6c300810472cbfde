"""What sealing asks of a place that keeps keys. Drivers implement `KeyStore`; the promises are written here, once."""

from contextlib import AbstractContextManager
from typing import Protocol

KEY_BYTES = 32


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
        """Overwrite a key for good and remember that it is gone. What it sealed cannot be read again by anybody."""

    def together(self) -> AbstractContextManager[None]:
        """Within it, new keys share one write to disk. End it before appending what they seal."""
