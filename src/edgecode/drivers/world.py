"""The clock and the source of chance, as one value that callers pass on; tests give their own."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from edgecode.terms.identity import RecordId, record_id


@dataclass(frozen=True, slots=True)
class World:
    """*milliseconds*: time since 1970. *randomness*: that many unpredictable bytes."""

    milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    randomness: Callable[[int], bytes] = os.urandom

    def new_id(self) -> RecordId:
        """A fresh record id."""
        return record_id(self.milliseconds(), self.randomness(10))
