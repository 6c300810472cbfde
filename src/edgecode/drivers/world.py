"""The clock, the source of chance and the way to signing keys, as one value that callers pass on; tests give their own."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edgecode.drivers.signers import signer_at
from edgecode.ledger.store import Signer
from edgecode.terms.identity import RecordId, record_id


@dataclass(frozen=True, slots=True)
class World:
    """*milliseconds*: time since 1970. *randomness*: that many unpredictable bytes. *open_signer*: the signer that a URI names, relative
    to a folder."""

    milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    randomness: Callable[[int], bytes] = os.urandom
    open_signer: Callable[[str, Path], Signer] = lambda uri, folder: signer_at(uri, folder=folder)

    def new_id(self) -> RecordId:
        """A fresh record id."""
        return record_id(self.milliseconds(), self.randomness(10))
