"""Makes a log of so many entries in one process, audits it in another, and prints how many differences there were and the peak memory.

    audit_memory.py FOLDER ENTRIES DAMAGED

DAMAGED 1: the table of event ids is emptied. Memory is the peak of resident MiB of the auditing process.
"""

import re
import subprocess
import sys
from pathlib import Path
from random import Random

from edgecode.drivers.key_files import create_key_file
from edgecode.drivers.spilled import Spilled
from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.events.codec import Leaf
from edgecode.events.sealed import SealedEvent
from edgecode.ledger.differences import Told, differences
from edgecode.ledger.log import Log
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.sections import SectionJudge
from edgecode.terms.identity import record_id

BATCH = 5_000
CLOCK = 1_795_000_000_000


def make(folder: Path, entries: int, *, damaged: bool) -> None:
    folder.mkdir()
    random = Random(entries)
    store = SqliteLedger(folder / "ledger.db")
    log = Log.create(store, create_key_file(folder / "log.key"), origin="example.org/edgecode/large")
    (folder / "log.vkey").write_text(str(log.key))
    for begin in range(0, entries, BATCH):
        log.append([event(random, CLOCK + index) for index in range(begin, min(begin + BATCH, entries))])
    store.close()
    if damaged:
        ledger = connect(folder / "ledger.db", durable=False)
        ledger.execute("delete from event_id")
        ledger.close()


def event(random: Random, now: int) -> SealedEvent:
    id_ = record_id(now, random.randbytes(10))
    return SealedEvent(Leaf(id_, now, "production.opened/1", "k:0123456789abcdef", (id_,), {}).encode(), ())


def audit(folder: Path) -> int:
    told = Told(lambda finding: None)
    store = SqliteLedger(folder / "ledger.db", read_only=True)
    policy = Policy.of_keys(VerifierKey.parse((folder / "log.vkey").read_text()))
    with Spilled(folder) as spilled:
        differences(store, policy, told=told, judge=SectionJudge(), lost_ids=spilled.lost_ids)
    return sum(told.codes.values())


def main() -> None:
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        make(folder, int(sys.argv[2]), damaged=sys.argv[3] == "1")
        subprocess.run([sys.executable, __file__, str(folder)], check=True)
        return
    differing = audit(folder)
    # Not ru_maxrss: it begins with what the process that started this one had.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(differing, int(peak) // 1024)


if __name__ == "__main__":
    main()
