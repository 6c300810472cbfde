"""Witnesses and policies for tests: keys from seeds, a witness in a folder, one that is served, and policies that trust them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.drivers.key_files import FileSigner
from edgecode.drivers.witness_folder import cosigner, create_witness, memory, watch, watched
from edgecode.drivers.witness_server import Witness, WitnessServer
from edgecode.ledger.notes import Checkpoint, Note, Signature, VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.witness import Cosigner

SECONDS = 1_795_000_000


def signer(seed: int) -> FileSigner:
    """A key from a number."""
    return FileSigner(Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big")))


def cosigner_named(name: str, seed: int) -> Cosigner:
    """A witness without a folder."""
    return Cosigner(name, signer(seed))


def policy_text(logs: list[VerifierKey], witnesses: dict[str, VerifierKey | str], quorum: str) -> bytes:
    """A policy file; *witnesses*: name to key, with the URL behind it where there is one; *quorum*: the last lines."""
    lines = [*(f"log {key}" for key in logs), *(f"witness {name} {key}" for name, key in witnesses.items()), quorum]
    return "".join(f"{line}\n" for line in lines).encode()


def policy(logs: list[VerifierKey], witnesses: dict[str, VerifierKey | str], quorum: str) -> Policy:
    return Policy.parse(policy_text(logs, witnesses, quorum))


def signed_note(head: Checkpoint, key: VerifierKey, by: FileSigner) -> bytes:
    """A head as a log signs it."""
    return Note(head.text, (Signature(key.name, key.id, by.sign(head.text.encode())),)).encode()


def witness_in(folder: Path, *logs: VerifierKey, name: str = "guild.example/w1") -> Witness:
    """A new witness that watches *logs*."""
    create_witness(folder, name=name)
    watch(folder, list(logs))
    return reopened_witness(folder)


def reopened_witness(folder: Path) -> Witness:
    return Witness(memory(folder), cosigner(folder), lambda: watched(folder), lambda: SECONDS)


@contextmanager
def served(witness: Witness, *, prefix: str = "", seconds: float = 15) -> Iterator[str]:
    """The URL of a witness that answers over HTTP meanwhile."""
    with WitnessServer(witness, prefix=prefix, said=lambda line: None, seconds=seconds) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
        finally:
            server.shutdown()
            thread.join()
