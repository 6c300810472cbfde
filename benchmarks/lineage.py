"""Lineage figures on a show of 100,000 steps: building the index, one closure, impact, and what every frame of a cut is made of.

Run:  python benchmarks/lineage.py [--shots 2500] [--keep FOLDER] [--json OUT]
      python benchmarks/lineage.py ratios OURS PEER...        (files of benchmarks/peers/ask_*.py from the same machine and day)

Every answer is compared with a plain walk before it is timed. "New process" is the wall clock of a fresh interpreter that opens the
index, asks for the accounts of every clip's version, and ends; "per frame" is the CPU time to say it for each of 120 frames a clip.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.codec import Leaf
from edgecode.events.kinds import (
    Event,
    FrameMap,
    MediaFacts,
    PlaceSection,
    Recipe,
    StepFact,
    StepInput,
    StepPerformed,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.events.registry import Recorded
from edgecode.index.accounts import accounts
from edgecode.index.lineage import closure, impact
from edgecode.index.projector import project
from edgecode.index.rows import ids_text
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import RecordId, record_id
from edgecode.terms.steps import InputRole, StepKind
from lineage_show import FRAMES, Workload, digest, settings, workload

BATCH = 2_000
MAPPED = 20
"""Every twentieth picture input between shots' versions carries a frame map."""
RUNS = 3
TARGETS = {
    ("cut s", "mlmd"): 20,
    ("cut s", "aiida"): 30,
    ("closure ids ms", "mlmd"): 90,
    ("closure ids ms", "aiida"): 30,
}
"""How many times faster than a peer we mean to be at full size (reference: lineage page, targets)."""


def key(kind: int, number: int) -> RecordId:
    """The record id of a version (1) or a step (2) of the workload."""
    return record_id(1_760_000_000_000 + number, bytes([kind]) + number.to_bytes(9, "big"))


def events(show: Workload) -> Iterator[Event]:
    """The show as it would be recorded: each file is seen, then the step that made it."""
    for number, made in enumerate(show.steps):
        is_picture = made.shot >= 0
        media = MediaFacts("video", rate="24/1", frames=FRAMES) if is_picture else MediaFacts("still")
        place = PlaceSection("media", f"{made.library or 'shots'}/{made.shot}/{number}.mov", "")
        yield VersionSeen(
            VersionFact(key(1, number), media), VersionBytes(digest(number).hex(), 12_000_000 + number), place
        )
        inputs = tuple(
            StepInput(
                key(1, source), InputRole(role), _maps(number, source, is_picture and show.steps[source].shot >= 0)
            )
            for source, role in made.inputs
        )
        kind = StepKind(made.kind if made.kind != "import" else "camera")
        fact = StepFact(key(2, number), kind, "benchmark", Grade.LOGGED, (key(1, number),), inputs)
        yield StepPerformed(fact, recipe=Recipe(settings=settings(number)))


def _maps(number: int, source: int, is_aligned: bool) -> tuple[FrameMap, ...]:
    return (FrameMap("same", 0, FRAMES),) if is_aligned and (number * 31 + source) % MAPPED == 0 else ()


def build(show: Workload, path: Path) -> float:
    """Project the whole show; returns seconds."""
    store, entries = SqliteIndex(path), []
    leaf = Leaf(key(3, 0), 0, "benchmark/1", "k:00000000", (), {})
    for index, event in enumerate(events(show)):
        entries.append(Recorded(index, leaf, event))
    started = time.perf_counter()
    for first in range(0, len(entries), BATCH):
        batch = entries[first : first + BATCH]
        project(store, batch, size=batch[-1].index + 1, root=bytes(32))
    store.settle()
    seconds = time.perf_counter() - started
    store.close()
    return seconds


