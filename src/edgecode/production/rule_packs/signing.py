"""Signatures of packs of rules: a DSSE envelope beside the file, Ed25519 over the pack's name, version and digest.

DSSE: github.com/secure-systems-lab/dsse, protocol.md 1.0. What is signed is the pre-authentication encoding of a small JSON statement, so
that the envelope stays readable and the pack's bytes stay the file's.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from edgecode.answers.rule_packs import PackSigned
from edgecode.checks.register import Register
from edgecode.checks.rules.pack import Pack
from edgecode.drivers.key_files import actor_id
from edgecode.errors import InputError, InvalidError, NotFoundError
from edgecode.ledger.store import Signer
from edgecode.production.record import Record
from edgecode.production.rule_packs.files import found_packs

SUFFIX = ".sig"
PAYLOAD_TYPE = "application/vnd.edgecode.pack+json"
MAX_BYTES = 20_000


class PackSignature(Struct, frozen=True):
    """One signature of an envelope. *key_id*: as the envelope says it, ``k:…``; it proves nothing by itself."""

    key_id: str
    signature: bytes


def statement_of(pack: Pack) -> bytes:
    """What is signed: canonical JSON of name, SHA-256 and version."""
    said = {"pack": pack.id, "sha256": pack.digest, "version": pack.header.version}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def sign_pack(pack: Pack, signer: Signer, *, envelope: bytes | None = None) -> bytes:
    """An envelope with the signer's signature, added to those of *envelope*. Raises InputError ``pack.signature``."""
    statement = statement_of(pack)
    kept = [one for one in (read_envelope(envelope, pack) if envelope else []) if one.key_id != signer.actor]
    kept.append(PackSignature(signer.actor, signer.sign(encoded(statement))))
    document = {
        "payloadType": PAYLOAD_TYPE,
        "payload": b64encode(statement).decode(),
        "signatures": [{"keyid": one.key_id, "sig": b64encode(one.signature).decode()} for one in kept],
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def read_envelope(envelope: bytes, pack: Pack) -> list[PackSignature]:
    """The signatures of an envelope that is about exactly *pack*. Raises InputError ``pack.signature``."""
    try:
        if len(envelope) > MAX_BYTES:
            raise ValueError("it is too long")
        document = json.loads(envelope)
        if document["payloadType"] != PAYLOAD_TYPE:
            raise ValueError("it signs something else than a pack")
        payload = b64decode(document["payload"], validate=True)
        found = [
            PackSignature(str(one["keyid"]), b64decode(one["sig"], validate=True)) for one in document["signatures"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _invalid(pack, "is no envelope of this format") from error
    if payload != statement_of(pack):
        raise _invalid(pack, "was made over another text, name or version of the pack")
    return found


def signers_of(signatures: Iterable[PackSignature], pack: Pack, keys: Iterable[str]) -> list[str]:
    """Which of *keys* (public, hexadecimal) signed *pack*."""
    message, given = encoded(statement_of(pack)), list(signatures)
    return [key for key in keys if any(_holds(key, one, message) for one in given)]


def _holds(key: str, one: PackSignature, message: bytes) -> bool:
    try:
        public = bytes.fromhex(key)
        Ed25519PublicKey.from_public_bytes(public).verify(one.signature, message)
    except (InvalidSignature, ValueError):
        return False
    return one.key_id == actor_id(public)


def require_signed(file: Path, pack: Pack, keys: Sequence[str]) -> None:
    """Raises InvalidError ``pack.not_signed_by`` when a key of *keys* (hexadecimal) did not sign *pack*, whose envelope lies beside *file*,
    NotFoundError ``pack.unsigned`` when there is none."""
    beside = file.with_name(file.name + SUFFIX)
    if not beside.is_file():
        raise NotFoundError(
            "pack.unsigned", f"there is no {beside.name}", f"Its author signs it: edgecode packs sign {file.name}"
        )
    signed = signers_of(read_envelope(beside.read_bytes(), pack), pack, keys)
    if len(set(signed)) < len(set(keys)):
        raise InvalidError(
            "pack.not_signed_by",
            f"{beside.name} holds no valid signature of that key",
            "Ask whose key it is, and use a pack that they signed",
        )


def signed_packs(record: Record) -> dict[str, PackSigned]:
    """Whose signatures beside the production's own packs hold: members by alias. Key ids of others are unproven.

    Raises InputError ``pack.signature`` for an envelope that is of another text.
    """
    members = {
        one.key: one.alias or one.id
        for one in Register.read(record.index, origin=record.log.origin).members.values()
        if one.key
    }
    found: dict[str, PackSigned] = {}
    for one in found_packs(record.settings, record.folder):
        pack, beside = one.pack, one.path.with_name(one.path.name + SUFFIX)
        if not beside.is_file() or (one.fault is not None and one.fault.kind == "unreadable"):
            continue
        given = read_envelope(beside.read_bytes(), pack)
        proven = signers_of(given, pack, members)
        known = {actor_id(bytes.fromhex(key)) for key in proven}
        found[pack.id] = PackSigned(
            tuple(members[key] for key in proven), tuple(one.key_id for one in given if one.key_id not in known)
        )
    return found


def encoded(payload: bytes) -> bytes:
    """The pre-authentication encoding: what a signature covers is its type too. (DSSE protocol.md, PAE)"""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _invalid(pack: Pack, what: str) -> InputError:
    return InputError(
        "pack.signature",
        f"the signature beside {pack.name} {what}",
        f"Sign the pack again: edgecode packs sign {pack.name}",
    )
