"""Reads and validates the C2PA manifest of a file without the network: the one place that knows the library for it.

C2PA 2.4; what the library does and where it traps: docs/decisions/0019-credentials.md.
"""

import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, cast

from msgspec import Struct

from edgecode.errors import InputError, UnavailableError
from edgecode.events.door_kinds import CredentialStanding
from edgecode.ingest.credential_claims import Store, store_of
from edgecode.terms.cuts import Diagnostic

SIDECAR_BYTES_AT_MOST = 64 << 20
DOCUMENT_BYTES_AT_MOST = 256 << 10
RULES = 2
"""Counts how edgecode itself reads what the library reports (`credential_claims`, `credential_making`). One more whenever the same manifest
says something else by it. 1, which the record does not name: before spellings, templates and what is said of ingredients counted."""
_ANY_TYPE = "application/octet-stream"
"""A manifest beside a file binds the whole of it, whatever its type is."""

_PURPOSES = "1.3.6.1.5.5.7.3.4\n1.3.6.1.4.1.62558.2.1\n"
"""Extended key usages that a claim's signer may have: e-mail protection and C2PA claim signing (C2PA 2.4, 14.5.1)."""

_BINDINGS = frozenset({"assertion.dataHash.match", "assertion.bmffHash.match", "assertion.boxesHash.match"})
_LATE = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
_OUT_OF_DATE = _LATE | {"signingCredential.untrusted"}


class Trust(Struct, frozen=True):
    """Whose signatures count: certificates in PEM, those of time stamp authorities among them. None: nobody is trusted."""

    anchors: str = ""

    @property
    def mark(self) -> str:
        """Tells one set of certificates from another; "" for none."""
        return sha256(self.anchors.encode()).hexdigest() if self.anchors else ""


class Credential(Struct, frozen=True):
    """What a manifest says and how it stands here. *binds*: the claim's signature binds the very bytes of the file.

    *codes*: validation statuses, those that count against it first, each once. *manifests*: how many the store holds. *signed*:
    milliseconds since 1970 by a trusted time stamp, else 0. *store*: what it says (None for *remote* and unreadable ones).
    *document*: its JSON ("" where it is too long). *location*: of a remote one.
    """

    standing: CredentialStanding
    codes: tuple[str, ...] = ()
    binds: bool = False
    signed: int = 0
    store: Store | None = None
    document: str = ""
    location: str = ""
    problem: Diagnostic | None = None

    @property
    def manifests(self) -> int:
        """How many the store holds."""
        return len(self.store.manifests) if self.store is not None else 0


def is_installed() -> bool:
    """Whether the extra is there. Loads nothing."""
    return find_spec("c2pa") is not None


@cache
def _library_name() -> str:
    return f"c2pa-python {metadata.version('c2pa-python')}"


def reader_name() -> str:
    """The library, its version and the number of our rules, as they stand in the record: where any is another a manifest is read again."""
    return f"{_library_name()}, rules {RULES}" if is_installed() else ""


def trust_in(files: Iterable[Path]) -> Trust:
    """The certificates in *files*. Raises InputError ``credentials.trust`` for one that cannot be read or holds no certificate."""
    texts = []
    for path in files:
        try:
            text = path.read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise _untrusted(path, "cannot be read as PEM") from error
        if "-----BEGIN CERTIFICATE-----" not in text:
            raise _untrusted(path, "holds no certificate in PEM")
        texts.append(text.strip())
    return Trust("\n".join(texts) + "\n" if texts else "")


def _untrusted(path: Path, what: str) -> InputError:
    return InputError(
        "credentials.trust",
        f"{path.name} {what}",
        "List files with certificates in PEM: docs/reference/settings.md, credentials.trust",
    )


