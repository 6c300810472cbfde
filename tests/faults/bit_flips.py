"""Every single-bit flip of everything that somebody is shown as proof, and of the policy it is judged by.

A flip is *accepted* when whoever judges says yes to something that was not so before: the same or a better word although the bytes are
others. Where a file repeats itself (a head signed by two keys of the log), a flip may silence one of them and the head still stands: that
is accepted only when the head, its log or its witnesses are others than before. A policy is signed by nobody: there a flip is accepted
when some set of witnesses suffices that did not, or a key is trusted that was not. Comments, URLs, and labels say neither.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.key_files import FileSigner
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import EdgecodeError
from edgecode.ledger.evidence import Evidence, verify_evidence
from edgecode.ledger.log import Log, verifier_key
from edgecode.ledger.notes import COSIGNATURE_ED25519, Checkpoint, Note, Proof, Signature, VerifierKey, open_checkpoint
from edgecode.ledger.packs import verify_pack
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Verdict, verify_proof
from edgecode.ledger.witness import Cosigner, Request, decide
from edgecode.production.packs import making as packing
from faults.fault_counts import Counts
from faults.power_loss import quick_folder
from faults.told import keyless
from pack_samples import tiny_pack
from sample_log import Chance

ORIGIN = "example.org/edgecode/flips"
SECONDS = 1_795_000_000
_ENTRIES = 300
_AT = 137

Judge = Callable[[bytes], bool]
"""Whether a changed file is accepted."""


def signer(name: str) -> FileSigner:
    """A key that is the same in every run."""
    return FileSigner(Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))


WITNESSES = tuple(Cosigner(f"{name}.example/w1", signer(name)) for name in ("guild", "estate", "insurer"))


def policy_text(count: str) -> bytes:
    """A policy as a person writes it, with a comment and addresses."""
    lines = ["# Who we trust", f"log {verifier_key(ORIGIN, signer('log'))} https://log.example/"]
    lines += [f"witness {one.name.partition('.')[0]} {one.key} https://{one.name}" for one in WITNESSES]
    lines += [f"group three {count} guild estate insurer", "quorum three", ""]
    return "\n".join(lines).encode()


@dataclass(frozen=True)
class Material:
    """A log with real entries, and what is shown of it."""

    log: Log
    leaves: list[bytes]
    policy: Policy

    def head(self, size: int) -> Checkpoint:
        return Checkpoint(ORIGIN, size, self.log.root_at(size))

    def signed(self, head: Checkpoint, *keys: str) -> bytes:
        """The head as keys of the log sign it."""
        lines = tuple(
            Signature(ORIGIN, verifier_key(ORIGIN, key).id, key.sign(head.text.encode())) for key in map(signer, keys)
        )
        return Note(head.text, lines).encode()

    def cosigned(self, note: bytes) -> bytes:
        """The same with every witness."""
        text = Note.parse(note).text
        return note + "".join(str(one.cosign(text, seconds=SECONDS)) for one in WITNESSES).encode()


def material() -> Material:
    """Made afresh; the same in every run."""
    log = Log.create(SqliteLedger(":memory:"), signer("log"), origin=ORIGIN)
    events = keyless(Chance(4), signer("log"), count=_ENTRIES)
    log.append(events)
    return Material(log, [event.leaf for event in events], Policy.parse(policy_text("all")))


def flips(data: bytes) -> Iterator[bytes]:
    """*data* with each of its bits flipped in turn."""
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit >> 3] ^= 1 << (bit & 7)
        yield bytes(changed)


def bit_flips(only: str = "") -> list[Counts]:
    """The counts of every kind of file (or of the one named *only*)."""
    found = []
    for name, (data, judge) in targets(material()).items():
        if only and only != name:
            continue
        counts = Counts(f"every bit of {name}")
        if not judge(data):
            counts.add("corrupt", "the untouched file is refused")
        for place, changed in enumerate(flips(data)):
            counts.add("accepted" if _accepted(judge, changed) else "fine", f"bit {place}")
        found.append(counts)
    return found


def _accepted(judge: Judge, changed: bytes) -> bool:
    try:
        return judge(changed)
    except EdgecodeError:
        return False


def targets(made: Material) -> dict[str, tuple[bytes, Judge]]:
    """Each file by name, and how it is judged."""
    log_only = Policy.of_keys(made.log.key)
    checkpoint = made.log.checkpoint()
    cosigned = made.cosigned(checkpoint)
    proof = Proof.parse(made.log.proof(_AT))
    request = Request(100, tuple(made.log.consistency(100, _ENTRIES)), checkpoint)
    return {
        "a checkpoint": (checkpoint, lambda data: bool(open_checkpoint(data, log_only))),
        "a cosigned checkpoint": (cosigned, lambda data: _witnessed(data, made.policy)),
        "a proof": (
            proof.encode(),
            lambda data: not verify_proof(data, entry=made.leaves[_AT], policy=log_only).findings,
        ),
        "a cosigned proof": (
            Proof(proof.index, proof.hashes, cosigned).encode(),
            lambda data: verify_proof(data, entry=made.leaves[_AT], policy=made.policy).verdict is Verdict.WITNESSED,
        ),
        "an entry under its proof": (
            made.leaves[_AT],
            lambda data: not verify_proof(proof.encode(), entry=data, policy=log_only).findings,
        ),
        "a verifier key": (str(made.log.key).encode(), _is_key),
        "a request to a witness": (request.encode(), lambda data: _cosigns(made, data)),
        "evidence of two heads of one size": _evidence(made, 200, 200),
        "evidence of two heads of two sizes": _evidence(made, 100, _ENTRIES),
        "a head signed by two keys of the log": _two_keys(made),
        "a policy that asks for all of three": _policy(policy_text("all")),
        "a policy that asks for 2 of three": _policy(policy_text("2")),
    }


def _witnessed(data: bytes, policy: Policy) -> bool:
    head, cosigned = open_checkpoint(data, policy)
    return policy.judge(cosigned, origin=head.origin).reached


def _is_key(data: bytes) -> bool:
    return bool(VerifierKey.parse(data.decode("utf-8", "replace")))


def _cosigns(made: Material, data: bytes) -> bool:
    latest = made.signed(made.head(100), "log")
    answer = decide(data, latest, logs=Policy.of_keys(made.log.key), cosigner=WITNESSES[0], seconds=SECONDS)
    return answer.status == 200


def _evidence(made: Material, small: int, large: int) -> tuple[bytes, Judge]:
    lie = made.signed(Checkpoint(ORIGIN, small, sha256(b"another history").digest()), "log")
    truth = made.signed(made.head(large), "log")
    if small == large:
        evidence = Evidence(lie, truth)
    else:
        evidence = Evidence(lie, truth, made.log.root_at(small), tuple(made.log.consistency(small, large)))
    return evidence.encode(), lambda data: verify_evidence(data, made.policy).verdict is Verdict.DIVERGED


def _two_keys(made: Material) -> tuple[bytes, Judge]:
    keys = Policy.of_keys(*(verifier_key(ORIGIN, signer(name)) for name in ("log", "next")))
    data, head = made.signed(made.head(_ENTRIES), "log", "next"), made.head(_ENTRIES)

    def judge(changed: bytes) -> bool:
        found = open_checkpoint(changed, keys).checkpoint
        return changed == data or found != head

    return data, judge


def _policy(data: bytes) -> tuple[bytes, Judge]:
    before = Policy.parse(data)
    suffices = _what_suffices(before)

    def judge(changed: bytes) -> bool:
        if changed == data:
            return True
        after = Policy.parse(changed)
        trusted = set(after.known_keys()) <= set(before.known_keys())
        return not trusted or not _what_suffices(after) <= suffices

    return data, judge


def _what_suffices(policy: Policy) -> set[frozenset[VerifierKey]]:
    """Every set of the witnesses here that reaches the policy's quorum."""
    keys = [VerifierKey(one.name, COSIGNATURE_ED25519, one.signer.public) for one in WITNESSES]
    sets = [frozenset(some) for size in range(len(keys) + 1) for some in combinations(keys, size)]
    return {some for some in sets if policy.judge({key.label: SECONDS for key in some}, origin=ORIGIN).reached}


