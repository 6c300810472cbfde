"""Letters open for their reader alone, and another implementation of RFC 9180 opens them as well."""

import hmac
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from edgecode.drivers.sealed_letters import (
    TO_KEY,
    create_reader_key,
    open_reader_key,
    open_with_key,
    open_with_passphrase,
    reader_id,
    seal_to_key,
    seal_with_passphrase,
)
from edgecode.drivers.world import World
from edgecode.errors import InputError, InvalidError, RefusedError

WORDS = "seven quiet lanterns over water"
RANDOMNESS = World().randomness


# ------------------------------------------------------------------------------------------ RFC 9180 once more, from its text


class Rfc9180:
    """Base mode of DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, receiving side (sections 4 and 5)."""

    KEM = b"KEM" + bytes.fromhex("0020")
    SUITE = b"HPKE" + bytes.fromhex("002000010003")

    def __init__(self, key: X25519PrivateKey, encapsulated: bytes, info: bytes) -> None:
        shared = key.exchange(X25519PublicKey.from_public_bytes(encapsulated))
        context = encapsulated + key.public_key().public_bytes_raw()
        prk = extract(self.KEM, b"", b"eae_prk", shared)
        secret = expand(self.KEM, prk, b"shared_secret", context, 32)
        schedule = (
            b"\x00" + extract(self.SUITE, b"", b"psk_id_hash", b"") + extract(self.SUITE, b"", b"info_hash", info)
        )
        main = extract(self.SUITE, secret, b"secret", b"")
        self.key = expand(self.SUITE, main, b"key", schedule, 32)
        self.nonce = expand(self.SUITE, main, b"base_nonce", schedule, 12)

    def open(self, ciphertext: bytes, aad: bytes) -> bytes:
        return ChaCha20Poly1305(self.key).decrypt(self.nonce, ciphertext, aad)


def extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labeled + b"\x01", "sha256")[:length]


def test_the_second_implementation_gives_the_published_vector() -> None:
    # RFC 9180 appendix A.2.1 and A.2.1.1, sequence number 0.
    key = X25519PrivateKey.from_private_bytes(
        bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
    )
    encapsulated = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
    receiver = Rfc9180(key, encapsulated, b"Ode on a Grecian Urn")
    ciphertext = bytes.fromhex(
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    )

    assert receiver.key.hex() == "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91"
    assert receiver.nonce.hex() == "5c4d98150661b848853b547f"
    assert receiver.open(ciphertext, b"Count-0") == b"Beauty is truth, truth beauty"


@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_another_implementation_opens_our_letters(tmp_path: Path, size: int) -> None:
    public = create_reader_key(tmp_path / "reader.key")
    letter = seal_to_key(b"x" * size, public)
    sealed = letter.removeprefix(TO_KEY)
    receiver = Rfc9180(open_reader_key(tmp_path / "reader.key"), sealed[:32], TO_KEY)

    assert receiver.open(sealed[32:], b"") == b"x" * size


# ------------------------------------------------------------------------------------------ letters


def test_a_letter_opens_for_its_reader_and_for_nobody_else(tmp_path: Path) -> None:
    public = create_reader_key(tmp_path / "reader.key")
    create_reader_key(tmp_path / "other.key")
    letter = seal_to_key(b"your record", public)

    assert open_with_key(letter, open_reader_key(tmp_path / "reader.key")) == b"your record"
    with pytest.raises(InvalidError, match=r"letter\.unopened"):
        open_with_key(letter, open_reader_key(tmp_path / "other.key"))


def test_every_flipped_bit_of_a_letter_is_refused(tmp_path: Path) -> None:
    public = create_reader_key(tmp_path / "reader.key")
    key, letter = open_reader_key(tmp_path / "reader.key"), seal_to_key(b"short", public)
    accepted = []
    for bit in range(len(letter) * 8):
        flipped = bytearray(letter)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            accepted.append((bit, open_with_key(bytes(flipped), key)))
        except (InputError, InvalidError):
            continue

    # X25519 ignores the highest bit of a public key (RFC 7748 section 5); HPKE binds the bytes as sent, so even that one fails.
    assert accepted == []


def test_a_passphrase_opens_what_it_sealed_and_another_does_not() -> None:
    letter = seal_with_passphrase(b"your record", WORDS, randomness=RANDOMNESS)

    assert open_with_passphrase(letter, WORDS) == b"your record"
    with pytest.raises(InvalidError, match=r"letter\.unopened"):
        open_with_passphrase(letter, WORDS + "s")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InputError, match=r"letter\.passphrase"):
        seal_with_passphrase(b"your record", "hunter2", randomness=RANDOMNESS)


@pytest.mark.parametrize("letter", [b"", b"PK\x03\x04", TO_KEY[:-1], TO_KEY])
def test_what_is_no_letter_says_so(tmp_path: Path, letter: bytes) -> None:
    create_reader_key(tmp_path / "reader.key")

    with pytest.raises((InputError, InvalidError), match=r"letter\.un"):
        open_with_key(letter, open_reader_key(tmp_path / "reader.key"))
    with pytest.raises(InputError, match=r"letter\.unreadable"):
        open_with_passphrase(letter, WORDS)


def test_a_readers_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    create_reader_key(tmp_path / "reader.key")
    (tmp_path / "reader.key").chmod(0o644)

    with pytest.raises(RefusedError, match=r"secret\.readable"):
        open_reader_key(tmp_path / "reader.key")


@pytest.mark.parametrize("written", ["", "zz", "00" * 31])
def test_what_is_no_public_key_is_refused(written: str) -> None:
    with pytest.raises(InputError, match=r"letter\.reader_key"):
        seal_to_key(b"x", written)
    with pytest.raises(InputError, match=r"letter\.reader_key"):
        reader_id(written)
