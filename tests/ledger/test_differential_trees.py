"""Our roots and proofs are those of verifiers that other people wrote: all small trees, and random ones to 100,000 entries.

In full, with the counts: ``pytest -n0 -s --slow tests/ledger/test_differential_trees.py tests/ledger/test_independent.py``
"""

from collections.abc import Iterator
from pathlib import Path

import oracles
import pytest
from oracles import needs_go, needs_sigstore_node, needs_sigstore_python, needs_tlog_scales
from tree_cases import Trees, every_tree, large_trees, leaf_hash

from edgecode.ledger.merkle import consistency_holds, inclusion_holds

FAST_BOUND, FAST_COUNT = 64, 300
FULL_BOUND, FULL_COUNT = 256, 3_000
LARGE = 100_000


@pytest.fixture(
    scope="module", params=["small", "large", *(pytest.param(name, marks=pytest.mark.slow) for name in ("all", "many"))]
)
def trees(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "tuple[Trees, Path]":
    made = {
        "small": lambda: every_tree(FAST_BOUND),
        "large": lambda: large_trees(LARGE, FAST_COUNT),
        "all": lambda: every_tree(FULL_BOUND),
        "many": lambda: large_trees(LARGE, FULL_COUNT),
    }[request.param]()
    path = tmp_path_factory.mktemp("trees") / "trees.json"
    made.write(path)
    return made, path


@pytest.fixture(scope="module")
def go_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return oracles.go_program(tmp_path_factory.mktemp("go"))


def damaged_inclusion(trees: Trees) -> int:
    """How many damaged proofs an oracle makes of these: another index for each, a flipped bit for each that has a hash."""
    return len(trees.inclusion) + sum(bool(proof) for *_, proof in trees.inclusion)


def damaged_consistency(trees: Trees) -> int:
    return sum(bool(proof) for *_, proof in trees.consistency)


def flipped(proof: list[bytes], number: int) -> list[bytes]:
    """One bit of one hash changed, another one in each case."""
    at, byte = number % len(proof), number % 32
    changed = bytearray(proof[at])
    changed[byte] ^= 1 << number % 8
    return [*proof[:at], bytes(changed), *proof[at + 1 :]]


def test_we_accept_our_own_proofs_and_none_that_is_damaged(trees: tuple[Trees, Path]) -> None:
    cases, _ = trees
    told = [
        *(
            inclusion_holds(leaf_hash(index), index=index, size=size, proof=proof, root=cases.roots[size])
            for index, size, proof in cases.inclusion
        ),
        *(consistent(cases, old, new, proof) for old, new, proof in cases.consistency),
    ]
    wrong = [
        *(
            inclusion_holds(leaf_hash(index), index=place, size=size, proof=path, root=cases.roots[size])
            for number, (index, size, proof) in enumerate(cases.inclusion)
            for place, path in [(index ^ 1, proof), *([(index, flipped(proof, number))] if proof else [])]
        ),
        *(
            consistent(cases, old, new, flipped(proof, number))
            for number, (old, new, proof) in enumerate(cases.consistency)
            if proof
        ),
    ]
    print(f"\nourselves: {len(told):,} good, {len(wrong):,} damaged")

    assert (all(told), any(wrong)) == (True, False)


def consistent(cases: Trees, old: int, new: int, proof: list[bytes]) -> bool:
    roots = cases.roots
    return consistency_holds(old_size=old, new_size=new, proof=proof, old_root=roots[old], new_root=roots[new])


@needs_go
def test_go_builds_the_same_roots_and_proofs_and_refuses_damaged_ones(
    trees: tuple[Trees, Path], go_program: Path
) -> None:
    cases, path = trees
    said = oracles.said_by(go_program, "trees", path)
    print(f"\nGo sumdb/tlog: {said[1]}")

    damaged = damaged_inclusion(cases) + damaged_consistency(cases)
    counts = f"roots {len(cases.roots)} inclusion {len(cases.inclusion)} consistency {len(cases.consistency)}"
    assert said == ("", f"{counts} damaged {damaged} accepted 0")


@needs_sigstore_python
def test_sigstore_python_accepts_every_inclusion_and_none_that_is_damaged(trees: tuple[Trees, Path]) -> None:
    cases, path = trees
    said = oracles.sigstore_python(path)
    print(f"\nsigstore-python: {said[1]}")

    assert said == ("", f"inclusion {len(cases.inclusion)} damaged {damaged_inclusion(cases)} accepted 0")


@needs_sigstore_node
def test_sigstore_js_accepts_every_inclusion_and_none_that_is_damaged(trees: tuple[Trees, Path]) -> None:
    cases, path = trees
    said = oracles.sigstore_node("trees", path)
    print(f"\n@sigstore/verify: {said[1]}")

    assert said == ("", f"inclusion {len(cases.inclusion)} damaged {damaged_inclusion(cases)} accepted 0")


@needs_tlog_scales
def test_tlog_scales_accepts_every_proof_and_none_that_is_damaged(trees: tuple[Trees, Path]) -> None:
    cases, _ = trees
    told = [scales_says(cases, *case) for case in scales_cases(cases)]
    wrong = [
        scales_says(cases, kind, first, size, flipped(proof, number))
        for number, (kind, first, size, proof) in enumerate(scales_cases(cases))
        if proof
    ]
    print(f"\ntlog-scales: {len(told):,} good, {len(wrong):,} damaged")

    assert (all(told), any(wrong)) == (True, False)


def scales_cases(cases: Trees) -> Iterator[tuple[str, int, int, list[bytes]]]:
    yield from (("inclusion", *case) for case in cases.inclusion)
    yield from (("consistency", *case) for case in cases.consistency)


def scales_says(cases: Trees, kind: str, first: int, size: int, proof: list[bytes]) -> bool:
    from tlog_scales.tlog import ConsistencyProof, ConsistencyProofInvalid, InclusionProof, InclusionProofInvalid

    try:
        if kind == "inclusion":
            InclusionProof(first, size, proof).check(leaf_hash(first), cases.roots[size])
        else:
            ConsistencyProof(first, size, proof).check(cases.roots[first], cases.roots[size])
    except (ConsistencyProofInvalid, InclusionProofInvalid):
        return False
    return True
