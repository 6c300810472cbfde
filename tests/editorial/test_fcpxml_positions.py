"""Where every source of an FCPXML document is seen, against a second reading that is built the other way round."""

from collections import Counter
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edgecode.index.sweep import SweptRange, ranges
from edgecode.ingest.editorial import read_cut
from edgecode.terms.cuts import Clip, CutReading, EffectsVisible, Track
from fcpxml_bottom_up import BottomUp
from fcpxml_parts import START, compound, document
from fcpxml_strategies import documents, storyline
from look_at_frames import ranges_frame_by_frame, spread_over_frames

Use = tuple[bool, Fraction, Fraction, bool, Fraction | None, Fraction | None]
many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def seen_by_us(cut: CutReading) -> Counter[Use]:
    """Every use in seconds, its source too, played backwards from the edge that is seen first."""
    assert cut.rate is not None, "a cut without a rate"
    rate = cut.rate.fraction
    found: Counter[Use] = Counter()
    for clip in cut.clips:
        source = speed = None
        if clip.source_in is not None and clip.source_scale is not None and clip.source_rate is not None:
            own = clip.source_rate.fraction
            edge = clip.source_in - clip.source_scale if clip.source_scale < 0 else clip.source_in
            source, speed = edge / own, clip.source_scale * rate / own
        found[clip.kind == "sound", clip.record_in / rate, clip.record_out / rate, clip.enabled, source, speed] += 1
    return found


@many
@given(documents())
def test_every_source_is_where_a_climb_from_below_finds_it(data: bytes) -> None:
    [cut] = read_cut(data, name="random")
    other = BottomUp(data)
    [project] = other.projects()

    assert seen_by_us(cut) == Counter(tuple(use) for use in other.seen(project))


@many
@given(documents())
def test_lengths_on_a_track_are_the_sum_of_its_clips_and_the_sweep_is_what_a_look_at_every_frame_finds(
    data: bytes,
) -> None:
    [cut] = read_cut(data, name="random")
    shown = sum((swept.end - swept.start) * len(swept.seen) for swept in ranges(cut.clips, cut.tracks))
    whole = [
        replace(clip, record_in=Fraction(int(clip.record_in)), record_out=Fraction(int(clip.record_out)))
        for clip in cut.clips
    ]

    assert shown == sum(clip.frames for clip in cut.clips)
    assert spread_over_frames(ranges(whole, cut.tracks), cut.frames) == ranges_frame_by_frame(
        whole, cut.tracks, cut.frames
    )


def _swept(cut: CutReading) -> list[SweptRange]:
    return ranges(cut.clips, cut.tracks)


@many
@given(storyline(Fraction(START), 1), st.integers(1, 5000))
def test_a_cut_that_starts_elsewhere_has_the_same_ranges(body: str, by: int) -> None:
    """Moving the start and putting a gap before it moves every range by as much."""
    resources = compound("c0", '<asset-clip ref="av" offset="0s" duration="9s"/>') + compound(
        "c1", "<gap duration='1s'/>"
    )
    [cut] = read_cut(document(body, resources=resources), name="x")
    earlier = f'tcStart="{START * 24 - by}/24s"'
    [moved] = read_cut(document(body, resources=resources, sequence=earlier), name="x")
    early = any(each.code == "clip.before_start" for each in cut.diagnostics)

    assert moved.start == cut.start - by
    if not early:
        assert _swept(moved) == [SweptRange(a + by, b + by, seen) for a, b, seen in _swept(cut)]


@many
@given(storyline(Fraction(0), 0))
def test_putting_a_storyline_into_a_compound_clip_changes_no_range(body: str) -> None:
    [plain] = read_cut(document(body, sequence='tcStart="0s"'), name="x")
    [nested] = read_cut(
        document(
            '<ref-clip ref="c" offset="0s" duration="900s"/>', resources=compound("c", body), sequence='tcStart="0s"'
        ),
        name="x",
    )

    def named(cut: CutReading) -> list[tuple[Fraction, Fraction, set[tuple[Clip, str]]]]:
        bare = [replace(clip, path=(), nest=()) for clip in cut.clips]
        return [(a, b, {(bare[index], seen.value) for index, seen in live}) for a, b, live in _swept(cut)]

    assert named(nested) == named(plain)


@many
@given(documents())
def test_reading_a_document_twice_gives_the_same_reading(data: bytes) -> None:
    assert read_cut(data, name="x") == read_cut(data, name="x")


@many
@given(documents())
def test_a_cut_and_its_rows_are_well_formed(data: bytes) -> None:
    [cut] = read_cut(data, name="x")

    assert all(0 <= clip.path[0] < len(cut.tracks) and len(clip.path) % 2 for clip in cut.clips)
    assert all(0 <= clip.record_in < clip.record_out for clip in cut.clips)
    assert all(clip.record_out <= cut.frames for clip in cut.clips if clip.enabled and clip.kind != "sound")
    assert [track for track in cut.tracks if track.kind == "sound"] == list(
        cut.tracks[sum(t.kind == "picture" for t in cut.tracks) :]
    )
    assert cut.effects_visible is EffectsVisible.YES
    assert all(isinstance(track, Track) for track in cut.tracks)


@many
@given(documents())
def test_switching_a_clip_off_moves_no_row_and_turns_only_rows_off(data: bytes) -> None:
    on = data.replace(b' enabled="0"', b"")
    off = on.replace(b'<asset-clip ref="av"', b'<asset-clip enabled="0" ref="av"')
    [before], [after] = read_cut(on, name="x"), read_cut(off, name="x")
    fields = [(clip.name, clip.path, clip.record_in, clip.record_out, clip.source_in) for clip in before.clips]

    assert [(clip.name, clip.path, clip.record_in, clip.record_out, clip.source_in) for clip in after.clips] == fields
    assert all(now.enabled <= then.enabled for now, then in zip(after.clips, before.clips, strict=True))
