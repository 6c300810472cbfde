"""Whether a member's own key signed a statement: held when it is entered, and again whenever it is read."""

from base64 import b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def approves(public: str, signature: str, statement: bytes) -> bool:
    """Whether *signature* (base64) is of the Ed25519 public key (hexadecimal) over *statement*."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(b64decode(signature, validate=True), statement)
    except (InvalidSignature, ValueError):
        return False
    return True
