"""Checks inclusion proofs with sigstore-python's verifier, which shares no code with edgecode: CASES.json on standard input.

Runs in any interpreter that has sigstore 4.5.1 (its module is private, so the version is pinned). Prints counts.
"""

import json
import sys
from base64 import b64decode
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


def main() -> None:
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
