"""Changes one stored byte in a copy of the demo's record, to show what verification says of it."""

import shutil
from pathlib import Path

from edgecode.cli.demo.film import CROWD_COVERED, FIRST_FILE_NUMBER
from edgecode.errors import NotFoundError
from edgecode.settings import FILE_NAME, STATE_FOLDER

_TRUE = f'"covers":[[{FIRST_FILE_NUMBER},{FIRST_FILE_NUMBER + CROWD_COVERED}]]'.encode()
_FORGED = _TRUE.replace(b"89]]", b"99]]")
FORGED_FRAMES = CROWD_COVERED + 10
"""How many frames the vendor's return seems to cover after the change, instead of CROWD_COVERED."""


def tamper_with_return(folder: Path, *, copy: Path) -> None:
    """Copy the record of the production in *folder* to *copy* (replaced if it exists) and let the vendor's return say more there.

    The production itself is not touched; nobody may have it open, or part of its record would still lie in a journal. Raises
    NotFoundError ``demo.return``.
    """
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / STATE_FOLDER, copy / STATE_FOLDER)
    shutil.copyfile(folder / FILE_NAME, copy / FILE_NAME)
    ledger = copy / STATE_FOLDER / "ledger.db"
    data = ledger.read_bytes()
    if _TRUE not in data:
        raise NotFoundError("demo.return", "the vendor's return is not in the record", "Run the demo in a fresh folder")
    ledger.write_bytes(data.replace(_TRUE, _FORGED, 1))
