"""Where the real files of the trade lie, which are never part of the repository; tests that need them skip without them."""

import os
from pathlib import Path

import pytest

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared"
SHARED = Path(os.environ.get("EDGECODE_SHARED", _BESIDE_THE_CHECKOUT))
DATA = SHARED / "data"

needs_shared_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the folder of real files is absent (set EDGECODE_SHARED)"
)
