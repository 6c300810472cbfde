"""Our OTIO reader against OpenTimelineIO itself: where it loads a file, its clips must lie where we put them."""

from fractions import Fraction
from pathlib import Path

import pytest

from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.terms.timebase import Rate
from shared_data import DATA, needs_shared_data

otio = pytest.importorskip("opentimelineio")
pytestmark = needs_shared_data

FILES = sorted((DATA / "timelines" / "otio").rglob("*.otio"))

NOT_COMPARED = {
    "nested_example.otio": {"Clip Inside A Stack 1", "Clip Inside A Stack 2", "Clip Inside A Track"},
}
"""The library does not trim a clip that overhangs its nested stack (1) and ignores the effects of containers (2 and the track)."""


def seconds(time: "otio.opentime.RationalTime") -> Fraction:
    return Fraction(time.value).limit_denominator(10**6) / Rate.of(time.rate).fraction


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_clips_lie_where_the_library_has_them(path: Path) -> None:
    try:
        timeline = otio.adapters.read_from_file(str(path))
    except Exception:  # the library refuses a whole file for one unknown schema; we read it all the same
        pytest.skip("the library does not load this file")
    [cut] = read_cut(path.read_bytes(), name="x")
    assert cut.rate is not None
    # Where a dissolve joins two clips the library has both without the overlap.
    excused = NOT_COMPARED.get(path.name, set()) | {clip.name for clip in cut.clips if clip.side}

    theirs = []
    for track in timeline.tracks:
        for clip in track.find_clips():
            placed = clip.transformed_time_range(clip.trimmed_range(), timeline.tracks)
            theirs.append((clip.name, seconds(placed.start_time), seconds(placed.duration)))
    hidden = cut.start / cut.rate.fraction if timeline.global_start_time is None else Fraction(0)
    ours = [
        (clip.name, clip.record_in / cut.rate.fraction + hidden, clip.frames / cut.rate.fraction) for clip in cut.clips
    ]

    def comparable(rows: list[tuple[str, Fraction, Fraction]]) -> list[tuple[str, Fraction, Fraction]]:
        return sorted(row for row in rows if row[0] not in excused)

    assert sorted(name for name, _, _ in ours) == sorted(name for name, _, _ in theirs)
    assert comparable(ours) == comparable(theirs)


WRITTEN = sorted(path for kind in ("otio", "edl") for path in (DATA / "timelines" / kind).rglob(f"*.{kind}"))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_library_loads_what_we_write_and_finds_every_clip(path: Path) -> None:
    [cut] = read_cut(path.read_bytes(), name="x")
    if cut.rate is None:
        [cut] = read_cut(path.read_bytes(), name="x", rate=Rate(24))
    timeline = otio.adapters.read_from_string(otio_bytes(cut).decode(), "otio_json")

    assert sorted(clip.name for clip in timeline.find_clips()) == sorted(clip.name for clip in cut.clips)
