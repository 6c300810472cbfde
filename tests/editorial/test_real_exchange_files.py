"""Every real file of Final Cut Pro 7 XML, AAF, ALE and Avid bins: read as an independent reading reads it, or refused for a reason."""

import json
from collections import Counter
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from edgecode.errors import InputError
from edgecode.index.sweep import ranges
from edgecode.ingest.doors import Table
from edgecode.ingest.editorial import read_cut
from edgecode.ingest.shipped import TABLES
from edgecode.terms.cuts import CutReading
from edgecode.terms.timebase import Rate
from look_at_frames import ranges_frame_by_frame, spread_over_frames
from shared_data import DATA, needs_shared_data

pytestmark = needs_shared_data

SUFFIXES = {"fcp7": ".xml", "aaf": ".aaf", "ale": ".ale", "avb": ".avb"}


def files(kind: str) -> list[str]:
    found = (DATA / "timelines" / kind).rglob(f"*{SUFFIXES[kind]}")
    return sorted(path.relative_to(DATA).as_posix() for path in found)


CUTS, TABLE_FILES = files("fcp7") + files("aaf"), files("ale") + files("avb")

REFUSED = {
    "timelines/fcp7/fcp-adapter/premiere_example_filter.xml": "cut.format_unsupported",  # a lone filter of a clip
    "timelines/aaf/pyaaf2/empty.aaf": "cut.none",  # an AAF without a single mob
}
"""Files in which there is no cut, why, and the code they are refused with. Nothing else may end up here."""

NO_CLIP_AT_ALL = {
    "timelines/fcp7/fcp-adapter/sample_just_track.xml": "one empty track: said by cut.empty",
}

ROW_MISSING: dict[str, str] = {}
"""Files of which a row is known to be missing, and why. None is."""


@cache
def cuts(name: str) -> list[CutReading]:
    if name.endswith(".aaf"):
        pytest.importorskip("aaf2")
    return read_cut((DATA / name).read_bytes(), name=Path(name).name)


@cache
def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "expected" / "readings.json").read_bytes())[name]
    return found


READ = [name for name in CUTS if name not in REFUSED]


def test_the_real_files_are_there() -> None:
    assert {kind: len(files(kind)) for kind in SUFFIXES} == {"fcp7": 10, "aaf": 28, "ale": 6, "avb": 4}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_holds_no_cut_is_refused_in_words(name: str) -> None:
    with pytest.raises(InputError) as refused:
        cuts(name)

    assert (refused.value.code, bool(refused.value.remedy)) == (REFUSED[name], True)


@pytest.mark.parametrize("name", READ)
def test_every_real_cut_file_gives_clips_and_no_row_is_missing(name: str) -> None:
    missing = [problem for cut in cuts(name) for problem in cut.diagnostics if problem.effect == "row-missing"]

    assert all(not cut.clips for cut in cuts(name)) == (name in NO_CLIP_AT_ALL)
    assert bool(missing) == (name in ROW_MISSING)


@pytest.mark.parametrize("name", READ)
def test_the_sweep_of_a_real_cut_equals_a_look_at_every_frame(name: str) -> None:
    for cut in cuts(name):
        swept = ranges(cut.clips, cut.tracks)

        assert spread_over_frames(swept, cut.frames) == ranges_frame_by_frame(cut.clips, cut.tracks, cut.frames)


def edges(items: list[list[Any]], mixes: list[tuple[Fraction, Fraction]]) -> list[tuple[str, Fraction, Fraction, bool]]:
    """Name, visible edges and switch of a track's items; -1 is filled from the transitions in their order."""
    rows, left = [], list(mixes)
    for _, name, start, end, _, _, enabled in items:
        after = end == -1
        low = Fraction(start) if start != -1 else left[0][0]
        high = left[0][1] if after else Fraction(end)
        if start == -1:
            left.pop(0)
        rows.append((name, low, high, enabled))
    return rows


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("timelines/fcp7")])
def test_xmeml_clips_lie_where_the_independent_reading_has_them(name: str) -> None:
    reading = expected(name)["sequences"]

    for cut, want in zip(cuts(name), reading[: len(cuts(name))], strict=True):
        own = Counter(
            (clip.name, clip.record_in, clip.record_out, clip.enabled) for clip in cut.clips if len(clip.path) == 1
        )
        listed: Counter[tuple[str, Fraction, Fraction, bool]] = Counter()
        used = 0
        for track in want["tracks"]:
            here = [(mix.record_in, mix.record_out) for mix in cut.transitions][used : used + track["transitions"]]
            used += track["transitions"]
            listed += Counter(edges(track["items"], here))
        nested = {clip.nest[0] for clip in cut.clips if clip.nest}
        assert own == Counter({row: count for row, count in listed.items() if row[0] not in nested})
        assert (cut.rate, len(cut.transitions)) == (told_rate(want), used)


