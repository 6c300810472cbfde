"""The log's signing key as a file: an Ed25519 key in PKCS#8 PEM that its owner alone may read, with a passphrase or without.

Implements `ledger.store.Signer`. A passphrase is never printed, never an argument of a command and never kept by this program.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.private_files import create_private, require_private, unreadable
from edgecode.errors import InputError, RefusedError

PASSPHRASE = "EDGECODE_KEY_PASSPHRASE"  # noqa: S105 — the name of a variable
PASSPHRASE_FILE = "EDGECODE_KEY_PASSPHRASE_FILE"  # noqa: S105
Ask = Callable[[str], str]
"""Asks a person for a passphrase, given the file's name; the command line passes one in."""

_ACTOR_DIGITS = 16
_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


class FileSigner:
    """Signs with a key that was read from a file."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._public = key.public_key().public_bytes_raw()

    @property
    def public(self) -> bytes:
        return self._public

    @property
    def actor(self) -> str:
        return actor_id(self._public)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def actor_id(public: bytes) -> str:
    """The id that leaves carry for a public key: ``k:`` and the first 16 hexadecimal digits of its SHA-256."""
    return f"k:{sha256(public).hexdigest()[:_ACTOR_DIGITS]}"


def create_key_file(path: Path, *, passphrase: str | None = None) -> FileSigner:
    """Make a new key and write it to a new file. Raises RefusedError ``secret.exists``: a key is never written over; InputError
    ``key.passphrase_empty``."""
    if passphrase is not None and not passphrase:
        raise InputError("key.passphrase_empty", "an empty passphrase protects nothing", "Give one, or leave it out")
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    create_private(path, pem)
    return FileSigner(key)


def open_key_file(path: Path, *, ask: Ask | None = None) -> FileSigner:
    """Read a key; the passphrase of an encrypted one as `passphrase_for` finds it.

    Raises RefusedError ``secret.readable`` and ``key.passphrase_absent``, NotFoundError ``secret.absent``, UnavailableError
    ``secret.unreadable``, InputError ``key.unreadable`` and ``key.passphrase_wrong``.
    """
    require_private(path)
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    encrypted = _ENCRYPTED in pem
    passphrase = passphrase_for(path, ask=ask) if encrypted else None
    try:
        key = serialization.load_pem_private_key(pem, password=passphrase)
    except (ValueError, TypeError) as error:
        raise _wrong(path) if encrypted else _unreadable(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unreadable(path)
    return FileSigner(key)


def passphrase_for(path: Path, *, ask: Ask | None = None) -> bytes:
    """The passphrase of a key file: from the environment, from the file that the environment names, or from whoever *ask* asks.

    Raises RefusedError ``key.passphrase_absent`` when nobody can be asked, and what reading a secret raises.
    """
    if (given := os.environ.get(PASSPHRASE)) is not None:
        return given.encode()
    if (named := os.environ.get(PASSPHRASE_FILE)) is not None:
        place = Path(named)
        require_private(place)
        try:
            return place.read_bytes().rstrip(b"\r\n")
        except OSError as error:
            raise unreadable(place, error) from error
    if ask is None:
        raise RefusedError(
            "key.passphrase_absent",
            f"{path.name} is locked with a passphrase, and there is nobody to ask for it",
            f"Set {PASSPHRASE_FILE} to a file that holds it (mode 600), or {PASSPHRASE}",
        )
    return ask(path.name).encode()


def _wrong(path: Path) -> InputError:
    return InputError(
        "key.passphrase_wrong", f"{path.name} does not open with the passphrase given", "Give the right one"
    )


def _unreadable(path: Path) -> InputError:
    return InputError(
        "key.unreadable",
        f"{path.name} holds no Ed25519 key in PKCS#8 PEM",
        "Give the file that edgecode init or edgecode key create made",
    )
