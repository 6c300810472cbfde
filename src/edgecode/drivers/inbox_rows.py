"""The one form in which an event lies in an inbox until it is sequenced: MessagePack of the leaf and its sections."""

import msgspec

from edgecode.errors import UnavailableError
from edgecode.events.sealed import SealedEvent

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(SealedEvent)


def packed(event: SealedEvent) -> bytes:
    """The bytes of one row."""
    return _ENCODER.encode(event)


def unpacked(data: bytes, *, ticket: int) -> SealedEvent:
    """The event of a row, checked as any other event. Raises UnavailableError ``ledger.inbox_unreadable``."""
    try:
        return _DECODER.decode(data)
    except msgspec.DecodeError as error:
        raise UnavailableError(
            "ledger.inbox_unreadable",
            f"event {ticket} of the inbox is not what an edgecode wrote",
            "Keep a copy of the database, then let the same release of edgecode drain it that filled it",
        ) from error