def check(store: SqliteIndex, show: Workload) -> None:
    """Answers equal a plain walk. Versions were projected in order, so version n has the dense id n + 1."""
    users = show.users()
    for clip in show.clips[:: max(1, len(show.clips) // 20)]:
        assert {row.version - 1 for row in closure(store, clip + 1)} - {clip} == show.ancestors(clip)
    for version in hot(show).values():
        found, stack = set[int](), [version]
        while stack:
            for user in users[stack.pop()]:
                if user not in found:
                    found.add(user)
                    stack.append(user)
        assert {one - 1 for one in impact(store, version + 1)} == found


def hot(show: Workload) -> dict[str, int]:
    """A rarely, a sometimes and an often used adapter of weights, and the base model that nearly everything used."""
    adapters = show.library["adapter"]
    return {
        "cold": adapters[-1],
        "mid": adapters[len(adapters) // 2],
        "hot": adapters[0],
        "base": show.library["base_model"][0],
    }


def median_and_p99(call: Callable[[int], object], items: list[int]) -> tuple[float, float]:
    """Milliseconds."""
    times = []
    for item in items:
        started = time.perf_counter()
        call(item)
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times), sorted(times)[int(len(times) * 0.99)]


def per_frame(store: SqliteIndex, versions: list[int]) -> tuple[float, int]:
    """CPU seconds to say what each frame of each clip is made of, and how many frames that is."""
    started, said = time.process_time(), 0
    for pieces in accounts(store, versions).values():
        answer = []
        for piece in pieces:
            first, end = max(piece.first or 0, 0), min(FRAMES if piece.end is None else piece.end, FRAMES)
            answer += [piece.account] * max(0, end - first)
        said += len(answer)
    return time.process_time() - started, said


NEW_PROCESS = """
import json, sys
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.index.accounts import accounts
asked = json.load(open(sys.argv[2]))
print(len(accounts(SqliteIndex(sys.argv[1]), asked)))
"""


def new_process(path: Path, asked: Path) -> float:
    """Wall seconds of a fresh interpreter that answers for the whole cut."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", NEW_PROCESS, str(path), str(asked)], check=True, capture_output=True)
    return time.perf_counter() - started


def measure(shots: int, folder: Path) -> dict[str, float]:
    """Every figure by name."""
    show, path = workload(shots), folder / "index.db"
    for old in folder.glob("index.db*"):
        old.unlink()
    figures = {"steps": float(len(show.steps)), "inputs": float(sum(len(one.inputs) for one in show.steps))}
    seconds = build(show, path)
    figures |= {"ingest steps/s": len(show.steps) / seconds, "size MB": path.stat().st_size / 1e6}
    store = SqliteIndex(path)
    check(store, show)
    chosen = [clip + 1 for clip in show.clips[:: max(1, len(show.clips) // 200)]]
    figures["closure ids ms"], figures["closure ids p99 ms"] = median_and_p99(
        lambda one: store.rows("closure_of", ids_text([one])), chosen
    )
    figures["closure ms"], figures["closure p99 ms"] = median_and_p99(lambda one: closure(store, one), chosen)
    for name, version in hot(show).items():
        figures[f"impact {name} ms"], _ = median_and_p99(lambda one: impact(store, one), [version + 1] * RUNS)
    versions = [clip + 1 for clip in show.clips]
    started = time.perf_counter()
    accounts(store, versions)
    figures["cut first s"] = time.perf_counter() - started
    figures["cut s"] = min(_timed(lambda: accounts(store, versions)) for _ in range(RUNS))
    figures["frames cpu s"], figures["frames"] = min(per_frame(store, versions) for _ in range(RUNS))
    store.close()
    asked = folder / "asked.json"
    asked.write_text(json.dumps(versions))
    figures["cut in a new process s"] = min(new_process(path, asked) for _ in range(RUNS))
    return figures


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def ratios(ours: Path, peers: list[Path]) -> int:
    """Print how many times faster we are; 1 when a target is missed at full size."""
    own, missed = json.loads(ours.read_text()), 0
    for path in peers:
        peer = json.loads(path.read_text())
        if peer["shots"] != own["shots"]:
            raise SystemExit(f"{path.name} asked a show of another size")
        # A peer's closure is compared with both of ours: ids alone, and rows with depth, role and maker.
        peer["figures"]["closure ids ms"] = peer["figures"]["closure ms"]
        for name, value in peer["figures"].items():
            mine = own["figures"].get(name)
            if mine is None:
                continue
            ratio = mine / value if name.endswith("/s") else value / mine
            target = TARGETS.get((name, peer["peer"]))
            verdict = (
                ""
                if target is None or own["shots"] < 2_500
                else f"  target {target}x {'met' if ratio >= target else 'MISSED'}"
            )
            missed |= "MISSED" in verdict
            print(f"{name:24s} {peer['peer']:8s} {value:12,.3f}   edgecode {mine:12,.3f}   {ratio:8.1f}x{verdict}")
    return missed


def main() -> int:
    """Measure one show and print or keep its figures, or print ratios of kept ones; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="measure", choices=["measure", "ratios"])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--shots", type=int, default=2_500)
    parser.add_argument("--keep", type=Path, help="keep the index in this folder")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.what == "ratios":
        return ratios(given.files[0], given.files[1:])
    with tempfile.TemporaryDirectory() as temporary:
        figures = measure(given.shots, given.keep or Path(temporary))
    for name, value in figures.items():
        print(f"{name:26s} {value:14,.3f}")
    if given.json:
        given.json.write_text(json.dumps({"peer": "edgecode", "shots": given.shots, "figures": figures}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
