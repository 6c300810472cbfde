"""Letters that one reader can open: HPKE (RFC 9180, base mode) to an X25519 key, or scrypt and a passphrase; and readers' key files.

A letter is one line that names its form, then the sealed bytes. The line is authenticated with them.
HPKE: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305; info is the line, no associated data; the encapsulated key stands in
front. Passphrase: 16 bytes of salt, 12 of nonce, then ChaCha20Poly1305 under scrypt (n 2^17, r 8, p 1).
"""

from collections.abc import Callable
from hashlib import scrypt, sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from edgecode.drivers.private_files import create_private, require_private, unreadable
from edgecode.errors import InputError, InvalidError

TO_KEY = b"edgecode-letter/1 hpke x25519 hkdf-sha256 chacha20poly1305\n"
TO_PASSPHRASE = b"edgecode-letter/1 scrypt chacha20poly1305\n"
FEWEST_CHARACTERS = 12
_SALT, _NONCE, _KEY = 16, 12, 32
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_DIGITS = 16


def seal_to_key(data: bytes, public: str) -> bytes:
    """A letter that only the holder of the private key opens. *public*: 64 hexadecimal characters.

    Raises InputError ``letter.reader_key``.
    """
    try:
        return TO_KEY + _SUITE.encrypt(data, _public(public), info=TO_KEY)
    except ValueError as error:  # a point of low order is no key
        raise _no_key() from error


def seal_with_passphrase(data: bytes, passphrase: str, *, randomness: Callable[[int], bytes]) -> bytes:
    """A letter that opens with a passphrase. Raises InputError ``letter.passphrase`` for one that is too short."""
    if len(passphrase) < FEWEST_CHARACTERS:
        raise InputError(
            "letter.passphrase", f"the passphrase has fewer than {FEWEST_CHARACTERS} characters", "Take several words"
        )
    salt, nonce = randomness(_SALT), randomness(_NONCE)
    return (
        TO_PASSPHRASE + salt + nonce + ChaCha20Poly1305(_derived(passphrase, salt)).encrypt(nonce, data, TO_PASSPHRASE)
    )


def open_with_key(letter: bytes, key: X25519PrivateKey) -> bytes:
    """What is in a letter. Raises InputError ``letter.unreadable``, InvalidError ``letter.unopened``."""
    if not letter.startswith(TO_KEY):
        raise _unreadable_letter()
    try:
        return _SUITE.decrypt(letter[len(TO_KEY) :], key, info=TO_KEY)
    except (InvalidTag, ValueError) as error:
        raise _unopened() from error


def open_with_passphrase(letter: bytes, passphrase: str) -> bytes:
    """What is in a letter. Raises InputError ``letter.unreadable``, InvalidError ``letter.unopened``."""
    sealed = letter[len(TO_PASSPHRASE) :]
    if not letter.startswith(TO_PASSPHRASE) or len(sealed) < _SALT + _NONCE:
        raise _unreadable_letter()
    salt, nonce, ciphertext = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    try:
        return ChaCha20Poly1305(_derived(passphrase, salt)).decrypt(nonce, ciphertext, TO_PASSPHRASE)
    except InvalidTag as error:
        raise _unopened() from error


def reader_id(public: str) -> str:
    """What the record says of a reader: the first 16 hexadecimal digits of the SHA-256 of the public key's 32 bytes."""
    return sha256(_public(public).public_bytes_raw()).hexdigest()[:_DIGITS]


def create_reader_key(path: Path) -> str:
    """Make a reader's key in a new file for its owner alone; returns the public key, 64 hexadecimal characters.

    Raises RefusedError ``secret.exists``.
    """
    key = X25519PrivateKey.generate()
    form = serialization.PrivateFormat.PKCS8
    create_private(path, key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return key.public_key().public_bytes_raw().hex()


def open_reader_key(path: Path) -> X25519PrivateKey:
    """Read a reader's key. Raises RefusedError ``secret.readable``, NotFoundError ``secret.absent``, InputError ``letter.reader_key``."""
    require_private(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, TypeError) as error:
        raise _no_key() from error
    if not isinstance(key, X25519PrivateKey):
        raise _no_key()
    return key


def _public(written: str) -> X25519PublicKey:
    try:
        return X25519PublicKey.from_public_bytes(bytes.fromhex(written.strip()))
    except ValueError as error:
        raise _no_key() from error


def _derived(passphrase: str, salt: bytes) -> bytes:
    return scrypt(passphrase.encode(), salt=salt, n=1 << 17, r=8, p=1, maxmem=1 << 28, dklen=_KEY)


def _no_key() -> InputError:
    return InputError(
        "letter.reader_key", "this is no X25519 key of a reader", "Make one: edgecode person reader-key FILE"
    )


def _unreadable_letter() -> InputError:
    return InputError(
        "letter.unreadable", "this is no sealed letter of this form", "Give the file as it was handed over"
    )


def _unopened() -> InvalidError:
    return InvalidError(
        "letter.unopened",
        "the letter does not open: another reader's, another passphrase, or altered",
        "Ask the sender",
    )