def weaker_by_one_bit(count: int, of: int) -> list[int]:
    """The smaller counts that one flipped bit of a written count gives: what nobody can see in a file that nobody signs."""
    written = str(count).encode()
    changed = {flipped for flipped in flips(written) if flipped.isdigit() and not flipped.startswith(b"0")}
    return sorted(int(one) for one in changed if int(one) < count <= of)


def pack_flips(*, every: int, seed: int = 1) -> Counts:
    """One bit in each run of *every* bits of a cosigned pack (1: all of them), where the page and the program are one line each.

    Accepted is every flipped pack that has no finding.
    """
    counts = Counts("every bit of a pack" if every == 1 else "bits of a pack")
    page, program = packing.verify_page, packing.verifier_program
    packing.verify_page, packing.verifier_program = lambda: b"<!doctype html>\n", lambda: b"#!/usr/bin/env python3\n"
    try:
        with quick_folder() as folder:
            pack = tiny_pack(folder / "show")
    finally:
        packing.verify_page, packing.verifier_program = page, program
    if verify_pack(pack.data, pack.policy).verdict is not Verdict.WITNESSED:
        counts.add("corrupt", "the untouched pack is not witnessed")
    random = Random(seed)
    for first in range(0, len(pack.data) * 8, every):
        bit = random.randrange(first, min(first + every, len(pack.data) * 8))
        changed = bytearray(pack.data)
        changed[bit >> 3] ^= 1 << (bit & 7)
        counts.add("fine" if verify_pack(bytes(changed), pack.policy).findings else "accepted", f"bit {bit}")
    return counts
