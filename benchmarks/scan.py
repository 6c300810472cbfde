"""Scan figures on generated trees: gigabytes a second beside sha256sum and ASC MHL, an unchanged re-scan, first figures of 10,000 files.

Run:  python benchmarks/scan.py [--frames 2000] [--frame-kib 1536] [--ascmhl PATH] [--json OUT]

All trees are made here and removed. Files are in the page cache when they are read, so this measures the programs and not the disk.
Every contender reads the same files with the same digest where it has it; the fastest of three runs counts, first runs are shown.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from edgecode.drivers.scan_cache import ScanCache
from edgecode.events.file_facts import FileFacts
from edgecode.ingest.inspection import Inspector, inspector
from edgecode.ingest.scan import ScanOptions, scan
from edgecode.ingest.seen import FileSeen, SequenceFound, Sighting
from edgecode.ingest.stat_cache import NothingCached
from edgecode.ingest.walk import MediaRoot

RUNS = 3
SETTLING_SECONDS = 2.1
"""Files written within two seconds of being read are read again; the re-scan must not measure that."""


def exr_header(width: int = 64, height: int = 64) -> bytes:
    """The smallest honest EXR header (OpenEXR file layout): enough for a header reader, followed by noise instead of pixels."""

    def attribute(name: str, kind: str, value: bytes) -> bytes:
        return name.encode() + b"\0" + kind.encode() + b"\0" + len(value).to_bytes(4, "little") + value

    window = b"".join(number.to_bytes(4, "little", signed=True) for number in (0, 0, width - 1, height - 1))
    channel = b"R\0" + (1).to_bytes(4, "little") + bytes(4) + (1).to_bytes(4, "little") * 2 + b"\0"
    return (
        b"\x76\x2f\x31\x01\x02\0\0\0"
        + attribute("channels", "chlist", channel)
        + attribute("compression", "compression", b"\0")
        + attribute("dataWindow", "box2i", window)
        + attribute("displayWindow", "box2i", window)
        + attribute("lineOrder", "lineOrder", b"\0")
        + attribute("pixelAspectRatio", "float", b"\0\0\x80\x3f")
        + attribute("screenWindowCenter", "v2f", bytes(8))
        + attribute("screenWindowWidth", "float", b"\0\0\x80\x3f")
        + b"\0"
    )


def tree(root: Path, *, files: int, size: int, per_sequence: int = 100) -> int:
    """*files* EXR frames of *size* bytes in folders of one sequence each; returns the bytes written."""
    header = exr_header()
    noise = os.urandom(max(size - len(header) - 8, 0))
    for number in range(files):
        folder = root / f"sh{number // per_sequence:04d}"
        folder.mkdir(parents=True, exist_ok=True)
        frame = 1001 + number % per_sequence
        (folder / f"{folder.name}_v001.{frame:04d}.exr").write_bytes(header + number.to_bytes(8, "big") + noise)
    return files * (len(header) + 8 + len(noise))


def fastest(work: Callable[[], object]) -> tuple[float, float]:
    """(fastest, first) of the runs, in seconds."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times), times[0]


def no_headers() -> Inspector:
    """Readers that read nothing, to measure hashing alone."""
    return inspector(lambda path: (FileFacts("still"), []), lambda path, facts: (None, []))


