"""What every signer must keep to, as tests: subclass `SignerSuite` and give it a fixture `signer` (docs/reference/signers.md)."""

from concurrent.futures import ThreadPoolExecutor

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edgecode.drivers.key_files import actor_id
from edgecode.drivers.signers import PluggedSigner
from edgecode.events.record_kinds import rotation_statement
from edgecode.ledger.log import verifier_key
from edgecode.ledger.notes import Checkpoint, Note, Signature, open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.store import Signer

ORIGIN = "example.org/edgecode/0123456789abcdef0123"


class SignerSuite:
    """Subclasses have a fixture ``signer``: the signer under test, ready to sign."""

    def test_the_public_key_is_an_ed25519_key_and_stays_the_same(self, signer: Signer) -> None:
        first = bytes(signer.public)
        signer.sign(b"once")

        assert (len(first), bytes(signer.public)) == (32, first)

    def test_a_checkpoint_that_it_signs_is_accepted_under_its_public_key(self, signer: Signer) -> None:
        head = Checkpoint(ORIGIN, 70_000, bytes(range(32)))
        key = verifier_key(ORIGIN, signer)
        note = Note(head.text, (Signature(ORIGIN, key.id, signer.sign(head.text.encode())),)).encode()

        assert open_checkpoint(note, Policy.of_keys(key)).checkpoint == head

    def test_it_signs_messages_of_every_length_that_a_log_has(self, signer: Signer) -> None:
        public = Ed25519PublicKey.from_public_bytes(signer.public)
        key = str(verifier_key(ORIGIN, signer))
        for message in (b"", b"x", rotation_statement(ORIGIN, key, key), b"y" * 900):
            public.verify(signer.sign(message), message)

    def test_a_signature_is_over_the_message_itself_and_fits_no_other(self, signer: Signer) -> None:
        assert signer.sign(b"one") != signer.sign(b"other")
        assert len(signer.sign(b"one")) == 64

    def test_one_after_the_other_from_several_threads_it_signs_each_message(self, signer: Signer) -> None:
        public = Ed25519PublicKey.from_public_bytes(signer.public)
        with ThreadPoolExecutor(1) as pool:
            signatures = list(pool.map(signer.sign, [bytes([number]) for number in range(20)]))

        for number, signature in enumerate(signatures):
            public.verify(signature, bytes([number]))

    def test_leaves_name_it_by_its_public_key(self, signer: Signer) -> None:
        assert PluggedSigner(signer, scheme="suite").actor == actor_id(signer.public)
