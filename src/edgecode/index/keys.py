"""Record ids in the index: sixteen bytes inside, the 36 characters of a UUID outside."""

from edgecode.terms.identity import RecordId


def key_of(record: RecordId) -> bytes:
    """The sixteen bytes of a record id. Ids were checked when the leaf was read."""
    return bytes.fromhex(record.replace("-", ""))


def record_of(key: bytes) -> RecordId:
    """The inverse of key_of."""
    digits = key.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