def told_rate(sequence: dict[str, Any]) -> Rate:
    base = Fraction(sequence["timebase"])
    return Rate.of(base * 1000 / 1001 if sequence["ntsc"].upper() == "TRUE" else base)


def media_slots(composition: dict[str, Any]) -> list[list[Any]]:
    return [slot for slot in composition["slots"] if slot[0] in ("Picture", "Sound")]


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("timelines/aaf")])
def test_aaf_tracks_are_those_of_the_independent_reading(name: str) -> None:
    by_name = {each["name"]: each for each in expected(name)["compositions"]}

    assert len(cuts(name)) == max(len(expected(name)["top_level"]), 1)
    for cut in cuts(name):
        slots = media_slots(by_name[cut.name])
        single = [slot for slot in slots if "NestedScope" not in slot[4]]
        assert len(cut.tracks) >= len(slots)
        assert cut.rate is not None
        lengths = [Fraction(slot[2]) * cut.rate.fraction / Rate.of(slot[1]).fraction if Fraction(slot[1]) < 10_000
                   else Fraction(slot[2]) * cut.rate.fraction / Fraction(slot[1]) for slot in slots]  # fmt: skip
        assert cut.frames in (ceil(max(lengths)), 0)
        assert Counter(track.kind for track in cut.tracks)["sound"] == sum(slot[0] == "Sound" for slot in single)
        assert len(cut.clips) >= sum(slot[3] for slot in slots)


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("timelines/aaf")])
def test_the_tapes_of_an_aaf_are_reels_of_its_clips(name: str) -> None:
    reels = {clip.media.reel for cut in cuts(name) for clip in cut.clips} - {""}

    assert reels == set(expected(name)["tape_names"])


@cache
def table(name: str) -> Table:
    if name.endswith(".avb"):
        pytest.importorskip("avb")
    data = (DATA / name).read_bytes()
    reader = next(reader for reader in TABLES if reader.recognises(data[:8192], name=name))
    return reader.read(data, name=Path(name).name)


@pytest.mark.parametrize("name", TABLE_FILES)
def test_every_real_table_gives_rows_with_a_name(name: str) -> None:
    assert table(name).rows
    assert all(row.values.get("Name") for row in table(name).rows)
    assert table(name).diagnostics == ()


def test_a_real_log_is_a_row_for_every_line_of_its_data() -> None:
    counts = {name: len(table(name).rows) for name in files("ale")}
    lines = {}
    for name in counts:
        text = (DATA / name).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        data = text.split("\nData\n", 1)[1]
        lines[name] = sum(bool(line.strip()) for line in data.split("\n"))

    assert counts == lines


@pytest.mark.parametrize("sixteenth", range(16))
@pytest.mark.parametrize(
    "name",
    [
        "timelines/fcp7/fcp-adapter/premiere_example.xml",
        "timelines/aaf/aaf-adapter/transitions.aaf",
        "timelines/ale/sample_cdl.ale",
        "timelines/avb/linear01.avb",
    ],
)
def test_a_real_file_cut_short_ends_in_a_sentence_or_in_what_is_left_of_it(name: str, sixteenth: int) -> None:
    data = (DATA / name).read_bytes()
    short = data[: len(data) * sixteenth // 16]
    try:
        if name in CUTS:
            found = sum(len(cut.clips) for cut in read_cut(short, name=Path(name).name))
            whole = sum(len(cut.clips) for cut in cuts(name))
        else:
            readers = [reader for reader in TABLES if reader.name == table(name).format]
            found, whole = len(readers[0].read(short, name="short").rows), len(table(name).rows)
    except InputError as refused:
        assert refused.code and refused.remedy
    else:
        assert found <= whole
