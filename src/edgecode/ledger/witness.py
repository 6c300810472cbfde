"""What a witness decides (c2sp.org/tlog-witness v1.0.0): whether a checkpoint continues what it signed before, and its cosignature.

State, clock and key are arguments: whoever calls keeps the state, and keeps it before anybody hears the answer.
"""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple

from edgecode.errors import EdgecodeError, InputError, InvalidError, UnverifiableError
from edgecode.ledger.merkle import EMPTY_ROOT, consistency_holds
from edgecode.ledger.notes import (
    COSIGNATURE_ED25519,
    Checkpoint,
    MalformedError,
    Note,
    Signature,
    VerifierKey,
    base64_text,
    cosigned_message,
    decimal,
    from_base64,
    open_checkpoint,
)
from edgecode.ledger.policy import Policy
from edgecode.ledger.store import Signer

MAX_REQUEST_BYTES = 1 << 18
"""63 hashes and a note of 64 signatures, post-quantum ones among them, stay below it."""
MAX_PROOF_LINES = 63
SIZE_TYPE, TEXT_TYPE = "text/x.tlog.size", "text/plain; charset=utf-8"


class Request(NamedTuple):
    """The body of add-checkpoint: the size that the witness signed last, the proof from there, and the signed checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """The body's bytes."""
        lines = [f"old {self.old}", *map(base64_text, self.proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> "Request":
        """Read a body in its one spelling; nothing is verified yet. Raises MalformedError."""
        head, separator, checkpoint = data.partition(b"\n\n")
        if not separator or not head.isascii() or not head.startswith(b"old "):
            raise MalformedError("an add-checkpoint request")
        old, *lines = head.decode("ascii")[4:].split("\n")
        if len(lines) > MAX_PROOF_LINES:
            raise MalformedError(f"a proof of more than {MAX_PROOF_LINES} lines")
        request = cls(decimal(old), tuple(map(from_base64, lines)), checkpoint)
        if request.encode() != data:
            raise MalformedError("an add-checkpoint request in another spelling")
        return request

    @property
    def origin(self) -> str:
        """The log that the checkpoint says it is of. Raises MalformedError."""
        return Note.parse(self.checkpoint).text.partition("\n")[0]


class Cosigner(NamedTuple):
    """A witness's name, which begins with its organisation (``guild.example/w1``), and who holds its key."""

    name: str
    signer: Signer

    @property
    def key(self) -> VerifierKey:
        """The key that others know it by. One key is one cosigner: the signed message does not say the name."""
        return VerifierKey(self.name, COSIGNATURE_ED25519, self.signer.public)

    def cosign(self, text: str, *, seconds: int) -> Signature:
        """The signature line for a checkpoint's *text*; *seconds* since 1970. Raises UnavailableError when the key cannot be used."""
        key = self.key
        signature = self.signer.sign(cosigned_message(key, text, seconds=seconds))
        return Signature(self.name, key.id, seconds.to_bytes(8, "big") + signature)


class Answer(NamedTuple):
    """An HTTP status and body. *latest*: the note that must be durable before the answer is given; None where nothing changes."""

    status: int
    body: bytes
    latest: bytes | None = None
    content_type: str = TEXT_TYPE


def refusal(status: int, why: str) -> Answer:
    """A refusal with a line for people."""
    return Answer(status, f"{why}\n".encode())


def decide(data: bytes, latest: bytes | None, *, logs: Policy, cosigner: Cosigner, seconds: int) -> Answer:
    """What a witness answers to an add-checkpoint body. *latest*: the note it cosigned last for this log, None for none yet.

    *logs*: the keys of the logs that it watches. Between reading *latest* and keeping the answer's nobody else may decide about this
    log, or an older checkpoint could be signed behind a newer one. Raises when *latest* cannot be read: then nothing is signed.
    """
    signed = Checkpoint("", 0, EMPTY_ROOT) if latest is None else Checkpoint.parse(Note.parse(latest).text)
    try:
        request = Request.parse(data)
        origin = request.origin
        if not logs.log_keys(origin):
            return refusal(404, "this witness does not watch that log")
        head = open_checkpoint(request.checkpoint, logs).checkpoint
    except MalformedError as error:
        return refusal(422 if _empty_with_a_root(data, logs) else 400, error.sentence)
    except (InvalidError, UnverifiableError) as error:
        return refusal(403, error.sentence)
    if request.old > head.size:
        return refusal(400, "the old size is larger than the checkpoint's")
    if request.old != signed.size:
        return Answer(409, f"{signed.size}\n".encode(), content_type=SIZE_TYPE)
    if not consistency_holds(
        old_size=signed.size, new_size=head.size, proof=request.proof, old_root=signed.root, new_root=head.root
    ):
        return refusal(422, "the proof does not lead from what was signed here to this checkpoint")
    note = Note.parse(request.checkpoint)
    line = cosigner.cosign(note.text, seconds=seconds)
    known = {(key.name, key.id) for key in logs.log_keys(origin)}
    kept = tuple(one for one in note.signatures if (one.name, one.key_id) in known)
    return Answer(200, str(line).encode(), Note(note.text, (*kept, line)).encode())


def _empty_with_a_root(data: bytes, logs: Policy) -> bool:
    """Whether a log signed that its tree of no entries has another root than the empty one: no form, but no accident of form either."""
    try:
        note = Note.parse(Request.parse(data).checkpoint)
        origin, size, root, end = note.text.split("\n")
        wrong = size == "0" and end == "" and from_base64(root) != EMPTY_ROOT
    except (MalformedError, ValueError):
        return False
    keys = {(key.name, key.id): key for key in logs.log_keys(origin)}
    signed = (
        key.holds(note.text, one.signature) for one in note.signatures if (key := keys.get((one.name, one.key_id)))
    )
    return wrong and any(seconds is not None for seconds in signed)


def monitoring_name(origin: str) -> str:
    """The name under which a witness serves its latest checkpoint of a log: SHA-256 of the origin in hexadecimal."""
    return sha256(origin.encode()).hexdigest()


def with_lines(note: bytes, lines: bytes, policy: Policy) -> bytes:
    """*note* with the cosignatures among *lines* that witnesses of *policy* have made over it; lines of unknown keys are left out.

    A witness's newer line takes the place of its older one. Raises MalformedError for lines that are none and InvalidError
    ``note.signature`` when a known witness's line does not hold: then none is taken.
    """
    known = {(key.name, key.id) for key in policy.witness_keys()}
    given = Note.parse(b"lines\n\n" + lines).signatures
    taken = {(one.name, one.key_id): one for one in given if (one.name, one.key_id) in known}
    there = Note.parse(note)
    kept = [one for one in there.signatures if (one.name, one.key_id) not in taken]
    joined = Note(there.text, (*kept, *taken.values())).encode()
    open_checkpoint(joined, policy)
    return joined


def joined_notes(notes: Sequence[bytes], policy: Policy) -> bytes:
    """One note with the signatures of all *notes*, which are of one checkpoint; the first one's come first."""
    first, *others = notes
    for other in others:
        if Note.parse(other).text != Note.parse(first).text:
            raise InputError("witness.other_head", "the lines are for another checkpoint", "Ask for that one's lines")
        first = with_lines(first, _block(other), policy)
    return first


def newest_witnessed(cosigned: Sequence[tuple[int, bytes]], policy: Policy) -> int:
    """How many entries the newest of these heads has that the quorum has signed; 0 for none."""
    for size, note in reversed(cosigned):
        with suppress(EdgecodeError):
            head, times = open_checkpoint(note, policy)
            if policy.judge(times, origin=head.origin).reached:
                return size
    return 0


def _block(note: bytes) -> bytes:
    return "".join(map(str, Note.parse(note).signatures)).encode()
