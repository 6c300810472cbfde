"""Checks inclusion proofs with sigstore-python's verifier, which shares no code with edgecode: CASES.json on standard input.

With a path as argument: the trees of tests/ledger/tree_cases.py in that file instead.
Runs in any interpreter that has sigstore 4.5.1 (its module is private, so the version is pinned). Prints counts.
"""

import json
import sys
from base64 import b64decode
from pathlib import Path
from types import SimpleNamespace

from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore.errors import VerificationError


def holds(case: dict, *, leaf: bytes, hashes: list[bytes], size: int, root: bytes) -> bool:
    proof = SimpleNamespace(log_index=case["index"], tree_size=size, hashes=hashes, root_hash=root)
    try:
        verify_merkle_inclusion(SimpleNamespace(_inner=SimpleNamespace(canonicalized_body=leaf, inclusion_proof=proof)))
    except VerificationError:
        return False
    return True


def compare_trees(path: str) -> None:
    given = json.loads(Path(path).read_text())
    roots = {int(size): bytes.fromhex(root) for size, root in given["roots"].items()}
    good = damaged = accepted = 0
    for number, (index, size, joined) in enumerate(given["inclusion"]):
        leaf, hashes = index.to_bytes(4, "big"), [bytes.fromhex(joined[i : i + 64]) for i in range(0, len(joined), 64)]
        good += holds({"index": index}, leaf=leaf, hashes=hashes, size=size, root=roots[size])
        wrong = [({"index": index ^ 1}, hashes)]
        if hashes:
            at = number % len(hashes)
            wrong.append(({"index": index}, [*hashes[:at], flipped(hashes[at], number), *hashes[at + 1 :]]))
        damaged += len(wrong)
        accepted += sum(holds(case, leaf=leaf, hashes=path, size=size, root=roots[size]) for case, path in wrong)
    print(f"inclusion {good} damaged {damaged} accepted {accepted}")


def flipped(data: bytes, number: int) -> bytes:
    at = number % len(data)
    return data[:at] + bytes([data[at] ^ 1 << number % 8]) + data[at + 1 :]


def main() -> None:
    if len(sys.argv) > 1:
        compare_trees(sys.argv[1])
        return
    given = json.load(sys.stdin)
    checkpoint = SignedCheckpoint.from_text(given["checkpoint"]).checkpoint
    size, root = checkpoint.log_size, b64decode(given["root"])
    good = bad = 0
    for case in given["inclusion"]:
        leaf, hashes = b64decode(case["leaf"]), [b64decode(item) for item in case["hashes"]]
        good += holds(case, leaf=leaf, hashes=hashes, size=size, root=root)
        bad += holds(case, leaf=leaf + b" ", hashes=hashes, size=size, root=root)
        bad += sum(
            holds(case, leaf=leaf, hashes=[*hashes[:at], bytes(32), *hashes[at + 1 :]], size=size, root=root)
            for at in range(len(hashes))
        )
    print(f"{checkpoint.origin} {size} good {good} bad {bad}")


if __name__ == "__main__":
    main()
