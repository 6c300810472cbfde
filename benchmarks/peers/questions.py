"""What every peer is asked: the show of benchmarks/lineage_show.py, the clips to ask about, and one JSON file of figures at the end."""

import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lineage_show import FULL_SHOTS, Workload, workload

CHUNK = 5_000
"""Steps per bulk call: what the peers themselves recommend for imports."""

shots = int(sys.argv[1]) if len(sys.argv) > 1 else FULL_SHOTS
show: Workload = workload(shots)
chosen = show.clips[:: max(1, len(show.clips) // 20)][:20]
figures: dict[str, float] = {}


def timed(call):  # type: ignore[no-untyped-def]
    """The call's answer and its wall seconds."""
    started = time.perf_counter()
    answer = call()
    return answer, time.perf_counter() - started


def closures(name, ask):  # type: ignore[no-untyped-def]
    """Median milliseconds of one closure over the chosen clips; every answer is compared with a plain walk."""
    times = []
    for clip in chosen:
        answer, seconds = timed(lambda one=clip: ask(one))
        assert answer - {clip} == show.ancestors(clip), f"wrong answer for {clip}"
        times.append(seconds * 1e3)
    figures[name] = statistics.median(times)


def finish(peer: str) -> None:
    """Print the figures as JSON."""
    print(json.dumps({"peer": peer, "shots": shots, "figures": figures}, indent=1))
