"""A process that drains an inbox, and may end without a word at one of its steps: URL KEY STEP NUMBER before|after ("-" for no step)."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edgecode.drivers.key_files import open_key_file
from edgecode.ledger.log import Log
from edgecode.ledger.sequencer import follow
from edgecode.ledger.store import LogStore
from edgecode.testing.fault_stores import Faults, faulty


@dataclass
class Ending(Faults):
    """Kills this process at the *number*-th call of *step*, before it is done or right after."""

    step: str = ""
    number: int = 0
    afterwards: bool = False

    def around(self, step: str, call: Callable[[], object]) -> object:
        self.calls[step] = self.calls.get(step, 0) + 1
        now = (step, self.calls[step]) == (self.step, self.number)
        if now and not self.afterwards:
            os.kill(os.getpid(), signal.SIGKILL)
        done = call()
        if now:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


def store_at(url: str) -> LogStore:
    """The store of a log by its URL, or its path."""
    if url.startswith("postgresql:"):
        from edgecode.drivers.postgres_ledger import PostgresLedger

        return PostgresLedger(url)
    from edgecode.drivers.sqlite_ledger import SqliteLedger

    return SqliteLedger(url)


def main(url: str, key: Path, ending: Ending) -> None:
    store = faulty(store_at(url), ending)
    log = Log.open(store, faulty(open_key_file(key), ending))
    print("ready", flush=True)
    follow(store, log, threading.Event(), told=lambda done: None, pause_seconds=0.05)


if __name__ == "__main__":
    step, number, when = sys.argv[3:6]
    main(sys.argv[1], Path(sys.argv[2]), Ending(step=step, number=int(number), afterwards=when == "after"))
