"""How long a feature-size cut takes from bytes to ranges, beside the OTIO library flattening the same picture tracks.

    python benchmarks/sweep.py [--slots 2500] [--library-slots 60 120 240] [--seed 7]

The cut is made up: 172,800 frames, four picture and two sound tracks of *slots* slots, nesting in 4 %, retimes in 5 %, dissolves
in 3 % (which the library cannot flatten: it gets none). The library answers less: the top layer only, and no visibility.
Prints a table; the ratio is library time over ours at the same size.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

from edgecode.index.sweep import ranges
from edgecode.ingest.editorial import read_cut

FRAMES = 172_800
PICTURE, SOUND = 4, 2
WIDTHS = (6, 6, 7, 7, 8, 8, 15, 10, 7)
Part = dict[str, object]


def time(value: int) -> Part:
    """A number of frames as OTIO writes it."""
    return {"OTIO_SCHEMA": "RationalTime.1", "value": value, "rate": 24}


def span(start: int, duration: int) -> Part:
    """A range of frames as OTIO writes it."""
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(duration)}


def item(schema: str, name: str, source_range: Part | None, **more: object) -> Part:
    """What clips, gaps, stacks and tracks have in common in OTIO."""
    common = {
        "OTIO_SCHEMA": schema,
        "name": name,
        "source_range": source_range,
        "effects": [],
        "markers": [],
        "metadata": {},
    }
    return common | {"enabled": True} | more


def clip(chance: random.Random, name: str, duration: int) -> Part:
    """A clip of *duration* frames with a media reference that holds more than it uses."""
    start = chance.randrange(86_400, 90_000)
    available = span(start - 50, 2 * duration + 100)
    reference = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": f"plates/{name}.mov", "available_range": available}
    references = {"DEFAULT_MEDIA": reference}
    return item(
        "Clip.2", name, span(start, duration), media_references=references, active_media_reference_key="DEFAULT_MEDIA"
    )


def nest(chance: random.Random, name: str, duration: int) -> Part:
    """A nested cut of three picture layers, two clips each."""
    half = duration // 2
    layers = [
        item(
            "Track.1",
            "",
            None,
            kind="Video",
            children=[clip(chance, f"{name}_{n}a", half), clip(chance, f"{name}_{n}b", duration - half)],
        )
        for n in range(3)
    ]
    return item("Stack.1", f"comp_{name}", None, children=layers)


def track(chance: random.Random, number: int, slots: int, *, dissolves: bool) -> Part:
    """A track over the whole length with *slots* clips, gaps and nested cuts, here and there under a dissolve."""
    edges = [0, *sorted(chance.sample(range(1, FRAMES), slots - 1)), FRAMES]
    children: list[Part] = []
    last = 0
    for slot in range(slots):
        duration = edges[slot + 1] - edges[slot]
        if 0 < number < PICTURE and chance.random() < 0.5:
            children.append(item("Gap.1", "", span(0, duration)))
            last = 0
            continue
        if chance.random() < 0.04 and duration > 20 and number < PICTURE:
            part = nest(chance, f"t{number}_{slot:05d}", duration)
        else:
            part = clip(chance, f"t{number}_{slot:05d}", duration)
            if chance.random() < 0.05:
                named = {"OTIO_SCHEMA": "LinearTimeWarp.1", "name": "", "effect_name": "", "metadata": {}}
                part["effects"] = [named | {"time_scalar": chance.choice([2.0, 0.5, -1.0, 1.5])}]
        if dissolves and last > 16 and duration > 16 and chance.random() < 0.03:
            offsets = {"in_offset": time(6), "out_offset": time(6), "transition_type": "SMPTE_Dissolve"}
            children.append({"OTIO_SCHEMA": "Transition.1", "name": "", "metadata": {}} | offsets)
        children.append(part)
        last = duration
    return item("Track.1", f"T{number}", None, kind="Video" if number < PICTURE else "Audio", children=children)


def feature(slots: int, seed: int, *, dissolves: bool = True) -> bytes:
    """A made-up feature as OTIO."""
    chance = random.Random(seed)
    tracks = [track(chance, number, slots, dissolves=dissolves) for number in range(PICTURE + SOUND)]
    stack = item("Stack.1", "tracks", None, children=tracks)
    timeline = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": "feature",
        "metadata": {},
        "global_start_time": time(86_400),
        "tracks": stack,
    }
    return json.dumps(timeline).encode()


def timed(work: Callable[[], object], rounds: int) -> float:
    """Seconds, the median of *rounds* runs."""
    spent = []
    for _ in range(rounds):
        begun = perf_counter()
        work()
        spent.append(perf_counter() - begun)
    return median(spent)


def ours(data: bytes) -> tuple[float, float, int, int]:
    """Seconds of reading and of sweeping, and how many clips and ranges came out."""
    [cut] = read_cut(data, name="feature.otio")
    swept = ranges(cut.clips, cut.tracks)
    reading = timed(lambda: read_cut(data, name="feature.otio"), 3)
    sweeping = timed(lambda: ranges(cut.clips, cut.tracks), 3)
    return reading, sweeping, len(cut.clips), len(swept)


def theirs(data: bytes) -> tuple[float, float]:
    """Seconds of the library's reading, and of flattening the picture tracks."""
    import opentimelineio as otio

    timeline = otio.adapters.read_from_string(data.decode(), "otio_json")
    reading = timed(lambda: otio.adapters.read_from_string(data.decode(), "otio_json"), 3)
    return reading, timed(lambda: otio.algorithms.flatten_stack(timeline.video_tracks()), 1)


def main() -> None:
    """Measure features of several sizes beside the library, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slots", type=int, default=2500, help="slots a track of the feature (default 2500)")
    parser.add_argument(
        "--library-slots", type=int, nargs="*", default=[60, 120, 240], help="sizes to flatten with the library"
    )
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    heads = ("slots", "MB", "clips", "ranges", "read s", "sweep s", "library read s", "flatten s", "ratio")
    print(" ".join(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
    for slots in [*given.library_slots, given.slots]:
        with_library = slots in given.library_slots
        data = feature(slots, given.seed, dissolves=not with_library)
        reading, sweeping, clips, found = ours(data)
        row = f"{slots:>6} {len(data) / 1e6:>6.1f} {clips:>7} {found:>7} {reading:>8.3f} {sweeping:>8.3f}"
        if with_library:
            library_reading, flattening = theirs(data)
            ratio = (library_reading + flattening) / (reading + sweeping)
            row += f" {library_reading:>15.3f} {flattening:>10.3f} {ratio:>7.1f}"
        print(row)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
