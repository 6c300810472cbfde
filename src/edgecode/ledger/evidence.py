"""Evidence that a log has shown two histories: two heads that it signed, and why they cannot both be true. Checked by anybody, offline.

The file is canonical JSON, `edgecode.evidence/1` (docs/reference/evidence.md). No input or output; standard library and cryptography.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edgecode.errors import EdgecodeError, InputError, UnverifiableError
from edgecode.events.codec import Json, canonical, strict
from edgecode.ledger.merkle import HASH_BYTES, consistency_holds
from edgecode.ledger.notes import (
    MAX_PROOF_HASHES,
    Checkpoint,
    Note,
    VerifierKey,
    base64_text,
    from_base64,
    open_checkpoint,
)
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Finding, Report, Verdict, finding_of

SCHEMA = "edgecode.evidence/1"
START = b'{"notes":['
"""How every such file begins, for whoever has to tell it from another."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two signed heads of one log, the smaller one first.

    Of one size: their roots differ, and *root* is None. Of two sizes: *root* is what the larger one has over the smaller one's entries,
    *proof* leads from it to the larger one's root, and it is not the smaller one's.
    """

    smaller: bytes
    larger: bytes
    root: bytes | None = None
    proof: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        """The file's bytes."""
        fields: dict[str, Json] = {"schema": SCHEMA, "notes": [self.smaller.decode(), self.larger.decode()]}
        if self.root is not None:
            fields |= {"root": base64_text(self.root), "proof": [base64_text(one) for one in self.proof]}
        return canonical(fields)

    @classmethod
    def parse(cls, data: bytes) -> "Evidence":
        """Read a file; nothing is verified yet. Raises InputError ``evidence.malformed``."""
        try:
            fields = strict(data)
            if not isinstance(fields, dict) or fields.get("schema") != SCHEMA:
                raise _malformed()
            notes, proof, root = _texts(fields.get("notes")), _texts(fields.get("proof", [])), fields.get("root")
            if len(notes) != 2 or len(proof) > MAX_PROOF_HASHES or not isinstance(root, str | None):
                raise _malformed()
            hashes = tuple(map(from_base64, proof))
            smaller, larger = (note.encode() for note in notes)
            found = cls(smaller, larger, None if root is None else from_base64(root), hashes)
        except (EdgecodeError, UnicodeEncodeError) as error:
            raise _malformed() from error
        sizes = {len(one) for one in (*hashes, *([] if found.root is None else [found.root]))}
        if found.encode() != data or not sizes <= {HASH_BYTES}:
            raise _malformed()
        return found


def evidence_against(
    one: bytes,
    other: bytes,
    policy: Policy,
    *,
    root_at: Callable[[int], bytes],
    consistency: Callable[[int, int], list[bytes]],
) -> Evidence | None:
    """What shows that two signed heads of one log cannot belong to one history; None when they can.

    *root_at*, *consistency*: of a history that the larger one is the head of, asked for at most its size; not asked for heads of one size.
    Raises what `open_checkpoint` raises, UnverifiableError ``evidence.other_logs`` for heads of two logs and ``evidence.no_history``
    when what was given is not the larger one's history.
    """
    trust = Policy(policy.logs)
    heads = sorted(
        ((open_checkpoint(note, trust).checkpoint, note) for note in (one, other)), key=lambda pair: pair[0].size
    )
    (small, smaller), (large, larger) = heads
    if small.origin != large.origin:
        raise UnverifiableError("evidence.other_logs", "these are heads of two logs", "Give two heads of one log")
    if small.size == large.size:
        return Evidence(smaller, larger) if small.root != large.root else None
    if root_at(large.size) != large.root:
        raise UnverifiableError(
            "evidence.no_history",
            f"whether {small.size} entries are the beginning of {large.size} cannot be told without the entries of the larger head",
            "Give a published folder or a production that holds them",
        )
    root = root_at(small.size)
    return Evidence(smaller, larger, root, tuple(consistency(small.size, large.size))) if root != small.root else None


def verify_evidence(data: bytes, policy: Policy) -> Report:
    """Judge an evidence file: DIVERGED when it shows that a log of *policy* has signed two histories, INVALID when it shows nothing.

    The keys of logs alone count: what stands under a head in a witness's name neither helps nor spoils it.
    """
    evidence, trust = Evidence.parse(data), Policy(policy.logs)
    heads: list[Checkpoint] = []
    signers: list[tuple[VerifierKey, ...]] = []
    for place, note in enumerate((evidence.smaller, evidence.larger), 1):
        try:
            heads.append(open_checkpoint(note, trust).checkpoint)
            signers.append(signers_of(note, trust))
        except EdgecodeError as error:
            return Report((finding_of(error, f"head {place}"),), None, 0)
    small, large = heads
    found = _diverged(small, large, signers) if _holds(evidence, small, large) else _nothing()
    return Report((found,), large, 0)


def signers_of(note: bytes, policy: Policy) -> tuple[VerifierKey, ...]:
    """The keys of its log that have signed a head, in the policy's order. Raises MalformedError; none for signatures that do not hold."""
    read = Note.parse(note)
    origin = Checkpoint.parse(read.text).origin
    return tuple(
        key
        for key in policy.log_keys(origin)
        if any(
            (one.name, one.key_id) == (key.name, key.id) and key.holds(read.text, one.signature) is not None
            for one in read.signatures
        )
    )


def _holds(evidence: Evidence, small: Checkpoint, large: Checkpoint) -> bool:
    if small.origin != large.origin or small.size > large.size:
        return False
    if small.size == large.size:
        return evidence.root is None and not evidence.proof and small.root != large.root
    # The tree of the larger head has one root over its first entries only: where that is another one, the smaller head is of another tree.
    return (
        evidence.root is not None
        and evidence.root != small.root
        and consistency_holds(
            old_size=small.size, new_size=large.size, proof=evidence.proof, old_root=evidence.root, new_root=large.root
        )
    )


def _diverged(small: Checkpoint, large: Checkpoint, signers: Sequence[Sequence[VerifierKey]]) -> Finding:
    by, of = (" and ".join(key.id.hex() for key in keys) for keys in signers)
    what = f"signed heads of {small.size} entries (key {by}) and of {large.size} entries (key {of}) that cannot belong to one history"
    if not {*signers[0]} & {*signers[1]}:
        what += (
            ". No key has signed both: if one of them was retired or exposed, whoever holds it can have made its head"
        )
    return Finding("evidence.diverged", f"log {large.origin}", what, Verdict.DIVERGED)


def _nothing() -> Finding:
    return Finding("evidence.nothing", "evidence", "it does not show that its two heads are of two histories")


def _texts(value: Json) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _malformed()
    return [one for one in value if isinstance(one, str)]


def _malformed() -> InputError:
    return InputError("evidence.malformed", f"it is not in the one form of {SCHEMA}", "Ask for the file again")
