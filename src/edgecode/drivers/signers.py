"""Signing keys by URI: the scheme decides who holds the key. `file:` is ours; others come as plug-ins (docs/reference/signers.md)."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edgecode.drivers.key_files import Ask, actor_id, create_key_file, open_key_file
from edgecode.errors import EdgecodeError, UnavailableError, UsageError
from edgecode.ledger.store import Signer

GROUP = "edgecode.signers"
"""Entry points of this group are functions ``(uri, folder) -> Signer``, under the name of their scheme."""

SignerFactory = Callable[[str, Path], Signer]
_PUBLIC_BYTES = 32


class PluggedSigner:
    """A signer that others wrote, held to the promises of `ledger.store.Signer`: whatever it does, nothing is acknowledged under a
    signature that does not hold."""

    def __init__(self, signer: Signer, *, scheme: str) -> None:
        """Raises UnavailableError ``key.plugin``."""
        self._signer, self._scheme = signer, scheme
        with _Failures(scheme):
            self._public = bytes(signer.public)
            if len(self._public) != _PUBLIC_BYTES:
                raise ValueError("the public key has not 32 bytes")
            self._judge = Ed25519PublicKey.from_public_bytes(self._public)

    @property
    def public(self) -> bytes:
        return self._public

    @property
    def actor(self) -> str:
        return actor_id(self._public)

    def sign(self, message: bytes) -> bytes:
        with _Failures(self._scheme):
            signature = bytes(self._signer.sign(message))
            self._judge.verify(signature, message)
        return signature


class _Failures:
    """Within it, whatever a plug-in throws is said as what it is: a key that cannot be used now."""

    def __init__(self, scheme: str) -> None:
        self._scheme = scheme

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        if isinstance(error, InvalidSignature):
            raise _plugin(self._scheme, "gave a signature that does not hold") from error
        if isinstance(error, Exception) and not isinstance(error, EdgecodeError):
            raise _plugin(self._scheme, f"failed with {type(error).__name__}") from error


def schemes() -> list[str]:
    """The schemes that are known here, ours first."""
    return ["file", *sorted({point.name for point in entry_points(group=GROUP)} - {"file"})]


def signer_at(uri: str, *, folder: Path, ask: Ask | None = None) -> Signer:
    """The signer that *uri* names; ``file:log.key`` is a file, relative to *folder* unless absolute. *ask*: see `passphrase_for`.

    Raises UsageError ``key.scheme``, UnavailableError ``key.plugin``, and what opening the key raises.
    """
    scheme, rest = _parts(uri)
    if scheme == "file":
        return open_key_file(_path(rest, folder), ask=ask)
    point = next(iter(entry_points(group=GROUP, name=scheme)), None)
    if point is None:
        raise _unknown(scheme)
    return PluggedSigner(_made(point, uri, folder), scheme=scheme)


def create_signer(uri: str, *, folder: Path, passphrase: str | None = None) -> Signer:
    """A new key where *uri* says; only ``file:`` keys are made by this program. Raises like `create_key_file`, and UsageError."""
    scheme, rest = _parts(uri)
    if scheme != "file":
        raise UsageError(
            "key.not_ours", f"keys of the kind {scheme}: are not made by edgecode", "Make it where it is to be kept"
        )
    return create_key_file(_path(rest, folder), passphrase=passphrase)


def _made(point: EntryPoint, uri: str, folder: Path) -> Signer:
    with _Failures(point.name):
        factory: SignerFactory = point.load()
        return factory(uri, folder)


def _parts(uri: str) -> tuple[str, str]:
    scheme, separator, rest = uri.partition(":")
    if not separator or not scheme or not rest:
        raise _unknown(scheme if separator else "")
    return scheme, rest


def _path(rest: str, folder: Path) -> Path:
    return folder / rest.removeprefix("//")


def _unknown(scheme: str) -> UsageError:
    known = ", ".join(f"{one}:" for one in schemes())
    what = f"keys of the kind {scheme}: are not known here" if scheme else "a key is named by a scheme and a place"
    return UsageError("key.scheme", f"{what}; known: {known}", "docs/reference/signers.md says how others plug in")


def _plugin(scheme: str, what: str) -> UnavailableError:
    return UnavailableError(
        "key.plugin", f"the signer for {scheme}: {what}; nothing was acknowledged", "See what its maker says about it"
    )
