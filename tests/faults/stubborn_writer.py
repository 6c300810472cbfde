"""A process that records into PostgreSQL and, when told no, tries the same events again until they are acknowledged: URL KEY SEED STOP.

Prints every acknowledgment as a line of JSON. Ends when the file STOP exists, or when it was told no for a minute.
"""

import json
import sys
import time
from pathlib import Path

from edgecode.drivers.key_files import open_key_file
from edgecode.drivers.postgres_ledger import PostgresLedger
from edgecode.errors import UnavailableError
from edgecode.events.codec import leaf_id
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.log import Log, Receipt
from edgecode.ledger.store import Signer
from faults.told import keyless
from sample_log import Chance

PATIENCE_SECONDS = 60


class Stubborn:
    """Opens the log again, and asks again, as often as it takes."""

    def __init__(self, url: str, signer: Signer) -> None:
        self.url, self.signer, self.refusals = url, signer, 0
        self.log: Log | None = None

    def append(self, events: list[SealedEvent]) -> Receipt:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if self.log is None:
                    self.log = Log.open(PostgresLedger(self.url), self.signer)
                return self.log.append(events)
            except UnavailableError:
                self.refusals += 1
                # Half of the time with the log that is open, half of the time with a new one, as programs differ.
                if self.refusals % 2:
                    self.log = None
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)


def main(url: str, key: Path, *, seed: int, stop: Path) -> None:
    signer, chance = open_key_file(key), Chance(seed)
    writer = Stubborn(url, signer)
    while not stop.exists():
        events = keyless(chance, signer, count=chance.random.choice((1, 1, 7, 90)))
        receipt = writer.append(events)
        said = {"indexes": list(receipt.indexes), "size": receipt.size, "root": receipt.root.hex()}
        names = [leaf_id(event.leaf).hex() for event in events]
        print(json.dumps({**said, "ids": names, "refusals": writer.refusals}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), seed=int(sys.argv[3]), stop=Path(sys.argv[4]))
