"""Builds edgecode-verify.pyz: the offline verifier as one file, for people who have Python and `cryptography` and nothing else of ours.

    python dev/build_verifier.py [edgecode-verify.pyz]

The same sources give the same bytes; a pack carries this very file (edgecode.production.packs.verifier_program).
"""

import sys
from pathlib import Path

from edgecode.production.packs.verifier_program import verifier_program


def build(target: Path) -> None:
    """Write the verifier to *target*; it can be started by itself where `python3` is on the path."""
    target.write_bytes(verifier_program())
    target.chmod(0o755)


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else "edgecode-verify.pyz"))
