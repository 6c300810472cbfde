"""Signed notes, checkpoints, verifier keys, cosignatures and offline proofs, read strictly: one spelling each.

Sources: c2sp.org/signed-note v1.0.0, /tlog-checkpoint v1.0.0, /tlog-cosignature v1.1.0-rc.1, /tlog-proof. Everything that is read is
written again and compared, so no single changed bit goes unnoticed. Part of the trusted path: standard library and cryptography only.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edgecode.errors import InvalidError, UnverifiableError
from edgecode.ledger.merkle import EMPTY_ROOT, HASH_BYTES

ED25519, COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44 = 0x01, 0x04, 0x06
MAX_SIGNATURES, MAX_PROOF_HASHES = 64, 63
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_PUBLIC_BYTES = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_ML_DSA_44: 1_312}
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE_LINE = re.compile("\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)")


class MalformedError(InvalidError):
    """A note, a key or a proof that is not in its one form."""

    def __init__(self, what: str) -> None:
        super().__init__("note.malformed", f"not in the form the standard asks for: {what}", "Ask for it again")


def base64_text(data: bytes) -> str:
    """Standard base64 with padding."""
    return b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """The bytes of standard base64 in its one spelling. Raises MalformedError."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedError("base64") from error
    if base64_text(data) != text:
        raise MalformedError("base64 in another spelling")
    return data


def decimal(text: str) -> int:
    """A number from 0 of at most 19 digits, without leading zeros. Raises MalformedError."""
    if _DECIMAL.fullmatch(text):
        return int(text)
    raise MalformedError("a decimal number")