def read_credential(
    file: BinaryIO, media_type: str, *, sidecar: bytes | None = None, trust: Trust
) -> Credential | None:
    """The manifest of an open file, embedded or in *sidecar*; None where there is none after all. Never touches the network.

    Raises UnavailableError ``extra.missing``; whatever the file or manifest holds is a standing and at most a Diagnostic.
    """
    c2pa = _library()
    if sidecar is not None and len(sidecar) > SIDECAR_BYTES_AT_MOST:
        return _unreadable("credential.too_large", "the manifest beside it is larger than 64 MiB")
    try:
        kind = media_type or _ANY_TYPE
        with (
            c2pa.Context.from_dict(_settings(trust)) as context,
            c2pa.Reader(kind, file, sidecar, context=context) as read,
        ):
            document = read.json()
            embedded = sidecar is not None or bool(read.is_embedded())
    except c2pa.C2paError as error:
        return _refused(str(error))
    except (ValueError, OSError, RuntimeError) as error:
        return _unreadable("credential.unreadable", f"its C2PA manifest cannot be read ({type(error).__name__})")
    try:
        store = store_of(document)
    except InputError as error:
        return _unreadable(error.code, error.sentence)
    if not embedded:
        return None
    return _judged(store, document, trusts=bool(trust.anchors))


def _library() -> ModuleType:
    """The library has no types of its own; nothing of it leaves this module."""
    if not is_installed():
        raise UnavailableError(
            "extra.missing",
            "C2PA manifests are read by a library that is not installed",
            "Install it: pip install 'edgecode[credentials]'",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import c2pa
    return cast(ModuleType, c2pa)


def _settings(trust: Trust) -> Mapping[str, object]:
    """Always through a Context: the library's global settings are passed over, and then a remote manifest is requested."""
    anchors = {"trust_anchors": trust.anchors} if trust.anchors else {}
    return {
        "version": 1,
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "trust": {"trust_config": _PURPOSES, **anchors},
        # Identities are not judged (c2pa-rs 0.91 finds every one untrusted, and the whole manifest with it).
        "core": {
            "allowed_network_hosts": [],
            "allow_redirects": False,
            "backing_store_memory_threshold_in_mb": 16,
            "max_decompressed_manifest_size_in_mb": 32,
            "decode_identity_assertions": False,
        },
    }


def _refused(message: str) -> Credential | None:
    """The library's errors begin with a word of its own. What follows may be words of the file, and goes nowhere but the location."""
    word, _, rest = message.partition(":")
    if word == "ManifestNotFound":
        return None
    if word == "Remote":
        return Credential("remote", location=rest.rpartition(" ")[2])
    shown = word if word.isalpha() and len(word) < 40 else "error"
    return _unreadable("credential.unreadable", f"its C2PA manifest cannot be read ({shown})")


def _unreadable(code: str, sentence: str) -> Credential:
    said = Diagnostic(code, sentence, effect="approximate")
    return Credential("invalid", codes=("general.error",), problem=said)


def _judged(store: Store, document: str, *, trusts: bool) -> Credential:
    active = store.validation_results.active
    against = frozenset(each.code for each in active.failure)
    beneath = frozenset(
        each.code for delta in store.validation_results.deltas for each in delta.validation_deltas.failure
    )
    succeeded = {each.code for each in active.success}
    said = [*sorted(against), *sorted(beneath), *(each.code for each in (*active.informational, *active.success))]
    return Credential(
        _standing(against, beneath, succeeded, state=store.validation_state),
        codes=tuple(dict.fromkeys(said)),
        binds=bool(_BINDINGS & succeeded) and "claimSignature.validated" in succeeded,
        signed=_moment(store) if trusts and "timeStamp.trusted" in succeeded else 0,
        store=store,
        document=document if len(document.encode("utf-8", "surrogatepass")) <= DOCUMENT_BYTES_AT_MOST else "",
    )


def _standing(
    against: frozenset[str], beneath: frozenset[str], succeeded: set[str], *, state: str
) -> CredentialStanding:
    """*against*: failures of the claim about the file; *beneath*: of its ingredients, who may be signed by anybody."""
    if "claimSignature.validated" not in succeeded or not beneath <= _OUT_OF_DATE:
        return "invalid"
    if against & _LATE and against <= _OUT_OF_DATE:
        return "expired"
    if state not in ("Trusted", "Valid") or not against <= {"signingCredential.untrusted"}:
        return "invalid"
    # What is not said to be trusted is untrusted.
    return "trusted" if not against and "signingCredential.trusted" in succeeded else "untrusted"


def _moment(store: Store) -> int:
    with suppress(ValueError, KeyError, OverflowError):
        return max(0, int(datetime.fromisoformat(store.active.signature_info.time).timestamp() * 1000))
    return 0
