"""The offline verifier as one file, built from the installed package: for people who have Python and `cryptography` and nothing of ours."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

MODULES = (
    "__init__.py",
    "errors.py",
    "events/__init__.py",
    "events/codec.py",
    "ledger/__init__.py",
    "ledger/evidence.py",
    "ledger/merkle.py",
    "ledger/notes.py",
    "ledger/pack_answers.py",
    "ledger/pack_facts.py",
    "ledger/pack_forms.py",
    "ledger/pack_papers.py",
    "ledger/packs.py",
    "ledger/policy.py",
    "ledger/tiles.py",
    "ledger/verify.py",
    "ledger/zips.py",
    "cli/__init__.py",
    "cli/verify.py",
)
"""What the verifier consists of: the trusted path, what packs and policies add to it, the errors and the command."""

START = """\
import sys

try:
    import cryptography
except ImportError:
    sys.exit("edgecode-verify needs the Python package cryptography, which is not installed here: pip install cryptography")

from edgecode.cli.verify import main

sys.exit(main())
"""
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@lru_cache(maxsize=1)
def verifier_program() -> bytes:
    """The bytes of ``edgecode-verify.pyz``: sources unchanged, order and times fixed, so that the same release gives the same bytes."""
    package = files("edgecode")
    contents = {"__main__.py": START.encode()}
    contents |= {f"edgecode/{name}": package.joinpath(*name.split("/")).read_bytes() for name in MODULES}
    file = BytesIO(b"#!/usr/bin/env python3\n")
    file.seek(0, 2)
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, data in contents.items():
            archive.writestr(ZipInfo(name, _ZIP_EPOCH), data)
    return file.getvalue()
