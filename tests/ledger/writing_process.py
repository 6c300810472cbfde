"""A process that appends to a log and prints every acknowledgment as a line: FOLDER SEED BATCHES EACH."""

import json
import sys
from pathlib import Path

from edgecode.drivers.key_files import open_key_file
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.events.codec import leaf_id
from edgecode.ledger.log import Log
from sample_log import Chance, sealed, version_seen


def main(folder: Path, *, seed: int, batches: int, each: int) -> None:
    signer, keys, chance = open_key_file(folder / "log.key"), SqliteKeys(folder / "keys.db"), Chance(seed)
    log = Log.open(SqliteLedger(folder / "ledger.db"), signer)
    for _ in range(batches):
        events = [sealed(version_seen(chance), chance, keys, signer) for _ in range(each)]
        receipt = log.append(events)
        ids = [leaf_id(event.leaf).hex() for event in events]
        told = {"indexes": list(receipt.indexes), "size": receipt.size, "root": receipt.root.hex(), "ids": ids}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), seed=int(sys.argv[2]), batches=int(sys.argv[3]), each=int(sys.argv[4]))
