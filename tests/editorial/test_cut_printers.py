"""What we write of a cut we read back: OTIO and EDL printers against their readers."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from msgspec.structs import replace

from cut_strategies import flat_cuts
from edgecode.errors import InputError
from edgecode.ingest.editorial import read_cut
from edgecode.ingest.editorial.edl_writer import edl_bytes
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.terms.cuts import CutReading, EffectsVisible
from edgecode.terms.timebase import Rate
from otio_parts import FREEZE, clip, dissolve, gap, span, stack, timeline, track, warp
from shared_data import DATA, needs_shared_data

OTIO_FILES = sorted((DATA / "timelines" / "otio").rglob("*.otio"))
EDL_FILES = sorted((DATA / "timelines" / "edl").rglob("*.edl"))


def content(cut: CutReading) -> CutReading:
    """A cut without what belongs to the file it came from."""
    return replace(cut, inputs=(), diagnostics=())


def as_otio(cut: CutReading) -> CutReading:
    [again] = read_cut(otio_bytes(cut), name="again.otio")
    return again


def as_edl(cut: CutReading) -> CutReading:
    [again] = read_cut(edl_bytes(cut)[0], name="again.edl", rate=cut.rate)
    return again


@given(flat_cuts())
def test_a_cut_written_as_otio_reads_the_same(cut: CutReading) -> None:
    again = as_otio(cut)

    # A speed is an effect in OTIO, so a clip that only knew its scale comes back with the effect that says it.
    assert content(replace(again, clips=tuple(replace(use, effects=()) for use in again.clips))) == content(cut)


@given(flat_cuts())
def test_a_cut_written_as_otio_twice_is_the_same_file(cut: CutReading) -> None:
    once = as_otio(cut)

    assert content(as_otio(once)) == content(once)


@given(flat_cuts())
def test_a_cut_written_as_an_edl_shows_the_same_sources_in_every_frame(cut: CutReading) -> None:
    again = as_edl(cut)

    assert (again.rate, again.start + 0, again.effects_visible) == (cut.rate, again.start, EffectsVisible.NO)
    assert uses_by_frame(again) == uses_by_frame(cut)


def uses_by_frame(cut: CutReading) -> dict[tuple[str, int], set[tuple[str, Fraction]]]:
    """(track, record timecode frame) to the reels and source frames on there."""
    seen: dict[tuple[str, int], set[tuple[str, Fraction]]] = {}
    for use in cut.clips:
        assert use.source_in is not None and use.source_scale is not None
        for step in range(int(use.frames)):
            at = (cut.tracks[use.path[0]].name, cut.start + int(use.record_in) + step)
            seen.setdefault(at, set()).add((use.media.reel, _whole(use.source_in + step * use.source_scale)))
    return seen


def _whole(moment: Fraction) -> Fraction:
    """Half frames fall to the frame below, as labels do."""
    return Fraction(moment.numerator // moment.denominator)


@given(flat_cuts())
def test_a_list_that_we_wrote_reads_the_same_after_writing_it_again(cut: CutReading) -> None:
    once = as_edl(cut)

    assert content(as_edl(once)) == content(once)


@needs_shared_data
@pytest.mark.parametrize("path", OTIO_FILES, ids=lambda path: path.name)
def test_every_real_otio_file_reads_the_same_after_we_wrote_it(path: Path) -> None:
    for cut in read_cut(path.read_bytes(), name=path.name):
        assert content(as_otio(cut)) == content(cut)


@needs_shared_data
@pytest.mark.parametrize("path", EDL_FILES, ids=lambda path: path.name)
def test_every_real_list_keeps_its_events_when_we_write_it(path: Path) -> None:
    [cut] = read_cut(path.read_bytes(), name=path.name)
    if cut.rate is None:
        [cut] = read_cut(path.read_bytes(), name=path.name, rate=Rate(24))
    again = as_edl(cut)

    def events(reading: CutReading) -> list[tuple[object, ...]]:
        rows = (
            (u.path, u.record_in, u.record_out, u.name, u.kind, u.source_in, u.side, u.media.reel)
            for u in reading.clips
        )
        return sorted(rows, key=str)

    assert (again.start, again.frames) == (cut.start, cut.frames)
    assert events(again) == events(cut)


def test_nested_cuts_with_dissolves_and_speeds_survive_writing() -> None:
    comp = stack(
        track(clip("bg", 10, 20), dissolve(2, 2), clip("bg2", 5, 20)),
        track(gap(4), clip("fg", 0, 9, effects=[warp(2)])),
        name="comp",
        source_range=span(3, 30),
    )
    held = stack(track(clip("held", 50, 9)), name="held", effects=[FREEZE])
    inner = stack(track(stack(track(clip("deep", 1, 6)), name="inner")), name="outer")
    [cut] = read_cut(timeline(track(clip("a", 0, 8), dissolve(0, 4), comp, gap(2), held, inner), start=86400), name="x")

    assert content(as_otio(cut)) == content(cut)


def test_clips_over_one_another_get_a_track_of_their_own() -> None:
    lines = (
        "001  T1  V  C  01:00:00:00 01:00:01:00 10:00:00:00 10:00:01:00",
        "002  T2  V  C  01:00:00:00 01:00:00:12 10:00:00:06 10:00:00:18",
    )
    [cut] = read_cut("\n".join(lines).encode(), name="x", rate=Rate(24))

    assert [(use.media.reel, use.path) for use in as_otio(cut).clips] == [("T1", (0,)), ("T2", (1,))]


def test_an_edl_says_what_it_cannot_hold() -> None:
    nested = stack(track(clip("inner", 0, 8.5)))
    odd = clip("b", 0, 10, enabled=False, effects=[{"OTIO_SCHEMA": "Effect.1", "effect_name": "Blur"}])
    [cut] = read_cut(timeline(track(nested, odd)), name="x")
    _, losses = edl_bytes(cut)

    assert [(loss.path, loss.code) for loss in losses] == [
        ("inner", "edl.off_grid"),
        ("inner", "edl.nesting"),
        ("b", "edl.off_grid"),
        ("b", "edl.effects"),
        ("b", "edl.switched_off"),
    ]


def test_a_cut_of_unknown_rate_is_not_written() -> None:
    [cut] = read_cut(b"001  T1  V  C  01:00:00:00 01:00:01:00 10:00:00:00 10:00:01:00", name="x")

    for write in (otio_bytes, edl_bytes):
        with pytest.raises(InputError) as refused:
            write(cut)
        assert refused.value.code == "rate.unknown"
