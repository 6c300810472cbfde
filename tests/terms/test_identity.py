"""Record ids, sequence roots and edge codes."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.terms.identity import (
    CROCKFORD,
    EdgeCode,
    edge_digits,
    frame_leaf,
    is_record_id,
    is_sha256,
    read_edge_code,
    record_id,
    sequence_root,
)

digits = st.text(CROCKFORD, min_size=10, max_size=10)
letters = st.sampled_from("CPHGMAU")


def test_a_record_id_is_a_version_7_uuid_with_its_time_first() -> None:
    # RFC 9562 appendix A.6: 2022-02-22 19:22:22 UTC, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    randomness = ((0xCC3 << 62) | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    identity = record_id(0x017F22E279B0, randomness)

    assert identity[:15] == "017f22e2-79b0-7"
    assert is_record_id(identity)


@given(st.integers(0, (1 << 48) - 1), st.binary(min_size=10, max_size=10))
def test_every_record_id_is_one(milliseconds: int, randomness: bytes) -> None:
    assert is_record_id(record_id(milliseconds, randomness))


def test_ids_sort_by_their_time() -> None:
    assert record_id(1, b"\xff" * 10) < record_id(2, bytes(10))


@pytest.mark.parametrize(
    "text", ["", "x", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f"]
)
def test_other_forms_are_no_record_ids(text: str) -> None:
    assert not is_record_id(text)


def test_a_digest_is_64_lower_case_hexadecimal_characters() -> None:
    assert is_sha256("a" * 64)
    assert not any(map(is_sha256, ("A" * 64, "a" * 63, "g" * 64)))


def merkle_tree_hash(entries: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, by its own recursive definition: the oracle."""
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    left, right = merkle_tree_hash(entries[:split]), merkle_tree_hash(entries[split:])
    return sha256(b"\x01" + left + right).digest()


@given(st.dictionaries(st.integers(-(2**40), 2**40), st.binary(min_size=32, max_size=32), min_size=2, max_size=40))
def test_a_sequence_root_is_the_rfc_6962_hash_over_its_frames(frames: dict[int, bytes]) -> None:
    entries = [frame_leaf(number, frames[number]) for number in sorted(frames)]

    assert sequence_root(list(frames.items())) == merkle_tree_hash(entries).hex()


@pytest.mark.parametrize("frames", [[], [(1, bytes(32))], [(1, bytes(32)), (1, bytes(32))]])
def test_fewer_than_two_frames_or_a_number_twice_make_no_sequence(frames: list[tuple[int, bytes]]) -> None:
    with pytest.raises(InputError) as refused:
        sequence_root(frames)

    assert refused.value.code == "sequence.frames"


@given(letters, digits, st.none() | st.integers(0, 10**9))
def test_an_edge_code_reads_back_from_print(origin: str, code: str, frame: int | None) -> None:
    edge = EdgeCode(origin, code, frame)  # type: ignore[arg-type]

    assert read_edge_code(str(edge)) == edge


@given(
    letters,
    st.text(CROCKFORD, min_size=15, max_size=15).filter(lambda code: not code[10:].isdigit()),
    st.none() | st.integers(0, 10**6),
)
def test_a_lengthened_edge_code_reads_back_from_print(origin: str, code: str, frame: int | None) -> None:
    edge = EdgeCode(origin, code, frame)  # type: ignore[arg-type]

    assert read_edge_code(str(edge)) == edge


@pytest.mark.parametrize(
    "written",
    [
        "G 7K3F9 Q2MT4 1043",
        "g 7k3f9 q2mt4 1043",
        "G-7K3F9-Q2MT4-1043",
        "G7K3F9Q2MT41043",
        "EDGECODE: G 7K3F9 Q2MT4 1043",
        " EC G 7K3F9 Q2MT4 1043 ",
    ],
)
def test_an_edge_code_is_read_forgivingly(written: str) -> None:
    assert read_edge_code(written) == EdgeCode("G", "7K3F9Q2MT4", 1043)


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert read_edge_code("C OI1L0 00000") == EdgeCode("C", "0111000000")


@pytest.mark.parametrize(
    "written", ["", "G", "X 7K3F9 Q2MT4", "G 7K3F9 Q2MT", "G 7K3F9 Q2MTU", "7K3F9 Q2MT4", "G 7K3F9 Q2MT4 x"]
)
def test_what_is_no_edge_code_is_refused(written: str) -> None:
    with pytest.raises(InputError) as refused:
        read_edge_code(written)

    assert refused.value.code == "edge_code.invalid"


def test_the_digits_are_the_first_bits_of_the_digest() -> None:
    digest = sha256(b"a frame").hexdigest()
    value = int(digest, 16)

    assert edge_digits(digest) == "".join(CROCKFORD[value >> 256 - 5 * (i + 1) & 31] for i in range(10))
    assert edge_digits(digest, groups=3)[:10] == edge_digits(digest)
