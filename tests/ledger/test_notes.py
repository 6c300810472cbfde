"""Signed notes, keys, checkpoints and cosignatures: published lines, round trips, and no second spelling of anything."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InvalidError, UnverifiableError
from edgecode.ledger import notes
from edgecode.ledger.notes import Checkpoint, MalformedError, Note, Proof, Signature, VerifierKey, open_checkpoint
from edgecode.ledger.policy import Policy, PolicyError

ROOT_OF_8 = bytes.fromhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
ORIGIN = "example.org/edgecode/kat"
HEAD = Checkpoint(ORIGIN, 8, ROOT_OF_8)
LOG = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
LOG_KEY = VerifierKey(ORIGIN, notes.ED25519, LOG.public_key().public_bytes_raw())
WITNESS_KEY = VerifierKey("guild.example/w1", notes.COSIGNATURE_ED25519, WITNESS.public_key().public_bytes_raw())
SECONDS = 1_795_000_000
LOG_LINE = "\u2014 example.org/edgecode/kat PdChi1c1Up3rAab3PXniarKslzFj/c/9ASEtVjMioSJvfZUkhXeNgB0vDn3fiaEzTatZFvcQjyXpaSKonv5zpDxHwgU=\n"
WITNESS_LINE = (
    "\u2014 guild.example/w1 b3lyUAAAAABq/YbA5ggj5E0ytlvDE0gT59oPYG5cFwzqTCHGqmPqBetgU9dn6Fip0cKxLccso4XBuKac"
)
WITNESS_LINE += "oMNLb10BSHHeE4bsmRWcAA==\n"
SIGNED = (HEAD.text + "\n" + LOG_LINE).encode()


def trusted(*keys: VerifierKey) -> Policy:
    """The log keys among *keys*, and the others as witnesses that are not asked for."""
    witnesses = [key for key in keys if key.kind != notes.ED25519]
    lines = [f"witness w{number} {key}\n" for number, key in enumerate(witnesses)]
    return Policy.parse("".join([*lines, "quorum none\n"]).encode()).of_logs(
        *(key for key in keys if key not in witnesses)
    )


TRUST = trusted(LOG_KEY, WITNESS_KEY)


def cosigned(key: VerifierKey, signature: bytes) -> Signature:
    return Signature(key.name, key.id, SECONDS.to_bytes(8, "big") + signature)


def test_the_key_and_the_signature_line_are_the_known_ones() -> None:
    line = Signature(ORIGIN, LOG_KEY.id, LOG.sign(HEAD.text.encode()))

    assert str(LOG_KEY) == "example.org/edgecode/kat+3dd0a18b+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
    assert str(line) == LOG_LINE


def test_the_cosignature_line_is_the_known_one() -> None:
    message = notes.cosigned_message(WITNESS_KEY, HEAD.text, seconds=SECONDS)

    assert WITNESS_KEY.id.hex() == "6f797250"
    assert str(cosigned(WITNESS_KEY, WITNESS.sign(message))) == WITNESS_LINE


def test_the_example_of_the_signed_note_standard_holds() -> None:
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    note = Note.parse(
        "This is an example message.\n\n\u2014 example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n".encode()
    )

    assert key.holds(note.text, note.signatures[0].signature) == 0


def test_a_checkpoint_opens_with_the_logs_key_and_says_when_the_witness_signed() -> None:
    opened = open_checkpoint(SIGNED + WITNESS_LINE.encode(), TRUST)

    assert opened == (HEAD, {WITNESS_KEY.label: SECONDS})


def test_a_post_quantum_cosignature_is_judged() -> None:
    mldsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.mldsa")
    private = mldsa.MLDSA44PrivateKey.from_seed_bytes(b"\x03" * 32)
    key = VerifierKey("guild.example/pq1", notes.COSIGNATURE_ML_DSA_44, private.public_key().public_bytes_raw())
    message = notes.cosigned_message(key, HEAD.text, seconds=SECONDS)
    line = str(cosigned(key, private.sign(message)))
    other = str(cosigned(key, private.sign(message + b"!")))
    trust = trusted(LOG_KEY, key)

    assert VerifierKey.parse(str(key)) == key
    assert open_checkpoint(SIGNED + line.encode(), trust).cosigned == {key.label: SECONDS}
    with pytest.raises(InvalidError, match="signature of the key"):
        open_checkpoint(SIGNED + other.encode(), trust)


def test_a_false_signature_of_a_known_witness_refuses_the_whole_note() -> None:
    false = str(cosigned(WITNESS_KEY, bytes(64)))

    assert open_checkpoint(SIGNED + false.encode(), trusted(LOG_KEY)).cosigned == {}
    with pytest.raises(InvalidError, match=r"note\.signature"):
        open_checkpoint(SIGNED + false.encode(), TRUST)


def test_a_head_signed_in_the_logs_name_by_an_unknown_key_alone_is_no_proof_of_forgery_and_names_that_key() -> None:
    other = VerifierKey(ORIGIN, notes.ED25519, WITNESS.public_key().public_bytes_raw())
    note = Note(HEAD.text, (Signature(ORIGIN, other.id, WITNESS.sign(HEAD.text.encode())),)).encode()

    with pytest.raises(
        UnverifiableError, match=rf"a key that you were not given \(id {other.id.hex()}\): .* \[note\.key\]"
    ):
        open_checkpoint(note, trusted(LOG_KEY))


def test_the_key_of_another_log_cannot_judge_this_one() -> None:
    other = VerifierKey("example.org/edgecode/other", notes.ED25519, LOG_KEY.public)

    with pytest.raises(UnverifiableError, match=r"\[note\.other_log\]"):
        open_checkpoint(SIGNED, trusted(other))


def test_one_public_key_under_two_names_is_refused() -> None:
    twice = VerifierKey("guild.example/w2", notes.COSIGNATURE_ED25519, WITNESS_KEY.public)

    with pytest.raises(PolicyError, match="its key stands in an earlier line already"):
        trusted(LOG_KEY, WITNESS_KEY, twice)


def test_any_key_of_a_log_that_has_changed_keys_opens_its_checkpoints() -> None:
    newer = Ed25519PrivateKey.from_private_bytes(b"\x04" * 32)
    new_key = VerifierKey(ORIGIN, notes.ED25519, newer.public_key().public_bytes_raw())
    new_line = Signature(ORIGIN, new_key.id, newer.sign(HEAD.text.encode()))
    by_new = Note(HEAD.text, (new_line,)).encode()
    rotated, both = trusted(LOG_KEY, new_key), SIGNED + str(new_line).encode()

    assert [open_checkpoint(note, rotated) for note in (SIGNED, by_new, both)] == [(HEAD, {})] * 3
    assert open_checkpoint(both, trusted(LOG_KEY)) == (HEAD, {})
    with pytest.raises(InvalidError, match=r"note\.signature"):
        open_checkpoint(SIGNED + str(new_line._replace(signature=bytes(64))).encode(), rotated)


@pytest.mark.parametrize(
    "text",
    [
        "o\n08\n" + notes.base64_text(ROOT_OF_8) + "\n",
        "o\n+8\n" + notes.base64_text(ROOT_OF_8) + "\n",
        "o\n8\n" + notes.base64_text(ROOT_OF_8)[:-1] + "\n",
        "o\n8\n" + notes.base64_text(ROOT_OF_8[:31]) + "\n",
        "o\n8\n" + notes.base64_text(ROOT_OF_8) + "\nextension\n",
        "o\n0\n" + notes.base64_text(ROOT_OF_8) + "\n",
        "\n8\n" + notes.base64_text(ROOT_OF_8) + "\n",
        "o\n8\n" + notes.base64_text(ROOT_OF_8),
    ],
)
def test_a_checkpoint_has_one_spelling_and_no_extensions(text: str) -> None:
    with pytest.raises(MalformedError):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "name+3dd0a18b",
        "na me+3dd0a18b+" + notes.base64_text(b"\x01" + bytes(32)),
        "name+00000000+" + notes.base64_text(b"\x01" + bytes(32)),
        str(LOG_KEY)[:-1],
        str(LOG_KEY).replace("3dd0a18b", "3DD0A18B"),
        str(VerifierKey("n", 1, bytes(32))) + "\n",
        "n+00000000+AQ==",
    ],
)
def test_a_verifier_key_has_one_spelling(text: str) -> None:
    with pytest.raises(MalformedError):
        VerifierKey.parse(text)


def test_a_key_of_an_unknown_kind_is_not_called_malformed() -> None:
    with pytest.raises(UnverifiableError):
        VerifierKey.parse("n+00000000+" + notes.base64_text(b"\x02" + bytes(32)))


NAMES = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1).filter(
    lambda name: "+" not in name
)
SIGNATURES = st.builds(Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
TEXTS = st.text(st.characters(codec="utf-8", min_codepoint=32)).map(lambda text: text + "\n")


@given(TEXTS, st.lists(SIGNATURES, min_size=1, max_size=5))
def test_a_note_reads_back_as_it_was_written(text: str, signatures: list[Signature]) -> None:
    note = Note(text, tuple(signatures))

    assert Note.parse(note.encode()) == note


@given(
    st.integers(0, 2**62),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.one_of(st.none(), st.binary(max_size=40)),
)
def test_a_proof_reads_back_as_it_was_written(index: int, hashes: list[bytes], extra: bytes | None) -> None:
    proof = Proof(index, tuple(hashes), SIGNED, extra)

    assert Proof.parse(proof.encode()) == proof


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_as_malformed(data: bytes) -> None:
    for parse in (Note.parse, Proof.parse):
        try:
            read = parse(data)
        except MalformedError:
            continue
        assert read.encode() == data


def test_no_flip_of_a_single_bit_of_a_checkpoint_is_accepted() -> None:
    accepted = []
    for bit in range(len(SIGNED) * 8):
        flipped = bytearray(SIGNED)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        try:
            accepted.append((bit, open_checkpoint(bytes(flipped), trusted(LOG_KEY))))
        except (InvalidError, UnverifiableError):
            continue

    assert accepted == []
