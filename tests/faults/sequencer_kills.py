"""Sequencers that are killed between their phases, and two of them at once: what was accepted is sealed once, and in its order."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from edgecode.drivers.key_files import FileSigner, create_key_file
from edgecode.events.codec import leaf_id
from edgecode.ledger.audit import audit
from edgecode.ledger.log import Log
from edgecode.ledger.policy import Policy
from faults.fault_counts import Counts
from faults.power_loss import quick_folder
from faults.sequencer_process import store_at
from faults.told import keyless
from sample_log import ORIGIN, Chance

_PROCESS = Path(__file__).with_name("sequencer_process.py")
PHASES = tuple(
    (step, number, when)
    for step, number in (
        ("waiting", 1),
        ("indexes_of", 1),
        ("append", 1),
        ("sign", 1),
        ("keep_checkpoint", 1),
        ("append", 2),
        ("sign", 2),
    )
    for when in ("before", "after")
)
PATIENCE_SECONDS = 60


def sequencer_kills(url: str, *, rounds: int, seed: int = 1, name: str) -> Counts:
    """For each phase in turn: accept events, let a sequencer die there while another stands by, and let that one finish. Counted are
    accepted events."""
    counts, random, chance = Counts(name), Random(seed), Chance(seed)
    with quick_folder() as folder:
        signer = create_key_file(folder / "log.key")
        store = store_at(url)
        Log.create(store, signer, origin=ORIGIN)
        accepted: list[bytes] = []
        died = 0
        for number in range(rounds):
            phase = PHASES[number % len(PHASES)]
            dying = _start(url, folder, *phase)
            second = _start(url, folder, "-", 0, "before")
            try:
                accepted += _accept(store, signer, chance, random)
                _finished(store)
                died += dying.poll() == -signal.SIGKILL
            finally:
                _end(dying, second)
        _judge(store, signer, accepted, counts)
        if 2 * died < rounds:
            counts.add("corrupt", f"only {died} of {rounds} sequencers died, so nothing was tried")
        store.close()  # type: ignore[attr-defined]
    return counts


def _accept(store: object, signer: FileSigner, chance: Chance, random: Random) -> list[bytes]:
    ids = []
    for _ in range(4):
        events = keyless(chance, signer, count=random.randrange(1, 30))
        store.accept(events)  # type: ignore[attr-defined]
        ids += [leaf_id(event.leaf) for event in events]
        time.sleep(random.uniform(0, 0.02))
    return ids


def _start(url: str, folder: Path, step: str, number: int, when: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_PROCESS.parents[1]), *filter(None, sys.path)])}
    command = [sys.executable, str(_PROCESS), url, str(folder / "log.key"), step, str(number), when]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    # One that dies while opening the log never says that it is ready; its line is then empty.
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _finished(store: object) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while store.waiting(1) and time.monotonic() < end:  # type: ignore[attr-defined]
        time.sleep(0.01)


def _end(*processes: "subprocess.Popen[str]") -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


def _judge(store: object, signer: FileSigner, accepted: list[bytes], counts: Counts) -> None:
    log = Log.open(store, signer)  # type: ignore[arg-type]
    sealed = [leaf_id(entry.leaf) for entry in log.entries()]
    for place, identity in enumerate(accepted):
        there = place < len(sealed) and sealed[place] == identity
        counts.add("fine" if there else "lost", f"accepted event {place} is not entry {place}")
    if len(sealed) != len(accepted):
        counts.add("corrupt", f"{len(sealed)} entries of {len(accepted)} accepted events")
    if findings := audit(store, Policy.of_keys(log.key)).report.findings:  # type: ignore[arg-type]
        counts.add("corrupt", str(findings[0]))