def hash_rates(folder: Path, *, frames: int, size: int, ascmhl: str) -> dict[str, float]:
    """GB/s on one tree of frames."""
    root = folder / "frames"
    total = tree(root, files=frames, size=size)
    names = sorted(str(path) for path in root.rglob("*.exr"))
    listing = "\0".join(names).encode()

    def ours(options: ScanOptions) -> Callable[[], object]:
        return lambda: [*scan([MediaRoot("bench", root)], cache=NothingCached(), options=options)]

    def sha256sum(processes: int) -> Callable[[], object]:
        command = ["xargs", "-0", "-n", "50", "-P", str(processes), "sha256sum"]
        return lambda: subprocess.run(command, input=listing, stdout=subprocess.DEVNULL, check=True)

    def manifest(algorithm: str) -> Callable[[], object]:
        def run() -> None:
            shutil.rmtree(root / "ascmhl", ignore_errors=True)
            command = [ascmhl, "create", str(root), "-h", algorithm]
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

        return run

    contenders: dict[str, Callable[[], object]] = {
        "edgecode scan (sha256 + xxh128 + headers)": ours(ScanOptions()),
        "edgecode scan, one thread": ours(ScanOptions(threads=1)),
        "edgecode scan, without headers": ours(ScanOptions(inspect=no_headers())),
        "sha256sum, one process": sha256sum(1),
        "sha256sum, a process per core": sha256sum(os.cpu_count() or 1),
    }
    if ascmhl:
        contenders |= {f"ascmhl create -h {each}": manifest(each) for each in ("xxh128", "c4")}
    rates = {}
    for name, work in contenders.items():
        best, first = fastest(work)
        rates[name] = total / best / 1e9
        print(f"  {name:44s} {rates[name]:6.2f} GB/s   (first run {total / first / 1e9:.2f})", flush=True)
    shutil.rmtree(root)
    ours_rate = rates["edgecode scan (sha256 + xxh128 + headers)"]
    for name, rate in rates.items():
        if not name.startswith("edgecode"):
            print(f"  edgecode / {name}: {ours_rate / rate:.2f}x")
    return rates


def unchanged(folder: Path, *, files: int, size: int) -> dict[str, float]:
    """Seconds to scan a tree again that did not change."""
    root = folder / "unchanged"
    tree(root, files=files, size=size)
    time.sleep(SETTLING_SECONDS)
    cache = ScanCache.open(folder / "cache.db")
    roots = [MediaRoot("bench", root)]
    began = time.perf_counter()
    list(scan(roots, cache=cache))
    first = time.perf_counter() - began
    best, _ = fastest(lambda: [*scan(roots, cache=cache)])
    cache.close()
    shutil.rmtree(root)
    print(f"  {files} files of {size >> 10} KiB: first scan {first:.2f} s, unchanged {best:.3f} s")
    return {"first_seconds": first, "unchanged_seconds": best}


def first_figures(folder: Path, *, files: int, size: int) -> dict[str, float]:
    """Seconds until every header is read (what first figures need) and until everything is hashed; sequences and stills."""
    found = {}
    for name, per_sequence in (("sequences", 100), ("stills", 1)):
        root = folder / f"first-{name}"
        tree(root, files=files, size=size, per_sequence=per_sequence)
        cache = ScanCache.open(folder / f"{name}.db")
        began = time.perf_counter()
        sighted = done = 0.0
        for item in scan([MediaRoot("bench", root)], cache=cache, options=ScanOptions(sightings=True)):
            if isinstance(item, Sighting):
                sighted = time.perf_counter() - began
            elif isinstance(item, (FileSeen, SequenceFound)):
                done = time.perf_counter() - began
        cache.close()
        shutil.rmtree(root)
        print(f"  {files} files as {name}: sighted {sighted:.2f} s, all hashed {done:.2f} s")
        found |= {f"{name}_sighted_seconds": sighted, f"{name}_done_seconds": done}
    return found


def main() -> None:
    """Print all figures; with --json also write them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--frames", type=int, default=2000)
    parser.add_argument("--frame-kib", type=int, default=1536)
    parser.add_argument("--ascmhl", default=shutil.which("ascmhl") or "")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"Hashing {given.frames} frames of {given.frame_kib} KiB, {os.cpu_count()} cores:")
        figures = {
            "gb_per_second": hash_rates(folder, frames=given.frames, size=given.frame_kib << 10, ascmhl=given.ascmhl)
        }
        print("Scanning again:")
        figures["again"] = unchanged(folder, files=2500, size=given.frame_kib << 10)
        print("First figures:")
        figures["first"] = first_figures(folder, files=10_000, size=64 << 10)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
