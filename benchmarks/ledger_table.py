"""What the benchmarks of the record share: events to append, contenders that take turns, and lines of one table.

Absolute figures move with the disk and its neighbours; the ratios of one run are what counts.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from edgecode.events.codec import Leaf, commitment
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.terms.identity import record_id

ORIGIN = "bench.example/edgecode/1"

Append = Callable[[list[SealedEvent]], object]


@dataclass(frozen=True)
class Line:
    """One line of the table. *ratio*: against the *baseline* of the same run. *aim*: what the ratio, or the figure, is to reach."""

    what: str
    figure: str
    baseline: str = ""
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        word = "" if self.met is None else ("met" if self.met else "MISSED")
        return f"| {self.what} | {self.figure} | {self.baseline} | {ratio} | {self.aim} | {word} |"


def at_least(what: str, figure: str, baseline: str, ratio: float, aim: float) -> Line:
    """A ratio that is to be no smaller than *aim*."""
    return Line(what, figure, baseline, ratio, f"≥ {aim:.2f} ×", ratio >= aim)


def at_most(what: str, figure: str, baseline: str, ratio: float, aim: float) -> Line:
    """A ratio that is to be no larger than *aim*."""
    return Line(what, figure, baseline, ratio, f"≤ {aim:.2f} ×", ratio <= aim)


def print_table(lines: Iterable[Line]) -> None:
    """Each line as soon as it is known."""
    print("| metric | figure | baseline of the same run | ratio | aim | |\n|---|---|---|---|---|---|", flush=True)
    for line in lines:
        print(line, flush=True)


def events(count: int, *, sections: bool) -> list[SealedEvent]:
    """Events with two sections, in the order of their ids; leaves of 326 bytes."""
    now = time.time_ns() // 1_000_000
    return [_event(now + place // 16, sections=sections) for place in range(count)]


def _event(ts: int, *, sections: bool) -> SealedEvent:
    parts = {"fact": b'{"media":{"media_class":"still"},"version":"%s"}' % os.urandom(16).hex().encode()}
    parts["bytes"] = b'{"sha256":"%s","size":1048576}' % os.urandom(32).hex().encode()
    salts = {name: os.urandom(32) for name in parts}
    committed = {name: commitment(salts[name], data) for name, data in parts.items()}
    id_ = record_id(ts, os.urandom(10))
    leaf = Leaf(id_, ts, "version.seen/1", "k:0123456789abcdef", (id_,), committed).encode()
    beside = tuple(SealedSection(name, salts[name], "", data) for name, data in parts.items())
    return SealedEvent(leaf, beside if sections else ())


def batches(count: int, size: int) -> list[list[SealedEvent]]:
    """*count* batches of *size* leaves."""
    given = events(count * size, sections=False)
    return [given[place : place + size] for place in range(0, len(given), size)]


@dataclass
class Timed:
    """How long each append of a contender took, in seconds, round by round."""

    rounds: list[list[float]]
    size: int

    @property
    def rates(self) -> list[float]:
        """Events a second in each round."""
        return [len(times) * self.size / sum(times) for times in self.rounds]

    @property
    def rate(self) -> float:
        """Events a second, the median of the rounds."""
        return median(self.rates)

    @property
    def p99(self) -> float:
        """Seconds that 99 of 100 appends stay below, the median of the rounds."""
        return median(quantiles(times, n=100)[98] for times in self.rounds)


def take_turns(contenders: dict[str, Append], *, size: int, commits: int, rounds: int) -> dict[str, Timed]:
    """Every contender appends *commits* batches of *size* in each round, one contender after the other."""
    found = {name: Timed([], size) for name in contenders}
    for _ in range(rounds):
        for name, append in contenders.items():
            times = []
            for batch in batches(commits, size):
                begin = time.perf_counter()
                append(batch)
                times.append(time.perf_counter() - begin)
            found[name].rounds.append(times)
    return found


def ratio_of(ours: Sequence[float], base: Sequence[float]) -> float:
    """The median of the ratios, round by round."""
    return median(own / other for own, other in zip(ours, base, strict=True))


def per_second(rate: float) -> str:
    """``12,345 /s``."""
    return f"{rate:,.0f} /s"


def chosen(lines: Iterator[Line]) -> Iterator[Line]:
    """Lines until something that is needed is not installed, which is said instead."""
    try:
        yield from lines
    except ImportError as error:
        yield Line(f"not measured: {error.name} is not installed", "")
