"""Every class of good and bad proofs of transparency-dev/merkle's test data, made again over the leaves of Certificate Transparency.

The published files themselves are judged in test_merkle_tree.py where they are at hand; these need nothing.
"""

from collections.abc import Iterator
from itertools import combinations_with_replacement

import pytest

from edgecode.ledger.merkle import EMPTY_ROOT, consistency_holds, inclusion_holds, leaf_hash, node_hash

CT_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
HASHES = [leaf_hash(leaf) for leaf in CT_LEAVES]
RANDOM = bytes.fromhex("76d5f1b8a0c4d3e2" * 4)
GARBAGE = b"garbage"

Inclusion = tuple[bytes, int, int, list[bytes], bytes]
"""(leaf hash, index, size, proof, root)"""

Consistency = tuple[int, int, list[bytes], bytes, bytes]
"""(old size, new size, proof, old root, new root)"""


def root(first: int, end: int) -> bytes:
    """RFC 6962 2.1, word for word."""
    if end - first < 2:
        return HASHES[first] if end > first else EMPTY_ROOT
    middle = first + (1 << (end - first - 1).bit_length() - 1)
    return node_hash(root(first, middle), root(middle, end))


def path(index: int, first: int, end: int) -> list[bytes]:
    """RFC 6962 2.1.1."""
    if end - first == 1:
        return []
    middle = first + (1 << (end - first - 1).bit_length() - 1)
    if index < middle:
        return [*path(index, first, middle), root(middle, end)]
    return [*path(index, middle, end), root(first, middle)]


def turns(index: int, first: int, end: int) -> str:
    """On which side the hashes of a path stand."""
    if end - first == 1:
        return ""
    middle = first + (1 << (end - first - 1).bit_length() - 1)
    return turns(index, first, middle) + "r" if index < middle else turns(index, middle, end) + "l"


def subproof(old: int, first: int, end: int, *, whole: bool) -> list[bytes]:
    """RFC 6962 2.1.2; *old* is the end of the older tree."""
    if old == end:
        return [] if whole else [root(first, end)]
    middle = first + (1 << (end - first - 1).bit_length() - 1)
    if old <= middle:
        return [*subproof(old, first, middle, whole=whole), root(middle, end)]
    return [*subproof(old, middle, end, whole=False), root(first, middle)]


def bent(proof: list[bytes], at: int, bit: int) -> list[bytes]:
    changed = bytearray(proof[at])
    changed[bit >> 3] ^= 1 << (bit & 7)
    return [*proof[:at], bytes(changed), *proof[at + 1 :]]


def damaged_proofs(proof: list[bytes], *roots: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """The classes that change the proof alone."""
    for at in range(len(proof)):
        for bit in (0, 3, 4, 255):
            yield f"modified-proof[{at}]-bit-{bit}", bent(proof, at, bit)
        yield f"removed-component-{at}", proof[:at] + proof[at + 1 :]
        yield f"truncated-component-{at}", [*proof[:at], proof[at][:31], *proof[at + 1 :]]
    for at in range(len(proof) + 1):
        yield f"inserted-component-{at}", [*proof[:at], b"", *proof[at:]]
        yield f"inserted-hash-{at}", [*proof[:at], RANDOM, *proof[at:]]
    if proof:
        yield "truncated-proof", proof[:-1]
        yield "empty-proof", []
    for name, more in (("garbage", GARBAGE), *((f"root{number}", one) for number, one in enumerate(roots, 1))):
        yield f"trailing-{name}", [*proof, more]
        yield f"preceding-{name}", [more, *proof]


def bad_inclusions(index: int, size: int) -> Iterator[tuple[str, Inclusion]]:
    leaf, proof, top = HASHES[index], path(index, 0, size), root(0, size)
    for name, place, count in (
        ("leafIdx-plus-1", index + 1, size),
        ("leafIdx-sub-1", index - 1, size),
        ("leafIdx-XOR-2", index ^ 2, size),
        ("treeSize-mul-2", index, size * 2),
        ("treeSize-div-2", index, size // 2),
        ("treeSize-XOR-2", index, size ^ 2),
    ):
        # A proof does not say of how many entries the tree is: entry 0 has the same turns in trees of 5 and of 7. The signed head does.
        if not 0 <= place < count or turns(place, 0, count) != turns(index, 0, size):
            yield name, (leaf, place, count, proof, top)
    yield "wrong-leaf", (leaf_hash(b"wrong"), index, size, proof, top)
    yield "empty-root", (leaf, index, size, proof, EMPTY_ROOT)
    yield "empty-leaf", (b"", index, size, proof, top)
    yield "empty-root-and-leaf", (b"", index, size, proof, b"")
    yield "random-root", (leaf, index, size, proof, RANDOM)
    yield "random-leaf", (RANDOM, index, size, proof, top)
    for name, other in damaged_proofs(proof, top, leaf):
        yield name, (leaf, index, size, other, top)


def bad_consistencies(old: int, new: int) -> Iterator[tuple[str, Consistency]]:
    proof, first, second = subproof(old, 0, new, whole=True) if old else [], root(0, old), root(0, new)
    if 0 < old < new:
        for name, one, other in (
            ("size1-sub-1", old - 1, new),
            ("size1-plus-1", old + 1, new),
            ("size1-XOR-2", old ^ 2, new),
            ("size2-mul-2", old, new * 2),
            ("size2-div-2", old, new // 2),
            ("size1-is-greater-than-size2", new, old),
        ):
            yield name, (one, other, proof, first, second)
        yield "swapped-roots", (old, new, proof, second, first)
    for name, one, other in (
        ("wrong-root1", RANDOM, second),
        ("wrong-root2", first, RANDOM),
        ("empty-root1", b"", second),
        ("empty-root2", first, b""),
        ("short-root1", first[:31], second),
    ):
        # RFC 9162 says nothing of the newer root against an empty tree: every tree begins with it.
        if old or name != "wrong-root2" or new == 0:
            yield name, (old, new, proof, one, other)
    for name, changed in damaged_proofs(proof, first, second):
        yield name, (old, new, changed, first, second)


@pytest.mark.parametrize("size", range(1, 9))
def test_every_class_of_damaged_inclusion_proof_is_refused_and_the_good_one_accepted(size: int) -> None:
    good, accepted, judged = [], [], 0
    for index in range(size):
        good.append(
            inclusion_holds(HASHES[index], index=index, size=size, proof=path(index, 0, size), root=root(0, size))
        )
        for name, (leaf, place, count, proof, top) in bad_inclusions(index, size):
            judged += 1
            if inclusion_holds(leaf, index=place, size=count, proof=proof, root=top):
                accepted.append((index, name))
    print(f"\ninclusion classes, {size} entries: {judged} damaged")

    assert (all(good), accepted) == (True, [])


@pytest.mark.parametrize(("old", "new"), list(combinations_with_replacement(range(9), 2)))
def test_every_class_of_damaged_consistency_proof_is_refused_and_the_good_one_accepted(old: int, new: int) -> None:
    proof = subproof(old, 0, new, whole=True) if old else []
    good = consistency_holds(old_size=old, new_size=new, proof=proof, old_root=root(0, old), new_root=root(0, new))
    accepted = [
        name
        for name, (one, other, path_, first, second) in bad_consistencies(old, new)
        if consistency_holds(old_size=one, new_size=other, proof=path_, old_root=first, new_root=second)
    ]

    assert (good, accepted) == (True, [])
