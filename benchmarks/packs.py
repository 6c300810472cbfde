"""How large a pack is and how long it takes: the pack of a feature-size cut, made, renewed and verified.

    python benchmarks/packs.py [CLIPS [FILE]]
    python benchmarks/packs.py --in-a-record-of CLIPS

A made-up show: every clip is an image sequence of 52 frames with a step of its own, every fourth a comp of two others. Prints one line of
JSON: bytes, events, seconds to make, to renew, to verify (this process, the best of three), and of the answer alone. FILE: keep the pack.
The second way packs a cut of 41 clips in a record of CLIPS sequences of four frames: seconds to make, and, for comparison, seconds to find
the same events by reading the whole log.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from edgecode.answers.packs.evidence_events import events_behind
from edgecode.events.kinds import (
    Event,
    MediaFacts,
    PlaceSection,
    SequenceBytes,
    SequenceFact,
    SequenceSeen,
    StepFact,
    StepInput,
    StepPerformed,
    Tool,
)
from edgecode.ledger.packs import ANSWER, verify_pack
from edgecode.ledger.zips import read_zip
from edgecode.production import Production
from edgecode.production.packs.making import cut_pack, renew_pack
from edgecode.production.witnessing import policy_for
from edgecode.terms.evidence import Grade
from edgecode.terms.identity import sequence_root
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import Rate

FRAMES = 52
Result = TypeVar("Result")


def label(frame: int) -> str:
    """A frame as a timecode at 24 frames a second."""
    seconds, frames = divmod(frame, 24)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{frames:02d}"


def show(production: Production, clips: int, *, frames_each: int = FRAMES) -> list[Event]:
    """Sequences and their steps; every fourth is made of the two before it."""
    new_id, events, made = production.world.new_id, list[Event](), list[str]()
    for number in range(clips):
        version = new_id()
        media = MediaFacts("sequence", width=4096, height=2160, rate="24/1", frames=frames_each, first_frame=1001)
        frames = [(1001 + at, sha256(b"%d %d" % (number, at)).hexdigest(), 50_000_000) for at in range(frames_each)]
        root = sequence_root([(frame, bytes.fromhex(digest)) for frame, digest, _ in frames])
        fact = SequenceFact(version, 1001, 1000 + frames_each, frames_each, media, padding=4)
        place = PlaceSection(
            "root", f"shots/sh{number:04d}/sh{number:04d}.1001.exr", f"shots/sh{number:04d}/sh{number:04d}.1001.exr"
        )
        events.append(SequenceSeen(fact, SequenceBytes(root, frames_each * 50_000_000, tuple(frames)), place))
        inputs = tuple(StepInput(one) for one in made[-2:]) if number % 4 == 3 else ()
        kind = StepKind.COMP if inputs else StepKind.CAMERA
        events.append(
            StepPerformed(
                StepFact(new_id(), kind, "record", Grade.LOGGED, (version,), inputs, Tool("Layerhouse", "15.1"))
            )
        )
        made.append(version)
    return events


def edl(clips: int, *, frames_each: int = FRAMES) -> str:
    """Every sequence once, whole, one after the other."""
    lines = ["TITLE: FEATURE", "FCM: NON-DROP FRAME", ""]
    for number in range(clips):
        first = 86_400 + number * frames_each
        span = f"{label(1001)} {label(1001 + frames_each)} {label(first)} {label(first + frames_each)}"
        lines += [
            f"{number + 1:04d}  SH{number:04d}  V     C        {span}",
            f"* FROM CLIP NAME: sh{number:04d}.1001.exr",
        ]
    return "\n".join(lines) + "\n"


def timed(work: Callable[[], Result], *, times: int = 1) -> tuple[float, Result]:
    """The fastest of *times* runs in seconds, and what the last one gave."""
    best, result = float("inf"), None
    for _ in range(times):
        begin = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - begin)
    assert result is not None
    return round(best, 2), result


def main(clips: int) -> None:
    """Measure making, renewing and verifying the pack of a cut of so many clips, and print it."""
    with (
        tempfile.TemporaryDirectory() as place,
        Production.create(Path(place) / "show", title="A Feature") as production,
    ):
        production.append(show(production, clips))
        (Path(place) / "feature.edl").write_text(edl(clips), "utf-8")
        production.add_cut([Path(place) / "feature.edl"], name="feature", rate=Rate(24, 1))
        make, (data, answer) = timed(lambda: cut_pack(production, "feature"))
        renew, _ = timed(lambda: renew_pack(production, data))
        verify, report = timed(lambda: verify_pack(data, policy_for(production)), times=3)
        if len(sys.argv) > 2:
            Path(sys.argv[2]).write_bytes(data)
            Path(f"{sys.argv[2]}.key").write_text(f"{production.log.key}\n", "utf-8")
    print(
        json.dumps(
            {
                "clips": clips,
                "frames": answer.coverage.frames,
                "unaccounted": answer.coverage.unaccounted,
                "events": report.entries,
                "verdict": report.verdict.name,
                "findings": len(report.findings),
                "pack_megabytes": round(len(data) / 1e6, 1),
                "answer_megabytes": round(len(read_zip(data).members[ANSWER]) / 1e6, 1),
                "make_seconds": make,
                "renew_seconds": renew,
                "verify_seconds": verify,
            }
        )
    )


def small_cut(clips: int) -> None:
    """A small pack in a large record."""
    with (
        tempfile.TemporaryDirectory() as place,
        Production.create(Path(place) / "show", title="A Series") as production,
    ):
        events = show(production, clips, frames_each=4)
        for first in range(0, len(events), 20_000):
            production.append(events[first : first + 20_000])
        (Path(place) / "small.edl").write_text(edl(41, frames_each=4), "utf-8")
        production.add_cut([Path(place) / "small.edl"], name="small", rate=Rate(24, 1))
        make, (data, answer) = timed(lambda: cut_pack(production, "small"), times=3)
        told = [row.id for row in answer.versions]
        walk, found = timed(
            lambda: events_behind(production.log.entries(), cut=answer.cuts[0].id, versions=told, clips=())
        )
        assert len(found.indexes()) == verify_pack(data).entries
        print(
            json.dumps(
                {
                    "entries": production.log.size,
                    "events": len(found.indexes()),
                    "make_seconds": make,
                    "reading_the_log_seconds": walk,
                }
            )
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in-a-record-of"]:
        small_cut(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_500)
