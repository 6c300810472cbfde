"""Every OTIO and EDL file among the real ones: read, placed as an independent reading places it, and survived when cut short."""

import json
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from edgecode.errors import InputError
from edgecode.index.sweep import ranges
from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.edl_lines import parse_edl
from edgecode.ingest.editorial.edl_rate import solve_rate
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate
from look_at_frames import ranges_frame_by_frame, spread_over_frames
from shared_data import DATA, needs_shared_data

pytestmark = needs_shared_data

FILES = sorted(
    path.relative_to(DATA).as_posix()
    for kind in ("otio", "edl")
    for path in (DATA / "timelines" / kind).rglob(f"*.{kind}")
)

NO_CLIP_AT_ALL = {
    "timelines/otio/aaf-adapter/gaps.otio": "two tracks of one gap each: a cut of black, said by cut.empty",
}
"""Files from which no clip can come, and why. Nothing else may end up here."""

ROW_MISSING: dict[str, str] = {}
"""Files of which a row is known to be missing, and why. None is."""

FILM = Rate(24)
"""The rate for lists that cannot tell theirs; all of them come from films."""


@cache
def cuts(name: str, rate: Rate | None = None) -> list[CutReading]:
    return read_cut((DATA / name).read_bytes(), name=Path(name).name, rate=rate)


def settled(name: str) -> list[CutReading]:
    """The file's cuts, an undecided list at the rate of film."""
    found = cuts(name)
    return found if all(cut.rate is not None for cut in found) else cuts(name, FILM)


@cache
def expected(name: str) -> dict[str, Any]:
    readings = json.loads((DATA / "expected" / "readings.json").read_bytes())
    found: dict[str, Any] = readings[name]
    return found


def test_the_real_files_are_there() -> None:
    assert len(FILES) == 39 + 30 - sum(name.endswith(".xges") for name in FILES)


@pytest.mark.parametrize("name", FILES)
def test_every_real_cut_file_gives_clips(name: str) -> None:
    empty = all(not cut.clips for cut in settled(name))

    assert empty == (name in NO_CLIP_AT_ALL)


def test_the_files_without_a_clip_are_at_most_one_in_fifty() -> None:
    assert len(NO_CLIP_AT_ALL) * 50 <= len(FILES)


@pytest.mark.parametrize("name", FILES)
def test_no_row_of_a_real_cut_file_is_missing(name: str) -> None:
    missing = [problem for cut in settled(name) for problem in cut.diagnostics if problem.effect == "row-missing"]

    assert bool(missing) == (name in ROW_MISSING)


READINGS_THAT_ARE_WRONG = {
    "timelines/otio/opentimelineio/premiere_example.otio": "adds values at 15 and at 30 frames a second as if they were alike",
    "timelines/otio/riverside/premiere_example.otio": "the same file with older schemas",
}
"""Where the independent reading is not to be believed on places, and why (the OTIO library agrees with us on both)."""

NOT_READ_INDEPENDENTLY = "timelines/otio/opentimelineio/big_int.otio"
OTIO_FILES = [name for name in FILES if name.endswith(".otio") and name != NOT_READ_INDEPENDENTLY]
EDL_FILES = [name for name in FILES if name.endswith(".edl")]
Items = list[list[Any]]


def whole(number: float) -> Fraction:
    return Fraction(str(number)).limit_denominator(1_000_000)


def wanted_clips(items: Items, length: Fraction, offset: Fraction) -> list[tuple[object, ...]]:
    """Name, record in and out, source frame seen first, switch and effects of a track's own clips, by plain addition."""
    wanted: list[tuple[object, ...]] = []
    for position, item in enumerate(items):
        if item[0] != "Clip":
            continue
        _, name, first, long, source, enabled, effects = item
        before = items[position - 1] if position else [""]
        after = items[position + 1] if position + 1 < len(items) else [""]
        low = max(whole(first) - (whole(before[2]) if before[0] == "Transition" else 0), Fraction(0))
        high = min(whole(first + long) + (whole(after[3]) if after[0] == "Transition" else 0), length)
        kinds = [effect.partition(":")[0] for effect in effects]
        entry = None if source is None else whole(source) + (low - whole(first)) * scale_of(effects)
        wanted.append((name, low + offset, high + offset, entry, enabled, kinds))
    return wanted


def scale_of(effects: list[str]) -> Fraction:
    scale = Fraction(1)
    for effect in effects:
        kind, _, scalar = effect.partition(":")
        if kind in ("LinearTimeWarp", "FreezeFrame"):
            scale *= whole(float(scalar))
    return scale


