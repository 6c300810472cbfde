"""The real FCPXML files of the trade: read or refused, equal to the independent readings, equal to a climb from below."""

import json
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from edgecode.errors import InputError
from edgecode.index.sweep import ranges
from edgecode.ingest.editorial import read_cut
from edgecode.terms.cuts import CutReading
from fcpxml_bottom_up import BottomUp
from look_at_frames import ranges_frame_by_frame, spread_over_frames
from shared_data import DATA, needs_shared_data

pytestmark = needs_shared_data

FOLDER = DATA / "timelines" / "fcpxml"
FILES = sorted(str(path.relative_to(DATA)) for path in FOLDER.rglob("*.fcpxml")) if FOLDER.is_dir() else []

NO_CUT = {
    "timelines/fcpxml/fcpx-adapter/fcpx_clips.fcpxml",
    "timelines/fcpxml/openfcpxmlkit/EventsWithKeywords.fcpxml",
    "timelines/fcpxml/openfcpxmlkit/StandaloneRefClip.fcpxml",
}
"""Clips and events without a project: the committed list of refusals."""

DETACHED = (Fraction(20162243, 144000), Fraction(21602243, 144000), True)
"""Sound of a compound clip, connected to the same clip of which only the picture is enabled. The independent reading leaves it out as
if the host's switch were its own; the climb from below finds it."""


@cache
def cuts(name: str) -> list[CutReading]:
    return [] if name in NO_CUT else read_cut((DATA / name).read_bytes(), name=Path(name).name)


@cache
def expected(name: str) -> list[dict[str, object]]:
    written: list[dict[str, object]] = json.loads((DATA / "expected" / "readings.json").read_bytes())[name]["projects"]
    return written


def windows(cut: CutReading, start: Fraction, *, sound: bool) -> Counter[tuple[Fraction, Fraction, bool]]:
    assert cut.rate is not None, "a cut without a rate"
    rate = cut.rate.fraction
    return Counter(
        (clip.record_in / rate + start, clip.record_out / rate + start, clip.enabled)
        for clip in cut.clips
        if (clip.kind == "sound") == sound
    )


@pytest.mark.parametrize("name", sorted(NO_CUT))
def test_a_file_of_clips_and_events_says_that_it_is_no_cut(name: str) -> None:
    with pytest.raises(InputError) as refused:
        read_cut((DATA / name).read_bytes(), name=Path(name).name)

    assert refused.value.code == "cut.none"


@pytest.mark.parametrize("name", sorted(set(FILES) - NO_CUT))
def test_every_window_is_where_the_independent_reading_has_it(name: str) -> None:
    for cut, project in zip(cuts(name), expected(name), strict=True):
        start = Fraction(str(project["tc_start"]))
        listed = {
            kind: Counter((Fraction(row[3]), Fraction(row[4]), row[5]) for row in project[key])  # type: ignore[attr-defined]
            for kind, key in (("picture", "picture_windows"), ("sound", "audio_windows_without_split_edits"))
        }

        assert windows(cut, start, sound=False) == listed["picture"]
        assert set(windows(cut, start, sound=True) - listed["sound"]) <= ({DETACHED} | split_edits(name))
        assert listed["sound"] - windows(cut, start, sound=True) == Counter()
        assert cut.start == start * (cut.rate.fraction if cut.rate else 0)
        assert cut.drop_frame == project["drop"]


def split_edits(name: str) -> set[tuple[Fraction, Fraction, bool]]:
    """The windows of split edits, which the independent reading does not list, from the climb."""
    data = (DATA / name).read_bytes()
    if b"audioStart" not in data and b"audioDuration" not in data:
        return set()
    climb = BottomUp(data)
    found = set()
    for project, read in zip(climb.projects(), expected(name), strict=True):
        start = Fraction(str(read["tc_start"]))
        found |= {(use.start + start, use.end + start, use.enabled) for use in climb.seen(project) if use.sound}
    return found


@pytest.mark.parametrize("name", sorted(set(FILES) - NO_CUT))
def test_every_source_is_where_a_climb_from_below_finds_it(name: str) -> None:
    climb = BottomUp((DATA / name).read_bytes())
    for cut, project in zip(cuts(name), climb.projects(), strict=True):
        uses = climb.seen(project)
        for sound in (False, True):
            assert windows(cut, Fraction(0), sound=sound) == Counter(use[1:4] for use in uses if use.sound == sound)


@pytest.mark.parametrize("name", sorted(set(FILES) - NO_CUT))
def test_the_sweep_of_a_real_file_is_what_a_look_at_every_frame_finds(name: str) -> None:
    for cut in cuts(name):
        on_grid = all(edge.denominator == 1 for clip in cut.clips for edge in (clip.record_in, clip.record_out))
        if on_grid and cut.frames < 20_000:
            swept = spread_over_frames(ranges(cut.clips, cut.tracks), cut.frames)

            assert swept == ranges_frame_by_frame(cut.clips, cut.tracks, cut.frames)


def test_no_row_of_a_real_file_is_missing() -> None:
    said = {(problem.code, problem.effect) for name in FILES for cut in cuts(name) for problem in cut.diagnostics}

    assert said == {
        ("audition.alternate", "none"),
        ("conform_rate", "approximate"),
        ("conform_rate", "none"),
        ("cut.empty", "none"),
        ("ref.dangling", "approximate"),
        ("role.switched_off", "approximate"),
    }


@pytest.mark.parametrize("sixteenth", range(1, 16))
@pytest.mark.parametrize("name", sorted(set(FILES) - NO_CUT)[::6])
def test_a_real_file_cut_short_is_a_sentence(name: str, sixteenth: int) -> None:
    data = (DATA / name).read_bytes()
    with pytest.raises(InputError) as refused:
        read_cut(data[: len(data) * sixteenth // 16], name="short.fcpxml")

    assert refused.value.code == "xml.malformed"
