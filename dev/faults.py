"""Tries every fault that the suite knows, in full, and prints what came of it; exit 1 when any promise was broken.

    python dev/faults.py                    everything, half an hour on two cores
    python dev/faults.py --only power       one part: power, syscalls, steps, postgres, sequencers, processes, tampering, bits, ...
    python dev/faults.py --quick            the counts that CI tries, a minute or two
    python dev/faults.py --write            also put the table into docs/reference/faults.md

What is tried and how is written there; the code is under tests/faults.
"""

import argparse
import platform
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "faults.md"
BEGIN, END = "<!-- begin: dev/faults.py -->\n", "<!-- end: dev/faults.py -->\n"
sys.path.insert(0, str(ROOT / "tests"))

from faults.fault_counts import Counts, table  # noqa: E402
from faults.fault_suite import PARTS  # noqa: E402


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", choices=sorted(PARTS), help="this part; may be given several times")
    parser.add_argument("--seed", type=int, default=1, help="another seed tries other states (default 1)")
    parser.add_argument("--full", action="store_true", help="everything (the default)")
    parser.add_argument("--quick", action="store_true", help="only as much as CI tries")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reference/faults.md")
    return parser.parse_args()


def main() -> int:
    """Run the parts, one after the other."""
    asked = arguments()
    done: list[Counts] = []
    for name in asked.only or PARTS:
        began = time.monotonic()
        for counts in PARTS[name](not asked.quick, asked.seed):
            counts.seconds, began = time.monotonic() - began, time.monotonic()
            done.append(counts)
            say(name, counts)
    print(table(done), flush=True)
    if asked.write:
        write(done, whole=not asked.only, quick=asked.quick, seed=asked.seed)
    broken = [counts.name for counts in done if not counts.passed]
    print(f"broken: {', '.join(broken)}" if broken else "every promise held, and every control failed as it must")
    return 1 if broken else 0


def say(part: str, counts: Counts) -> None:
    """One line of progress, with examples of what went wrong."""
    what = counts.skipped or f"{counts.tried:,} tried, {counts.wrong:,} wrong"
    print(f"{part:10} {counts.seconds:7.1f} s  {counts.name}: {what}", file=sys.stderr, flush=True)
    if counts.wrong and not counts.must_fail:
        print(*(f"           {example}" for example in counts.examples), sep="\n", file=sys.stderr)


def write(done: list[Counts], *, whole: bool, quick: bool, seed: int) -> None:
    """Put the table between the two marks of the page; unless it is the *whole* one, rows of other parts stay as they are."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    there, _, after = rest.partition(END)
    rows = {} if whole else _rows(there)
    text = "".join(f"{row}\n" for row in (rows | _rows(table(done))).values())
    how = "`python dev/faults.py --quick`" if quick else "`python dev/faults.py`"
    said = f"From {how}, seed {seed}, {platform.system()}, Python {platform.python_version()}.\n\n"
    PAGE.write_text(f"{before}{BEGIN}{said}{text}{END}{after}", encoding="utf-8")


def _rows(text: str) -> dict[str, str]:
    """The rows of a Markdown table by their first cell."""
    return {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("|")}


if __name__ == "__main__":
    sys.exit(main())
