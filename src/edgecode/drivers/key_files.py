"""The log's signing key as a file: an Ed25519 key in PKCS#8 PEM that its owner alone may read. Implements `ledger.store.Signer`."""

from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.private_files import create_private, require_private, unreadable
from edgecode.errors import InputError, UsageError
from edgecode.ledger.store import Signer

_ACTOR_DIGITS = 16


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


def create_key_file(path: Path) -> FileSigner:
    """Make a new key and write it to a new file. Raises RefusedError ``secret.exists``: a key is never written over."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    create_private(path, pem)
    return FileSigner(key)


def open_key_file(path: Path) -> FileSigner:
    """Read a key. Raises RefusedError ``secret.readable``, NotFoundError ``secret.absent``, UnavailableError ``secret.unreadable``,
    InputError ``key.unreadable``."""
    require_private(path)
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise _unreadable(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unreadable(path)
    return FileSigner(key)


def signer_at(uri: str, *, folder: Path) -> Signer:
    """The signer that *uri* names; ``file:log.key`` is a file, relative to *folder* unless absolute. UsageError otherwise."""
    scheme, separator, rest = uri.partition(":")
    if not separator or scheme != "file" or not rest:
        raise UsageError(
            "key.scheme", f"keys of the kind {scheme}: are not known here", "Give file: and the path of a key"
        )
    return open_key_file(folder / rest.removeprefix("//"))


def _unreadable(path: Path) -> InputError:
    return InputError(
        "key.unreadable",
        f"{path.name} holds no unencrypted Ed25519 key in PEM",
        "Give the file that edgecode init made",
    )
