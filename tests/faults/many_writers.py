"""Many processes on one SQLite file: one order, no event twice, every signed head on one history, and nobody's later event before."""

import json
import os
import subprocess
import sys
from pathlib import Path

from edgecode.drivers.key_files import open_key_file
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.events.codec import leaf_id
from edgecode.ledger.audit import audit
from edgecode.ledger.log import Log
from edgecode.ledger.policy import Policy
from faults.fault_counts import Counts
from faults.power_loss import quick_folder
from sample_log import new_production

_WRITER = Path(__file__).resolve().parents[1] / "ledger" / "writing_process.py"


def many_writers(*, processes: int, appends: int) -> Counts:
    """*processes* writers that each append one event *appends* times. Counted are their acknowledgments."""
    counts = Counts(f"{processes} processes on one SQLite file, {appends:,} appends each")
    with quick_folder() as folder:
        new_production(folder).close()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_WRITER.parents[1]), *filter(None, sys.path)])}
        command = [sys.executable, str(_WRITER), str(folder)]
        writers = [
            subprocess.Popen([*command, str(100 + number), str(appends), "1"], stdout=subprocess.PIPE, env=environment)
            for number in range(processes)
        ]
        told = [[json.loads(line) for line in writer.communicate()[0].splitlines()] for writer in writers]
        _judge(folder, told, counts, expected=processes * appends)
    return counts


def _judge(folder: Path, told: list[list[dict]], counts: Counts, *, expected: int) -> None:
    signer = open_key_file(folder / "log.key")
    store, keys = SqliteLedger(folder / "ledger.db"), SqliteKeys(folder / "keys.db")
    log = Log.open(store, signer)
    ids = [leaf_id(entry.leaf).hex() for entry in log.entries()]
    for one in told:
        last = -1
        for said in one:
            (index,) = said["indexes"]
            right = ids[index] == said["ids"][0] and index > last and log.root_at(said["size"]).hex() == said["root"]
            counts.add("fine" if right else "lost", f"entry {index}")
            last = index
    if len(set(ids)) != len(ids) or len(ids) != expected or counts.tried != expected:
        counts.add(
            "corrupt", f"{len(ids)} entries, {len(set(ids))} different, of {expected}; {counts.tried} acknowledged"
        )
    if findings := audit(store, Policy.of_keys(log.key)).report.findings:
        counts.add("corrupt", str(findings[0]))
    store.close()
    keys.close()
