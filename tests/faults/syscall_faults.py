"""System calls that fail or never return: a writer is killed, or told EIO or ENOSPC, in each of its calls on the production's files.

The method is that of Tessera (integration/fault/posix): strace injects the fault into the k-th call of a kind; then the production is
opened again and compared with what the writer acknowledged.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from edgecode.drivers.high_water import high_water
from edgecode.drivers.key_files import open_key_file
from edgecode.drivers.published import publish
from edgecode.drivers.sqlite_ledger import SqliteLedger
from edgecode.errors import EdgecodeError
from edgecode.ledger.export import CHECKPOINT_PATH, bundles_of, encode_bundle, tiles_of
from edgecode.ledger.log import Log
from edgecode.ledger.notes import open_checkpoint
from edgecode.ledger.policy import Policy
from edgecode.ledger.tiles import tile_path
from faults.fault_counts import Counts
from faults.power_loss import quick_folder
from faults.told import Told, Wrong, judge_folder, require
from sample_log import new_production

CALLS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "rename", "mkdir", "openat")
FAULTS = {
    "signal=KILL": CALLS,
    "error=EIO": CALLS,
    "error=ENOSPC": ("pwrite64", "write", "ftruncate", "fsync", "fdatasync", "mkdir", "rename", "openat"),
}
_WRITER = Path(__file__).with_name("faulted_writer.py")
_BEFORE = 250
_LINE = re.compile(r"^\d+\s+(\w+)\((.*)$")


class Point(NamedTuple):
    """The *number*-th call of a kind, and what happens to it."""

    call: str
    number: int
    fault: str


@cache
def why_not() -> str:
    """Why system calls cannot be made to fail here; "" when they can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    tried = subprocess.run([strace, "-f", "-qq", "-e", "trace=none", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "ptrace is not permitted here"


def syscall_faults(*, points: int | None, seed: int = 1) -> Counts:
    """Try *points* of all points, chosen by *seed* over calls and faults (None: every one)."""
    counts = Counts("system call killed, EIO, ENOSPC")
    if why_not():
        counts.skipped = why_not()
        return counts
    with quick_folder() as folder:
        _prepare(folder / "before")
        everything = list(_points(folder))
        chosen = everything if points is None else _spread(everything, points, Random(seed))
        for point in chosen:
            _try_point(folder, point, counts)
    return counts


def _prepare(folder: Path) -> None:
    folder.mkdir()
    production = new_production(folder)
    production.log.append(production.events(_BEFORE))
    publish(production.log, folder / "published")
    production.close()


def _spread(points: list[Point], count: int, random: Random) -> list[Point]:
    """Some of every kind first, then whatever chance gives."""
    random.shuffle(points)
    by_kind: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        by_kind.setdefault((point.call, point.fault), []).append(point)
    rounds = [kind[place] for place in range(count) for kind in by_kind.values() if place < len(kind)]
    return rounds[:count]


def _points(folder: Path) -> list[Point]:
    """Every call of the writer on the production's files, as an undisturbed run shows them; a second run shows the same."""
    run(folder, None)
    counted: dict[str, int] = dict.fromkeys(CALLS, 0)
    found = []
    for line in (folder / "trace").read_text("utf-8", "replace").splitlines():
        match = _LINE.match(line)
        if match is None or match[1] not in counted:
            continue
        counted[match[1]] += 1
        if _is_ours(match[2], folder, match[1]):
            found.append((match[1], counted[match[1]]))
    return [Point(call, number, fault) for fault, calls in FAULTS.items() for call, number in found if call in calls]


def _is_ours(arguments: str, folder: Path, call: str) -> bool:
    """Only what the writer does to the files it writes; that it cannot read its own key file is not a fault of the record."""
    ours = str(folder / "now") in arguments and "log.key" not in arguments
    return ours and not (call == "openat" and "O_RDONLY" in arguments and "O_DIRECTORY" not in arguments)


def run(folder: Path, point: Point | None) -> str:
    """Run the writer over a fresh copy of the production; returns what it said."""
    now = folder / "now"
    shutil.rmtree(now, ignore_errors=True)
    shutil.copytree(folder / "before", now)
    inject = [] if point is None else ["-e", f"inject={point.call}:{point.fault}:when={point.number}"]
    command = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", str(folder / "trace"), "-e", f"trace={','.join(CALLS)}"]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_WRITER.parents[1]), *filter(None, sys.path)]),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [*command, *inject, sys.executable, str(_WRITER), str(now), "7"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    return done.stdout


def _try_point(folder: Path, point: Point, counts: Counts) -> None:
    said = run(folder, point)
    trace = (folder / "trace").read_text("utf-8", "replace")
    if "(INJECTED)" not in trace and "killed by SIGKILL" not in trace:
        return  # another path through the program was taken, and the call was never made: not a point
    told = told_by(said)
    try:
        judge(folder / "now", told)
        counts.add("fine")
    except Wrong as wrong:
        counts.add(wrong.kind, f"{point.call} {point.number} {point.fault}: {wrong}")


def told_by(said: str) -> Told:
    """What the writer acknowledged on its output."""
    told = Told(begun=True)
    for line in said.splitlines():
        one = json.loads(line)
        told.keys |= set(one.get("keys", ()))
        if "root" in one:
            told.heads[one["size"]] = bytes.fromhex(one["root"])
            told.places |= {bytes.fromhex(name): at for name, at in zip(one["ids"], one["indexes"], strict=True)}
        if "destroyed" in one:
            told.destroyed[one["destroyed"]] = bytes.fromhex(one["key"])
        told.published = max(told.published, one.get("published", 0))
        told.high_water = max(told.high_water, one.get("high_water", 0))
    return told


def judge(folder: Path, told: Told) -> None:
    """Files of the production after the fault: published ones, the high water, then the stores themselves. Raises Wrong."""
    signer = open_key_file(folder / "log.key")
    store = SqliteLedger(folder / "ledger.db")
    try:
        log = Log.open(store, signer)
        judge_published(log, folder / "published", at_least=told.published)
        judge_high_water(log, folder, at_least=told.high_water)
        publish(log, folder / "published")
        judge_published(log, folder / "published", at_least=log.size)
    except EdgecodeError as error:
        raise Wrong("corrupt", f"{error.code} {error}") from error
    finally:
        store.close()
    judge_folder(folder, signer, told)


def judge_published(log: Log, folder: Path, *, at_least: int) -> None:
    """The published head is one of this log and of what was acknowledged, and every file it speaks of is there and right."""
    head = open_checkpoint((folder / CHECKPOINT_PATH).read_bytes(), Policy.of_keys(log.key)).checkpoint
    require(at_least <= head.size <= log.size, f"{head.size} entries published of {at_least}")
    require(log.root_at(head.size) == head.root, "another history was published")
    for name in tiles_of(head.size):
        there = (folder / tile_path(name)).read_bytes()
        require(there == log.tile(int(name.level), name.number, head.size), f"{name} is wrong", kind="corrupt")
    for name in bundles_of(head.size):
        first = name.number << 8
        leaves = [entry.leaf for entry in log.entries(first, first + name.width)]
        require((folder / tile_path(name)).read_bytes() == encode_bundle(leaves), f"{name} is wrong", kind="corrupt")


def judge_high_water(log: Log, folder: Path, *, at_least: int) -> None:
    """The head kept beside the ledger is whole, as far on as was acknowledged, and of this history."""
    note = high_water(folder / "high-water")
    if note is None:
        require(not at_least, "the high water is gone")
        return
    head = open_checkpoint(note, Policy.of_keys(log.key)).checkpoint
    require(head.size >= at_least and log.root_at(head.size) == head.root, "the high water is behind or elsewhere")
