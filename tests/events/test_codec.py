"""Canonical bytes and leaves: equal to RFC 8785 on our profile, one spelling only, and leaves read as strictly as JSON would be."""

import hashlib
import hmac
import json

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import UnverifiableError
from edgecode.events.codec import (
    SECTIONS,
    Leaf,
    NotCanonicalError,
    canonical,
    commitment,
    commitment_holds,
    leaf_id,
    parse_leaf,
    strict,
)

KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)

HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
IDS = st.builds(
    lambda a, b, c, d, e, v: f"{a:08x}-{b:04x}-7{c:03x}-{v}{d:03x}-{e:012x}",
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**12 - 1),
    st.integers(0, 2**12 - 1),
    st.integers(0, 2**48 - 1),
    st.sampled_from("89ab"),
)
LEAVES = st.builds(
    Leaf,
    id=IDS,
    ts=st.integers(0, 2**53 - 1),
    type=st.from_regex(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*/[1-9][0-9]{0,3}", fullmatch=True),
    actor=st.from_regex(r"k:[0-9a-f]{8,64}", fullmatch=True),
    refs=st.lists(IDS, max_size=5).map(tuple),
    commitments=st.dictionaries(st.sampled_from(SECTIONS), HEX),
)
ID = "01890000-0000-7000-8000-000000000001"
LEAF = Leaf(ID, 1, "version.seen/1", "k:0123456789abcdef", (ID,), {"fact": "0" * 64, "bytes": "1" * 64})


@given(VALUES)
def test_canonical_bytes_equal_rfc_8785_and_read_back(value: object) -> None:
    data = canonical(value)

    assert data == rfc8785.dumps(value)
    assert data == msgspec.json.encode(value, order="sorted")
    assert strict(data) == value


@pytest.mark.parametrize(
    "value", [1.0, 2**53, -(2**53), "\ud800", {"\u00e9": 1}, {"\x07": 1}, {1: 2}, b"x", {"a": {"b": float("nan")}}]
)
def test_what_is_outside_the_profile_has_no_canonical_form(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical(value)


def test_nesting_ends_at_sixteen() -> None:
    deep: list = []
    for _ in range(16):
        deep = [deep]

    assert strict(canonical(deep)) == deep
    with pytest.raises(NotCanonicalError):
        canonical([deep])


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":NaN}',
        b'{"a":-0}',
        b'{"a":01}',
        b'"\\u0041"',
        b'{"a":1}\n',
        b"\xff",
        b"",
        b"[" * 100_000,
        b"9007199254740992",
    ],
)
def test_every_second_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        strict(data)


@given(LEAVES)
def test_a_leaf_is_canonical_json_and_reads_back(leaf: Leaf) -> None:
    data = leaf.encode()
    as_json = {"v": 1, "id": leaf.id, "ts": leaf.ts, "type": leaf.type, "actor": leaf.actor, "refs": list(leaf.refs)}

    assert data == canonical({**as_json, "c": leaf.commitments})
    assert parse_leaf(data) == leaf
    assert leaf_id(data).hex() == leaf.id.replace("-", "")


@given(LEAVES, st.data())
def test_no_changed_leaf_reads_as_one_unless_it_is_another_canonical_leaf(leaf: Leaf, data: st.DataObject) -> None:
    changed = bytearray(leaf.encode())
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        read = parse_leaf(bytes(changed))
    except (NotCanonicalError, UnverifiableError):
        return

    assert read != leaf
    assert canonical(json.loads(bytes(changed))) == bytes(changed) == read.encode()


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "x"},
        {"id": ID.replace("0001", "000A")},
        {"id": ID.replace("-7", "-4")},
        {"ts": -1},
        {"ts": 2**53},
        {"ts": True},
        {"type": "Version/1"},
        {"type": "version"},
        {"type": "version/0"},
        {"actor": "anna"},
        {"actor": 'k:0123456789abcdef","c":{},"id":"'},
        {"refs": ("/shots/plate.png",)},
        {"commitments": {"notes": "0" * 64}},
        {"commitments": {"fact": "0" * 63}},
    ],
)
def test_no_leaf_holds_anything_but_ids_times_and_commitments(changed: dict) -> None:
    with pytest.raises(NotCanonicalError):
        Leaf(**{**{name: getattr(LEAF, name) for name in Leaf._fields}, **changed}).encode()


def test_a_leaf_of_a_later_form_is_unknown_and_not_wrong() -> None:
    with pytest.raises(UnverifiableError, match=r"leaf\.version_unknown"):
        parse_leaf(LEAF.encode().replace(b'"v":1}', b'"v":2}'))


def test_a_leaf_has_at_most_65535_bytes() -> None:
    most = (65_535 - len(LEAF.encode())) // 39
    fits = Leaf(ID, 1, LEAF.type, LEAF.actor, (ID,) * (1 + most), LEAF.commitments)

    assert parse_leaf(fits.encode()) == fits
    with pytest.raises(NotCanonicalError):
        Leaf(ID, 1, LEAF.type, LEAF.actor, (ID,) * (3 + most), LEAF.commitments).encode()


@given(
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=60),
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=60),
)
def test_a_commitment_opens_with_its_own_salt_and_bytes_alone(
    salt: bytes, section: bytes, salt2: bytes, section2: bytes
) -> None:
    committed = commitment(salt, section)

    assert committed == hmac.new(salt, section, hashlib.sha256).hexdigest()
    assert commitment_holds(salt, section, committed)
    assert commitment_holds(salt2, section2, committed) == ((salt2, section2) == (salt, section))


def test_a_salt_of_another_length_opens_nothing() -> None:
    assert not commitment_holds(bytes(31), b"x", commitment(bytes(32), b"x"))
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(bytes(31), b"x")
