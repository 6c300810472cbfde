"""A process that records, keeps its high water, publishes and destroys keys, and tells what was acknowledged: FOLDER SEED STEPS.

Each line of its output is one acknowledgment as JSON; a step that failed says so and is no acknowledgment.
"""

import json
import sys
from pathlib import Path

from edgecode.drivers.high_water import keep_high_water
from edgecode.drivers.key_files import open_key_file
from edgecode.drivers.published import publish
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import EdgecodeError
from edgecode.events.codec import leaf_id
from edgecode.ledger.log import Log
from sample_log import Chance, sealed, step_with_prompt, version_seen

BATCHES = (1, 9, 1)
"""Behind 250 entries: the second one fills a tile."""


def tell(**said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def main(folder: Path, *, seed: int) -> None:
    chance, signer = Chance(seed), open_key_file(folder / "log.key")
    keys, store = SqliteKeys(folder / "keys.db"), SqliteLedger(folder / "ledger.db")
    log = Log.open(store, signer)
    for count in BATCHES:
        try:
            with keys.together():
                made = (step_with_prompt if place % 4 == 0 else version_seen for place in range(count))
                events = [sealed(make(chance), chance, keys, signer) for make in made]
            used = sorted({one.key_id for event in events for one in event.sections if one.key_id})
            tell(keys=used)
            receipt = log.append(events)
            tell(
                indexes=list(receipt.indexes),
                ids=[leaf_id(event.leaf).hex() for event in events],
                size=receipt.size,
                root=receipt.root.hex(),
            )
            keep_high_water(folder / "high-water", receipt.checkpoint, flush=True)
            tell(high_water=receipt.size)
            publish(log, folder / "published")
            tell(published=receipt.size)
            key_id = f"t:{chance.id()}"
            key = chance.bytes(32)
            keys.create(key_id, key)
            tell(destroying=key_id)
            keys.destroy_forever(key_id)
            tell(destroyed=key_id, key=key.hex())
        except EdgecodeError as error:
            tell(failed=error.code)
    store.close()
    keys.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), seed=int(sys.argv[2]))
