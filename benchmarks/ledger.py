"""The record in figures: every one beside a named baseline of the same run, with durability on both sides, and the aim it has.

    python benchmarks/ledger.py [--all | sqlite postgres reading packs] [--folder DIR] [--rounds 5] [--scale 1.0]

--all takes about 6 minutes on a quiet machine of two cores and 4 GB of disk; --scale 0.02 a few seconds, to see that it runs. pymerkle
(GPL) is a rival measured where it is installed (pip install pymerkle), never a dependency. docs/reference/benchmarks.md has the table.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import apsw

import ledger_postgres
import ledger_reading
import ledger_sqlite
from ledger_table import Line, chosen, events, print_table

PARTS = ("sqlite", "postgres", "reading", "packs")
PACK_CLIPS = 2_500


def packs(*, scale: float) -> Iterator[Line]:
    """The pack of a made-up cut; benchmarks/packs.py prints everything about it."""
    clips = max(20, int(PACK_CLIPS * scale))
    program = [sys.executable, str(Path(__file__).with_name("packs.py")), str(clips)]
    found = json.loads(subprocess.run(program, capture_output=True, check=True, text=True).stdout.splitlines()[-1])
    figure = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found.items() if name != "clips")
    yield Line(f"evidence pack of a cut of {clips:,} clips", figure)


def lines(parts: list[str], folder: Path, *, rounds: int, scale: float) -> Iterator[Line]:
    """The table, line by line."""
    if "sqlite" in parts:
        yield from ledger_sqlite.measured(folder, rounds=rounds, scale=scale)
    if "postgres" in parts:
        yield from chosen(ledger_postgres.measured(folder, rounds=rounds, scale=scale))
    if "reading" in parts:
        yield from ledger_reading.measured(folder, scale=scale)
    if "packs" in parts:
        yield from packs(scale=scale)


def main() -> None:
    """Measure the parts that were asked for, and print what they come to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts (default: sqlite)")
    parser.add_argument("--all", action="store_true", help="every part")
    parser.add_argument("--folder", type=Path, help="where to write; a disk, not a RAM disk")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="a fraction of the full counts")
    given = parser.parse_args()
    parts = list(PARTS) if given.all else given.parts or ["sqlite"]
    leaf = len(events(1, sections=False)[0].leaf)
    print(
        f"SQLite {apsw.sqlite_lib_version()}, leaves of {leaf} bytes, {given.rounds} rounds, {given.scale} of the counts\n"
    )
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        print_table(lines(parts, Path(folder), rounds=given.rounds, scale=given.scale))
    print(f"\n{time.monotonic() - begin:.0f} s in all")


if __name__ == "__main__":
    main()
