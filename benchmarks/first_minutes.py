"""The first minutes: installed size, `--help` above a bare interpreter, and the demo's whole road, in a fresh virtual environment.

Run: python benchmarks/first_minutes.py   (about a minute; installs the checkout into a temporary folder)
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {"pip", "setuptools"}
SIZE = """
import importlib.metadata as m, json, pathlib
sizes = {}
for d in m.distributions():
    files = [pathlib.Path(d.locate_file(f)) for f in d.files or []]
    sizes[d.name] = sum(f.stat().st_size for f in files if f.is_file() and f.suffix != ".pyc")
print(json.dumps(sizes))
"""


def cpu_seconds(command: list[str], runs: int = 9) -> float:
    """The median of user + system CPU seconds of a whole process."""
    found = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(found)


def demo_seconds(edgecode: str, folder: Path, runs: int = 3) -> float:
    """The median wall seconds of `edgecode demo` in an empty folder."""
    found = []
    for run in range(runs):
        started = time.perf_counter()
        subprocess.run(
            [edgecode, "demo", "--dir", str(folder / f"demo{run}"), "--no-open"], check=True, stdout=subprocess.DEVNULL
        )
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        python, edgecode = str(folder / "venv/bin/python"), str(folder / "venv/bin/edgecode")
        started = time.perf_counter()
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(ROOT)], check=True)
        installed = time.perf_counter() - started
        sizes: dict[str, int] = json.loads(
            subprocess.run([python, "-c", SIZE], capture_output=True, text=True, check=True).stdout
        )
        ours = {name: size for name, size in sizes.items() if name not in NOT_OURS}
        bare = cpu_seconds([python, "-c", "pass"])
        shown = cpu_seconds([edgecode, "--help"])
        rows = [
            ("installed size", f"{sum(ours.values()) / 1e6:.1f} MB, {len(ours)} packages", "60 MB, 20 packages"),
            ("pip install of a checkout", f"{installed:.1f} s", "15 s"),
            (
                "--help above a bare interpreter",
                f"{(shown - bare) * 1e3:.0f} ms CPU (bare {bare * 1e3:.0f})",
                "150 ms CPU",
            ),
            ("demo, whole road", f"{demo_seconds(edgecode, folder):.1f} s", "10 s"),
        ]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name, measured, aim in rows:
        print(f"{name:<34} {measured:<34} aim {aim}")


if __name__ == "__main__":
    main()