def placed_clips(cut: CutReading, track: int, wanted: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The same of what we read. A source that only the media's range tells is not in the independent reading: None there."""
    assert cut.rate is not None
    placed: list[tuple[object, ...]] = []
    for clip, want in zip([each for each in cut.clips if each.path == (track,)], wanted, strict=True):
        assert clip.source_in is not None and clip.source_rate is not None
        entry = clip.source_in * cut.rate.fraction / clip.source_rate.fraction if want[3] is not None else None
        kinds = [effect.schema.partition(".")[0] for effect in clip.effects if not effect.inherited]
        placed.append((clip.name, clip.record_in, clip.record_out, entry, clip.enabled, kinds))
    return placed


def hidden_offset(name: str, track: int, cut: CutReading) -> Fraction:
    """How far a negative start of the track moves it, which the independent reading does not look at."""
    raw = json.loads((DATA / name).read_bytes())["tracks"]["children"][track].get("source_range")
    first = raw["start_time"]["value"] if raw else 0
    return max(whole(-first) - cut.start, Fraction(0)) if first < 0 else Fraction(0)


@pytest.mark.parametrize("name", [name for name in OTIO_FILES if name not in READINGS_THAT_ARE_WRONG])
def test_otio_clips_lie_where_plain_addition_puts_them(name: str) -> None:
    [cut] = cuts(name)

    for index, track in enumerate(expected(name)["tracks"]):
        wanted = wanted_clips(track["items"], whole(track["length"]), hidden_offset(name, index, cut))
        assert placed_clips(cut, index, wanted) == wanted


@pytest.mark.parametrize("name", OTIO_FILES)
def test_otio_tracks_starts_and_transitions_are_those_of_the_independent_reading(name: str) -> None:
    [cut] = cuts(name)
    reading = expected(name)
    transitions = [item for track in reading["tracks"] for item in track["items"] if item[0] == "Transition"]
    lengths = [whole(track["length"]) for track in reading["tracks"]]

    assert len(cut.tracks) == len(reading["tracks"])
    assert [track.name for track in cut.tracks] == [track["name"] or "" for track in reading["tracks"]]
    assert [mix.name for mix in cut.transitions] == [item[1] for item in transitions]
    if reading["global_start"]:
        assert cut.start == whole(reading["global_start"][0])
    # A track whose negative start says where it lies on the record side may begin after the cut does.
    moved = any(problem.code == "track.negative_start" for problem in cut.diagnostics)
    if name not in READINGS_THAT_ARE_WRONG and not moved:
        assert cut.frames == ceil(max(lengths))


@pytest.mark.parametrize("name", EDL_FILES)
def test_edl_events_are_those_of_the_independent_reading(name: str) -> None:
    edl = parse_edl((DATA / name).read_bytes())
    lines = [line for event in edl.events for line in event.lines]
    speeds = {motion.line: str(float(motion.speed)) for event in edl.events for motion in event.motions}

    got = [
        {
            "event": line.number,
            "reel": line.reel,
            "channels": line.channels,
            "kind": line.kind,
            "transition_frames": line.frames or None,
            "source": list(line.labels[:2]),
            "record": list(line.labels[2:]),
        }
        for line in lines
    ]
    want = [{key: value for key, value in event.items() if key != "speed"} for event in expected(name)["events"]]
    assert got == want
    assert len(speeds) == expected(name)["m2_lines"]
    assert edl.title == (expected(name)["title"] or "").strip()


@pytest.mark.parametrize("name", EDL_FILES)
def test_a_list_settles_its_rate_exactly_when_the_independent_reading_does(name: str) -> None:
    decided = expected(name)["nominal_rates_with_most_equal_lengths"]
    solved = solve_rate(parse_edl((DATA / name).read_bytes()).events)

    assert solved.nominal == (decided[0] if len(decided) == 1 else None)


@pytest.mark.parametrize("name", EDL_FILES)
def test_every_event_with_a_record_length_is_on_screen_where_its_labels_say(name: str) -> None:
    record = expected(name).get("record_frames")
    if record is None:
        pytest.skip("the independent reading does not know this list's rate")
    [cut] = cuts(name)
    day = 24 * 3600 * (cut.rate.nominal if cut.rate else 0)

    placed = {(clip.record_in + cut.start, clip.record_out + cut.start) for clip in cut.clips}
    lost = [
        (first, end)
        for first, end in record
        if end > first and not any((first + a, end + b) in placed for a, b in ((0, 0), (day, day)))
    ]
    assert lost == []
    events = [clip for clip in cut.clips if clip.side != "out"]
    assert len({(clip.event, clip.path) for clip in events}) <= len(events)
    assert len(events) >= expected(name)["nonzero_record_events"]


@pytest.mark.parametrize("name", FILES)
def test_the_sweep_of_a_real_cut_equals_a_look_at_every_frame(name: str) -> None:
    for cut in settled(name):
        swept = ranges(cut.clips, cut.tracks)

        assert spread_over_frames(swept, cut.frames) == ranges_frame_by_frame(cut.clips, cut.tracks, cut.frames)


CUT_SHORT = [
    "timelines/otio/opentimelineio/nested_example.otio",
    "timelines/otio/opentimelineio/premiere_example.otio",
    "timelines/otio/opentimelineio/big_int.otio",
    "timelines/otio/toucan/Generator.otio",
    "timelines/edl/cmx3600-adapter/dissolve_test_4.edl",
    "timelines/edl/cmx3600-adapter/speed_effects_small.edl",
    "timelines/edl/sg-otio/black_slug_avid1.edl",
    "timelines/edl/sg-otio/black_slug_fcp.edl",
]


@pytest.mark.parametrize("sixteenth", range(16))
@pytest.mark.parametrize("name", CUT_SHORT)
def test_a_file_cut_short_ends_in_a_sentence_or_in_what_is_left_of_it(name: str, sixteenth: int) -> None:
    data = (DATA / name).read_bytes()
    short = data[: len(data) * sixteenth // 16]
    try:
        found = read_cut(short, name="short")
    except InputError as refused:
        assert refused.code
        assert refused.remedy
    else:
        whole_file = settled(name)
        assert sum(len(cut.clips) for cut in found) <= sum(len(cut.clips) for cut in whole_file)