def _name(text: str) -> str:
    if not text or "+" in text or any(character.isspace() or "\ud800" <= character <= "\udfff" for character in text):
        raise MalformedError("the name of a key")
    return text


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Somebody's public key: *name*, *kind* of signature (0x01 log; 0x04 and 0x06 cosigner) and the key's own bytes."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        _name(self.name)
        if self.kind not in _PUBLIC_BYTES:
            raise UnverifiableError("note.kind_unknown", f"a key of the unknown kind {self.kind}", "Update edgecode")
        if len(self.public) != _PUBLIC_BYTES[self.kind]:
            raise MalformedError("a key of the wrong length")

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read ``name+keyid+base64``. Raises MalformedError, UnverifiableError for a kind of key that is not known."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise MalformedError("a verifier key")
        material = from_base64(parts[2])
        if len(material) < 2:
            raise MalformedError("a key of the wrong length")
        key = cls(parts[0], material[0], material[1:])
        if str(key) != text:
            raise MalformedError("a verifier key whose id is not its own")
        return key

    def __str__(self) -> str:
        return f"{self.label}+{base64_text(bytes([self.kind]) + self.public)}"

    @property
    def id(self) -> bytes:
        """The four bytes that name this key in a signature line."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def label(self) -> str:
        """``name+id``: tells this key from every other one of a policy."""
        return f"{self.name}+{self.id.hex()}"

    def holds(self, text: str, signature: bytes) -> int | None:
        """The time of a cosignature in seconds since 1970 (0 for a log's own signature); None when *signature* does not hold."""
        if self.kind == ED25519:
            return 0 if self._signed(text.encode(), signature) else None
        seconds = int.from_bytes(signature[:8], "big")
        if len(signature) < 8 or seconds >= 2**63:
            return None
        return seconds if self._signed(cosigned_message(self, text, seconds=seconds), signature[8:]) else None

    def _signed(self, message: bytes, signature: bytes) -> bool:
        try:
            if self.kind == COSIGNATURE_ML_DSA_44:
                _ml_dsa_44(self.public)(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def _ml_dsa_44(public: bytes) -> Callable[[bytes, bytes], None]:
    try:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
    except ImportError as error:
        what = "the installed cryptography cannot judge ML-DSA-44"
        raise UnverifiableError("note.algorithm_missing", what, "Install a newer cryptography") from error
    return MLDSA44PublicKey.from_public_bytes(public).verify


def cosigned_message(key: VerifierKey, text: str, *, seconds: int) -> bytes:
    """What a cosigner with *key* signs for the checkpoint *text* at a time in seconds since 1970 (c2sp.org/tlog-cosignature)."""
    if key.kind == COSIGNATURE_ED25519:
        return f"cosignature/v1\ntime {seconds}\n{text}".encode()
    checkpoint = Checkpoint.parse(text)
    name, origin = key.name.encode(), checkpoint.origin.encode()
    if max(len(name), len(origin)) > 255:
        raise MalformedError("a name of more than 255 bytes")
    head = b"subtree/v1\n\x00" + bytes([len(name)]) + name + seconds.to_bytes(8, "big") + bytes([len(origin)]) + origin
    return head + bytes(8) + checkpoint.size.to_bytes(8, "big") + checkpoint.root


class Signature(NamedTuple):
    """One line under a note."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"\u2014 {self.name} {base64_text(self.key_id + self.signature)}\n"


class Note(NamedTuple):
    """A text that ends in a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The note's bytes."""
        return (self.text + "\n" + "".join(map(str, self.signatures))).encode()

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        """Read a note; nothing is verified yet. Raises MalformedError."""
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedError("UTF-8") from error
        if any(ord(character) < 32 and character != "\n" for character in whole):
            raise MalformedError("a control character")
        text, separator, block = whole.rpartition("\n\n")
        lines = block.split("\n")
        if not separator or lines.pop() or not 1 <= len(lines) <= MAX_SIGNATURES:
            raise MalformedError("no block of 1 to 64 signatures")
        note = cls(text + "\n", tuple(_signature(line) for line in lines))
        if note.encode() != data:
            raise MalformedError("a note in another spelling")
        return note


def _signature(line: str) -> Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise MalformedError("a signature line")
    blob = from_base64(match[2])
    if len(blob) < 5:
        raise MalformedError("a signature that is too short")
    return Signature(_name(match[1]), blob[:4], blob[4:])


class Checkpoint(NamedTuple):
    """The head of a log: its origin, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note text that a log signs."""
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the three lines. Extension lines are refused. Raises MalformedError."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise MalformedError("a checkpoint has exactly three lines")
        origin, size, root = lines[0], decimal(lines[1]), from_base64(lines[2])
        if not origin or len(root) != HASH_BYTES or (size == 0 and root != EMPTY_ROOT):
            raise MalformedError("the origin or the root of a checkpoint")
        return cls(origin, size, root)


class Trust(Protocol):
    """The keys of logs and witnesses that a verifier knows, no public one twice; `ledger.policy.Policy` is one."""

    def known_keys(self) -> tuple[VerifierKey, ...]: ...


class Opened(NamedTuple):
    """A checkpoint whose log signature holds, with the time in seconds of each known witness's signature, by `VerifierKey.label`."""

    checkpoint: Checkpoint
    cosigned: dict[str, int]


def open_checkpoint(data: bytes, policy: Trust) -> Opened:
    """Read and verify a checkpoint that a known key of its log signed: unknown signatures are ignored, a false known one refuses all.

    Raises MalformedError, InvalidError ``note.signature`` when a known key's is wrong, UnverifiableError ``note.other_log`` when no
    key of its log is known and ``note.key`` when none of those known has signed.
    """
    note = Note.parse(data)
    checkpoint = Checkpoint.parse(note.text)
    known = {(key.name, key.id): key for key in policy.known_keys()}
    times: dict[VerifierKey, int] = {}
    for name, key_id, signature in note.signatures:
        if (signer := known.get((name, key_id))) is None:
            continue
        if (seconds := signer.holds(note.text, signature)) is None:
            what = f"the signature of the key {key_id.hex()} is wrong"
            raise InvalidError("note.signature", what, "Ask for it again, and compare the key with its owner's")
        times[signer] = max(seconds, times.get(signer, 0))
    own = [key for key in known.values() if key.kind == ED25519 and key.name == checkpoint.origin]
    if not own:
        raise UnverifiableError("note.other_log", "no key given is of this log", "Give the key of this log")
    if times.keys().isdisjoint(own):
        others = ", ".join(one.key_id.hex() for one in note.signatures if one.name == checkpoint.origin) or "none"
        ask = "ask whether the log has changed its key"
        raise UnverifiableError("note.key", f"signed by a key that you were not given (id {others}): {ask}")
    return Opened(checkpoint, {key.label: seconds for key, seconds in times.items() if key.kind != ED25519})


@dataclass(frozen=True, slots=True)
class Proof:
    """A c2sp.org/tlog-proof@v1 file: that one entry stands at *index* under a signed checkpoint. *extra* is vouched for by nobody."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The file's bytes."""
        extra = [] if self.extra is None else [f"extra {base64_text(self.extra)}"]
        lines = [PROOF_HEADER, *extra, f"index {self.index}", *map(base64_text, self.hashes)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> "Proof":
        """Read the file; nothing is verified yet. Raises MalformedError."""
        head, separator, checkpoint = data.partition(b"\n\n")
        if not separator or not head.isascii():
            raise MalformedError("a proof in two parts")
        header, *lines = head.decode("ascii").split("\n")
        extra = from_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        if header != PROOF_HEADER or not lines or not lines[0].startswith("index "):
            raise MalformedError("the first lines of a proof")
        hashes = tuple(from_base64(line) for line in lines[1:])
        if len(hashes) > MAX_PROOF_HASHES or any(len(item) != HASH_BYTES for item in hashes):
            raise MalformedError("the hashes of a proof")
        proof = cls(decimal(lines[0][6:]), hashes, checkpoint, extra)
        if proof.encode() != data:
            raise MalformedError("a proof in another spelling")
        return proof
