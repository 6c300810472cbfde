"""Figures of a scan that others read: threads, commands in two processes and a Dask cluster of two workers, beside one plain process.

Run:  python benchmarks/farm.py [--frames 800] [--frame-kib 6144] [--lines 400] [--json OUT]

The baseline is one process that reads every file and takes its SHA-256 with hashlib, and its BLAKE3 where that package is installed.
Everything runs on this one machine, so what a farm costs is seen, and not what it wins: that is a matter of other machines' cores. Files
are in the page cache.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from edgecode.drivers.dask_farm import DaskFarm
from edgecode.ingest.chunk_planning import ChunkSizes
from edgecode.production import Production
from edgecode.production.farming import emit_chunks, read_on, take_parts
from scan import tree

RUNS = 3
_SOURCE = Path(__file__).resolve().parents[1] / "src"


def hashed_plainly(files: list[Path]) -> None:
    """One process, one thread, hashlib alone."""
    for path in files:
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256").digest()


def hashed_by_blake3(files: list[Path]) -> None:
    """One process, one thread, BLAKE3 alone: what b3sum does."""
    from blake3 import blake3

    for path in files:
        blake3(path.read_bytes()).digest()


def best_of(work: Callable[[Path], object], folder: Path, *, name: str) -> float:
    """The fastest of the runs in seconds; each in a new folder."""
    times = []
    for number in range(RUNS):
        place = folder / f"{name}-{number}"
        place.mkdir()
        began = time.perf_counter()
        work(place)
        times.append(time.perf_counter() - began)
        shutil.rmtree(place)
    return min(times)


@contextmanager
def two_workers(folder: Path) -> Iterator[tuple[str, float]]:
    """A scheduler and two workers of one thread each, and how long they took to start."""
    started, told = time.perf_counter(), folder / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(_SOURCE)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    words = {
        "dask_scheduler": ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
        "dask_worker": ["--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard"],
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(told), *words[module]], **quiet
        )
        for module in ("dask_scheduler", "dask_worker", "dask_worker")
    ]
    try:
        from distributed import Client

        while not told.exists() or not told.read_text("utf-8").strip():
            time.sleep(0.02)
        address = json.loads(told.read_text("utf-8"))["address"]
        with Client(address, set_as_default=False) as client:
            while len(client.nthreads()) < 2:
                time.sleep(0.02)
        yield f"dask://{address.removeprefix('tcp://')}", time.perf_counter() - started
    finally:
        for one in running:
            one.kill()
            one.wait()


def scanned(place: Path, media: Path) -> None:
    """A plain scan into a new production."""
    with Production.create(place / "show", title="A Show") as production:
        production.scan([media])


def on_cluster(place: Path, media: Path, url: str) -> None:
    """The same, read by a cluster."""
    with Production.create(place / "show", title="A Show") as production:
        read_on(production, DaskFarm(url), [media], sizes=ChunkSizes(files=64))
        production.scan()


def by_commands(place: Path, media: Path) -> None:
    """The same, read by two processes at a time that run the list of commands."""
    with Production.create(place / "show", title="A Show") as production:
        emit_chunks(production, [media], place / "chunks", sizes=ChunkSizes(files=200))
        lines = (
            (place / "chunks" / "commands.txt")
            .read_text("utf-8")
            .replace("edgecode scan", f"{sys.executable} -m edgecode scan")
        )
        command = ["xargs", "-P", "2", "-d", "\n", "-n", "1", "sh", "-c", 'eval "$1"', "-"]
        environment = {**os.environ, "PYTHONPATH": str(_SOURCE)}
        subprocess.run(command, input=lines.encode(), stdout=subprocess.DEVNULL, env=environment, check=True)
        take_parts(production, place / "chunks")
        production.scan()


def scan_figures(folder: Path, *, frames: int, size: int) -> dict[str, float]:
    """Seconds of each way to scan one tree."""
    media = folder / "media"
    total = tree(media, files=frames, size=size)
    files = sorted(media.rglob("*.exr"))
    time.sleep(2.1)
    found = {"hashlib SHA-256, one process": best_of(lambda place: hashed_plainly(files), folder, name="plain")}
    if find_spec("blake3"):
        found["BLAKE3, one process, one thread"] = best_of(lambda place: hashed_by_blake3(files), folder, name="b3")
    found["edgecode scan, threads"] = best_of(lambda place: scanned(place, media), folder, name="threads")
    found["commands, two at a time, merged"] = best_of(lambda place: by_commands(place, media), folder, name="commands")
    with two_workers(folder) as (url, start):
        found["Dask, two workers"] = best_of(lambda place: on_cluster(place, media, url), folder, name="dask")
    plain = found["hashlib SHA-256, one process"]
    for name, seconds in found.items():
        print(f"  {name:34s} {seconds:6.2f} s  {total / seconds / 1e9:5.2f} GB/s  {plain / seconds:5.2f} x hashlib")
    print(f"  (start of the cluster, not counted above: {start:.2f} s)")
    return {**found, "start of the cluster": start}


def line_figures(folder: Path, *, lines: int) -> dict[str, float]:
    """Lines a second: into a spool, and recorded with an answer each."""
    step = b'{"schema":"edgecode.step/1","kind":"paint","id":"s%d","outputs":[{"name":"a%d"}]}\n'
    data = b"".join(step % (number, number) for number in range(lines))
    Production.create(folder / "lines", title="A Show").close()
    environment = {**os.environ, "PYTHONPATH": str(_SOURCE)}

    def rate(*words: str) -> float:
        began = time.perf_counter()
        command = [sys.executable, "-m", "edgecode", *words]
        subprocess.run(
            command,
            input=data,
            cwd=folder / "lines",
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        return lines / (time.perf_counter() - began)

    found = {
        "spool add": rate("spool", "add"),
        "record --batch": rate("record", "--batch", "-"),
        "record --batch, all known": rate("record", "--batch", "-"),
    }
    for name, each in found.items():
        print(f"  {name:34s} {each:8.0f} lines a second, start of the program included")
    return found


def main() -> None:
    """Print every figure; with --json keep them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--frames", type=int, default=800)
    parser.add_argument("--frame-kib", type=int, default=6144)
    parser.add_argument("--lines", type=int, default=400)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="edgecode-farm-") as name:
        found = scan_figures(Path(name), frames=given.frames, size=given.frame_kib << 10)
        found |= line_figures(Path(name), lines=given.lines)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
