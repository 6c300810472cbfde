"""Builds edgecode-verify.pyz: the offline verifier as one file, for people who have Python and `cryptography` and nothing else of ours.

    python dev/build_verifier.py [edgecode-verify.pyz]

The file holds the trusted path, the errors and the command, unchanged, with fixed order and times: the same sources give the same bytes.
"""

import sys
import zipfile
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "src"
MODULES = (
    "edgecode/__init__.py",
    "edgecode/errors.py",
    "edgecode/events/__init__.py",
    "edgecode/events/codec.py",
    "edgecode/ledger/__init__.py",
    "edgecode/ledger/merkle.py",
    "edgecode/ledger/notes.py",
    "edgecode/ledger/policy.py",
    "edgecode/ledger/tiles.py",
    "edgecode/ledger/verify.py",
    "edgecode/cli/__init__.py",
    "edgecode/cli/verify.py",
)
START = "import sys\n\nfrom edgecode.cli.verify import main\n\nsys.exit(main())\n"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def build(target: Path) -> None:
    """Write the verifier to *target*; it can be started by itself where `python3` is on the path."""
    contents = {"__main__.py": START.encode(), **{name: (SOURCES / name).read_bytes() for name in MODULES}}
    with target.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, data in contents.items():
                archive.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), data)
    target.chmod(0o755)


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else "edgecode-verify.pyz"))
